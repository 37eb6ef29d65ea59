//! Drafts: what someone typed on a form and has not sent yet, with the documents already received.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::{drop_tables, index, references, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("drafts")
                    .col(uuid("id").primary_key())
                    .col(uuid("account_id"))
                    // The reference of a path, or empty for a path not opened yet.
                    .col(text("target"))
                    .col(text("step"))
                    // What was typed may hold a birth date: sealed like the profile of a person.
                    .col(text("sealed"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .foreign_key(&mut references("drafts", "account_id", "accounts"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("drafts", &["account_id", "target", "step"])).await?;
        manager.create_index(index("drafts", &["updated_at"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("draft_documents")
                    .col(uuid("id").primary_key())
                    .col(uuid("draft_id"))
                    .col(text("field"))
                    .col(text("name"))
                    .col(text("media_type"))
                    .col(text("sha256"))
                    .col(big_integer("size"))
                    .col(blob("bytes"))
                    .foreign_key(&mut references("draft_documents", "draft_id", "drafts"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("draft_documents", &["draft_id", "field"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["draft_documents", "drafts"]).await
    }
}
