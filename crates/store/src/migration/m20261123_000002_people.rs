//! Employees sign in and see what is theirs; passwords are chosen by letter.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, text, uuid};

/// The second step.
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_000002_people"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(password_tokens()).await?;
        manager.create_table(account_letters()).await?;
        for step in STEPS {
            manager.get_connection().execute_unprepared(step).await?;
        }
        Ok(())
    }
}

/// Plain SQL that both databases take.
const STEPS: [&str; 7] = [
    "ALTER TABLE users ADD COLUMN invited BOOLEAN NOT NULL DEFAULT FALSE",
    "ALTER TABLE sessions ADD COLUMN agent TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX users_company ON users (company_id)",
    "CREATE INDEX password_tokens_user ON password_tokens (user_id)",
    "CREATE INDEX account_letters_due ON account_letters (next_at)",
    "CREATE INDEX deliveries_failed ON deliveries (changed_at) WHERE state = 'failed'",
    "CREATE INDEX messages_recipient ON messages (company_id, recipient, created_at, id)",
];

/// Of a token only the hash is stored, as with sessions.
fn password_tokens() -> TableCreateStatement {
    let mut token_hash = ColumnDef::new("token_hash");
    token_hash.binary().not_null().primary_key();
    Table::create()
        .table("password_tokens")
        .col(token_hash)
        .col(uuid("user_id"))
        .col(big_integer("expires_at"))
        .foreign_key(&mut user("password_tokens"))
        .to_owned()
}

/// Letters to people about their sign-in that have not left yet.
fn account_letters() -> TableCreateStatement {
    let mut id = uuid("id");
    id.primary_key();
    Table::create()
        .table("account_letters")
        .col(id)
        .col(uuid("user_id"))
        .col(text("kind"))
        .col(big_integer("created_at"))
        .col(big_integer("attempts"))
        .col(big_integer("next_at"))
        .col(big_integer_null("leased_until"))
        .foreign_key(&mut user("account_letters"))
        .to_owned()
}

fn user(table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(table, "user_id")
        .to("users", "id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}
