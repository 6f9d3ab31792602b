//! Connections: how each of the two databases is opened.

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
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
