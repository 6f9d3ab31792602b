//! Carries deliveries out as they fall due.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use model::id::DeliveryId;
use model::message::Channel;
use store::{DueAccountLetter, DueDelivery, Store, StoreError};
use tokio::time::{sleep, timeout};

use crate::account::{self, good_for};
use crate::letter::letter;
use crate::mailer::{Mailer, Refusal};
use crate::schedule::{Next, after_failure};

/// One delivery is taken at a time, and nobody else takes it for so long.
const LEASE: SignedDuration = SignedDuration::from_secs(120);
/// The longest that a letter may be on its way to the mail server: less than
/// the lease, or another worker would send it as well.
const LETTER_MAX: Duration = Duration::from_secs(90);
/// The longest sleep: other servers store messages too, and clocks are set.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);
/// Pause while the database is away.
const DATABASE_PAUSE: Duration = Duration::from_secs(2);
/// What is in hand when the worker is told to stop has so long to end.
const STOP_GRACE: Duration = Duration::from_secs(30);

/// Sends what is due, until told to stop.
pub struct Worker {
    store: Store,
    mailer: Mailer,
}

/// What follows an attempt.
enum Outcome {
    Sent,
    Again(Timestamp, String),
    Failed(String),
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
            let pause = {
                let next = self.deliver_next();
                tokio::pin!(next);
                tokio::select! {
                    pause = &mut next => pause,
                    () = &mut stop => {
                        if timeout(STOP_GRACE, next).await.is_err() {
                            tracing::warn!("stopped with a delivery in hand; it may be sent again");
                        }
                        return;
                    }
                }
            };
            tokio::select! {
                () = &mut stop => return,
                () = wakeup.notified() => {}
                () = sleep(pause) => {}
            }
        }
    }

    /// Carries one delivery out if one is due; gives the time until the next.
    async fn deliver_next(&self) -> Duration {
        match self.try_deliver_next().await {
            Ok(pause) => pause,
            Err(error) => {
                tracing::warn!(%error, "deliveries can't be read; tried again");
                DATABASE_PAUSE
            }
        }
    }

    async fn try_deliver_next(&self) -> Result<Duration, StoreError> {
        let now = Timestamp::now();
        let deliveries = self.store.deliveries();
        if let Some(due) = deliveries.take_due(now, now + LEASE, 1).await?.pop() {
            self.deliver(&due).await;
            return Ok(Duration::ZERO);
        }
        let letters = self.store.account_letters();
        if let Some(due) = letters.take_due(now, now + LEASE).await? {
            self.write_to(&due).await?;
            return Ok(Duration::ZERO);
        }
        let next = [
            deliveries.next_due_at().await?,
            letters.next_due_at().await?,
        ];
        let next = next.into_iter().flatten().min();
        let until = next.map(|at| at.duration_since(Timestamp::now()));
        let until = until.map(|d| Duration::try_from(d).unwrap_or(Duration::ZERO));
        Ok(until.unwrap_or(LONGEST_SLEEP).min(LONGEST_SLEEP))
    }

    async fn deliver(&self, due: &DueDelivery) {
        let delivery = &due.delivery;
        let outcome = match self.attempt(due).await {
            Ok(()) => Outcome::Sent,
            Err(Refusal::ForGood(error)) => Outcome::Failed(error),
            Err(Refusal::ForNow(error)) => {
                let (now, jitter) = (Timestamp::now(), rand::random::<f64>());
                match after_failure(due.tried_from, now, delivery.attempts, jitter) {
                    Next::Again(at) => Outcome::Again(at, error),
                    Next::GivenUp => Outcome::Failed(error),
                }
            }
        };
        self.settle(delivery.id, &outcome).await;
        let (state, error) = match outcome {
            Outcome::Sent => ("sent", None),
            Outcome::Again(_, error) => ("retried", Some(error)),
            Outcome::Failed(error) => ("failed", Some(error)),
        };
        metrics::counter!("telefonistka_deliveries_total", "channel" => "email", "state" => state)
            .increment(1);
        if let Some(error) = error {
            tracing::warn!(delivery = %delivery.id, attempt = delivery.attempts, state, error, "a delivery did not get through");
        }
    }

    async fn attempt(&self, due: &DueDelivery) -> Result<(), Refusal> {
        match due.delivery.channel {
            Channel::Cabinet => Ok(()),
            Channel::Push | Channel::Webhook => {
                Err(Refusal::ForGood("this way is not set up".into()))
            }
            Channel::Email => {
                let letter = letter(due, &self.mailer)
                    .map_err(|error| Refusal::ForGood(error.to_string()))?;
                timeout(LETTER_MAX, self.mailer.send(letter))
                    .await
                    .unwrap_or_else(|_| Err(Refusal::ForNow("the mail server is too slow".into())))
            }
        }
    }

    /// Sends a letter with a link to choose a password. The token is made for
    /// this attempt: only its hash is stored, so there is none of before.
    async fn write_to(&self, due: &DueAccountLetter) -> Result<(), StoreError> {
        let now = Timestamp::now();
        let expires_at = now + good_for(due.kind);
        let tokens = self.store.password_tokens();
        let token = tokens.issue(due.user.id, now, expires_at).await?;
        let sent = match account::letter(due, &token, &self.mailer) {
            Ok(letter) => timeout(LETTER_MAX, self.mailer.send(letter))
                .await
                .unwrap_or_else(|_| Err(Refusal::ForNow("the mail server is too slow".into()))),
            Err(error) => Err(Refusal::ForGood(error.to_string())),
        };
        let letters = self.store.account_letters();
        let error = match sent {
            Ok(()) => return letters.remove(due.id).await,
            Err(Refusal::ForNow(error)) => {
                let (now, jitter) = (Timestamp::now(), rand::random::<f64>());
                if let Next::Again(at) = after_failure(due.created_at, now, due.attempts, jitter) {
                    tracing::warn!(letter = %due.id, attempt = due.attempts, error, "a letter about a sign-in is tried again");
                    return letters.again(due.id, at).await;
                }
                error
            }
            Err(Refusal::ForGood(error)) => error,
        };
        tracing::warn!(letter = %due.id, user = %due.user.id, error, "a letter about a sign-in was given up");
        letters.remove(due.id).await
    }

    /// Stores the outcome before anything else is done, however long the
    /// database is away: a letter that was sent must not be sent again.
    async fn settle(&self, id: DeliveryId, outcome: &Outcome) {
        let deliveries = self.store.deliveries();
        loop {
            let now = Timestamp::now();
            let stored = match outcome {
                Outcome::Sent => deliveries.mark_sent(id, now).await,
                Outcome::Again(at, error) => {
                    deliveries.mark_failed_attempt(id, error, *at, now).await
                }
                Outcome::Failed(error) => deliveries.mark_failed(id, error, now).await,
            };
            match stored {
                Ok(()) => return,
                Err(error) if error.is_retryable() => {
                    tracing::warn!(delivery = %id, %error, "an outcome is not stored yet");
                    sleep(DATABASE_PAUSE).await;
                }
                Err(error) => {
                    tracing::error!(delivery = %id, %error, "an outcome can't be stored");
                    return;
                }
            }
        }
    }
}
