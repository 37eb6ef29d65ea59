//! A world to play paths in: the paths of lot 1 with their journals and people, order lines, places, and a clock.
//!
//! [`World::play`] does what the store does with a decision: it applies the effects to the counters by conditional
//! changes, all or nothing, then the events, then the changes of people; and it checks that the journal folds to the path.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::calendar::{Day, Instant, at_paris, paris_day};
use crate::identifiers::{EventId, LineId, LotCode, PathReference};
use crate::market::{OptionCode, Terms};
use crate::money::Cents;
use crate::path::decide::PersonChange;
use crate::path::{
    Act, Command, Context, Decision, Effect, Event, FreeUnit, Path, Recorded, Refusal, State, Step, Transition, apply,
    decide, effects, fold,
};
use crate::people::{Account, Actor, OutsideRole, Person, Side, StaffRole};
use crate::places::{PlaceEffect, Places, Policy};
use crate::samples;

pub const B: Side = Side::Body;
pub const R: Side = Side::Region;
pub const C: Side = Side::Company;
pub const T: Side = Side::Trainee;
pub const U: Side = Side::Tutor;
pub const S: Side = Side::System;

/// An order line with its use, as the store counts it.
#[derive(Debug, Clone)]
pub struct Line {
    pub unit: FreeUnit,
    pub ordered: u32,
    pub drawn: u32,
    pub served: u32,
}

/// The shared counters of the lot.
#[derive(Debug, Clone)]
pub struct Counters {
    pub lines: Vec<Line>,
    pub places: BTreeMap<i32, Places>,
    pub policy: Policy,
}

/// A path with all that belongs to it.
#[derive(Debug, Clone)]
pub struct Case {
    pub path: Path,
    pub journal: Vec<Recorded>,
    pub people: Vec<Person>,
}

#[derive(Clone)]
pub struct World {
    pub now: Instant,
    pub terms: Terms,
    pub earlier: Vec<Terms>,
    pub cases: Vec<Case>,
    /// The path that commands are about.
    pub current: usize,
    pub counters: Counters,
    pub decisions: u32,
}

/// The steps that leave the main line for a state beside it.
type Detour = Box<dyn Fn(&mut World)>;

/// The events of a played command, or why it changed nothing.
pub type Played = Result<Vec<&'static str>, Refusal>;

impl Counters {
    fn places(&mut self, year: i32) -> &mut Places {
        let lot = LotCode::parse("1").unwrap();
        let planned = self.places.values().next().and_then(|places| places.planned);
        self.places.entry(year).or_insert(Places {
            lot,
            year,
            planned,
            maximum: None,
            reserved: 0,
            consumed: 0,
            released: 0,
        })
    }

    fn one_more(&mut self, year: i32) -> Result<&mut Places, Refusal> {
        let policy = self.policy;
        let places = self.places(year);
        if places.limit(policy).is_some_and(|limit| places.taken() >= limit) {
            return Err(Refusal::NoPlace { lot: places.lot.clone(), year });
        }
        Ok(places)
    }

    fn line(&mut self, id: LineId) -> &mut Line {
        self.lines.iter_mut().find(|line| line.unit.line == id).expect("a drawn line exists")
    }

    /// The conditional change of one effect.
    ///
    /// # Panics
    /// The effect takes from a counter what was never put there: a bug of the lifecycle, never a refusal.
    pub fn change(&mut self, effect: Effect) -> Result<(), Refusal> {
        let less = |count: &mut u32, what: &str| {
            *count = count.checked_sub(1).unwrap_or_else(|| panic!("{effect:?} takes a {what} that is not there"));
        };
        match effect {
            Effect::Draw { line } => {
                let line = self.line(line);
                if line.drawn == line.ordered {
                    return Err(Refusal::NoUnit { option: line.unit.option });
                }
                line.drawn += 1;
            }
            Effect::Return { line } => {
                let line = self.line(line);
                assert!(line.drawn > line.served, "{effect:?} returns a unit that is not drawn or was served");
                line.drawn -= 1;
            }
            Effect::Serve { line } => {
                let line = self.line(line);
                assert!(line.drawn > line.served, "{effect:?} serves a unit that is not drawn or was served");
                line.served += 1;
            }
            Effect::Place(PlaceEffect::Reserve { year }) => self.one_more(year)?.reserved += 1,
            Effect::Place(PlaceEffect::Release { year }) => {
                let places = self.places(year);
                less(&mut places.reserved, "reserved place");
                places.released += 1;
            }
            Effect::Place(PlaceEffect::Consume { reserved_year, year }) => {
                less(&mut self.places(reserved_year).reserved, "reserved place");
                self.one_more(year)?.consumed += 1;
            }
            Effect::Place(PlaceEffect::Unconsume { year }) => {
                let places = self.places(year);
                less(&mut places.consumed, "consumed place");
                places.reserved += 1;
            }
            Effect::Place(PlaceEffect::Import { year }) => self.places(year).consumed += 1,
            Effect::Place(PlaceEffect::Move { from, to }) => {
                less(&mut self.places(from).reserved, "reserved place");
                self.one_more(to)?.reserved += 1;
            }
            Effect::Place(PlaceEffect::MoveConsumed { from, to }) => {
                less(&mut self.places(from).consumed, "consumed place");
                self.one_more(to)?.consumed += 1;
            }
        }
        Ok(())
    }

    pub fn free_units(&self) -> Vec<FreeUnit> {
        self.lines.iter().filter(|line| line.drawn < line.ordered).map(|line| line.unit.clone()).collect()
    }
}

/// The evening of a day: everything that a sample form dates of the day has taken place.
pub fn evening(day: Day) -> Instant {
    at_paris(day, 18, 0)
}

impl World {
    /// An empty lot on the 2nd of March 2026: ten units of every option, 250 places a year.
    pub fn new() -> Self {
        Self::with(&[10; 6], 250, Policy::Block)
    }

    /// A lot with so many units of each option, places and policy.
    pub fn with(units: &[u32; 6], planned: u32, policy: Policy) -> Self {
        let mut terms = samples::terms();
        terms.market.places.policy = policy;
        let lines = samples::units().into_iter().zip(units);
        let lines = lines.map(|(unit, ordered)| Line { unit, ordered: *ordered, drawn: 0, served: 0 }).collect();
        let mut counters = Counters { lines, places: BTreeMap::new(), policy };
        for year in 2025..=2027 {
            let lot = LotCode::parse("1").unwrap();
            let places =
                Places { lot, year, planned: Some(planned), maximum: None, reserved: 0, consumed: 0, released: 0 };
            counters.places.insert(year, places);
        }
        Self {
            now: evening(samples::day("2026-03-02")),
            terms,
            earlier: Vec::new(),
            cases: Vec::new(),
            current: 0,
            counters,
            decisions: 0,
        }
    }

    /// A path in a state, reached by the shortest journey.
    pub fn at(state: State) -> Self {
        let mut world = Self::new();
        world.reach(state);
        world
    }

    pub fn today(&self) -> Day {
        paris_day(self.now)
    }

    /// Moves to the evening of a day.
    pub fn to(&mut self, day: &str) {
        self.now = evening(samples::day(day));
    }

    /// Moves on by days.
    pub fn later(&mut self, days: i64) {
        self.now = evening(self.today() + chrono::Duration::days(days));
    }

    pub fn path(&self) -> &Path {
        &self.cases[self.current].path
    }

    pub fn case(&self) -> &Case {
        &self.cases[self.current]
    }

    /// Units drawn and served of an option.
    pub fn units(&self, option: OptionCode) -> (u32, u32) {
        let lines = self.counters.lines.iter().filter(|line| line.unit.option == option);
        lines.fold((0, 0), |(drawn, served), line| (drawn + line.drawn, served + line.served))
    }

    /// Places reserved, consumed and released in a year.
    pub fn places(&self, year: i32) -> (u32, u32, u32) {
        let places = &self.counters.places[&year];
        (places.reserved, places.consumed, places.released)
    }

    /// Who acts for a side on the current path, if anybody.
    pub fn actor(&self, side: Side) -> Option<Actor> {
        match side {
            Side::Region => Some(samples::account(StaffRole::RegionOfficer, 1).actor()),
            Side::Finance => Some(samples::account(StaffRole::RegionFinance, 1).actor()),
            Side::Body => Some(samples::account(StaffRole::Coordinator, 1).actor()),
            Side::Company => self.outside(OutsideRole::Company),
            Side::Trainee => self.outside(OutsideRole::Trainee),
            Side::Tutor => self.outside(OutsideRole::Tutor),
            Side::System => Some(Actor::System),
        }
    }

    /// Who has a role outside on the current path, if anybody.
    pub fn outside(&self, role: OutsideRole) -> Option<Actor> {
        Some(Actor::Outside { person: self.path().person_of(role)?.id, role, path: self.path().id })
    }

    /// The decision on a command, which changes nothing; `None` opens a path.
    pub fn decision(&self, rank: Option<usize>, command: Command, actor: &Actor) -> Result<Decision, Refusal> {
        let units = self.counters.free_units();
        let places: Vec<Places> = self.counters.places.values().cloned().collect();
        let fresh = samples::fresh(self.decisions + 1);
        let source = match &command {
            Command::OpenSibling { source, .. } => self.find(source),
            _ => None,
        };
        let colleague: Option<Account> = match &command {
            Command::AssignCoordinator { email } | Command::OpenSibling { said_by: Some(email), .. } => [1, 2]
                .map(|lot| samples::account(StaffRole::Coordinator, lot))
                .into_iter()
                .find(|account| &account.email == email),
            _ => None,
        };
        let case = rank.map(|rank| &self.cases[rank]);
        let waits = |year: i32| {
            let waiting = self.cases.iter().filter_map(|case| case.path.waiting.as_ref());
            waiting
                .filter(|waiting| {
                    waiting.offered_until.is_none() && chrono::Datelike::year(&waiting.planned_entry) == year
                })
                .count()
        };
        let queued = command.entry().map_or(0, |day| waits(chrono::Datelike::year(&day)) as u32);
        let context = Context {
            now: self.now,
            actor,
            terms: &self.terms,
            earlier_terms: &self.earlier,
            units: &units,
            places: &places,
            queued,
            people: case.or(source).map_or(&[], |case| &case.people),
            source: source.map(|case| &case.path),
            colleague: colleague.as_ref(),
            fresh: &fresh,
        };
        decide(case.map(|case| &case.path), command, &context)
    }

    fn find(&self, reference: &PathReference) -> Option<&Case> {
        self.cases.iter().find(|case| &case.path.reference == reference)
    }

    /// Decides a command and, unless it is refused, writes what it leads to: all of it, or nothing.
    pub fn decide(&mut self, rank: Option<usize>, command: Command, actor: &Actor) -> Played {
        let decision = self.decision(rank, command, actor)?;
        self.decisions += 1;
        let mut counters = self.counters.clone();
        let mut path = rank.map(|rank| self.cases[rank].path.clone());
        let id = path.as_ref().map_or(samples::fresh(self.decisions).path, |path| path.id);
        let mut seq = path.as_ref().map_or(0, |path| path.version);
        let mut written = Vec::new();
        for decided in decision.events {
            for effect in effects(path.as_ref(), &decided.event, decided.effective_on) {
                counters.change(effect)?;
            }
            seq += 1;
            let recorded = Recorded {
                id: EventId::new(Uuid::from_u128(u128::from(self.decisions) * 1_000 + u128::from(seq))),
                path: id,
                seq,
                effective_on: decided.effective_on,
                recorded_at: self.now,
                author: actor.clone(),
                terms: self.terms.version,
                event: decided.event,
            };
            path = Some(apply(path, &recorded).expect("a decided event fits the path"));
            written.push(recorded);
        }
        self.counters = counters;
        let path = path.expect("a decision writes an event");
        let rank = rank.unwrap_or(self.cases.len());
        if rank == self.cases.len() {
            self.cases.push(Case { path: path.clone(), journal: Vec::new(), people: Vec::new() });
        }
        let case = &mut self.cases[rank];
        case.path = path;
        let kinds = written.iter().map(|recorded| recorded.event.kind()).collect();
        case.journal.extend(written);
        for change in decision.people {
            match change {
                PersonChange::Add(person) | PersonChange::Update(person) => {
                    case.people.retain(|other| other.id != person.id);
                    case.people.push(person);
                }
                PersonChange::Deactivate(id) => {
                    let person = case.people.iter_mut().find(|person| person.id == id);
                    person.expect("a person of the path").active = false;
                }
            }
        }
        self.current = rank;
        Ok(kinds)
    }

    /// Plays a step's sample form with some fields changed (`null` removes one), for a side of the current path.
    pub fn play(&mut self, side: Side, step: impl Into<Step>, changes: Value) -> Played {
        let step = step.into();
        let opens = matches!(step, Step::Transition(Transition::ReportNeed | Transition::OpenSibling));
        let rank = (!opens).then_some(self.current);
        let Some(actor) = (if opens { staff(side) } else { self.actor(side) }) else {
            return Err(Refusal::NotYourRole { step, reads_only: false });
        };
        self.play_as(&actor, rank, step, changes)
    }

    /// Plays a step's sample form with some fields changed, for an actor.
    pub fn play_as(&mut self, actor: &Actor, rank: Option<usize>, step: impl Into<Step>, changes: Value) -> Played {
        let step = step.into();
        let mut form = samples::form(step, self.today());
        if let Value::Object(changes) = changes {
            form.extend(changes);
        }
        let command = Command::read(step, &form).map_err(|errors| Refusal::Form { errors })?;
        self.decide(rank, command, actor)
    }

    /// Plays a step that must be accepted.
    #[track_caller]
    pub fn ok(&mut self, side: Side, step: impl Into<Step>) -> Vec<&'static str> {
        self.ok_with(side, step, json!({}))
    }

    /// Plays a step with some fields changed, which must be accepted.
    #[track_caller]
    pub fn ok_with(&mut self, side: Side, step: impl Into<Step>, changes: Value) -> Vec<&'static str> {
        let step = step.into();
        let state = self.cases.get(self.current).map(|case| case.path.state);
        match self.play(side, step, changes) {
            Ok(kinds) => {
                let case = self.case();
                assert_eq!(fold(&case.journal), Ok(Some(case.path.clone())), "the journal folds to the path");
                kinds
            }
            Err(refusal) => panic!("{step} by {side} from {state:?} on {}: {refusal:?}", self.today()),
        }
    }

    /// Plays a step that must be refused, and gives the refusal.
    #[track_caller]
    pub fn refused(&mut self, side: Side, step: impl Into<Step>, changes: Value) -> Refusal {
        let step = step.into();
        match self.play(side, step, changes) {
            Ok(kinds) => panic!("{step} by {side} on {} was accepted: {kinds:?}", self.today()),
            Err(refusal) => refusal,
        }
    }

    /// The last event of the current path of a kind.
    #[track_caller]
    pub fn last(&self, kind: &str) -> &Event {
        let mut events = self.case().journal.iter().rev().map(|recorded| &recorded.event);
        events.find(|event| event.kind() == kind).unwrap_or_else(|| panic!("no {kind} in the journal"))
    }

    #[track_caller]
    pub fn assert_state(&self, state: State) {
        assert_eq!(self.path().state, state);
    }

    /// Amount of a prestation's admission.
    pub fn admitted(&self, prestation: crate::market::Prestation) -> Cents {
        self.path().file(prestation).admitted.as_ref().expect("the prestation is admitted").amount
    }

    /// Plays the steps of the main line out of the current state.
    pub fn forward(&mut self) {
        match self.path().state {
            State::NeedReported => self.ok(R, Transition::OrderFeasibility),
            State::FeasibilityOrdered => self.ok(B, Transition::StartFeasibility),
            State::FeasibilityInProgress => {
                if self.path().tutor.is_none() {
                    self.ok(B, Act::DesignateTutor);
                }
                if self.path().commitment.answer.is_none() {
                    self.ok(B, Act::AskConfirmation);
                    self.ok(C, Act::ConfirmCommitment);
                }
                self.ok(B, Transition::DeliverFeasibility)
            }
            State::FeasibilityDelivered => self.ok(R, Transition::AdmitFeasibility),
            State::FeasibilityAdjourned => self.ok(B, Transition::DeliverFeasibility),
            State::Feasible => self.ok(R, Transition::OrderPreparation),
            State::PreparationOrdered => self.ok(B, Transition::StartPreparation),
            State::PreparationInProgress | State::PreparationAdjourned => self.ok(B, Transition::DeliverPreparation),
            State::PreparationDelivered => self.ok(R, Transition::AdmitPreparation),
            State::Ready => self.ok(B, Transition::OpenSelection),
            State::CandidateSelection => self.ok(B, Transition::SelectCandidate),
            State::CandidateSelected => {
                if self.path().pif.is_none() {
                    self.ok(B, Act::WritePif);
                }
                self.sign()
            }
            State::PifSigned => self.ok(R, Transition::OrderImplementation),
            State::ImplementationOrdered => self.ok(B, Transition::EnterTraining),
            State::InTraining => {
                self.log();
                self.ok(B, Transition::EndTraining)
            }
            State::Suspended => self.ok(B, Transition::Resume),
            State::TrainingEnded => {
                if self.path().report_confirmation.answer.is_none() {
                    self.ok(B, Act::AskConfirmation);
                    self.ok(C, Act::ConfirmReport);
                }
                self.ok(B, Transition::DeliverReport)
            }
            State::ReportDelivered => self.ok(R, Transition::AdmitReport),
            State::ReportAdjourned => self.ok(B, Transition::DeliverReport),
            State::Closed | State::NotFeasible | State::Declined | State::Cancelled => panic!("the path has ended"),
        };
    }

    /// Every party who has not signed the current version signs it.
    pub fn sign(&mut self) -> Vec<&'static str> {
        let pif = self.path().pif.clone().expect("a PIF is written");
        let parties = [
            (B, super::super::event::Party::Body),
            (C, super::super::event::Party::Company),
            (T, super::super::event::Party::Trainee),
        ];
        parties
            .into_iter()
            .filter(|(_, party)| !pif.signed(*party))
            .flat_map(|(side, _)| self.ok_with(side, Transition::SignPif, json!({"version": pif.version})))
            .collect()
    }

    /// Three days of eight hours that prove the four elements of the law, from the next day on.
    pub fn log(&mut self) {
        for kind in ["work_situation", "reflexive_phase", "evaluation"] {
            self.later(1);
            self.sequence(kind, "08:30", "16:30");
        }
    }

    /// A sequence of today.
    pub fn sequence(&mut self, kind: &str, from: &str, until: &str) {
        let today = self.today();
        let times = json!({"kind": kind, "from": format!("{today} {from}"), "until": format!("{today} {until}")});
        self.ok_with(U, Act::RecordSequence, times);
    }

    /// Plays the shortest journey to a state, from wherever the path stands on the main line.
    pub fn reach(&mut self, state: State) {
        if self.cases.is_empty() {
            self.ok(B, Transition::ReportNeed);
        }
        let (before, last): (State, Detour) = match state {
            State::FeasibilityAdjourned => {
                (State::FeasibilityDelivered, Box::new(|world| drop(world.ok(R, Transition::AdjournFeasibility))))
            }
            State::PreparationAdjourned => {
                (State::PreparationDelivered, Box::new(|world| drop(world.ok(R, Transition::AdjournPreparation))))
            }
            State::ReportAdjourned => {
                (State::ReportDelivered, Box::new(|world| drop(world.ok(R, Transition::AdjournReport))))
            }
            State::Suspended => (State::InTraining, Box::new(|world| drop(world.ok(B, Transition::Suspend)))),
            State::Declined => (State::NeedReported, Box::new(|world| drop(world.ok(R, Transition::DeclineNeed)))),
            State::Cancelled => (State::Ready, Box::new(|world| drop(world.ok(R, Transition::Cancel)))),
            State::NotFeasible => (
                State::FeasibilityInProgress,
                Box::new(|world| {
                    let negative = json!({"verdict": "not_feasible", "obstacle": "people", "commitment": null});
                    world.ok_with(B, Transition::DeliverFeasibility, negative);
                    world.ok(R, Transition::AdmitFeasibility);
                }),
            ),
            State::NeedReported
            | State::FeasibilityOrdered
            | State::FeasibilityInProgress
            | State::FeasibilityDelivered
            | State::Feasible
            | State::PreparationOrdered
            | State::PreparationInProgress
            | State::PreparationDelivered
            | State::Ready
            | State::CandidateSelection
            | State::CandidateSelected
            | State::PifSigned
            | State::ImplementationOrdered
            | State::InTraining
            | State::TrainingEnded
            | State::ReportDelivered
            | State::Closed => (state, Box::new(|_| {})),
        };
        let mut steps = 0;
        while self.path().state != before {
            self.forward();
            steps += 1;
            assert!(steps < 30, "{before} is not on the main line");
        }
        last(self);
        self.assert_state(state);
    }
}

/// Who of the staff acts for a side, before there is a path.
pub fn staff(side: Side) -> Option<Actor> {
    match side {
        Side::Region => Some(samples::account(StaffRole::RegionOfficer, 1).actor()),
        Side::Finance => Some(samples::account(StaffRole::RegionFinance, 1).actor()),
        Side::Body => Some(samples::account(StaffRole::Coordinator, 1).actor()),
        Side::System => Some(Actor::System),
        Side::Company | Side::Trainee | Side::Tutor => None,
    }
}

/// The codes of what a step lacks.
pub fn needs(refusal: &Refusal) -> Vec<&'static str> {
    match refusal {
        Refusal::Missing { needs } => needs.iter().map(Into::into).collect(),
        other => panic!("not a missing thing: {other:?}"),
    }
}
