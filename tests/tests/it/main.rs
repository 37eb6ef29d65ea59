//! The whole system against the world outside: one binary, a module per subject.

mod arrows;
mod delivery;
