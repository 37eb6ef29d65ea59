//! States of a path and its phases.

use domain::path::State;

use super::prestation;

/// A state, as `domain.md` §3.1 names it.
pub fn state(state: State) -> &'static str {
    match state {
        State::NeedReported => "Besoin signalé",
        State::FeasibilityOrdered => "Étude commandée",
        State::FeasibilityInProgress => "Étude en cours",
        State::FeasibilityDelivered => "Étude remise",
        State::FeasibilityAdjourned => "Étude ajournée",
        State::Feasible => "Faisable",
        State::PreparationOrdered => "Préparation commandée",
        State::PreparationInProgress => "Préparation en cours",
        State::PreparationDelivered => "Préparation remise",
        State::PreparationAdjourned => "Préparation ajournée",
        State::Ready => "Prêt à mettre en œuvre",
        State::CandidateSelection => "Sélection du candidat",
        State::CandidateSelected => "Candidat retenu, PIF en construction",
        State::PifSigned => "PIF signé",
        State::ImplementationOrdered => "Mise en œuvre commandée",
        State::InTraining => "En formation",
        State::Suspended => "Suspendu",
        State::TrainingEnded => "Formation terminée",
        State::ReportDelivered => "Bilan remis",
        State::ReportAdjourned => "Bilan ajourné",
        State::Closed => "Clos",
        State::NotFeasible => "Non faisable",
        State::Declined => "Sans suite",
        State::Cancelled => "Annulé",
    }
}

/// What a state means, in one sentence.
pub const fn state_help(state: State) -> &'static str {
    match state {
        State::NeedReported => {
            "Une entreprise a un besoin\u{a0}; la Région commande l’étude ou classe le besoin sans suite."
        }
        State::FeasibilityOrdered => {
            "La Région a commandé l’étude de faisabilité\u{a0}; l’organisme fixe la première visite."
        }
        State::FeasibilityInProgress => "L’organisme étudie les conditions de la FEST avec l’entreprise.",
        State::FeasibilityDelivered => "L’organisme a remis l’étude\u{a0}; la Région l’admet, l’ajourne ou la rejette.",
        State::FeasibilityAdjourned => "La Région a demandé de compléter l’étude.",
        State::Feasible => "La FEST est faisable\u{a0}; la Région commande la préparation.",
        State::PreparationOrdered => {
            "La Région a commandé la préparation\u{a0}; l’organisme la démarre avec le tuteur."
        }
        State::PreparationInProgress => "L’organisme conçoit le programme avec l’entreprise.",
        State::PreparationDelivered => {
            "L’organisme a remis la préparation\u{a0}; la Région l’admet, l’ajourne ou la rejette."
        }
        State::PreparationAdjourned => "La Région a demandé de compléter la préparation.",
        State::Ready => "Tout est prêt\u{a0}; l’organisme peut chercher le candidat.",
        State::CandidateSelection => "L’organisme et l’entreprise choisissent le candidat.",
        State::CandidateSelected => "Une place est réservée\u{a0}; le PIF s’écrit et se signe à trois.",
        State::PifSigned => "Les trois parties ont signé le PIF\u{a0}; la Région commande la mise en œuvre.",
        State::ImplementationOrdered => {
            "La Région a commandé la mise en œuvre\u{a0}; l’entrée en formation est attendue."
        }
        State::InTraining => "La formation se déroule dans l’entreprise.",
        State::Suspended => "La formation est interrompue\u{a0}; une date de reprise est prévue.",
        State::TrainingEnded => "La formation a pris fin\u{a0}; l’organisme remet le bilan.",
        State::ReportDelivered => "L’organisme a remis le bilan\u{a0}; la Région l’admet, l’ajourne ou le rejette.",
        State::ReportAdjourned => "La Région a demandé de compléter le bilan.",
        State::Closed => "Le parcours est allé à son terme.",
        State::NotFeasible => "L’étude admise conclut que la FEST n’est pas faisable.",
        State::Declined => "Le besoin n’a pas été retenu.",
        State::Cancelled => "Le parcours a été annulé avant l’entrée en formation.",
    }
}

/// The phase of a state: its prestation, or the end.
pub fn phase(state: State) -> &'static str {
    state.phase().map_or("Terminé", prestation)
}
