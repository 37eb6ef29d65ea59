//! What the pages say, a module per subject: titles, labels, help, notices, sentences.
//!
//! Rules kept here: a value comes as it already reads, from [`crate::dates`], [`crate::numbers`] and [`crate::labels`]; a
//! constant that continues another text begins as it continues; `…_TITLE` stands above the text of the same name, `…_HELP`
//! beside a field, `…_LEAD` under a title, and what ends by `_BUTTON` is pressed. A sentence that one template always shows
//! stands in that template.

pub mod account;
pub mod accounts;
pub mod administration;
pub mod bulk;
pub mod closed_links;
pub mod committee;
pub mod communes;
pub mod companies;
pub mod corrections;
pub mod counts;
pub mod deeds;
pub mod delegations;
pub mod desk;
pub mod errors;
pub mod forms;
pub mod frame;
pub mod lots;
pub mod market;
pub mod messages;
pub mod needs;
pub mod new_path;
pub mod offers;
pub mod order;
pub mod order_steps;
pub mod orders;
pub mod path;
pub mod path_steps;
pub mod paths;
pub mod portal;
pub mod portfolio;
pub mod rail;
pub mod rehearsal;
pub mod requests;
pub mod sign_in;
pub mod texts;
pub mod verification;
pub mod windows;
