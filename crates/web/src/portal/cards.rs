//! What is asked of the person behind the link: one card each, with what it means, what will happen and its form.

use chrono::Datelike;
use domain::Day;
use domain::clocks;
use domain::form::FieldError;
use domain::market::ClockKind;
use domain::path::command::RequestKind;
use domain::path::event::Party;
use domain::path::record::{Path, Pif, Sequence};
use domain::path::requests::Asked;
use domain::path::{Act, Event, Step};
use domain::people::OutsideRole;
use wording::{dates, labels, numbers};

use super::history::{self, step_of};
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
        asked_of: format!("Demandé à {}, {}", access.person.contact.name, in_the_name_of(access.role)),
        title: title(asked.kind),
        deadline: deadline(scene, asked.kind),
        newer: newer(scene, asked),
        why: Vec::new(),
        facts: Vec::new(),
        document: None,
        table: None,
        signatures: Vec::new(),
        effects: vec![format!(
            "Votre réponse est datée et inscrite au parcours\u{a0}; {} la reçoit.",
            scene.coordination()
        )],
        form: form(scene, asked, filled),
        ways_out: ways_out(scene, asked.kind),
    };
    match asked.kind {
        RequestKind::ConfirmCommitment => commitment(scene, &mut card),
        RequestKind::ConfirmReport => report(scene, &mut card),
        RequestKind::SignPif => {
            if let Some(pif) = &path.pif {
                sign_pif(scene, pif, &mut card);
            }
        }
        RequestKind::SignSequences => {
            card.why.push(
                "Chaque séquence vécue en entreprise compte dans les heures de votre formation. Votre signature en fait la preuve."
                    .to_owned(),
            );
            card.why
                .push("Décochez une séquence qui ne s’est pas passée ainsi, puis proposez une correction.".to_owned());
        }
        RequestKind::SignAttendance => attendance(scene, asked.since, &mut card),
    }
    if access.person.contact.email.is_some() {
        card.effects.push(
            "Un reçu vous parvient par courriel\u{a0}; si une réponse n’est pas de vous, répondez à ce courriel."
                .to_owned(),
        );
    }
    card
}

fn in_the_name_of(role: OutsideRole) -> &'static str {
    match role {
        OutsideRole::Company => "pour l’entreprise",
        OutsideRole::Tutor => "au titre du tutorat",
        OutsideRole::Trainee => "stagiaire",
    }
}

fn title(request: RequestKind) -> &'static str {
    match request {
        RequestKind::ConfirmCommitment => "Confirmer l’engagement de l’entreprise",
        RequestKind::ConfirmReport => "Confirmer le bilan final",
        RequestKind::SignPif => "Signer le programme individuel (PIF)",
        RequestKind::SignSequences => "Signer vos séquences",
        RequestKind::SignAttendance => "Signer l’état de présence du mois",
    }
}

fn button(scene: &Scene<'_>, request: RequestKind) -> String {
    match request {
        RequestKind::ConfirmCommitment => "Confirmer l’engagement".to_owned(),
        RequestKind::ConfirmReport => "Confirmer le bilan".to_owned(),
        RequestKind::SignPif => {
            let version = scene.access.path.pif.as_ref().map_or(1, |pif| pif.version);
            format!("Signer la version {version} du PIF")
        }
        RequestKind::SignSequences => "Signer les séquences cochées".to_owned(),
        RequestKind::SignAttendance => "Signer l’état de présence".to_owned(),
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
        RequestKind::SignAttendance => clock(ClockKind::Attendance),
        RequestKind::SignSequences => None,
    };
    due.map(|due| Deadline::new(due, scene.today))
}

/// The link was sent for another version of the same thing: say so before what replaces it (L5).
fn newer(scene: &Scene<'_>, asked: &Asked) -> Option<String> {
    let (kind, version) = scene.access.sent_for?;
    let changed = kind == asked.kind && version < asked.version;
    (changed && kind == RequestKind::SignPif).then(|| {
        format!(
            "Le programme a changé depuis le courriel que vous avez reçu\u{a0}: voici la version {}. La version {version} ne se signe plus.",
            asked.version
        )
    })
}

fn workplace(path: &Path) -> String {
    path.workplace.company.clone()
}

fn commitment(scene: &Scene<'_>, card: &mut Card) {
    let path = &scene.access.path;
    card.why.push(labels::commitment_asked(&scene.access.holder.name, &path.job.title, path.persons_wanted));
    card.why.push(labels::commitment_meaning().to_owned());
    card.facts.push(("Entreprise", workplace(path)));
    if let Some(visit) = path.first_visit {
        card.facts.push(("Première visite", dates::moment(visit)));
    }
    card.facts.push(("Personnes à former", numbers::integer(i64::from(path.persons_wanted))));
    card.effects.push("L’organisme peut remettre son étude à la Région, qui décide de la suite.".to_owned());
}

fn report(scene: &Scene<'_>, card: &mut Card) {
    let path = &scene.access.path;
    card.why.push(labels::report_asked(&scene.access.holder.name));
    card.why.push(labels::report_meaning().to_owned());
    if let Some((training, ended)) =
        path.training.as_ref().and_then(|training| Some((training, training.ended.as_ref()?)))
    {
        card.facts.push(("Formation", dates::period(training.entered_on, ended.on)));
        card.facts.push(("Heures réalisées", numbers::hours(ended.hours_done)));
        card.facts.push(("Issue", labels::outcome(ended.outcome).to_owned()));
    }
    card.document = scene.latest_document(domain::path::command::DocumentKind::FinalReport);
    card.effects.push("Le bilan confirmé part à la Région, qui le vérifie puis clôt le parcours.".to_owned());
}

fn sign_pif(scene: &Scene<'_>, pif: &Pif, card: &mut Card) {
    let terms = &pif.terms;
    card.why.push(
        "Le programme individuel de formation fixe les heures, les dates et le contenu du parcours. Lisez le document avant de signer."
            .to_owned(),
    );
    card.facts = vec![
        ("Version", format!("{}, établie le {}", pif.version, dates::medium(pif.written_on))),
        ("Dates", dates::period(terms.starts_on, terms.ends_on)),
        (
            "Heures",
            format!(
                "{}\u{a0}: {} de formation en situation de travail et {} d’application",
                numbers::hours(terms.total_hours()),
                terms.afest_hours,
                terms.application_hours
            ),
        ),
        (
            "Rythme",
            format!(
                "au plus {} par jour et {} par semaine",
                numbers::hours(terms.daily_hours),
                numbers::hours(terms.weekly_hours)
            ),
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
                    let how = if signature.on_behalf { ", signature recueillie par l’organisme" } else { "" };
                    (format!("{name}\u{a0}: signé le {}{how}", dates::medium(signature.on)), true)
                }
                None => (format!("{name}\u{a0}: signature attendue"), false),
            }
        })
        .collect();
    let me = match scene.access.role {
        OutsideRole::Company => Party::Company,
        OutsideRole::Trainee | OutsideRole::Tutor => Party::Trainee,
    };
    let others: Vec<String> = parties
        .into_iter()
        .filter(|party| *party != me && !pif.signed(*party))
        .map(|party| labels::the_party(party).to_owned())
        .collect();
    card.effects.push(match others.as_slice() {
        [] => "Votre signature est la dernière attendue\u{a0}: la Région est prévenue que le PIF est signé.".to_owned(),
        [other] => format!("Restera à signer\u{a0}: {other}."),
        others => format!("Resteront à signer\u{a0}: {}.", numbers::list(others)),
    });
}

fn attendance(scene: &Scene<'_>, month: Day, card: &mut Card) {
    let path = &scene.access.path;
    let trainee = scene.access.role == OutsideRole::Trainee;
    card.why.push(format!(
        "{} a établi l’état de présence de {}. {}",
        scene.access.holder.name,
        dates::month(month),
        if trainee {
            "Votre rémunération de stagiaire en dépend."
        } else {
            "Vérifiez qu’il dit bien les jours passés dans l’entreprise."
        }
    ));
    let Some(training) = &path.training else { return };
    let of_month = |day: Day| day.year() == month.year() && day.month() == month.month();
    let sequences: Vec<&Sequence> =
        training.sequences.iter().filter(|sequence| of_month(sequence.from.date())).collect();
    let total: i64 = sequences.iter().map(|sequence| sequence.minutes()).sum();
    card.table = Some(Table {
        caption: format!("Séquences de {}", dates::month(month)),
        columns: vec!["Jour", "Séquence", "Durée"],
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
    card.facts.push(("Absences", if absences.is_empty() { "Aucune".to_owned() } else { numbers::list(&absences) }));
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
        RequestKind::ConfirmCommitment | RequestKind::ConfirmReport | RequestKind::SignPif => {}
        RequestKind::SignSequences => shown.push(sequences(scene, &filled.typed, &filled.errors)),
        RequestKind::SignAttendance => hidden.push(("month".to_owned(), dates::iso(asked.since))),
    }
    if scene.access.role == OutsideRole::Company {
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
                label: format!(
                    "{}, {} de {} à {}",
                    labels::sequence_kind(sequence.kind),
                    dates::medium(sequence.from.date()),
                    dates::time(sequence.from.time()),
                    dates::time(sequence.until.time())
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
        label: "Séquences à signer".to_owned(),
        help: String::new(),
        required: false,
        value: String::new(),
        error: errors.iter().find(|error| error.field == "number").map(|_| "Cochez au moins une séquence.".to_owned()),
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

/// Declining a request, as a title and a link say it.
pub(super) const fn declining(request: RequestKind) -> &'static str {
    match request {
        RequestKind::ConfirmCommitment => "Ne pas confirmer l’engagement",
        RequestKind::ConfirmReport => "Ne pas confirmer le bilan",
        RequestKind::SignPif => "Ne pas signer le PIF",
        RequestKind::SignSequences => "Ne pas signer ces séquences",
        RequestKind::SignAttendance => "Ne pas signer l’état de présence",
    }
}

/// Other answers than the one asked: nobody is cornered.
fn ways_out(scene: &Scene<'_>, request: RequestKind) -> Vec<Link> {
    let to = |act: Act, label, help| Link { label, help, address: routes::portal_step(scene.token, act.into()) };
    let decline = Link {
        label: declining(request),
        help: "",
        address: format!("{}?demande={request}", routes::portal_step(scene.token, Act::DeclineRequest.into())),
    };
    let mut links = vec![decline, to(Act::ProposeCorrection, "Proposer une correction", "")];
    match scene.access.role {
        OutsideRole::Company | OutsideRole::Tutor => {
            links.push(to(Act::HandOverContact, "Transmettre à la bonne personne", ""));
        }
        OutsideRole::Trainee => {}
    }
    links
}
