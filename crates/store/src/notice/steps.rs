//! Due steps of messages that nobody has taken on: taken by one worker,
//! decided, and written in one transaction.

use jiff::{SignedDuration, Timestamp};
use model::id::{CompanyId, EmployeeId, MessageId};
use model::message::MessageState;
use model::notice::{Decision, Note, Progress, Situation, decide};
use sea_orm::sea_query::{Expr, LockBehavior, LockType, OnConflict};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use uuid::Uuid;

use super::staff::{self, Around};
use super::{Notice, carry, tasks};
use crate::column::{from_json, from_name, json, millis, timestamp, timestamp_opt};
use crate::entity::message::{Column, Entity, Model};
use crate::entity::{delivery, message_viewer};
use crate::{ChangeKind, Result, messages};

/// A step that can't be decided, for what is stored can't be read, is put off for so long.
const PUT_OFF: SignedDuration = SignedDuration::from_mins(5);

/// What a step came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepTaken {
    /// Whose.
    pub company: CompanyId,
    /// The message.
    pub message: MessageId,
    /// When it was due.
    pub due_at: Timestamp,
    /// How many employees are told.
    pub told: usize,
    /// How many calls operators are asked for.
    pub calls: usize,
    /// Whether nobody was found, and the company's administrators are told instead.
    pub nobody: bool,
    /// Whether it was the alarm: after three days nobody is told any more.
    pub exhausted: bool,
}

impl Notice<'_> {
    /// Takes the step that is longest due, decides and carries it out, all in
    /// one transaction: other workers pass over what this one holds, and
    /// where it dies nothing has happened. None where no step is due. For the
    /// workers, not scoped.
    pub async fn take_due_step(
        &self,
        now: Timestamp,
        email_enabled: bool,
    ) -> Result<Option<StepTaken>> {
        let txn = self.store.begin().await?;
        let row = due(now)
            .limit(1)
            .lock_with_behavior(LockType::NoKeyUpdate, LockBehavior::SkipLocked)
            .one(&txn)
            .await?;
        let Some(mut row) = row else {
            return Ok(None);
        };
        let due_at = timestamp_opt(row.next_step_at)?.unwrap_or(now);
        let now = timestamp(millis(now))?;
        let decision = match take(&txn, &mut row, now, email_enabled).await {
            Ok(decision) => decision,
            Err(error) => {
                txn.rollback().await?;
                if !error.is_retryable() {
                    // Or it would stand before all others for ever.
                    self.put_off(row.id, now + PUT_OFF).await?;
                }
                return Err(error);
            }
        };
        messages::save(&txn, &row).await?;
        txn.commit().await?;
        let (company, message) = (CompanyId(row.company_id), MessageId(row.id));
        self.store.tell(company, ChangeKind::Message(message));
        if !decision.calls.is_empty() {
            self.store.tell(company, ChangeKind::Tasks);
        }
        self.store.wake_deliveries();
        Ok(Some(StepTaken {
            company,
            message,
            due_at,
            told: decision.notices.len(),
            calls: decision.calls.len(),
            nobody: decision.administrators,
            exhausted: decision.notes.contains(&Note::Exhausted),
        }))
    }

    /// When the next step is due; none where none is.
    pub async fn next_step_at(&self) -> Result<Option<Timestamp>> {
        let next: Option<i64> = Entity::find()
            .select_only()
            .column(Column::NextStepAt)
            .filter(Column::NextStepAt.is_not_null())
            .order_by_asc(Column::NextStepAt)
            .limit(1)
            .into_tuple()
            .one(self.store.reader())
            .await?;
        timestamp_opt(next)
    }

    async fn put_off(&self, id: Uuid, until: Timestamp) -> Result<()> {
        Entity::update_many()
            .col_expr(Column::NextStepAt, Expr::value(millis(until)))
            .filter(Column::Id.eq(id))
            .filter(Column::NextStepAt.is_not_null())
            .exec(self.store.writer())
            .await?;
        Ok(())
    }
}

/// Messages with a step that is due, the longest due first.
pub(crate) fn due(now: Timestamp) -> Select<Entity> {
    Entity::find()
        .filter(Column::NextStepAt.is_not_null())
        .filter(Column::NextStepAt.lte(millis(now)))
        .order_by_asc(Column::NextStepAt)
}

/// Tells those whom a message that was just stored is for.
pub(crate) async fn begin(
    txn: &DatabaseTransaction,
    row: &mut Model,
    now: Timestamp,
    email_enabled: bool,
) -> Result<()> {
    row.progress = Some(json(&Progress::new(now))?);
    take(txn, row, now, email_enabled).await?;
    if row.next_step_at.is_some() {
        messages::save(txn, row).await?;
    } else {
        // Nothing follows, so nothing is kept.
        row.progress = None;
    }
    Ok(())
}

/// The employee sees the message from now on.
pub(crate) async fn show(txn: &DatabaseTransaction, message: Uuid, employee: Uuid) -> Result<()> {
    let new = message_viewer::Model {
        employee_id: employee,
        message_id: message,
    };
    message_viewer::Entity::insert(new.into_active_model())
        .on_conflict(
            OnConflict::columns([
                message_viewer::Column::EmployeeId,
                message_viewer::Column::MessageId,
            ])
            .do_nothing()
            .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

/// Decides about a message and writes what follows; its own row is left to the caller.
async fn take(
    txn: &DatabaseTransaction,
    row: &mut Model,
    now: Timestamp,
    email_enabled: bool,
) -> Result<Decision> {
    let progress = match &row.progress {
        Some(progress) => from_json(progress)?,
        None => Progress::new(now),
    };
    let open = from_name::<MessageState>(&row.state)? == MessageState::Open;
    let around = staff::around(txn, row.company_id).await?;
    let policy = staff::policy_of(txn, row).await?;
    let (pending, called) = (pending(txn, row.id).await?, tasks::owed(txn, row.id).await?);
    let mut decision = decide(
        now,
        &Situation {
            zone: &around.zone,
            staff: &around.staff,
            recipient: staff::recipient(row)?,
            urgent: row.urgent,
            policy: &policy,
            progress: &progress,
            pending: &pending,
            called: &called,
        },
    );
    if !open {
        // Whoever accepted or closed it has cleared this; it is checked all the same.
        decision = Decision::nothing(progress);
    }
    carry::carry_out(txn, row, &around, &decision, now, email_enabled).await?;
    row.progress = Some(json(&decision.progress)?);
    row.next_step_at = decision.next_at.map(millis);
    Ok(decision)
}

/// Who has a notice that waits to leave.
async fn pending(txn: &DatabaseTransaction, message: Uuid) -> Result<Vec<EmployeeId>> {
    let waiting: Vec<Option<Uuid>> = delivery::Entity::find()
        .select_only()
        .column(delivery::Column::EmployeeId)
        .filter(delivery::Column::MessageId.eq(message))
        .filter(delivery::Column::State.eq("queued"))
        .into_tuple()
        .all(txn)
        .await?;
    Ok(waiting.into_iter().flatten().map(EmployeeId).collect())
}

impl Around {
    /// Name of an employee; empty where there is none.
    pub(crate) fn name(&self, id: EmployeeId) -> String {
        let row = self.employees.get(&id.0);
        row.map(|row| row.name.clone()).unwrap_or_default()
    }
}
