//! Typed ids, so that a line's id can't be handed in for a call's.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
        )]
        #[serde(transparent)]
        #[schema(value_type = Uuid)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{} {}", stringify!($name), self.0)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )*};
}

ids! {
    /// A company whose missed calls are answered.
    CompanyId
    /// A line: one account at a company's PBX with its scenario.
    LineId
    /// One call, from the PBX's invitation to its ending. UUIDv7, so calls sort by arrival.
    CallId
    /// A caller whom a company knows.
    CallerId
    /// A message that an operator (or the caller's own voice) left.
    MessageId
    /// One way of one message to one addressee; receivers tell repeats by it.
    DeliveryId
    /// A call that operators owe to somebody whom a message did not reach.
    TaskId
    /// An entry of a message's timeline.
    EventId
    /// A receiver of a company's events.
    WebhookId
    /// A department of a company.
    DepartmentId
    /// An employee of a company.
    EmployeeId
    /// Somebody who can sign in: company administrator, operator, platform administrator.
    UserId
    /// The call leg at the PBX's side, as the `sip` crate names it.
    LegId
    /// An operator's browser, connected for sound.
    BrowserId
    /// A question of a line's scenario.
    QuestionId
    /// A key that opens the API to a company's programs.
    ApiKeyId
}
