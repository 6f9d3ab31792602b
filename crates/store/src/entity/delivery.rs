//! One way of a message to an addressee.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "deliveries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub message_id: Uuid,
    pub company_id: Uuid,
    pub employee_id: Option<Uuid>,
    pub employee_name: Option<String>,
    pub webhook_id: Option<Uuid>,
    pub channel: String,
    pub address: String,
    pub state: String,
    pub attempts: i64,
    pub next_at: Option<i64>,
    pub leased_until: Option<i64>,
    pub error: Option<String>,
    pub changed_at: i64,
    pub held_until: Option<i64>,
    pub tried_from: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
