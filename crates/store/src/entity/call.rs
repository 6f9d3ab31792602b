//! A call. `search_text` holds its terms and those of its messages.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "calls")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub company_id: Uuid,
    pub line_id: Uuid,
    pub outgoing: bool,
    pub caller_number: Option<String>,
    pub caller_name: Option<String>,
    pub arrived_at: i64,
    pub answered_at: Option<i64>,
    pub ended_at: Option<i64>,
    pub ending: Option<String>,
    pub result: Option<String>,
    pub result_chosen: bool,
    pub operator_id: Option<Uuid>,
    pub recording: String,
    pub recording_ms: i64,
    pub called_back: bool,
    pub search_text: String,
    pub called_back_at: Option<i64>,
    pub called_back_by: Option<Uuid>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
