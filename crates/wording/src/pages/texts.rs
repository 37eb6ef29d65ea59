//! The texts of messages: their list, the form of each, what becomes of it.

use std::fmt::Display;

use domain::texts::{Content, Subject};

use crate::{labels, tasks};

pub const TEXTS: &str = "Textes des messages";
pub const STANDARD: &str = "Texte standard";
pub const NOTHING_OF_LOT: &str = "Rien d’ajouté";

/// `lot 1, Seine-Maritime et Eure`
pub fn lot(code: impl Display, name: impl Display) -> String {
    format!("Lot\u{a0}{code}, {name}")
}

/// `depuis le 12 mars 2026, par Anne Roux`
pub fn since(when: impl Display, by: impl Display) -> String {
    format!("depuis le {when}, par {by}")
}

pub const TITLE_HELP: &str = "Ce qui suit la référence. Vide, l’objet standard reste. Un objet ne nomme personne.";
pub const TEXT_HELP: &str =
    "Une ligne est un paragraphe. Les faits, la suite, le bouton et le pied du message restent toujours.";
pub const COMPLEMENT_HELP: &str =
    "Quelques lignes après le texte des messages à l’entreprise, au tuteur et au stagiaire, par exemple des horaires.";
pub const SIGNATURE_HELP: &str = "Les dernières lignes de ces messages, avant le pied.";
pub const REASON: &str = "Motif";
pub const REASON_HELP: &str = "Il reste dans l’historique, avec votre nom.";
pub const WHICH: &str = "Revenir à";
pub const BACK_HELP: &str = "Le texte choisi devient une nouvelle version. L’historique reste entier.";

pub const BACK_BUTTON: &str = "Revenir à ce texte";
pub const CHOOSE_VERSION: &str = "Choisissez le texte qui revient";

pub const READERS_OF_LOT: &str = "Entreprise, tuteur, stagiaire";
pub const PREVIEW_OF_ALL: &str = "Aperçu";

/// The page of what a lot adds.
pub fn of_lot(code: impl Display) -> String {
    format!("Complément et signature du lot\u{a0}{code}")
}

pub const KEPT_TITLE: &str = "Le texte est enregistré";
pub const KEPT: &str = "Il vaut pour les prochains messages. Ceux qui sont déjà préparés ou partis ne changent pas.";
pub const UNCHANGED_TITLE: &str = "Rien n’a changé";
pub const UNCHANGED: &str = "Le texte en vigueur dit déjà cela.";
pub const PREVIEW_TITLE: &str = "Voici ce que donnerait ce texte";
pub const PREVIEW: &str = "Rien n’est encore enregistré. Relisez chaque cas, donnez un motif, puis enregistrez.";
pub const TO_CORRECT_TITLE: &str = "Le texte n’est pas enregistré";

pub const OVERTAKEN_TITLE: &str = "Un autre texte a été enregistré entre-temps";

pub fn overtaken(by: impl Display, when: impl Display, reason: impl Display) -> String {
    format!(
        "{by} a enregistré un texte le {when}, pour ce motif\u{a0}: {reason}. Votre saisie est gardée ci-dessous\u{a0}: \
         comparez, puis enregistrez de nouveau si elle doit le remplacer."
    )
}

/// `Version 3 du 12 mars 2026 à 10:42, par Anne Roux`
pub fn version(number: impl Display, when: impl Display, by: impl Display) -> String {
    format!("Version\u{a0}{number} du {when}, par {by}")
}

/// A line of the history of a text: its title.
pub fn titled(title: &str) -> String {
    if title.is_empty() { "Objet\u{a0}: standard".to_owned() } else { format!("Objet\u{a0}: {title}") }
}

/// A line of the history of a text: a line of its signature.
pub fn signed(line: impl Display) -> String {
    format!("Signature\u{a0}: {line}")
}

/// What a text is of.
pub fn title(subject: &Subject) -> String {
    match subject {
        Subject::Message { kind, .. } => tasks::named(kind).to_owned(),
        Subject::Lot(lot) => of_lot(lot),
    }
}

/// Who reads the messages of a text.
pub fn reader(subject: &Subject) -> &'static str {
    match subject {
        Subject::Message { kind, role } => labels::reader(kind, *role),
        Subject::Lot(_) => READERS_OF_LOT,
    }
}

/// What a version says, line by line; without content, that it is the product's own.
pub fn said(subject: &Subject, content: Option<&Content>) -> Vec<String> {
    let Some(content) = content else { return vec![nothing_of(subject).to_owned()] };
    let text = content.text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned);
    match subject {
        Subject::Message { .. } => std::iter::once(titled(&content.title)).chain(text).collect(),
        Subject::Lot(_) => text.chain(content.signature.lines().map(signed)).collect(),
    }
}

/// What stands where the Region wrote nothing.
pub fn nothing_of(subject: &Subject) -> &'static str {
    match subject {
        Subject::Message { .. } => STANDARD,
        Subject::Lot(_) => NOTHING_OF_LOT,
    }
}

/// A case among those of a message.
pub fn case(rank: usize) -> String {
    format!("Cas\u{a0}{rank}")
}
