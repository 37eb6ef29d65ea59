//! Rows of the table `digest_heads`.

use sea_orm::entity::prelude::*;

/// The head of a stream that had changed by the digest of a day.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "digest_heads")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: Date,
    #[sea_orm(primary_key, auto_increment = false)]
    pub stream_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub stream: String,
    pub version: i32,
    #[sea_orm(column_type = "Text")]
    pub head: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
