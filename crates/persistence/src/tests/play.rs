//! Paths and orders played on a store: what the use cases do with a decision, without its messages.

use domain::calendar::{at_paris, paris_day};
use domain::form::Form;
use domain::identifiers::{EventId, LineId, LotCode, OrderId, OrderReference, PathReference};
use domain::market::Terms;
use domain::order::{
    NewOrder, OrderCommand, OrderContext, OrderEffect, OrderEvent, OrderTransition, PurchaseOrder,
    effects as order_effects,
};
use domain::path::decide::PersonChange;
use domain::path::{
    Act, Command, Context, Effect, Fresh, Path, Recorded, State, Step, Transition, apply, decide, effects,
};
use domain::people::{Account, Actor, OutsideRole, Side, StaffRole};
use domain::{Day, Instant, samples};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    Append, AppendOrder, CounterOutcome, PathRowFacts, RecordedOrder, Result, Store, StoredOrder, StoredPath, Tx,
    unpaid,
};

/// Who plays on which store, at which instant.
#[derive(Clone)]
pub(super) struct Play {
    pub store: Store,
    pub terms: Terms,
    pub now: Instant,
}

/// What a step is played with beside its form.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct With<'a> {
    pub key: Option<&'a str>,
    pub digest: Option<&'a str>,
}

/// The lot of the plays.
pub(super) fn lot() -> LotCode {
    LotCode::parse("1").unwrap()
}

/// A member of staff of lot 1.
pub(super) fn staff(role: StaffRole) -> Actor {
    samples::account(role, 1).actor()
}

fn opens(step: Step) -> bool {
    matches!(step, Step::Transition(Transition::ReportNeed | Transition::OpenSibling))
}

fn actor(side: Side, path: Option<&Path>) -> Actor {
    let outside = |role, person| {
        let path = path.expect("a person outside acts on a path").id;
        Actor::Outside { person, role, path }
    };
    match side {
        Side::Region => staff(StaffRole::RegionOfficer),
        Side::Finance => staff(StaffRole::RegionFinance),
        Side::Body => staff(StaffRole::Coordinator),
        Side::Company => outside(OutsideRole::Company, path.unwrap().contact.id),
        Side::Trainee => outside(OutsideRole::Trainee, path.unwrap().candidate.as_ref().unwrap().person.id),
        Side::Tutor => outside(OutsideRole::Tutor, path.unwrap().tutor.as_ref().unwrap().person.id),
        Side::System => Actor::System,
    }
}

impl Play {
    /// In the evening of the 2nd of March 2026, on the sample market.
    pub fn on(store: &Store) -> Self {
        let now = at_paris(samples::day("2026-03-02"), 18, 0);
        Self { store: store.clone(), terms: samples::terms(), now }
    }

    /// On the sample market and an order of ten units of each option.
    pub async fn supplied(store: &Store) -> Self {
        let mut play = Self::on(store);
        play.order("P1 10\nM1 10\nM2 10\nN1 10\nN2 10\nN3 10").await;
        play
    }

    pub fn today(&self) -> Day {
        paris_day(self.now)
    }

    pub fn later(&mut self, days: i64) {
        self.now += chrono::Duration::days(days);
    }

    fn command(&self, step: Step, changes: Value) -> Command {
        let mut form = samples::form(step, self.today());
        if let Value::Object(changes) = changes {
            form.extend(changes);
        }
        Command::read(step, &form).expect("the form of a play is a good one")
    }

    /// Decides and writes a step; the transaction is given back to be committed, or dropped.
    pub async fn step(
        &self,
        tx: &Tx,
        before: Option<StoredPath>,
        side: Side,
        step: Step,
        changes: Value,
        with: With<'_>,
    ) -> Result<Path> {
        let who = actor(side, before.as_ref().map(|stored| &stored.path));
        let command = self.command(step, changes);
        let market = &self.terms.market;
        let units = tx.free_units(&market.code, &lot(), &market.enabled_options).await?;
        let mut places = Vec::new();
        for year in 2025..=2027 {
            places.push(tx.places_of(market, &lot(), year).await?);
        }
        let source = match &command {
            Command::OpenSibling { source, .. } => tx.path_by_reference(source).await?,
            _ => None,
        };
        let people = match before.as_ref().or(source.as_ref()) {
            Some(stored) => tx.people(stored.path.id).await?,
            None => Vec::new(),
        };
        let number = if opens(step) { tx.next_number("path-1-2026").await? } else { 1 };
        let rank = u32::try_from(number).unwrap() * 1_000 + before.as_ref().map_or(0, |stored| stored.path.version);
        let fresh = Fresh { number: u32::try_from(number).unwrap(), ..samples::fresh(rank) };
        let person = |rank: usize| (domain::identifiers::PersonId::new(Uuid::now_v7()), fresh.people[rank].1.clone());
        let fresh =
            Fresh { path: domain::identifiers::PathId::new(Uuid::now_v7()), people: [person(0), person(1)], ..fresh };
        let context = Context {
            now: self.now,
            actor: &who,
            terms: &self.terms,
            earlier_terms: &[],
            units: &units,
            places: &places,
            queued: 0,
            people: &people,
            source: source.as_ref().map(|stored| &stored.path),
            colleague: None::<&Account>,
            fresh: &fresh,
        };
        let decision = decide(before.as_ref().map(|stored| &stored.path), command, &context)
            .unwrap_or_else(|refusal| panic!("{step} by {side} on {}: {refusal:?}", self.today()));
        let mut path = before.as_ref().map(|stored| stored.path.clone());
        let (mut recorded, mut changes) = (Vec::new(), Vec::new());
        for decided in decision.events {
            changes.extend(effects(path.as_ref(), &decided.event, decided.effective_on));
            let event = Recorded {
                id: EventId::new(Uuid::now_v7()),
                path: path.as_ref().map_or(fresh.path, |path| path.id),
                seq: path.as_ref().map_or(0, |path| path.version) + 1,
                effective_on: decided.effective_on,
                recorded_at: self.now,
                author: who.clone(),
                terms: self.terms.version,
                event: decided.event,
            };
            path = Some(apply(path, &event).expect("a decided event fits the path"));
            recorded.push(event);
        }
        let path = path.expect("a decision writes an event");
        let append = Append {
            before: before.as_ref(),
            after: &path,
            events: &recorded,
            facts: self.facts(&path),
            idempotency_key: with.key,
            request_digest: with.digest,
        };
        tx.append_path(&append, self.now).await?;
        for change in decision.people {
            match change {
                PersonChange::Add(person) => tx.insert_persons(&[person], self.now).await?,
                PersonChange::Update(person) => assert!(tx.update_person(&person, self.now).await?),
                PersonChange::Deactivate(person) => tx.deactivate_persons(&[person], self.now).await?,
            }
        }
        for recorded in &recorded {
            if let Some((line, cents)) = unpaid(&path, &recorded.event) {
                tx.add_reduction(line, cents).await?;
            }
        }
        for effect in changes {
            match effect {
                Effect::Place(place) => {
                    tx.apply_place(market, &lot(), place).await?.expect("a place is free");
                }
                unit => assert_eq!(tx.apply_unit(&unit).await?, CounterOutcome::Done, "{unit:?}"),
            }
        }
        Ok(path)
    }

    pub fn facts(&self, path: &Path) -> PathRowFacts {
        let ball = domain::clocks::ball(path, &self.terms.market, self.today());
        PathRowFacts {
            holder: ball.map(|clock| clock.holder),
            clock: ball.map(|clock| clock.kind),
            held_since: ball.map(|clock| clock.started_on),
            due_on: ball.map(|clock| clock.due_on),
        }
    }

    /// Plays the sample form of a step with some fields changed.
    pub async fn play(&self, path: &PathReference, side: Side, step: impl Into<Step>, changes: Value) -> Path {
        let tx = self.store.begin_write().await.unwrap();
        let before = tx.lock_path(path).await.unwrap().expect("the path is there");
        let after = self.step(&tx, Some(before), side, step.into(), changes, With::default()).await.unwrap();
        tx.commit().await.unwrap();
        after
    }

    /// Opens a path with some fields of its need changed.
    pub async fn open(&self, changes: Value) -> PathReference {
        let tx = self.store.begin_write().await.unwrap();
        let step = Transition::ReportNeed.into();
        let after = self.step(&tx, None, Side::Body, step, changes, With::default()).await.unwrap();
        tx.commit().await.unwrap();
        after.reference
    }

    /// The path as the store has it.
    pub async fn path(&self, reference: &PathReference) -> Path {
        let tx = self.store.begin_read().await.unwrap();
        tx.path_by_reference(reference).await.unwrap().expect("the path is there").path
    }

    async fn forward(&mut self, path: &PathReference) -> State {
        let now = self.path(path).await;
        let (side, step): (Side, Step) = match now.state {
            State::NeedReported => (Side::Region, Transition::OrderFeasibility.into()),
            State::FeasibilityOrdered => (Side::Body, Transition::StartFeasibility.into()),
            State::FeasibilityInProgress if now.tutor.is_none() => (Side::Body, Act::DesignateTutor.into()),
            State::FeasibilityInProgress if now.commitment.asked.is_none() => (Side::Body, Act::AskConfirmation.into()),
            State::FeasibilityInProgress if now.commitment.answer.is_none() => {
                (Side::Company, Act::ConfirmCommitment.into())
            }
            State::FeasibilityInProgress | State::FeasibilityAdjourned => {
                (Side::Body, Transition::DeliverFeasibility.into())
            }
            State::FeasibilityDelivered => (Side::Region, Transition::AdmitFeasibility.into()),
            State::Feasible => (Side::Region, Transition::OrderPreparation.into()),
            State::PreparationOrdered => (Side::Body, Transition::StartPreparation.into()),
            State::PreparationInProgress | State::PreparationAdjourned => {
                (Side::Body, Transition::DeliverPreparation.into())
            }
            State::PreparationDelivered => (Side::Region, Transition::AdmitPreparation.into()),
            State::Ready => (Side::Body, Transition::OpenSelection.into()),
            State::CandidateSelection => (Side::Body, Transition::SelectCandidate.into()),
            State::CandidateSelected => match &now.pif {
                None => (Side::Body, Act::WritePif.into()),
                Some(pif) => {
                    let sides = [Side::Body, Side::Company, Side::Trainee];
                    (sides[pif.signatures.len()], Transition::SignPif.into())
                }
            },
            State::PifSigned => (Side::Region, Transition::OrderImplementation.into()),
            State::ImplementationOrdered => (Side::Body, Transition::EnterTraining.into()),
            State::InTraining => {
                for kind in ["work_situation", "reflexive_phase", "evaluation"] {
                    self.later(1);
                    let today = self.today();
                    let times =
                        json!({"kind": kind, "from": format!("{today} 08:30"), "until": format!("{today} 16:30")});
                    self.play(path, Side::Tutor, Act::RecordSequence, times).await;
                }
                (Side::Body, Transition::EndTraining.into())
            }
            State::Suspended => (Side::Body, Transition::Resume.into()),
            State::TrainingEnded if now.report_confirmation.asked.is_none() => {
                (Side::Body, Act::AskConfirmation.into())
            }
            State::TrainingEnded if now.report_confirmation.answer.is_none() => {
                (Side::Company, Act::ConfirmReport.into())
            }
            State::TrainingEnded | State::ReportAdjourned => (Side::Body, Transition::DeliverReport.into()),
            State::ReportDelivered => (Side::Region, Transition::AdmitReport.into()),
            State::Closed | State::NotFeasible | State::Declined | State::Cancelled => panic!("the path has ended"),
        };
        self.play(path, side, step, json!({})).await.state
    }

    /// Opens a path and plays the shortest journey to a state.
    pub async fn reach(&mut self, state: State) -> PathReference {
        let path = self.open(json!({})).await;
        self.bring(&path, state).await;
        path
    }

    /// Plays on to a state.
    pub async fn bring(&mut self, path: &PathReference, state: State) {
        let beside: Option<(State, Side, Transition)> = match state {
            State::FeasibilityAdjourned => {
                Some((State::FeasibilityDelivered, Side::Region, Transition::AdjournFeasibility))
            }
            State::PreparationAdjourned => {
                Some((State::PreparationDelivered, Side::Region, Transition::AdjournPreparation))
            }
            State::ReportAdjourned => Some((State::ReportDelivered, Side::Region, Transition::AdjournReport)),
            State::Suspended => Some((State::InTraining, Side::Body, Transition::Suspend)),
            State::Declined => Some((State::NeedReported, Side::Region, Transition::DeclineNeed)),
            State::Cancelled => Some((State::Ready, Side::Region, Transition::Cancel)),
            State::NotFeasible => Some((State::FeasibilityDelivered, Side::Region, Transition::AdmitFeasibility)),
            _ => None,
        };
        let main = beside.map_or(state, |(before, ..)| before);
        let mut at = self.path(path).await.state;
        for _ in 0..40 {
            if at == main {
                break;
            }
            at = if state == State::NotFeasible && at == State::FeasibilityInProgress {
                let negative = json!({"verdict": "not_feasible", "obstacle": "people", "commitment": null});
                self.play(path, Side::Body, Transition::DeliverFeasibility, negative).await.state
            } else {
                self.forward(path).await
            };
        }
        if let Some((_, side, transition)) = beside {
            at = self.play(path, side, transition, json!({})).await.state;
        }
        assert_eq!(at, state);
    }

    /// Drafts, endorses and notifies an order for lot 1.
    pub async fn order(&mut self, units: &str) -> OrderReference {
        let draft = json!({"lot": "1", "budget_year": 2026, "units": units});
        let order = self.order_step(None, OrderTransition::DraftOrder, draft).await.unwrap();
        self.notify(&order.reference).await;
        order.reference
    }

    /// Endorses and notifies a draft.
    pub async fn notify(&mut self, order: &OrderReference) {
        let today = self.today();
        for (transition, form) in [
            (OrderTransition::RequestEndorsement, json!({})),
            (OrderTransition::Endorse, json!({"commitment_number": "2026-00017"})),
            (OrderTransition::NotifyOrder, json!({"channel": "email", "sent_on": today, "consulted_on": today})),
        ] {
            self.order_step(Some(order), transition, form).await.unwrap();
        }
    }

    /// Decides and writes a transition of an order, with its effects on money.
    pub async fn order_step(
        &self,
        order: Option<&OrderReference>,
        transition: OrderTransition,
        form: Value,
    ) -> Result<PurchaseOrder> {
        let tx = self.store.begin_write().await.unwrap();
        let before = match order {
            Some(order) => tx.lock_order(order).await?,
            None => None,
        };
        let after = self.order_step_in(&tx, before, transition, form).await?;
        tx.commit().await?;
        Ok(after)
    }

    /// The same within a transaction, from an order as it was read.
    pub async fn order_step_in(
        &self,
        tx: &Tx,
        before: Option<StoredOrder>,
        transition: OrderTransition,
        form: Value,
    ) -> Result<PurchaseOrder> {
        let Value::Object(form) = form else { panic!("a form is an object") };
        let form: Form = form;
        let command = OrderCommand::read(transition, &form).expect("the form of a play is a good one");
        let drafts = matches!(transition, OrderTransition::DraftOrder | OrderTransition::AmendOrder);
        let number = if drafts { tx.next_number("order-1-2026").await? } else { 1 };
        let fresh = NewOrder {
            order: OrderId::new(Uuid::now_v7()),
            reference: OrderReference::new(lot(), 2026, u32::try_from(number).unwrap()),
            lines: (0..7).map(|_| LineId::new(Uuid::now_v7())).collect(),
        };
        let mut uses = match &before {
            Some(stored) => tx.line_uses(stored.order.id).await?,
            None => Vec::new(),
        };
        let who = match transition {
            OrderTransition::Endorse | OrderTransition::RefuseEndorsement => staff(StaffRole::RegionFinance),
            _ => staff(StaffRole::RegionOfficer),
        };
        let amended = match before.as_ref().and_then(|stored| stored.order.amends) {
            Some(amended) => tx.lock_order_by_id(amended).await?,
            None => None,
        };
        if let Some(amended) = &amended {
            uses.extend(tx.line_uses(amended.order.id).await?);
        }
        let context = OrderContext {
            actor: &who,
            today: self.today(),
            terms: &self.terms,
            fresh: &fresh,
            uses: &uses,
            funds: tx.funds(&self.terms.market, &lot(), 2026).await?,
            amended: amended.as_ref().map(|stored| &stored.order),
        };
        let decision = domain::order::decide(before.as_ref().map(|stored| &stored.order), &command, &context)
            .unwrap_or_else(|refusal| panic!("{transition}: {refusal:?}"));
        let after = self.write_order(tx, before, decision.events, &who).await?;
        if let Some((other, event)) = decision.elsewhere {
            let before = tx.lock_order_by_id(other).await?;
            self.write_order(tx, before, vec![event], &who).await?;
        }
        Ok(after)
    }

    async fn write_order(
        &self,
        tx: &Tx,
        before: Option<StoredOrder>,
        events: Vec<OrderEvent>,
        who: &Actor,
    ) -> Result<PurchaseOrder> {
        let mut order = before.as_ref().map(|stored| stored.order.clone());
        let (mut recorded, mut changes) = (Vec::new(), Vec::new());
        for event in events {
            if let Some(order) = &order {
                changes.extend(order_effects(order, &event));
            }
            let seq = order.as_ref().map_or(0, |order| order.version) + 1;
            order = Some(domain::order::apply(order, &event).expect("a decided event fits the order"));
            recorded.push(RecordedOrder {
                id: EventId::new(Uuid::now_v7()),
                order: order.as_ref().unwrap().id,
                seq,
                effective_on: event.effective_on().unwrap_or(self.today()),
                recorded_at: self.now,
                author: who.clone(),
                terms: self.terms.version,
                event,
            });
        }
        let after = order.expect("a decision writes an event");
        let append = AppendOrder {
            before: before.as_ref(),
            after: &after,
            events: &recorded,
            idempotency_key: None,
            request_digest: None,
        };
        tx.append_order(&append, self.now).await?;
        for effect in changes {
            match effect {
                OrderEffect::Engage { lot, year, cents, .. } => {
                    let outcome = tx.engage(&self.terms.market, &lot, year, cents).await?;
                    assert_eq!(outcome, CounterOutcome::Done);
                }
                OrderEffect::Free { market, lot, year, cents } => {
                    tx.free_engagement(&market, &lot, year, cents).await?;
                }
                OrderEffect::OpenLines { .. }
                | OrderEffect::RankLines { .. }
                | OrderEffect::RemoveUnits { .. }
                | OrderEffect::CloseLines { .. } => {}
            }
        }
        Ok(after)
    }
}
