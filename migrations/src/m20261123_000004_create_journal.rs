//! The journal: events of paths and purchase orders, chained per stream, and only ever added to.
//!
//! Triggers refuse every change and deletion, so that a correction is a new event, also by hand in a database console.
//! Whoever can drop a trigger can still alter a row: the keyed chain and the daily digests are there to show it.

use sea_orm_migration::{prelude::*, schema::*};

use crate::append_only::AppendOnly;
use crate::columns::{drop_tables, holds, index, one_of};

#[derive(DeriveMigrationName)]
pub struct Migration;

const GUARDED: AppendOnly = AppendOnly { table: "events", refuses: "refuse_journal_change", what: "the journal is" };

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
        GUARDED.guard(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["events"]).await?;
        GUARDED.forget(manager).await
    }
}
