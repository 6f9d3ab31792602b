//! Events of a company, numbered without a gap that anybody could see, and
//! written in the transaction of what they tell: the one can't be without the other.

use jiff::{SignedDuration, Timestamp};
use model::event::EventKind;
use model::id::{CompanyId, DeliveryId};
use model::line::Recipient;
use model::message::{Channel, DeliveryState};
use model::notice;
use model::question::Answer;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, Set,
};
use serde::Serialize;
use uuid::Uuid;

use crate::column::{from_json, from_name, json, millis, name, timestamp, timestamp_opt};
use crate::entity::event::{Column, Entity, Model};
use crate::entity::{call, event_counter, message};
use crate::{Result, Store, StoreError, lookup};

/// How long events are kept, to be told again.
pub const KEPT_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);

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

    /// Deletes events that have been kept long enough, and what was tried with
    /// them. Called every hour, so it is never much. For the worker, not scoped.
    pub async fn prune(&self, now: Timestamp) -> Result<()> {
        let until = millis(now - KEPT_FOR);
        self.store.webhooks().prune(until, now).await?;
        Entity::delete_many()
            .filter(Column::At.lt(until))
            .exec(self.store.writer())
            .await?;
        Ok(())
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
    let seq = count(txn, company, 1).await?;
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

/// Holds the company's counter until the transaction ends, and gives the
/// number of the latest event.
pub(crate) async fn lock(txn: &DatabaseTransaction, company: CompanyId) -> Result<i64> {
    count(txn, company, 0).await
}

/// Counts on by so much. An insertion that finds the row is one statement on
/// both databases, and locks it from there on.
async fn count(txn: &DatabaseTransaction, company: CompanyId, by: i64) -> Result<i64> {
    use event_counter::{ActiveModel, Column, Entity};
    let first = ActiveModel {
        company_id: Set(company.0),
        seq: Set(by),
    };
    let counted = Entity::insert(first)
        .on_conflict(
            OnConflict::column(Column::CompanyId)
                .value(Column::Seq, Expr::col((Entity, Column::Seq)).add(by))
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

/// Writes an event of a call, which is told as it is now. Receivers are told of
/// calls that came in, and not of those that operators place.
pub(crate) async fn of_call(
    txn: &DatabaseTransaction,
    kind: EventKind,
    row: &call::Model,
    at: Timestamp,
) -> Result<()> {
    if row.outgoing {
        return Ok(());
    }
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

/// What receivers are told of a message.
#[derive(Serialize)]
struct MessageBody<'a> {
    id: Uuid,
    call_id: Uuid,
    created_at: Timestamp,
    recipient: Recipient,
    recipient_name: &'a str,
    caller_name: &'a str,
    caller_phone: &'a str,
    text: &'a str,
    answers: Vec<Answer>,
    urgent: bool,
    author_name: Option<&'a str>,
    /// Who read, accepted or closed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'a str>,
    /// The delivery that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    delivery: Option<FailedBody<'a>>,
}

#[derive(Serialize)]
struct FailedBody<'a> {
    id: DeliveryId,
    channel: Channel,
    to: Option<&'a str>,
    reason: &'a str,
}

/// Writes the event that goes with an entry of a message's timeline, should there be one.
pub(crate) async fn of_message(
    txn: &DatabaseTransaction,
    message: Uuid,
    at: Timestamp,
    by: Option<&str>,
    entry: &notice::Event,
) -> Result<()> {
    let mut failed = None;
    let kind = match entry {
        notice::Event::Created { .. } => EventKind::MessageCreated,
        notice::Event::Read => EventKind::MessageRead,
        notice::Event::Accepted => EventKind::MessageAccepted,
        notice::Event::Closed => EventKind::MessageClosed,
        notice::Event::Delivery {
            delivery,
            channel,
            to,
            state: DeliveryState::Failed,
            reason,
        } => {
            failed = Some(FailedBody {
                id: *delivery,
                channel: *channel,
                to: to.as_deref(),
                reason: reason.as_deref().unwrap_or_default(),
            });
            EventKind::MessageFailed
        }
        notice::Event::Bounced {
            delivery,
            to,
            reason,
        } => {
            failed = Some(FailedBody {
                id: *delivery,
                channel: Channel::Email,
                to: to.as_deref(),
                reason,
            });
            EventKind::MessageFailed
        }
        _ => return Ok(()),
    };
    let row = message::Entity::find_by_id(message).one(txn).await?;
    let row = row.ok_or(StoreError::NotFound)?;
    let authors = lookup::user_names(txn, row.author_id.into_iter()).await?;
    let body = MessageBody {
        id: row.id,
        call_id: row.call_id,
        created_at: timestamp(row.created_at)?,
        recipient: from_json(&row.recipient)?,
        recipient_name: &row.recipient_name,
        caller_name: &row.caller_name,
        caller_phone: &row.caller_phone,
        text: &row.text,
        answers: from_json(&row.answers)?,
        urgent: row.urgent,
        author_name: row
            .author_id
            .and_then(|id| authors.get(&id).map(String::as_str)),
        by,
        delivery: failed,
    };
    record(txn, CompanyId(row.company_id), kind, at, &body).await?;
    Ok(())
}

/// The number of the company's latest event that was committed.
pub(crate) async fn latest<C: ConnectionTrait>(db: &C, company: CompanyId) -> Result<i64> {
    let counter = event_counter::Entity::find_by_id(company.0).one(db).await?;
    Ok(counter.map_or(0, |row| row.seq))
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
