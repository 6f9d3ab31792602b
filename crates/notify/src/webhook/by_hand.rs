//! What an administrator sends at once, out of its turn.

use jiff::Timestamp;
use model::event::HookAttempt;
use model::id::{CompanyId, WebhookId};
use store::{Store, StoreError};

use super::decide::{Head, decide};
use super::post::Post;
use crate::http::Outbound;
use crate::schedule::Schedule;

/// Sends single events at once; cheap to clone.
#[derive(Clone)]
pub struct HandSender {
    store: Store,
    outbound: Outbound,
}

impl HandSender {
    /// Of these parts.
    pub fn new(store: Store, outbound: Outbound) -> Self {
        Self { store, outbound }
    }

    /// Sends a test, which is in no line, and gives how it went.
    pub async fn test(&self, company: CompanyId, id: WebhookId) -> Result<HookAttempt, StoreError> {
        self.send(company, id, None).await
    }

    /// Sends one event again, and gives how it went. The line stays as it is.
    pub async fn resend(
        &self,
        company: CompanyId,
        id: WebhookId,
        seq: i64,
    ) -> Result<HookAttempt, StoreError> {
        self.send(company, id, Some(seq)).await
    }

    async fn send(
        &self,
        company: CompanyId,
        id: WebhookId,
        seq: Option<i64>,
    ) -> Result<HookAttempt, StoreError> {
        let (webhooks, now) = (self.store.webhooks(), Timestamp::now());
        let due = match seq {
            Some(seq) => webhooks.event(company, id, seq, now).await?,
            None => webhooks.test_event(company, id, now).await?,
        };
        let test = seq.is_none();
        let (mut attempt, outcome) = Post { due: &due, test }.send(&self.outbound).await;
        let head = Head {
            since: now,
            attempts: 1,
        };
        // Only the words of it are wanted: nothing follows here.
        let (_, error) = decide(&outcome, head, now, 0.5, &Schedule::default());
        attempt.error = error;
        let ended = Timestamp::now();
        webhooks.settle_by_hand(&due, seq, &attempt, ended).await?;
        Ok(attempt)
    }
}
