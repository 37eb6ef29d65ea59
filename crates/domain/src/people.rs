//! Who acts and who is told: roles of staff, roles of the people of a path, the author of an event.
//!
//! A member of staff has an account and one role; people outside (company contact and their colleagues, tutor, trainee) act
//! by a link bound to one path. Which rights a role gives is decided in [`mod@crate::path::decide`] and [`crate::order`], nowhere else.

use serde::{Deserialize, Serialize};
use strum::{AsRefStr, Display, EnumIter, EnumString, IntoStaticStr, VariantNames};

use crate::calendar::Day;
use crate::identifiers::{AccountId, BodyCode, EmailAddress, LotCode, PathId, PersonId, Phone, TrainingLevel};
use crate::news::Preferences;

/// The role of an account.
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
pub enum StaffRole {
    RegionOfficer,
    RegionFinance,
    RegionViewer,
    Coordinator,
    Administrator,
    Auditor,
}

impl StaffRole {
    /// Whether messages of the lifecycle are addressed to it with the choice of « (R) ».
    pub const fn chooses_news(self) -> bool {
        matches!(self, Self::RegionOfficer)
    }

    /// Whether its account may have a last day: it only reads, so nothing waits for it afterwards.
    pub const fn is_dated(self) -> bool {
        matches!(self, Self::RegionViewer | Self::Auditor)
    }

    /// Whether reminders are addressed to it.
    pub const fn is_reminded(self) -> bool {
        match self {
            Self::RegionOfficer | Self::RegionFinance | Self::Coordinator => true,
            Self::RegionViewer | Self::Administrator | Self::Auditor => false,
        }
    }
}

/// The side on which someone acts, as the columns « actor » of the lifecycle name it (R, B, C, T, tutor, S).
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
pub enum Side {
    Region,
    Finance,
    Body,
    Company,
    Trainee,
    Tutor,
    System,
}

/// The role in which someone receives a message about a path or an order.
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
pub enum RecipientRole {
    /// The coordinator in charge, or the body's own address while nobody is.
    Body,
    Company,
    Trainee,
    Tutor,
    /// Region officers in charge of the lot.
    Region,
    /// Region finance: endorsement of purchase orders.
    Finance,
    /// A candidate who was not selected.
    Candidate,
}

/// Somebody in whose name a colleague acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Principal {
    pub account: AccountId,
    pub name: String,
}

/// Who performs a command: a member of staff, a person outside by link, or the clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Actor {
    Staff {
        account: AccountId,
        name: String,
        role: StaffRole,
        /// The body a coordinator belongs to; `None` for the Region's staff.
        body: Option<BodyCode>,
        /// The colleague for whom they stand in, and who is in charge of what they act on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on_behalf_of: Option<Principal>,
    },
    Outside {
        person: PersonId,
        role: OutsideRole,
        /// The only path this person's link opens.
        path: PathId,
    },
    System,
}

/// The role of a person outside, who acts by link on one path.
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
pub enum OutsideRole {
    /// The main contact of the company.
    Company,
    Tutor,
    Trainee,
    Signatory,
    HumanResources,
    Accounting,
}

impl OutsideRole {
    /// The same role as a recipient of messages.
    pub const fn recipient(self) -> RecipientRole {
        match self {
            Self::Company | Self::Signatory | Self::HumanResources | Self::Accounting => RecipientRole::Company,
            Self::Tutor => RecipientRole::Tutor,
            Self::Trainee => RecipientRole::Trainee,
        }
    }

    /// The function of a colleague of the main contact.
    pub const fn function(self) -> Option<CompanyFunction> {
        match self {
            Self::Signatory => Some(CompanyFunction::Signatory),
            Self::HumanResources => Some(CompanyFunction::HumanResources),
            Self::Accounting => Some(CompanyFunction::Accounting),
            Self::Company | Self::Tutor | Self::Trainee => None,
        }
    }

    /// Whether it speaks for the company: its main contact or one of their colleagues.
    pub const fn of_company(self) -> bool {
        matches!(self.recipient(), RecipientRole::Company)
    }
}

/// What somebody of the company does on a path besides its main contact and its tutor (L27). While nobody is named for
/// one, the main contact does it.
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
pub enum CompanyFunction {
    /// Confirms and signs for the company, and is the one asked.
    Signatory,
    /// Told of the candidate, of the training and of the main contact.
    HumanResources,
    /// Told of what the company declares: the training, and the months of attendance once signed.
    Accounting,
}

impl CompanyFunction {
    /// The same as a role of a person outside.
    pub const fn outside(self) -> OutsideRole {
        match self {
            Self::Signatory => OutsideRole::Signatory,
            Self::HumanResources => OutsideRole::HumanResources,
            Self::Accounting => OutsideRole::Accounting,
        }
    }
}

impl Actor {
    /// The side this actor takes in the lifecycle; `None` for accounts that decide nothing on paths or orders.
    pub fn side(&self) -> Option<Side> {
        match self {
            Self::Staff { role, .. } => match role {
                StaffRole::RegionOfficer => Some(Side::Region),
                StaffRole::RegionFinance => Some(Side::Finance),
                StaffRole::Coordinator => Some(Side::Body),
                StaffRole::RegionViewer | StaffRole::Administrator | StaffRole::Auditor => None,
            },
            Self::Outside { role, .. } => Some(match role {
                OutsideRole::Company
                | OutsideRole::Signatory
                | OutsideRole::HumanResources
                | OutsideRole::Accounting => Side::Company,
                OutsideRole::Tutor => Side::Tutor,
                OutsideRole::Trainee => Side::Trainee,
            }),
            Self::System => Some(Side::System),
        }
    }

    /// Whether this account may look at everything and do nothing.
    pub fn reads_only(&self) -> bool {
        match self {
            Self::Staff { role, .. } => matches!(role, StaffRole::RegionViewer | StaffRole::Auditor),
            Self::Outside { .. } | Self::System => false,
        }
    }

    /// The account behind a member of staff.
    pub fn account(&self) -> Option<AccountId> {
        match self {
            Self::Staff { account, .. } => Some(*account),
            Self::Outside { .. } | Self::System => None,
        }
    }

    /// The colleague in whose name a member of staff acts.
    pub fn principal(&self) -> Option<&Principal> {
        match self {
            Self::Staff { on_behalf_of, .. } => on_behalf_of.as_ref(),
            Self::Outside { .. } | Self::System => None,
        }
    }

    /// The name shown beside what this actor did; empty for the system, and for a person outside, whom the journal never names.
    pub fn name(&self) -> &str {
        match self {
            Self::Staff { name, .. } => name,
            Self::Outside { .. } | Self::System => "",
        }
    }
}

/// An account of the Region, of a training body or of the operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    pub id: AccountId,
    pub email: EmailAddress,
    pub name: String,
    pub role: StaffRole,
    pub body: Option<BodyCode>,
    /// The lots a Region officer follows; empty means all of them.
    pub lots: Vec<LotCode>,
    pub phone: Option<Phone>,
    pub active: bool,
    /// The last day on which it opens, in Europe/Paris; none for an account that lasts.
    #[serde(default)]
    pub ends_on: Option<Day>,
    pub preferences: Preferences,
    /// How often it was changed, from 1: a change carries the version that it saw.
    pub version: u32,
}

impl Account {
    /// Whether its owner may use it on a day: it is not closed, and its last day has not passed.
    pub fn opens(&self, today: Day) -> bool {
        self.active && self.ends_on.is_none_or(|last| today <= last)
    }

    /// The account as the author of a command.
    pub fn actor(&self) -> Actor {
        Actor::Staff {
            account: self.id,
            name: self.name.clone(),
            role: self.role,
            body: self.body.clone(),
            on_behalf_of: None,
        }
    }

    /// Whether an officer follows a lot: no lot said is all of them.
    pub fn follows(&self, lot: &LotCode) -> bool {
        self.lots.is_empty() || self.lots.contains(lot)
    }
}

/// A person of a path, as events name them: an identifier and a salted digest of the values, never the values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRef {
    pub id: PersonId,
    pub digest: String,
}

/// What is needed to write to a person of a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    pub name: String,
    /// A person without a mailbox answers through the coordinator.
    pub email: Option<EmailAddress>,
    pub phone: Option<Phone>,
}

/// Sex as the Region's statistics count it.
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
pub enum Sex {
    Female,
    Male,
    Unspecified,
}

/// What the statistics need of a candidate; stored encrypted, never shown to the company, the tutor or in a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    pub birth_date: Day,
    pub level: TrainingLevel,
    pub sex: Sex,
    /// Beneficiary of the RSA.
    pub rsa: bool,
    /// Beneficiary of the obligation of employment (BOE).
    pub boe: bool,
}

/// The values of a person of a path, kept apart from the events so that they can be erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub id: PersonId,
    pub path: PathId,
    pub role: RecipientRole,
    pub contact: Contact,
    pub profile: Option<Profile>,
    /// Random value mixed into the digest, so that a digest says nothing once the values are erased.
    pub salt: String,
    /// False once the person was replaced or withdrew: nothing is sent any more.
    pub active: bool,
    /// The person asked not to be reminded; decisions are still sent.
    pub reminders_off: bool,
    /// The address was refused for good by the mail server.
    pub address_refused: bool,
    /// When a message said what is kept of them, why, and their rights (GDPR art. 13 and 14); none before the first message.
    pub informed_on: Option<Day>,
}

impl Person {
    /// The reference that events carry.
    pub fn reference(&self) -> PersonRef {
        PersonRef { id: self.id, digest: digest(&self.salt, &self.contact, self.profile.as_ref()) }
    }
}

/// The salted digest of a person's values: SHA-256 over salt and canonical JSON, in hexadecimal.
pub fn digest(salt: &str, contact: &Contact, profile: Option<&Profile>) -> String {
    use sha2::{Digest, Sha256};
    let values = serde_json::to_vec(&(contact, profile)).expect("plain data without maps always becomes JSON");
    let mut hash = Sha256::new();
    hash.update(salt.as_bytes());
    hash.update([0]);
    hash.update(&values);
    data_encoding::HEXLOWER.encode(&hash.finalize())
}
