//! What was answered before, as a nominal phrase with or without « déjà ».

use std::fmt::Display;

pub fn commitment_confirmed(already: impl Display) -> String {
    format!("Engagement {already}confirmé")
}

pub fn report_confirmed(already: impl Display) -> String {
    format!("Bilan final {already}confirmé")
}

pub fn programme_confirmed(already: impl Display) -> String {
    format!("Programme {already}confirmé")
}

pub fn designation_accepted(already: impl Display) -> String {
    format!("Désignation {already}acceptée")
}

pub fn candidate_confirmed(already: impl Display) -> String {
    format!("Candidat {already}confirmé")
}

pub fn correction_accepted(already: impl Display) -> String {
    format!("Votre correction {already}acceptée")
}

pub fn correction_refused(already: impl Display) -> String {
    format!("Votre correction {already}écartée")
}

pub fn opinion_given(already: impl Display) -> String {
    format!("Avis {already}donné sur l’accompagnement")
}

pub fn programme_signed(version: impl Display, already: impl Display) -> String {
    format!("PIF, version {version}, {already}signé")
}

pub fn sequence_signed(number: impl Display, already: impl Display) -> String {
    format!("Séquence {number} {already}signée")
}

pub fn attendance_signed(of_month: impl Display, already: impl Display) -> String {
    format!("État de présence {of_month} {already}signé")
}

pub fn request_declined(request: impl Display, already: impl Display) -> String {
    format!("Demande «\u{a0}{request}\u{a0}» {already}déclinée")
}

pub fn correction_proposed(already: impl Display) -> String {
    format!("Correction {already}proposée")
}

pub fn answer_contested(request: impl Display, already: impl Display) -> String {
    format!("Réponse «\u{a0}{request}\u{a0}» {already}contestée")
}

pub fn difficulty_reported(already: impl Display) -> String {
    format!("Difficulté {already}signalée")
}

pub fn accident_declared(already: impl Display) -> String {
    format!("Accident {already}déclaré")
}

pub fn tutor_named(already: impl Display) -> String {
    format!("Tuteur {already}désigné")
}

pub fn tutor_replaced(already: impl Display) -> String {
    format!("Tuteur {already}remplacé")
}

pub fn sequence_added(number: impl Display, already: impl Display) -> String {
    format!("Séquence {number} {already}ajoutée")
}

pub fn situation_recorded(already: impl Display) -> String {
    format!("Situation après le parcours {already}enregistrée")
}

pub fn candidature_withdrawn(already: impl Display) -> String {
    format!("Candidature {already}retirée")
}

pub fn handed_over(already: impl Display) -> String {
    format!("Relais {already}passé")
}

pub fn colleague_named(function: impl Display, already: impl Display) -> String {
    format!("Collègue {already}désigné\u{a0}: {function}")
}

pub fn colleague_removed(function: impl Display, already: impl Display) -> String {
    format!("Collègue {already}retiré\u{a0}: {function}")
}

pub fn when_and_by(when: impl Display, by: impl Display) -> String {
    format!("{when}, par {by}")
}

pub const ALREADY: &str = "déjà ";

pub fn deed_on(deed: impl Display, when: impl Display) -> String {
    format!("{deed} le {when}.")
}
