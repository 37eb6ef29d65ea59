//! Saved views of lists, and what lists filter and search on: how a training ended, since when something is waited, the name
//! of a person as it is searched.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DbBackend};

use crate::columns::{drop_tables, index, one_of, references};

#[derive(DeriveMigrationName)]
pub struct Migration;

const OUTCOMES: &[&str] = &[
    "completed",
    "not_fully_proven",
    "early_exit_for_job",
    "early_exit_for_training",
    "dropped_out",
    "excluded",
    "stopped_by_company",
    "stopped_by_body",
    "stopped_by_region",
    "force_majeure",
];

/// Everything that a list of paths filters and sorts on: on SQLite the row of a path is long, and is then read only once it is
/// known to be shown. PostgreSQL keeps long values apart by itself, and bounds what an index holds.
const LISTED: &[&str] = &[
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
];

/// The letters that a search reads as others.
const FOLDED: &[(&str, &str)] = &[
    ("ÀÂÄÁàâäá", "a"),
    ("Çç", "c"),
    ("ÉÈÊËéèêë", "e"),
    ("ÎÏÍîïí", "i"),
    ("Ññ", "n"),
    ("ÔÖÓôöó", "o"),
    ("ÙÛÜÚùûüú", "u"),
    ("Ÿÿ", "y"),
    ("Œœ", "oe"),
    ("Ææ", "ae"),
    ("’'", " "),
];

fn add(table: &'static str, column: &mut ColumnDef) -> TableAlterStatement {
    Table::alter().table(table).add_column(column.to_owned()).to_owned()
}

fn drop(table: &'static str, column: &'static str) -> TableAlterStatement {
    Table::alter().table(table).drop_column(column).to_owned()
}

/// `name` as a search reads it.
fn folded_name() -> String {
    let letters = FOLDED.iter().flat_map(|(letters, plain)| letters.chars().map(move |letter| (letter, plain)));
    letters.fold("LOWER(name)".to_owned(), |sql, (letter, plain)| {
        let letter = letter.to_string().replace('\'', "''");
        format!("REPLACE({sql}, '{letter}', '{plain}')")
    })
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("saved_views")
                    .col(uuid("id").primary_key())
                    .col(uuid("account_id"))
                    .col(text("name"))
                    .col(text("query"))
                    .col(boolean("is_default"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(&mut references("saved_views", "account_id", "accounts"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("saved_views", &["account_id"])).await?;
        manager.alter_table(add("paths", &mut date_null("held_since"))).await?;
        manager.alter_table(add("paths", text_null("outcome").check(one_of("outcome", OUTCOMES)))).await?;
        manager.alter_table(add("persons", &mut text_null("search"))).await?;
        let sqlite = manager.get_database_backend() == DbBackend::Sqlite;
        let ended = if sqlite {
            "json_extract(snapshot, '$.training.ended.outcome')"
        } else {
            "CAST(snapshot AS jsonb) #>> '{training,ended,outcome}'"
        };
        let db = manager.get_connection();
        db.execute_unprepared(&format!("UPDATE paths SET outcome = {ended}")).await?;
        db.execute_unprepared(&format!("UPDATE persons SET search = {} WHERE name IS NOT NULL", folded_name())).await?;
        let listed = if sqlite { LISTED } else { &LISTED[..2] };
        let mut listing = index("paths", listed);
        manager.create_index(listing.name("paths_listed").to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("paths_listed").table("paths").to_owned()).await?;
        manager.alter_table(drop("persons", "search")).await?;
        manager.alter_table(drop("paths", "outcome")).await?;
        manager.alter_table(drop("paths", "held_since")).await?;
        drop_tables(manager, &["saved_views"]).await
    }
}
