//! The worlds that the whole-system tests run in: servers outside the product, under the control of a test.

pub mod postgres;
pub mod smtp;
