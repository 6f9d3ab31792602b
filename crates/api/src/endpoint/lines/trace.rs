//! What went between a line and its PBX lately, message by message.

use std::time::SystemTime;

use axum::Json;
use axum::extract::{Path, State};
use jiff::Timestamp;
use model::id::LineId;
use serde::Serialize;
use switchboard::{TraceHead, TraceMessage, TraceSubject};
use utoipa::ToSchema;

use crate::Api;
use crate::input::Id;
use crate::problem::{Code, Problem};
use crate::session::CompanyAdmin;

/// What messages were exchanged for.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExchangeKind {
    /// The line registered, or stayed registered.
    Registration,
    /// The PBX called the line.
    Incoming,
    /// The line called somebody.
    Placed,
}

/// A call or registration whose messages are kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExchangeRow {
    /// Its number, until the program is started anew.
    id: u64,
    /// What it was.
    kind: ExchangeKind,
    /// When its first message went.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The other side's number as the PBX spelt it.
    party: Option<String>,
    /// The answer to what began it; none where nobody answered.
    outcome: Option<String>,
    /// How many messages there were.
    messages: usize,
}

/// One message of an exchange, its secrets masked.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExchangeMessage {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// This side sent it; otherwise the PBX did.
    outgoing: bool,
    /// What it asks for, or answers.
    label: String,
    /// The whole of it.
    text: String,
}

/// The line's last calls and registrations, the newest first. They are kept
/// in memory only.
#[utoipa::path(get, path = "/api/lines/{id}/trace", tag = "lines", params(("id" = LineId, Path)),
    responses((status = OK, body = Vec<ExchangeRow>)))]
pub async fn line_trace(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Id(id): Id<LineId>,
) -> Result<Json<Vec<ExchangeRow>>, Problem> {
    api.store.lines().get(admin.company, id).await?;
    let heads = api.switchboard.traces().of_line(id);
    Ok(Json(heads.into_iter().map(row).collect()))
}

/// The messages of one of them, in their order; none once it is forgotten.
#[utoipa::path(get, path = "/api/lines/{id}/trace/{exchange}", tag = "lines",
    params(("id" = LineId, Path), ("exchange" = u64, Path)),
    responses((status = OK, body = Vec<ExchangeMessage>)))]
pub async fn trace_messages(
    State(api): State<Api>,
    admin: CompanyAdmin,
    Path((id, exchange)): Path<(String, String)>,
) -> Result<Json<Vec<ExchangeMessage>>, Problem> {
    let id: LineId = id.parse().map_err(|_| Code::NotFound)?;
    let exchange: u64 = exchange.parse().map_err(|_| Code::NotFound)?;
    api.store.lines().get(admin.company, id).await?;
    let messages = api.switchboard.traces().messages(id, exchange);
    Ok(Json(messages.into_iter().map(message).collect()))
}

fn row(head: TraceHead) -> ExchangeRow {
    ExchangeRow {
        id: head.id,
        kind: match head.subject {
            TraceSubject::Registration => ExchangeKind::Registration,
            TraceSubject::Incoming => ExchangeKind::Incoming,
            TraceSubject::Placed => ExchangeKind::Placed,
        },
        at: timestamp(head.begun_at),
        party: head.party,
        outcome: head.outcome,
        messages: head.messages,
    }
}

fn message(message: TraceMessage) -> ExchangeMessage {
    ExchangeMessage {
        at: timestamp(message.at),
        outgoing: message.outgoing,
        label: message.label,
        text: message.text,
    }
}

/// A clock beyond what a timestamp holds shows its beginning.
fn timestamp(at: SystemTime) -> Timestamp {
    Timestamp::try_from(at).unwrap_or_default()
}
