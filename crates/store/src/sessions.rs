//! Sessions: a token in the browser, its hash here.

use jiff::Timestamp;
use model::id::UserId;
use model::user::User;

use crate::{Result, Store};

/// What a sign-in hands out.
#[derive(Clone, PartialEq, Eq)]
pub struct NewSession {
    /// Token for the cookie: 256 random bits in base64url. Only its SHA-256 is stored.
    pub token: String,
    /// Token that mutations have to name.
    pub csrf: String,
}

/// A session that is alive.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// Whose.
    pub user: User,
    /// Token that mutations have to name.
    pub csrf: String,
}

/// Sessions.
#[derive(Clone, Copy)]
pub struct Sessions<'a> {
    pub(crate) store: &'a Store,
}

impl Sessions<'_> {
    /// Signs the user in.
    pub async fn create(&self, user: UserId, now: Timestamp) -> Result<NewSession> {
        let _ = (user, now);
        todo!()
    }

    /// The session of a token; not found after 12 idle hours or 30 days.
    pub async fn get(&self, token: &str, now: Timestamp) -> Result<Session> {
        let _ = (token, now);
        todo!()
    }

    /// Tells that the session is in use. Writes at most once a minute.
    pub async fn touch(&self, token: &str, now: Timestamp) -> Result<()> {
        let _ = (token, now);
        todo!()
    }

    /// Signs out; a token that is not known is no error.
    pub async fn delete(&self, token: &str) -> Result<()> {
        let _ = token;
        todo!()
    }

    /// Removes those that have expired, and tells how many.
    pub async fn delete_expired(&self, now: Timestamp) -> Result<u64> {
        let _ = now;
        todo!()
    }
}
