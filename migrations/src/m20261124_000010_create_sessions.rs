//! Sessions of people who signed in.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::{drop_tables, index, references};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("sessions")
                    .col(uuid("id").primary_key())
                    .col(uuid("account_id"))
                    // SHA-256 of 256 random bits: what the browser holds is never stored.
                    .col(text("hash").unique_key())
                    .col(text("browser"))
                    .col(text("address"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("seen_at"))
                    .col(timestamp_with_time_zone_null("ended_at"))
                    .foreign_key(&mut references("sessions", "account_id", "accounts"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("sessions", &["account_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["sessions"]).await
    }
}
