//! What people do and see in a real browser, on the example: whole journeys, and what every page owes its readers.

mod accounts;
mod discreet;
mod emails;
mod everywhere;
mod hands;
mod kept;
mod keyboard;
mod needs;
mod orders;
mod outside;
mod portal;
mod public;
mod returned;
mod states;
mod steering;
mod telephone;
mod verification;
mod whole;
