//! What lines have learnt of handing callers over through their PBXs.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, text, uuid};

/// Ways that failed.
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261126_000011_transfer"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("line_ways")
            .col(uuid("line_id"))
            .col(text("way"))
            .col(big_integer("failed_at"))
            .primary_key(Index::create().col("line_id").col("way"))
            .foreign_key(
                ForeignKey::create()
                    .from("line_ways", "line_id")
                    .to("lines", "id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .to_owned();
        manager.create_table(table).await
    }
}
