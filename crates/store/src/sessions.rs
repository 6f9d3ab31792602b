//! Sessions: a token in the browser, its hash here.

use jiff::Timestamp;
use model::id::UserId;
use model::user::User;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::column::{millis, timestamp};
use crate::entity::session::{Column, Entity, Model};
use crate::{Result, Store, StoreError};

/// A session unused for so long has ended.
const IDLE_MS: i64 = 12 * 60 * 60 * 1000;

/// The longest that a session lasts.
const LIFE_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// How exactly it is known when a session was last used: a page asks often.
const TOUCH_MS: i64 = 60 * 1000;

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

/// A session, as its user is told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedSession {
    /// Id; nobody can sign in with it.
    pub id: Uuid,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub seen_at: Timestamp,
    /// The browser, as it was called at the sign-in.
    pub agent: String,
}

/// Sessions.
#[derive(Clone, Copy)]
pub struct Sessions<'a> {
    pub(crate) store: &'a Store,
}

impl Sessions<'_> {
    /// Signs the user in, from nobody knows where.
    pub async fn create(&self, user: UserId, now: Timestamp) -> Result<NewSession> {
        self.create_from(user, "", now).await
    }

    /// Signs the user in, from a browser that is called so.
    pub async fn create_from(
        &self,
        user: UserId,
        agent: &str,
        now: Timestamp,
    ) -> Result<NewSession> {
        self.store.users().get(user).await?;
        let session = NewSession {
            token: random()?,
            csrf: random()?,
        };
        let row = Model {
            token_hash: hash(&session.token),
            user_id: user.0,
            csrf: session.csrf.clone(),
            created_at: millis(now),
            seen_at: millis(now),
            agent: agent.to_owned(),
        };
        Entity::insert(row.into_active_model())
            .exec_without_returning(self.store.writer())
            .await?;
        Ok(session)
    }

    /// The session of a token; not found after 12 idle hours or 30 days.
    pub async fn get(&self, token: &str, now: Timestamp) -> Result<Session> {
        let now = millis(now);
        let row = Entity::find_by_id(hash(token))
            .filter(Column::SeenAt.gt(now - IDLE_MS))
            .filter(Column::CreatedAt.gt(now - LIFE_MS))
            .one(self.store.reader())
            .await?
            .ok_or(StoreError::NotFound)?;
        Ok(Session {
            user: self.store.users().get(UserId(row.user_id)).await?,
            csrf: row.csrf,
        })
    }

    /// Tells that the session is in use. Writes at most once a minute.
    pub async fn touch(&self, token: &str, now: Timestamp) -> Result<()> {
        let now = millis(now);
        let hash = hash(token);
        let stale = Entity::find_by_id(hash.clone())
            .filter(Column::SeenAt.lte(now - TOUCH_MS))
            .one(self.store.reader())
            .await?;
        if stale.is_some() {
            Entity::update_many()
                .col_expr(Column::SeenAt, Expr::value(now))
                .filter(Column::TokenHash.eq(hash))
                .exec(self.store.writer())
                .await?;
        }
        Ok(())
    }

    /// Signs out; a token that is not known is no error.
    pub async fn delete(&self, token: &str) -> Result<()> {
        Entity::delete_by_id(hash(token))
            .exec(self.store.writer())
            .await?;
        Ok(())
    }

    /// The user's sessions that are alive, the latest used first.
    pub async fn list(&self, user: UserId, now: Timestamp) -> Result<Vec<ListedSession>> {
        let now = millis(now);
        let rows = Entity::find()
            .filter(Column::UserId.eq(user.0))
            .filter(Column::SeenAt.gt(now - IDLE_MS))
            .filter(Column::CreatedAt.gt(now - LIFE_MS))
            .order_by_desc(Column::SeenAt)
            .order_by_desc(Column::CreatedAt)
            .all(self.store.reader())
            .await?;
        rows.into_iter()
            .map(|row| {
                Ok(ListedSession {
                    id: id(&row.token_hash),
                    created_at: timestamp(row.created_at)?,
                    seen_at: timestamp(row.seen_at)?,
                    agent: row.agent,
                })
            })
            .collect()
    }

    /// Ends a session of the user; another user's is not found.
    pub async fn end(&self, user: UserId, session: Uuid) -> Result<()> {
        let rows = Entity::find()
            .filter(Column::UserId.eq(user.0))
            .all(self.store.reader())
            .await?;
        let row = rows
            .into_iter()
            .find(|row| id(&row.token_hash) == session)
            .ok_or(StoreError::NotFound)?;
        Entity::delete_by_id(row.token_hash)
            .exec(self.store.writer())
            .await?;
        Ok(())
    }

    /// Ends all sessions of the user but the one of the token.
    pub async fn end_others(&self, user: UserId, token: &str) -> Result<()> {
        Entity::delete_many()
            .filter(Column::UserId.eq(user.0))
            .filter(Column::TokenHash.ne(hash(token)))
            .exec(self.store.writer())
            .await?;
        Ok(())
    }

    /// Removes those that have expired, and tells how many.
    pub async fn delete_expired(&self, now: Timestamp) -> Result<u64> {
        let now = millis(now);
        let deleted = Entity::delete_many()
            .filter(
                Condition::any()
                    .add(Column::SeenAt.lte(now - IDLE_MS))
                    .add(Column::CreatedAt.lte(now - LIFE_MS)),
            )
            .exec(self.store.writer())
            .await?;
        Ok(deleted.rows_affected)
    }
}

/// The id under which the session of this token is listed.
pub fn session_id(token: &str) -> Uuid {
    id(&hash(token))
}

/// Half of the hash: enough to tell sessions apart, and worth nothing to a thief.
fn id(hash: &[u8]) -> Uuid {
    let mut bytes = [0; 16];
    bytes
        .iter_mut()
        .zip(hash)
        .for_each(|(to, from)| *to = *from);
    Uuid::from_bytes(bytes)
}

/// What is stored of a token. It is random itself, so a plain hash suffices.
pub(crate) fn hash(token: &str) -> Vec<u8> {
    digest(&SHA256, token.as_bytes()).as_ref().to_vec()
}

/// 256 random bits in base64url.
pub(crate) fn random() -> Result<String> {
    let mut bytes = [0; 32];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| StoreError::Corrupt("no random bytes".into()))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
