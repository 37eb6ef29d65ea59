//! What desks and the log of messages count is answered by indexes alone: a row of paths is long, one of messages longer.

use sea_orm_migration::prelude::*;

use crate::columns::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Each index of before, and the one that takes its place: its own columns first.
const WIDENED: &[(&[&str], &str, &[&str])] = &[
    (&["lot", "state"], "paths_of_lot", &["lot", "state", "holder", "coordinator_id", "due_on", "id"]),
    (&["holder", "due_on"], "paths_held", &["holder", "due_on", "id", "lot", "coordinator_id"]),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (narrow, name, wide) in WIDENED {
            let before = format!("paths_{}", narrow.join("_"));
            manager.drop_index(Index::drop().name(before).table("paths").to_owned()).await?;
            manager.create_index(index("paths", wide).name(*name).to_owned()).await?;
        }
        manager.create_index(index("messages", &["kind"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("messages_kind").table("messages").to_owned()).await?;
        for (narrow, name, _) in WIDENED {
            manager.drop_index(Index::drop().name(*name).table("paths").to_owned()).await?;
            manager.create_index(index("paths", narrow)).await?;
        }
        Ok(())
    }
}
