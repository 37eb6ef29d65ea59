//! What a step of an order will do: what its form does not decide, what is engaged of it, and the words of its button.

use app::{OrderOutcome, OrderView};
use domain::Day;
use domain::money::Cents;
use domain::order::{OrderRefusal, OrderTransition, OrderedUnits, PaymentRequest, PurchaseOrder};
use wording::{dates, labels, numbers, pages, refusals};

use super::form::Part;
use super::money::{Limit, limits};
use super::one::used;
use crate::staff::path::rehearsal::Fact;

/// What a step would do.
#[derive(Default)]
pub(super) struct Preview {
    pub lines: Vec<String>,
    pub limits: Vec<Limit>,
}

/// Units no path holds and what they cost, with what reductions left unpaid: what settling frees.
fn freed(view: &OrderView) -> (u32, Cents, u32) {
    let (mut units, mut money, mut pending) = (0, Cents::ZERO, 0);
    for line in &view.order.lines {
        let used = used(&view.uses, line);
        let free = line.held().saturating_sub(used.drawn);
        units += free;
        money += line.ordered.unit_price.excluding_tax * free;
        money += used.reduced;
        pending += used.drawn.saturating_sub(used.served);
    }
    (units, money - view.order.reductions_freed, pending)
}

/// The payment request that a form names.
fn named<'o>(order: &'o PurchaseOrder, part: &Part) -> Option<&'o PaymentRequest> {
    match part {
        Part::Field(field) if field.name == "number" => {
            order.payments.iter().find(|request| request.number == field.value)
        }
        Part::Field(_) | Part::Units(_) => None,
    }
}

/// Since when a payment is late, when it is.
fn overdue(request: &PaymentRequest, today: Day) -> Option<String> {
    let days = request.days_late(today);
    (days > 0).then(|| pages::order_steps::overdue(dates::until(request.due_on), pages::counts::days(days)))
}

/// What an order takes back from the one that it amends, excluding tax.
fn removed(order: &PurchaseOrder) -> Cents {
    order.removals.iter().map(OrderedUnits::price).sum()
}

/// What an amending order takes back is freed by its notification alone.
fn leaves_later(money: Cents) -> Option<String> {
    (money > Cents::ZERO).then(|| pages::order_steps::units_leave_later(numbers::euros(money)))
}

/// What an order says, for who asks for its visa and who gives it.
fn said(view: &OrderView) -> Vec<String> {
    let order = &view.order;
    let list = |units: &mut dyn Iterator<Item = &OrderedUnits>| {
        pages::order_steps::listed(units.map(|units| (units.units, labels::option_with_code(units.option))))
    };
    let mut lines = Vec::new();
    lines.extend(view.amends.as_ref().map(pages::order_steps::amends));
    if !order.lines.is_empty() {
        lines.push(pages::order_steps::ordered(list(&mut order.lines.iter().map(|line| &line.ordered))));
    }
    if !order.removals.is_empty() {
        lines.push(pages::order_steps::removed(list(&mut order.removals.iter())));
    }
    lines.extend(leaves_later(removed(order)));
    lines
}

/// A tax that nothing of what was admitted explains.
fn unexpected_tax(view: &OrderView, request: &PaymentRequest) -> Option<String> {
    let (least, most) = view.order.tax_bounds(&view.uses, request.amount);
    let (least, most) = (request.amount + least, request.amount + most);
    if (least..=most).contains(&request.including_tax) {
        return None;
    }
    let typed = numbers::euros(request.including_tax);
    Some(if least == most {
        pages::order_steps::tax_expected(numbers::euros(most), typed)
    } else {
        pages::order_steps::tax_between(numbers::euros(least), numbers::euros(most), typed)
    })
}

/// What the step will do: what its form does not decide, and what is to be read again of what it does.
pub(super) fn preview(
    view: &OrderView,
    transition: OrderTransition,
    parts: &[Part],
    outcome: Option<&OrderOutcome>,
    today: Day,
) -> Preview {
    let order = &view.order;
    let total = order.total();
    let sum = |id: &str| {
        let tables = parts.iter().filter_map(|part| match part {
            Part::Units(table) if table.id == id => Some(table.sum),
            Part::Units(_) | Part::Field(_) => None,
        });
        tables.sum::<Cents>()
    };
    let mut lines = Vec::new();
    let mut change = Cents::ZERO;
    let mut money = true;
    match transition {
        OrderTransition::DraftOrder => {}
        OrderTransition::CorrectOrder => {
            lines.push(pages::order_steps::NOTHING_ENGAGED_YET.to_owned());
            lines.extend(leaves_later(sum("remove")));
            change = sum("units");
        }
        OrderTransition::RequestEndorsement => {
            lines.extend(said(view));
            lines.push(pages::order_steps::NOTHING_ENGAGED_YET.to_owned());
            change = total;
        }
        OrderTransition::Endorse => {
            lines.extend(said(view));
            lines.push(pages::order_steps::engaged(numbers::euros(total), order.budget_year, &order.lot));
            change = total;
        }
        OrderTransition::RefuseEndorsement => {
            lines.push(pages::order_steps::BACK_TO_DRAFT.to_owned());
        }
        OrderTransition::NotifyOrder => {
            let units: u32 = order.lines.iter().map(|line| line.ordered.units).sum();
            lines.push(pages::order_steps::units_for_lot(pages::counts::units_now_available(units), &order.lot));
            lines.push(pages::order_steps::certain_day_by(dates::medium(today + chrono::Duration::days(8))));
            let removed = removed(order);
            if removed > Cents::ZERO {
                lines.push(pages::order_steps::units_leave(numbers::euros(removed)));
            }
            change = -removed;
            money = removed > Cents::ZERO;
        }
        OrderTransition::MakeReservations => {
            lines.push(pages::order_steps::CARRIED_OUT_ANYWAY.to_owned());
            money = false;
        }
        OrderTransition::AmendOrder => {
            let (add, remove) = (sum("add"), sum("remove"));
            lines.push(pages::order_steps::amendment(numbers::euros(add), numbers::euros(remove)));
            lines.extend(leaves_later(remove));
            change = add;
        }
        OrderTransition::RecordConsultation => {
            lines.push(pages::order_steps::CERTAIN_DAY_FOLLOWS.to_owned());
            money = false;
        }
        OrderTransition::RecordPaymentRequest => {
            let left = order.left_to_invoice(&view.uses);
            lines.push(pages::order_steps::left_to_bill(numbers::euros(left)));
            let tax = order.expected_tax(&view.uses, left);
            if tax > Cents::ZERO {
                lines.push(pages::order_steps::tax_included(numbers::euros(left + tax)));
            }
            if let Some(request) = outcome.and_then(|outcome| outcome.order.payments.last()) {
                lines.extend(overdue(request, today));
                lines.extend(unexpected_tax(view, request));
            }
            money = false;
        }
        OrderTransition::InterruptPayment
        | OrderTransition::ResumePayment
        | OrderTransition::ReturnPaymentRequest
        | OrderTransition::RecordPayment => {
            if let Some(request) = parts.iter().find_map(|part| named(order, part)) {
                lines.push(pages::order_steps::request(
                    &request.number,
                    numbers::euros(request.amount),
                    numbers::euros(request.including_tax),
                ));
                let late = overdue(request, today);
                let in_time = transition == OrderTransition::InterruptPayment && late.is_some();
                lines.extend(late);
                let resumed = outcome.and_then(|outcome| outcome.order.payment(&request.number));
                if let Some(resumed) = resumed.filter(|_| transition == OrderTransition::ResumePayment) {
                    lines.push(pages::order_steps::due_again(dates::until(resumed.due_on)));
                }
                if in_time {
                    lines.push(pages::order_steps::interrupted_in_time(dates::by(request.due_on)));
                }
            }
            lines.push(pages::order_steps::CHORUS_UNTOUCHED.to_owned());
            money = false;
        }
        OrderTransition::SettleOrder => {
            let (units, money, pending) = freed(view);
            if pending > 0 {
                lines.push(refusals::order(&OrderRefusal::UnitsPending { units: pending }));
            } else {
                lines.push(pages::order_steps::units_and_money_freed(
                    pages::counts::units(units),
                    numbers::euros(money),
                ));
                change = -money;
            }
        }
        OrderTransition::CancelOrder => {
            let drawn: u32 = view.uses.iter().map(|used| used.drawn).sum();
            if drawn > 0 {
                lines.push(refusals::order(&OrderRefusal::UnitsDrawn { units: drawn }));
            } else {
                change = -order.engaged;
                lines.push(match order.engaged {
                    Cents::ZERO => pages::order_steps::NOTHING_WAS_ENGAGED.to_owned(),
                    engaged => pages::order_steps::money_freed(numbers::euros(engaged)),
                });
            }
        }
    }
    Preview { lines, limits: if money { limits(&view.purse, change) } else { Vec::new() } }
}

pub(super) fn button(view: &OrderView, transition: OrderTransition) -> String {
    let order = &view.order;
    match transition {
        OrderTransition::DraftOrder => pages::order_steps::PREPARE_BUTTON.to_owned(),
        OrderTransition::CorrectOrder => pages::order_steps::CORRECT_BUTTON.to_owned(),
        OrderTransition::RequestEndorsement => pages::order_steps::ASK_APPROVAL_BUTTON.to_owned(),
        OrderTransition::Endorse => pages::order_steps::approve_button(numbers::euros(order.total())),
        OrderTransition::RefuseEndorsement => pages::order_steps::REFUSE_APPROVAL_BUTTON.to_owned(),
        OrderTransition::NotifyOrder => pages::order_steps::notify_button(&view.lot.holder.name),
        OrderTransition::MakeReservations => pages::order_steps::OBSERVE_BUTTON.to_owned(),
        OrderTransition::RecordConsultation
        | OrderTransition::RecordPaymentRequest
        | OrderTransition::InterruptPayment
        | OrderTransition::ResumePayment
        | OrderTransition::ReturnPaymentRequest
        | OrderTransition::RecordPayment => labels::order_transition(transition).to_owned(),
        OrderTransition::AmendOrder => pages::order_steps::AMEND_BUTTON.to_owned(),
        OrderTransition::SettleOrder => match freed(view) {
            (_, money, 0) if money > Cents::ZERO => pages::order_steps::settle_and_free_button(numbers::euros(money)),
            _ => pages::order_steps::SETTLE_BUTTON.to_owned(),
        },
        OrderTransition::CancelOrder => pages::order_steps::CANCEL_BUTTON.to_owned(),
    }
}

/// What the rehearsal of a step says: where the order goes, and what is engaged of it.
pub(super) fn facts(outcome: &OrderOutcome) -> Vec<Fact> {
    let after = &outcome.order;
    let state = labels::order_state(after.state);
    let fact = |label, text, before| Fact { label, text, before };
    let Some(before) = &outcome.before else { return vec![fact(pages::order_steps::STATE, state.to_owned(), None)] };
    let mut facts = vec![if before.state == after.state {
        fact(pages::order_steps::STATE, pages::order_steps::unchanged(state.to_lowercase()), None)
    } else {
        fact(pages::order_steps::STATE, state.to_owned(), Some(labels::order_state(before.state).to_owned()))
    }];
    let mut moved = |label, of: fn(&PurchaseOrder) -> Cents| {
        if of(before) != of(after) {
            let text = pages::order_steps::without_tax(numbers::euros(of(after)));
            facts.push(fact(label, text, Some(numbers::euros(of(before)))));
        }
    };
    moved(pages::order_steps::ENGAGED, |order| order.engaged);
    moved(pages::order_steps::BILLED, PurchaseOrder::invoiced);
    moved(pages::order_steps::PAID, PurchaseOrder::paid);
    let certain = |order: &PurchaseOrder| order.notification.as_ref().map(|notification| notification.certain_on);
    if let Some(day) = certain(after).filter(|day| certain(before) != Some(*day)) {
        facts.push(fact(pages::order_steps::CERTAIN_DAY, dates::medium(day), certain(before).map(dates::medium)));
    }
    if let Some(day) = after.payment_due_on().filter(|day| before.payment_due_on() != Some(*day)) {
        facts.push(fact(pages::order_steps::TO_PAY, dates::until(day), before.payment_due_on().map(dates::until)));
    }
    facts
}
