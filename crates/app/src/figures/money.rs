//! Money on its four lines, against the budget of the year: by prestation, by month, and movement by movement.

use domain::Day;
use domain::calendar::paris_day;
use domain::figures::{Moment, MoneyLine, Movement, PaymentAsked, Period, movements};
use domain::identifiers::{LotCode, OrderId, OrderReference, PathReference};
use domain::market::Prestation;
use domain::money::Cents;
use domain::order::{PurchaseOrder, apply};
use domain::people::Actor;
use persistence::{CountedOrder, RecordedOrder, Tx, misfolded_order};
use strum::IntoEnumIterator;

use super::{Asked, Delay, Kept, frame};
use crate::report::regional;
use crate::{App, AppError};

/// An order with what it moves.
#[derive(Debug)]
pub(super) struct KeptOrder {
    pub order: CountedOrder,
    pub movements: Vec<Movement>,
}

/// An amount and its parts, excluding tax.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Parts {
    pub total: Cents,
    /// How many movements it adds up.
    pub movements: u32,
    /// The same in the order of the contract; what no single prestation bears is in the total alone.
    prestations: [(Cents, u32); 3],
}

impl Parts {
    /// The whole or what a prestation bears of it, with how many movements it adds up.
    pub fn of(&self, prestation: Option<Prestation>) -> (Cents, u32) {
        prestation.map_or((self.total, self.movements), |prestation| self.prestations[prestation as usize])
    }

    fn add(&mut self, prestation: Option<Prestation>, cents: Cents) {
        self.total += cents;
        self.movements += 1;
        if let Some(prestation) = prestation {
            let (total, movements) = &mut self.prestations[prestation as usize];
            *total += cents;
            *movements += 1;
        }
    }
}

/// A line of the money over a period, excluding tax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineFigures {
    pub line: MoneyLine,
    pub whole: Parts,
    /// What came to the line in each month of the period, the first one first.
    pub months: Vec<Parts>,
}

/// The money of a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoneyFigures {
    /// The budget of a year, for all lots together.
    pub budget: Option<Cents>,
    pub lines: Vec<LineFigures>,
    pub payments: PaymentFigures,
}

/// How long payments took, over a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaymentFigures {
    /// Days from the receipt of a request to its payment, interruptions included.
    pub delay: Delay,
    /// Those made after their last day.
    pub late: usize,
}

/// What a movement is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MovementOf {
    Order(OrderReference),
    Path(PathReference),
}

/// A movement of the list behind an amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovementRow {
    pub of: MovementOf,
    pub on: Day,
    pub prestation: Option<Prestation>,
    pub cents: Cents,
    /// For a payment.
    pub asked: Option<PaymentAsked>,
}

/// Which list is asked behind an amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoneyChoice {
    pub line: MoneyLine,
    pub lot: Option<LotCode>,
    pub prestation: Option<Prestation>,
    /// Payments made after their last day alone.
    pub late: bool,
    /// What came in the month of a day alone.
    pub month: Option<Day>,
    pub skip: usize,
    pub limit: usize,
}

/// The list behind an amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoneyList {
    pub moment: Moment,
    pub period: Period,
    /// The sum of all of them: the figure itself.
    pub total: Cents,
    pub count: usize,
    pub rows: Vec<MovementRow>,
}

impl MovementRow {
    /// By how many days it is a payment made after its last day.
    pub fn days_late(&self) -> Option<i64> {
        self.asked.map(|asked| (self.on - asked.due_on).num_days()).filter(|days| *days > 0)
    }
}

/// What the journal of an order moves.
fn moved(id: OrderId, journal: &[RecordedOrder]) -> Result<Vec<Movement>, AppError> {
    let mut order: Option<PurchaseOrder> = None;
    let mut all = Vec::new();
    for recorded in journal {
        let after = apply(order.clone(), &recorded.event).map_err(|problem| misfolded_order(id, &problem))?;
        let (on, known) = (recorded.effective_on, recorded.recorded_at);
        all.extend(movements(order.as_ref(), &after, &recorded.event, on, known));
        order = Some(after);
    }
    Ok(all)
}

impl Kept {
    /// Reads again the orders that something happened to.
    pub(super) async fn refresh_orders(&mut self, tx: &Tx, orders: Vec<CountedOrder>) -> Result<(), AppError> {
        let mut known: std::collections::HashMap<OrderId, KeptOrder> =
            self.orders.drain(..).map(|kept| (kept.order.id, kept)).collect();
        let same = |order: &CountedOrder| known.get(&order.id).is_some_and(|kept| kept.order == *order);
        let changed: Vec<OrderId> = orders.iter().filter(|order| !same(order)).map(|order| order.id).collect();
        let journals = tx.order_journals(&changed).await?;
        for order in orders {
            let movements = match (journals.get(&order.id), known.remove(&order.id)) {
                (Some(journal), _) => moved(order.id, journal)?,
                (None, Some(kept)) => kept.movements,
                (None, None) => Vec::new(),
            };
            self.orders.push(KeptOrder { order, movements });
        }
        Ok(())
    }

    /// The movements of the orders of a market, and of a lot, that are seen at a moment within a period.
    fn movements<'a>(
        &'a self,
        market: &'a str,
        lot: Option<&'a LotCode>,
        moment: Moment,
        period: Period,
    ) -> impl Iterator<Item = (&'a CountedOrder, &'a Movement)> {
        let of = move |kept: &&KeptOrder| kept.order.market == market && lot.is_none_or(|lot| kept.order.lot == *lot);
        let all = self.orders.iter().filter(of).flat_map(|kept| kept.movements.iter().map(|it| (&kept.order, it)));
        all.filter(move |(_, movement)| movement.seen(moment) && period.holds(movement.on))
    }

    /// How long the payments of a scope took.
    pub(super) fn payments(
        &self,
        market: &str,
        lot: Option<&LotCode>,
        moment: Moment,
        period: Period,
    ) -> PaymentFigures {
        let made = self.movements(market, lot, moment, period);
        let made: Vec<(Day, PaymentAsked)> = made.filter_map(|(_, made)| Some((made.on, made.asked?))).collect();
        let days = made.iter().map(|(on, asked)| (*on - asked.received_on).num_days()).collect();
        PaymentFigures { delay: Delay::of(days), late: made.iter().filter(|(on, asked)| *on > asked.due_on).count() }
    }

    /// The money of a scope, of which this is the service done within the period.
    pub(super) fn money(
        &self,
        market: &str,
        lot: Option<&LotCode>,
        served: &[(Prestation, Cents, Day)],
        moment: Moment,
        period: Period,
    ) -> Vec<LineFigures> {
        let rank = |day: Day| (months(period.from, day)).checked_sub(1);
        let mut lines: Vec<LineFigures> = MoneyLine::iter()
            .map(|line| LineFigures {
                line,
                whole: Parts::default(),
                months: vec![Parts::default(); months(period.from, period.until)],
            })
            .collect();
        let mut add = |line: MoneyLine, prestation: Option<Prestation>, cents: Cents, on: Day| {
            let figures = &mut lines[line as usize];
            figures.whole.add(prestation, cents);
            if let Some(month) = rank(on).and_then(|rank| figures.months.get_mut(rank)) {
                month.add(prestation, cents);
            }
        };
        for (_, movement) in self.movements(market, lot, moment, period) {
            add(movement.line, movement.prestation, movement.cents, movement.on);
        }
        for (prestation, cents, on) in served {
            add(MoneyLine::Served, Some(*prestation), *cents, *on);
        }
        lines
    }
}

/// How many months a period touches.
fn months(from: Day, until: Day) -> usize {
    use chrono::Datelike;
    let months = (until.year() - from.year()) * 12 + until.month().cast_signed() - from.month().cast_signed() + 1;
    usize::try_from(months).unwrap_or(0)
}

impl App {
    /// The movements behind an amount, the latest first.
    ///
    /// # Errors
    /// As [`App::figure_list`].
    pub async fn money_list(&self, actor: &Actor, asked: Asked, choice: &MoneyChoice) -> Result<MoneyList, AppError> {
        regional(actor)?;
        let tx = self.store().begin_read().await?;
        let book = self.book(&tx).await?;
        let frame = frame(&book.terms, asked, paris_day(tx.now().await?))?;
        frame.knows(choice.lot.as_ref())?;
        let kept = self.counted(&tx).await?;
        let lot = choice.lot.as_ref();
        let mut rows: Vec<MovementRow> = if choice.line == MoneyLine::Served {
            let standings = kept.standings(&frame.market.code, frame.moment);
            let of_lot = standings.iter().filter(|(_, path)| lot.is_none_or(|lot| path.lot == lot));
            let served = of_lot.flat_map(|(rank, path)| path.served().map(move |served| (*rank, served)));
            served
                .filter(|(_, (_, _, on))| frame.period.holds(*on))
                .map(|(rank, (prestation, cents, on))| MovementRow {
                    of: MovementOf::Path(kept.paths[rank].reference.clone()),
                    on,
                    prestation: Some(prestation),
                    cents,
                    asked: None,
                })
                .collect()
        } else {
            kept.movements(&frame.market.code, lot, frame.moment, frame.period)
                .filter(|(_, movement)| movement.line == choice.line)
                .map(|(order, movement)| MovementRow {
                    of: MovementOf::Order(order.reference.clone()),
                    on: movement.on,
                    prestation: movement.prestation,
                    cents: movement.cents,
                    asked: movement.asked,
                })
                .collect()
        };
        rows.retain(|row| choice.prestation.is_none() || row.prestation == choice.prestation);
        rows.retain(|row| !choice.late || row.days_late().is_some());
        rows.retain(|row| choice.month.is_none_or(|month| months(month, row.on) == 1));
        rows.sort_by_key(|row| std::cmp::Reverse(row.on));
        Ok(MoneyList {
            moment: frame.moment,
            period: frame.period,
            total: rows.iter().map(|row| row.cents).sum(),
            count: rows.len(),
            rows: rows.into_iter().skip(choice.skip).take(choice.limit).collect(),
        })
    }
}
