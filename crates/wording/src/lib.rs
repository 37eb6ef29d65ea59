//! wording
pub mod market_problems;
