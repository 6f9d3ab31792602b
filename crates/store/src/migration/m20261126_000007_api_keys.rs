//! Keys of the companies' programs, and what was answered to them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, binary, binary_null, text, text_null, uuid, uuid_null,
};

/// The step of the public API.
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261126_000007_api_keys"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(api_keys()).await?;
        manager.create_table(idempotent_answers()).await?;
        for index in INDICES {
            manager.get_connection().execute_unprepared(index).await?;
        }
        Ok(())
    }
}

/// Plain SQL that both databases take.
const INDICES: [&str; 4] = [
    "CREATE UNIQUE INDEX api_keys_secret ON api_keys (secret_hash)",
    "CREATE INDEX api_keys_company ON api_keys (company_id, created_at)",
    "CREATE INDEX idempotent_answers_company ON idempotent_answers (company_id, began_at)",
    // Programs ask for what has ended since they asked last.
    "CREATE INDEX calls_ended ON calls (company_id, ended_at)",
];

/// Of a secret only the hash is stored, as with sessions.
fn api_keys() -> TableCreateStatement {
    let mut id = uuid("id");
    id.primary_key();
    Table::create()
        .table("api_keys")
        .col(id)
        .col(uuid("company_id"))
        .col(uuid_null("made_by"))
        .col(text("name"))
        .col(text("prefix"))
        .col(binary("secret_hash"))
        .col(text("scopes"))
        .col(big_integer("created_at"))
        .col(big_integer_null("used_at"))
        .col(big_integer_null("revoked_at"))
        .foreign_key(&mut owned("api_keys", "company_id", "companies"))
        .foreign_key(
            ForeignKey::create()
                .from("api_keys", "made_by")
                .to("users", "id")
                .on_delete(ForeignKeyAction::SetNull),
        )
        .to_owned()
}

/// A row without a status is of a request that still runs, or that a crash has cut off.
fn idempotent_answers() -> TableCreateStatement {
    Table::create()
        .table("idempotent_answers")
        .col(uuid("api_key_id"))
        .col(text("name"))
        .col(uuid("company_id"))
        .col(binary("request_hash"))
        .col(big_integer("began_at"))
        .col(big_integer_null("status"))
        .col(text_null("content_type"))
        .col(binary_null("body"))
        .primary_key(Index::create().col("api_key_id").col("name"))
        .foreign_key(&mut owned("idempotent_answers", "api_key_id", "api_keys"))
        .to_owned()
}

fn owned(from: &'static str, column: &'static str, to: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(from, column)
        .to(to, "id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}
