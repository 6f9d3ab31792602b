//! The schema's history, told in order; both databases take the same steps.

mod m20261123_000001_floor;
mod m20261123_000002_people;
mod m20261123_000004_history;
mod m20261126_000005_notice;
mod m20261126_000006_events;
mod m20261126_000007_api_keys;
mod m20261126_000008_line_trust;
mod m20261126_000009_summaries;
mod m20261126_000010_line_codecs;
mod m20261126_000011_transfer;
mod m20261126_000012_doctor;
mod m20261127_000013_queue;
mod m20261127_000014_supervisor;
mod m20261127_000015_desk;
mod m20261127_000016_outgoing;

use sea_orm_migration::{MigrationTrait, MigratorTrait};

/// All migrations.
pub(crate) struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_floor::Migration),
            Box::new(m20261123_000002_people::Migration),
            Box::new(m20261123_000004_history::Migration),
            Box::new(m20261126_000005_notice::Migration),
            Box::new(m20261126_000006_events::Migration),
            Box::new(m20261126_000007_api_keys::Migration),
            Box::new(m20261126_000008_line_trust::Migration),
            Box::new(m20261126_000009_summaries::Migration),
            Box::new(m20261126_000010_line_codecs::Migration),
            Box::new(m20261126_000011_transfer::Migration),
            Box::new(m20261126_000012_doctor::Migration),
            Box::new(m20261127_000013_queue::Migration),
            Box::new(m20261127_000014_supervisor::Migration),
            Box::new(m20261127_000015_desk::Migration),
            Box::new(m20261127_000016_outgoing::Migration),
        ]
    }
}
