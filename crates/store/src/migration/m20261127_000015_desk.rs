//! What companies give their operators to ask and to write.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::text;

/// Answers of messages, texts of companies: lists in JSON.
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261127_000015_desk"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [("messages", "answers"), ("companies", "texts")] {
            let list = text(column).default("[]").take();
            let alter = Table::alter().table(table).add_column(list).take();
            manager.alter_table(alter).await?;
        }
        Ok(())
    }
}
