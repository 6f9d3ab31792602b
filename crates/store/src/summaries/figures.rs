//! What stands in a summary.

use jiff::Timestamp;
use model::id::CompanyId;
use model::message::MessageState;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::Summaries;
use crate::calls::figures::arrived;
use crate::calls::history::to_call_back;
use crate::column::{millis, name, narrow, timestamp};
use crate::entity::{call, message};
use crate::{Result, lookup};

/// Lost calls that are named one by one; of the others the number is told.
const LOST_NAMED: u64 = 10;

/// Calls and messages of some time; test calls and outgoing ones do not count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SummaryFigures {
    /// Calls that arrived.
    pub calls: u64,
    /// Of them answered by an operator.
    pub answered: u64,
    /// Of them lost.
    pub lost: u64,
    /// Of the lost ones those that nobody has called back yet.
    pub not_called_back: u64,
    /// The newest of those.
    pub newest: Vec<Lost>,
    /// Messages that were taken.
    pub messages: u64,
    /// Of them those that nobody has taken on yet.
    pub open: u64,
    /// Lines that had calls, by name.
    pub lines: Vec<LineFigures>,
}

/// A lost call that nobody has called back yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// When it arrived.
    pub at: Timestamp,
    /// The caller's number, as stored.
    pub number: Option<String>,
    /// Name of the line.
    pub line: String,
}

/// Calls of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineFigures {
    /// Its name.
    pub name: String,
    /// Calls that arrived.
    pub calls: u64,
    /// Of them answered by an operator.
    pub answered: u64,
    /// Of them lost.
    pub lost: u64,
}

impl SummaryFigures {
    /// Whether there is nothing to tell.
    pub fn is_empty(&self) -> bool {
        self.calls == 0 && self.messages == 0
    }
}

#[derive(FromQueryResult)]
struct Counted {
    line_id: Uuid,
    calls: i64,
    answered: i64,
    lost: i64,
}

impl Summaries<'_> {
    /// A company's calls and messages from then until then.
    pub async fn figures(
        &self,
        company: CompanyId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<SummaryFigures> {
        let reader = self.store.reader();
        lookup::company(reader, company).await?;
        let counted = arrived(company, from, to)
            .filter(Expr::cust("(result IS NULL OR result <> 'test_call')"))
            .select_only()
            .column(call::Column::LineId)
            .expr_as(Expr::cust("COUNT(*)"), "calls")
            .expr_as(Expr::cust("COUNT(answered_at)"), "answered")
            .expr_as(
                Expr::cust("COUNT(CASE WHEN result = 'lost' AND ended_at IS NOT NULL THEN 1 END)"),
                "lost",
            )
            .group_by(call::Column::LineId)
            .into_model::<Counted>()
            .all(reader)
            .await?;
        let lost = || arrived(company, from, to).filter(to_call_back());
        let newest = lost()
            .order_by_desc(call::Column::ArrivedAt)
            .limit(LOST_NAMED)
            .all(reader)
            .await?;
        let lines = counted.iter().map(|row| row.line_id);
        let lines = lookup::line_names(reader, lines).await?;
        let line = |id: &Uuid| lines.get(id).cloned().unwrap_or_default();
        let messages = || {
            message::Entity::find()
                .filter(message::Column::CompanyId.eq(company.0))
                .filter(message::Column::CreatedAt.gte(millis(from)))
                .filter(message::Column::CreatedAt.lt(millis(to)))
        };
        let open = Expr::col(message::Column::State).eq(name(MessageState::Open)?);
        let mut figures = SummaryFigures {
            not_called_back: lost().count(reader).await?,
            newest: newest
                .into_iter()
                .map(|row| {
                    Ok(Lost {
                        at: timestamp(row.arrived_at)?,
                        number: row.caller_number,
                        line: line(&row.line_id),
                    })
                })
                .collect::<Result<_>>()?,
            messages: messages().count(reader).await?,
            open: messages().filter(open).count(reader).await?,
            ..SummaryFigures::default()
        };
        for row in counted {
            let line = LineFigures {
                name: line(&row.line_id),
                calls: narrow(row.calls)?,
                answered: narrow(row.answered)?,
                lost: narrow(row.lost)?,
            };
            figures.calls += line.calls;
            figures.answered += line.answered;
            figures.lost += line.lost;
            figures.lines.push(line);
        }
        figures.lines.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(figures)
    }
}
