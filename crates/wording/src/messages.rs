//! What e-mails say that their templates do not: subjects of a sentence, buttons, why one is written to.

use std::fmt::Display;

use domain::market::{ClockKind, OptionCode, Prestation};
use domain::path::State;
use domain::path::command::RequestKind;
use domain::path::event::OutsideOrBody;
use domain::people::{CompanyFunction, RecipientRole};

use crate::labels;
use crate::numbers::count;

pub const YOUR_LOTS: &str = "Vos lots";
pub const YOUR_PATHS: &str = "Vos parcours";

pub const YOUR_REPORT: &str = "Votre signalement";
pub const ADDRESS_REPORTED: &str = "cette adresse a été donnée pour signaler un besoin de formation";
pub const THE_REGION: &str = "la Région Normandie";
pub const READ_AND_CONFIRM: &str = "Relire et confirmer";

pub const OPEN_ORDER: &str = "Ouvrir le bon de commande";

pub const BECAUSE_OF_ACCOUNT: &str = "Vous recevez ce message parce que vous avez un compte dans Jalon.";

pub fn who_follows(lot: impl Display) -> String {
    format!("qui suit le {lot} pour la Région")
}

pub const YOU_COORDINATE: &str = "vous coordonnez ce parcours pour l’organisme de formation";

pub fn you_represent(company: impl Display) -> String {
    format!("vous représentez {company} sur ce parcours")
}

/// Why somebody with a function of their own is written to.
pub fn you_have_function(function: CompanyFunction, company: impl Display) -> String {
    match function {
        CompanyFunction::Signatory => format!("vous signez pour {company} sur ce parcours"),
        CompanyFunction::HumanResources => format!("vous suivez ce parcours pour les ressources humaines de {company}"),
        CompanyFunction::Accounting => format!("vous suivez ce parcours pour la comptabilité de {company}"),
    }
}

/// Whom the company's main contact may turn to for what is asked of the company.
pub fn signatory_is_asked(name: impl Display) -> String {
    format!("La réponse est demandée à {name}, signataire de votre entreprise. Vous n’avez rien à faire.")
}

pub const A_COLLEAGUE: &str = "une personne de l’entreprise";

pub const PATH_IS_YOURS: &str = "ce parcours est le vôtre";
pub const YOU_FOLLOW_ALL: &str = "vous suivez le dispositif pour la Région";
pub const YOU_FOLLOW_PATHS: &str = "vous suivez ces parcours pour la Région";
pub const BODY_HAS_PATHS: &str = "votre organisme de formation est chargé de ces parcours";

pub fn you_follow(lot: impl Display) -> String {
    format!("vous suivez le {lot} pour la Région")
}

pub const YOU_APPROVE: &str = "vous visez les bons de commande de la Région";
pub const YOU_WERE_PROPOSED: &str = "votre candidature a été proposée pour ce parcours";

pub fn because_you_stand_in(away: impl Display, because: impl Display) -> String {
    format!("Vous recevez ce message parce que vous remplacez {away}, {because}.")
}

pub fn because(because: impl Display) -> String {
    format!("Vous recevez ce message parce que {because}.")
}

/// What is kept of the owner of an account, as [`personal_data`] says it of the people of a path.
const ACCOUNT_DATA: &str = "Pour suivre les parcours, mission d’intérêt public, la Région Normandie garde votre nom, votre \
     adresse, vos connexions et ce que vous enregistrez, le temps du marché et de ses contrôles. Ces données viennent de vous \
     ou de l’administration de Jalon. Vous pouvez les lire, les faire corriger, limiter leur usage ou vous y opposer.";

/// What is kept of a person, why and on what ground, for the first message to them (GDPR art. 13 and 14).
///
/// A colleague of the company's main contact was named by them.
pub fn personal_data(role: RecipientRole, colleague: bool, body: impl Display) -> String {
    const AT_WORK: &str = "votre nom, vos coordonnées professionnelles et vos réponses";
    let (kept, from) = match role {
        // Whoever had the role before may have given them.
        RecipientRole::Company if !colleague => (AT_WORK, "de vous ou de votre entreprise"),
        RecipientRole::Company | RecipientRole::Tutor => (AT_WORK, "de votre entreprise"),
        RecipientRole::Trainee => {
            ("votre nom, vos coordonnées, votre situation et le suivi de votre formation", "de vous")
        }
        RecipientRole::Candidate => (
            "votre nom, votre adresse électronique et la raison pour laquelle votre candidature n’est pas retenue",
            "de vous",
        ),
        RecipientRole::Body | RecipientRole::Region | RecipientRole::Finance => return ACCOUNT_DATA.to_owned(),
    };
    format!(
        "Pour suivre ce parcours, mission d’intérêt public, la Région Normandie garde {kept}, le temps du marché et de ses \
         contrôles. {body} agit pour son compte. Ces données viennent {from}, ou {body} les a recueillies. Vous pouvez les \
         lire, les faire corriger, limiter leur usage ou vous y opposer."
    )
}

pub const REGION: &str = "Région Normandie";

pub const CHOOSE_PASSWORD: &str = "Choisir mon mot de passe";

pub const YOUR_ACCOUNT: &str = "Votre compte";

pub const OPEN_JALON: &str = "Ouvrir Jalon";
pub const SEE_MY_PATHS: &str = "Voir mes parcours";

pub fn paths(number: impl Into<i64>) -> String {
    count(number, "parcours", "parcours")
}

pub fn digest_of(day: impl Display) -> String {
    format!("Récapitulatif du {day}")
}

pub fn digest_from(period: impl Display) -> String {
    format!("Récapitulatif {period}")
}

pub fn lot_of(lot: impl Display, body: impl Display) -> String {
    format!("Lot {lot}, {body}")
}

pub const OPEN_LIST: &str = "Ouvrir la liste des parcours";

pub fn units(number: impl Into<i64>) -> String {
    count(number, "unité", "unités")
}

pub fn conditions_left(number: impl Into<i64>) -> String {
    format!("Il reste {} à remplir ou à lever", count(number, "condition", "conditions"))
}

pub const FIRST_VISIT: &str = "Première visite de l’étude de faisabilité";
pub const ENTRY: &str = "Entrée en formation";

pub fn first_visit_at(company: impl Display) -> String {
    format!("Première visite chez {company}. La durée est indicative.")
}

pub fn first_day_at(company: impl Display) -> String {
    format!("Premier jour de formation chez {company}.")
}

pub fn first_day_of_training_at(company: impl Display) -> String {
    format!("Premier jour de la formation en situation de travail chez {company}.")
}

pub const AFEST: &str = "Formation en situation de travail (AFEST)";
pub const APPLICATION: &str = "Mise en application";
pub const PER_WEEK: &str = "Par semaine";
pub const DATES: &str = "Dates";

pub const YOURS: &str = "à vous";

pub fn was_due(day: impl Display) -> String {
    format!(". L’échéance était le {day}")
}

pub fn next_step(what: impl Display, whose: impl Display, until: impl Display) -> String {
    format!("Prochaine étape\u{a0}: {what}. C’est {whose}{until}.")
}

pub fn answer_awaited(since: impl Display, day: impl Display) -> String {
    format!("Réponse attendue {since} {day}")
}

pub const OPEN_PATH: &str = "Ouvrir le parcours";

pub const FOLLOW_PATH: &str = "Suivre le parcours";

pub const APPROVE_ORDER: &str = "Viser le bon de commande";
pub const NOTIFY_ORDER: &str = "Notifier le bon de commande";
pub const ORDER_READ: &str = "Bon de commande consulté";
pub const AMENDMENT_GIVEN_UP: &str = "Modification abandonnée";
pub const AMENDMENT_APPLIED: &str = "Modification appliquée";

pub const ORDER_CHANGED: &str = "Bon de commande modifié";

pub const SEE_PAYMENT: &str = "Voir la demande de paiement";

pub fn lot(lot: impl Display) -> String {
    format!("Lot {lot}")
}

pub const SEE_PLACES: &str = "Voir les places du lot";

pub const APPROVE_LEVEL: &str = "Approuver le niveau de prix";

pub const YOUR_OWN: &str = "la vôtre";

/// How far a day ahead is.
pub fn in_days(number: impl Into<i64>) -> String {
    format!("dans {}", count(number, "jour", "jours"))
}

pub const READ_REPORT: &str = "Lire le signalement";

pub const LINK_MASKED: &str = "[lien personnel masqué]";

/// What opening the page does not do.
pub fn reading(kind: RequestKind) -> &'static str {
    match kind {
        RequestKind::ConfirmCommitment | RequestKind::ConfirmReport => {
            "Ouvrir la page n’engage à rien\u{a0}: vous lisez, puis vous confirmez ou vous proposez une correction."
        }
        RequestKind::SignPif => "Ouvrir la page n’engage à rien\u{a0}: vous lisez le programme, puis vous signez.",
        RequestKind::ConfirmProgramme | RequestKind::AcceptDesignation | RequestKind::ConfirmCandidate => {
            "Ouvrir la page n’engage à rien\u{a0}: vous lisez, puis vous répondez oui ou non."
        }
        RequestKind::SignSequences | RequestKind::SignAttendance => {
            "Ouvrir la page n’engage à rien\u{a0}: vous relisez, puis vous signez."
        }
    }
}

/// What a clock waits for, as an infinitive.
pub fn waited(state: State, kind: ClockKind, yours: bool) -> &'static str {
    match kind {
        ClockKind::Observations if yours => "présenter vos observations",
        // The clock of a prestation runs from its order: what comes first is to start it.
        ClockKind::StudyDue if state == State::FeasibilityOrdered => "fixer la première visite, puis remettre l’étude",
        ClockKind::PreparationDue if state == State::PreparationOrdered => "démarrer la préparation, puis la remettre",
        kind => labels::clock(kind),
    }
}

/// What is asked of a person outside, as an infinitive.
pub fn request_words(kind: RequestKind) -> &'static str {
    match kind {
        RequestKind::ConfirmCommitment => "confirmer l’engagement de l’entreprise",
        RequestKind::ConfirmReport => "confirmer le bilan final",
        RequestKind::SignPif => "signer le programme individuel (PIF)",
        RequestKind::SignSequences => "signer les séquences",
        RequestKind::SignAttendance => "signer l’état mensuel de présence",
        RequestKind::ConfirmProgramme => "donner l’accord de l’entreprise au programme",
        RequestKind::AcceptDesignation => "accepter d’accompagner la formation",
        RequestKind::ConfirmCandidate => "donner l’accord de l’entreprise sur le candidat",
    }
}

pub fn request_label(kind: RequestKind) -> &'static str {
    match kind {
        RequestKind::ConfirmCommitment => "Confirmer l’engagement",
        RequestKind::ConfirmReport => "Confirmer le bilan final",
        RequestKind::SignPif => "Signer le programme individuel",
        RequestKind::SignSequences => "Signer les séquences",
        RequestKind::SignAttendance => "Signer l’état de présence",
        RequestKind::ConfirmProgramme => "Lire et confirmer le programme",
        RequestKind::AcceptDesignation => "Accepter d’être tuteur",
        RequestKind::ConfirmCandidate => "Confirmer le candidat",
    }
}

/// The button of who holds the ball, by what is waited.
pub fn staff_label(state: State, kind: ClockKind) -> &'static str {
    match kind {
        ClockKind::NeedDecision => "Décider de la suite",
        ClockKind::StudyDue if state == State::FeasibilityOrdered => "Fixer la première visite",
        ClockKind::StudyDue => "Ouvrir l’étude",
        ClockKind::PreparationOrder => "Commander la préparation",
        ClockKind::PreparationDue if state == State::PreparationOrdered => "Démarrer la préparation",
        ClockKind::PreparationDue => "Ouvrir la préparation",
        ClockKind::Verification => match state.delivered() {
            Some(Prestation::Feasibility) => "Vérifier l’étude",
            Some(Prestation::Preparation) => "Vérifier la préparation",
            Some(Prestation::Implementation) | None => "Vérifier le bilan",
        },
        ClockKind::Acceptance => "Répondre à l’ajournement",
        ClockKind::Redelivery => "Remettre de nouveau",
        ClockKind::RegionChoice => "Choisir la suite",
        ClockKind::Observations => "Présenter des observations",
        ClockKind::SelectionOpening => "Ouvrir la sélection",
        ClockKind::Selection => "Retenir un candidat",
        ClockKind::PlaceOffer => "Confirmer la place",
        ClockKind::Signatures => "Signer le programme individuel",
        ClockKind::ImplementationOrder => "Commander la mise en œuvre",
        ClockKind::Entry => "Déclarer l’entrée",
        ClockKind::EntryDeclaration => "Enregistrer les références",
        ClockKind::MissingLog => "Compléter le relevé",
        ClockKind::Attendance => "Signer l’état de présence",
        ClockKind::TrainingEnd => "Déclarer la fin",
        ClockKind::Suspension => "Déclarer la reprise",
        ClockKind::ReportDue => "Préparer le bilan",
        ClockKind::FollowUp => "Enregistrer la situation",
        ClockKind::Accident => "Ouvrir le signalement",
        ClockKind::FormalNotice => "Remettre le bilan",
        ClockKind::CompanyAnswer | ClockKind::Reservation => "Ouvrir le parcours",
    }
}

/// What happens when the last day passes without an answer.
pub fn silence(clock: ClockKind) -> Option<&'static str> {
    match clock {
        ClockKind::Verification => Some("Sans décision à cette date, ce qui a été remis est admis."),
        ClockKind::Acceptance => Some("Sans réponse à cette date, l’ajournement est réputé refusé."),
        ClockKind::RegionChoice => Some("Sans choix à cette date, la prestation est rejetée."),
        ClockKind::PlaceOffer => Some("Sans confirmation à cette date, la place va à la personne suivante."),
        ClockKind::CompanyAnswer => Some("Sans réponse, l’organisme de formation peut poursuivre en le signalant."),
        ClockKind::NeedDecision
        | ClockKind::StudyDue
        | ClockKind::PreparationOrder
        | ClockKind::PreparationDue
        | ClockKind::Redelivery
        | ClockKind::Observations
        | ClockKind::SelectionOpening
        | ClockKind::Selection
        | ClockKind::Signatures
        | ClockKind::ImplementationOrder
        | ClockKind::Reservation
        | ClockKind::Entry
        | ClockKind::EntryDeclaration
        | ClockKind::MissingLog
        | ClockKind::Attendance
        | ClockKind::TrainingEnd
        | ClockKind::Suspension
        | ClockKind::ReportDue
        | ClockKind::FollowUp
        | ClockKind::Accident
        | ClockKind::FormalNotice => None,
    }
}

/// What a prestation gives, inside a sentence.
pub fn deliverable(prestation: Prestation) -> &'static str {
    match prestation {
        Prestation::Feasibility => "l’étude de faisabilité",
        Prestation::Preparation => "la préparation",
        Prestation::Implementation => "le bilan final",
    }
}

/// The same after « de », contracted.
pub fn of_deliverable(prestation: Prestation) -> &'static str {
    match prestation {
        Prestation::Feasibility => "de l’étude de faisabilité",
        Prestation::Preparation => "de la préparation",
        Prestation::Implementation => "du bilan final",
    }
}

/// Who signed a statement of attendance, after « de ».
pub fn of_signer(signer: OutsideOrBody) -> &'static str {
    match signer {
        OutsideOrBody::Body => "de l’organisme de formation",
        OutsideOrBody::Tutor => "du tuteur",
        OutsideOrBody::Trainee => "du stagiaire",
    }
}

pub const WHO_COORDINATES: &str = "qui coordonne ce parcours";
pub const YOU_TUTOR: &str = "vous assurez le tutorat de ce parcours";
pub const SINCE: &str = "depuis le";
pub const AT_LATEST: &str = "au plus tard le";

pub fn holds_lot(body: impl Display, lot: impl Display) -> String {
    format!("{body} est titulaire du {lot}")
}

pub fn is_due(day: impl Display) -> String {
    format!(", au plus tard le {day}")
}

/// The facts of a digest.
pub fn facts_on_paths(facts: i64, paths: i64) -> String {
    format!("{} sur {}", count(facts, "fait", "faits"), self::paths(paths))
}

/// What a message that would be too long does not list.
pub fn more(what: impl Display) -> String {
    format!("Ce message s’arrête là. À lire dans Jalon\u{a0}: {what}.")
}

/// Options with their codes, « M1, conception du programme de la FEST ».
pub fn options(options: &[OptionCode]) -> String {
    options.iter().map(|option| labels::option_with_code(*option)).collect::<Vec<_>>().join("\u{a0}; ")
}
