//! Lists the company's messages.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::message::MessageState;
use serde::Deserialize;
use store::MessageFilter;
use utoipa::IntoParams;

use super::MessageRow;
use crate::Api;
use crate::input::Asked;
use crate::list::{List, PageQuery};
use crate::problem::Problem;
use crate::session::Viewer;
use crate::validate::searched;

/// Which messages.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MessageQuery {
    /// Stored at this time or later.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Stored before this time.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Timestamp>,
    /// In this state.
    state: Option<MessageState>,
    /// Part of a number in any spelling, or beginnings of words of a name or the text.
    search: Option<String>,
}

impl MessageQuery {
    /// The same as the store takes it, of those that may be seen.
    pub(super) fn filter(&self, viewer: Viewer) -> Result<MessageFilter, Problem> {
        Ok(MessageFilter {
            from: self.from,
            to: self.to,
            search: searched(self.search.clone())?,
            state: self.state,
            seen: viewer.seen,
            viewer: Some(viewer.user.id),
        })
    }
}

/// Lists the company's messages, the newest first. As with calls, a page that is not full may have a next one.
#[utoipa::path(get, path = "/api/messages", tag = "messages", params(MessageQuery, PageQuery),
    responses((status = OK, body = List<MessageRow>)))]
pub async fn list_messages(
    State(api): State<Api>,
    viewer: Viewer,
    Asked(query): Asked<MessageQuery>,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<List<MessageRow>>, Problem> {
    let company = viewer.company;
    let (filter, page) = (query.filter(viewer)?, page.request()?);
    let messages = api.store.messages().list(company, &filter, page).await?;
    Ok(Json(List::of(messages, MessageRow::of)))
}
