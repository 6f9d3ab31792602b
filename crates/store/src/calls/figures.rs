//! Counts of calls.

use std::ops::AddAssign;

use jiff::Timestamp;
use model::call::CallResult;
use model::id::CompanyId;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::Calls;
use super::history::{came_in, to_call_back};
use crate::column::{millis, name, narrow, timestamp};
use crate::entity::call::{Column, Entity};
use crate::{Result, lookup};

/// An answer within this time is in good time, in milliseconds.
const GOOD_TIME_MS: i64 = 20_000;
/// The zones of the world differ from each other by quarters of an hour.
const QUARTER_HOUR_MS: i64 = 15 * 60 * 1000;
/// Calls to call back are counted as far as this.
const TO_CALL_BACK_MAX: u64 = 1000;

/// Figures of some time; test calls and outgoing ones do not count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Calls that arrived.
    pub calls: u64,
    /// Of them answered by an operator.
    pub answered: u64,
    /// Of them lost.
    pub lost: u64,
    /// Of the answered ones those that waited 20 s at most.
    pub in_good_time: u64,
    /// How long the answered ones waited altogether, in milliseconds.
    pub answer_ms: u64,
}

impl Figures {
    /// How long the answered ones waited on average, in milliseconds.
    pub fn answer_ms_average(&self) -> Option<u64> {
        self.answer_ms.checked_div(self.answered)
    }

    /// Share of the answered and lost calls that were answered within 20 s, from 0 to 1.
    pub fn service_level(&self) -> Option<f64> {
        let all = self.answered + self.lost;
        (all > 0).then(|| self.in_good_time as f64 / all as f64)
    }
}

impl AddAssign for Figures {
    fn add_assign(&mut self, other: Self) {
        self.calls += other.calls;
        self.answered += other.answered;
        self.lost += other.lost;
        self.in_good_time += other.in_good_time;
        self.answer_ms += other.answer_ms;
    }
}

/// The calls that arrived within a quarter of an hour, of UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuarterHour {
    /// Its beginning.
    pub at: Timestamp,
    /// Its figures.
    pub figures: Figures,
}

#[derive(FromQueryResult)]
struct Counted {
    quarter: i64,
    calls: i64,
    answered: i64,
    lost: i64,
    in_good_time: i64,
    answer_ms: i64,
}

impl Calls<'_> {
    /// Figures of the calls that arrived from then until then.
    pub async fn figures(
        &self,
        company: CompanyId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Figures> {
        let mut all = Figures::default();
        for quarter in self.figures_by_quarter_hour(company, from, to).await? {
            all += quarter.figures;
        }
        Ok(all)
    }

    /// The same by quarters of an hour, in order; those without calls are absent.
    pub async fn figures_by_quarter_hour(
        &self,
        company: CompanyId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<QuarterHour>> {
        let reader = self.store.reader();
        lookup::company(reader, company).await?;
        let rows = counted(company, from, to)
            .into_model::<Counted>()
            .all(reader)
            .await?;
        rows.into_iter()
            .map(|row| {
                Ok(QuarterHour {
                    at: timestamp(row.quarter * QUARTER_HOUR_MS)?,
                    figures: Figures {
                        calls: narrow(row.calls)?,
                        answered: narrow(row.answered)?,
                        lost: narrow(row.lost)?,
                        in_good_time: narrow(row.in_good_time)?,
                        answer_ms: narrow(row.answer_ms)?,
                    },
                })
            })
            .collect()
    }

    /// How many lost calls nobody has called back; counted to a thousand.
    pub async fn count_to_call_back(&self, company: CompanyId) -> Result<u64> {
        let rows: Vec<i64> = Entity::find()
            .filter(Column::CompanyId.eq(company.0))
            .filter(to_call_back())
            .select_only()
            .column(Column::ArrivedAt)
            .limit(TO_CALL_BACK_MAX)
            .into_tuple()
            .all(self.store.reader())
            .await?;
        Ok(rows.len() as u64)
    }

    /// Whether a call that came in to the company has ended with one of these results.
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

/// The newest calls that came in and ended with the result; one query a result, so that the
/// index gives them.
pub(crate) fn ended_with(company: CompanyId, result: CallResult) -> Result<Select<Entity>> {
    Ok(Entity::find()
        .filter(Column::CompanyId.eq(company.0))
        .filter(Column::Result.eq(name(result)?))
        .filter(Column::EndedAt.is_not_null())
        .filter(came_in())
        .order_by_desc(Column::ArrivedAt))
}

/// The index `calls_figures` holds every column that is read here.
pub(crate) fn counted(company: CompanyId, from: Timestamp, to: Timestamp) -> Select<Entity> {
    let quarter = format!("(arrived_at / {QUARTER_HOUR_MS})");
    let count = |of: &str| Expr::cust(format!("COUNT(CASE WHEN {of} THEN 1 END)"));
    arrived(company, from, to)
        .filter(Expr::cust("(result IS NULL OR result <> 'test_call')"))
        .select_only()
        .expr_as(Expr::cust(quarter.clone()), "quarter")
        .expr_as(Expr::cust("COUNT(*)"), "calls")
        .expr_as(Expr::cust("COUNT(answered_at)"), "answered")
        .expr_as(count("result = 'lost' AND ended_at IS NOT NULL"), "lost")
        .expr_as(
            count(&format!("answered_at - arrived_at <= {GOOD_TIME_MS}")),
            "in_good_time",
        )
        .expr_as(
            Expr::cust("CAST(COALESCE(SUM(answered_at - arrived_at), 0) AS BIGINT)"),
            "answer_ms",
        )
        .group_by(Expr::cust(quarter.clone()))
        .order_by_asc(Expr::cust(quarter))
}

/// The calls that came in from then until then.
pub(crate) fn arrived(company: CompanyId, from: Timestamp, to: Timestamp) -> Select<Entity> {
    Entity::find()
        .filter(Column::CompanyId.eq(company.0))
        .filter(Column::ArrivedAt.gte(millis(from)))
        .filter(Column::ArrivedAt.lt(millis(to)))
        .filter(came_in())
}
