//! The deliveries that stand for a message's way to receivers: each follows its event.

use jiff::Timestamp;
use model::event::EventKind;
use model::id::{CompanyId, MessageId, WebhookId};
use model::message::{Channel, DeliveryState};
use model::web_address::WebAddress;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};
use uuid::Uuid;

use crate::column::{from_json, from_name, millis, name, narrow};
use crate::entity::delivery::{Column, Entity, Model};
use crate::entity::webhook;
use crate::events::Event;
use crate::{DueEvent, Result, deliveries};

/// What a delivery is told as failed with.
pub(crate) const SWITCHED_OFF: &str = "the webhook was switched off";
pub(crate) const DELETED: &str = "the webhook was deleted";
pub(crate) const OVERDUE: &str = "the receiver did not take it while it was kept";
pub(crate) const GONE: &str = "the receiver answered 410: it is gone";

/// In the transaction of a message, behind its event: a delivery for each
/// receiver that wants to know of it. It goes with the event, so no worker
/// takes it by itself.
pub(crate) async fn queue(
    txn: &DatabaseTransaction,
    company: CompanyId,
    message: MessageId,
    now: Timestamp,
) -> Result<()> {
    let rows = webhook::Entity::find()
        .filter(webhook::Column::CompanyId.eq(company.0))
        .filter(webhook::Column::Enabled.eq(true))
        .order_by_asc(webhook::Column::CreatedAt)
        .all(txn)
        .await?;
    for row in rows {
        let kinds: Vec<EventKind> = from_json(&row.kinds)?;
        if !kinds.contains(&EventKind::MessageCreated) {
            continue;
        }
        let new = Model {
            id: Uuid::now_v7(),
            message_id: message.0,
            company_id: company.0,
            employee_id: None,
            employee_name: None,
            webhook_id: Some(row.id),
            channel: name(Channel::Webhook)?,
            address: host(&row.url),
            state: name(DeliveryState::Queued)?,
            attempts: 0,
            next_at: None,
            leased_until: None,
            error: None,
            changed_at: millis(now),
            held_until: None,
            tried_from: None,
        };
        Entity::insert(new.into_active_model())
            .exec_without_returning(txn)
            .await?;
    }
    Ok(())
}

/// The host alone: the rest of such an address is often a secret.
fn host(url: &str) -> String {
    url.parse::<WebAddress>()
        .map_or_else(|_| String::new(), |url| url.host())
}

/// What an attempt means for a delivery.
#[derive(Clone, Copy)]
pub(crate) enum Means<'a> {
    Sent,
    Again(&'a str),
    Failed(&'a str),
}

/// Marks the delivery that goes with the event, and gives its message. One
/// that failed gets there after all when its event is told again.
pub(crate) async fn mark(
    txn: &DatabaseTransaction,
    due: &DueEvent,
    means: Means<'_>,
    now: Timestamp,
) -> Result<Option<MessageId>> {
    if due.event.kind != EventKind::MessageCreated {
        return Ok(None);
    }
    let Some(message) = message_of(&due.event) else {
        return Ok(None);
    };
    let rows = Entity::find()
        .filter(Column::WebhookId.eq(due.webhook.0))
        .filter(Column::MessageId.eq(message.0))
        .all(txn)
        .await?;
    let mut touched = None;
    for row in rows {
        let state: DeliveryState = from_name(&row.state)?;
        let open = match means {
            Means::Sent => matches!(state, DeliveryState::Queued | DeliveryState::Failed),
            Means::Again(_) | Means::Failed(_) => state == DeliveryState::Queued,
        };
        if open {
            mark_delivery(txn, &row, means, due.attempts, now).await?;
            touched = Some(message);
        }
    }
    Ok(touched)
}

/// Tells all that a receiver was still to get of messages as failed.
pub(crate) async fn fail_all(
    txn: &DatabaseTransaction,
    id: WebhookId,
    error: &str,
    now: Timestamp,
) -> Result<Vec<MessageId>> {
    let rows = Entity::find()
        .filter(Column::WebhookId.eq(id.0))
        .filter(Column::State.eq(name(DeliveryState::Queued)?))
        .all(txn)
        .await?;
    for row in &rows {
        let attempts = narrow(row.attempts)?;
        mark_delivery(txn, row, Means::Failed(error), attempts, now).await?;
    }
    Ok(rows
        .into_iter()
        .map(|row| MessageId(row.message_id))
        .collect())
}

/// Marks a delivery, and tells it in the message's timeline; of attempts that
/// failed the first one alone.
pub(crate) async fn mark_delivery(
    txn: &DatabaseTransaction,
    row: &Model,
    means: Means<'_>,
    attempts: u32,
    now: Timestamp,
) -> Result<()> {
    use Column;
    let (state, error) = match means {
        Means::Sent => (DeliveryState::Sent, None),
        Means::Again(error) => (DeliveryState::Queued, Some(error)),
        Means::Failed(error) => (DeliveryState::Failed, Some(error)),
    };
    deliveries::settled(state, now)?
        .col_expr(Column::Error, Expr::value(error))
        .col_expr(Column::Attempts, Expr::value(i64::from(attempts)))
        .filter(Column::Id.eq(row.id))
        .exec(txn)
        .await?;
    match means {
        Means::Again(_) if attempts > 1 => Ok(()),
        _ => deliveries::note(txn, row, state, error, None, now).await,
    }
}

/// The message that an event tells of.
pub(crate) fn message_of(event: &Event) -> Option<MessageId> {
    let body: serde_json::Value = serde_json::from_str(&event.body).ok()?;
    body.get("id")?.as_str()?.parse().ok()
}
