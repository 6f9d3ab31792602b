//! Counts what is unread.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Api;
use crate::problem::Problem;
use crate::session::Viewer;

/// What is unread.
#[derive(Debug, Serialize, ToSchema)]
pub struct Unread {
    /// Open messages that whoever asks has not read; 100 stands for «more than 99».
    unread: u64,
}

/// Counts the open messages that whoever asks has not read.
#[utoipa::path(get, path = "/api/messages/unread", tag = "messages", responses((status = OK, body = Unread)))]
pub async fn count_unread(State(api): State<Api>, viewer: Viewer) -> Result<Json<Unread>, Problem> {
    let messages = api.store.messages();
    let unread = messages.unread(viewer.company, &viewer.seen, viewer.user.id);
    Ok(Json(Unread {
        unread: unread.await?,
    }))
}
