//! The pages behind the links, in this process.

mod answers;
mod company;
mod gallery;
mod kit;
mod lots;
mod messages;
mod orders;
mod paths;
mod orders_gallery;
mod refusals;
mod rights;
mod running;
mod todo;
