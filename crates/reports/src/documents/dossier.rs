//! The dossier of a path: what an auditor asks, in one file.

use domain::Instant;
use domain::path::command::SequenceKind;
use domain::path::event::OutsideOrBody;
use domain::path::record::Training;
use serde::Serialize;
use wording::{dates, labels, numbers, pieces};

use super::engine::{DocumentError, render};
use super::{Head, Line, Source};

/// A document of the path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Its kind and its name, in words.
    pub name: String,
    pub added_at: Instant,
    /// SHA-256 in lower-case hexadecimal.
    pub digest: String,
}

/// A fact of the journal, as a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub rank: u32,
    pub at: Instant,
    pub what: String,
    pub by: String,
}

/// An answer or a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub fact: Fact,
    /// How it was given, in words.
    pub means: String,
}

/// What the dossier shows besides the path itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dossier {
    /// The document that analyses the work, when the path has one of its own.
    pub work_analysis: Option<Held>,
    pub documents: Vec<Held>,
    pub answers: Vec<Answer>,
    pub facts: Vec<Fact>,
    /// The objective of each sequence, by number.
    pub objectives: Vec<(u32, String)>,
    /// The chained hash of the last event, lower-case hexadecimal.
    pub hash: String,
}

#[derive(Serialize)]
struct Printed {
    #[serde(flatten)]
    head: Head,
    path: Vec<Line>,
    elements: Vec<[String; 4]>,
    hours: Vec<Line>,
    sequences: Vec<[String; 6]>,
    attendance: Vec<[String; 4]>,
    absences: Vec<[String; 2]>,
    answers: Vec<[String; 5]>,
    documents: Vec<[String; 3]>,
    timeline: Vec<[String; 4]>,
    verification: Vec<&'static str>,
    chain: Vec<Line>,
    hash: String,
}

/// The dossier as a PDF.
///
/// # Errors
/// A fault of ours: see [`DocumentError`].
pub fn dossier(source: &Source<'_>, dossier: &Dossier) -> Result<Vec<u8>, DocumentError> {
    let path = source.path;
    let training = path.training.as_ref();
    let fact = |fact: &Fact| [dates::instant_short(fact.at), fact.what.clone(), fact.by.clone(), fact.rank.to_string()];
    let printed = Printed {
        head: Head::new(source, pieces::DOSSIER, pieces::job_at(&path.job.title, &path.workplace.company)),
        path: summary(source),
        elements: elements(source, dossier),
        hours: hours(source),
        sequences: training.map(|training| sequences(training, dossier)).unwrap_or_default(),
        attendance: training.map(attendance).unwrap_or_default(),
        absences: training.map(absences).unwrap_or_default(),
        answers: dossier
            .answers
            .iter()
            .map(|answer| {
                let [at, what, by, rank] = fact(&answer.fact);
                [at, what, by, answer.means.clone(), rank]
            })
            .collect(),
        documents: dossier
            .documents
            .iter()
            .map(|held| [held.name.clone(), dates::instant_short(held.added_at), held.digest.clone()])
            .collect(),
        timeline: dossier.facts.iter().map(fact).collect(),
        verification: vec![pieces::VERIFICATION],
        chain: dossier
            .facts
            .last()
            .map(|last| (pieces::LAST_FACT, pieces::rank_of(last.rank, dossier.facts.len())))
            .into_iter()
            .collect(),
        hash: dossier.hash.clone(),
    };
    render("dossier.typ", &printed, source.now)
}

fn summary(source: &Source<'_>) -> Vec<Line> {
    let path = source.path;
    let mut lines = vec![
        (pieces::PATH, format!("{}, {}", path.reference, labels::state(path.state).to_lowercase())),
        (pieces::COMPANY, source.company()),
        (pieces::WORKPLACE, source.workplace()),
        (pieces::JOB, source.job()),
        (pieces::BODY, source.holder.name.clone()),
        (pieces::COORDINATION, source.coordination()),
    ];
    lines.extend(source.tutor().map(|tutor| (pieces::TUTOR, tutor)));
    lines.extend(source.trainee().map(|trainee| (pieces::TRAINEE, trainee)));
    if let Some(training) = &path.training {
        lines.push((pieces::ENTRY, dates::long(training.entered_on)));
        if let Some(ended) = &training.ended {
            lines.push((pieces::DATES, wording::capital(&dates::period(training.entered_on, ended.on))));
            lines.push((pieces::OUTCOME, labels::outcome(ended.outcome).to_owned()));
        }
    }
    lines
}

/// The four elements of the law (Code du travail, D. 6313-3-2), each with what proves it.
fn elements(source: &Source<'_>, dossier: &Dossier) -> Vec<[String; 4]> {
    let path = source.path;
    let ended = path.training.as_ref().is_some_and(|training| training.ended.is_some());
    let state = |proven: bool| match (proven, ended) {
        (true, _) => pieces::PROVEN,
        (false, true) => pieces::NOT_PROVEN,
        (false, false) => pieces::TO_COME,
    };
    let line = |name: &str, proof: Option<String>, day: Option<String>, proven: bool| {
        let or_nothing = |text: Option<String>| text.unwrap_or_else(|| pieces::NOTHING.to_owned());
        [name.to_owned(), or_nothing(proof), or_nothing(day), state(proven).to_owned()]
    };
    let of_kind = |kind: SequenceKind| {
        let sequences = path.training.iter().flat_map(|training| &training.sequences);
        let sequences: Vec<_> = sequences.filter(|sequence| sequence.kind == kind).collect();
        let numbers: Vec<String> = sequences.iter().map(|sequence| sequence.number.to_string()).collect();
        let last = sequences.last().map(|sequence| dates::medium(sequence.from.date()));
        (numbers, last)
    };
    let (reflections, reflected) = of_kind(SequenceKind::ReflexivePhase);
    let (assessments, assessed) = of_kind(SequenceKind::Evaluation);
    let listed =
        |numbers: &[String]| (!numbers.is_empty()).then(|| pieces::sequences(numbers.len(), numbers.join(", ")));
    let analysis = dossier.work_analysis.as_ref();
    let resumed = (path.work_analysed && analysis.is_none()).then(|| pieces::FROM_SOURCE.to_owned());
    let in_time = path
        .tutor
        .as_ref()
        .is_some_and(|tutor| path.training.as_ref().is_none_or(|training| tutor.first_since <= training.entered_on));
    vec![
        line(
            pieces::WORK_ANALYSIS,
            analysis.map(|held| held.name.clone()).or(resumed),
            analysis.map(|held| dates::medium(domain::calendar::paris_day(held.added_at))),
            path.work_analysed,
        ),
        line(
            pieces::TUTOR_NAMED,
            source.tutor(),
            path.tutor.as_ref().map(|tutor| dates::medium(tutor.first_since)),
            in_time,
        ),
        line(pieces::REFLECTIONS, listed(&reflections), reflected, !reflections.is_empty()),
        line(pieces::ASSESSMENTS, listed(&assessments), assessed, !assessments.is_empty()),
    ]
}

fn hours(source: &Source<'_>) -> Vec<Line> {
    let path = source.path;
    let application = path.minutes(|kind| kind == SequenceKind::Application);
    let afest = path.minutes(|kind| kind != SequenceKind::Application);
    let mut lines = Vec::new();
    lines.extend(path.pif.as_ref().map(|pif| (pieces::PLANNED_HOURS, numbers::hours(pif.terms.total_hours()))));
    lines.push((pieces::AFEST_HOURS, numbers::duration(afest)));
    lines.push((pieces::APPLICATION_HOURS, numbers::duration(application)));
    lines.push((pieces::PROVEN_HOURS, numbers::duration(afest + application)));
    let ended = path.training.as_ref().and_then(|training| training.ended.as_ref());
    lines.extend(ended.map(|ended| (pieces::HOURS_DONE, numbers::hours(ended.hours_done))));
    lines
}

fn sequences(training: &Training, dossier: &Dossier) -> Vec<[String; 6]> {
    let objective = |number: u32| {
        let known = dossier.objectives.iter().rfind(|(of, _)| *of == number);
        known.map_or_else(String::new, |(_, objective)| objective.clone())
    };
    let line = |sequence: &domain::path::record::Sequence| {
        [
            sequence.number.to_string(),
            labels::sequence_kind(sequence.kind).to_owned(),
            format!("{} – {}", dates::moment_short(sequence.from), dates::time(sequence.until.time())),
            numbers::duration(sequence.minutes()),
            objective(sequence.number),
            if sequence.signed { pieces::SIGNED } else { pieces::UNSIGNED }.to_owned(),
        ]
    };
    training.sequences.iter().map(line).collect()
}

fn attendance(training: &Training) -> Vec<[String; 4]> {
    let line = |statement: &domain::path::record::Attendance| {
        let by = |party| {
            let signed = statement.signed.contains(&party);
            if signed { pieces::SIGNED_ATTENDANCE } else { pieces::NOTHING }.to_owned()
        };
        [
            wording::capital(&dates::month(statement.month)),
            by(OutsideOrBody::Body),
            by(OutsideOrBody::Tutor),
            by(OutsideOrBody::Trainee),
        ]
    };
    training.attendance.iter().map(line).collect()
}

/// Why a day was missed may be a matter of health: the dossier says that it was.
fn absences(training: &Training) -> Vec<[String; 2]> {
    let absences = training
        .absences_held()
        .map(|(_, absence)| (absence.from, [dates::period(absence.from, absence.until), pieces::ABSENCE.to_owned()]));
    let suspensions = training.suspensions.iter().map(|suspension| {
        let until = suspension.until.unwrap_or(suspension.expected_return);
        (suspension.since, [dates::period(suspension.since, until), pieces::SUSPENSION.to_owned()])
    });
    let mut lines: Vec<_> = absences.chain(suspensions).collect();
    lines.sort_by_key(|(from, _)| *from);
    lines.into_iter().map(|(_, [period, why])| [wording::capital(&period), why]).collect()
}
