//! What the Region counts: each figure with one definition, at any day of effect, as known at any instant.
//!
//! [`Facts`] is what a path leaves to count; [`Standing`] is a path at a [`Moment`]; a [`Figure`] says which paths it counts,
//! so that a figure is always the length of the list behind it. Everything is pure: the store keeps the facts beside the
//! path, and `verify` makes them again from the journal.
//!
//! To add a figure: its variant in [`Figure`], its arm in [`Figure::counts`], its words in `wording::figures`; the checks of
//! the random histories and the compiler ask for the rest.

mod facts;
mod forecast;
mod money;
mod standing;

pub use facts::{Dated, Facts, Passage, Place, Slot, Value, Verified, fold_counted, step};
pub use forecast::{Course, ENOUGH, Forecast, Method, Outlook, PACE_DAYS, STARTS, together};
pub use money::{MoneyLine, Movement, PaymentAsked, movements};
pub use standing::{BLOCKERS, Moment, STAGES, STALLED_AFTER, Stage, Standing, blocker, works};

use std::fmt;
use std::str::FromStr;

use chrono::Datelike;
use strum::IntoEnumIterator;

use crate::calendar::Day;
use crate::market::Prestation;
use crate::path::State;
use crate::path::command::{Obstacle, Outcome};
use crate::people::Side;

/// A count of paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// Of the paths opened in the period, those that came to a stage.
    Funnel(Stage),
    /// Paths that came to a stage within the period, of which the delay since the stage before is counted.
    Came(Stage),
    /// Of the paths opened in the period, those whose study was decided, feasible or not.
    Decided,
    /// Paths that stand in a state.
    In(State),
    /// Paths that have not ended.
    Open,
    /// Paths that nothing made go on for more than [`STALLED_AFTER`] days, by who is most likely waited for.
    Stalled(Side),
    /// Entries into training within the period.
    Entries,
    /// Trainings that ended so within the period.
    Exit(Outcome),
    /// A job or a training found, within the period.
    PositiveExits,
    /// Trainings that ended within the period.
    Exits,
    /// Paths that ended so within the period, before any training.
    Stopped(State),
    /// Studies that ended so within the period, by what stood most against them; none when it was not asked yet.
    NoGo(Option<Obstacle>),
    /// Paths of which a prestation that was delivered was decided within the period.
    Verified(Prestation),
    /// Of these, those that the Region's silence admitted.
    Tacit(Prestation),
    /// Places of the year of the day that are reserved.
    PlacesReserved,
    /// Places of the year of the day that are consumed.
    PlacesConsumed,
}

/// Days of effect, both counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    pub from: Day,
    pub until: Day,
}

impl Period {
    /// The year of a day up to that day.
    pub fn year_to(day: Day) -> Self {
        Self { from: day - chrono::Duration::days(i64::from(day.ordinal0())), until: day }
    }

    /// Whether a day is within.
    pub fn holds(self, day: Day) -> bool {
        self.from <= day && day <= self.until
    }
}

/// The states in which a path ends before any training.
pub const STOPPED: [State; 3] = [State::Declined, State::NotFeasible, State::Cancelled];

impl Figure {
    /// All of them, in the order in which pages show them.
    pub fn all() -> impl Iterator<Item = Self> {
        let alone = [
            Self::Decided,
            Self::Open,
            Self::Entries,
            Self::Exits,
            Self::PositiveExits,
            Self::PlacesReserved,
            Self::PlacesConsumed,
        ];
        Stage::iter()
            .map(Self::Funnel)
            .chain(Stage::iter().filter(|stage| before(*stage).is_some()).map(Self::Came))
            .chain(State::iter().map(Self::In))
            .chain(BLOCKERS.map(Self::Stalled))
            .chain(Outcome::iter().map(Self::Exit))
            .chain(STOPPED.map(Self::Stopped))
            .chain(Obstacle::iter().map(Some).chain([None]).map(Self::NoGo))
            .chain(Prestation::iter().map(Self::Verified))
            .chain(Prestation::iter().map(Self::Tacit))
            .chain(alone)
    }

    /// Whether it counts a path, which stands as at the last day of the period.
    pub fn counts(self, path: &Standing<'_>, period: Period) -> bool {
        let ended_as =
            |of: &dyn Fn(Outcome) -> bool| path.ended.is_some_and(|(outcome, on)| of(outcome) && period.holds(on));
        match self {
            Self::Funnel(stage) => period.holds(path.opened) && path.passed(stage),
            Self::Came(stage) => delay(path, stage, period).is_some(),
            Self::Decided => {
                period.holds(path.opened) && (path.passed(Stage::Feasible) || path.state == State::NotFeasible)
            }
            Self::In(state) => path.state == state,
            Self::Open => !path.state.is_final(),
            Self::Stalled(by) => {
                blocker(path.state) == Some(by) && (period.until - path.since).num_days() > STALLED_AFTER
            }
            Self::Entries => path.reached(Stage::Entry).is_some_and(|on| period.holds(on)),
            Self::Exit(outcome) => ended_as(&|ended| ended == outcome),
            Self::Exits => ended_as(&|_| true),
            Self::PositiveExits => {
                ended_as(&|ended| matches!(ended, Outcome::EarlyExitForJob | Outcome::EarlyExitForTraining))
                    || path.reached(Stage::InJob).is_some_and(|on| period.holds(on))
            }
            Self::Stopped(state) => path.state == state && period.holds(path.since),
            Self::NoGo(obstacle) => Self::Stopped(State::NotFeasible).counts(path, period) && path.obstacle == obstacle,
            Self::Verified(of) => path.verified().any(|(it, on)| it.prestation == of && period.holds(on)),
            Self::Tacit(of) => path.verified().any(|(it, on)| it.prestation == of && it.tacit && period.holds(on)),
            Self::PlacesReserved => path.place == Some(Place::Reserved(period.until.year())),
            Self::PlacesConsumed => path.place == Some(Place::Consumed(period.until.year())),
        }
    }

    /// The day for which a path counts.
    pub fn day(self, path: &Standing<'_>) -> Day {
        let stage = |stage: Stage| path.reached(stage).unwrap_or(path.opened);
        match self {
            Self::Funnel(reached) | Self::Came(reached) => stage(reached),
            Self::Entries | Self::PlacesConsumed => stage(Stage::Entry),
            Self::Exit(_) | Self::Exits => path.ended.map_or(path.since, |(_, on)| on),
            Self::PositiveExits => {
                let left = path.ended.filter(|(outcome, _)| *outcome == Outcome::EarlyExitForTraining);
                path.reached(Stage::InJob).or(left.map(|(_, on)| on)).unwrap_or(path.since)
            }
            Self::Verified(of) | Self::Tacit(of) => {
                let decided =
                    path.verified().filter(|(it, _)| it.prestation == of && (it.tacit || self == Self::Verified(of)));
                decided.map(|(_, on)| on).max().unwrap_or(path.since)
            }
            Self::Decided
            | Self::In(_)
            | Self::Open
            | Self::Stalled(_)
            | Self::Stopped(_)
            | Self::NoGo(_)
            | Self::PlacesReserved => path.since,
        }
    }

    /// The days that it measures on a path: since the stage before, since what was delivered, in the same state; the longest of several.
    pub fn days(self, path: &Standing<'_>, period: Period) -> Option<i64> {
        match self {
            Self::Came(stage) => delay(path, stage, period),
            Self::Verified(of) => verifications(path, period).filter(|(it, _)| *it == of).map(|(_, days)| days).max(),
            Self::Tacit(of) => {
                let decided = path.verified().filter(|(it, on)| it.prestation == of && it.tacit && period.holds(*on));
                decided.map(|(it, on)| (on - it.delivered_on).num_days()).max()
            }
            Self::Stalled(_) => Some((period.until - path.since).num_days()),
            Self::Funnel(_)
            | Self::Decided
            | Self::In(_)
            | Self::Open
            | Self::Entries
            | Self::Exit(_)
            | Self::PositiveExits
            | Self::Exits
            | Self::Stopped(_)
            | Self::NoGo(_)
            | Self::PlacesReserved
            | Self::PlacesConsumed => None,
        }
    }

    /// Whether its list begins with the path of the first day, which waits for longest.
    pub fn oldest_first(self) -> bool {
        matches!(self, Self::Stalled(_))
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Funnel(stage) => write!(f, "funnel_{stage}"),
            Self::Came(stage) => write!(f, "came_{stage}"),
            Self::In(state) => write!(f, "in_{state}"),
            Self::Stalled(by) => write!(f, "stalled_{by}"),
            Self::Exit(outcome) => write!(f, "exit_{outcome}"),
            Self::Stopped(state) => write!(f, "stopped_{state}"),
            Self::NoGo(Some(obstacle)) => write!(f, "no_go_{obstacle}"),
            Self::NoGo(None) => f.write_str("no_go_untold"),
            Self::Verified(prestation) => write!(f, "verified_{prestation}"),
            Self::Tacit(prestation) => write!(f, "tacit_{prestation}"),
            Self::Decided => f.write_str("decided"),
            Self::Open => f.write_str("open"),
            Self::Entries => f.write_str("entries"),
            Self::Exits => f.write_str("exits"),
            Self::PositiveExits => f.write_str("positive_exits"),
            Self::PlacesReserved => f.write_str("places_reserved"),
            Self::PlacesConsumed => f.write_str("places_consumed"),
        }
    }
}

/// No figure has this name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no figure has this name")]
pub struct UnknownFigure;

impl FromStr for Figure {
    type Err = UnknownFigure;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::all().find(|figure| figure.to_string() == text).ok_or(UnknownFigure)
    }
}

/// The value that this share of the values, in hundredths, does not exceed: the nearest rank, so that it is one of them.
pub fn quantile(sorted: &[i64], hundredths: usize) -> Option<i64> {
    let rank = (sorted.len() * hundredths).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

/// Days from the stage before to this one, of a path that came to both itself and to this one within the period.
pub fn delay(path: &Standing<'_>, to: Stage, period: Period) -> Option<i64> {
    let (left, came) = (path.reached(before(to)?)?, path.reached(to)?);
    period.holds(came).then(|| (came - left).num_days())
}

/// Days from what was delivered to each decision on it within the period.
pub fn verifications(path: &Standing<'_>, period: Period) -> impl Iterator<Item = (Prestation, i64)> {
    let decided = path.verified().filter(move |(_, on)| period.holds(*on));
    decided.map(|(it, on)| (it.prestation, (on - it.delivered_on).num_days()))
}

/// The stage of which one is a share, and from which its delay runs.
pub fn before(stage: Stage) -> Option<Stage> {
    match stage {
        Stage::Need => None,
        Stage::Feasible => Some(Stage::Need),
        Stage::Ready => Some(Stage::Feasible),
        Stage::Entry => Some(Stage::Ready),
        // Who leaves for a job does not complete: both are shares of the entries.
        Stage::Completed | Stage::InJob => Some(Stage::Entry),
    }
}
