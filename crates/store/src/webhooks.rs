//! Receivers of a company's events: what its administrator sets and sees.

pub(crate) mod deliveries;
pub(crate) mod line;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use model::event::{EventKind, HookAttempt};
use model::id::{CompanyId, WebhookId};
use model::secret::Secret;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::column::{from_json, from_name, json, millis, narrow, timestamp, timestamp_opt};
use crate::entity::webhook::{Column, Entity, Model};
use crate::entity::{event, webhook_attempt};
use crate::page::{before, page};
use crate::{Conflict, Page, PageRequest, Result, Store, StoreError, events, lookup};

/// Receivers of one company. Each costs a request an event.
pub const WEBHOOKS_MAX: u64 = 10;

/// How long the old secret signs beside a new one.
const OLD_SECRET_FOR: SignedDuration = SignedDuration::from_hours(24);

/// What a secret begins with (Standard Webhooks).
const SECRET_PREFIX: &str = "whsec_";

/// Why a receiver is switched off, where nobody switched it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisabledReason {
    /// It answered 410: it wants no more.
    Gone,
}

/// What is set of a receiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookDraft {
    /// Where events are posted to.
    pub url: String,
    /// Which kinds.
    pub kinds: Vec<EventKind>,
    /// Whether it gets any.
    pub enabled: bool,
}

/// A receiver of a company's events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Id.
    pub id: WebhookId,
    /// What is set.
    pub draft: WebhookDraft,
    /// Why it is switched off, where nobody switched it.
    pub disabled_reason: Option<DisabledReason>,
    /// When it was made.
    pub created_at: Timestamp,
    /// For saving.
    pub version: i64,
    /// Number of the latest event that is behind it.
    pub cursor: i64,
    /// Failed attempts of the event that is at its turn.
    pub attempts: u32,
    /// Why the latest of them failed.
    pub error: Option<String>,
    /// When the next one is due.
    pub next_at: Option<Timestamp>,
}

/// An attempt, as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAttempt {
    /// Id.
    pub id: Uuid,
    /// The event's number; none for a test.
    pub seq: Option<i64>,
    /// The event's kind, while the event is kept.
    pub kind: Option<EventKind>,
    /// How it went.
    pub attempt: HookAttempt,
}

/// From where events are told again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplayFrom {
    /// From this number.
    Seq(i64),
    /// From what happened at this time or later.
    Time(Timestamp),
}

/// Receivers of a company's events.
#[derive(Clone, Copy)]
pub struct Webhooks<'a> {
    pub(crate) store: &'a Store,
}

impl Webhooks<'_> {
    /// The company's receivers, the oldest first.
    pub async fn list(&self, company: CompanyId) -> Result<Vec<Webhook>> {
        let rows = Entity::find()
            .filter(Column::CompanyId.eq(company.0))
            .order_by_asc(Column::CreatedAt)
            .order_by_asc(Column::Id)
            .all(self.store.reader())
            .await?;
        rows.iter().map(webhook).collect()
    }

    /// One receiver.
    pub async fn get(&self, company: CompanyId, id: WebhookId) -> Result<Webhook> {
        webhook(&row(self.store.reader(), company, id).await?)
    }

    /// A new receiver, which gets what happens from now on. Its secret is told
    /// this once.
    pub async fn create(
        &self,
        company: CompanyId,
        draft: &WebhookDraft,
        now: Timestamp,
    ) -> Result<(Webhook, Secret)> {
        let (id, secret) = (WebhookId(Uuid::now_v7()), secret()?);
        let sealed = self.store.key().seal(secret.reveal(), id.0.as_bytes())?;
        let txn = self.store.begin().await?;
        lookup::lock_company(&txn, company).await?;
        let others = Entity::find().filter(Column::CompanyId.eq(company.0));
        if others.count(&txn).await? >= WEBHOOKS_MAX {
            return Err(StoreError::conflict(Conflict::TooManyWebhooks));
        }
        // With the counter locked, each event is either before the receiver or for it.
        let row = Model {
            id: id.0,
            company_id: company.0,
            url: draft.url.clone(),
            kinds: json(&draft.kinds)?,
            secret: sealed,
            old_secret: None,
            old_secret_until: None,
            enabled: draft.enabled,
            disabled_reason: None,
            created_at: millis(now),
            version: 1,
            cursor: events::lock(&txn, company).await?,
            since: millis(now),
            attempts: 0,
            error: None,
            next_at: None,
            leased_until: None,
        };
        Entity::insert(row.clone().into_active_model())
            .exec_without_returning(&txn)
            .await?;
        txn.commit().await?;
        Ok((webhook(&row)?, secret))
    }

    /// Changes a receiver. One that is switched off keeps its place, and goes
    /// on from there; what it was to get of messages is told as failed meanwhile.
    pub async fn update(
        &self,
        company: CompanyId,
        id: WebhookId,
        draft: &WebhookDraft,
        version: i64,
        now: Timestamp,
    ) -> Result<Webhook> {
        let txn = self.store.begin().await?;
        // What fails is an event: the company's events come before its receivers.
        events::lock(&txn, company).await?;
        let mut row = locked(&txn, company, id).await?;
        if row.version != version {
            return Err(StoreError::Stale);
        }
        let begins = draft.enabled && !row.enabled;
        row.url = draft.url.clone();
        row.kinds = json(&draft.kinds)?;
        row.enabled = draft.enabled;
        row.disabled_reason = row.disabled_reason.filter(|_| !draft.enabled);
        row.version += 1;
        // What was wrong may be mended by this: it is tried at once.
        row.next_at = None;
        if begins {
            row.since = millis(now);
            row.attempts = 0;
            row.error = None;
        }
        save(&txn, &row).await?;
        let touched = match row.enabled {
            true => Vec::new(),
            false => deliveries::fail_all(&txn, id, deliveries::SWITCHED_OFF, now).await?,
        };
        txn.commit().await?;
        self.store.tell_messages(company, touched);
        self.store.wake_deliveries();
        webhook(&row)
    }

    /// Deletes a receiver; what it was to get of messages is told as failed.
    pub async fn delete(&self, company: CompanyId, id: WebhookId, now: Timestamp) -> Result<()> {
        let txn = self.store.begin().await?;
        events::lock(&txn, company).await?;
        locked(&txn, company, id).await?;
        let touched = deliveries::fail_all(&txn, id, deliveries::DELETED, now).await?;
        Entity::delete_by_id(id.0).exec(&txn).await?;
        txn.commit().await?;
        self.store.tell_messages(company, touched);
        Ok(())
    }

    /// A new secret, told this once. For a day the old one signs as well, so
    /// that the receiver can change over.
    pub async fn rotate(
        &self,
        company: CompanyId,
        id: WebhookId,
        now: Timestamp,
    ) -> Result<Secret> {
        let fresh = secret()?;
        let sealed = self.store.key().seal(fresh.reveal(), id.0.as_bytes())?;
        let txn = self.store.begin().await?;
        let mut row = locked(&txn, company, id).await?;
        row.old_secret = Some(std::mem::replace(&mut row.secret, sealed));
        row.old_secret_until = Some(millis(now + OLD_SECRET_FOR));
        save(&txn, &row).await?;
        txn.commit().await?;
        Ok(fresh)
    }

    /// Tells events again, in their order: those that are kept from there on.
    pub async fn replay(
        &self,
        company: CompanyId,
        id: WebhookId,
        from: ReplayFrom,
        now: Timestamp,
    ) -> Result<Webhook> {
        let txn = self.store.begin().await?;
        let mut row = locked(&txn, company, id).await?;
        let latest = events::latest(&txn, company).await?;
        let first = match from {
            ReplayFrom::Seq(seq) => seq,
            ReplayFrom::Time(at) => {
                let first: Option<i64> = event::Entity::find()
                    .select_only()
                    .column(event::Column::Seq)
                    .filter(event::Column::CompanyId.eq(company.0))
                    .filter(event::Column::At.gte(millis(at)))
                    .order_by_asc(event::Column::Seq)
                    .limit(1)
                    .into_tuple()
                    .one(&txn)
                    .await?;
                first.unwrap_or(latest + 1)
            }
        };
        row.cursor = first.clamp(1, latest + 1) - 1;
        row.since = millis(now);
        row.attempts = 0;
        row.error = None;
        row.next_at = None;
        save(&txn, &row).await?;
        txn.commit().await?;
        self.store.wake_deliveries();
        webhook(&row)
    }

    /// What was tried, the newest first.
    pub async fn attempts(
        &self,
        company: CompanyId,
        id: WebhookId,
        request: PageRequest,
    ) -> Result<Page<StoredAttempt>> {
        use webhook_attempt::{Column, Entity};
        let reader = self.store.reader();
        row(reader, company, id).await?;
        let mut query = Entity::find().filter(Column::WebhookId.eq(id.0));
        if let Some(after) = request.after {
            query = query.filter(before(Column::At, Column::Id, after));
        }
        let rows = query
            .order_by_desc(Column::At)
            .order_by_desc(Column::Id)
            .limit(request.limit() + 1)
            .all(reader)
            .await?;
        let (rows, next) = page(rows, request, |row| (row.at, row.id));
        let kinds: Vec<(i64, String)> = event::Entity::find()
            .select_only()
            .columns([event::Column::Seq, event::Column::Kind])
            .filter(event::Column::CompanyId.eq(company.0))
            .filter(event::Column::Seq.is_in(rows.iter().filter_map(|row| row.seq)))
            .into_tuple()
            .all(reader)
            .await?;
        let kind = |seq: Option<i64>| {
            let kind = kinds.iter().find(|(of, _)| Some(*of) == seq);
            kind.map(|(_, kind)| from_name(kind)).transpose()
        };
        let items = rows.into_iter().map(|row| {
            Ok(StoredAttempt {
                id: row.id,
                seq: row.seq,
                kind: kind(row.seq)?,
                attempt: HookAttempt {
                    at: timestamp(row.at)?,
                    status: row.status.map(narrow).transpose()?,
                    error: row.error,
                    ms: narrow(row.ms)?,
                },
            })
        });
        Ok(Page {
            items: items.collect::<Result<_>>()?,
            next,
        })
    }
}

async fn row<C: ConnectionTrait>(db: &C, company: CompanyId, id: WebhookId) -> Result<Model> {
    Entity::find_by_id(id.0)
        .filter(Column::CompanyId.eq(company.0))
        .one(db)
        .await?
        .ok_or(StoreError::NotFound)
}

async fn locked(txn: &DatabaseTransaction, company: CompanyId, id: WebhookId) -> Result<Model> {
    Entity::find_by_id(id.0)
        .filter(Column::CompanyId.eq(company.0))
        .lock_exclusive()
        .one(txn)
        .await?
        .ok_or(StoreError::NotFound)
}

/// Writes all that is set of a locked row; what the worker has taken stays taken.
async fn save(txn: &DatabaseTransaction, row: &Model) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::Url, Expr::value(row.url.as_str()))
        .col_expr(Column::Kinds, Expr::value(row.kinds.as_str()))
        .col_expr(Column::Secret, Expr::value(row.secret.clone()))
        .col_expr(Column::OldSecret, Expr::value(row.old_secret.clone()))
        .col_expr(Column::OldSecretUntil, Expr::value(row.old_secret_until))
        .col_expr(Column::Enabled, Expr::value(row.enabled))
        .col_expr(
            Column::DisabledReason,
            Expr::value(row.disabled_reason.clone()),
        )
        .col_expr(Column::Version, Expr::value(row.version))
        .col_expr(Column::Cursor, Expr::value(row.cursor))
        .col_expr(Column::Since, Expr::value(row.since))
        .col_expr(Column::Attempts, Expr::value(row.attempts))
        .col_expr(Column::Error, Expr::value(row.error.clone()))
        .col_expr(Column::NextAt, Expr::value(row.next_at))
        .filter(Expr::col(Column::Id).eq(row.id))
        .exec(txn)
        .await?;
    Ok(())
}

/// A secret of 256 random bits, as the libraries of Standard Webhooks take it.
fn secret() -> Result<Secret> {
    let mut bytes = [0; 32];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| StoreError::Corrupt("no random bytes".into()))?;
    Ok(Secret::new(format!(
        "{SECRET_PREFIX}{}",
        STANDARD.encode(bytes)
    )))
}

fn webhook(row: &Model) -> Result<Webhook> {
    Ok(Webhook {
        id: WebhookId(row.id),
        draft: WebhookDraft {
            url: row.url.clone(),
            kinds: from_json(&row.kinds)?,
            enabled: row.enabled,
        },
        disabled_reason: row.disabled_reason.as_deref().map(from_name).transpose()?,
        created_at: timestamp(row.created_at)?,
        version: row.version,
        cursor: row.cursor,
        attempts: narrow(row.attempts)?,
        error: row.error.clone(),
        next_at: timestamp_opt(row.next_at)?,
    })
}
