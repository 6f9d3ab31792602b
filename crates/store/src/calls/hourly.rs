//! Calls of each line by the hour.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use model::id::{CompanyId, LineId};
use sea_orm::sea_query::Expr;
use sea_orm::{QuerySelect, Select};
use uuid::Uuid;

use super::Calls;
use super::figures::arrived;
use crate::column::{millis, narrow};
use crate::entity::call::{Column, Entity};
use crate::{Result, lookup};

/// Calls that arrived in each whole hour since the beginning, counted from 0;
/// hours without any are absent.
pub type Hourly = BTreeMap<u32, u32>;

impl Calls<'_> {
    /// How many calls arrived on each line in each hour from then until then;
    /// lines without any are absent.
    pub async fn count_by_line_and_hour(
        &self,
        company: CompanyId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<HashMap<LineId, Hourly>> {
        let reader = self.store.reader();
        lookup::company(reader, company).await?;
        let rows: Vec<(Uuid, i64, i64)> =
            counted(company, from, to).into_tuple().all(reader).await?;
        let mut lines: HashMap<LineId, Hourly> = HashMap::new();
        for (line, hour, calls) in rows {
            let hours = lines.entry(LineId(line)).or_default();
            hours.insert(narrow(hour)?, narrow(calls)?);
        }
        Ok(lines)
    }
}

/// Calls of each line and hour, of which `from` begins the first.
pub(crate) fn counted(company: CompanyId, from: Timestamp, to: Timestamp) -> Select<Entity> {
    let hour = format!("(arrived_at - {}) / 3600000", millis(from));
    arrived(company, from, to)
        .select_only()
        .column(Column::LineId)
        .expr_as(Expr::cust(hour.clone()), "hour")
        .expr_as(Expr::cust("COUNT(*)"), "calls")
        .group_by(Column::LineId)
        .group_by(Expr::cust(hour))
}
