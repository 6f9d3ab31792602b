//! A message and its way to those it is for.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{CallId, CompanyId, DeliveryId, EmployeeId, MessageId, UserId};
use crate::line::Recipient;
use crate::question::Answer;

/// What a caller left, as an operator wrote it down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Id, chosen by whoever writes it: sending twice stores once.
    pub id: MessageId,
    /// Whose it is.
    pub company: CompanyId,
    /// The call that it came from.
    pub call: CallId,
    /// Who it is for.
    pub recipient: Recipient,
    /// Caller's name.
    pub caller_name: String,
    /// Caller's number, as stored: E.164 where it can be read as such.
    pub caller_phone: String,
    /// The question.
    pub text: String,
    /// Answers to the questions of the line's scenario.
    pub answers: Vec<Answer>,
    /// Whether it can't wait: it passes the quiet hours of those who allow it.
    pub urgent: bool,
    /// The operator; none for a voice message.
    pub author: Option<UserId>,
    /// When it was stored.
    pub created_at: Timestamp,
}

/// Whether somebody has taken a message on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessageState {
    /// Nobody has yet.
    Open,
    /// «Принято в работу».
    Accepted,
    /// «Закрыто».
    Closed,
}

/// The way that a delivery takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// It stands in the company's cabinet.
    Cabinet,
    /// A letter.
    Email,
    /// A notification on the employee's devices.
    Push,
    /// A receiver of the company's own.
    Webhook,
}

/// How far a delivery has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Waits for its attempt.
    Queued,
    /// «Отправлено»: the next server took it over.
    Sent,
    /// «Доставлено».
    Delivered,
    /// «Прочитано».
    Read,
    /// «Принято в работу».
    Accepted,
    /// «Закрыто».
    Closed,
    /// «Не доставлено».
    Failed,
}

/// One way of one message to one addressee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Id: stable over all attempts.
    pub id: DeliveryId,
    /// The message.
    pub message: MessageId,
    /// To whom; none for the cabinet.
    pub employee: Option<EmployeeId>,
    /// The way.
    pub channel: Channel,
    /// Address on that way: an e-mail address; empty for the cabinet.
    pub address: String,
    /// How far it has come.
    pub state: DeliveryState,
    /// Attempts made.
    pub attempts: u32,
    /// When the next attempt is due, while queued.
    pub next_at: Option<Timestamp>,
    /// Until when it waits for the addressee's quiet hours to end, while queued.
    pub held_until: Option<Timestamp>,
    /// Why the last attempt failed.
    pub error: Option<String>,
    /// When the state was reached.
    pub changed_at: Timestamp,
}
