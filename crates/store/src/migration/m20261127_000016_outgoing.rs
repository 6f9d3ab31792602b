//! Calls that operators place, and lost callers whom they call back.

use sea_orm_migration::prelude::*;

/// Calls may be outgoing.
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261127_000016_outgoing"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for sql in PLAIN {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }
}

/// Plain SQL that both databases take. The index of the figures holds all that
/// they count; outgoing calls are few, and lost ones that are owed fewer.
const PLAIN: [&str; 5] = [
    "ALTER TABLE calls ADD COLUMN outgoing boolean NOT NULL DEFAULT FALSE",
    "DROP INDEX calls_figures",
    "CREATE INDEX calls_figures ON calls \
     (company_id, arrived_at, answered_at, ended_at, result, outgoing)",
    "CREATE INDEX calls_outgoing ON calls (company_id, arrived_at, id) WHERE outgoing",
    "CREATE INDEX calls_lost ON calls (arrived_at, id) \
     WHERE CASE result WHEN 'lost' THEN ended_at IS NOT NULL AND NOT called_back ELSE FALSE END",
];
