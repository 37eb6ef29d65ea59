//! A need that someone outside reports: the public page, its link, and what the staff does of it.

use std::fmt::Display;

use domain::proposal::ProposalStage;

use crate::numbers::count;

pub const NOT_SENT: &str = "Votre signalement n’est pas encore envoyé";
pub const AGAIN_TITLE: &str = "Relisez, puis envoyez de nouveau";
pub const AGAIN: &str = "Rien n’est encore envoyé\u{a0}: cette page était ouverte depuis trop peu de temps, ou depuis \
     trop longtemps. Ce que vous aviez écrit est ci-dessous.";
pub const TOO_MANY_TITLE: &str = "Trop d’envois se sont suivis";

pub fn too_many(after: impl Display) -> String {
    format!("Ce que vous aviez écrit est ci-dessous\u{a0}: envoyez-le de nouveau dans {after}.")
}

pub const ELSEWHERE: &str = "Cette commune est hors de Normandie, ou aucun organisme n’y intervient. Indiquez la commune \
     normande où la personne travaillerait, ou adressez-vous à la Région par la page Contact.";

pub const WHO: &str = "Qui signale ce besoin";
pub const COMPANY: &str = "L’entreprise";
pub const WORK: &str = "Le besoin";
pub const CONTACT: &str = "Le contact dans l’entreprise";
pub const CONTACT_LEAD: &str = "Si vous êtes l’entreprise, laissez cette partie vide, ou nommez une autre personne à \
     joindre. Sinon, elle est nécessaire\u{a0}: un nom, avec une adresse ou un téléphone.";

pub const CONFIRM_TITLE: &str = "Relisez, puis confirmez";
pub const CONFIRM_BUTTON: &str = "Confirmer l’envoi";
pub const STANDS_TITLE: &str = "Où en est votre signalement";
pub const CONFIRMED_TITLE: &str = "Votre signalement est parti";

pub fn confirmed(body: impl Display) -> String {
    format!("{body} vient d’en être prévenu, et vous répond par courriel.")
}

/// Where a proposal stands, said to its sender.
pub fn stands(stage: ProposalStage, body: impl Display, day: impl Display) -> String {
    match stage {
        ProposalStage::Unconfirmed => {
            format!("Personne ne l’a encore reçu. Sans confirmation de votre part avant le {day}, il est effacé.")
        }
        ProposalStage::Received => {
            format!("Reçu le {day} par {body}, qui l’étudie et vous répond par courriel. Vous n’avez rien à faire.")
        }
        ProposalStage::Taken => {
            format!("Repris le {day}\u{a0}: un parcours est ouvert. {body} prend contact avec l’entreprise.")
        }
        ProposalStage::Declined => format!("Écarté le {day}, pour ce motif\u{a0}:"),
    }
}

pub const DESK_TITLE: &str = "Besoins signalés";
pub const READ_BUTTON: &str = "Lire le signalement";

pub fn reports(number: impl Into<i64>) -> String {
    count(number, "signalement", "signalements")
}

pub fn persons(number: impl Into<i64>) -> String {
    count(number, "personne", "personnes")
}

pub fn received(ago: impl Display) -> String {
    format!("reçu {ago}")
}

pub fn reported(job: impl Display, company: impl Display) -> String {
    format!("{job}, {company}")
}

/// The state of a proposal, for the staff.
pub fn stage(stage: ProposalStage) -> &'static str {
    match stage {
        ProposalStage::Unconfirmed => "À confirmer",
        ProposalStage::Received => "À étudier",
        ProposalStage::Taken => "Repris en parcours",
        ProposalStage::Declined => "Écarté",
    }
}

pub fn decided(stage: ProposalStage, by: impl Display, day: impl Display) -> String {
    match stage {
        ProposalStage::Taken => format!("Repris le {day} par {by}."),
        ProposalStage::Unconfirmed | ProposalStage::Received | ProposalStage::Declined => {
            format!("Écarté le {day} par {by}.")
        }
    }
}

pub const FROM: &str = "Signalé par";
pub const ADDRESS: &str = "Adresse électronique";
pub const PHONE: &str = "Téléphone";
pub const NAME: &str = "Entreprise";
pub const SIRET: &str = "SIRET";
pub const COMMUNE: &str = "Lieu de travail";
pub const JOB: &str = "Métier ou poste";
pub const NUMBER: &str = "Nombre de personnes";
pub const DETAILS: &str = "À savoir aussi";
pub const REACHED: &str = "Contact dans l’entreprise";
pub const NONE: &str = "non indiqué";

pub const SAME_REPORT: &str = "Un autre signalement attend pour la même entreprise";

pub fn same_report(job: impl Display, company: impl Display, sender: impl Display, ago: impl Display) -> String {
    format!("{job}, {company} — {sender}, reçu {ago}")
}

pub const NOT_DECLINED: &str = "Le signalement n’est pas écarté";
pub const DECLINED_TITLE: &str = "Le signalement est écarté";

pub fn declined(name: impl Display) -> String {
    format!("{name} le lit par courriel, avec votre motif.")
}

pub const ALREADY_TITLE: &str = "Ce signalement est déjà traité";
pub const ALREADY: &str = "Quelqu’un d’autre vient de le reprendre ou de l’écarter. Rien n’a été fait de plus.";

pub const OPENING_TITLE: &str = "Vous ouvrez un parcours depuis un signalement";

pub fn opening(name: impl Display, sender: impl Display) -> String {
    format!(
        "Signalé par {name} ({sender})\u{a0}; un courriel le lui dira à l’ouverture. Complétez ce qui manque, puis regardez ce \
         qui va se passer."
    )
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;
    use crate::typography::check;

    #[test]
    fn where_a_report_stands_is_well_said() {
        for one in ProposalStage::iter() {
            for text in [stands(one, "Retravailler", "18 novembre 2026"), decided(one, "Claire Morel", "18 novembre")] {
                assert_eq!(check(&text), [], "{text}");
            }
            assert_eq!(check(stage(one)), []);
        }
        for text in [AGAIN, ELSEWHERE, CONTACT_LEAD, ALREADY, &opening("Luc", "Cap emploi"), &too_many("3 minutes")] {
            assert_eq!(check(text), [], "{text}");
        }
    }
}
