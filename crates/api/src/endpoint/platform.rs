//! The platform's own pages: companies, operators, health.

pub mod change_operator;
pub mod companies;
pub mod create_company;
pub mod create_operator;
pub mod health;
pub mod operators;
pub mod password;
pub mod remove_operator;

use serde::Serialize;
use store::{Conflict, StoreError};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::Api;
use crate::people::{Given, Letters};
use crate::problem::{Flaw, Problem};

/// Longest name of somebody or of a company.
const NAME_MAX: usize = 200;

/// Somebody or a company, created with a first password.
#[derive(Debug, Serialize, ToSchema)]
pub struct CreatedAccount {
    /// Id of the company or operator.
    id: Uuid,
    /// Login of whoever got the password.
    login: String,
    /// A letter with the password went out.
    letter: bool,
    /// The password for the first sign-in, where no letter could be sent.
    password: Option<String>,
}

impl CreatedAccount {
    fn of(id: Uuid, given: Given) -> Self {
        let letter = given.letter_went();
        let password = given.password.reveal().to_owned();
        Self {
            id,
            login: given.login,
            letter,
            password: (!letter).then_some(password),
        }
    }
}

fn letters(api: &Api) -> Option<&dyn Letters> {
    api.config.letters.as_deref()
}

/// A login that is taken is told at the field that holds it.
fn taken(error: StoreError, field: &str) -> Problem {
    match error {
        StoreError::Conflict {
            what: Conflict::LoginTaken,
        } => Problem::field(field, Flaw::EmailTaken),
        error => error.into(),
    }
}
