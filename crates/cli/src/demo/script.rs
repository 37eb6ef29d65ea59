//! What happens to each path of the demo, step by step with its day and hour, up to the state it stands in today.
//!
//! A script is one walk through the lifecycle, cut where the path stands. Its steps are dated backwards from the demo's
//! day, so that some deadlines are near, some past. Nothing is written here: [`mod@super::play`] performs the steps through
//! the use cases, in the order of time over all paths.

use chrono::{Datelike, Duration, NaiveDateTime, NaiveTime, Weekday};
use domain::Day;
use domain::calendar::{is_working_day, next_working_day};
use domain::form::Form;
use domain::path::command::DocumentKind;
use domain::path::{Act, State, Step, Transition};
use serde_json::{Value, json};

use super::cast::{Applicant, Company, Dice, Someone};

/// Who performs a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Coordinator,
    Officer,
    Company,
    Trainee,
    Tutor,
}

/// A document of the demo: a short PDF with its title.
#[derive(Debug, Clone)]
pub struct Paper {
    /// The field of the form it goes in.
    pub field: &'static str,
    pub title: String,
    pub kind: DocumentKind,
}

/// A step to perform.
#[derive(Debug, Clone)]
pub struct Move {
    /// Europe/Paris.
    pub at: NaiveDateTime,
    pub who: Who,
    pub step: Step,
    pub form: Form,
    pub papers: Vec<Paper>,
}

/// A path of the demo.
#[derive(Debug, Clone)]
pub struct Script {
    /// 1 or 2.
    pub lot: usize,
    /// Which of the lot's coordinators follows it.
    pub coordinator: usize,
    pub target: State,
    pub moves: Vec<Move>,
    /// The company's address is refused by its server.
    pub bounced: bool,
}

/// How many paths stand in each state at the demo's date, and for how many days at most and at least.
const STANDING: &[(State, usize, i64, i64)] = &[
    (State::NeedReported, 8, 1, 19),
    (State::FeasibilityOrdered, 6, 1, 9),
    (State::FeasibilityInProgress, 8, 3, 34),
    (State::FeasibilityDelivered, 5, 1, 12),
    (State::FeasibilityAdjourned, 3, 1, 7),
    (State::Feasible, 6, 2, 50),
    (State::PreparationOrdered, 4, 1, 10),
    (State::PreparationInProgress, 6, 5, 48),
    (State::PreparationDelivered, 4, 1, 12),
    (State::PreparationAdjourned, 2, 1, 7),
    (State::Ready, 6, 3, 45),
    (State::CandidateSelection, 6, 3, 66),
    (State::CandidateSelected, 6, 1, 9),
    (State::PifSigned, 4, 1, 11),
    (State::ImplementationOrdered, 5, 1, 10),
    (State::InTraining, 14, 2, 38),
    (State::Suspended, 2, 4, 33),
    (State::TrainingEnded, 4, 1, 19),
    (State::ReportDelivered, 3, 1, 5),
    (State::ReportAdjourned, 1, 1, 2),
    (State::Closed, 10, 5, 200),
    (State::NotFeasible, 4, 10, 150),
    (State::Declined, 2, 10, 90),
    (State::Cancelled, 3, 10, 120),
];

/// The paths, by state and rank in it, whose company has a signatory and somebody for each other function.
const COLLEAGUES: &[(State, usize)] = &[(State::CandidateSelected, 2), (State::InTraining, 1)];

/// The scripts of every path, for a demo whose day is `today`.
pub fn scripts(dice: &mut Dice, today: Day) -> Vec<Script> {
    let mut scripts = Vec::new();
    for (target, count, least, most) in STANDING {
        for rank in 0..*count {
            let lot = 1 + (scripts.len() % 2);
            // The first of each state has stood there longest, so that something is always late.
            let standing = if rank == 0 { *most } else { dice.between(*least, *most) };
            let mut script = walk(dice, lot, *target, today, standing, COLLEAGUES.contains(&(*target, rank)));
            script.coordinator = scripts.len() / 2 % 2;
            script.bounced = *target == State::CandidateSelected && rank == 1;
            scripts.push(script);
        }
    }
    scripts
}

/// A step before it has its date: the days that pass since the one before, and the hour.
struct Beat {
    days: i64,
    who: Who,
    step: Step,
    form: Value,
    papers: Vec<Paper>,
}

fn beat(days: i64, who: Who, step: impl Into<Step>, form: Value) -> Beat {
    Beat { days, who, step: step.into(), form, papers: Vec::new() }
}

impl Beat {
    fn paper(mut self, field: &'static str, title: &str, kind: DocumentKind) -> Self {
        self.papers.push(Paper { field, title: title.to_owned(), kind });
        self
    }
}

fn walk(dice: &mut Dice, lot: usize, target: State, today: Day, standing: i64, colleagues: bool) -> Script {
    let (company, job, rome) = dice.company(lot);
    let mut beats = need(dice, &company, job, rome);
    study(dice, &company, target, &mut beats);
    if after(target, State::Feasible) {
        preparation(dice, target, &mut beats);
    }
    let mut training = None;
    if after(target, State::Ready) {
        training = Some(selection(dice, target, &mut beats));
    }
    let length = training.as_ref().map_or(0, |training| training_days(target, training));
    let last = today - Duration::days(standing + length);
    let mut moves = dated(dice, &beats, last);
    if colleagues {
        name_colleagues(&company, &mut moves);
    }
    if let Some(training) = training {
        let last = moves.last().map_or(last, |last| last.at.date());
        place_entry(&mut moves, last, &training);
        if after(target, State::ImplementationOrdered) {
            in_training(dice, target, today, &training, last, &mut moves);
        }
    }
    Script { lot, coordinator: 0, target, moves, bounced: false }
}

/// A function in the company, who has it, and their mailbox.
const CAST_OF_COLLEAGUES: &[(&str, &str, &str)] = &[
    ("signatory", "Bérengère Marie", "direction"),
    ("human_resources", "Nadia Guérin", "rh"),
    ("accounting", "Olivier Mauger", "comptabilite"),
];

/// The company's contact names their colleagues, of the same mail domain, once the tutor is known.
fn name_colleagues(company: &Company, moves: &mut Vec<Move>) {
    let tutor = Step::from(Act::DesignateTutor);
    let Some(after) = moves.iter().position(|each| each.step == tutor) else { return };
    let domain = company.contact.email.split_once('@').map_or("entreprise.example", |(_, domain)| domain);
    let mut at = moves[after].at;
    let named = CAST_OF_COLLEAGUES.iter().map(|(function, name, mailbox)| {
        at += Duration::minutes(2);
        let form = json!({ "function": function, "name": name, "email": format!("{mailbox}@{domain}") });
        let form = form.as_object().cloned().unwrap_or_default();
        Move { at, who: Who::Company, step: Act::AddCompanyContact.into(), form, papers: Vec::new() }
    });
    moves.splice(after + 1..after + 1, named.collect::<Vec<_>>());
}

/// Whether a target lies beyond a state of the main way.
fn after(target: State, state: State) -> bool {
    match target {
        State::NotFeasible | State::Declined => false,
        // The cancelled paths of the demo had their preparation admitted.
        State::Cancelled => state <= State::Feasible,
        target => target > state,
    }
}

fn need(dice: &mut Dice, company: &Company, job: &str, rome: &str) -> Vec<Beat> {
    let Someone { name, email, phone } = &company.contact;
    let form = json!({
        "siret": company.siret, "company": company.name, "commune": company.commune, "job": job, "rome": rome,
        "persons_wanted": dice.between(1, 3), "contact_name": name, "contact_email": email, "contact_phone": phone,
    });
    vec![beat(0, Who::Coordinator, Transition::ReportNeed, form)]
}

fn study(dice: &mut Dice, company: &Company, target: State, beats: &mut Vec<Beat>) {
    if target == State::NeedReported {
        return;
    }
    if target == State::Declined {
        let reason = json!({ "reason": "L’entreprise cherche une formation courte en centre ; elle est orientée vers une autre offre." });
        beats.push(beat(dice.between(3, 9), Who::Officer, Transition::DeclineNeed, reason));
        return;
    }
    beats.push(beat(dice.between(2, 9), Who::Officer, Transition::OrderFeasibility, json!({})));
    if target == State::FeasibilityOrdered {
        return;
    }
    // Given as days from the step; dated with it.
    let visit = json!({ "first_visit": "+4 10:00", "place": format!("Dans les locaux de {}", company.name) });
    beats.push(beat(dice.between(1, 4), Who::Coordinator, Transition::StartFeasibility, visit));
    beats.push(beat(dice.between(5, 8), Who::Coordinator, Act::AskConfirmation, json!({})));
    if target == State::FeasibilityInProgress {
        return;
    }
    beats.push(beat(dice.between(1, 4), Who::Company, Act::ConfirmCommitment, json!({})));
    let Someone { name, email, phone } = &company.tutor;
    let tutor = json!({ "name": name, "email": email, "phone": phone });
    beats.push(beat(1, Who::Coordinator, Act::DesignateTutor, tutor));
    beats.push(beat(0, Who::Tutor, Act::AcceptDesignation, json!({})));
    let negative = target == State::NotFeasible;
    let verdict = if negative { "not_feasible" } else { "feasible" };
    let reasons = if negative {
        "L’atelier ne permet pas de dégager un poste d’apprentissage ; aucun salarié n’est disponible pour le tutorat."
    } else {
        "Poste, tuteur et temps de réflexivité sont réunis ; l’entreprise s’engage."
    };
    let mut findings = json!({
        "organisation": "Deux postes voisins, charge de travail régulière, plages dédiées possibles le matin.",
        "people": "Un tuteur volontaire, une équipe de six personnes informée du projet.",
        "engagement": "La direction participe aux points d’étape et libère le tuteur.",
        "competences": "Préparer le poste, produire en autonomie, contrôler, entretenir, transmettre.",
        "verdict": verdict, "reasons": reasons,
    });
    if negative {
        let obstacles = ["organisation", "people", "people", "engagement", "competences"];
        findings["obstacle"] = json!(obstacles[usize::try_from(dice.between(0, 4)).unwrap_or(0)]);
    }
    let report = ("report", "Rapport d’étude de faisabilité", DocumentKind::FeasibilityReport);
    let deliver = beat(dice.between(2, 6), Who::Coordinator, Transition::DeliverFeasibility, findings);
    beats.push(deliver.paper(report.0, report.1, report.2));
    decided(dice, target, State::FeasibilityDelivered, State::FeasibilityAdjourned, STUDY, beats);
}

/// The transitions that decide on a delivery.
#[derive(Clone, Copy)]
struct Verdicts {
    adjourn: Transition,
    admit: Transition,
}

const STUDY: Verdicts = Verdicts { adjourn: Transition::AdjournFeasibility, admit: Transition::AdmitFeasibility };
const PREPARATION: Verdicts = Verdicts { adjourn: Transition::AdjournPreparation, admit: Transition::AdmitPreparation };
const REPORT: Verdicts = Verdicts { adjourn: Transition::AdjournReport, admit: Transition::AdmitReport };

fn decided(
    dice: &mut Dice,
    target: State,
    delivered: State,
    adjourned: State,
    verdicts: Verdicts,
    beats: &mut Vec<Beat>,
) {
    if target == delivered {
        return;
    }
    if target == adjourned {
        let reasons =
            json!({ "reasons": "Le calendrier prévisionnel et les temps de réflexivité restent à préciser." });
        beats.push(beat(dice.between(3, 9), Who::Officer, verdicts.adjourn, reasons));
        return;
    }
    beats.push(beat(dice.between(2, 11), Who::Officer, verdicts.admit, json!({})));
}

fn preparation(dice: &mut Dice, target: State, beats: &mut Vec<Beat>) {
    beats.push(beat(dice.between(2, 14), Who::Officer, Transition::OrderPreparation, json!({})));
    if target == State::PreparationOrdered {
        return;
    }
    beats.push(beat(dice.between(2, 6), Who::Coordinator, Transition::StartPreparation, json!({})));
    if target == State::PreparationInProgress {
        return;
    }
    let deliver = beat(dice.between(10, 25), Who::Coordinator, Transition::DeliverPreparation, json!({}))
        .paper("programme", "Programme de la formation en situation de travail", DocumentKind::Programme)
        .paper("work_analysis", "Analyse de l’activité de travail", DocumentKind::WorkAnalysis)
        .paper("evaluation_grid", "Grille d’évaluation des acquis", DocumentKind::EvaluationGrid)
        .paper("tutor_certificate", "Attestation de formation du tuteur", DocumentKind::TutorCertificate);
    beats.push(deliver);
    if target != State::PreparationDelivered {
        beats.push(beat(1, Who::Company, Act::ConfirmProgramme, json!({})));
    }
    decided(dice, target, State::PreparationDelivered, State::PreparationAdjourned, PREPARATION, beats);
    if target == State::Cancelled {
        let reason = json!({ "reason": "L’entreprise a perdu le marché qui justifiait le recrutement." });
        beats.push(beat(dice.between(5, 20), Who::Officer, Transition::Cancel, reason));
    }
}

/// What the training of a path will be.
struct Training {
    weeks: i64,
    afest_hours: u32,
    application_hours: u32,
}

/// Days between the order of the implementation and the entry, at least.
const LEAD: i64 = 12;

impl Training {
    fn hours(&self) -> u32 {
        self.afest_hours + self.application_hours
    }
}

/// Hours of the ledger in an ordinary week: three work situations, a reflexive phase, an application period.
const WEEK_HOURS: u32 = 31;

fn selection(dice: &mut Dice, target: State, beats: &mut Vec<Beat>) -> Training {
    let weeks = *dice.choose(&[4, 4, 5, 6, 7, 8, 11]);
    let hours = u32::try_from(weeks).expect("weeks are few") * WEEK_HOURS;
    let training = Training { weeks, afest_hours: hours * 27 / 31, application_hours: hours - hours * 27 / 31 };
    beats.push(beat(dice.between(3, 25), Who::Coordinator, Transition::OpenSelection, json!({})));
    if target == State::CandidateSelection {
        return training;
    }
    let Applicant { person, birth_date, sex, level, rsa, boe } =
        dice.applicant(Day::from_ymd_opt(2026, 6, 1).expect("a day"));
    let form = json!({
        "name": person.name, "email": person.email, "phone": person.phone, "birth_date": birth_date, "sex": sex, "level": level,
        "job_seeker": true, "rsa": rsa, "boe": boe, "prescriber": dice.choose(&["france_travail", "mission_locale", "cap_emploi"]),
        "planned_entry": "entry", "company_agrees": true,
    });
    beats.push(beat(dice.between(6, 25), Who::Coordinator, Transition::SelectCandidate, form));
    beats.push(beat(0, Who::Company, Act::ConfirmCandidate, json!({})));
    let pif = json!({
        "afest_hours": training.afest_hours, "application_hours": training.application_hours, "weekly_hours": 35, "daily_hours": 8,
        "starts_on": "entry", "ends_on": "end",
    });
    let pif = beat(dice.between(1, 3), Who::Coordinator, Act::WritePif, pif);
    beats.push(pif.paper("document", "Programme individuel de formation", DocumentKind::Pif));
    let signature = || json!({ "version": 1 });
    beats.push(beat(1, Who::Coordinator, Transition::SignPif, signature()));
    if target == State::CandidateSelected {
        return training;
    }
    beats.push(beat(dice.between(1, 3), Who::Company, Transition::SignPif, signature()));
    beats.push(beat(dice.between(1, 3), Who::Trainee, Transition::SignPif, signature()));
    if target == State::PifSigned {
        return training;
    }
    beats.push(beat(dice.between(1, 6), Who::Officer, Transition::OrderImplementation, json!({})));
    training
}

/// Most days from the order of the implementation to the target state.
fn training_days(target: State, training: &Training) -> i64 {
    match target {
        State::InTraining | State::Suspended => LEAD + 7,
        State::TrainingEnded => LEAD + 4 + training.weeks * 7,
        State::ReportDelivered => LEAD + 4 + training.weeks * 7 + 8,
        State::ReportAdjourned => LEAD + 4 + training.weeks * 7 + 13,
        State::Closed => LEAD + 4 + training.weeks * 7 + 15,
        _ => 0,
    }
}

/// Gives every beat its day, so that the last falls on `last` or just before, on working days and at office hours.
fn dated(dice: &mut Dice, beats: &[Beat], last: Day) -> Vec<Move> {
    let total: i64 = beats.iter().map(|beat| beat.days).sum();
    let days = |start: Day| -> Vec<Day> {
        let step = |day: &mut Day, beat: &Beat| {
            *day = next_working_day(*day + Duration::days(beat.days));
            Some(*day)
        };
        beats.iter().scan(start, step).collect()
    };
    // Days off push the steps later: start earlier until the last one is where it should be.
    let mut start = last - Duration::days(total);
    while days(start).last().is_some_and(|day| *day > last) {
        start -= Duration::days(1);
    }
    let mut moves: Vec<Move> = Vec::new();
    for (beat, day) in beats.iter().zip(days(start)) {
        let mut at = day.and_time(hour(dice));
        if let Some(last) = moves.last().filter(|last| last.at >= at) {
            at = last.at + Duration::minutes(7);
        }
        let mut form = beat.form.as_object().cloned().unwrap_or_default();
        if let Some(visit) = form.get_mut("first_visit") {
            let visit_day = next_working_day(day + Duration::days(4));
            *visit = json!(format!("{visit_day} 10:00"));
        }
        moves.push(Move { at, who: beat.who, step: beat.step, form, papers: beat.papers.clone() });
    }
    moves
}

fn hour(dice: &mut Dice) -> NaiveTime {
    let minutes = dice.between(8 * 60 + 35, 17 * 60);
    NaiveTime::from_hms_opt(
        u32::try_from(minutes / 60).expect("of a day"),
        u32::try_from(minutes % 60).expect("of an hour"),
        0,
    )
    .expect("an hour of the day")
}

/// The Monday of entry, known once the moves before it are dated.
fn entry(last: Day) -> Day {
    let mut day = last + Duration::days(LEAD);
    while day.weekday() != Weekday::Mon {
        day += Duration::days(1);
    }
    next_working_day(day)
}

fn place_entry(moves: &mut [Move], last: Day, training: &Training) {
    let entry = entry(last);
    let end = entry + Duration::days(training.weeks * 7 - 3);
    for each in moves {
        for value in each.form.values_mut() {
            match value.as_str() {
                Some("entry") => *value = json!(entry),
                Some("end") => *value = json!(end),
                _ => {}
            }
        }
    }
}

fn in_training(dice: &mut Dice, target: State, today: Day, training: &Training, last: Day, moves: &mut Vec<Move>) {
    let entry = entry(last);
    let at = |day: Day, hour: u32, minute: u32| day.and_hms_opt(hour, minute, 0).expect("an hour of the day");
    let mut push = |at: NaiveDateTime, who, step: Step, form: Value, papers: Vec<Paper>| {
        let form = form.as_object().cloned().unwrap_or_default();
        moves.push(Move { at, who, step, form, papers });
    };
    let entered = json!({ "on": entry, "safir": format!("SAFIR-{}", dice.between(10_000, 99_999)) });
    push(at(entry, 9, 5), Who::Coordinator, Transition::EnterTraining.into(), entered, vec![]);
    if dice.percent(85) {
        let registration = json!({
            "safir": format!("SAFIR-{}", dice.between(10_000, 99_999)), "remu": format!("REMU-{}", dice.between(10_000, 99_999)),
        });
        push(
            at(next_working_day(entry + Duration::days(1)), 11, 20),
            Who::Coordinator,
            Act::RecordRegistration.into(),
            registration,
            vec![],
        );
    }
    let end = entry + Duration::days(training.weeks * 7 - 3);
    let stop = match target {
        State::InTraining => today - Duration::days(dice.between(1, 12)),
        State::Suspended => (entry + Duration::days(dice.between(3, 20))).min(today - Duration::days(1)),
        _ => end,
    };
    let hours = ledger(entry, end, stop, &mut push);
    match target {
        State::Suspended => {
            let suspended = json!({
                "reason": "Absence prolongée du tuteur ; reprise prévue à son retour.",
                "expected_return": stop + Duration::days(28),
            });
            push(at(stop, 17, 40), Who::Coordinator, Transition::Suspend.into(), suspended, vec![]);
        }
        State::TrainingEnded | State::ReportDelivered | State::ReportAdjourned | State::Closed => {
            finish(dice, target, today, training, stop, hours, &mut push);
        }
        _ => {}
    }
}

/// The ledger of an ordinary training, recorded each Friday: work situations, a reflexive phase, application, evaluation.
fn ledger(entry: Day, end: Day, stop: Day, push: &mut impl FnMut(NaiveDateTime, Who, Step, Value, Vec<Paper>)) -> u32 {
    let mut hours = 0;
    let mut day = entry;
    // The last day is an evaluation, whatever day of the week it falls on.
    let mut last = end;
    while !is_working_day(last) {
        last -= Duration::days(1);
    }
    while day <= end.min(stop) {
        let (kind, from, until) = match day.weekday() {
            _ if day == last => ("evaluation", 9, 13),
            Weekday::Mon | Weekday::Tue | Weekday::Wed => ("work_situation", 8, 16),
            Weekday::Thu => ("reflexive_phase", 9, 12),
            Weekday::Fri => ("application", 9, 13),
            Weekday::Sat | Weekday::Sun => ("", 0, 0),
        };
        if until > from && is_working_day(day) {
            let objective = match kind {
                "work_situation" => "Préparer le poste et produire une série en autonomie accompagnée",
                "reflexive_phase" => "Revenir sur les écarts constatés et formuler les règles d’action",
                "application" => "Mettre en œuvre seul les gestes appris",
                _ => "Évaluer les acquis sur une série complète",
            };
            let form = json!({
                "kind": kind, "from": format!("{day} {from:02}:00"), "until": format!("{day} {until:02}:00"), "objective": objective,
            });
            let at = day.and_hms_opt(until + 1, 10, 0).expect("an hour of the day");
            push(at, Who::Tutor, Act::RecordSequence.into(), form, vec![]);
            hours += until - from;
        }
        day += Duration::days(1);
    }
    hours
}

/// What people think of the support, the more frequent answers several times.
const OPINIONS: &[&str] = &["very_satisfied", "satisfied", "very_satisfied", "satisfied", "dissatisfied"];

fn finish(
    dice: &mut Dice,
    target: State,
    today: Day,
    training: &Training,
    stop: Day,
    hours: u32,
    push: &mut impl FnMut(NaiveDateTime, Who, Step, Value, Vec<Paper>),
) {
    let at = |day: Day, hour: u32, minute: u32| {
        next_working_day(day).min(today - Duration::days(1)).and_hms_opt(hour, minute, 0).expect("an hour of the day")
    };
    let complete = hours * 100 >= training.hours() * 80;
    let (outcome, reason) = if complete && !dice.percent(20) {
        ("completed", None)
    } else {
        ("early_exit_for_job", Some("Embauche par l’entreprise avant le terme."))
    };
    let form = json!({ "outcome": outcome, "on": stop, "reason": reason, "hours_done": hours });
    push(at(stop, 17, 35), Who::Coordinator, Transition::EndTraining.into(), form, vec![]);
    if target == State::TrainingEnded {
        return;
    }
    push(at(stop + Duration::days(2), 9, 40), Who::Coordinator, Act::AskConfirmation.into(), json!({}), vec![]);
    for (who, minute) in [(Who::Trainee, 5), (Who::Tutor, 20), (Who::Company, 45)] {
        let opinion = OPINIONS[(hours as usize + minute as usize) % OPINIONS.len()];
        let said = json!({ "opinion": opinion });
        push(at(stop + Duration::days(3), 12, minute), who, Act::GiveOpinion.into(), said, vec![]);
    }
    push(at(stop + Duration::days(5), 14, 10), Who::Company, Act::ConfirmReport.into(), json!({}), vec![]);
    let papers = vec![
        Paper { field: "report", title: "Bilan final du parcours".to_owned(), kind: DocumentKind::FinalReport },
        Paper {
            field: "certificate",
            title: "Certificat de réalisation".to_owned(),
            kind: DocumentKind::CompletionCertificate,
        },
    ];
    let form = json!({ "confirmation": "confirmed", "satisfaction_asked": true });
    push(at(stop + Duration::days(8), 10, 15), Who::Coordinator, Transition::DeliverReport.into(), form, papers);
    match target {
        State::ReportAdjourned => {
            let form = json!({ "reasons": "Le bilan ne décrit pas l’évaluation finale des acquis." });
            push(at(stop + Duration::days(13), 11, 30), Who::Officer, REPORT.adjourn.into(), form, vec![]);
        }
        State::Closed => {
            push(at(stop + Duration::days(15), 11, 30), Who::Officer, REPORT.admit.into(), json!({}), vec![]);
        }
        _ => {}
    }
}
