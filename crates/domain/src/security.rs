//! The security of accounts: what a password must be, and what the security log records.
//!
//! A password is long rather than strange: twelve characters or more, a passphrase gladly, none of those that everyone tries
//! first, nothing drawn from this service, from who its owner is or for whom they work. No rule asks for digits or capitals: they make passwords worse.

use serde::{Deserialize, Serialize};
use strum::{AsRefStr, Display, EnumIter, EnumString, IntoStaticStr, VariantNames};

use crate::identifiers::EmailAddress;

/// Fewest characters of a password.
pub const PASSWORD_LENGTH: usize = 12;
/// Most characters of a password: hashing a book would be a way to keep the program busy.
pub const PASSWORD_LONGEST: usize = 200;
/// A password has at least so many different characters.
const DIFFERENT: usize = 5;
/// What is tried first in French and in this field, one a line, as [`plain`] writes it.
const COMMON: &str = include_str!("security/common.txt");
/// The ten thousand that are tried first everywhere, and the longer ones that follow: as [`plain`] writes them, without the digits
/// around them. Drawn from the list of `@zxcvbn-ts/language-common` 4.1.3, which is in the order of leaked passwords.
const TRIED: &str = include_str!("security/tried.txt");
/// Words that anyone would try here: they protect no more than the digits around them.
const SERVICE: [&str; 10] =
    ["formation", "normandie", "parcours", "stagiaire", "region", "tuteur", "afest", "jalon", "fest", "afpa"];
/// Rows of keyboards, and the orders that fingers know.
const RUNS: [&str; 10] = [
    "abcdefghijklmnopqrstuvwxyz",
    "zyxwvutsrqponmlkjihgfedcba",
    "01234567890123456789",
    "98765432109876543210",
    "azertyuiopqsdfghjklmwxcvbn",
    "qwertyuiopasdfghjklzxcvbnm",
    "poiuytrezamlkjhgfdsq",
    "poiuytrewqlkjhgfdsa",
    "1qaz2wsx3edc4rfv5tgb6yhn",
    "aqwzsxedcrfvtgbyhn",
];

/// Why a password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter)]
pub enum PasswordProblem {
    TooShort,
    TooLong,
    /// Among those that are tried first.
    Common,
    /// Few characters, repeated, or in the order of a keyboard.
    Repeated,
    /// It holds the name or the address of its owner.
    Personal,
}

/// A text as passwords are compared: small letters without accents, letters and digits only.
fn plain(text: &str) -> String {
    let fold = |letter: char| match letter {
        'à' | 'â' | 'ä' | '@' => 'a',
        'ç' => 'c',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' => 'i',
        'ô' | 'ö' => 'o',
        'ù' | 'û' | 'ü' => 'u',
        '$' => 's',
        other => other,
    };
    text.to_lowercase().chars().map(fold).filter(|letter| letter.is_alphanumeric()).collect()
}

/// Whether nothing is left of a text once its runs of a keyboard are taken away, but for a few characters.
fn is_runs(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    let mut at = 0;
    let mut outside = 0;
    while at < letters.len() {
        let longest = (at + 4..=letters.len())
            .rev()
            .find(|end| {
                let part: String = letters[at..*end].iter().collect();
                RUNS.iter().any(|run| run.contains(&part))
            })
            .unwrap_or(at);
        if longest == at {
            outside += 1;
            at += 1;
        } else {
            at = longest;
        }
    }
    !letters.is_empty() && outside < 4
}

/// Whether a text is one short piece again and again.
fn repeats(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    let again = |length: usize| letters.chunks(length).all(|chunk| letters.starts_with(chunk));
    (1..=letters.len() / 2).any(again)
}

/// Holds a password against the rules; its owner's name and address are no secret.
///
/// # Errors
/// The first rule that it breaks.
pub fn check_password(password: &str, name: &str, email: &EmailAddress) -> Result<(), PasswordProblem> {
    let length = password.chars().count();
    if length < PASSWORD_LENGTH {
        return Err(PasswordProblem::TooShort);
    }
    if length > PASSWORD_LONGEST {
        return Err(PasswordProblem::TooLong);
    }
    let plain_text = plain(password);
    let mut different: Vec<char> = password.to_lowercase().chars().collect();
    different.sort_unstable();
    different.dedup();
    if different.len() < DIFFERENT || repeats(&plain_text) || is_runs(&plain_text) {
        return Err(PasswordProblem::Repeated);
    }
    let around = |letter: char| letter.is_ascii_digit();
    let stem = plain_text.trim_matches(around);
    let common = |known: &str| known == plain_text || known.trim_matches(around) == stem;
    if COMMON.lines().any(common) || TRIED.lines().any(common) || is_little_beside(&plain_text, &SERVICE) {
        return Err(PasswordProblem::Common);
    }
    let address = email.as_ref();
    let account = address.split('@').next().unwrap_or_default();
    let personal = [plain(address), plain(account), plain(name)];
    let holds = |known: &String| known.len() >= 5 && plain_text.contains(known.as_str());
    if personal.iter().any(holds) {
        return Err(PasswordProblem::Personal);
    }
    // Who one is and for whom one works, which the address says.
    let words: Vec<String> = name.split_whitespace().chain(address.split(['@', '.', '-', '_'])).map(plain).collect();
    let mut words: Vec<&str> = words.iter().map(String::as_str).chain(SERVICE).collect();
    words.retain(|word| word.chars().count() >= 3);
    if is_little_beside(&plain_text, &words) { Err(PasswordProblem::Personal) } else { Ok(()) }
}

/// Whether less than half a password is left of a text once these words are taken away.
fn is_little_beside(text: &str, words: &[&str]) -> bool {
    let left = words.iter().fold(text.to_owned(), |left, word| left.replace(word, ""));
    left.chars().count() < PASSWORD_LENGTH / 2
}

/// What the security log records.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    EnumIter,
    EnumString,
    Display,
    AsRefStr,
    IntoStaticStr,
    VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum SecurityEvent {
    SignedIn,
    /// One click into the demo.
    DemoEntered,
    SignInFailed,
    /// A try that came too soon after others.
    SignInSlowed,
    SignedOut,
    /// Sessions ended by their owner from another browser.
    SessionsEnded,
    /// A link to a new password was asked for.
    ResetAsked,
    /// A password was set by a link.
    PasswordSet,
    /// A password was changed by who knew it.
    PasswordChanged,
    AccountCreated,
    Invited,
    /// Values of an account were changed: which, from what to what.
    AccountChanged,
    AccountDisabled,
    AccountEnabled,
    /// The paths of a coordinator went to a colleague.
    PortfolioHandedOver,
    /// A list left the house as a file.
    Exported,
    /// A SIRET was asked of the public directory of companies.
    LookedUp,
    /// A colleague stands in from a day to a day.
    Delegated,
    /// A delegation ended before its last day.
    DelegationEnded,
    /// A partner may read a photograph of the committee by a link, until a day.
    WindowOpened,
    /// The Region closed such a link before its last day was over.
    WindowClosed,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(password: &str) -> Result<(), PasswordProblem> {
        check_password(password, "Claire Morel", &EmailAddress::parse("claire.morel@retravailler.example").unwrap())
    }

    #[test]
    fn a_passphrase_is_taken() {
        for password in
            ["quatre vaches dans un pré", "correct-cheval-agrafe", "Tulipe*Nuage*1987x", "été sous la pluie à Caen"]
        {
            assert_eq!(check(password), Ok(()), "{password}");
        }
    }

    #[test]
    fn each_rule_refuses() {
        use PasswordProblem::{Common, Personal, Repeated, TooLong, TooShort};
        for (password, problem) in [
            ("onze caract", TooShort),
            ("éééééééééé", TooShort),
            ("aaaaaaaaaaaaaaaa", Repeated),
            ("abcabcabcabcabc", Repeated),
            ("azertyuiop123456", Repeated),
            ("123456789012", Repeated),
            ("AbCdEfGhIjKlM", Repeated),
            ("motdepasse1234", Common),
            ("Motdepasse2026!", Common),
            ("P@ssword123456", Common),
            ("2019 Sunshine 2026", Common),
            ("19031987monique", Common),
            ("chocolatchocolat", Repeated),
            ("Normandie-2026!", Common),
            ("FEST Jalon 2026", Common),
            ("retravailler2026", Personal),
            ("claire.morel@retravailler.example", Personal),
            ("ClaireMorel2026", Personal),
            ("morel-claire-76", Personal),
        ] {
            assert_eq!(check(password), Err(problem), "{password}");
        }
        assert_eq!(check(&"un deux trois quatre ".repeat(20)), Err(TooLong));
    }

    #[test]
    fn the_list_is_written_as_it_is_compared() {
        for line in COMMON.lines().chain(TRIED.lines()).chain(SERVICE) {
            assert_eq!(line, plain(line), "{line}");
            assert!(line.chars().count() >= 4, "{line}: too short to matter");
        }
        assert!(TRIED.lines().count() >= 10_000);
        assert!(TRIED.lines().all(|line| line == line.trim_matches(|letter: char| letter.is_ascii_digit())));
    }
}
