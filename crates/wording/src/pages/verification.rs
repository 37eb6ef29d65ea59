//! Prestations that wait for a decision.

use std::fmt::Display;

pub fn late_by(days: impl Display) -> String {
    format!("{days} de retard")
}

pub const LAST_DAY: &str = "dernier jour";
pub const ADMITTED_BY_SILENCE: &str = "Sans décision, la prestation est admise.";
pub const REJECTED_BY_SILENCE: &str = "Sans décision, la prestation est rejetée.";

pub const INVITE_OBSERVATIONS: &str = "Inviter à présenter des observations";

pub fn observations_received(day: impl Display) -> String {
    format!("Observations reçues le {day}.")
}

pub fn observations_asked(by: impl Display) -> String {
    format!("Observations demandées, attendues {by}.")
}

pub fn rejected_before(times: impl Display) -> String {
    format!("Déjà rejetée {times}.")
}

pub fn still(days: impl Display) -> String {
    format!("encore {days}")
}
