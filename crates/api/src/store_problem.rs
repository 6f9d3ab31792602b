//! What the store refuses, as a problem that names the field.

use store::{Conflict, InUse, StoreError};

use crate::problem::{Code, Flaw, Problem, Use};

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Code::NotFound.into(),
            StoreError::Stale => Code::ChangedMeanwhile.into(),
            StoreError::Conflict { what } => conflict(what),
            StoreError::Unavailable(_) => {
                tracing::warn!(error = chain(&error), "the database is away");
                Code::Unavailable.into()
            }
            StoreError::Corrupt(_) | StoreError::Other(_) => Problem::internal(chain(&error)),
        }
    }
}

fn chain(error: &StoreError) -> String {
    let mut text = error.to_string();
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}

fn conflict(what: Conflict) -> Problem {
    match what {
        Conflict::EmailTaken { row } => {
            Problem::field(format!("items.{row}.email"), Flaw::EmailTaken)
        }
        Conflict::EmailFixed { row } => {
            Problem::field(format!("items.{row}.email"), Flaw::EmailFixed)
        }
        Conflict::UnknownDepartment { row } => {
            Problem::field(format!("items.{row}.department"), Flaw::UnknownDepartment)
        }
        Conflict::UnknownEmployee { row } => {
            Problem::field(format!("items.{row}.notify"), Flaw::UnknownEmployee)
        }
        Conflict::UnknownRecipient => Problem::field("recipient", Flaw::UnknownRecipient),
        Conflict::InUse(needed) => {
            let InUse {
                name,
                lines,
                departments,
                rotas,
                policies,
                absences,
            } = *needed;
            let named = lines.into_iter().chain(departments).map(Use::Named);
            let places = named
                .chain(rotas.into_iter().map(Use::Rota))
                .chain(policies.into_iter().map(Use::Policy))
                .chain(absences.into_iter().map(Use::Deputy))
                .collect();
            Problem::at(Code::InUse, "items", Flaw::UsedBy { name, places })
        }
        Conflict::RecipientMissing => {
            Problem::at(Code::LineNotReady, "recipient", Flaw::RecipientMissing)
        }
        Conflict::PbxUserTaken => Code::PbxUserTaken.into(),
        Conflict::TooManyWebhooks => Code::TooManyWebhooks.into(),
        Conflict::PasswordMissing => Problem::field("password", Flaw::Empty),
        Conflict::TooManyKeys => Code::TooManyKeys.into(),
        Conflict::CallerKnown => Problem::field("number", Flaw::NumberKnown),
        Conflict::TooManyCallers => Code::TooManyCallers.into(),
        Conflict::MessageDiffers => Code::IdTaken.into(),
        Conflict::AlreadyAccepted { by } => {
            Problem::at(Code::AlreadyAccepted, "state", Flaw::AcceptedBy { by })
        }
        Conflict::MessageClosed => Code::MessageClosed.into(),
        Conflict::NotFailed => Code::NotFailed.into(),
        Conflict::TaskTaken => Code::TaskTaken.into(),
        Conflict::LoginTaken | Conflict::CallEnded => Problem::internal(what),
    }
}
