//! Texts of the Region for messages, version after version: only added to, by triggers that refuse anything else.

use sea_orm_migration::{
    prelude::*,
    schema::*,
    sea_orm::{ConnectionTrait, DbBackend},
};

use crate::columns::{drop_tables, holds, references};

#[derive(DeriveMigrationName)]
pub struct Migration;

const SQLITE_UP: &[&str] = &[
    "CREATE TRIGGER message_texts_no_update BEFORE UPDATE ON message_texts
     BEGIN SELECT RAISE(ABORT, 'texts are only ever added to'); END",
    "CREATE TRIGGER message_texts_no_delete BEFORE DELETE ON message_texts
     BEGIN SELECT RAISE(ABORT, 'texts are only ever added to'); END",
];

const POSTGRES_UP: &[&str] = &[
    "CREATE FUNCTION refuse_text_change() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN RAISE EXCEPTION 'texts are only ever added to'; END $$",
    "CREATE TRIGGER message_texts_no_change BEFORE UPDATE OR DELETE ON message_texts
     FOR EACH ROW EXECUTE FUNCTION refuse_text_change()",
    "CREATE TRIGGER message_texts_no_truncate BEFORE TRUNCATE ON message_texts
     FOR EACH STATEMENT EXECUTE FUNCTION refuse_text_change()",
];

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
        let connection = manager.get_connection();
        let statements = match connection.get_database_backend() {
            DbBackend::Postgres => POSTGRES_UP,
            DbBackend::Sqlite => SQLITE_UP,
            other => return Err(DbErr::Migration(format!("{other:?} is not one of the stores"))),
        };
        for statement in statements {
            connection.execute_unprepared(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["message_texts"]).await?;
        let connection = manager.get_connection();
        if connection.get_database_backend() == DbBackend::Postgres {
            connection.execute_unprepared("DROP FUNCTION refuse_text_change()").await?;
        }
        Ok(())
    }
}
