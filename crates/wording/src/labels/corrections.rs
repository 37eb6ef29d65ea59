//! Corrections of data: the data, and what the correction of each does.

use domain::path::command::{Datum, RequestKind};
use domain::path::correction::{Bound, Effect, Moved, ProfileValue};

/// A datum that may be corrected.
pub fn datum(datum: Datum) -> &'static str {
    match datum {
        Datum::Company => "Nom de l’entreprise",
        Datum::Siret => "SIRET de l’entreprise",
        Datum::Job => "Métier visé",
        Datum::RomeCode => "Code ROME",
        Datum::PersonsWanted => "Nombre de personnes souhaité",
        Datum::Commune => "Commune du lieu de travail",
        Datum::Prescriber => "Prescripteur",
        Datum::PlannedEntry => "Date d’entrée prévue",
        Datum::CandidateProfile => "Profil du candidat",
        Datum::EntryDate => "Date d’entrée en formation",
        Datum::Sequence => "Séquence du relevé",
        Datum::Absence => "Absence",
        Datum::EndDate => "Date de fin de formation",
        Datum::Outcome => "Issue de la formation",
        Datum::HoursDone => "Heures faites",
    }
}

/// What the correction of a datum does.
pub fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::Nothing => "Sans effet",
        Effect::Inform => "Les personnes concernées sont prévenues",
        Effect::AskAgain => "L’accord d’une partie est redemandé",
        Effect::AskAllAgain => "L’accord de chaque partie est redemandé",
    }
}

/// What was confirmed or signed, and is asked again.
pub fn bound(bound: Bound) -> &'static str {
    match bound {
        Bound::Commitment => "Confirmation de l’engagement, tant que l’étude n’est pas décidée",
        Bound::Pif => "Signatures du PIF, jusqu’à la fin de la formation",
        Bound::Report => "Confirmation du bilan, jusqu’à sa remise",
        Bound::Sequence => "Signature de la séquence",
        Bound::Attendance => "Signatures des états de présence des mois concernés",
    }
}

/// What moves with a datum.
pub fn moved(moved: Moved) -> &'static str {
    match moved {
        Moved::Lot => "Le lot et l’organisme, avant toute commande",
        Moved::Place => "L’année de la place",
        Moved::EntryDue => "L’échéance de l’entrée",
        Moved::ReportDue => "L’échéance du bilan",
        Moved::Ledger => "Les heures prouvées et les quatre éléments, vérifiés de nouveau",
        Moved::Statistics => "Les statistiques des entrées",
    }
}

/// A value of a candidate's profile, inside a sentence.
pub fn profile_value(value: ProfileValue) -> &'static str {
    match value {
        ProfileValue::BirthDate => "la date de naissance",
        ProfileValue::Sex => "le sexe",
        ProfileValue::Level => "le niveau de formation",
        ProfileValue::Rsa => "le bénéfice du RSA",
        ProfileValue::Boe => "le bénéfice de l’obligation d’emploi",
    }
}

/// What the reader of a correction had answered, and is asked anew.
pub fn asked_again(request: RequestKind) -> &'static str {
    match request {
        RequestKind::ConfirmCommitment => {
            "La confirmation de l’engagement porte sur cette information\u{a0}: elle est demandée de nouveau."
        }
        RequestKind::ConfirmReport => {
            "La confirmation du bilan porte sur cette information\u{a0}: elle est demandée de nouveau."
        }
        RequestKind::SignPif => {
            "Le PIF porte cette information\u{a0}: une nouvelle version est à signer par l’organisme, l’entreprise et le stagiaire."
        }
        RequestKind::ConfirmProgramme | RequestKind::AcceptDesignation | RequestKind::ConfirmCandidate => {
            "La réponse donnée porte sur cette information\u{a0}: elle est demandée de nouveau."
        }
        RequestKind::SignSequences => "La séquence corrigée remplace la première\u{a0}: elle est à signer.",
        RequestKind::SignAttendance => {
            "L’état de présence signé disait autre chose\u{a0}: il est établi et signé de nouveau."
        }
    }
}
