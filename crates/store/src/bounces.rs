//! What mail servers report about letters that left.

use jiff::Timestamp;
use model::id::{CompanyId, DeliveryId, MessageId};
use model::message::{DeliveryState, MessageState};
use model::notice::{Event, Progress};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
};

use crate::column::{from_json, from_name, json, millis, name};
use crate::entity::delivery::{Column, Entity, Model};
use crate::entity::message;
use crate::notice::staff;
use crate::{ChangeKind, Result, Store, StoreError, timeline};

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
        let row = delivery(&txn, id).await?;
        let arrived = [
            DeliveryState::Queued,
            DeliveryState::Sent,
            DeliveryState::Delivered,
        ];
        if !arrived.contains(&from_name(&row.state)?) {
            return Ok(());
        }
        Entity::update_many()
            .col_expr(Column::State, Expr::value(name(DeliveryState::Failed)?))
            .col_expr(Column::Error, Expr::value(why))
            .col_expr(Column::NextAt, Expr::value(None::<i64>))
            .col_expr(Column::LeasedUntil, Expr::value(None::<i64>))
            .col_expr(Column::ChangedAt, Expr::value(millis(now)))
            .filter(Column::Id.eq(row.id))
            .exec(&txn)
            .await?;
        let event = Event::Bounced {
            delivery: id,
            to: row.employee_name.clone(),
            reason: why.to_owned(),
        };
        timeline::add(&txn, (row.company_id, row.message_id), now, None, &event).await?;
        hurry(&txn, row.message_id, now).await?;
        txn.commit().await?;
        self.tell(&row);
        self.store.wake_deliveries();
        Ok(())
    }

    /// A mail server still tries to bring the letter on; why it could not yet
    /// stands beside the delivery and on the timeline.
    pub async fn delayed(&self, id: DeliveryId, why: &str, now: Timestamp) -> Result<()> {
        let note = Expr::value(why);
        self.note(id, DeliveryState::Sent, note, Some(why), now)
            .await
    }

    /// The letter lies in the mailbox: «Доставлено».
    pub async fn delivered(&self, id: DeliveryId, now: Timestamp) -> Result<()> {
        let none = Expr::value(None::<String>);
        self.note(id, DeliveryState::Delivered, none, None, now)
            .await
    }

    /// Notes how a letter that left is coming along; of one that has come
    /// further, or came back, nothing is noted.
    async fn note(
        &self,
        id: DeliveryId,
        state: DeliveryState,
        error: sea_orm::sea_query::SimpleExpr,
        reason: Option<&str>,
        now: Timestamp,
    ) -> Result<()> {
        let txn = self.store.begin().await?;
        let row = delivery(&txn, id).await?;
        // The report may be there before it is stored that the letter left.
        let on_its_way = [DeliveryState::Queued, DeliveryState::Sent];
        if !on_its_way.contains(&from_name(&row.state)?)
            || row.error.as_deref() == reason && reason.is_some()
        {
            return Ok(());
        }
        Entity::update_many()
            .col_expr(Column::State, Expr::value(name(state)?))
            .col_expr(Column::Error, error)
            .col_expr(Column::NextAt, Expr::value(None::<i64>))
            .col_expr(Column::LeasedUntil, Expr::value(None::<i64>))
            .col_expr(Column::ChangedAt, Expr::value(millis(now)))
            .filter(Column::Id.eq(row.id))
            .exec(&txn)
            .await?;
        let event = Event::Delivery {
            delivery: id,
            channel: from_name(&row.channel)?,
            to: row.employee_name.clone(),
            state,
            reason: reason.map(str::to_owned),
        };
        timeline::add(&txn, (row.company_id, row.message_id), now, None, &event).await?;
        txn.commit().await?;
        self.tell(&row);
        Ok(())
    }

    fn tell(&self, row: &Model) {
        let kind = ChangeKind::Message(MessageId(row.message_id));
        self.store.tell(CompanyId(row.company_id), kind);
    }
}

async fn delivery(txn: &DatabaseTransaction, id: DeliveryId) -> Result<Model> {
    let row = Entity::find_by_id(id.0).lock_exclusive().one(txn).await?;
    row.ok_or(StoreError::NotFound)
}

/// The message's next step is due now, where it is open and no other delivery
/// to somebody is on its way or has come.
pub(crate) async fn hurry(
    txn: &DatabaseTransaction,
    message: uuid::Uuid,
    now: Timestamp,
) -> Result<()> {
    let told = Entity::find()
        .filter(Column::MessageId.eq(message))
        .filter(Column::EmployeeId.is_not_null())
        .filter(Expr::col(Column::State).ne(name(DeliveryState::Failed)?))
        .count(txn)
        .await?;
    let row = message::Entity::find_by_id(message)
        .lock_exclusive()
        .one(txn)
        .await?
        .ok_or(StoreError::NotFound)?;
    let open = from_name::<MessageState>(&row.state)? == MessageState::Open;
    let (true, 0, Some(progress), Some(_)) = (open, told, &row.progress, row.next_step_at) else {
        return Ok(());
    };
    let mut progress: Progress = from_json(progress)?;
    let policy = staff::policy_of(txn, &row).await?;
    // What is left of the waiting is taken off its beginning.
    let Some(due) = policy.next_at(row.urgent, &progress) else {
        return Ok(());
    };
    let ahead = due.duration_since(now);
    if !ahead.is_positive() {
        return Ok(());
    }
    progress.step_at -= ahead;
    progress.read_at = None;
    message::Entity::update_many()
        .col_expr(message::Column::Progress, Expr::value(json(&progress)?))
        .col_expr(message::Column::NextStepAt, Expr::value(millis(now)))
        .filter(message::Column::Id.eq(message))
        .exec(txn)
        .await?;
    Ok(())
}
