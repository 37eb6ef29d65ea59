//! Rows of the table `entry_statistics`.

use sea_orm::entity::prelude::*;

/// The statistical record of an entry into training.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "entry_statistics")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub path_id: Option<Uuid>,
    pub event_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub market: String,
    #[sea_orm(column_type = "Text")]
    pub lot: String,
    pub entered_on: Date,
    pub age: i32,
    pub level: i32,
    #[sea_orm(column_type = "Text")]
    pub sex: String,
    pub rsa: bool,
    pub boe: bool,
    #[sea_orm(column_type = "Text")]
    pub department: String,
    pub recorded_at: DateTimeUtc,
    pub annulled_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
