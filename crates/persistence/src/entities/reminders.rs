//! Rows of the table `reminders`.

use sea_orm::entity::prelude::*;

/// A reminder, an escalation or an expiry of a clock.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reminders")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub path_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub clock: String,
    pub started_on: Date,
    pub rank: i32,
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    pub due_on: Date,
    #[sea_orm(column_type = "Text")]
    pub state: String,
    pub done_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
