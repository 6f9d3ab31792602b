//! What happens to a registration, and what it asks for.

use std::net::SocketAddr;
use std::time::Instant;

use model::pbx::{Connection, Fault};

use crate::digest::Challenge;
use crate::event::JournalEntry;

/// What happens to a registration.
#[derive(Clone, Debug)]
pub(crate) enum Input {
    /// The account is to be registered.
    Start,
    /// The registration is to be taken back.
    Stop,
    /// What the server's name led to; never an empty list.
    Resolved(Result<Vec<SocketAddr>, Fault>),
    /// From when on the REGISTER that was queued may be sent.
    Turn(Instant),
    /// A response to the numbered request.
    Answered(u64, Answer),
    /// The numbered request could not be sent, or was cut off.
    Broken(u64, Fault),
    /// The stream to the PBX closed.
    ConnectionLost,
    /// Whether this line watches the PBX, for all lines there.
    Watching(bool),
    /// Before the watching line's word is taken for something, this one is
    /// asked too: `Output::Found`.
    Asked(Question),
    /// What the line that watches the PBX at this address found.
    Heard(SocketAddr, News),
}

/// What a second line is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    /// Whether the PBX says anything.
    There,
    /// Whether it still knows its registrations.
    Known,
}

/// What a line finds out about its PBX.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Finding {
    /// It said something.
    Answered,
    /// It registered the line.
    Registered,
    /// It, or what is in the way, refuses the line, which can't tell for others.
    Refused,
    /// It said nothing, or took no connection.
    Silent(Fault),
    /// It lists the line's contact.
    Listed,
    /// It does not know the line's contact any more, or may have forgotten it.
    Lost,
    /// It began anew; what shows that concerns all lines there.
    Restarted,
    /// The line can't tell what it was asked.
    Unsure,
}

/// What lines at the same PBX go by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum News {
    /// The PBX does not know its registrations any more.
    Forgot,
    /// It can't be reached.
    Gone(Fault),
    /// It answers again.
    Back,
    /// It tells what is registered where it is asked.
    Lists,
}

/// A final response, as far as it matters here.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answer {
    pub(crate) code: u16,
    /// Seconds granted to our contact (200).
    pub(crate) granted_s: Option<u32>,
    /// Whether our contact stands in the list of those that are registered (200).
    pub(crate) listed: bool,
    /// Min-Expires (423).
    pub(crate) min_expires_s: Option<u32>,
    /// Retry-After.
    pub(crate) retry_after_s: Option<u32>,
    /// Challenges that can be answered (401, 407).
    pub(crate) challenges: Vec<Challenge>,
    /// The address that the request was seen to come from.
    pub(crate) seen_as: Option<SocketAddr>,
}

/// What the driver has to do.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Output {
    /// Find the server's addresses: `Input::Resolved`.
    Resolve,
    /// A REGISTER waits for its turn at the server: `Input::Turn`. It goes on
    /// where one stands that has been challenged, and its nonce grows old.
    Queue { server: SocketAddr, goes_on: bool },
    /// Send a REGISTER: `Input::Answered` or `Input::Broken`.
    Register {
        number: u64,
        server: SocketAddr,
        expires_s: u32,
        /// What to answer, and how often each nonce was answered, this time included.
        logins: Vec<(Challenge, u32)>,
        /// The address to register instead of our own.
        contact: Option<SocketAddr>,
    },
    /// Ask what is registered, by a REGISTER without a contact (RFC 3261, section 10.2.3).
    Fetch {
        number: u64,
        server: SocketAddr,
        logins: Vec<(Challenge, u32)>,
    },
    /// Ask whether the PBX is there: any response is an answer.
    Ping { number: u64, server: SocketAddr },
    /// The lines at this server are to know.
    Found(Finding),
    /// The connection changed.
    Changed(Connection, JournalEntry),
    /// The registration is taken back, or was never held.
    Done,
}
