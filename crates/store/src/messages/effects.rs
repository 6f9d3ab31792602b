//! What follows from what people do: marks on the message, deliveries that
//! come further, steps that wait or begin anew.

use jiff::Timestamp;
use model::id::EmployeeId;
use model::line::Recipient;
use model::message::{Channel, DeliveryState, MessageState};
use model::notice::{Event, Progress};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
};

use crate::column::{from_json, from_name, json, millis, name, timestamp};
use crate::entity::message::Model;
use crate::entity::{delivery, employee, message_read, message_viewer};
use crate::notice::{staff, tasks};
use crate::{Actor, Conflict, Result, StoreError, timeline};

/// The actor takes the message on.
pub(crate) async fn accept(
    txn: &DatabaseTransaction,
    row: &mut Model,
    actor: &Actor,
    now: Timestamp,
) -> Result<()> {
    match from_name(&row.state)? {
        MessageState::Closed => return Err(StoreError::conflict(Conflict::MessageClosed)),
        MessageState::Accepted if row.accepted_by == Some(actor.user.0) => return Ok(()),
        MessageState::Accepted => {
            let by = row.accepted_by_name.clone().unwrap_or_default();
            return Err(StoreError::conflict(Conflict::AlreadyAccepted { by }));
        }
        MessageState::Open => {}
    }
    mark_read(txn, row, actor, now).await?;
    row.state = name(MessageState::Accepted)?;
    row.accepted_by = Some(actor.user.0);
    row.accepted_by_name = Some(actor.name.clone());
    row.accepted_at = Some(millis(now));
    settle(txn, row).await?;
    follow(txn, row, actor, DeliveryState::Accepted, now).await?;
    timeline::add(txn, timeline::of(row), now, Some(actor), &Event::Accepted).await
}

/// The actor has read it, for the first time perhaps.
pub(crate) async fn read(
    txn: &DatabaseTransaction,
    row: &mut Model,
    actor: &Actor,
    now: Timestamp,
) -> Result<()> {
    if !mark_read(txn, row, actor, now).await? {
        return Ok(());
    }
    follow(txn, row, actor, DeliveryState::Read, now).await?;
    if let Some(employee) = actor.employee
        && row.next_step_at.is_some()
        && is_told(txn, row, employee).await?
    {
        postpone(txn, row, now).await?;
    }
    Ok(())
}

/// The next step waits from now on, once.
pub(crate) async fn postpone(
    txn: &DatabaseTransaction,
    row: &mut Model,
    now: Timestamp,
) -> Result<()> {
    let Some(progress) = &row.progress else {
        return Ok(());
    };
    let mut progress: Progress = from_json(progress)?;
    progress.read(timestamp(millis(now))?);
    let policy = staff::policy_of(txn, row).await?;
    row.next_step_at = policy.next_at(row.urgent, &progress).map(millis);
    row.progress = Some(json(&progress)?);
    Ok(())
}

/// Notes the reading; whether it is the first one.
pub(super) async fn mark_read(
    txn: &DatabaseTransaction,
    row: &Model,
    actor: &Actor,
    now: Timestamp,
) -> Result<bool> {
    let new = message_read::Model {
        user_id: actor.user.0,
        message_id: row.id,
        at: millis(now),
    };
    let inserted = message_read::Entity::insert(new.into_active_model())
        .on_conflict(
            OnConflict::columns([
                message_read::Column::UserId,
                message_read::Column::MessageId,
            ])
            .do_nothing()
            .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    if inserted > 0 {
        timeline::add(txn, timeline::of(row), now, Some(actor), &Event::Read).await?;
    }
    Ok(inserted > 0)
}

/// Whether the employee is one of those who answer for the message.
async fn is_told(txn: &DatabaseTransaction, row: &Model, id: EmployeeId) -> Result<bool> {
    let own = match from_json(&row.recipient)? {
        Recipient::Employee { employee } => employee == id,
        Recipient::Department { department } => employee::Entity::find_by_id(id.0)
            .filter(employee::Column::DepartmentId.eq(department.0))
            .one(txn)
            .await?
            .is_some(),
    };
    if own {
        return Ok(true);
    }
    let shown = message_viewer::Entity::find_by_id((id.0, row.id))
        .one(txn)
        .await?;
    if shown.is_some() {
        return Ok(true);
    }
    let told = delivery::Entity::find()
        .filter(delivery::Column::MessageId.eq(row.id))
        .filter(delivery::Column::EmployeeId.eq(id.0))
        .one(txn)
        .await?;
    Ok(told.is_some())
}

/// Nobody is told of it any more.
pub(super) async fn settle(txn: &DatabaseTransaction, row: &mut Model) -> Result<()> {
    row.next_step_at = None;
    tasks::drop_of_message(txn, row.id).await
}

/// Opens the message anew: whoever it is for is told, but for one.
pub(super) fn start_again(
    row: &mut Model,
    now: Timestamp,
    except: Option<EmployeeId>,
) -> Result<()> {
    let now = millis(now);
    let progress = Progress {
        except,
        ..Progress::new(timestamp(now)?)
    };
    row.state = name(MessageState::Open)?;
    row.accepted_by = None;
    row.accepted_by_name = None;
    row.accepted_at = None;
    row.closed_by = None;
    row.closed_by_name = None;
    row.closed_at = None;
    row.progress = Some(json(&progress)?);
    row.next_step_at = Some(now);
    Ok(())
}

/// The actor's deliveries, and the cabinet's, come to the state of what the
/// actor did. One that waits to leave has no need to any more once the actor
/// has taken the message on; until then it leaves, for a letter is kept.
pub(super) async fn follow(
    txn: &DatabaseTransaction,
    row: &Model,
    actor: &Actor,
    state: DeliveryState,
    now: Timestamp,
) -> Result<()> {
    let before: &[DeliveryState] = match state {
        DeliveryState::Read => &[DeliveryState::Sent, DeliveryState::Delivered],
        DeliveryState::Accepted => &[
            DeliveryState::Queued,
            DeliveryState::Sent,
            DeliveryState::Delivered,
            DeliveryState::Read,
        ],
        _ => &[
            DeliveryState::Queued,
            DeliveryState::Sent,
            DeliveryState::Delivered,
            DeliveryState::Read,
            DeliveryState::Accepted,
        ],
    };
    let before = before
        .iter()
        .map(|it| name(*it))
        .collect::<Result<Vec<_>>>()?;
    let cabinet = delivery::Column::Channel.eq(name(Channel::Cabinet)?);
    let own = match actor.employee {
        Some(employee) => Condition::any()
            .add(cabinet)
            .add(delivery::Column::EmployeeId.eq(employee.0)),
        None => Condition::any().add(cabinet),
    };
    delivery::Entity::update_many()
        .col_expr(delivery::Column::State, Expr::value(name(state)?))
        .col_expr(delivery::Column::NextAt, Expr::value(None::<i64>))
        .col_expr(delivery::Column::LeasedUntil, Expr::value(None::<i64>))
        .col_expr(delivery::Column::HeldUntil, Expr::value(None::<i64>))
        .col_expr(delivery::Column::ChangedAt, Expr::value(millis(now)))
        .filter(delivery::Column::MessageId.eq(row.id))
        .filter(delivery::Column::State.is_in(before))
        .filter(own)
        .exec(txn)
        .await?;
    Ok(())
}

/// What still waits for quiet hours to end has no need to leave any more.
pub(super) async fn close_held(
    txn: &DatabaseTransaction,
    row: &Model,
    now: Timestamp,
) -> Result<()> {
    delivery::Entity::update_many()
        .col_expr(
            delivery::Column::State,
            Expr::value(name(DeliveryState::Closed)?),
        )
        .col_expr(delivery::Column::NextAt, Expr::value(None::<i64>))
        .col_expr(delivery::Column::HeldUntil, Expr::value(None::<i64>))
        .col_expr(delivery::Column::ChangedAt, Expr::value(millis(now)))
        .filter(delivery::Column::MessageId.eq(row.id))
        .filter(delivery::Column::State.eq(name(DeliveryState::Queued)?))
        .filter(delivery::Column::HeldUntil.gt(millis(now)))
        .exec(txn)
        .await?;
    Ok(())
}
