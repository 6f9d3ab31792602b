//! Events of a company, numbered without a gap that anybody could see, and
//! written in the transaction of what they tell: the one can't be without the other.

use jiff::Timestamp;
use model::event::EventKind;
use model::id::CompanyId;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, Set,
};
use serde::Serialize;
use uuid::Uuid;

use crate::column::{from_name, json, millis, name, timestamp, timestamp_opt};
use crate::entity::event::{Column, Entity, Model};
use crate::entity::{call, event_counter};
use crate::{Result, Store, lookup};

/// An event, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Whose.
    pub company: CompanyId,
    /// Its place in the company's order, counted from 1.
    pub seq: i64,
    /// Id; receivers tell repeats by it.
    pub id: Uuid,
    /// What happened.
    pub kind: EventKind,
    /// What it was about at that moment, as JSON.
    pub body: String,
    /// When.
    pub at: Timestamp,
}

/// Events.
#[derive(Clone, Copy)]
pub struct Events<'a> {
    pub(crate) store: &'a Store,
}

impl Events<'_> {
    /// The company's events behind a number, in their order.
    pub async fn after(&self, company: CompanyId, seq: i64, limit: u32) -> Result<Vec<Event>> {
        let rows = Entity::find()
            .filter(Column::CompanyId.eq(company.0))
            .filter(Column::Seq.gt(seq))
            .order_by_asc(Column::Seq)
            .limit(u64::from(limit))
            .all(self.store.reader())
            .await?;
        rows.into_iter().map(event).collect()
    }
}

/// Writes an event and gives its number. The company's counter stays locked
/// until the transaction ends, so this comes late in it.
pub(crate) async fn record<T: Serialize + ?Sized>(
    txn: &DatabaseTransaction,
    company: CompanyId,
    kind: EventKind,
    at: Timestamp,
    body: &T,
) -> Result<i64> {
    let seq = next(txn, company).await?;
    let row = Model {
        company_id: company.0,
        seq,
        id: Uuid::now_v7(),
        kind: name(kind)?,
        body: json(body)?,
        at: millis(at),
    };
    Entity::insert(row.into_active_model())
        .exec_without_returning(txn)
        .await?;
    Ok(seq)
}

async fn next(txn: &DatabaseTransaction, company: CompanyId) -> Result<i64> {
    use event_counter::{ActiveModel, Column, Entity};
    let first = ActiveModel {
        company_id: Set(company.0),
        seq: Set(1),
    };
    let counted = Entity::insert(first)
        .on_conflict(
            OnConflict::column(Column::CompanyId)
                .value(Column::Seq, Expr::col((Entity, Column::Seq)).add(1))
                .to_owned(),
        )
        .exec_with_returning(txn)
        .await?;
    Ok(counted.seq)
}

/// What receivers are told of a call.
#[derive(Serialize)]
struct CallBody<'a> {
    id: Uuid,
    line_id: Uuid,
    line_name: &'a str,
    caller_number: Option<&'a str>,
    caller_name: Option<&'a str>,
    arrived_at: Timestamp,
    answered_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    result: Option<&'a str>,
    operator_name: Option<&'a str>,
}

/// Writes an event of a call, which is told as it is now.
pub(crate) async fn of_call(
    txn: &DatabaseTransaction,
    kind: EventKind,
    row: &call::Model,
    at: Timestamp,
) -> Result<()> {
    let lines = lookup::line_names(txn, [row.line_id].into_iter()).await?;
    let operators = lookup::user_names(txn, row.operator_id.into_iter()).await?;
    let body = CallBody {
        id: row.id,
        line_id: row.line_id,
        line_name: lines.get(&row.line_id).map_or("", String::as_str),
        caller_number: row.caller_number.as_deref(),
        caller_name: row.caller_name.as_deref(),
        arrived_at: timestamp(row.arrived_at)?,
        answered_at: timestamp_opt(row.answered_at)?,
        ended_at: timestamp_opt(row.ended_at)?,
        result: row.result.as_deref(),
        operator_name: row
            .operator_id
            .and_then(|id| operators.get(&id).map(String::as_str)),
    };
    record(txn, CompanyId(row.company_id), kind, at, &body).await?;
    Ok(())
}

/// The number of the company's latest event that was committed. With the lock
/// none comes until the transaction ends.
pub(crate) async fn latest<C: ConnectionTrait>(
    db: &C,
    company: CompanyId,
    lock: bool,
) -> Result<i64> {
    let mut counter = event_counter::Entity::find_by_id(company.0);
    if lock {
        counter = counter.lock_exclusive();
    }
    Ok(counter.one(db).await?.map_or(0, |row| row.seq))
}

pub(crate) fn event(row: Model) -> Result<Event> {
    Ok(Event {
        company: CompanyId(row.company_id),
        seq: row.seq,
        id: row.id,
        kind: from_name(&row.kind)?,
        body: row.body,
        at: timestamp(row.at)?,
    })
}
