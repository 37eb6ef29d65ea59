//! The three phases of a path.

use std::fmt::Display;

pub fn ended_on(day: impl Display) -> String {
    format!("Terminée le {day}")
}

pub fn resumed_from(reference: impl Display) -> String {
    format!("Reprise du parcours {reference}")
}

pub const ENDED: &str = "Terminée";

pub fn stage(rank: impl Display, length: impl Display) -> String {
    format!("Étape {rank} sur {length}")
}

pub const TO_COME: &str = "À venir";
pub const NOT_CONCERNED: &str = "Sans objet";

pub fn next(holder: impl Display, what: impl Display, deadline: impl Display) -> String {
    format!("La suite\u{a0}: {holder} doit {what}, {deadline}.")
}

pub const MORE_BEING_ASKED: &str = "Des compléments sont en cours entre l’organisme et la Région";
