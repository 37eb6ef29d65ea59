//! The French name of everything that has an identifier: states, steps, roles, choices, clocks, territories.
//!
//! Rules: one thing, one name, everywhere; matches are exhaustive, so that a new variant is a compile error here; states
//! agree with « parcours » (masculine) or are nominal. Names stand alone, with a capital; `the_…` fit inside a sentence.

mod choices;
mod clocks;
mod corrections;
mod orders;
mod people;
mod requests;
mod states;
mod steps;

use domain::identifiers::Department;
use domain::market::{CcagText, OptionCode, Prestation};
use domain::places::{PlaceAlert, Policy};
use domain::territories;

pub use choices::{
    absence_reason, body_request, channel, choice, choices, company_answer, document_kind, obstacle, opinion, outcome,
    prescriber, request_kind, sender, sequence_kind, situation, the_sender, unsuccessful_reason, verdict,
};
pub use clocks::{clock, reminder, waiting};
pub use corrections::{asked_again, bound, datum, effect, moved, profile_value};
pub use domain::territories::department;
pub use orders::{
    order_channel, order_state, order_state_help, order_transition, order_transition_done, order_transition_help,
    payment_state,
};
pub use people::{
    company_function, level, news, of_the_party, outside_role, pace, pace_help, party, reader, recipient, recipient_on,
    sex, side, signed_on_behalf, staff_role, the_outside_role, the_party, the_recipient, the_side, to_the_side, told,
    unreached,
};
pub use requests::{commitment_asked, commitment_meaning, report_asked, report_meaning};
pub use states::{phase, state, state_help};
pub use steps::{act, step, step_done, step_help, transition};

/// The name of a department with its code, `Calvados (14)`.
pub fn department_with_code(code: &Department) -> String {
    format!("{} ({code})", department(code))
}

/// `Dieppe (76200)`, or the code alone outside Normandie.
pub fn commune(code: &str) -> String {
    territories::listed(code).map_or_else(|| format!("commune {code}"), territories::Listed::label)
}

/// A prestation of the contract.
pub fn prestation(prestation: Prestation) -> &'static str {
    match prestation {
        Prestation::Feasibility => "Étude de faisabilité",
        Prestation::Preparation => "Préparation",
        Prestation::Implementation => "Mise en œuvre",
    }
}

/// A prestation as the contract numbers it.
pub fn prestation_short(prestation: Prestation) -> &'static str {
    match prestation {
        Prestation::Feasibility => "P1",
        Prestation::Preparation => "P2",
        Prestation::Implementation => "P3",
    }
}

/// A prestation inside a sentence, feminine in all cases.
pub fn the_prestation(prestation: Prestation) -> &'static str {
    match prestation {
        Prestation::Feasibility => "l’étude de faisabilité",
        Prestation::Preparation => "la préparation",
        Prestation::Implementation => "la mise en œuvre",
    }
}

/// An option of the unit price schedule with its code.
pub fn option_with_code(option: OptionCode) -> &'static str {
    match option {
        OptionCode::P1 => "P1, étude de faisabilité",
        OptionCode::M1 => "M1, conception du programme de la FEST",
        OptionCode::M2 => "M2, professionnalisation du tuteur",
        OptionCode::M3 => "M3, troisième mission de préparation",
        OptionCode::N1 => "N1, mise en œuvre de niveau 1",
        OptionCode::N2 => "N2, mise en œuvre de niveau 2",
        OptionCode::N3 => "N3, mise en œuvre de niveau 3",
    }
}

/// An option without its code, as it stands inside a sentence.
pub fn option(option: OptionCode) -> &'static str {
    let named = option_with_code(option);
    named.split_once(", ").map_or(named, |(_, name)| name)
}

/// What happens when no place is left.
pub fn policy(policy: Policy) -> &'static str {
    match policy {
        Policy::Block => "Refuser la sélection",
        Policy::Waitlist => "Mettre en liste d’attente",
        Policy::Warn => "Compter et signaler le dépassement",
    }
}

/// The general conditions of a prestation.
pub fn ccag(text: CcagText) -> &'static str {
    match text {
        CcagText::Fcs => "CCAG-FCS, fournitures courantes et services",
        CcagText::Pi => "CCAG-PI, prestations intellectuelles",
    }
}

/// A threshold of the quota that was crossed.
pub fn place_alert(alert: PlaceAlert) -> String {
    match alert {
        PlaceAlert::Percent(percent) => format!("{percent}\u{a0}% des parcours prévisionnels atteints"),
        PlaceAlert::Reached => "Parcours prévisionnels tous pris".to_owned(),
        PlaceAlert::Exceeded => "Parcours prévisionnels dépassés".to_owned(),
    }
}

/// A yes or a no.
pub fn yes_no(answer: bool) -> &'static str {
    if answer { "Oui" } else { "Non" }
}

#[cfg(test)]
mod tests;
