//! What identifiers kept as a canonical text have in common.
//!
//! `text_identifier!` declares the type and routes every way in through its rule; `text_conversions!` alone serves the
//! types that have `parse` and `Display` but keep something else than a text.

use super::{IdentifierError, Kind};

/// Conversions from and to text, through `parse` and `Display`.
macro_rules! text_conversions {
    ($name:ident) => {
        impl std::str::FromStr for $name {
            type Err = IdentifierError;
            fn from_str(text: &str) -> Result<Self, IdentifierError> {
                Self::parse(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdentifierError;
            fn try_from(text: String) -> Result<Self, IdentifierError> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(identifier: $name) -> Self {
                identifier.to_string()
            }
        }
    };
}

/// Declares an identifier kept as a canonical text, with the rule that gives it.
macro_rules! text_identifier {
    ($(#[$doc:meta])* $name:ident, $rule:path) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Reads it as typed or stored.
            ///
            /// # Errors
            /// The text breaks the rule of the identifier.
            pub fn parse(text: &str) -> Result<Self, IdentifierError> {
                $rule(text).map(Self)
            }

            /// The canonical text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        text_conversions!($name);
    };
}

/// The text without the spaces around it, no-break ones included.
pub(super) fn trimmed(kind: Kind, text: &str) -> Result<&str, IdentifierError> {
    let text = text.trim();
    if text.is_empty() { Err(IdentifierError::Empty(kind)) } else { Ok(text) }
}

/// The text without any space, as numbers are often typed in groups.
pub(super) fn without_spaces(kind: Kind, text: &str) -> Result<String, IdentifierError> {
    Ok(trimmed(kind, text)?.chars().filter(|c| !c.is_whitespace()).collect())
}

/// Exactly so many digits, spaces left out.
pub(super) fn digits(kind: Kind, text: &str, length: usize) -> Result<String, IdentifierError> {
    let text = without_spaces(kind, text)?;
    if !all_digits(&text) {
        return Err(IdentifierError::NotDigits(kind));
    }
    if text.len() != length {
        return Err(IdentifierError::Length(kind));
    }
    Ok(text)
}

/// Whether the text is made of ASCII digits only.
pub(super) fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}
