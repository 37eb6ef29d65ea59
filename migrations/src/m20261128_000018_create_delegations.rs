//! Delegations: who stands in for whom, from a day to a day.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::{drop_tables, holds, references};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("delegations")
                    .col(uuid("id").primary_key())
                    // Who is away, and who stands in.
                    .col(uuid("from_id"))
                    .col(uuid("to_id"))
                    .col(date("starts_on"))
                    // The last day, included.
                    .col(date("ends_on"))
                    .col(timestamp_with_time_zone("created_at"))
                    // When somebody ended it early.
                    .col(timestamp_with_time_zone_null("ended_at"))
                    .check(holds("from_id <> to_id"))
                    .check(holds("ends_on >= starts_on"))
                    .foreign_key(&mut references("delegations", "from_id", "accounts"))
                    .foreign_key(&mut references("delegations", "to_id", "accounts"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["delegations"]).await
    }
}
