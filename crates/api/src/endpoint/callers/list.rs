//! Lists the callers whom the company knows.

use axum::Json;
use axum::extract::State;
use model::caller::Mark;
use serde::Deserialize;
use store::CallerFilter;
use utoipa::IntoParams;

use super::CallerView;
use crate::Api;
use crate::input::Asked;
use crate::list::{List, page_request};
use crate::problem::Problem;
use crate::session::CompanyAdmin;
use crate::validate::searched;

/// Which callers, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CallersQuery {
    /// Those with this mark alone.
    mark: Option<Mark>,
    /// Words of names and notes, and parts of numbers.
    search: Option<String>,
    /// Value of `next` on the page before.
    after: Option<String>,
    /// Items at most, 1 to 200.
    limit: Option<u32>,
}

/// Lists the callers whom the company knows, those changed last first.
#[utoipa::path(get, path = "/api/callers", tag = "callers", params(CallersQuery),
    responses((status = OK, body = List<CallerView>)))]
pub async fn list_callers(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Asked(query): Asked<CallersQuery>,
) -> Result<Json<List<CallerView>>, Problem> {
    let page = page_request(query.after.as_deref(), query.limit)?;
    let filter = CallerFilter {
        mark: query.mark,
        search: searched(query.search)?,
    };
    let callers = api.store.callers();
    let page = callers.list(admin.company, &filter, page).await?;
    Ok(Json(List::of(page, CallerView::of)))
}
