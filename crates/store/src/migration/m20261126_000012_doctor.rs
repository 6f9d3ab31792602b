//! Reports of the doctor of connections.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, text, uuid};

/// The last report of each line.
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261126_000012_doctor"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(line_reports()).await
    }
}

fn line_reports() -> TableCreateStatement {
    let mut line = uuid("line_id");
    line.primary_key();
    Table::create()
        .table("line_reports")
        .col(line)
        .col(big_integer("at"))
        .col(text("report"))
        .foreign_key(
            ForeignKey::create()
                .from("line_reports", "line_id")
                .to("lines", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}
