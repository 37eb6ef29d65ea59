//! The Region's tables, computed from facts and written as CSV, JSON, spreadsheet or PDF; the tables of its steering committee
//! ([`committee`]); and the documents of a path ([`documents`]).
//!
//! A report is a [`Table`]: columns with a type, rows of typed cells, notes. Formats are written from it and decide
//! nothing. Definitions are in one place each, beside the figures they define ([`entries`]). Figures are counts, cents and
//! hundredths of a percent; French writing (`70,97 %`) is done when a cell becomes text.

pub mod committee;
pub mod decimal;
pub mod documents;
pub mod entries;
pub mod ods;
mod outline;
mod sheet;
pub mod table;
pub mod xlsx;

pub use entries::{EntriesReport, EntryFact};
pub use table::{Cell, Column, ColumnKind, Format, Outline, Scale, Table};
