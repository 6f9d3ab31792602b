//! Who can sign in, and as what.

use serde::{Deserialize, Serialize};

use crate::id::{CompanyId, UserId};
use crate::language::Language;

/// What somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sets the company up and sees all of its calls.
    CompanyAdmin,
    /// Sees the messages addressed to oneself and to the own department, and their calls.
    Employee,
    /// Answers calls of every company.
    Operator,
    /// Watches over the queue and the operators.
    Supervisor,
    /// Keeps the platform: companies, operators.
    PlatformAdmin,
}

/// Somebody who can sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Id.
    pub id: UserId,
    /// The company of its administrators and employees; none for operators and the platform's own.
    pub company: Option<CompanyId>,
    /// Login, an e-mail address in lower case.
    pub login: String,
    /// «ФИО», as an operator says it.
    pub name: String,
    /// Roles; never empty.
    pub roles: Vec<Role>,
    /// The password was set by somebody else and is asked anew at the first sign-in.
    pub must_change_password: bool,
    /// There is no password yet: a link to choose one was sent.
    pub invited: bool,
    /// Language of the interface.
    pub language: Language,
}

/// How often somebody gets the summary of calls and messages by letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Summary {
    /// Never.
    None,
    /// Of each day.
    Day,
    /// Of each week.
    Week,
}

impl Summary {
    /// What stands until somebody chooses: administrators get one.
    pub fn of_roles(roles: &[Role]) -> Self {
        match roles.contains(&Role::CompanyAdmin) {
            true => Self::Week,
            false => Self::None,
        }
    }
}

/// How an employee's sign-in stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignIn {
    /// A link to choose a password was sent, and not used yet.
    Invited,
    /// There is a password.
    Active,
    /// The login belongs to somebody outside of the company.
    None,
}

impl User {
    /// Whether the user has the role.
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}
