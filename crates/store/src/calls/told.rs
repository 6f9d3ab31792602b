//! Calls that are over and told, for programs that ask again and again what is new.
//!
//! A call is told once it has ended and its message is there: the operator may
//! write it after the end, and a program reads a call once. Where no operator
//! answered no message will follow, so the end is enough. A call that an
//! operator ended without a message is not told, and neither is a sound check,
//! nor a call that an operator placed.

use std::collections::HashMap;

use jiff::Timestamp;
use model::call::CallResult;
use model::id::{CallId, CompanyId};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::Calls;
use super::history::came_in;
use crate::column::{millis, name, timestamp};
use crate::entity::call::{Column, Entity};
use crate::entity::message;
use crate::{Result, StoreError};

/// Bits of an id behind the milliseconds, in [`CallId`]s and in short ids alike.
const MOMENT: u32 = 80;

/// A call that is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ToldCall {
    /// The call.
    pub id: CallId,
    /// Since when it is told.
    pub told_at: Timestamp,
}

/// What the query reads of a call: id, end, answer, result, first message.
type Row = (Uuid, i64, Option<i64>, Option<String>, Option<i64>);

impl Calls<'_> {
    /// Calls that became told from then until before then, the earliest
    /// first. Where there are more than so many, the latest of them.
    pub async fn told(
        &self,
        company: CompanyId,
        from: Timestamp,
        to: Option<Timestamp>,
        limit: u32,
    ) -> Result<Vec<ToldCall>> {
        let from = millis(from);
        let to = to.map_or(i64::MAX, millis);
        let mut told = HashMap::new();
        for query in [ended(company, from, to), written(company, from, to)] {
            let rows: Vec<Row> = query
                .limit(u64::from(limit))
                .into_tuple()
                .all(self.store.reader())
                .await?;
            for row in rows {
                if let Some(at) = told_at(&row)?
                    && (from..to).contains(&at)
                {
                    told.insert(row.0, at);
                }
            }
        }
        let mut told: Vec<(i64, Uuid)> = told.into_iter().map(|(id, at)| (at, id)).collect();
        told.sort_unstable();
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = told.len().saturating_sub(limit);
        told.drain(..more);
        told.into_iter()
            .map(|(at, id)| {
                Ok(ToldCall {
                    id: CallId(id),
                    told_at: timestamp(at)?,
                })
            })
            .collect()
    }

    /// The call that came in to the company whose id begins with this millisecond since 1970 and
    /// has these lowest bits; the earlier one where two have.
    pub async fn by_moment(
        &self,
        company: CompanyId,
        millisecond: u64,
        lowest: u32,
        mask: u32,
    ) -> Result<CallId> {
        let first = u128::from(millisecond) << MOMENT;
        let last = first | ((1_u128 << MOMENT) - 1);
        let ids: Vec<Uuid> = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::Id.between(Uuid::from_u128(first), Uuid::from_u128(last)))
            .filter(Column::CompanyId.eq(company.0))
            .filter(came_in())
            .order_by_asc(Column::Id)
            .into_tuple()
            .all(self.store.reader())
            .await?;
        let same = |id: &Uuid| (id.as_u128() & u128::from(mask)) == u128::from(lowest);
        ids.into_iter()
            .find(same)
            .map(CallId)
            .ok_or(StoreError::NotFound)
    }
}

/// By the time of their end.
pub(crate) fn ended(company: CompanyId, from: i64, to: i64) -> sea_orm::Select<Entity> {
    columns(Entity::find())
        .filter(Column::CompanyId.eq(company.0))
        .filter(Column::EndedAt.gte(from))
        .filter(Column::EndedAt.lt(to))
        .filter(came_in())
        .order_by_desc(Column::EndedAt)
}

/// Those whose message was written after the end, by the message's time.
pub(crate) fn written(company: CompanyId, from: i64, to: i64) -> sea_orm::Select<Entity> {
    let calls = message::Entity::find()
        .select_only()
        .column(message::Column::CallId)
        .filter(message::Column::CompanyId.eq(company.0))
        .filter(message::Column::CreatedAt.gte(from))
        .filter(message::Column::CreatedAt.lt(to))
        .into_query();
    columns(Entity::find())
        .filter(Column::Id.in_subquery(calls))
        .filter(Column::CompanyId.eq(company.0))
        .filter(Column::EndedAt.is_not_null())
        .filter(came_in())
        .order_by_desc(Column::Id)
}

fn columns(calls: sea_orm::Select<Entity>) -> sea_orm::Select<Entity> {
    calls
        .select_only()
        .columns([
            Column::Id,
            Column::EndedAt,
            Column::AnsweredAt,
            Column::Result,
        ])
        .expr_as(Expr::from(first_message()), "first_message")
}

fn first_message() -> SelectStatement {
    Query::select()
        .expr(Expr::col((message::Entity, message::Column::CreatedAt)).min())
        .from(message::Entity)
        .and_where(
            Expr::col((message::Entity, message::Column::CallId)).equals((Entity, Column::Id)),
        )
        .to_owned()
}

fn told_at((_, ended, answered, result, message): &Row) -> Result<Option<i64>> {
    if let Some(message) = message {
        return Ok(Some(std::cmp::max(*ended, *message)));
    }
    let check = result.as_deref() == Some(name(CallResult::TestCall)?.as_str());
    Ok((answered.is_none() && !check).then_some(*ended))
}
