//! The main line of a path, one step at a time: who does what next, with which changes to the sample form.
//!
//! The training is short enough for its three sequences to fit in a day, so that a whole path may be played in one.

use domain::Day;
use domain::path::event::Party;
use domain::path::{Act, Path, State, Step, Transition};
use domain::people::Side;
use serde_json::{Value, json};

/// The next step of a path.
#[derive(Debug, Clone)]
pub struct Next {
    pub side: Side,
    pub step: Step,
    pub changes: Value,
}

/// The sequences of the day of training: each element that the law asks for.
const LEDGER: [(&str, &str, &str); 3] =
    [("work_situation", "08:30", "11:30"), ("reflexive_phase", "11:30", "13:30"), ("evaluation", "13:30", "15:30")];

/// The next step on the main line; `None` once the path has ended.
pub fn next(path: &Path, today: Day) -> Option<Next> {
    let plain = |side, step: Step| Some(Next { side, step, changes: json!({}) });
    let (body, region) = (Side::Body, Side::Region);
    match path.state {
        State::NeedReported => plain(region, Transition::OrderFeasibility.into()),
        State::FeasibilityOrdered => plain(body, Transition::StartFeasibility.into()),
        State::FeasibilityInProgress if path.tutor.is_none() => plain(body, Act::DesignateTutor.into()),
        State::FeasibilityInProgress if path.commitment.asked.is_none() => plain(body, Act::AskConfirmation.into()),
        State::FeasibilityInProgress if path.commitment.answer.is_none() => {
            plain(Side::Company, Act::ConfirmCommitment.into())
        }
        State::FeasibilityInProgress | State::FeasibilityAdjourned => {
            plain(body, Transition::DeliverFeasibility.into())
        }
        State::FeasibilityDelivered => plain(region, Transition::AdmitFeasibility.into()),
        State::Feasible => plain(region, Transition::OrderPreparation.into()),
        State::PreparationOrdered => plain(body, Transition::StartPreparation.into()),
        State::PreparationInProgress | State::PreparationAdjourned => {
            plain(body, Transition::DeliverPreparation.into())
        }
        State::PreparationDelivered => plain(region, Transition::AdmitPreparation.into()),
        State::Ready => plain(body, Transition::OpenSelection.into()),
        State::CandidateSelection => plain(body, Transition::SelectCandidate.into()),
        State::CandidateSelected => Some(match &path.pif {
            None => {
                let short = json!({ "afest_hours": 5, "application_hours": 1 });
                Next { side: body, step: Act::WritePif.into(), changes: short }
            }
            Some(pif) => {
                let parties = [(Party::Body, body), (Party::Company, Side::Company), (Party::Trainee, Side::Trainee)];
                let (_, side) = parties.into_iter().find(|(party, _)| !pif.signed(*party))?;
                Next { side, step: Transition::SignPif.into(), changes: json!({ "version": pif.version }) }
            }
        }),
        State::PifSigned => plain(region, Transition::OrderImplementation.into()),
        State::ImplementationOrdered => plain(body, Transition::EnterTraining.into()),
        State::InTraining => {
            let told = path.training.as_ref().map_or(0, |training| training.sequences.len());
            Some(match LEDGER.get(told) {
                Some((kind, from, until)) => {
                    let times =
                        json!({ "kind": kind, "from": format!("{today} {from}"), "until": format!("{today} {until}") });
                    Next { side: Side::Tutor, step: Act::RecordSequence.into(), changes: times }
                }
                None => Next {
                    side: body,
                    step: Transition::EndTraining.into(),
                    changes: json!({ "outcome": "completed", "hours_done": 6 }),
                },
            })
        }
        State::Suspended => plain(body, Transition::Resume.into()),
        State::TrainingEnded if path.report_confirmation.asked.is_none() => plain(body, Act::AskConfirmation.into()),
        State::TrainingEnded if path.report_confirmation.answer.is_none() => {
            plain(Side::Company, Act::ConfirmReport.into())
        }
        State::TrainingEnded | State::ReportAdjourned => plain(body, Transition::DeliverReport.into()),
        State::ReportDelivered => plain(region, Transition::AdmitReport.into()),
        State::Closed | State::NotFeasible | State::Declined | State::Cancelled => None,
    }
}
