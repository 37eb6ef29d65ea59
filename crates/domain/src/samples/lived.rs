//! What a journal says of a path, made again without what figures are counted on: figures are held against it.

use chrono::{Datelike, Duration};

use crate::calendar::{Day, Instant};
use crate::figures::{Figure, Period, Stage, works};
use crate::market::Prestation;
use crate::path::command::{Obstacle, Outcome};
use crate::path::{Event, Path, Recorded, State, apply};
use crate::people::Side;

/// What a journal says of a path at a moment.
#[derive(Debug)]
pub struct Lived {
    /// As everything that was known left it, whatever its days.
    pub path: Path,
    /// States entered, with their days.
    states: Vec<(State, Day)>,
    situation: Option<(bool, Day)>,
    obstacle: Option<Obstacle>,
    /// What was decided of what was delivered: of which, when, and whether by silence.
    decisions: Vec<(Prestation, Day, bool)>,
}

/// The life of a path at a moment; none when it was not open yet, or not known.
///
/// # Panics
/// The journal does not fold.
pub fn lived(journal: &[Recorded], as_of: Day, known_at: Option<Instant>) -> Option<Lived> {
    let known = journal.iter().filter(|recorded| known_at.is_none_or(|instant| recorded.recorded_at <= instant));
    let (mut path, mut states, mut situation): (Option<Path>, Vec<_>, _) = Default::default();
    let (mut obstacle, mut decisions) = (None, Vec::new());
    for recorded in known {
        let before = path.as_ref().map(|path: &Path| path.state);
        let after = apply(path, recorded).expect("the journal folds");
        if before != Some(after.state) && recorded.effective_on <= as_of {
            states.push((after.state, recorded.effective_on));
        }
        if let Event::FollowUpRecorded { on, situation: found, .. } = recorded.event
            && on <= as_of
        {
            situation = Some((works(found), on));
        }
        let delivered = [State::FeasibilityDelivered, State::PreparationDelivered, State::ReportDelivered];
        match recorded.event {
            _ if recorded.effective_on > as_of => {}
            Event::FeasibilityDelivered { obstacle: told, .. } => obstacle = told.or(obstacle),
            Event::Admitted { prestation, tacit, .. } if before.is_some_and(|before| delivered.contains(&before)) => {
                decisions.push((prestation, recorded.effective_on, tacit));
            }
            Event::Adjourned { prestation, .. } => decisions.push((prestation, recorded.effective_on, false)),
            Event::Rejected { prestation, .. } if before.is_some_and(|before| delivered.contains(&before)) => {
                decisions.push((prestation, recorded.effective_on, false));
            }
            _ => {}
        }
        path = Some(after);
    }
    (!states.is_empty()).then_some(())?;
    Some(Lived { path: path?, states, situation, obstacle, decisions })
}

impl Lived {
    fn entered(&self, as_of: Day) -> Option<Day> {
        self.path.training.as_ref().map(|training| training.entered_on).filter(|on| *on <= as_of)
    }

    fn ended(&self, as_of: Day) -> Option<(Outcome, Day)> {
        let ended = self.path.training.as_ref()?.ended.as_ref()?;
        (ended.on <= as_of).then_some((ended.outcome, ended.on))
    }

    fn in_job(&self, as_of: Day) -> Option<Day> {
        match self.situation {
            Some((works, on)) => works.then_some(on),
            None => self.ended(as_of).filter(|(outcome, _)| *outcome == Outcome::EarlyExitForJob).map(|(_, on)| on),
        }
    }

    /// The day of the stage before and that of a stage.
    fn came(&self, stage: Stage, as_of: Day) -> Option<(Option<Day>, Day)> {
        let first = |state: State| self.states.iter().find(|(been, _)| *been == state).map(|(_, on)| *on);
        let (from, on) = match stage {
            Stage::Need => (None, first(State::NeedReported)),
            Stage::Feasible => (first(State::NeedReported), first(State::Feasible)),
            Stage::Ready => (first(State::Feasible), first(State::Ready)),
            Stage::Entry => (first(State::Ready), self.entered(as_of)),
            Stage::Completed => {
                let completed = self.ended(as_of).filter(|(outcome, _)| *outcome == Outcome::Completed);
                (self.entered(as_of), completed.map(|(_, on)| on))
            }
            Stage::InJob => (self.entered(as_of), self.in_job(as_of)),
        };
        Some((from, on?))
    }

    /// Whether a figure counts the path; none when the journal's end does not say it of a day before `today`.
    pub fn counts(&self, figure: Figure, period: Period, today: bool) -> Option<bool> {
        let as_of = period.until;
        let been = |state: State| self.states.iter().any(|(been, _)| *been == state);
        let (last, since) = *self.states.last()?;
        let opened = period.holds(self.states[0].1);
        let entered = self.entered(as_of);
        let ready = been(State::Ready) || entered.is_some();
        let feasible = been(State::Feasible) || ready;
        let ended = self.ended(as_of).filter(|(_, on)| period.holds(*on));
        Some(match figure {
            Figure::Funnel(Stage::Need) => opened,
            Figure::Funnel(Stage::Feasible) => opened && feasible,
            Figure::Funnel(Stage::Ready) => opened && ready,
            Figure::Funnel(Stage::Entry) => opened && entered.is_some(),
            Figure::Funnel(Stage::Completed) => {
                opened && self.ended(as_of).is_some_and(|(outcome, _)| outcome == Outcome::Completed)
            }
            Figure::Funnel(Stage::InJob) => opened && self.in_job(as_of).is_some(),
            Figure::Came(stage) => self.came(stage, as_of).is_some_and(|(from, on)| from.is_some() && period.holds(on)),
            Figure::Decided => opened && (feasible || last == State::NotFeasible),
            Figure::In(state) => last == state,
            Figure::Open => !last.is_final(),
            Figure::Stalled(by) => waits_for(last) == Some(by) && as_of - since > Duration::days(30),
            Figure::Entries => entered.is_some_and(|on| period.holds(on)),
            Figure::Exit(outcome) => ended.is_some_and(|(ended, _)| ended == outcome),
            Figure::Exits => ended.is_some(),
            Figure::PositiveExits => {
                let left = [Outcome::EarlyExitForJob, Outcome::EarlyExitForTraining];
                ended.is_some_and(|(outcome, _)| left.contains(&outcome))
                    || self.in_job(as_of).is_some_and(|on| period.holds(on))
            }
            Figure::Stopped(state) => last == state && period.holds(since),
            Figure::NoGo(told) => last == State::NotFeasible && period.holds(since) && self.obstacle == told,
            Figure::Verified(of) => self.decisions.iter().any(|(it, on, _)| *it == of && period.holds(*on)),
            Figure::Tacit(of) => self.decisions.iter().any(|(it, on, tacit)| *it == of && *tacit && period.holds(*on)),
            Figure::PlacesConsumed => entered.is_some_and(|on| on.year() == as_of.year()),
            Figure::PlacesReserved if !today => return None,
            Figure::PlacesReserved => {
                let candidate = self.path.candidate.as_ref().filter(|_| self.path.state != State::Cancelled);
                let offered = self.path.waiting.as_ref().filter(|waiting| waiting.offered_until.is_some());
                let year = candidate.map(|candidate| candidate.reserved_year);
                let year = year.or(offered.map(|waiting| waiting.planned_entry.year()));
                self.path.training.is_none() && year == Some(as_of.year())
            }
        })
    }
}

/// Who acts next, by the table of the lifecycle: whoever is the first that it lets go on.
fn waits_for(state: State) -> Option<Side> {
    let delivered = [State::FeasibilityDelivered, State::PreparationDelivered, State::ReportDelivered];
    let to_order = [State::NeedReported, State::Feasible, State::PifSigned];
    match state {
        State::InTraining => None,
        ended if ended.is_final() => None,
        waits if delivered.contains(&waits) || to_order.contains(&waits) => Some(Side::Region),
        _ => Some(Side::Body),
    }
}
