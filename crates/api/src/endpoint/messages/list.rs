//! Lists the company's messages.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::MessageRow;
use crate::Api;
use crate::input::Asked;
use crate::list::{List, page_request};
use crate::problem::Problem;
use crate::session::CompanyAdmin;
use crate::validate::searched;

/// Which messages, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MessageQuery {
    /// Value of `next` on the page before.
    after: Option<String>,
    /// Items at most, 1 to 200.
    limit: Option<u32>,
    /// A number in any spelling, a name, or words of the text.
    search: Option<String>,
}

/// Lists the company's messages, the newest first.
#[utoipa::path(get, path = "/api/messages", tag = "messages", params(MessageQuery),
    responses((status = OK, body = List<MessageRow>)))]
pub async fn list_messages(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Asked(query): Asked<MessageQuery>,
) -> Result<Json<List<MessageRow>>, Problem> {
    let page = page_request(query.after.as_deref(), query.limit)?;
    let search = searched(query.search)?;
    let messages = api
        .store
        .messages()
        .list(admin.company, search.as_deref(), page)
        .await?;
    Ok(Json(List::of(messages, MessageRow::of)))
}
