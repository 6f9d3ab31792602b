//! «График дежурств» of the departments.

use model::id::{CompanyId, DepartmentId};
use model::notice::Rota;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
};

use super::{Notice, policies};
use crate::column::{from_json, json, narrow};
use crate::entity::rota::{Column, Entity, Model};
use crate::{Conflict, Result, StoreError, Versioned, companies, employees, lookup};

impl Notice<'_> {
    /// A department's rota; empty, of version 0, where none was ever written.
    pub async fn rota(
        &self,
        company: CompanyId,
        department: DepartmentId,
    ) -> Result<Versioned<Rota>> {
        let reader = self.store.reader();
        policies::known(reader, company, Some(department)).await?;
        let row = Entity::find_by_id(department.0).one(reader).await?;
        match row {
            None => Ok(Versioned {
                version: 0,
                value: Rota::default(),
            }),
            Some(row) => Ok(Versioned {
                version: narrow(row.version)?,
                value: from_json(&row.rota)?,
            }),
        }
    }

    /// Replaces it; stale where the version is not the stored one. A shift of
    /// somebody whom the company does not have is [`Conflict::UnknownEmployee`]
    /// with the shift's place.
    pub async fn write_rota(
        &self,
        company: CompanyId,
        department: DepartmentId,
        rota: &Rota,
        version: u64,
    ) -> Result<Versioned<Rota>> {
        let txn = self.store.begin().await?;
        lookup::lock_company(&txn, company).await?;
        policies::known(&txn, company, Some(department)).await?;
        let employees = employees::rows(&txn, company).await?;
        let stranger = rota
            .shifts
            .iter()
            .position(|shift| employees.iter().all(|row| row.id != shift.employee.0));
        if let Some(row) = stranger {
            return Err(StoreError::conflict(Conflict::UnknownEmployee { row }));
        }
        let old = Entity::find_by_id(department.0).one(&txn).await?;
        if old.as_ref().map_or(0, |row| row.version) != companies::stored(version) {
            return Err(StoreError::Stale);
        }
        let new = Model {
            department_id: department.0,
            company_id: company.0,
            rota: json(rota)?,
            version: companies::stored(version + 1),
        };
        match old {
            None => {
                Entity::insert(new.into_active_model())
                    .exec_without_returning(&txn)
                    .await?;
            }
            Some(_) => {
                Entity::update(new.into_active_model().reset_all())
                    .exec_without_returning(&txn)
                    .await?;
            }
        }
        txn.commit().await?;
        Ok(Versioned {
            version: version + 1,
            value: rota.clone(),
        })
    }
}

/// The rotas of all departments that have one.
pub(crate) async fn all<C: ConnectionTrait>(
    db: &C,
    company: CompanyId,
) -> Result<Vec<(DepartmentId, Rota)>> {
    let rows = Entity::find()
        .filter(Column::CompanyId.eq(company.0))
        .all(db)
        .await?;
    rows.iter()
        .map(|row| Ok((DepartmentId(row.department_id), from_json(&row.rota)?)))
        .collect()
}
