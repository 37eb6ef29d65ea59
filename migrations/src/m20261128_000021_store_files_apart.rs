//! The bytes of documents leave the rows: what is kept apart is counted here, under the digest of its bytes.
//!
//! The columns `bytes` stay, empty for what is kept apart: a store of before still holds its documents there until the worker
//! has moved them, and a backup carries them there.

use sea_orm_migration::{
    prelude::*,
    schema::*,
    sea_orm::{ConnectionTrait, DbBackend},
};

use crate::columns::{drop_tables, holds, index};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 2] = ["documents", "draft_documents"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("stored_files")
                    .col(text("sha256").primary_key())
                    .col(big_integer("size"))
                    // When it was last received, or named by a row: what no row names goes a day later.
                    .col(timestamp_with_time_zone("stored_at"))
                    .check(holds("size >= 0"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("stored_files", &["stored_at"])).await?;
        for table in TABLES {
            manager.create_index(index(table, &["sha256"])).await?;
            let db = manager.get_connection();
            if manager.get_database_backend() == DbBackend::Postgres {
                db.execute_unprepared(&format!("ALTER TABLE {table} ALTER COLUMN bytes DROP NOT NULL")).await?;
                continue;
            }
            // SQLite changes no constraint of a column.
            for sql in [
                format!("ALTER TABLE {table} ADD COLUMN kept blob"),
                format!("UPDATE {table} SET kept = bytes"),
                format!("ALTER TABLE {table} DROP COLUMN bytes"),
                format!("ALTER TABLE {table} RENAME COLUMN kept TO bytes"),
            ] {
                db.execute_unprepared(&sql).await?;
            }
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            manager.drop_index(Index::drop().name(format!("{table}_sha256")).table(table).to_owned()).await?;
            let db = manager.get_connection();
            if manager.get_database_backend() == DbBackend::Postgres {
                for sql in [
                    format!("UPDATE {table} SET bytes = '' WHERE bytes IS NULL"),
                    format!("ALTER TABLE {table} ALTER COLUMN bytes SET NOT NULL"),
                ] {
                    db.execute_unprepared(&sql).await?;
                }
                continue;
            }
            for sql in [
                format!("ALTER TABLE {table} ADD COLUMN held blob NOT NULL DEFAULT x''"),
                format!("UPDATE {table} SET held = bytes WHERE bytes IS NOT NULL"),
                format!("ALTER TABLE {table} DROP COLUMN bytes"),
                format!("ALTER TABLE {table} RENAME COLUMN held TO bytes"),
            ] {
                db.execute_unprepared(&sql).await?;
            }
        }
        drop_tables(manager, &["stored_files"]).await
    }
}
