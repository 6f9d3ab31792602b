//! The configuration: a TOML file, environment variables over it, and a
//! sentence with its place and its mend for every mistake.
//!
//! Every key with its default stands in `telefonistka.example.toml`.

mod bounces;
mod calls;
mod kind;
mod log;
mod mistake;
mod network;
mod reader;
mod smtp;
mod source;

use std::path::{Path, PathBuf};
use std::time::Duration;

use model::secret::Secret;

pub use bounces::Bounces;
pub use calls::Calls;
pub use log::{Log, LogFormat, LogLevel};
pub use mistake::ConfigError;
pub use network::{Browser, Http, Rtp, Sip};
pub use smtp::{Smtp, SmtpSecurity};

use mistake::Mistake;
use reader::Reader;
use source::Source;

/// All settings, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// Folder of everything that is kept, unless another key says otherwise.
    pub data_dir: PathBuf,
    /// Cabinet, desk, interface.
    pub http: Http,
    /// Where calls, messages and settings are stored.
    pub database: Database,
    /// The key that customers' passwords are stored under.
    pub secrets: Secrets,
    /// Signalling towards the customers' PBXs.
    pub sip: Sip,
    /// Sound towards the customers' PBXs.
    pub rtp: Rtp,
    /// Sound towards the operators' browsers.
    pub browser: Browser,
    /// Where recordings are kept.
    pub recordings: Recordings,
    /// The server that letters leave through; none: no letters.
    pub smtp: Option<Smtp>,
    /// The mailbox that reports on letters come to; none: nobody reads them.
    pub bounces: Option<Bounces>,
    /// How long things take in a call.
    pub calls: Calls,
    /// How the server leaves.
    pub stop: Stop,
    /// What is logged, and how.
    pub log: Log,
}

/// `[database]`
#[derive(Clone, Debug)]
pub struct Database {
    /// `sqlite:` or `postgres:` address; the latter holds a password.
    pub url: Secret,
}

/// `[secrets]`
#[derive(Clone, Debug)]
pub struct Secrets {
    /// File of the key; made at the first start.
    pub key_file: PathBuf,
}

/// `[recordings]`
#[derive(Clone, Debug)]
pub struct Recordings {
    /// Folder of the recordings.
    pub folder: PathBuf,
}

/// `[stop]`
#[derive(Clone, Copy, Debug)]
pub struct Stop {
    /// How long running calls may go on after SIGTERM.
    pub drain: Duration,
}

impl Config {
    /// Reads the file, and this process's environment over it.
    pub fn load(file: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(file)
            .map_err(|error| ConfigError::one(Mistake::unreadable(file, &error)))?;
        let folder = file.parent().unwrap_or(Path::new("."));
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        Self::parse(file, &text, std::env::vars(), &folder)
    }

    /// Reads `text` as the contents of `file`, and the variables over it;
    /// relative paths are counted from `folder`.
    pub fn parse(
        file: &Path,
        text: &str,
        variables: impl IntoIterator<Item = (String, String)>,
        folder: &Path,
    ) -> Result<Self, ConfigError> {
        let mut reader = Reader::new(Source::read(file, text, variables)?);
        let config = Self::take(&mut reader, folder);
        reader.finish()?;
        Ok(config)
    }

    fn take(reader: &mut Reader, folder: &Path) -> Self {
        let data_dir = folder.join(reader.get("", "data_dir", kind::path(), "data".into()));
        let in_data = |name: &str| data_dir.join(name);
        let smtp = Smtp::take(reader);
        let bounces = Bounces::take(reader, smtp.is_some());
        Self {
            http: Http::take(reader),
            database: Database {
                url: reader.get("database", "url", kind::database(), {
                    Secret::new(kind::sqlite_url(&in_data("telefonistka.db")))
                }),
            },
            secrets: Secrets {
                key_file: folder.join(reader.get(
                    "secrets",
                    "key_file",
                    kind::path(),
                    in_data("master.key"),
                )),
            },
            sip: Sip::take(reader),
            rtp: Rtp::take(reader),
            browser: Browser::take(reader),
            recordings: Recordings {
                folder: folder.join(reader.get(
                    "recordings",
                    "folder",
                    kind::path(),
                    in_data("recordings"),
                )),
            },
            smtp,
            bounces,
            calls: Calls::take(reader),
            stop: Stop {
                drain: reader.get("stop", "drain_seconds", kind::seconds(0..=3600), {
                    Duration::from_secs(300)
                }),
            },
            log: Log::take(reader),
            data_dir,
        }
    }
}

#[cfg(test)]
mod tests;
