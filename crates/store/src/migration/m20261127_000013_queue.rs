//! What operators are good at, and callers whom companies know.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, text, uuid};

/// The step of the queue.
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261127_000013_queue"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(callers()).await?;
        for sql in PLAIN {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }
}

/// Plain SQL that both databases take.
const PLAIN: [&str; 4] = [
    // JSON; of operators without it nothing was said.
    "ALTER TABLE users ADD COLUMN skills text",
    "CREATE UNIQUE INDEX callers_number ON callers (company_id, number)",
    "CREATE INDEX callers_company ON callers (company_id, changed_at, id)",
    "CREATE INDEX callers_mark ON callers (company_id, mark, changed_at, id)",
];

fn callers() -> TableCreateStatement {
    let mut id = uuid("id");
    id.primary_key();
    Table::create()
        .table("callers")
        .col(id)
        .col(uuid("company_id"))
        .col(text("number"))
        .col(text("name"))
        .col(text("note"))
        .col(text("mark"))
        .col(text("search_text"))
        .col(big_integer("changed_at"))
        .foreign_key(
            ForeignKey::create()
                .from("callers", "company_id")
                .to("companies", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}
