//! The version of an account: of two people who change it, the second is told what the first changed.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::holds;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let version = integer("version").default(1).check(holds("version >= 1")).to_owned();
        manager.alter_table(Table::alter().table("accounts").add_column(version).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("accounts").drop_column("version").to_owned()).await
    }
}
