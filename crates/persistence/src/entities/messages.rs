//! Rows of the table `messages`.

use sea_orm::entity::prelude::*;

/// A message of the outbox.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "messages")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub seq: i64,
    pub id: Uuid,
    pub path_id: Option<Uuid>,
    pub order_id: Option<Uuid>,
    pub event_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    #[sea_orm(column_type = "Text")]
    pub role: String,
    pub person_id: Option<Uuid>,
    pub account_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub to_name: String,
    #[sea_orm(column_type = "Text")]
    pub to_email: String,
    #[sea_orm(column_type = "Text")]
    pub reply_to_name: String,
    #[sea_orm(column_type = "Text")]
    pub reply_to_email: String,
    #[sea_orm(column_type = "Text")]
    pub subject: String,
    #[sea_orm(column_type = "Text")]
    pub text: String,
    #[sea_orm(column_type = "Text")]
    pub html: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub calendar: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub message_id: String,
    #[sea_orm(column_type = "Text")]
    pub thread: String,
    pub rank: i32,
    pub priority: i32,
    #[sea_orm(column_type = "Text")]
    pub state: String,
    pub attempts: i32,
    pub due_at: DateTimeUtc,
    pub lease_until: Option<DateTimeUtc>,
    pub lease_by: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub last_error: Option<String>,
    pub queued_at: DateTimeUtc,
    pub sent_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text", nullable)]
    pub link_purpose: Option<String>,
    pub link_expires_at: Option<DateTimeUtc>,
    pub link_rank: i32,
    #[sea_orm(column_type = "Text", nullable)]
    pub link_hash: Option<String>,
    pub link_revoked_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text", nullable)]
    pub reminds: Option<String>,
    pub left_at: Option<DateTimeUtc>,
    pub returned_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
