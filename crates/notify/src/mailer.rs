//! The mail server that letters leave through.

use std::time::Duration;

use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use model::secret::Secret;

/// How long one conversation with the mail server may take.
const TIMEOUT: Duration = Duration::from_secs(30);

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
    transport: AsyncSmtpTransport<Tokio1Executor>,
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
        let parameters = || TlsParameters::new(settings.host.clone()).map_err(MailError::Tls);
        let tls = match settings.security {
            Security::StartTls => Tls::Required(parameters()?),
            Security::Tls => Tls::Wrapper(parameters()?),
            Security::None => Tls::None,
        };
        let mut builder =
            AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(settings.host.as_str())
                .port(settings.port)
                .tls(tls)
                .timeout(Some(TIMEOUT));
        if let Some((login, password)) = &settings.login {
            let credentials = Credentials::new(login.clone(), password.reveal().to_owned());
            builder = builder.credentials(credentials);
        }
        let public_url = settings.public_url.clone();
        Ok(Self {
            transport: builder.build(),
            from,
            public_url,
        })
    }

    /// Hands the letter to the mail server.
    pub(crate) async fn send(&self, letter: Message) -> Result<(), Refusal> {
        let error = match self.transport.send(letter).await {
            Ok(_) => return Ok(()),
            Err(error) => error,
        };
        let code = error.status().map(u16::from);
        let text = match code {
            // The server's own words may repeat the address: the code is enough.
            Some(code) => format!("the mail server answered {code}"),
            None => format!("the mail server can't be reached: {}", innermost(&error)),
        };
        if error.is_permanent() && !code.is_some_and(|code| OUR_LOGIN.contains(&code)) {
            Err(Refusal::ForGood(text))
        } else {
            Err(Refusal::ForNow(text))
        }
    }
}

fn innermost(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
