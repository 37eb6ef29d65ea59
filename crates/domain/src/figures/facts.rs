//! What is kept of a path to count it: small, dated twice, written with the path itself.
//!
//! Two dates, two questions: the day of a fact says in which period it counts, the instant at which it was recorded says
//! what was known when. A correction closes what was believed and writes what is believed since; nothing is erased, so that
//! a figure at a fixed instant of knowledge never changes.

use chrono::serde::{ts_microseconds, ts_microseconds_option};
use serde::{Deserialize, Serialize};

use crate::calendar::{Day, Instant};
use crate::identifiers::{Department, LotCode, Siret};
use crate::market::Prestation;
use crate::money::Cents;
use crate::path::apply::FoldError;
use crate::path::command::{Obstacle, Outcome, Situation};
use crate::path::decide::holds_reservation;
use crate::path::{Event, Path, Recorded, State, apply};

/// A path entered a state. Passages are only added, in the order of the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    #[serde(rename = "s")]
    pub state: State,
    #[serde(rename = "d")]
    pub on: Day,
    #[serde(rename = "k", with = "ts_microseconds")]
    pub known: Instant,
}

/// A value that may be corrected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dated {
    #[serde(rename = "v")]
    pub value: Value,
    #[serde(rename = "d")]
    pub on: Day,
    #[serde(rename = "k", with = "ts_microseconds")]
    pub known: Instant,
    /// Since when it is known to be wrong.
    #[serde(rename = "u", default, with = "ts_microseconds_option", skip_serializing_if = "Option::is_none")]
    pub until: Option<Instant>,
}

/// A value of a path that figures count. Those of one [`Slot`] follow one another: the last one of a day holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    Lot(LotCode),
    Department(Department),
    Company(Siret),
    /// Place of the lot in a year of entry.
    Place(Place),
    Ended(Outcome),
    /// What became of the trainee.
    Situation(Situation),
    /// Service done excluding tax, added to that of before.
    Served(Prestation, Cents),
    /// What the study that was delivered last says against itself.
    Obstacle(Obstacle),
    /// What was delivered on a day was decided.
    Verified(Verified),
}

/// A decision of the Region on what was delivered: admitted, adjourned or rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    #[serde(rename = "p")]
    pub prestation: Prestation,
    #[serde(rename = "f")]
    pub delivered_on: Day,
    /// Admitted by the Region's silence at the end of the verification.
    #[serde(rename = "t")]
    pub tacit: bool,
}

/// Where a path stands with the places of its lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    Reserved(i32),
    /// The trainee entered; the day of the value is that of the entry.
    Consumed(i32),
    Released,
}

/// What values replace one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    Lot,
    Department,
    Company,
    Place,
    Ended,
    Situation,
    Obstacle,
    /// Each value is one more.
    Served,
    /// Each value is one more.
    Verified,
}

impl Value {
    /// What it says something about.
    pub fn slot(&self) -> Slot {
        match self {
            Self::Lot(_) => Slot::Lot,
            Self::Department(_) => Slot::Department,
            Self::Company(_) => Slot::Company,
            Self::Place(_) => Slot::Place,
            Self::Ended(_) => Slot::Ended,
            Self::Situation(_) => Slot::Situation,
            Self::Served(..) => Slot::Served,
            Self::Obstacle(_) => Slot::Obstacle,
            Self::Verified(_) => Slot::Verified,
        }
    }
}

/// Everything that is kept of one path.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    pub passages: Vec<Passage>,
    pub values: Vec<Dated>,
}

impl Facts {
    /// What an event adds, between the path before and after it.
    fn note(&mut self, before: Option<&Path>, after: &Path, recorded: &Recorded) {
        let (on, known) = (recorded.effective_on, recorded.recorded_at);
        if before.is_none_or(|before| before.state != after.state) {
            self.passages.push(Passage { state: after.state, on, known });
        }
        // Wherever the work is done, it always was there: a correction says so of the past as well.
        let of: [fn(&Path) -> Value; 3] = [
            |path| Value::Lot(path.lot.clone()),
            |path| Value::Department(path.workplace.department.clone()),
            |path| Value::Company(path.workplace.siret.clone()),
        ];
        for of in of {
            self.replace(before.map(of).as_ref(), of(after), after.opened_on, known);
        }
        self.note_place(before, after, recorded);
        self.note_end(before, after, known);
        self.note_verification(before, recorded);
        for prestation in [Prestation::Feasibility, Prestation::Preparation, Prestation::Implementation] {
            let served = |path: &Path| path.file(prestation).admitted.as_ref().map_or(Cents::ZERO, |it| it.amount);
            let more = served(after) - before.map_or(Cents::ZERO, served);
            if more != Cents::ZERO {
                self.add(Value::Served(prestation, more), on, known);
            }
        }
        if let Event::FollowUpRecorded { on, situation, .. } = recorded.event {
            self.add(Value::Situation(situation), on, known);
        }
        if let Event::FeasibilityDelivered { obstacle: Some(obstacle), .. } = recorded.event {
            self.add(Value::Obstacle(obstacle), on, known);
        }
    }

    fn add(&mut self, value: Value, on: Day, known: Instant) {
        self.values.push(Dated { value, on, known, until: None });
    }

    /// What is believed of a slot, the last value first.
    fn believed(&mut self, slot: Slot) -> impl Iterator<Item = &mut Dated> {
        self.values.iter_mut().rev().filter(move |dated| dated.until.is_none() && dated.value.slot() == slot)
    }

    fn replace(&mut self, before: Option<&Value>, after: Value, on: Day, known: Instant) {
        if before == Some(&after) {
            return;
        }
        self.believed(after.slot()).for_each(|dated| dated.until = Some(known));
        self.add(after, on, known);
    }

    fn note_place(&mut self, before: Option<&Path>, after: &Path, recorded: &Recorded) {
        let (was, is) = (before.and_then(place), place(after));
        if was == is {
            return;
        }
        let known = recorded.recorded_at;
        // What is corrected or annulled was never so; anything else follows what was.
        let corrected = matches!(recorded.event, Event::DatumCorrected { .. } | Event::EntryAnnulled { .. });
        let last = self.believed(Slot::Place).next().filter(|_| corrected).map(|dated| {
            dated.until = Some(known);
            dated.on
        });
        let left = self.believed(Slot::Place).next().map(|dated| dated.value.clone());
        match is {
            Some((place @ Place::Consumed(_), on)) => self.add(Value::Place(place), on, known),
            // The reservation that an annulled entry goes back to.
            Some((place, _)) if corrected && left == Some(Value::Place(place)) => {}
            Some((place, _)) => self.add(Value::Place(place), last.unwrap_or(recorded.effective_on), known),
            None => self.add(Value::Place(Place::Released), recorded.effective_on, known),
        }
    }

    /// A decision on what waited for it; one that ends an adjournment comes after that of the delivery.
    fn note_verification(&mut self, before: Option<&Path>, recorded: &Recorded) {
        let (prestation, tacit) = match recorded.event {
            Event::Admitted { prestation, tacit, .. } => (prestation, tacit),
            Event::Adjourned { prestation, .. } | Event::Rejected { prestation, .. } => (prestation, false),
            _ => return,
        };
        let waited = before.filter(|before| {
            matches!(before.state, State::FeasibilityDelivered | State::PreparationDelivered | State::ReportDelivered)
        });
        if let Some(delivered) = waited.and_then(|before| before.file(prestation).delivered.as_ref()) {
            let verified = Verified { prestation, delivered_on: delivered.on, tacit };
            self.add(Value::Verified(verified), recorded.effective_on, recorded.recorded_at);
        }
    }

    fn note_end(&mut self, before: Option<&Path>, after: &Path, known: Instant) {
        let ended = |path: &Path| path.training.as_ref()?.ended.as_ref().map(|ended| (ended.outcome, ended.on));
        let (was, is) = (before.and_then(ended), ended(after));
        if was == is {
            return;
        }
        self.believed(Slot::Ended).for_each(|dated| dated.until = Some(known));
        if let Some((outcome, on)) = is {
            self.add(Value::Ended(outcome), on, known);
        }
    }
}

/// Folds a whole journal into the path and what it leaves to count.
///
/// # Errors
/// As [`crate::path::fold`].
pub fn fold_counted(journal: &[Recorded]) -> Result<(Option<Path>, Facts), FoldError> {
    journal.iter().try_fold((None, Facts::default()), |(path, facts): (Option<Path>, Facts), recorded| {
        let (path, facts) = step(path.as_ref(), facts, recorded)?;
        Ok((Some(path), facts))
    })
}

/// One more event of a path and of what it leaves to count.
///
/// # Errors
/// As [`crate::path::apply()`].
pub fn step(before: Option<&Path>, mut facts: Facts, recorded: &Recorded) -> Result<(Path, Facts), FoldError> {
    let after = apply(before.cloned(), recorded)?;
    facts.note(before, &after, recorded);
    Ok((after, facts))
}

/// The place that a path holds, and since which day when its entry says so.
fn place(path: &Path) -> Option<(Place, Day)> {
    if let Some(training) = &path.training {
        return Some((Place::Consumed(training.year), training.entered_on));
    }
    if let Some(candidate) = path.candidate.as_ref().filter(|_| holds_reservation(path)) {
        return Some((Place::Reserved(candidate.reserved_year), path.opened_on));
    }
    let offered = path.waiting.as_ref().filter(|waiting| waiting.offered_until.is_some())?;
    Some((Place::Reserved(chrono::Datelike::year(&offered.planned_entry)), path.opened_on))
}
