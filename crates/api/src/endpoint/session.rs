//! Signing in and out, and what belongs to the person who did.

pub mod language;
pub mod password;
pub mod read;
pub mod sign_in;
pub mod sign_out;

use model::id::{CompanyId, UserId};
use model::language::Language;
use model::user::{Role, User};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Api;
use crate::problem::Problem;

/// A session as the page sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    /// Who is signed in.
    user: SessionUser,
    /// The company of an administrator or employee.
    company: Option<SessionCompany>,
    /// Value of `X-CSRF-Token` for everything that changes something.
    csrf: String,
    /// This server is a demo.
    demo: bool,
}

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionUser {
    /// Id.
    id: UserId,
    /// Login.
    login: String,
    /// «ФИО».
    name: String,
    /// What the user may do.
    roles: Vec<Role>,
    /// Language of the interface.
    language: Language,
    /// A new password is asked for before anything else.
    must_change_password: bool,
}

/// The company of an administrator or employee.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionCompany {
    /// Id.
    id: CompanyId,
    /// Name as operators say it.
    name: String,
}

impl Session {
    /// Tells the session of this user.
    async fn of(api: &Api, user: User, csrf: String) -> Result<Self, Problem> {
        let company = match user.company {
            Some(id) => {
                let name = api.store.companies().get(id).await?.value.name;
                Some(SessionCompany { id, name })
            }
            None => None,
        };
        Ok(Self {
            user: SessionUser {
                id: user.id,
                login: user.login,
                name: user.name,
                roles: user.roles,
                language: user.language,
                must_change_password: user.must_change_password,
            },
            company,
            csrf,
            demo: api.config.demo.is_some(),
        })
    }
}
