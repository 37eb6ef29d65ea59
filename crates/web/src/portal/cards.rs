//! What is asked of the person behind the link: one card each, with what it means, what will happen and its form.

use app::Piece;
use chrono::Datelike;
use domain::Day;
use domain::clocks;
use domain::form::FieldError;
use domain::market::ClockKind;
use domain::path::command::{DocumentKind, RequestKind};
use domain::path::event::Party;
use domain::path::record::{Path, Pif, Sequence};
use domain::path::requests::{Asked, Declared, step_of};
use domain::path::{Act, Event, Step};
use domain::people::OutsideRole;
use wording::{addresses, dates, labels, numbers, pages, statements};

use super::history;
use super::page::{Deadline, DocumentLine, Scene};
use crate::forms::{self, Choice, FieldView, FormView, Input, Typed};
use crate::routes;
use crate::ticket;

/// A request with its form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Card {
    pub id: String,
    pub asked_of: String,
    pub title: &'static str,
    pub deadline: Option<Deadline>,
    /// The link was sent for an earlier version: this one replaces it.
    pub newer: Option<String>,
    pub why: Vec<String>,
    pub facts: Vec<(&'static str, String)>,
    pub document: Option<DocumentLine>,
    pub table: Option<Table>,
    /// Who signs, and whether they did.
    pub signatures: Vec<(String, bool)>,
    pub effects: Vec<String>,
    /// What the answer declares, word for word as its proof keeps it.
    pub declares: Option<String>,
    /// The same on paper, for who does not answer here.
    pub letter: Option<Link>,
    pub form: FormView,
    pub ways_out: Vec<Link>,
}

/// Rows with their total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    pub caption: String,
    pub columns: Vec<&'static str>,
    pub rows: Vec<Vec<String>>,
    pub total: String,
}

/// A link with its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    pub label: &'static str,
    pub help: &'static str,
    pub address: String,
}

/// What was typed in a form and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub(super) struct Filled {
    pub typed: Typed,
    pub errors: Vec<FieldError>,
}

/// Requests that are still open for this person: one that was declined waits for the coordinator.
pub(super) fn open(scene: &Scene<'_>) -> Vec<Asked> {
    let access = scene.access;
    let asked = access.asked.iter().copied();
    asked.filter(|asked| history::declined(&access.events, access.role, asked.kind).is_none()).collect()
}

/// The card of a request.
pub(super) fn card(scene: &Scene<'_>, asked: &Asked, filled: Option<&Filled>) -> Card {
    let access = scene.access;
    let path = &access.path;
    let mut card = Card {
        id: asked.kind.to_string(),
        asked_of: pages::requests::asked_of(&access.person.contact.name, pages::requests::in_the_name_of(access.role)),
        title: pages::requests::title(asked.kind),
        deadline: deadline(scene, asked.kind),
        newer: newer(scene, asked),
        why: Vec::new(),
        facts: Vec::new(),
        document: None,
        table: None,
        signatures: Vec::new(),
        effects: vec![pages::requests::dated_answer(scene.coordination())],
        declares: declares(scene, asked),
        letter: letter(scene, asked.kind),
        form: form(scene, asked, filled),
        ways_out: ways_out(scene, asked.kind),
    };
    match asked.kind {
        RequestKind::ConfirmCommitment => commitment(scene, &mut card),
        RequestKind::ConfirmReport => report(scene, &mut card),
        RequestKind::ConfirmProgramme => {
            card.why.push(pages::requests::programme_asked(&access.holder.name));
            card.document = scene.latest_document(DocumentKind::Programme);
            card.effects.push(pages::requests::AGREEMENT_EFFECT.to_owned());
        }
        RequestKind::AcceptDesignation => {
            card.why.push(pages::requests::designation_asked(&path.workplace.company, &access.holder.name));
            card.effects.push(pages::requests::AGREEMENT_EFFECT.to_owned());
        }
        RequestKind::ConfirmCandidate => candidate(scene, &mut card),
        RequestKind::SignPif => {
            if let Some(pif) = &path.pif {
                sign_pif(scene, pif, &mut card);
            }
        }
        RequestKind::SignSequences => {
            card.why.push(pages::requests::SEQUENCES_COUNT.to_owned());
            card.why.push(pages::requests::SEQUENCES_UNTICK.to_owned());
        }
        RequestKind::SignAttendance => attendance(scene, asked.since, &mut card),
    }
    if scene.has_receipt(step_of(asked.kind), &access.actor) {
        card.effects.push(pages::requests::RECEIPT.to_owned());
    }
    card
}

/// What is declared by the button; of sequences, what is ticked.
fn declares(scene: &Scene<'_>, asked: &Asked) -> Option<String> {
    if asked.kind == RequestKind::SignSequences {
        return None;
    }
    statements::statement(Declared::answering(asked)?, &scene.access.path, &scene.access.holder.name)
}

fn letter(scene: &Scene<'_>, request: RequestKind) -> Option<Link> {
    let piece = Piece::Commitment;
    let asked = request == RequestKind::ConfirmCommitment && piece.is_of(&scene.access.path);
    asked.then(|| Link {
        label: pages::requests::ON_PAPER,
        help: pages::requests::ON_PAPER_HELP,
        address: addresses::portal_piece(scene.token, piece),
    })
}

fn button(scene: &Scene<'_>, request: RequestKind) -> String {
    match request {
        RequestKind::ConfirmCommitment => pages::requests::CONFIRM_COMMITMENT.to_owned(),
        RequestKind::ConfirmReport => pages::requests::CONFIRM_REPORT.to_owned(),
        RequestKind::ConfirmProgramme => pages::requests::CONFIRM_PROGRAMME.to_owned(),
        RequestKind::AcceptDesignation => pages::requests::ACCEPT_DESIGNATION.to_owned(),
        RequestKind::ConfirmCandidate => pages::requests::CONFIRM_CANDIDATE.to_owned(),
        RequestKind::SignPif => {
            let version = scene.access.path.pif.as_ref().map_or(1, |pif| pif.version);
            pages::requests::sign_programme(version)
        }
        RequestKind::SignSequences => pages::requests::SIGN_SEQUENCES.to_owned(),
        RequestKind::SignAttendance => pages::requests::SIGN_ATTENDANCE.to_owned(),
    }
}

fn deadline(scene: &Scene<'_>, request: RequestKind) -> Option<Deadline> {
    let path = &scene.access.path;
    let clock = |kind: ClockKind| {
        let clocks = clocks::clocks(path, &scene.access.terms.market, scene.today);
        clocks.into_iter().find(|clock| clock.kind == kind).map(|clock| clock.due_on)
    };
    let due = match request {
        RequestKind::ConfirmCommitment => path.commitment.asked.map(|(_, until)| until),
        RequestKind::ConfirmReport => path.report_confirmation.asked.map(|(_, until)| until),
        RequestKind::SignPif => clock(ClockKind::Signatures),
        // The clock of the attendance is the body’s, for a month of which it has drawn no statement yet.
        RequestKind::SignAttendance
        | RequestKind::SignSequences
        | RequestKind::ConfirmProgramme
        | RequestKind::AcceptDesignation
        | RequestKind::ConfirmCandidate => None,
    };
    due.map(|due| Deadline::new(due, scene.today))
}

/// The link was sent for another version of the same thing: say so before what replaces it (L5).
fn newer(scene: &Scene<'_>, asked: &Asked) -> Option<String> {
    let (kind, version) = scene.access.sent_for?;
    let changed = kind == asked.kind && version < asked.version;
    (changed && kind == RequestKind::SignPif).then(|| pages::requests::newer_programme(asked.version, version))
}

fn workplace(path: &Path) -> String {
    path.workplace.company.clone()
}

fn commitment(scene: &Scene<'_>, card: &mut Card) {
    let path = &scene.access.path;
    card.why.push(labels::commitment_asked(&scene.access.holder.name, &path.job.title, path.persons_wanted));
    card.facts.push((pages::requests::COMPANY, workplace(path)));
    if let Some(visit) = path.first_visit {
        card.facts.push((pages::requests::FIRST_VISIT, dates::moment(visit)));
    }
    card.facts.push((pages::requests::PERSONS_WANTED, numbers::integer(i64::from(path.persons_wanted))));
    card.effects.push(pages::requests::COMMITMENT_EFFECT.to_owned());
}

fn report(scene: &Scene<'_>, card: &mut Card) {
    let path = &scene.access.path;
    card.why.push(labels::report_asked(&scene.access.holder.name));
    if let Some((training, ended)) =
        path.training.as_ref().and_then(|training| Some((training, training.ended.as_ref()?)))
    {
        card.facts.push((pages::requests::TRAINING, dates::period(training.entered_on, ended.on)));
        card.facts.push((pages::requests::HOURS_DONE, numbers::hours(ended.hours_done)));
        card.facts.push((pages::requests::OUTCOME, labels::outcome(ended.outcome).to_owned()));
    }
    card.document = scene.latest_document(DocumentKind::FinalReport);
    card.effects.push(pages::requests::REPORT_EFFECT.to_owned());
}

fn candidate(scene: &Scene<'_>, card: &mut Card) {
    let path = &scene.access.path;
    card.why.push(pages::requests::candidate_asked(&scene.access.holder.name));
    card.facts.extend(scene.access.trainee.clone().map(|name| (pages::requests::CANDIDATE, name)));
    if let Some(candidate) = &path.candidate {
        card.facts.push((pages::requests::PLANNED_ENTRY, dates::long(candidate.planned_entry)));
    }
    card.effects.push(pages::requests::AGREEMENT_EFFECT.to_owned());
}

fn sign_pif(scene: &Scene<'_>, pif: &Pif, card: &mut Card) {
    let terms = &pif.terms;
    card.why.push(pages::requests::PROGRAMME_MEANING.to_owned());
    card.facts = vec![
        (pages::requests::VERSION, pages::requests::version_of(pif.version, dates::medium(pif.written_on))),
        (pages::requests::DATES, dates::period(terms.starts_on, terms.ends_on)),
        (
            pages::requests::HOURS,
            pages::requests::hours_of_programme(
                numbers::hours(terms.total_hours()),
                terms.afest_hours,
                terms.application_hours,
            ),
        ),
        (
            pages::requests::RHYTHM,
            pages::requests::rhythm(numbers::hours(terms.daily_hours), numbers::hours(terms.weekly_hours)),
        ),
    ];
    card.document = Some(scene.document(&terms.document));
    let parties = [Party::Body, Party::Company, Party::Trainee];
    card.signatures = parties
        .into_iter()
        .map(|party| {
            let name = labels::party(party);
            match pif.signatures.iter().find(|signature| signature.party == party) {
                Some(signature) => {
                    let how = if signature.on_behalf { pages::requests::ON_BEHALF } else { "" };
                    (pages::requests::signed(name, dates::medium(signature.on), how), true)
                }
                None => (pages::requests::unsigned(name), false),
            }
        })
        .collect();
    let me = match scene.access.role {
        role if role.of_company() => Party::Company,
        _ => Party::Trainee,
    };
    let others: Vec<String> = parties
        .into_iter()
        .filter(|party| *party != me && !pif.signed(*party))
        .map(|party| labels::the_party(party).to_owned())
        .collect();
    card.effects.push(match others.as_slice() {
        [] => pages::requests::LAST_SIGNATURE.to_owned(),
        [other] => pages::requests::other_to_sign(other),
        others => pages::requests::others_to_sign(numbers::list(others)),
    });
}

fn attendance(scene: &Scene<'_>, month: Day, card: &mut Card) {
    let path = &scene.access.path;
    let trainee = scene.access.role == OutsideRole::Trainee;
    card.why.push(pages::requests::attendance_drawn(
        &scene.access.holder.name,
        dates::of_month(month),
        if trainee { pages::requests::ATTENDANCE_PAYS } else { pages::requests::ATTENDANCE_CHECK },
    ));
    let Some(training) = &path.training else { return };
    let of_month = |day: Day| day.year() == month.year() && day.month() == month.month();
    let sequences: Vec<&Sequence> =
        training.sequences.iter().filter(|sequence| of_month(sequence.from.date())).collect();
    let total: i64 = sequences.iter().map(|sequence| sequence.minutes()).sum();
    card.table = Some(Table {
        caption: pages::requests::sequences_of(dates::of_month(month)),
        columns: vec![pages::requests::DAY, pages::requests::SEQUENCE, pages::requests::DURATION],
        rows: sequences
            .iter()
            .map(|sequence| {
                vec![
                    dates::brief(sequence.from.date()),
                    labels::sequence_kind(sequence.kind).to_owned(),
                    numbers::duration(sequence.minutes()),
                ]
            })
            .collect(),
        total: numbers::duration(total),
    });
    let held = training.absences_held().map(|(_, absence)| absence);
    let absences = held.filter(|absence| of_month(absence.from) || of_month(absence.until));
    let absences: Vec<String> = absences.map(|absence| dates::period(absence.from, absence.until)).collect();
    card.facts.push((
        pages::requests::ABSENCES,
        if absences.is_empty() { pages::requests::NO_ABSENCE.to_owned() } else { numbers::list(&absences) },
    ));
}

/// The form that answers a request.
fn form(scene: &Scene<'_>, asked: &Asked, filled: Option<&Filled>) -> FormView {
    let step = step_of(asked.kind);
    let none = Filled::default();
    let filled = filled.unwrap_or(&none);
    let mut hidden = vec![
        ("cle".to_owned(), ticket::issue(scene.token, step.id())),
        ("version".to_owned(), asked.version.to_string()),
    ];
    let mut shown = Vec::new();
    match asked.kind {
        RequestKind::ConfirmCommitment
        | RequestKind::ConfirmReport
        | RequestKind::SignPif
        | RequestKind::ConfirmProgramme
        | RequestKind::AcceptDesignation
        | RequestKind::ConfirmCandidate => {}
        RequestKind::SignSequences => shown.push(sequences(scene, &filled.typed, &filled.errors)),
        RequestKind::SignAttendance => hidden.push(("month".to_owned(), dates::iso(asked.since))),
    }
    if scene.access.role.of_company() {
        shown.extend(forms::signatory(step, &scene.access.person.contact.name, &filled.typed, &filled.errors));
    }
    FormView {
        action: routes::portal_step(scene.token, step),
        hidden,
        fields: shown,
        button: button(scene, asked.kind),
    }
}

/// Every unsigned session, ticked unless it was unticked before.
fn sequences(scene: &Scene<'_>, typed: &Typed, errors: &[FieldError]) -> FieldView {
    let step = Step::Act(Act::SignSequence);
    let training = scene.access.path.training.iter();
    let unsigned = training.flat_map(|training| &training.sequences).filter(|sequence| !sequence.signed);
    let sent = !typed.is_empty();
    let options = unsigned
        .map(|sequence| {
            let number = sequence.number.to_string();
            Choice {
                label: pages::requests::sequence(
                    labels::sequence_kind(sequence.kind),
                    dates::medium(sequence.from.date()),
                    dates::time(sequence.from.time()),
                    dates::time(sequence.until.time()),
                ),
                detail: objective(scene, sequence.number),
                chosen: !sent || typed.iter().any(|(name, value)| name == "number" && *value == number),
                value: number,
            }
        })
        .collect();
    FieldView {
        id: forms::field_id(step, "number"),
        name: "number".to_owned(),
        label: pages::requests::SEQUENCES_TO_SIGN.to_owned(),
        help: String::new(),
        required: false,
        value: String::new(),
        error: errors
            .iter()
            .find(|error| error.field == "number")
            .map(|_| pages::requests::TICK_ONE_SEQUENCE.to_owned()),
        remark: None,
        input: Input::Choice { options, pair: false, several: true },
    }
}

fn objective(scene: &Scene<'_>, wanted: u32) -> String {
    let mut recorded = scene.access.events.iter().filter_map(|recorded| match &recorded.event {
        Event::SequenceRecorded { number, objective, .. } if *number == wanted => Some(objective.clone()),
        _ => None,
    });
    recorded.next().unwrap_or_default()
}

/// Other answers than the one asked: nobody is cornered.
fn ways_out(scene: &Scene<'_>, request: RequestKind) -> Vec<Link> {
    let to = |act: Act, label, help| Link { label, help, address: routes::portal_step(scene.token, act.into()) };
    let decline = Link {
        label: pages::requests::declining(request),
        help: "",
        address: format!("{}?demande={request}", routes::portal_step(scene.token, Act::DeclineRequest.into())),
    };
    let mut links = vec![decline, to(Act::ProposeCorrection, pages::requests::PROPOSE_CORRECTION, "")];
    if scene.access.role != OutsideRole::Trainee {
        links.push(to(Act::HandOverContact, pages::requests::HAND_OVER, ""));
    }
    links
}
