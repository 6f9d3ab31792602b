//! Messages of a call, as the old API told them.

use axum::Json;
use axum::extract::State;
use model::language::Language;
use model::question::with_answers;
use serde::Serialize;
use store::CallDetails;
use utoipa::ToSchema;

use super::short_id::ShortId;
use super::{OldList, call_of, moment};
use crate::Api;
use crate::input::Id;
use crate::problem::Problem;
use crate::session::Viewer;

/// What a caller left.
#[derive(Debug, Serialize, ToSchema)]
pub struct OldMessage {
    /// The caller's name; empty where not known.
    caller_name: String,
    /// The caller's number, E.164 where it can be read as such; empty where hidden.
    caller_phone: String,
    /// The question, and below it the answers to the scenario's questions; empty where nobody could take it.
    caller_message: String,
    /// When it was written, in UTC: 2026-11-26T10:20:30.123000Z.
    datetime: String,
}

/// Messages of a call, the oldest first. A call that nobody answered has one without a text, for whoever
/// reads the first of them: it tells who called.
#[utoipa::path(get, path = "/v1/calls/{id}/messages", tag = "old api",
    params(("id" = String, Path), ("auth_api_key" = Option<String>, Query)),
    responses((status = OK, body = OldList<OldMessage>)))]
pub async fn old_call_messages(
    State(api): State<Api>,
    viewer: Viewer,
    Id(id): Id<ShortId>,
) -> Result<Json<OldList<OldMessage>>, Problem> {
    let call = call_of(&api, &viewer, id).await?;
    let list = told(call, viewer.user.language);
    Ok(Json(OldList { list }))
}

fn told(details: CallDetails, language: Language) -> Vec<OldMessage> {
    let call = details.row.call;
    if details.messages.is_empty() && call.answered_at.is_none() && call.ended_at.is_some() {
        return vec![OldMessage {
            caller_name: call.caller.name.unwrap_or_default(),
            caller_phone: call.caller.number.unwrap_or_default(),
            caller_message: String::new(),
            datetime: moment::told(call.arrived_at),
        }];
    }
    let messages = details.messages.into_iter().map(|stored| stored.message);
    messages
        .map(|message| OldMessage {
            caller_name: message.caller_name,
            caller_phone: message.caller_phone,
            caller_message: with_answers(&message.text, &message.answers, language),
            datetime: moment::told(message.created_at),
        })
        .collect()
}
