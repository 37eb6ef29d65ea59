//! Opening a path: its form, and what the directory of companies answers.

use std::fmt::Display;

use super::counts;

pub fn recent(reference: impl Display, job: impl Display, day: impl Display, state: impl Display) -> String {
    format!("{reference} — {job}, ouvert le {day}, {state}")
}

/// The same of another establishment of the company.
pub fn recent_elsewhere(path: impl Display, commune: impl Display, siret: impl Display) -> String {
    format!("{path} · {commune}, SIRET {siret}")
}

pub const FIRST_SENT_OPENED: &str =
    "Votre premier envoi a ouvert un parcours\u{a0}; celui-ci, différent, n’en ouvre pas d’autre.";
pub const COMMUNE_HELP: &str =
    "Nom, code postal ou code INSEE de la commune où la personne travaillera. Le lot en découle.";
pub const NOT_OPEN_YET: &str = "Le parcours n’est pas encore ouvert";

pub const LOOK_UP_BUTTON: &str = "Chercher l’entreprise";
pub const KNOWN_TITLE: &str = "L’annuaire connaît cette entreprise";
pub const CLOSED_TITLE: &str = "Cet établissement est fermé, d’après l’annuaire";
pub const CLOSED: &str =
    "Vérifiez le SIRET auprès de l’entreprise\u{a0}: elle a peut-être déménagé, ou cessé son activité.";
pub const UNKNOWN_TITLE: &str = "L’annuaire ne connaît pas ce SIRET";
pub const UNKNOWN: &str = "Vérifiez-le auprès de l’entreprise. S’il est juste, remplissez le formulaire à la main.";
pub const SILENT_TITLE: &str = "L’annuaire des entreprises ne répond pas";
pub const SILENT: &str =
    "Remplissez le formulaire à la main\u{a0}: l’annuaire n’est pas nécessaire. Votre saisie est gardée.";
pub const TOO_OFTEN_TITLE: &str = "Trop de recherches en une heure";

pub fn too_often(most: impl Into<i64>) -> String {
    let companies = counts::companies(most);
    format!("Ce compte a déjà cherché {companies}. Remplissez le formulaire à la main, ou attendez un peu.")
}

pub fn name_kept(typed: impl Display) -> String {
    format!("Vous aviez écrit «\u{a0}{typed}\u{a0}»\u{a0}: ce nom est gardé.")
}

pub const WITHOUT_NAME: &str = "L’annuaire ne donne pas son nom\u{a0}: indiquez-le.";

pub fn commune_kept(commune: impl Display, typed: impl Display) -> String {
    format!(
        "L’annuaire le situe dans la commune {commune}\u{a0}; celle que vous aviez indiquée, «\u{a0}{typed}\u{a0}», \
         est gardée."
    )
}
