//! How people are reached: addresses of e-mail, telephone numbers, postal codes.

use super::text::{all_digits, digits, trimmed, without_spaces};
use super::{IdentifierError, Kind};

text_identifier!(
    /// An address of e-mail, in the practical part of RFC 5321: no quoted local part, a domain with a dot.
    ///
    /// The domain is in small letters, accents kept; the local part stays as typed.
    EmailAddress,
    email
);

text_identifier!(
    /// A telephone number, as `+33612345678`. French numbers are read with or without their prefix.
    Phone,
    phone
);

text_identifier!(
    /// A French postal code, which names neither a commune nor always a department.
    Postcode,
    postcode
);

/// What mail servers accept: RFC 5321 §4.5.3.1 and its erratum 1690.
const LONGEST_ADDRESS: usize = 254;
const LONGEST_LOCAL_PART: usize = 64;
const LONGEST_LABEL: usize = 63;

fn email(text: &str) -> Result<String, IdentifierError> {
    let form = IdentifierError::Form(Kind::EmailAddress);
    let (local, domain) = trimmed(Kind::EmailAddress, text)?.split_once('@').ok_or(form)?;
    let domain = domain.to_lowercase();
    let labels: Vec<&str> = domain.split('.').collect();
    let last_is_a_number = labels.last().is_some_and(|label| all_digits(label));
    if !local.split('.').all(is_atom)
        || labels.len() < 2
        || !labels.iter().all(|label| is_label(label))
        || last_is_a_number
    {
        return Err(form);
    }
    let too_long = local.len() > LONGEST_LOCAL_PART
        || local.len() + 1 + domain.len() > LONGEST_ADDRESS
        || labels.iter().any(|label| label.len() > LONGEST_LABEL);
    if too_long {
        return Err(IdentifierError::Length(Kind::EmailAddress));
    }
    Ok(format!("{local}@{domain}"))
}

/// A word of the local part: the « atext » of RFC 5322.
fn is_atom(word: &str) -> bool {
    let special = |byte: u8| b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || special(byte))
}

fn is_label(label: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || c == '-';
    !label.is_empty() && label.chars().all(inside) && !label.starts_with('-') && !label.ends_with('-')
}

/// Domains seen mistyped, with what was most likely meant. A domain that serves real addresses has no place here.
const TYPOS: &[(&str, &str)] = &[
    ("gamil.com", "gmail.com"),
    ("gmai.com", "gmail.com"),
    ("gmail.co", "gmail.com"),
    ("gmail.con", "gmail.com"),
    ("gmail.fr", "gmail.com"),
    ("gmal.com", "gmail.com"),
    ("gmial.com", "gmail.com"),
    ("gmil.com", "gmail.com"),
    ("gnail.com", "gmail.com"),
    ("hotmai.com", "hotmail.com"),
    ("hotmai.fr", "hotmail.fr"),
    ("hotmail.con", "hotmail.com"),
    ("hotmail.f", "hotmail.fr"),
    ("hotmal.com", "hotmail.com"),
    ("hotmal.fr", "hotmail.fr"),
    ("hotmial.com", "hotmail.com"),
    ("hotmial.fr", "hotmail.fr"),
    ("icloud.con", "icloud.com"),
    ("lapost.net", "laposte.net"),
    ("laposte.ne", "laposte.net"),
    ("normandie.f", "normandie.fr"),
    ("oragne.fr", "orange.fr"),
    ("orang.fr", "orange.fr"),
    ("orange.f", "orange.fr"),
    ("ornage.fr", "orange.fr"),
    ("outllok.com", "outlook.com"),
    ("outllok.fr", "outlook.fr"),
    ("outlok.com", "outlook.com"),
    ("outlok.fr", "outlook.fr"),
    ("outlook.f", "outlook.fr"),
    ("sfr.f", "sfr.fr"),
    ("wanado.fr", "wanadoo.fr"),
    ("wanadoo.f", "wanadoo.fr"),
    ("wandoo.fr", "wanadoo.fr"),
    ("yaho.com", "yahoo.com"),
    ("yaho.fr", "yahoo.fr"),
    ("yahoo.con", "yahoo.com"),
    ("yahoo.f", "yahoo.fr"),
    ("yhaoo.fr", "yahoo.fr"),
];

impl EmailAddress {
    /// What stands before the `@`.
    pub fn local_part(&self) -> &str {
        self.parts().0
    }

    /// What stands after the `@`, in small letters.
    pub fn domain(&self) -> &str {
        self.parts().1
    }

    fn parts(&self) -> (&str, &str) {
        self.0.split_once('@').expect("an address that was read holds an @")
    }

    /// The address most likely meant when its domain is a known typing mistake: to be proposed, never substituted.
    pub fn typo_hint(&self) -> Option<Self> {
        let (local, domain) = self.parts();
        let (_, meant) = TYPOS.iter().find(|(typo, _)| *typo == domain)?;
        Some(Self(format!("{local}@{meant}")))
    }
}

fn phone(text: &str) -> Result<String, IdentifierError> {
    let kind = Kind::Phone;
    let bare = without_spaces(kind, text)?.replace("(0)", "").replace(['.', '-', '/', '(', ')'], "");
    let (international, number) = if let Some(number) = bare.strip_prefix('+').or_else(|| bare.strip_prefix("00")) {
        (true, number)
    } else {
        (false, bare.as_str())
    };
    if number.is_empty() || !all_digits(number) {
        return Err(IdentifierError::NotDigits(kind));
    }
    let french = if international { number.strip_prefix("33") } else { Some(number) };
    let Some(french) = french else {
        return match number.len() {
            _ if number.starts_with('0') => Err(IdentifierError::OutOfRange(kind)),
            8..=15 => Ok(format!("+{number}")),
            _ => Err(IdentifierError::Length(kind)),
        };
    };
    let significant = match french.strip_prefix('0') {
        Some(significant) => significant,
        None if international => french,
        None => {
            return Err(if french.len() == 10 { IdentifierError::Form(kind) } else { IdentifierError::Length(kind) });
        }
    };
    if significant.len() != 9 {
        return Err(IdentifierError::Length(kind));
    }
    if significant.starts_with('0') {
        return Err(IdentifierError::OutOfRange(kind));
    }
    Ok(format!("+33{significant}"))
}

impl Phone {
    /// The number to read: ten digits by pairs for a French one, the prefix and pairs for another; no-break spaces.
    pub fn formatted(&self) -> String {
        let digits = &self.0[1..];
        let (prefix, digits) =
            digits.strip_prefix("33").map_or_else(|| ("+", digits.to_owned()), |french| ("", format!("0{french}")));
        let mut shown = String::from(prefix);
        for (rank, digit) in digits.chars().enumerate() {
            if rank > 0 && (digits.len() - rank).is_multiple_of(2) {
                shown.push('\u{a0}');
            }
            shown.push(digit);
        }
        shown
    }
}

fn postcode(text: &str) -> Result<String, IdentifierError> {
    let code = digits(Kind::Postcode, text, 5)?;
    if ("01000"..="98999").contains(&code.as_str()) {
        Ok(code)
    } else {
        Err(IdentifierError::OutOfRange(Kind::Postcode))
    }
}
