//! «Журнал подключения».

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::id::LineId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Api;
use crate::input::{Asked, Id};
use crate::list::{List, PageQuery};
use crate::problem::Problem;
use crate::sentences;
use crate::session::CompanyAdmin;

/// Something that happened with a line's registration.
#[derive(Debug, Serialize, ToSchema)]
pub struct JournalRow {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// What, in the user's language.
    text: String,
    /// It is good news.
    ok: bool,
}

/// What happened with a line's registration, the newest first.
#[utoipa::path(get, path = "/api/lines/{id}/journal", tag = "lines",
    params(("id" = LineId, Path), PageQuery), responses((status = OK, body = List<JournalRow>)))]
pub async fn line_journal(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Id(id): Id<LineId>,
    Asked(query): Asked<PageQuery>,
) -> Result<Json<List<JournalRow>>, Problem> {
    let page = api
        .store
        .journal()
        .list(admin.company, id, query.request()?)
        .await?;
    Ok(Json(List::of(page, |item| JournalRow {
        at: item.at,
        text: sentences::journal(&item.entry, admin.language),
        ok: item.ok,
    })))
}
