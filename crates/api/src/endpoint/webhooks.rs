//! «Вебхуки»: receivers of the company's events.

pub mod attempts;
pub mod change;
pub mod create;
pub mod delete;
pub mod list;
pub mod read;
pub mod replay;
pub mod resend;
pub mod secret;
pub mod test;

use jiff::Timestamp;
use model::event::{EventKind, HookAttempt};
use model::id::WebhookId;
use model::web_address::{WEB_ADDRESS_MAX, WebAddress};
use serde::{Deserialize, Serialize};
use store::{DisabledReason, Webhook, WebhookDraft};
use utoipa::ToSchema;

use crate::Api;
use crate::problem::{Flaw, Problem};
use crate::validate::Checks;

/// A receiver, as it is filled in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookForm {
    /// Where events are posted to: an `https:` address.
    url: String,
    /// Which kinds of events.
    kinds: Vec<EventKind>,
    /// Whether it gets any.
    enabled: bool,
}

/// A receiver of the company's events.
#[derive(Serialize, ToSchema)]
pub struct WebhookView {
    /// Id.
    id: WebhookId,
    /// Where events are posted to.
    url: String,
    /// Which kinds of events.
    kinds: Vec<EventKind>,
    /// Whether it gets any.
    enabled: bool,
    /// `gone` where it was switched off because it answered 410.
    disabled_reason: Option<String>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// For saving.
    version: i64,
    /// Number of the latest event that is behind it.
    cursor: i64,
    /// Failed attempts of the event at its turn; 0 where all is well.
    attempts: u32,
    /// Why the latest of them failed.
    error: Option<String>,
    /// When the next one is due.
    #[schema(value_type = Option<String>, format = DateTime)]
    next_at: Option<Timestamp>,
}

/// A receiver with its secret, which is told this once.
#[derive(Serialize, ToSchema)]
pub struct NewWebhookView {
    /// The receiver.
    webhook: WebhookView,
    /// What its events are signed with (Standard Webhooks).
    secret: String,
}

/// How an attempt went.
#[derive(Serialize, ToSchema)]
pub struct AttemptView {
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Whether the receiver took it.
    ok: bool,
    /// Status of the answer; none where there was no proper one.
    status: Option<u16>,
    /// Why it failed.
    error: Option<String>,
    /// How long it took, in milliseconds.
    ms: u32,
}

impl WebhookForm {
    fn checked(&self, api: &Api) -> Result<WebhookDraft, Problem> {
        let mut checks = Checks::default();
        let url = match self.url.parse::<WebAddress>() {
            Ok(url) if url.is_protected() || api.config.unprotected_hooks => {
                url.as_str().to_owned()
            }
            Ok(_) => {
                checks.flaw("url", Flaw::NotProtected);
                String::new()
            }
            Err(_) => {
                let text = checks.required("url", &self.url, WEB_ADDRESS_MAX);
                if !text.is_empty() {
                    checks.flaw("url", Flaw::NotWebAddress);
                }
                text
            }
        };
        let mut kinds = self.kinds.clone();
        kinds.sort_unstable();
        kinds.dedup();
        if kinds.is_empty() {
            checks.flaw("kinds", Flaw::Empty);
        }
        checks.done()?;
        Ok(WebhookDraft {
            url,
            kinds,
            enabled: self.enabled,
        })
    }
}

impl WebhookView {
    fn of(webhook: Webhook) -> Self {
        let reason = |DisabledReason::Gone| "gone".to_owned();
        Self {
            id: webhook.id,
            url: webhook.draft.url,
            kinds: webhook.draft.kinds,
            enabled: webhook.draft.enabled,
            disabled_reason: webhook.disabled_reason.map(reason),
            created_at: webhook.created_at,
            version: webhook.version,
            cursor: webhook.cursor,
            attempts: webhook.attempts,
            error: webhook.error,
            next_at: webhook.next_at,
        }
    }
}

impl AttemptView {
    fn of(attempt: HookAttempt) -> Self {
        Self {
            at: attempt.at,
            ok: attempt.ok(),
            status: attempt.status,
            error: attempt.error,
            ms: attempt.ms,
        }
    }
}
