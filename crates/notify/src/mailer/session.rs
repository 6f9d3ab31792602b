//! One letter's conversation with the mail server (RFC 5321).

use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Ehlo, Mail, Rcpt};
use lettre::transport::smtp::extension::{
    ClientId, MailBodyParameter, MailParameter, RcptParameter,
};
use tokio::time::timeout;

use super::Security;
use super::envelope::Marked;

/// How long the server may take to accept the connection.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How long it may take to say good-bye.
const LEAVE: Duration = Duration::from_secs(5);

/// The ways to sign in that a server may offer.
const MECHANISMS: [Mechanism; 2] = [Mechanism::Plain, Mechanism::Login];

/// The mail server and how to reach it.
#[derive(Clone)]
pub(super) struct Server {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: Security,
    pub(super) tls: TlsParameters,
    pub(super) login: Option<Credentials>,
}

impl Server {
    /// Hands over one letter.
    pub(super) async fn send(&self, marked: &Marked, letter: &[u8]) -> Result<(), Error> {
        let mut connection = self.connect().await?;
        let sent = hand_over(&mut connection, marked, letter).await;
        // It has the letter, or has refused it: how it takes leave changes
        // nothing, nor how long that takes.
        tokio::spawn(async move { timeout(LEAVE, connection.abort()).await });
        sent
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let hello = ClientId::default();
        let wrapped = (self.security == Security::Tls).then(|| self.tls.clone());
        let server = (self.host.as_str(), self.port);
        let connected =
            AsyncSmtpConnection::connect_tokio1(server, Some(TIMEOUT), &hello, wrapped, None);
        let mut connection = connected.await?;
        if self.security == Security::StartTls {
            connection.starttls(self.tls.clone(), &hello).await?;
        }
        if let Some(login) = &self.login {
            connection.auth(&MECHANISMS, login).await?;
        }
        Ok(connection)
    }
}

async fn hand_over(
    connection: &mut AsyncSmtpConnection,
    marked: &Marked,
    letter: &[u8],
) -> Result<(), Error> {
    let reports = match &marked.id {
        Some(id) if reports_offered(connection).await? => Some(id),
        _ => None,
    };
    let mut of_letter = Vec::new();
    let mut of_recipient = Vec::new();
    let mut addresses = marked
        .envelope
        .from()
        .into_iter()
        .chain(marked.envelope.to());
    let international = addresses.any(|address| !AsRef::<str>::as_ref(address).is_ascii());
    if international {
        of_letter.push(MailParameter::SmtpUtfEight);
    }
    if international || !letter.is_ascii() {
        of_letter.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    if let Some(id) = reports {
        // RFC 3461: the report names the letter by this id, and carries its headers alone.
        let parameter = |keyword: &str, value: &str| MailParameter::Other {
            keyword: keyword.to_owned(),
            value: Some(value.to_owned()),
        };
        of_letter.extend([parameter("RET", "HDRS"), parameter("ENVID", id)]);
        of_recipient.push(RcptParameter::Other {
            keyword: "NOTIFY".to_owned(),
            value: Some("SUCCESS,FAILURE,DELAY".to_owned()),
        });
    }
    let from = marked.envelope.from().cloned();
    connection.command(Mail::new(from, of_letter)).await?;
    for to in marked.envelope.to() {
        let recipient = Rcpt::new(to.clone(), of_recipient.clone());
        connection.command(recipient).await?;
    }
    connection.command(Data).await?;
    connection.message(letter).await?;
    Ok(())
}

/// Whether the server reports on what becomes of a letter (RFC 3461). The
/// library keeps no note of this extension: the server is asked again.
async fn reports_offered(connection: &mut AsyncSmtpConnection) -> Result<bool, Error> {
    let answer = connection.command(Ehlo::new(ClientId::default())).await?;
    let offered = |line: &str| line.trim().eq_ignore_ascii_case("DSN");
    Ok(answer.message().any(offered))
}
