//! Why a document received is not taken.

use strum::{Display, EnumIter};

/// Why a document received is not taken; each has a way out, which `wording` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumIter)]
#[strum(serialize_all = "snake_case")]
pub enum NotTaken {
    Empty,
    /// Nothing that is taken starts like this.
    Unknown,
    /// An archive that is no office document.
    Archive,
    /// Word, Excel or PowerPoint before 2007.
    OldOffice,
    /// An office document that asks for a password.
    Encrypted,
    /// An office document that holds programs.
    Macros,
    /// The bytes do not hold together.
    Damaged,
    /// Opened, it would fill the memory of who reads it.
    Immense,
    /// A PDF behind other bytes, which is something else for another program.
    LeadingBytes,
    /// A text that a browser would run.
    Markup,
    /// The file by which antivirus programs are tried.
    Virus,
}
