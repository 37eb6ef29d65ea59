//! What the steering committee read, sealed: tables as typed cells with their digest; only added to, by triggers that refuse
//! anything else.

use sea_orm_migration::{
    prelude::*,
    schema::*,
    sea_orm::{ConnectionTrait, DbBackend},
};

use crate::columns::{drop_tables, index, references};

#[derive(DeriveMigrationName)]
pub struct Migration;

const SQLITE_UP: &[&str] = &[
    "CREATE TRIGGER committee_photographs_no_update BEFORE UPDATE ON committee_photographs
     BEGIN SELECT RAISE(ABORT, 'photographs of the committee are only ever added to'); END",
    "CREATE TRIGGER committee_photographs_no_delete BEFORE DELETE ON committee_photographs
     BEGIN SELECT RAISE(ABORT, 'photographs of the committee are only ever added to'); END",
];

const POSTGRES_UP: &[&str] = &[
    "CREATE FUNCTION refuse_committee_photograph_change() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN RAISE EXCEPTION 'photographs of the committee are only ever added to'; END $$",
    "CREATE TRIGGER committee_photographs_no_change BEFORE UPDATE OR DELETE ON committee_photographs
     FOR EACH ROW EXECUTE FUNCTION refuse_committee_photograph_change()",
    "CREATE TRIGGER committee_photographs_no_truncate BEFORE TRUNCATE ON committee_photographs
     FOR EACH STATEMENT EXECUTE FUNCTION refuse_committee_photograph_change()",
];

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
        drop_tables(manager, &["committee_photographs"]).await?;
        let connection = manager.get_connection();
        if connection.get_database_backend() == DbBackend::Postgres {
            connection.execute_unprepared("DROP FUNCTION refuse_committee_photograph_change()").await?;
        }
        Ok(())
    }
}
