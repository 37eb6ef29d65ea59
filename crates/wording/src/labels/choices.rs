//! Choices of the forms, and the list of a choice field's options.

use std::str::FromStr;

use domain::market::{OptionCode, Prestation};
use domain::order::OrderChannel;
use domain::path::command::{
    AbsenceReason, BodyRequest, Channel, CompanyAnswer, Datum, DocumentKind, Obstacle, Opinion, Outcome, Prescriber,
    RequestKind, SequenceKind, Situation, UnsuccessfulReason, Verdict,
};
use domain::people::{CompanyFunction, OutsideRole, Sex};
use domain::proposal::Sender;
use strum::VariantNames;

/// The verdict of a feasibility study.
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Feasible => "Faisable",
        Verdict::FeasibleWithConditions => "Faisable sous conditions",
        Verdict::NotFeasible => "Non faisable",
    }
}

/// What stands most against a study.
pub fn obstacle(obstacle: Obstacle) -> &'static str {
    match obstacle {
        Obstacle::Organisation => "Conditions d’organisation",
        Obstacle::People => "Conditions humaines",
        Obstacle::Engagement => "Engagement de l’entreprise",
        Obstacle::Competences => "Compétences à développer",
    }
}

/// How a company stands to what was asked of it.
pub fn company_answer(answer: CompanyAnswer) -> &'static str {
    match answer {
        CompanyAnswer::Confirmed => "Confirmé par l’entreprise",
        CompanyAnswer::Letter => "Lettre signée de l’entreprise",
        CompanyAnswer::NoAnswer => "Demandé, sans réponse dans le délai",
    }
}

/// How a training ended.
pub fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Completed => "Parcours mené à son terme",
        Outcome::NotFullyProven => "Terminé, preuves incomplètes",
        Outcome::EarlyExitForJob => "Sortie anticipée pour un emploi",
        Outcome::EarlyExitForTraining => "Sortie anticipée pour une formation",
        Outcome::DroppedOut => "Abandon",
        Outcome::Excluded => "Exclusion",
        Outcome::StoppedByCompany => "Arrêt du fait de l’entreprise",
        Outcome::StoppedByBody => "Arrêt du fait de l’organisme",
        Outcome::StoppedByRegion => "Arrêt du fait de la Région",
        Outcome::ForceMajeure => "Force majeure",
    }
}

/// What a period of the training is.
pub fn sequence_kind(kind: SequenceKind) -> &'static str {
    match kind {
        SequenceKind::WorkSituation => "Mise en situation",
        SequenceKind::ReflexivePhase => "Phase réflexive",
        SequenceKind::Application => "Mise en application",
        SequenceKind::TrainingCentre => "Centre de formation",
        SequenceKind::Evaluation => "Évaluation",
    }
}

/// How an answer reached the coordinator.
pub fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Telephone => "Téléphone",
        Channel::Paper => "Papier",
        Channel::Meeting => "Rencontre",
        Channel::Email => "Courriel",
    }
}

/// What is asked of a person.
pub fn request_kind(request: RequestKind) -> &'static str {
    match request {
        RequestKind::ConfirmCommitment => "Confirmer l’engagement de l’entreprise",
        RequestKind::ConfirmReport => "Confirmer le bilan final",
        RequestKind::SignPif => "Signer le PIF",
        RequestKind::SignSequences => "Signer les séquences",
        RequestKind::SignAttendance => "Signer l’état mensuel de présence",
        RequestKind::ConfirmProgramme => "Confirmer le programme",
        RequestKind::AcceptDesignation => "Accepter d’être tuteur",
        RequestKind::ConfirmCandidate => "Confirmer le candidat",
    }
}

/// What somebody thinks of the support.
pub fn opinion(opinion: Opinion) -> &'static str {
    match opinion {
        Opinion::VerySatisfied => "Très satisfaisant",
        Opinion::Satisfied => "Plutôt satisfaisant",
        Opinion::Dissatisfied => "Peu satisfaisant",
        Opinion::VeryDissatisfied => "Pas du tout satisfaisant",
        Opinion::NoOpinion => "Je préfère ne pas répondre",
    }
}

/// What a body asks the Region to decide.
pub fn body_request(request: BodyRequest) -> &'static str {
    match request {
        BodyRequest::Cancellation => "Annulation du parcours",
        BodyRequest::Extension => "Prolongation du délai",
    }
}

/// Why a candidate was not selected.
pub fn unsuccessful_reason(reason: UnsuccessfulReason) -> &'static str {
    match reason {
        UnsuccessfulReason::ProfileMismatch => "Profil éloigné du poste",
        UnsuccessfulReason::CandidateWithdrew => "Désistement du candidat",
        UnsuccessfulReason::AnotherCandidate => "Autre candidature retenue",
        UnsuccessfulReason::NotEligible => "Conditions d’accès non remplies",
        UnsuccessfulReason::CompanyWithdrew => "Désistement de l’entreprise",
        UnsuccessfulReason::Other => "Autre motif",
    }
}

/// What became of the trainee.
pub fn situation(situation: Situation) -> &'static str {
    match situation {
        Situation::PermanentContract => "Contrat à durée indéterminée",
        Situation::FixedTermContract => "Contrat à durée déterminée",
        Situation::Temporary => "Intérim",
        Situation::SelfEmployed => "Activité indépendante",
        Situation::Training => "Formation",
        Situation::JobSeeker => "Recherche d’emploi",
        Situation::Other => "Autre situation",
        Situation::Unknown => "Situation inconnue",
    }
}

/// What a document is.
pub fn document_kind(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::FeasibilityReport => "Rapport de l’étude de faisabilité",
        DocumentKind::CommitmentLetter => "Lettre d’engagement de l’entreprise",
        DocumentKind::Programme => "Programme de la FEST",
        DocumentKind::WorkAnalysis => "Analyse de l’activité de travail",
        DocumentKind::EvaluationGrid => "Grille d’évaluation",
        DocumentKind::TutorCertificate => "Attestation de formation du tuteur",
        DocumentKind::Pif => "Programme individuel (PIF)",
        DocumentKind::AnswerScan => "Copie d’une réponse",
        DocumentKind::FinalReport => "Bilan final",
        DocumentKind::CompletionCertificate => "Certificat de réalisation",
        DocumentKind::Evidence => "Pièce justificative",
        DocumentKind::Other => "Autre document",
    }
}

/// Why a day was missed.
pub fn absence_reason(reason: AbsenceReason) -> &'static str {
    match reason {
        AbsenceReason::Illness => "Maladie",
        AbsenceReason::Justified => "Absence justifiée",
        AbsenceReason::Unjustified => "Absence non justifiée",
        AbsenceReason::CompanyClosed => "Fermeture de l’entreprise",
        AbsenceReason::WorkAccident => "Accident du travail",
    }
}

/// Who prescribed the path to the candidate.
pub fn prescriber(prescriber: Prescriber) -> &'static str {
    match prescriber {
        Prescriber::FranceTravail => "France Travail",
        Prescriber::MissionLocale => "Mission locale",
        Prescriber::CapEmploi => "Cap emploi",
        Prescriber::DepartmentalCouncil => "Conseil départemental",
        Prescriber::Other => "Autre prescripteur",
    }
}

/// Who reports a need.
pub fn sender(sender: Sender) -> &'static str {
    match sender {
        Sender::Company => "L’entreprise elle-même",
        Sender::FranceTravail => "France Travail",
        Sender::MissionLocale => "Mission locale",
        Sender::CapEmploi => "Cap emploi",
        Sender::CareerAdvice => "Conseil en évolution professionnelle (CEP)",
        Sender::Other => "Une autre structure",
    }
}

/// The same inside a sentence, after « par ».
pub fn the_sender(sender: Sender) -> &'static str {
    match sender {
        Sender::Company => "l’entreprise elle-même",
        Sender::FranceTravail => "France Travail",
        Sender::MissionLocale => "une mission locale",
        Sender::CapEmploi => "Cap emploi",
        Sender::CareerAdvice => "un conseil en évolution professionnelle",
        Sender::Other => "une autre structure",
    }
}

/// The label of an identifier when the choices are those of the type.
fn of<T: FromStr + VariantNames>(ids: &[&str], id: &str, label: fn(T) -> &'static str) -> Option<&'static str> {
    (ids == T::VARIANTS).then(|| id.parse().ok().map(label)).flatten()
}

/// The label of one of a field's choices; the list of identifiers tells which choice it is.
pub fn choice(ids: &[&str], id: &str) -> Option<&'static str> {
    macro_rules! first_of {
        ($($ty:ty => $label:path),* $(,)?) => {
            None$(.or_else(|| of::<$ty>(ids, id, $label)))*
        };
    }
    first_of!(
        Verdict => verdict,
        Obstacle => obstacle,
        CompanyAnswer => company_answer,
        Outcome => outcome,
        SequenceKind => sequence_kind,
        Channel => channel,
        RequestKind => request_kind,
        BodyRequest => body_request,
        UnsuccessfulReason => unsuccessful_reason,
        Opinion => opinion,
        Situation => situation,
        DocumentKind => document_kind,
        AbsenceReason => absence_reason,
        Datum => super::datum,
        Prescriber => prescriber,
        Sender => sender,
        Prestation => super::prestation,
        OutsideRole => super::outside_role,
        CompanyFunction => super::company_function,
        Sex => super::sex,
        OptionCode => super::option_with_code,
        OrderChannel => super::order_channel,
    )
}

/// The options of a choice field with their labels, in the order of the form.
pub fn choices(ids: &'static [&'static str]) -> Vec<(&'static str, &'static str)> {
    ids.iter().map(|id| (*id, choice(ids, id).unwrap_or(id))).collect()
}
