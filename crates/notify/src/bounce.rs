//! Letters that come back: reports about them are read from a mailbox, and
//! each is told of its delivery.

use std::time::Duration;

use async_imap::types::Uid;
use jiff::Timestamp;
use model::id::DeliveryId;
use store::{Store, StoreError};
use tokio::time::sleep;

use crate::mailer::Mailer;
use mailbox::{Mailbox, MailboxError};
use report::{Fate, Report};

mod mailbox;
pub(crate) mod reason;
mod report;

pub use mailbox::MailboxSettings;

/// How long is waited before what.
#[derive(Clone, Copy, Debug)]
pub struct Pauses {
    /// After the first failure; each further one doubles it.
    pub first: Duration,
    /// The longest after a failure.
    pub longest: Duration,
    /// Between two looks into a mailbox that does not tell of new letters by itself.
    pub poll: Duration,
}

impl Default for Pauses {
    fn default() -> Self {
        Self {
            first: Duration::from_secs(5),
            longest: Duration::from_secs(5 * 60),
            poll: Duration::from_secs(60),
        }
    }
}

/// So often the connection may break with a letter before it is passed over.
const BROKEN_MAX: u32 = 3;

/// Reads the reports, until told to stop.
pub struct Bounces {
    store: Store,
    mailbox: MailboxSettings,
    /// Domain of our letters' ids.
    host: String,
    pauses: Pauses,
    /// A letter with which the connection broke, and how often.
    suspect: Option<(Uid, u32)>,
}

/// Why reading stopped.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error(transparent)]
    Mailbox(#[from] MailboxError),
    #[error("what a report says can't be stored: {0}")]
    Store(#[from] StoreError),
}

impl Bounces {
    /// Of the letters that leave by this mailer.
    pub fn new(store: Store, mailbox: MailboxSettings, mailer: &Mailer) -> Self {
        Self {
            store,
            mailbox,
            host: mailer.from.email.domain().to_owned(),
            pauses: Pauses::default(),
            suspect: None,
        }
    }

    /// The same with other pauses.
    pub fn pausing(self, pauses: Pauses) -> Self {
        Self { pauses, ..self }
    }

    /// Runs until `stop` completes. A report in hand is given up: it is read again.
    pub async fn run(mut self, stop: impl Future<Output = ()>) {
        tokio::select! {
            () = self.read_on() => {}
            () = stop => {}
        }
    }

    async fn read_on(&mut self) {
        let mut pause = self.pauses.first;
        loop {
            let mut opened = false;
            let Err(error) = self.watch(&mut opened).await;
            if opened {
                pause = self.pauses.first;
            }
            tracing::warn!(%error, again_in_s = pause.as_secs(), "reports on letters are not read");
            sleep(pause).await;
            pause = (2 * pause).min(self.pauses.longest);
        }
    }

    async fn watch(&mut self, opened: &mut bool) -> Result<std::convert::Infallible, Trouble> {
        let mut mailbox = Mailbox::open(&self.mailbox).await?;
        *opened = true;
        tracing::info!("reports on letters are read");
        loop {
            loop {
                let unread = mailbox.unread().await?;
                if unread.is_empty() {
                    break;
                }
                for id in unread {
                    self.read(&mut mailbox, id).await?;
                }
            }
            mailbox = mailbox.wait(self.pauses.poll).await?;
        }
    }

    /// Reads one letter, stores what it says, and only then takes it for read.
    async fn read(&mut self, mailbox: &mut Mailbox, id: Uid) -> Result<(), Trouble> {
        let broken = match self.suspect {
            Some((suspect, times)) if suspect == id => times,
            _ => 0,
        };
        self.suspect = Some((id, broken + 1));
        let letter = match broken {
            // One that can't be had does not keep the others from being read.
            BROKEN_MAX.. => None,
            _ => mailbox.letter(id).await?,
        };
        let report = letter.and_then(|letter| report::read(&letter, &self.host));
        let ours = match &report {
            Some(report) => self.tell(report).await.inspect_err(|_| {
                // It is none of the letter's doing.
                self.suspect = None;
            })?,
            None => false,
        };
        let what = match &report {
            Some(report) if ours => match report.fate {
                Fate::Failed(_) => "failed",
                Fate::Delayed(_) => "delayed",
                Fate::Delivered => "delivered",
            },
            _ => "unknown",
        };
        metrics::counter!("telefonistka_letter_reports_total", "says" => what).increment(1);
        match ours {
            true => mailbox.remove(id).await?,
            // Somebody may want to look at it.
            false => mailbox.keep(id).await?,
        }
        self.suspect = None;
        Ok(())
    }

    /// Stores what became of a delivery's letter; false where it is none of ours.
    async fn tell(&self, report: &Report) -> Result<bool, StoreError> {
        let (bounces, now) = (self.store.bounces(), Timestamp::now());
        let id = DeliveryId(report.letter);
        let told = match &report.fate {
            Fate::Failed(why) => bounces.failed(id, why, now).await,
            Fate::Delayed(why) => bounces.delayed(id, why, now).await,
            Fate::Delivered => bounces.delivered(id, now).await,
        };
        match told {
            Ok(()) => {
                tracing::info!(delivery = %id, fate = ?report.fate, "a report on a letter");
                Ok(true)
            }
            Err(StoreError::NotFound) => Ok(false),
            Err(error) if error.is_retryable() => Err(error),
            Err(error) => {
                tracing::error!(delivery = %id, %error, "what a report says can't be stored");
                Ok(false)
            }
        }
    }
}
