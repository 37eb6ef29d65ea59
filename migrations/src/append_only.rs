//! Tables that are only ever added to: triggers refuse every change and deletion, also by hand in a database console.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

/// A table of which nothing is changed nor deleted.
pub struct AppendOnly {
    pub table: &'static str,
    /// The function of PostgreSQL that refuses.
    pub refuses: &'static str,
    /// What it holds, as whoever tries reads it.
    pub what: &'static str,
}

impl AppendOnly {
    /// Makes its triggers, once the table is there.
    pub async fn guard(&self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        let Self { table, refuses, what } = self;
        let connection = manager.get_connection();
        let statements = match connection.get_database_backend() {
            DbBackend::Postgres => vec![
                format!(
                    "CREATE FUNCTION {refuses}() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN RAISE EXCEPTION '{what} only ever added to'; END $$"
                ),
                format!(
                    "CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
     FOR EACH ROW EXECUTE FUNCTION {refuses}()"
                ),
                format!(
                    "CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
     FOR EACH STATEMENT EXECUTE FUNCTION {refuses}()"
                ),
            ],
            DbBackend::Sqlite => ["update", "delete"]
                .map(|change| {
                    format!(
                        "CREATE TRIGGER {table}_no_{change} BEFORE {} ON {table}
     BEGIN SELECT RAISE(ABORT, '{what} only ever added to'); END",
                        change.to_uppercase()
                    )
                })
                .to_vec(),
            other => return Err(DbErr::Migration(format!("{other:?} is not one of the stores"))),
        };
        for statement in statements {
            connection.execute_unprepared(&statement).await?;
        }
        Ok(())
    }

    /// Removes what the table does not take with it.
    pub async fn forget(&self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        if connection.get_database_backend() == DbBackend::Postgres {
            connection.execute_unprepared(&format!("DROP FUNCTION {}()", self.refuses)).await?;
        }
        Ok(())
    }
}
