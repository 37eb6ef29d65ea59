//! A path names its body among the columns that lists filter on: a lot may change hands, and its paths do not follow.
//!
//! Indexes that answer what desks count hold it too, their own columns first.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DbBackend};

use crate::columns::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

const DESKS: &[(&str, &[&str])] = &[
    ("paths_of_lot", &["lot", "state", "holder", "coordinator_id", "due_on", "id", "body"]),
    ("paths_held", &["holder", "due_on", "id", "lot", "coordinator_id", "body"]),
];

/// On SQLite alone lists are answered by an index, as the migration of saved views says.
const LISTED: (&str, &[&str]) = (
    "paths_listed",
    &[
        "due_on",
        "id",
        "lot",
        "state",
        "holder",
        "department",
        "coordinator_id",
        "opened_on",
        "entered_on",
        "outcome",
        "waiting_year",
        "siret",
        "market",
        "reference",
        "company_name",
        "job_title",
        "updated_at",
        "search",
        "body",
    ],
);

/// Makes indexes again, with the last column or without it.
async fn indexes(manager: &SchemaManager<'_>, with_body: bool) -> Result<(), DbErr> {
    let sqlite = manager.get_database_backend() == DbBackend::Sqlite;
    for (name, columns) in DESKS.iter().chain(sqlite.then_some(&LISTED)) {
        let columns = if with_body { columns } else { &columns[..columns.len() - 1] };
        manager.drop_index(Index::drop().name(*name).table("paths").to_owned()).await?;
        manager.create_index(index("paths", columns).name(*name).to_owned()).await?;
    }
    Ok(())
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let body = text_null("body").to_owned();
        manager.alter_table(Table::alter().table("paths").add_column(body).to_owned()).await?;
        let told = if manager.get_database_backend() == DbBackend::Sqlite {
            "json_extract(snapshot, '$.holder')"
        } else {
            "CAST(snapshot AS jsonb) ->> 'holder'"
        };
        manager.get_connection().execute_unprepared(&format!("UPDATE paths SET body = {told}")).await?;
        indexes(manager, true).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        indexes(manager, false).await?;
        manager.alter_table(Table::alter().table("paths").drop_column("body").to_owned()).await
    }
}
