//! What a reader may do on a path: the one main next step, and the others grouped by purpose.
//!
//! The domain says what may be tried ([`app::PathView::available`]); what makes no sense now (a second tutor, a request that
//! nobody made) is left out, and is refused all the same when it is sent.

use domain::market::{ClockKind, Prestation};
use domain::path::{Act, Path, State, Step, Transition};
use domain::people::Side;
use wording::{addresses, labels, pages};

use super::Scene;
use crate::forms::field_id;

/// A step as a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StepLink {
    pub label: &'static str,
    pub help: &'static str,
    pub address: String,
}

/// Steps of one purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    pub name: &'static str,
    pub steps: Vec<StepLink>,
}

const fn t(transition: Transition) -> Step {
    Step::Transition(transition)
}

const fn a(act: Act) -> Step {
    Step::Act(act)
}

/// The purposes, and the steps of each, in the order in which the page shows them. Every step stands in one.
const PURPOSES: &[(&str, &[Step])] = &[
    (
        pages::path_steps::ADVANCE,
        &[
            t(Transition::OrderFeasibility),
            t(Transition::StartFeasibility),
            t(Transition::DeliverFeasibility),
            t(Transition::OrderPreparation),
            t(Transition::StartPreparation),
            t(Transition::DeliverPreparation),
            t(Transition::OpenSelection),
            t(Transition::SelectCandidate),
            t(Transition::SignPif),
            t(Transition::OrderImplementation),
            t(Transition::EnterTraining),
            t(Transition::Suspend),
            t(Transition::Resume),
            t(Transition::EndTraining),
            t(Transition::DeliverReport),
        ],
    ),
    (
        pages::path_steps::VERIFY_AND_DECIDE,
        &[
            t(Transition::AdmitFeasibility),
            t(Transition::AdjournFeasibility),
            t(Transition::RejectFeasibility),
            t(Transition::AdmitPreparation),
            t(Transition::AdjournPreparation),
            t(Transition::RejectPreparation),
            t(Transition::AdmitReport),
            t(Transition::AdjournReport),
            t(Transition::RejectReport),
            a(Act::AskObservations),
            a(Act::GiveObservations),
            a(Act::AcceptAdjournment),
            a(Act::RefuseAdjournment),
            a(Act::DecideRequest),
            a(Act::ApproveLevel),
            a(Act::SendFormalNotice),
        ],
    ),
    (
        pages::path_steps::COLLECT_ANSWER,
        &[a(Act::AskConfirmation), a(Act::AskAgain), a(Act::RecordAnswerOnBehalf), a(Act::SettleCondition)],
    ),
    (
        pages::path_steps::PROGRAMME_AND_TRAINING,
        &[
            a(Act::WritePif),
            a(Act::AmendPif),
            a(Act::RecordUnsuccessfulCandidate),
            a(Act::RecordRegistration),
            a(Act::RecordSequence),
            a(Act::RecordAbsence),
            a(Act::SignAttendanceMonth),
            a(Act::ReportObstacle),
            a(Act::ReportAccident),
            a(Act::RecordFollowUp),
            a(Act::OrderTutorTraining),
        ],
    ),
    (
        pages::path_steps::PERSONS,
        &[
            a(Act::DesignateTutor),
            a(Act::ReplaceTutor),
            a(Act::ChangeContact),
            a(Act::AddCompanyContact),
            a(Act::RemoveCompanyContact),
            a(Act::AssignCoordinator),
        ],
    ),
    (pages::path_steps::FILE, &[a(Act::AddDocument), a(Act::AddNote), a(Act::AnswerCorrection), a(Act::CorrectDatum)]),
    (
        pages::path_steps::DELAYS_AND_STOP,
        &[
            a(Act::ExtendPrestation),
            a(Act::ExtendReservation),
            a(Act::RequestCancellation),
            t(Transition::WithdrawCandidate),
            t(Transition::AnnulEntry),
            t(Transition::DeclineNeed),
            t(Transition::CloseWithoutReport),
            t(Transition::Cancel),
        ],
    ),
];

/// The order in which a reader's main step is looked for; the first that fits and is due is it.
const MAIN: &[Step] = &[
    a(Act::DecideRequest),
    a(Act::ApproveLevel),
    a(Act::GiveObservations),
    a(Act::AcceptAdjournment),
    a(Act::RecordRegistration),
    a(Act::WritePif),
    t(Transition::SignPif),
    a(Act::AskConfirmation),
    a(Act::SettleCondition),
    a(Act::DesignateTutor),
    t(Transition::OrderFeasibility),
    t(Transition::StartFeasibility),
    t(Transition::DeliverFeasibility),
    t(Transition::AdmitFeasibility),
    t(Transition::OrderPreparation),
    t(Transition::StartPreparation),
    t(Transition::DeliverPreparation),
    t(Transition::AdmitPreparation),
    t(Transition::OpenSelection),
    t(Transition::SelectCandidate),
    t(Transition::OrderImplementation),
    t(Transition::EnterTraining),
    t(Transition::Resume),
    a(Act::SignAttendanceMonth),
    t(Transition::EndTraining),
    a(Act::RecordSequence),
    t(Transition::DeliverReport),
    t(Transition::AdmitReport),
    a(Act::RecordFollowUp),
];

/// The address of a step.
pub(super) fn address(path: &Path, step: Step) -> String {
    addresses::step(&path.reference, step)
}

fn link(path: &Path, step: Step) -> StepLink {
    StepLink { label: labels::step(step), help: labels::step_help(step), address: address(path, step) }
}

/// The same step with a reduction, for an admission that can be whole.
fn reduced(path: &Path, step: Step) -> Option<StepLink> {
    let admits = matches!(
        step,
        Step::Transition(Transition::AdmitFeasibility | Transition::AdmitPreparation | Transition::AdmitReport)
    );
    (admits && path.state.delivered().is_some()).then(|| StepLink {
        label: pages::path_steps::ADMIT_REDUCED,
        help: pages::path_steps::ADMIT_REDUCED_MEANS,
        address: format!("{}#{}", address(path, step), field_id(step, "reduction")),
    })
}

/// Whether a step makes sense on the path as it stands.
pub(super) fn fits(path: &Path, step: Step) -> bool {
    let adjournment = path.state.adjourned().and_then(|prestation| path.file(prestation).adjournment.as_ref());
    let verified = path.state.delivered().or(path.state.adjourned());
    let observations = verified.and_then(|prestation| path.file(prestation).observations.as_ref());
    let pif = path.pif.as_ref();
    match step {
        Step::Act(Act::DesignateTutor) => path.tutor.is_none(),
        Step::Act(Act::ReplaceTutor) => path.tutor.is_some(),
        Step::Act(Act::OrderTutorTraining) => path.tutor.as_ref().is_some_and(|tutor| !tutor.training_ordered),
        Step::Act(Act::WritePif) => pif.is_none(),
        Step::Act(Act::AmendPif) => pif.is_some(),
        Step::Transition(Transition::SignPif) => pif.is_some_and(|pif| !pif.signed(domain::path::event::Party::Body)),
        Step::Act(Act::ApproveLevel) => pif.is_some_and(|pif| pif.level_to_approve.is_some()),
        Step::Act(Act::AcceptAdjournment | Act::RefuseAdjournment) => {
            adjournment.is_some_and(|adjournment| adjournment.answer.is_none())
        }
        Step::Act(Act::AskObservations) => observations.is_none(),
        Step::Act(Act::GiveObservations) => observations.is_some_and(|asked| asked.given_on.is_none()),
        Step::Act(Act::DecideRequest) => !path.body_requests.is_empty(),
        Step::Act(Act::SettleCondition) => path.conditions.iter().any(|condition| condition.settled.is_none()),
        Step::Act(Act::RecordFollowUp) => !path.follow_up_recorded,
        Step::Act(Act::RecordRegistration) => registration_missing(path),
        Step::Act(Act::RecordAnswerOnBehalf) => !super::fields::asked_of_all(path).is_empty(),
        Step::Act(Act::RemoveCompanyContact) => !path.colleagues.is_empty(),
        Step::Act(Act::SendFormalNotice) => path.formal_notice_until.is_none(),
        Step::Act(Act::ExtendPrestation) => path
            .state
            .phase()
            .is_some_and(|phase| path.file(phase).ordered.is_some() && path.state.delivered().is_none()),
        Step::Act(Act::RequestCancellation) => path.anything_ordered(),
        Step::Transition(_) | Step::Act(_) => true,
    }
}

fn registration_missing(path: &Path) -> bool {
    path.training.as_ref().is_some_and(|training| training.safir.is_none() || training.remu.is_none())
}

/// Whether a step that fits is also what the reader should do first.
fn due(scene: &Scene, side: Side, step: Step) -> bool {
    let path = &scene.view.path;
    let waits_for_body = scene.view.clocks.iter().any(|clock| clock.holder == Side::Body);
    let first = scene.view.clocks.first().filter(|clock| scene.around.today <= clock.due_on).map(|clock| clock.kind);
    match step {
        Step::Act(Act::AskConfirmation) => match path.state {
            State::FeasibilityInProgress => path.commitment.asked.is_none() && path.commitment.answer.is_none(),
            State::TrainingEnded => {
                path.report_confirmation.asked.is_none() && path.report_confirmation.answer.is_none()
            }
            state => state.phase().is_none(),
        },
        Step::Act(Act::SettleCondition) => side == Side::Body,
        Step::Act(Act::DesignateTutor) => {
            matches!(path.state, State::Feasible | State::PreparationOrdered | State::PreparationInProgress)
                && path.preparation.started_on.is_some()
                || path.state == State::PreparationInProgress
        }
        Step::Transition(Transition::AdmitFeasibility | Transition::AdmitPreparation | Transition::AdmitReport) => {
            first != Some(ClockKind::Observations) && (path.state.adjourned().is_none() || !waits_for_body)
        }
        Step::Transition(
            Transition::DeliverFeasibility | Transition::DeliverPreparation | Transition::DeliverReport,
        ) => {
            first != Some(ClockKind::CompanyAnswer)
                && path.state.adjourned().is_none_or(|prestation| accepted(path, prestation))
        }
        Step::Act(Act::SignAttendanceMonth) => {
            side == Side::Body && scene.view.clocks.first().is_some_and(|clock| clock.kind == ClockKind::Attendance)
        }
        Step::Transition(Transition::EndTraining) => {
            side == Side::Body
                && path.pif.as_ref().is_some_and(|pif| pif.terms.ends_on <= scene.around.today)
                && path.state == State::InTraining
        }
        Step::Transition(Transition::Resume) => side == Side::Body,
        Step::Act(Act::RecordFollowUp) => side == Side::Body && path.state == State::Closed,
        Step::Transition(_) | Step::Act(_) => true,
    }
}

fn accepted(path: &Path, prestation: Prestation) -> bool {
    let answer = path.file(prestation).adjournment.as_ref().and_then(|adjournment| adjournment.answer);
    answer.is_some_and(|answer| answer.accepted)
}

/// What this reader should do first on the path.
pub(super) fn main_step(scene: &Scene) -> Option<Step> {
    let side = scene.signed.actor.side()?;
    let open = |step: &&Step| scene.view.available.contains(step) && fits(&scene.view.path, **step);
    MAIN.iter().filter(open).find(|step| due(scene, side, **step)).copied()
}

/// The other steps, by purpose.
pub(super) fn others(scene: &Scene, main: Option<Step>) -> Vec<Group> {
    let path = &scene.view.path;
    let available = |step: &&Step| scene.view.available.contains(step) && fits(path, **step);
    let links = |step: &Step| {
        let whole = (Some(*step) != main).then(|| link(path, *step));
        whole.into_iter().chain(reduced(path, *step))
    };
    PURPOSES
        .iter()
        .map(|(name, steps)| Group { name, steps: steps.iter().filter(available).flat_map(links).collect() })
        .filter(|group| !group.steps.is_empty())
        .collect()
}

/// What stands beside the main step as its other outcome: adjourn beside admit, refuse beside accept.
pub(super) fn alternatives(scene: &Scene, main: Step) -> Vec<StepLink> {
    const BESIDE: &[(Step, &[Step])] = &[
        (t(Transition::OrderFeasibility), &[t(Transition::DeclineNeed)]),
        (t(Transition::AdmitFeasibility), &[t(Transition::AdjournFeasibility)]),
        (t(Transition::AdmitPreparation), &[t(Transition::AdjournPreparation)]),
        (t(Transition::AdmitReport), &[t(Transition::AdjournReport)]),
        (a(Act::AcceptAdjournment), &[a(Act::RefuseAdjournment)]),
        (a(Act::RecordSequence), &[t(Transition::EndTraining)]),
        (t(Transition::DeliverFeasibility), &[a(Act::RecordAnswerOnBehalf)]),
        (t(Transition::DeliverReport), &[a(Act::RecordAnswerOnBehalf)]),
    ];
    let path = &scene.view.path;
    let beside = BESIDE.iter().filter(|(of, _)| *of == main).flat_map(|(_, steps)| steps.iter());
    let open = beside.filter(|step| scene.view.available.contains(step) && fits(path, **step));
    open.map(|step| link(path, *step)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What staff can do stands in exactly one purpose.
    #[test]
    fn every_step_of_staff_has_its_purpose() {
        for step in Step::all() {
            let row = domain::path::table::row(step);
            let staff = row.by.iter().any(|side| matches!(side, Side::Body | Side::Region)) && !row.from.is_empty();
            let found = PURPOSES.iter().flat_map(|(_, steps)| steps.iter()).filter(|known| **known == step).count();
            assert_eq!(found, usize::from(staff), "{step}");
        }
    }
}
