//! The pages behind the links, in this process.

mod answers;
mod gallery;
mod kit;
mod orders;
mod refusals;
mod rights;
mod running;
