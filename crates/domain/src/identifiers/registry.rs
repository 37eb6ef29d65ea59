//! Identifiers that public registries publish: companies, territories, jobs, specialities, certifications, levels.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::text::{all_digits, digits, trimmed, without_spaces};
use super::{IdentifierError, Kind};

text_identifier!(
    /// The number of a company (SIREN): 9 digits under the Luhn check. Spaces are accepted.
    Siren,
    siren
);

text_identifier!(
    /// The number of an establishment (SIRET): the company's SIREN and 5 digits. Spaces are accepted.
    Siret,
    siret
);

text_identifier!(
    /// The INSEE code of a commune (`14118`, `2A004`), which is not its postal code.
    Commune,
    commune
);

text_identifier!(
    /// The code of a department or of an overseas territory: `14`, `2A`, `974`, `988`.
    Department,
    department
);

text_identifier!(
    /// A job of the ROME directory: a letter and 4 digits (`D1106`).
    Rome,
    rome
);

text_identifier!(
    /// A training speciality (NSF): 3 characters, the first a digit (`312`).
    Nsf,
    nsf
);

text_identifier!(
    /// The number of a certification in the RNCP, with or without its prefix when typed (`RNCP37098`).
    Rncp,
    rncp
);

/// La Poste, whose establishments are too many for the Luhn check.
const LA_POSTE: &str = "356000000";
const LA_POSTE_HEAD_OFFICE: &str = "35600000000048";

fn digit_values(digits: &str) -> impl DoubleEndedIterator<Item = u32> {
    digits.bytes().map(|byte| u32::from(byte - b'0'))
}

/// The check of Luhn: from the right, every second digit doubled, the sum of digits divisible by 10.
fn luhn(digits: &str) -> bool {
    let weighted = digit_values(digits).rev().enumerate().map(|(rank, digit)| {
        let doubled = if rank % 2 == 1 { digit * 2 } else { digit };
        doubled / 10 + doubled % 10
    });
    weighted.sum::<u32>().is_multiple_of(10)
}

fn siren(text: &str) -> Result<String, IdentifierError> {
    let siren = digits(Kind::Siren, text, 9)?;
    // Nine zeros pass the check, and are what a form is filled with when the number is not known.
    if !luhn(&siren) || siren == "000000000" {
        return Err(IdentifierError::Checksum(Kind::Siren));
    }
    Ok(siren)
}

fn siret(text: &str) -> Result<String, IdentifierError> {
    let wrong = IdentifierError::Checksum(Kind::Siret);
    let siret = digits(Kind::Siret, text, 14)?;
    let (company, _) = siret.split_at(9);
    siren(company).map_err(|_| wrong)?;
    let right = if company == LA_POSTE && siret != LA_POSTE_HEAD_OFFICE {
        digit_values(&siret).sum::<u32>().is_multiple_of(5)
    } else {
        luhn(&siret)
    };
    if right { Ok(siret) } else { Err(wrong) }
}

impl Siret {
    /// The company's number.
    pub fn siren(&self) -> Siren {
        Siren(self.0[..9].to_owned())
    }
}

fn department(text: &str) -> Result<String, IdentifierError> {
    let kind = Kind::Department;
    let text = without_spaces(kind, text)?.to_ascii_uppercase();
    if text == "2A" || text == "2B" {
        return Ok(text);
    }
    if !all_digits(&text) {
        return Err(IdentifierError::Form(kind));
    }
    let number: u32 = match text.len() {
        2 | 3 => text.parse().map_err(|_| IdentifierError::Form(kind))?,
        _ => return Err(IdentifierError::Length(kind)),
    };
    // 20 was split into 2A and 2B; 971 to 978, 984 and 986 to 989 are overseas.
    let known = if text.len() == 2 {
        matches!(number, 1..=19 | 21..=95)
    } else {
        matches!(number, 971..=978 | 984 | 986..=989)
    };
    if known { Ok(text) } else { Err(IdentifierError::OutOfRange(kind)) }
}

/// The part of an INSEE code that names the department: 3 characters overseas, 2 elsewhere.
fn department_part(code: &str) -> &str {
    let overseas = code.starts_with("97") || code.starts_with("98");
    &code[..if overseas { 3 } else { 2 }]
}

fn commune(text: &str) -> Result<String, IdentifierError> {
    let kind = Kind::Commune;
    let code = without_spaces(kind, text)?.to_ascii_uppercase();
    if code.len() != 5 {
        return Err(IdentifierError::Length(kind));
    }
    let corsican = code.starts_with("2A") || code.starts_with("2B");
    if !code.is_ascii() || !all_digits(&code[if corsican { 2 } else { 0 }..]) {
        return Err(IdentifierError::Form(kind));
    }
    let part = department_part(&code);
    if department(part).is_err() || code[part.len()..].bytes().all(|byte| byte == b'0') {
        return Err(IdentifierError::OutOfRange(kind));
    }
    Ok(code)
}

impl Commune {
    /// The department, read in the INSEE code.
    pub fn department(&self) -> Department {
        Department(department_part(&self.0).to_owned())
    }
}

fn rome(text: &str) -> Result<String, IdentifierError> {
    let kind = Kind::Rome;
    let code = without_spaces(kind, text)?.to_ascii_uppercase();
    if code.len() != 5 {
        return Err(IdentifierError::Length(kind));
    }
    let mut rest = code.chars();
    if rest.next().is_some_and(|c| c.is_ascii_uppercase()) && all_digits(rest.as_str()) {
        Ok(code)
    } else {
        Err(IdentifierError::Form(kind))
    }
}

fn nsf(text: &str) -> Result<String, IdentifierError> {
    let kind = Kind::Nsf;
    let code = without_spaces(kind, text)?.to_ascii_lowercase();
    if !code.starts_with(|c: char| c.is_ascii_digit()) || !code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(IdentifierError::Form(kind));
    }
    if code.len() == 3 { Ok(code) } else { Err(IdentifierError::Length(kind)) }
}

fn rncp(text: &str) -> Result<String, IdentifierError> {
    let kind = Kind::Rncp;
    let code = without_spaces(kind, text)?.to_ascii_uppercase();
    let number = code.strip_prefix("RNCP").unwrap_or(&code);
    if number.is_empty() || !all_digits(number) {
        return Err(IdentifierError::NotDigits(kind));
    }
    let number = number.trim_start_matches('0');
    match number.len() {
        0 => Err(IdentifierError::OutOfRange(kind)),
        1..=6 => Ok(format!("RNCP{number}")),
        _ => Err(IdentifierError::Length(kind)),
    }
}

/// A level of training of the nomenclature of 2019, from 1 to 8; as text in files and in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TrainingLevel(u8);

impl TrainingLevel {
    /// The level of this number.
    ///
    /// # Errors
    /// The number is not between 1 and 8.
    pub const fn new(level: u8) -> Result<Self, IdentifierError> {
        if matches!(level, 1..=8) { Ok(Self(level)) } else { Err(IdentifierError::OutOfRange(Kind::TrainingLevel)) }
    }

    /// Reads it as typed or stored.
    ///
    /// # Errors
    /// The text is not a number between 1 and 8.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let text = trimmed(Kind::TrainingLevel, text)?;
        if !all_digits(text) {
            return Err(IdentifierError::NotDigits(Kind::TrainingLevel));
        }
        // What does not fit a byte is no level either.
        Self::new(text.parse().unwrap_or(u8::MAX))
    }

    /// The number.
    pub const fn get(self) -> u8 {
        self.0
    }
}

impl fmt::Display for TrainingLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

text_conversions!(TrainingLevel);
