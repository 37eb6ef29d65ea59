//! Accounts of the Region, of the training bodies and of the operator, and their tokens.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::{drop_tables, index, one_of, references};

#[derive(DeriveMigrationName)]
pub struct Migration;

const ROLES: &[&str] =
    &["region_officer", "region_finance", "region_viewer", "coordinator", "administrator", "auditor"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("accounts")
                    .col(uuid("id").primary_key())
                    .col(text("email").unique_key())
                    .col(text("name"))
                    .col(text("role"))
                    .col(text_null("body"))
                    .col(text("lots"))
                    .col(text_null("phone"))
                    .col(boolean("active"))
                    .col(timestamp_with_time_zone("created_at"))
                    .check(one_of("role", ROLES))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("tokens")
                    .col(uuid("id").primary_key())
                    .col(uuid("account_id"))
                    .col(text("name"))
                    // SHA-256 of 256 random bits: the token itself is never stored.
                    .col(text("hash").unique_key())
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("expires_at"))
                    .col(timestamp_with_time_zone_null("revoked_at"))
                    .col(timestamp_with_time_zone_null("last_used_at"))
                    .foreign_key(&mut references("tokens", "account_id", "accounts"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("tokens", &["account_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["tokens", "accounts"]).await
    }
}
