//! Random histories of a lot: whatever is played, in whatever order, by whomever, the invariants of `domain.md` §3.3 hold.
//!
//! Each history is a few paths that share scarce units and places, some dozens of commands, most of them sensible, and days
//! that pass. A failure prints its seed and what was played: `JALON_SEED=… cargo test -p domain histories` plays it again.
//! `JALON_HISTORIES` sets how many are played, `JALON_FIRST_SEED` from which seed on.

mod checks;
mod figures;
mod random;

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::Duration;
use serde_json::json;
use strum::IntoEnumIterator;

use self::random::Random;
use super::kit::{Played, World};
use crate::form::{DatedCondition, Line, Text};
use crate::identifiers::{Commune, EmailAddress, LotCode};
use crate::money::Cents;
use crate::path::command::{
    BodyRequest, Command, CompanyAnswer, Datum, Obstacle, Outcome, Prescriber, RequestKind, SequenceKind, Verdict,
};
use crate::path::decide::{choice_until, verification_until};
use crate::path::event::{EventKind, Party};
use crate::path::record::Path;
use crate::path::requests::asked_of;
use crate::path::step::{Verification, verification};
use crate::path::table::commits_company;
use crate::path::{Act, State, Step, Transition, fold};
use crate::people::{Account, Actor, OutsideRole, Side, StaffRole};
use crate::places::Policy;
use crate::samples;

const HISTORIES: u64 = 10_000;
const COMMANDS: u32 = 40;

/// What does not vary from one history to the next, built once.
struct Setting {
    /// Where histories begin: an empty lot, or a path already on its way.
    worlds: Vec<World>,
    /// A Region officer with the account of the coordinator who delivers.
    double: Actor,
    officer: Actor,
    body: Actor,
    other_body: Account,
    coordinator: Account,
    officers: Vec<Account>,
}

impl Setting {
    fn new() -> Self {
        let coordinator = samples::account(StaffRole::Coordinator, 1);
        let mut double = samples::account(StaffRole::RegionOfficer, 1);
        double.id = coordinator.id;
        let mut retired = samples::account(StaffRole::RegionOfficer, 1);
        retired.active = false;
        retired.email = samples::email("retired@region.example");
        let officer = samples::account(StaffRole::RegionOfficer, 1);
        Self {
            worlds: beginnings(),
            double: double.actor(),
            officer: officer.actor(),
            body: coordinator.actor(),
            other_body: samples::account(StaffRole::Coordinator, 2),
            coordinator,
            officers: vec![officer, samples::account(StaffRole::RegionOfficer, 2), retired],
        }
    }
}

/// An empty lot, and lots whose one path stands further on, some of them near the end of the year.
fn beginnings() -> Vec<World> {
    let states = [
        State::FeasibilityInProgress,
        State::Ready,
        State::CandidateSelection,
        State::ImplementationOrdered,
        State::InTraining,
    ];
    let on_the_way = ["2026-03-02", "2026-06-29", "2026-11-30"].into_iter().flat_map(|day| {
        states.map(|state| {
            let mut world = World::new();
            world.to(day);
            world.reach(state);
            world
        })
    });
    std::iter::repeat_n(World::new(), 9).chain(on_the_way).collect()
}

/// What the histories of a run have met, so that a run that meets nothing is a failure too.
#[derive(Default)]
struct Met {
    states: BTreeSet<State>,
    events: BTreeSet<&'static str>,
    refusals: BTreeMap<&'static str, u64>,
    accepted: u64,
}

struct History<'a> {
    setting: &'a Setting,
    world: World,
    random: Random,
    played: Vec<String>,
}

#[test]
fn the_invariants_hold_in_random_histories() {
    let setting = Setting::new();
    let mut met = Met::default();
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    if let Some(seed) = number("JALON_SEED") {
        play(&setting, seed, &mut met);
        return;
    }
    let histories = number("JALON_HISTORIES").unwrap_or(HISTORIES);
    let first = number("JALON_FIRST_SEED").unwrap_or(0);
    for seed in first..first + histories {
        play(&setting, seed, &mut met);
    }
    if histories >= HISTORIES {
        assert_eq!(met.states, State::iter().collect(), "every state is reached");
        let events: BTreeSet<&str> = EventKind::iter().map(<&str>::from).collect();
        let missed: Vec<_> = events.difference(&met.events).collect();
        assert_eq!(missed, [&"past_path_closed", &"path_imported"], "every event but those of an import is met");
        assert!(met.accepted > histories * 10, "only {} commands were accepted", met.accepted);
    }
}

/// Plays one history; a failure says its seed and what was played.
fn play(setting: &Setting, seed: u64, met: &mut Met) {
    let mut random = Random(seed);
    let world = random.pick(&setting.worlds).clone();
    let mut history = History { setting, world, random, played: Vec::new() };
    let result = catch_unwind(AssertUnwindSafe(|| history.run(met)));
    let problem = match result {
        Ok(Ok(())) => return,
        Ok(Err(problem)) => problem,
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            text.or(panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
        }
    };
    panic!("seed {seed}: {problem}\n{}", history.played.join("\n"));
}

fn ensure(holds: bool, problem: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(problem()) }
}

impl History<'_> {
    fn run(&mut self, met: &mut Met) -> Result<(), String> {
        let random = &mut self.random;
        let policy = *random.pick(&[Policy::Block, Policy::Block, Policy::Waitlist, Policy::Waitlist, Policy::Warn]);
        self.world.counters.policy = policy;
        self.world.terms.market.places.policy = policy;
        let (planned, maximum) = (1 + random.below(3), random.one_in(3).then(|| 3 + random.below(2)));
        for places in self.world.counters.places.values_mut() {
            (places.planned, places.maximum) = (Some(planned), maximum);
        }
        for line in &mut self.world.counters.lines {
            line.ordered = line.drawn + 1 + random.below(4);
        }
        if self.world.cases.is_empty() {
            self.world.now = super::kit::evening(random.around(samples::day("2026-01-05"), 0, 340));
            self.command(None, met)?;
        }
        for _ in 0..COMMANDS {
            if self.random.one_in(4) {
                let days = *self.random.pick(&[1, 1, 1, 2, 3, 5, 7, 11, 12, 16, 30]);
                self.world.later(days);
            }
            let count = u32::try_from(self.world.cases.len()).unwrap();
            let opens = count == 0 || (count < 3 && self.random.one_in(12));
            let rank = (!opens).then(|| self.random.below(count) as usize);
            self.command(rank, met)?;
        }
        self.cancel_everything(met)
    }

    /// Plays one command, sensible or not, and checks what it did.
    fn command(&mut self, rank: Option<usize>, met: &mut Met) -> Result<(), String> {
        let today = self.world.today();
        self.world.current = rank.unwrap_or(self.world.current);
        let (side, step) = match rank {
            None => {
                let sibling = !self.world.cases.is_empty() && self.random.one_in(2);
                let step = if sibling { Transition::OpenSibling } else { Transition::ReportNeed };
                (*self.random.pick(&[Side::Body, Side::Region]), Step::from(step))
            }
            Some(_) if self.random.one_in(4) => self.anything(),
            Some(_) => self.sensible(),
        };
        let actor = match side {
            Side::Region if self.random.one_in(12) => Some(self.setting.double.clone()),
            Side::Region => Some(self.setting.officer.clone()),
            Side::Body => Some(self.setting.body.clone()),
            Side::Company => rank.and_then(|_| self.of_company(step)),
            _ => rank.and_then(|_| self.world.actor(side)),
        };
        let Some(actor) = actor else { return Ok(()) };
        let command = self.vary(samples::command(step, today), rank);
        self.play(rank, command, &actor, met)
    }

    /// Who of the company tries a step: most often the one who may.
    fn of_company(&mut self, step: Step) -> Option<Actor> {
        let signs = self.world.path().signs_for_company();
        let usual = if commits_company(step) { signs } else { OutsideRole::Company };
        let role = if self.random.one_in(4) { self.random.any() } else { usual };
        self.world.outside(role)
    }

    fn play(&mut self, rank: Option<usize>, command: Command, actor: &Actor, met: &mut Met) -> Result<(), String> {
        let before = rank.map(|rank| self.world.cases[rank].path.clone());
        let step = command.step();
        let shown = format!("{} #{rank:?} {:?}: {command:?}", self.world.today(), actor.side());
        if rank.is_some() {
            self.forget_some_addresses();
        }
        let outcome: Played = self.world.decide(rank, command, actor);
        self.played.push(format!(
            "{shown}\n    -> {}",
            match &outcome {
                Ok(events) => events.join(", "),
                Err(refusal) => format!("{refusal:?}"),
            }
        ));
        match outcome {
            Ok(events) => {
                met.accepted += 1;
                met.events.extend(events.iter().copied());
                met.states.insert(self.world.path().state);
                self.check(before.as_ref(), step, actor, events.len())
            }
            Err(refusal) => {
                *met.refusals.entry(refusal.code()).or_default() += 1;
                Ok(())
            }
        }
    }

    /// Some mailboxes do not exist, and some people asked to be left alone.
    fn forget_some_addresses(&mut self) {
        let current = self.world.current;
        if let Some(person) = self.world.cases[current].people.last_mut() {
            if self.random.one_in(24) {
                person.address_refused = true;
            }
            if self.random.one_in(24) {
                person.active = false;
            }
        }
    }

    /// At the end, the Region cancels what has not entered: nothing stays reserved or drawn for it.
    fn cancel_everything(&mut self, met: &mut Met) -> Result<(), String> {
        self.world.later(90);
        let officer = self.setting.officer.clone();
        for rank in 0..self.world.cases.len() {
            self.world.current = rank;
            let state = self.world.path().state;
            if let Some(prestation) = state.delivered() {
                let step = verification(prestation, Verification::Admit);
                let command = samples::command(step, self.world.today());
                self.play(Some(rank), command, &Actor::System, met)?;
            }
            let command = samples::command(Transition::Cancel, self.world.today());
            self.play(Some(rank), command, &officer, met)?;
        }
        for case in &self.world.cases {
            let state = case.path.state;
            let entered = case.path.training.is_some();
            ensure(state.is_final() || entered, || format!("{state} was not cancelled"))?;
            ensure(fold(&case.journal).as_ref() == Ok(&Some(case.path.clone())), || {
                "the journal folds otherwise".into()
            })?;
        }
        let reserved: u32 = self.world.counters.places.values().map(|places| places.reserved).sum();
        ensure(reserved == 0, || format!("{reserved} places stay reserved"))
    }

    fn anything(&mut self) -> (Side, Step) {
        let side = *self.random.pick(&[
            Side::Region,
            Side::Region,
            Side::Body,
            Side::Body,
            Side::Body,
            Side::Company,
            Side::Trainee,
            Side::Tutor,
            Side::System,
            Side::Finance,
        ]);
        let steps: Vec<Step> = match self.world.actor(side) {
            // Most often what the table lets this side try.
            Some(actor) if !self.random.one_in(8) => crate::path::decide::available(self.world.path(), &actor),
            Some(_) | None => Step::all().collect(),
        };
        if steps.is_empty() { (side, Act::AddNote.into()) } else { (side, *self.random.pick(&steps)) }
    }

    /// A step that brings the path on, or that tries its corners.
    fn sensible(&mut self) -> (Side, Step) {
        use Side::{Body, Company, Region, System, Trainee, Tutor};
        let path = self.world.path();
        let (today, market) = (self.world.today(), &self.world.terms.market);
        let random = &mut self.random;
        let step = |side, transition: Transition| (side, Step::from(transition));
        let act = |side, act: Act| (side, Step::from(act));
        let signature = |path: &Path| {
            [(Body, Party::Body), (Company, Party::Company), (Trainee, Party::Trainee)]
                .into_iter()
                .find(|(_, party)| path.awaits_signature(*party))
                .map(|(side, _)| step(side, Transition::SignPif))
        };
        // Where silence has decided, nothing else is accepted.
        if let Some(prestation) = path.state.delivered() {
            let until = verification_until(path.file(prestation));
            if until.is_some_and(|until| until < today) && !random.one_in(4) {
                return step(System, verification(prestation, Verification::Admit));
            }
        }
        if let Some(prestation) = path.state.adjourned() {
            let until = choice_until(path.file(prestation), today, market);
            if until.is_some_and(|until| until < today) && !random.one_in(4) {
                return step(System, verification(prestation, Verification::Reject));
            }
        }
        match path.state {
            State::NeedReported => step(Region, Transition::OrderFeasibility),
            State::FeasibilityOrdered => step(Body, Transition::StartFeasibility),
            State::FeasibilityInProgress if path.tutor.is_none() => act(Body, Act::DesignateTutor),
            State::FeasibilityInProgress if path.commitment.asked.is_none() => act(Body, Act::AskConfirmation),
            State::FeasibilityInProgress if path.commitment.answer.is_none() && !random.one_in(3) => {
                act(Company, Act::ConfirmCommitment)
            }
            State::FeasibilityInProgress => step(Body, Transition::DeliverFeasibility),
            State::FeasibilityDelivered => *random.pick(&[
                step(Region, Transition::AdmitFeasibility),
                step(Region, Transition::AdmitFeasibility),
                step(Region, Transition::AdjournFeasibility),
                act(Region, Act::AskObservations),
                act(Body, Act::GiveObservations),
                step(Region, Transition::RejectFeasibility),
                step(System, Transition::AdmitFeasibility),
            ]),
            State::FeasibilityAdjourned => *random.pick(&[
                act(Body, Act::AcceptAdjournment),
                act(Body, Act::RefuseAdjournment),
                step(Body, Transition::DeliverFeasibility),
                step(Region, Transition::AdmitFeasibility),
                act(Region, Act::AskObservations),
                step(Region, Transition::RejectFeasibility),
                step(System, Transition::RejectFeasibility),
            ]),
            State::Feasible if path.conditions.iter().any(|condition| condition.settled.is_none()) => {
                act(*random.pick(&[Body, Region]), Act::SettleCondition)
            }
            State::Feasible => step(Region, Transition::OrderPreparation),
            State::PreparationOrdered => step(Body, Transition::StartPreparation),
            State::PreparationInProgress => step(Body, Transition::DeliverPreparation),
            State::PreparationDelivered => *random.pick(&[
                step(Region, Transition::AdmitPreparation),
                step(Region, Transition::AdmitPreparation),
                step(Region, Transition::AdjournPreparation),
                act(Region, Act::AskObservations),
                step(Region, Transition::RejectPreparation),
                step(System, Transition::AdmitPreparation),
            ]),
            State::PreparationAdjourned => *random.pick(&[
                act(Body, Act::RefuseAdjournment),
                step(Body, Transition::DeliverPreparation),
                act(Region, Act::AskObservations),
                step(Region, Transition::RejectPreparation),
                step(System, Transition::RejectPreparation),
            ]),
            State::Ready => step(Body, Transition::OpenSelection),
            State::CandidateSelection => match &path.waiting {
                None => step(Body, Transition::SelectCandidate),
                Some(_) if random.one_in(6) => step(*random.pick(&[Trainee, Body]), Transition::WithdrawCandidate),
                Some(waiting) if waiting.offered_until.is_none() => act(System, Act::OfferPlace),
                Some(_) => *random.pick(&[step(Body, Transition::SelectCandidate), act(System, Act::LapseOffer)]),
            },
            State::CandidateSelected if path.pif.is_none() => act(Body, Act::WritePif),
            State::CandidateSelected => signature(path).unwrap_or(step(Region, Transition::Cancel)),
            State::PifSigned => signature(path).unwrap_or(step(Region, Transition::OrderImplementation)),
            State::ImplementationOrdered => {
                let level = path.pif.as_ref().is_some_and(|pif| pif.level_to_approve.is_some());
                let next = if level { act(Region, Act::ApproveLevel) } else { step(Body, Transition::EnterTraining) };
                if random.one_in(12) {
                    step(Trainee, Transition::WithdrawCandidate)
                } else {
                    signature(path).unwrap_or(next)
                }
            }
            State::InTraining => {
                let sequences = path.training.as_ref().map_or(0, |training| training.sequences.len());
                match sequences {
                    0 if random.one_in(8) => step(Region, Transition::AnnulEntry),
                    0..4 => act(*random.pick(&[Tutor, Body]), Act::RecordSequence),
                    _ if random.one_in(6) => step(Body, Transition::Suspend),
                    _ => step(Body, Transition::EndTraining),
                }
            }
            State::Suspended => step(Body, Transition::Resume),
            State::TrainingEnded if path.report_confirmation.asked.is_none() => act(Body, Act::AskConfirmation),
            State::TrainingEnded if path.report_confirmation.answer.is_none() && !random.one_in(3) => {
                act(Company, Act::ConfirmReport)
            }
            State::TrainingEnded => *random.pick(&[
                step(Body, Transition::DeliverReport),
                step(Body, Transition::DeliverReport),
                act(Region, Act::SendFormalNotice),
                step(Region, Transition::CloseWithoutReport),
            ]),
            State::ReportDelivered => *random.pick(&[
                step(Region, Transition::AdmitReport),
                step(Region, Transition::AdjournReport),
                act(Region, Act::AskObservations),
                step(Region, Transition::RejectReport),
                step(System, Transition::AdmitReport),
            ]),
            State::ReportAdjourned => *random.pick(&[
                act(Body, Act::AcceptAdjournment),
                step(Body, Transition::DeliverReport),
                step(System, Transition::RejectReport),
            ]),
            State::Closed | State::NotFeasible | State::Declined | State::Cancelled => act(Body, Act::CorrectDatum),
        }
    }

    /// A command with other values, most often still good ones.
    fn vary(&mut self, command: Command, rank: Option<usize>) -> Command {
        let today = self.world.today();
        let path = rank.map(|rank| &self.world.cases[rank].path);
        let random = &mut self.random;
        let text = || Some(Text("Une raison.".into()));
        match command {
            Command::ReportNeed { .. } if random.one_in(8) => {
                let mut command = command;
                if let Command::ReportNeed { commune, lot, derogation, .. } = &mut command {
                    *commune = Commune::parse("14118").unwrap();
                    *lot = LotCode::parse("1").ok();
                    *derogation = text().filter(|_| !random.one_in(4));
                }
                command
            }
            Command::OpenSibling { programme_still_fit, job, .. } => {
                let source = random.pick(&self.world.cases).path.reference.clone();
                let said_by = Some(samples::account(StaffRole::Coordinator, 1).email).filter(|_| random.one_in(2));
                Command::OpenSibling { source, programme_still_fit, job, said_by }
            }
            Command::DeliverFeasibility { organisation, people, engagement, competences, reasons, report, .. } => {
                let verdict = *random.pick(&[
                    Verdict::Feasible,
                    Verdict::Feasible,
                    Verdict::Feasible,
                    Verdict::FeasibleWithConditions,
                    Verdict::NotFeasible,
                ]);
                let condition = |what: &str| DatedCondition { by: today + Duration::days(20), what: what.to_owned() };
                let count = random.below(3) as usize;
                let obstacle = Some(random.any::<Obstacle>()).filter(|_| !random.one_in(6));
                Command::DeliverFeasibility {
                    organisation,
                    people,
                    engagement,
                    competences,
                    verdict,
                    obstacle,
                    reasons,
                    conditions: [condition("Aménager le poste"), condition("Former le tuteur")][..count].to_vec(),
                    report,
                    commitment: Some(random.any::<CompanyAnswer>()),
                    letter: random.one_in(2).then(|| samples::document("lettre.pdf")),
                }
            }
            Command::AdmitFeasibility { .. } | Command::AdmitPreparation { .. } | Command::AdmitReport { .. }
                if random.one_in(2) =>
            {
                let reduction = Some(Cents::new(i64::from(random.below(90)) * 1_000));
                let reasons = text().filter(|_| !random.one_in(4));
                match command {
                    Command::AdmitFeasibility { .. } => Command::AdmitFeasibility { reduction, reasons },
                    Command::AdmitPreparation { .. } => Command::AdmitPreparation { reduction, reasons },
                    _ => Command::AdmitReport { reduction, reasons },
                }
            }
            Command::SettleCondition { comment, .. } => {
                Command::SettleCondition { number: 1 + random.below(2), waived: random.one_in(3), comment }
            }
            Command::DesignateTutor { name, email, phone, .. } => Command::DesignateTutor {
                name,
                email: email.filter(|_| !random.one_in(6)),
                phone,
                training_proof: random.one_in(3).then(|| samples::document("tuteur.pdf")),
            },
            Command::SelectCandidate { .. } => {
                let mut command = command;
                if let Command::SelectCandidate { planned_entry, email, .. } = &mut command {
                    let waiting = path.and_then(|path| path.waiting.as_ref());
                    *planned_entry = match waiting {
                        Some(waiting) if !random.one_in(4) => waiting.planned_entry.max(today),
                        _ if random.one_in(2) => random.around(today, 2, 240),
                        _ => random.around(today, 0, 5),
                    };
                    // The candidate may well share the company's mailbox.
                    if random.one_in(6) {
                        *email = EmailAddress::parse("anne.lemoine@boulangerie-lemoine.example").ok();
                    }
                }
                command
            }
            Command::WritePif { daily_hours, document, .. } => Command::WritePif {
                afest_hours: *random.pick(&[20, 100, 160]),
                application_hours: 10,
                weekly_hours: *random.pick(&[35, 30, 36]),
                daily_hours,
                starts_on: random.around(today, 0, 3),
                ends_on: random.around(today, 0, 3) + Duration::days(90),
                objectives: text().filter(|_| random.one_in(2)),
                document: document.filter(|_| !random.one_in(12)),
            },
            Command::AmendPif { weekly_hours, daily_hours, document, reason, .. } => Command::AmendPif {
                afest_hours: *random.pick(&[5, 20, 100, 160, 320]),
                application_hours: 10,
                weekly_hours,
                daily_hours,
                starts_on: random.around(today, 0, 3),
                ends_on: random.around(today, 0, 3) + Duration::days(90),
                objectives: None,
                document,
                reason,
            },
            Command::SignPif { .. } => {
                let current = path.and_then(|path| path.pif.as_ref()).map_or(1, |pif| pif.version);
                Command::SignPif { version: if random.one_in(12) { current + 1 } else { current } }
            }
            Command::EnterTraining { safir, remu, .. } => Command::EnterTraining {
                on: if random.one_in(2) { today } else { random.around(today, 20, 1) },
                safir: safir.filter(|_| !random.one_in(3)),
                remu: remu.filter(|_| !random.one_in(3)),
            },
            Command::Suspend { reason, .. } => Command::Suspend {
                reason,
                on: Some(random.around(today, 4, 0)),
                expected_return: random.around(today, 2, 30),
            },
            Command::Resume { .. } => Command::Resume { on: Some(random.around(today, 4, 0)) },
            Command::RecordSequence { objective, .. } => {
                let day = random.around(today, 6, 0);
                let start = day.and_hms_opt(8 + random.below(6), 0, 0).unwrap();
                let sequences =
                    path.and_then(|path| path.training.as_ref()).map_or(0, |training| training.sequences.len());
                let kind = match sequences {
                    0 => SequenceKind::ReflexivePhase,
                    1 => SequenceKind::Evaluation,
                    _ => random.any(),
                };
                let until = start + Duration::minutes(i64::from(random.below(26)) * 30 - 30);
                Command::RecordSequence { kind, from: start, until, objective }
            }
            Command::SignSequence { .. } => Command::SignSequence { number: 1 + random.below(4) },
            Command::SignAttendanceMonth { .. } => Command::SignAttendanceMonth { month: random.around(today, 40, 5) },
            Command::RecordAbsence { reason, comment, .. } => {
                let from = random.around(today, 10, 1);
                Command::RecordAbsence { from, until: random.around(from, 1, 4), reason, comment }
            }
            Command::EndTraining { .. } => {
                let outcome = if random.one_in(2) { Outcome::Completed } else { random.any() };
                let ledger = path.map_or(0, |path| u32::try_from(path.minutes(|_| true) / 60).unwrap_or(0));
                Command::EndTraining {
                    outcome,
                    on: if random.one_in(2) { today } else { random.around(today, 10, 1) },
                    reason: text().filter(|_| !random.one_in(6)),
                    hours_done: ledger.saturating_sub(random.below(3)) + u32::from(random.one_in(8)),
                }
            }
            Command::DeliverReport { report, certificate, satisfaction_asked, .. } => Command::DeliverReport {
                report,
                certificate,
                confirmation: random.any(),
                letter: random.one_in(2).then(|| samples::document("lettre.pdf")),
                satisfaction_asked,
            },
            Command::CloseWithoutReport { reason, .. } => {
                Command::CloseWithoutReport { reason, amount: Cents::new(i64::from(random.below(250)) * 1_000) }
            }
            Command::Cancel { reason, .. } => {
                let amount = *random.pick(&[None, Some(0), Some(0), Some(40_000), Some(900_000)]);
                Command::Cancel { reason, amount: amount.map(Cents::new) }
            }
            Command::DeclineRequest { reason, .. } => Command::DeclineRequest { request: random.any(), reason },
            Command::RecordAnswerOnBehalf { channel, said_by, scan, .. } => {
                // Most often something that is asked.
                let asked: Vec<(RequestKind, OutsideRole)> = OutsideRole::iter()
                    .flat_map(|role| {
                        let asked = path.map(|path| asked_of(path, role));
                        asked.into_iter().flatten().map(move |asked| (asked.kind, role)).collect::<Vec<_>>()
                    })
                    .collect();
                let (request, role) = if asked.is_empty() || random.one_in(4) {
                    (random.any(), random.any())
                } else {
                    *random.pick(&asked)
                };
                let (on, declined) = (random.around(today, 3, 0), text().filter(|_| random.one_in(6)));
                Command::RecordAnswerOnBehalf { request, role, on, channel, said_by, scan, declined }
            }
            Command::ExtendPrestation { reason, .. } => {
                Command::ExtendPrestation { until: random.around(today, 1, 90), reason }
            }
            Command::ExtendReservation { reason, .. } => {
                Command::ExtendReservation { until: random.around(today, 1, 90), reason }
            }
            Command::DecideRequest { .. } => Command::DecideRequest {
                request: random.any::<BodyRequest>(),
                granted: !random.one_in(3),
                reason: text().filter(|_| random.one_in(2)),
            },
            Command::ChangeContact { name, email, phone, reason, .. } => Command::ChangeContact {
                role: random.any(),
                name,
                email: email.filter(|_| !random.one_in(4)),
                phone,
                reason,
            },
            Command::AddCompanyContact { name, email, phone, .. } => Command::AddCompanyContact {
                function: random.any(),
                name: if random.one_in(3) { Line("Hugo Perrin".to_owned()) } else { name },
                // They may well share the company's mailbox, or have none.
                email: match random.below(6) {
                    0 => EmailAddress::parse("anne.lemoine@boulangerie-lemoine.example").ok(),
                    1 => None,
                    _ => email,
                },
                phone,
                reason: text().filter(|_| !random.one_in(3)),
            },
            Command::RemoveCompanyContact { reason, .. } => {
                Command::RemoveCompanyContact { function: random.any(), reason }
            }
            Command::AssignCoordinator { .. } => Command::AssignCoordinator {
                email: random.pick(&[&self.setting.coordinator, &self.setting.other_body]).email.clone(),
            },
            Command::CorrectDatum { reason, .. } => {
                let datum: Datum = random.any();
                let number = random.below(4).to_string();
                let value = match datum {
                    Datum::Company | Datum::Job => random.pick(&["Fournil", "Boulanger"]).to_string(),
                    Datum::RomeCode => "D1104".to_owned(),
                    Datum::PersonsWanted => random.below(4).to_string(),
                    Datum::Commune => random.pick(&["27229", "14118", "75056"]).to_string(),
                    Datum::PlannedEntry => random.around(today, 2, 300).to_string(),
                    Datum::EntryDate | Datum::EndDate => random.around(today, 200, 2).to_string(),
                    Datum::Siret => random.pick(&["73282932000074", "35600000000048", "73282932000075"]).to_string(),
                    Datum::Prescriber => random.any::<Prescriber>().to_string(),
                    Datum::Outcome => random.any::<Outcome>().to_string(),
                    Datum::HoursDone => random.below(40).to_string(),
                    Datum::CandidateProfile | Datum::Sequence | Datum::Absence => String::new(),
                };
                let mut form = json!({"datum": datum, "value": value, "reason": reason});
                let from = random.around(today, 5, 1);
                let fields = match datum {
                    Datum::CandidateProfile => json!({"rsa": random.one_in(2), "level": 5, "birth_date": "1990-03-02"}),
                    Datum::Sequence if random.one_in(3) => json!({"number": number, "annul": true}),
                    Datum::Sequence => {
                        json!({"number": number, "starts_at": format!("{from} 09:00"), "ends_at": format!("{from} 16:00")})
                    }
                    Datum::Absence => json!({"number": number, "annul": random.one_in(3), "until": today}),
                    Datum::Commune => json!({"keep_lot": random.one_in(2)}),
                    Datum::Outcome => json!({"outcome_reason": "Départ."}),
                    _ => json!({}),
                };
                form.as_object_mut().unwrap().extend(fields.as_object().cloned().unwrap());
                Command::read(Step::Act(Act::CorrectDatum), form.as_object().unwrap())
                    .unwrap_or_else(|errors| panic!("{form}: {errors:?}"))
            }
            other => other,
        }
    }
}
