//! «Табло»: the day's figures of all companies, and what supervisors have set.

use jiff::Timestamp;
use model::id::CompanyId;
use model::shift::Thresholds;
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, IntoActiveModel};

use crate::column::{from_json, json};
use crate::entity::board_setting::{Column, Entity, Model};
use crate::{Figures, Result, Store};

/// The one row: all boards alarm alike.
const ROW: i64 = 1;

/// A company's figures of some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompanyFigures {
    /// Which company.
    pub company: CompanyId,
    /// Name as operators say it.
    pub name: String,
    /// Its figures.
    pub figures: Figures,
}

/// Boards.
#[derive(Clone, Copy)]
pub struct Boards<'a> {
    pub(crate) store: &'a Store,
}

impl Boards<'_> {
    /// When boards alarm. For supervisors, who watch all companies: not scoped.
    pub async fn thresholds(&self) -> Result<Thresholds> {
        let row = Entity::find_by_id(ROW).one(self.store.reader()).await?;
        row.map_or(Ok(Thresholds::default()), |row| from_json(&row.thresholds))
    }

    /// Changes when boards alarm. Not scoped.
    pub async fn set_thresholds(&self, new: &Thresholds) -> Result<()> {
        let row = Model {
            id: ROW,
            thresholds: json(new)?,
        };
        let newest = OnConflict::column(Column::Id)
            .update_column(Column::Thresholds)
            .to_owned();
        Entity::insert(row.into_active_model())
            .on_conflict(newest)
            .exec_without_returning(self.store.writer())
            .await?;
        Ok(())
    }

    /// The figures of every company that was called from then until then, by
    /// name. One query a company: each reads its part of the index alone. Not scoped.
    pub async fn figures(&self, from: Timestamp, to: Timestamp) -> Result<Vec<CompanyFigures>> {
        let mut all = Vec::new();
        for company in self.store.companies().list().await? {
            let figures = self.store.calls().figures(company.id, from, to).await?;
            if figures.calls > 0 {
                all.push(CompanyFigures {
                    company: company.id,
                    name: company.name,
                    figures,
                });
            }
        }
        all.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(all)
    }
}
