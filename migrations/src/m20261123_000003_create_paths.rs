//! Paths as their fold with the columns that lists filter on, the values of their people, and their documents.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::{drop_tables, holds, index, one_of, references};

#[derive(DeriveMigrationName)]
pub struct Migration;

const STATES: &[&str] = &[
    "need_reported",
    "feasibility_ordered",
    "feasibility_in_progress",
    "feasibility_delivered",
    "feasibility_adjourned",
    "feasible",
    "preparation_ordered",
    "preparation_in_progress",
    "preparation_delivered",
    "preparation_adjourned",
    "ready",
    "candidate_selection",
    "candidate_selected",
    "pif_signed",
    "implementation_ordered",
    "in_training",
    "suspended",
    "training_ended",
    "report_delivered",
    "report_adjourned",
    "closed",
    "not_feasible",
    "declined",
    "cancelled",
];
const SIDES: &[&str] = &["region", "finance", "body", "company", "trainee", "tutor", "system"];
const PERSON_ROLES: &[&str] = &["body", "company", "trainee", "tutor", "region", "finance", "candidate"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("paths")
                    .col(uuid("id").primary_key())
                    .col(text("reference").unique_key())
                    .col(text("market"))
                    .col(text("lot"))
                    .col(text("state"))
                    .col(integer("version"))
                    .col(text("head"))
                    .col(text("snapshot"))
                    .col(text("company_name"))
                    .col(text("siret"))
                    .col(text("commune"))
                    .col(text("department"))
                    .col(text("job_title"))
                    // What people type to find it, folded to plain small letters.
                    .col(text("search"))
                    .col(text_null("holder"))
                    .col(date_null("due_on"))
                    .col(text_null("clock"))
                    .col(date("opened_on"))
                    .col(date_null("entered_on"))
                    .col(integer_null("waiting_year"))
                    .col(timestamp_with_time_zone_null("waiting_since"))
                    .col(uuid_null("coordinator_id"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .check(one_of("state", STATES))
                    .check(one_of("holder", SIDES))
                    .check(holds("version > 0"))
                    .check(holds("(waiting_year IS NULL) = (waiting_since IS NULL)"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("paths", &["lot", "state"])).await?;
        manager.create_index(index("paths", &["holder", "due_on"])).await?;
        manager.create_index(index("paths", &["siret"])).await?;
        manager.create_index(index("paths", &["waiting_year", "lot", "waiting_since"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("persons")
                    .col(uuid("id").primary_key())
                    .col(uuid("path_id"))
                    .col(text("role"))
                    .col(text_null("name"))
                    .col(text_null("email"))
                    .col(text_null("phone"))
                    // Birth date, level, sex, RSA and BOE, encrypted.
                    .col(text_null("sealed"))
                    .col(text("salt"))
                    .col(boolean("active"))
                    .col(boolean("reminders_off"))
                    .col(boolean("address_refused"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .check(one_of("role", PERSON_ROLES))
                    .foreign_key(&mut references("persons", "path_id", "paths"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("persons", &["path_id"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("documents")
                    .col(uuid("id").primary_key())
                    .col(uuid("path_id"))
                    .col(text("kind"))
                    .col(text("name"))
                    .col(text("media_type"))
                    .col(text("sha256"))
                    .col(big_integer("size"))
                    // In the store and not on a replica's disk, so that every replica serves them.
                    .col(blob("bytes"))
                    .col(timestamp_with_time_zone("added_at"))
                    .col(text("added_by"))
                    .check(holds("size >= 0"))
                    .foreign_key(&mut references("documents", "path_id", "paths"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("documents", &["path_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["documents", "persons", "paths"]).await
    }
}
