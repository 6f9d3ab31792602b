//! Somebody who can sign in.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub company_id: Option<Uuid>,
    pub login: String,
    pub name: String,
    pub roles: String,
    pub password_hash: String,
    pub must_change_password: bool,
    pub language: String,
    pub invited: bool,
    pub summary: Option<String>,
    pub summary_sent_for: Option<String>,
    /// JSON; of whom nothing was said there is none.
    pub skills: Option<String>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
