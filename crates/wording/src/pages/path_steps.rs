//! The steps of a path, from the page of the path.

use std::fmt::Display;

use crate::timeline::Detail;

pub const COMMUNE_HELP: &str = "Nom, code postal ou code INSEE de la commune où la personne travaille.";

pub fn with_example(help: impl Display, example: impl Display) -> String {
    format!("{help} Exemple\u{a0}: {example}")
}

/// A mistake of typing that is known; the address meant is proposed, never put in its place.
pub fn did_you_mean(address: impl Display) -> String {
    format!("Vouliez-vous écrire {address}\u{a0}? Corrigez l’adresse s’il le faut\u{a0}; sinon, gardez-la.")
}

/// The address of another role, `role` with its article.
pub fn same_address(role: impl Display) -> String {
    format!(
        "Cette adresse est déjà celle d’un autre rôle du parcours, {role}\u{a0}: les messages des deux arriveront dans la même boîte."
    )
}

pub const COMPLETE: &str = "Compléter";
pub const SEE_ORDERS: &str = "Voir les commandes";

pub fn price(prestation: impl Display, price: impl Display) -> String {
    format!("{prestation}\u{a0}: {price} hors taxes à payer pour une admission entière.")
}

pub const REDUCTION_NEEDS: &str =
    "Une réfaction demande ses motifs, et que l’organisme ait pu présenter ses observations avant.";
pub const OBSERVATIONS_ASKED: &str = "L’organisme a pu présenter ses observations.";
pub const ADMIT_REDUCED: &str = "Admettre avec réfaction";
pub const ADMIT_REDUCED_MEANS: &str =
    "Le service est fait à un prix réduit, motifs à l’appui, après les observations de l’organisme.";

/// What was asked, as the history says it, when and why.
pub fn asked_because(what: impl Display, day: impl Display, reason: impl Display) -> String {
    format!("{what} Demande du {day}\u{a0}: «\u{a0}{reason}\u{a0}»")
}

/// What somebody wrote: the sentence of its event, then what it says.
pub fn written(sentence: impl Display, details: &[Detail]) -> String {
    let details = details.iter().map(|Detail { label, text }| format!("{label}\u{a0}: {text}"));
    format!("{sentence} {}", details.collect::<Vec<_>>().join(" · "))
}

pub const ADVANCE: &str = "Avancer";
pub const VERIFY_AND_DECIDE: &str = "Vérifier et décider";
pub const COLLECT_ANSWER: &str = "Recueillir une réponse";
pub const PROGRAMME_AND_TRAINING: &str = "Programme et formation";
pub const PERSONS: &str = "Personnes";
pub const FILE: &str = "Dossier";
pub const DELAYS_AND_STOP: &str = "Délais et arrêt";

pub fn too_many_documents(most: impl Display) -> String {
    format!(
        "Un parcours garde {most}\u{a0}documents au plus, et celui-ci y serait passé. Regroupez-les en un seul \
         fichier, ou demandez à l’administration de relever la limite."
    )
}

pub const ONE_POINT: &str = "Rien n’est encore enregistré\u{a0}: un point est à revoir";

pub fn several_points(points: impl Display) -> String {
    format!("Rien n’est encore enregistré\u{a0}: {points} sont à revoir")
}

pub const WORDS_ADDED: &str = "Mot ajouté aux messages";

pub fn file_too_large(most: impl Display) -> String {
    format!("Ce fichier dépasse {most}. Réduisez-le, ou partagez-le en plusieurs.")
}
