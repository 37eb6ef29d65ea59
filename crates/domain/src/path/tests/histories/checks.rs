//! What must hold once a command was accepted, whatever was played before.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;
use strum::IntoEnumIterator;

use super::super::kit::Case;
use super::{History, ensure};
use crate::calendar::Day;
use crate::clocks::{clocks, planned};
use crate::identifiers::{EmailAddress, PathId};
use crate::lifecycle::edges_of;
use crate::money::Cents;
use crate::path::command::RequestKind;
use crate::path::decide::holds_reservation;
use crate::path::event::{Event, Party};
use crate::path::record::Path;
use crate::path::requests::asked_of;
use crate::path::{Act, State, Step, Transition, fold};
use crate::people::{Actor, CompanyFunction, OutsideRole, RecipientRole};
use crate::told::{Addressed, Directory, recipients};

impl History<'_> {
    /// Everything that must hold once a command was accepted.
    pub(super) fn check(&mut self, before: Option<&Path>, step: Step, actor: &Actor, new: usize) -> Result<(), String> {
        let case = self.world.case();
        let path = &case.path;
        let journal = &case.journal[case.journal.len() - new..];
        if self.random.one_in(8) {
            ensure(fold(&case.journal).as_ref() == Ok(&Some(path.clone())), || "the journal folds otherwise".into())?;
        }
        if let Some(before) = before.filter(|before| before.state.is_final()) {
            ensure(before.state == path.state, || format!("{step} left {}", before.state))?;
        }
        // The state changes along the edges that are drawn; a signature recorded on behalf signs like the person.
        if before.is_none_or(|before| before.state != path.state) {
            let transition = match step {
                Step::Transition(transition) => transition,
                Step::Act(Act::RecordAnswerOnBehalf) => Transition::SignPif,
                Step::Act(act) => return Err(format!("{act} changed the state")),
            };
            let edge = (before.map(|before| before.state), transition, path.state);
            ensure(edges_of(transition).contains(&edge), || format!("{edge:?} is not drawn"))?;
        }
        let colleague = match actor {
            Actor::Outside { role, .. } => role.function(),
            Actor::Staff { .. } | Actor::System => None,
        };
        ensure(matches!(colleague, None | Some(CompanyFunction::Signatory)) || leaves(step), || {
            format!("{step} by {colleague:?}")
        })?;
        let functions: BTreeSet<_> = path.colleagues.iter().map(|colleague| colleague.function).collect();
        ensure(functions.len() == path.colleagues.len(), || "two people for one function".into())?;
        for recorded in journal {
            self.check_event(before, path, &recorded.event, actor)?;
            ensure(recorded.effective_on <= self.world.today(), || format!("{step} takes effect in the future"))?;
        }
        check_training(path)?;
        check_money(path)?;
        self.check_counters()?;
        self.check_clocks(path)?;
        if self.random.one_in(10) {
            self.check_figures()?;
        }
        self.check_recipients(before, step, actor, new)
    }

    fn check_event(&self, before: Option<&Path>, path: &Path, event: &Event, actor: &Actor) -> Result<(), String> {
        match event {
            Event::TrainingEntered { .. } => {
                let entered = path.training.as_ref().map(|training| training.entered_on);
                let ordered = path.implementation.ordered.as_ref().map(|ordered| ordered.on);
                ensure(ordered.is_some() && entered >= ordered, || {
                    format!("entered {entered:?}, ordered {ordered:?}")
                })?;
                let pif = path.pif.as_ref().filter(|pif| pif.complete());
                let signed = pif.and_then(|pif| pif.signatures.iter().map(|signature| signature.on).max());
                ensure(signed.is_some() && entered >= signed, || format!("entered {entered:?}, signed {signed:?}"))?;
                ensure(path.tutor.is_some(), || "entered without a tutor".into())
            }
            Event::Admitted { prestation, tacit, .. } => {
                let file = before.ok_or("admitted nothing")?.file(*prestation);
                let delivered = file.delivered.as_ref().ok_or("admitted without a delivery")?;
                let same = actor.account().is_some() && actor.account() == delivered.by;
                ensure(!same, || "who delivered has admitted".into())?;
                let silent = self.world.today() > delivered.verify_until;
                let extended = file.observations.is_some();
                ensure(*tacit == (*actor == Actor::System), || "silence is the system's".into())?;
                ensure(!*tacit || silent, || "tacit before the end of the verification".into())?;
                let delivered_state = before.is_some_and(|before| before.state.delivered().is_some());
                ensure(*tacit || !silent || extended || !delivered_state, || "decided after silence had".into())
            }
            Event::Rejected { prestation, .. } | Event::Adjourned { prestation, .. } => {
                let delivered = before.and_then(|before| before.file(*prestation).delivered.as_ref());
                let by = delivered.ok_or("decided without a delivery")?.by;
                ensure(by.is_none() || by != actor.account(), || "who delivered has decided".into())
            }
            Event::CommitmentConfirmed { .. }
            | Event::ReportConfirmed { .. }
            | Event::RequestDeclined {
                request: RequestKind::ConfirmCommitment | RequestKind::ConfirmReport | RequestKind::SignPif,
                role: OutsideRole::Company | OutsideRole::Signatory,
                ..
            }
            | Event::PifSigned { party: Party::Company, .. } => {
                let signs = before.map(Path::signs_for_company);
                let answers = match actor {
                    Actor::Outside { role, .. } => Some(*role) == signs,
                    Actor::Staff { .. } | Actor::System => true,
                };
                ensure(answers, || format!("{actor:?} answered for the company, not {signs:?}"))
            }
            Event::CandidateSelected { .. } => {
                ensure(path.candidate.is_some() && path.waiting.is_none(), || "selected and waiting".into())
            }
            _ => Ok(()),
        }
    }

    /// Counters stay within their bounds and equal what the paths hold.
    fn check_counters(&self) -> Result<(), String> {
        let counters = &self.world.counters;
        let mut open: BTreeMap<_, u32> = BTreeMap::new();
        let (mut reserved, mut consumed): (BTreeMap<i32, u32>, BTreeMap<i32, u32>) = Default::default();
        for Case { path, .. } in &self.world.cases {
            for draw in path.open_draws().filter(|_| path.state != State::Cancelled) {
                *open.entry(draw.line).or_default() += 1;
            }
            if let Some(candidate) = path.candidate.as_ref().filter(|_| holds_reservation(path)) {
                *reserved.entry(candidate.reserved_year).or_default() += 1;
            }
            if let Some(waiting) = path.waiting.as_ref().filter(|waiting| waiting.offered_until.is_some()) {
                *reserved.entry(waiting.planned_entry.year()).or_default() += 1;
            }
            if let Some(training) = &path.training {
                *consumed.entry(training.year).or_default() += 1;
                ensure(training.year == training.entered_on.year(), || "the place is in another year".into())?;
            }
        }
        for line in &counters.lines {
            let held = open.get(&line.unit.line).copied().unwrap_or(0);
            let option = line.unit.option;
            ensure(line.drawn <= line.ordered && line.served <= line.drawn, || format!("{option:?}: {line:?}"))?;
            ensure(line.drawn - line.served == held, || format!("{option:?}: paths hold {held} units, {line:?}"))?;
        }
        for (year, places) in &counters.places {
            let within = places.limit(counters.policy).is_none_or(|limit| places.taken() <= limit);
            ensure(within, || format!("{year}: {places:?}"))?;
            let held = (reserved.get(year).copied().unwrap_or(0), consumed.get(year).copied().unwrap_or(0));
            ensure((places.reserved, places.consumed) == held, || format!("{year}: paths hold {held:?}, {places:?}"))?;
        }
        Ok(())
    }

    fn check_clocks(&self, path: &Path) -> Result<(), String> {
        let (market, today) = (&self.world.terms.market, self.world.today());
        let running = clocks(path, market, today);
        ensure(path.state.is_final() || !running.is_empty(), || format!("nobody holds the ball in {}", path.state))?;
        let rows = planned(path, market, today);
        let keys: BTreeSet<_> = rows.iter().map(|row| (row.clock, row.started_on, row.kind, row.rank)).collect();
        ensure(keys.len() == rows.len(), || format!("the same reminder twice: {rows:?}"))?;
        ensure(path.state != State::Cancelled || rows.is_empty(), || "a cancelled path reminds".into())
    }

    /// One message an address; nobody of the other lot, nobody gone, no address that was refused.
    fn check_recipients(&mut self, before: Option<&Path>, step: Step, actor: &Actor, new: usize) -> Result<(), String> {
        let case = self.world.case();
        let setting = self.setting;
        let coordinator = *self.random.pick(&[None, Some(&setting.coordinator), Some(&setting.other_body)]);
        let lots = &self.world.terms.market.lots;
        let home = case.path.lot == lots[0].code;
        let holder = &lots[usize::from(!home)].holder;
        let directory =
            Directory { coordinator, holder, officers: &setting.officers, people: &case.people, stand_ins: &[] };
        let events: Vec<&Event> =
            case.journal[case.journal.len() - new..].iter().map(|recorded| &recorded.event).collect();
        let told = recipients(step, &events, before, &case.path, actor, &directory);
        let mut mailboxes: BTreeMap<&EmailAddress, Vec<&Addressed>> = BTreeMap::new();
        for addressed in &told.addressed {
            mailboxes.entry(&addressed.email).or_default().push(addressed);
            let others = &mailboxes[&addressed.email][1..];
            // L9: of two people who share a mailbox, the second has a message of their own when they alone can answer it.
            let alone = |other: &&Addressed| {
                let asked = other.outside().is_some_and(|role| !asked_of(&case.path, role).is_empty());
                let same = told.addressed.iter().filter(|to| to.person.is_some() && to.person == other.person).count();
                asked && same == 1
            };
            ensure(others.iter().all(alone), || format!("two messages to {}", addressed.email))?;
            let stranger = addressed.account.is_some_and(|id| {
                id == if home { setting.other_body.id } else { setting.coordinator.id }
                    || home && setting.officers[1..].iter().any(|officer| officer.email == addressed.email)
            });
            ensure(!stranger, || format!("{} is of another lot or gone", addressed.email))?;
            let Some(id) = addressed.person else { continue };
            let person = case.people.iter().find(|person| person.id == id).ok_or("a stranger is told")?;
            ensure(addressed.function.is_none() || addressed.role == RecipientRole::Company, || {
                format!("{:?} has a function", addressed.role)
            })?;
            ensure(!person.address_refused, || "an address that was refused".into())?;
            let leaves =
                before.is_some_and(|before| people_of(before).contains(&id)) && !people_of(&case.path).contains(&id);
            ensure(person.active || leaves, || format!("{:?} is gone", addressed.role))?;
            let outside =
                matches!(addressed.role, RecipientRole::Company | RecipientRole::Trainee | RecipientRole::Tutor);
            ensure(person.path == path_id(case) && (outside || addressed.role == RecipientRole::Candidate), || {
                format!("{:?} of another path", addressed.role)
            })?;
        }
        Ok(())
    }
}

/// Whether a step is what a colleague who is asked nothing may do: give up their function.
fn leaves(step: Step) -> bool {
    matches!(step, Step::Act(Act::HandOverContact | Act::RemoveCompanyContact))
}

fn path_id(case: &Case) -> PathId {
    case.path.id
}

fn people_of(path: &Path) -> Vec<crate::identifiers::PersonId> {
    OutsideRole::iter().filter_map(|role| path.person_of(role)).map(|person| person.id).collect()
}

/// The ledger: after the entry, under a tutor, without overlap, 10 h a day and 35 h a week at most.
fn check_training(path: &Path) -> Result<(), String> {
    let Some(training) = &path.training else { return Ok(()) };
    let mut days: BTreeMap<Day, i64> = BTreeMap::new();
    let mut weeks: BTreeMap<(i32, u32), i64> = BTreeMap::new();
    for (rank, sequence) in training.sequences.iter().enumerate() {
        let day = sequence.from.date();
        *days.entry(day).or_default() += sequence.minutes();
        *weeks.entry((day.iso_week().year(), day.iso_week().week())).or_default() += sequence.minutes();
        ensure(day >= training.entered_on, || format!("a sequence before the entry: {sequence:?}"))?;
        let tutor = path.tutor.as_ref().is_some_and(|tutor| tutor.first_since <= day);
        ensure(tutor, || format!("a sequence without a tutor: {sequence:?}"))?;
        let ended = training.ended.as_ref().is_none_or(|ended| sequence.until.date() <= ended.on);
        ensure(ended, || format!("a sequence after the end: {sequence:?}"))?;
        let overlaps =
            training.sequences[..rank].iter().any(|other| sequence.from < other.until && other.from < sequence.until);
        ensure(!overlaps, || format!("an overlap: {sequence:?}"))?;
    }
    ensure(days.values().all(|minutes| *minutes <= 600), || "more than 10 h a day".into())?;
    ensure(weeks.values().all(|minutes| *minutes <= 35 * 60), || "more than 35 h a week".into())
}

/// What was admitted is never more than what was drawn costs.
fn check_money(path: &Path) -> Result<(), String> {
    for file in [&path.feasibility, &path.preparation, &path.implementation] {
        if let Some(admitted) = &file.admitted {
            let within = admitted.amount >= Cents::ZERO && admitted.amount <= file.price();
            ensure(within, || format!("{:?} for {:?}", admitted.amount, file.price()))?;
        }
    }
    Ok(())
}
