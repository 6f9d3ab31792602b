//! What can go wrong, by what one can do about it.

use sea_orm::sqlx::Error as DriverError;
use sea_orm::{DbErr, RuntimeErr, SqlErr};

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It does not exist, or belongs to another company.
    #[error("not found")]
    NotFound,
    /// It was changed by somebody else since it was read: the version differs.
    #[error("changed meanwhile")]
    Stale,
    /// It contradicts what is stored.
    #[error("conflict: {what}")]
    Conflict {
        /// With what.
        what: Conflict,
    },
    /// The database can't be reached just now; the same call may succeed later.
    #[error("the database is not available")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// What is stored can't be read.
    #[error("stored data can't be read: {0}")]
    Corrupt(String),
    /// Anything else.
    #[error("the database refused")]
    Other(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What a write contradicts. Rows are counted from 0, as they were handed in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    /// The login belongs to somebody.
    #[error("the login is taken")]
    LoginTaken,
    /// Two employees of a company would have the same e-mail address.
    #[error("the e-mail address of row {row} is taken")]
    EmailTaken {
        /// The row that repeats it.
        row: usize,
    },
    /// An employee's e-mail address can't be changed once saved.
    #[error("the e-mail address of row {row} can't be changed")]
    EmailFixed {
        /// The row.
        row: usize,
    },
    /// A row names a department that the company does not have.
    #[error("row {row} names an unknown department")]
    UnknownDepartment {
        /// The row.
        row: usize,
    },
    /// A row names an employee that the company does not have.
    #[error("row {row} names an unknown employee")]
    UnknownEmployee {
        /// The row.
        row: usize,
    },
    /// A script or a message is for somebody whom the company does not have.
    #[error("the recipient is unknown")]
    UnknownRecipient,
    /// What was to be deleted is needed elsewhere.
    #[error("{} is in use", .0.name)]
    InUse(Box<InUse>),
    /// Another line has this PBX user already.
    #[error("another line has this PBX user")]
    PbxUserTaken,
    /// A line that operators answer needs somebody who gets the messages.
    #[error("a connected line needs a recipient")]
    RecipientMissing,
    /// The account has no password yet, and none was given.
    #[error("the account needs a password")]
    PasswordMissing,
    /// The company has as many receivers of events as it may.
    #[error("the company has as many webhooks as it may")]
    TooManyWebhooks,
    /// The message id was used for something else.
    #[error("the message id was used for another message")]
    MessageDiffers,
    /// Somebody else has taken the message on.
    #[error("{by} has accepted the message")]
    AlreadyAccepted {
        /// Who, by name.
        by: String,
    },
    /// The message is closed: it has to be opened again first.
    #[error("the message is closed")]
    MessageClosed,
    /// The delivery has not failed.
    #[error("the delivery has not failed")]
    NotFailed,
    /// Another operator has taken the task, or it is done.
    #[error("the task is not to be had")]
    TaskTaken,
    /// The company has as many API keys as it may have.
    #[error("too many API keys")]
    TooManyKeys,
    /// The company knows the caller's number already.
    #[error("the number is known already")]
    CallerKnown,
    /// The company knows as many callers as it may.
    #[error("too many callers")]
    TooManyCallers,
    /// The call has ended in another way.
    #[error("the call has ended already")]
    CallEnded,
}

/// Where something is needed that was to be deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InUse {
    /// Name of the department or employee.
    pub name: String,
    /// Names of the lines whose messages go there by default.
    pub lines: Vec<String>,
    /// Names of the departments whose notifications go to that employee.
    pub departments: Vec<String>,
    /// Names of the departments in whose rota the employee is.
    pub rotas: Vec<String>,
    /// Names of the departments whose policy of escalation comes there; none is the company's own.
    pub policies: Vec<Option<String>>,
    /// Names of those in whose absence the employee stands in.
    pub absences: Vec<String>,
}

impl StoreError {
    /// Whether the same call may succeed later, nothing else being changed.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }

    pub(crate) fn conflict(what: Conflict) -> Self {
        Self::Conflict { what }
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match &error {
            DbErr::ConnectionAcquire(_) => Self::Unavailable(Box::new(error)),
            DbErr::Conn(RuntimeErr::SqlxError(cause))
            | DbErr::Exec(RuntimeErr::SqlxError(cause))
            | DbErr::Query(RuntimeErr::SqlxError(cause))
                if passes(cause) =>
            {
                Self::Unavailable(Box::new(error))
            }
            DbErr::Type(_) | DbErr::Json(_) | DbErr::TryIntoErr { .. } => {
                Self::Corrupt(error.to_string())
            }
            _ => Self::Other(Box::new(error)),
        }
    }
}

/// Whether a driver's error is of the database's being away, full or busy,
/// rather than of what was asked.
fn passes(error: &DriverError) -> bool {
    match error {
        DriverError::Io(_)
        | DriverError::PoolTimedOut
        | DriverError::PoolClosed
        | DriverError::WorkerCrashed
        | DriverError::Protocol(_) => true,
        DriverError::Database(answer) => {
            let Some(code) = answer.code() else {
                return false;
            };
            match code.parse::<u32>() {
                // SQLite: busy, locked, I/O error, full, can't open; the low byte is the family.
                Ok(number) if code.len() < 5 => matches!(number & 0xff, 5 | 6 | 10 | 13 | 14),
                // PostgreSQL: connection, serialization, resources, shutting down or starting.
                _ => ["08", "40", "53", "57P", "58"]
                    .iter()
                    .any(|class| code.starts_with(class)),
            }
        }
        _ => false,
    }
}

/// Whether the write would have stored a value twice that has to be unique.
pub(crate) fn is_taken(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}
