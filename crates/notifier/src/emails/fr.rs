//! How the templates write what `wording` says; templates hand references.

use chrono::NaiveDateTime;
use domain::identifiers::Department;
use domain::market::{OptionCode, Prestation};
use domain::money::Cents;
use domain::path::command::{Channel, CompanyAnswer, Datum, Outcome, RequestKind, Verdict};
use domain::path::event::{OutsideOrBody, Party};
use domain::people::{CompanyFunction, Side};
use domain::{Day, Instant};
use wording::{dates, labels, messages, numbers};

/// `mercredi 18 novembre 2026`.
pub fn long(day: &Day) -> String {
    dates::long(*day)
}

/// `18 novembre 2026`.
pub fn medium(day: &Day) -> String {
    dates::medium(*day)
}

/// `au plus tard le mercredi 18 novembre 2026`.
pub fn by(day: &Day) -> String {
    format!("au plus tard le {}", long(day))
}

/// `mercredi 18 novembre 2026, 10 h 42`.
pub fn moment(moment: &NaiveDateTime) -> String {
    dates::moment(*moment)
}

/// The same, of an instant, Europe/Paris.
pub fn instant(instant: &Instant) -> String {
    dates::instant(*instant)
}

/// `novembre 2026`.
pub fn month(day: &Day) -> String {
    dates::month(*day)
}

/// `du 1er au 31 mars 2027`.
pub fn period(from: &Day, until: &Day) -> String {
    dates::period(*from, *until)
}

/// `1 234,56 €`.
pub fn euros(amount: &Cents) -> String {
    numbers::euros(*amount)
}

/// `210 heures`.
pub fn hours(hours: &u32) -> String {
    numbers::hours(*hours)
}

/// `1 234`.
pub fn integer(number: &u32) -> String {
    numbers::integer(i64::from(*number))
}

/// `40 unités`.
pub fn units(units: &u32) -> String {
    messages::units(*units)
}

/// `Il reste 1 condition à remplir ou à lever`.
pub fn conditions_left(left: &u32) -> String {
    messages::conditions_left(*left)
}

/// A list of options, « M1, conception du programme de la FEST ».
pub fn options(options: &[OptionCode]) -> String {
    messages::options(options)
}

/// An option with its code.
pub fn option(option: &OptionCode) -> &'static str {
    labels::option_with_code(*option)
}

/// `Seine-Maritime (76)`.
pub fn department(department: &Department) -> String {
    labels::department_with_code(department)
}

/// What a prestation gives, inside a sentence.
pub fn deliverable(prestation: &Prestation) -> &'static str {
    messages::deliverable(*prestation)
}

/// The same after « de », contracted.
pub fn of_deliverable(prestation: &Prestation) -> &'static str {
    messages::of_deliverable(*prestation)
}

/// The same after « sur ».
pub fn on_deliverable(prestation: &Prestation) -> String {
    format!("sur {}", deliverable(prestation))
}

/// A past participle that agrees with the deliverable: `admis` gives `admise` for a study.
pub fn agreed(prestation: &Prestation, participle: &str) -> String {
    match prestation {
        Prestation::Feasibility | Prestation::Preparation => format!("{participle}e"),
        Prestation::Implementation => participle.to_owned(),
    }
}

/// The pronoun of the deliverable: « la compléter », « le compléter ».
pub fn it(prestation: &Prestation) -> &'static str {
    match prestation {
        Prestation::Feasibility | Prestation::Preparation => "la",
        Prestation::Implementation => "le",
    }
}

/// The verdict of a study.
pub fn verdict(verdict: &Verdict) -> &'static str {
    labels::verdict(*verdict)
}

/// What a company answered.
pub fn company_answer(answer: &CompanyAnswer) -> &'static str {
    labels::company_answer(*answer)
}

/// How a training ended.
pub fn outcome(outcome: &Outcome) -> &'static str {
    labels::outcome(*outcome)
}

/// How an answer reached the coordinator.
pub fn channel(channel: &Channel) -> &'static str {
    labels::channel(*channel)
}

/// What is asked of a person.
pub fn request(request: &RequestKind) -> &'static str {
    labels::request_kind(*request)
}

/// Why the company is asked for its commitment.
pub fn commitment_asked(body: &str, job: &str, persons_wanted: &u32) -> String {
    labels::commitment_asked(body, job, *persons_wanted)
}

/// A datum that was corrected.
pub fn datum(datum: &Datum) -> &'static str {
    labels::datum(*datum)
}

/// A party after « de ».
pub fn of_party(party: &Party) -> &'static str {
    labels::of_the_party(*party)
}

/// A function in a company.
pub fn company_function(function: &CompanyFunction) -> &'static str {
    labels::company_function(*function)
}

/// A side inside a sentence.
pub fn the_side(side: &Side) -> &'static str {
    labels::the_side(*side)
}

/// Who signed a statement of attendance, after « de ».
pub fn of_signer(signer: &OutsideOrBody) -> &'static str {
    messages::of_signer(*signer)
}

pub use wording::capital;

/// The text with a small letter.
pub fn lower(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
