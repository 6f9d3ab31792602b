//! Keys of the companies' programs: the secret at the customer's, its hash here.

use jiff::Timestamp;
use model::api_key::{ApiKey, Scope};
use model::id::{ApiKeyId, CompanyId, UserId};
use model::user::{Role, User};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::column::{from_json, json, millis, timestamp, timestamp_opt};
use crate::entity::api_key::{Column, Entity, Model};
use crate::entity::user;
use crate::{Conflict, Result, Store, StoreError, lookup, sessions, users};

/// Keys that a company may have at once: one for each of its programs, and some to change them by.
pub const KEYS_MAX: u64 = 20;

/// Revoked keys that are still listed.
const REVOKED_MAX: u64 = 50;

/// What every secret begins with, so that it is recognised where it should not be.
const MARK: &str = "tk_";

/// Characters of the secret that are kept readable: enough to tell keys apart, and 210 bits stay secret.
const PREFIX: usize = MARK.len() + 8;

/// How exactly it is known when a key was last used.
const TOUCH_MS: i64 = 60 * 1000;

/// A key to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKeyDraft {
    /// What it is for.
    pub name: String,
    /// What it opens.
    pub scopes: Vec<Scope>,
    /// The administrator who makes it.
    pub made_by: UserId,
}

/// What making a key hands out, once.
#[derive(Clone, PartialEq, Eq)]
pub struct NewApiKey {
    /// The key.
    pub key: ApiKey,
    /// Its secret: 256 random bits in base64url behind a mark. Only its SHA-256 is stored.
    pub secret: String,
}

/// A key that opens something, and the administrator in whose place it acts.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKeyHolder {
    /// The key.
    pub key: ApiKey,
    /// Whoever made it; where that one has left, another administrator of the company.
    pub user: User,
}

/// Keys of the companies' programs.
#[derive(Clone, Copy)]
pub struct ApiKeys<'a> {
    pub(crate) store: &'a Store,
}

impl ApiKeys<'_> {
    /// The company's keys, the newest first; those revoked stand among them for a while.
    pub async fn list(&self, company: CompanyId) -> Result<Vec<ApiKey>> {
        let rows = Entity::find()
            .filter(Column::CompanyId.eq(company.0))
            .order_by_desc(Column::CreatedAt)
            .order_by_desc(Column::Id)
            .all(self.store.reader())
            .await?;
        rows.iter().map(key).collect()
    }

    /// Makes a key.
    pub async fn create(
        &self,
        company: CompanyId,
        draft: &ApiKeyDraft,
        now: Timestamp,
    ) -> Result<NewApiKey> {
        let secret = format!("{MARK}{}", sessions::random()?);
        let row = Model {
            id: Uuid::now_v7(),
            company_id: company.0,
            made_by: Some(draft.made_by.0),
            name: draft.name.clone(),
            prefix: secret.chars().take(PREFIX).collect(),
            secret_hash: sessions::hash(&secret),
            scopes: json(&draft.scopes)?,
            created_at: millis(now),
            used_at: None,
            revoked_at: None,
        };
        let txn = self.store.begin().await?;
        // Two at once must not both be the last one allowed.
        lookup::lock_company(&txn, company).await?;
        let alive = Entity::find()
            .filter(Column::CompanyId.eq(company.0))
            .filter(Column::RevokedAt.is_null())
            .count(&txn)
            .await?;
        if alive >= KEYS_MAX {
            return Err(StoreError::conflict(Conflict::TooManyKeys));
        }
        let forgotten: Vec<Uuid> = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::CompanyId.eq(company.0))
            .filter(Column::RevokedAt.is_not_null())
            .order_by_desc(Column::RevokedAt)
            .offset(REVOKED_MAX)
            .limit(KEYS_MAX)
            .into_tuple()
            .all(&txn)
            .await?;
        Entity::delete_many()
            .filter(Column::Id.is_in(forgotten))
            .exec(&txn)
            .await?;
        Entity::insert(row.clone().into_active_model())
            .exec_without_returning(&txn)
            .await?;
        txn.commit().await?;
        Ok(NewApiKey {
            key: key(&row)?,
            secret,
        })
    }

    /// Revokes a key: it opens nothing from now on. Again is no error.
    pub async fn revoke(&self, company: CompanyId, id: ApiKeyId, now: Timestamp) -> Result<()> {
        let of_company = || {
            Entity::find_by_id(id.0)
                .filter(Column::CompanyId.eq(company.0))
                .one(self.store.reader())
        };
        of_company().await?.ok_or(StoreError::NotFound)?;
        Entity::update_many()
            .col_expr(Column::RevokedAt, Expr::value(millis(now)))
            .filter(Column::Id.eq(id.0))
            .filter(Column::CompanyId.eq(company.0))
            .filter(Column::RevokedAt.is_null())
            .exec(self.store.writer())
            .await?;
        Ok(())
    }

    /// Whose secret it is; not found where nobody's, or revoked. Not scoped: the secret tells the company.
    pub async fn by_secret(&self, secret: &str) -> Result<ApiKeyHolder> {
        let row = Entity::find()
            .filter(Column::SecretHash.eq(sessions::hash(secret)))
            .filter(Column::RevokedAt.is_null())
            .one(self.store.reader())
            .await?
            .ok_or(StoreError::NotFound)?;
        Ok(ApiKeyHolder {
            key: key(&row)?,
            user: self.administrator(&row).await?,
        })
    }

    /// Notes that a key is in use. Writes at most once a minute.
    pub async fn touch(&self, key: &ApiKey, now: Timestamp) -> Result<()> {
        let now = millis(now);
        if key.used_at.is_some_and(|at| now - millis(at) < TOUCH_MS) {
            return Ok(());
        }
        Entity::update_many()
            .col_expr(Column::UsedAt, Expr::value(now))
            .filter(Column::Id.eq(key.id.0))
            .exec(self.store.writer())
            .await?;
        Ok(())
    }

    async fn administrator(&self, row: &Model) -> Result<User> {
        let administrators = || {
            users::with_role(Role::CompanyAdmin)
                .map(|found| found.filter(user::Column::CompanyId.eq(row.company_id)))
        };
        let reader = self.store.reader();
        if let Some(made_by) = row.made_by {
            let maker = administrators()?.filter(user::Column::Id.eq(made_by));
            if let Some(maker) = maker.one(reader).await? {
                return users::user(&maker);
            }
        }
        let another = administrators()?.order_by_asc(user::Column::Id);
        let another = another.one(reader).await?.ok_or(StoreError::NotFound)?;
        users::user(&another)
    }
}

fn key(row: &Model) -> Result<ApiKey> {
    Ok(ApiKey {
        id: ApiKeyId(row.id),
        company: CompanyId(row.company_id),
        name: row.name.clone(),
        prefix: row.prefix.clone(),
        scopes: from_json(&row.scopes)?,
        created_at: timestamp(row.created_at)?,
        used_at: timestamp_opt(row.used_at)?,
        revoked_at: timestamp_opt(row.revoked_at)?,
    })
}
