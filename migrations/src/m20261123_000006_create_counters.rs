//! Counters that must never be exceeded: money of a year and of a lot, places of a lot in a year.
//!
//! Each is changed by one conditional UPDATE. The CHECKs are the second wall.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::{drop_tables, holds};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("budget_years")
                    .col(text("market"))
                    .col(integer("year"))
                    .col(big_integer("budget_cents"))
                    .col(big_integer("engaged_cents"))
                    .primary_key(Index::create().col("market").col("year"))
                    .check(holds("0 <= engaged_cents AND engaged_cents <= budget_cents"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("lot_money")
                    .col(text("market"))
                    .col(text("lot"))
                    .col(big_integer("maximum_cents"))
                    .col(big_integer("engaged_cents"))
                    .primary_key(Index::create().col("market").col("lot"))
                    .check(holds("0 <= engaged_cents AND engaged_cents <= maximum_cents"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("place_years")
                    .col(text("market"))
                    .col(text("lot"))
                    .col(integer("year"))
                    .col(integer_null("planned"))
                    .col(integer_null("maximum"))
                    .col(integer("reserved"))
                    .col(integer("consumed"))
                    .col(integer("released"))
                    .primary_key(Index::create().col("market").col("lot").col("year"))
                    .check(holds("reserved >= 0 AND consumed >= 0 AND released >= 0"))
                    .check(holds("planned >= 0 AND maximum >= 0"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("place_alerts")
                    .col(text("market"))
                    .col(text("lot"))
                    .col(integer("year"))
                    .col(text("alert"))
                    .col(timestamp_with_time_zone("crossed_at"))
                    .primary_key(Index::create().col("market").col("lot").col("year").col("alert"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["place_alerts", "place_years", "lot_money", "budget_years"]).await
    }
}
