//! Lists the company's calls.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::call::CallResult;
use model::id::LineId;
use serde::Deserialize;
use store::CallFilter;
use utoipa::IntoParams;

use super::CallRow;
use crate::Api;
use crate::input::Asked;
use crate::list::{List, page_request};
use crate::problem::Problem;
use crate::session::CompanyAdmin;
use crate::validate::searched;

/// Which calls, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CallQuery {
    /// Value of `next` on the page before.
    after: Option<String>,
    /// Items at most, 1 to 200.
    limit: Option<u32>,
    /// On this line only.
    line: Option<LineId>,
    /// With this result only.
    result: Option<CallResult>,
    /// A number in any spelling, a name, or words of a message.
    search: Option<String>,
}

/// Lists the company's calls, the newest first.
#[utoipa::path(get, path = "/api/calls", tag = "calls", params(CallQuery),
    responses((status = OK, body = List<CallRow>)))]
pub async fn list_calls(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Asked(query): Asked<CallQuery>,
) -> Result<Json<List<CallRow>>, Problem> {
    let page = page_request(query.after.as_deref(), query.limit)?;
    let filter = CallFilter {
        line: query.line,
        result: query.result,
        search: searched(query.search)?,
    };
    let calls = api.store.calls().list(admin.company, &filter, page).await?;
    let now = Timestamp::now();
    Ok(Json(List::of(calls, |row| CallRow::of(row, now))))
}
