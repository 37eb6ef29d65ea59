//! Past paths: what happened before Jalon, replayed step by step at its own dates, silently.
//!
//! A row of the file is one entry into training of an earlier market; it becomes a path with its events, each with the day
//! on which the fact took place, recorded at the instant of the import. A file is checked whole before anything is written.

use domain::form::FieldError;
use domain::identifiers::{Commune, LotCode, Siret, TrainingLevel};
use domain::path::command::Outcome as TrainingOutcome;
use domain::people::Sex;
use domain::Day;

/// The person of a past path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastPerson {
    pub birth_date: Day,
    pub level: TrainingLevel,
    pub sex: Sex,
    pub rsa: bool,
    pub boe: bool,
}

/// An entry into training that precedes Jalon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastPath {
    pub market: String,
    pub lot: LotCode,
    pub siret: Siret,
    pub company: String,
    pub commune: Commune,
    pub job: String,
    pub person: PastPerson,
    pub entered_on: Day,
    pub ended_on: Option<Day>,
    pub outcome: Option<TrainingOutcome>,
    pub hours: u32,
}

/// A row that cannot be imported, by its number in the file.
#[derive(Debug, Clone, PartialEq)]
pub struct BadRow {
    pub line: usize,
    pub errors: Vec<FieldError>,
}
