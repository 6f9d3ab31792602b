//! What operators do in their shifts, and what supervisors set for their boards.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, boolean, text, uuid};

/// Shifts in facts, thresholds of the board.
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261127_000014_supervisor"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [operator_states(), operator_offers(), board_settings()] {
            manager.create_table(table).await?;
        }
        for index in INDEXES {
            manager.get_connection().execute_unprepared(index).await?;
        }
        Ok(())
    }
}

const INDEXES: [&str; 3] = [
    "CREATE INDEX operator_states_began ON operator_states (began_at)",
    "CREATE INDEX operator_states_lasting ON operator_states (operator_id) WHERE lasts",
    "CREATE INDEX operator_offers_at ON operator_offers (at)",
];

fn operator_states() -> TableCreateStatement {
    let mut id = uuid("id");
    id.primary_key();
    Table::create()
        .table("operator_states")
        .col(id)
        .col(uuid("operator_id"))
        .col(text("state"))
        .col(big_integer("began_at"))
        .col(big_integer("ended_at"))
        .col(boolean("lasts"))
        .to_owned()
}

fn operator_offers() -> TableCreateStatement {
    let mut id = uuid("id");
    id.primary_key();
    Table::create()
        .table("operator_offers")
        .col(id)
        .col(uuid("operator_id"))
        .col(uuid("call_id"))
        .col(big_integer("at"))
        .col(text("outcome"))
        .to_owned()
}

fn board_settings() -> TableCreateStatement {
    let mut id = big_integer("id");
    id.primary_key();
    Table::create()
        .table("board_settings")
        .col(id)
        .col(text("thresholds"))
        .to_owned()
}
