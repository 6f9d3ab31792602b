//! Counts of calls.

use jiff::Timestamp;
use model::call::CallResult;
use model::id::CompanyId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::{Calls, Figures};
use crate::column::{millis, name, narrow};
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

    /// Whether a call of the company has ended with one of these results.
    pub async fn any_with_result(
        &self,
        company: CompanyId,
        results: &[CallResult],
    ) -> Result<bool> {
        for result in results {
            let found = ended_with(company, *result)?
                .one(self.store.reader())
                .await?;
            if found.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The newest calls that ended with the result; one query a result, so that the index gives them.
pub(crate) fn ended_with(company: CompanyId, result: CallResult) -> Result<Select<Entity>> {
    Ok(Entity::find()
        .filter(Column::CompanyId.eq(company.0))
        .filter(Column::Result.eq(name(result)?))
        .filter(Column::EndedAt.is_not_null())
        .order_by_desc(Column::ArrivedAt))
}

pub(crate) fn arrived(company: CompanyId, from: Timestamp, to: Timestamp) -> Select<Entity> {
    Entity::find()
        .filter(Column::CompanyId.eq(company.0))
        .filter(Column::ArrivedAt.gte(millis(from)))
        .filter(Column::ArrivedAt.lt(millis(to)))
}
