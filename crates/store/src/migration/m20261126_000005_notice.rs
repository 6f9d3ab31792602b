//! Messages that somebody takes on: their state and timeline, who has read
//! them, whom to tell next, and how employees can be reached.

use jiff::{SignedDuration, Timestamp};
use sea_orm::Statement;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, boolean, text, text_null, uuid, uuid_null,
};

/// State, timeline, notices.
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261126_000005_notice"
    }
}

/// What is older than this when the state comes up is taken as done: nobody
/// could accept it, and nobody is to go through years of it.
const STILL_OPEN: SignedDuration = SignedDuration::from_hours(7 * 24);

fn columns() -> Vec<(&'static str, ColumnDef)> {
    let texts = |name: &'static str, value: &'static str| text(name).default(value).take();
    vec![
        ("messages", boolean("urgent").default(false).take()),
        ("messages", texts("state", "open")),
        ("messages", uuid_null("accepted_by")),
        ("messages", text_null("accepted_by_name")),
        ("messages", big_integer_null("accepted_at")),
        ("messages", uuid_null("closed_by")),
        ("messages", text_null("closed_by_name")),
        ("messages", big_integer_null("closed_at")),
        // Employees may be deleted; the repositories keep this.
        ("messages", uuid_null("assignee_id")),
        ("messages", text_null("assignee_name")),
        ("messages", text_null("progress")),
        ("messages", big_integer_null("next_step_at")),
        ("deliveries", big_integer_null("held_until")),
        ("deliveries", big_integer_null("tried_from")),
        ("employees", texts("reach", "{}")),
        ("departments", texts("notify_rule", "everyone")),
        ("users", text_null("summary")),
        ("users", text_null("summary_sent_for")),
    ]
}

/// Plain SQL that both databases take.
const STEPS: [&str; 10] = [
    "UPDATE departments SET notify_rule = 'employee' WHERE notify_employee_id IS NOT NULL",
    "CREATE INDEX messages_state ON messages (company_id, state, created_at, id)",
    "CREATE INDEX messages_step ON messages (next_step_at) WHERE next_step_at IS NOT NULL",
    "CREATE INDEX messages_assignee ON messages (assignee_id) WHERE assignee_id IS NOT NULL",
    "CREATE INDEX deliveries_held ON deliveries (employee_id) WHERE held_until IS NOT NULL",
    "CREATE INDEX message_events_message ON message_events (message_id, at, id)",
    "CREATE INDEX message_viewers_message ON message_viewers (message_id)",
    "CREATE INDEX message_reads_message ON message_reads (message_id)",
    "CREATE INDEX call_tasks_open ON call_tasks (due_at, id) WHERE state = 'open'",
    "CREATE INDEX call_tasks_message ON call_tasks (message_id)",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in columns() {
            let alter = Table::alter().table(table).add_column(column).take();
            manager.alter_table(alter).await?;
        }
        for table in [
            message_events(),
            message_reads(),
            message_viewers(),
            escalations(),
            rotas(),
            call_tasks(),
        ] {
            manager.create_table(table).await?;
        }
        let db = manager.get_connection();
        let open_from = (Timestamp::now() - STILL_OPEN).as_millisecond();
        db.execute_raw(Statement::from_string(
            db.get_database_backend(),
            format!("UPDATE messages SET state = 'closed' WHERE created_at < {open_from}"),
        ))
        .await?;
        for step in STEPS {
            db.execute_unprepared(step).await?;
        }
        Ok(())
    }
}

fn table(
    name: &'static str,
    columns: Vec<ColumnDef>,
    key: &[&'static str],
    references: &[(&'static str, &'static str)],
) -> TableCreateStatement {
    let mut table = Table::create();
    table.table(name);
    for column in columns {
        table.col(column);
    }
    let mut primary = Index::create();
    for column in key {
        primary.col(*column);
    }
    table.primary_key(&mut primary);
    for (column, to) in references {
        let mut reference = ForeignKey::create();
        reference
            .from(name, *column)
            .to(*to, "id")
            .on_delete(ForeignKeyAction::Cascade);
        table.foreign_key(&mut reference);
    }
    table
}

/// The timeline.
fn message_events() -> TableCreateStatement {
    table(
        "message_events",
        vec![
            uuid("id"),
            uuid("message_id"),
            uuid("company_id"),
            big_integer("at"),
            // Names outlive people.
            uuid_null("user_id"),
            text_null("user_name"),
            text("event"),
        ],
        &["id"],
        &[("message_id", "messages"), ("company_id", "companies")],
    )
}

/// Who has read what.
fn message_reads() -> TableCreateStatement {
    table(
        "message_reads",
        vec![uuid("user_id"), uuid("message_id"), big_integer("at")],
        &["user_id", "message_id"],
        &[("user_id", "users"), ("message_id", "messages")],
    )
}

/// Who sees a message beside those of its recipient: deputies, those on duty,
/// those of a later step, whom it was assigned to.
fn message_viewers() -> TableCreateStatement {
    table(
        "message_viewers",
        vec![uuid("employee_id"), uuid("message_id")],
        &["employee_id", "message_id"],
        &[("employee_id", "employees"), ("message_id", "messages")],
    )
}

/// «Порядок оповещения» of a company (its own id is the scope) or of a department.
fn escalations() -> TableCreateStatement {
    table(
        "escalations",
        vec![
            uuid("scope_id"),
            uuid("company_id"),
            uuid_null("department_id"),
            text_null("policy"),
            big_integer("version"),
        ],
        &["scope_id"],
        &[
            ("company_id", "companies"),
            ("department_id", "departments"),
        ],
    )
}

/// «График дежурств».
fn rotas() -> TableCreateStatement {
    table(
        "rotas",
        vec![
            uuid("department_id"),
            uuid("company_id"),
            text("rota"),
            big_integer("version"),
        ],
        &["department_id"],
        &[
            ("company_id", "companies"),
            ("department_id", "departments"),
        ],
    )
}

/// Calls that operators owe. The employee may be deleted; the name stays.
fn call_tasks() -> TableCreateStatement {
    table(
        "call_tasks",
        vec![
            uuid("id"),
            uuid("company_id"),
            uuid("message_id"),
            uuid("employee_id"),
            text("employee_name"),
            big_integer("due_at"),
            big_integer("attempts"),
            text("state"),
            uuid_null("taken_by"),
            big_integer_null("taken_until"),
        ],
        &["id"],
        &[("company_id", "companies"), ("message_id", "messages")],
    )
}
