//! The tables of the Region's steering committee: the other schemes from an import, FEST from the paths of Jalon.
//!
//! A printed share says whole numbers of people, and is weighed by them ([`given`]). Integers only: people, cents, hundredths of a
//! percent.

pub mod given;
pub mod import;

pub use import::{File, FileKind, Problem, Reason, Refused};
