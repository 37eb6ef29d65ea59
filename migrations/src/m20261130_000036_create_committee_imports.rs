//! The tables of the other schemes for the steering committee, kept as they were received: only added to, by triggers that
//! refuse anything else.

use sea_orm_migration::{prelude::*, schema::*};

use crate::append_only::AppendOnly;
use crate::columns::{drop_tables, holds, index, one_of, references};

#[derive(DeriveMigrationName)]
pub struct Migration;

const KINDS: &[&str] = &["entries", "yearly", "programme", "sectors", "budget", "evaluation"];

const GUARDED: AppendOnly = AppendOnly {
    table: "committee_imports",
    refuses: "refuse_committee_import_change",
    what: "imports of the committee are",
};

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("committee_imports")
                    .col(uuid("id").primary_key())
                    .col(text("kind").check(one_of("kind", KINDS)))
                    // The day that the figures are of.
                    .col(date("as_of"))
                    // The scheme of a sheet of evaluation, and of nothing else.
                    .col(text_null("scheme"))
                    .col(text("file_name"))
                    .col(text("file_kind").check(one_of("file_kind", &["csv", "xlsx"])))
                    // The sheet that is read, of a workbook that has several.
                    .col(text_null("sheet"))
                    .col(text("sha256"))
                    .col(blob("bytes"))
                    .col(timestamp_with_time_zone("imported_at"))
                    .col(uuid("imported_by"))
                    .check(holds("(kind = 'evaluation') = (scheme IS NOT NULL)"))
                    .foreign_key(&mut references("committee_imports", "imported_by", "accounts"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("committee_imports", &["imported_at"])).await?;
        GUARDED.guard(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["committee_imports"]).await?;
        GUARDED.forget(manager).await
    }
}
