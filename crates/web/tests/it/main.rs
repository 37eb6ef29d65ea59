//! The pages behind the links, in this process.

mod gallery;
mod kit;
mod links;
