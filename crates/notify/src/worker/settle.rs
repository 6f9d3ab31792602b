//! One delivery: its attempt, its outcome, and the storing of it.

use std::time::Duration;

use jiff::Timestamp;
use model::id::DeliveryId;
use model::message::Channel;
use store::{DueDelivery, Result};
use tokio::time::sleep;

use super::{DATABASE_PAUSE, Shared};
use crate::mailer::Refusal;
use crate::schedule::Next;

/// What follows an attempt.
enum Outcome {
    Sent,
    Again(Timestamp, String),
    Failed(String),
}

/// Why an attempt failed, and for how long it is no use to try again.
pub(super) struct Failure {
    pub(super) refusal: Refusal,
    pub(super) pause: Option<Duration>,
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self {
            refusal,
            pause: None,
        }
    }
}

impl Shared {
    /// Makes the attempt that is due, and stores what came of it.
    pub(super) async fn deliver(&self, due: &DueDelivery) {
        let (delivery, channel) = (&due.delivery, name(due.delivery.channel));
        if delivery.attempts == 1 {
            let waited = Timestamp::now().duration_since(due.message.created_at);
            metrics::histogram!("telefonistka_delivery_wait_seconds", "channel" => channel)
                .record(waited.as_secs_f64().max(0.0));
        }
        let attempt = match delivery.channel {
            Channel::Email => self.write(due).await.map_err(Failure::from),
            Channel::Push => self.push(due).await,
            Channel::Webhook => self.retell(due).await,
            // It is there once it is stored.
            Channel::Cabinet => Ok(()),
        };
        let outcome = match attempt {
            Ok(()) => Outcome::Sent,
            Err(failure) => self.after(due, failure),
        };
        let (state, error) = match &outcome {
            Outcome::Sent => ("sent", None),
            Outcome::Again(_, error) => ("retried", Some(error.as_str())),
            Outcome::Failed(error) => ("failed", Some(error.as_str())),
        };
        self.settle(delivery.id, &outcome).await;
        metrics::counter!("telefonistka_deliveries_total", "channel" => channel, "state" => state)
            .increment(1);
        match (&outcome, error) {
            (Outcome::Failed(_), Some(error)) => {
                tracing::error!(delivery = %delivery.id, attempt = delivery.attempts, error, "a delivery was given up");
            }
            (_, Some(error)) => {
                tracing::warn!(delivery = %delivery.id, attempt = delivery.attempts, error, "a delivery did not get through");
            }
            _ => {}
        }
    }

    fn after(&self, due: &DueDelivery, failure: Failure) -> Outcome {
        let error = match failure.refusal {
            Refusal::ForGood(error) => return Outcome::Failed(error),
            Refusal::ForNow(error) => error,
        };
        let (now, jitter) = (Timestamp::now(), rand::random::<f64>());
        let schedule = &self.parts.schedule;
        let (begun, attempts) = (due.tried_from, due.delivery.attempts);
        match schedule.after_failure(begun, now, attempts, jitter) {
            Next::Again(at) => {
                let at = failure.pause.map_or(at, |pause| at.max(now + pause));
                Outcome::Again(at, error)
            }
            Next::GivenUp => Outcome::Failed(error),
        }
    }

    /// Stores the outcome before anything else is done, however long the
    /// database is away: what was sent must not be sent again.
    async fn settle(&self, id: DeliveryId, outcome: &Outcome) {
        until_stored(id, || async {
            let (deliveries, now) = (self.parts.store.deliveries(), Timestamp::now());
            match outcome {
                Outcome::Sent => deliveries.mark_sent(id, now).await,
                Outcome::Again(at, error) => {
                    deliveries.mark_failed_attempt(id, error, *at, now).await
                }
                Outcome::Failed(error) => deliveries.mark_failed(id, error, now).await,
            }
        })
        .await;
    }
}

/// Tries until it is stored, or can't be for another reason than a database
/// that is away: a full disk passes, too.
pub(super) async fn until_stored<T, F>(
    what: impl std::fmt::Display,
    mut store: impl FnMut() -> F,
) -> Option<T>
where
    F: Future<Output = Result<T>>,
{
    loop {
        match store().await {
            Ok(stored) => return Some(stored),
            Err(error) if error.is_retryable() => {
                tracing::warn!(%what, %error, "an outcome is not stored yet");
                sleep(DATABASE_PAUSE).await;
            }
            Err(error) => {
                tracing::error!(%what, %error, "an outcome can't be stored");
                return None;
            }
        }
    }
}

fn name(channel: Channel) -> &'static str {
    match channel {
        Channel::Cabinet => "cabinet",
        Channel::Email => "email",
        Channel::Push => "push",
        Channel::Webhook => "webhook",
    }
}
