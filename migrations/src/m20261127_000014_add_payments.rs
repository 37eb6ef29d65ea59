//! Payments of purchase orders: what was invoiced and paid, the next day on which something is due, and the reminders sent.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::{drop_tables, holds, index, references};

#[derive(DeriveMigrationName)]
pub struct Migration;

fn alter(column: &mut ColumnDef) -> TableAlterStatement {
    Table::alter().table("purchase_orders").add_column(column.to_owned()).to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let cents = |name, check| big_integer(name).default(0).check(holds(check)).to_owned();
        manager.alter_table(alter(&mut cents("invoiced_cents", "invoiced_cents >= 0"))).await?;
        manager.alter_table(alter(&mut cents("paid_cents", "paid_cents >= 0"))).await?;
        manager.alter_table(alter(&mut date_null("payment_due_on"))).await?;
        manager.create_index(index("purchase_orders", &["payment_due_on"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("payment_reminders")
                    .col(uuid("order_id"))
                    // In Chorus Pro.
                    .col(text("number"))
                    .col(date("due_on"))
                    // Days before it.
                    .col(integer("rank"))
                    .col(timestamp_with_time_zone("sent_at"))
                    .primary_key(Index::create().col("order_id").col("number").col("due_on").col("rank"))
                    .foreign_key(&mut references("payment_reminders", "order_id", "purchase_orders"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["payment_reminders"]).await?;
        manager
            .drop_index(Index::drop().name("purchase_orders_payment_due_on").table("purchase_orders").to_owned())
            .await?;
        for column in ["payment_due_on", "paid_cents", "invoiced_cents"] {
            manager.alter_table(Table::alter().table("purchase_orders").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
