//! What stands in the documents that Jalon makes of a path: titles, labels and sentences that depend on facts. Fixed
//! paragraphs stand in the templates.

use std::fmt::Display;

use crate::numbers;

pub const PIF: &str = "Programme individuel de formation (PIF)";
pub const COMMITMENT: &str = "Lettre d’engagement de l’entreprise";
pub const TUTOR_DESIGNATION: &str = "Désignation du tuteur";
pub const COMPLETION: &str = "Certificat de réalisation";
pub const DOSSIER: &str = "Dossier de preuves du parcours";
pub const PROOF: &str = "Attestation de preuve d’une réponse";

/// `Établi le 29 novembre 2026`.
pub fn established(day: impl Display) -> String {
    format!("établi le {day}")
}

pub fn job_at(job: impl Display, company: impl Display) -> String {
    format!("{job}, chez {company}")
}

pub fn version_of(version: impl Display, about: impl Display) -> String {
    format!("Version {version} · {about}")
}

pub const TRAINEE: &str = "Stagiaire";
pub const COMPANY: &str = "Entreprise";
pub const SIRET: &str = "SIRET";
pub const CONTACT: &str = "Interlocuteur de l’entreprise";
pub const TUTOR: &str = "Tuteur";
pub const BODY: &str = "Organisme de formation";
pub const COORDINATION: &str = "Coordination";
pub const JOB: &str = "Métier visé";
pub const WORKPLACE: &str = "Lieu de travail";
pub const DATES: &str = "Dates";
pub const AFEST_HOURS: &str = "Heures d’AFEST";
pub const APPLICATION_HOURS: &str = "Heures de mise en application";
pub const TOTAL_HOURS: &str = "Total";
pub const RHYTHM: &str = "Rythme";
pub const PERSONS: &str = "Personnes à former";
pub const SINCE: &str = "À compter du";
pub const ENTRY: &str = "Entrée en formation";
pub const OUTCOME: &str = "Issue";
pub const HOURS_DONE: &str = "Heures réalisées";
pub const PATH: &str = "Parcours";
pub const TO_DESIGNATE: &str = "À désigner avant le début de la formation";

pub fn rhythm(daily: impl Display, weekly: impl Display) -> String {
    format!("{daily} par jour, {weekly} par semaine")
}

pub fn company_at(company: impl Display, siret: impl Display) -> String {
    format!("{company}, SIRET {siret}")
}

pub fn place_of(company: impl Display, commune: impl Display) -> String {
    format!("{company}, {commune}")
}

pub fn rome(job: impl Display, rome: impl Display) -> String {
    format!("{job} (ROME {rome})")
}

/// In place of a signature, on a letter that the company confirmed by its link.
pub const CONFIRMED_ONLINE: &str = "Confirmé en ligne. La preuve est conservée avec le parcours.";

pub fn commitment_opening(
    company: impl Display,
    persons: impl Display,
    job: impl Display,
    body: impl Display,
) -> String {
    format!(
        "L’entreprise {company} souhaite former {persons} en situation de travail au métier suivant\u{a0}: {job}, avec \
         l’accompagnement de {body}. Elle s’engage à\u{a0}:"
    )
}

pub const COMMITMENT_LIST: [&str; 5] = [
    "confier une activité de travail réelle, qui se prête à l’apprentissage\u{a0};",
    "désigner un tuteur avant le début de la formation, et lui donner le temps d’accompagner\u{a0};",
    "permettre l’analyse de l’activité de travail par l’organisme de formation\u{a0};",
    "séparer dans le temps les mises en situation de travail et les phases réflexives\u{a0};",
    "accueillir les évaluations de ce qui est appris, et signaler sans attendre toute difficulté.",
];

pub const COMMITMENT_CLOSING: &str = "Cet engagement vaut pour le parcours cité en référence. S’il ne peut plus être tenu, l’entreprise prévient l’organisme de \
     formation sans attendre.";

pub fn designation_opening(company: impl Display, tutor: impl Display, job: impl Display) -> String {
    format!(
        "L’entreprise {company} désigne {tutor} comme tuteur du parcours de formation en situation de travail au métier \
         suivant\u{a0}: {job}. Le tuteur\u{a0}:"
    )
}

pub const DESIGNATION_LIST: [&str; 4] = [
    "accueille le stagiaire et lui présente le poste, l’équipe et les règles de sécurité\u{a0};",
    "prépare avec l’organisme de formation les mises en situation de travail et y accompagne le stagiaire\u{a0};",
    "prend part aux phases réflexives et aux évaluations\u{a0};",
    "inscrit les séquences au fil de la formation et signe l’état mensuel de présence.",
];

pub const DESIGNATION_CLOSING: &str = "La désignation d’un formateur ou d’un tuteur avant le début de la formation est une condition de l’action de formation en \
     situation de travail (Code du travail, article D.\u{a0}6313-3-2).";

pub fn certified_by(name: impl Display, body: impl Display) -> String {
    format!("Je soussigné(e), {name}, agissant pour {body}, organisme de formation, atteste que\u{a0}:")
}

pub fn certified(name: impl Display, job: impl Display, period: impl Display, hours: impl Display) -> String {
    format!(
        "{name} a suivi l’action de formation en situation de travail préparant au métier suivant\u{a0}: {job}. L’action s’est \
         déroulée {period}, pour une durée de {hours}."
    )
}

pub const CERTIFIED_LIST: [&str; 1] =
    ["nature de l’action concourant au développement des compétences\u{a0}: action de formation."];

pub const CERTIFIED_CLOSING: &str = "Sans préjudice des délais imposés par les règles fiscales, comptables ou commerciales, l’organisme s’engage à conserver \
     l’ensemble des pièces justificatives qui ont permis d’établir ce certificat pendant trois ans à compter de la fin de l’année du \
     dernier paiement.";

pub const TO_SIGN_AT: &str = "Fait à ………………………………, le ………………………………";

pub fn made_on(day: impl Display) -> String {
    format!("Fait le {day}.")
}

pub const DECLARED_BY: &str = "Par";
pub const IN_THE_NAME_OF: &str = "Au nom de";
pub const FUNCTION: &str = "Fonction";
pub const WHEN: &str = "Le";
pub const HOW: &str = "Comment";
pub const ADDRESS: &str = "Adresse réseau";
pub const DEVICE: &str = "Appareil";
pub const DOCUMENT: &str = "Document";
pub const RANK: &str = "Rang dans le journal";
pub const FACT: &str = "Identifiant du fait";
pub const RECORDED: &str = "Enregistré le";

pub const BY_LINK: &str = "Par le lien personnel envoyé à son adresse électronique";
pub const BY_ACCOUNT: &str = "Par son compte, après authentification";

pub fn on_behalf(channel: impl Display, coordinator: impl Display) -> String {
    format!("{channel}, recueillie et inscrite par {coordinator}, avec sa copie")
}

pub fn rank_of(rank: impl Display, count: impl Display) -> String {
    format!("{rank} sur {count}")
}

pub const VERIFICATION: &str = "Chaque fait du parcours est lié au précédent par une empreinte à clé secrète\u{a0}; chaque jour, les dernières empreintes de tous \
     les parcours sont réunies en une empreinte publiée. Un fait modifié, retiré ou ajouté après coup se voit\u{a0}: la commande \
     «\u{a0}jalon verify\u{a0}» le contrôle.";

pub const PROOF_INTACT: &str = "Cette attestation reproduit ce qui a été enregistré avec la réponse, protégé par une empreinte à clé vérifiée en \
     l’établissant.";

pub const PROOF_ALTERED: &str =
    "L’enregistrement de cette preuve ne correspond plus à son empreinte\u{a0}: il a été modifié hors de Jalon.";

pub const LAST_FACT: &str = "Dernier fait";

// The dossier.
pub const PROVEN: &str = "prouvé";
pub const NOT_PROVEN: &str = "non prouvé";
pub const TO_COME: &str = "à venir";
pub const WORK_ANALYSIS: &str = "Analyse de l’activité de travail, adaptée à des fins pédagogiques";
pub const TUTOR_NAMED: &str = "Formateur ou tuteur désigné avant le début de la formation";
pub const REFLECTIONS: &str = "Phases réflexives, distinctes des mises en situation";
pub const ASSESSMENTS: &str = "Évaluations spécifiques des acquis";
pub const FROM_SOURCE: &str = "Reprise du parcours d’origine";
pub const NOTHING: &str = "—";

pub const PLANNED_HOURS: &str = "Prévues au PIF";
pub const PROVEN_HOURS: &str = "Inscrites au registre";
pub const SIGNED: &str = "signée";
pub const UNSIGNED: &str = "non signée";
pub const SIGNED_ATTENDANCE: &str = "signé";
pub const ABSENCE: &str = "Absence";
pub const SUSPENSION: &str = "Suspension de la formation";

/// The sequences that prove something, by their numbers in the register.
pub fn sequences(count: usize, numbers: impl Display) -> String {
    if count < 2 { format!("Séquence n°\u{a0}{numbers}") } else { format!("Séquences n°\u{a0}{numbers}") }
}

/// How an answer was given, in a column.
pub const fn means(on_behalf: bool, by_link: bool) -> &'static str {
    match (on_behalf, by_link) {
        (true, _) => "Recueillie par l’organisme",
        (false, true) => "Lien personnel",
        (false, false) => "Compte",
    }
}

/// The name of a document, without what says its kind.
pub fn file_name(title: &str, reference: impl Display) -> String {
    format!("{title} {reference}")
}

/// `2 personnes`.
pub fn persons(number: u32) -> String {
    numbers::count(number, "personne", "personnes")
}
