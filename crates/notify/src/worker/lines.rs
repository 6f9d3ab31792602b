//! Events for webhooks: a receiver's line is served one event after the other.

use std::time::Duration;

use jiff::Timestamp;
use store::{DueDelivery, DueEvent, Passing, TakenWebhook};
use tokio::time::Instant;

use super::settle::{Failure, until_stored};
use super::{LEASE, Shared};
use crate::mailer::Refusal;
use crate::webhook::{Head, Post, decide};

/// A line is served for so long at a time; then others may have its place.
const TURN: Duration = Duration::from_secs(10);

impl Shared {
    /// Serves a line until it is empty, fails, has had its turn, or all stops.
    pub(super) async fn serve_line(&self, taken: TakenWebhook) {
        let webhooks = self.parts.store.webhooks();
        let began = Instant::now();
        loop {
            let head = until_stored(taken.id, || webhooks.head(taken.id, Timestamp::now())).await;
            let Some(Some(due)) = head else {
                return;
            };
            let goes_on = began.elapsed() < TURN && !self.stopping.is_cancelled();
            if !self.tell(&due, goes_on).await {
                return;
            }
        }
    }

    /// Posts the event, and stores what came of it before anything else is
    /// done. Whether more waits in the line, and it is still this worker's.
    async fn tell(&self, due: &DueEvent, goes_on: bool) -> bool {
        if due.attempts == 1 {
            let waited = Timestamp::now().duration_since(due.event.at);
            metrics::histogram!("telefonistka_delivery_wait_seconds", "channel" => "webhook")
                .record(waited.as_secs_f64().max(0.0));
        }
        let (mut attempt, outcome) = Post { due, test: false }.send(&self.parts.outbound).await;
        let head = Head {
            since: due.since,
            attempts: due.attempts,
        };
        let (now, jitter) = (Timestamp::now(), rand::random::<f64>());
        let (passing, error) = decide(&outcome, head, now, jitter, &self.parts.schedule);
        attempt.error = error;
        let webhooks = self.parts.store.webhooks();
        let settled = until_stored(due.webhook, || async {
            let now = Timestamp::now();
            let keep = goes_on.then(|| now + LEASE);
            webhooks.settle(due, &attempt, passing, keep, now).await
        })
        .await;
        report(due, passing, attempt.error.as_deref());
        settled.is_some_and(|settled| settled.kept)
    }
}

impl Shared {
    /// Tells the event of a delivery out of its turn: somebody asked for it.
    pub(super) async fn retell(&self, due: &DueDelivery) -> Result<(), Failure> {
        let (webhooks, now) = (self.parts.store.webhooks(), Timestamp::now());
        let event = webhooks.event_of(due.delivery.id, now).await;
        let event = event.map_err(|error| Refusal::ForNow(error.to_string()))?;
        let Some(event) = event else {
            return Err(Refusal::ForGood("the receiver or the event is gone".into()).into());
        };
        let post = Post {
            due: &event,
            test: false,
        };
        let (mut attempt, outcome) = post.send(&self.parts.outbound).await;
        let pause = outcome.as_ref().ok().and_then(|answer| answer.retry_after);
        let (now, schedule) = (Timestamp::now(), &self.parts.schedule);
        let head = Head {
            since: now,
            attempts: 1,
        };
        let (passing, error) = decide(&outcome, head, now, 0.5, schedule);
        attempt.error.clone_from(&error);
        let seq = Some(event.event.seq);
        until_stored(event.webhook, || {
            webhooks.settle_by_hand(&event, seq, &attempt, now)
        })
        .await;
        match error {
            None => Ok(()),
            Some(error) if passing == Passing::Gone => Err(Refusal::ForGood(error).into()),
            Some(error) => Err(Failure {
                refusal: Refusal::ForNow(error),
                pause,
            }),
        }
    }
}

fn report(due: &DueEvent, passing: Passing, error: Option<&str>) {
    let state = match passing {
        Passing::Taken => "sent",
        Passing::Again(_) => "retried",
        Passing::GivenUp(_) | Passing::Gone => "failed",
    };
    metrics::counter!("telefonistka_deliveries_total", "channel" => "webhook", "state" => state)
        .increment(1);
    let (webhook, seq, attempt) = (due.webhook, due.event.seq, due.attempts);
    match passing {
        Passing::Taken => {}
        Passing::Again(_) => {
            tracing::warn!(%webhook, seq, attempt, error, "an event did not get through");
        }
        Passing::GivenUp(_) => {
            tracing::error!(%webhook, seq, attempt, error, "an event was given up");
        }
        Passing::Gone => {
            tracing::error!(%webhook, seq, error, "a webhook was switched off: its receiver is gone");
        }
    }
}
