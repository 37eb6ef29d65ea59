//! Rows of the table `lot_money`.

use sea_orm::entity::prelude::*;

/// The maximum of a lot over the market.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lot_money")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub market: String,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub lot: String,
    pub maximum_cents: i64,
    pub engaged_cents: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
