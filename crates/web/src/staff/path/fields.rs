//! The fields of a step for staff: those of the domain, less what the path says already, filled with what is known.

use app::Draft;
use chrono::{TimeDelta, Timelike};
use domain::calendar::{is_working_day, paris_time};
use domain::form::{Field, FieldError, FieldKind, Form};
use domain::market::OptionCode;
use domain::path::command::{BodyRequest, DocumentKind, RequestKind};
use domain::path::requests::asked_of;
use domain::path::{Act, Command, Event, Path, Step, Transition};
use domain::people::{CompanyFunction, Contact, OutsideRole, Person};
use domain::{Day, Instant};
use strum::IntoEnumIterator;
use wording::{dates, labels, numbers, pages, refusals};

use super::{Scene, address, correct};
use crate::commune::{self, COMMUNE};
use crate::forms::{self, Choice, FieldView, Input, Typed, value};

const COMMUNE_HELP: &str = pages::path_steps::COMMUNE_HELP;

/// More answers than this are a list that opens.
const MOST_RADIOS: usize = 5;

/// What is asked of each role outside now.
pub(super) fn asked_of_all(path: &Path) -> Vec<(RequestKind, OutsideRole)> {
    OutsideRole::iter().flat_map(|role| asked_of(path, role).into_iter().map(move |asked| (asked.kind, role))).collect()
}

/// The first condition neither met nor waived, by its number.
pub(super) fn open_condition(path: &Path) -> Option<usize> {
    path.conditions.iter().position(|condition| condition.settled.is_none()).map(|index| index + 1)
}

/// The corrections that wait for an answer: their rank, who proposed them, and in which words.
fn proposals(scene: &Scene) -> impl Iterator<Item = (u32, OutsideRole, String)> {
    let words = scene.view.events.iter().filter_map(|recorded| match &recorded.event {
        Event::CorrectionProposed { role, correction } => Some((*role, correction.clone())),
        _ => None,
    });
    let pending = |number: &u32| scene.view.path.pending_proposals().any(|(waiting, _)| waiting == *number);
    (1..).zip(words).filter(move |(number, _)| pending(number)).map(|(number, (role, text))| (number, role, text))
}

/// The first request that a step may be about.
pub(super) fn first_request(path: &Path, step: Step) -> Option<&'static str> {
    if step == Step::Act(Act::DecideRequest) {
        return path.body_requests.first().map(|pending| pending.request.into());
    }
    asked_of_all(path).first().map(|(request, _)| (*request).into())
}

/// What the page says itself, without asking: the source of a sibling, the version that is signed.
pub(super) fn implied(path: &Path, step: Step) -> Vec<(&'static str, String)> {
    match step {
        Step::Transition(Transition::SignPif) => {
            path.pif.iter().map(|pif| ("version", pif.version.to_string())).collect()
        }
        Step::Transition(Transition::OpenSibling) => vec![("source", path.reference.to_string())],
        Step::Transition(_) | Step::Act(_) => Vec::new(),
    }
}

/// The last working day of which the morning is over.
fn last_morning(now: Instant) -> Day {
    let now = paris_time(now);
    let over = if now.hour() >= 12 { now.date() } else { now.date() - TimeDelta::days(1) };
    std::iter::successors(Some(over), Day::pred_opt).find(|day| is_working_day(*day)).unwrap_or(over)
}

/// What is known already, proposed in an empty form.
pub(super) fn proposed(scene: &Scene, step: Step, typed: &Typed) -> Typed {
    let path = &scene.view.path;
    let today = dates::iso(scene.around.today);
    let mut known: Typed = Vec::new();
    let mut know = |name: &str, value: String| known.push((name.to_owned(), value));
    match step {
        Step::Transition(Transition::StartPreparation | Transition::Suspend | Transition::Resume) => know("on", today),
        Step::Transition(Transition::EnterTraining) => {
            let planned = path.candidate.as_ref().map(|candidate| candidate.planned_entry);
            let day = planned.filter(|day| *day <= scene.around.today).unwrap_or(scene.around.today);
            know("on", dates::iso(day));
        }
        Step::Transition(Transition::EndTraining) => {
            know("on", today);
            know("hours_done", (path.minutes(|_| true) / 60).to_string());
        }
        Step::Transition(Transition::DeliverFeasibility) => {
            if let Some(answer) = path.commitment.answer {
                know("commitment", answer.to_string());
            }
        }
        Step::Transition(Transition::DeliverReport) => {
            if let Some(answer) = path.report_confirmation.answer {
                know("confirmation", answer.to_string());
            }
        }
        Step::Transition(Transition::SelectCandidate) => {
            if let Some(waiting) = &path.waiting {
                know("planned_entry", dates::iso(waiting.planned_entry));
            }
        }
        Step::Act(Act::WritePif) => {
            know("weekly_hours", "35".to_owned());
            know("daily_hours", "7".to_owned());
            if let Some(candidate) = &path.candidate {
                know("starts_on", dates::iso(candidate.planned_entry));
            }
        }
        Step::Act(Act::AmendPif) => {
            if let Some(pif) = &path.pif {
                let terms = &pif.terms;
                know("afest_hours", terms.afest_hours.to_string());
                know("application_hours", terms.application_hours.to_string());
                know("weekly_hours", terms.weekly_hours.to_string());
                know("daily_hours", terms.daily_hours.to_string());
                know("starts_on", dates::iso(terms.starts_on));
                know("ends_on", dates::iso(terms.ends_on));
                know("objectives", terms.objectives.clone().unwrap_or_default());
            }
        }
        Step::Act(Act::RecordRegistration) => {
            if let Some(training) = &path.training {
                know("safir", training.safir.clone().unwrap_or_default());
                know("remu", training.remu.clone().unwrap_or_default());
            }
        }
        Step::Act(Act::RecordSequence) => {
            let day = dates::iso(last_morning(scene.around.now));
            know("from", format!("{day}T09:00"));
            know("until", format!("{day}T12:00"));
        }
        Step::Act(Act::CorrectDatum) => return correct::proposed(scene, typed),
        // Whoever has the role now, to be corrected or replaced.
        Step::Act(Act::ChangeContact) => {
            let role = value(typed, "role").and_then(|role| role.parse().ok());
            let stands = |person: &&Person| role.is_some() && path.role_of(person.id) == role;
            if let Some(person) = scene.view.people.iter().find(stands) {
                let Contact { name, email, phone } = &person.contact;
                know("name", name.clone());
                know("email", email.as_ref().map(ToString::to_string).unwrap_or_default());
                know("phone", phone.as_ref().map(ToString::to_string).unwrap_or_default());
            }
        }
        Step::Act(Act::SignAttendanceMonth) => know("month", today),
        Step::Act(Act::RecordAbsence) => {
            know("from", today.clone());
            know("until", today);
        }
        Step::Act(Act::ReportAccident | Act::RecordFollowUp | Act::RecordAnswerOnBehalf) => know("on", today),
        Step::Transition(_) | Step::Act(_) => {}
    }
    if let Step::Act(Act::RecordAnswerOnBehalf | Act::DecideRequest) = step
        && let Some(request) = first_request(path, step)
    {
        know("request", request.to_owned());
    }
    if step == Step::Act(Act::RecordAnswerOnBehalf)
        && let [(_, role)] = asked_of_all(path).as_slice()
    {
        know("role", role.to_string());
    }
    if step == Step::Act(Act::AnswerCorrection)
        && let Some((number, _)) = path.pending_proposals().next()
    {
        know("number", number.to_string());
    }
    if step == Step::Act(Act::SettleCondition)
        && let Some(number) = open_condition(path)
    {
        know("number", number.to_string());
        know("waived", "non".to_owned());
    }
    known
}

/// The fields of a step, with what was typed, what was received and what is wrong.
pub(super) fn views(
    scene: &Scene,
    step: Step,
    typed: &Typed,
    draft: Option<&Draft>,
    errors: &[FieldError],
) -> Vec<FieldView> {
    let hidden: Vec<&str> = implied(&scene.view.path, step).into_iter().map(|(name, _)| name).collect();
    let datum = correct::chosen(typed);
    let shown = |field: &Field| {
        !hidden.contains(&field.name) && (step != correct::STEP || correct::shows(scene, datum, field.name))
    };
    let mut views = Vec::new();
    for field in Command::fields(step).into_iter().filter(shown) {
        let view = one(scene, step, &field, typed, draft, errors);
        if step == correct::STEP && field.name == COMMUNE {
            views.extend(commune::said(typed).views(step, FieldView { help: COMMUNE_HELP.to_owned(), ..view }));
        } else {
            views.push(view);
        }
    }
    address::look_at(step, typed, &address::known(&scene.view), &mut views);
    views
}

fn one(
    scene: &Scene,
    step: Step,
    field: &Field,
    typed: &Typed,
    draft: Option<&Draft>,
    errors: &[FieldError],
) -> FieldView {
    let mut view = forms::of_field(step, field, typed, errors);
    let given = draft.is_some_and(|draft| !draft.documents.is_empty());
    view.required |= needed(&scene.view.path, step, field.name, typed, given);
    if let Some(input) = particular(scene, step, field.name, &view.value) {
        view.input = input;
    }
    let example = wording::fields::path(step, field.name).map_or("", |words| words.example);
    match &mut view.input {
        Input::File { held, .. } => *held = draft.and_then(|draft| received(draft, field.name)),
        Input::Choice { options, several: false, pair: false } if options.len() > MOST_RADIOS => {
            view.input = Input::Select { options: std::mem::take(options) };
        }
        Input::Area | Input::Line { .. } | Input::Sought { .. } | Input::Choice { .. } | Input::Select { .. } => {}
    }
    if matches!(field.kind, FieldKind::Conditions | FieldKind::Units | FieldKind::Money | FieldKind::Rome)
        && !example.is_empty()
    {
        view.help = pages::path_steps::with_example(&view.help, example).replace('\n', " ; ");
    }
    view
}

/// Whether this path needs a field that others may leave empty: a tutor trained by the body has a certificate, a datum
/// that is one value has it, a programme that nobody gave as a document says what is learnt.
fn needed(path: &Path, step: Step, name: &str, typed: &Typed, given: bool) -> bool {
    match step {
        Step::Act(Act::WritePif | Act::AmendPif) => name == "objectives" && !given,
        Step::Transition(Transition::DeliverPreparation) => {
            name == "tutor_certificate" && path.preparation.has_drawn(OptionCode::M2)
        }
        correct::STEP => correct::chosen(typed).is_some_and(|datum| datum.single() == Some(name)),
        Step::Transition(_) | Step::Act(_) => false,
    }
}

/// `étude.pdf, 120 ko`.
fn received(draft: &Draft, field: &str) -> Option<String> {
    let document = draft.documents.iter().find(|document| document.field == field)?;
    Some(format!("{}, {}", document.reference.name, numbers::size(document.size)))
}

/// A field whose answers are things of this path.
fn particular(scene: &Scene, step: Step, name: &str, typed: &str) -> Option<Input> {
    let path = &scene.view.path;
    let choice = |value: String, label: String, detail: String| Choice { chosen: typed == value, value, label, detail };
    let options: Vec<Choice> = match (step, name) {
        (Step::Act(Act::SettleCondition), "number") => path
            .conditions
            .iter()
            .enumerate()
            .filter(|(_, condition)| condition.settled.is_none())
            .map(|(index, condition)| {
                choice((index + 1).to_string(), condition.asked.what.clone(), dates::by(condition.asked.by))
            })
            .collect(),
        (Step::Act(Act::AnswerCorrection), "number") => proposals(scene)
            .map(|(number, who, text)| choice(number.to_string(), text, labels::outside_role(who).to_owned()))
            .collect(),
        (Step::Act(Act::RecordAnswerOnBehalf), "request") => {
            let mut kinds: Vec<RequestKind> = asked_of_all(path).into_iter().map(|(kind, _)| kind).collect();
            kinds.dedup();
            kinds
                .into_iter()
                .map(|kind| choice(kind.to_string(), labels::request_kind(kind).to_owned(), String::new()))
                .collect()
        }
        // A function that nobody has is given, not changed.
        (Step::Act(Act::RecordAnswerOnBehalf | Act::ChangeContact), "role") => OutsideRole::iter()
            .filter(|role| role.function().is_none() || path.person_of(*role).is_some())
            .map(|role| choice(role.to_string(), labels::outside_role(role).to_owned(), String::new()))
            .collect(),
        (Step::Act(Act::RemoveCompanyContact), "function") => CompanyFunction::iter()
            .filter(|function| path.person_of(function.outside()).is_some())
            .map(|function| choice(function.to_string(), labels::company_function(function).to_owned(), String::new()))
            .collect(),
        (Step::Act(Act::DecideRequest), "request") => {
            let mut pending: Vec<BodyRequest> = path.body_requests.iter().map(|pending| pending.request).collect();
            pending.dedup();
            pending
                .into_iter()
                .map(|request| choice(request.to_string(), labels::body_request(request).to_owned(), String::new()))
                .collect()
        }
        (Step::Act(Act::AssignCoordinator), "email") => scene
            .around
            .colleagues
            .iter()
            .filter(|account| Some(account.id) != path.coordinator)
            .map(|account| choice(account.email.to_string(), account.name.clone(), account.email.to_string()))
            .collect(),
        (Step::Transition(Transition::SelectCandidate) | correct::STEP, "level") => (1..=8_u8)
            .filter_map(|level| domain::identifiers::TrainingLevel::parse(&level.to_string()).ok())
            .map(|level| choice(level.to_string(), labels::level(level), String::new()))
            .collect(),
        _ => return None,
    };
    (!options.is_empty()).then_some(Input::Choice { options, pair: false, several: false })
}

/// The form as the domain reads it: fields of the step alone, empty ones left out, documents by their digest.
pub(super) fn form(path: Option<&Path>, step: Step, typed: &Typed, draft: Option<&Draft>) -> Form {
    let implied = path.map(|path| implied(path, step)).unwrap_or_default();
    let mut form = Form::new();
    for field in Command::fields(step) {
        if step == correct::STEP && !correct::sends(typed, field.name) {
            continue;
        }
        if step == correct::STEP && field.name == COMMUNE {
            let code = commune::said(typed).code;
            if !code.is_empty() {
                form.insert(COMMUNE.to_owned(), code.into());
            }
            continue;
        }
        if field.kind == FieldKind::Document {
            let held = draft.and_then(|draft| draft.documents.iter().find(|document| document.field == field.name));
            if let Some(document) = held {
                let reference = serde_json::to_value(&document.reference).expect("a reference is plain data");
                form.insert(field.name.to_owned(), reference);
            }
            continue;
        }
        let said = implied.iter().find(|(name, _)| *name == field.name).map(|(_, value)| value.as_str());
        if let Some(text) = said.or_else(|| value(typed, field.name)).filter(|text| !text.trim().is_empty()) {
            form.insert(field.name.to_owned(), text.replace("\r\n", "\n").into());
        }
    }
    form
}

/// Whether every required field has something, so that trying says more than « missing ».
pub(super) fn filled(step: Step, form: &Form) -> bool {
    Command::fields(step).iter().all(|field| !field.required || form.contains_key(field.name))
}

/// What a document of a field is kept as.
pub(super) fn kind(step: Step, field: &str, form: &Form) -> DocumentKind {
    app::documents::document_kind(step, field, form)
}

/// What is wrong, as the line of the summary says it.
pub(super) fn problem(step: Step, error: &FieldError) -> String {
    refusals::field(step, error)
}

#[cfg(test)]
mod last_mornings {
    use super::*;

    #[test]
    fn a_morning_is_proposed_once_it_is_over() {
        let at = |day: &str, hour| domain::calendar::at_paris(day.parse().expect("a day"), hour, 0);
        let proposed = |day: &str, hour| last_morning(at(day, hour)).to_string();
        assert_eq!(proposed("2026-11-24", 13), "2026-11-24");
        assert_eq!(proposed("2026-11-24", 9), "2026-11-23", "the day before");
        assert_eq!(proposed("2026-11-23", 9), "2026-11-20", "Friday, on a Monday morning");
    }
}
