//! The mailbox that reports come to, over IMAP (RFC 3501).

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use async_imap::types::{Fetch, Uid};
use async_imap::{Client, Session};
use futures_util::TryStreamExt;
use model::secret::Secret;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use crate::mailer::Security;

/// How long the server may take for one command.
const PATIENCE: Duration = Duration::from_secs(30);
/// A server may hang up on who is silent for half an hour (RFC 2177), and
/// routers forget sooner.
const IDLE: Duration = Duration::from_secs(5 * 60);
/// So much of a letter is read: a report stands at its beginning.
const LETTER_MAX: u32 = 256 * 1024;
/// So many letters are read at a time.
const BATCH: usize = 50;

/// The mailbox and how to reach it.
#[derive(Clone, Debug)]
pub struct MailboxSettings {
    /// Host name; its certificate is checked against it.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Protection.
    pub security: Security,
    /// Login.
    pub user: String,
    /// Its password.
    pub password: Secret,
    /// Folder; `INBOX` is where letters arrive.
    pub folder: String,
}

/// Why the mailbox can't be read now.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MailboxError {
    #[error("the mailbox's server can't be reached: {0}")]
    Connection(#[from] io::Error),
    #[error("the mailbox's server is too slow")]
    Slow,
    #[error("{0:?} is no host name")]
    Host(String),
    #[error("TLS can't be set up: {0}")]
    Tls(rustls::Error),
    #[error("the mailbox's server refused the login")]
    Login,
    #[error("the mailbox has no folder {0:?}")]
    Folder(String),
    #[error("the mailbox's server can't be understood: {0}")]
    Protocol(String),
}

impl From<async_imap::error::Error> for MailboxError {
    fn from(error: async_imap::error::Error) -> Self {
        use async_imap::error::Error;
        match error {
            Error::Io(error) => Self::Connection(error),
            Error::ConnectionLost => Self::Connection(io::ErrorKind::ConnectionReset.into()),
            // What it quotes may be a piece of a letter: its kind is enough.
            Error::Bad(_) => Self::Protocol("it called a command wrong".into()),
            Error::No(_) => Self::Protocol("it refused a command".into()),
            _ => Self::Protocol("its answer is none".into()),
        }
    }
}

/// A connection, with or without TLS.
trait Connection: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug> Connection for T {}

/// The mailbox, opened.
pub(crate) struct Mailbox {
    session: Session<Box<dyn Connection>>,
    /// Tells of new letters by itself.
    idle: bool,
    /// Can remove one letter and leave the others.
    removes: bool,
}

impl Mailbox {
    /// Connects, signs in and opens the folder.
    pub(crate) async fn open(settings: &MailboxSettings) -> Result<Self, MailboxError> {
        let client = patiently(connect(settings)).await?;
        let login = client.login(&settings.user, settings.password.reveal());
        let mut session = within(login).await?.map_err(|(error, _)| match error {
            async_imap::error::Error::No(_) => MailboxError::Login,
            other => other.into(),
        })?;
        let able = patiently(async { Ok(session.capabilities().await?) }).await?;
        within(session.select(&settings.folder))
            .await?
            .map_err(|error| match error {
                async_imap::error::Error::No(_) => MailboxError::Folder(settings.folder.clone()),
                other => other.into(),
            })?;
        Ok(Self {
            session,
            idle: able.has_str("IDLE"),
            removes: able.has_str("UIDPLUS"),
        })
    }

    /// Letters that nobody has read, the oldest first; not all where there are many.
    pub(crate) async fn unread(&mut self) -> Result<Vec<Uid>, MailboxError> {
        let found = patiently(async {
            let found = self.session.uid_search("UNSEEN UNDELETED").await?;
            Ok(found)
        });
        let mut found: Vec<Uid> = found.await?.into_iter().collect();
        found.sort_unstable();
        found.truncate(BATCH);
        Ok(found)
    }

    /// The beginning of a letter; none where it has gone meanwhile.
    pub(crate) async fn letter(&mut self, id: Uid) -> Result<Option<Vec<u8>>, MailboxError> {
        let query = format!("(UID BODY.PEEK[]<0.{LETTER_MAX}>)");
        patiently(async {
            let answers = self.session.uid_fetch(id.to_string(), &query).await?;
            let answers: Vec<Fetch> = answers.try_collect().await?;
            let letter = answers.iter().find(|answer| answer.uid == Some(id));
            Ok(letter.and_then(Fetch::body).map(<[u8]>::to_vec))
        })
        .await
    }

    /// Takes the letter for read: it is not given again.
    pub(crate) async fn keep(&mut self, id: Uid) -> Result<(), MailboxError> {
        self.mark(id, "+FLAGS.SILENT (\\Seen)").await
    }

    /// Removes the letter; a server that can't remove one alone marks it as deleted.
    pub(crate) async fn remove(&mut self, id: Uid) -> Result<(), MailboxError> {
        self.mark(id, "+FLAGS.SILENT (\\Seen \\Deleted)").await?;
        if !self.removes {
            return Ok(());
        }
        patiently(async {
            let removed = self.session.uid_expunge(id.to_string()).await?;
            let _: Vec<_> = removed.try_collect().await?;
            Ok(())
        })
        .await
    }

    async fn mark(&mut self, id: Uid, change: &str) -> Result<(), MailboxError> {
        patiently(async {
            let marked = self.session.uid_store(id.to_string(), change).await?;
            let _: Vec<Fetch> = marked.try_collect().await?;
            Ok(())
        })
        .await
    }

    /// Waits until there may be new letters; so long, where the server does not tell.
    pub(crate) async fn wait(mut self, poll: Duration) -> Result<Self, MailboxError> {
        if !self.idle {
            tokio::time::sleep(poll).await;
            patiently(async { Ok(self.session.noop().await?) }).await?;
            return Ok(self);
        }
        let mut idle = self.session.idle();
        patiently(async { Ok(idle.init().await?) }).await?;
        // The interrupt ends the waiting when it is dropped.
        let (told, _interrupt) = idle.wait_with_timeout(IDLE);
        // A server that chats without end is left in time as well.
        match timeout(2 * IDLE, told).await {
            Ok(told) => drop(told?),
            Err(_) => return Err(MailboxError::Slow),
        }
        let session = patiently(async { Ok(idle.done().await?) }).await?;
        Ok(Self { session, ..self })
    }
}

async fn connect(settings: &MailboxSettings) -> Result<Client<Box<dyn Connection>>, MailboxError> {
    let stream = TcpStream::connect((settings.host.as_str(), settings.port)).await?;
    match settings.security {
        Security::None => greeted(Box::new(stream)).await,
        Security::Tls => greeted(Box::new(secured(settings, stream).await?)).await,
        Security::StartTls => {
            let mut client = Client::new(stream);
            greeting(&mut client).await?;
            client.run_command_and_check_ok("STARTTLS", None).await?;
            // What came before TLS and was not read yet is dropped here.
            let stream = secured(settings, client.into_inner()).await?;
            Ok(Client::new(Box::new(stream)))
        }
    }
}

async fn greeted(stream: Box<dyn Connection>) -> Result<Client<Box<dyn Connection>>, MailboxError> {
    let mut client = Client::new(stream);
    greeting(&mut client).await?;
    Ok(client)
}

async fn greeting<T>(client: &mut Client<T>) -> Result<(), MailboxError>
where
    T: AsyncRead + AsyncWrite + Unpin + fmt::Debug + Send,
{
    match client.read_response().await? {
        Some(_) => Ok(()),
        None => Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
    }
}

async fn secured(
    settings: &MailboxSettings,
    stream: TcpStream,
) -> Result<tokio_rustls::client::TlsStream<TcpStream>, MailboxError> {
    let mut roots = RootCertStore::empty();
    // Those of this machine, as for the mail server that letters leave through.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(MailboxError::Tls)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(settings.host.clone())
        .map_err(|_| MailboxError::Host(settings.host.clone()))?;
    let connector = TlsConnector::from(Arc::new(config));
    Ok(connector.connect(name, stream).await?)
}

async fn within<T>(work: impl Future<Output = T>) -> Result<T, MailboxError> {
    timeout(PATIENCE, work)
        .await
        .map_err(|_| MailboxError::Slow)
}

async fn patiently<T>(
    work: impl Future<Output = Result<T, MailboxError>>,
) -> Result<T, MailboxError> {
    within(work).await?
}
