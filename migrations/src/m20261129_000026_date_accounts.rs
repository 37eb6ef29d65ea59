//! The last day of an account that has one: an auditor reads for a time. Those made before keep none until they change.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let ends_on = date_null("ends_on").to_owned();
        manager.alter_table(Table::alter().table("accounts").add_column(ends_on).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("accounts").drop_column("ends_on").to_owned()).await
    }
}
