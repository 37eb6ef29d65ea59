//! The tables of the other schemes for the steering committee, kept as they were received: only added to, by triggers that
//! refuse anything else.

use sea_orm_migration::{
    prelude::*,
    schema::*,
    sea_orm::{ConnectionTrait, DbBackend},
};

use crate::columns::{drop_tables, holds, index, one_of, references};

#[derive(DeriveMigrationName)]
pub struct Migration;

const KINDS: &[&str] = &["entries", "yearly", "programme", "sectors", "budget", "evaluation"];

const SQLITE_UP: &[&str] = &[
    "CREATE TRIGGER committee_imports_no_update BEFORE UPDATE ON committee_imports
     BEGIN SELECT RAISE(ABORT, 'imports of the committee are only ever added to'); END",
    "CREATE TRIGGER committee_imports_no_delete BEFORE DELETE ON committee_imports
     BEGIN SELECT RAISE(ABORT, 'imports of the committee are only ever added to'); END",
];

const POSTGRES_UP: &[&str] = &[
    "CREATE FUNCTION refuse_committee_import_change() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN RAISE EXCEPTION 'imports of the committee are only ever added to'; END $$",
    "CREATE TRIGGER committee_imports_no_change BEFORE UPDATE OR DELETE ON committee_imports
     FOR EACH ROW EXECUTE FUNCTION refuse_committee_import_change()",
    "CREATE TRIGGER committee_imports_no_truncate BEFORE TRUNCATE ON committee_imports
     FOR EACH STATEMENT EXECUTE FUNCTION refuse_committee_import_change()",
];

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
        drop_tables(manager, &["committee_imports"]).await?;
        let connection = manager.get_connection();
        if connection.get_database_backend() == DbBackend::Postgres {
            connection.execute_unprepared("DROP FUNCTION refuse_committee_import_change()").await?;
        }
        Ok(())
    }
}
