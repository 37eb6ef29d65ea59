//! Payment requests of an order: what may be invoiced, their tax, their time to pay and what lateness costs.

use super::super::*;
use super::kit::{World, body, day, finance, interrupt, invoice, officer, pay, reason, resume};
use crate::form::Line;
use crate::money::Cents;

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
