//! What is missing, and the way out of it: the step, the field or the page that mends it.

use domain::calendar::paris_day;
use domain::form::{Field, FieldKind, Form};
use domain::path::event::Party;
use domain::path::record::PendingRequest;
use domain::path::refusal::Need;
use domain::path::{Act, Command, Event, EventKind, Path, Refusal, Step, Transition, decide};
use serde_json::{Value, json};
use wording::{addresses, dates, labels, numbers, pages, refusals, timeline};

use super::{Scene, next};
use crate::forms::field_id;

/// A thing that a step needs: there, or missing with its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Check {
    /// `ok`, `miss`, or `note` for what does not block.
    pub class: &'static str,
    pub text: String,
    /// What to do about it, and where.
    pub link: Option<(String, String)>,
}

impl Check {
    pub(super) fn ok(text: impl Into<String>) -> Self {
        Self { class: "ok", text: text.into(), link: None }
    }
}

/// What mends a need.
enum Mend {
    Step(Step),
    Field(&'static str),
    Orders,
    Time,
}

fn mend(need: &Need) -> Mend {
    let act = |act| Mend::Step(Step::Act(act));
    match need {
        Need::FreeUnit { .. } => Mend::Orders,
        Need::TutorDesignated | Need::TutorBeforeEntry => act(Act::DesignateTutor),
        Need::TutorCertificate => Mend::Field("tutor_certificate"),
        Need::Commitment { asked_until: None } | Need::ReportConfirmation { asked_until: None } => {
            act(Act::AskConfirmation)
        }
        Need::Commitment { asked_until: Some(_) } | Need::ReportConfirmation { asked_until: Some(_) } => {
            act(Act::RecordAnswerOnBehalf)
        }
        Need::Letter => Mend::Field("letter"),
        Need::Condition { .. } => act(Act::SettleCondition),
        Need::Conditions => Mend::Field("conditions"),
        Need::Obstacle => Mend::Field("obstacle"),
        Need::Pif => act(Act::WritePif),
        Need::Signature { party: Party::Body } => Mend::Step(Step::Transition(Transition::SignPif)),
        Need::Signature { party: Party::Company | Party::Trainee } => act(Act::RecordAnswerOnBehalf),
        Need::LevelApproval { .. } => act(Act::ApproveLevel),
        Need::CompanyAgreement => Mend::Field("company_agrees"),
        Need::JobSeekerStatus => Mend::Field("job_seeker"),
        Need::Observations { until: None } => act(Act::AskObservations),
        Need::Reasons => Mend::Field("reasons"),
        Need::Reduction => Mend::Field("reduction"),
        Need::WorkAnalysis => Mend::Field("outcome"),
        Need::ReflexivePhase | Need::Evaluation | Need::Hours { .. } => act(Act::RecordSequence),
        Need::FormalNotice { until: None } => act(Act::SendFormalNotice),
        Need::PendingRequest { .. } | Need::Observations { .. } | Need::FormalNotice { .. } => Mend::Time,
        Need::SatisfactionAsked => Mend::Field("satisfaction_asked"),
        Need::ProgrammeStillFit => Mend::Field("programme_still_fit"),
        Need::FitSaidByBody => Mend::Field("said_by"),
        Need::Amount => Mend::Field("amount"),
    }
}

/// A need as a missing piece; the link is one that this reader can follow.
fn check(scene: &Scene, step: Step, on_its_form: bool, need: &Need) -> Check {
    let path = &scene.view.path;
    let link = match mend(need) {
        Mend::Step(mending) if scene.view.available.contains(&mending) && next::fits(path, mending) => {
            Some((labels::step(mending).to_owned(), next::address(path, mending)))
        }
        Mend::Field(name) if on_its_form => {
            Some((pages::path_steps::COMPLETE.to_owned(), format!("#{}", field_id(step, name))))
        }
        Mend::Orders => Some((pages::path_steps::SEE_ORDERS.to_owned(), addresses::orders().to_owned())),
        Mend::Step(_) | Mend::Field(_) | Mend::Time => None,
    };
    Check { class: "miss", text: refusals::need(need), link }
}

/// What is to be known before a form is filled: the price that a reduction is taken from and what it needs, what a request
/// asks.
pub(super) fn known(scene: &Scene, step: Step) -> Vec<Check> {
    let path = &scene.view.path;
    let note = |text| Check { class: "note", text, link: None };
    // What the other side wrote last, to be read again before it is answered.
    let written = answers(path, step).and_then(|kind| {
        let last = scene.view.events.iter().rev().find(|recorded| EventKind::from(&recorded.event) == kind)?;
        let sentence = timeline::path(&last.event, &last.author);
        Some(note(pages::path_steps::written(sentence, &timeline::details(&last.event))))
    });
    let known = match step {
        Step::Transition(Transition::AdmitFeasibility | Transition::AdmitPreparation | Transition::AdmitReport) => {
            let Some(prestation) = path.state.delivered().or(path.state.adjourned()) else { return Vec::new() };
            let price = decide::payable(path, prestation);
            let mut known = vec![
                note(pages::path_steps::price(labels::prestation(prestation), numbers::euros(price))),
                note(pages::path_steps::REDUCTION_NEEDS.to_owned()),
            ];
            let missing = decide::unobserved(path.file(prestation), scene.around.today);
            known.push(match missing {
                Some(need) => Check { class: "note", ..check(scene, step, true, &need) },
                None => Check::ok(pages::path_steps::OBSERVATIONS_ASKED),
            });
            known
        }
        Step::Act(Act::DecideRequest) => {
            let asked = |pending: &PendingRequest| {
                scene.view.events.iter().rev().find_map(|recorded| match &recorded.event {
                    Event::RequestMade { request, reason, .. } if *request == pending.request => {
                        let on = dates::medium(paris_day(recorded.recorded_at));
                        let what = timeline::path(&recorded.event, &recorded.author);
                        Some(note(pages::path_steps::asked_because(what, on, reason)))
                    }
                    _ => None,
                })
            };
            path.body_requests.iter().filter_map(asked).collect()
        }
        Step::Transition(_) | Step::Act(_) => Vec::new(),
    };
    written.into_iter().chain(known).collect()
}

/// The event whose words a step answers, on the path as it stands.
fn answers(path: &Path, step: Step) -> Option<EventKind> {
    let prestation = path.state.delivered().or(path.state.adjourned());
    let observed = || prestation.and_then(|prestation| path.file(prestation).observations.as_ref());
    match step {
        Step::Act(Act::GiveObservations) => observed().map(|_| EventKind::ObservationsAsked),
        Step::Act(Act::AcceptAdjournment | Act::RefuseAdjournment)
        | Step::Transition(
            Transition::DeliverFeasibility | Transition::DeliverPreparation | Transition::DeliverReport,
        ) => path.state.adjourned().map(|_| EventKind::Adjourned),
        Step::Transition(
            Transition::AdmitFeasibility
            | Transition::AdmitPreparation
            | Transition::AdmitReport
            | Transition::RejectFeasibility
            | Transition::RejectPreparation
            | Transition::RejectReport,
        ) => observed().and_then(|observed| observed.given_on).map(|_| EventKind::ObservationsGiven),
        Step::Transition(_) | Step::Act(_) => None,
    }
}

/// The missing pieces of a refusal; any other refusal is one line.
pub(super) fn missing(scene: &Scene, step: Step, on_its_form: bool, refusal: &Refusal) -> Vec<Check> {
    match refusal {
        Refusal::Missing { needs } => needs.iter().map(|need| check(scene, step, on_its_form, need)).collect(),
        other => refusals::lines(other)
            .into_iter()
            .map(|text| {
                let link = matches!(other, Refusal::NoUnit { .. })
                    .then(|| (pages::path_steps::SEE_ORDERS.to_owned(), addresses::orders().to_owned()));
                Check { class: "miss", text, link }
            })
            .collect(),
    }
}

/// A plausible form of a step, to ask what the path itself lacks before anything is typed. Nothing of it is ever kept.
pub(super) fn probe(scene: &Scene, step: Step) -> Form {
    let path = &scene.view.path;
    let today = scene.around.today;
    let value = |field: &Field| -> Option<Value> {
        let known = match field.name {
            "verdict" => Some(json!("feasible")),
            "commitment" | "confirmation" => Some(json!("confirmed")),
            "outcome" => Some(json!("completed")),
            "hours_done" => Some(json!(path.minutes(|_| true) / 60)),
            "version" => path.pif.as_ref().map(|pif| json!(pif.version)),
            "number" if step == Step::Act(Act::AnswerCorrection) => {
                path.pending_proposals().next().map(|(number, _)| json!(number))
            }
            "number" => Some(json!(super::fields::open_condition(path).unwrap_or(1))),
            "planned_entry" | "expected_return" | "until" | "ends_on" => {
                Some(json!(today + chrono::Duration::days(30)))
            }
            "birth_date" => Some(json!("1990-01-01")),
            "level" => Some(json!(3)),
            "request" => super::fields::first_request(path, step).map(Value::from),
            _ => None,
        };
        known.or_else(|| match field.kind {
            FieldKind::Line | FieldKind::Text => Some(json!("…")),
            FieldKind::Boolean => Some(json!(true)),
            FieldKind::Number | FieldKind::Money => Some(json!(1)),
            FieldKind::Day => Some(json!(today)),
            FieldKind::Moment => Some(json!(format!("{today} 09:00"))),
            FieldKind::Choice(ids) => ids.first().map(|id| json!(id)),
            FieldKind::Document => Some(json!({"name": "document.pdf", "sha256": "0".repeat(64)})),
            FieldKind::Email => Some(json!("personne@exemple.example")),
            FieldKind::Phone
            | FieldKind::Siret
            | FieldKind::Commune
            | FieldKind::Rome
            | FieldKind::Level
            | FieldKind::Lot
            | FieldKind::Reference
            | FieldKind::Conditions
            | FieldKind::Units => None,
        })
    };
    let needed = Command::fields(step).into_iter().filter(|field| {
        // What stands for a need of the path is filled too, so that the need shows.
        field.required || matches!(field.name, "commitment")
    });
    needed.filter_map(|field| Some((field.name.to_owned(), value(&field)?))).collect()
}

/// The needs that a plausible form would meet, whatever is typed.
pub(super) fn of_path(refusal: &Refusal) -> Option<Refusal> {
    let Refusal::Missing { needs } = refusal else { return None };
    let of_form = |need: &&Need| matches!(mend(need), Mend::Field(_));
    let needs: Vec<Need> = needs.iter().filter(|need| !of_form(need)).cloned().collect();
    (!needs.is_empty()).then_some(Refusal::Missing { needs })
}
