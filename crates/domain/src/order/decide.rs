//! Answers a command on a purchase order with events or with a typed refusal.
//!
//! Rights come first (who may not ask learns nothing), then the state, then the guard of the transition. Counters of
//! units and money are parameters, read by the caller; the store checks them again when it performs the effects.

use super::command::{OrderChannel, OrderCommand, UnitRequest, Units};
use super::event::{OrderEvent, OrderedUnits};
use super::refusal::OrderRefusal;
use super::state::{OrderState, OrderTransition};
use super::{OrderLine, PurchaseOrder, payment};
use crate::calendar::{Day, Span};
use crate::identifiers::{LineId, LotCode, OrderId, OrderReference};
use crate::market::{Lot, Market, Terms};
use crate::money::Cents;
use crate::people::{Actor, Side};

/// Failing a consultation, an order is received at the end of the eighth day after it was sent (CCAG-FCS art. 3.1).
const DEEMED_RECEIPT: Span = Span::days(8);

/// Observations are due within fifteen days of receipt, under penalty of foreclosure (CCAG-FCS art. 3.7).
const RESERVATIONS: Span = Span::days(15);

/// Identifiers for what a command may create.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOrder {
    pub order: OrderId,
    pub reference: OrderReference,
    /// One for each option that may be ordered, at least.
    pub lines: Vec<LineId>,
}

/// How many units of a line paths have drawn, as the store counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineUse {
    pub line: LineId,
    pub drawn: u32,
    /// Of these, those whose prestation was decided.
    pub served: u32,
    /// What reductions left unpaid of the units served, excluding tax.
    pub reduced: Cents,
}

/// What may still be engaged for the order's lot and budget year, excluding tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Funds {
    pub lot: Cents,
    pub year: Cents,
}

/// Everything a decision needs besides the order and the command.
#[derive(Debug, Clone)]
pub struct OrderContext<'a> {
    pub actor: &'a Actor,
    pub today: Day,
    pub terms: &'a Terms,
    pub fresh: &'a NewOrder,
    /// Counters of the order's lines and of the amended order's; a line without one was never drawn.
    pub uses: &'a [LineUse],
    pub funds: Funds,
    /// The order that this one amends, when it amends one.
    pub amended: Option<&'a PurchaseOrder>,
}

/// What a command does: events of the order itself, and of the order it is linked to by an amendment.
#[must_use]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Events of the order, or of the new one.
    pub events: Vec<OrderEvent>,
    /// An event of another order, recorded in the same transaction: the new amending order, or the amended one.
    pub elsewhere: Option<(OrderId, OrderEvent)>,
}

impl From<OrderEvent> for Decision {
    fn from(event: OrderEvent) -> Self {
        Self { events: vec![event], elsewhere: None }
    }
}

/// Decides a command.
///
/// # Errors
/// The refusal that says what is missing.
pub fn decide(
    order: Option<&PurchaseOrder>,
    command: &OrderCommand,
    context: &OrderContext<'_>,
) -> Result<Decision, OrderRefusal> {
    let transition = command.step();
    authorise(order, transition, context.actor)?;
    let state = order.map(|order| order.state);
    let wrong_state = || OrderRefusal::WrongOrderState { transition, state, from: transition.starts_from() };
    transition.row(state).ok_or_else(wrong_state)?;
    let existing = || order.ok_or_else(wrong_state);
    match command {
        OrderCommand::DraftOrder { lot, budget_year, units } => draft(lot, *budget_year, units, context),
        OrderCommand::CorrectOrder { units, remove } => correct(existing()?, units.as_ref(), remove.as_ref(), context),
        OrderCommand::RequestEndorsement {} => Ok(OrderEvent::EndorsementRequested.into()),
        OrderCommand::Endorse { commitment_number, service_code } => {
            let order = existing()?;
            Ok(OrderEvent::OrderEndorsed {
                by: context.actor.account().ok_or_else(wrong_state)?,
                on: context.today,
                commitment_number: commitment_number.0.clone(),
                service_code: service_code.as_ref().map(|code| code.0.clone()),
                engaged: engage(order, context.funds)?,
            }
            .into())
        }
        OrderCommand::RefuseEndorsement { reason } => {
            Ok(OrderEvent::EndorsementRefused { reason: reason.0.clone() }.into())
        }
        OrderCommand::NotifyOrder { channel, sent_on, consulted_on, proof } => {
            let proof = proof.as_ref().map(|proof| proof.0.clone());
            notify(existing()?, *channel, *sent_on, *consulted_on, proof, context)
        }
        OrderCommand::RecordConsultation { consulted_on } => learn(existing()?, *consulted_on, context.today),
        OrderCommand::RecordPaymentRequest { number, received_on, amount, including_tax } => {
            payment::request(existing()?, &number.0, *received_on, *amount, *including_tax, context).map(Into::into)
        }
        OrderCommand::InterruptPayment { number, interrupted_on, reason } => {
            payment::interrupt(existing()?, &number.0, *interrupted_on, &reason.0, context.today).map(Into::into)
        }
        OrderCommand::ResumePayment { number, resumed_on } => {
            payment::resume(existing()?, &number.0, *resumed_on, context).map(Into::into)
        }
        OrderCommand::ReturnPaymentRequest { number, reason } => {
            payment::send_back(existing()?, &number.0, &reason.0, context.today).map(Into::into)
        }
        OrderCommand::RecordPayment { number, paid_on } => {
            payment::pay(existing()?, &number.0, *paid_on, context.today).map(Into::into)
        }
        OrderCommand::MakeReservations { observations } => reserve(existing()?, &observations.0, context.today),
        OrderCommand::AmendOrder { reason, add, remove } => {
            amend(existing()?, &reason.0, add.as_ref(), remove.as_ref(), context)
        }
        OrderCommand::SettleOrder {} => settle(existing()?, context.uses),
        OrderCommand::CancelOrder { reason } => cancel(existing()?, &reason.0, context.uses),
    }
}

fn authorise(order: Option<&PurchaseOrder>, transition: OrderTransition, actor: &Actor) -> Result<(), OrderRefusal> {
    let side = actor.side();
    let sides = transition.rows().next().map_or(&[] as &[Side], |row| row.sides);
    if !side.is_some_and(|side| sides.contains(&side)) {
        return Err(OrderRefusal::NotYourRole { transition, sides, reads_only: actor.reads_only() });
    }
    match (order, actor) {
        (Some(order), Actor::Staff { body: Some(body), .. }) if body != &order.holder => {
            Err(OrderRefusal::NotYourOrder)
        }
        (Some(_), Actor::Staff { body: None, .. }) if side == Some(Side::Body) => Err(OrderRefusal::NotYourOrder),
        (_, Actor::Staff { .. } | Actor::Outside { .. } | Actor::System) => Ok(()),
    }
}

fn draft(lot: &LotCode, year: u32, units: &Units, context: &OrderContext<'_>) -> Result<Decision, OrderRefusal> {
    let market = &context.terms.market;
    in_market(market, context.today)?;
    let lot = lot_of(market, lot)?;
    let (first, last) = (year_of(market.starts_on), year_of(market.ends_on));
    let budget_year = i32::try_from(year)
        .ok()
        .filter(|year| (first..=last).contains(year))
        .ok_or(OrderRefusal::YearOutsideMarket { year, first, last })?;
    Ok(OrderEvent::OrderDrafted {
        order: context.fresh.order,
        reference: context.fresh.reference.clone(),
        market: market.code.clone(),
        lot: lot.code.clone(),
        holder: lot.holder.code.clone(),
        budget_year,
        lines: price(&units.0, lot, context)?,
        amends: None,
        removals: Vec::new(),
        reason: None,
    }
    .into())
}

/// A draft says something else: the order that it prepares, or what an amending order adds and takes back.
fn correct(
    order: &PurchaseOrder,
    units: Option<&Units>,
    remove: Option<&Units>,
    context: &OrderContext<'_>,
) -> Result<Decision, OrderRefusal> {
    let market = &context.terms.market;
    in_market(market, context.today)?;
    let (lines, removals) = match (order.amends, context.amended) {
        (None, _) if remove.is_some() => return Err(OrderRefusal::NotAnAmendment),
        (None, _) => {
            let units = units.ok_or(OrderRefusal::NothingOrdered)?;
            (price(&units.0, lot_of(market, &order.lot)?, context)?, Vec::new())
        }
        (Some(amends), Some(amended)) if amended.id == amends => exchange(amended, units, remove, context)?,
        (Some(_), _) => return Err(OrderRefusal::AmendedOrderUnknown),
    };
    let said = |units: &OrderedUnits| (units.option, units.unit_price, units.units);
    if order.removals == removals && order.lines.iter().map(|line| said(&line.ordered)).eq(lines.iter().map(said)) {
        return Err(OrderRefusal::NothingToChange);
    }
    Ok(OrderEvent::OrderCorrected { lines, removals }.into())
}

fn lot_of<'m>(market: &'m Market, code: &LotCode) -> Result<&'m Lot, OrderRefusal> {
    market.lot(code).ok_or_else(|| OrderRefusal::UnknownLot {
        lot: code.clone(),
        known: market.lots.iter().map(|lot| lot.code.clone()).collect(),
    })
}

fn year_of(day: Day) -> i32 {
    chrono::Datelike::year(&day)
}

/// Orders are issued and notified while the market lasts.
fn in_market(market: &Market, day: Day) -> Result<(), OrderRefusal> {
    if market.past {
        return Err(OrderRefusal::MarketIsPast);
    }
    if (market.starts_on..=market.ends_on).contains(&day) {
        Ok(())
    } else {
        Err(OrderRefusal::OutsideMarket { day, starts_on: market.starts_on, ends_on: market.ends_on })
    }
}

/// The requested units at the schedule in force.
fn price(requests: &[UnitRequest], lot: &Lot, context: &OrderContext<'_>) -> Result<Vec<OrderedUnits>, OrderRefusal> {
    let market = &context.terms.market;
    once_each(requests)?;
    requests
        .iter()
        .zip(&context.fresh.lines)
        .map(|(UnitRequest { option, units }, line)| {
            let option = *option;
            if *units == 0 {
                return Err(OrderRefusal::NoUnits { option });
            }
            if !market.enabled(option) {
                return Err(OrderRefusal::OptionDisabled { option, enabled: market.enabled_options.clone() });
            }
            let price = market
                .price(option, &lot.holder.code)
                .ok_or_else(|| OrderRefusal::NotPriced { option, holder: lot.holder.code.clone() })?;
            Ok(OrderedUnits { line: *line, option, unit_price: price.amount(), units: *units })
        })
        .collect()
}

fn once_each(requests: &[UnitRequest]) -> Result<(), OrderRefusal> {
    let mut seen = Vec::new();
    for UnitRequest { option, .. } in requests {
        if seen.contains(option) {
            return Err(OrderRefusal::OptionTwice { option: *option });
        }
        seen.push(*option);
    }
    Ok(())
}

/// The amount that the visa engages.
fn engage(order: &PurchaseOrder, funds: Funds) -> Result<Cents, OrderRefusal> {
    let total = order.total();
    if total > funds.lot {
        return Err(OrderRefusal::LotMaximumExceeded { lot: order.lot.clone(), missing: total - funds.lot });
    }
    if total > funds.year {
        return Err(OrderRefusal::YearBudgetExceeded { year: order.budget_year, missing: total - funds.year });
    }
    Ok(total)
}

fn notify(
    order: &PurchaseOrder,
    channel: OrderChannel,
    sent_on: Day,
    consulted_on: Option<Day>,
    proof: Option<String>,
    context: &OrderContext<'_>,
) -> Result<Decision, OrderRefusal> {
    let today = context.today;
    in_market(&context.terms.market, sent_on)?;
    if let Some(visa) = &order.visa {
        between("sent_on", sent_on, visa.on, today)?;
    }
    if let Some(consulted_on) = consulted_on {
        between("consulted_on", consulted_on, sent_on, today)?;
    }
    let elsewhere = match (order.amends, context.amended) {
        (None, _) => None,
        (Some(amends), Some(amended)) if amended.id == amends => {
            take_back(amended, &order.removals, context.uses)?;
            let event = OrderEvent::AmendmentApplied { amending: order.id, removals: order.removals.clone() };
            Some((amends, event))
        }
        (Some(_), _) => return Err(OrderRefusal::AmendedOrderUnknown),
    };
    let certain_on = certain_day(sent_on, consulted_on);
    let event = OrderEvent::OrderNotified {
        channel,
        sent_on,
        consulted_on,
        certain_on,
        reservations_until: reservations_until(certain_on),
        proof,
    };
    Ok(Decision { events: vec![event], elsewhere })
}

pub(super) fn between(field: &'static str, day: Day, first: Day, last: Day) -> Result<(), OrderRefusal> {
    if day < first {
        return Err(OrderRefusal::DayTooEarly { field, day, bound: first });
    }
    if day > last {
        return Err(OrderRefusal::DayTooLate { field, day, bound: last });
    }
    Ok(())
}

fn certain_day(sent_on: Day, consulted_on: Option<Day>) -> Day {
    let deemed = DEEMED_RECEIPT.end(sent_on);
    consulted_on.map_or(deemed, |consulted| consulted.min(deemed))
}

fn reservations_until(certain_on: Day) -> Day {
    RESERVATIONS.end(certain_on)
}

/// The first consultation of a notified order by its holder; nothing when it was already consulted or is not notified.
pub fn consult(order: &PurchaseOrder, on: Day) -> Option<OrderEvent> {
    let notification = order.notification.as_ref()?;
    if order.state != OrderState::Notified || notification.consulted_on.is_some() {
        return None;
    }
    let certain_on = notification.certain_on.min(on.max(notification.sent_on));
    Some(OrderEvent::OrderConsulted { on, certain_on, reservations_until: reservations_until(certain_on) })
}

/// A consultation learnt otherwise; the earliest known counts.
fn learn(order: &PurchaseOrder, on: Day, today: Day) -> Result<Decision, OrderRefusal> {
    let Some(notification) = &order.notification else { return Err(OrderRefusal::NothingToChange) };
    between("consulted_on", on, notification.sent_on, today)?;
    if let Some(known) = notification.consulted_on.filter(|known| *known <= on) {
        return Err(OrderRefusal::AlreadyConsulted { on: known });
    }
    let certain_on = notification.certain_on.min(on);
    Ok(OrderEvent::OrderConsulted { on, certain_on, reservations_until: reservations_until(certain_on) }.into())
}

/// Observations are a consultation too, when they come first.
fn reserve(order: &PurchaseOrder, observations: &str, today: Day) -> Result<Decision, OrderRefusal> {
    let consulted = consult(order, today);
    let until = order.notification.as_ref().map(|notification| notification.reservations_until);
    if let Some(until) = until.filter(|until| today > *until) {
        return Err(OrderRefusal::ReservationsTooLate { until });
    }
    let made = OrderEvent::ReservationsMade { on: today, observations: observations.to_owned() };
    Ok(Decision { events: consulted.into_iter().chain([made]).collect(), elsewhere: None })
}

fn amend(
    order: &PurchaseOrder,
    reason: &str,
    add: Option<&Units>,
    remove: Option<&Units>,
    context: &OrderContext<'_>,
) -> Result<Decision, OrderRefusal> {
    in_market(&context.terms.market, context.today)?;
    no_amendment_pending(order)?;
    let (lines, removals) = exchange(order, add, remove, context)?;
    let NewOrder { order: amending, reference, .. } = context.fresh.clone();
    let drafted = OrderEvent::OrderDrafted {
        order: amending,
        reference: reference.clone(),
        market: order.market.clone(),
        lot: order.lot.clone(),
        holder: order.holder.clone(),
        budget_year: order.budget_year,
        lines,
        amends: Some(order.id),
        removals,
        reason: Some(reason.to_owned()),
    };
    let opened = OrderEvent::AmendmentOpened { amending, reference, reason: reason.to_owned() };
    Ok(Decision { events: vec![opened], elsewhere: Some((amending, drafted)) })
}

/// What an amending order adds, priced, and what it takes back from the order that it amends.
fn exchange(
    amended: &PurchaseOrder,
    add: Option<&Units>,
    remove: Option<&Units>,
    context: &OrderContext<'_>,
) -> Result<(Vec<OrderedUnits>, Vec<OrderedUnits>), OrderRefusal> {
    let add = add.map_or(&[] as &[UnitRequest], |units| &units.0);
    let remove = remove.map_or(&[] as &[UnitRequest], |units| &units.0);
    once_each(remove)?;
    if add.is_empty() && remove.is_empty() {
        return Err(OrderRefusal::NothingToChange);
    }
    let lines = price(add, lot_of(&context.terms.market, &amended.lot)?, context)?;
    let removals: Vec<OrderedUnits> = remove
        .iter()
        .map(|UnitRequest { option, units }| {
            let option = *option;
            if *units == 0 {
                return Err(OrderRefusal::NoUnits { option });
            }
            let line = amended.line_of(option).ok_or(OrderRefusal::OptionNotOrdered { option })?;
            Ok(OrderedUnits { units: *units, ..line.ordered.clone() })
        })
        .collect::<Result<_, _>>()?;
    take_back(amended, &removals, context.uses)?;
    if let Some(UnitRequest { option, .. }) = add.iter().find(|add| remove.iter().any(|one| one.option == add.option)) {
        return Err(OrderRefusal::AddedAndRemoved { option: *option });
    }
    Ok((lines, removals))
}

fn no_amendment_pending(order: &PurchaseOrder) -> Result<(), OrderRefusal> {
    order.pending_amendment.map_or(Ok(()), |amending| Err(OrderRefusal::AmendmentPending { amending }))
}

/// Whether the removals are free on the lines of the amended order.
fn take_back(amended: &PurchaseOrder, removals: &[OrderedUnits], uses: &[LineUse]) -> Result<(), OrderRefusal> {
    for OrderedUnits { line, option, units, .. } in removals {
        let line = amended.line(*line).ok_or(OrderRefusal::OptionNotOrdered { option: *option })?;
        let free = free_units(line, uses);
        if *units > free {
            return Err(OrderRefusal::NotEnoughFreeUnits { option: *option, free, asked: *units });
        }
    }
    Ok(())
}

fn used(line: &OrderLine, uses: &[LineUse]) -> LineUse {
    let id = line.ordered.line;
    let unused = LineUse { line: id, drawn: 0, served: 0, reduced: Cents::ZERO };
    uses.iter().copied().find(|used| used.line == id).unwrap_or(unused)
}

fn free_units(line: &OrderLine, uses: &[LineUse]) -> u32 {
    line.held().saturating_sub(used(line, uses).drawn)
}

/// The units of each line that no path holds.
fn unused(order: &PurchaseOrder, uses: &[LineUse]) -> Vec<OrderedUnits> {
    let free = order.lines.iter().map(|line| OrderedUnits { units: free_units(line, uses), ..line.ordered.clone() });
    free.filter(|free| free.units > 0).collect()
}

fn settle(order: &PurchaseOrder, uses: &[LineUse]) -> Result<Decision, OrderRefusal> {
    no_amendment_pending(order)?;
    let lines: Vec<_> = order.lines.iter().map(|line| used(line, uses)).collect();
    let pending: u32 = lines.iter().map(|line| line.drawn.saturating_sub(line.served)).sum();
    if pending > 0 {
        return Err(OrderRefusal::UnitsPending { units: pending });
    }
    let freed_units = unused(order, uses);
    let reductions = lines.iter().map(|line| line.reduced).sum::<Cents>() - order.reductions_freed;
    let freed = freed_units.iter().map(OrderedUnits::price).sum::<Cents>() + reductions;
    Ok(OrderEvent::OrderSettled { freed_units, freed }.into())
}

fn cancel(order: &PurchaseOrder, reason: &str, uses: &[LineUse]) -> Result<Decision, OrderRefusal> {
    no_amendment_pending(order)?;
    let notified = order.notification.is_some();
    let drawn: u32 = order.lines.iter().map(|line| used(line, uses).drawn).sum();
    if drawn > 0 {
        return Err(OrderRefusal::UnitsDrawn { units: drawn });
    }
    if notified && !order.removals.is_empty() {
        return Err(OrderRefusal::AmendmentInForce);
    }
    let elsewhere = order
        .amends
        .filter(|_| !notified)
        .map(|amended| (amended, OrderEvent::AmendmentGivenUp { amending: order.id }));
    let event = OrderEvent::OrderCancelled {
        reason: reason.to_owned(),
        freed_units: if notified { unused(order, uses) } else { Vec::new() },
        freed: order.engaged,
    };
    Ok(Decision { events: vec![event], elsewhere })
}
