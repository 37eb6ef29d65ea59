//! Orders of one lot with the counters that the store would keep, and a good command for every step.

use strum::IntoEnumIterator;
use uuid::Uuid;

use super::super::*;
use crate::form::{Line, Text};
use crate::identifiers::PathId;
use crate::market::Terms;
use crate::money::Cents;
use crate::people::{Actor, OutsideRole, StaffRole};

pub(super) fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub(super) fn staff(role: StaffRole) -> Actor {
    let body = (role == StaffRole::Coordinator).then(|| BodyCode::parse("retravailler").unwrap());
    Actor::Staff { account: AccountId::new(Uuid::from_u128(7)), name: "Someone".into(), role, body, on_behalf_of: None }
}

pub(super) fn officer() -> Actor {
    staff(StaffRole::RegionOfficer)
}

pub(super) fn finance() -> Actor {
    staff(StaffRole::RegionFinance)
}

pub(super) fn body() -> Actor {
    staff(StaffRole::Coordinator)
}

pub(super) fn lot() -> LotCode {
    LotCode::parse("1").unwrap()
}

/// Orders of one lot, with the counters that the store would keep.
pub(super) struct World {
    pub(super) terms: Terms,
    pub(super) today: Day,
    pub(super) orders: Vec<PurchaseOrder>,
    pub(super) events: Vec<(OrderId, OrderEvent)>,
    pub(super) uses: Vec<LineUse>,
    pub(super) funds: Funds,
    pub(super) drawn_ids: u128,
}

impl World {
    pub(super) fn new() -> Self {
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

    pub(super) fn fresh(&mut self) -> NewOrder {
        let mut next = || {
            self.drawn_ids += 1;
            Uuid::from_u128(self.drawn_ids)
        };
        let (order, lines) = (OrderId::new(next()), (0..7).map(|_| LineId::new(next())).collect());
        let number = u32::try_from(self.orders.len()).unwrap() + 1;
        NewOrder { order, reference: OrderReference::new(lot(), 2026, number), lines }
    }

    pub(super) fn order(&self, rank: usize) -> &PurchaseOrder {
        &self.orders[rank]
    }

    pub(super) fn decide(
        &mut self,
        rank: Option<usize>,
        command: &OrderCommand,
        actor: &Actor,
    ) -> Result<Decision, OrderRefusal> {
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
    pub(super) fn run(
        &mut self,
        rank: Option<usize>,
        command: &OrderCommand,
        actor: &Actor,
    ) -> Result<(), OrderRefusal> {
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

    pub(super) fn record(&mut self, id: Option<OrderId>, event: OrderEvent) {
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
    pub(super) fn perform(&mut self, effect: &OrderEffect) {
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

    pub(super) fn use_of(&mut self, line: LineId) -> &mut LineUse {
        self.uses.iter_mut().find(|used| used.line == line).unwrap()
    }

    /// A world whose first order is notified: ten P1 and ten N2.
    pub(super) fn notified() -> Self {
        let mut world = Self::new();
        world.run(None, &draft("P1 10, N2 10"), &officer()).unwrap();
        world.run(Some(0), &OrderCommand::RequestEndorsement {}, &officer()).unwrap();
        world.run(Some(0), &endorse(), &finance()).unwrap();
        world.run(Some(0), &notify("2026-03-02"), &officer()).unwrap();
        world
    }

    pub(super) fn in_state(state: OrderState) -> Self {
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

pub(super) fn units(text: &str) -> Units {
    crate::form::FieldType::read(&text.into()).unwrap()
}

pub(super) fn reason() -> Text {
    Text("because".into())
}

pub(super) fn draft(text: &str) -> OrderCommand {
    OrderCommand::DraftOrder { lot: lot(), budget_year: 2026, units: units(text) }
}

pub(super) fn correct(add: Option<&str>, remove: Option<&str>) -> OrderCommand {
    OrderCommand::CorrectOrder { units: add.map(units), remove: remove.map(units) }
}

pub(super) fn endorse() -> OrderCommand {
    OrderCommand::Endorse { commitment_number: Line("EJ-2026-17".into()), service_code: None }
}

pub(super) fn notify(sent_on: &str) -> OrderCommand {
    OrderCommand::NotifyOrder {
        channel: OrderChannel::BuyerProfile,
        sent_on: day(sent_on),
        consulted_on: None,
        proof: None,
    }
}

pub(super) fn amend(add: Option<&str>, remove: Option<&str>) -> OrderCommand {
    OrderCommand::AmendOrder { reason: reason(), add: add.map(units), remove: remove.map(units) }
}

pub(super) fn cancel() -> OrderCommand {
    OrderCommand::CancelOrder { reason: reason() }
}

pub(super) fn invoice(number: &str, cents: i64) -> OrderCommand {
    OrderCommand::RecordPaymentRequest {
        number: Line(number.into()),
        received_on: day("2026-03-02"),
        amount: Cents::new(cents),
        including_tax: Some(Cents::new(cents + cents / 5)),
    }
}

pub(super) fn interrupt(on: &str) -> OrderCommand {
    OrderCommand::InterruptPayment { number: Line("CPP-1".into()), interrupted_on: day(on), reason: reason() }
}

pub(super) fn resume(on: &str) -> OrderCommand {
    OrderCommand::ResumePayment { number: Line("CPP-1".into()), resumed_on: day(on) }
}

pub(super) fn pay(on: &str) -> OrderCommand {
    OrderCommand::RecordPayment { number: Line("CPP-1".into()), paid_on: day(on) }
}

pub(super) fn command(transition: OrderTransition) -> OrderCommand {
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

pub(super) fn everyone() -> Vec<(String, Actor)> {
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
