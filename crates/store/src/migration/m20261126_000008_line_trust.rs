//! Whose certificate a line takes, where it connects by TLS.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::text_null;

/// The lines' trust.
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261126_000008_line_trust"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let trust = text_null("pbx_trust");
        let alter = Table::alter().table("lines").add_column(trust).take();
        manager.alter_table(alter).await
    }
}
