//! The handle that the rest of the product holds.

use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use model::audio::AudioStream;
use model::id::{LegId, LineId};
use model::pbx::{Connection, PbxAccount};
use rsipstack::EndpointBuilder;
use rsipstack::transaction::CallIdFormat;
use rsipstack::transaction::endpoint::{EndpointOption, TransportEventInspector};
use rsipstack::transport::udp::UdpConnection;
use rsipstack::transport::{SipAddr, SipConnection, TransportEvent, TransportLayer};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::core::Core;
use crate::dispatch;
use crate::event::{Event, LegEnd, Refusal};
use crate::invitation::OwnAck;
use crate::leg::Command;
use crate::line::Line;
use crate::lookup::Lookup;
use crate::merged::Invitations;
use crate::network::Network;
use crate::placed::Placed;
use crate::socket::{self, Guarded, Peers, lock};

/// How this side names itself to PBXs.
const USER_AGENT: &str = concat!("Telefonistka/", env!("CARGO_PKG_VERSION"));

/// How long registrations may take to be taken back at the end.
const SHUTDOWN_WITHIN: Duration = Duration::from_secs(2);

/// How an endpoint stands in the network.
#[derive(Clone, Debug)]
pub struct EndpointConfig {
    /// Where it listens, on UDP and TCP alike; port 0 chooses one.
    pub listen: SocketAddr,
    /// The address that PBXs reach it at, where that differs.
    pub external: Option<IpAddr>,
    /// Networks besides the public ones that customers' server names may lead to.
    pub allowed: Vec<Network>,
}

/// Why an endpoint did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address can't be listened on.
    #[error("can't listen for SIP on {address}: {source}")]
    Listen {
        /// The address of the configuration.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// The SIP stack refused to start.
    #[error("the SIP stack did not start: {0}")]
    Stack(String),
}

/// The SIP side of the product: all lines' registrations and calls.
#[derive(Clone)]
pub struct Endpoint {
    core: Arc<Core>,
}

impl Endpoint {
    /// Listens, and serves until [`Endpoint::shutdown`].
    pub async fn start(
        config: EndpointConfig,
        events: mpsc::Sender<Event>,
    ) -> Result<Self, StartError> {
        let failed = |source| StartError::Listen {
            address: config.listen,
            source,
        };
        let (udp, tcp) = socket::listen(config.listen).await.map_err(failed)?;
        let listen = udp.local_addr().map_err(failed)?;
        let end = CancellationToken::new();
        let peers = Arc::new(Peers::default());
        let transports = TransportLayer::new(end.clone());
        let udp = UdpConnection::from_socket(
            Arc::new(Guarded::new(udp, peers.clone())),
            config.external.map(|ip| SocketAddr::new(ip, listen.port())),
            Some(end.child_token()),
        )
        .await
        .map_err(|error| StartError::Stack(error.to_string()))?;
        transports.add_transport(SipConnection::Udp(udp));
        let (closed, closings) = mpsc::unbounded_channel();
        let stack = EndpointBuilder::new()
            .with_user_agent(USER_AGENT)
            .with_transport_layer(transports)
            .with_cancel_token(end.clone())
            .with_inspector(Box::new(OwnAck))
            .with_transport_inspector(Box::new(Closings(closed)))
            .with_option(EndpointOption {
                // Some PBXs let an extension ring for five minutes.
                timerc: Duration::from_secs(600),
                callid_format: CallIdFormat::Uuid,
                ..EndpointOption::default()
            })
            .build();
        let requests = stack
            .incoming_transactions()
            .map_err(|error| StartError::Stack(error.to_string()))?;
        let core = Arc::new(Core {
            stack: stack.inner.clone(),
            events,
            lookup: Lookup::new(config.allowed, listen.is_ipv4()),
            peers,
            end: end.clone(),
            runtime: Handle::current(),
            listen,
            external: config.external,
            lines: Mutex::default(),
            contacts: Mutex::default(),
            legs: Mutex::default(),
            dialogs: Mutex::default(),
            invitations: Invitations::default(),
        });
        tokio::spawn(async move { stack.serve().await });
        tokio::spawn(socket::accept(tcp, core.stack.clone(), end));
        tokio::spawn(dispatch::run(core.clone(), requests));
        tokio::spawn(watch_connections(core.clone(), closings));
        Ok(Self { core })
    }

    /// Where it listens, the port that was chosen included.
    pub fn address(&self) -> SocketAddr {
        self.core.listen
    }

    /// Registers the line now and keeps it registered; a registration of this
    /// line that there was gives way. `contact` is the user part that the PBX
    /// will call.
    pub fn connect(&self, line: LineId, contact: String, account: PbxAccount) {
        let core = &self.core;
        let started = Line::start(core, line, contact, account);
        lock(&core.contacts).insert(started.contact.clone(), line);
        let Some(old) = lock(&core.lines).insert(line, started.clone()) else {
            return;
        };
        if old.contact != started.contact {
            lock(&core.contacts).remove(&old.contact);
        }
        // The same contact at the same user is taken over by the new
        // registration: taking it back could undo that one.
        if started.takes_over(&old) {
            old.abandon();
        } else {
            old.give_way();
        }
    }

    /// Takes the line's registration back and forgets the line. Its calls go on.
    pub async fn disconnect(&self, line: LineId) {
        let Some(line) = lock(&self.core.lines).remove(&line) else {
            return;
        };
        line.stop();
        line.stopped().await;
        let mut contacts = lock(&self.core.contacts);
        if contacts.get(&line.contact) == Some(&line.id)
            && !lock(&self.core.lines).contains_key(&line.id)
        {
            contacts.remove(&line.contact);
        }
    }

    /// What the latest [`Endpoint::connect`] came to: `Registered` or
    /// `Failed`; `Connecting` where it is still open after `timeout`.
    pub async fn await_outcome(&self, line: LineId, timeout: Duration) -> Connection {
        let Some(line) = self.core.line(line) else {
            return Connection::NotConfigured;
        };
        let mut state = line.state.clone();
        let settled = state.wait_for(|state| *state != Connection::Connecting);
        match tokio::time::timeout(timeout, settled).await {
            Ok(Ok(state)) => state.clone(),
            Ok(Err(_)) | Err(_) => line.state.borrow().clone(),
        }
    }

    /// How the line's connection stands.
    pub fn connection(&self, line: LineId) -> Connection {
        match self.core.line(line) {
            Some(line) => line.state.borrow().clone(),
            None => Connection::NotConfigured,
        }
    }

    /// Lets the caller hear ringing.
    pub fn ring(&self, leg: LegId) {
        self.core.command(leg, Command::Ring);
    }

    /// Answers the call; `local` says where this side takes sound.
    pub fn answer(&self, leg: LegId, local: AudioStream) {
        self.core.command(leg, Command::Answer(local));
    }

    /// Does not take the call.
    pub fn refuse(&self, leg: LegId, refusal: Refusal) {
        self.core.command(leg, Command::Refuse(refusal));
    }

    /// Ends the leg, whatever it is at.
    pub fn hang_up(&self, leg: LegId) {
        self.core.command(leg, Command::HangUp);
    }

    /// Calls `to` (an extension or a number, as the PBX dials it) through the line.
    pub fn place(&self, line: LineId, to: &str, local: AudioStream) -> LegId {
        let leg = LegId(uuid::Uuid::new_v4());
        let call_id = uuid::Uuid::new_v4().simple().to_string();
        let core = self.core.clone();
        let found = core.line(line).and_then(|line| {
            let seat = core.seat(leg, (call_id.clone(), leg.0.simple().to_string()))?;
            Some((line, seat))
        });
        let (runtime, to) = (core.runtime.clone(), to.to_owned());
        match found {
            Some((line, seat)) => {
                runtime.spawn(
                    Placed {
                        core,
                        line,
                        leg,
                        seat,
                        call_id,
                        to,
                        local,
                    }
                    .run(),
                );
            }
            None => {
                runtime.spawn(async move {
                    core.tell(Event::Ended {
                        leg,
                        cause: LegEnd::Failed,
                    })
                    .await;
                });
            }
        }
        leg
    }

    /// Legs that are not over yet.
    pub fn legs(&self) -> usize {
        lock(&self.core.legs).len()
    }

    /// Takes all registrations back, for two seconds at most, and stops.
    pub async fn shutdown(&self) {
        let lines: Vec<_> = lock(&self.core.lines)
            .drain()
            .map(|(_, line)| line)
            .collect();
        for line in &lines {
            line.stop();
        }
        let all = async {
            for line in &lines {
                line.stopped().await;
            }
        };
        if tokio::time::timeout(SHUTDOWN_WITHIN, all).await.is_err() {
            tracing::warn!("not every registration could be taken back in time");
        }
        self.core.end.cancel();
    }
}

/// Passes on which streams closed.
struct Closings(mpsc::UnboundedSender<SipAddr>);

impl TransportEventInspector for Closings {
    // The trait is written with `async_trait`; this is what that makes of it.
    fn handle<'s, 'f>(
        &'s self,
        event: TransportEvent,
    ) -> Pin<Box<dyn Future<Output = Option<TransportEvent>> + Send + 'f>>
    where
        's: 'f,
        Self: 'f,
    {
        if let TransportEvent::Closed(connection) = &event
            && let Some(peer) = connection.get_remote_addr()
        {
            let _ = self.0.send(peer.clone());
        }
        Box::pin(std::future::ready(Some(event)))
    }
}

async fn watch_connections(core: Arc<Core>, mut closings: mpsc::UnboundedReceiver<SipAddr>) {
    loop {
        let closed = tokio::select! {
            () = core.end.cancelled() => return,
            closed = closings.recv() => closed,
        };
        let Some(closed) = closed else { return };
        if let Ok(peer) = closed.get_socketaddr() {
            for line in lock(&core.lines).values() {
                line.connection_lost(peer);
            }
        }
    }
}
