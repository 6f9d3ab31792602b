//! 10,000 lines registered by one process, at 100 PBXs: memory a line, and the
//! share of a core that they take at rest.
//!
//! The PBXs are another process, so that only the lines are measured.

#[path = "../tests/common/mod.rs"]
mod common;

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader};
use std::net::{IpAddr, SocketAddr};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use common::flood::resident;
use common::{Service, account, contact, line};
use model::pbx::{Connection, PbxAccount, Transport};
use sip::Event;
use tokio::net::UdpSocket;

const LINES: usize = 10_000;
const PBXS: u8 = 100;
const INTERVAL_S: u32 = 120;
const REST: Duration = Duration::from_secs(60);
/// Ticks a second of the times in `/proc` (Linux).
const TICKS: f64 = 100.0;

#[tokio::main]
async fn main() {
    if std::env::args().any(|argument| argument == "pbxs") {
        return pbxs().await;
    }
    let program = std::env::current_exe().expect("a program");
    let mut others = Command::new(program)
        .arg("pbxs")
        .stdout(Stdio::piped())
        .spawn()
        .expect("the PBXs");
    let told = BufReader::new(others.stdout.take().expect("what they say"));
    let servers = told.lines().take(usize::from(PBXS));
    let servers: Vec<SocketAddr> = servers
        .map(|line| line.expect("a line").parse().expect("an address"))
        .collect();

    let mut service = Service::start().await;
    let (before, since) = (resident(), Instant::now());
    for n in 0..LINES {
        let server = servers[n % servers.len()];
        let account = PbxAccount {
            interval_s: INTERVAL_S,
            ..account(&n.to_string(), server, Transport::Udp)
        };
        service.endpoint.connect(line(), contact(), account);
    }
    let mut held = HashMap::new();
    while held.len() < LINES {
        if let Event::Line {
            line, connection, ..
        } = service.event().await
            && matches!(connection, Connection::Registered { .. })
        {
            held.insert(line, ());
        }
    }
    let grown = resident().saturating_sub(before);
    println!("{LINES} lines registered after {:.1?}", since.elapsed());
    println!(
        "memory: {:.1} KiB a line",
        grown as f64 / 1024.0 / LINES as f64
    );
    let (busy, since) = (busy(), Instant::now());
    tokio::time::sleep(REST).await;
    let share = (self::busy() - busy) / since.elapsed().as_secs_f64();
    println!("at rest: {:.1} % of a core", 100.0 * share);
    others.kill().expect("ended");
    others.wait().expect("ended");
}

/// Seconds of processor time that this process has taken so far.
fn busy() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("Linux");
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let times = fields.split_whitespace().skip(11).take(2);
    times
        .filter_map(|ticks| ticks.parse::<f64>().ok())
        .sum::<f64>()
        / TICKS
}

/// Registrars that take everybody, and list whom they have.
async fn pbxs() {
    let mut serving = tokio::task::JoinSet::new();
    for n in 1..=PBXS {
        let socket = UdpSocket::bind((IpAddr::from([127, 78, 0, n]), 0)).await;
        let socket = socket.expect("a socket");
        println!("{}", socket.local_addr().expect("an address"));
        serving.spawn(registrar(socket));
    }
    serving.join_all().await;
}

async fn registrar(socket: UdpSocket) {
    let mut contacts: HashMap<String, String> = HashMap::new();
    let mut buffer = vec![0; 65_536];
    while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
        let text = String::from_utf8_lossy(&buffer[..length]).into_owned();
        let asked = common::by_hand::Asked { text, from };
        let contact = asked.header("Contact");
        let user = asked.header("To").to_owned();
        if !contact.is_empty() {
            contacts.insert(user.clone(), contact.to_owned());
        }
        let known = contacts.get(&user).map(String::as_str).unwrap_or_default();
        let headers = format!("Contact: {known}\r\nExpires: {INTERVAL_S}\r\n");
        let answer = asked.response("200 OK", &headers);
        socket.send_to(answer.as_bytes(), from).await.expect("sent");
    }
}
