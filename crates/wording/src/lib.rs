//! French: labels, dates, amounts, refusals, sentences of the journal, and the addresses of pages.
//!
//! Rules this crate keeps: pure functions of domain values, no templates, no clock, no I/O; one word for one thing, as
//! `docs/glossaire.md` fixes it; sentences are short, in the present, and say what to do next; nobody is gendered but by
//! the name of a role. Typography is held by [`typography::check`] in the tests of every module.
//!
//! A new state, step, event, refusal or choice is a compile error here until it has its words.

pub mod accounts;
pub mod addresses;
pub mod committee;
pub mod dates;
pub mod documents;
pub mod fields;
pub mod figures;
#[cfg(test)]
mod glossary;
pub mod labels;
pub mod lifecycle;
pub mod market;
pub mod market_problems;
pub mod messages;
pub mod numbers;
pub mod pages;
pub mod pieces;
pub mod refusals;
pub mod reports;
pub mod security;
pub mod statements;
pub mod tasks;
pub mod texts;
pub mod timeline;
pub mod typography;

/// Said wherever a price shows while the schedule of prices is not the Region's.
pub const ILLUSTRATIVE_PRICES: &str = "Tarifs d’illustration, bordereau des prix à confirmer par la Région.";

/// `210 heures (avant : 200 heures)`: a value with the one whose place it takes, when it is another.
pub fn instead_of(now: String, before: Option<String>) -> String {
    match before.filter(|before| *before != now) {
        Some(before) => format!("{now} (avant\u{a0}: {before})"),
        None => now,
    }
}

/// A text with a capital, as a sentence begins.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
