//! Roles of people: who acts, who is told, who signs.

use domain::identifiers::{PersonId, TrainingLevel};
use domain::news::{News, Pace};
use domain::path::Path;
use domain::path::event::Party;
use domain::path::record::Signature;
use domain::people::{CompanyFunction, OutsideRole, RecipientRole, Sex, Side, StaffRole};
use domain::told::{Told, Unreached};

/// The role of an account.
pub fn staff_role(role: StaffRole) -> &'static str {
    match role {
        StaffRole::RegionOfficer => "Suivi du dispositif, Région",
        StaffRole::RegionFinance => "Service financier, Région",
        StaffRole::RegionViewer => "Consultation, Région",
        StaffRole::Coordinator => "Coordination, organisme de formation",
        StaffRole::Administrator => "Administration des comptes",
        StaffRole::Auditor => "Audit",
    }
}

/// The side on which someone acts.
pub fn side(side: Side) -> &'static str {
    match side {
        Side::Region => "Région",
        Side::Finance => "Service financier de la Région",
        Side::Body => "Organisme de formation",
        Side::Company => "Entreprise",
        Side::Trainee => "Stagiaire",
        Side::Tutor => "Tuteur",
        Side::System => "Échéance automatique",
    }
}

/// The same inside a sentence.
pub fn the_side(side: Side) -> &'static str {
    match side {
        Side::Region => "la Région",
        Side::Finance => "le service financier de la Région",
        Side::Body => "l’organisme de formation",
        Side::Company => "l’entreprise",
        Side::Trainee => "le stagiaire",
        Side::Tutor => "le tuteur",
        Side::System => "l’échéance automatique",
    }
}

/// The role in which someone is written to.
pub fn recipient(role: RecipientRole) -> &'static str {
    match role {
        RecipientRole::Body => "Organisme de formation",
        RecipientRole::Company => "Entreprise",
        RecipientRole::Trainee => "Stagiaire",
        RecipientRole::Tutor => "Tuteur",
        RecipientRole::Region => "Région",
        RecipientRole::Finance => "Service financier de la Région",
        RecipientRole::Candidate => "Candidat non retenu",
    }
}

/// The same of a person of a path: of the company's people, by the function that they have now.
pub fn recipient_on(path: &Path, role: RecipientRole, person: Option<PersonId>) -> &'static str {
    match person.and_then(|person| path.role_of(person)) {
        Some(held) if held.function().is_some() => outside_role(held),
        Some(_) | None => recipient(role),
    }
}

/// The same for a message of this kind: who reports a need is written to beside companies, whoever they are.
pub fn reader(kind: &str, role: RecipientRole) -> &'static str {
    let reporter = role == RecipientRole::Company && kind.starts_with("need_proposal_");
    if reporter { "Auteur du signalement" } else { recipient(role) }
}

/// The same inside a sentence.
pub fn the_recipient(role: RecipientRole) -> &'static str {
    match role {
        RecipientRole::Body => "l’organisme de formation",
        RecipientRole::Company => "l’entreprise",
        RecipientRole::Trainee => "le stagiaire",
        RecipientRole::Tutor => "le tuteur",
        RecipientRole::Region => "la Région",
        RecipientRole::Finance => "le service financier de la Région",
        RecipientRole::Candidate => "le candidat non retenu",
    }
}

/// The role of a person outside.
pub fn outside_role(role: OutsideRole) -> &'static str {
    match role {
        OutsideRole::Company | OutsideRole::Tutor | OutsideRole::Trainee => recipient(role.recipient()),
        OutsideRole::Signatory => "Signataire de l’entreprise",
        OutsideRole::HumanResources => "Ressources humaines de l’entreprise",
        OutsideRole::Accounting => "Comptabilité de l’entreprise",
    }
}

/// The same inside a sentence, as what acts.
pub fn the_outside_role(role: OutsideRole) -> &'static str {
    match role {
        OutsideRole::Company | OutsideRole::Tutor | OutsideRole::Trainee => the_recipient(role.recipient()),
        OutsideRole::Signatory => "le signataire de l’entreprise",
        OutsideRole::HumanResources => "le service des ressources humaines de l’entreprise",
        OutsideRole::Accounting => "le service comptable de l’entreprise",
    }
}

/// A function in a company.
pub fn company_function(function: CompanyFunction) -> &'static str {
    match function {
        CompanyFunction::Signatory => "Signataire",
        CompanyFunction::HumanResources => "Ressources humaines",
        CompanyFunction::Accounting => "Comptabilité",
    }
}

/// A party who signs the PIF.
pub fn party(party: Party) -> &'static str {
    match party {
        Party::Body => "Organisme de formation",
        Party::Company => "Entreprise",
        Party::Trainee => "Stagiaire",
    }
}

/// The same inside a sentence.
pub fn the_party(party: Party) -> &'static str {
    match party {
        Party::Body => "l’organisme de formation",
        Party::Company => "l’entreprise",
        Party::Trainee => "le stagiaire",
    }
}

/// Sex as the statistics count it.
pub fn sex(sex: Sex) -> &'static str {
    match sex {
        Sex::Female => "Femme",
        Sex::Male => "Homme",
        Sex::Unspecified => "Non précisé",
    }
}

/// A level of training of the nomenclature of 2019, with the certifications it stands for.
pub fn level(level: TrainingLevel) -> String {
    let certifications = match level.get() {
        1 => "sans diplôme, maîtrise des savoirs de base",
        2 => "sans diplôme, aptitude à des activités simples",
        3 => "CAP, BEP",
        4 => "baccalauréat",
        5 => "BTS, DUT",
        6 => "licence, BUT",
        7 => "master, titre d’ingénieur",
        _ => "doctorat",
    };
    format!("Niveau {level} ({certifications})")
}

/// Whether and why a role is told of a step.
pub fn told(told: Told) -> &'static str {
    match told {
        Told::No => "Pas de message",
        Told::Message => "Message",
        Told::Receipt => "Accusé de réception",
        Told::ReceiptIfAuthor => "Accusé de réception à l’auteur",
        Told::Listed(_) => "Message, récapitulatif ou liste, au choix",
        Told::WhenComplete => "Message à la dernière signature",
        Told::WhenTacit => "Message si la décision est tacite",
        Told::WhenLevel => "Message si le niveau de prix change",
        Told::IfConcerned => "Message à la personne concernée",
        Told::ByField => "Selon la donnée corrigée",
        Told::Leaving => "Message de départ du lot",
        Told::WhenOutside => "Message si l’entreprise le fait",
        Told::WhenMonthSigned => "Message à la dernière signature du mois",
        Told::WhenContact => "Message si le contact change",
    }
}

/// A kind of facts of which officers of the Region choose how they are told.
pub fn news(news: News) -> &'static str {
    match news {
        News::Needs => "Besoins signalés et parcours liés ouverts",
        News::Conditions => "Conditions d’une étude remplies ou levées",
        News::Candidates => "Candidats retenus, mis en attente ou retirés",
    }
}

/// How they are told.
pub fn pace(pace: Pace) -> &'static str {
    match pace {
        Pace::AtOnce => "Aussitôt",
        Pace::Daily => "Chaque jour ouvré",
        Pace::Weekly => "Chaque semaine",
        Pace::Listed => "Jamais",
    }
}

/// What a way to be told means.
pub fn pace_help(pace: Pace) -> &'static str {
    match pace {
        Pace::AtOnce => "Un courriel à chaque fait.",
        Pace::Daily => "Un récapitulatif à 7\u{a0}h\u{a0}30.",
        Pace::Weekly => "Un récapitulatif le premier jour ouvré, à 7\u{a0}h\u{a0}30.",
        Pace::Listed => "Aucun courriel\u{a0}: les listes le montrent.",
    }
}

/// Why someone who should be told is not, inside a sentence.
pub fn unreached(unreached: Unreached) -> &'static str {
    match unreached {
        Unreached::NoAddress => "aucune adresse électronique\u{a0}: prévenez cette personne autrement",
        Unreached::AddressRefused => "adresse refusée par la messagerie\u{a0}: corrigez-la",
    }
}

/// A side after « à », contracted.
pub fn to_the_side(side: Side) -> &'static str {
    match side {
        Side::Region => "à la Région",
        Side::Finance => "au service financier de la Région",
        Side::Body => "à l’organisme de formation",
        Side::Company => "à l’entreprise",
        Side::Trainee => "au stagiaire",
        Side::Tutor => "au tuteur",
        Side::System => "à l’échéance automatique",
    }
}

/// A party after « de », contracted.
pub fn of_the_party(party: Party) -> &'static str {
    match party {
        Party::Body => "de l’organisme de formation",
        Party::Company => "de l’entreprise",
        Party::Trainee => "du stagiaire",
    }
}

/// A signature of the individual programme that the body recorded for someone else.
pub fn signed_on_behalf(signature: &Signature) -> String {
    format!(
        "Signature {} recueillie par l’organisme, le {}",
        of_the_party(signature.party),
        crate::dates::medium(signature.on)
    )
}
