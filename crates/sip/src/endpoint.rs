//! The handle that the rest of the product holds.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use model::audio::{AudioStream, Digit};
use model::id::{LegId, LineId};
use model::pbx::{Connection, PbxAccount};
use rsipstack::EndpointBuilder;
use rsipstack::transaction::CallIdFormat;
use rsipstack::transaction::endpoint::EndpointOption;
use rsipstack::transport::udp::UdpConnection;
use rsipstack::transport::{SipConnection, TransportLayer};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::border::Border;
use crate::connections::Connections;
use crate::core::Core;
use crate::dispatch;
use crate::event::{Event, LegEnd, Refusal};
use crate::invitation::OwnAck;
use crate::known::Known;
use crate::leg::Command;
use crate::line::Line;
use crate::lookup::Lookup;
use crate::merged::Invitations;
use crate::placed::Placed;
use crate::refer::Target;
use crate::refused::Refused;
use crate::socket::{self, Guarded, lock};
use crate::stream::{self, Gate};
use crate::trace::Traces;
use model::network::Network;

/// How this side names itself to PBXs.
const USER_AGENT: &str = concat!("Telefonistka/", env!("CARGO_PKG_VERSION"));

/// How long registrations may take to be taken back at the end.
const SHUTDOWN_WITHIN: Duration = Duration::from_secs(2);

/// How an endpoint stands in the network.
#[derive(Clone, Debug)]
pub struct EndpointConfig {
    /// Where it listens, on UDP and TCP alike; port 0 chooses one.
    pub listen: SocketAddr,
    /// The addresses that PBXs reach it at, where they differ: one of a family at most.
    pub external: Vec<IpAddr>,
    /// Networks besides the public ones that customers' server names may lead to.
    pub allowed: Vec<Network>,
    /// Name servers to ask; none asks the system's.
    pub name_servers: Vec<SocketAddr>,
}

impl EndpointConfig {
    /// An endpoint that listens there, and reaches public addresses only.
    pub fn at(listen: SocketAddr) -> Self {
        Self {
            listen,
            external: Vec::new(),
            allowed: Vec::new(),
            name_servers: Vec::new(),
        }
    }
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
    pub(crate) core: Arc<Core>,
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
        // The stack's TLS takes the process's; one that there is already stays.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let end = CancellationToken::new();
        let known = Known::default();
        let border = Arc::new(Border::new(known.clone()));
        let refused = Refused {
            traces: Traces::new(known.clone()),
            doctors: Arc::default(),
        };
        let Refused { traces, doctors } = refused.clone();
        let transports = TransportLayer::new(end.clone());
        let udp = UdpConnection::from_socket(
            Arc::new(Guarded::new(udp, border.clone(), refused.clone())),
            config
                .external
                .first()
                .map(|ip| SocketAddr::new(*ip, listen.port())),
            Some(end.child_token()),
        )
        .await
        .map_err(|error| StartError::Stack(error.to_string()))?;
        transports.add_transport(SipConnection::Udp(udp));
        let (gone, closings) = mpsc::unbounded_channel();
        let connections = Arc::new(Connections::new(gone, end.clone()));
        let gate = Gate {
            border,
            visitors: Arc::default(),
            refused,
            connections: connections.clone(),
        };
        let visitors = gate.visitors.clone();
        let stack = EndpointBuilder::new()
            .with_user_agent(USER_AGENT)
            .with_transport_layer(transports)
            .with_cancel_token(end.clone())
            .with_inspector(Box::new(OwnAck(traces.clone())))
            .with_transport_inspector(Box::new(gate))
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
            lookup: Lookup::new(config.allowed, listen.ip(), &config.name_servers),
            peers: known.peers.clone(),
            end: end.clone(),
            runtime: Handle::current(),
            listen,
            external: config.external,
            lines: Mutex::default(),
            contacts: known.contacts,
            watch: Mutex::default(),
            connections,
            legs: Mutex::default(),
            dialogs: known.dialogs,
            invitations: Invitations::default(),
            traces,
            doctors,
        });
        tokio::spawn(async move { stack.serve().await });
        tokio::spawn(stream::accept(
            tcp,
            core.stack.clone(),
            known.peers,
            visitors,
            end,
        ));
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

    /// Address of the server that the line talks with; none while there is none.
    pub fn server(&self, line: LineId) -> Option<IpAddr> {
        let line = self.core.line(line)?;
        line.server().map(|server| server.ip())
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

    /// Tells the PBX of a key by the signalling, as one wants it that takes no
    /// keys with the sound; keys go one after another. [`Event::NotPressed`]
    /// follows for each that is not taken.
    pub fn press(&self, leg: LegId, digit: Digit) {
        self.core.command(leg, Command::Press(digit));
    }

    /// Asks the PBX to connect the other end of an answered leg with a number,
    /// as the PBX dials it. [`Event::Referred`] tells what becomes of that; a
    /// PBX that tells nothing has to be given up on by whoever asked.
    pub fn refer(&self, leg: LegId, to: &str) {
        let target = Target::Number(to.to_owned());
        self.core.command(leg, Command::Refer(target));
    }

    /// Asks the PBX to connect the other ends of two answered legs with each
    /// other, which takes both out of this side's hands (RFC 3891). It is
    /// `leg` that [`Event::Referred`] tells of.
    pub fn refer_to_leg(&self, leg: LegId, other: LegId) {
        self.core.command(other, Command::Lend(leg));
    }

    /// Calls `to` (an extension or a number, as the PBX dials it) through the line.
    pub fn place(&self, line: LineId, to: &str, local: AudioStream) -> LegId {
        let leg = LegId(uuid::Uuid::new_v4());
        self.place_leg(leg, line, to, local);
        leg
    }

    /// The same, for a leg that has its id already.
    pub fn place_leg(&self, leg: LegId, line: LineId, to: &str, local: AudioStream) {
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
    }

    /// What went over the wire for the lines lately.
    pub fn traces(&self) -> Traces {
        self.core.traces.clone()
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

async fn watch_connections(core: Arc<Core>, mut closings: mpsc::UnboundedReceiver<SocketAddr>) {
    loop {
        let closed = tokio::select! {
            () = core.end.cancelled() => return,
            closed = closings.recv() => closed,
        };
        let Some(server) = closed else { return };
        for line in lock(&core.lines).values() {
            line.connection_lost(server);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use tokio::net::UdpSocket;
    use tokio::sync::mpsc;

    use super::{Endpoint, EndpointConfig};

    #[tokio::test]
    async fn a_stranger_leaves_nothing_behind() {
        let (tell, mut events) = mpsc::channel(10);
        let config = EndpointConfig::at(SocketAddr::from(([127, 0, 0, 1], 0)));
        let endpoint = Endpoint::start(config, tell).await.expect("an endpoint");
        let stranger = UdpSocket::bind("127.0.0.1:0").await.expect("a socket");
        for (method, code) in [("INVITE", "404"), ("OPTIONS", "404"), ("REGISTER", "405")] {
            let text = format!(
                "{method} sip:100@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n\
                 From: <sip:100@h>;tag=1\r\nTo: <sip:100@h>\r\nCall-ID: 1\r\n\
                 CSeq: 1 {method}\r\nContent-Length: 0\r\n\r\n"
            );
            let to = endpoint.address();
            stranger.send_to(text.as_bytes(), to).await.expect("sent");
            let mut buffer = [0; 2048];
            let length = stranger.recv(&mut buffer).await.expect("an answer");
            let answer = String::from_utf8_lossy(&buffer[..length]);
            assert!(answer.starts_with(&format!("SIP/2.0 {code} ")), "{answer}");
        }
        let stats = endpoint.core.stack.get_stats();
        assert_eq!(
            (stats.running_transactions, stats.finished_transactions),
            (0, 0)
        );
        assert!(events.try_recv().is_err() && endpoint.legs() == 0);
    }
}
