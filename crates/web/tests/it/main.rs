//! The pages behind the links, in this process.

mod accounts;
mod answers;
mod company;
mod corrections;
mod desk;
mod documents;
mod drafts;
mod entry;
mod gallery;
mod kit;
mod look_up;
mod lots;
mod market;
mod messages;
mod orders;
mod orders_gallery;
mod path;
mod path_gallery;
mod paths;
mod refusals;
mod rights;
mod running;
mod sign_in;
mod templates;
mod todo;
