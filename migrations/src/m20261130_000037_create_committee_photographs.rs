//! What the steering committee read, sealed: tables as typed cells with their digest; only added to, by triggers that refuse
//! anything else.

use sea_orm_migration::{prelude::*, schema::*};

use crate::append_only::AppendOnly;
use crate::columns::{drop_tables, index, references};

#[derive(DeriveMigrationName)]
pub struct Migration;

const GUARDED: AppendOnly = AppendOnly {
    table: "committee_photographs",
    refuses: "refuse_committee_photograph_change",
    what: "photographs of the committee are",
};

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("committee_photographs")
                    .col(uuid("id").primary_key())
                    // The day that the tables are of.
                    .col(date("as_of"))
                    // The instant of what was known.
                    .col(timestamp_with_time_zone("sealed_at"))
                    .col(uuid("sealed_by"))
                    .col(text("title"))
                    // The tables, and the identifiers of the files that gave them, as JSON.
                    .col(text("content"))
                    .col(text("imports"))
                    // Of the content.
                    .col(text("sha256"))
                    .foreign_key(&mut references("committee_photographs", "sealed_by", "accounts"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("committee_photographs", &["as_of"])).await?;
        GUARDED.guard(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["committee_photographs"]).await?;
        GUARDED.forget(manager).await
    }
}
