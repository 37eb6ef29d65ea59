//! Every e-mail as its reader gets it: the samples of the notifier, with addresses in the place of the markers of links.

use domain::people::RecipientRole;
use notifier::emails::{LinkPurpose, samples};
use notifier::envelope::{LINK_MARKER, OPT_OUT_MARKER, PERSONAL_DATA_MARKER};
use wording::addresses;

/// As long as those that leave.
const BASE: &str = "https://jalon.normandie.example";
const TOKEN: &str = "Zq8xVb3nT0mKc5RwYh2LpD";

/// A sample of an e-mail.
#[derive(Debug)]
pub struct Letter {
    /// `KIND-RANK-ROLE`.
    pub name: String,
    pub kind: &'static str,
    pub reader: RecipientRole,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub calendar: Option<String>,
    /// Whether its reader is asked for an answer.
    pub asks: bool,
}

/// Every sample, in the order of the notifier.
///
/// # Panics
/// The name of a sample does not end with its reader.
pub fn letters() -> Vec<Letter> {
    let letter = |(name, composed): (String, notifier::emails::Composed)| {
        let (_, reader) = name.rsplit_once('-').expect("a sample is named after its reader");
        Letter {
            kind: composed.kind,
            reader: reader.parse().expect("the name of a sample ends with a role"),
            text: linked(&composed.text),
            html: linked(&composed.html),
            asks: matches!(composed.link, LinkPurpose::Answer(..)),
            subject: composed.subject,
            calendar: composed.calendar,
            name,
        }
    };
    samples().into_iter().map(letter).collect()
}

/// One sample of each kind: that of who is asked for an answer, or the fullest; kinds in alphabetical order.
pub fn telling() -> Vec<Letter> {
    let mut letters = letters();
    letters.sort_by_key(|letter| (letter.kind, !letter.asks, std::cmp::Reverse(letter.text.len())));
    letters.dedup_by_key(|letter| letter.kind);
    letters
}

fn linked(text: &str) -> String {
    let portal = addresses::absolute(BASE, &addresses::portal(TOKEN));
    let reminders = addresses::absolute(BASE, &addresses::portal_reminders(TOKEN));
    let data = addresses::absolute(BASE, addresses::PERSONAL_DATA);
    text.replace(LINK_MARKER, &portal).replace(OPT_OUT_MARKER, &reminders).replace(PERSONAL_DATA_MARKER, &data)
}
