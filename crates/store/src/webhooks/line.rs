//! Each receiver has a line of events that are told one after the other: the
//! head of it is taken, tried, and passed once it got through or was given up.
//! None of this is scoped by company: a worker serves everybody's.

use jiff::Timestamp;
use model::event::{EventKind, HookAttempt};
use model::id::{CompanyId, DeliveryId, MessageId, WebhookId};
use model::message::DeliveryState;
use model::secret::Secret;
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::deliveries::{GONE, Means, OVERDUE, fail_all, mark, mark_delivery, message_of};
use super::{DisabledReason, Webhooks};
use crate::column::{from_json, millis, name, narrow, timestamp, timestamp_opt};
use crate::entity::webhook::{Column, Entity, Model};
use crate::entity::{delivery, event, event_counter, message, webhook_attempt};
use crate::events::{self, Event};
use crate::{Result, StoreError};

/// Attempts that are kept of one receiver: several pages for whoever looks for a mistake.
const ATTEMPTS_MAX: u64 = 5000;

/// A receiver whose line was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TakenWebhook {
    /// Whose.
    pub company: CompanyId,
    /// The receiver.
    pub id: WebhookId,
    /// Whether its head has failed before.
    pub again: bool,
}

/// An event and whom to tell it.
#[derive(Clone, Debug)]
pub struct DueEvent {
    /// The receiver.
    pub webhook: WebhookId,
    /// Where to post it.
    pub url: String,
    /// What to sign it with: the secret, and for a while the one before.
    pub secrets: Vec<Secret>,
    /// The event.
    pub event: Event,
    /// Attempts with the one that begins now.
    pub attempts: u32,
    /// From when on the time for giving up is counted.
    pub since: Timestamp,
    /// Where the line stood when this was read, and until when it was taken.
    cursor: i64,
    lease: Option<i64>,
}

/// What follows an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passing {
    /// The receiver took it; the next event is at its turn.
    Taken,
    /// It is tried again then.
    Again(Timestamp),
    /// It never got through; the next event is at its turn then.
    GivenUp(Timestamp),
    /// The receiver wants no more.
    Gone,
}

/// What became of a line with an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settled {
    /// Whether it was moved; not where somebody else has moved it meanwhile.
    pub moved: bool,
    /// Whether it is still taken, and more waits in it.
    pub kept: bool,
}

impl Webhooks<'_> {
    /// Takes lines whose head is due, and keeps other workers off them until
    /// the lease ends. `passed_over` are companies that have enough in hand;
    /// with `fresh` only heads are taken that have not failed yet.
    pub async fn take_due(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        limit: u32,
        passed_over: &[CompanyId],
        fresh: bool,
    ) -> Result<Vec<TakenWebhook>> {
        let now = millis(now);
        // Looked for without a lock first: mostly there is nothing.
        let mut due = due(now).limit(u64::from(limit));
        if !passed_over.is_empty() {
            due = due.filter(Column::CompanyId.is_not_in(passed_over.iter().map(|c| c.0)));
        }
        if fresh {
            due = due.filter(Column::Attempts.eq(0));
        }
        if due.clone().one(self.store.reader()).await?.is_none() {
            return Ok(Vec::new());
        }
        let txn = self.store.begin().await?;
        let rows = due
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .all(&txn)
            .await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        Entity::update_many()
            .col_expr(Column::LeasedUntil, Expr::value(millis(lease_until)))
            .filter(Column::Id.is_in(rows.iter().map(|row| row.id)))
            .exec(&txn)
            .await?;
        txn.commit().await?;
        Ok(rows
            .into_iter()
            .map(|row| TakenWebhook {
                company: CompanyId(row.company_id),
                id: WebhookId(row.id),
                again: row.attempts > 0,
            })
            .collect())
    }

    /// The head of a line that was taken. None where there is none after all:
    /// the line is given back then.
    pub async fn head(&self, id: WebhookId, now: Timestamp) -> Result<Option<DueEvent>> {
        let reader = self.store.reader();
        let row = Entity::find_by_id(id.0).one(reader).await?;
        let Some(row) = row else {
            return Ok(None);
        };
        if !row.enabled {
            give_back(self.store.writer(), id, row.leased_until).await?;
            return Ok(None);
        }
        let company = CompanyId(row.company_id);
        // Read before the events: all up to it are there to be seen.
        let latest = events::latest(reader, company).await?;
        let kinds: Vec<EventKind> = from_json(&row.kinds)?;
        let kinds = kinds.into_iter().map(name).collect::<Result<Vec<_>>>()?;
        let next = event::Entity::find()
            .filter(event::Column::CompanyId.eq(row.company_id))
            .filter(event::Column::Seq.gt(row.cursor))
            .filter(event::Column::Kind.is_in(kinds))
            .order_by_asc(event::Column::Seq)
            .one(reader)
            .await?;
        match next {
            Some(next) => self.due_event(&row, next, now).map(Some),
            None => {
                self.pass_over(&row, latest).await?;
                Ok(None)
            }
        }
    }

    /// An event that is told again out of its turn; another company's is not found.
    pub async fn event(
        &self,
        company: CompanyId,
        id: WebhookId,
        seq: i64,
        now: Timestamp,
    ) -> Result<DueEvent> {
        let reader = self.store.reader();
        let row = super::row(reader, company, id).await?;
        let event = event::Entity::find_by_id((company.0, seq))
            .one(reader)
            .await?
            .ok_or(StoreError::NotFound)?;
        self.due_event(&row, event, now)
    }

    /// The event of a delivery that is tried again by itself. None where the
    /// receiver or the event is not there any more.
    pub async fn event_of(&self, delivery: DeliveryId, now: Timestamp) -> Result<Option<DueEvent>> {
        let reader = self.store.reader();
        let row = delivery::Entity::find_by_id(delivery.0).one(reader).await?;
        let row = row.ok_or(StoreError::NotFound)?;
        let Some(webhook) = row.webhook_id else {
            return Ok(None);
        };
        let message = message::Entity::find_by_id(row.message_id)
            .one(reader)
            .await?;
        let message = message.ok_or(StoreError::NotFound)?;
        let Some(webhook) = Entity::find_by_id(webhook).one(reader).await? else {
            return Ok(None);
        };
        // Written together, so at the same time; few are written in one millisecond.
        let rows = event::Entity::find()
            .filter(event::Column::At.eq(message.created_at))
            .filter(event::Column::CompanyId.eq(row.company_id))
            .filter(event::Column::Kind.eq(name(EventKind::MessageCreated)?))
            .all(reader)
            .await?;
        for row in rows {
            let due = self.due_event(&webhook, row, now)?;
            if message_of(&due.event) == Some(MessageId(message.id)) {
                return Ok(Some(due));
            }
        }
        Ok(None)
    }

    /// An event that is no event: it shows whether the receiver is there.
    pub async fn test_event(
        &self,
        company: CompanyId,
        id: WebhookId,
        now: Timestamp,
    ) -> Result<DueEvent> {
        let row = super::row(self.store.reader(), company, id).await?;
        let event = event::Model {
            company_id: company.0,
            seq: 0,
            id: Uuid::now_v7(),
            kind: name(EventKind::MessageCreated)?,
            body: "{}".into(),
            at: millis(now),
        };
        self.due_event(&row, event, now)
    }

    /// Stores how the attempt went and moves the line on, both or none. With
    /// `keep` the line stays taken until then, should more wait in it.
    pub async fn settle(
        &self,
        due: &DueEvent,
        attempt: &HookAttempt,
        passing: Passing,
        keep: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Settled> {
        let txn = self.store.begin().await?;
        if matches!(passing, Passing::GivenUp(_) | Passing::Gone) {
            // What fails is an event: the company's events come before its receivers.
            events::lock(&txn, due.event.company).await?;
        }
        let (cursor, attempts, next_at) = match passing {
            Passing::Taken => (due.event.seq, 0, None),
            Passing::GivenUp(at) => (due.event.seq, 0, Some(at)),
            Passing::Again(at) => (due.cursor, due.attempts, Some(at)),
            Passing::Gone => (due.cursor, 0, None),
        };
        let keep = match keep.filter(|_| passing == Passing::Taken) {
            Some(keep) if events::latest(&txn, due.event.company).await? > cursor => Some(keep),
            _ => None,
        };
        let mut update = Entity::update_many()
            .col_expr(Column::Cursor, Expr::value(cursor))
            .col_expr(Column::Attempts, Expr::value(i64::from(attempts)))
            .col_expr(Column::NextAt, Expr::value(next_at.map(millis)))
            .col_expr(Column::Error, Expr::value(attempt.error.as_deref()))
            .col_expr(Column::LeasedUntil, Expr::value(keep.map(millis)));
        if passing == Passing::Gone {
            update = update
                .col_expr(Column::Enabled, Expr::value(false))
                .col_expr(
                    Column::DisabledReason,
                    Expr::value(name(DisabledReason::Gone)?),
                )
                .col_expr(Column::Version, Expr::col(Column::Version).add(1));
        }
        let moved = update
            .filter(Column::Id.eq(due.webhook.0))
            .filter(Column::Cursor.eq(due.cursor))
            .exec(&txn)
            .await?
            .rows_affected
            > 0;
        if !moved {
            give_back(&txn, due.webhook, due.lease).await?;
        }
        let known = Entity::find_by_id(due.webhook.0).one(&txn).await?.is_some();
        if known {
            note(&txn, due, Some(due.event.seq), attempt).await?;
        }
        let error = attempt.error.as_deref().unwrap_or_default();
        let mut touched = Vec::new();
        match passing {
            Passing::Taken => touched.extend(mark(&txn, due, Means::Sent, now).await?),
            Passing::Again(_) => touched.extend(mark(&txn, due, Means::Again(error), now).await?),
            Passing::GivenUp(_) => {
                touched.extend(mark(&txn, due, Means::Failed(error), now).await?);
            }
            Passing::Gone => touched = fail_all(&txn, due.webhook, GONE, now).await?,
        }
        txn.commit().await?;
        self.store.tell_messages(due.event.company, touched);
        Ok(Settled {
            moved: moved && known,
            kept: moved && known && keep.is_some(),
        })
    }

    /// Stores how an attempt out of its turn went; `seq` is none for a test.
    pub async fn settle_by_hand(
        &self,
        due: &DueEvent,
        seq: Option<i64>,
        attempt: &HookAttempt,
        now: Timestamp,
    ) -> Result<()> {
        let txn = self.store.begin().await?;
        super::locked(&txn, due.event.company, due.webhook).await?;
        note(&txn, due, seq, attempt).await?;
        let touched = match seq.is_some() && attempt.ok() {
            true => mark(&txn, due, Means::Sent, now).await?,
            false => None,
        };
        txn.commit().await?;
        let touched = touched.into_iter().collect();
        self.store.tell_messages(due.event.company, touched);
        Ok(())
    }

    /// When the next head is due that is not due yet; none where nothing waits.
    pub async fn next_due_after(&self, now: Timestamp) -> Result<Option<Timestamp>> {
        let when =
            "CASE WHEN leased_until > COALESCE(next_at, 0) THEN leased_until ELSE next_at END";
        let earliest: Option<Option<i64>> = Entity::find()
            .select_only()
            .expr_as(Expr::cust(format!("MIN({when})")), "earliest")
            .filter(waiting())
            .filter(Expr::cust(when).gt(millis(now)))
            .into_tuple()
            .one(self.store.reader())
            .await?;
        timestamp_opt(earliest.flatten())
    }

    /// Gives lines back that a dead worker had taken. Only for a store that
    /// has one worker.
    pub(crate) async fn release(&self) -> Result<()> {
        Entity::update_many()
            .col_expr(Column::LeasedUntil, Expr::value(None::<i64>))
            .filter(Column::LeasedUntil.is_not_null())
            .exec(self.store.writer())
            .await?;
        Ok(())
    }

    /// Deletes attempts of long ago, and of each receiver those beyond a
    /// bound. Deliveries whose event goes now are told as failed.
    pub(crate) async fn prune(&self, until: i64, now: Timestamp) -> Result<()> {
        let (reader, writer) = (self.store.reader(), self.store.writer());
        let overdue = delivery::Entity::find()
            .filter(delivery::Column::WebhookId.is_not_null())
            .filter(delivery::Column::State.eq(name(DeliveryState::Queued)?))
            .filter(delivery::Column::ChangedAt.lt(until))
            .all(reader)
            .await?;
        for row in overdue {
            let txn = self.store.begin().await?;
            events::lock(&txn, CompanyId(row.company_id)).await?;
            let attempts = narrow(row.attempts)?;
            mark_delivery(&txn, &row, Means::Failed(OVERDUE), attempts, now).await?;
            txn.commit().await?;
            let message = vec![MessageId(row.message_id)];
            self.store.tell_messages(CompanyId(row.company_id), message);
        }
        webhook_attempt::Entity::delete_many()
            .filter(webhook_attempt::Column::At.lt(until))
            .exec(writer)
            .await?;
        let all: Vec<Uuid> = Entity::find()
            .select_only()
            .column(Column::Id)
            .into_tuple()
            .all(reader)
            .await?;
        for id in all {
            let of_one = webhook_attempt::Column::WebhookId.eq(id);
            let oldest: Option<i64> = webhook_attempt::Entity::find()
                .select_only()
                .column(webhook_attempt::Column::At)
                .filter(of_one.clone())
                .order_by_desc(webhook_attempt::Column::At)
                .offset(ATTEMPTS_MAX)
                .limit(1)
                .into_tuple()
                .one(reader)
                .await?;
            if let Some(oldest) = oldest {
                webhook_attempt::Entity::delete_many()
                    .filter(of_one)
                    .filter(webhook_attempt::Column::At.lte(oldest))
                    .exec(writer)
                    .await?;
            }
        }
        Ok(())
    }

    /// Gives a line back in which nothing waits. Events of other kinds are not
    /// looked through again.
    async fn pass_over(&self, row: &Model, latest: i64) -> Result<()> {
        let passed = Entity::update_many()
            .col_expr(
                Column::Cursor,
                Expr::value(std::cmp::max(latest, row.cursor)),
            )
            .col_expr(Column::LeasedUntil, Expr::value(None::<i64>))
            .filter(Column::Id.eq(row.id))
            .filter(Column::Cursor.eq(row.cursor))
            .filter(Column::LeasedUntil.eq(row.leased_until))
            .exec(self.store.writer())
            .await?;
        if passed.rows_affected == 0 {
            give_back(self.store.writer(), WebhookId(row.id), row.leased_until).await?;
        }
        Ok(())
    }

    fn due_event(&self, row: &Model, event: event::Model, now: Timestamp) -> Result<DueEvent> {
        let key = self.store.key();
        let open = |sealed: &[u8]| key.open(sealed, row.id.as_bytes()).map(Secret::new);
        let mut secrets = vec![open(&row.secret)?];
        if let Some(old) = &row.old_secret
            && row
                .old_secret_until
                .is_some_and(|until| until > millis(now))
        {
            secrets.push(open(old)?);
        }
        Ok(DueEvent {
            webhook: WebhookId(row.id),
            url: row.url.clone(),
            secrets,
            since: timestamp(std::cmp::max(row.since, event.at))?,
            event: events::event(event)?,
            attempts: narrow::<u32>(row.attempts)?.saturating_add(1),
            cursor: row.cursor,
            lease: row.leased_until,
        })
    }
}

/// Gives a line back, unless another worker has taken it since.
async fn give_back<C: ConnectionTrait>(db: &C, id: WebhookId, lease: Option<i64>) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::LeasedUntil, Expr::value(None::<i64>))
        .filter(Column::Id.eq(id.0))
        .filter(Column::LeasedUntil.eq(lease))
        .exec(db)
        .await?;
    Ok(())
}

async fn note(
    txn: &DatabaseTransaction,
    due: &DueEvent,
    seq: Option<i64>,
    attempt: &HookAttempt,
) -> Result<()> {
    let row = webhook_attempt::Model {
        id: Uuid::now_v7(),
        webhook_id: due.webhook.0,
        seq,
        at: millis(attempt.at),
        status: attempt.status.map(i64::from),
        error: attempt.error.clone(),
        ms: i64::from(attempt.ms),
    };
    webhook_attempt::Entity::insert(row.into_active_model())
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

/// Lines that have events waiting, whether or not they are due.
fn waiting() -> Condition {
    let behind = Query::select()
        .expr(Expr::val(1))
        .from(event_counter::Entity)
        .and_where(
            Expr::col((event_counter::Entity, event_counter::Column::CompanyId))
                .equals((Entity, Column::CompanyId)),
        )
        .and_where(
            Expr::col((event_counter::Entity, event_counter::Column::Seq))
                .gt(Expr::col((Entity, Column::Cursor))),
        )
        .to_owned();
    Condition::all()
        .add(Column::Enabled.eq(true))
        .add(Expr::exists(behind))
}

/// Lines that have events waiting, are due, and have nobody at work on them.
/// A company has a few at most, so the table is small, and looked through.
pub(crate) fn due(now: i64) -> sea_orm::Select<Entity> {
    let reached = |column: Column| Condition::any().add(column.is_null()).add(column.lte(now));
    Entity::find()
        .filter(waiting())
        .filter(reached(Column::NextAt))
        .filter(reached(Column::LeasedUntil))
        .order_by_asc(Expr::cust("COALESCE(next_at, 0)"))
        .order_by_asc(Column::Id)
}
