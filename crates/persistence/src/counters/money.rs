//! Money: what orders engage of a year's budget and of a lot's maximum, what paths drew of it, what was invoiced and paid.

use domain::identifiers::LotCode;
use domain::market::{Market, OptionCode};
use domain::money::Cents;
use domain::order::{Funds, OrderState};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, SimpleExpr};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, IntoActiveModel, JoinType, QueryFilter, QueryOrder, QuerySelect, Set,
};

use super::CounterOutcome;
use super::units::to_order;
use crate::entities::{budget_years, lot_money, order_lines, purchase_orders};
use crate::error::{Result, StoreError};
use crate::rows::Row;
use crate::tx::Tx;

/// The budget of a year and what is engaged of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BudgetYear {
    pub year: i32,
    pub budget: Cents,
    pub engaged: Cents,
    /// Invoiced on the orders of the year, and paid.
    pub invoiced: Cents,
    pub paid: Cents,
}

/// The money of a lot over all years, excluding tax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotMoney {
    pub lot: LotCode,
    /// The contract's maximum for the lot.
    pub maximum: Cents,
    pub engaged: Cents,
    /// The price of the units drawn.
    pub drawn: Cents,
    /// The price of the units served, before reductions.
    pub served: Cents,
    /// What reductions left unpaid of the units served.
    pub reduced: Cents,
    /// What payment requests ask, those sent back left out.
    pub invoiced: Cents,
    pub paid: Cents,
}

/// What the orders of a lot charge to the budget of a year, excluding tax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotYear {
    pub lot: LotCode,
    pub year: i32,
    pub engaged: Cents,
    /// Of the orders that wait for their visa: not engaged yet.
    pub to_endorse: Cents,
    /// The price of the units served, before reductions.
    pub served: Cents,
    pub invoiced: Cents,
    pub paid: Cents,
}

/// The units and the money of one option of a lot over its notified orders, excluding tax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionMoney {
    pub option: OptionCode,
    pub ordered: u32,
    pub drawn: u32,
    pub served: u32,
    pub ordered_cents: Cents,
    pub drawn_cents: Cents,
    /// Before reductions.
    pub served_cents: Cents,
    /// What reductions left unpaid of the units served.
    pub reduced_cents: Cents,
}

#[derive(Debug, FromQueryResult)]
struct OfOption {
    option_code: String,
    ordered: i64,
    drawn: i64,
    served: i64,
    ordered_cents: i64,
    drawn_cents: i64,
    served_cents: i64,
    reduced_cents: i64,
}

#[derive(Debug, FromQueryResult)]
struct Used {
    lot: String,
    budget_year: i32,
    drawn: i64,
    served: i64,
    reduced: i64,
}

/// What the orders of a lot engage of a year or ask to, and what was invoiced and paid of them.
#[derive(Debug, FromQueryResult)]
struct Billed {
    lot: String,
    budget_year: i32,
    engaged: i64,
    to_endorse: i64,
    invoiced: i64,
    paid: i64,
}

fn maximum_of(market: &Market, lot: &LotCode) -> Cents {
    // A lot that the market does not have may engage nothing.
    market.lot(lot).map_or(Cents::ZERO, |lot| lot.maximum)
}

/// A sum of whole numbers, which PostgreSQL would otherwise give as a decimal.
fn whole_sum(expression: SimpleExpr) -> SimpleExpr {
    expression.sum().cast_as("bigint")
}

/// A counter of a line at its unit price.
fn priced(counter: order_lines::Column) -> SimpleExpr {
    let of = |column: order_lines::Column| Expr::col((order_lines::Entity, column));
    of(order_lines::Column::UnitPriceCents).mul(of(counter))
}

impl Tx {
    /// Engages an amount on a year's budget and a lot's maximum; refused above either.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn engage(&self, market: &Market, lot: &LotCode, year: i32, cents: Cents) -> Result<CounterOutcome> {
        if self.engage_year(&market.code, year, cents).await? == CounterOutcome::Refused {
            let row = budget_years::Model {
                market: market.code.clone(),
                year,
                budget_cents: market.budget_per_year.get(),
                engaged_cents: 0,
            };
            let key = [budget_years::Column::Market, budget_years::Column::Year];
            let insert = budget_years::Entity::insert(row.into_active_model())
                .on_conflict(OnConflict::columns(key).do_nothing().to_owned());
            self.run(insert.exec_without_returning(self.db())).await?;
            if self.engage_year(&market.code, year, cents).await? == CounterOutcome::Refused {
                return Ok(CounterOutcome::Refused);
            }
        }
        if self.engage_lot(&market.code, lot, cents).await? == CounterOutcome::Done {
            return Ok(CounterOutcome::Done);
        }
        let row = lot_money::Model {
            market: market.code.clone(),
            lot: lot.to_string(),
            maximum_cents: maximum_of(market, lot).get(),
            engaged_cents: 0,
        };
        let key = [lot_money::Column::Market, lot_money::Column::Lot];
        let insert = lot_money::Entity::insert(row.into_active_model())
            .on_conflict(OnConflict::columns(key).do_nothing().to_owned());
        self.run(insert.exec_without_returning(self.db())).await?;
        self.engage_lot(&market.code, lot, cents).await
    }

    async fn engage_year(&self, market: &str, year: i32, cents: Cents) -> Result<CounterOutcome> {
        use budget_years::Column::{BudgetCents, EngagedCents, Market as MarketCode, Year};
        let engaged = || Expr::col(EngagedCents).add(cents.get());
        let update = budget_years::Entity::update_many()
            .col_expr(EngagedCents, engaged())
            .filter(MarketCode.eq(market))
            .filter(Year.eq(year))
            .filter(engaged().gte(0))
            .filter(engaged().lte(Expr::col(BudgetCents)));
        Ok(CounterOutcome::of(self.run(update.exec(self.db())).await?.rows_affected))
    }

    async fn engage_lot(&self, market: &str, lot: &LotCode, cents: Cents) -> Result<CounterOutcome> {
        use lot_money::Column::{EngagedCents, Lot, Market as MarketCode, MaximumCents};
        let engaged = || Expr::col(EngagedCents).add(cents.get());
        let update = lot_money::Entity::update_many()
            .col_expr(EngagedCents, engaged())
            .filter(MarketCode.eq(market))
            .filter(Lot.eq(lot.as_str()))
            .filter(engaged().gte(0))
            .filter(engaged().lte(Expr::col(MaximumCents)));
        Ok(CounterOutcome::of(self.run(update.exec(self.db())).await?.rows_affected))
    }

    /// Gives engaged money back.
    ///
    /// # Errors
    /// Less was engaged than is given back, or the store does not answer.
    pub async fn free_engagement(&self, market: &str, lot: &LotCode, year: i32, cents: Cents) -> Result<()> {
        if self.engage_year(market, year, -cents).await? == CounterOutcome::Refused {
            let problem = format!("less engaged than the {} cents to free", cents.get());
            return Err(StoreError::inconsistent("budget_years", "engaged_cents", format!("{market} {year}"), problem));
        }
        if self.engage_lot(market, lot, -cents).await? == CounterOutcome::Refused {
            let problem = format!("less engaged than the {} cents to free", cents.get());
            return Err(StoreError::inconsistent("lot_money", "engaged_cents", format!("{market} {lot}"), problem));
        }
        Ok(())
    }

    /// What may still be engaged on a lot and a year.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn funds(&self, market: &Market, lot: &LotCode, year: i32) -> Result<Funds> {
        let find = budget_years::Entity::find_by_id((market.code.clone(), year));
        let year = self.run(find.one(self.db())).await?;
        let find = lot_money::Entity::find_by_id((market.code.clone(), lot.to_string()));
        let of_lot = self.run(find.one(self.db())).await?;
        Ok(Funds {
            lot: of_lot
                .map_or_else(|| maximum_of(market, lot), |row| Cents::new(row.maximum_cents - row.engaged_cents)),
            year: year.map_or(market.budget_per_year, |row| Cents::new(row.budget_cents - row.engaged_cents)),
        })
    }

    /// Gives the years from this one on, and the lots, the money of a new version of the terms; refused when more is
    /// engaged already.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn set_funds(&self, market: &Market, from_year: i32) -> Result<CounterOutcome> {
        let budget = market.budget_per_year.get();
        let years = budget_years::Entity::find()
            .filter(budget_years::Column::Market.eq(&market.code))
            .filter(budget_years::Column::Year.gte(from_year))
            .order_by_asc(budget_years::Column::Year);
        for year in self.run(years.all(self.db())).await? {
            let update = budget_years::Entity::update_many()
                .set(budget_years::ActiveModel { budget_cents: Set(budget), ..Default::default() })
                .filter(budget_years::Column::Market.eq(&market.code))
                .filter(budget_years::Column::Year.eq(year.year))
                .filter(budget_years::Column::EngagedCents.lte(budget));
            if self.run(update.exec(self.db())).await?.rows_affected == 0 {
                return Ok(CounterOutcome::Refused);
            }
        }
        for lot in &market.lots {
            let maximum = lot.maximum.get();
            let of_lot = || {
                lot_money::Entity::update_many()
                    .filter(lot_money::Column::Market.eq(&market.code))
                    .filter(lot_money::Column::Lot.eq(lot.code.as_str()))
            };
            let update = of_lot()
                .set(lot_money::ActiveModel { maximum_cents: Set(maximum), ..Default::default() })
                .filter(lot_money::Column::EngagedCents.lte(maximum));
            let find = lot_money::Entity::find_by_id((market.code.clone(), lot.code.to_string()));
            if self.run(update.exec(self.db())).await?.rows_affected == 0
                && self.run(find.one(self.db())).await?.is_some()
            {
                return Ok(CounterOutcome::Refused);
            }
        }
        Ok(CounterOutcome::Done)
    }

    /// The budgets of the years on which something was engaged, by year.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn budgets(&self, market: &str) -> Result<Vec<BudgetYear>> {
        let find = budget_years::Entity::find()
            .filter(budget_years::Column::Market.eq(market))
            .order_by_asc(budget_years::Column::Year);
        let billed = self.billed(market).await?;
        let read = |row: budget_years::Model| {
            let of_year = || billed.iter().filter(|billed| billed.budget_year == row.year);
            BudgetYear {
                year: row.year,
                budget: Cents::new(row.budget_cents),
                engaged: Cents::new(row.engaged_cents),
                invoiced: Cents::new(of_year().map(|billed| billed.invoiced).sum()),
                paid: Cents::new(of_year().map(|billed| billed.paid).sum()),
            }
        };
        Ok(self.run(find.all(self.db())).await?.into_iter().map(read).collect())
    }

    /// The money of the lots of a market on which something was engaged, by lot.
    ///
    /// # Errors
    /// A row makes no sense, or the store does not answer.
    pub async fn lot_money(&self, market: &str) -> Result<Vec<LotMoney>> {
        let used = self.used(market).await?;
        let billed = self.billed(market).await?;
        let lots =
            lot_money::Entity::find().filter(lot_money::Column::Market.eq(market)).order_by_asc(lot_money::Column::Lot);
        let read = |row: lot_money::Model| {
            let cents = |of: fn(&Used) -> i64| Cents::new(used.iter().filter(|used| used.lot == row.lot).map(of).sum());
            let of_lot = || billed.iter().filter(|billed| billed.lot == row.lot);
            Ok(LotMoney {
                lot: Row::new("lot_money", format!("{market} {}", row.lot)).text("lot", &row.lot)?,
                maximum: Cents::new(row.maximum_cents),
                engaged: Cents::new(row.engaged_cents),
                drawn: cents(|used| used.drawn),
                served: cents(|used| used.served),
                reduced: cents(|used| used.reduced),
                invoiced: Cents::new(of_lot().map(|billed| billed.invoiced).sum()),
                paid: Cents::new(of_lot().map(|billed| billed.paid).sum()),
            })
        };
        self.run(lots.all(self.db())).await?.into_iter().map(read).collect()
    }

    /// What the orders of a market charge to each year, by lot.
    ///
    /// # Errors
    /// A row makes no sense, or the store does not answer.
    pub async fn lot_years(&self, market: &str) -> Result<Vec<LotYear>> {
        let used = self.used(market).await?;
        let read = |row: Billed| {
            let of_row = used.iter().filter(|used| (&used.lot, used.budget_year) == (&row.lot, row.budget_year));
            Ok(LotYear {
                lot: Row::new("purchase_orders", format!("{market} {}", row.lot)).text("lot", &row.lot)?,
                year: row.budget_year,
                engaged: Cents::new(row.engaged),
                to_endorse: Cents::new(row.to_endorse),
                served: Cents::new(of_row.map(|used| used.served).sum()),
                invoiced: Cents::new(row.invoiced),
                paid: Cents::new(row.paid),
            })
        };
        self.billed(market).await?.into_iter().map(read).collect()
    }

    /// What was drawn and served of a market, by lot and year.
    async fn used(&self, market: &str) -> Result<Vec<Used>> {
        use purchase_orders::Column::{BudgetYear, Lot, Market as MarketCode};
        let find = order_lines::Entity::find()
            .select_only()
            .columns([Lot, BudgetYear])
            .expr_as(whole_sum(priced(order_lines::Column::Drawn)), "drawn")
            .expr_as(whole_sum(priced(order_lines::Column::Served)), "served")
            .expr_as(whole_sum(Expr::col((order_lines::Entity, order_lines::Column::ReducedCents))), "reduced")
            .join(JoinType::InnerJoin, to_order())
            .filter(MarketCode.eq(market))
            .group_by(Lot)
            .group_by(BudgetYear)
            .into_model::<Used>();
        self.run(find.all(self.db())).await
    }

    /// What was engaged, invoiced and paid of a market, by lot and year.
    async fn billed(&self, market: &str) -> Result<Vec<Billed>> {
        use purchase_orders::Column::{
            BudgetYear, EngagedCents, InvoicedCents, Lot, Market as MarketCode, PaidCents, State, TotalCents,
        };
        let waits = State.eq(OrderState::ToEndorse.as_ref());
        let to_endorse: SimpleExpr = Expr::case(waits, Expr::col(TotalCents)).finally(0_i64).into();
        let find = purchase_orders::Entity::find()
            .select_only()
            .columns([Lot, BudgetYear])
            .expr_as(whole_sum(Expr::col(EngagedCents)), "engaged")
            .expr_as(whole_sum(to_endorse), "to_endorse")
            .expr_as(whole_sum(Expr::col(InvoicedCents)), "invoiced")
            .expr_as(whole_sum(Expr::col(PaidCents)), "paid")
            .filter(MarketCode.eq(market))
            .group_by(Lot)
            .group_by(BudgetYear)
            .into_model::<Billed>();
        self.run(find.all(self.db())).await
    }

    /// The units and the money of each option of a lot, over the orders that were notified.
    ///
    /// # Errors
    /// A row makes no sense, or the store does not answer.
    pub async fn option_money(&self, market: &str, lot: &LotCode) -> Result<Vec<OptionMoney>> {
        use order_lines::Column::{Drawn, OptionCode, Quantity, ReducedCents, Served};
        use purchase_orders::Column::{CertainOn, Lot, Market as MarketCode};
        let of = |column: order_lines::Column| SimpleExpr::from(Expr::col((order_lines::Entity, column)));
        let find = order_lines::Entity::find()
            .select_only()
            .column(OptionCode)
            .expr_as(whole_sum(of(Quantity)), "ordered")
            .expr_as(whole_sum(of(Drawn)), "drawn")
            .expr_as(whole_sum(of(Served)), "served")
            .expr_as(whole_sum(priced(Quantity)), "ordered_cents")
            .expr_as(whole_sum(priced(Drawn)), "drawn_cents")
            .expr_as(whole_sum(priced(Served)), "served_cents")
            .expr_as(whole_sum(of(ReducedCents)), "reduced_cents")
            .join(JoinType::InnerJoin, to_order())
            .filter(MarketCode.eq(market))
            .filter(Lot.eq(lot.as_str()))
            .filter(CertainOn.is_not_null())
            .group_by(OptionCode)
            .order_by_asc(OptionCode)
            .into_model::<OfOption>();
        let read = |row: OfOption| {
            let at = Row::new("order_lines", format!("{market} {lot} {}", row.option_code));
            let count = |column, number: i64| at.read(column, u32::try_from(number));
            Ok(OptionMoney {
                option: at.text("option_code", &row.option_code)?,
                ordered: count("quantity", row.ordered)?,
                drawn: count("drawn", row.drawn)?,
                served: count("served", row.served)?,
                ordered_cents: Cents::new(row.ordered_cents),
                drawn_cents: Cents::new(row.drawn_cents),
                served_cents: Cents::new(row.served_cents),
                reduced_cents: Cents::new(row.reduced_cents),
            })
        };
        self.run(find.all(self.db())).await?.into_iter().map(read).collect()
    }
}
