//! Versions of the market terms, and what the store keeps for itself: settings, reference numbers, daily digests.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::{drop_tables, holds, index, one_of};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("terms")
                    // Ascending over all markets: an event names its terms by this number alone.
                    .col(integer("version").primary_key())
                    .col(text("market"))
                    .col(date("effective_on"))
                    .col(timestamp_with_time_zone("recorded_at"))
                    .col(text("recorded_by"))
                    // The amendment that changed the terms.
                    .col(text_null("reference"))
                    .col(text("content"))
                    .col(text("digest"))
                    .check(holds("version > 0"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("terms", &["market", "effective_on"])).await?;
        manager
            .create_table(
                Table::create().table("settings").col(text("name").primary_key()).col(text("value")).to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("counters")
                    .col(text("name").primary_key())
                    .col(big_integer("value"))
                    .check(holds("value > 0"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("digests")
                    .col(date("day").primary_key())
                    .col(integer("heads"))
                    .col(text("digest"))
                    .col(timestamp_with_time_zone("recorded_at"))
                    .check(holds("heads >= 0"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    // Of each day only the streams that had changed since the digest before: what a digest was made of
                    // can be told again, and which stream is missing from it.
                    .table("digest_heads")
                    .col(date("day"))
                    .col(uuid("stream_id"))
                    .col(text("stream"))
                    .col(integer("version"))
                    .col(text("head"))
                    .primary_key(Index::create().col("day").col("stream_id"))
                    .check(one_of("stream", &["path", "order"]))
                    .check(holds("version > 0"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["digest_heads", "digests", "counters", "settings", "terms"]).await
    }
}
