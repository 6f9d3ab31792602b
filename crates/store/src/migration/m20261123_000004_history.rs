//! Long histories: one text of terms for each call and message with an index
//! to search by, indices for the filters, and who called a lost caller back.

use sea_orm::{DbBackend, FromQueryResult, Statement};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer_null, text, uuid_null};
use uuid::Uuid;

use crate::search::Terms;
use crate::search_index;

/// Terms, indices, who called back.
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_000004_history"
    }
}

/// Rows that are filled at once.
const BATCH: i64 = 500;

fn columns() -> [(&'static str, ColumnDef); 4] {
    let terms = || text("search_text").default("").take();
    [
        ("calls", terms()),
        ("messages", terms()),
        ("calls", big_integer_null("called_back_at")),
        ("calls", uuid_null("called_back_by")),
    ]
}

/// What the terms replace; and the indices, each ending in the order of the
/// list. That of the figures holds all that they count.
const REPLACED: [&str; 7] = [
    "ALTER TABLE calls DROP COLUMN caller_digits",
    "ALTER TABLE calls DROP COLUMN caller_folded",
    "ALTER TABLE messages DROP COLUMN digits",
    "ALTER TABLE messages DROP COLUMN folded",
    "CREATE INDEX calls_line_result ON calls (company_id, line_id, result, arrived_at, id)",
    "CREATE INDEX calls_to_call_back ON calls (company_id, arrived_at, id) \
     WHERE CASE result WHEN 'lost' THEN ended_at IS NOT NULL AND NOT called_back ELSE FALSE END",
    "CREATE INDEX calls_figures ON calls (company_id, arrived_at, answered_at, ended_at, result)",
];

#[derive(FromQueryResult)]
struct StoredCall {
    id: Uuid,
    caller_number: Option<String>,
    caller_name: Option<String>,
}

#[derive(FromQueryResult)]
struct StoredMessage {
    id: Uuid,
    call_id: Uuid,
    caller_name: String,
    caller_phone: String,
    text: String,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for (table, column) in columns() {
            let alter = Table::alter().table(table).add_column(column).take();
            manager.alter_table(alter).await?;
        }
        fill_calls(db).await?;
        fill_messages(db).await?;
        for sql in REPLACED {
            db.execute_unprepared(sql).await?;
        }
        for sql in search_index::schema(db.get_database_backend()) {
            db.execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}

/// The rows behind an id, for which the statement has a place.
async fn batch<R: FromQueryResult>(
    db: &SchemaManagerConnection<'_>,
    columns: &str,
    table: &str,
    after: Uuid,
) -> Result<Vec<R>, DbErr> {
    let backend = db.get_database_backend();
    let place = place(backend, 1);
    let sql = format!("SELECT {columns} FROM {table} WHERE id > {place} ORDER BY id LIMIT {BATCH}");
    R::find_by_statement(Statement::from_sql_and_values(backend, sql, [after.into()]))
        .all(db)
        .await
}

fn place(backend: DbBackend, number: u32) -> String {
    match backend {
        DbBackend::Postgres => format!("${number}"),
        _ => "?".into(),
    }
}

async fn put(
    db: &SchemaManagerConnection<'_>,
    table: &str,
    id: Uuid,
    terms: &Terms,
) -> Result<(), DbErr> {
    let backend = db.get_database_backend();
    let (text, row) = (place(backend, 1), place(backend, 2));
    let sql = format!("UPDATE {table} SET search_text = {text} WHERE id = {row}");
    let values = [terms.text().into(), id.into()];
    db.execute_raw(Statement::from_sql_and_values(backend, sql, values))
        .await?;
    Ok(())
}

async fn fill_calls(db: &SchemaManagerConnection<'_>) -> Result<(), DbErr> {
    let mut after = Uuid::nil();
    loop {
        let rows: Vec<StoredCall> =
            batch(db, "id, caller_number, caller_name", "calls", after).await?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after = last.id;
        for row in &rows {
            let terms = Terms::default()
                .number(row.caller_number.as_deref().unwrap_or_default())
                .words(row.caller_name.as_deref().unwrap_or_default());
            put(db, "calls", row.id, &terms).await?;
        }
    }
}

async fn fill_messages(db: &SchemaManagerConnection<'_>) -> Result<(), DbErr> {
    let backend = db.get_database_backend();
    let mut after = Uuid::nil();
    loop {
        let columns = "id, call_id, caller_name, caller_phone, text";
        let rows: Vec<StoredMessage> = batch(db, columns, "messages", after).await?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after = last.id;
        for row in &rows {
            let add = |terms: Terms| {
                terms
                    .number(&row.caller_phone)
                    .words(&row.caller_name)
                    .words(&row.text)
            };
            put(db, "messages", row.id, &add(Terms::default())).await?;
            let sql = format!(
                "SELECT search_text FROM calls WHERE id = {}",
                place(backend, 1)
            );
            let call = Statement::from_sql_and_values(backend, sql, [row.call_id.into()]);
            if let Some(call) = db.query_one_raw(call).await? {
                let stored: String = call.try_get("", "search_text")?;
                put(db, "calls", row.call_id, &add(Terms::stored(&stored))).await?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use model::id::CompanyId;
    use sea_orm::{ConnectionTrait, Database};
    use sea_orm_migration::MigratorTrait;
    use uuid::Uuid;

    use crate::migration::Migrator;
    use crate::{CallFilter, MasterKey, MessageFilter, PageRequest, Store};

    /// Rows as the first schema held them.
    const BEFORE: [&str; 4] = [
        "INSERT INTO companies VALUES (x'00000000000000000000000000000001', 'Ромашка', '', '', \
         '', '', '', '', '', 'ru', 90, 1, '{}', 1, 1, 1)",
        "INSERT INTO lines (id, company_id, name, scenario, script, contact, connected, deleted) \
         VALUES (x'00000000000000000000000000000002', x'00000000000000000000000000000001', \
         'Основная', 'missed_calls', '{}', 'x', FALSE, FALSE)",
        "INSERT INTO calls VALUES (x'00000000000000000000000000000003', \
         x'00000000000000000000000000000001', x'00000000000000000000000000000002', \
         '+79261234567', '79261234567', 'Пётр', 'петр', 1700000000000, NULL, 1700000001000, \
         'voice_message_left', 'voice_message', FALSE, NULL, 'none', 0, FALSE)",
        "INSERT INTO messages VALUES (x'00000000000000000000000000000004', \
         x'00000000000000000000000000000001', x'00000000000000000000000000000003', \
         '{\"to\":\"employee\",\"employee\":\"00000000-0000-0000-0000-000000000005\"}', 'Анна', \
         'Пётр', '', 'Ждёт букет', '', 'петр ждет букет', NULL, 1700000001000)",
    ];

    #[tokio::test]
    async fn what_was_stored_before_is_found_sqlite() {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}/store.db", folder.path().display());
        let db = Database::connect(format!("{url}?mode=rwc"))
            .await
            .expect("connected");
        Migrator::up(&db, Some(1)).await.expect("the first schema");
        for row in BEFORE {
            db.execute_unprepared(row).await.expect("inserted");
        }
        db.close().await.expect("closed");

        let store = Store::open(&url, MasterKey::from_bytes([0; 32]))
            .await
            .expect("migrated");
        let company = CompanyId(Uuid::from_u128(1));
        for search in ["петр", "926 123", "букет"] {
            let filter = CallFilter {
                search: Some(search.into()),
                ..CallFilter::default()
            };
            let page = store
                .calls()
                .list(company, &filter, PageRequest::default())
                .await;
            assert_eq!(page.expect("a page").items.len(), 1, "{search}");
        }
        let filter = MessageFilter {
            search: Some("букет".into()),
            ..MessageFilter::default()
        };
        let page = store
            .messages()
            .list(company, &filter, PageRequest::default())
            .await;
        assert_eq!(page.expect("a page").items.len(), 1);
    }
}
