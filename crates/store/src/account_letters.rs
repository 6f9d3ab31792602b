//! Letters about somebody's sign-in that have not left yet, for the worker that sends them.

use jiff::Timestamp;
use model::id::UserId;
use model::user::User;
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::column::{from_name, millis, name, narrow, timestamp, timestamp_opt};
use crate::entity::account_letter::{Column, Entity, Model};
use crate::{Result, Store, lookup};

/// What a letter is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountLetterKind {
    /// Somebody became an employee, and is to choose a password.
    Invitation,
    /// Somebody forgot the password.
    Reset,
}

/// A letter whose attempt is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueAccountLetter {
    /// Id, stable over all attempts.
    pub id: Uuid,
    /// What it is about.
    pub kind: AccountLetterKind,
    /// To whom.
    pub user: User,
    /// Name of the user's company.
    pub company_name: Option<String>,
    /// Since when it waits.
    pub created_at: Timestamp,
    /// Attempts, with the one that begins now.
    pub attempts: u32,
}

/// Letters about sign-ins. None of this is scoped by company: a worker sends everybody's.
#[derive(Clone, Copy)]
pub struct AccountLetters<'a> {
    pub(crate) store: &'a Store,
}

impl AccountLetters<'_> {
    /// Puts a letter into the queue, and wakes the worker.
    pub async fn add(&self, user: UserId, kind: AccountLetterKind, now: Timestamp) -> Result<()> {
        add(self.store.writer(), user, kind, now).await?;
        self.store.wake_deliveries();
        Ok(())
    }

    /// Takes the letter that is due longest, and keeps other workers off it
    /// until the lease ends. Each taking counts as an attempt.
    pub async fn take_due(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Result<Option<DueAccountLetter>> {
        let free = Condition::any()
            .add(Column::LeasedUntil.is_null())
            .add(Column::LeasedUntil.lte(millis(now)));
        let due = Entity::find()
            .filter(Column::NextAt.lte(millis(now)))
            .filter(free)
            .order_by_asc(Column::NextAt)
            .limit(1);
        // Looked for without a lock first: mostly there is nothing.
        if due.clone().one(self.store.reader()).await?.is_none() {
            return Ok(None);
        }
        let txn = self.store.begin().await?;
        let due = due
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .one(&txn)
            .await?;
        let Some(row) = due else {
            return Ok(None);
        };
        Entity::update_many()
            .col_expr(Column::LeasedUntil, Expr::value(millis(lease_until)))
            .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
            .filter(Column::Id.eq(row.id))
            .exec(&txn)
            .await?;
        txn.commit().await?;
        let user = self.store.users().get(UserId(row.user_id)).await?;
        let company = user.company.map(|company| company.0);
        let names = lookup::company_names(self.store.reader(), company.into_iter()).await?;
        Ok(Some(DueAccountLetter {
            id: row.id,
            kind: from_name(&row.kind)?,
            user,
            company_name: company.and_then(|id| names.get(&id).cloned()),
            created_at: timestamp(row.created_at)?,
            attempts: narrow(row.attempts + 1)?,
        }))
    }

    /// It left, or was given up.
    pub async fn remove(&self, id: Uuid) -> Result<()> {
        Entity::delete_by_id(id).exec(self.store.writer()).await?;
        Ok(())
    }

    /// The attempt failed; the next one is due then.
    pub async fn again(&self, id: Uuid, next_at: Timestamp) -> Result<()> {
        Entity::update_many()
            .col_expr(Column::NextAt, Expr::value(millis(next_at)))
            .col_expr(Column::LeasedUntil, Expr::value(None::<i64>))
            .filter(Column::Id.eq(id))
            .exec(self.store.writer())
            .await?;
        Ok(())
    }

    /// When the next attempt is due, or a lease ends, that is not due yet;
    /// none where nothing waits.
    pub async fn next_due_after(&self, now: Timestamp) -> Result<Option<Timestamp>> {
        let when = "CASE WHEN leased_until > next_at THEN leased_until ELSE next_at END";
        let earliest: Option<Option<i64>> = Entity::find()
            .select_only()
            .expr_as(Expr::cust(format!("MIN({when})")), "earliest")
            .filter(Expr::cust(when).gt(millis(now)))
            .into_tuple()
            .one(self.store.reader())
            .await?;
        timestamp_opt(earliest.flatten())
    }

    /// Gives back what a worker that is no more had taken. Only for a store that has one worker.
    pub(crate) async fn release(&self) -> Result<()> {
        Entity::update_many()
            .col_expr(Column::LeasedUntil, Expr::value(None::<i64>))
            .filter(Column::LeasedUntil.is_not_null())
            .exec(self.store.writer())
            .await?;
        Ok(())
    }
}

/// Puts a letter into the queue; whoever commits wakes the worker.
pub(crate) async fn add<C: ConnectionTrait>(
    db: &C,
    user: UserId,
    kind: AccountLetterKind,
    now: Timestamp,
) -> Result<()> {
    let row = Model {
        id: Uuid::now_v7(),
        user_id: user.0,
        kind: name(kind)?,
        created_at: millis(now),
        attempts: 0,
        next_at: millis(now),
        leased_until: None,
    };
    Entity::insert(row.into_active_model())
        .exec_without_returning(db)
        .await?;
    Ok(())
}
