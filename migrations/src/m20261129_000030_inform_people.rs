//! The day on which a message told a person what is kept of them. Nobody was told by a message before: the next one does.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let informed_on = date_null("informed_on").to_owned();
        manager.alter_table(Table::alter().table("persons").add_column(informed_on).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("persons").drop_column("informed_on").to_owned()).await
    }
}
