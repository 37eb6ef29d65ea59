//! The tables of the Region's steering committee: the other schemes from an import, FEST from the paths of Jalon.
//!
//! Rules kept here:
//! - what was printed is kept and shown; what Jalon computes stands beside it, and every difference is listed
//!   ([`differences`]). Decision 32 tells how;
//! - a printed share says whole numbers of people, and is weighed by them ([`given`]);
//! - integers only: people, cents, hundredths of a percent.
//!
//! Used so: read each file ([`Sheet::read`]), give it the figures of the paths ([`Sheet::made`]), and write the tables of
//! [`assembly`] by [`crate::xlsx`], [`crate::ods`], [`crate::documents`] or [`Table::write`]. For readers outside, [`masking`]
//! withholds small numbers.
//!
//! Source of every definition: the deck of the committee of 2023; its own values are in `tests/deck`.
//!
//! [`Table::write`]: crate::Table::write

pub mod assembly;
pub mod budget;
pub mod comparison;
pub mod differences;
pub mod entries;
pub mod equity;
pub mod evaluation;
pub mod files;
pub mod given;
pub mod import;
pub mod masking;
pub mod movement;
pub mod outside;
pub mod programme;
pub mod sectors;
pub mod template;
pub mod yearly;

pub use assembly::{Compared, Made, Sheet};
pub use budget::Budget;
pub use comparison::Comparison;
pub use differences::{Difference, Finding};
pub use entries::{Entries, Statement, StatementLine};
pub use evaluation::Evaluation;
pub use files::{FileFormat, file};
pub use import::{File, FileKind, Problem, Reason, Refused, folded};
pub use masking::Masked;
pub use programme::Programme;
pub use sectors::Sectors;
pub use template::template;
pub use yearly::Yearly;
