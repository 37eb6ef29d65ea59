//! The lifecycle of a FEST path: its states, steps, commands, events, and the two functions that rule it.
//!
//! [`decide`](decide::decide) takes a path, a command and a context and answers with events or a typed [`Refusal`];
//! [`apply`](apply::apply) folds an event into the path. Both are total and pure; the store writes what they say. What a step
//! changes in units and places is [`mod@effects`], what is asked of whom is [`requests`].

pub mod apply;
pub mod command;
pub mod correction;
pub mod decide;
pub mod effects;
pub mod event;
pub mod record;
pub mod refusal;
pub mod requests;
pub mod step;
pub mod table;
#[cfg(test)]
mod tests;

pub use apply::{apply, fold};
pub use command::Command;
pub use decide::{Context, Decided, Decision, FreeUnit, Fresh, decide};
pub use effects::{Effect, effects};
pub use event::{Author, Event, EventKind, Recorded};
pub use record::Path;
pub use refusal::Refusal;
pub use step::{Act, State, Step, Transition};
