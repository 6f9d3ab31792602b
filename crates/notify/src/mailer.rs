//! The mail server that letters leave through.

use lettre::Message;
use lettre::message::Mailbox;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::TlsParameters;
use model::secret::Secret;

use crate::bounce::reason::Reason;

mod envelope;
mod session;

use envelope::Marked;
pub use envelope::Returns;
use session::Server;

/// Codes that speak of our own login, not of the letter (RFC 4954, section 6):
/// somebody will mend it, so the letter waits.
const OUR_LOGIN: [u16; 4] = [530, 534, 535, 538];

/// How the connection to the mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// TLS is asked for after the greeting, and demanded (RFC 3207).
    StartTls,
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// None: for a server on this very machine.
    None,
}

/// The mail server and how to reach it.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// Host name; its certificate is checked against it.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Protection.
    pub security: Security,
    /// Login with its password.
    pub login: Option<(String, Secret)>,
    /// Sender of the letters.
    pub from: String,
    /// Address of the pages, for the link in a welcome.
    pub public_url: String,
}

/// The settings can't be used.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The sender is no address.
    #[error("the sender {0:?} is no e-mail address")]
    From(String),
    /// Reports can't be sent to it.
    #[error("the address for reports {0:?} is no e-mail address")]
    Returns(String),
    /// TLS can't be set up.
    #[error("TLS can't be set up: {0}")]
    Tls(lettre::transport::smtp::Error),
}

/// What a mail server made of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It may take it later.
    ForNow(String),
    /// It never will.
    ForGood(String),
}

/// Sends letters; cheap to clone.
#[derive(Clone)]
pub struct Mailer {
    server: Server,
    returns: Option<Returns>,
    pub(crate) from: Mailbox,
    pub(crate) public_url: String,
}

impl Mailer {
    /// Does not connect yet: a mail server that is away delays letters, not the start.
    pub fn new(settings: &MailSettings) -> Result<Self, MailError> {
        let from = settings
            .from
            .parse()
            .map_err(|_| MailError::From(settings.from.clone()))?;
        let tls = TlsParameters::new(settings.host.clone()).map_err(MailError::Tls)?;
        Ok(Self {
            server: Server {
                host: settings.host.clone(),
                port: settings.port,
                security: settings.security,
                tls,
                login: settings.login.as_ref().map(|(login, password)| {
                    Credentials::new(login.clone(), password.reveal().to_owned())
                }),
            },
            returns: None,
            from,
            public_url: settings.public_url.clone(),
        })
    }

    /// Has reports on letters sent to a mailbox that is read.
    pub fn returning(self, returns: Returns) -> Self {
        Self {
            returns: Some(returns),
            ..self
        }
    }

    /// Hands the letter to the mail server.
    pub(crate) async fn send(&self, letter: Message) -> Result<(), Refusal> {
        let marked = Marked::new(&letter, self.returns.as_ref());
        let sent = self.server.send(&marked, &letter.formatted()).await;
        sent.map_err(|error| refusal(&error))
    }
}

fn refusal(error: &Error) -> Refusal {
    let code = error.status().map(u16::from);
    let our_login = code.is_some_and(|code| OUR_LOGIN.contains(&code));
    let text = match code {
        // The server's own words may repeat the address: codes are enough.
        Some(code) => match Reason::of_answer(&innermost(error)) {
            Some(reason) if reason.is_of_mailbox() && !our_login => format!("{reason} ({code})"),
            _ => format!("the mail server answered {code}"),
        },
        None => format!("the mail server can't be reached: {}", innermost(error)),
    };
    if error.is_permanent() && !our_login {
        Refusal::ForGood(text)
    } else {
        Refusal::ForNow(text)
    }
}

fn innermost(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
