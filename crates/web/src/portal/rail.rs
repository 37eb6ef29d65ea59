//! Where a path stands: three phases, the steps inside, and who holds the ball, said to people outside.
//!
//! People outside read neutral words: that a delivery is adjourned or to be done again is between the body and the Region.

use app::Access;
use domain::Day;
use domain::clocks;
use domain::market::{ClockKind, Prestation};
use domain::path::State;
use domain::path::record::Path;
use wording::{dates, labels, pages};

/// A phase as the page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Phase {
    /// `done`, `now` or `todo`.
    pub class: &'static str,
    pub name: &'static str,
    pub detail: String,
    /// `d` (done), `n` (now) or nothing, for each step.
    pub steps: Vec<&'static str>,
}

/// The state that people outside are told.
pub(super) fn told(state: State) -> State {
    match state {
        State::FeasibilityAdjourned => State::FeasibilityDelivered,
        State::PreparationAdjourned => State::PreparationDelivered,
        State::ReportAdjourned => State::ReportDelivered,
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
        | State::Suspended
        | State::TrainingEnded
        | State::ReportDelivered
        | State::Closed
        | State::NotFeasible
        | State::Declined
        | State::Cancelled => state,
    }
}

/// The rank of a state within its phase, and how many steps the phase has.
fn rank(state: State) -> (usize, usize) {
    match state {
        State::NeedReported => (0, 4),
        State::FeasibilityOrdered => (1, 4),
        State::FeasibilityInProgress => (2, 4),
        State::FeasibilityDelivered | State::FeasibilityAdjourned => (3, 4),
        State::Feasible => (4, 4),
        State::PreparationOrdered => (0, 3),
        State::PreparationInProgress => (1, 3),
        State::PreparationDelivered | State::PreparationAdjourned => (2, 3),
        State::Ready => (3, 3),
        State::CandidateSelection => (0, 7),
        State::CandidateSelected => (1, 7),
        State::PifSigned => (2, 7),
        State::ImplementationOrdered => (3, 7),
        State::InTraining | State::Suspended => (4, 7),
        State::TrainingEnded => (5, 7),
        State::ReportDelivered | State::ReportAdjourned => (6, 7),
        State::Closed | State::NotFeasible | State::Declined | State::Cancelled => (0, 0),
    }
}

/// How many steps a phase has.
const fn length(prestation: Prestation) -> usize {
    match prestation {
        Prestation::Feasibility => 4,
        Prestation::Preparation => 3,
        Prestation::Implementation => 7,
    }
}

/// The three phases.
pub(crate) fn phases(path: &Path) -> Vec<Phase> {
    let order = [Prestation::Feasibility, Prestation::Preparation, Prestation::Implementation];
    let current = path.state.phase();
    let current_rank = current.and_then(|current| order.iter().position(|prestation| *prestation == current));
    order
        .into_iter()
        .enumerate()
        .map(|(index, prestation)| {
            let name = labels::prestation(prestation);
            let admitted = path.file(prestation).admitted.as_ref();
            let taken_over = path.source.as_ref().filter(|_| prestation != Prestation::Implementation);
            let over = current_rank.is_some_and(|current| index < current);
            if admitted.is_some() || over || taken_over.is_some() {
                let detail = match (admitted, taken_over) {
                    (Some(admitted), _) => pages::rail::ended_on(dates::medium(admitted.on)),
                    (None, Some((_, reference))) => pages::rail::resumed_from(reference),
                    (None, None) => pages::rail::ENDED.to_owned(),
                };
                return Phase { class: "done", name, detail, steps: vec!["d"; length(prestation)] };
            }
            if current == Some(prestation) {
                let (rank, length) = rank(path.state);
                let detail = pages::rail::stage((rank + 1).min(length), length);
                let steps = (0..length).map(|step| mark(step, rank)).collect();
                return Phase { class: "now", name, detail, steps };
            }
            let detail = if current.is_some() { pages::rail::TO_COME } else { pages::rail::NOT_CONCERNED };
            Phase { class: "todo", name, detail: detail.to_owned(), steps: Vec::new() }
        })
        .collect()
}

fn mark(step: usize, rank: usize) -> &'static str {
    match step.cmp(&rank) {
        std::cmp::Ordering::Less => "d",
        std::cmp::Ordering::Equal => "n",
        std::cmp::Ordering::Greater => "",
    }
}

/// Whether people outside are told of a clock, in its own words.
const fn is_told(kind: ClockKind) -> bool {
    match kind {
        ClockKind::NeedDecision
        | ClockKind::StudyDue
        | ClockKind::PreparationOrder
        | ClockKind::PreparationDue
        | ClockKind::Verification
        | ClockKind::CompanyAnswer
        | ClockKind::SelectionOpening
        | ClockKind::Selection
        | ClockKind::Signatures
        | ClockKind::ImplementationOrder
        | ClockKind::Entry
        | ClockKind::TrainingEnd
        | ClockKind::Suspension
        | ClockKind::ReportDue
        | ClockKind::FollowUp => true,
        ClockKind::Acceptance
        | ClockKind::Redelivery
        | ClockKind::RegionChoice
        | ClockKind::Observations
        | ClockKind::PlaceOffer
        | ClockKind::Reservation
        | ClockKind::EntryDeclaration
        | ClockKind::Attendance
        | ClockKind::MissingLog
        | ClockKind::Accident
        | ClockKind::FormalNotice => false,
    }
}

/// What comes next, as a sentence: `L’organisme de formation doit remettre l’étude de faisabilité, au plus tard le 1er avril 2026.`
pub(super) fn next(access: &Access, today: Day) -> Option<String> {
    if access.path.state.adjourned().is_some() {
        return None;
    }
    let clocks = clocks::clocks(&access.path, &access.terms.market, today);
    let clock = clocks.into_iter().find(|clock| is_told(clock.kind))?;
    let (holder, what) = (labels::the_side(clock.holder), labels::clock(clock.kind));
    Some(pages::rail::next(holder, what, dates::deadline(clock.due_on, today)))
}

/// Who holds the ball and until when.
pub(super) fn ball(access: &Access, today: Day) -> Option<String> {
    if access.path.state.adjourned().is_some() {
        return Some(pages::rail::MORE_BEING_ASKED.to_owned());
    }
    let clocks = clocks::clocks(&access.path, &access.terms.market, today);
    clocks.into_iter().find(|clock| is_told(clock.kind)).map(|clock| labels::waiting(&clock, today))
}
