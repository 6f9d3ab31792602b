//! A customer's PBX: a registrar, employees whose telephones nobody answers,
//! and the forwarding of their calls to the line.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rsipstack::EndpointBuilder;
use rsipstack::dialog::dialog_layer::DialogLayer;
use rsipstack::sip::prelude::*;
use rsipstack::sip::{Method, StatusCode};
use rsipstack::transaction::Transaction;
use rsipstack::transaction::endpoint::EndpointOption;
use rsipstack::transport::udp::UdpConnection;
use rsipstack::transport::{SipAddr, SipConnection, TcpListenerConnection, TransportLayer};
use thiserror::Error;
use tokio::net::{TcpListener, UdpSocket};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

pub mod broken;
mod call;
mod called;
mod change;
mod config;
mod course;
mod digest;
mod invitation;
mod qualify;
mod quirks;
mod referral;
mod registrar;
mod round;
mod sdp;
mod socket;
mod sound;
mod style;
mod zoo;

pub use call::{CallEnd, CallEvent, CallHandle, CallSpec, EndedBy, HangUp, Happened};
pub use called::{Person, announcement};
pub use config::{Challenge, Extension, PbxConfig};
pub use quirks::{Change, Dialling, Elsewhere, Identity, Keys, Quality, Quirks, Referrals, Style};
pub use zoo::{Animal, ZOO};

use called::Called;
use course::Course;
use registrar::{REALM, Registrar};
use round::Round;
use socket::ClosableSocket;

use crate::hearing::Hearing;

/// Name in User-Agent.
const NAME: &str = "Romashka PBX";

/// How long stopping waits for the stack to let the address go.
const STOP: Duration = Duration::from_secs(3);

/// How long after its answer a call may not stand among the stack's dialogs
/// yet: a BYE that comes at once would be refused, and the call last for ever.
const ENTERED: Duration = Duration::from_millis(300);

/// Tries at finding a port that is free for UDP and TCP alike.
const PORT_TRIES: usize = 20;

/// Why a PBX can't do what it is asked for.
#[derive(Debug, Error)]
pub enum PbxError {
    /// The address can't be listened at.
    #[error("SIP can't be taken at {address}: {cause}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why not.
        cause: String,
    },
    /// The extension did not register in time.
    #[error("the extension did not register in time")]
    NotRegistered,
}

/// A running PBX; it stops when dropped.
pub struct Pbx {
    config: PbxConfig,
    address: SocketAddr,
    registrar: Arc<Registrar>,
    dialogs: Arc<DialogLayer>,
    socket: Arc<ClosableSocket>,
    stop: CancellationToken,
}

impl Pbx {
    /// Starts it.
    pub async fn start(config: PbxConfig) -> Result<Self, PbxError> {
        let failed = |cause: String| PbxError::Listen {
            address: config.listen,
            cause,
        };
        let socket = listen(&config).await;
        let socket = Arc::new(socket.map_err(|error| failed(error.to_string()))?);
        let address = socket.address();
        let stop = CancellationToken::new();
        let transports = TransportLayer::new(stop.clone());
        let udp = UdpConnection::from_socket(socket.clone(), None, Some(stop.child_token()))
            .await
            .map_err(|error| failed(error.to_string()))?;
        if config.udp {
            transports.add_transport(udp.into());
        }
        if config.tcp {
            let tcp = TcpListenerConnection::new(address, None)
                .await
                .map_err(|error| failed(error.to_string()))?;
            transports.add_transport(tcp.into());
        }
        let endpoint = EndpointBuilder::new()
            .with_user_agent(NAME)
            .with_option(EndpointOption {
                callid_suffix: Some(REALM.to_owned()),
                ..EndpointOption::default()
            })
            .with_cancel_token(stop.clone())
            .with_transport_layer(transports)
            .build();
        let mut incoming = endpoint
            .incoming_transactions()
            .map_err(|error| failed(error.to_string()))?;
        let registrar = Arc::new(Registrar::new(config.clone()));
        let dialogs = Arc::new(DialogLayer::new(endpoint.inner.clone()));
        tokio::spawn(async move { endpoint.serve().await });
        tokio::spawn({
            let (registrar, dialogs, stop) = (registrar.clone(), dialogs.clone(), stop.clone());
            let deaf = config.quirks.deaf_to_options;
            let town = Arc::new((config.clone(), address));
            stop.run_until_cancelled_owned(async move {
                while let Some(transaction) = incoming.recv().await {
                    if deaf && transaction.original.method == Method::Options {
                        continue;
                    }
                    let (registrar, dialogs) = (registrar.clone(), dialogs.clone());
                    tokio::spawn(answer(transaction, registrar, dialogs, town.clone()));
                }
            })
        });
        Ok(Self {
            config,
            address,
            registrar,
            dialogs,
            socket,
            stop,
        })
    }

    /// Where it takes SIP.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whether the extension is registered now.
    pub fn registered(&self, user: &str) -> bool {
        self.registrar.binding(user).is_some()
    }

    /// The contact that the extension is registered with now.
    pub fn contact(&self, user: &str) -> Option<String> {
        let binding = self.registrar.binding(user)?;
        Some(binding.contact.to_string())
    }

    /// Waits until the extension is registered.
    pub async fn await_registered(&self, user: &str, within: Duration) -> Result<(), PbxError> {
        timeout(within, self.registrar.registered(user))
            .await
            .map_err(|_| PbxError::NotRegistered)
    }

    /// Waits until the extension was registered so often.
    pub async fn await_registrations(
        &self,
        user: &str,
        times: u32,
        within: Duration,
    ) -> Result<(), PbxError> {
        timeout(within, self.registrar.registered_times(user, times))
            .await
            .map_err(|_| PbxError::NotRegistered)
    }

    /// Waits until the extension has left, or was not renewed in time. False
    /// where it still is registered after that long.
    pub async fn await_unregistered(&self, user: &str, within: Duration) -> bool {
        let left = self.registrar.unregistered(user);
        timeout(within, left).await.is_ok()
    }

    /// Places a call; it begins at once.
    pub fn call(&self, spec: CallSpec) -> CallHandle {
        let (commands, taken) = mpsc::unbounded_channel();
        let (happened, events) = watch::channel(Vec::new());
        let hearing = Hearing::default();
        let course = Course {
            spec,
            address: self.address,
            law: self.config.law,
            quirks: self.config.quirks.clone(),
            forward_after: self.config.forward_after,
            registrar: self.registrar.clone(),
            dialogs: self.dialogs.clone(),
            commands: taken,
            events: happened,
            hearing: hearing.clone(),
            returns: false,
        };
        tokio::spawn((self.stop.clone()).run_until_cancelled_owned(course.run()));
        CallHandle {
            events,
            hearing,
            commands,
        }
    }

    /// Stops, and waits until the address is free: nobody is told, as when a PBX crashes.
    pub async fn stop(self) {
        let address = self.address;
        drop(self);
        let given_up = Instant::now() + STOP;
        let taken = async || {
            UdpSocket::bind(address).await.is_err() || TcpListener::bind(address).await.is_err()
        };
        while taken().await && Instant::now() < given_up {
            sleep(Duration::from_millis(5)).await;
        }
    }
}

/// The PBX's socket; one that takes TCP too has a port that is free for that.
async fn listen(config: &PbxConfig) -> std::io::Result<ClosableSocket> {
    let mut tries = 0;
    loop {
        let socket = ClosableSocket::bind(config.listen, &config.quirks).await?;
        if !config.tcp {
            return Ok(socket);
        }
        // The stack tells nobody when it can't listen.
        match TcpListener::bind(socket.address()).await {
            Ok(_) => return Ok(socket),
            Err(_) if config.listen.port() == 0 && tries < PORT_TRIES => tries += 1,
            Err(error) => return Err(error),
        }
    }
}

impl Drop for Pbx {
    fn drop(&mut self) {
        self.stop.cancel();
        self.socket.close();
    }
}

/// Answers a request that came from outside.
async fn answer(
    mut transaction: Transaction,
    registrar: Arc<Registrar>,
    dialogs: Arc<DialogLayer>,
    town: Arc<(PbxConfig, SocketAddr)>,
) {
    let in_dialog =
        (transaction.original.to_header()).is_ok_and(|to| matches!(to.tag(), Ok(Some(_))));
    let mut found = dialogs.match_dialog(&transaction);
    let given_up = Instant::now() + ENTERED;
    while found.is_none() && in_dialog && Instant::now() < given_up {
        sleep(Duration::from_millis(5)).await;
        found = dialogs.match_dialog(&transaction);
    }
    if let Some(mut dialog) = found {
        // What the dialog could not answer, its sender repeats.
        let _ = dialog.handle(&mut transaction).await;
        return;
    }
    if transaction.original.method == Method::Invite
        && !in_dialog
        && let Some(called) = called(&transaction, &dialogs, &town)
    {
        let mut dialog = called.dialog.clone();
        tokio::spawn(called.run());
        // What the dialog could not answer, its sender repeats.
        let _ = dialog.handle(&mut transaction).await;
        return;
    }
    if transaction.original.method == Method::Invite
        && !in_dialog
        && let Some(round) = Round::begin(&transaction, &dialogs, &registrar, &town)
    {
        let mut dialog = round.caller();
        tokio::spawn(round.run());
        let _ = dialog.handle(&mut transaction).await;
        return;
    }
    let (status, headers) = match transaction.original.method {
        Method::Register => {
            let reply = registrar.register(&transaction.original, origin(&transaction));
            (reply.status, reply.headers)
        }
        Method::Ack => return,
        _ if in_dialog => (StatusCode::CallTransactionDoesNotExist, Vec::new()),
        Method::Options => (StatusCode::OK, Vec::new()),
        Method::Invite => (StatusCode::NotFound, Vec::new()),
        _ => (StatusCode::MethodNotAllowed, Vec::new()),
    };
    // What could not be sent, the other side asks for again.
    let _ = transaction.reply_with(status, headers, None).await;
}

/// Somebody outside whom the line calls; none where nobody has the number.
fn called(
    transaction: &Transaction,
    dialogs: &DialogLayer,
    (config, address): &(PbxConfig, SocketAddr),
) -> Option<Called> {
    let user = transaction.original.uri.user().unwrap_or_default();
    let person = config.people.iter().find(|p| p.is_dialled_by(user))?;
    let (told, states) = dialogs.new_dialog_state_channel();
    let contact = invitation::at(user, *address);
    let dialog = dialogs.get_or_create_server_invite(transaction, told, None, Some(contact));
    Some(Called {
        person: person.clone(),
        announces: config.quirks.announces,
        address: *address,
        law: config.law,
        writing: config.quirks.writing(),
        dialog: dialog.ok()?,
        states,
    })
}

/// Where a request came from. What Via says of the transport may be untrue; the
/// connection is not.
fn origin(transaction: &Transaction) -> Option<SipAddr> {
    let connection = transaction.connection.as_ref()?;
    if connection.is_reliable() {
        return connection.get_remote_addr().cloned();
    }
    let via = transaction.original.via_header().ok()?;
    let (transport, address) = SipConnection::parse_target_from_via(via).ok()?;
    Some(SipAddr::new(transport, address))
}
