//! A message. `search_text` holds its terms.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "messages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub company_id: Uuid,
    pub call_id: Uuid,
    pub recipient: String,
    pub recipient_name: String,
    pub caller_name: String,
    pub caller_phone: String,
    pub text: String,
    pub author_id: Option<Uuid>,
    pub created_at: i64,
    pub search_text: String,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
