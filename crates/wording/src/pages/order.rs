//! The page of one purchase order.

use std::fmt::Display;

use super::counts;

pub const VISA_REFUSED: &str = "Le visa est refusé";

pub fn refused_by(who: impl Display, when: impl Display) -> String {
    format!("{who}, le {when}\u{a0}: corrigez le bon de commande, puis demandez de nouveau le visa.")
}

pub const DECIDED: &str = "Décidée";

pub const COMMITMENT_NUMBER: &str = "Numéro d’engagement";
pub const SERVICE_CODE: &str = "Code service";
pub const APPROVED: &str = "Visa donné";
pub const NOTIFIED_BY: &str = "Notifié par";
pub const SENT: &str = "Envoyé";
pub const FIRST_READ: &str = "Première consultation";
pub const PROOF: &str = "Preuve";
pub const NO_PROOF: &str = "aucune\u{a0}: la date certaine est le huitième jour après l’envoi";
pub const PROVEN_BY_READING: &str = "la première consultation";
pub const OBSERVATIONS_UNTIL: &str = "Observations possibles jusqu’au";

pub fn interrupted(since: impl Display, reason: impl Display) -> String {
    format!("Depuis le {since}\u{a0}: {reason}")
}

pub fn paid(day: impl Display) -> String {
    format!("Le {day}")
}

pub fn late(days: impl Into<i64>, interest: impl Display, indemnity: impl Display) -> String {
    let days = counts::days(days);
    format!("Retard de {days}\u{a0}: {interest} d’intérêts et {indemnity} d’indemnité, à titre indicatif.")
}

pub const ASK_APPROVAL_BUTTON: &str = "Relire et demander le visa";
pub const APPROVE_BUTTON: &str = "Relire et viser";
pub const NOTIFY_BUTTON: &str = "Relire et notifier";
pub const OBSERVE_BUTTON: &str = "Écrire des observations";

pub fn message_leaves(to: impl Display) -> String {
    format!("Un message part à\u{a0}: {to}.")
}

pub fn messages_leave(messages: impl Display, to: impl Display) -> String {
    format!("{messages} partent à\u{a0}: {to}.")
}

pub fn removed(units: impl Display, option: impl Display) -> String {
    format!("{units} de {option}")
}

pub const NOT_YET_NOTIFIED: &str = "Pas encore notifié.";

pub fn notified(certain_day: impl Display) -> String {
    format!("Notifié, date certaine le {certain_day}.")
}
