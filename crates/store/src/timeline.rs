//! What happened to a message, told in order.

use jiff::Timestamp;
use model::id::{EventId, UserId};
use model::notice::Event;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::column::{from_json, json, millis, timestamp};
use crate::entity::message;
use crate::entity::message_event::{Column, Entity, Model};
use crate::{Actor, Result, events};

/// Most entries that are told of one message, the newest ones.
const TOLD_MAX: u64 = 1000;

/// An entry of a message's timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageHappening {
    /// Id; a comment's was chosen by its writer.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// Whose doing it was; none for the program's own.
    pub user: Option<UserId>,
    /// By name.
    pub by: Option<String>,
    /// What.
    pub event: Event,
}

/// Appends to the timeline, in the transaction of what it tells, and to the
/// company's events where receivers are told of it.
pub(crate) async fn add(
    txn: &DatabaseTransaction,
    message: (Uuid, Uuid),
    at: Timestamp,
    by: Option<&Actor>,
    event: &Event,
) -> Result<()> {
    let entry = entry(Uuid::now_v7(), message, at, by, event)?;
    Entity::insert(entry.into_active_model())
        .exec_without_returning(txn)
        .await?;
    events::of_message(txn, message.1, at, by.map(|by| by.name.as_str()), event).await
}

/// An entry of the message of a company: `message` names both, in the order of [`of`].
pub(crate) fn entry(
    id: Uuid,
    (company_id, message_id): (Uuid, Uuid),
    at: Timestamp,
    by: Option<&Actor>,
    event: &Event,
) -> Result<Model> {
    Ok(Model {
        id,
        message_id,
        company_id,
        at: millis(at),
        user_id: by.map(|actor| actor.user.0),
        user_name: by.map(|actor| actor.name.clone()),
        event: json(event)?,
    })
}

/// Company and message.
pub(crate) fn of(row: &message::Model) -> (Uuid, Uuid) {
    (row.company_id, row.id)
}

/// The timeline, in order. The caller has made sure that the message may be seen.
pub(crate) async fn told<C: ConnectionTrait>(
    db: &C,
    message: Uuid,
) -> Result<Vec<MessageHappening>> {
    let mut rows = Entity::find()
        .filter(Column::MessageId.eq(message))
        .order_by_desc(Column::At)
        .order_by_desc(Column::Id)
        .limit(TOLD_MAX)
        .all(db)
        .await?;
    rows.reverse();
    rows.iter().map(happening).collect()
}

pub(crate) fn happening(row: &Model) -> Result<MessageHappening> {
    Ok(MessageHappening {
        id: EventId(row.id),
        at: timestamp(row.at)?,
        user: row.user_id.map(UserId),
        by: row.user_name.clone(),
        event: from_json(&row.event)?,
    })
}
