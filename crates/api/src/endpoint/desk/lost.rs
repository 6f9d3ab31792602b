//! Lost callers whom operators are to call back.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::id::CallId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Api;
use crate::endpoint::calls::shown;
use crate::problem::Problem;
use crate::session::Operator;

/// Callers to whom nobody has talked since.
#[derive(Debug, Serialize, ToSchema)]
pub struct LostCallers {
    /// The newest first; 100 at most.
    items: Vec<LostCaller>,
}

/// Somebody who called a company and was lost.
#[derive(Debug, Serialize, ToSchema)]
pub struct LostCaller {
    /// The newest of the lost calls: by it the caller is called back.
    call: CallId,
    /// Name of the company that was called.
    company_name: String,
    /// Name of the line.
    line_name: String,
    /// The caller's name; empty where not known.
    caller_name: String,
    /// The caller's number for reading.
    caller_phone_shown: String,
    /// When the newest call arrived.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// How many of the calls were lost.
    times: u32,
    /// Somebody calls or talks with them at this moment.
    being_called: bool,
}

impl LostCaller {
    fn of(lost: store::LostCaller) -> Self {
        Self {
            call: lost.call,
            company_name: lost.company_name,
            line_name: lost.line_name,
            caller_name: lost.name.unwrap_or_default(),
            caller_phone_shown: shown(&lost.number),
            at: lost.at,
            times: lost.times,
            being_called: lost.being_called,
        }
    }
}

/// Lists the lost callers of the last seven days whom nobody has called back, one of each company
/// and number. The desk's frame `tasks` tells that it may have changed.
#[utoipa::path(get, path = "/api/desk/lost", tag = "desk", responses((status = OK, body = LostCallers)))]
pub async fn list_lost_callers(
    State(api): State<Api>,
    _operator: Operator,
) -> Result<Json<LostCallers>, Problem> {
    let calls = api.store.calls();
    let lost = calls.lost_to_call_back(Timestamp::now()).await?;
    Ok(Json(LostCallers {
        items: lost.into_iter().map(LostCaller::of).collect(),
    }))
}
