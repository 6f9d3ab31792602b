//! Those who can sign in, and their passwords.

use model::id::{CompanyId, UserId};
use model::language::Language;
use model::secret::Secret;
use model::user::{Role, User};

use crate::{Result, Store};

/// A user to be created.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The company of a company administrator.
    pub company: Option<CompanyId>,
    /// Login; kept in lower case.
    pub login: String,
    /// «ФИО».
    pub name: String,
    /// Roles.
    pub roles: Vec<Role>,
    /// The first password.
    pub password: Secret,
    /// Whether it is asked anew at the first sign-in.
    pub must_change_password: bool,
    /// Language of the interface.
    pub language: Language,
}

/// Users.
#[derive(Clone, Copy)]
pub struct Users<'a> {
    pub(crate) store: &'a Store,
}

impl Users<'_> {
    /// Creates a user.
    pub async fn create(&self, user: &NewUser) -> Result<User> {
        let _ = user;
        todo!()
    }

    /// The user of this id; not scoped.
    pub async fn get(&self, user: UserId) -> Result<User> {
        let _ = user;
        todo!()
    }

    /// The user of this login, in whatever case it is written; not scoped.
    pub async fn by_login(&self, login: &str) -> Result<User> {
        let _ = login;
        todo!()
    }

    /// Every operator by name; not scoped.
    pub async fn operators(&self) -> Result<Vec<User>> {
        todo!()
    }

    /// The user whose login and password these are. An unknown login costs
    /// the same work as a known one, so time tells nothing.
    pub async fn verify_login(&self, login: &str, password: &Secret) -> Result<Option<User>> {
        let _ = (login, password);
        todo!()
    }

    /// Sets the password and ends every session of the user but the one of the token.
    pub async fn set_password(
        &self,
        user: UserId,
        password: &Secret,
        must_change_password: bool,
        keep_session: Option<&str>,
    ) -> Result<()> {
        let _ = (user, password, must_change_password, keep_session);
        todo!()
    }

    /// Sets the language of the interface.
    pub async fn set_language(&self, user: UserId, language: Language) -> Result<()> {
        let _ = (user, language);
        todo!()
    }
}
