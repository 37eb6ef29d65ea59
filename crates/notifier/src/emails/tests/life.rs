//! Lives of paths, played with the sample forms of the domain: every step that is accepted gives its messages, and every
//! message keeps the rules.

mod said;

use std::collections::{BTreeMap, BTreeSet};

use domain::calendar::{at_paris, paris_day};
use domain::clocks::clocks;
use domain::identifiers::{AccountId, EventId, LotCode};
use domain::market::Terms;
use domain::path::decide::PersonChange;
use domain::path::table::commits_company;
use domain::path::{Command, Context, FreeUnit, Recorded, Refusal, State, apply, decide};
use domain::people::{Account, CompanyFunction, OutsideRole, Person, RecipientRole, Side, StaffRole};
use domain::places::Policy;
use domain::samples;
use domain::told::{FUNCTIONS, ROLES, Told, recipients, tells_author, told, told_in_company};
use serde_json::{Value, json};

use super::*;

const B: Side = Side::Body;
const R: Side = Side::Region;
const C: Side = Side::Company;
const T: Side = Side::Trainee;
const U: Side = Side::Tutor;
const S: Side = Side::System;

/// Names of the trainee and of who was not selected, and a day of birth, as the sample forms have them.
const PERSONS: [&str; 3] = ["Benali", "Aubert", "1994"];

#[derive(Clone)]
struct Life {
    now: Instant,
    terms: Terms,
    units: Vec<FreeUnit>,
    path: Option<Path>,
    people: Vec<Person>,
    planned: u32,
    decisions: u32,
}

/// What was written to whom, by step.
type Written = BTreeMap<Step, BTreeSet<RecipientRole>>;

impl Life {
    fn new() -> Self {
        Self {
            now: at_paris(samples::day("2026-03-02"), 18, 0),
            terms: samples::terms(),
            units: samples::units(),
            path: None,
            people: Vec::new(),
            planned: 250,
            decisions: 0,
        }
    }

    fn path(&self) -> &Path {
        self.path.as_ref().expect("a path is open")
    }

    fn later(&mut self, days: i64) {
        self.now = at_paris(paris_day(self.now) + chrono::Duration::days(days), 18, 0);
    }

    fn actor(&self, side: Side) -> Option<Actor> {
        let path = self.path.as_ref();
        match side {
            Side::Region => Some(samples::account(StaffRole::RegionOfficer, 1).actor()),
            Side::Finance => Some(samples::account(StaffRole::RegionFinance, 1).actor()),
            Side::Body => Some(samples::account(StaffRole::Coordinator, 1).actor()),
            Side::Company => outside(path?, OutsideRole::Company),
            Side::Trainee => outside(path?, OutsideRole::Trainee),
            Side::Tutor => outside(path?, OutsideRole::Tutor),
            Side::System => Some(Actor::System),
        }
    }

    /// Plays a step with some fields of its sample form changed, and checks every message that leaves.
    fn play(
        &mut self,
        side: Side,
        step: Step,
        changes: Value,
        written: &mut Written,
    ) -> Result<Vec<Composed>, Refusal> {
        let signatory = self.path.as_ref().filter(|_| side == C && commits_company(step));
        let actor = signatory.and_then(|path| outside(path, path.signs_for_company())).or_else(|| self.actor(side));
        let actor = actor.ok_or(Refusal::NotYourRole { step, reads_only: false })?;
        let today = paris_day(self.now);
        let mut form = samples::form(step, today);
        if let Value::Object(changes) = changes {
            form.extend(changes);
        }
        let command = Command::read(step, &form).map_err(|errors| Refusal::Form { errors })?;
        let coordinator = samples::account(StaffRole::Coordinator, 1);
        let colleague = Account { id: AccountId::new(uuid::Uuid::from_u128(7)), ..coordinator };
        let lot = LotCode::parse("1").unwrap();
        let places = [2025, 2026, 2027].map(|year| Places {
            lot: lot.clone(),
            year,
            planned: Some(self.planned),
            maximum: None,
            reserved: 0,
            consumed: 0,
            released: 0,
        });
        let fresh = samples::fresh(self.decisions + 1);
        let source = matches!(command, Command::OpenSibling { .. }).then(|| self.path.as_ref()).flatten();
        let before = self.path.as_ref().filter(|_| source.is_none() && !matches!(command, Command::ReportNeed { .. }));
        let decision = decide(
            before,
            command,
            &Context {
                now: self.now,
                actor: &actor,
                terms: &self.terms,
                earlier_terms: &[],
                units: &self.units,
                places: &places,
                queued: 0,
                people: &self.people,
                source,
                colleague: Some(&colleague),
                fresh: &fresh,
            },
        )?;
        let mut after = before.cloned();
        let mut events = Vec::new();
        for decided in decision.events {
            let recorded = Recorded {
                id: EventId::new(uuid::Uuid::from_u128(u128::from(self.decisions))),
                path: before.map_or(fresh.path, |path| path.id),
                seq: after.as_ref().map_or(0, |path| path.version) + 1,
                effective_on: decided.effective_on,
                recorded_at: self.now,
                author: actor.clone(),
                terms: self.terms.version,
                event: decided.event,
            };
            after = Some(apply(after, &recorded).unwrap());
            events.push(recorded.event);
        }
        let after = after.expect("a decision writes an event");
        let mut people = self.people.clone();
        for change in &decision.people {
            if let PersonChange::Add(person) | PersonChange::Update(person) = change {
                people.retain(|other| other.id != person.id);
                people.push(person.clone());
            }
        }
        let composed = told_of(&self.terms.market, step, &events, before, &after, &actor, &people, self.now, written);
        for change in &decision.people {
            if let PersonChange::Deactivate(id) = change {
                people.iter_mut().filter(|person| person.id == *id).for_each(|person| person.active = false);
            }
        }
        for person in &mut people {
            person.path = after.id;
        }
        self.decisions += 1;
        self.path = Some(after);
        self.people = people;
        Ok(composed)
    }

    #[track_caller]
    fn ok_with(&mut self, side: Side, step: impl Into<Step>, changes: Value, written: &mut Written) -> Vec<Composed> {
        let step = step.into();
        let state = self.path.as_ref().map(|path| path.state);
        self.play(side, step, changes, written)
            .unwrap_or_else(|refusal| panic!("{step} by {side} from {state:?}: {refusal:?}"))
    }

    #[track_caller]
    fn ok(&mut self, side: Side, step: impl Into<Step>, written: &mut Written) -> Vec<Composed> {
        self.ok_with(side, step, json!({}), written)
    }

    /// Tries every step by every side from here, each on a copy.
    fn try_everything(&self, written: &mut Written) {
        self.remind();
        for step in Step::all() {
            for side in [B, R, C, T, U, S] {
                let mut copy = self.clone();
                if let Ok(messages) = copy.play(side, step, json!({}), written) {
                    let unsaid = messages.iter().find(|message| message.kind == "recorded");
                    assert!(unsaid.is_none(), "{step} has no words of its own");
                }
            }
        }
    }

    /// Every clock of the path reminds and escalates to every role.
    fn remind(&self) {
        let today = paris_day(self.now);
        let (path, market) = (self.path(), &self.terms.market);
        let officers = [samples::account(StaffRole::RegionOfficer, 1)];
        let coordinator = samples::account(StaffRole::Coordinator, 1);
        let holder = &market.lot(&path.lot).unwrap().holder;
        let directory = Directory {
            coordinator: Some(&coordinator),
            holder,
            officers: &officers,
            people: &self.people,
            stand_ins: &[],
        };
        for clock in &clocks(path, market, today) {
            for kind in [ReminderKind::Reminder, ReminderKind::Escalation] {
                for to in everyone(path, &self.people) {
                    let notice = ReminderNotice {
                        path,
                        clock,
                        kind,
                        market,
                        directory: &directory,
                        today,
                        texts: &Texts::default(),
                    };
                    let name = format!("{kind} of {} to {}", clock.kind, to.role);
                    check(&name, &reminder(&notice, &to));
                }
            }
        }
    }
}

/// Who has a role outside on a path.
fn outside(path: &Path, role: OutsideRole) -> Option<Actor> {
    Some(Actor::Outside { person: path.person_of(role)?.id, role, path: path.id })
}

/// Composes and checks what a step says to everyone it addresses.
#[expect(clippy::too_many_arguments, reason = "the facts of one step, given once")]
fn told_of(
    market: &Market,
    step: Step,
    events: &[Event],
    before: Option<&Path>,
    after: &Path,
    author: &Actor,
    people: &[Person],
    now: Instant,
    written: &mut Written,
) -> Vec<Composed> {
    let events: Vec<&Event> = events.iter().collect();
    let officers = [samples::account(StaffRole::RegionOfficer, 1)];
    let coordinator = samples::account(StaffRole::Coordinator, 1);
    let holder = &market.lot(&after.lot).unwrap().holder;
    let directory = Directory { coordinator: Some(&coordinator), holder, officers: &officers, people, stand_ins: &[] };
    let addressed = recipients(step, &events, before, after, author, &directory).addressed;
    let compose_to = |to: &Addressed, addressed_by_the_table: bool| {
        let notice = Notice {
            step,
            events: &events,
            before,
            after,
            author,
            market,
            directory: &directory,
            now,
            note: None,
            told: &addressed,
            texts: &Texts::default(),
        };
        let composed = compose(&notice, to);
        let name = format!("{step} to {}", to.role);
        check(&name, &composed);
        for person in PERSONS {
            assert!(!composed.subject.contains(person) && !composed.text.contains(person), "{name} names {person}");
        }
        if to.person.is_some() && addressed_by_the_table {
            check_outside(&name, &composed);
        }
        composed
    };
    let composed = addressed.iter().map(|to| compose_to(to, true)).collect();
    if let Actor::Outside { person, .. } = author {
        let written_to = addressed.iter().any(|to| to.person == Some(*person));
        assert_eq!(tells_author(step, author), written_to, "{step}: a page says whether its author has a receipt");
    }
    // Whoever the table does not address has words too: the function is total.
    let first_time = !written.contains_key(&step);
    written.entry(step).or_default().extend(addressed.iter().map(|to| to.role));
    for to in everyone(after, people).into_iter().filter(|_| first_time) {
        let row = match to.function {
            Some(function) => {
                told_in_company(step).into_iter().zip(FUNCTIONS).find(|(_, own)| *own == function).map(|row| row.0)
            }
            None => told(step).into_iter().zip(ROLES).find(|(_, role)| *role == to.role).map(|row| row.0),
        };
        compose_to(&to, row.is_some_and(|told| !matches!(told, Told::No | Told::Listed(_))));
    }
    composed
}

/// One reader in each role.
fn everyone(path: &Path, people: &[Person]) -> Vec<Addressed> {
    let person = |role: RecipientRole| {
        let id = match role {
            RecipientRole::Company => Some(path.contact.id),
            RecipientRole::Tutor => path.tutor.as_ref().map(|tutor| tutor.person.id),
            RecipientRole::Trainee => path.candidate.as_ref().map(|candidate| candidate.person.id),
            RecipientRole::Candidate => people.first().map(|person| person.id),
            RecipientRole::Body | RecipientRole::Region | RecipientRole::Finance => None,
        };
        Addressed {
            role,
            person: id,
            account: None,
            name: "Une personne".to_owned(),
            email: samples::email("une.personne@courriel.example"),
            why: Told::Message,
            stands_for: None,
            function: None,
        }
    };
    let colleague = |function: CompanyFunction| {
        let id = path.person_of(function.outside())?.id;
        Some(Addressed { person: Some(id), function: Some(function), ..person(RecipientRole::Company) })
    };
    let colleagues = FUNCTIONS.into_iter().filter_map(colleague);
    ROLES.into_iter().chain([RecipientRole::Finance]).map(person).chain(colleagues).collect()
}

/// A life from the need to the closing; each stop is tried in every direction.
fn life(written: &mut Written, mut at: impl FnMut(&Life, &mut Written)) {
    let mut life = Life::new();
    let w = written;
    life.ok(B, Transition::ReportNeed, w);
    at(&life, w);
    life.ok(R, Transition::OrderFeasibility, w);
    at(&life, w);
    life.ok(B, Transition::StartFeasibility, w);
    life.ok(B, Act::DesignateTutor, w);
    life.ok(B, Act::AskConfirmation, w);
    at(&life, w);
    life.with_colleagues(w, &mut at);
    life.ok(B, Act::ExtendPrestation, w);
    life.ok(B, Act::RequestCancellation, w);
    at(&life, w);
    life.ok(C, Act::ConfirmCommitment, w);
    let conditional = json!({"verdict": "feasible_with_conditions", "conditions": "2026-05-01 Aménager le poste"});
    life.ok_with(B, Transition::DeliverFeasibility, conditional, w);
    at(&life, w);
    life.ok(R, Act::AskObservations, w);
    at(&life, w);
    life.ok(B, Act::GiveObservations, w);
    life.verify(
        [Transition::AdmitFeasibility, Transition::AdjournFeasibility, Transition::RejectFeasibility],
        w,
        &mut at,
    );
    life.ok(R, Transition::AdmitFeasibility, w);
    at(&life, w);
    life.ok(R, Act::SettleCondition, w);
    life.ok(R, Transition::OrderPreparation, w);
    at(&life, w);
    life.ok(B, Transition::StartPreparation, w);
    at(&life, w);
    life.ok(B, Transition::DeliverPreparation, w);
    at(&life, w);
    life.verify(
        [Transition::AdmitPreparation, Transition::AdjournPreparation, Transition::RejectPreparation],
        w,
        &mut at,
    );
    life.ok(R, Transition::AdmitPreparation, w);
    at(&life, w);
    life.ok(B, Transition::OpenSelection, w);
    at(&life, w);
    life.wait_for_a_place(w, &mut at);
    life.ok(B, Transition::SelectCandidate, w);
    at(&life, w);
    life.with_colleagues(w, &mut at);
    life.ok(B, Act::WritePif, w);
    at(&life, w);
    for side in [B, C, T] {
        life.ok(side, Transition::SignPif, w);
        at(&life, w);
    }
    life.ok(R, Transition::OrderImplementation, w);
    at(&life, w);
    life.ok_with(B, Transition::EnterTraining, json!({"safir": null, "remu": null}), w);
    at(&life, w);
    life.log(w);
    at(&life, w);
    life.with_colleagues(w, &mut at);
    let mut untrained = life.clone();
    untrained.ok(B, Act::ReplaceTutor, w);
    untrained.ok(R, Act::OrderTutorTraining, w);
    let mut longer = life.clone();
    let ends_on = paris_day(longer.now) + chrono::Duration::days(90);
    longer.ok_with(B, Act::AmendPif, json!({"afest_hours": 160, "ends_on": ends_on}), w);
    at(&longer, w);
    let mut suspended = life.clone();
    suspended.ok(B, Transition::Suspend, w);
    at(&suspended, w);
    let mut corrected = life.clone();
    for (number, side) in [(1, U), (2, T)] {
        corrected.ok(side, Act::ProposeCorrection, w);
        corrected.ok_with(B, Act::AnswerCorrection, json!({"number": number, "accepted": number == 2}), w);
    }
    life.ok(B, Transition::EndTraining, w);
    at(&life, w);
    let mut silent = life.clone();
    silent.later(40);
    silent.ok(R, Act::SendFormalNotice, w);
    silent.later(40);
    at(&silent, w);
    life.ok(B, Act::AskConfirmation, w);
    at(&life, w);
    life.ok(C, Act::ConfirmReport, w);
    life.ok(B, Transition::DeliverReport, w);
    at(&life, w);
    life.verify([Transition::AdmitReport, Transition::AdjournReport, Transition::RejectReport], w, &mut at);
    life.ok(R, Transition::AdmitReport, w);
    at(&life, w);
}

impl Life {
    /// A delivery that silence admits, or that is adjourned, and what follows by either answer.
    fn verify(
        &self,
        [admit, adjourn, reject]: [Transition; 3],
        w: &mut Written,
        at: &mut impl FnMut(&Life, &mut Written),
    ) {
        let mut silent = self.clone();
        silent.later(60);
        silent.ok(S, admit, w);
        let mut life = self.clone();
        life.ok(R, adjourn, w);
        at(&life, w);
        let mut accepted = life.clone();
        accepted.ok(B, Act::AcceptAdjournment, w);
        at(&accepted, w);
        life.ok(B, Act::RefuseAdjournment, w);
        at(&life, w);
        life.later(60);
        life.ok(S, reject, w);
        at(&life, w);
    }

    /// The company names somebody for each function.
    fn with_colleagues(&self, w: &mut Written, at: &mut impl FnMut(&Life, &mut Written)) {
        let mut life = self.clone();
        for function in FUNCTIONS {
            let email = format!("{function}@boulangerie-lemoine.example").replace('_', "-");
            life.ok_with(C, Act::AddCompanyContact, json!({"function": function, "email": email}), w);
        }
        at(&life, w);
    }

    /// A full lot: the candidate waits, a place is offered, the offer lapses.
    fn wait_for_a_place(&self, w: &mut Written, at: &mut impl FnMut(&Life, &mut Written)) {
        let mut life = self.clone();
        life.terms.market.places.policy = Policy::Waitlist;
        life.planned = 0;
        life.ok(B, Transition::SelectCandidate, w);
        at(&life, w);
        life.planned = 250;
        life.ok(S, Act::OfferPlace, w);
        at(&life, w);
        life.later(30);
        life.ok(S, Act::LapseOffer, w);
    }

    /// Days that prove what the law asks, signed by nobody yet.
    fn log(&mut self, w: &mut Written) {
        for kind in ["work_situation", "reflexive_phase", "evaluation"] {
            self.later(1);
            let today = paris_day(self.now);
            let times = json!({"kind": kind, "from": format!("{today} 08:30"), "until": format!("{today} 16:30")});
            self.ok_with(U, Act::RecordSequence, times, w);
        }
    }
}

#[test]
fn l11_every_step_of_a_life_tells_whom_it_must() {
    let mut written = Written::new();
    life(&mut written, Life::try_everything);
    for step in Step::all() {
        let Some(reached) = written.get(&step) else { panic!("{step} was never played") };
        let sure = |told: &Told| match told {
            Told::Message | Told::Receipt | Told::WhenComplete | Told::WhenTacit | Told::WhenLevel => true,
            Told::No
            | Told::Listed(_)
            | Told::ReceiptIfAuthor
            | Told::IfConcerned
            | Told::ByField
            | Told::Leaving
            | Told::WhenOutside
            | Told::WhenMonthSigned
            | Told::WhenContact => false,
        };
        let rows = || told(step).into_iter().zip(ROLES);
        assert!(
            !reached.is_empty() || rows().all(|(told, _)| matches!(told, Told::No | Told::Listed(_))),
            "{step} told nobody"
        );
        let addressed: BTreeSet<RecipientRole> = rows().filter(|(told, _)| sure(told)).map(|(_, role)| role).collect();
        let missed: Vec<_> = addressed.difference(reached).collect();
        // Rows that the order of things leaves empty: no trainee yet, no level before the order.
        let excused = match step {
            Step::Transition(Transition::StartPreparation) | Step::Act(Act::DesignateTutor) => {
                Some(RecipientRole::Trainee)
            }
            Step::Act(Act::WritePif) => Some(RecipientRole::Region),
            Step::Transition(_) | Step::Act(_) => None,
        };
        let missed: Vec<_> = missed.into_iter().filter(|role| Some(**role) != excused).collect();
        assert!(missed.is_empty(), "{step} never reached {missed:?}");
    }
}

#[test]
fn a_life_gives_two_invitations() {
    let mut written = Written::new();
    let mut life = Life::new();
    let w = &mut written;
    life.ok(B, Transition::ReportNeed, w);
    life.ok(R, Transition::OrderFeasibility, w);
    let started = life.ok(B, Transition::StartFeasibility, w);
    assert!(started.iter().all(|message| message.calendar.is_some()), "both are invited to the first visit");
    let invite = started[1].calendar.as_deref().unwrap();
    assert!(invite.contains("METHOD:REQUEST") && invite.contains("DTSTART:20260309T090000Z"), "{invite}");
    assert_eq!(life.path().state, State::FeasibilityInProgress);
}

#[test]
fn what_is_typed_never_places_a_link() {
    let mut written = Written::new();
    let mut life = Life::new();
    let trap = "Menuiserie {{lien}} {{arret}} & Fils";
    let typed = json!({"company": trap, "job": trap, "contact_name": trap});
    let messages = life.ok_with(B, Transition::ReportNeed, typed, &mut written);
    let declined = life.ok_with(R, Transition::DeclineNeed, json!({"reason": trap}), &mut written);
    for message in messages.iter().chain(&declined) {
        assert!(message.text.matches(LINK_MARKER).count() == 1 && !message.text.contains(OPT_OUT_MARKER));
        assert!(message.html.contains("&#38; Fils") && !message.html.contains(OPT_OUT_MARKER));
    }
}

#[test]
fn l12_a_replaced_contact_gets_no_link() {
    let mut written = Written::new();
    let mut life = Life::new();
    life.ok(B, Transition::ReportNeed, &mut written);
    let old = life.people.iter().find(|person| person.role == RecipientRole::Company).cloned().unwrap();
    let before = life.path().clone();
    let messages = life.ok(B, Act::ChangeContact, &mut written);
    let sent: Vec<_> = messages.iter().map(|message| (message.kind, message.link)).collect();
    assert_eq!(sent, [("contact_changed", LinkPurpose::Follow), ("contact_replaced", LinkPurpose::Staff)]);
    let to = Addressed {
        role: RecipientRole::Company,
        person: Some(old.id),
        account: None,
        name: old.contact.name.clone(),
        email: samples::email("anne.lemoine@boulangerie-lemoine.example"),
        why: Told::Message,
        stands_for: None,
        function: None,
    };
    let market = samples::market();
    let holder = &market.lots[0].holder;
    let directory = Directory { coordinator: None, holder, officers: &[], people: &life.people, stand_ins: &[] };
    let author = samples::account(StaffRole::Coordinator, 1).actor();
    let notice = Notice {
        step: Act::ChangeContact.into(),
        events: &[],
        before: Some(&before),
        after: life.path(),
        author: &author,
        market: &market,
        directory: &directory,
        now: life.now,
        note: None,
        told: &[],
        texts: &Texts::default(),
    };
    for composed in [compose(&notice, &to), contact_replaced(&notice, &to)] {
        assert_eq!((composed.kind, composed.link), ("contact_replaced", LinkPurpose::Staff));
        assert!(!composed.text.contains(LINK_MARKER));
        assert!(composed.text.contains(&holder.name), "whom to call");
    }
}
