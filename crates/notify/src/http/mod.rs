//! Requests to addresses that customers and browsers gave.
//!
//! Whoever gave the address must not reach this machine or its network with
//! it. So the name is resolved here, each of its addresses is looked at, and
//! the connection goes to one that was: nothing resolves the name again. No
//! proxy stands between, and a redirection is an answer like any other.

mod connect;
mod exchange;
mod resolve;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use model::network::Network;
use model::web_address::WebAddress;
use rustls::pki_types::CertificateDer;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

pub use resolve::{Resolve, SystemResolver};

/// From the name to the end of the answer.
const WHOLE: Duration = Duration::from_secs(15);

/// How much of an answer's body is read: what is not read is not needed.
pub(crate) const BODY_MAX: usize = 16 * 1024;

/// Who asks, in the words of RFC 9110, section 10.1.5.
const AGENT: &str = concat!("Telefonistka/", env!("CARGO_PKG_VERSION"));

/// What requests may reach.
#[derive(Clone, Debug, Default)]
pub struct OutboundSettings {
    /// Networks besides the public ones. Within them a request may go unprotected, too.
    pub allowed: Vec<Network>,
    /// Certificates that are trusted besides the system's.
    pub trusted: Vec<CertificateDer<'static>>,
}

/// The settings can't be used.
#[derive(Debug, thiserror::Error)]
#[error("TLS can't be set up: {0}")]
pub struct OutboundError(#[from] rustls::Error);

/// Why there is no answer. None of it names an address or a path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// The name leads nowhere.
    #[error("the name of the host is not known")]
    UnknownHost,
    /// The name leads to where requests must not go.
    #[error("the address leads into a network that must not be reached")]
    Forbidden,
    /// Without TLS only the networks that the configuration names are reached.
    #[error("only https:// is allowed here")]
    Unprotected,
    /// Nobody took the connection.
    #[error("no connection: {0}")]
    Connect(String),
    /// TLS did not come about.
    #[error("no protected connection: {0}")]
    Tls(String),
    /// The connection broke, or what came over it was no answer.
    #[error("no proper answer: {0}")]
    Broken(String),
    /// It took too long.
    #[error("no answer within {} s", .0.as_secs())]
    TooSlow(Duration),
}

/// A request; always a POST.
pub(crate) struct Request<'a> {
    pub(crate) to: &'a WebAddress,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// How long to wait before the next try, where the answer says so in seconds.
    pub(crate) retry_after: Option<Duration>,
}

/// Sends requests; cheap to clone.
#[derive(Clone)]
pub struct Outbound {
    shared: Arc<Shared>,
}

struct Shared {
    allowed: Vec<Network>,
    tls: TlsConnector,
    resolver: Box<dyn Resolve>,
    whole: Duration,
}

impl fmt::Debug for Outbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbound")
            .field("allowed", &self.shared.allowed)
            .finish_non_exhaustive()
    }
}

impl Outbound {
    /// Connects nowhere yet.
    pub fn new(settings: OutboundSettings) -> Result<Self, OutboundError> {
        Self::with(settings, Box::new(SystemResolver), WHOLE)
    }

    /// With names resolved otherwise, and another limit of time for a whole request.
    pub fn with(
        settings: OutboundSettings,
        resolver: Box<dyn Resolve>,
        whole: Duration,
    ) -> Result<Self, OutboundError> {
        Ok(Self {
            shared: Arc::new(Shared {
                tls: connect::tls(&settings.trusted)?,
                allowed: settings.allowed,
                resolver,
                whole,
            }),
        })
    }

    /// Posts, and reads the answer as far as it is of use. An answer that
    /// breaks off is none: whoever sent it may have kept nothing.
    pub(crate) async fn post(&self, request: Request<'_>) -> Result<Answer, RequestError> {
        let whole = self.shared.whole;
        timeout(whole, self.try_post(request))
            .await
            .unwrap_or(Err(RequestError::TooSlow(whole)))
    }

    async fn try_post(&self, request: Request<'_>) -> Result<Answer, RequestError> {
        let shared = &self.shared;
        let addresses =
            resolve::reachable(request.to, shared.resolver.as_ref(), &shared.allowed).await?;
        let stream = connect::first(&addresses).await?;
        if request.to.is_protected() {
            let stream = connect::protect(&shared.tls, request.to, stream).await?;
            exchange::exchange(stream, request).await
        } else {
            exchange::exchange(stream, request).await
        }
    }
}
