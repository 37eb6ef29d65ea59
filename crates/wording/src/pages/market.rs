//! The market in force and its versions.

use std::fmt::Display;

pub const LEVELS: &str = "Niveaux de la mise en œuvre";

pub fn levels(second: impl Display, third: impl Display) -> String {
    format!("N2 dès {second}, N3 dès {third}")
}

pub const TRAINING_TIME: &str = "Temps de formation";

pub fn training_time(weekly: impl Display, daily: impl Display, completion: impl Display) -> String {
    format!("{weekly} par semaine et {daily} par jour au plus, achevé dès {completion} des heures")
}

pub const PENALTIES: &str = "Pénalités";

pub fn penalties(waived: impl Display, cap: impl Display, comment: impl Display) -> String {
    format!("non dues jusqu’à {waived}, {cap} de la commande au plus, {comment} pour répondre")
}

pub fn verified_within(ccag: impl Display, span: impl Display) -> String {
    format!("{ccag}, vérification {span}")
}

pub const ENDED: &str = "Terminé";
pub const IN_FORCE: &str = "En vigueur";
pub const TO_COME: &str = "À venir";
pub const NO_CHANGE: &str = "Aucun";
