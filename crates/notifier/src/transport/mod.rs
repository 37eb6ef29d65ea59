//! Where a message goes: an SMTP server, a folder of files, or memory.
//!
//! Rules kept here:
//! - one call hands over one message to one person, and says what became of it;
//! - an error says whether to try again ([`DeliveryError::verdict`]): only the server's final word on that address, or a message
//!   that cannot be built, gives up; the network, encryption, the greeting and the sign-in never do;
//! - an answer that was lost is [`DeliveryError::Unknown`]: the message may have left, the next attempt carries the same bytes.
//!
//! Trying again, and when, belongs to the caller, who knows the store.

mod connection;
mod dkim;
mod folder;
mod memory;
mod settings;
mod smtp;

pub use dkim::{Dkim, DkimError};
pub use folder::{Folder, FolderEntry};
pub use memory::Memory;
pub use settings::{Security, SmtpSettings, SmtpTimeouts, SmtpUrlError};
pub use smtp::Smtp;

use crate::envelope::{EnvelopeError, Outgoing};

/// A way for messages to leave.
#[derive(Debug, Clone)]
pub enum Transport {
    /// A mail server.
    Smtp(Smtp),
    /// A folder of `.eml` files, for the demonstration.
    Folder(Folder),
    /// A list in memory, for tests.
    Memory(Memory),
}

/// What the other side answered when it took a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    /// The identifier under which the message left.
    pub message_id: String,
    /// The words of the server, or the name of the file.
    pub reply: String,
}

/// Why a message was not taken, or not known to be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeliveryError {
    /// Try again later: the server or the way to it is not ready.
    #[error("not taken for now{}: {reason}", code_text(*code))]
    Temporary {
        /// The server's code, when it spoke.
        code: Option<u16>,
        /// What it said, or what happened.
        reason: String,
    },
    /// The server's final word on this address.
    #[error("refused ({code}): {reason}")]
    Refused {
        /// The server's code, 5xx.
        code: u16,
        /// What it said.
        reason: String,
    },
    /// The message was sent and the answer lost: it may have been taken.
    #[error("sent, the answer was lost: {reason}")]
    Unknown {
        /// What happened.
        reason: String,
    },
    /// The message itself cannot be built.
    #[error("the message cannot be built: {0}")]
    Invalid(#[from] EnvelopeError),
}

/// What to do after a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Send the same bytes again, later.
    Retry,
    /// Send no more to this address; a person must act.
    GiveUp,
}

impl DeliveryError {
    /// Whether the same message may be tried again.
    pub fn verdict(&self) -> Verdict {
        match self {
            Self::Temporary { .. } | Self::Unknown { .. } => Verdict::Retry,
            Self::Refused { .. } | Self::Invalid(_) => Verdict::GiveUp,
        }
    }

    fn temporary(reason: impl Into<String>) -> Self {
        Self::Temporary { code: None, reason: one_line(&reason.into()) }
    }
}

impl Transport {
    /// Hands one message over, its links already inserted.
    ///
    /// # Errors
    /// When it was not taken, or not known to be: see [`DeliveryError`].
    pub async fn deliver(&self, outgoing: &Outgoing) -> Result<Delivered, DeliveryError> {
        match self {
            Self::Smtp(smtp) => smtp.deliver(outgoing).await,
            Self::Folder(folder) => folder.deliver(outgoing).await,
            Self::Memory(memory) => memory.deliver(outgoing),
        }
    }

    /// Ends what is kept open between messages; a later delivery opens it again.
    pub async fn close(&self) {
        match self {
            Self::Smtp(smtp) => smtp.close().await,
            Self::Folder(_) | Self::Memory(_) => {}
        }
    }
}

fn code_text(code: Option<u16>) -> String {
    code.map(|code| format!(" ({code})")).unwrap_or_default()
}

/// A server's words as one short line: they go to screens and logs.
pub(crate) fn one_line(text: &str) -> String {
    let flat: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect();
    flat.trim().to_owned()
}
