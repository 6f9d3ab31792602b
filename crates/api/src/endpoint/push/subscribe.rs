//! Takes notifications on a browser.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use model::web_address::WebAddress;
use serde::Deserialize;
use store::NewPushSubscription;
use utoipa::ToSchema;

use crate::Api;
use crate::input::Body;
use crate::problem::{Flaw, Problem};
use crate::session::{Viewer, agent};
use crate::validate::Checks;

/// Lengths that the browser's keys have (RFC 8291, section 3).
const POINT_LEN: usize = 65;
const AUTH_LEN: usize = 16;
/// What an uncompressed point begins with.
const UNCOMPRESSED: u8 = 4;

/// What `PushSubscription.toJSON()` gives in a browser.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PushSubscriptionForm {
    /// Address at the browser's push service.
    endpoint: String,
    /// Key `p256dh`, in base64url.
    p256dh: String,
    /// Key `auth`, in base64url.
    auth: String,
}

/// Notifications of one's own messages go to this browser as well. A user has
/// ten browsers at most; another one takes the place of the oldest.
#[utoipa::path(post, path = "/api/push/subscriptions", tag = "push",
    request_body = PushSubscriptionForm, responses((status = NO_CONTENT)))]
pub async fn subscribe_to_push(
    State(api): State<Api>,
    viewer: Viewer,
    headers: HeaderMap,
    Body(form): Body<PushSubscriptionForm>,
) -> Result<StatusCode, Problem> {
    let mut checks = Checks::default();
    let endpoint = form.endpoint.parse::<WebAddress>().ok();
    let proper = |url: &WebAddress| url.is_protected() || api.config.unprotected_hooks;
    if !endpoint.as_ref().is_some_and(proper) {
        checks.flaw("endpoint", Flaw::NotWebAddress);
    }
    let mut bytes = |field, text: &str, length: usize| {
        let bytes = URL_SAFE_NO_PAD.decode(text.trim_end_matches('='));
        let bytes = bytes.ok().filter(|bytes| bytes.len() == length);
        if bytes.is_none() {
            checks.flaw(field, Flaw::WrongKind);
        }
        bytes.unwrap_or_default()
    };
    let point = bytes("p256dh", &form.p256dh, POINT_LEN);
    let auth = bytes("auth", &form.auth, AUTH_LEN);
    if point.first().is_some_and(|first| *first != UNCOMPRESSED) {
        checks.flaw("p256dh", Flaw::WrongKind);
    }
    checks.done()?;
    let new = NewPushSubscription {
        // As the browser wrote it: it is named so again when it goes.
        endpoint: form.endpoint,
        point,
        auth,
        agent: agent(&headers),
    };
    let subscriptions = api.store.push_subscriptions();
    subscriptions
        .add(viewer.user.id, &new, Timestamp::now())
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
