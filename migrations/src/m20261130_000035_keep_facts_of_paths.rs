//! What a path leaves to count stands beside its fold; the index answers what changed since figures were last read.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The rows that are there are filled when their paths are folded again.
        let facts = text_null("facts").to_owned();
        manager.alter_table(Table::alter().table("paths").add_column(facts).to_owned()).await?;
        manager.create_index(index("paths", &["updated_at", "version"]).name("paths_changed").to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("paths_changed").table("paths").to_owned()).await?;
        manager.alter_table(Table::alter().table("paths").drop_column("facts").to_owned()).await
    }
}
