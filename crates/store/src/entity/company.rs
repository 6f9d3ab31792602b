//! A company, its working hours, and the versions of its settings.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "companies")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub legal_name: String,
    pub about: String,
    pub address: String,
    pub site: String,
    pub phone: String,
    pub email: String,
    pub not_to_say: String,
    /// JSON.
    pub texts: String,
    pub language: String,
    pub retention_days: i64,
    pub version: i64,
    pub hours: String,
    pub hours_version: i64,
    pub departments_version: i64,
    pub employees_version: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
