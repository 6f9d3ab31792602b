//! What an operator waits for while 100 others talk: from the PBX's INVITE to
//! the ringing at the desk, and from «Ответить» to both hearing each other.
//!
//! The server is a process of its own; PBX, callers and desks are this one. Each
//! call has RTP both ways and a desk with a WebSocket and a WebRTC leg, and so do
//! the measured calls, which come to a few more desks as soon as those are free.
//!
//! `DESK_TALKING` says how many talk meanwhile (100 where it is not set): all of their
//! browsers run here, which a machine that does other work may have no room for.

#![allow(missing_docs, reason = "a program that measures")]

#[path = "../tests/common/mod.rs"]
mod common;

use std::collections::HashMap;
use std::f64::consts::TAU;
use std::time::{Duration, Instant};

use common::{PASSWORD, World, operator_login, spec};
use jiff::Timestamp;
use sim::audio::{RATE, Sound};
use sim::operator::{RobotOperator, Script, Taken};
use sim::pbx::{CallEvent, CallHandle, CallSpec, HangUp};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// Of the calls in progress, how many come at once.
const AT_ONCE: usize = 10;
/// Desks that take the measured calls.
const DESKS: usize = 4;
/// Measured calls at each.
const CALLS: usize = 50;
/// What a caller says.
const SHORT: Duration = Duration::from_millis(250);
/// How long a measured call goes on after that.
const STAYS: Duration = Duration::from_millis(500);
/// What an operator says: longer than any wait.
const LONG: Duration = Duration::from_secs(10);

/// What is promised at the 99th percentile.
const RINGING: Duration = Duration::from_millis(200);
const TALK: Duration = Duration::from_millis(300);

/// Ticks a second of the times in `/proc` (Linux).
const TICKS: f64 = 100.0;

fn main() {
    // `cargo test --benches` runs this as well, and is no time to measure.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    if !runtime.block_on(measure()) {
        std::process::exit(1);
    }
}

/// Measures, and tells whether all is as promised.
async fn measure() -> bool {
    let load = std::fs::read_to_string("/proc/loadavg").expect("Linux");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    println!("{cores} cores, load before: {}", load.trim());
    let talking = std::env::var("DESK_TALKING");
    let talking = talking.map_or(100, |text| text.parse().expect("a number"));
    let began = Instant::now();
    let world = World::logging(talking + DESKS, "", "info").await;
    let mut ready = Vec::new();
    for number in talking..talking + DESKS {
        let login = operator_login(number);
        let desk = RobotOperator::sign_in(&world.base, &login, PASSWORD).await;
        ready.push(desk.expect("signs in"));
    }
    let talking = talk(&world, talking).await;
    println!("{} talk after {:.0?}", talking.len(), began.elapsed());
    for desk in &mut ready {
        desk.ready().await.expect("ready");
    }

    let (free, mut frees) = mpsc::unbounded_channel();
    let mut desks = JoinSet::new();
    let (began, before) = (
        Instant::now(),
        [busy("self"), busy(&world.pid().to_string())],
    );
    for mut desk in ready {
        let free = free.clone();
        desks.spawn(async move {
            let mut taken = Vec::new();
            for _ in 0..CALLS {
                free.send(()).expect("somebody calls");
                taken.push(
                    desk.take_one(tone(440.0, LONG))
                        .await
                        .expect("a call is taken"),
                );
            }
            taken
        });
    }
    drop(free);
    let mut calls = HashMap::new();
    while frees.recv().await.is_some() {
        let number = format!("+7926{:07}", calls.len());
        calls.insert(number.clone(), world.call(measured(number)));
    }
    let taken = desks.join_all().await.concat();
    let seconds = began.elapsed().as_secs_f64();
    let share = |now: f64, before: f64| 100.0 * (now - before) / seconds;
    println!(
        "{} calls in progress and up to {DESKS} that begin: the server takes {:.0} % of a \
         core, PBX, callers and desks {:.0} %",
        talking.len(),
        share(busy(&world.pid().to_string()), before[1]),
        share(busy("self"), before[0]),
    );
    let over = |call: &&CallHandle| {
        call.events()
            .iter()
            .any(|e| matches!(e.event, CallEvent::Ended(_)))
    };
    assert_eq!(talking.iter().filter(over).count(), 0, "calls that ended");
    let (lost, came) = talking.iter().fold((0, 0), |(lost, came), call| {
        let packets = call.packets();
        (lost + packets.lost, came + packets.received)
    });
    println!("callers' packets: {came} came, {lost} were lost");
    let (ringing, heard): (Vec<_>, Vec<_>) = taken.iter().map(|one| waits(one, &calls)).unzip();
    let ringing = tell("from INVITE to the ringing at the desk", ringing, RINGING);
    let heard = tell("from accepting to both hearing each other", heard, TALK);
    ringing && heard
}

/// Operators and callers who talk for as long as is measured.
async fn talk(world: &World, count: usize) -> Vec<CallHandle> {
    for number in 0..count {
        let mut operator = world.operator(number).await;
        let script = Script {
            answer_after: Duration::ZERO,
            voice: tone(440.0, LONG),
            speak_after: Duration::ZERO,
            note: None,
            hang_up: sim::operator::HangUp::Never,
        };
        tokio::spawn(async move { operator.serve_one(script).await });
    }
    let mut calls = Vec::with_capacity(count);
    while calls.len() < count {
        let begun: Vec<_> = (0..AT_ONCE.min(count - calls.len()))
            .map(|_| world.call(spec(HangUp::Never)))
            .collect();
        for call in &begun {
            call.answered().await.expect("an operator answers");
        }
        calls.extend(begun);
    }
    calls
}

/// A caller who speaks from the answer on, and hangs up soon after.
fn measured(number: String) -> CallSpec {
    CallSpec {
        caller_number: Some(number),
        voice: tone(600.0, SHORT),
        speak_after: Duration::ZERO,
        ..spec(HangUp::Said(STAYS))
    }
}

/// A voice that is loud from its first frame on.
fn tone(hz: f64, length: Duration) -> Sound {
    let sample = |n: u32| (8000.0 * (TAU * hz * f64::from(n) / f64::from(RATE)).sin()) as i16;
    let samples = length.as_millis() as u32 * RATE / 1000;
    Sound::new(&(0..samples).map(sample).collect::<Vec<_>>())
}

/// How long it took to ring, and then until each heard the other.
fn waits(taken: &Taken, calls: &HashMap<String, CallHandle>) -> (Duration, Duration) {
    let number = taken.card["caller_phone"].as_str().expect("a number");
    let call = &calls[number];
    let events = call.events();
    let invited = events.iter().find(|e| e.event == CallEvent::Forwarded);
    let invited = invited.expect("it was forwarded").at;
    let both = call.voice_at().max(taken.voice_at);
    let both = both.filter(|_| call.voice_at().is_some() && taken.voice_at.is_some());
    let both = both.expect("they heard each other");
    (
        since(invited, taken.rang_at),
        since(taken.accepted_at, both),
    )
}

fn since(begin: Timestamp, end: Timestamp) -> Duration {
    end.duration_since(begin).unsigned_abs()
}

/// Prints the figures of a wait; whether they are as promised.
fn tell(what: &str, mut times: Vec<Duration>, promised: Duration) -> bool {
    times.sort_unstable();
    let p99 = times[(times.len() * 99 / 100).min(times.len() - 1)];
    println!(
        "{what}: p50 {:.1?}, p99 {p99:.1?}, longest {:.1?}, of {} calls (promised: {promised:?})",
        times[times.len() / 2],
        times[times.len() - 1],
        times.len(),
    );
    p99 <= promised
}

/// Seconds of processor time that a process has taken so far.
fn busy(process: &str) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).expect("Linux");
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let times = fields.split_whitespace().skip(11).take(2);
    let ticks = times.filter_map(|ticks| ticks.parse::<f64>().ok());
    ticks.sum::<f64>() / TICKS
}
