//! PBXs that are broken in one way each, for the doctor of connections to find
//! out. They register one extension and carry a call from it to itself, with
//! sound; messages are written by hand, for most of them a sound stack could
//! not send.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use tokio::net::UdpSocket;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

mod exchange;
mod message;
mod relay;
mod tls;

pub use tls::{Paper, tls_port};

use exchange::Exchange;

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
/// The one extension, and its password.
pub const USER: &str = "200";
/// See [`USER`].
pub const PASSWORD: &str = "secret";

/// Another number of the extension.
pub const OWN: &str = "7200";
/// The customer's.
pub const CUSTOMER: &str = "+79261234567";

/// What is wrong with a PBX.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// Nothing.
    None,
    /// Takes everything, answers nothing.
    BlackHole,
    /// Answers each REGISTER with this.
    Answers(u16),
    /// Knows the login, but takes no contact more (403).
    Full,
    /// Grants five seconds.
    ShortLeash,
    /// Wants each interval to be longer (423).
    NeverLongEnough,
    /// After the first registration no login is good any more.
    ForgetsLogins,
    /// Something on the way writes another contact into the registration.
    ManglesContact,
    /// Rings, and sends the call to nobody.
    CallsNobody,
    /// Sends calls from another port.
    CallsFromElsewhere,
    /// Offers G.729 only.
    OnlyG729,
    /// Hides who calls.
    HidesCaller,
    /// Shows another number of the extension, [`OWN`], instead of its user name.
    ShowsAnother,
    /// Hides who calls, and a customer calls first: their call goes on.
    CustomerFirst,
    /// A customer calls while a transfer is asked for, of which it never tells.
    CustomerDuringTransfer,
    /// Invites with a description that nobody can read, where extensions can't call themselves.
    Unreadable,
    /// Requires in each call what nobody here can, and passes on that it is refused.
    RequiresMore,
    /// Extensions can't call themselves; calls of others show the extension.
    ShowsLine,
    /// Extensions can't call themselves, and G.729 is all that others offer.
    OthersOnlyG729,
    /// Acknowledges the answer, and never tells it the caller.
    KeepsAnswer,
    /// Never acknowledges an answer.
    LosesAck,
    /// Never sees the ACK of its own answer, and ends the call at 32 s.
    MissesAck,
    /// Ends calls after twelve seconds.
    CutsOff,
    /// Sends no sound to whom it calls.
    SendsNoSound,
    /// Takes no sound from whom it calls.
    HearsNoSound,
    /// Wants sound at an address of its own network, where nobody gets.
    PrivateAddress,
    /// Keys are not passed on.
    DropsKeys,
    /// Other keys are passed on than were pressed.
    ChangesKeys,
    /// Keys are passed on as INFO.
    KeysAsInfo,
    /// Refuses each change of a call (488).
    RefusesHold,
    /// Ends a call that is changed.
    HangsUpOnHold,
    /// Refuses to transfer with this.
    RefusesTransfer(u16),
    /// Agrees to transfer, and says nothing more.
    SilentTransfer,
}

/// A running one; it stops when dropped.
#[derive(Debug)]
pub struct BrokenPbx {
    address: SocketAddr,
    stop: CancellationToken,
}

impl BrokenPbx {
    /// Starts it, by UDP, on a free port.
    pub async fn start(flaw: Flaw) -> std::io::Result<Self> {
        let socket = UdpSocket::bind((HERE, 0)).await?;
        let elsewhere = UdpSocket::bind((HERE, 0)).await?;
        let address = socket.local_addr()?;
        let stop = CancellationToken::new();
        let (told, reports) = mpsc::unbounded_channel();
        let exchange = Exchange::new(flaw, socket, elsewhere, address, told, stop.clone());
        tokio::spawn(
            stop.clone()
                .run_until_cancelled_owned(exchange.run(reports)),
        );
        Ok(Self { address, stop })
    }

    /// Where it takes SIP.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for BrokenPbx {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
