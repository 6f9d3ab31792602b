//! Lists the company's calls.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::call::CallResult;
use model::id::LineId;
use serde::Deserialize;
use store::{CallFilter, Seen};
use utoipa::IntoParams;

use super::CallRow;
use crate::Api;
use crate::input::Asked;
use crate::list::{List, PageQuery};
use crate::problem::Problem;
use crate::session::Viewer;
use crate::validate::searched;

/// Which calls.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CallQuery {
    /// On this line only.
    line: Option<LineId>,
    /// With this result only.
    result: Option<CallResult>,
    /// `true`: lost, and nobody has called back.
    not_called_back: Option<bool>,
    /// `true`: only those that operators placed; `false`: only those that came in.
    outgoing: Option<bool>,
    /// That arrived at this time or later.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// That arrived before this time.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Timestamp>,
    /// Part of a number in any spelling, or beginnings of words of a name or a message.
    search: Option<String>,
}

impl CallQuery {
    /// The same as the store takes it, of those that may be seen.
    pub(super) fn filter(&self, seen: Seen) -> Result<CallFilter, Problem> {
        Ok(CallFilter {
            line: self.line,
            result: self.result,
            not_called_back: self.not_called_back.unwrap_or_default(),
            outgoing: self.outgoing,
            from: self.from,
            to: self.to,
            search: searched(self.search.clone())?,
            seen,
        })
    }
}

/// Lists the company's calls, the newest first. A page may hold fewer than `limit` and have a
/// next one: looking for something rare through a long history ends after a while, to be gone on with.
#[utoipa::path(get, path = "/api/calls", tag = "calls", params(CallQuery, PageQuery),
    responses((status = OK, body = List<CallRow>)))]
pub async fn list_calls(
    State(api): State<Api>,
    viewer: Viewer,
    Asked(query): Asked<CallQuery>,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<List<CallRow>>, Problem> {
    let (filter, page) = (query.filter(viewer.seen)?, page.request()?);
    let calls = api.store.calls();
    let calls = calls.list(viewer.company, &filter, page).await?;
    let now = Timestamp::now();
    Ok(Json(List::of(calls, |row| CallRow::of(row, now))))
}
