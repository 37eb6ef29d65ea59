//! Messages: their log, the life of each, sending one again.

use std::fmt::Display;

use crate::numbers::ordinal;

pub const NEVER_ARRIVED: &str = "Jamais arrivés";
pub const WAITING: &str = "En attente";
pub const LEFT_MANY: &str = "Partis";
pub const REFUSED_MANY: &str = "Refusés";
pub const NEVER_LEFT_MANY: &str = "Jamais partis";
pub const HELD_MANY: &str = "Retenus";

pub const LEAVING: &str = "Envoi en cours";
pub const LEFT: &str = "Parti";
pub const REFUSED: &str = "Refusé";
pub const NEVER_LEFT: &str = "Jamais parti";
pub const HELD: &str = "Retenu";

pub const PREPARED: &str = "Préparé";
pub const WAITS_TO_LEAVE: &str = "Attend de partir";

pub fn next_attempt_after(attempts: impl Display) -> String {
    format!("Nouvel essai prévu, après {attempts}")
}

pub const TAKEN_BY_SERVER: &str = "Pris par le serveur du destinataire";

pub fn after(attempts: impl Display) -> String {
    format!("Après {attempts}.")
}

/// A message that a server took, and that came back.
pub const RETURNED: &str = "Refusé par la messagerie du destinataire";
/// A message that a server took, and gave up without a refusal.
pub const RETURNED_LATE: &str = "Rendu\u{a0}: la messagerie du destinataire ne l’a pas pris à temps";
pub const REFUSED_FOR_GOOD: &str = "Refusé\u{a0}: il ne repart plus à cette adresse";

pub fn given_up_after(attempts: impl Display) -> String {
    format!("Abandonné après {attempts}")
}

pub const SEVERAL_ATTEMPTS: &str = "plusieurs essais";
pub const BY_OPERATIONS: &str = "Par l’exploitation.";
pub const LINK_REVOKED: &str = "Lien personnel annulé";
pub const LINK_VALID_UNTIL: &str = "Lien personnel valable jusqu’au";

pub fn sent_again_by(by: impl Display) -> String {
    format!("Renvoyé par {by}")
}

pub fn set_aside_by(by: impl Display) -> String {
    format!("Classé sans renvoi par {by}")
}

pub const WHO_SENDS_AGAIN: &str = "Le renvoi revient à l’organisme du parcours et à la Région.";
pub const COPY_WAITS: &str = "Un exemplaire attend déjà de partir\u{a0}: il part de lui-même.";

pub fn sent_again_too_soon(last: impl Display, until: impl Display) -> String {
    format!("Le dernier exemplaire est parti le {last}. Un renvoi sera possible le {until}.")
}

pub const NO_ADDRESS_NOW: &str = "Cette personne n’a plus d’adresse sur ce parcours, ou y a été remplacée.";

pub const OF_ACCOUNT: &str = "Le message d’un compte ne se renvoie pas\u{a0}: son lien n’ouvrirait plus rien. Pour une invitation, l’administration en \
    envoie une nouvelle depuis la page du compte\u{a0}; pour un mot de passe oublié, la personne demande un nouveau lien depuis la page de \
    connexion.";

pub fn and_others(number: impl Display) -> String {
    format!("Et {number}.")
}

pub const WHY_AGAIN: &str = "Motif du renvoi";
pub const WHY_AGAIN_HELP: &str = "Il reste sur cette page, pour les personnes qui suivent le parcours.";

pub fn send_again_to(address: impl Display) -> String {
    format!("Renvoyer à {address}")
}

pub const LEAVES_AGAIN_TITLE: &str = "Le message repart";

pub fn leaves_again(address: impl Display) -> String {
    format!("Cette copie part dans la minute à {address}, avec un lien neuf s’il en portait un.")
}

pub const DOES_NOT_LEAVE_TITLE: &str = "Le message ne repart pas";

pub const WHY_ASIDE: &str = "Motif du classement";
pub const SET_ASIDE_TITLE: &str = "Le message est classé";
pub const SET_ASIDE_DONE: &str =
    "Il n’est plus à faire. Le motif reste sur cette page, et le message peut encore être renvoyé.";
pub const NOT_SET_ASIDE_TITLE: &str = "Rien n’était à classer";
pub const NOTHING_TO_SET_ASIDE: &str =
    "Ce message est arrivé, repart, ou a déjà été classé\u{a0}: «\u{a0}Ce qu’il est devenu\u{a0}» le dit.";
/// The same where there is no page.
pub const NOTHING_TO_CLOSE: &str = "Ce courriel est arrivé, repart, ou a déjà été classé\u{a0}: rien n’est à classer.";

pub fn why_wrong(label: &str, problem: impl Display) -> String {
    format!("{label}\u{a0}: {problem}")
}

pub const WHY_TO_CORRECT: &str = "Le motif est à corriger";

pub fn copy(rank: u32) -> String {
    if rank == 1 { "1re copie".to_owned() } else { format!("{} copie", ordinal(rank)) }
}

/// Why what was missed leaves again, as the page of each message says it.
pub const NOT_RECEIVED: &str = "Message non reçu, renvoyé à l’adresse actuelle.";
pub const SEND_ONE_AGAIN_BUTTON: &str = "Renvoyer ce message";
pub const SEND_SEVERAL_AGAIN_BUTTON: &str = "Renvoyer ces messages";

pub fn missed_by(messages: impl Display, name: impl Display, address: impl Display) -> String {
    format!("{messages} {name}. Adresse actuelle\u{a0}: {address}.")
}

pub const NOTHING_LEAVES_AGAIN_TITLE: &str = "Rien n’était à renvoyer";
pub const NOTHING_LEAVES_AGAIN: &str = "Ces messages sont repartis, ou attendent déjà de partir.";
pub const ONE_LEAVES_AGAIN: &str = "Il part dans la minute, avec un lien neuf s’il en portait un.";
pub const SEVERAL_LEAVE_AGAIN_TITLE: &str = "Les messages repartent";

pub fn several_leave_again(messages: impl Display) -> String {
    format!("{messages} partent dans la minute, avec un lien neuf s’ils en portaient un.")
}
