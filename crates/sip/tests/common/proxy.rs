//! A real Kamailio with rtpengine of its own for each story; see `e2e/proxy`.

use std::net::{SocketAddr, UdpSocket};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Once;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::asterisk::{free_port, workspace};

/// How long either may take to answer.
const UP_WITHIN: Duration = Duration::from_secs(30);

/// How often it is asked meanwhile.
const ASK_EVERY: Duration = Duration::from_millis(200);

static INSTALL: Once = Once::new();
static STARTED: AtomicU16 = AtomicU16::new(0);

/// A running proxy; it stops when dropped.
pub struct Proxy {
    /// Where it takes SIP, by UDP and TCP.
    pub address: SocketAddr,
    programs: Vec<Child>,
    state: TempDir,
}

/// Where the programs are, unpacked when first asked for.
pub fn folder() -> PathBuf {
    let dir = std::env::var_os("TELEFONISTKA_PROXY_DIR")
        .map_or_else(|| workspace().join("e2e/.proxy"), PathBuf::from);
    INSTALL.call_once(|| {
        let script = workspace().join("e2e/proxy/proxy");
        let status = Command::new(script).arg("install").arg(&dir).status();
        assert!(
            status.expect("the script").success(),
            "nothing is installed"
        );
    });
    dir
}

impl Proxy {
    /// Starts both, and waits until they answer.
    pub fn start() -> Self {
        let dir = folder();
        let state = TempDir::new_in("/tmp").expect("a folder");
        let (sip, control) = (free_port(), free_port());
        let log = |name| std::fs::File::create(state.path().join(name)).expect("a log");
        let n = STARTED.fetch_add(1, Ordering::Relaxed);
        let base = 44_000 + (std::process::id() as u16 % 50) * 200 + n * 40;
        let engine = Command::new(dir.join("bin/rtpengine"))
            .args([
                "--foreground",
                "--log-stderr",
                "--log-level=3",
                "--table=-1",
            ])
            .args(["--interface=127.0.0.1", "--num-threads=1"])
            .arg(format!("--listen-ng=127.0.0.1:{control}"))
            .arg(format!("--port-min={base}"))
            .arg(format!("--port-max={}", base + 39))
            .stdout(Stdio::null())
            .stderr(log("rtpengine.log"))
            .spawn()
            .expect("rtpengine");
        let template = std::fs::read_to_string(workspace().join("e2e/proxy/kamailio.cfg"));
        let configuration = template
            .expect("the configuration")
            .replace("@SIP_PORT@", &sip.to_string())
            .replace("@NG_PORT@", &control.to_string())
            .replace("@MODULES@", dir.join("modules").to_str().expect("a path"));
        let file = state.path().join("kamailio.cfg");
        std::fs::write(&file, configuration).expect("a file");
        await_answer(control, b"1 d7:command4:pinge", &state);
        let proxy = Command::new(dir.join("bin/kamailio"))
            .args(["-DD", "-E", "-m", "32", "-M", "8", "-f"])
            .arg(&file)
            .arg("-Y")
            .arg(state.path())
            .stdout(Stdio::null())
            .stderr(log("kamailio.log"))
            .spawn()
            .expect("Kamailio");
        let started = Self {
            address: SocketAddr::from(([127, 0, 0, 1], sip)),
            programs: vec![proxy, engine],
            state,
        };
        let options = format!(
            "OPTIONS sip:127.0.0.1:{sip} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;rport;branch=z9hG4bKup\r\n\
             From: <sip:up@h>;tag=1\r\nTo: <sip:127.0.0.1>\r\nCall-ID: up\r\nCSeq: 1 OPTIONS\r\n\
             Max-Forwards: 7\r\nContent-Length: 0\r\n\r\n"
        );
        await_answer(sip, options.as_bytes(), &started.state);
        started
    }
}

/// Asks at a port until something comes from there.
fn await_answer(port: u16, question: &[u8], state: &TempDir) {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    socket.connect(("127.0.0.1", port)).expect("an address");
    socket
        .set_read_timeout(Some(ASK_EVERY))
        .expect("a time-out");
    let given_up = Instant::now() + UP_WITHIN;
    loop {
        // Where nobody listens yet, the system says so by an error.
        let _ = socket.send(question);
        match socket.recv(&mut [0; 2048]) {
            Ok(_) => return,
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
                std::thread::yield_now();
            }
            Err(_) => {}
        }
        if Instant::now() > given_up {
            let read = |name| std::fs::read_to_string(state.path().join(name)).unwrap_or_default();
            let logs = read("rtpengine.log") + &read("kamailio.log");
            panic!("nobody answers at {port}: {logs}");
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        for program in &mut self.programs {
            // By its own way: Kamailio's children go with it.
            let pid = program.id().to_string();
            let _ = Command::new("kill").args(["-TERM", &pid]).status();
            let _ = program.wait();
        }
    }
}
