//! What the platform sees of all companies and deliveries; none of it is scoped.

use std::collections::HashMap;

use jiff::Timestamp;
use model::id::CompanyId;
use model::user::{Role, User};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::calls::history::came_in;
use crate::column::{folded, millis, narrow};
use crate::entity::{call, company, delivery, line, user};
use crate::page::page;
use crate::{Companies, Deliveries, Page, PageRequest, Result, users};

/// A company, as the platform sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompanyOverview {
    /// Id.
    pub id: CompanyId,
    /// Name as operators say it.
    pub name: String,
    /// When it was created, where its id tells.
    pub created_at: Option<Timestamp>,
    /// Its administrators by name.
    pub admins: Vec<User>,
    /// Lines.
    pub lines: u32,
    /// Of them connected to the call centre.
    pub connected: u32,
    /// Calls that came in since the asked time.
    pub calls: u64,
}

/// Deliveries in figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeliveryFigures {
    /// Wait for their attempt.
    pub waiting: u64,
    /// Of them those whose last attempt failed.
    pub retried: u64,
    /// Given up since the asked time.
    pub failed: u64,
}

#[derive(FromQueryResult)]
struct LinesOf {
    company_id: Uuid,
    lines: i64,
    connected: i64,
}

impl Companies<'_> {
    /// Companies whose name has the words in it, the newest first.
    pub async fn overview(
        &self,
        search: Option<&str>,
        calls_since: Timestamp,
        request: PageRequest,
    ) -> Result<Page<CompanyOverview>> {
        let words = search.map(folded).unwrap_or_default();
        let mut query = company::Entity::find()
            .select_only()
            .columns([company::Column::Id, company::Column::Name])
            .order_by_desc(company::Column::Id);
        if let Some(after) = request.after {
            query = query.filter(company::Column::Id.lt(after.id));
        }
        if words.is_empty() {
            query = query.limit(request.limit() + 1);
        }
        let rows: Vec<(Uuid, String)> = query.into_tuple().all(self.store.reader()).await?;
        // Folded here, for databases fold letters each in their own way.
        let found = rows
            .into_iter()
            .filter(|(_, name)| folded(name).contains(&words));
        let (rows, next) = page(found.collect(), request, |(id, _): &(Uuid, String)| {
            (0, *id)
        });
        let ids: Vec<Uuid> = rows.iter().map(|(id, _)| *id).collect();
        let mut admins = self.admins(&ids).await?;
        let lines = self.lines(&ids).await?;
        let calls = self.calls(&ids, calls_since).await?;
        let items = rows.into_iter().map(|(id, name)| {
            let (lines, connected) = lines.get(&id).copied().unwrap_or_default();
            CompanyOverview {
                id: CompanyId(id),
                name,
                created_at: created_at(id),
                admins: admins.remove(&id).unwrap_or_default(),
                lines,
                connected,
                calls: calls.get(&id).copied().unwrap_or_default(),
            }
        });
        Ok(Page {
            items: items.collect(),
            next,
        })
    }

    async fn admins(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<User>>> {
        let rows = users::with_role(Role::CompanyAdmin)?
            .filter(user::Column::CompanyId.is_in(ids.iter().copied()))
            .order_by_asc(user::Column::Name)
            .all(self.store.reader())
            .await?;
        let mut admins: HashMap<Uuid, Vec<User>> = HashMap::new();
        for row in &rows {
            if let Some(company) = row.company_id {
                admins.entry(company).or_default().push(users::user(row)?);
            }
        }
        Ok(admins)
    }

    async fn lines(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, (u32, u32)>> {
        let rows = line::Entity::find()
            .select_only()
            .column(line::Column::CompanyId)
            .expr_as(Expr::cust("COUNT(*)"), "lines")
            .expr_as(
                Expr::cust("COUNT(CASE WHEN connected THEN 1 END)"),
                "connected",
            )
            .filter(line::Column::CompanyId.is_in(ids.iter().copied()))
            .filter(line::Column::Deleted.eq(false))
            .group_by(line::Column::CompanyId)
            .into_model::<LinesOf>()
            .all(self.store.reader())
            .await?;
        rows.into_iter()
            .map(|row| Ok((row.company_id, (narrow(row.lines)?, narrow(row.connected)?))))
            .collect()
    }

    async fn calls(&self, ids: &[Uuid], since: Timestamp) -> Result<HashMap<Uuid, u64>> {
        let rows: Vec<(Uuid, i64)> = call::Entity::find()
            .select_only()
            .column(call::Column::CompanyId)
            .expr_as(Expr::cust("COUNT(*)"), "calls")
            .filter(call::Column::CompanyId.is_in(ids.iter().copied()))
            .filter(call::Column::ArrivedAt.gte(millis(since)))
            .filter(came_in())
            .group_by(call::Column::CompanyId)
            .into_tuple()
            .all(self.store.reader())
            .await?;
        rows.into_iter()
            .map(|(id, calls)| Ok((id, narrow(calls)?)))
            .collect()
    }
}

impl Deliveries<'_> {
    /// Deliveries in figures, of all companies.
    pub async fn figures(&self, failed_since: Timestamp) -> Result<DeliveryFigures> {
        let reader = self.store.reader();
        let queued = || {
            // Written out, for the index that holds only these knows it by this text.
            delivery::Entity::find().filter(Expr::cust("state = 'queued'"))
        };
        let failed = delivery::Entity::find()
            .filter(Expr::cust("state = 'failed'"))
            .filter(delivery::Column::ChangedAt.gte(millis(failed_since)));
        Ok(DeliveryFigures {
            waiting: queued().count(reader).await?,
            retried: queued()
                .filter(delivery::Column::Error.is_not_null())
                .count(reader)
                .await?,
            failed: failed.count(reader).await?,
        })
    }
}

/// Ids of version 7 begin with the time at which they were made.
fn created_at(id: Uuid) -> Option<Timestamp> {
    let (seconds, nanos) = id.get_timestamp()?.to_unix();
    Timestamp::new(i64::try_from(seconds).ok()?, i32::try_from(nanos).ok()?).ok()
}
