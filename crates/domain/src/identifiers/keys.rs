//! Keys of records: one type per kind, so that a path is never looked up by the key of a person.
//!
//! They are drawn by the caller (time-ordered UUIDs) and printed the same in addresses, logs and messages.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{IdentifierError, Kind};

macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
            #[serde(transparent)]
            pub struct $name(Uuid);

            impl $name {
                /// The key with this value.
                pub const fn new(value: Uuid) -> Self {
                    Self(value)
                }

                /// Its value.
                pub const fn uuid(self) -> Uuid {
                    self.0
                }
            }

            impl std::fmt::Display for $name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    self.0.fmt(f)
                }
            }

            impl std::str::FromStr for $name {
                type Err = IdentifierError;
                fn from_str(text: &str) -> Result<Self, IdentifierError> {
                    Uuid::try_parse(text).map(Self).map_err(|_| IdentifierError::Form(Kind::Key))
                }
            }
        )*
    };
}

keys!(
    /// The key of a path.
    PathId,
    /// The key of an event of a path or of an order.
    EventId,
    /// The key of a person.
    PersonId,
    /// The key of an account of staff.
    AccountId,
    /// The key of a purchase order.
    OrderId,
    /// The key of a line of a purchase order.
    LineId,
    /// The key of a message.
    MessageId,
    /// The key of a document.
    DocumentId,
    /// The key of a reminder.
    ReminderId,
    /// The key of a delegation.
    DelegationId,
    /// The key of a need reported by someone outside.
    ProposalId,
);
