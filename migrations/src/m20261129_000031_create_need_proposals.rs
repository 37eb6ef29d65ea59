//! Needs that people outside report: what they said, and what became of it.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::{drop_tables, holds, index, one_of, references};

#[derive(DeriveMigrationName)]
pub struct Migration;

const SENDERS: &[&str] = &["company", "france_travail", "mission_locale", "cap_emploi", "career_advice", "other"];
const STATES: &[&str] = &["unconfirmed", "received", "taken", "declined"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("need_proposals")
                    .col(uuid("id").primary_key())
                    // The digest of the form that was sent, with its ticket: the same one sent again makes no second one.
                    .col(text("request").unique_key())
                    .col(text("lot"))
                    .col(text("sender"))
                    .col(text("company"))
                    .col(text_null("siret"))
                    .col(text("commune"))
                    .col(text("job"))
                    .col(big_integer("persons_wanted"))
                    // Names, addresses, telephones and the free text.
                    .col(text("sealed"))
                    .col(text("state"))
                    .col(timestamp_with_time_zone("sent_at"))
                    .col(timestamp_with_time_zone_null("confirmed_at"))
                    .col(timestamp_with_time_zone_null("decided_at"))
                    .col(text_null("decided_by"))
                    // Of one that was taken.
                    .col(uuid_null("path_id"))
                    // Why it was declined: it may name somebody.
                    .col(text_null("sealed_reason"))
                    .check(one_of("sender", SENDERS))
                    .check(one_of("state", STATES))
                    .check(holds("persons_wanted > 0"))
                    .check(holds("(state = 'unconfirmed') = (confirmed_at IS NULL)"))
                    .check(holds("(state IN ('taken', 'declined')) = (decided_at IS NOT NULL)"))
                    .check(holds("(decided_at IS NULL) = (decided_by IS NULL)"))
                    .check(holds("(state = 'taken') = (path_id IS NOT NULL)"))
                    .check(holds("(state = 'declined') = (sealed_reason IS NOT NULL)"))
                    .foreign_key(&mut references("need_proposals", "path_id", "paths"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("need_proposals", &["state", "lot"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["need_proposals"]).await
    }
}
