//! Requests that may come again: the first is carried out, and the others get its answer.

use jiff::Timestamp;
use model::api_key::ApiKey;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use crate::column::{millis, narrow};
use crate::entity::idempotent_answer::{Column, Entity, Model};
use crate::{Result, Store, StoreError};

/// How long an answer is kept.
const KEPT_MS: i64 = 24 * 60 * 60 * 1000;

/// A request that has not been answered for so long was cut off by a crash.
const RUNNING_MS: i64 = 60 * 1000;

/// Answers that a company may have kept: a program that works through ten
/// thousand messages a day; the oldest go first.
const ANSWERS_MAX: u64 = 10_000;

/// Answers that go at once, so that a busy company does not count at each request.
const SWEPT: u64 = 500;

/// What was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The kind of its body, where there is one.
    pub content_type: Option<String>,
    /// Its body.
    pub body: Vec<u8>,
}

/// What is to be done with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It came for the first time: carry it out, then [`Idempotency::finish`] or [`Idempotency::forget`].
    First,
    /// It was carried out already.
    Answered(StoredAnswer),
    /// It is being carried out just now.
    Running,
    /// The name was used for another request.
    Differs,
}

/// What was answered to requests that may come again.
#[derive(Clone, Copy)]
pub struct Idempotency<'a> {
    pub(crate) store: &'a Store,
}

impl Idempotency<'_> {
    /// Takes a request that its sender has named, or tells what became of it.
    pub async fn begin(
        &self,
        key: &ApiKey,
        name: &str,
        request_hash: &[u8],
        now: Timestamp,
    ) -> Result<Begun> {
        let now = millis(now);
        self.sweep(key, now).await?;
        let writer = self.store.writer();
        let row = Model {
            api_key_id: key.id.0,
            name: name.to_owned(),
            company_id: key.company.0,
            request_hash: request_hash.to_vec(),
            began_at: now,
            status: None,
            content_type: None,
            body: None,
        };
        let inserted = Entity::insert(row.into_active_model())
            .on_conflict(
                OnConflict::columns([Column::ApiKeyId, Column::Name])
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(writer)
            .await?;
        if inserted > 0 {
            return Ok(Begun::First);
        }
        let Some(known) = Entity::find_by_id((key.id.0, name.to_owned()))
            .one(writer)
            .await?
        else {
            // It was forgotten between the two; whoever sends it again takes it.
            return Ok(Begun::Running);
        };
        if known.request_hash != request_hash {
            return Ok(Begun::Differs);
        }
        if let Some(status) = known.status {
            return Ok(Begun::Answered(StoredAnswer {
                status: narrow(status)?,
                content_type: known.content_type,
                body: known.body.unwrap_or_default(),
            }));
        }
        if now - known.began_at < RUNNING_MS {
            return Ok(Begun::Running);
        }
        // Of two who find it cut off only one takes it over.
        let taken = Entity::update_many()
            .col_expr(Column::BeganAt, Expr::value(now))
            .filter(Column::ApiKeyId.eq(key.id.0))
            .filter(Column::Name.eq(name))
            .filter(Column::BeganAt.eq(known.began_at))
            .filter(Column::Status.is_null())
            .exec(writer)
            .await?;
        match taken.rows_affected {
            0 => Ok(Begun::Running),
            _ => Ok(Begun::First),
        }
    }

    /// Keeps the answer for whoever asks again.
    pub async fn finish(&self, key: &ApiKey, name: &str, answer: &StoredAnswer) -> Result<()> {
        let updated = Entity::update_many()
            .col_expr(Column::Status, Expr::value(i64::from(answer.status)))
            .col_expr(
                Column::ContentType,
                Expr::value(answer.content_type.clone()),
            )
            .col_expr(Column::Body, Expr::value(answer.body.clone()))
            .filter(Column::ApiKeyId.eq(key.id.0))
            .filter(Column::Name.eq(name))
            .exec(self.store.writer())
            .await?;
        match updated.rows_affected {
            0 => Err(StoreError::NotFound),
            _ => Ok(()),
        }
    }

    /// Nothing was done: the request may be sent again under its name.
    pub async fn forget(&self, key: &ApiKey, name: &str) -> Result<()> {
        Entity::delete_many()
            .filter(Column::ApiKeyId.eq(key.id.0))
            .filter(Column::Name.eq(name))
            .filter(Column::Status.is_null())
            .exec(self.store.writer())
            .await?;
        Ok(())
    }

    /// Removes the company's answers that are too old, or too many.
    async fn sweep(&self, key: &ApiKey, now: i64) -> Result<()> {
        let of_company = || Entity::find().filter(Column::CompanyId.eq(key.company.0));
        let reader = self.store.reader();
        let kept = of_company().count(reader).await?;
        let mut until = now - KEPT_MS;
        if kept >= ANSWERS_MAX {
            let oldest: Option<i64> = of_company()
                .select_only()
                .column(Column::BeganAt)
                .order_by_asc(Column::BeganAt)
                .offset(SWEPT)
                .into_tuple()
                .one(reader)
                .await?;
            until = until.max(oldest.unwrap_or(now));
        }
        Entity::delete_many()
            .filter(Column::CompanyId.eq(key.company.0))
            .filter(Column::BeganAt.lte(until))
            .exec(self.store.writer())
            .await?;
        Ok(())
    }
}
