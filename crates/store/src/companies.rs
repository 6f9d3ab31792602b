//! Companies and their working hours.

use model::company::Company;
use model::hours::WorkingHours;
use model::id::CompanyId;
use model::user::User;

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};

use crate::column::{from_json, from_name, json, name, narrow};
use crate::entity::company::{Column, Entity, Model};
use crate::{ChangeKind, NewUser, Result, Store, StoreError, lookup, users};

/// A value with the version that a change of it has to name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versioned<T> {
    /// Grows with each change.
    pub version: u64,
    /// The value.
    pub value: T,
}

/// Companies and their working hours.
#[derive(Clone, Copy)]
pub struct Companies<'a> {
    pub(crate) store: &'a Store,
}

impl Companies<'_> {
    /// Stores a new company, with the default working hours.
    pub async fn create(&self, company: &Company) -> Result<()> {
        insert(self.store.writer(), company).await
    }

    /// Stores a new company with its administrator: both, or none where the
    /// login is taken.
    pub async fn create_with_admin(&self, company: &Company, admin: &NewUser) -> Result<User> {
        let row = users::row(admin).await?;
        let txn = self.store.begin().await?;
        insert(&txn, company).await?;
        let admin = users::insert(&txn, row).await?;
        txn.commit().await?;
        Ok(admin)
    }

    /// Every company by name: the platform's own list, not scoped.
    pub async fn list(&self) -> Result<Vec<Company>> {
        Entity::find()
            .order_by_asc(Column::Name)
            .order_by_asc(Column::Id)
            .all(self.store.reader())
            .await?
            .iter()
            .map(company)
            .collect()
    }

    /// The company.
    pub async fn get(&self, id: CompanyId) -> Result<Versioned<Company>> {
        let row = lookup::company(self.store.reader(), id).await?;
        Ok(Versioned {
            version: narrow(row.version)?,
            value: company(&row)?,
        })
    }

    /// Replaces what is known of the company; stale where the version is not the stored one.
    pub async fn update(&self, company: &Company, version: u64) -> Result<Versioned<Company>> {
        let updated = Entity::update_many()
            .col_expr(Column::Name, Expr::value(company.name.as_str()))
            .col_expr(Column::LegalName, Expr::value(company.legal_name.as_str()))
            .col_expr(Column::About, Expr::value(company.about.as_str()))
            .col_expr(Column::Address, Expr::value(company.address.as_str()))
            .col_expr(Column::Site, Expr::value(company.site.as_str()))
            .col_expr(Column::Phone, Expr::value(company.phone.as_str()))
            .col_expr(Column::Email, Expr::value(company.email.as_str()))
            .col_expr(Column::NotToSay, Expr::value(company.not_to_say.as_str()))
            .col_expr(Column::Texts, Expr::value(json(&company.texts)?))
            .col_expr(Column::Language, Expr::value(name(company.language)?))
            .col_expr(
                Column::RetentionDays,
                Expr::value(i64::from(company.retention_days)),
            )
            .col_expr(Column::Version, next(Column::Version))
            .filter(Column::Id.eq(company.id.0))
            .filter(Column::Version.eq(stored(version)))
            .exec(self.store.writer())
            .await?;
        self.changed(company.id, updated.rows_affected).await?;
        self.store.tell(company.id, ChangeKind::Hours);
        Ok(Versioned {
            version: version + 1,
            value: company.clone(),
        })
    }

    /// Working hours.
    pub async fn hours(&self, company: CompanyId) -> Result<Versioned<WorkingHours>> {
        let row = lookup::company(self.store.reader(), company).await?;
        Ok(Versioned {
            version: narrow(row.hours_version)?,
            value: from_json(&row.hours)?,
        })
    }

    /// Replaces the working hours; stale where the version is not the stored one.
    pub async fn put_hours(
        &self,
        company: CompanyId,
        hours: &WorkingHours,
        version: u64,
    ) -> Result<Versioned<WorkingHours>> {
        let updated = Entity::update_many()
            .col_expr(Column::Hours, Expr::value(json(hours)?))
            .col_expr(Column::HoursVersion, next(Column::HoursVersion))
            .filter(Column::Id.eq(company.0))
            .filter(Column::HoursVersion.eq(stored(version)))
            .exec(self.store.writer())
            .await?;
        self.changed(company, updated.rows_affected).await?;
        self.store.tell(company, ChangeKind::Hours);
        Ok(Versioned {
            version: version + 1,
            value: hours.clone(),
        })
    }

    /// An update that met no row was stale, or there is no such company.
    async fn changed(&self, company: CompanyId, rows: u64) -> Result<()> {
        if rows == 0 {
            lookup::company(self.store.reader(), company).await?;
            return Err(StoreError::Stale);
        }
        Ok(())
    }
}

/// A version as the column holds it; one that does not fit was never given out.
pub(crate) fn stored(version: u64) -> i64 {
    i64::try_from(version).unwrap_or(-1)
}

pub(crate) fn next(column: Column) -> Expr {
    Expr::col(column).add(1)
}

async fn insert<C: ConnectionTrait>(db: &C, company: &Company) -> Result<()> {
    let row = Model {
        id: company.id.0,
        name: company.name.clone(),
        legal_name: company.legal_name.clone(),
        about: company.about.clone(),
        address: company.address.clone(),
        site: company.site.clone(),
        phone: company.phone.clone(),
        email: company.email.clone(),
        not_to_say: company.not_to_say.clone(),
        texts: json(&company.texts)?,
        language: name(company.language)?,
        retention_days: i64::from(company.retention_days),
        version: 1,
        hours: json(&WorkingHours::default())?,
        hours_version: 1,
        departments_version: 1,
        employees_version: 1,
    };
    Entity::insert(row.into_active_model())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

fn company(row: &Model) -> Result<Company> {
    Ok(Company {
        id: CompanyId(row.id),
        name: row.name.clone(),
        legal_name: row.legal_name.clone(),
        about: row.about.clone(),
        address: row.address.clone(),
        site: row.site.clone(),
        phone: row.phone.clone(),
        email: row.email.clone(),
        not_to_say: row.not_to_say.clone(),
        texts: from_json(&row.texts)?,
        language: from_name(&row.language)?,
        retention_days: narrow(row.retention_days)?,
    })
}
