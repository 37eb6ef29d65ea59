//! Returned messages as servers write them, for tests: each with the names of a message of ours to fill in.

pub const POSTFIX: &str = include_str!("samples/postfix.eml");
/// With the headers alone.
pub const EXIM: &str = include_str!("samples/exim.eml");
/// Exchange, and Office 365.
pub const EXCHANGE: &str = include_str!("samples/exchange.eml");
pub const GMAIL: &str = include_str!("samples/gmail.eml");
/// Still being tried.
pub const DELAYED: &str = include_str!("samples/delayed.eml");
/// Given up after days, without a refusal.
pub const EXPIRED: &str = include_str!("samples/expired.eml");
/// Someone out of the office.
pub const ABSENCE: &str = include_str!("samples/absence.eml");
/// Somebody read the message.
pub const RECEIPT: &str = include_str!("samples/receipt.eml");

/// What says that a message was refused.
pub const FAILURES: &[(&str, &str)] = &[("postfix", POSTFIX), ("exim", EXIM), ("exchange", EXCHANGE), ("gmail", GMAIL)];

/// A sample about a message of ours, with the line ends of a mail server's file.
pub fn filled(sample: &str, message_id: &str, proof: &str, recipient: &str) -> String {
    sample.replace("{{message_id}}", message_id).replace("{{proof}}", proof).replace("{{recipient}}", recipient)
}
