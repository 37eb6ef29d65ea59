//! The whole system against the world outside: one binary, a module per subject.

mod accounts;
mod arrows;
mod browser;
mod bucket;
mod cli_kit;
mod colleagues;
mod committee;
mod corrections;
mod dates;
mod delivery;
mod digests;
mod dkim;
mod documents;
mod emails;
mod figures;
mod histories;
mod invariants;
#[expect(clippy::inconsistent_digit_grouping, reason = "an amount in cents reads as euros and cents")]
mod journeys;
mod kills;
mod kit;
mod limits;
mod mail_faults;
mod outage;
mod pieces;
mod queue;
mod races;
mod returns;
mod rules;
mod several;
mod texts;
mod words;
