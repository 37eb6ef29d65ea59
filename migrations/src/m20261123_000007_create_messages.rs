//! The outbox: every message owed, with its text without its link, its attempts and its lease.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::{drop_tables, holds, index, one_of};

#[derive(DeriveMigrationName)]
pub struct Migration;

const ROLES: &[&str] = &["body", "company", "trainee", "tutor", "region", "finance", "candidate"];
const STATES: &[&str] = &["queued", "sending", "sent", "refused", "failed", "held"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("messages")
                    // Order comes from this sequence, never from the clock.
                    .col(big_integer("seq").auto_increment().primary_key())
                    .col(uuid("id").unique_key())
                    .col(uuid_null("path_id"))
                    .col(uuid_null("order_id"))
                    .col(uuid_null("event_id"))
                    .col(text("kind"))
                    .col(text("role"))
                    .col(uuid_null("person_id"))
                    .col(uuid_null("account_id"))
                    .col(text("to_name"))
                    .col(text("to_email"))
                    .col(text("reply_to_name"))
                    .col(text("reply_to_email"))
                    .col(text("subject"))
                    .col(text("text"))
                    .col(text("html"))
                    .col(text_null("calendar"))
                    .col(text("message_id").unique_key())
                    .col(text("thread"))
                    .col(integer("rank"))
                    // 0 access codes, 1 decisions, 2 reminders.
                    .col(integer("priority"))
                    .col(text("state"))
                    .col(integer("attempts"))
                    .col(timestamp_with_time_zone("due_at"))
                    .col(timestamp_with_time_zone_null("lease_until"))
                    // The fencing token: one value per claim, so that a late write of an old claim changes nothing.
                    .col(uuid_null("lease_by"))
                    .col(text_null("last_error"))
                    .col(timestamp_with_time_zone("queued_at"))
                    .col(timestamp_with_time_zone_null("sent_at"))
                    .col(text_null("link_purpose"))
                    .col(timestamp_with_time_zone_null("link_expires_at"))
                    .col(integer("link_rank"))
                    // The link itself is computed when sending and never stored.
                    .col(text_null("link_hash").unique_key())
                    .col(timestamp_with_time_zone_null("link_revoked_at"))
                    .check(one_of("role", ROLES))
                    .check(one_of("state", STATES))
                    .check(holds("rank >= 0 AND attempts >= 0 AND link_rank >= 0"))
                    .check(holds("priority BETWEEN 0 AND 2"))
                    .check(holds("(state = 'sending') = (lease_by IS NOT NULL)"))
                    .check(holds("(lease_by IS NULL) = (lease_until IS NULL)"))
                    .check(holds("(state = 'sent') = (sent_at IS NOT NULL)"))
                    .to_owned(),
            )
            .await?;
        // Claims walk the messages that wait, in their order, and none of the others.
        let waiting = Index::create()
            .name("messages_waiting")
            .table("messages")
            .col("priority")
            .col("seq")
            .and_where(one_of("state", &["queued", "sending"]))
            .to_owned();
        manager.create_index(waiting).await?;
        manager.create_index(index("messages", &["state"])).await?;
        manager.create_index(index("messages", &["path_id"])).await?;
        manager.create_index(index("messages", &["order_id"])).await?;
        manager.create_index(index("messages", &["event_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["messages"]).await
    }
}
