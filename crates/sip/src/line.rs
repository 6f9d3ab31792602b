//! A line that is to be registered: whom it calls at, and where.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use model::id::LineId;
use model::pbx::{Connection, PbxAccount, Transport};
use rsipstack::transport::SipAddr;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::core::Core;
use crate::lookup::{Server, usual_port};
use crate::registration::Input;
use crate::socket::lock;
use crate::wire::{self, Way};

pub(crate) mod answer;
mod driver;

use driver::Driver;

/// A line that is to be registered.
pub(crate) struct Line {
    pub(crate) id: LineId,
    pub(crate) contact: String,
    pub(crate) account: PbxAccount,
    pub(crate) way: Way,
    pub(crate) state: watch::Receiver<Connection>,
    inputs: mpsc::UnboundedSender<Input>,
    /// The server last asked, and our contact's address there.
    place: Mutex<Option<(SocketAddr, SocketAddr)>>,
    /// Set while another registration takes this one's place: its end is no news.
    quiet: AtomicBool,
    abandoned: CancellationToken,
}

impl Line {
    /// Begins to register the line.
    pub(crate) fn start(
        core: &Arc<Core>,
        id: LineId,
        contact: String,
        account: PbxAccount,
    ) -> Arc<Self> {
        let (inputs, inbox) = mpsc::unbounded_channel();
        let (told, state) = watch::channel(Connection::Connecting);
        let line = Arc::new(Self {
            id,
            contact,
            way: core.way(&account),
            account,
            state,
            inputs,
            place: Mutex::new(None),
            quiet: false.into(),
            abandoned: core.end.child_token(),
        });
        line.tell(Input::Start);
        let driver = Driver::new(core.clone(), line.clone());
        core.runtime.spawn(driver.run(inbox, told));
        line
    }

    fn tell(&self, input: Input) {
        let _ = self.inputs.send(input);
    }

    /// Takes the registration back.
    pub(crate) fn stop(&self) {
        self.tell(Input::Stop);
    }

    /// Takes the registration back without a word, for another one follows.
    pub(crate) fn give_way(&self) {
        self.quiet.store(true, Ordering::Relaxed);
        self.stop();
    }

    /// Whether this registration replaces the other one at the PBX.
    pub(crate) fn takes_over(&self, other: &Self) -> bool {
        let place = |line: &Self| {
            let account = &line.account;
            let server = Server::parse(&account.server, account.port);
            (
                account.user.clone(),
                server.host,
                server.port.unwrap_or(usual_port(account.transport)),
                account.transport,
                account.trust.clone(),
                line.contact.clone(),
            )
        };
        place(self) == place(other)
    }

    /// Ends without a word to the PBX either: the same contact is registered anew.
    pub(crate) fn abandon(&self) {
        self.quiet.store(true, Ordering::Relaxed);
        self.abandoned.cancel();
    }

    /// Waits until the registration is taken back.
    pub(crate) async fn stopped(&self) {
        let mut state = self.state.clone();
        while state.changed().await.is_ok() {}
    }

    /// The stream to the server closed.
    pub(crate) fn connection_lost(&self, peer: SocketAddr) {
        if self.account.transport != Transport::Udp && self.server() == Some(peer) {
            self.tell(Input::ConnectionLost);
        }
    }

    /// The server that requests of this line go to, once there is one.
    pub(crate) fn server(&self) -> Option<SocketAddr> {
        lock(&self.place).map(|(server, _)| server)
    }

    /// Where requests of this line go.
    pub(crate) fn peer(&self) -> Option<SipAddr> {
        Some(wire::address(
            wire::transport(self.account.transport),
            self.server()?,
        ))
    }

    /// The line's contact as the PBX knows it.
    pub(crate) fn contact_uri(&self) -> Option<rsipstack::sip::Uri> {
        let (_, at) = (*lock(&self.place))?;
        Some(wire::contact(
            &self.contact,
            at,
            wire::transport(self.account.transport),
        ))
    }

    /// The account's address of record.
    pub(crate) fn record(&self) -> Option<rsipstack::sip::Uri> {
        let server = Server::parse(&self.account.server, self.account.port);
        Some(wire::uri(
            Some(&self.account.user),
            wire::host(&server, false)?,
        ))
    }
}
