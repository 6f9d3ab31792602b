//! «Сводка»: who is due one, the queue of those that have not left yet, and
//! what stands in them.

mod figures;

use jiff::Timestamp;
use model::hours::WorkingHours;
use model::id::UserId;
use model::user::{Role, Summary, User};
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::column::{from_json, millis, narrow, timestamp, timestamp_opt};
use crate::entity::summary_letter::{Column, Entity, Model};
use crate::entity::{company, user};
use crate::{Result, Store, StoreError, users};

pub use figures::{LineFigures, Lost, SummaryFigures};

/// Somebody who wants summaries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscriber {
    /// Who.
    pub user: UserId,
    /// How often.
    pub summary: Summary,
    /// IANA zone of the company.
    pub zone: String,
    /// The period that was put into the queue last.
    pub sent_for: Option<String>,
}

/// A summary whose attempt is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueSummary {
    /// Id, stable over all attempts.
    pub id: Uuid,
    /// To whom.
    pub user: User,
    /// How often that one wants it now.
    pub summary: Summary,
    /// The company's name.
    pub company_name: String,
    /// IANA zone of the company.
    pub zone: String,
    /// The period.
    pub period: String,
    /// Since when it waits.
    pub created_at: Timestamp,
    /// Attempts, with the one that begins now.
    pub attempts: u32,
}

/// Summaries. None of the queue is scoped by company: a worker sends everybody's.
#[derive(Clone, Copy)]
pub struct Summaries<'a> {
    pub(crate) store: &'a Store,
}

impl Summaries<'_> {
    /// Administrators of companies who want summaries.
    pub async fn subscribers(&self) -> Result<Vec<Subscriber>> {
        let reader = self.store.reader();
        let people = users::with_role(Role::CompanyAdmin)?
            .filter(user::Column::CompanyId.is_not_null())
            .all(reader)
            .await?;
        let companies: Vec<(Uuid, String)> = company::Entity::find()
            .select_only()
            .columns([company::Column::Id, company::Column::Hours])
            .into_tuple()
            .all(reader)
            .await?;
        let companies: std::collections::HashMap<_, _> = companies.into_iter().collect();
        let mut subscribers = Vec::new();
        for row in &people {
            let summary = users::summary(row)?;
            let hours = row.company_id.and_then(|id| companies.get(&id));
            let (true, Some(hours)) = (summary != Summary::None, hours) else {
                continue;
            };
            subscribers.push(Subscriber {
                user: UserId(row.id),
                summary,
                zone: from_json::<WorkingHours>(hours)?.zone,
                sent_for: row.summary_sent_for.clone(),
            });
        }
        Ok(subscribers)
    }

    /// Puts the summary of a period into the queue, once: false where it was before.
    pub async fn add(&self, user: UserId, period: &str, now: Timestamp) -> Result<bool> {
        let txn = self.store.begin().await?;
        let before = Condition::any()
            .add(user::Column::SummarySentFor.is_null())
            .add(user::Column::SummarySentFor.ne(period));
        let noted = user::Entity::update_many()
            .col_expr(user::Column::SummarySentFor, Expr::value(period))
            .filter(user::Column::Id.eq(user.0))
            .filter(before)
            .exec(&txn)
            .await?;
        if noted.rows_affected == 0 {
            return Ok(false);
        }
        let row = Model {
            id: Uuid::now_v7(),
            user_id: user.0,
            period: period.to_owned(),
            created_at: millis(now),
            attempts: 0,
            next_at: millis(now),
            leased_until: None,
        };
        Entity::insert(row.into_active_model())
            .exec_without_returning(&txn)
            .await?;
        txn.commit().await?;
        Ok(true)
    }

    /// Takes the summary that is due longest, and keeps other workers off it
    /// until the lease ends. Each taking counts as an attempt.
    pub async fn take_due(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Result<Option<DueSummary>> {
        let txn = self.store.begin().await?;
        let free = Condition::any()
            .add(Column::LeasedUntil.is_null())
            .add(Column::LeasedUntil.lte(millis(now)));
        let due = Entity::find()
            .filter(Column::NextAt.lte(millis(now)))
            .filter(free)
            .order_by_asc(Column::NextAt)
            .limit(1)
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
        let reader = self.store.reader();
        let to = user::Entity::find_by_id(row.user_id).one(reader).await?;
        let to = to.ok_or(StoreError::NotFound)?;
        let company = company::Entity::find_by_id(to.company_id.unwrap_or_default())
            .one(reader)
            .await?
            .ok_or(StoreError::NotFound)?;
        Ok(Some(DueSummary {
            id: row.id,
            user: users::user(&to)?,
            summary: users::summary(&to)?,
            company_name: company.name,
            zone: from_json::<WorkingHours>(&company.hours)?.zone,
            period: row.period,
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

    /// When the next attempt is due (or a lease ends); none where nothing waits.
    pub async fn next_due_at(&self) -> Result<Option<Timestamp>> {
        let earliest: Option<Option<i64>> = Entity::find()
            .select_only()
            .expr_as(
                Expr::cust(
                    "MIN(CASE WHEN leased_until > next_at THEN leased_until ELSE next_at END)",
                ),
                "earliest",
            )
            .into_tuple()
            .one(self.store.reader())
            .await?;
        timestamp_opt(earliest.flatten())
    }
}
