//! Rows of the table `budget_years`.

use sea_orm::entity::prelude::*;

/// The budget of a year.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "budget_years")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub market: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub year: i32,
    pub budget_cents: i64,
    pub engaged_cents: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
