//! The individual programme (PIF), as the three parties sign it.

use domain::Day;
use serde::Serialize;
use wording::{dates, labels, numbers, pieces};

use super::engine::{DocumentError, render};
use super::{Head, Line, Signatory, Source, paragraphs};
use domain::path::event::Party;

/// What a version of the programme says. Hours are whole hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programme {
    pub version: u32,
    pub afest_hours: u32,
    pub application_hours: u32,
    pub weekly_hours: u32,
    pub daily_hours: u32,
    pub starts_on: Day,
    pub ends_on: Day,
    /// Competences to develop and what is learnt, in the coordinator's words.
    pub objectives: String,
}

#[derive(Serialize)]
struct Printed {
    #[serde(flatten)]
    head: Head,
    parties: Vec<Line>,
    training: Vec<Line>,
    objectives: Vec<String>,
    rhythm: Vec<Line>,
    signatures: Vec<Signatory>,
}

/// The programme as a PDF, with room for three signatures.
///
/// # Errors
/// A fault of ours: see [`DocumentError`].
pub fn pif(source: &Source<'_>, programme: &Programme) -> Result<Vec<u8>, DocumentError> {
    let path = source.path;
    let about = pieces::job_at(&path.job.title, &path.workplace.company);
    let trainee = source.trainee().unwrap_or_else(|| pieces::NOTHING.to_owned());
    let hours = [
        (pieces::AFEST_HOURS, numbers::hours(programme.afest_hours)),
        (pieces::APPLICATION_HOURS, numbers::hours(programme.application_hours)),
        (pieces::TOTAL_HOURS, numbers::hours(programme.afest_hours + programme.application_hours)),
        (pieces::RHYTHM, pieces::rhythm(numbers::hours(programme.daily_hours), numbers::hours(programme.weekly_hours))),
    ];
    let signatory = |party: Party, name: String| Signatory { party: labels::party(party), name, signed: None };
    let printed = Printed {
        head: Head::new(source, pieces::PIF, pieces::version_of(programme.version, about)),
        parties: vec![
            (pieces::TRAINEE, trainee.clone()),
            (pieces::COMPANY, source.company()),
            (pieces::CONTACT, source.contact()),
            (pieces::TUTOR, source.tutor().unwrap_or_else(|| pieces::TO_DESIGNATE.to_owned())),
            (pieces::BODY, source.holder.name.clone()),
            (pieces::COORDINATION, source.coordination()),
        ],
        training: vec![
            (pieces::JOB, source.job()),
            (pieces::WORKPLACE, source.workplace()),
            (pieces::DATES, wording::capital(&dates::period(programme.starts_on, programme.ends_on))),
        ],
        objectives: paragraphs(&programme.objectives),
        rhythm: hours.to_vec(),
        signatures: vec![
            signatory(Party::Body, source.coordination()),
            signatory(Party::Company, source.contact()),
            signatory(Party::Trainee, trainee),
        ],
    };
    render("pif.typ", &printed, source.now)
}
