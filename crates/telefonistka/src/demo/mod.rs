//! `telefonistka demo`: all of the product with a customer's PBX inside.

mod once;
mod seed;
mod town;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use model::pbx::Transport;
use sim::mail::MailCatcher;
use sim::pbx::{Extension, Pbx};

use crate::config::{Config, ConfigError};
use crate::open;
use crate::server::{self, Server};
use crate::{cli, logging};
use town::Town;

/// How long the line may take to register at the PBX inside.
const REGISTERED_WITHIN: Duration = Duration::from_secs(15);

/// How long calls may go on after Ctrl-C in a demo.
const DRAIN: Duration = Duration::from_secs(2);

/// Why the demo can't go on.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// No folder to keep things in.
    #[error("no folder for the demo's data: {0}")]
    Folder(std::io::Error),
    /// No port for the pages.
    #[error("no free port for the demo's pages: {0}")]
    Port(std::io::Error),
    /// The demo's own configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Database and recordings.
    #[error(transparent)]
    Open(#[from] open::OpenError),
    /// The company could not be stored.
    #[error("the demo's company could not be stored: {0}")]
    Store(#[from] store::StoreError),
    /// The server.
    #[error(transparent)]
    Server(#[from] server::ServerError),
    /// The PBX inside.
    #[error(transparent)]
    Pbx(#[from] sim::pbx::PbxError),
    /// The mail server inside.
    #[error("the demo's mail server did not start: {0}")]
    Mail(std::io::Error),
    /// A voice.
    #[error(transparent)]
    Voice(#[from] sim::audio::AudioError),
    /// The robot operator.
    #[error("the robot operator: {0}")]
    Operator(#[from] sim::operator::OperatorError),
    /// The one call did not come out as it should.
    #[error("the call did not come out as it should: {0}")]
    Call(String),
}

/// Starts everything; with `--once` makes one call and leaves.
pub async fn run(args: cli::Demo) -> Result<(), DemoError> {
    if args.list_pbx {
        let names: String = sim::pbx::ZOO
            .iter()
            .map(|animal| format!("{}\n", animal.name))
            .collect();
        // Whoever read it may be gone.
        let _ = std::io::stdout().write_all(names.as_bytes());
        return Ok(());
    }
    let temporary = match &args.data_dir {
        Some(_) => None,
        None => Some(tempfile::tempdir().map_err(DemoError::Folder)?),
    };
    let folder = match (&args.data_dir, &temporary) {
        (Some(folder), _) => std::path::absolute(folder).map_err(DemoError::Folder)?,
        (None, Some(temporary)) => temporary.path().to_owned(),
        (None, None) => PathBuf::from("."),
    };
    let mail = MailCatcher::start().await.map_err(DemoError::Mail)?;
    let port = if args.once {
        free_port().map_err(DemoError::Port)?
    } else {
        args.port
    };
    let config = config(&folder, port, &mail)?;
    logging::start(config.log);

    eprintln!("A customer's PBX starts …");
    let extension = Extension {
        user: sim::customer::LINE_USER.to_owned(),
        password: model::secret::Secret::new(seed::PBX_PASSWORD),
    };
    let mut pbx = (args.pbx).config(([127, 0, 0, 1], 0).into(), vec![extension]);
    pbx.people = town::people()?;
    let draft = seed::Login {
        auth_name: pbx.quirks.auth_name.map(str::to_owned),
        transport: match pbx.udp {
            true => Transport::Udp,
            false => Transport::Tcp,
        },
    };
    let pbx = Pbx::start(pbx).await?;
    let store = open::store(&config).await?;
    let company = seed::seed(&store, pbx.address(), &draft).await?;

    eprintln!("Телефонистка starts …");
    let town = Arc::new(Town::new(pbx, mail));
    let server = Server::start(&config, store.clone(), Some(Arc::clone(&town) as _)).await?;
    let base = config.http.public_url.clone();
    town.pbx()
        .await_registered(sim::customer::LINE_USER, REGISTERED_WITHIN)
        .await?;
    eprintln!(
        "The line «{}» is registered at the PBX.",
        sim::customer::LINE
    );

    let outcome = if args.once {
        once::run(&args, &config, &store, company, &base, &town).await
    } else {
        welcome(&base);
        server::asked_to_leave().await;
        eprintln!("Leaving …");
        Ok(())
    };
    server.stop(DRAIN).await;
    if let (true, Some(temporary)) = (args.once, temporary) {
        // The last line names the recording in it.
        let _ = temporary.keep();
    }
    outcome
}

/// A port that is free now: pages have to know their own address before they are served.
fn free_port() -> std::io::Result<u16> {
    Ok(std::net::TcpListener::bind(("127.0.0.1", 0))?
        .local_addr()?
        .port())
}

fn welcome(base: &str) {
    let people: String = seed::SIGN_INS
        .iter()
        .map(|(who, login, role)| {
            let (password, link) = (seed::PASSWORD, seed::enter(*role));
            format!("  {who}\n    login {login}, password {password}\n    or with one click: {base}{link}\n")
        })
        .collect();
    // Whoever read it may be gone: no reason to stop serving.
    let _ = writeln!(
        std::io::stdout(),
        "\nТелефонистка is at {base}\n\n{people}\n\
         Sign in as the operator, choose «Готов», then let somebody call: the button «Позвонить» on top.\n\
         Ctrl-C ends the demo."
    );
}

/// The demo's configuration, by the same way as any other.
fn config(folder: &Path, port: u16, mail: &MailCatcher) -> Result<Config, ConfigError> {
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
listen = "0.0.0.0:0"

[smtp]
host = "{}"
port = {}
security = "none"
from = "telefonistka@demo.example"

[log]
level = "warn"
"#,
        mail.ip(),
        mail.port(),
    );
    Config::parse(Path::new("demo.toml"), &text, std::env::vars(), folder)
}
