//! Rows of the table `place_years`.

use sea_orm::entity::prelude::*;

/// The places of a lot in a year of entry.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "place_years")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub market: String,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub lot: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub year: i32,
    pub planned: Option<i32>,
    pub maximum: Option<i32>,
    pub reserved: i32,
    pub consumed: i32,
    pub released: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
