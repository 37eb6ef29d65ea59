//! Correcting a datum: first which one, with its present value and what its correction does (L25); then the form of its
//! own fields, filled with what is known. The form is that of any step: [`super::step`] rehearses it and performs it.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use domain::path::command::Datum;
use domain::path::correction::{correctable, rule};
use domain::path::{Act, Path, Refusal, Step};
use domain::people::Side;
use domain::territories::{Listed, listed};
use strum::IntoEnumIterator;
use wording::{addresses, dates, labels, numbers, pages, refusals};

use super::parts::{self, Head};
use super::{Scene, next};
use crate::PageError;
use crate::forms::{Typed, value};
use crate::staff::orders::asking;
use crate::staff::{Frame, Section};

pub(super) const STEP: Step = Step::Act(Act::CorrectDatum);
const DATUM: &str = "datum";
const NUMBER: &str = "number";

/// What the correction of a datum does, line by line.
pub(super) type RuleLines = Vec<(&'static str, String)>;

/// What stands above the form of a correction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Subject {
    pub label: &'static str,
    /// Which sequence or absence.
    pub which: Option<String>,
    pub rule: RuleLines,
    /// Where another datum is chosen.
    pub others: String,
}

/// A datum, a sequence or an absence to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    label: String,
    now: String,
    does: String,
    /// None when it cannot be corrected now: why is in `does`.
    address: Option<String>,
}

#[derive(Template)]
#[template(path = "staff/path/correct.html")]
struct ChoicePage {
    frame: Frame,
    head: Head,
    title: &'static str,
    lead: &'static str,
    heading: String,
    column: &'static str,
    lines: Vec<Line>,
    /// Back to the choice of the datum.
    others: Option<String>,
}

/// The datum that a form corrects.
pub(super) fn chosen(typed: &Typed) -> Option<Datum> {
    value(typed, DATUM)?.parse().ok()
}

fn number(typed: &Typed) -> Option<u32> {
    value(typed, NUMBER)?.trim().parse().ok()
}

/// Whether the form of a datum shows a field: those of the others, and what was chosen before, do not stand there.
pub(super) fn shows(scene: &Scene, datum: Option<Datum>, field: &str) -> bool {
    match field {
        "reason" => true,
        NUMBER => false,
        "keep_lot" if scene.signed.actor.side() != Some(Side::Region) => false,
        field => datum.is_some_and(|datum| datum.fields().contains(&field)),
    }
}

/// Whether the domain is sent a field of the form.
pub(super) fn sends(typed: &Typed, field: &str) -> bool {
    match field {
        DATUM | "reason" => true,
        field => chosen(typed).is_some_and(|datum| datum.fields().contains(&field)),
    }
}

/// What was chosen before the form, kept in it.
pub(super) fn chosen_before(typed: &Typed) -> Vec<(&'static str, String)> {
    let kept = [DATUM, NUMBER].into_iter();
    kept.filter_map(|name| Some((name, value(typed, name)?.to_owned()))).collect()
}

/// The address of the form of what was chosen.
pub(super) fn address(all: &str, typed: &Typed) -> String {
    let chosen = chosen_before(typed);
    let pairs: Vec<(&str, &str)> = chosen.iter().map(|(name, value)| (*name, value.as_str())).collect();
    asking(all, &pairs)
}

/// The page on which the datum is chosen, then which sequence or absence; none once the form can be shown.
pub(super) fn choice(scene: &Scene, typed: &Typed) -> Result<Option<Response>, PageError> {
    let path = &scene.view.path;
    let page = |heading: &str, column, lines, others| ChoicePage {
        frame: scene.signed.frame(Section::Paths),
        head: parts::head(scene),
        title: labels::step(STEP),
        lead: labels::step_help(STEP),
        heading: heading.to_owned(),
        column,
        lines,
        others,
    };
    let all = next::address(path, STEP);
    let page = match chosen(typed) {
        Some(datum) if correctable(path, datum).is_ok() => {
            let things = numbered(path, datum);
            if !datum.numbered() || things.iter().any(|(known, _)| number(typed) == Some(*known)) {
                return Ok(None);
            }
            let line = |(number, now): (u32, String)| Line {
                label: pages::corrections::numbered(number),
                now,
                does: String::new(),
                address: Some(format!("{all}?{DATUM}={datum}&{NUMBER}={number}")),
            };
            let lines = things.into_iter().map(line).collect();
            page(labels::datum(datum), pages::corrections::WHAT_IS_RECORDED, lines, Some(all.clone()))
        }
        Some(_) | None => {
            let lines = Datum::iter().filter_map(|datum| line(scene, datum, &all)).collect();
            page(pages::corrections::WHAT_TO_CORRECT, pages::corrections::CURRENT_VALUE, lines, None)
        }
    };
    Ok(Some(Html(page.render()?).into_response()))
}

/// A datum as a line; none when the path has no such datum.
fn line(scene: &Scene, datum: Datum, all: &str) -> Option<Line> {
    let path = &scene.view.path;
    let (does, address) = match correctable(path, datum) {
        Ok(()) => (summary(datum), Some(format!("{all}?{DATUM}={datum}"))),
        Err(Refusal::NothingToCorrect { .. }) => return None,
        Err(refusal) => (refusals::path(&refusal), None),
    };
    Some(Line { label: labels::datum(datum).to_owned(), now: now(scene, datum), does, address })
}

/// What the correction does, in one line.
fn summary(datum: Datum) -> String {
    let bounds = rule(datum).asks_again.iter().map(|bound| labels::bound(*bound));
    let said: Vec<&str> = std::iter::once(labels::effect(rule(datum).effect())).chain(bounds).collect();
    said.join(" · ")
}

/// What stands above the form.
pub(super) fn subject(scene: &Scene, typed: &Typed) -> Option<Subject> {
    let datum = chosen(typed)?;
    let path = &scene.view.path;
    let which = numbered(path, datum).into_iter().find(|(known, _)| number(typed) == Some(*known));
    let own = rule(datum);
    let mut lines = vec![(pages::corrections::EFFECT, labels::effect(own.effect()).to_owned())];
    let mut list = |label, items: Vec<String>| {
        if !items.is_empty() {
            lines.push((label, items.join(" · ")));
        }
    };
    list(
        pages::corrections::ASKED_AGAIN,
        own.asks_again.iter().map(|bound| labels::bound(*bound).to_owned()).collect(),
    );
    list(pages::corrections::ALWAYS_TOLD, own.informs.iter().map(|role| labels::recipient(*role).to_owned()).collect());
    list(pages::corrections::WHAT_FOLLOWS, own.moves.iter().map(|moved| labels::moved(*moved).to_owned()).collect());
    Some(Subject {
        label: labels::datum(datum),
        which: which.map(|(number, text)| pages::corrections::numbered_value(number, &text)),
        rule: lines,
        others: next::address(path, STEP),
    })
}

/// The sequences or absences that a correction may be about.
fn numbered(path: &Path, datum: Datum) -> Vec<(u32, String)> {
    let Some(training) = &path.training else { return Vec::new() };
    match datum {
        Datum::Sequence => {
            let text = |sequence: &domain::path::record::Sequence| {
                format!(
                    "{}, {} – {}",
                    labels::sequence_kind(sequence.kind),
                    dates::moment_short(sequence.from),
                    dates::time(sequence.until.time())
                )
            };
            training.sequences.iter().map(|sequence| (sequence.number, text(sequence))).collect()
        }
        Datum::Absence => training
            .absences_held()
            .map(|(number, absence)| {
                let reason = labels::absence_reason(absence.reason).to_lowercase();
                (number, format!("{}, {reason}", dates::period(absence.from, absence.until)))
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// The present value, as a person reads it. Of a profile, the level alone: the rest waits for its own form.
fn now(scene: &Scene, datum: Datum) -> String {
    let path = &scene.view.path;
    let none = || "—".to_owned();
    let training = path.training.as_ref();
    let ended = training.and_then(|training| training.ended.as_ref());
    match datum {
        Datum::Company => path.workplace.company.clone(),
        Datum::Siret => numbers::siret(&path.workplace.siret),
        Datum::Job => path.job.title.clone(),
        Datum::RomeCode => path.job.rome.as_ref().map_or_else(none, ToString::to_string),
        Datum::PersonsWanted => path.persons_wanted.to_string(),
        Datum::Commune => labels::commune(path.workplace.commune.as_ref()),
        Datum::Prescriber => path
            .candidate
            .as_ref()
            .and_then(|candidate| candidate.prescriber)
            .map_or_else(none, |prescriber| labels::prescriber(prescriber).to_owned()),
        Datum::PlannedEntry => {
            path.candidate.as_ref().map_or_else(none, |candidate| dates::medium(candidate.planned_entry))
        }
        Datum::CandidateProfile => profile(scene).map_or_else(none, |profile| labels::level(profile.level)),
        Datum::EntryDate => training.map_or_else(none, |training| dates::medium(training.entered_on)),
        Datum::Sequence | Datum::Absence => {
            let things = i64::try_from(numbered(path, datum).len()).unwrap_or(i64::MAX);
            if datum == Datum::Sequence { pages::counts::sequences(things) } else { pages::counts::absences(things) }
        }
        Datum::EndDate => ended.map_or_else(none, |ended| dates::medium(ended.on)),
        Datum::Outcome => ended.map_or_else(none, |ended| labels::outcome(ended.outcome).to_owned()),
        Datum::HoursDone => ended.map_or_else(none, |ended| numbers::hours(ended.hours_done)),
    }
}

fn profile(scene: &Scene) -> Option<&domain::people::Profile> {
    let trainee = scene.view.path.trainee()?;
    scene.view.people.iter().find(|person| person.id == trainee.id)?.profile.as_ref()
}

/// The present values, in the fields that correct them.
pub(super) fn proposed(scene: &Scene, typed: &Typed) -> Typed {
    let path = &scene.view.path;
    let mut known: Typed = Vec::new();
    let mut know = |name: &str, value: String| known.push((name.to_owned(), value));
    let yes_no = |yes: bool| if yes { "oui" } else { "non" }.to_owned();
    let Some(datum) = chosen(typed) else { return known };
    let candidate = path.candidate.as_ref();
    let training = path.training.as_ref();
    let ended = training.and_then(|training| training.ended.as_ref());
    match datum {
        Datum::Company => know("company", path.workplace.company.clone()),
        Datum::Siret => know("siret", path.workplace.siret.to_string()),
        Datum::Job => know("job", path.job.title.clone()),
        Datum::RomeCode => know("rome", path.job.rome.as_ref().map(ToString::to_string).unwrap_or_default()),
        Datum::PersonsWanted => know("persons_wanted", path.persons_wanted.to_string()),
        Datum::Commune => {
            let code = path.workplace.commune.to_string();
            know("commune", listed(&code).map_or(code, Listed::label));
            know("keep_lot", yes_no(path.derogation.is_some()));
        }
        Datum::Prescriber => {
            if let Some(prescriber) = candidate.and_then(|candidate| candidate.prescriber) {
                know("prescriber", prescriber.to_string());
            }
        }
        Datum::PlannedEntry => {
            if let Some(candidate) = candidate {
                know("planned_entry", dates::iso(candidate.planned_entry));
            }
        }
        Datum::CandidateProfile => {
            if let Some(profile) = profile(scene) {
                know("birth_date", dates::iso(profile.birth_date));
                know("sex", profile.sex.to_string());
                know("level", profile.level.to_string());
                know("rsa", yes_no(profile.rsa));
                know("boe", yes_no(profile.boe));
            }
        }
        Datum::EntryDate => {
            if let Some(training) = training {
                know("entered_on", dates::iso(training.entered_on));
            }
        }
        Datum::Sequence => {
            let mut sequences = training.into_iter().flat_map(|training| &training.sequences);
            if let Some(sequence) = sequences.find(|sequence| number(typed) == Some(sequence.number)) {
                know("annul", yes_no(false));
                know("kind", sequence.kind.to_string());
                know("starts_at", sequence.from.format("%Y-%m-%dT%H:%M").to_string());
                know("ends_at", sequence.until.format("%Y-%m-%dT%H:%M").to_string());
            }
        }
        Datum::Absence => {
            let mut absences = training.into_iter().flat_map(domain::path::record::Training::absences_held);
            if let Some((_, absence)) = absences.find(|(known, _)| number(typed) == Some(*known)) {
                know("annul", yes_no(false));
                know("from", dates::iso(absence.from));
                know("until", dates::iso(absence.until));
                know("absence_reason", absence.reason.to_string());
            }
        }
        Datum::EndDate => {
            if let Some(ended) = ended {
                know("ended_on", dates::iso(ended.on));
            }
        }
        Datum::Outcome => {
            if let Some(ended) = ended {
                know("outcome", ended.outcome.to_string());
            }
        }
        Datum::HoursDone => {
            if let Some(ended) = ended {
                know("hours_done", ended.hours_done.to_string());
            }
        }
    }
    known
}

/// Where one goes after a correction that moved the path out of one's sight.
pub(super) fn away(scene: &Scene, after: &Path) -> Option<&'static str> {
    (!domain::path::decide::sees(&scene.signed.actor, after)).then(addresses::paths)
}
