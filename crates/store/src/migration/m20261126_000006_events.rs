//! Events in their order with their receivers, browsers that take
//! notifications, and secrets of the server's own.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, binary, binary_null, boolean, text, text_null, uuid,
};

/// Events, webhooks, push.
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261126_000006_events"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            secrets(),
            push_subscriptions(),
            event_counters(),
            events(),
            webhooks(),
            webhook_attempts(),
        ] {
            manager.create_table(table).await?;
        }
        for step in STEPS {
            manager.get_connection().execute_unprepared(step).await?;
        }
        Ok(())
    }
}

/// Plain SQL that both databases take.
const STEPS: [&str; 8] = [
    "CREATE UNIQUE INDEX push_subscriptions_endpoint ON push_subscriptions (endpoint)",
    "CREATE INDEX push_subscriptions_user ON push_subscriptions (user_id, created_at)",
    "CREATE INDEX events_at ON events (at)",
    "CREATE INDEX webhooks_company ON webhooks (company_id, created_at)",
    "CREATE INDEX webhook_attempts_webhook ON webhook_attempts (webhook_id, at, id)",
    "CREATE INDEX webhook_attempts_at ON webhook_attempts (at)",
    // The receiver may be deleted; what became of the delivery stays told.
    "ALTER TABLE deliveries ADD COLUMN webhook_id UUID",
    "CREATE INDEX deliveries_webhook ON deliveries (webhook_id, message_id) \
     WHERE webhook_id IS NOT NULL",
];

fn key(mut column: ColumnDef) -> ColumnDef {
    column.primary_key();
    column
}

fn owner(
    table: &'static str,
    column: &'static str,
    owners: &'static str,
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(table, column)
        .to(owners, "id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}

fn secrets() -> TableCreateStatement {
    Table::create()
        .table("secrets")
        .col(key(text("name")))
        .col(binary("value"))
        .to_owned()
}

fn push_subscriptions() -> TableCreateStatement {
    Table::create()
        .table("push_subscriptions")
        .col(key(uuid("id")))
        .col(uuid("user_id"))
        .col(text("endpoint"))
        .col(binary("point"))
        .col(binary("auth"))
        .col(text("agent"))
        .col(big_integer("created_at"))
        .foreign_key(&mut owner("push_subscriptions", "user_id", "users"))
        .to_owned()
}

/// The number of each company's latest event. Its row is locked from the
/// writing of an event to the commit, so numbers are seen in their order.
fn event_counters() -> TableCreateStatement {
    Table::create()
        .table("event_counters")
        .col(key(uuid("company_id")))
        .col(big_integer("seq"))
        .foreign_key(&mut owner("event_counters", "company_id", "companies"))
        .to_owned()
}

fn events() -> TableCreateStatement {
    Table::create()
        .table("events")
        .col(uuid("company_id"))
        .col(big_integer("seq"))
        .col(uuid("id"))
        .col(text("kind"))
        .col(text("body"))
        .col(big_integer("at"))
        .primary_key(Index::create().col("company_id").col("seq"))
        .foreign_key(&mut owner("events", "company_id", "companies"))
        .to_owned()
}

fn webhooks() -> TableCreateStatement {
    Table::create()
        .table("webhooks")
        .col(key(uuid("id")))
        .col(uuid("company_id"))
        .col(text("url"))
        .col(text("kinds"))
        .col(binary("secret"))
        .col(binary_null("old_secret"))
        .col(big_integer_null("old_secret_until"))
        .col(boolean("enabled"))
        .col(text_null("disabled_reason"))
        .col(big_integer("created_at"))
        .col(big_integer("version"))
        .col(big_integer("cursor"))
        .col(big_integer("since"))
        .col(big_integer("attempts"))
        .col(text_null("error"))
        .col(big_integer_null("next_at"))
        .col(big_integer_null("leased_until"))
        .foreign_key(&mut owner("webhooks", "company_id", "companies"))
        .to_owned()
}

fn webhook_attempts() -> TableCreateStatement {
    Table::create()
        .table("webhook_attempts")
        .col(key(uuid("id")))
        .col(uuid("webhook_id"))
        .col(big_integer_null("seq"))
        .col(big_integer("at"))
        .col(big_integer_null("status"))
        .col(text_null("error"))
        .col(big_integer("ms"))
        .foreign_key(&mut owner("webhook_attempts", "webhook_id", "webhooks"))
        .to_owned()
}
