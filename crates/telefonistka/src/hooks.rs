//! Requests to webhooks and push services, as configured.

use api::hooks::HookSender;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use model::event::HookAttempt;
use model::id::{CompanyId, WebhookId};
use notify::HandSender;
use store::StoreError;

use crate::config::Config;

/// How push services reach whoever runs this server (RFC 8292, section 2.1):
/// by letter where letters leave, else by its pages.
pub fn contact(config: &Config) -> String {
    match &config.smtp {
        Some(smtp) => {
            let address = smtp.from.rsplit('<').next().unwrap_or_default();
            format!("mailto:{}", address.trim_end_matches('>').trim())
        }
        None => config.http.public_url.clone(),
    }
}

/// Sends single events, at once.
pub struct Hooks(pub HandSender);

impl std::fmt::Debug for Hooks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hooks").finish_non_exhaustive()
    }
}

impl HookSender for Hooks {
    fn test(
        &self,
        company: CompanyId,
        webhook: WebhookId,
    ) -> BoxFuture<'_, Result<HookAttempt, StoreError>> {
        self.0.test(company, webhook).boxed()
    }

    fn resend(
        &self,
        company: CompanyId,
        webhook: WebhookId,
        seq: i64,
    ) -> BoxFuture<'_, Result<HookAttempt, StoreError>> {
        self.0.resend(company, webhook, seq).boxed()
    }
}
