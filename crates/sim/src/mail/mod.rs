//! A mail server that keeps what it gets.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use mail_parser::MessageParser;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_util::sync::{CancellationToken, DropGuard};

mod session;

use session::Session;

/// Letters kept; the oldest goes when another comes.
const KEPT_MAX: usize = 500;

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
    /// The text, decoded; made of the HTML where there is no text part.
    pub text: String,
    /// The HTML part, decoded.
    pub html: Option<String>,
    /// Value of Message-ID, without its brackets.
    pub message_id: Option<String>,
    /// As it came.
    pub raw: Vec<u8>,
}

/// The letters, shared by the sessions.
#[derive(Debug, Default)]
struct Kept {
    letters: Vec<Mail>,
    taken: u64,
}

/// A running mail server; it stops when dropped.
#[derive(Debug)]
pub struct MailCatcher {
    address: SocketAddr,
    letters: Arc<watch::Sender<Kept>>,
    _stop: DropGuard,
}

impl MailCatcher {
    /// Starts it on a free port of the loopback.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let letters = Arc::new(watch::Sender::<Kept>::default());
        let stop = CancellationToken::new();
        let serve = serve(listener, letters.clone(), stop.clone());
        tokio::spawn(stop.clone().run_until_cancelled_owned(serve));
        Ok(Self {
            address,
            letters,
            _stop: stop.drop_guard(),
        })
    }

    /// Where it takes letters: SMTP without TLS; any login is accepted.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The letters so far, oldest first.
    pub fn mails(&self) -> Vec<Mail> {
        self.letters.borrow().letters.clone()
    }

    /// Waits for a letter, or takes one that has come. None where none comes in time.
    pub async fn await_mail(
        &self,
        wanted: impl Fn(&Mail) -> bool,
        within: Duration,
    ) -> Option<Mail> {
        let mut letters = self.letters.subscribe();
        let came = letters.wait_for(|all| all.letters.iter().any(&wanted));
        let all = timeout(within, came).await.ok()?.ok()?;
        all.letters.iter().find(|mail| wanted(mail)).cloned()
    }
}

async fn serve(listener: TcpListener, letters: Arc<watch::Sender<Kept>>, stop: CancellationToken) {
    loop {
        // A connection that can't be taken leaves the listener as it was.
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        let letters = letters.clone();
        let session = Session::new(stream, move |from, to, raw| keep(&letters, from, to, raw));
        tokio::spawn(stop.clone().run_until_cancelled_owned(session.run()));
    }
}

fn keep(letters: &watch::Sender<Kept>, from: String, to: Vec<String>, raw: Vec<u8>) {
    let parsed = MessageParser::default().parse(&raw);
    let message = parsed.as_ref();
    let subject = message.and_then(|m| m.subject()).unwrap_or_default();
    let text = message.and_then(|m| m.body_text(0)).unwrap_or_default();
    let has_html = message.is_some_and(|m| m.html_part(0).is_some_and(|part| part.is_text_html()));
    let html = message.filter(|_| has_html).and_then(|m| m.body_html(0));
    let message_id = message.and_then(|m| m.message_id()).map(str::to_owned);
    let mut mail = Mail {
        id: 0,
        at: Timestamp::now(),
        from,
        to,
        subject: subject.to_owned(),
        text: text.into_owned(),
        html: html.map(|html| html.into_owned()),
        message_id,
        raw,
    };
    letters.send_modify(|kept| {
        kept.taken += 1;
        mail.id = kept.taken;
        if kept.letters.len() == KEPT_MAX {
            kept.letters.remove(0);
        }
        kept.letters.push(mail);
    });
}
