//! Writes what was decided: deliveries, calls, and what the timeline tells.

use jiff::Timestamp;
use model::line::Recipient;
use model::message::{Channel, DeliveryState};
use model::notice::{self, Decision, Event, Note};
use model::user::Role;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use super::staff::{self, Around};
use super::{reach, steps, tasks};
use crate::column::{millis, name};
use crate::entity::{delivery, employee, message, user};
use crate::{Result, push_subscriptions, timeline, users};

/// Carries a decision about a message out.
pub(crate) async fn carry_out(
    txn: &DatabaseTransaction,
    row: &message::Model,
    around: &Around,
    decision: &Decision,
    now: Timestamp,
    email_enabled: bool,
) -> Result<()> {
    let administrators = match decision.administrators {
        true => administrators(txn, row, now, email_enabled).await?,
        false => Vec::new(),
    };
    for note in &decision.notes {
        let event = told(note, around, decision, &administrators);
        timeline::add(txn, timeline::of(row), now, None, &event).await?;
    }
    for told in &decision.notices {
        let Some(employee) = around.employees.get(&told.employee.0) else {
            continue;
        };
        notify(txn, row, employee, told, now, email_enabled).await?;
    }
    if !decision.calls.is_empty() {
        let to = decision.calls.iter().map(|call| around.name(call.employee));
        let asked = Event::CallAsked { to: to.collect() };
        timeline::add(txn, timeline::of(row), now, None, &asked).await?;
    }
    for call in &decision.calls {
        if let Some(employee) = around.employees.get(&call.employee.0) {
            show_beyond(txn, row, employee).await?;
            tasks::add(txn, row, employee, call.due_at).await?;
        }
    }
    Ok(())
}

fn told(note: &Note, around: &Around, decision: &Decision, administrators: &[String]) -> Event {
    match note {
        Note::Step { step, to } => Event::Escalated {
            step: *step,
            to: to.iter().map(|id| around.name(*id)).collect(),
        },
        Note::Deputised { absent, deputy } => Event::Deputised {
            absent: around.name(*absent),
            deputy: around.name(*deputy),
        },
        Note::Absent(absent) => Event::Absent {
            absent: around.name(*absent),
        },
        Note::NobodyOnDuty(department) => Event::NobodyOnDuty {
            department: around
                .departments
                .get(&department.0)
                .cloned()
                .unwrap_or_default(),
        },
        Note::Nobody => Event::Administrators {
            to: match decision.administrators {
                true => administrators.to_vec(),
                false => Vec::new(),
            },
        },
        Note::Exhausted => Event::Exhausted,
    }
}

/// Tells an employee on each of the employee's channels; by letter where
/// there is no other, whatever was chosen.
async fn notify(
    txn: &DatabaseTransaction,
    row: &message::Model,
    employee: &employee::Model,
    told: &notice::Notice,
    now: Timestamp,
    email_enabled: bool,
) -> Result<()> {
    let reach = reach(employee)?;
    let push = reach.push && push_subscriptions::reaches(txn, employee).await?;
    let mut channels = Vec::new();
    if email_enabled && (reach.email || !push) {
        channels.push((Channel::Email, employee.email.clone()));
    }
    if push {
        channels.push((Channel::Push, String::new()));
    }
    for (channel, address) in channels {
        let to = (Some(employee.id), Some(employee.name.clone()));
        queue(txn, row, to, channel, address, told.hold_until, now).await?;
    }
    if let Some(until) = told.hold_until {
        let held = Event::Held {
            to: employee.name.clone(),
            until,
        };
        timeline::add(txn, timeline::of(row), now, None, &held).await?;
    }
    show_beyond(txn, row, employee).await
}

/// Queues a delivery, which leaves at once or when it is held no longer.
async fn queue(
    txn: &DatabaseTransaction,
    row: &message::Model,
    (employee_id, employee_name): (Option<Uuid>, Option<String>),
    channel: Channel,
    address: String,
    hold_until: Option<Timestamp>,
    now: Timestamp,
) -> Result<()> {
    let begins = millis(hold_until.unwrap_or(now));
    let new = delivery::Model {
        id: Uuid::now_v7(),
        message_id: row.id,
        company_id: row.company_id,
        employee_id,
        employee_name,
        webhook_id: None,
        channel: name(channel)?,
        address,
        state: name(DeliveryState::Queued)?,
        attempts: 0,
        next_at: Some(begins),
        leased_until: None,
        error: None,
        changed_at: millis(now),
        held_until: hold_until.map(millis),
        tried_from: Some(begins),
    };
    delivery::Entity::insert(new.into_active_model())
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

/// Whoever is told sees the message, even when it is not for them or their department.
async fn show_beyond(
    txn: &DatabaseTransaction,
    row: &message::Model,
    employee: &employee::Model,
) -> Result<()> {
    let own = match staff::addressed(row)? {
        Recipient::Employee { employee: id } => id.0 == employee.id,
        Recipient::Department { department } => employee.department_id == Some(department.0),
    };
    match own {
        true => Ok(()),
        false => steps::show(txn, row.id, employee.id).await,
    }
}

/// Writes to the company's administrators, unless a letter to them still
/// waits; gives their names.
async fn administrators(
    txn: &DatabaseTransaction,
    row: &message::Model,
    now: Timestamp,
    email_enabled: bool,
) -> Result<Vec<String>> {
    let all = users::with_role(Role::CompanyAdmin)?
        .filter(user::Column::CompanyId.eq(row.company_id))
        .all(txn)
        .await?;
    let waiting = delivery::Entity::find()
        .filter(delivery::Column::MessageId.eq(row.id))
        .filter(delivery::Column::State.eq(name(DeliveryState::Queued)?))
        .all(txn)
        .await?;
    for admin in all.iter().filter(|_| email_enabled) {
        if waiting.iter().any(|queued| queued.address == admin.login) {
            continue;
        }
        let to = (None, Some(admin.name.clone()));
        queue(txn, row, to, Channel::Email, admin.login.clone(), None, now).await?;
    }
    Ok(all.into_iter().map(|admin| admin.name).collect())
}
