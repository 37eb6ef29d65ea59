//! Purchase orders as their fold, and their lines with the units drawn and served.

use sea_orm_migration::{prelude::*, schema::*};

use crate::columns::{drop_tables, holds, index, one_of, references, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

const STATES: &[&str] = &["draft", "to_endorse", "endorsed", "notified", "settled", "cancelled"];
const OPTIONS: &[&str] = &["P1", "M1", "M2", "M3", "N1", "N2", "N3"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("purchase_orders")
                    .col(uuid("id").primary_key())
                    .col(text("reference").unique_key())
                    .col(text("market"))
                    .col(text("lot"))
                    .col(text("state"))
                    .col(integer("version"))
                    .col(text("head"))
                    .col(text("snapshot"))
                    .col(integer("budget_year"))
                    .col(big_integer("total_cents"))
                    .col(big_integer("engaged_cents"))
                    .col(date_null("certain_on"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .check(one_of("state", STATES))
                    .check(holds("version > 0"))
                    .check(holds("0 <= engaged_cents AND engaged_cents <= total_cents"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("purchase_orders", &["lot", "state"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("order_lines")
                    .col(uuid("id").primary_key())
                    .col(uuid("order_id"))
                    .col(text("option_code"))
                    .col(big_integer("unit_price_cents"))
                    .col(integer("vat"))
                    .col(integer("quantity"))
                    .col(integer("drawn"))
                    .col(integer("served"))
                    // What reductions left unpaid of the units served: freed when the order is settled.
                    .col(big_integer("reduced_cents"))
                    // Paths draw from lines of notified orders only.
                    .col(boolean("open"))
                    .col(date_null("rank_on"))
                    .check(one_of("option_code", OPTIONS))
                    .check(holds("unit_price_cents >= 0 AND vat >= 0 AND reduced_cents >= 0"))
                    .check(holds("0 <= served AND served <= drawn AND drawn <= quantity"))
                    .foreign_key(&mut references("order_lines", "order_id", "purchase_orders"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("order_lines", &["order_id", "option_code"])).await?;
        manager.create_index(index("order_lines", &["open", "option_code", "rank_on"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["order_lines", "purchase_orders"]).await
    }
}
