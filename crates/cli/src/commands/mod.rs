//! The commands, one module for each family: its arguments, its `run`.

mod back_test;
pub mod config;
mod copil;
pub mod demo;
pub mod doctor;
pub mod emails;
pub mod fields;
mod finding;
pub mod help;
pub mod import;
pub mod journal;
pub mod lifecycle;
pub mod lots;
pub mod messages;
pub mod order;
pub mod path;
pub mod report;
pub mod serve;
pub mod store;
pub mod tasks;
pub mod token;
pub mod user;
