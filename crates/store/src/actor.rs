//! Who does something with a message.

use model::id::{EmployeeId, UserId};

/// Who does something with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The one who is signed in.
    pub user: UserId,
    /// The name, which outlives the user.
    pub name: String,
    /// The employee that the user is; none for an administrator who is none.
    pub employee: Option<EmployeeId>,
}
