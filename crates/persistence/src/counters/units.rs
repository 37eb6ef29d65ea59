//! Units of order lines: drawn by paths, served when their prestation is decided, given back when it is not.

use domain::identifiers::{LineId, LotCode, OrderId, OrderReference};
use domain::market::OptionCode;
use domain::money::{Amount, Cents, VatRate};
use domain::order::LineUse;
use domain::path::{Effect, Event, FreeUnit, Path};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, DerivePartialModel, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect,
    RelationDef, Select,
};
use uuid::Uuid;

use super::CounterOutcome;
use crate::entities::{order_lines, purchase_orders};
use crate::error::{Result, StoreError};
use crate::rows::Row;
use crate::tx::Tx;

/// What an event that serves units leaves unpaid of their price, and the line on which it counts; `after` is the path
/// after the event.
///
/// A settled order gives this money back: it was engaged and is not owed.
pub fn unpaid(after: &Path, event: &Event) -> Option<(LineId, Cents)> {
    let draws = |prestation| after.file(prestation).ordered.as_ref().map_or(&[][..], |ordered| &ordered.draws);
    let (draws, amount) = match event {
        Event::Admitted { prestation, amount, .. } => (draws(*prestation), *amount),
        Event::ClosedWithoutReport { amount, .. } => (draws(domain::market::Prestation::Implementation), *amount),
        Event::Cancelled { served, amount, .. } => (&served[..], *amount),
        _ => return None,
    };
    let price: Cents = draws.iter().map(|draw| draw.price.excluding_tax).sum();
    let line = draws.first()?.line;
    (price > amount).then(|| (line, price - amount))
}

#[derive(Debug, FromQueryResult)]
struct Free {
    id: Uuid,
    option_code: String,
    unit_price_cents: i64,
    vat: i32,
    reference: String,
}

#[derive(Debug, DerivePartialModel)]
#[sea_orm(entity = "order_lines::Entity")]
struct Use {
    id: Uuid,
    drawn: i32,
    served: i32,
    reduced_cents: i64,
}

fn free_unit(free: &Free) -> Result<FreeUnit> {
    let at = Row::new("order_lines", free.id);
    let vat = at.count("vat", free.vat)?;
    Ok(FreeUnit {
        line: LineId::new(free.id),
        order: Row::new("purchase_orders", &free.reference).text::<OrderReference>("reference", &free.reference)?,
        option: at.text("option_code", &free.option_code)?,
        price: Amount { excluding_tax: Cents::new(free.unit_price_cents), vat: at.read("vat", VatRate::new(vat))? },
    })
}

/// Lines to the order they belong to.
pub(crate) fn to_order() -> RelationDef {
    order_lines::Entity::belongs_to(purchase_orders::Entity)
        .from(order_lines::Column::OrderId)
        .to(purchase_orders::Column::Id)
        .into()
}

/// The lines of a lot that have a unit of one of these options to draw; what is read of them is chosen by the caller.
fn free_lines(market: &str, lot: &LotCode, options: &[OptionCode]) -> Select<order_lines::Entity> {
    order_lines::Entity::find()
        .select_only()
        .join(JoinType::InnerJoin, to_order())
        .filter(purchase_orders::Column::Market.eq(market))
        .filter(purchase_orders::Column::Lot.eq(lot.as_str()))
        .filter(order_lines::Column::Open.eq(true))
        .filter(order_lines::Column::OptionCode.is_in(options.iter().map(OptionCode::to_string)))
        .filter(
            Expr::col((order_lines::Entity, order_lines::Column::Drawn))
                .lt(Expr::col((order_lines::Entity, order_lines::Column::Quantity))),
        )
}

impl Tx {
    /// One unit that may be drawn for each of these options, from the order of the oldest certain date that has one.
    ///
    /// # Errors
    /// A row makes no sense, or the store does not answer.
    pub async fn free_units(&self, market: &str, lot: &LotCode, options: &[OptionCode]) -> Result<Vec<FreeUnit>> {
        let find = free_lines(market, lot, options)
            .columns([
                order_lines::Column::Id,
                order_lines::Column::OptionCode,
                order_lines::Column::UnitPriceCents,
                order_lines::Column::Vat,
            ])
            .column(purchase_orders::Column::Reference)
            .order_by_asc(order_lines::Column::RankOn)
            // Of the same day, the order that was drafted first.
            .order_by_asc(purchase_orders::Column::Id)
            .into_model::<Free>();
        let mut units: Vec<FreeUnit> = Vec::with_capacity(options.len());
        for free in self.run(find.all(self.db())).await? {
            let unit = free_unit(&free)?;
            if units.iter().all(|known| known.option != unit.option) {
                units.push(unit);
            }
        }
        Ok(units)
    }

    /// How many units of each of these options may still be drawn in a lot.
    ///
    /// # Errors
    /// A row makes no sense, or the store does not answer.
    pub async fn units_left(
        &self,
        market: &str,
        lot: &LotCode,
        options: &[OptionCode],
    ) -> Result<Vec<(OptionCode, u32)>> {
        let left = Expr::col((order_lines::Entity, order_lines::Column::Quantity))
            .sub(Expr::col((order_lines::Entity, order_lines::Column::Drawn)));
        let find = free_lines(market, lot, options)
            .columns([order_lines::Column::Id, order_lines::Column::OptionCode])
            .expr(left)
            .into_tuple::<(Uuid, String, i32)>();
        let mut units: Vec<(OptionCode, u32)> = options.iter().map(|option| (*option, 0)).collect();
        for (line, option, left) in self.run(find.all(self.db())).await? {
            let at = Row::new("order_lines", line);
            let (option, left) = (at.text::<OptionCode>("option_code", &option)?, at.count("quantity", left)?);
            units.iter_mut().filter(|(known, _)| *known == option).for_each(|(_, sum)| *sum += left);
        }
        Ok(units)
    }

    /// Draws, gives back or serves a unit of a line. An effect on places is none of these and is refused.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn apply_unit(&self, effect: &Effect) -> Result<CounterOutcome> {
        use order_lines::Column::{Drawn, Id, Open, Quantity, Served};
        let update = order_lines::Entity::update_many();
        let (line, update) = match effect {
            Effect::Draw { line } => {
                let free = Expr::col(Drawn).lt(Expr::col(Quantity));
                (line, update.col_expr(Drawn, Expr::col(Drawn).add(1)).filter(Open.eq(true)).filter(free))
            }
            Effect::Return { line } => {
                let unserved = Expr::col(Drawn).gt(Expr::col(Served));
                (line, update.col_expr(Drawn, Expr::col(Drawn).sub(1)).filter(unserved))
            }
            Effect::Serve { line } => {
                let unserved = Expr::col(Drawn).gt(Expr::col(Served));
                (line, update.col_expr(Served, Expr::col(Served).add(1)).filter(unserved))
            }
            Effect::Place(_) => return Ok(CounterOutcome::Refused),
        };
        let update = update.filter(Id.eq(line.uuid()));
        Ok(CounterOutcome::of(self.run(update.exec(self.db())).await?.rows_affected))
    }

    /// Adds what a decision leaves unpaid of the units served of a line (see [`unpaid`]).
    ///
    /// # Errors
    /// There is no such line, or the store does not answer.
    pub async fn add_reduction(&self, line: LineId, cents: Cents) -> Result<()> {
        use order_lines::Column::{Id, ReducedCents};
        let update = order_lines::Entity::update_many()
            .col_expr(ReducedCents, Expr::col(ReducedCents).add(cents.get()))
            .filter(Id.eq(line.uuid()));
        match self.run(update.exec(self.db())).await?.rows_affected {
            0 => Err(StoreError::inconsistent("order_lines", "id", line, "no such line")),
            _ => Ok(()),
        }
    }

    /// How many units of each line of an order were drawn and served.
    ///
    /// # Errors
    /// A row makes no sense, or the store does not answer.
    pub async fn line_uses(&self, order: OrderId) -> Result<Vec<LineUse>> {
        let find = order_lines::Entity::find()
            .filter(order_lines::Column::OrderId.eq(order.uuid()))
            .order_by_asc(order_lines::Column::OptionCode)
            .into_partial_model::<Use>();
        let read = |row: Use| {
            let at = Row::new("order_lines", row.id);
            Ok(LineUse {
                line: LineId::new(row.id),
                drawn: at.count("drawn", row.drawn)?,
                served: at.count("served", row.served)?,
                reduced: Cents::new(row.reduced_cents),
            })
        };
        self.run(find.all(self.db())).await?.into_iter().map(read).collect()
    }
}
