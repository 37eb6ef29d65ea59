//! A need that someone outside reports, « signalement »: by whom, for which company, and what became of it.
//!
//! Rules: it is a proposal, never a path. Nobody but its sender is written to before the sender confirms it by e-mail; it is
//! then received, and either taken (a path is opened from it) or declined with a reason, once. Who may decide of it is who may
//! report a need: see [`mod@crate::path::table`].

use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};
use strum::{AsRefStr, Display, EnumIter, EnumString, IntoStaticStr, VariantNames};

use crate::calendar::Instant;
use crate::form::{FieldError, FieldProblem, Form, Line, Text, choices, forms};
use crate::identifiers::{Commune, EmailAddress, LotCode, PathId, Phone, ProposalId, Siret};
use crate::people::Contact;

/// Who reports a need.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    EnumIter,
    EnumString,
    Display,
    AsRefStr,
    IntoStaticStr,
    VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Sender {
    /// The company itself.
    Company,
    FranceTravail,
    MissionLocale,
    CapEmploi,
    /// Conseil en évolution professionnelle (CEP).
    CareerAdvice,
    Other,
}
choices!(Sender);

/// What is asked about a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, Display, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum ProposalStep {
    /// By anyone, on the public page.
    Propose,
    /// By who decides of it.
    Decline,
}

forms! {
    /// What is said of a proposal, each with its form.
    #[derive(Debug, Clone, PartialEq)]
    #[expect(clippy::large_enum_variant, reason = "one is read for each form, and taken apart at once")]
    pub enum ProposalCommand by ProposalStep {
        Propose = [ProposalStep::Propose] {
            sender: Sender, sender_name: Line, sender_email: EmailAddress, sender_phone: Option<Phone>,
            company: Line, siret: Option<Siret>, commune: Commune,
            job: Line, persons_wanted: NonZeroU32, details: Option<Text>,
            /// Of the company, when its sender is not the company.
            contact_name: Option<Line>, contact_email: Option<EmailAddress>, contact_phone: Option<Phone>,
        }
        Decline = [ProposalStep::Decline] { reason: Text }
    }
}

/// What a sender says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    pub sender: Sender,
    pub sender_name: String,
    pub sender_email: EmailAddress,
    pub sender_phone: Option<Phone>,
    pub company: String,
    pub siret: Option<Siret>,
    pub commune: Commune,
    pub job: String,
    pub persons_wanted: u32,
    pub details: Option<String>,
    /// Whom to call in the company; none when that is the sender.
    pub contact: Option<Contact>,
}

impl Need {
    /// Reads what was typed. A sender who is not the company names someone there, with a way to reach them.
    ///
    /// # Errors
    /// Every problem of every field.
    pub fn read(form: &Form) -> Result<Self, Vec<FieldError>> {
        let missing = missing_contact(form);
        let command = match ProposalCommand::read(ProposalStep::Propose, form) {
            Ok(command) if missing.is_empty() => command,
            Ok(_) => return Err(missing),
            Err(mut errors) => {
                errors.extend(missing);
                return Err(errors);
            }
        };
        let ProposalCommand::Propose {
            sender,
            sender_name: Line(sender_name),
            sender_email,
            sender_phone,
            company: Line(company),
            siret,
            commune,
            job: Line(job),
            persons_wanted,
            details,
            contact_name,
            contact_email,
            contact_phone,
        } = command
        else {
            return Err(Vec::new());
        };
        let contact = contact_name.map(|Line(name)| Contact { name, email: contact_email, phone: contact_phone });
        Ok(Self {
            sender,
            sender_name,
            sender_email,
            sender_phone,
            company,
            siret,
            commune,
            job,
            persons_wanted: persons_wanted.get(),
            details: details.map(|Text(details)| details),
            contact,
        })
    }

    /// Whom to call in the company.
    pub fn company_contact(&self) -> Contact {
        self.contact.clone().unwrap_or_else(|| Contact {
            name: self.sender_name.clone(),
            email: Some(self.sender_email.clone()),
            phone: self.sender_phone.clone(),
        })
    }
}

/// What is missing of the contact in the company.
fn missing_contact(form: &Form) -> Vec<FieldError> {
    let said = |name: &str| form.get(name).and_then(|value| value.as_str()).is_some_and(|text| !text.trim().is_empty());
    let sender = form.get("sender").and_then(|value| value.as_str()).and_then(|text| text.trim().parse().ok());
    let (named, reached) = (said("contact_name"), said("contact_email") || said("contact_phone"));
    let other = sender.is_some_and(|sender: Sender| sender != Sender::Company);
    let mut missing = Vec::new();
    let mut note = |field: &str| missing.push(FieldError { field: field.to_owned(), problem: FieldProblem::Missing });
    if !named && (other || reached) {
        note("contact_name");
    }
    if !reached && (other || named) {
        note("contact_email");
    }
    missing
}

/// Where a proposal is, without the facts.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    EnumIter,
    EnumString,
    Display,
    AsRefStr,
    IntoStaticStr,
    VariantNames,
)]
#[strum(serialize_all = "snake_case")]
pub enum ProposalStage {
    Unconfirmed,
    Received,
    Taken,
    Declined,
}

/// Where a proposal is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProposalState {
    /// Its sender has not said yet that it is theirs.
    Unconfirmed,
    /// It waits for the body, or for the Region.
    Received {
        confirmed_at: Instant,
    },
    /// A path was opened from it.
    Taken {
        confirmed_at: Instant,
        at: Instant,
        by: String,
        path: PathId,
    },
    Declined {
        confirmed_at: Instant,
        at: Instant,
        by: String,
        reason: String,
    },
}

impl ProposalState {
    /// The state without its facts.
    pub fn stage(&self) -> ProposalStage {
        match self {
            Self::Unconfirmed => ProposalStage::Unconfirmed,
            Self::Received { .. } => ProposalStage::Received,
            Self::Taken { .. } => ProposalStage::Taken,
            Self::Declined { .. } => ProposalStage::Declined,
        }
    }

    /// Since when the body knows of it.
    pub fn confirmed_at(&self) -> Option<Instant> {
        match self {
            Self::Unconfirmed => None,
            Self::Received { confirmed_at }
            | Self::Taken { confirmed_at, .. }
            | Self::Declined { confirmed_at, .. } => Some(*confirmed_at),
        }
    }
}

/// A reported need as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    pub id: ProposalId,
    pub need: Need,
    /// That of the commune.
    pub lot: LotCode,
    pub sent_at: Instant,
    pub state: ProposalState,
}

impl Proposal {
    /// Whether two proposals are likely about the same: the establishment, or a company of this name in this commune.
    pub fn resembles(&self, other: &Self) -> bool {
        let same_siret = self.need.siret.is_some() && self.need.siret == other.need.siret;
        let same_name =
            self.need.commune == other.need.commune && same_company(&self.need.company, &other.need.company);
        self.id != other.id && (same_siret || same_name)
    }
}

/// Whether two names are those of one company, as people type them: capitals, spaces and signs aside.
pub fn same_company(one: &str, other: &str) -> bool {
    let plain = |name: &str| -> String {
        let letters = name.to_lowercase();
        letters.chars().filter(|letter| letter.is_alphanumeric()).collect()
    };
    plain(one) == plain(other)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn form(fields: &serde_json::Value) -> Form {
        let mut form = json!({
            "sender": "company", "sender_name": "Anne Lemoine", "sender_email": "anne@fournil.example",
            "company": "Au Fournil", "commune": "76217", "job": "Boulanger", "persons_wanted": "2",
        })
        .as_object()
        .cloned()
        .unwrap();
        form.extend(fields.as_object().cloned().unwrap());
        form
    }

    fn problems(fields: &serde_json::Value) -> Vec<String> {
        Need::read(&form(fields)).err().unwrap_or_default().into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn a_company_is_its_own_contact() {
        let need = Need::read(&form(&json!({}))).unwrap();
        assert_eq!((need.contact.as_ref(), need.persons_wanted), (None, 2));
        assert_eq!(need.company_contact().name, "Anne Lemoine");
        let other = json!({"contact_name": "Luc Lemoine", "contact_phone": "02 35 00 00 00"});
        assert_eq!(Need::read(&form(&other)).unwrap().company_contact().name, "Luc Lemoine");
    }

    #[test]
    fn others_say_whom_to_call_in_the_company() {
        for sender in Sender::VARIANTS.iter().filter(|sender| **sender != "company") {
            assert_eq!(problems(&json!({"sender": sender})), ["contact_name", "contact_email"], "{sender}");
        }
        assert_eq!(problems(&json!({"contact_name": "Luc Lemoine"})), ["contact_email"]);
        assert_eq!(problems(&json!({"contact_phone": "0235000000"})), ["contact_name"]);
        let whole = json!({"sender": "cap_emploi", "contact_name": "Luc", "contact_phone": "0235000000"});
        assert!(problems(&whole).is_empty());
    }

    #[test]
    fn every_problem_is_said_at_once() {
        let wrong = json!({"sender": "mission_locale", "siret": "12", "sender_email": "anne", "job": " "});
        assert_eq!(problems(&wrong), ["sender_email", "siret", "job", "contact_name", "contact_email"]);
    }

    #[test]
    fn a_name_is_compared_as_people_type_it() {
        assert!(same_company("Au Fournil d’Anne", "AU FOURNIL D'ANNE"));
        assert!(!same_company("Au Fournil", "Le Fournil"));
    }
}
