//! The schema of the store, one migration per file, the same on SQLite and PostgreSQL.
//!
//! Rules kept here:
//! - a released migration is never edited; what comes later is a new file;
//! - a migration freezes its own table and column names and its lists of identifiers, and knows nothing of the entities;
//! - additive first: add, backfill, contract over successive releases, `NOT NULL` last, so that the previous release
//!   works on this schema;
//! - every text column that holds an identifier of a closed list, and every counter, has a CHECK. Kinds of events, of
//!   messages and of clocks have none: they grow with the lifecycle, and a new act must not need a migration. They are
//!   checked when a row is read;
//! - payloads of JSON are texts, because the chain of the journal is a hash over their exact bytes.
//!
//! To add one: a file `mYYYYMMDD_NNNNNN_verb_object.rs` with `up` and a working `down`, a line in the list below, and
//! the entity in `persistence`. The whole list runs in one transaction under a lock (see `persistence::Store::migrate`).

mod append_only;
mod columns;
mod m20261123_000001_create_accounts;
mod m20261123_000002_create_terms;
mod m20261123_000003_create_paths;
mod m20261123_000004_create_journal;
mod m20261123_000005_create_orders;
mod m20261123_000006_create_counters;
mod m20261123_000007_create_messages;
mod m20261123_000008_create_reminders;
mod m20261123_000009_create_entry_statistics;
mod m20261124_000010_create_sessions;
mod m20261124_000011_create_credentials;
mod m20261124_000012_create_drafts;
mod m20261124_000013_create_saved_views;
mod m20261127_000014_add_payments;
mod m20261128_000015_add_preferences;
mod m20261128_000017_version_accounts;
mod m20261128_000018_create_delegations;
mod m20261128_000019_messages_say_what_they_remind;
mod m20261128_000021_store_files_apart;
mod m20261128_000022_count_uploads;
mod m20261128_000023_index_what_desks_count;
mod m20261128_000025_search_places;
mod m20261129_000026_date_accounts;
mod m20261129_000027_paths_name_their_body;
mod m20261129_000028_index_messages_of_accounts;
mod m20261129_000029_messages_come_back;
mod m20261129_000030_inform_people;
mod m20261129_000031_create_need_proposals;
mod m20261129_000032_create_message_texts;
mod m20261129_000034_create_answer_proofs;
mod m20261130_000035_keep_facts_of_paths;
mod m20261130_000036_create_committee_imports;
mod m20261130_000037_create_committee_photographs;
mod m20261130_000038_create_committee_windows;

use sea_orm_migration::prelude::*;

/// Applies the migrations in order.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_create_accounts::Migration),
            Box::new(m20261123_000002_create_terms::Migration),
            Box::new(m20261123_000003_create_paths::Migration),
            Box::new(m20261123_000004_create_journal::Migration),
            Box::new(m20261123_000005_create_orders::Migration),
            Box::new(m20261123_000006_create_counters::Migration),
            Box::new(m20261123_000007_create_messages::Migration),
            Box::new(m20261123_000008_create_reminders::Migration),
            Box::new(m20261123_000009_create_entry_statistics::Migration),
            Box::new(m20261124_000010_create_sessions::Migration),
            Box::new(m20261124_000011_create_credentials::Migration),
            Box::new(m20261124_000012_create_drafts::Migration),
            Box::new(m20261124_000013_create_saved_views::Migration),
            Box::new(m20261127_000014_add_payments::Migration),
            Box::new(m20261128_000015_add_preferences::Migration),
            Box::new(m20261128_000017_version_accounts::Migration),
            Box::new(m20261128_000018_create_delegations::Migration),
            Box::new(m20261128_000019_messages_say_what_they_remind::Migration),
            Box::new(m20261128_000021_store_files_apart::Migration),
            Box::new(m20261128_000022_count_uploads::Migration),
            Box::new(m20261128_000023_index_what_desks_count::Migration),
            Box::new(m20261128_000025_search_places::Migration),
            Box::new(m20261129_000026_date_accounts::Migration),
            Box::new(m20261129_000027_paths_name_their_body::Migration),
            Box::new(m20261129_000028_index_messages_of_accounts::Migration),
            Box::new(m20261129_000029_messages_come_back::Migration),
            Box::new(m20261129_000030_inform_people::Migration),
            Box::new(m20261129_000031_create_need_proposals::Migration),
            Box::new(m20261129_000032_create_message_texts::Migration),
            Box::new(m20261129_000034_create_answer_proofs::Migration),
            Box::new(m20261130_000035_keep_facts_of_paths::Migration),
            Box::new(m20261130_000036_create_committee_imports::Migration),
            Box::new(m20261130_000037_create_committee_photographs::Migration),
            Box::new(m20261130_000038_create_committee_windows::Migration),
        ]
    }
}
