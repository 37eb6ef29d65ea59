//! cli
pub mod settings;
