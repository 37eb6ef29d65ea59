//! The worlds that the whole-system tests run in: servers outside the product, under the control of a test, and the
//! product itself on a database of its own.

pub mod browser;
pub mod emails;
pub mod postgres;
pub mod s3;
pub mod smtp;
pub mod world;
