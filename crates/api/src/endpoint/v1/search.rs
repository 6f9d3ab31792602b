//! Searches calls by time, as the old API did.

use axum::Json;
use axum::extract::State;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::short_id::ShortId;
use super::{OldList, moment};
use crate::Api;
use crate::input::Asked;
use crate::problem::{Flaw, Problem};
use crate::session::Viewer;

/// Calls that are listed at most: the latest of them.
const LIST_MAX: u32 = 10_000;

/// How far back is searched where the script does not say.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// In which time.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OldSearchQuery {
    /// From this time on, in UTC where no zone is named: 2026-11-26T10:20:30.123456. A day ago where not given.
    from_time: Option<String>,
    /// Before this time; until now where not given.
    to_time: Option<String>,
}

/// A call that was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct OldCallRef {
    /// Id: up to 19 digits.
    id: String,
}

/// Calls that became known in a time: it counts when a call has ended and its message is there,
/// so whoever asks again and again misses none. The earliest first, at most the latest 10 000.
#[utoipa::path(get, path = "/v1/calls/search", tag = "old api",
    params(OldSearchQuery, ("auth_api_key" = Option<String>, Query, description = "The key; a header of that name does as well.")),
    responses((status = OK, body = OldList<OldCallRef>)))]
pub async fn search_calls(
    State(api): State<Api>,
    viewer: Viewer,
    Asked(query): Asked<OldSearchQuery>,
) -> Result<Json<OldList<OldCallRef>>, Problem> {
    let from = time("from_time", query.from_time)?;
    let to = time("to_time", query.to_time)?;
    let from = from.unwrap_or_else(|| Timestamp::now() - DAY);
    let calls = api.store.calls();
    let told = calls.told(viewer.company, from, to, LIST_MAX).await?;
    let ids = told.into_iter().filter_map(|call| ShortId::of(call.id));
    Ok(Json(OldList {
        list: ids.map(|id| OldCallRef { id: id.to_string() }).collect(),
    }))
}

fn time(field: &str, text: Option<String>) -> Result<Option<Timestamp>, Problem> {
    let text = text.filter(|text| !text.trim().is_empty());
    text.map(|text| moment::read(&text).ok_or_else(|| Problem::field(field, Flaw::WrongKind)))
        .transpose()
}
