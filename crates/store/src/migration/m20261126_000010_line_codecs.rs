//! The codecs that a line may use.

use sea_orm_migration::prelude::*;

/// A column of lines.
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261126_000010_line_codecs"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // A list in JSON, the preferred one first; none stands for all of them.
        let column = "ALTER TABLE lines ADD COLUMN pbx_codecs text";
        manager.get_connection().execute_unprepared(column).await?;
        Ok(())
    }
}
