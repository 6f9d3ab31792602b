//! Small reads that several repositories share.

use std::collections::HashMap;

use model::id::CompanyId;
use sea_orm::sea_query::LockType;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
};
use uuid::Uuid;

use crate::entity::{company, line, user};
use crate::{Result, StoreError};

/// Takes the company's row for the rest of the transaction, so that whatever
/// refers across its settings is checked and written by one at a time. What
/// only refers to the row is written beside it: whoever does something with a
/// message at the same time does not wait, and can't be waited for.
pub(crate) async fn lock_company(
    txn: &DatabaseTransaction,
    company: CompanyId,
) -> Result<company::Model> {
    company::Entity::find_by_id(company.0)
        .lock(LockType::NoKeyUpdate)
        .one(txn)
        .await?
        .ok_or(StoreError::NotFound)
}

/// Fails where there is no such company.
pub(crate) async fn company<C: ConnectionTrait>(
    db: &C,
    company: CompanyId,
) -> Result<company::Model> {
    company::Entity::find_by_id(company.0)
        .one(db)
        .await?
        .ok_or(StoreError::NotFound)
}

pub(crate) async fn company_names<C: ConnectionTrait>(
    db: &C,
    ids: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, String>> {
    let ids = distinct(ids);
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, String)> = company::Entity::find()
        .select_only()
        .columns([company::Column::Id, company::Column::Name])
        .filter(company::Column::Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

pub(crate) async fn line_names<C: ConnectionTrait>(
    db: &C,
    ids: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, String>> {
    let ids = distinct(ids);
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, String)> = line::Entity::find()
        .select_only()
        .columns([line::Column::Id, line::Column::Name])
        .filter(line::Column::Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

pub(crate) async fn user_names<C: ConnectionTrait>(
    db: &C,
    ids: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, String>> {
    let ids = distinct(ids);
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, String)> = user::Entity::find()
        .select_only()
        .columns([user::Column::Id, user::Column::Name])
        .filter(user::Column::Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

fn distinct(ids: impl Iterator<Item = Uuid>) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
