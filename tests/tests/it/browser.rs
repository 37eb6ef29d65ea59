//! What people do and see in a real browser, on the example: whole journeys, and what every page owes its readers.

mod everywhere;
mod kept;
mod orders;
mod portal;
mod public;
mod whole;
