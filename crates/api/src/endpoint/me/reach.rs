//! How an employee wants to be told of messages.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::notice::{Absence, Quiet, Reach};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{check_absence, check_quiet, oneself};
use crate::Api;
use crate::input::Body;
use crate::problem::Problem;
use crate::session::Viewer;
use crate::validate::Checks;

/// How one wants to be told.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReachForm {
    /// By letters.
    email: bool,
    /// By notifications on devices.
    push: bool,
    /// Quiet hours.
    quiet: Vec<Quiet>,
    /// An urgent message passes them.
    urgent_anyway: bool,
    /// When one is away, and who stands in.
    absence: Option<Absence>,
}

/// Chooses how one is told of messages; what one says of oneself stays.
#[utoipa::path(put, path = "/api/me/reach", tag = "me", request_body = ReachForm,
    responses((status = OK, body = Reach)))]
pub async fn write_reach(
    State(api): State<Api>,
    viewer: Viewer,
    Body(form): Body<ReachForm>,
) -> Result<Json<Reach>, Problem> {
    let now = Timestamp::now();
    let mut checks = Checks::default();
    check_quiet(&mut checks, &form.quiet);
    check_absence(&mut checks, form.absence.as_ref(), now);
    checks.done()?;
    let employee = oneself(&api, &viewer).await?.id;
    let notice = api.store.notice();
    let reach = Reach {
        email: form.email,
        push: form.push,
        quiet: form.quiet,
        urgent_anyway: form.urgent_anyway,
        absence: form.absence,
        ..notice.reach(viewer.company, employee).await?
    };
    notice
        .write_reach(viewer.company, employee, &reach, now)
        .await?;
    Ok(Json(reach))
}
