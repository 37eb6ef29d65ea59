//! Rows of the table `purchase_orders`.

use sea_orm::entity::prelude::*;

/// A purchase order as its fold.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "purchase_orders")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub reference: String,
    #[sea_orm(column_type = "Text")]
    pub market: String,
    #[sea_orm(column_type = "Text")]
    pub lot: String,
    #[sea_orm(column_type = "Text")]
    pub state: String,
    pub version: i32,
    #[sea_orm(column_type = "Text")]
    pub head: String,
    #[sea_orm(column_type = "Text")]
    pub snapshot: String,
    pub budget_year: i32,
    pub total_cents: i64,
    pub engaged_cents: i64,
    pub invoiced_cents: i64,
    pub paid_cents: i64,
    pub payment_due_on: Option<Date>,
    pub certain_on: Option<Date>,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
