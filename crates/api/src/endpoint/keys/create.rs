//! Makes a key.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use model::api_key::Scope;
use serde::{Deserialize, Serialize};
use store::ApiKeyDraft;
use utoipa::ToSchema;

use super::KeyRow;
use crate::Api;
use crate::input::Body;
use crate::problem::{Flaw, Problem};
use crate::session::{AnySession, CompanyAdmin};
use crate::validate::Checks;

/// Longest name of a key, in characters.
const NAME_MAX: usize = 100;

/// A key to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewKey {
    /// What it is for, such as «CRM».
    name: String,
    /// What it opens; one at least.
    scopes: Vec<Scope>,
}

/// A key that was made.
#[derive(Serialize, ToSchema)]
pub struct MadeKey {
    /// The key.
    key: KeyRow,
    /// Its secret, told this once.
    secret: String,
}

/// Makes a key of the API. Its secret is in the answer, and is never told again.
#[utoipa::path(post, path = "/api/keys", tag = "keys", request_body = NewKey,
    responses((status = CREATED, body = MadeKey)))]
pub async fn create_key(
    State(api): State<Api>,
    admin: CompanyAdmin,
    session: AnySession,
    Body(new): Body<NewKey>,
) -> Result<(StatusCode, Json<MadeKey>), Problem> {
    let mut checks = Checks::default();
    let name = checks.required("name", &new.name, NAME_MAX);
    if new.scopes.is_empty() {
        checks.flaw("scopes", Flaw::Empty);
    }
    checks.done()?;
    let draft = ApiKeyDraft {
        name,
        scopes: Scope::ALL
            .into_iter()
            .filter(|scope| new.scopes.contains(scope))
            .collect(),
        made_by: session.user.id,
    };
    let keys = api.store.api_keys();
    let made = keys.create(admin.company, &draft, Timestamp::now()).await?;
    let made = MadeKey {
        key: KeyRow::of(made.key),
        secret: made.secret,
    };
    Ok((StatusCode::CREATED, Json(made)))
}
