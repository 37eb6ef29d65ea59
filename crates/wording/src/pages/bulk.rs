//! One step on several paths: choosing it, what would happen, what happened.

use std::fmt::Display;

pub const POSSIBLE_ON_ALL: &str = "Possible sur toute la sélection";

pub fn possible_on(number: impl Display, paths: impl Display) -> String {
    format!("Possible sur {number} des {paths}")
}

pub fn act_on(paths: impl Display) -> String {
    format!("Agir sur {paths}")
}

pub fn step_on(step: impl Display, paths: impl Display) -> String {
    format!("{step} sur {paths}")
}

pub const TO_CORRECT: &str = "Rien n’est encore fait\u{a0}: corrigez le formulaire";
pub const SEE_BUTTON: &str = "Voir ce qui va se passer";

pub const OTHERWISE_THAN_READ: &str =
    "Ce qui se passerait n’est plus ce que vous avez lu\u{a0}: relisez-le avant de réessayer.";
pub const CHANGED: &str = "Le parcours a changé depuis que vous l’avez lu\u{a0}:";
pub const NOT_YOURS: &str = "Ce parcours ne vous est pas accessible.";
pub const OTHER_ANSWERS: &str = "Ce formulaire a déjà servi avec d’autres réponses\u{a0}: recommencez la sélection.";
pub const CONTENDED: &str = "Trop de demandes en même temps\u{a0}: réessayez.";
pub const FAILED: &str = "Une erreur est survenue\u{a0}: réessayez.";

pub fn last_unit(option: impl Display, lot: impl Display) -> String {
    format!("C’est la dernière unité {option} du lot {lot}.")
}

pub fn for_this_path(messages: impl Display) -> String {
    format!("{messages} pour ce parcours")
}

pub const POSSIBLE: &str = "Possible";
pub const REFUSED: &str = "Refusé";
pub const DONE: &str = "Fait";
pub const NOT_DONE: &str = "Pas fait";

pub const ALREADY_DONE: &str = "C’était déjà fait par ce même formulaire.";

pub fn now(state: impl Display) -> String {
    format!("État\u{a0}: {state}.")
}

pub fn to_role(role: impl Display, messages: impl Display) -> String {
    format!("{role}\u{a0}: {messages}")
}

pub fn money_engaged(lot: impl Display, price: impl Display, units: impl Display, left: impl Display) -> String {
    format!("Lot {lot}\u{a0}: {price}\u{a0}hors taxes, {units}, il en restera {left}.")
}

pub fn service_done(lot: impl Display, amount: impl Display, paths: impl Display) -> String {
    format!("Lot {lot}\u{a0}: service fait pour {amount}\u{a0}hors taxes, sur {paths}.")
}

pub const NO_PLACE: &str = "Aucune n’est prise ni rendue.";
pub const MESSAGES: &str = "Messages";
pub const ONE_SUMMARY: &str = "Un message récapitule ces parcours\u{a0}:";
pub const SEVERAL_SUMMARIES: &str = "Ces messages récapitulent les parcours de chacun\u{a0}:";

pub const ALL_POSSIBLE: &str = "Rien n’est encore fait. Voici ce qui va se passer.";
pub const NONE_POSSIBLE: &str = "Rien n’est possible sur cette sélection. Voici pourquoi.";
pub const ONE_IMPOSSIBLE: &str = "Rien n’est encore fait. Un parcours ne peut pas avancer et restera comme il est.";

pub fn several_impossible(paths: impl Display) -> String {
    format!("Rien n’est encore fait. {paths} ne peuvent pas avancer et resteront comme ils sont.")
}

pub fn done_on(paths: impl Display) -> String {
    format!("C’est fait sur {paths}.")
}

pub fn to_see_again(done: impl Display, failed: impl Display) -> String {
    format!("{done} {failed} à revoir.")
}

pub fn on_their_way(done: impl Display, messages: impl Display) -> String {
    format!("{done} {messages} en route.")
}

pub const TRY_AGAIN_BUTTON: &str = "Réessayer les échecs";
