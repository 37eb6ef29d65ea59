//! What will happen, before it does: state, places, money, deadline, messages.

use std::fmt::Display;

use super::{counts, path};

pub const PLACES: &str = "Places";
pub const MONEY: &str = "Argent";

/// The button that does it: its verb, and the messages that leave.
pub fn button(verb: impl Display, messages: i64) -> String {
    match messages {
        0 => verb.to_string(),
        messages => format!("{verb} et envoyer {}", counts::messages(messages)),
    }
}

/// What stands before the messages.
pub fn leaving(messages: i64) -> String {
    match messages {
        0 => path::NO_MESSAGE_LEAVES.to_owned(),
        1 => "1\u{a0}message partira aussitôt\u{a0}:".to_owned(),
        messages => format!("{} partiront aussitôt\u{a0}:", counts::messages(messages)),
    }
}

pub fn path_opens(lot: impl Display, state: impl Display) -> String {
    format!("Un parcours s’ouvre dans le lot {lot}, à l’état «\u{a0}{state}\u{a0}».")
}

pub fn left(available: impl Display, planned: impl Display) -> String {
    format!(", il en restera {available} sur {planned}")
}

pub fn place_reserved(lot: impl Display, year: impl Display, left: impl Display) -> String {
    format!("1\u{a0}place du lot {lot} est réservée pour {year}{left}.")
}

pub fn place_given_back(lot: impl Display, year: impl Display, left: impl Display) -> String {
    format!("1\u{a0}place du lot {lot} est rendue pour {year}{left}.")
}

pub fn place_becomes_entry(lot: impl Display, year: impl Display) -> String {
    format!("La place réservée devient une entrée de {year} dans le lot {lot}.")
}

pub fn entry_of_other_year(reserved: impl Display, year: impl Display) -> String {
    format!("La place réservée pour {reserved} est rendue, et l’entrée compte dans {year}.")
}

pub fn entry_undone(year: impl Display) -> String {
    format!("L’entrée sort du décompte de {year}\u{a0}; la place redevient réservée.")
}

pub fn entry_counts(year: impl Display) -> String {
    format!("L’entrée compte dans {year}.")
}

pub fn place_moves(from: impl Display, to: impl Display) -> String {
    format!("La place réservée passe de {from} à {to}.")
}

pub fn entry_moves(from: impl Display, to: impl Display) -> String {
    format!("L’entrée passe du décompte de {from} à celui de {to}.")
}

pub fn entry_still_counts(year: impl Display) -> String {
    format!("Rien ne change\u{a0}: l’entrée compte dans {year}.")
}

pub fn place_still_reserved(lot: impl Display, year: impl Display) -> String {
    format!("1\u{a0}place du lot {lot} reste réservée pour {year}.")
}

pub const NO_PLACE: &str = "Aucune place n’est prise ni rendue.";

pub fn unit_drawn(price: impl Display, option: impl Display, order: impl Display) -> String {
    format!("{price}\u{a0}hors taxes, une unité {option} tirée sur {order}.")
}

pub fn unit_given_back(option: impl Display, order: impl Display) -> String {
    format!("Une unité {option} est rendue à {order}.")
}

pub fn due_for_work(amount: impl Display) -> String {
    format!("{amount}\u{a0}hors taxes sont dus pour le travail commencé.")
}

pub fn after_reduction(reduction: impl Display) -> String {
    format!(", après une réfaction de {reduction}")
}

pub fn service_done(amount: impl Display, reduction: impl Display) -> String {
    format!("Service fait pour {amount}\u{a0}hors taxes{reduction}.")
}

pub fn same_deadline(deadline: impl Display) -> String {
    format!("Inchangée. {deadline}.")
}

pub const NOTHING_AWAITED: &str = "Plus rien n’est attendu.";
