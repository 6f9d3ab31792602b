//! Counts of calls.

use std::collections::HashMap;

use jiff::Timestamp;
use model::id::{CompanyId, LineId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Select};
use uuid::Uuid;

use super::{Calls, Figures};
use crate::column::{millis, narrow};
use crate::entity::call::{Column, Entity};
use crate::{Result, lookup};

impl Calls<'_> {
    /// Figures of the calls that arrived from then until then.
    pub async fn figures(
        &self,
        company: CompanyId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Figures> {
        let reader = self.store.reader();
        lookup::company(reader, company).await?;
        let row: Option<(i64, i64, i64, Option<i64>)> = arrived(company, from, to)
            .filter(Expr::cust("(result IS NULL OR result <> 'test_call')"))
            .select_only()
            .expr_as(Expr::cust("COUNT(*)"), "calls")
            .expr_as(Expr::cust("COUNT(answered_at)"), "answered")
            .expr_as(
                Expr::cust("COUNT(CASE WHEN result = 'lost' AND ended_at IS NOT NULL THEN 1 END)"),
                "lost",
            )
            .expr_as(
                Expr::cust("CAST(AVG(answered_at - arrived_at) AS BIGINT)"),
                "answer_ms",
            )
            .into_tuple()
            .one(reader)
            .await?;
        let (calls, answered, lost, answer_ms) = row.unwrap_or_default();
        Ok(Figures {
            calls: narrow(calls)?,
            answered: narrow(answered)?,
            lost: narrow(lost)?,
            answer_ms_average: answer_ms.map(narrow).transpose()?,
        })
    }

    /// How many calls arrived on each line from then until then; lines without any are absent.
    pub async fn count_by_line(
        &self,
        company: CompanyId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<HashMap<LineId, u64>> {
        let reader = self.store.reader();
        lookup::company(reader, company).await?;
        let rows: Vec<(Uuid, i64)> = arrived(company, from, to)
            .select_only()
            .column(Column::LineId)
            .expr_as(Expr::cust("COUNT(*)"), "calls")
            .group_by(Column::LineId)
            .into_tuple()
            .all(reader)
            .await?;
        rows.into_iter()
            .map(|(line, calls)| Ok((LineId(line), narrow(calls)?)))
            .collect()
    }
}

pub(crate) fn arrived(company: CompanyId, from: Timestamp, to: Timestamp) -> Select<Entity> {
    Entity::find()
        .filter(Column::CompanyId.eq(company.0))
        .filter(Column::ArrivedAt.gte(millis(from)))
        .filter(Column::ArrivedAt.lt(millis(to)))
}
