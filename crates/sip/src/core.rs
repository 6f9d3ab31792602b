//! What the parts of a running endpoint share.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::{Arc, Mutex};

use model::id::{LegId, LineId};
use model::pbx::{PbxAccount, Transport};
use rsipstack::transaction::Transaction;
use rsipstack::transaction::endpoint::EndpointInnerRef;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::connections::Connections;
use crate::doctor::Doctors;
use crate::event::Event;
use crate::known::{Contacts, Dialogs, Peers};
use crate::leg::Command;
use crate::line::Line;
use crate::lookup::{Lookup, Server};
use crate::merged::Invitations;
use crate::registration::Watch;
use crate::socket::lock;
use crate::trace::Traces;
use crate::wire::Way;

/// A dialog's name on this side: Call-ID and our tag.
pub(crate) type DialogId = (String, String);

/// Most legs at a time; a call beyond them is told that the service is full.
const LEGS_MAX: usize = 20_000;

/// The shared state of an endpoint.
pub(crate) struct Core {
    pub(crate) stack: EndpointInnerRef,
    pub(crate) events: mpsc::Sender<Event>,
    pub(crate) lookup: Lookup,
    pub(crate) peers: Arc<Peers>,
    pub(crate) end: CancellationToken,
    pub(crate) runtime: Handle,
    pub(crate) listen: SocketAddr,
    pub(crate) external: Vec<IpAddr>,
    pub(crate) lines: Mutex<HashMap<LineId, Arc<Line>>>,
    pub(crate) contacts: Contacts,
    pub(crate) watch: Mutex<Watch>,
    pub(crate) connections: Arc<Connections>,
    pub(crate) legs: Mutex<HashMap<LegId, mpsc::UnboundedSender<Command>>>,
    pub(crate) dialogs: Dialogs,
    pub(crate) invitations: Invitations,
    pub(crate) traces: Traces,
    pub(crate) doctors: Arc<Doctors>,
}

impl Core {
    /// How requests of an account's line travel.
    pub(crate) fn way(&self, account: &PbxAccount) -> Way {
        let shown = (account.transport == Transport::Tls).then(|| {
            let typed = account.proxy.as_deref().unwrap_or(&account.server);
            (Server::parse(typed, None).host, account.trust.clone())
        });
        Way {
            stack: self.stack.clone(),
            traces: self.traces.clone(),
            connections: self.connections.clone(),
            shown,
        }
    }

    /// The line of a contact's user part.
    pub(crate) fn line_of(&self, contact: &str) -> Option<Arc<Line>> {
        let line = lock(&self.contacts).get(contact).copied()?;
        self.line(line)
    }

    pub(crate) fn line(&self, line: LineId) -> Option<Arc<Line>> {
        lock(&self.lines).get(&line).cloned()
    }

    /// The address that a PBX is told to reach this side at.
    pub(crate) fn advertised(&self, towards: IpAddr) -> SocketAddr {
        let towards = towards.to_canonical();
        let told = self.external.iter();
        let mut told = told.filter(|ip| ip.is_ipv4() == towards.is_ipv4());
        let ip = match told.next() {
            Some(ip) => *ip,
            None if self.listen.ip().is_unspecified() => {
                local_towards(towards).unwrap_or(self.listen.ip())
            }
            None => self.listen.ip(),
        };
        SocketAddr::new(ip, self.listen.port())
    }

    /// Tells the product; it waits while the product has not caught up.
    pub(crate) async fn tell(&self, event: Event) {
        // What belongs to a doctor's call is no news to anybody else.
        let Some(event) = self.doctors.take(event) else {
            return;
        };
        if self.events.send(event).await.is_err() {
            tracing::debug!("nobody listens to the endpoint any more");
        }
    }

    /// Carries a command to its leg; one that is over takes none.
    pub(crate) fn command(&self, leg: LegId, command: Command) {
        if let Some(commands) = lock(&self.legs).get(&leg) {
            let _ = commands.send(command);
        }
    }

    /// Enters a leg and its dialog, unless there are too many; they leave when
    /// the seat is dropped.
    pub(crate) fn seat(self: &Arc<Self>, leg: LegId, dialog: DialogId) -> Option<Seat> {
        let (command, commands) = mpsc::unbounded_channel();
        let (request, requests) = mpsc::unbounded_channel();
        {
            let mut legs = lock(&self.legs);
            if legs.len() >= LEGS_MAX {
                return None;
            }
            legs.insert(leg, command);
        }
        lock(&self.dialogs).insert(dialog.clone(), request);
        Some(Seat {
            core: self.clone(),
            leg,
            dialog,
            commands,
            requests,
        })
    }
}

/// A leg's places in the endpoint's tables, and what arrives there for it.
pub(crate) struct Seat {
    core: Arc<Core>,
    leg: LegId,
    dialog: DialogId,
    pub(crate) commands: mpsc::UnboundedReceiver<Command>,
    pub(crate) requests: mpsc::UnboundedReceiver<Transaction>,
}

impl Seat {
    /// Whose it is.
    pub(crate) fn leg(&self) -> LegId {
        self.leg
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        lock(&self.core.legs).remove(&self.leg);
        lock(&self.core.dialogs).remove(&self.dialog);
    }
}

/// The address that the system would send from: nothing is sent for it.
fn local_towards(ip: IpAddr) -> Option<IpAddr> {
    let any: SocketAddr = match ip {
        IpAddr::V4(_) => ([0, 0, 0, 0], 0).into(),
        IpAddr::V6(_) => ([0; 16], 0).into(),
    };
    let socket = UdpSocket::bind(any).ok()?;
    socket.connect((ip, 9)).ok()?;
    Some(socket.local_addr().ok()?.ip())
}
