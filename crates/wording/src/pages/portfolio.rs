//! The paths of a coordinator handed over to a colleague.

use std::fmt::Display;

pub const TO_WHOM: &str = "À qui";
pub const TO_WHOM_HELP: &str = "Les coordinations ouvertes du même organisme. Un seul courriel, avec la liste des \
     parcours, part à chacun des deux.";
pub const NOT_HANDED_OVER: &str = "Rien n’a été transmis";
pub const CHOOSE_COLLEAGUE: &str = "Choisissez la personne qui reprend ces parcours.";
pub const HANDED_OVER: &str = "Transmis";

pub fn handed_over_to(paths: impl Display, name: impl Display) -> String {
    format!("{paths} transmis à {name}")
}
