//! Choosing a password by a link in a letter: forgotten ones, and the first
//! ones of employees.

pub mod ask;
pub mod choose;
pub mod read;

use model::user::User;
use store::StoreError;

use crate::Api;
use crate::problem::{Code, Problem};

/// Longest token that is looked up.
const TOKEN_MAX: usize = 128;

/// Whose link it is.
async fn holder(api: &Api, token: &str) -> Result<User, Problem> {
    if token.len() > TOKEN_MAX {
        return Err(Code::ResetExpired.into());
    }
    let tokens = api.store.password_tokens();
    tokens
        .get(token, jiff::Timestamp::now())
        .await
        .map_err(expired)
}

/// A link that is not known was used, is too old, or never was one.
fn expired(error: StoreError) -> Problem {
    match error {
        StoreError::NotFound => Code::ResetExpired.into(),
        error => error.into(),
    }
}
