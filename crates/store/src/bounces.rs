//! What mail servers report about letters that left.

use jiff::Timestamp;
use model::id::DeliveryId;
use model::message::{DeliveryState, MessageState};
use model::notice::{Event, Progress};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
};

use crate::column::{from_json, from_name, json, millis, name};
use crate::deliveries::{locked, note, settled, with_events};
use crate::entity::delivery::{Column, Entity};
use crate::entity::message;
use crate::notice::staff;
use crate::{Result, Store, StoreError, timeline};

/// Reports on letters. None of this is scoped by company: the mailbox is
/// everybody's. A delivery that there is not is «not found».
#[derive(Clone, Copy)]
pub struct Bounces<'a> {
    pub(crate) store: &'a Store,
}

impl Bounces<'_> {
    /// The letter came back: the delivery becomes «Не доставлено». One that
    /// somebody has read or taken on in another way stays so, and a report
    /// that comes again changes nothing. Where nobody else was told, the next
    /// step of «Порядок оповещения» is due at once.
    pub async fn failed(&self, id: DeliveryId, why: &str, now: Timestamp) -> Result<()> {
        let txn = self.store.begin().await?;
        let message = message_of(&txn, id).await?;
        let row = with_events(&txn, id).await?;
        // The report may be there before it is stored that the letter left.
        let on_its_way = [
            DeliveryState::Queued,
            DeliveryState::Sent,
            DeliveryState::Delivered,
        ];
        if !on_its_way.contains(&from_name(&row.state)?) {
            return Ok(txn.rollback().await?);
        }
        settled(DeliveryState::Failed, now)?
            .col_expr(Column::Error, Expr::value(why))
            .filter(Column::Id.eq(id.0))
            .exec(&txn)
            .await?;
        let event = Event::Bounced {
            delivery: id,
            to: row.employee_name.clone(),
            reason: why.to_owned(),
        };
        timeline::add(&txn, timeline::of(&message), now, None, &event).await?;
        let hurried = hurry(&txn, &message, now).await?;
        txn.commit().await?;
        self.store.deliveries().tell(&row);
        if hurried {
            self.store.wake_steps();
        }
        Ok(())
    }

    /// A mail server still tries to bring the letter on; why it could not yet
    /// stands beside the delivery and on the timeline.
    pub async fn delayed(&self, id: DeliveryId, why: &str, now: Timestamp) -> Result<()> {
        self.note(id, DeliveryState::Sent, Some(why), now).await
    }

    /// The letter lies in the mailbox: «Доставлено».
    pub async fn delivered(&self, id: DeliveryId, now: Timestamp) -> Result<()> {
        self.note(id, DeliveryState::Delivered, None, now).await
    }

    /// Notes how a letter that left is coming along; of one that has come
    /// further, or came back, nothing is noted.
    async fn note(
        &self,
        id: DeliveryId,
        state: DeliveryState,
        why: Option<&str>,
        now: Timestamp,
    ) -> Result<()> {
        let txn = self.store.begin().await?;
        let row = locked(&txn, id).await?;
        let on_its_way = [DeliveryState::Queued, DeliveryState::Sent];
        let told = why.is_some() && row.error.as_deref() == why;
        if told || !on_its_way.contains(&from_name(&row.state)?) {
            return Ok(txn.rollback().await?);
        }
        settled(state, now)?
            .col_expr(Column::Error, Expr::value(why))
            .filter(Column::Id.eq(id.0))
            .exec(&txn)
            .await?;
        note(&txn, &row, state, why, None, now).await?;
        txn.commit().await?;
        self.store.deliveries().tell(&row);
        Ok(())
    }
}

/// The message of a delivery, locked: before its deliveries, as whoever acts
/// on a message does.
pub(crate) async fn message_of(
    txn: &DatabaseTransaction,
    id: DeliveryId,
) -> Result<message::Model> {
    let row = Entity::find_by_id(id.0).one(txn).await?;
    let message = row.ok_or(StoreError::NotFound)?.message_id;
    let row = message::Entity::find_by_id(message)
        .lock_exclusive()
        .one(txn)
        .await?;
    row.ok_or(StoreError::NotFound)
}

/// The message's next step is due now, where the message is open and no other
/// delivery to somebody is on its way or has come; whether it is.
pub(crate) async fn hurry(
    txn: &DatabaseTransaction,
    row: &message::Model,
    now: Timestamp,
) -> Result<bool> {
    let told = Entity::find()
        .filter(Column::MessageId.eq(row.id))
        .filter(Column::EmployeeId.is_not_null())
        .filter(Expr::col(Column::State).ne(name(DeliveryState::Failed)?))
        .count(txn)
        .await?;
    let open = from_name::<MessageState>(&row.state)? == MessageState::Open;
    let (true, 0, Some(progress), Some(_)) = (open, told, &row.progress, row.next_step_at) else {
        return Ok(false);
    };
    let mut progress: Progress = from_json(progress)?;
    let policy = staff::policy_of(txn, row).await?;
    // Without a step there is only the alarm left, which does not come sooner.
    if policy.steps_of(row.urgent).is_empty() {
        return Ok(false);
    }
    let Some(due) = policy.next_at(row.urgent, &progress) else {
        return Ok(false);
    };
    let ahead = due.duration_since(now);
    if !ahead.is_positive() {
        return Ok(false);
    }
    // As if the present step had begun so much earlier.
    progress.step_at = progress.read_at.take().unwrap_or(progress.step_at) - ahead;
    message::Entity::update_many()
        .col_expr(message::Column::Progress, Expr::value(json(&progress)?))
        .col_expr(message::Column::NextStepAt, Expr::value(millis(now)))
        .filter(message::Column::Id.eq(row.id))
        .exec(txn)
        .await?;
    Ok(true)
}
