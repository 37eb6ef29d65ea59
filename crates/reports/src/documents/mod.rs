//! Documents as accessible PDF: of one path, what the parties sign, what is handed over, what proves; of the committee, its tables.
//!
//! Rules kept here:
//! - a document says what the path says, and nobody's RSA, BOE, birth date or pay is in any of them;
//! - what a person typed reaches a template as data, never as markup;
//! - every file is PDF/A-2a and PDF/UA-1, enforced when it is written: a document that is not accessible is an error;
//! - the same facts at the same instant give the same bytes, so that what was looked at is what is signed.
//!
//! To add a document: its template in `templates`, its struct with what the template prints, its line in [`Piece`].

mod dossier;
mod engine;
mod letters;
mod pif;
mod proof;
mod tables;

use domain::calendar::paris_day;
use domain::identifiers::PersonId;
use domain::market::Holder;
use domain::path::Path;
use domain::people::{Account, Person};
use domain::{Day, Instant};
use serde::Serialize;
use strum::{Display, EnumIter, EnumString, IntoStaticStr};
use wording::{dates, labels, numbers, pieces};

pub use dossier::{Answer, Dossier, Fact, Held, dossier};
pub use engine::DocumentError;
pub use letters::letter;
pub use pif::{Programme, pif};
pub use proof::{Integrity, Means, Proof, Read, proof};
pub use tables::{Cover, Paper, tables};

/// A document that is made of a path whenever it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, EnumString, IntoStaticStr, Display)]
#[strum(serialize_all = "kebab-case")]
pub enum Piece {
    /// The company's commitment, to sign on paper when it does not answer by its link.
    #[strum(serialize = "lettre-d-engagement")]
    Commitment,
    #[strum(serialize = "designation-du-tuteur")]
    TutorDesignation,
    /// The certificate of completion (certificat de réalisation) that goes with the final report.
    #[strum(serialize = "certificat-de-realisation")]
    Completion,
    /// Everything that proves the path, for an audit.
    #[strum(serialize = "dossier-de-preuves")]
    Dossier,
}

impl Piece {
    /// Whether the path has what the document says.
    pub fn is_of(self, path: &Path) -> bool {
        match self {
            Self::Commitment => path.feasibility.ordered.is_some(),
            Self::TutorDesignation => path.tutor.is_some(),
            Self::Completion => path.training.as_ref().is_some_and(|training| training.ended.is_some()),
            Self::Dossier => path.feasibility.started_on.is_some() || path.training.is_some() || path.source.is_some(),
        }
    }

    /// Its title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Commitment => pieces::COMMITMENT,
            Self::TutorDesignation => pieces::TUTOR_DESIGNATION,
            Self::Completion => pieces::COMPLETION,
            Self::Dossier => pieces::DOSSIER,
        }
    }
}

/// A path with the people that documents name.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    pub path: &'a Path,
    /// The people of the path, replaced ones included.
    pub people: &'a [Person],
    pub holder: &'a Holder,
    pub coordinator: Option<&'a Account>,
    /// When the document is made.
    pub now: Instant,
}

impl Source<'_> {
    /// The name of a person of the path.
    fn name(&self, person: PersonId) -> String {
        let known = self.people.iter().find(|known| known.id == person);
        known.map_or_else(|| pieces::NOTHING.to_owned(), |person| person.contact.name.clone())
    }

    fn contact(&self) -> String {
        self.name(self.path.contact.id)
    }

    fn trainee(&self) -> Option<String> {
        self.path.trainee().map(|person| self.name(person.id))
    }

    fn tutor(&self) -> Option<String> {
        self.path.tutor.as_ref().map(|tutor| self.name(tutor.person.id))
    }

    /// Who coordinates, by name, else the body.
    fn coordination(&self) -> String {
        self.coordinator.map_or_else(|| self.holder.name.clone(), |account| account.name.clone())
    }

    fn company(&self) -> String {
        let workplace = &self.path.workplace;
        pieces::company_at(&workplace.company, numbers::siret(&workplace.siret))
    }

    fn job(&self) -> String {
        let job = &self.path.job;
        job.rome.as_ref().map_or_else(|| job.title.clone(), |rome| pieces::rome(&job.title, rome))
    }

    fn workplace(&self) -> String {
        let workplace = &self.path.workplace;
        pieces::place_of(&workplace.company, labels::commune(workplace.commune.as_str()))
    }

    fn today(&self) -> Day {
        paris_day(self.now)
    }
}

/// A label and its value.
type Line = (&'static str, String);

/// The head of a document.
#[derive(Debug, Clone, Serialize)]
struct Head {
    title: &'static str,
    reference: String,
    subtitle: String,
    issuer: String,
    established: String,
    /// What readers must know before anything else.
    notice: Option<String>,
}

impl Head {
    fn new(source: &Source<'_>, title: &'static str, subtitle: String) -> Self {
        Self {
            title,
            reference: source.path.reference.to_string(),
            subtitle,
            issuer: source.holder.name.clone(),
            established: pieces::established(dates::medium(source.today())),
            notice: None,
        }
    }
}

/// A party at the foot of a document: signed, or with room to sign.
#[derive(Debug, Clone, Serialize)]
struct Signatory {
    party: &'static str,
    name: String,
    signed: Option<String>,
}

/// A text as paragraphs.
fn paragraphs(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}
