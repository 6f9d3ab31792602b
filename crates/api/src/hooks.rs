//! What is sent to webhooks at once, and what browsers subscribe under.

use std::fmt;

use futures_util::future::BoxFuture;
use model::event::HookAttempt;
use model::id::{CompanyId, WebhookId};
use store::StoreError;

/// Sends single events to webhooks, and waits for how it went.
pub trait HookSender: fmt::Debug + Send + Sync {
    /// Sends a test.
    fn test(
        &self,
        company: CompanyId,
        webhook: WebhookId,
    ) -> BoxFuture<'_, Result<HookAttempt, StoreError>>;

    /// Sends one event again.
    fn resend(
        &self,
        company: CompanyId,
        webhook: WebhookId,
        seq: i64,
    ) -> BoxFuture<'_, Result<HookAttempt, StoreError>>;
}
