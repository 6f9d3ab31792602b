//! Deliveries on their way, for the workers that carry them out.

use std::collections::HashMap;

use jiff::Timestamp;
use model::call::Caller;
use model::company::Employee;
use model::hours::WorkingHours;
use model::id::{CompanyId, DeliveryId, EmployeeId, MessageId};
use model::language::Language;
use model::message::{Channel, Delivery, DeliveryState, Message};
use model::notice::Event;
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, DbBackend, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Select, UpdateMany,
};
use uuid::Uuid;

use crate::bounces::{hurry, message_of};
use crate::column::{from_json, from_name, millis, name, timestamp, timestamp_opt};
use crate::entity::delivery::{Column, Entity, Model};
use crate::entity::{call, company, employee, message};
use crate::{
    Actor, ChangeKind, Conflict, Result, Store, StoreError, employees, events, lookup, messages,
    timeline,
};

/// Written out, for the index that holds only these knows it by this text.
const QUEUED: &str = "state = 'queued'";

/// A delivery whose attempt is due, with all that a letter needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueDelivery {
    /// The delivery; `attempts` counts the attempt that begins now.
    pub delivery: Delivery,
    /// What is to be delivered.
    pub message: Message,
    /// Name of the message's recipient.
    pub recipient_name: String,
    /// Name of the company.
    pub company_name: String,
    /// Language of the company.
    pub language: Language,
    /// IANA zone in which times are told.
    pub zone: String,
    /// Name of the line that the call came on.
    pub line_name: String,
    /// Since when it is tried: when it was queued, or held no longer, or last asked for by hand.
    pub tried_from: Timestamp,
    /// When the call arrived.
    pub arrived_at: Timestamp,
    /// Who called, as the PBX told it.
    pub caller: Caller,
    /// The operator's name; none for a voice message.
    pub author_name: Option<String>,
    /// The addressee; none where the employee was deleted since.
    pub employee: Option<Employee>,
}

/// Which deliveries a worker can carry out just now.
#[derive(Clone, Copy, Debug)]
pub struct Taking<'a> {
    /// On this way.
    pub channel: Channel,
    /// Not of these companies, which have enough in hand.
    pub passed_over: &'a [CompanyId],
    /// Only those that have not been tried yet.
    pub fresh: bool,
}

impl Taking<'_> {
    /// All on that way.
    pub fn all(channel: Channel) -> Self {
        Self {
            channel,
            passed_over: &[],
            fresh: false,
        }
    }
}

/// Deliveries. None of this is scoped by company: a worker carries out everybody's.
#[derive(Clone, Copy)]
pub struct Deliveries<'a> {
    pub(crate) store: &'a Store,
}

impl Deliveries<'_> {
    /// Takes deliveries that are due, and keeps other workers off them until
    /// the lease ends. Each taking counts as an attempt, so one in which a
    /// worker dies is counted as well.
    pub async fn take_due(
        &self,
        wanted: Taking<'_>,
        now: Timestamp,
        lease_until: Timestamp,
        limit: u32,
    ) -> Result<Vec<DueDelivery>> {
        let due = due(&wanted, now)?.limit(u64::from(limit));
        // Looked for without a lock first: mostly there is nothing.
        if due.clone().one(self.store.reader()).await?.is_none() {
            return Ok(Vec::new());
        }
        let txn = self.store.begin().await?;
        let mut taken = due
            // On PostgreSQL another worker passes over what this one is taking;
            // on SQLite the transaction has the only write lock.
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .all(&txn)
            .await?;
        if taken.is_empty() {
            return Ok(Vec::new());
        }
        Entity::update_many()
            .col_expr(Column::LeasedUntil, Expr::value(millis(lease_until)))
            .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
            .filter(Column::Id.is_in(taken.iter().map(|row| row.id)))
            .exec(&txn)
            .await?;
        txn.commit().await?;
        for row in &mut taken {
            row.attempts += 1;
        }
        self.letters(&taken).await
    }

    /// Gives back what a worker that is no more had taken, so that nothing of
    /// it waits for its lease to end. True where that was done: a database
    /// that several servers share keeps the leases, for another one may be at work.
    pub async fn release_leases(&self) -> Result<bool> {
        let writer = self.store.writer();
        if writer.get_database_backend() != DbBackend::Sqlite {
            return Ok(false);
        }
        Entity::update_many()
            .col_expr(Column::LeasedUntil, Expr::value(None::<i64>))
            .filter(Expr::cust(QUEUED))
            .filter(Column::LeasedUntil.is_not_null())
            .exec(writer)
            .await?;
        self.store.account_letters().release().await?;
        self.store.webhooks().release().await?;
        Ok(true)
    }

    /// The next server took it over.
    pub async fn mark_sent(&self, id: DeliveryId, now: Timestamp) -> Result<()> {
        let update =
            settled(DeliveryState::Sent, now)?.col_expr(Column::Error, Expr::value(None::<String>));
        self.mark(id, update, Outcome::Sent, now).await
    }

    /// The attempt failed; the next one is due then. The message's timeline
    /// tells of the first one alone.
    pub async fn mark_failed_attempt(
        &self,
        id: DeliveryId,
        error: &str,
        next_at: Timestamp,
        now: Timestamp,
    ) -> Result<()> {
        let update = Entity::update_many()
            .col_expr(Column::Error, Expr::value(error))
            .col_expr(Column::NextAt, Expr::value(millis(next_at)))
            .col_expr(Column::LeasedUntil, Expr::value(None::<i64>))
            .col_expr(Column::ChangedAt, Expr::value(millis(now)));
        self.mark(id, update, Outcome::Again(error), now).await
    }

    /// It failed for good.
    pub async fn mark_failed(&self, id: DeliveryId, error: &str, now: Timestamp) -> Result<()> {
        let update =
            settled(DeliveryState::Failed, now)?.col_expr(Column::Error, Expr::value(error));
        self.mark(id, update, Outcome::Failed(error), now).await
    }

    /// The employee's own device, or the server behind a letter, has it. One
    /// that has come further, or has failed, stays as it is. Not found where
    /// it is another's.
    pub async fn mark_delivered(
        &self,
        company: CompanyId,
        employee: EmployeeId,
        id: DeliveryId,
        now: Timestamp,
    ) -> Result<()> {
        let txn = self.store.begin().await?;
        let row = locked(&txn, id).await?;
        if row.company_id != company.0 || row.employee_id != Some(employee.0) {
            return Err(StoreError::NotFound);
        }
        let state: DeliveryState = from_name(&row.state)?;
        if !matches!(state, DeliveryState::Queued | DeliveryState::Sent) {
            return Ok(txn.rollback().await?);
        }
        settled(DeliveryState::Delivered, now)?
            .col_expr(Column::Error, Expr::value(None::<String>))
            .filter(Column::Id.eq(id.0))
            .exec(&txn)
            .await?;
        note(&txn, &row, DeliveryState::Delivered, None, None, now).await?;
        txn.commit().await?;
        self.tell(&row);
        Ok(())
    }

    /// Tries a delivery that has failed once more, for three days again. One
    /// that is on its way stays so; one that got through is
    /// [`Conflict::NotFailed`].
    pub async fn retry(
        &self,
        company: CompanyId,
        message: MessageId,
        id: DeliveryId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<()> {
        let txn = self.store.begin().await?;
        let row = locked(&txn, id).await?;
        if row.company_id != company.0 || row.message_id != message.0 {
            return Err(StoreError::NotFound);
        }
        match from_name(&row.state)? {
            DeliveryState::Failed => {}
            DeliveryState::Queued => return Ok(txn.rollback().await?),
            _ => return Err(StoreError::conflict(Conflict::NotFailed)),
        }
        let queued = DeliveryState::Queued;
        Entity::update_many()
            .col_expr(Column::State, Expr::value(name(queued)?))
            .col_expr(Column::NextAt, Expr::value(millis(now)))
            .col_expr(Column::TriedFrom, Expr::value(millis(now)))
            .col_expr(Column::HeldUntil, Expr::value(None::<i64>))
            .col_expr(Column::Attempts, Expr::value(0_i64))
            .col_expr(Column::ChangedAt, Expr::value(millis(now)))
            .filter(Column::Id.eq(id.0))
            .exec(&txn)
            .await?;
        note(&txn, &row, queued, None, Some(actor), now).await?;
        txn.commit().await?;
        self.tell(&row);
        self.store.wake_deliveries();
        Ok(())
    }

    /// When the next attempt is due, or a lease ends, that is not due yet;
    /// none where nothing waits.
    pub async fn next_due_after(&self, now: Timestamp) -> Result<Option<Timestamp>> {
        let when = "CASE WHEN leased_until > next_at THEN leased_until ELSE next_at END";
        let earliest: Option<Option<i64>> = Entity::find()
            .select_only()
            .expr_as(Expr::cust(format!("MIN({when})")), "earliest")
            .filter(Expr::cust(QUEUED))
            .filter(Expr::cust(when).gt(millis(now)))
            .into_tuple()
            .one(self.store.reader())
            .await?;
        timestamp_opt(earliest.flatten())
    }

    /// Marks a delivery that is still queued, and tells it in the message's
    /// timeline. One that is settled stays as it is: its worker was slow, and
    /// another one has carried it out.
    async fn mark(
        &self,
        id: DeliveryId,
        update: UpdateMany<Entity>,
        outcome: Outcome<'_>,
        now: Timestamp,
    ) -> Result<()> {
        let txn = self.store.begin().await?;
        let (message, row) = match outcome {
            Outcome::Failed(_) => {
                let message = message_of(&txn, id).await?;
                (Some(message), with_events(&txn, id).await?)
            }
            Outcome::Sent | Outcome::Again(_) => (None, locked(&txn, id).await?),
        };
        if from_name::<DeliveryState>(&row.state)? != DeliveryState::Queued {
            return Ok(txn.rollback().await?);
        }
        update.filter(Column::Id.eq(id.0)).exec(&txn).await?;
        let mut hurried = false;
        match outcome {
            Outcome::Sent => note(&txn, &row, DeliveryState::Sent, None, None, now).await?,
            Outcome::Again(error) if row.attempts <= 1 => {
                note(&txn, &row, DeliveryState::Queued, Some(error), None, now).await?;
            }
            Outcome::Again(_) => {}
            Outcome::Failed(error) => {
                note(&txn, &row, DeliveryState::Failed, Some(error), None, now).await?;
                if let Some(message) = &message {
                    hurried = hurry(&txn, message, now).await?;
                }
            }
        }
        txn.commit().await?;
        self.tell(&row);
        if hurried {
            self.store.wake_steps();
        }
        Ok(())
    }

    pub(crate) fn tell(&self, row: &Model) {
        let kind = ChangeKind::Message(MessageId(row.message_id));
        self.store.tell(CompanyId(row.company_id), kind);
    }

    async fn letters(&self, taken: &[Model]) -> Result<Vec<DueDelivery>> {
        let reader = self.store.reader();
        let messages = message::Entity::find()
            .filter(message::Column::Id.is_in(taken.iter().map(|row| row.message_id)))
            .all(reader)
            .await?;
        let calls = call::Entity::find()
            .filter(call::Column::Id.is_in(messages.iter().map(|message| message.call_id)))
            .all(reader)
            .await?;
        let companies = company::Entity::find()
            .filter(company::Column::Id.is_in(taken.iter().map(|row| row.company_id)))
            .all(reader)
            .await?;
        let employees = employee::Entity::find()
            .filter(employee::Column::Id.is_in(taken.iter().filter_map(|row| row.employee_id)))
            .all(reader)
            .await?;
        let letters = Letters {
            lines: lookup::line_names(reader, calls.iter().map(|call| call.line_id)).await?,
            authors: lookup::user_names(reader, messages.iter().filter_map(|m| m.author_id))
                .await?,
            messages: messages.into_iter().map(|row| (row.id, row)).collect(),
            calls: calls.into_iter().map(|row| (row.id, row)).collect(),
            companies: companies.into_iter().map(|row| (row.id, row)).collect(),
            employees: employees.into_iter().map(|row| (row.id, row)).collect(),
        };
        taken.iter().map(|row| letters.letter(row)).collect()
    }
}

/// What an attempt came to.
enum Outcome<'a> {
    Sent,
    Again(&'a str),
    Failed(&'a str),
}

/// The delivery's row, for as long as the transaction lasts.
pub(crate) async fn locked(txn: &DatabaseTransaction, id: DeliveryId) -> Result<Model> {
    let row = Entity::find_by_id(id.0).lock_exclusive().one(txn).await?;
    row.ok_or(StoreError::NotFound)
}

/// The same, with the company's events before it: whoever accepts the message
/// holds them when coming to its deliveries.
pub(crate) async fn with_events(txn: &DatabaseTransaction, id: DeliveryId) -> Result<Model> {
    let row = Entity::find_by_id(id.0).one(txn).await?;
    let row = row.ok_or(StoreError::NotFound)?;
    events::lock(txn, CompanyId(row.company_id)).await?;
    locked(txn, id).await
}

/// Tells in the message's timeline how a delivery stands.
pub(crate) async fn note(
    txn: &DatabaseTransaction,
    row: &Model,
    state: DeliveryState,
    reason: Option<&str>,
    by: Option<&Actor>,
    now: Timestamp,
) -> Result<()> {
    let event = Event::Delivery {
        delivery: DeliveryId(row.id),
        channel: from_name(&row.channel)?,
        to: row.employee_name.clone(),
        state,
        reason: reason.map(str::to_owned),
    };
    timeline::add(txn, (row.company_id, row.message_id), now, by, &event).await
}

/// Everything that the letters of a taking are about.
struct Letters {
    messages: HashMap<Uuid, message::Model>,
    calls: HashMap<Uuid, call::Model>,
    companies: HashMap<Uuid, company::Model>,
    employees: HashMap<Uuid, employee::Model>,
    lines: HashMap<Uuid, String>,
    authors: HashMap<Uuid, String>,
}

impl Letters {
    fn letter(&self, row: &Model) -> Result<DueDelivery> {
        let message = found(&self.messages, row.message_id)?;
        let call = found(&self.calls, message.call_id)?;
        let company = found(&self.companies, row.company_id)?;
        let hours: WorkingHours = from_json(&company.hours)?;
        Ok(DueDelivery {
            delivery: messages::delivery(row)?,
            message: messages::message(message)?,
            recipient_name: message.recipient_name.clone(),
            company_name: company.name.clone(),
            language: from_name(&company.language)?,
            zone: hours.zone,
            line_name: self.lines.get(&call.line_id).cloned().unwrap_or_default(),
            // Those of before have none: they were queued with their message.
            tried_from: timestamp(row.tried_from.unwrap_or(message.created_at))?,
            arrived_at: timestamp(call.arrived_at)?,
            caller: Caller {
                number: call.caller_number.clone(),
                name: call.caller_name.clone(),
            },
            author_name: message
                .author_id
                .and_then(|id| self.authors.get(&id).cloned()),
            employee: row
                .employee_id
                .and_then(|id| self.employees.get(&id))
                .map(employees::employee),
        })
    }
}

fn found<T>(rows: &HashMap<Uuid, T>, id: Uuid) -> Result<&T> {
    rows.get(&id)
        .ok_or_else(|| StoreError::Corrupt(format!("a delivery refers to {id}, which is gone")))
}

/// Queued, due, and with nobody at work on them; the longest due first.
pub(crate) fn due(wanted: &Taking<'_>, now: Timestamp) -> Result<Select<Entity>> {
    let now = millis(now);
    let mut due = Entity::find()
        .filter(Expr::cust(QUEUED))
        .filter(Column::Channel.eq(name(wanted.channel)?))
        .filter(Column::NextAt.lte(now))
        .filter(
            Condition::any()
                .add(Column::LeasedUntil.is_null())
                .add(Column::LeasedUntil.lte(now)),
        );
    if !wanted.passed_over.is_empty() {
        let passed_over = wanted.passed_over.iter().map(|company| company.0);
        due = due.filter(Column::CompanyId.is_not_in(passed_over));
    }
    if wanted.fresh {
        due = due.filter(Column::Attempts.eq(0));
    }
    Ok(due.order_by_asc(Column::NextAt))
}

pub(crate) fn settled(state: DeliveryState, now: Timestamp) -> Result<UpdateMany<Entity>> {
    Ok(Entity::update_many()
        .col_expr(Column::State, Expr::value(name(state)?))
        .col_expr(Column::NextAt, Expr::value(None::<i64>))
        .col_expr(Column::LeasedUntil, Expr::value(None::<i64>))
        .col_expr(Column::ChangedAt, Expr::value(millis(now))))
}
