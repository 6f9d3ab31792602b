//! Summaries that have not left yet.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, text, uuid};

/// The queue of summaries.
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261126_000009_summaries"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(summary_letters()).await?;
        let due = "CREATE INDEX summary_letters_due ON summary_letters (next_at)";
        manager.get_connection().execute_unprepared(due).await?;
        Ok(())
    }
}

fn summary_letters() -> TableCreateStatement {
    let mut id = uuid("id");
    id.primary_key();
    Table::create()
        .table("summary_letters")
        .col(id)
        .col(uuid("user_id"))
        .col(text("period"))
        .col(big_integer("created_at"))
        .col(big_integer("attempts"))
        .col(big_integer("next_at"))
        .col(big_integer_null("leased_until"))
        .foreign_key(
            ForeignKey::create()
                .from("summary_letters", "user_id")
                .to("users", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}
