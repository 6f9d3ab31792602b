//! A real Asterisk of its own for each story; see `e2e/asterisk`.

use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Once;
use std::sync::atomic::{AtomicU16, Ordering};

use tempfile::TempDir;

/// A running PBX; it stops when dropped.
pub struct Asterisk {
    pub address: SocketAddr,
    state: TempDir,
    extra: TempDir,
    rtp: String,
    no_answer_s: u32,
}

static INSTALL: Once = Once::new();
static STARTED: AtomicU16 = AtomicU16::new(0);

pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .expect("the workspace")
}

fn folder() -> PathBuf {
    std::env::var_os("TELEFONISTKA_PBX_DIR")
        .map_or_else(|| workspace().join("e2e/.pbx"), PathBuf::from)
}

fn run(arguments: &[&str]) -> String {
    let script = workspace().join("e2e/asterisk/asterisk");
    let output = Command::new(script)
        .args(arguments)
        .output()
        .expect("the script");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "asterisk {arguments:?}: {errors}");
    text
}

pub fn free_port() -> u16 {
    loop {
        let udp = UdpSocket::bind("127.0.0.1:0").expect("a port");
        let address = udp.local_addr().expect("its address");
        if TcpListener::bind(address).is_ok() {
            return address.port();
        }
    }
}

impl Asterisk {
    /// Employees' telephones ring for `no_answer_s`; `extra` is more pjsip configuration.
    pub fn start_with(no_answer_s: u32, extra: &str) -> Self {
        Self::start_with_plan(no_answer_s, extra, "")
    }

    /// `plan` is more of its dial plan.
    pub fn start_with_plan(no_answer_s: u32, extra: &str, plan: &str) -> Self {
        let dir = folder();
        INSTALL.call_once(|| {
            run(&["install", dir.to_str().expect("a path")]);
        });
        let n = STARTED.fetch_add(1, Ordering::Relaxed);
        let base = 20_000 + (std::process::id() as u16 % 50) * 400 + n * 20;
        let configuration = TempDir::new_in("/tmp").expect("a folder");
        for (name, text) in [("pjsip-story.conf", extra), ("extensions-story.conf", plan)] {
            std::fs::write(configuration.path().join(name), text).expect("a file");
        }
        let pbx = Self {
            address: SocketAddr::from(([127, 0, 0, 1], free_port())),
            state: TempDir::new_in("/tmp").expect("a folder"),
            extra: configuration,
            rtp: format!("{base}-{}", base + 19),
            no_answer_s,
        };
        pbx.resume();
        pbx
    }

    pub fn start() -> Self {
        Self::start_with(1, "")
    }

    fn arguments<'a>(&'a self, command: &'a str, dir: &'a str) -> Vec<&'a str> {
        vec![
            command,
            dir,
            "--state",
            self.state.path().to_str().expect("a path"),
        ]
    }

    /// Starts it, again where it was stopped.
    pub fn resume(&self) {
        let dir = folder();
        let (port, no_answer) = (
            self.address.port().to_string(),
            self.no_answer_s.to_string(),
        );
        let mut arguments = self.arguments("start", dir.to_str().expect("a path"));
        arguments.extend([
            "--sip-port",
            &port,
            "--rtp-ports",
            &self.rtp,
            "--no-answer",
            &no_answer,
        ]);
        arguments.extend(["--extra", self.extra.path().to_str().expect("a path")]);
        run(&arguments);
    }

    pub fn stop(&self) {
        run(&self.arguments("stop", folder().to_str().expect("a path")));
    }

    /// One command of its console.
    pub fn cli(&self, command: &str) -> String {
        let dir = folder();
        let mut arguments = self.arguments("cli", dir.to_str().expect("a path"));
        arguments.push(command);
        run(&arguments)
    }
}

impl Drop for Asterisk {
    fn drop(&mut self) {
        self.stop();
    }
}
