//! «Доступен», «Занят», «Не беспокоить до …».

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::notice::{Presence, Reach};
use serde::Deserialize;
use utoipa::ToSchema;

use super::oneself;
use crate::Api;
use crate::input::Body;
use crate::problem::Problem;
use crate::session::Viewer;

/// What one says of oneself.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PresenceForm {
    /// What.
    presence: Presence,
    /// Until when; until further notice where none.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
}

/// Says whether one may be disturbed; operators and colleagues see it at once.
#[utoipa::path(put, path = "/api/me/presence", tag = "me", request_body = PresenceForm,
    responses((status = OK, body = Reach)))]
pub async fn write_presence(
    State(api): State<Api>,
    viewer: Viewer,
    Body(PresenceForm { presence, until }): Body<PresenceForm>,
) -> Result<Json<Reach>, Problem> {
    let employee = oneself(&api, &viewer).await?.id;
    let notice = api.store.notice();
    let reach = notice.write_presence(viewer.company, employee, presence, until, Timestamp::now());
    Ok(Json(reach.await?))
}
