//! How messages and deliveries stand in their rows.

use std::collections::{HashMap, HashSet};

use model::id::{CallId, CompanyId, DeliveryId, EmployeeId, MessageId, UserId};
use model::message::{Delivery, Message, MessageState};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{Mark, MessageBrief, StoredDelivery, StoredMessage, with_terms};
use crate::column::{
    from_json, from_name, json, millis, name, narrow, phone, timestamp, timestamp_opt,
};
use crate::entity::message::{Column, Entity, Model};
use crate::entity::{delivery, message_read};
use crate::search::Terms;
use crate::{Result, lookup};

pub(crate) fn row(message: &Message, recipient_name: String) -> Result<Model> {
    let caller_phone = phone(&message.caller_phone);
    Ok(Model {
        id: message.id.0,
        company_id: message.company.0,
        call_id: message.call.0,
        recipient: json(&message.recipient)?,
        recipient_name,
        caller_name: message.caller_name.clone(),
        caller_phone,
        text: message.text.clone(),
        answers: json(&message.answers)?,
        author_id: message.author.map(|author| author.0),
        created_at: millis(message.created_at),
        search_text: with_terms(Terms::default(), message).text(),
        urgent: message.urgent,
        state: name(MessageState::Open)?,
        accepted_by: None,
        accepted_by_name: None,
        accepted_at: None,
        closed_by: None,
        closed_by_name: None,
        closed_at: None,
        assignee_id: None,
        assignee_name: None,
        progress: None,
        next_step_at: None,
    })
}

/// Stores what changes of a message; what was said never does.
pub(crate) async fn save<C: ConnectionTrait>(db: &C, row: &Model) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(row.state.as_str()))
        .col_expr(Column::AcceptedBy, Expr::value(row.accepted_by))
        .col_expr(
            Column::AcceptedByName,
            Expr::value(row.accepted_by_name.clone()),
        )
        .col_expr(Column::AcceptedAt, Expr::value(row.accepted_at))
        .col_expr(Column::ClosedBy, Expr::value(row.closed_by))
        .col_expr(
            Column::ClosedByName,
            Expr::value(row.closed_by_name.clone()),
        )
        .col_expr(Column::ClosedAt, Expr::value(row.closed_at))
        .col_expr(Column::AssigneeId, Expr::value(row.assignee_id))
        .col_expr(Column::AssigneeName, Expr::value(row.assignee_name.clone()))
        .col_expr(Column::Progress, Expr::value(row.progress.clone()))
        .col_expr(Column::NextStepAt, Expr::value(row.next_step_at))
        .filter(Column::Id.eq(row.id))
        .exec(db)
        .await?;
    Ok(())
}

/// Messages with what is shown beside them.
pub(crate) async fn stored<C: ConnectionTrait>(
    db: &C,
    rows: &[Model],
    viewer: Option<UserId>,
) -> Result<Vec<StoredMessage>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let authors = lookup::user_names(db, rows.iter().filter_map(|row| row.author_id)).await?;
    let read = match viewer {
        Some(viewer) => read_by(db, viewer, rows.iter().map(|row| row.id)).await?,
        None => HashSet::new(),
    };
    // Ids grow in the order in which deliveries were made: the cabinet's is the first.
    let deliveries = delivery::Entity::find()
        .filter(delivery::Column::MessageId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(delivery::Column::Id)
        .all(db)
        .await?;
    let mut by_message: HashMap<Uuid, Vec<StoredDelivery>> = HashMap::new();
    for row in &deliveries {
        by_message
            .entry(row.message_id)
            .or_default()
            .push(StoredDelivery {
                delivery: delivery(row)?,
                employee_name: row.employee_name.clone(),
            });
    }
    rows.iter()
        .map(|row| {
            let state = from_name(&row.state)?;
            Ok(StoredMessage {
                message: message(row)?,
                state,
                accepted: mark(row.accepted_by, &row.accepted_by_name, row.accepted_at)?,
                closed: mark(row.closed_by, &row.closed_by_name, row.closed_at)?,
                assignee: row.assignee_id.map(EmployeeId),
                assignee_name: row.assignee_name.clone(),
                unread: viewer.is_some() && state == MessageState::Open && !read.contains(&row.id),
                next_step_at: timestamp_opt(row.next_step_at)?,
                recipient_name: row.recipient_name.clone(),
                author_name: row.author_id.and_then(|id| authors.get(&id).cloned()),
                deliveries: by_message.remove(&row.id).unwrap_or_default(),
            })
        })
        .collect()
}

/// Which of them the user has read.
async fn read_by<C: ConnectionTrait>(
    db: &C,
    user: UserId,
    messages: impl Iterator<Item = Uuid>,
) -> Result<HashSet<Uuid>> {
    let read: Vec<Uuid> = message_read::Entity::find()
        .select_only()
        .column(message_read::Column::MessageId)
        .filter(message_read::Column::UserId.eq(user.0))
        .filter(message_read::Column::MessageId.is_in(messages))
        .into_tuple()
        .all(db)
        .await?;
    Ok(read.into_iter().collect())
}

fn mark(by: Option<Uuid>, name: &Option<String>, at: Option<i64>) -> Result<Option<Mark>> {
    let at = timestamp_opt(at)?;
    Ok(at.map(|at| Mark {
        by: by.map(UserId),
        name: name.clone().unwrap_or_default(),
        at,
    }))
}

pub(crate) fn brief(row: Model) -> MessageBrief {
    MessageBrief {
        id: MessageId(row.id),
        text: row.text,
        recipient_name: row.recipient_name,
    }
}

pub(crate) fn message(row: &Model) -> Result<Message> {
    Ok(Message {
        id: MessageId(row.id),
        company: CompanyId(row.company_id),
        call: CallId(row.call_id),
        recipient: from_json(&row.recipient)?,
        caller_name: row.caller_name.clone(),
        caller_phone: row.caller_phone.clone(),
        text: row.text.clone(),
        answers: from_json(&row.answers)?,
        urgent: row.urgent,
        author: row.author_id.map(UserId),
        created_at: timestamp(row.created_at)?,
    })
}

pub(crate) fn delivery(row: &delivery::Model) -> Result<Delivery> {
    Ok(Delivery {
        id: DeliveryId(row.id),
        message: MessageId(row.message_id),
        employee: row.employee_id.map(EmployeeId),
        channel: from_name(&row.channel)?,
        address: row.address.clone(),
        state: from_name(&row.state)?,
        attempts: narrow(row.attempts)?,
        next_at: timestamp_opt(row.next_at)?,
        held_until: timestamp_opt(row.held_until)?,
        error: row.error.clone(),
        changed_at: timestamp(row.changed_at)?,
    })
}
