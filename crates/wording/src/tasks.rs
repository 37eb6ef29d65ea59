//! What a task says: something a person must look at, beside what the clocks of the paths already say.
//!
//! The store keeps a task under a stable identifier and a detail without any person's value. To add a kind of task: its
//! sentence here.

mod kinds;

pub use kinds::named;

use domain::people::{OutsideRole, Side};

use crate::labels;
use crate::typography::typeset;

/// The sentence of a task; one of a kind not known here shows its identifier and its detail.
pub fn sentence(kind: &str, detail: &str) -> String {
    // The kind of message, then why it did not arrive.
    let (message, reason) = match detail.split_once(" (") {
        Some((message, reason)) => (message, reason.strip_suffix(')').unwrap_or(reason)),
        None => (detail, ""),
    };
    let returned = reason.starts_with("returned");
    let reason = if reason.is_empty() { String::new() } else { format!(", {}", delivery(reason)) };
    let message = named(message);
    typeset(&match kind {
        "message_refused" => {
            format!("Message « {message} »{reason}. Corrigez l’adresse, puis renvoyez-le.")
        }
        "message_failed" if returned => {
            format!("Message « {message} » jamais arrivé{reason}. Vérifiez l’adresse, puis renvoyez-le.")
        }
        "message_failed" => {
            format!("Message « {message} » jamais parti{reason}. Vérifiez l’adresse, puis renvoyez-le.")
        }
        "answer_declined" => {
            let asked = detail.parse().map_or_else(|_| detail.to_owned(), |kind| labels::request_kind(kind).to_owned());
            format!("Demande déclinée : {asked}. Reprenez contact, puis redemandez la réponse.")
        }
        "answer_contested" => {
            let asked = detail.parse().map_or_else(|_| detail.to_owned(), |kind| labels::request_kind(kind).to_owned());
            format!("Réponse contestée : {asked}. Appelez la personne, puis redemandez la réponse s’il le faut.")
        }
        "obstacle_reported" => {
            format!("Difficulté signalée par {}. Appelez, puis notez ce qui est convenu.", outside(detail))
        }
        "accident_reported" => {
            format!("Accident déclaré par {}. Appelez, puis notez ce qui est fait.", outside(detail))
        }
        "correction_proposed" => {
            let who = outside(detail);
            format!("Correction proposée par {who}. Lisez-la, corrigez s’il le faut, puis répondez à la personne.")
        }
        "request_made" => {
            let asked = detail.parse().map_or_else(|_| detail.to_owned(), |kind| labels::body_request(kind).to_owned());
            format!("Demande de l’organisme : {asked}. Donnez votre réponse.")
        }
        kind => format!("{kind} : {detail}"),
    })
}

/// Who wrote from outside, with the article.
fn outside(role: &str) -> &'static str {
    role.parse().map_or("une personne du parcours", |role: OutsideRole| labels::the_outside_role(role))
}

/// A task that others have, for who waits for it.
pub fn elsewhere(kind: &str, detail: &str, side: Side) -> String {
    let asked = detail.parse().map_or_else(|_| named(kind).to_owned(), |kind| labels::body_request(kind).to_owned());
    typeset(&match (kind, side) {
        ("request_made", _) => format!("Demande à la Région : {asked}. Sa réponse est attendue."),
        ("answer_declined", side) => format!("Demande déclinée, à traiter par {}.", labels::the_side(side)),
        (_, side) => format!("{}, à traiter par {}.", named(kind), labels::the_side(side)),
    })
}

/// Why a message did not arrive, from what was kept of its last attempt; the words of the server stay its own.
pub fn delivery(reason: &str) -> String {
    let known = [
        ("refused", "refusé par le serveur du destinataire"),
        ("returned", "rendu par la messagerie du destinataire"),
        ("not taken for now", "pas encore pris par le serveur"),
        ("sent, the answer was lost", "parti, réponse du serveur perdue"),
        ("the message cannot be built", "impossible à composer"),
        ("moot", "ce qu’il rappelait n’est plus attendu de cette personne"),
    ];
    let found = known.iter().find_map(|(said, words)| Some((*words, reason.strip_prefix(said)?)));
    let Some((words, rest)) = found else { return reason.to_owned() };
    match rest.split_once(": ") {
        Some((code, server)) if !server.is_empty() => typeset(&format!("{words}{code} : « {server} »")),
        Some((code, _)) => format!("{words}{code}"),
        None => format!("{words}{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::typography::check;

    #[test]
    fn what_somebody_answered_is_a_task() {
        for (kind, detail, words) in [
            ("answer_declined", "confirm_commitment", "Confirmer l’engagement de l’entreprise"),
            ("answer_contested", "sign_pif", "redemandez"),
            ("correction_proposed", "company", "par l’entreprise"),
            ("correction_proposed", "?", "par une personne du parcours"),
            ("request_made", "extension", "Prolongation du délai"),
            ("obstacle_reported", "trainee", "par le stagiaire"),
            ("accident_reported", "company", "par l’entreprise"),
        ] {
            let text = sentence(kind, detail);
            assert_eq!(check(&text), [], "{text}");
            assert!(text.contains(words) && text.ends_with('.'), "{text}");
        }
    }

    #[test]
    fn a_task_says_what_to_do() {
        for kind in ["message_refused", "message_failed"] {
            let text = sentence(kind, "report_delivered (refused (550): 5.1.1 mailbox unavailable)");
            assert_eq!(check(&text), [], "{text}");
            for part in
                ["Bilan final remis", "refusé par le serveur du destinataire (550)", "5.1.1 mailbox unavailable"]
            {
                assert!(text.contains(part), "{text}");
            }
            assert!(text.ends_with("renvoyez-le.") && !text.contains("report_delivered"), "{text}");
        }
        assert_eq!(sentence("other", "detail"), "other\u{a0}: detail");
    }

    #[test]
    fn what_the_transport_kept_is_said_in_french() {
        let said = [
            ("not taken for now: connect: refused", "pas encore pris par le serveur : « connect: refused »"),
            ("not taken for now (421): busy", "pas encore pris par le serveur (421) : « busy »"),
            ("sent, the answer was lost: time-out", "parti, réponse du serveur perdue : « time-out »"),
            ("the message cannot be built: no link", "impossible à composer : « no link »"),
            ("autre chose", "autre chose"),
        ];
        for (kept, words) in said {
            assert_eq!(delivery(kept), typeset(words));
        }
    }
}
