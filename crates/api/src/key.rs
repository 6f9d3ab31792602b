//! Who asks: a key of the API, and what its scopes open.

use std::time::Instant;

use axum::extract::Query;
use axum::http::header;
use axum::http::request::Parts;
use jiff::Timestamp;
use model::api_key::Scope;
use serde::Deserialize;
use store::{ApiKeyHolder, StoreError};

use crate::Api;
use crate::access::Access;
use crate::problem::{Code, Problem, Tongue};

/// How the old API's scripts name the key, in the address or in a header.
const OLD_NAME: &str = "auth_api_key";

/// Longest secret that is looked up.
const SECRET_MAX: usize = 128;

#[derive(Deserialize)]
struct OldQuery {
    auth_api_key: Option<String>,
}

/// The secret that a request names, in `Authorization: Bearer`; for the old
/// API in its own way as well. None where it names none.
pub fn secret(parts: &Parts, access: Access) -> Option<String> {
    let header = |name: &str| parts.headers.get(name)?.to_str().ok();
    // Another scheme is somebody else's, such as a proxy's before this server.
    if let Some((scheme, secret)) =
        header(header::AUTHORIZATION.as_str()).and_then(|told| told.split_once(' '))
        && scheme.eq_ignore_ascii_case("Bearer")
    {
        return Some(secret.trim().to_owned());
    }
    if access != Access::OldApi {
        return None;
    }
    if let Some(told) = header(OLD_NAME) {
        return Some(told.to_owned());
    }
    let Query(query) = Query::<OldQuery>::try_from_uri(&parts.uri).ok()?;
    query.auth_api_key
}

/// Whose secret it is, where the scope opens the row to it.
pub async fn holder(
    api: &Api,
    scope: Option<Scope>,
    secret: &str,
    parts: &Parts,
) -> Result<ApiKeyHolder, Problem> {
    if secret.is_empty() || secret.len() > SECRET_MAX {
        return Err(Code::WrongKey.into());
    }
    let keys = api.store.api_keys();
    let holder = match keys.by_secret(secret).await {
        Ok(holder) => holder,
        Err(StoreError::NotFound) => return Err(Code::WrongKey.into()),
        Err(error) => return Err(error.into()),
    };
    if let Some(tongue) = parts.extensions.get::<Tongue>() {
        tongue.settle(holder.user.language);
    }
    api.key_limits
        .take(Instant::now(), holder.key.id)
        .map_err(|wait| Problem::after(Code::TooManyRequests, wait))?;
    match scope {
        None => return Err(Code::KeyNotAllowed.into()),
        Some(scope) if !holder.key.scopes.contains(&scope) => {
            return Err(Code::MissingScope.into());
        }
        Some(_) => {}
    }
    // Being a minute late with it changes nothing: the request goes on.
    if let Err(error) = keys.touch(&holder.key, Timestamp::now()).await {
        tracing::warn!(%error, "the key's use could not be noted");
    }
    Ok(holder)
}
