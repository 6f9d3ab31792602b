//! Browsers that take notifications for a user.

use jiff::Timestamp;
use model::id::{CompanyId, EmployeeId, UserId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use crate::column::{millis, timestamp};
use crate::entity::push_subscription::{Column, Entity, Model};
use crate::entity::{employee, user};
use crate::{Result, Store};

/// Browsers of one user; another one takes the place of the oldest. Each costs a request a message.
const OF_USER_MAX: usize = 10;

/// A browser's own words on how to reach it.
#[derive(Clone, PartialEq, Eq)]
pub struct NewPushSubscription {
    /// Address at the browser's push service; whoever knows it can try to push.
    pub endpoint: String,
    /// The browser's public key: an uncompressed point on P-256.
    pub point: Vec<u8>,
    /// The browser's authentication secret.
    pub auth: Vec<u8>,
    /// What the browser calls itself.
    pub agent: String,
}

/// A browser that takes notifications.
#[derive(Clone, PartialEq, Eq)]
pub struct PushSubscription {
    /// Id.
    pub id: Uuid,
    /// Address at the browser's push service.
    pub endpoint: String,
    /// The browser's public key.
    pub point: Vec<u8>,
    /// The browser's authentication secret.
    pub auth: Vec<u8>,
    /// Since when.
    pub created_at: Timestamp,
}

/// Browsers that take notifications.
#[derive(Clone, Copy)]
pub struct PushSubscriptions<'a> {
    pub(crate) store: &'a Store,
}

impl PushSubscriptions<'_> {
    /// Notifications for the user go to this browser as well. A browser has
    /// one user: whoever signed in there last.
    pub async fn add(&self, user: UserId, new: &NewPushSubscription, now: Timestamp) -> Result<()> {
        let txn = self.store.begin().await?;
        let row = Model {
            id: Uuid::now_v7(),
            user_id: user.0,
            endpoint: new.endpoint.clone(),
            point: new.point.clone(),
            auth: new.auth.clone(),
            agent: new.agent.clone(),
            created_at: millis(now),
        };
        let anew = [
            Column::UserId,
            Column::Point,
            Column::Auth,
            Column::Agent,
            Column::CreatedAt,
        ];
        Entity::insert(row.into_active_model())
            .on_conflict(
                OnConflict::column(Column::Endpoint)
                    .update_columns(anew)
                    .to_owned(),
            )
            .exec_without_returning(&txn)
            .await?;
        let all: Vec<Uuid> = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::UserId.eq(user.0))
            .order_by_desc(Column::CreatedAt)
            .order_by_desc(Column::Id)
            .into_tuple()
            .all(&txn)
            .await?;
        if let Some(too_many) = all.get(OF_USER_MAX..).filter(|ids| !ids.is_empty()) {
            Entity::delete_many()
                .filter(Column::Id.is_in(too_many.iter().copied()))
                .exec(&txn)
                .await?;
        }
        Ok(txn.commit().await?)
    }

    /// This browser takes no more for the user; one that is not known is no error.
    pub async fn remove(&self, user: UserId, endpoint: &str) -> Result<()> {
        Entity::delete_many()
            .filter(Column::UserId.eq(user.0))
            .filter(Column::Endpoint.eq(endpoint))
            .exec(self.store.writer())
            .await?;
        Ok(())
    }

    /// The push service says that it is gone. Not scoped: for the worker.
    pub async fn forget(&self, id: Uuid) -> Result<()> {
        Entity::delete_by_id(id).exec(self.store.writer()).await?;
        Ok(())
    }

    /// The browsers of an employee, who has a sign-in by the same address.
    pub async fn of_employee(
        &self,
        company: CompanyId,
        employee: EmployeeId,
    ) -> Result<Vec<PushSubscription>> {
        let reader = self.store.reader();
        let employee = employee::Entity::find_by_id(employee.0)
            .filter(employee::Column::CompanyId.eq(company.0))
            .one(reader)
            .await?;
        let Some(employee) = employee else {
            return Ok(Vec::new());
        };
        let users = users(reader, company, &employee.email).await?;
        let rows = Entity::find()
            .filter(Column::UserId.is_in(users))
            .order_by_asc(Column::CreatedAt)
            .all(reader)
            .await?;
        rows.into_iter().map(subscription).collect()
    }
}

/// Whether the employee has a browser that takes notifications.
pub(crate) async fn reaches<C: ConnectionTrait>(db: &C, row: &employee::Model) -> Result<bool> {
    let users = users(db, CompanyId(row.company_id), &row.email).await?;
    let one = Entity::find().filter(Column::UserId.is_in(users));
    Ok(one.limit(1).one(db).await?.is_some())
}

/// Those of the company who sign in with this address: one at most.
async fn users<C: ConnectionTrait>(db: &C, company: CompanyId, login: &str) -> Result<Vec<Uuid>> {
    let users = user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .filter(user::Column::CompanyId.eq(company.0))
        .filter(user::Column::Login.eq(login))
        .into_tuple()
        .all(db)
        .await?;
    Ok(users)
}

fn subscription(row: Model) -> Result<PushSubscription> {
    Ok(PushSubscription {
        id: row.id,
        endpoint: row.endpoint,
        point: row.point,
        auth: row.auth,
        created_at: timestamp(row.created_at)?,
    })
}
