//! Adds an operator.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use model::user::Role;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{CreatedAccount, NAME_MAX, letters, taken};
use crate::Api;
use crate::input::Body;
use crate::people::{NewPerson, create_person};
use crate::problem::Problem;
use crate::session::AnySession;
use crate::validate::Checks;

/// An operator to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OperatorForm {
    /// E-mail address: the login.
    email: String,
    /// Name, as the operator says it to callers.
    name: String,
    /// Also watches over the queue and the other operators.
    supervisor: bool,
}

/// Adds an operator, who gets address, login and password by e-mail.
#[utoipa::path(post, path = "/api/platform/operators", tag = "platform", request_body = OperatorForm,
    responses((status = CREATED, body = CreatedAccount)))]
pub async fn create_operator(
    State(api): State<Api>,
    session: AnySession,
    Body(form): Body<OperatorForm>,
) -> Result<(StatusCode, Json<CreatedAccount>), Problem> {
    let mut checks = Checks::default();
    let new = NewPerson {
        email: checks.email("email", &form.email),
        name: checks.required("name", &form.name, NAME_MAX),
        roles: match form.supervisor {
            true => vec![Role::Operator, Role::Supervisor],
            false => vec![Role::Operator],
        },
        language: session.user.language,
    };
    checks.done()?;
    let given = create_person(&api.store, letters(&api), new)
        .await
        .map_err(|error| taken(error, "email"))?;
    let id = given.user.0;
    Ok((StatusCode::CREATED, Json(CreatedAccount::of(id, given))))
}
