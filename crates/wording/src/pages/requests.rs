//! What is asked behind a link: why, on what, with which effects.

use std::fmt::Display;

use domain::path::command::RequestKind;
use domain::people::OutsideRole;

pub fn asked_of(name: impl Display, role: impl Display) -> String {
    format!("Demandé à {name}, {role}")
}

pub fn dated_answer(coordination: impl Display) -> String {
    format!("Votre réponse est datée et inscrite au parcours\u{a0}; {coordination} la reçoit.")
}

pub const SEQUENCES_COUNT: &str =
    "Chaque séquence vécue en entreprise compte dans les heures de votre formation. Votre signature en fait la preuve.";
pub const SEQUENCES_UNTICK: &str = "Décochez une séquence qui ne s’est pas passée ainsi, puis proposez une correction.";
pub const RECEIPT: &str =
    "Un reçu vous parvient par courriel\u{a0}; il dit comment signaler une réponse que vous n’auriez pas donnée.";

pub const ON_PAPER: &str = "Lettre d’engagement à imprimer";
pub const ON_PAPER_HELP: &str =
    "Vous préférez signer sur papier\u{a0}? Remettez la lettre signée à l’organisme de formation\u{a0}:";

pub const CONFIRM_COMMITMENT: &str = "Confirmer l’engagement";
pub const CONFIRM_REPORT: &str = "Confirmer le bilan";

pub fn sign_programme(version: impl Display) -> String {
    format!("Signer la version {version} du PIF")
}

pub const SIGN_SEQUENCES: &str = "Signer les séquences cochées";
pub const SIGN_ATTENDANCE: &str = "Signer l’état de présence";

pub fn newer_programme(asked: impl Display, version: impl Display) -> String {
    format!(
        "Le programme a changé depuis le courriel que vous avez reçu\u{a0}: voici la version {asked}. La version \
         {version} ne se signe plus."
    )
}

pub const COMPANY: &str = "Entreprise";
pub const FIRST_VISIT: &str = "Première visite";
pub const PERSONS_WANTED: &str = "Personnes à former";
pub const COMMITMENT_EFFECT: &str = "L’organisme peut remettre son étude à la Région, qui décide de la suite.";

pub const TRAINING: &str = "Formation";
pub const HOURS_DONE: &str = "Heures réalisées";
pub const OUTCOME: &str = "Issue";
pub const REPORT_EFFECT: &str = "La Région vérifie le bilan que lui remet l’organisme, puis décide de la suite.";

pub const PROGRAMME_MEANING: &str = "Le programme individuel de formation fixe les heures, les dates et le contenu \
     du parcours. Lisez le document avant de signer.";
pub const VERSION: &str = "Version";

pub fn version_of(version: impl Display, day: impl Display) -> String {
    format!("{version}, établie le {day}")
}

pub const DATES: &str = "Dates";
pub const HOURS: &str = "Heures";

pub fn hours_of_programme(total: impl Display, afest: impl Display, application: impl Display) -> String {
    format!("{total}\u{a0}: {afest} de formation en situation de travail et {application} d’application")
}

pub const RHYTHM: &str = "Rythme";

pub fn rhythm(daily: impl Display, weekly: impl Display) -> String {
    format!("au plus {daily} par jour et {weekly} par semaine")
}

pub const ON_BEHALF: &str = ", signature recueillie par l’organisme";

pub fn signed(name: impl Display, day: impl Display, how: impl Display) -> String {
    format!("{name}\u{a0}: signé le {day}{how}")
}

pub fn unsigned(name: impl Display) -> String {
    format!("{name}\u{a0}: signature attendue")
}

pub const LAST_SIGNATURE: &str =
    "Votre signature est la dernière attendue\u{a0}: la Région est prévenue que le PIF est signé.";

pub fn other_to_sign(other: impl Display) -> String {
    format!("Restera à signer\u{a0}: {other}.")
}

pub fn others_to_sign(others: impl Display) -> String {
    format!("Resteront à signer\u{a0}: {others}.")
}

pub fn attendance_drawn(holder: impl Display, of_month: impl Display, why: impl Display) -> String {
    format!("{holder} a établi l’état de présence {of_month}. {why}")
}

pub const ATTENDANCE_PAYS: &str = "Votre rémunération de stagiaire en dépend.";
pub const ATTENDANCE_CHECK: &str = "Vérifiez qu’il dit bien les jours passés dans l’entreprise.";

pub fn sequences_of(of_month: impl Display) -> String {
    format!("Séquences {of_month}")
}

pub const DAY: &str = "Jour";
pub const SEQUENCE: &str = "Séquence";
pub const DURATION: &str = "Durée";
pub const ABSENCES: &str = "Absences";
pub const NO_ABSENCE: &str = "Aucune";

pub fn sequence(kind: impl Display, day: impl Display, from: impl Display, until: impl Display) -> String {
    format!("{kind}, {day} de {from} à {until}")
}

pub const SEQUENCES_TO_SIGN: &str = "Séquences à signer";
pub const TICK_ONE_SEQUENCE: &str = "Cochez au moins une séquence.";

pub const PROPOSE_CORRECTION: &str = "Proposer une correction";
pub const HAND_OVER: &str = "Transmettre à la bonne personne";

pub fn in_the_name_of(role: OutsideRole) -> &'static str {
    match role {
        OutsideRole::Company | OutsideRole::HumanResources | OutsideRole::Accounting => "pour l’entreprise",
        OutsideRole::Signatory => "signataire de l’entreprise",
        OutsideRole::Tutor => "au titre du tutorat",
        OutsideRole::Trainee => "stagiaire",
    }
}

pub fn title(request: RequestKind) -> &'static str {
    match request {
        RequestKind::ConfirmCommitment => "Confirmer l’engagement de l’entreprise",
        RequestKind::ConfirmReport => "Confirmer le bilan final",
        RequestKind::SignPif => "Signer le programme individuel (PIF)",
        RequestKind::SignSequences => "Signer vos séquences",
        RequestKind::SignAttendance => "Signer l’état de présence du mois",
        RequestKind::ConfirmProgramme => "Confirmer le programme de formation",
        RequestKind::AcceptDesignation => "Accepter d’être le tuteur",
        RequestKind::ConfirmCandidate => "Confirmer le candidat retenu",
    }
}

/// Declining a request, as a title and a link say it.
pub const fn declining(request: RequestKind) -> &'static str {
    match request {
        RequestKind::ConfirmCommitment => "Ne pas confirmer l’engagement",
        RequestKind::ConfirmReport => "Ne pas confirmer le bilan",
        RequestKind::SignPif => "Ne pas signer le PIF",
        RequestKind::SignSequences => "Ne pas signer ces séquences",
        RequestKind::SignAttendance => "Ne pas signer l’état de présence",
        RequestKind::ConfirmProgramme => "Ne pas confirmer le programme",
        RequestKind::AcceptDesignation => "Ne pas accepter",
        RequestKind::ConfirmCandidate => "Ne pas confirmer ce candidat",
    }
}

pub const CONFIRM_PROGRAMME: &str = "Confirmer le programme";
pub const ACCEPT_DESIGNATION: &str = "J’accepte";
pub const CONFIRM_CANDIDATE: &str = "Confirmer ce candidat";
pub const CANDIDATE: &str = "Candidat";
pub const PLANNED_ENTRY: &str = "Entrée prévue";

pub fn programme_asked(body: impl Display) -> String {
    format!(
        "{body} a préparé le programme de formation avec vous. Lisez-le, puis dites s’il convient à votre entreprise."
    )
}

pub fn designation_asked(company: impl Display, body: impl Display) -> String {
    format!(
        "{company} vous désigne pour accompagner la formation. Le tuteur montre le travail, le fait faire, puis en parle avec le stagiaire\u{a0}; \
         {body} vous y aide."
    )
}

pub fn candidate_asked(body: impl Display) -> String {
    format!(
        "{body} a noté que vous souhaitez accueillir cette personne. Confirmez-le, ou dites pourquoi vous ne le souhaitez pas."
    )
}

pub const AGREEMENT_EFFECT: &str = "Votre accord est joint au dossier\u{a0}; le parcours avance même sans lui.";
