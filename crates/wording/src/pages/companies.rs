//! The page of a company.

use std::fmt::Display;

pub fn of_which_open(paths: impl Display, open: impl Display) -> String {
    format!("{paths}, dont {open} en cours")
}

/// On which of the paths of a company a person is replaced at once.
pub fn all_of(paths: impl Display) -> String {
    format!("sur ses {paths} en cours")
}

/// The same, when there are more than one selection takes.
pub fn first_of(most: i64, paths: impl Display) -> String {
    format!("sur les {most}\u{a0}premiers de ses {paths} en cours")
}

pub const NO_LONGER_THERE: &str = "n’intervient plus";

pub const TUTOR_TRAINED: &str = "tutorat\u{a0}: formation suivie";
pub const TUTOR_TRAINING_ORDERED: &str = "tutorat\u{a0}: formation commandée";
pub const ADDRESS_REFUSED: &str = "adresse refusée par la messagerie";

pub const COMMITMENT: &str = "Engagement à accueillir la formation";
pub const REPORT_CONFIRMATION: &str = "Accord sur le bilan final";
pub const CONFIRMED: &str = "Confirmé";
pub const LETTER_SIGNED: &str = "Lettre signée";
pub const NO_ANSWER: &str = "Sans réponse";

pub fn on(text: impl Display, day: impl Display) -> String {
    format!("{text}, le {day}")
}

pub const DECLINED: &str = "Décliné";
pub const ASKED: &str = "Demandé";
pub const CONDITION_MET: &str = "Remplie";
pub const CONDITION_WAIVED: &str = "Levée";
pub const CONDITION_LATE: &str = "En retard";
pub const CONDITION_AWAITED: &str = "Attendue";
pub const VERDICT: &str = "Conclusion de l’étude";
pub const NOT_FEASIBLE: &str = "Non faisable";

pub const MESSAGE_ON_ITS_WAY: &str = "En route";
pub const MESSAGE_SENT: &str = "Envoyé";
pub const MESSAGE_REFUSED: &str = "Refusé";
pub const MESSAGE_FAILED: &str = "Échec";
pub const MESSAGE_HELD: &str = "Retenu";
