//! The public directory of companies: what it knows of a SIRET, to fill in the form of a new path.
//!
//! Rules kept here:
//! - nothing is asked of anyone unless the settings name a directory; then a SIRET leaves, and nothing else;
//! - only who may open a path asks, so many times an hour, and each question is a line of the security log;
//! - the answer is short, quick and of that very establishment, or there is none: the form is then filled by hand.

use std::time::Duration;

use domain::identifiers::{Commune, Siret};
use domain::path::table::row;
use domain::path::{Step, Transition};
use domain::people::Actor;
use domain::security::SecurityEvent;
use serde::Deserialize;

use crate::security_log::record;
use crate::{App, AppError, Visitor};

/// Most bytes read of an answer.
const LONGEST: usize = 256 * 1024;
/// Most characters kept of a text.
const TEXT: usize = 200;
/// What the directory writes in the place of what its owner does not let be told.
const WITHHELD: &str = "[NON-DIFFUSIBLE]";

/// Where the directory answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectorySettings {
    /// Without a final slash.
    pub address: String,
    /// The whole time of a question.
    pub timeout: Duration,
}

/// What is known of an establishment; what is withheld or missing is absent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Establishment {
    pub name: Option<String>,
    pub address: Option<String>,
    /// Of Normandie or elsewhere.
    pub commune: Option<Commune>,
    pub closed: bool,
}

/// How a question ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LookUp {
    Found(Establishment),
    /// The directory does not know this establishment.
    Unknown,
    /// It did not answer in time, or nothing that can be read.
    NoAnswer,
    /// This account has asked as many times within the hour as it may.
    TooOften {
        most: u32,
    },
}

/// The directory; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Directory {
    client: reqwest::Client,
    address: String,
}

#[derive(Deserialize)]
struct Answer {
    results: Vec<Unit>,
}

/// A company with its establishments.
#[derive(Deserialize)]
struct Unit {
    nom_complet: Option<String>,
    siege: Option<Place>,
    #[serde(default)]
    matching_etablissements: Vec<Place>,
}

#[derive(Deserialize)]
struct Place {
    siret: Option<String>,
    adresse: Option<String>,
    commune: Option<String>,
    etat_administratif: Option<String>,
}

/// Why there is no answer, for the log.
#[derive(Debug, thiserror::Error)]
enum Silence {
    #[error(transparent)]
    Http(#[from] reqwest::Error),
    #[error("status {0}")]
    Status(reqwest::StatusCode),
    #[error("more than {LONGEST} bytes")]
    TooLong,
    #[error(transparent)]
    Unreadable(#[from] serde_json::Error),
}

impl Directory {
    /// The directory of the settings; none when its client cannot be made, which the log says.
    pub(crate) fn new(settings: &DirectorySettings) -> Option<Self> {
        // The client has no provider of its own; another part of the program may have chosen the same one first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .timeout(settings.timeout)
            // Another host was not named.
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("jalon/", env!("CARGO_PKG_VERSION")))
            .build();
        let client =
            client.inspect_err(|error| tracing::error!(%error, "directory of companies not reachable")).ok()?;
        Some(Self { client, address: settings.address.clone() })
    }

    async fn ask(&self, siret: &Siret) -> Result<Option<Establishment>, Silence> {
        // Of a company nothing but its establishments: who directs it is not asked.
        let query = format!("q={siret}&per_page=1&minimal=true&include=siege,matching_etablissements");
        let mut response = self.client.get(format!("{}/search?{query}", self.address)).send().await?;
        if !response.status().is_success() {
            return Err(Silence::Status(response.status()));
        }
        let mut bytes = Vec::new();
        while let Some(piece) = response.chunk().await? {
            if bytes.len() + piece.len() > LONGEST {
                return Err(Silence::TooLong);
            }
            bytes.extend_from_slice(&piece);
        }
        Ok(found(serde_json::from_slice(&bytes)?, siret))
    }
}

/// The establishment of a SIRET among those of an answer, which may be of others.
fn found(answer: Answer, siret: &Siret) -> Option<Establishment> {
    let is_it = |place: &Place| place.siret.as_deref() == Some(siret.as_str());
    answer.results.into_iter().find_map(|unit| {
        let place = unit.matching_etablissements.into_iter().chain(unit.siege).find(is_it)?;
        Some(Establishment {
            name: said(unit.nom_complet),
            address: said(place.adresse),
            commune: said(place.commune).and_then(|code| Commune::parse(&code).ok()),
            closed: place.etat_administratif.as_deref() == Some("F"),
        })
    })
}

/// A text of one line of a reasonable length.
fn said(text: Option<String>) -> Option<String> {
    let text = text?.split(|c: char| c.is_control() || c.is_whitespace()).collect::<Vec<_>>().join(" ");
    let text: String = text.trim().chars().take(TEXT).collect();
    (!text.is_empty() && !text.contains(WITHHELD)).then_some(text)
}

impl App {
    /// Whether there is a directory to ask.
    pub fn has_directory(&self) -> bool {
        self.inner.directory.is_some()
    }

    /// What the directory knows of a SIRET.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no directory, or for who may not open a path; the store does not answer.
    pub async fn look_up(&self, actor: &Actor, siret: &Siret, visitor: &Visitor) -> Result<LookUp, AppError> {
        let by = row(Step::Transition(Transition::ReportNeed)).by;
        let directory = self.inner.directory.as_ref().filter(|_| actor.side().is_some_and(|side| by.contains(&side)));
        let directory = directory.ok_or(AppError::NotFound)?;
        let most = self.settings().lookups_per_hour;
        if !self.fewer_within_hour(actor.account(), SecurityEvent::LookedUp, most).await? {
            return Ok(LookUp::TooOften { most });
        }
        let tx = self.store().begin_write().await?;
        record(&tx, SecurityEvent::LookedUp, actor.account(), None, visitor, siret.as_str()).await?;
        tx.commit().await?;
        Ok(match directory.ask(siret).await {
            Ok(found) => found.map_or(LookUp::Unknown, LookUp::Found),
            Err(silence) => {
                tracing::warn!(error = %silence, "directory of companies did not answer");
                LookUp::NoAnswer
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "73282932000074";
    const OTHER: &str = "73282932000082";

    fn of(answer: &str, siret: &str) -> Option<Establishment> {
        found(serde_json::from_str(answer).unwrap(), &Siret::parse(siret).unwrap())
    }

    #[test]
    fn the_establishment_is_the_one_that_was_asked() {
        let answer = format!(
            r#"{{"results": [{{"nom_complet": "BOULANGERIE\nLEMOINE",
                "siege": {{"siret": "{HEAD}", "adresse": "1 QUAI HENRI IV 76200 DIEPPE", "commune": "76217", "etat_administratif": "A"}},
                "matching_etablissements": [{{"siret": "{OTHER}", "adresse": null, "commune": "2 rue", "etat_administratif": "F"}}]}}]}}"#
        );
        let head = of(&answer, HEAD).unwrap();
        assert_eq!(head.name.as_deref(), Some("BOULANGERIE LEMOINE"));
        assert_eq!(head.address.as_deref(), Some("1 QUAI HENRI IV 76200 DIEPPE"));
        assert_eq!((head.commune, head.closed), (Commune::parse("76217").ok(), false));
        let other = of(&answer, OTHER).unwrap();
        assert_eq!((other.address, other.commune, other.closed), (None, None, true));
        assert_eq!(of(&answer, "35600000000048"), None, "another company");
        assert_eq!(of(r#"{"results": []}"#, HEAD), None);
    }

    #[test]
    fn what_is_withheld_is_absent_and_texts_are_short() {
        let long = "é".repeat(500);
        let answer = format!(
            r#"{{"results": [{{"nom_complet": "{long}", "siege": {{"siret": "{HEAD}", "adresse": "[NON-DIFFUSIBLE] 76200 DIEPPE"}}}}]}}"#
        );
        let found = of(&answer, HEAD).unwrap();
        assert_eq!(found.name.unwrap().chars().count(), TEXT);
        assert_eq!((found.address, found.commune, found.closed), (None, None, false));
    }
}
