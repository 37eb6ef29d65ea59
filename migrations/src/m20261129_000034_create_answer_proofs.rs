//! What is kept of how an answer was given: the text declared, the document read, who, by what means, from where. Sealed: a
//! value that was altered, or put beside another event, does not open.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::{drop_tables, index, references};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("answer_proofs")
                    .col(uuid("event_id").primary_key())
                    .col(uuid("path_id"))
                    // Rank of the event in the journal of its path.
                    .col(integer("seq"))
                    .col(text("sealed"))
                    .foreign_key(&mut references("answer_proofs", "event_id", "events"))
                    .foreign_key(&mut references("answer_proofs", "path_id", "paths"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("answer_proofs", &["path_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["answer_proofs"]).await
    }
}
