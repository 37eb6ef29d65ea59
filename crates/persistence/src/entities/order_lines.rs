//! Rows of the table `order_lines`.

use sea_orm::entity::prelude::*;

/// A line of a notified purchase order with the units drawn and served.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "order_lines")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub order_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub option_code: String,
    pub unit_price_cents: i64,
    pub vat: i32,
    pub quantity: i32,
    pub drawn: i32,
    pub served: i32,
    pub reduced_cents: i64,
    pub open: bool,
    pub rank_on: Option<Date>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::purchase_orders::Entity",
        from = "Column::OrderId",
        to = "super::purchase_orders::Column::Id"
    )]
    PurchaseOrders,
}

impl Related<super::purchase_orders::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::PurchaseOrders.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
