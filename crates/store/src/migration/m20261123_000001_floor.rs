//! Companies, lines, users, calls, messages with their deliveries.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, binary_null, boolean, text, text_null, uuid, uuid_null,
};

/// The first schema.
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_000001_floor"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            companies(),
            departments(),
            employees(),
            lines(),
            line_journal(),
            users(),
            sessions(),
            calls(),
            call_timeline(),
            messages(),
            deliveries(),
        ] {
            manager.create_table(table).await?;
        }
        for index in INDICES {
            manager.get_connection().execute_unprepared(index).await?;
        }
        Ok(())
    }
}

/// Plain SQL, for partial and descending indices read best in it; both databases take it.
/// Lists are read newest first by (time, id), so their keys end in both.
const INDICES: [&str; 19] = [
    "CREATE INDEX departments_company ON departments (company_id, place)",
    "CREATE UNIQUE INDEX employees_email ON employees (company_id, email)",
    "CREATE INDEX lines_company ON lines (company_id, id)",
    "CREATE UNIQUE INDEX lines_contact ON lines (contact)",
    "CREATE UNIQUE INDEX lines_pbx_user ON lines (pbx_server_lower, pbx_user)",
    "CREATE INDEX line_journal_line ON line_journal (line_id, at, id)",
    "CREATE UNIQUE INDEX users_login ON users (login)",
    "CREATE INDEX sessions_user ON sessions (user_id)",
    "CREATE INDEX calls_company ON calls (company_id, arrived_at, id)",
    "CREATE INDEX calls_line ON calls (company_id, line_id, arrived_at, id)",
    "CREATE INDEX calls_result ON calls (company_id, result, arrived_at, id)",
    "CREATE INDEX calls_caller ON calls (company_id, caller_number, arrived_at)",
    "CREATE INDEX calls_operator ON calls (operator_id, arrived_at)",
    "CREATE INDEX calls_running ON calls (arrived_at) WHERE ended_at IS NULL",
    "CREATE UNIQUE INDEX call_timeline_call ON call_timeline (call_id, at, happening)",
    "CREATE INDEX messages_company ON messages (company_id, created_at, id)",
    "CREATE INDEX messages_call ON messages (call_id, created_at)",
    "CREATE INDEX deliveries_message ON deliveries (message_id)",
    "CREATE INDEX deliveries_queued ON deliveries (next_at) WHERE state = 'queued'",
];

fn key(mut column: ColumnDef) -> ColumnDef {
    column.primary_key();
    column
}

fn table(name: &'static str, columns: Vec<ColumnDef>) -> TableCreateStatement {
    let mut table = Table::create();
    table.table(name);
    for column in columns {
        table.col(column);
    }
    table
}

fn references(
    mut table: TableCreateStatement,
    columns: &[(&'static str, &'static str, ForeignKeyAction)],
) -> TableCreateStatement {
    let from = table.get_table_name().cloned();
    for (column, to, on_delete) in columns {
        let mut key = ForeignKey::create();
        if let Some(from) = &from {
            key.from_tbl(from.clone());
        }
        key.from_col(*column).to(*to, "id").on_delete(*on_delete);
        table.foreign_key(&mut key);
    }
    table
}

fn companies() -> TableCreateStatement {
    table(
        "companies",
        vec![
            key(uuid("id")),
            text("name"),
            text("legal_name"),
            text("about"),
            text("address"),
            text("site"),
            text("phone"),
            text("email"),
            text("not_to_say"),
            text("language"),
            big_integer("retention_days"),
            big_integer("version"),
            text("hours"),
            big_integer("hours_version"),
            big_integer("departments_version"),
            big_integer("employees_version"),
        ],
    )
}

fn departments() -> TableCreateStatement {
    references(
        table(
            "departments",
            vec![
                key(uuid("id")),
                uuid("company_id"),
                big_integer("place"),
                text("name"),
                text("extension"),
                // Employees refer to departments; this way back is kept by the repositories.
                uuid_null("notify_employee_id"),
            ],
        ),
        &[("company_id", "companies", ForeignKeyAction::Cascade)],
    )
}

fn employees() -> TableCreateStatement {
    references(
        table(
            "employees",
            vec![
                key(uuid("id")),
                uuid("company_id"),
                big_integer("place"),
                text("email"),
                text("name"),
                uuid_null("department_id"),
                text("position"),
                text("extension"),
                text("mobile"),
            ],
        ),
        &[
            ("company_id", "companies", ForeignKeyAction::Cascade),
            ("department_id", "departments", ForeignKeyAction::SetNull),
        ],
    )
}

fn lines() -> TableCreateStatement {
    references(
        table(
            "lines",
            vec![
                key(uuid("id")),
                uuid("company_id"),
                text("name"),
                text("scenario"),
                text("script"),
                text("contact"),
                boolean("connected"),
                boolean("deleted"),
                text_null("pbx_user"),
                binary_null("pbx_password"),
                text_null("pbx_server"),
                text_null("pbx_server_lower"),
                text_null("pbx_proxy"),
                text_null("pbx_auth_name"),
                big_integer_null("pbx_port"),
                text_null("pbx_transport"),
                big_integer_null("pbx_interval_s"),
            ],
        ),
        &[("company_id", "companies", ForeignKeyAction::Cascade)],
    )
}

fn line_journal() -> TableCreateStatement {
    references(
        table(
            "line_journal",
            vec![
                key(uuid("id")),
                uuid("line_id"),
                big_integer("at"),
                text("entry"),
                boolean("ok"),
            ],
        ),
        &[("line_id", "lines", ForeignKeyAction::Cascade)],
    )
}

fn users() -> TableCreateStatement {
    references(
        table(
            "users",
            vec![
                key(uuid("id")),
                uuid_null("company_id"),
                text("login"),
                text("name"),
                text("roles"),
                text("password_hash"),
                boolean("must_change_password"),
                text("language"),
            ],
        ),
        &[("company_id", "companies", ForeignKeyAction::Cascade)],
    )
}

fn sessions() -> TableCreateStatement {
    let mut token_hash = ColumnDef::new("token_hash");
    token_hash.binary().not_null();
    references(
        table(
            "sessions",
            vec![
                key(token_hash),
                uuid("user_id"),
                text("csrf"),
                big_integer("created_at"),
                big_integer("seen_at"),
            ],
        ),
        &[("user_id", "users", ForeignKeyAction::Cascade)],
    )
}

fn calls() -> TableCreateStatement {
    references(
        table(
            "calls",
            vec![
                key(uuid("id")),
                uuid("company_id"),
                uuid("line_id"),
                text_null("caller_number"),
                text_null("caller_digits"),
                text_null("caller_name"),
                text_null("caller_folded"),
                big_integer("arrived_at"),
                big_integer_null("answered_at"),
                big_integer_null("ended_at"),
                text_null("ending"),
                text_null("result"),
                boolean("result_chosen"),
                uuid_null("operator_id"),
                text("recording"),
                big_integer("recording_ms"),
                boolean("called_back"),
            ],
        ),
        &[
            ("company_id", "companies", ForeignKeyAction::Cascade),
            ("line_id", "lines", ForeignKeyAction::Restrict),
            ("operator_id", "users", ForeignKeyAction::Restrict),
        ],
    )
}

fn call_timeline() -> TableCreateStatement {
    references(
        table(
            "call_timeline",
            vec![
                key(uuid("id")),
                uuid("call_id"),
                big_integer("at"),
                text("happening"),
            ],
        ),
        &[("call_id", "calls", ForeignKeyAction::Cascade)],
    )
}

fn messages() -> TableCreateStatement {
    references(
        table(
            "messages",
            vec![
                key(uuid("id")),
                uuid("company_id"),
                uuid("call_id"),
                text("recipient"),
                text("recipient_name"),
                text("caller_name"),
                text("caller_phone"),
                text("text"),
                text("digits"),
                text("folded"),
                uuid_null("author_id"),
                big_integer("created_at"),
            ],
        ),
        &[
            ("company_id", "companies", ForeignKeyAction::Cascade),
            ("call_id", "calls", ForeignKeyAction::Restrict),
            ("author_id", "users", ForeignKeyAction::Restrict),
        ],
    )
}

fn deliveries() -> TableCreateStatement {
    references(
        table(
            "deliveries",
            vec![
                key(uuid("id")),
                uuid("message_id"),
                uuid("company_id"),
                // The employee may be deleted; what was delivered stays told.
                uuid_null("employee_id"),
                text_null("employee_name"),
                text("channel"),
                text("address"),
                text("state"),
                big_integer("attempts"),
                big_integer_null("next_at"),
                big_integer_null("leased_until"),
                text_null("error"),
                big_integer("changed_at"),
            ],
        ),
        &[
            ("message_id", "messages", ForeignKeyAction::Cascade),
            ("company_id", "companies", ForeignKeyAction::Cascade),
        ],
    )
}
