//! What lines have learnt of handing callers over: for the switchboard, not scoped.

use jiff::Timestamp;
use model::id::LineId;
use model::transfer::TransferWay;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use crate::Result;
use crate::column::{from_name, millis, name, timestamp};
use crate::entity::line_way::{Column, Entity, Model};
use crate::lines::Lines;

impl Lines<'_> {
    /// The ways that failed on a line, and when they did last.
    pub async fn failed_ways(&self, line: LineId) -> Result<Vec<(TransferWay, Timestamp)>> {
        let rows = Entity::find()
            .filter(Column::LineId.eq(line.0))
            .all(self.store.reader())
            .await?;
        rows.iter()
            .map(|row| Ok((from_name(&row.way)?, timestamp(row.failed_at)?)))
            .collect()
    }

    /// A way worked, or failed at this moment. A line that is gone has nothing to learn.
    pub async fn learn_way(
        &self,
        line: LineId,
        way: TransferWay,
        works: bool,
        at: Timestamp,
    ) -> Result<()> {
        let txn = self.store.begin().await?;
        let row = Model {
            line_id: line.0,
            way: name(way)?,
            failed_at: millis(at),
        };
        if works {
            Entity::delete_by_id((row.line_id, row.way))
                .exec(&txn)
                .await?;
        } else if crate::entity::line::Entity::find_by_id(line.0)
            .one(&txn)
            .await?
            .is_some()
        {
            let known = OnConflict::columns([Column::LineId, Column::Way])
                .update_column(Column::FailedAt)
                .to_owned();
            Entity::insert(row.into_active_model())
                .on_conflict(known)
                .exec_without_returning(&txn)
                .await?;
        }
        txn.commit().await?;
        Ok(())
    }
}
