//! A running server with everything around it: a customer's PBX, a mail
//! server, a company, operators.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use model::company::{Company, Notify};
use model::hours::{Interval, WorkingHours};
use model::id::{CallId, CompanyId, LineId};
use model::language::Language;
use model::line::{Recipient, Scenario, Script};
use model::pbx::{Transport, Trust};
use model::secret::Secret;
use model::user::Role;
use sim::customer;
use sim::mail::MailCatcher;
use sim::operator::RobotOperator;
use sim::pbx::{CallHandle, CallSpec, Extension, HangUp, Pbx, PbxConfig, Person, Quirks};
use store::{
    AccountDraft, CallDetails, DepartmentDraft, EmployeeDraft, MasterKey, NewUser, Recordings,
    Store,
};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;

pub const PASSWORD: &str = "long enough to sign in";
pub const PBX_PASSWORD: &str = "extension-password";
pub const REGISTERED_WITHIN: Duration = Duration::from_secs(20);

/// The server with the world around it. The server is killed when this goes.
pub struct World {
    pub pbx: Pbx,
    pub mail: MailCatcher,
    pub company: CompanyId,
    pub line: LineId,
    pub base: String,
    folder: TempDir,
    server: Option<Running>,
}

struct Running {
    child: Child,
    log: Arc<Mutex<String>>,
    serving: watch::Receiver<bool>,
}

impl World {
    /// With so many operators, and `[calls]` as given.
    pub async fn start(operators: usize, calls: &str) -> Self {
        Self::logging(operators, calls, "debug").await
    }

    /// The same, with a log of this level.
    pub async fn logging(operators: usize, calls: &str, level: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let extension = Extension {
            user: customer::LINE_USER.to_owned(),
            password: Secret::new(PBX_PASSWORD),
        };
        let config = PbxConfig {
            forward_after: Duration::from_millis(200),
            people: vec![person()],
            quirks: Quirks {
                announces: true,
                ..Quirks::default()
            },
            ..PbxConfig::new(([127, 0, 0, 1], 0).into(), vec![extension])
        };
        let pbx = Pbx::start(config).await.expect("a PBX");
        let mail = MailCatcher::start().await.expect("a mail server");
        let port = free_port();
        let base = format!("http://localhost:{port}");
        write_config(folder.path(), port, &mail, calls, level);
        let store = open_store(folder.path()).await;
        let (company, line) = seed(&store, &pbx, operators).await;
        store.close().await.expect("closed");
        let mut world = Self {
            pbx,
            mail,
            company,
            line,
            base,
            folder,
            server: None,
        };
        world.start_server().await;
        world
    }

    /// Starts the server, or starts it again, and waits until the line is registered.
    pub async fn start_server(&mut self) {
        let mut child = Command::new(env!("CARGO_BIN_EXE_telefonistka"))
            .args(["serve", "--config"])
            .arg(self.folder.path().join("telefonistka.toml"))
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the server starts");
        let mut lines = BufReader::new(child.stderr.take().expect("a log")).lines();
        let log = Arc::new(Mutex::new(String::new()));
        let (tell, mut serving) = watch::channel(false);
        let copy = Arc::clone(&log);
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                if line.contains("serving") {
                    tell.send_replace(true);
                }
                let mut log = copy.lock().expect("the log");
                log.push_str(&line);
                log.push('\n');
            }
        });
        let running = serving.wait_for(|serving| *serving).await.is_ok();
        assert!(running, "the server left: {}", log.lock().expect("the log"));
        self.server = Some(Running {
            child,
            log,
            serving,
        });
        self.pbx
            .await_registered(customer::LINE_USER, REGISTERED_WITHIN)
            .await
            .expect("the line registers");
    }

    /// `kill -9`.
    pub async fn kill(&mut self) {
        let mut server = self.server.take().expect("a running server");
        server.child.kill().await.expect("killed");
    }

    /// Sends SIGTERM; the server leaves when it is done.
    pub fn terminate(&mut self) {
        let sent = std::process::Command::new("kill")
            .arg(self.pid().to_string())
            .status();
        assert!(sent.is_ok_and(|status| status.success()));
    }

    /// The server's process.
    pub fn pid(&self) -> u32 {
        let server = self.server.as_ref().expect("a running server");
        server.child.id().expect("it runs")
    }

    /// Waits until the server has left by itself.
    pub async fn left(&mut self) -> std::process::ExitStatus {
        let mut server = self.server.take().expect("a running server");
        server.child.wait().await.expect("an exit status")
    }

    /// What the server has logged so far.
    pub fn log(&self) -> String {
        let server = self.server.as_ref().expect("a running server");
        server.log.lock().expect("the log").clone()
    }

    /// The database, as another process sees it.
    pub async fn store(&self) -> Store {
        open_store(self.folder.path()).await
    }

    pub fn recordings(&self) -> Recordings {
        Recordings::open(&self.folder.path().join("data/recordings")).expect("recordings")
    }

    /// An operator who is ready.
    pub async fn operator(&self, number: usize) -> RobotOperator {
        let login = operator_login(number);
        let mut robot = RobotOperator::sign_in(&self.base, &login, PASSWORD)
            .await
            .expect("signs in");
        robot.ready().await.expect("ready");
        robot
    }

    /// Somebody calls.
    pub fn call(&self, spec: CallSpec) -> CallHandle {
        self.pbx.call(spec)
    }

    /// The call, once its recording is packed, as it is then.
    pub async fn settled(&self, store: &Store, call: CallId) -> CallDetails {
        let settled = async {
            loop {
                let details = store
                    .calls()
                    .get(self.company, call)
                    .await
                    .expect("the call");
                let recording = details.row.call.recording;
                use model::call::RecordingState::{CutOff, Ready};
                if details.row.call.ending.is_some() && matches!(recording, Ready | CutOff) {
                    return details;
                }
                // Another process writes: its changes are not told here.
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), settled)
            .await
            .expect("the call settles")
    }
}

/// Ivan Petrov, at his own telephone.
fn person() -> Person {
    let caller = &customer::CALLERS[0];
    Person {
        number: caller.number.to_owned(),
        voice: caller.voice().expect("a voice"),
    }
}

/// A call as most are: Ivan Petrov calls, speaks when greeted, and hangs up after so long.
pub fn spec(hang_up: HangUp) -> CallSpec {
    let caller = &customer::CALLERS[0];
    CallSpec {
        caller_number: Some(caller.number.to_owned()),
        caller_name: Some(caller.name.to_owned()),
        dialled: caller.dialled.to_owned(),
        to_extension: customer::LINE_USER.to_owned(),
        voice: caller.voice().expect("a voice"),
        speak_after: Duration::from_millis(500),
        hang_up,
        patience: Duration::from_secs(60),
    }
}

pub fn operator_login(number: usize) -> String {
    format!("operator{number}@example.com")
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("its number").port()
}

fn write_config(folder: &Path, port: u16, mail: &MailCatcher, calls: &str, level: &str) {
    let mail = mail.address();
    let text = format!(
        r#"data_dir = "data"
[http]
listen = "127.0.0.1:{port}"
public_url = "http://localhost:{port}"
[sip]
listen = "127.0.0.1:0"
allowed_networks = ["127.0.0.0/8"]
[rtp]
listen = "127.0.0.1"
[browser]
listen = "127.0.0.1:0"
[smtp]
host = "{}"
port = {}
security = "none"
from = "telefonistka@example.com"
[calls]
{calls}
[log]
level = "{level}"
"#,
        mail.ip(),
        mail.port(),
    );
    std::fs::write(folder.join("telefonistka.toml"), text).expect("the configuration");
}

async fn open_store(folder: &Path) -> Store {
    let data = folder.join("data");
    std::fs::create_dir_all(&data).expect("the data folder");
    let key = MasterKey::load_or_create(&data.join("master.key")).expect("a key");
    let url = format!("sqlite:{}", data.join("telefonistka.db").display());
    Store::open(&url, key).await.expect("the database")
}

async fn seed(store: &Store, pbx: &Pbx, operators: usize) -> (CompanyId, LineId) {
    let id = CompanyId(uuid::Uuid::now_v7());
    let company = Company {
        id,
        name: customer::NAME.to_owned(),
        legal_name: String::new(),
        about: String::new(),
        address: String::new(),
        site: String::new(),
        phone: String::new(),
        email: String::new(),
        not_to_say: String::new(),
        texts: Vec::new(),
        language: Language::Ru,
        retention_days: 30,
    };
    store.companies().create(&company).await.expect("a company");
    let midnight = jiff::civil::Time::midnight();
    let hours = WorkingHours {
        zone: customer::ZONE.to_owned(),
        week: std::array::from_fn(|_| {
            vec![Interval {
                from: midnight,
                to: midnight,
            }]
        }),
        exceptions: Vec::new(),
    };
    let version = store.companies().hours(id).await.expect("hours").version;
    store
        .companies()
        .put_hours(id, &hours, version)
        .await
        .expect("hours");
    let department = DepartmentDraft {
        id: None,
        name: "Отдел продаж".into(),
        extension: "110".into(),
        notify: Notify::Everyone,
    };
    let version = store
        .departments()
        .list(id)
        .await
        .expect("departments")
        .version;
    let departments = store
        .departments()
        .replace_all(id, &[department], version)
        .await
        .expect("departments");
    let department = departments.value[0].id;
    let employee = EmployeeDraft {
        id: None,
        email: "anna@romashka.example".into(),
        name: "Белова Анна".into(),
        department: Some(department),
        position: String::new(),
        extension: "101".into(),
        mobile: String::new(),
    };
    let version = store.employees().list(id).await.expect("employees").version;
    store
        .employees()
        .replace_all(id, &[employee], version)
        .await
        .expect("employees");
    let line = store
        .lines()
        .create(id, customer::LINE, Scenario::MissedCalls)
        .await
        .expect("line");
    let recipient = Some(Recipient::Department { department });
    let script = Script {
        recipient,
        ..Script::default()
    };
    store
        .lines()
        .put_script(id, line.id, &script)
        .await
        .expect("a script");
    let account = AccountDraft {
        user: customer::LINE_USER.to_owned(),
        password: Some(Secret::new(PBX_PASSWORD)),
        server: pbx.address().ip().to_string(),
        proxy: None,
        auth_name: None,
        port: Some(pbx.address().port()),
        transport: Transport::Udp,
        interval_s: 60,
        codecs: model::audio::Codec::ALL.to_vec(),
        trust: Trust::Public,
    };
    store
        .lines()
        .put_account(id, line.id, &account)
        .await
        .expect("an account");
    store
        .lines()
        .set_connected(id, line.id, true)
        .await
        .expect("connected");
    for number in 0..operators {
        let user = NewUser {
            company: None,
            login: operator_login(number),
            name: format!("Оператор {number}"),
            roles: vec![Role::Operator],
            password: Secret::new(PASSWORD),
            must_change_password: false,
            language: Language::Ru,
        };
        store.users().create(&user).await.expect("an operator");
    }
    (id, line.id)
}
