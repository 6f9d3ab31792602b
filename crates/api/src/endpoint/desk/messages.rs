//! Sends a message.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use model::id::{CallId, MessageId, QuestionId};
use model::line::Recipient;
use model::message::Message;
use model::phone::Phone;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Api;
use crate::endpoint::lines::questions;
use crate::endpoint::messages::MessageRow;
use crate::input::Body;
use crate::problem::{Flaw, Problem};
use crate::session::Operator;
use crate::validate::Checks;

const NAME_MAX: usize = 200;
const PHONE_MAX: usize = 60;
const TEXT_MAX: usize = 5000;

/// A message as the operator wrote it down.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMessage {
    /// Id, chosen by the desk: sending twice stores once.
    id: MessageId,
    /// The call.
    call_id: CallId,
    /// Whom it is for.
    recipient: Recipient,
    /// Caller's name.
    caller_name: String,
    /// Caller's number, in any spelling.
    caller_phone: String,
    /// The question.
    text: String,
    /// Answers to the questions of the line's scenario.
    #[serde(default)]
    answers: Vec<NewAnswer>,
    /// Whether it can't wait.
    #[serde(default)]
    urgent: bool,
}

/// An answer as it was typed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAnswer {
    /// The question.
    question: QuestionId,
    /// The words, the option, a day as 2026-11-27, or a number.
    value: String,
}

/// Sends a message of a call that the operator answered. Repeating it with
/// the same id answers with what is stored.
#[utoipa::path(post, path = "/api/desk/messages", tag = "desk", request_body = NewMessage,
    responses((status = CREATED, body = MessageRow), (status = OK, body = MessageRow, description = "A repeat")))]
pub async fn send_message(
    State(api): State<Api>,
    operator: Operator,
    Body(new): Body<NewMessage>,
) -> Result<(StatusCode, Json<MessageRow>), Problem> {
    let call = api
        .store
        .calls()
        .get_for_operator(operator.user.id, new.call_id)
        .await?;
    let questions = api.store.lines().questions(call.company, call.line).await?;
    let given: Vec<_> = new
        .answers
        .into_iter()
        .map(|answer| (answer.question, answer.value))
        .collect();
    let mut checks = Checks::default();
    let caller_name = checks.line("caller_name", &new.caller_name, NAME_MAX);
    let caller_phone = checks.line("caller_phone", &new.caller_phone, PHONE_MAX);
    let text = checks.text("text", &new.text, TEXT_MAX);
    if text.is_empty() {
        checks.flaw("text", Flaw::Empty);
    }
    let answers = questions::answers(&mut checks, &questions, &given);
    checks.done()?;
    let message = Message {
        id: new.id,
        company: call.company,
        call: call.id,
        recipient: new.recipient,
        caller_name,
        caller_phone: Phone::parse(&caller_phone)
            .map(|phone| phone.stored())
            .unwrap_or_default(),
        text,
        answers,
        urgent: new.urgent,
        author: Some(operator.user.id),
        created_at: Timestamp::now(),
    };
    let created = api
        .store
        .messages()
        .create(&message, api.config.email_enabled)
        .await?;
    let status = if created.fresh {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok((status, Json(MessageRow::of(created.stored))))
}
