//! Copies of a message to an account, and the tasks about a message, are found without reading all of them.

use sea_orm_migration::prelude::*;

use crate::columns::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_index(index("messages", &["account_id"])).await?;
        manager.create_index(index("tasks", &["message_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("tasks_message_id").table("tasks").to_owned()).await?;
        manager.drop_index(Index::drop().name("messages_account_id").table("messages").to_owned()).await
    }
}
