//! Corrections: what changed, value by value, and the sentence that says it. A person's values never stand here.

use domain::path::command::Datum;
use domain::path::correction::{AbsencePeriod, Correction, SequencePeriod, Territory};
use domain::people::RecipientRole;

use crate::{dates, labels, numbers};

/// A value before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub label: &'static str,
    /// Empty when nothing stood there.
    pub before: String,
    pub after: String,
}

/// What a correction changed, value by value, those that stay left out.
pub fn changes(correction: &Correction) -> Vec<Change> {
    let own = |before: String, after: String| vec![Change { label: labels::datum(correction.datum()), before, after }];
    match correction {
        Correction::Company { before, after } | Correction::Job { before, after } => own(before.clone(), after.clone()),
        Correction::Siret { before, after } => own(numbers::siret(before), numbers::siret(after)),
        Correction::RomeCode { before, after } => {
            own(before.as_ref().map(ToString::to_string).unwrap_or_default(), after.to_string())
        }
        Correction::PersonsWanted { before, after } => own(before.to_string(), after.to_string()),
        Correction::Commune { before, after, lot, .. } => {
            let mut changes = own(before.to_string(), after.to_string());
            if let Territory::Moved { from, to, .. } = lot {
                changes.push(Change { label: "Lot", before: from.to_string(), after: to.to_string() });
            }
            changes
        }
        Correction::Prescriber { before, after } => {
            own(before.map_or("", labels::prescriber).to_owned(), labels::prescriber(*after).to_owned())
        }
        Correction::PlannedEntry { before, after, .. } | Correction::EntryDate { before, after } => {
            own(dates::medium(*before), dates::medium(*after))
        }
        Correction::EndDate { before, after, .. } => own(dates::medium(*before), dates::medium(*after)),
        // The values are not in the journal: they can be erased.
        Correction::CandidateProfile { .. } => Vec::new(),
        Correction::Sequence { before, after, .. } => sequence(before, after.as_ref()),
        Correction::Absence { before, after, .. } => absence(before, after.as_ref()),
        Correction::Outcome { before, after, .. } => {
            own(labels::outcome(*before).to_owned(), labels::outcome(*after).to_owned())
        }
        Correction::HoursDone { before, after } => own(numbers::hours(*before), numbers::hours(*after)),
    }
}

/// What a message to a role may show of a correction: of an absence its days, and never why, which may be of health.
pub fn changes_for(correction: &Correction, role: RecipientRole) -> Vec<Change> {
    let mut changes = changes(correction);
    if correction.datum() == Datum::Absence && role != RecipientRole::Region {
        changes.retain(|change| change.label != ABSENCE_REASON);
    }
    changes
}

const ABSENCE_REASON: &str = "Motif de l’absence";
const ANNULLED: &str = "annulée";

fn differing(all: impl IntoIterator<Item = (&'static str, String, String)>) -> Vec<Change> {
    let changes = all.into_iter().map(|(label, before, after)| Change { label, before, after });
    changes.filter(|change| change.before != change.after).collect()
}

fn sequence(before: &SequencePeriod, after: Option<&SequencePeriod>) -> Vec<Change> {
    let times = |period: &SequencePeriod| {
        format!("{}, jusqu’à {}", dates::moment(period.from), dates::time(period.until.time()))
    };
    let Some(after) = after else {
        return vec![Change {
            label: labels::sequence_kind(before.kind),
            before: times(before),
            after: ANNULLED.to_owned(),
        }];
    };
    let kind = |period: &SequencePeriod| labels::sequence_kind(period.kind).to_owned();
    differing([("Nature de la séquence", kind(before), kind(after)), ("Horaires", times(before), times(after))])
}

fn absence(before: &AbsencePeriod, after: Option<&AbsencePeriod>) -> Vec<Change> {
    let days = |period: &AbsencePeriod| dates::period(period.from, period.until);
    let Some(after) = after else {
        return vec![Change { label: "Absence", before: days(before), after: ANNULLED.to_owned() }];
    };
    let reason = |period: &AbsencePeriod| labels::absence_reason(period.reason).to_owned();
    differing([("Jours d’absence", days(before), days(after)), (ABSENCE_REASON, reason(before), reason(after))])
}

/// The sentence of the journal.
pub(super) fn sentence(correction: &Correction, who: &str) -> String {
    let changed =
        |what: &str, before: &str, after: &str| format!("{who} a corrigé {what} : {after} au lieu de {before}.");
    let day = |what: &str, before: domain::Day, after: domain::Day| {
        format!("{who} a corrigé {what} : le {} au lieu du {}.", dates::medium(after), dates::medium(before))
    };
    match correction {
        Correction::Company { before, after } => changed("le nom de l’entreprise", before, after),
        Correction::Siret { before, after } => {
            changed("le SIRET de l’entreprise", &numbers::siret(before), &numbers::siret(after))
        }
        Correction::Job { before, after } => changed("le métier visé", before, after),
        Correction::RomeCode { before: Some(before), after } => {
            changed("le code ROME", before.as_str(), after.as_str())
        }
        Correction::RomeCode { before: None, after } => format!("{who} a ajouté le code ROME : {after}."),
        Correction::PersonsWanted { before, after } => {
            changed("le nombre de personnes souhaité", &before.to_string(), &after.to_string())
        }
        Correction::Commune { before, after, lot, .. } => {
            let corrected = changed("la commune du lieu de travail", before.as_str(), after.as_str());
            match lot {
                Territory::Moved { from, to, .. } => {
                    format!("{corrected} Le parcours passe du lot {from} au lot {to}.")
                }
                Territory::Derogation => format!("{corrected} Le parcours reste dans son lot par dérogation."),
                Territory::Unsaid | Territory::Own => corrected,
            }
        }
        Correction::Prescriber { before: Some(before), after } => {
            changed("le prescripteur", labels::prescriber(*before), labels::prescriber(*after))
        }
        Correction::Prescriber { before: None, after } => {
            format!("{who} a indiqué le prescripteur : {}.", labels::prescriber(*after))
        }
        Correction::PlannedEntry { before, after, .. } => day("la date d’entrée prévue", *before, *after),
        Correction::EntryDate { before, after } => day("la date d’entrée en formation", *before, *after),
        Correction::EndDate { before, after, .. } => day("la date de fin de formation", *before, *after),
        Correction::CandidateProfile { values, .. } if values.is_empty() => {
            format!("{who} a corrigé le profil du candidat.")
        }
        Correction::CandidateProfile { values, .. } => {
            let named: Vec<String> = values.iter().map(|value| labels::profile_value(*value).to_owned()).collect();
            format!("{who} a corrigé dans le profil du candidat {}.", numbers::list(&named))
        }
        Correction::Sequence { number, after: None, .. } => {
            format!("{who} a annulé la séquence n° {number} du relevé.")
        }
        Correction::Sequence { number, .. } => format!("{who} a remplacé la séquence n° {number} du relevé."),
        Correction::Absence { after: None, before, .. } => {
            format!("{who} a annulé une absence : {}.", dates::period(before.from, before.until))
        }
        Correction::Absence { after: Some(after), .. } => {
            format!("{who} a corrigé une absence : {}.", dates::period(after.from, after.until))
        }
        Correction::Outcome { before, after, .. } => {
            changed("l’issue de la formation", labels::outcome(*before), labels::outcome(*after))
        }
        Correction::HoursDone { before, after } => {
            changed("les heures faites", &numbers::hours(*before), &numbers::hours(*after))
        }
    }
}
