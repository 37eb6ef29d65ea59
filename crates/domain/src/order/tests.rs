use std::fmt::Write as _;

use proptest::prelude::*;
use strum::IntoEnumIterator;
use uuid::Uuid;

use super::*;
use crate::calendar::Span;
use crate::form::{Line, Text};
use crate::identifiers::PathId;
use crate::market::Terms;
use crate::money::Cents;
use crate::people::{Actor, OutsideRole, RecipientRole, StaffRole};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn staff(role: StaffRole) -> Actor {
    let body = (role == StaffRole::Coordinator).then(|| BodyCode::parse("retravailler").unwrap());
    Actor::Staff { account: AccountId::new(Uuid::from_u128(7)), name: "Someone".into(), role, body, on_behalf_of: None }
}

fn officer() -> Actor {
    staff(StaffRole::RegionOfficer)
}

fn finance() -> Actor {
    staff(StaffRole::RegionFinance)
}

fn body() -> Actor {
    staff(StaffRole::Coordinator)
}

fn lot() -> LotCode {
    LotCode::parse("1").unwrap()
}

/// Orders of one lot, with the counters that the store would keep.
struct World {
    terms: Terms,
    today: Day,
    orders: Vec<PurchaseOrder>,
    events: Vec<(OrderId, OrderEvent)>,
    uses: Vec<LineUse>,
    funds: Funds,
    drawn_ids: u128,
}

impl World {
    fn new() -> Self {
        Self {
            terms: crate::samples::terms(),
            today: day("2026-03-02"),
            orders: Vec::new(),
            events: Vec::new(),
            uses: Vec::new(),
            funds: Funds { lot: Cents::new(500_000_000), year: Cents::new(250_000_000) },
            drawn_ids: 100,
        }
    }

    fn fresh(&mut self) -> NewOrder {
        let mut next = || {
            self.drawn_ids += 1;
            Uuid::from_u128(self.drawn_ids)
        };
        let (order, lines) = (OrderId::new(next()), (0..7).map(|_| LineId::new(next())).collect());
        let number = u32::try_from(self.orders.len()).unwrap() + 1;
        NewOrder { order, reference: OrderReference::new(lot(), 2026, number), lines }
    }

    fn order(&self, rank: usize) -> &PurchaseOrder {
        &self.orders[rank]
    }

    fn decide(&mut self, rank: Option<usize>, command: &OrderCommand, actor: &Actor) -> Result<Decision, OrderRefusal> {
        let fresh = self.fresh();
        let order = rank.map(|rank| &self.orders[rank]);
        let amends = order.and_then(|order| order.amends);
        let context = OrderContext {
            actor,
            today: self.today,
            terms: &self.terms,
            fresh: &fresh,
            uses: &self.uses,
            funds: self.funds,
            amended: amends.and_then(|id| self.orders.iter().find(|order| order.id == id)),
        };
        decide(order, command, &context)
    }

    /// Decides and records, as the store would: conditional updates first, then the events.
    fn run(&mut self, rank: Option<usize>, command: &OrderCommand, actor: &Actor) -> Result<(), OrderRefusal> {
        let Decision { events, elsewhere } = self.decide(rank, command, actor)?;
        let id = rank.map(|rank| self.orders[rank].id);
        for event in events {
            self.record(id, event);
        }
        if let Some((id, event)) = elsewhere {
            self.record(Some(id), event);
        }
        Ok(())
    }

    fn record(&mut self, id: Option<OrderId>, event: OrderEvent) {
        let rank = self.orders.iter().position(|order| Some(order.id) == id);
        let before = rank.map(|rank| self.orders[rank].clone());
        let after = apply(before.clone(), &event).unwrap();
        for effect in effects(before.as_ref().unwrap_or(&after), &event) {
            self.perform(&effect);
        }
        self.events.push((after.id, event));
        match rank {
            Some(rank) => self.orders[rank] = after,
            None => self.orders.push(after),
        }
    }

    /// What the store's conditional updates do; a refused one would roll everything back, so it must not happen here.
    fn perform(&mut self, effect: &OrderEffect) {
        match effect {
            OrderEffect::Engage { cents, .. } => {
                assert!(*cents <= self.funds.lot && *cents <= self.funds.year, "engaged above a limit");
                self.funds.lot -= *cents;
                self.funds.year -= *cents;
            }
            OrderEffect::Free { cents, .. } => {
                self.funds.lot += *cents;
                self.funds.year += *cents;
            }
            OrderEffect::OpenLines { lines, .. } => {
                self.uses.extend(lines.iter().map(|line| LineUse {
                    line: line.line,
                    drawn: 0,
                    served: 0,
                    reduced: Cents::ZERO,
                }));
            }
            OrderEffect::RemoveUnits { line, units } => {
                let order = self.orders.iter().find_map(|order| order.line(*line)).unwrap();
                let drawn = self.uses.iter().find(|used| used.line == *line).map_or(0, |used| used.drawn);
                assert!(order.held() >= drawn + units, "units removed that paths hold");
            }
            OrderEffect::CloseLines { order } => {
                let order = self.orders.iter().find(|candidate| candidate.id == *order).unwrap();
                let lines = order.lines.iter().map(|line| line.ordered.line);
                let pending = |line| self.uses.iter().any(|used| used.line == line && used.drawn != used.served);
                assert!(!lines.into_iter().any(pending), "closed while a unit is pending");
            }
            OrderEffect::RankLines { .. } => {}
        }
    }

    fn use_of(&mut self, line: LineId) -> &mut LineUse {
        self.uses.iter_mut().find(|used| used.line == line).unwrap()
    }

    /// A world whose first order is notified: ten P1 and ten N2.
    fn notified() -> Self {
        let mut world = Self::new();
        world.run(None, &draft("P1 10, N2 10"), &officer()).unwrap();
        world.run(Some(0), &OrderCommand::RequestEndorsement {}, &officer()).unwrap();
        world.run(Some(0), &endorse(), &finance()).unwrap();
        world.run(Some(0), &notify("2026-03-02"), &officer()).unwrap();
        world
    }

    fn in_state(state: OrderState) -> Self {
        let steps: &[(OrderCommand, Actor)] = &match state {
            OrderState::Draft => vec![],
            OrderState::ToEndorse => vec![(OrderCommand::RequestEndorsement {}, officer())],
            OrderState::Endorsed => vec![(OrderCommand::RequestEndorsement {}, officer()), (endorse(), finance())],
            OrderState::Notified => return Self::notified(),
            OrderState::Settled => {
                let mut world = Self::notified();
                world.run(Some(0), &OrderCommand::SettleOrder {}, &officer()).unwrap();
                return world;
            }
            OrderState::Cancelled => vec![(cancel(), officer())],
        };
        let mut world = Self::new();
        world.run(None, &draft("P1 10"), &officer()).unwrap();
        for (command, actor) in steps {
            world.run(Some(0), command, actor).unwrap();
        }
        world
    }
}

fn units(text: &str) -> Units {
    crate::form::FieldType::read(&text.into()).unwrap()
}

fn reason() -> Text {
    Text("because".into())
}

fn draft(text: &str) -> OrderCommand {
    OrderCommand::DraftOrder { lot: lot(), budget_year: 2026, units: units(text) }
}

fn correct(add: Option<&str>, remove: Option<&str>) -> OrderCommand {
    OrderCommand::CorrectOrder { units: add.map(units), remove: remove.map(units) }
}

fn endorse() -> OrderCommand {
    OrderCommand::Endorse { commitment_number: Line("EJ-2026-17".into()), service_code: None }
}

fn notify(sent_on: &str) -> OrderCommand {
    OrderCommand::NotifyOrder {
        channel: OrderChannel::BuyerProfile,
        sent_on: day(sent_on),
        consulted_on: None,
        proof: None,
    }
}

fn amend(add: Option<&str>, remove: Option<&str>) -> OrderCommand {
    OrderCommand::AmendOrder { reason: reason(), add: add.map(units), remove: remove.map(units) }
}

fn cancel() -> OrderCommand {
    OrderCommand::CancelOrder { reason: reason() }
}

fn invoice(number: &str, cents: i64) -> OrderCommand {
    OrderCommand::RecordPaymentRequest {
        number: Line(number.into()),
        received_on: day("2026-03-02"),
        amount: Cents::new(cents),
        including_tax: Some(Cents::new(cents + cents / 5)),
    }
}

fn interrupt(on: &str) -> OrderCommand {
    OrderCommand::InterruptPayment { number: Line("CPP-1".into()), interrupted_on: day(on), reason: reason() }
}

fn resume(on: &str) -> OrderCommand {
    OrderCommand::ResumePayment { number: Line("CPP-1".into()), resumed_on: day(on) }
}

fn pay(on: &str) -> OrderCommand {
    OrderCommand::RecordPayment { number: Line("CPP-1".into()), paid_on: day(on) }
}

fn command(transition: OrderTransition) -> OrderCommand {
    match transition {
        OrderTransition::DraftOrder => draft("P1 10"),
        OrderTransition::CorrectOrder => correct(Some("P1 12, N2 1"), None),
        OrderTransition::RequestEndorsement => OrderCommand::RequestEndorsement {},
        OrderTransition::Endorse => endorse(),
        OrderTransition::RefuseEndorsement => OrderCommand::RefuseEndorsement { reason: reason() },
        OrderTransition::NotifyOrder => notify("2026-03-02"),
        OrderTransition::RecordConsultation => OrderCommand::RecordConsultation { consulted_on: day("2026-03-02") },
        OrderTransition::RecordPaymentRequest => invoice("CPP-1", 60_000),
        OrderTransition::InterruptPayment => interrupt("2026-03-02"),
        OrderTransition::ResumePayment => resume("2026-03-02"),
        OrderTransition::ReturnPaymentRequest => {
            OrderCommand::ReturnPaymentRequest { number: Line("CPP-1".into()), reason: reason() }
        }
        OrderTransition::RecordPayment => pay("2026-03-02"),
        OrderTransition::MakeReservations => OrderCommand::MakeReservations { observations: reason() },
        OrderTransition::AmendOrder => amend(Some("P1 1"), None),
        OrderTransition::SettleOrder => OrderCommand::SettleOrder {},
        OrderTransition::CancelOrder => cancel(),
    }
}

fn everyone() -> Vec<(String, Actor)> {
    let outside = |role: OutsideRole| Actor::Outside {
        person: crate::identifiers::PersonId::new(Uuid::from_u128(1)),
        role,
        path: PathId::new(Uuid::from_u128(2)),
    };
    let mut actors: Vec<_> = StaffRole::iter().map(|role| (role.to_string(), staff(role))).collect();
    actors.extend(OutsideRole::iter().map(|role| (role.to_string(), outside(role))));
    actors.push(("system".into(), Actor::System));
    actors
}

#[test]
fn every_state_transition_and_role() {
    let states: Vec<Option<OrderState>> = [None].into_iter().chain(OrderState::iter().map(Some)).collect();
    let mut table = String::new();
    for state in states {
        for transition in OrderTransition::iter() {
            let mut answers: Vec<(String, Vec<String>)> = Vec::new();
            for (name, actor) in everyone() {
                let mut world = state.map_or_else(World::new, World::in_state);
                let rank = state.map(|_| 0);
                let answer = match world.run(rank, &command(transition), &actor) {
                    Ok(()) => format!("-> {}", world.order(0).state),
                    Err(refusal) => refusal.code().to_owned(),
                };
                match answers.iter_mut().find(|(known, _)| *known == answer) {
                    Some((_, names)) => names.push(name),
                    None => answers.push((answer, vec![name])),
                }
            }
            answers.sort();
            let state = state.map_or("(none)".to_owned(), |state| state.to_string());
            for (answer, names) in answers {
                writeln!(table, "{state} | {transition} | {answer} | {}", names.join(" ")).unwrap();
            }
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn every_transition_says_whom_it_tells() {
    let mut table = String::new();
    for row in super::table() {
        let from = row.from.map_or("(none)".to_owned(), |state| state.to_string());
        let told: Vec<_> = RecipientRole::iter()
            .map(|role| if row.told.contains(&role) { role.to_string() } else { "-".into() })
            .collect();
        writeln!(table, "{} | {from} -> {} | {}", row.transition, row.to, told.join(" ")).unwrap();
    }
    insta::assert_snapshot!(table);
}

#[test]
fn every_state_can_reach_an_end() {
    for state in OrderState::iter() {
        let mut reached = vec![state];
        while let Some(next) = super::table()
            .iter()
            .find(|row| row.from.is_some_and(|from| reached.contains(&from)) && !reached.contains(&row.to))
        {
            reached.push(next.to);
        }
        assert!(reached.contains(&OrderState::Cancelled) || reached.contains(&OrderState::Settled), "{state}");
    }
}

#[test]
fn prices_are_those_of_the_schedule_when_drafted() {
    let mut world = World::new();
    world.run(None, &draft("P1 2, M1 1, M2 1, N2 1"), &officer()).unwrap();
    for price in &mut world.terms.market.prices {
        price.unit_price = Cents::new(1);
    }
    world.run(Some(0), &OrderCommand::RequestEndorsement {}, &officer()).unwrap();
    world.run(Some(0), &endorse(), &finance()).unwrap();
    assert_eq!(world.order(0).engaged, Cents::new(560_000));
    assert_eq!(world.order(0).total(), Cents::new(560_000));
}

#[test]
fn a_draft_is_refused_for_its_own_reason() {
    let refused = |command: OrderCommand, change: fn(&mut World)| {
        let mut world = World::new();
        change(&mut world);
        world.run(None, &command, &officer()).unwrap_err().code()
    };
    let drafted = |lot: &str, budget_year| OrderCommand::DraftOrder {
        lot: LotCode::parse(lot).unwrap(),
        budget_year,
        units: units("P1 1"),
    };
    assert_eq!(refused(drafted("9", 2026), |_| {}), "unknown_lot");
    assert_eq!(refused(drafted("1", 2022), |_| {}), "year_outside_market");
    assert_eq!(refused(drafted("1", 2028), |_| {}), "year_outside_market");
    assert_eq!(refused(draft("P1 0"), |_| {}), "no_units");
    assert_eq!(refused(draft("P1 1, P1 2"), |_| {}), "option_twice");
    assert_eq!(refused(draft("M3 1"), |_| {}), "option_disabled");
    assert_eq!(refused(draft("P1 1"), |world| world.terms.market.prices.clear()), "not_priced");
    assert_eq!(refused(draft("P1 1"), |world| world.terms.market.past = true), "market_is_past");
    assert_eq!(refused(draft("P1 1"), |world| world.today = day("2027-07-01")), "outside_market");
}

#[test]
fn the_visa_stays_within_the_budget_and_the_maximum() {
    let refused = |funds: Funds| {
        let mut world = World::in_state(OrderState::ToEndorse);
        world.funds = funds;
        world.run(Some(0), &endorse(), &finance())
    };
    let price = Cents::new(600_000);
    let missing = Cents::new(1);
    let lot_refusal = OrderRefusal::LotMaximumExceeded { lot: lot(), missing };
    assert_eq!(refused(Funds { lot: price - missing, year: price }), Err(lot_refusal));
    let year_refusal = OrderRefusal::YearBudgetExceeded { year: 2026, missing };
    assert_eq!(refused(Funds { lot: price, year: price - missing }), Err(year_refusal));
    assert_eq!(refused(Funds { lot: price, year: price }), Ok(()));
}

#[test]
fn a_refused_visa_goes_back_to_the_draft_with_its_reason() {
    let mut world = World::in_state(OrderState::ToEndorse);
    world.run(Some(0), &OrderCommand::RefuseEndorsement { reason: reason() }, &finance()).unwrap();
    assert_eq!((world.order(0).state, world.order(0).reason.as_deref()), (OrderState::Draft, Some("because")));
    assert_eq!(world.order(0).engaged, Cents::ZERO);
}

#[test]
fn a_draft_is_written_again_at_the_prices_in_force() {
    let mut world = World::in_state(OrderState::ToEndorse);
    assert_eq!(world.run(Some(0), &correct(Some("P1 3"), None), &officer()).unwrap_err().code(), "wrong_order_state");
    world.run(Some(0), &OrderCommand::RefuseEndorsement { reason: reason() }, &finance()).unwrap();
    for (command, refusal) in [
        (correct(Some("P1 10"), None), OrderRefusal::NothingToChange),
        (correct(None, None), OrderRefusal::NothingOrdered),
        (correct(Some("P1 3"), Some("P1 1")), OrderRefusal::NotAnAmendment),
        (correct(Some("P1 0"), None), OrderRefusal::NoUnits { option: OptionCode::P1 }),
        (correct(Some("P1 1, P1 2"), None), OrderRefusal::OptionTwice { option: OptionCode::P1 }),
    ] {
        assert_eq!(world.run(Some(0), &command, &officer()), Err(refusal));
    }
    for price in &mut world.terms.market.prices {
        price.unit_price = Cents::new(1_000);
    }
    world.run(Some(0), &correct(Some("P1 10"), None), &officer()).unwrap();
    let order = world.order(0);
    assert_eq!((order.state, order.total()), (OrderState::Draft, Cents::new(10_000)));
    assert_eq!(order.reason.as_deref(), Some("because"), "why the visa was refused is still told");
    world.run(Some(0), &OrderCommand::RequestEndorsement {}, &officer()).unwrap();
    world.run(Some(0), &endorse(), &finance()).unwrap();
    assert_eq!(world.order(0).engaged, Cents::new(10_000));
}

#[test]
fn a_draft_amendment_is_written_again_within_what_is_free() {
    let mut world = World::notified();
    world.run(Some(0), &amend(Some("M1 4"), Some("N2 3")), &officer()).unwrap();
    let too_many = OrderRefusal::NotEnoughFreeUnits { option: OptionCode::N2, free: 10, asked: 11 };
    assert_eq!(world.run(Some(1), &correct(Some("M1 4"), Some("N2 11")), &officer()), Err(too_many));
    let same = correct(Some("M1 4"), Some("N2 3"));
    assert_eq!(world.run(Some(1), &same, &officer()), Err(OrderRefusal::NothingToChange));
    assert_eq!(world.run(Some(1), &correct(None, None), &officer()), Err(OrderRefusal::NothingToChange));
    world.run(Some(1), &correct(None, Some("N2 5")), &officer()).unwrap();
    world.run(Some(1), &OrderCommand::RequestEndorsement {}, &officer()).unwrap();
    world.run(Some(1), &endorse(), &finance()).unwrap();
    world.run(Some(1), &notify("2026-03-02"), &officer()).unwrap();
    assert_eq!(world.order(0).line_of(OptionCode::N2).unwrap().held(), 5);
    assert_eq!(world.order(1).lines, []);
}

#[test]
fn the_certain_date_is_the_first_consultation_or_the_eighth_day() {
    let mut world = World::notified();
    let certain = |world: &World| world.order(0).notification.as_ref().unwrap().certain_on;
    // Monday the 2nd of March and eight days: Tuesday the 10th.
    assert_eq!(certain(&world), day("2026-03-10"));
    let event = consult(world.order(0), day("2026-03-04")).unwrap();
    let id = world.order(0).id;
    world.record(Some(id), event);
    assert_eq!(certain(&world), day("2026-03-04"));
    assert_eq!(consult(world.order(0), day("2026-03-03")), None, "only the first consultation counts");

    let late = World::notified();
    let Some(OrderEvent::OrderConsulted { certain_on, on, .. }) = consult(late.order(0), day("2026-04-01")) else {
        panic!("a late consultation is recorded");
    };
    assert_eq!((on, certain_on), (day("2026-04-01"), day("2026-03-10")));
}

#[test]
fn a_consultation_learnt_otherwise_counts_when_it_is_the_first() {
    let learnt = |on: &str| OrderCommand::RecordConsultation { consulted_on: day(on) };
    let mut world = World::notified();
    world.today = day("2026-03-09");
    assert_eq!(world.run(Some(0), &learnt("2026-03-01"), &officer()).unwrap_err().code(), "day_too_early");
    assert_eq!(world.run(Some(0), &learnt("2026-03-10"), &officer()).unwrap_err().code(), "day_too_late");
    world.run(Some(0), &learnt("2026-03-06"), &officer()).unwrap();
    let later = OrderRefusal::AlreadyConsulted { on: day("2026-03-06") };
    assert_eq!(world.run(Some(0), &learnt("2026-03-06"), &officer()), Err(later));
    world.run(Some(0), &learnt("2026-03-04"), &officer()).unwrap();
    let notification = world.order(0).notification.as_ref().unwrap();
    assert_eq!((notification.consulted_on, notification.certain_on), (Some(day("2026-03-04")), day("2026-03-04")));
}

/// A notified order of which two studies were admitted, one of them reduced by 100 €: 1 100 € may be invoiced.
fn admitted() -> World {
    let mut world = World::notified();
    let line = world.order(0).line_of(OptionCode::P1).unwrap().ordered.line;
    *world.use_of(line) = LineUse { line, drawn: 3, served: 2, reduced: Cents::new(10_000) };
    world
}

#[test]
fn what_is_invoiced_never_passes_what_was_admitted() {
    let mut world = admitted();
    let above = OrderRefusal::AboveAdmitted { left: Cents::new(110_000) };
    assert_eq!(world.run(Some(0), &invoice("CPP-1", 110_001), &finance()), Err(above));
    world.run(Some(0), &invoice("CPP-1", 100_000), &finance()).unwrap();
    let taken = OrderRefusal::PaymentNumberTaken { number: "CPP-1".into() };
    assert_eq!(world.run(Some(0), &invoice("CPP-1", 10_000), &finance()), Err(taken));
    let left = OrderRefusal::AboveAdmitted { left: Cents::new(10_000) };
    assert_eq!(world.run(Some(0), &invoice("CPP-2", 10_001), &officer()), Err(left));
    world.run(Some(0), &invoice("CPP-2", 10_000), &officer()).unwrap();
    assert_eq!((world.order(0).invoiced(), world.order(0).paid()), (Cents::new(110_000), Cents::ZERO));

    let back = OrderCommand::ReturnPaymentRequest { number: Line("CPP-1".into()), reason: reason() };
    world.run(Some(0), &back, &finance()).unwrap();
    assert_eq!(world.order(0).invoiced(), Cents::new(10_000), "what is sent back counts no more");
    world.run(Some(0), &invoice("CPP-3", 100_000), &finance()).unwrap();
    for amount in [0, -1] {
        assert_eq!(world.run(Some(0), &invoice("CPP-4", amount), &finance()).unwrap_err().code(), "payment_amounts");
    }
    let OrderCommand::RecordPaymentRequest { number, received_on, amount, .. } = invoice("CPP-4", 60_000) else {
        panic!("a request");
    };
    let less =
        OrderCommand::RecordPaymentRequest { number, received_on, amount, including_tax: Some(Cents::new(59_999)) };
    assert_eq!(world.run(Some(0), &less, &finance()).unwrap_err().code(), "payment_amounts");
    assert_eq!(world.run(Some(0), &invoice("CPP-4", 1), &body()).unwrap_err().code(), "not_your_role");
}

/// A request of so much, whose amount including tax is said or not.
fn taxed(amount: i64, including_tax: Option<i64>) -> OrderCommand {
    let OrderCommand::RecordPaymentRequest { number, received_on, .. } = invoice("CPP-1", amount) else {
        panic!("a request");
    };
    let including_tax = including_tax.map(Cents::new);
    OrderCommand::RecordPaymentRequest { number, received_on, amount: Cents::new(amount), including_tax }
}

#[test]
fn tax_is_said_when_something_admitted_bears_some() {
    // Of P1, 1 100 € at 20 %.
    let mut world = admitted();
    let missing = |expected| Err(OrderRefusal::TaxMissing { expected: Cents::new(expected) });
    assert_eq!(world.run(Some(0), &taxed(60_000, None), &finance()), missing(72_000));
    // And one N2, 3 000 € exempt: 220 € of tax on 4 100 €.
    let exempt = world.order(0).line_of(OptionCode::N2).unwrap().ordered.line;
    *world.use_of(exempt) = LineUse { line: exempt, drawn: 1, served: 1, reduced: Cents::ZERO };
    assert_eq!(world.run(Some(0), &taxed(410_000, None), &finance()), missing(432_000));
    // The request for the exempt unit alone says so.
    world.run(Some(0), &taxed(300_000, Some(300_000)), &finance()).unwrap();
    assert_eq!(world.order(0).payments[0].including_tax, Cents::new(300_000));

    let mut world = World::notified();
    let exempt = world.order(0).line_of(OptionCode::N2).unwrap().ordered.line;
    *world.use_of(exempt) = LineUse { line: exempt, drawn: 1, served: 1, reduced: Cents::ZERO };
    world.run(Some(0), &taxed(300_000, None), &finance()).unwrap();
    assert_eq!(world.order(0).payments[0].including_tax, Cents::new(300_000), "nothing admitted is taxed");
}

#[test]
fn the_time_to_pay_is_interrupted_once_and_begins_again() {
    let mut world = admitted();
    world.run(Some(0), &invoice("CPP-1", 60_000), &finance()).unwrap();
    let due = |world: &World| world.order(0).payment_due_on();
    // Thirty days from Monday the 2nd of March: Wednesday the 1st of April.
    assert_eq!(due(&world), Some(day("2026-04-01")));
    assert_eq!(world.run(Some(0), &resume("2026-03-02"), &finance()).unwrap_err().code(), "payment_state");
    world.today = day("2026-03-20");
    assert_eq!(world.run(Some(0), &interrupt("2026-03-21"), &finance()).unwrap_err().code(), "day_too_late");
    world.run(Some(0), &interrupt("2026-03-12"), &finance()).unwrap();
    assert_eq!(due(&world), None, "no time runs");
    assert_eq!(world.run(Some(0), &resume("2026-03-11"), &finance()).unwrap_err().code(), "day_too_early");
    world.run(Some(0), &resume("2026-03-18"), &finance()).unwrap();
    assert_eq!(due(&world), Some(day("2026-04-17")), "a whole time begins");
    let once = OrderRefusal::InterruptedOnce { number: "CPP-1".into() };
    assert_eq!(world.run(Some(0), &interrupt("2026-03-19"), &finance()), Err(once));
    assert_eq!(world.run(Some(0), &pay("2026-03-01"), &finance()).unwrap_err().code(), "day_too_early");
    world.run(Some(0), &pay("2026-03-19"), &finance()).unwrap();
    assert_eq!((world.order(0).paid(), due(&world)), (Cents::new(60_000), None));
    let state = PaymentState::Paid { on: day("2026-03-19") };
    assert_eq!(
        world.run(Some(0), &pay("2026-03-19"), &finance()),
        Err(OrderRefusal::PaymentState { number: "CPP-1".into(), state })
    );
    let unknown = OrderCommand::RecordPayment { number: Line("X".into()), paid_on: day("2026-03-19") };
    let known = vec!["CPP-1".into()];
    assert_eq!(
        world.run(Some(0), &unknown, &finance()),
        Err(OrderRefusal::PaymentUnknown { number: "X".into(), known })
    );
}

#[test]
fn lateness_costs_the_rate_for_each_day_and_a_fixed_compensation() {
    let terms = crate::market::PaymentTerms::default();
    let request = |state| PaymentRequest {
        number: "CPP-1".into(),
        received_on: day("2026-03-02"),
        amount: Cents::new(1_000_000),
        including_tax: Cents::new(1_200_000),
        due_on: day("2026-04-01"),
        state,
        interrupted: false,
    };
    let running = request(PaymentState::Running);
    assert_eq!(running.late_interest(&terms, day("2026-04-01")), None, "the last day is not late");
    // 12 000 € at 10.15 % for 73 days of 365: a fifth of 1 218 €.
    let late = LateInterest { days: 73, interest: Cents::new(24_360), indemnity: Cents::new(4_000) };
    assert_eq!(running.late_interest(&terms, day("2026-06-13")), Some(late));
    assert_eq!(late.total(), Cents::new(28_360));
    let paid = request(PaymentState::Paid { on: day("2026-04-02") });
    assert_eq!(paid.late_interest(&terms, day("2026-06-13")).map(|late| late.days), Some(1));
    let stopped = request(PaymentState::Interrupted { on: day("2026-03-20"), reason: String::new() });
    assert_eq!(stopped.late_interest(&terms, day("2026-06-13")), None);
}

#[test]
fn a_settled_order_is_still_paid() {
    let mut world = admitted();
    let line = world.order(0).line_of(OptionCode::P1).unwrap().ordered.line;
    world.use_of(line).served = 3;
    world.run(Some(0), &OrderCommand::SettleOrder {}, &officer()).unwrap();
    world.run(Some(0), &invoice("CPP-1", 170_000), &finance()).unwrap();
    world.run(Some(0), &pay("2026-03-02"), &finance()).unwrap();
    assert_eq!((world.order(0).state, world.order(0).paid()), (OrderState::Settled, Cents::new(170_000)));
}

#[test]
fn days_of_a_notification_follow_each_other() {
    let notified = |sent: &str, consulted: Option<&str>| {
        let mut world = World::in_state(OrderState::Endorsed);
        world.today = day("2026-03-20");
        let command = OrderCommand::NotifyOrder {
            channel: OrderChannel::Letter,
            sent_on: day(sent),
            consulted_on: consulted.map(day),
            proof: Some(Line("AR 1A 123".into())),
        };
        world.run(Some(0), &command, &officer()).map(|()| world.order(0).notification.clone().unwrap().certain_on)
    };
    assert_eq!(notified("2026-03-10", Some("2026-03-12")), Ok(day("2026-03-12")));
    for (sent, consulted, code) in [
        ("2026-03-01", None, "day_too_early"),
        ("2026-03-21", None, "day_too_late"),
        ("2026-03-10", Some("2026-03-09"), "day_too_early"),
        ("2026-03-10", Some("2026-03-21"), "day_too_late"),
        ("2027-07-01", None, "outside_market"),
    ] {
        assert_eq!(notified(sent, consulted).unwrap_err().code(), code, "{sent} {consulted:?}");
    }
}

#[test]
fn observations_are_due_within_fifteen_days_of_receipt() {
    let reserve = OrderCommand::MakeReservations { observations: reason() };
    let mut world = World::notified();
    let until = Span::days(15).end(day("2026-03-10"));
    world.today = until;
    world.run(Some(0), &reserve, &body()).unwrap();
    assert_eq!(world.order(0).state, OrderState::Notified, "the body executes all the same");
    assert_eq!(world.order(0).reservations.as_ref().unwrap().on, until);
    world.today = until.succ_opt().unwrap();
    assert_eq!(world.run(Some(0), &reserve, &body()), Err(OrderRefusal::ReservationsTooLate { until }));
}

#[test]
fn another_body_sees_nothing_of_the_order() {
    let mut world = World::notified();
    let other = Actor::Staff {
        account: AccountId::new(Uuid::from_u128(8)),
        name: "Other".into(),
        role: StaffRole::Coordinator,
        body: Some(BodyCode::parse("afpa-normandie").unwrap()),
        on_behalf_of: None,
    };
    let refusal = world.run(Some(0), &OrderCommand::MakeReservations { observations: reason() }, &other);
    assert_eq!(refusal, Err(OrderRefusal::NotYourOrder));
}

#[test]
fn an_amending_order_goes_through_the_same_steps_and_moves_units_when_notified() {
    let mut world = World::notified();
    let engaged_before = world.order(0).engaged;
    world.run(Some(0), &amend(Some("M1 4"), Some("N2 3")), &officer()).unwrap();
    assert_eq!(world.order(1).amends, Some(world.order(0).id));
    assert_eq!(world.order(0).pending_amendment, Some(world.order(1).id));
    assert_eq!(world.order(0).engaged, engaged_before, "what was notified does not move before the amending order is");
    for refused in [amend(Some("P1 1"), None), OrderCommand::SettleOrder {}, cancel()] {
        assert_eq!(world.run(Some(0), &refused, &officer()).unwrap_err().code(), "amendment_pending");
    }
    world.run(Some(1), &OrderCommand::RequestEndorsement {}, &officer()).unwrap();
    world.run(Some(1), &endorse(), &finance()).unwrap();
    world.run(Some(1), &notify("2026-03-02"), &officer()).unwrap();
    assert_eq!(world.order(0).line_of(OptionCode::N2).unwrap().held(), 7);
    assert_eq!(world.order(0).engaged, engaged_before - Cents::new(900_000));
    assert_eq!(world.order(0).amended_by, [world.order(1).id]);
    assert_eq!(world.order(1).line_of(OptionCode::M1).unwrap().held(), 4);
    assert_eq!(world.order(1).engaged, Cents::new(360_000));
    assert_eq!(world.run(Some(1), &cancel(), &officer()), Err(OrderRefusal::AmendmentInForce));
    world.run(Some(0), &OrderCommand::SettleOrder {}, &officer()).unwrap();
}

#[test]
fn an_amendment_given_up_leaves_the_order_as_it_was() {
    let mut world = World::notified();
    world.run(Some(0), &amend(None, Some("N2 3")), &officer()).unwrap();
    world.run(Some(1), &cancel(), &officer()).unwrap();
    assert_eq!(world.order(0).pending_amendment, None);
    assert_eq!(world.order(0).line_of(OptionCode::N2).unwrap().held(), 10);
    world.run(Some(0), &OrderCommand::SettleOrder {}, &officer()).unwrap();
}

#[test]
fn an_amendment_takes_back_free_units_only() {
    let mut world = World::notified();
    let line = world.order(0).line_of(OptionCode::P1).unwrap().ordered.line;
    world.use_of(line).drawn = 8;
    let too_many = OrderRefusal::NotEnoughFreeUnits { option: OptionCode::P1, free: 2, asked: 3 };
    assert_eq!(world.run(Some(0), &amend(None, Some("P1 3")), &officer()), Err(too_many));
    assert_eq!(world.run(Some(0), &amend(None, None), &officer()), Err(OrderRefusal::NothingToChange));
    let not_ordered = OrderRefusal::OptionNotOrdered { option: OptionCode::M1 };
    assert_eq!(world.run(Some(0), &amend(None, Some("M1 1")), &officer()), Err(not_ordered));
    let too_many = OrderRefusal::NotEnoughFreeUnits { option: OptionCode::P1, free: 2, asked: 3 };
    assert_eq!(world.run(Some(0), &amend(Some("P1 3"), Some("P1 3")), &officer()), Err(too_many));
    let both = OrderRefusal::AddedAndRemoved { option: OptionCode::P1 };
    assert_eq!(world.run(Some(0), &amend(Some("P1 1"), Some("P1 1")), &officer()), Err(both));
    let twice = OrderRefusal::OptionTwice { option: OptionCode::P1 };
    assert_eq!(world.run(Some(0), &amend(None, Some("P1 1, P1 1")), &officer()), Err(twice));

    // Drawn while the amending order was on its way: its notification is refused, and names what is left.
    world.run(Some(0), &amend(None, Some("P1 2")), &officer()).unwrap();
    world.run(Some(1), &OrderCommand::RequestEndorsement {}, &officer()).unwrap();
    world.run(Some(1), &endorse(), &finance()).unwrap();
    world.use_of(line).drawn = 9;
    let left = OrderRefusal::NotEnoughFreeUnits { option: OptionCode::P1, free: 1, asked: 2 };
    assert_eq!(world.run(Some(1), &notify("2026-03-02"), &officer()), Err(left));
}

#[test]
fn settling_waits_for_every_unit_and_frees_the_rest() {
    let mut world = World::notified();
    let line = world.order(0).line_of(OptionCode::P1).unwrap().ordered.line;
    *world.use_of(line) = LineUse { line, drawn: 4, served: 3, reduced: Cents::new(10_000) };
    assert_eq!(
        world.run(Some(0), &OrderCommand::SettleOrder {}, &officer()),
        Err(OrderRefusal::UnitsPending { units: 1 })
    );
    world.use_of(line).served = 4;
    world.run(Some(0), &OrderCommand::SettleOrder {}, &officer()).unwrap();
    let order = world.order(0);
    assert_eq!(order.state, OrderState::Settled);
    assert_eq!(order.engaged, Cents::new(4 * 60_000 - 10_000), "four studies served, one of them reduced");
    assert_eq!(order.line_of(OptionCode::P1).unwrap().held(), 4);
    assert_eq!(order.line_of(OptionCode::N2).unwrap().held(), 0);
}

#[test]
fn cancelling_gives_everything_back_unless_a_unit_is_drawn() {
    let mut world = World::notified();
    let line = world.order(0).line_of(OptionCode::P1).unwrap().ordered.line;
    world.use_of(line).drawn = 1;
    assert_eq!(world.run(Some(0), &cancel(), &officer()), Err(OrderRefusal::UnitsDrawn { units: 1 }));
    world.use_of(line).drawn = 0;
    world.run(Some(0), &cancel(), &officer()).unwrap();
    assert_eq!(world.order(0).engaged, Cents::ZERO);
    assert_eq!(world.funds, World::new().funds);
    let mut endorsed = World::in_state(OrderState::Endorsed);
    endorsed.run(Some(0), &cancel(), &officer()).unwrap();
    assert_eq!(endorsed.funds, World::new().funds);
}

#[test]
fn told_reads_the_row_of_the_state_before() {
    let cancelled = OrderEvent::OrderCancelled { reason: String::new(), freed_units: Vec::new(), freed: Cents::ZERO };
    assert_eq!(told(Some(OrderState::Draft), &cancelled), [RecipientRole::Body; 0]);
    assert_eq!(told(Some(OrderState::Notified), &cancelled), [RecipientRole::Body]);
    assert_eq!(told(Some(OrderState::Draft), &OrderEvent::EndorsementRequested), [RecipientRole::Finance]);
}

#[test]
fn events_out_of_place_are_inconsistencies() {
    let event = OrderEvent::EndorsementRequested;
    assert_eq!(apply(None, &event), Err(OrderInconsistency::NotDrafted { kind: "endorsement_requested" }));
    let notified = World::notified().orders.remove(0);
    let unexpected = OrderInconsistency::Unexpected { kind: "endorsement_requested", state: OrderState::Notified };
    assert_eq!(apply(Some(notified.clone()), &event), Err(unexpected));
    let settled = OrderEvent::OrderSettled { freed_units: Vec::new(), freed: Cents::new(i64::MAX) };
    assert_eq!(apply(Some(notified), &settled), Err(OrderInconsistency::FreedTooMuch { kind: "order_settled" }));
}

#[test]
fn stored_events_keep_their_shape() {
    let mut world = World::notified();
    world.run(Some(0), &amend(Some("M1 4"), Some("N2 3")), &officer()).unwrap();
    world.run(Some(1), &correct(Some("M1 5"), Some("N2 2")), &officer()).unwrap();
    world.run(Some(1), &cancel(), &officer()).unwrap();
    world.run(Some(0), &OrderCommand::MakeReservations { observations: reason() }, &body()).unwrap();
    world.run(Some(0), &OrderCommand::SettleOrder {}, &officer()).unwrap();
    let mut lines = String::new();
    for (_, event) in &world.events {
        let text = serde_json::to_string(event).unwrap();
        assert_eq!(&serde_json::from_str::<OrderEvent>(&text).unwrap(), event);
        writeln!(lines, "{text}").unwrap();
    }
    insta::assert_snapshot!(lines);
}

/// One step of a random history: which order, what is tried, how much.
fn step() -> impl Strategy<Value = (usize, u8, u32)> {
    (0..4_usize, 0..18_u8, 1..12_u32)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn whatever_is_tried_the_fold_equals_the_state_and_money_stays_in_bounds(steps in prop::collection::vec(step(), 1..40)) {
        let mut world = World::new();
        let all = world.funds;
        world.funds = Funds { lot: Cents::new(6_000_000), year: Cents::new(4_000_000) };
        let start = world.funds;
        prop_assert!(start.lot < all.lot);
        for (rank, what, amount) in steps {
            let rank = (!world.orders.is_empty()).then(|| rank % world.orders.len());
            match (rank, what) {
                (None, _) | (_, 0) => drop(world.run(None, &draft(&format!("P1 {amount}, N2 {amount}")), &officer())),
                (Some(rank), 1 | 2) => drop(world.run(Some(rank), &OrderCommand::RequestEndorsement {}, &officer())),
                (Some(rank), 3 | 4) => drop(world.run(Some(rank), &endorse(), &finance())),
                (Some(rank), 5 | 6) => drop(world.run(Some(rank), &notify("2026-03-02"), &officer())),
                (Some(rank), 7) => drop(world.run(Some(rank), &amend(Some(&format!("M1 {amount}")), Some("P1 1")), &officer())),
                (Some(rank), 8) => drop(world.run(Some(rank), &OrderCommand::SettleOrder {}, &officer())),
                (Some(rank), 9) => drop(world.run(Some(rank), &cancel(), &officer())),
                // Paths draw, are served, give back.
                (Some(rank), 10 | 11) if world.orders[rank].state == OrderState::Notified => {
                    for line in world.orders[rank].lines.clone() {
                        let used = world.use_of(line.ordered.line);
                        used.drawn += u32::from(used.drawn < line.held());
                    }
                }
                (Some(rank), 12) => {
                    for line in world.orders[rank].lines.clone() {
                        for used in world.uses.iter_mut().filter(|used| used.line == line.ordered.line) {
                            used.served = used.drawn;
                        }
                    }
                }
                (Some(rank), 13) => {
                    // A unit served never comes back.
                    let Some(line) = world.orders[rank].lines.first().map(|line| line.ordered.line) else { continue };
                    for used in world.uses.iter_mut().filter(|used| used.line == line && used.drawn > used.served) {
                        used.drawn -= 1;
                    }
                }
                (Some(rank), 14) => {
                    let number = format!("CPP-{}", amount % 4);
                    drop(world.run(Some(rank), &invoice(&number, i64::from(amount) * 10_000), &finance()));
                }
                (Some(rank), 15) => {
                    let step = if amount % 2 == 0 { interrupt("2026-03-02") } else { resume("2026-03-02") };
                    drop(world.run(Some(rank), &step, &finance()));
                }
                (Some(rank), 17) => {
                    let (add, remove) = (format!("P1 {amount}, M1 {amount}"), format!("N2 {amount}"));
                    let remove = world.orders[rank].amends.map(|_| remove.as_str());
                    drop(world.run(Some(rank), &correct(Some(&add), remove), &officer()));
                }
                (Some(rank), 16) => drop(world.run(Some(rank), &pay("2026-03-02"), &finance())),
                (Some(_), _) => {}
            }
            for order in &world.orders {
                let events = world.events.iter().filter(|(id, _)| *id == order.id).map(|(_, event)| event);
                let folded = PurchaseOrder::fold(events).unwrap();
                prop_assert_eq!(folded.as_ref(), Some(order));
                prop_assert!(!order.engaged.is_negative());
                for line in &order.lines {
                    let drawn = world.uses.iter().find(|used| used.line == line.ordered.line).map_or(0, |used| used.drawn);
                    prop_assert!(drawn <= line.held() && line.held() <= line.ordered.units);
                }
            }
            let engaged: Cents = world.orders.iter().map(|order| order.engaged).sum();
            prop_assert_eq!(engaged, start.lot - world.funds.lot);
            prop_assert!(!world.funds.lot.is_negative() && !world.funds.year.is_negative());
        }
    }
}
