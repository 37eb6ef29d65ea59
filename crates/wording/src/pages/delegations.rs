//! Who stands in for whom.

use std::fmt::Display;

pub const GIVEN_TITLE: &str = "Le remplacement est prévu";
pub const GIVEN: &str = "La personne qui l’assure en est prévenue.";
pub const ENDED_TITLE: &str = "Le remplacement est terminé";
pub const ENDED: &str = "La personne qui l’assurait en est prévenue.";

pub const BOTH_TOLD: &str = "Les deux personnes en sont prévenues.";

pub const UNDER_WAY: &str = "En cours";
pub const TO_COME: &str = "À venir";
pub const STAND_IN_HELP: &str = "Les comptes ouverts du même rôle et des mêmes lots.";
pub const STAND_IN: &str = "Qui assure le remplacement";
pub const FIRST_DAY: &str = "Premier jour";
pub const LAST_DAY: &str = "Dernier jour";
pub const LAST_DAY_HELP: &str = "Ce jour est compris\u{a0}: tout s’arrête seul à sa fin.";
pub const NOTHING_DELEGATED: &str = "Rien n’est délégué";

pub fn stands_in_for_you(name: impl Display, period: impl Display) -> String {
    format!("{name} vous remplace {period}")
}

pub fn you_stand_in(name: impl Display, period: impl Display) -> String {
    format!("Vous remplacez {name} {period}")
}

pub fn stands_in(name: impl Display, away: impl Display, period: impl Display) -> String {
    format!("{name} remplace {away} {period}")
}

pub const CHOOSE_STAND_IN: &str = "Choisissez qui assure le remplacement.";
pub const GIVE_FIRST_DAY: &str = "Donnez le premier jour.";
pub const GIVE_LAST_DAY: &str = "Donnez le dernier jour.";
