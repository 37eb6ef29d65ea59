//! Correcting what was recorded.

use std::fmt::Display;

pub fn numbered(number: impl Display) -> String {
    format!("N°\u{a0}{number}")
}

pub const WHAT_IS_RECORDED: &str = "Ce qui est enregistré";
pub const WHAT_TO_CORRECT: &str = "Que faut-il corriger\u{a0}?";
pub const CURRENT_VALUE: &str = "Valeur actuelle";

pub const EFFECT: &str = "Effet";
pub const ASKED_AGAIN: &str = "Demandé de nouveau";
pub const ALWAYS_TOLD: &str = "Prévenus dans tous les cas";
pub const WHAT_FOLLOWS: &str = "Ce qui suit";

pub fn numbered_value(number: impl Display, text: impl Display) -> String {
    format!("N°\u{a0}{number}\u{a0}: {text}")
}
