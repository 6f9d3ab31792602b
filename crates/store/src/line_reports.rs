//! What the doctor of connections found at the lines, the last time.

use jiff::Timestamp;
use model::doctor::Report;
use model::id::{CompanyId, LineId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, IntoActiveModel};

use crate::column::{from_json, json, millis, timestamp};
use crate::entity::line_report::{Column, Entity, Model};
use crate::{Result, Store, lines};

/// A stored report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineReport {
    /// When the examination began.
    pub at: Timestamp,
    /// What was found.
    pub report: Report,
}

/// The doctor's reports, one of each line.
#[derive(Clone, Copy)]
pub struct LineReports<'a> {
    pub(crate) store: &'a Store,
}

impl LineReports<'_> {
    /// Stores a report in place of the one before.
    pub async fn put(
        &self,
        company: CompanyId,
        line: LineId,
        at: Timestamp,
        report: &Report,
    ) -> Result<()> {
        let txn = self.store.begin().await?;
        lines::row(&txn, company, line).await?;
        let row = Model {
            line_id: line.0,
            at: millis(at),
            report: json(report)?,
        };
        let newest = OnConflict::column(Column::LineId)
            .update_columns([Column::At, Column::Report])
            .to_owned();
        Entity::insert(row.into_active_model())
            .on_conflict(newest)
            .exec_without_returning(&txn)
            .await?;
        txn.commit().await?;
        Ok(())
    }

    /// The last report; none before the first one.
    pub async fn get(&self, company: CompanyId, line: LineId) -> Result<Option<LineReport>> {
        let reader = self.store.reader();
        lines::row(reader, company, line).await?;
        let row = Entity::find_by_id(line.0).one(reader).await?;
        row.map(|row| {
            Ok(LineReport {
                at: timestamp(row.at)?,
                report: from_json(&row.report)?,
            })
        })
        .transpose()
    }
}
