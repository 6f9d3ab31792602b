//! A message with its deliveries.

use jiff::Timestamp;
use model::id::{CallId, DeliveryId, EmployeeId, MessageId};
use model::line::Recipient;
use model::message::{Channel, DeliveryState, MessageState};
use model::question::Answer;
use serde::Serialize;
use store::{Mark, StoredDelivery, StoredMessage};
use utoipa::ToSchema;

use crate::endpoint::calls::shown;

/// A message with its deliveries.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageRow {
    /// Id.
    id: MessageId,
    /// The call that it came from.
    call_id: CallId,
    /// When it was stored.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Caller's name.
    caller_name: String,
    /// Caller's number as stored; empty where not known.
    caller_phone: String,
    /// Caller's number for reading.
    caller_phone_shown: String,
    /// The question.
    text: String,
    /// Answers to the questions of the line's scenario.
    answers: Vec<Answer>,
    /// Whom it is for.
    recipient: Recipient,
    /// Name of that department or employee.
    recipient_name: String,
    /// The operator; none for a voice message.
    author_name: Option<String>,
    /// Whether it can't wait.
    urgent: bool,
    /// Whether somebody has taken it on.
    state: MessageState,
    /// Whether it is open and whoever asks has not read it.
    unread: bool,
    /// Who has taken it on.
    accepted_by_name: Option<String>,
    /// When.
    #[schema(value_type = Option<String>, format = DateTime)]
    accepted_at: Option<Timestamp>,
    /// Who has closed it.
    closed_by_name: Option<String>,
    /// When.
    #[schema(value_type = Option<String>, format = DateTime)]
    closed_at: Option<Timestamp>,
    /// To whom it was assigned.
    assignee: Option<EmployeeId>,
    /// By name.
    assignee_name: Option<String>,
    /// When the next ones are told of it, should nobody take it on before.
    #[schema(value_type = Option<String>, format = DateTime)]
    next_step_at: Option<Timestamp>,
    /// Its ways, the cabinet's first.
    deliveries: Vec<DeliveryRow>,
}

/// One way of a message to one addressee.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryRow {
    /// Id.
    id: DeliveryId,
    /// The way.
    channel: Channel,
    /// Address on that way; empty for the cabinet.
    address: String,
    /// To whom; none for the cabinet.
    employee_name: Option<String>,
    /// How far it has come.
    state: DeliveryState,
    /// Attempts made.
    attempts: u32,
    /// Why the last attempt failed.
    error: Option<String>,
    /// When the state was reached.
    #[schema(value_type = String, format = DateTime)]
    changed_at: Timestamp,
    /// When the next attempt is due.
    #[schema(value_type = Option<String>, format = DateTime)]
    next_at: Option<Timestamp>,
    /// Until when it waits for the addressee's quiet hours to end.
    #[schema(value_type = Option<String>, format = DateTime)]
    held_until: Option<Timestamp>,
}

/// Who and when, apart.
fn told(mark: Option<Mark>) -> (Option<String>, Option<Timestamp>) {
    mark.map(|mark| (mark.name, mark.at)).unzip()
}

impl MessageRow {
    /// Puts a stored message as it is shown.
    pub fn of(stored: StoredMessage) -> Self {
        let StoredMessage {
            message,
            recipient_name,
            author_name,
            state,
            accepted,
            closed,
            assignee,
            assignee_name,
            unread,
            next_step_at,
            deliveries,
        } = stored;
        let (accepted_by_name, accepted_at) = told(accepted);
        let (closed_by_name, closed_at) = told(closed);
        Self {
            id: message.id,
            call_id: message.call,
            created_at: message.created_at,
            caller_name: message.caller_name,
            caller_phone_shown: shown(&message.caller_phone),
            caller_phone: message.caller_phone,
            text: message.text,
            answers: message.answers,
            recipient: message.recipient,
            recipient_name,
            author_name,
            urgent: message.urgent,
            state,
            unread,
            accepted_by_name,
            accepted_at,
            closed_by_name,
            closed_at,
            assignee,
            assignee_name,
            next_step_at,
            deliveries: deliveries.into_iter().map(DeliveryRow::of).collect(),
        }
    }
}

impl DeliveryRow {
    fn of(
        StoredDelivery {
            delivery,
            employee_name,
        }: StoredDelivery,
    ) -> Self {
        Self {
            id: delivery.id,
            channel: delivery.channel,
            address: delivery.address,
            employee_name,
            state: delivery.state,
            attempts: delivery.attempts,
            error: delivery.error,
            changed_at: delivery.changed_at,
            next_at: delivery.next_at,
            held_until: delivery.held_until,
        }
    }
}
