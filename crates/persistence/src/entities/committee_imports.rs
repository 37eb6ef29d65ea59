//! Rows of the table `committee_imports`.

use sea_orm::entity::prelude::*;

/// A table of another scheme, as it was received.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "committee_imports")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    pub as_of: Date,
    #[sea_orm(column_type = "Text", nullable)]
    pub scheme: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub file_name: String,
    #[sea_orm(column_type = "Text")]
    pub file_kind: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub sheet: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub sha256: String,
    pub bytes: Vec<u8>,
    pub imported_at: DateTimeUtc,
    pub imported_by: Uuid,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
