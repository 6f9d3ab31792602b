//! A message. `search_text` holds its terms, `progress` how far its notices
//! have come in the present run.

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
    /// JSON.
    pub answers: String,
    pub author_id: Option<Uuid>,
    pub created_at: i64,
    pub search_text: String,
    pub urgent: bool,
    pub state: String,
    pub accepted_by: Option<Uuid>,
    pub accepted_by_name: Option<String>,
    pub accepted_at: Option<i64>,
    pub closed_by: Option<Uuid>,
    pub closed_by_name: Option<String>,
    pub closed_at: Option<i64>,
    pub assignee_id: Option<Uuid>,
    pub assignee_name: Option<String>,
    pub progress: Option<String>,
    pub next_step_at: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
