//! Messages to people: rendered from typed templates, handed to a transport.
//!
//! Rules kept here:
//! - this crate knows no database: what it renders is stored by others, what it delivers was stored by others;
//! - a message goes to one person, is rendered once, and leaves the same at every attempt ([`envelope`]);
//! - a delivery says whether to try again ([`transport`]); trying again is the caller's work;
//! - what other servers say afterwards of a message is read, not decided ([`returned`]).

pub mod calendar_invite;
pub mod emails;
pub mod envelope;
pub mod frame;
pub mod returned;
pub mod texts;
pub mod transport;
