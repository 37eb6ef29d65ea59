//! The page of one path.

use std::fmt::Display;

pub const TO_COME: &str = "à venir";
pub const WORK_ANALYSIS: &str = "Analyse de l’activité de travail";
pub const RESUMED_FROM_ORIGIN: &str = "reprise du parcours d’origine";
pub const TRAINER_NAMED: &str = "Formateur désigné avant l’entrée";
pub const TUTOR_NAMED: &str = "Désignation du tuteur";
pub const REFLECTIONS: &str = "Phases réflexives distinctes";
pub const ASSESSMENTS: &str = "Évaluations des acquis";

pub fn absence(period: impl Display, reason: impl Display) -> String {
    format!("Absence {period}\u{a0}: {reason}")
}

pub const WITHOUT_TAX: &str = "hors taxes";
pub const ADMITTED_BY_SILENCE: &str = "admise par silence";
pub const ADMITTED: &str = "admise";

pub fn reduction_on(prestation: impl Display) -> String {
    format!("Réfaction sur {prestation}")
}

pub fn on(how: impl Display, day: impl Display) -> String {
    format!("{how} le {day}")
}

pub fn lot_in(lot: impl Display, year: impl Display) -> String {
    format!("Lot {lot} en {year}")
}

pub const ALL: &str = "Tout";
pub const STEPS: &str = "Étapes";
pub const CORRECTIONS: &str = "Corrections";
pub const DOCUMENTS_AND_NOTES: &str = "Documents et notes";
pub const WITH_MESSAGES: &str = "Avec messages";

pub fn see_also(facts: impl Display) -> String {
    format!("Voir aussi {facts}")
}

pub const AFEST_HOURS: &str = "Heures d’AFEST";
pub const APPLICATION_HOURS: &str = "Heures de mise en application";
pub const WEEKLY_HOURS: &str = "Heures par semaine";
pub const DAILY_HOURS: &str = "Heures par jour";
pub const START: &str = "Début";
pub const END: &str = "Fin";

pub fn see(what: impl Display) -> String {
    format!("Voir les {what}")
}

pub const ORIGIN: &str = "parcours d’origine";

pub fn need_raised(day: impl Display, persons: impl Display) -> String {
    format!("Besoin signalé le {day}, {persons}")
}

pub fn study_admitted(day: impl Display, verdict: impl Display) -> String {
    format!("Étude admise le {day}\u{a0}: {verdict}")
}

pub fn programme_signed(version: impl Display) -> String {
    format!("PIF version {version} signé par l’entreprise, le stagiaire et l’organisme")
}

pub fn level(level: impl Display, hours: impl Display) -> String {
    format!("Niveau {level}\u{a0}: {hours}")
}

pub const SEE_PIECE: &str = "Voir la pièce";

pub fn delivered_on(day: impl Display) -> String {
    format!("Remise le {day}")
}

pub fn silence_admits(by: impl Display) -> String {
    format!("Sans décision {by}, le silence vaut admission")
}

pub const READ_PIECES: &str = "Lire les pièces remises";
pub const COMMITMENT_ANSWERED: &str = "L’entreprise a répondu sur son engagement";
pub const REPORT_ANSWERED: &str = "L’entreprise a répondu sur le bilan";

pub fn tutor_named_on(day: impl Display) -> String {
    format!("Tuteur désigné le {day}")
}

pub fn place_reserved(year: impl Display, entry: impl Display) -> String {
    format!("1\u{a0}place réservée pour {year}, entrée prévue le {entry}")
}

pub const NO_MESSAGE_LEAVES: &str = "Aucun message ne part.";

pub fn message_leaves(to: impl Display) -> String {
    format!("1\u{a0}message part à {to}.")
}

pub fn messages_leave(messages: impl Display, to: impl Display) -> String {
    format!("{messages} partent\u{a0}: {to}.")
}

pub const SEE_MESSAGE: &str = "Voir le message";
pub const SEE_PERSONS: &str = "Voir les personnes";

/// Said beside a step whose form was begun.
pub const DRAFTED: &str = "Un brouillon de ce formulaire est gardé\u{a0}: ouvrez-le pour le finir ou l’effacer";

pub const COORDINATION: &str = "Coordination";

pub fn stands_in(name: impl Display, until: impl Display) -> String {
    format!("{name} assure le remplacement {until}")
}

pub const TRAINING_PROVEN: &str = ", formation attestée";

pub fn tutor_since(day: impl Display, trained: impl Display) -> String {
    format!("Tutorat depuis le {day}{trained}")
}

pub fn candidate_since(day: impl Display) -> String {
    format!("Candidature retenue le {day}")
}

pub fn informed_on(day: impl Display) -> String {
    format!("Notice sur ses données\u{a0}: {day}")
}

pub const NO_REMINDERS: &str = "Ne souhaite pas de rappels";
pub const ADDRESS_REFUSED: &str = "Adresse refusée par la messagerie";
pub const NO_ADDRESS: &str = "Aucune adresse électronique";
pub const BIRTH: &str = "Naissance";
pub const LEVEL: &str = "Niveau";
pub const SEX: &str = "Sexe";
pub const BOE: &str = "Obligation d’emploi (BOE)";
pub const COMPANY: &str = "Entreprise";

pub fn version_of(kind: impl Display, version: impl Display) -> String {
    format!("{kind}, version {version}")
}

pub fn condition_waived(day: impl Display) -> String {
    format!("la Région y a renoncé le {day}")
}

pub fn condition_met(day: impl Display) -> String {
    format!("remplie le {day}")
}

pub const CONDITION_OPEN: &str = "à lever";

pub const OPENED_ON: &str = "Ouvert le";
pub const PERSONS_WANTED: &str = "Personnes souhaitées";
pub const ROME: &str = "Code ROME";
pub const DEROGATION: &str = "Dérogation";
pub const FIRST_VISIT: &str = "Première visite";
pub const VERDICT: &str = "Conclusion de l’étude";
pub const UNSIGNED: &str = "sans signature";

pub fn signed_by(parties: impl Display) -> String {
    format!("signé par {parties}")
}

pub fn programme(version: impl Display, hours: impl Display, signed: impl Display) -> String {
    format!("version {version}, {hours}, {signed}")
}

pub const PROGRAMME_DATES: &str = "Dates du PIF";
pub const ENTRY: &str = "Entrée";
pub const SAFIR: &str = "Référence SAFIR";
pub const REMU: &str = "Référence rému";
pub const OUTCOME: &str = "Issue";

pub const MESSAGE_WAITING: &str = "en attente d’envoi";
pub const MESSAGE_LEAVING: &str = "envoi en cours";
pub const MESSAGE_SENT: &str = "envoyé";
pub const MESSAGE_REFUSED: &str = "adresse refusée";
pub const MESSAGE_RETURNED: &str = "refusé par la messagerie du destinataire";
pub const MESSAGE_RETURNED_LATE: &str = "rendu, jamais arrivé";
pub const MESSAGE_FAILED: &str = "échec de l’envoi";

pub fn out_of(number: impl Display) -> String {
    format!("sur {number}")
}

pub fn settled_of(conditions: impl Display, all: usize) -> String {
    format!("{conditions} sur {all}")
}

/// Stands where a changed value was or is nothing.
pub const NO_VALUE: &str = "aucun";
