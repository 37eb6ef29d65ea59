//! Reminders of the clocks with their civil days, and tasks for the people who must look at something.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::{drop_tables, holds, index, one_of, references, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

const SIDES: &[&str] = &["region", "finance", "body", "company", "trainee", "tutor", "system"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("reminders")
                    .col(uuid("id").primary_key())
                    .col(uuid("path_id"))
                    .col(text("clock"))
                    .col(date("started_on"))
                    // Days from the due day, negative before it.
                    .col(integer("rank"))
                    .col(text("kind"))
                    .col(date("due_on"))
                    .col(text("state"))
                    .col(timestamp_with_time_zone_null("done_at"))
                    .check(one_of("kind", &["reminder", "escalation", "expiry"]))
                    .check(one_of("state", &["pending", "done", "cancelled"]))
                    .check(holds("(state = 'pending') = (done_at IS NULL)"))
                    .foreign_key(&mut references("reminders", "path_id", "paths"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("reminders", &["path_id", "clock", "started_on", "kind", "rank"])).await?;
        manager.create_index(index("reminders", &["state", "due_on"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("tasks")
                    .col(uuid("id").primary_key())
                    .col(uuid_null("path_id"))
                    .col(uuid_null("order_id"))
                    .col(uuid_null("message_id"))
                    .col(text("for_side"))
                    .col(text_null("body"))
                    .col(text("kind"))
                    .col(text("detail"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("done_at"))
                    .col(text_null("done_by"))
                    .check(one_of("for_side", SIDES))
                    .check(holds("(done_at IS NULL) = (done_by IS NULL)"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("tasks", &["for_side", "done_at"])).await?;
        manager.create_index(index("tasks", &["path_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["tasks", "reminders"]).await
    }
}
