//! A mail server that keeps what it gets.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use jiff::Timestamp;

/// A letter that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Number, counted from 1 in the order of arrival.
    pub id: u64,
    /// When it was taken.
    pub at: Timestamp,
    /// Sender of the envelope.
    pub from: String,
    /// Recipients of the envelope.
    pub to: Vec<String>,
    /// Subject, decoded.
    pub subject: String,
    /// The text part, decoded; empty where there is none.
    pub text: String,
    /// The HTML part, decoded.
    pub html: Option<String>,
    /// Value of Message-ID, without its brackets.
    pub message_id: Option<String>,
    /// As it came.
    pub raw: Vec<u8>,
}

/// A running mail server; it stops when dropped.
#[derive(Debug)]
pub struct MailCatcher {
    address: SocketAddr,
}

impl MailCatcher {
    /// Starts it on a free port of the loopback.
    pub async fn start() -> io::Result<Self> {
        todo!()
    }

    /// Where it takes letters: SMTP without TLS; any login is accepted.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The letters so far, oldest first.
    pub fn mails(&self) -> Vec<Mail> {
        todo!()
    }

    /// Waits for a letter, or takes one that has come. None where none comes in time.
    pub async fn await_mail(
        &self,
        wanted: impl Fn(&Mail) -> bool,
        within: Duration,
    ) -> Option<Mail> {
        let _ = (wanted, within);
        todo!()
    }
}
