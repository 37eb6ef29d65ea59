//! Passwords as their hashes, the links that set them, the tries at signing in, and the security log.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::{drop_tables, holds, index, references};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("credentials")
                    .col(uuid("account_id").primary_key())
                    // Argon2id, with its salt and its cost.
                    .col(text("hash"))
                    .col(timestamp_with_time_zone("set_at"))
                    .foreign_key(&mut references("credentials", "account_id", "accounts"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("password_links")
                    // SHA-256 of the token, which is computed from the message and never stored.
                    .col(text("hash").primary_key())
                    .col(uuid("account_id"))
                    .col(boolean("invitation"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .col(timestamp_with_time_zone_null("used_at"))
                    .foreign_key(&mut references("password_links", "account_id", "accounts"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("password_links", &["account_id"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("sign_in_tries")
                    // The digest of an address of e-mail, of a device or of a network address: who tries, whoever exists.
                    .col(text("key").primary_key())
                    .col(integer("failures"))
                    .col(integer("counted"))
                    .col(timestamp_with_time_zone("counted_from"))
                    .col(timestamp_with_time_zone("last_at"))
                    .check(holds("failures >= 0 AND counted >= 0"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("sign_in_tries", &["last_at"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("security_log")
                    .col(big_integer("seq").auto_increment().primary_key())
                    .col(timestamp_with_time_zone("at"))
                    .col(text("kind"))
                    // Whose account it is about; none when the address typed is nobody's.
                    .col(uuid_null("account_id"))
                    // Who did it, when that is somebody else.
                    .col(uuid_null("by_account_id"))
                    .col(text("address"))
                    .col(text("browser"))
                    .col(text("detail"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("security_log", &["account_id"])).await?;
        manager.create_index(index("security_log", &["kind"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["security_log", "sign_in_tries", "password_links", "credentials"]).await
    }
}
