//! What forms of every page share.

use std::fmt::Display;

/// What a document may be.
pub const FORMATS: &str = "PDF, image PNG ou JPEG, document Word, Excel, PowerPoint ou OpenDocument, texte.";

pub const READ_AGAIN_TITLE: &str = "Relisez, puis envoyez de nouveau";
pub const OTHER_SESSION: &str = "Rien n’est encore enregistré\u{a0}: votre session a changé depuis l’ouverture de ce \
     formulaire. Ce que vous aviez saisi est ci-dessous\u{a0}; choisissez de nouveau les fichiers, s’il y en \
     avait.";

pub const YOUR_NAME: &str = "Votre nom";
pub const NAME_ON_RECEIPT: &str = "Il figure sur le reçu.";
pub const YOUR_FUNCTION: &str = "Votre fonction dans l’entreprise";

pub fn about(what: impl Display, problem: impl Display) -> String {
    format!("{what}\u{a0}: {problem}")
}

pub const ALREADY_USED: &str = "Ce formulaire a déjà servi";

pub const TO_CORRECT: &str = "Le formulaire est à corriger";

pub const FIRST_SENT_KEPT: &str = "Votre premier envoi est enregistré\u{a0}; celui-ci, différent, ne l’est pas.";

pub const FORESEEN_CHANGED_TITLE: &str = "Ce qui va se passer a changé";
pub const FORESEEN_CHANGED: &str = "Depuis que vous l’avez lu, une unité, une place ou un destinataire a changé. Rien n’est \
     fait\u{a0}: relisez ce qui va se passer, puis validez.";
pub const CHANGED_TITLE: &str = "Vous avez modifié le formulaire";
pub const CHANGED: &str = "Rien n’est encore enregistré. Voici ce qui va se passer maintenant.";
