//! The journal: events of paths and purchase orders, chained per stream, and only ever added to.
//!
//! Triggers refuse every change and deletion, so that a correction is a new event, also by hand in a database console.
//! Whoever can drop a trigger can still alter a row: the keyed chain and the daily digests are there to show it.

use sea_orm_migration::{
    prelude::*,
    schema::*,
    sea_orm::{ConnectionTrait, DbBackend},
};

use crate::columns::{drop_tables, holds, index, one_of};

#[derive(DeriveMigrationName)]
pub struct Migration;

const SQLITE_UP: &[&str] = &[
    "CREATE TRIGGER events_no_update BEFORE UPDATE ON events
     BEGIN SELECT RAISE(ABORT, 'the journal is only ever added to'); END",
    "CREATE TRIGGER events_no_delete BEFORE DELETE ON events
     BEGIN SELECT RAISE(ABORT, 'the journal is only ever added to'); END",
];

const POSTGRES_UP: &[&str] = &[
    "CREATE FUNCTION refuse_journal_change() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN RAISE EXCEPTION 'the journal is only ever added to'; END $$",
    "CREATE TRIGGER events_no_change BEFORE UPDATE OR DELETE ON events
     FOR EACH ROW EXECUTE FUNCTION refuse_journal_change()",
    "CREATE TRIGGER events_no_truncate BEFORE TRUNCATE ON events
     FOR EACH STATEMENT EXECUTE FUNCTION refuse_journal_change()",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("events")
                    .col(uuid("stream_id"))
                    .col(integer("seq"))
                    .col(uuid("id").unique_key())
                    .col(text("stream"))
                    .col(text("kind"))
                    .col(text("payload"))
                    .col(text("author"))
                    .col(date("effective_on"))
                    .col(timestamp_with_time_zone("recorded_at"))
                    .col(integer("terms_version"))
                    // On the first event of a command that came with a key.
                    .col(text_null("idempotency_key").unique_key())
                    .col(text_null("request_digest"))
                    .col(text("prev_hash"))
                    .col(text("hash"))
                    .primary_key(Index::create().col("stream_id").col("seq"))
                    .check(one_of("stream", &["path", "order"]))
                    .check(holds("seq > 0"))
                    .check(holds("length(prev_hash) = 64 AND length(hash) = 64"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("events", &["recorded_at"])).await?;
        let connection = manager.get_connection();
        let statements = match connection.get_database_backend() {
            DbBackend::Postgres => POSTGRES_UP,
            DbBackend::Sqlite => SQLITE_UP,
            other => return Err(DbErr::Migration(format!("{other:?} is not one of the stores"))),
        };
        for statement in statements {
            connection.execute_unprepared(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["events"]).await?;
        let connection = manager.get_connection();
        if connection.get_database_backend() == DbBackend::Postgres {
            connection.execute_unprepared("DROP FUNCTION refuse_journal_change()").await?;
        }
        Ok(())
    }
}
