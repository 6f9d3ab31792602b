//! A message with its deliveries.

use jiff::Timestamp;
use model::id::{CallId, DeliveryId, MessageId};
use model::line::Recipient;
use model::message::{Channel, DeliveryState};
use serde::Serialize;
use store::{StoredDelivery, StoredMessage};
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
    /// Whom it is for.
    recipient: Recipient,
    /// Name of that department or employee.
    recipient_name: String,
    /// The operator; none for a voice message.
    author_name: Option<String>,
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
}

impl MessageRow {
    /// Puts a stored message as it is shown.
    pub fn of(stored: StoredMessage) -> Self {
        let StoredMessage {
            message,
            recipient_name,
            author_name,
            deliveries,
            ..
        } = stored;
        Self {
            id: message.id,
            call_id: message.call,
            created_at: message.created_at,
            caller_name: message.caller_name,
            caller_phone_shown: shown(&message.caller_phone),
            caller_phone: message.caller_phone,
            text: message.text,
            recipient: message.recipient,
            recipient_name,
            author_name,
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
        }
    }
}
