//! Rows of the table `place_alerts`.

use sea_orm::entity::prelude::*;

/// A threshold of places that was crossed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "place_alerts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub market: String,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub lot: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub year: i32,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub alert: String,
    pub crossed_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
