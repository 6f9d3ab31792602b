//! Lists the companies.

use axum::Json;
use axum::extract::State;
use jiff::{SignedDuration, Timestamp};
use model::id::{CompanyId, UserId};
use serde::{Deserialize, Serialize};
use store::CompanyOverview;
use utoipa::{IntoParams, ToSchema};

use crate::Api;
use crate::input::Asked;
use crate::list::{List, page_request};
use crate::problem::Problem;
use crate::validate::searched;

/// What counts as the last month.
const MONTH: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Which companies, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CompanyQuery {
    /// Value of `next` on the page before.
    after: Option<String>,
    /// Items at most, 1 to 200.
    limit: Option<u32>,
    /// A part of the name.
    search: Option<String>,
}

/// A company, as the platform sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompanyRow {
    /// Id.
    id: CompanyId,
    /// Name as operators say it.
    name: String,
    /// When it was created; none where that is not known.
    #[schema(value_type = Option<String>, format = DateTime)]
    created_at: Option<Timestamp>,
    /// Its administrators.
    admins: Vec<CompanyAdminRow>,
    /// Lines.
    lines: u32,
    /// Of them connected to the call centre.
    connected: u32,
    /// Calls of the last 30 days.
    calls_30_days: u64,
}

/// An administrator of a company.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompanyAdminRow {
    /// Id.
    id: UserId,
    /// «ФИО».
    name: String,
    /// Login.
    login: String,
}

impl CompanyRow {
    fn of(company: CompanyOverview) -> Self {
        let admins = company.admins.into_iter().map(|user| CompanyAdminRow {
            id: user.id,
            name: user.name,
            login: user.login,
        });
        Self {
            id: company.id,
            name: company.name,
            created_at: company.created_at,
            admins: admins.collect(),
            lines: company.lines,
            connected: company.connected,
            calls_30_days: company.calls,
        }
    }
}

/// Lists the companies, the newest first.
#[utoipa::path(get, path = "/api/platform/companies", tag = "platform", params(CompanyQuery),
    responses((status = OK, body = List<CompanyRow>)))]
pub async fn list_companies(
    State(api): State<Api>,
    Asked(query): Asked<CompanyQuery>,
) -> Result<Json<List<CompanyRow>>, Problem> {
    let page = page_request(query.after.as_deref(), query.limit)?;
    let search = searched(query.search)?;
    let since = Timestamp::now() - MONTH;
    let companies = api.store.companies();
    let listed = companies.overview(search.as_deref(), since, page).await?;
    Ok(Json(List::of(listed, CompanyRow::of)))
}
