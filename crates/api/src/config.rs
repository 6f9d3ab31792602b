//! What the HTTP side is made of.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::ops::Deref;
use std::sync::Arc;

use axum::http::HeaderMap;
use metrics_exporter_prometheus::PrometheusHandle;
use model::id::CompanyId;
use store::{Recordings, Store};
use switchboard::handle::Handle;
use tokio_util::sync::CancellationToken;

use crate::csrf::own_origins;
use crate::demo::Demo;
use crate::hooks::HookSender;
use crate::limits::{RESETS, SIGN_INS, TryLimits, Turn, Turns};
use crate::people::Letters;
use crate::problem::{Code, Problem};
use crate::web::Page;

/// Makes a WAV file of a packed recording; blocking.
pub type DecodeWav = Arc<dyn Fn(Vec<u8>) -> Result<Vec<u8>, String> + Send + Sync>;

/// What is configured.
#[derive(Clone)]
pub struct ApiConfig {
    /// Address under which browsers reach this server, such as `https://calls.example.ru`.
    pub public_url: String,
    /// A reverse proxy stands before this server: the client's address is the
    /// last one in its `X-Forwarded-For`.
    pub behind_proxy: bool,
    /// Mail is set up: messages go out as letters, too.
    pub email_enabled: bool,
    /// Sends letters with first passwords, where mail is set up.
    pub letters: Option<Arc<dyn Letters>>,
    /// `/metrics` is served by [`operations`](crate::operations) on a listener
    /// of its own, and not on this one.
    pub metrics_elsewhere: bool,
    /// The demo, where this is one.
    pub demo: Option<Arc<dyn Demo>>,
    /// Makes a WAV file of a packed recording.
    pub decode_wav: DecodeWav,
    /// Sends single events to webhooks.
    pub hooks: Arc<dyn HookSender>,
    /// Webhooks and push services may be reached without TLS in networks that
    /// the configuration names.
    pub unprotected_hooks: bool,
    /// The key that browsers subscribe under.
    pub push_key: String,
}

impl fmt::Debug for ApiConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiConfig")
            .field("public_url", &self.public_url)
            .field("behind_proxy", &self.behind_proxy)
            .field("email_enabled", &self.email_enabled)
            .field("metrics_elsewhere", &self.metrics_elsewhere)
            .field("demo", &self.demo.is_some())
            .finish_non_exhaustive()
    }
}

/// What the HTTP side works with.
pub struct ApiParts {
    /// The database.
    pub store: Store,
    /// The recordings.
    pub recordings: Recordings,
    /// The running switchboard.
    pub switchboard: Handle,
    /// The files of the web build, by path.
    pub pages: fn(&str) -> Option<Page>,
    /// What is configured.
    pub config: ApiConfig,
    /// Renders `/metrics`.
    pub metrics: PrometheusHandle,
}

/// The HTTP side's state; cheap to clone.
#[derive(Clone)]
pub struct Api(Arc<Shared>);

/// What the endpoints share.
pub struct Shared {
    pub(crate) parts: ApiParts,
    pub(crate) origins: Vec<String>,
    pub(crate) sign_in_limits: TryLimits,
    pub(crate) reset_limits: TryLimits,
    /// Companies that just wait for a receiver of theirs.
    pub(crate) hook_turns: Turns<CompanyId>,
    /// Cancelled when the server stops, so that streams end.
    pub(crate) stopping: CancellationToken,
}

impl Deref for Api {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl Deref for Shared {
    type Target = ApiParts;

    fn deref(&self) -> &ApiParts {
        &self.parts
    }
}

impl Api {
    /// Puts the parts together.
    pub fn new(parts: ApiParts) -> Self {
        let origins = own_origins(&parts.config.public_url);
        Self(Arc::new(Shared {
            parts,
            origins,
            sign_in_limits: TryLimits::new(SIGN_INS),
            reset_limits: TryLimits::new(RESETS),
            hook_turns: Turns::default(),
            stopping: CancellationToken::new(),
        }))
    }

    /// A company's turn to send a single event: one at a time, for each waits
    /// for a server of somebody else's.
    pub(crate) fn hook_turn(&self, company: CompanyId) -> Result<Turn<CompanyId>, Problem> {
        let turn = self.hook_turns.take(company);
        turn.ok_or_else(|| Code::HookBusy.into())
    }

    /// The address that a request comes from.
    pub(crate) fn client(&self, peer: Option<SocketAddr>, headers: &HeaderMap) -> IpAddr {
        let told = || {
            let value = headers
                .get_all("x-forwarded-for")
                .iter()
                .next_back()?
                .to_str()
                .ok()?;
            value.rsplit(',').next()?.trim().parse().ok()
        };
        let proxied = if self.config.behind_proxy {
            told()
        } else {
            None
        };
        proxied
            .or(peer.map(|peer| peer.ip()))
            .unwrap_or(IpAddr::from([0, 0, 0, 0]))
    }
}
