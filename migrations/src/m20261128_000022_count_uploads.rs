//! Files received of each person each day, which are bounded.

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
                    .table("uploads")
                    .col(uuid("account_id"))
                    .col(date("day"))
                    .col(integer("files"))
                    .primary_key(Index::create().col("account_id").col("day"))
                    .check(holds("files >= 0"))
                    .foreign_key(&mut references("uploads", "account_id", "accounts"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["uploads"]).await
    }
}
