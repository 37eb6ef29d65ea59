//! The whole system against the world outside: one binary, a module per subject.

mod arrows;
mod dates;
mod delivery;
mod histories;
mod invariants;
mod kills;
mod kit;
mod mail_faults;
mod races;
