//! Identifiers that people type and registries publish, references that Jalon gives, and the keys of its records.
//!
//! A value that exists is well formed: fields are private, `parse` is the only way in, and reading from a file or from
//! the store goes through it. What is accepted with spaces or in either case is kept in one canonical text, which is what
//! is shown, stored and compared. Well formed is not known: no registry is asked here.
//!
//! To add an identifier, add its [`Kind`], write its rule as a function from the typed text to the canonical one, and
//! hand both to `text_identifier!`.

use strum::{AsRefStr, Display, EnumIter, EnumString, IntoStaticStr, VariantNames};
use thiserror::Error;

#[macro_use]
mod text;
mod contact;
mod keys;
mod reference;
mod registry;

#[cfg(test)]
mod tests;

pub use contact::{EmailAddress, Phone, Postcode};
pub use keys::{
    AccountId, DelegationId, DocumentId, EventId, LineId, MessageId, OrderId, PathId, PersonId, ProposalId, ReminderId,
};
pub use reference::{BodyCode, LotCode, OrderReference, PathReference};
pub use registry::{Commune, Department, Nsf, Rncp, Rome, Siren, Siret, TrainingLevel};

/// Which identifier a text was meant to be.
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
pub enum Kind {
    Siren,
    Siret,
    Commune,
    Department,
    Rome,
    Nsf,
    Rncp,
    TrainingLevel,
    EmailAddress,
    Phone,
    Postcode,
    LotCode,
    BodyCode,
    PathReference,
    OrderReference,
    /// The key of a record.
    Key,
}

/// Why a text is not the identifier it was meant to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error, AsRefStr, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum IdentifierError {
    /// Nothing but spaces.
    #[error("{0} is empty")]
    Empty(Kind),
    /// Too many or too few characters.
    #[error("{0} has a wrong length")]
    Length(Kind),
    /// Something else than digits where only digits belong.
    #[error("{0} is not made of digits")]
    NotDigits(Kind),
    /// The check digits contradict the others: most often a typing mistake.
    #[error("{0} has wrong check digits")]
    Checksum(Kind),
    /// The parts are not those expected.
    #[error("{0} has a wrong form")]
    Form(Kind),
    /// Well written, and a value that does not exist.
    #[error("{0} is out of range")]
    OutOfRange(Kind),
}

impl IdentifierError {
    /// Which identifier the text was meant to be.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Empty(kind)
            | Self::Length(kind)
            | Self::NotDigits(kind)
            | Self::Checksum(kind)
            | Self::Form(kind)
            | Self::OutOfRange(kind) => *kind,
        }
    }
}
