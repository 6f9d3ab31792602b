//! A line; a deleted one stays for the name of its calls.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lines")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub company_id: Uuid,
    pub name: String,
    pub scenario: String,
    pub script: String,
    pub contact: String,
    pub connected: bool,
    pub deleted: bool,
    pub pbx_user: Option<String>,
    pub pbx_password: Option<Vec<u8>>,
    pub pbx_server: Option<String>,
    pub pbx_server_lower: Option<String>,
    pub pbx_proxy: Option<String>,
    pub pbx_auth_name: Option<String>,
    pub pbx_port: Option<i64>,
    pub pbx_transport: Option<String>,
    pub pbx_interval_s: Option<i64>,
    pub pbx_codecs: Option<String>,
    /// JSON; accounts that were saved before it was asked for have none.
    pub pbx_trust: Option<String>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
