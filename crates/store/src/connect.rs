//! Connections: how each of the two databases is opened.

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sea_orm::sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous,
};
use sea_orm::sqlx::{Connection, Error as DriverError};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    DbErr, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use sea_orm_migration::MigratorTrait;

use crate::migration::Migrator;
use crate::{Result, StoreError};

/// Readers beside the one writer of SQLite, and all connections to PostgreSQL.
const SQLITE_READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 16;

/// How long a writer of this process waits for its turn, and for another
/// process (an administration command beside the server).
const SQLITE_WAIT: Duration = Duration::from_secs(30);
const POSTGRES_WAIT: Duration = Duration::from_secs(5);

/// One number for whoever migrates, so that two servers starting at once take turns.
const MIGRATION_LOCK: &str = "SELECT pg_advisory_xact_lock(8437019265)";

/// Where reads and where writes go: the same pool on PostgreSQL. On SQLite
/// writes have one connection and queue for it, so none is ever told that
/// the database is locked.
pub(crate) struct Connections {
    pub(crate) reader: DatabaseConnection,
    pub(crate) writer: DatabaseConnection,
}

impl Connections {
    pub(crate) async fn open(url: &str) -> Result<Self> {
        let connections = if url.starts_with("sqlite:") {
            Self::sqlite(url).await?
        } else if let Some(rest) = url.strip_prefix("postgresql:") {
            Self::postgres(format!("postgres:{rest}")).await?
        } else {
            Self::postgres(url.to_owned()).await?
        };
        connections.migrate().await?;
        Ok(connections)
    }

    async fn sqlite(url: &str) -> Result<Self> {
        let file = SqliteConnectOptions::from_str(url)
            .map_err(|e| StoreError::Other(Box::new(e)))?
            .get_filename()
            .to_owned();
        create_for_owner(&file).map_err(|e| StoreError::Unavailable(Box::new(e)))?;
        let writer = Database::connect(sqlite_options(url, 1)).await?;
        let reader = Database::connect(sqlite_options(url, SQLITE_READERS)).await?;
        Ok(Self { reader, writer })
    }

    async fn postgres(url: String) -> Result<Self> {
        let mut options = ConnectOptions::new(url);
        options
            .max_connections(POSTGRES_CONNECTIONS)
            .acquire_timeout(POSTGRES_WAIT)
            .sqlx_logging(false)
            .record_stmt_in_spans(false);
        let writer = Database::connect(options).await?;
        Ok(Self {
            reader: writer.clone(),
            writer,
        })
    }

    async fn migrate(&self) -> Result<()> {
        let txn = self.begin().await?;
        if txn.get_database_backend() == DbBackend::Postgres {
            txn.execute_unprepared(MIGRATION_LOCK).await?;
        }
        Migrator::up(&txn, None).await?;
        txn.commit().await?;
        Ok(())
    }

    /// A transaction that may write. On SQLite it takes the write lock at its
    /// beginning: one that read first could not get it later.
    pub(crate) async fn begin(&self) -> std::result::Result<DatabaseTransaction, DbErr> {
        self.writer
            .begin_with_options(TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            })
            .await
    }
}

fn sqlite_options(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .acquire_timeout(SQLITE_WAIT)
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .map_sqlx_sqlite_pool_opts(|pool| {
            pool.after_release(|connection, _| Box::pin(is_outside_of_transactions(connection)))
        })
        .map_sqlx_sqlite_opts(|options| {
            options
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                // FULL: what was committed survives a power cut as well.
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(SQLITE_WAIT)
        });
    options
}

/// Whether a connection that was given back can be used again. A commit that a
/// full disk refuses ends the transaction within SQLite, and leaves the driver
/// believing that it goes on: what follows would be savepoints of a
/// transaction that nobody ever commits, each of them reported as stored.
async fn is_outside_of_transactions(
    connection: &mut SqliteConnection,
) -> std::result::Result<bool, DriverError> {
    // What was begun and dropped is rolled back before this is answered.
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}

/// Personal data are in the file: nobody but its owner reads it. SQLite gives
/// its WAL the rights of the file.
fn create_for_owner(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    if let Some(folder) = file.parent().filter(|f| !f.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    match std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
    {
        Err(e) if e.kind() != std::io::ErrorKind::AlreadyExists => Err(e),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::{ConnectionTrait, DbBackend, Statement};

    use super::Connections;

    async fn secrets(connections: &Connections) -> i64 {
        let count = Statement::from_string(DbBackend::Sqlite, "SELECT COUNT(*) AS n FROM secrets");
        let row = connections.reader.query_one_raw(count).await;
        let row = row.expect("counted").expect("a row");
        row.try_get("", "n").expect("a number")
    }

    /// What a full disk does: SQLite rolls back by itself, and the commit fails.
    #[tokio::test]
    async fn after_a_refused_commit_what_is_reported_as_stored_is_stored_sqlite() {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}/store.db", folder.path().display());
        let connections = Connections::open(&url).await.expect("opened");
        let refused = connections.begin().await.expect("begun");
        refused
            .execute_unprepared("ROLLBACK")
            .await
            .expect("as a full disk does it");
        assert!(refused.commit().await.is_err());
        // One that ends with nothing to do, as many do.
        drop(connections.begin().await.expect("begun"));
        for number in 1..=3 {
            let txn = connections.begin().await.expect("begun");
            let insert = format!("INSERT INTO secrets (name, value) VALUES ('{number}', x'00')");
            txn.execute_unprepared(&insert).await.expect("inserted");
            txn.commit().await.expect("committed");
            assert_eq!(secrets(&connections).await, number, "others see it");
        }
    }
}
