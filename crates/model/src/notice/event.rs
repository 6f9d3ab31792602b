//! What a message's timeline tells.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{DeliveryId, EmployeeId};
use crate::message::{Channel, DeliveryState};

/// Something that happened to a message. People are told by the name that they had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = MessageEvent)]
pub enum Event {
    /// It was stored.
    Created {
        /// Name of the department or employee that it is for.
        recipient: String,
    },
    /// A delivery came to this state, or its first attempt did not get through (then it is queued).
    Delivery {
        /// Which one.
        delivery: DeliveryId,
        /// Its way.
        channel: Channel,
        /// To whom; none for the cabinet and receivers.
        to: Option<String>,
        /// The state.
        state: DeliveryState,
        /// Why, where it failed.
        reason: Option<String>,
    },
    /// A letter came back.
    Bounced {
        /// Which delivery.
        delivery: DeliveryId,
        /// To whom.
        to: Option<String>,
        /// What the returning server said.
        reason: String,
    },
    /// It waits for somebody's quiet hours, or «Не беспокоить», to end.
    Held {
        /// Whose.
        to: String,
        /// Until then.
        #[schema(value_type = String, format = DateTime)]
        until: Timestamp,
    },
    /// Somebody is away, and another stands in.
    Deputised {
        /// Who is away.
        absent: String,
        /// Who stands in.
        deputy: String,
    },
    /// Somebody is away, and nobody stands in.
    Absent {
        /// Who is away.
        absent: String,
    },
    /// By the rota nobody was on duty: the whole department was told.
    NobodyOnDuty {
        /// Name of the department.
        department: String,
    },
    /// A step of «Порядок оповещения» began.
    Escalated {
        /// Which one, from 1 on; the last one comes again and again.
        step: u32,
        /// Who was told, or is to be called.
        to: Vec<String>,
    },
    /// Operators are asked to call them and to read the message.
    CallAsked {
        /// Whom.
        to: Vec<String>,
    },
    /// There was nobody to be told: the company's administrators were.
    Administrators {
        /// Their names; empty where there are none.
        to: Vec<String>,
    },
    /// An operator called somebody.
    Called {
        /// Whom.
        to: String,
        /// Whether the message was read to them.
        reached: bool,
    },
    /// After three days nobody had accepted it: nobody is told any more.
    Exhausted,
    /// Somebody has read it for the first time.
    Read,
    /// Somebody has taken it on.
    Accepted,
    /// Whoever had taken it on gave it back.
    Released,
    /// It is done.
    Closed,
    /// It is not done after all.
    Reopened,
    /// It was given to somebody.
    Assigned {
        /// To whom.
        employee: EmployeeId,
        /// By name.
        to: String,
    },
    /// Somebody wrote beside it.
    Comment {
        /// What.
        text: String,
    },
}
