mod kit;
mod payments;

use std::fmt::Write as _;

use proptest::prelude::*;
use strum::IntoEnumIterator;
use uuid::Uuid;

use self::kit::{
    World, amend, body, cancel, command, correct, day, draft, endorse, everyone, finance, interrupt, invoice, lot,
    notify, officer, pay, reason, resume, units,
};
use super::*;
use crate::calendar::Span;
use crate::form::Line;
use crate::money::Cents;
use crate::people::{Actor, RecipientRole, StaffRole};

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
