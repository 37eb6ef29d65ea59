//! The FEST path, its purchase orders, places, money, clocks, people and rights, as pure values and functions.
//!
//! Rules this crate keeps: no I/O, no async, no ORM, no « now » and no randomness: the instant, new identifiers and
//! salts are parameters. `decide` answers a command with events or with a typed refusal, `apply` folds events, and both
//! are total. Nothing here is French: sentences are chosen in `wording` from the typed values.
//!
//! To add a transition, start with [`path::table`]; `docs/guides/add-a-transition.md` is the checklist.

pub mod accounts;
pub mod calendar;
pub mod clocks;
pub mod committee;
pub mod delegation;
pub mod documents;
pub mod figures;
pub mod form;
pub mod identifiers;
pub mod lifecycle;
pub mod market;
pub mod money;
pub mod news;
pub mod order;
pub mod path;
pub mod people;
pub mod places;
pub mod proposal;
#[doc(hidden)]
pub mod samples;
pub mod security;
pub mod spelling;
pub mod territories;
pub mod texts;
pub mod told;

pub use calendar::{Day, Instant};
