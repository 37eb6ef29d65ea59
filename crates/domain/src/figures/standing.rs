//! Where a path stood on a day, as it was known at an instant: what every figure is counted on.

use super::facts::{Dated, Facts, Place, Slot, Value, Verified};
use crate::calendar::{Day, Instant};
use crate::identifiers::{Department, LotCode, Siret};
use crate::market::Prestation;
use crate::money::Cents;
use crate::path::State;
use crate::path::command::{Obstacle, Outcome, Situation};
use crate::people::Side;

/// A day of effect and an instant of knowledge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    pub as_of: Day,
    /// Everything that is known when left out.
    pub known_at: Option<Instant>,
}

/// The stages of a path that the funnel counts, in order.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    strum::EnumIter,
    strum::EnumString,
    strum::Display,
    strum::AsRefStr,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "snake_case")]
pub enum Stage {
    /// A need was reported.
    Need,
    /// The Region admitted a study that is not negative.
    Feasible,
    /// The Region admitted the preparation.
    Ready,
    /// The trainee entered.
    Entry,
    /// The training ended with the four legal elements proven.
    Completed,
    /// The trainee is known to work.
    InJob,
}

/// How many stages there are.
pub const STAGES: usize = 6;

/// One path at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing<'a> {
    pub opened: Day,
    pub lot: &'a LotCode,
    pub department: &'a Department,
    pub company: &'a Siret,
    pub state: State,
    /// Since when it is in that state.
    pub since: Day,
    /// The first day of each stage. A path that began further on has none of those before it.
    pub stages: [Option<Day>; STAGES],
    /// The day on which its study was ordered.
    pub study: Option<Day>,
    pub place: Option<Place>,
    pub ended: Option<(Outcome, Day)>,
    pub situation: Option<Situation>,
    /// What the study delivered last says against itself.
    pub obstacle: Option<Obstacle>,
    facts: &'a Facts,
    moment: Moment,
}

impl Moment {
    /// What is known by now and in effect by then.
    fn sees(self, on: Day, known: Instant, until: Option<Instant>) -> bool {
        let known = match self.known_at {
            None => until.is_none(),
            Some(at) => known <= at && until.is_none_or(|until| until > at),
        };
        known && on <= self.as_of
    }
}

/// Whether a situation is work.
pub fn works(situation: Situation) -> bool {
    match situation {
        Situation::PermanentContract
        | Situation::FixedTermContract
        | Situation::Temporary
        | Situation::SelfEmployed => true,
        Situation::Training | Situation::JobSeeker | Situation::Other | Situation::Unknown => false,
    }
}

/// Days in the same state after which a path is stalled.
pub const STALLED_AFTER: i64 = 30;

/// Who may keep a path from going on.
pub const BLOCKERS: [Side; 2] = [Side::Region, Side::Body];

/// Who is most likely waited for in a state, as one of its clocks says: of an adjournment the body, though it is the Region's again
/// when the body refuses it. Nobody once the path has ended, and during the training, which lasts as long as it was planned.
pub fn blocker(state: State) -> Option<Side> {
    match state {
        State::NeedReported
        | State::FeasibilityDelivered
        | State::Feasible
        | State::PreparationDelivered
        | State::PifSigned
        | State::ReportDelivered => Some(Side::Region),
        State::FeasibilityOrdered
        | State::FeasibilityInProgress
        | State::FeasibilityAdjourned
        | State::PreparationOrdered
        | State::PreparationInProgress
        | State::PreparationAdjourned
        | State::Ready
        | State::CandidateSelection
        | State::CandidateSelected
        | State::ImplementationOrdered
        | State::Suspended
        | State::TrainingEnded
        | State::ReportAdjourned => Some(Side::Body),
        State::InTraining | State::Closed | State::NotFeasible | State::Declined | State::Cancelled => None,
    }
}

impl<'a> Standing<'a> {
    /// A path at a moment; `None` when it was not open yet, or not known.
    pub fn of(facts: &'a Facts, moment: Moment) -> Option<Self> {
        let passages = || facts.passages.iter().filter(|it| moment.sees(it.on, it.known, None));
        let (opening, last) = (passages().next()?, passages().next_back()?);
        let first = |state: State| passages().find(|passage| passage.state == state).map(|passage| passage.on);
        let seen = |slot: Slot| {
            let of_slot = move |dated: &&Dated| dated.value.slot() == slot;
            facts.values.iter().rev().filter(of_slot).filter(move |it| moment.sees(it.on, it.known, it.until))
        };
        let (mut lot, mut department, mut company) = (None, None, None);
        for dated in [Slot::Lot, Slot::Department, Slot::Company].into_iter().filter_map(|slot| seen(slot).next()) {
            match &dated.value {
                Value::Lot(value) => lot = Some(value),
                Value::Department(value) => department = Some(value),
                Value::Company(value) => company = Some(value),
                Value::Place(_)
                | Value::Ended(_)
                | Value::Situation(_)
                | Value::Served(..)
                | Value::Obstacle(_)
                | Value::Verified(_) => {}
            }
        }
        let place = seen(Slot::Place).next();
        let entered =
            place.filter(|dated| matches!(dated.value, Value::Place(Place::Consumed(_)))).map(|dated| dated.on);
        let ended = seen(Slot::Ended).next().and_then(|dated| match dated.value {
            Value::Ended(outcome) => Some((outcome, dated.on)),
            _ => None,
        });
        let situation = seen(Slot::Situation).next().and_then(|dated| match dated.value {
            Value::Situation(situation) => Some((situation, dated.on)),
            _ => None,
        });
        let completed = ended.filter(|(outcome, _)| *outcome == Outcome::Completed).map(|(_, on)| on);
        let in_job = match (ended, situation) {
            (_, Some((situation, on))) => works(situation).then_some(on),
            (Some((Outcome::EarlyExitForJob, on)), None) => Some(on),
            (_, None) => None,
        };
        Some(Self {
            opened: opening.on,
            lot: lot?,
            department: department?,
            company: company?,
            state: last.state,
            since: last.on,
            stages: [
                first(State::NeedReported),
                first(State::Feasible),
                first(State::Ready),
                entered,
                completed,
                in_job,
            ],
            study: first(State::FeasibilityOrdered),
            place: place.and_then(|dated| match dated.value {
                Value::Place(place) => Some(place),
                _ => None,
            }),
            ended,
            situation: situation.map(|(situation, _)| situation),
            obstacle: seen(Slot::Obstacle).next().and_then(|dated| match dated.value {
                Value::Obstacle(obstacle) => Some(obstacle),
                _ => None,
            }),
            facts,
            moment,
        })
    }

    /// The day of a stage, if the path came to it itself.
    pub fn reached(&self, stage: Stage) -> Option<Day> {
        self.stages[stage as usize]
    }

    /// Whether the path came to a stage, or began further on. A job found ends the funnel of who completed or left for it.
    pub fn passed(&self, stage: Stage) -> bool {
        match stage {
            Stage::Need | Stage::Feasible | Stage::Ready => {
                self.stages[stage as usize..=Stage::Entry as usize].iter().any(Option::is_some)
            }
            Stage::Entry | Stage::Completed | Stage::InJob => self.reached(stage).is_some(),
        }
    }

    /// Service done, excluding tax, by the day on which it was: one amount for each decision.
    pub fn served(&self) -> impl Iterator<Item = (Prestation, Cents, Day)> {
        self.seen().filter_map(|dated| match dated.value {
            Value::Served(prestation, cents) => Some((prestation, cents, dated.on)),
            _ => None,
        })
    }

    /// Decisions on what was delivered, by the day on which each was.
    pub fn verified(&self) -> impl Iterator<Item = (Verified, Day)> {
        self.seen().filter_map(|dated| match dated.value {
            Value::Verified(verified) => Some((verified, dated.on)),
            _ => None,
        })
    }

    fn seen(&self) -> impl Iterator<Item = &Dated> {
        self.facts.values.iter().filter(|it| self.moment.sees(it.on, it.known, it.until))
    }
}
