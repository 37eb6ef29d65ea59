//! Rows of the table `committee_windows`.

use sea_orm::entity::prelude::*;

/// A link by which a partner reads a photograph of the committee.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "committee_windows")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub photograph: Uuid,
    #[sea_orm(column_type = "Text")]
    pub partner: String,
    pub until: Date,
    pub opened_by: Uuid,
    pub opened_at: DateTimeUtc,
    #[sea_orm(column_type = "Text")]
    pub token_hash: String,
    pub closed_at: Option<DateTimeUtc>,
    pub closed_by: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
