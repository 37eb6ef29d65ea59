//! Rows of the table `answer_proofs`.

use sea_orm::entity::prelude::*;

/// How an answer was given.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "answer_proofs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_id: Uuid,
    pub path_id: Uuid,
    pub seq: i32,
    #[sea_orm(column_type = "Text")]
    pub sealed: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
