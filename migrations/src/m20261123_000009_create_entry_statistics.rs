//! The statistical record of each entry into training, whose link to the path is severed by anonymisation.

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
                    .table("entry_statistics")
                    .col(uuid("id").primary_key())
                    .col(uuid_null("path_id"))
                    .col(uuid("event_id").unique_key())
                    .col(text("market"))
                    .col(text("lot"))
                    .col(date("entered_on"))
                    // Completed years on the day of entry.
                    .col(integer("age"))
                    .col(integer("level"))
                    .col(text("sex"))
                    .col(boolean("rsa"))
                    .col(boolean("boe"))
                    .col(text("department"))
                    .col(timestamp_with_time_zone("recorded_at"))
                    .col(timestamp_with_time_zone_null("annulled_at"))
                    .check(one_of("sex", &["female", "male", "unspecified"]))
                    .check(holds("age BETWEEN 0 AND 150"))
                    .check(holds("level BETWEEN 1 AND 8"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("entry_statistics", &["entered_on"])).await?;
        manager.create_index(index("entry_statistics", &["path_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["entry_statistics"]).await
    }
}
