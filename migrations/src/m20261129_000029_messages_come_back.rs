//! A message that had left may come back: when it had left, and when that was learnt. What is « sent » has not come back.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One at a time: SQLite adds no two columns at once.
        for column in ["left_at", "returned_at"] {
            let instant = timestamp_with_time_zone_null(column);
            manager.alter_table(Table::alter().table("messages").add_column(instant).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["returned_at", "left_at"] {
            manager.alter_table(Table::alter().table("messages").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
