//! What accounts choose about their messages, and until which day the officers of the Region were told by a digest.
//!
//! Officers of before are told from the day of the migration on: what happened earlier is in their lists.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::ConnectionTrait};

use crate::columns::{drop_tables, one_of, references};

#[derive(DeriveMigrationName)]
pub struct Migration;

const NEWS: &[&str] = &["needs", "conditions", "candidates"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let preferences = text("preferences").default("{}").to_owned();
        manager.alter_table(Table::alter().table("accounts").add_column(preferences).to_owned()).await?;
        manager
            .create_table(
                Table::create()
                    .table("told_news")
                    .col(uuid("account_id"))
                    .col(text("news"))
                    // The first day that no digest told.
                    .col(date("told_until"))
                    .primary_key(Index::create().col("account_id").col("news"))
                    .foreign_key(&mut references("told_news", "account_id", "accounts"))
                    .check(one_of("news", NEWS))
                    .to_owned(),
            )
            .await?;
        for news in NEWS {
            let told = format!(
                "INSERT INTO told_news (account_id, news, told_until)
                 SELECT id, '{news}', CURRENT_DATE FROM accounts WHERE role = 'region_officer'"
            );
            manager.get_connection().execute_unprepared(&told).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["told_news"]).await?;
        manager.alter_table(Table::alter().table("accounts").drop_column("preferences").to_owned()).await
    }
}
