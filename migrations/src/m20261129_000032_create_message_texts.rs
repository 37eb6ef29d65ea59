//! Texts of the Region for messages, version after version: only added to, by triggers that refuse anything else.

use sea_orm_migration::{prelude::*, schema::*};

use crate::append_only::AppendOnly;
use crate::columns::{drop_tables, holds, references};

#[derive(DeriveMigrationName)]
pub struct Migration;

const GUARDED: AppendOnly = AppendOnly { table: "message_texts", refuses: "refuse_text_change", what: "texts are" };

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("message_texts")
                    // A kind of messages and the role of its reader, or a lot.
                    .col(text("subject"))
                    .col(integer("version"))
                    // Of a kind of messages; all of the three are null when the product's own words come back.
                    .col(text_null("title"))
                    // The opening of a message, or the complement of a lot.
                    .col(text_null("content"))
                    // Of a lot.
                    .col(text_null("signature"))
                    .col(text("reason"))
                    .col(uuid("account_id"))
                    .col(timestamp_with_time_zone("recorded_at"))
                    .primary_key(Index::create().col("subject").col("version"))
                    .check(holds("version > 0"))
                    .check(holds("(title IS NULL) = (content IS NULL) AND (content IS NULL) = (signature IS NULL)"))
                    .foreign_key(&mut references("message_texts", "account_id", "accounts"))
                    .to_owned(),
            )
            .await?;
        GUARDED.guard(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["message_texts"]).await?;
        GUARDED.forget(manager).await
    }
}
