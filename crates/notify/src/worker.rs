//! Carries deliveries out as they fall due.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use model::message::Channel;
use store::{DueDelivery, Store, StoreError};

use crate::letter::letter;
use crate::mailer::{Mailer, Refusal};
use crate::schedule::{Next, after_failure};

/// Nobody else takes a delivery for so long; longer than a letter may take to be sent.
const LEASE: SignedDuration = SignedDuration::from_secs(120);
/// Letters that are taken at a time.
const BATCH: u32 = 16;
/// The longest sleep: other servers store messages too, and clocks are set.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);
/// Pause while the database is away.
const DATABASE_PAUSE: Duration = Duration::from_secs(2);

/// Sends what is due, until told to stop.
pub struct Worker {
    store: Store,
    mailer: Mailer,
}

impl Worker {
    /// Of these parts.
    pub fn new(store: Store, mailer: Mailer) -> Self {
        Self { store, mailer }
    }

    /// Runs until `stop` completes; the letter in hand is finished first.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let wakeup = self.store.delivery_wakeup();
        tokio::pin!(stop);
        loop {
            let sleep = match self.deliver_due().await {
                Ok(sleep) => sleep,
                Err(error) => {
                    tracing::warn!(%error, "deliveries can't be read; tried again");
                    DATABASE_PAUSE
                }
            };
            tokio::select! {
                () = &mut stop => return,
                () = wakeup.notified() => {}
                () = tokio::time::sleep(sleep) => {}
            }
        }
    }

    /// Sends everything that is due; gives the time until something is again.
    async fn deliver_due(&self) -> Result<Duration, StoreError> {
        loop {
            let now = Timestamp::now();
            let taken = self.store.deliveries().take_due(now, now + LEASE, BATCH).await?;
            if taken.is_empty() {
                break;
            }
            for due in taken {
                self.deliver(&due).await?;
            }
        }
        let next = self.store.deliveries().next_due_at().await?;
        let until = next.map(|at| at.duration_since(Timestamp::now()));
        let until = until.map(|d| Duration::try_from(d).unwrap_or(Duration::ZERO));
        Ok(until.unwrap_or(LONGEST_SLEEP).min(LONGEST_SLEEP))
    }

    async fn deliver(&self, due: &DueDelivery) -> Result<(), StoreError> {
        let delivery = &due.delivery;
        let sent = match delivery.channel {
            Channel::Email => match letter(due, &self.mailer) {
                Ok(letter) => self.mailer.send(letter).await,
                Err(error) => Err(Refusal::ForGood(error.to_string())),
            },
            Channel::Cabinet => Ok(()),
        };
        let now = Timestamp::now();
        let deliveries = self.store.deliveries();
        let (state, refusal) = match sent {
            Ok(()) => {
                deliveries.mark_sent(delivery.id, now).await?;
                ("sent", None)
            }
            Err(Refusal::ForGood(error)) => {
                deliveries.mark_failed(delivery.id, &error, now).await?;
                ("failed", Some(error))
            }
            Err(Refusal::ForNow(error)) => {
                let jitter = rand::random::<f64>();
                match after_failure(due.message.created_at, now, delivery.attempts, jitter) {
                    Next::Again(at) => {
                        deliveries.mark_failed_attempt(delivery.id, &error, at, now).await?;
                        ("retried", Some(error))
                    }
                    Next::GivenUp => {
                        deliveries.mark_failed(delivery.id, &error, now).await?;
                        ("failed", Some(error))
                    }
                }
            }
        };
        metrics::counter!("telefonistka_deliveries_total", "channel" => "email", "state" => state)
            .increment(1);
        if let Some(error) = refusal {
            tracing::warn!(delivery = %delivery.id, attempt = delivery.attempts, state, error, "a delivery did not get through");
        }
        Ok(())
    }
}
