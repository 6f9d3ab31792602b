//! A call that operators owe.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "call_tasks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub company_id: Uuid,
    pub message_id: Uuid,
    pub employee_id: Uuid,
    pub employee_name: String,
    pub due_at: i64,
    pub attempts: i64,
    pub state: String,
    pub taken_by: Option<Uuid>,
    pub taken_until: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
