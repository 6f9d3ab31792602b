//! Calls while strangers send 5,000 bad messages a second for a minute, from
//! everywhere and then under the PBX's own address, and while they open
//! streams: how long a call takes to be set up, and how much memory the flood leaves behind.
//!
//! Fails where the 99th percentile is above 500 ms or memory grew by more than
//! 64 MiB. A number of seconds after `--` makes it shorter.

#[path = "../tests/common/mod.rs"]
mod common;

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use common::by_hand::Pbx;
use common::flood::{Flood, Streams, resident};
use common::telephone::Telephone;
use common::{Service, account, contact, line, stream};
use model::pbx::Transport;
use sip::{Endpoint, Event};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

const A_SECOND: usize = 5_000;
const SECONDS: u64 = 60;
/// So short that what comes at once is no more than a network brings.
const TICK: Duration = Duration::from_millis(1);
const STREAMS: usize = 400;
const STREAMS_APART: Duration = Duration::from_millis(10);
const CALLS_APART: Duration = Duration::from_millis(100);
const SET_UP_MAX: Duration = Duration::from_millis(500);
const MEMORY_MAX: usize = 64 << 20;

#[tokio::main]
async fn main() -> ExitCode {
    let given = std::env::args().find_map(|argument| argument.parse().ok());
    let lasts = Duration::from_secs(given.unwrap_or(SECONDS));
    let mut service = Service::start().await;
    let (to, token) = (service.endpoint.address(), contact());
    let pbx = Pbx::at([127, 0, 0, 1]).await;
    let account = account("200", pbx.address(), Transport::Udp);
    service.endpoint.connect(line(), token.clone(), account);
    let asked = pbx.asked("REGISTER", &mut Vec::new()).await;
    let granted = asked.response("200 OK", "Expires: 3600\r\n");
    pbx.say(&granted, asked.from).await;
    service.settled().await;
    let Service { endpoint, events } = service;
    tokio::spawn(answer_all(endpoint.clone(), events));

    let calm = calls(to, &token, Duration::from_secs(5)).await;
    println!("calm: {}", told(&calm));
    let mut held = true;
    for (what, flood) in [
        ("from everywhere", Flood::of(200).await),
        (
            "under the PBX's address",
            Flood::under(pbx.address().ip()).await,
        ),
    ] {
        let before = resident();
        let (rate, flooded) = flooded(flood, to, &token, lasts).await;
        println!("{rate:.0} bad messages a second {what}: {}", told(&flooded));
        held &= is_held(&flooded, before);
    }
    let before = resident();
    let flooded = streamed(to, &token, lasts).await;
    println!(
        "a stream of a stranger each ten milliseconds: {}",
        told(&flooded)
    );
    held &= is_held(&flooded, before);
    match held {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// Calls in a flood of datagrams, and how many of those there were a second.
async fn flooded(
    mut flood: Flood,
    to: SocketAddr,
    token: &str,
    lasts: Duration,
) -> (f64, Vec<Duration>) {
    let over = CancellationToken::new();
    let flooding = tokio::spawn({
        let over = over.clone();
        async move {
            let (mut sent, since) = (0, Instant::now());
            let mut ticks = tokio::time::interval(TICK);
            while !over.is_cancelled() {
                ticks.tick().await;
                let due = (since.elapsed().as_secs_f64() * A_SECOND as f64) as usize;
                flood.send(due - sent, to).await;
                sent = due;
            }
            sent as f64 / since.elapsed().as_secs_f64()
        }
    });
    let flooded = calls(to, token, lasts).await;
    over.cancel();
    (flooding.await.expect("a flood"), flooded)
}

/// Calls while strangers open streams; as many as the system lets this one
/// process hold at both ends.
async fn streamed(to: SocketAddr, token: &str, lasts: Duration) -> Vec<Duration> {
    let over = CancellationToken::new();
    let flooding = tokio::spawn(over.clone().run_until_cancelled_owned(async move {
        let mut ticks = tokio::time::interval(STREAMS_APART);
        loop {
            let mut strangers = Streams::default();
            for _ in 0..STREAMS {
                ticks.tick().await;
                strangers.open(1, to).await;
            }
        }
    }));
    let flooded = calls(to, token, lasts).await;
    over.cancel();
    let _ = flooding.await;
    flooded
}

/// Whether what was promised was held, this much memory before.
fn is_held(flooded: &[Duration], before: usize) -> bool {
    let grown = resident().saturating_sub(before);
    println!(
        "memory: {:.1} MiB more than before",
        grown as f64 / f64::from(1 << 20)
    );
    percentile(flooded, 99) <= SET_UP_MAX && grown <= MEMORY_MAX
}

async fn answer_all(endpoint: Endpoint, mut events: mpsc::Receiver<Event>) {
    while let Some(event) = events.recv().await {
        if let Event::Incoming { leg, .. } = event {
            endpoint.ring(leg);
            endpoint.answer(leg, stream());
        }
    }
}

/// How long each call took from its INVITE to its answer, the shortest first.
async fn calls(to: SocketAddr, token: &str, lasts: Duration) -> Vec<Duration> {
    let mut calls = tokio::task::JoinSet::new();
    let (since, mut ticks) = (Instant::now(), tokio::time::interval(CALLS_APART));
    while since.elapsed() < lasts {
        ticks.tick().await;
        let token = token.to_owned();
        calls.spawn(async move { call(to, &token).await });
    }
    let mut took = calls.join_all().await;
    took.sort();
    took
}

async fn call(to: SocketAddr, token: &str) -> Duration {
    let mut caller = Telephone::new([127, 0, 0, 1], to, token, "<sip:1@pbx>").await;
    let since = Instant::now();
    caller.invite().await;
    let body = common::telephone::description("sendrecv");
    // As RFC 3261 has it (section 17.1.1.2): what is lost is sent again.
    let answer = loop {
        tokio::select! {
            answer = caller.response("INVITE") => break answer,
            () = tokio::time::sleep(Duration::from_millis(500)) => caller.repeat("INVITE", &body).await,
        }
    };
    let took = since.elapsed();
    caller.ack(&answer, "").await;
    caller.send("BYE", "", "").await;
    caller.response("BYE").await;
    took
}

fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(at).copied().unwrap_or_default()
}

fn told(sorted: &[Duration]) -> String {
    let [half, most, worst] = [50, 99, 100].map(|percent| percentile(sorted, percent));
    format!(
        "{} calls set up in {half:.1?} (median), {most:.1?} (99 %), {worst:.1?} (worst)",
        sorted.len()
    )
}
