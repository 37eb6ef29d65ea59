//! A commune that was named, when it is not one.

use std::fmt::Display;

pub const NONE_FOUND: &str = "Aucune commune de Normandie ne correspond. Vérifiez le nom, ou donnez le code postal.";

pub fn several_found(typed: impl Display) -> String {
    format!("«\u{a0}{typed}\u{a0}» désigne plusieurs communes. Choisissez la bonne.")
}

pub fn insee_code(code: impl Display) -> String {
    format!("Code Insee {code}")
}

pub const OTHER: &str = "Une autre commune";
pub const OTHER_HELP: &str = "Son nom complet ou son code postal, si elle n’est pas ci-dessus.";
