//! Links to choose a password: good once, and for some time.

use jiff::Timestamp;
use model::id::UserId;
use model::secret::Secret;
use model::user::User;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use crate::column::millis;
use crate::entity::password_token::{Column, Entity, Model};
use crate::entity::{session, user};
use crate::{Result, Store, StoreError, password, sessions, sign_ins};

/// Links to choose a password.
#[derive(Clone, Copy)]
pub struct PasswordTokens<'a> {
    pub(crate) store: &'a Store,
}

impl PasswordTokens<'_> {
    /// A token for the user, good until then: 256 random bits in base64url, of
    /// which only the SHA-256 is stored. Those given out before stay good: the
    /// letter with one may be on its way.
    pub async fn issue(
        &self,
        user: UserId,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<String> {
        self.store.users().get(user).await?;
        let writer = self.store.writer();
        Entity::delete_many()
            .filter(Column::UserId.eq(user.0))
            .filter(Column::ExpiresAt.lte(millis(now)))
            .exec(writer)
            .await?;
        let token = sessions::random()?;
        let row = Model {
            token_hash: sessions::hash(&token),
            user_id: user.0,
            expires_at: millis(expires_at),
        };
        Entity::insert(row.into_active_model())
            .exec_without_returning(writer)
            .await?;
        Ok(token)
    }

    /// Whose token it is; not found once it was used or is too old.
    pub async fn get(&self, token: &str, now: Timestamp) -> Result<User> {
        let row = Entity::find_by_id(sessions::hash(token))
            .filter(Column::ExpiresAt.gt(millis(now)))
            .one(self.store.reader())
            .await?
            .ok_or(StoreError::NotFound)?;
        self.store.users().get(UserId(row.user_id)).await
    }

    /// Sets the password, uses up every token of the user, and ends every session.
    pub async fn choose(&self, token: &str, password: &Secret, now: Timestamp) -> Result<()> {
        // Looked at first, so that a token of nobody costs no hashing.
        let chosen = self.get(token, now).await?.id;
        let hash = password::hash(password).await?;
        let txn = self.store.begin().await?;
        // Of two at once only one finds it.
        let used = Entity::delete_many()
            .filter(Column::TokenHash.eq(sessions::hash(token)))
            .filter(Column::ExpiresAt.gt(millis(now)))
            .exec(&txn)
            .await?;
        if used.rows_affected == 0 {
            return Err(StoreError::NotFound);
        }
        sign_ins::void_links(&txn, chosen).await?;
        user::Entity::update_many()
            .col_expr(user::Column::PasswordHash, Expr::value(hash))
            .col_expr(user::Column::MustChangePassword, Expr::value(false))
            .col_expr(user::Column::Invited, Expr::value(false))
            .filter(user::Column::Id.eq(chosen.0))
            .exec(&txn)
            .await?;
        session::Entity::delete_many()
            .filter(session::Column::UserId.eq(chosen.0))
            .exec(&txn)
            .await?;
        Ok(txn.commit().await?)
    }
}
