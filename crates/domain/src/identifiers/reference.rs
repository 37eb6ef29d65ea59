//! Codes of lots and bodies, and the references by which people name paths and orders.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::text::{all_digits, trimmed};
use super::{IdentifierError, Kind};

text_identifier!(
    /// The code of a lot: up to 8 letters and digits, in capitals (`1`, `2B`). It takes no hyphen: it stands in references.
    LotCode,
    lot
);

text_identifier!(
    /// The code of a training body: a small letter, then small letters, digits, `_` or `-`, 40 in all at most (`afpa`).
    BodyCode,
    body
);

fn lot(text: &str) -> Result<String, IdentifierError> {
    let text = trimmed(Kind::LotCode, text)?;
    if !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(IdentifierError::Form(Kind::LotCode));
    }
    if text.len() > 8 {
        return Err(IdentifierError::Length(Kind::LotCode));
    }
    Ok(text.to_ascii_uppercase())
}

fn body(text: &str) -> Result<String, IdentifierError> {
    let text = trimmed(Kind::BodyCode, text)?.to_ascii_lowercase();
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-');
    if !text.starts_with(|c: char| c.is_ascii_lowercase()) || !text.chars().all(allowed) {
        return Err(IdentifierError::Form(Kind::BodyCode));
    }
    if text.len() > 40 {
        return Err(IdentifierError::Length(Kind::BodyCode));
    }
    Ok(text)
}

/// A reference `{prefix}-{lot}-{year}-{number}`: its lot, year and number.
fn parts(kind: Kind, prefix: &str, text: &str) -> Result<(LotCode, i32, u32), IdentifierError> {
    let form = IdentifierError::Form(kind);
    let parts: Vec<&str> = trimmed(kind, text)?.split('-').collect();
    let &[head, lot, year, number] = parts.as_slice() else {
        return Err(form);
    };
    if !head.eq_ignore_ascii_case(prefix) {
        return Err(form);
    }
    let lot = LotCode::parse(lot).map_err(|_| form)?;
    if year.len() != 4 || !all_digits(year) || number.len() < 4 || !all_digits(number) {
        return Err(form);
    }
    // One number has one text: zeros only fill up to four digits.
    if number.len() > 4 && number.starts_with('0') {
        return Err(form);
    }
    let out_of_range = IdentifierError::OutOfRange(kind);
    let year = year.parse().ok().filter(|year| *year >= 2000).ok_or(out_of_range)?;
    let number = number.parse().ok().filter(|number| *number >= 1).ok_or(out_of_range)?;
    Ok((lot, year, number))
}

/// Declares a reference of lot, year and number behind a prefix.
macro_rules! reference {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name {
            pub lot: LotCode,
            /// Four digits, from 2000.
            pub year: i32,
            /// From 1, without gap within a lot and a year.
            pub number: u32,
        }

        impl $name {
            /// The reference of this lot, year and number.
            pub const fn new(lot: LotCode, year: i32, number: u32) -> Self {
                Self { lot, year, number }
            }

            /// Reads it in capitals or small letters.
            ///
            /// # Errors
            /// The parts are not those of such a reference, its year is before 2000 or its number is 0.
            pub fn parse(text: &str) -> Result<Self, IdentifierError> {
                parts(Kind::$name, $prefix, text).map(|(lot, year, number)| Self { lot, year, number })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let Self { lot, year, number } = self;
                f.pad(&format!(concat!($prefix, "-{}-{:04}-{:04}"), lot, year, number))
            }
        }

        text_conversions!($name);
    };
}

reference!(
    /// The reference of a path, `FEST-1-2026-0042`: lot, year of creation, number.
    PathReference,
    "FEST"
);

reference!(
    /// The reference of a purchase order, `BC-1-2026-0007`: lot, year of the budget, number.
    OrderReference,
    "BC"
);
