//! The page of a path behind a link, and the answers given from it.

use std::fmt::Display;

use crate::numbers::plural;

pub fn answered_by(name: impl Display, function: impl Display) -> String {
    format!("Réponse donnée par {name}, {function}.")
}

pub const CHANGED_TITLE: &str = "Ce que vous alliez confirmer a changé";
pub const CHANGED: &str =
    "Rien n’est enregistré. Voici ce qui est demandé maintenant\u{a0}: lisez-le, puis répondez de nouveau.";

pub fn first_answer_stays(coordination: impl Display) -> String {
    format!(
        "Votre nouvelle réponse n’est pas enregistrée\u{a0}: la première reste. Pour en changer, appelez \
         {coordination}."
    )
}

pub const ALREADY_ANSWERED: &str = "Vous aviez déjà répondu";

pub const NOTHING_RECORDED: &str = "Rien n’est enregistré";

pub const MOVED_MEANWHILE: &str = "Le parcours a changé pendant l’envoi. Relisez la page, puis envoyez de \
     nouveau\u{a0}: ce que vous aviez saisi est gardé.";

pub const FIRST_ANSWER_RECORDED: &str =
    "Votre premier envoi est enregistré\u{a0}; celui-ci, différent, ne l’est pas. Vos réponses sont ci-dessous.";

pub fn answer(deadline: impl Display) -> String {
    format!("Réponse {deadline}")
}

pub fn answer_awaited(deadline: impl Display) -> String {
    format!("Réponse attendue {deadline}")
}

pub const COORDINATION: &str = "Coordination du parcours";
pub const TRAINING_BODY: &str = "Organisme de formation";

pub const CONTACT_OF_COMPANY: &str = "Contact de l’entreprise";
pub const SIGNATORY_OF_COMPANY: &str = "Signataire de l’entreprise";
pub const HUMAN_RESOURCES: &str = "Ressources humaines de l’entreprise";
pub const ACCOUNTING: &str = "Comptabilité de l’entreprise";
pub const TUTOR: &str = "Tutorat";

pub fn signatory_answers(name: impl Display) -> String {
    format!("La réponse de l’entreprise est demandée à {name}, signataire, par son propre lien.")
}

pub const PLANNED_ENTRY: &str = "Entrée prévue";
pub const ENTRY: &str = "Entrée en formation";
pub const PLANNED_END: &str = "Fin prévue";
pub const END: &str = "Fin de la formation";
pub const SUSPENSION: &str = "Suspension de la formation";
pub const SUSPENDED_SINCE: &str = "Suspendue depuis";
pub const EXPECTED_RETURN: &str = "Reprise prévue";
pub const ADD_TO_AGENDA: &str = "Ajouter à mon agenda (.ics)";
pub const AGENDA_FILE: &str = "Agenda";
pub const HOURS: &str = "Heures";
pub const TUTOR_OF: &str = "Tuteur";

/// `24 h sur 210 heures prévues`.
pub fn hours_of(done: impl Display, planned: impl Display) -> String {
    format!("{done} sur {planned} prévues")
}

pub const SIGNED_MONTHS: &str = "États de présence signés";
pub const MAIN_CONTACT: &str = "Contact principal";
pub const SIGNS_TOO: &str = "Signe pour l’entreprise";
pub const TOLD_OF_TRAINING: &str = "Suit le candidat et la formation";
pub const TOLD_OF_DECLARATIONS: &str = "Suit les dates et les présences";
pub const TUTORS: &str = "Accompagne la formation";
pub const NAME_A_COLLEAGUE: &str = "Désigner un collègue";
pub const REPLACE: &str = "Remplacer";
pub const REMOVE: &str = "Retirer";
pub const FOLLOWS_ONLY: &str = "Vous suivez ce parcours pour votre entreprise. Rien ne vous est demandé.";
pub const TRAINEE: &str = "Stagiaire";

pub const DOCUMENT_ON_REQUEST: &str = "Ce document se demande à la coordination du parcours.";

pub fn no_longer_awaited(asked: impl Display) -> String {
    format!("Le courriel vous demandait ceci\u{a0}: {asked}. Ce n’est plus attendu.")
}

pub fn reason_received(coordination: impl Display) -> String {
    format!("{coordination} a reçu votre raison. Pour revenir sur cette réponse, appelez la coordination du parcours.")
}

pub const PATH_ENDED: &str = "Ce parcours est terminé";
pub const WILL_BE_TOLD: &str = "Un courriel vous préviendra quand votre réponse sera attendue.";
pub const TRAINEE_WILL_BE_TOLD: &str = "Vos séquences à signer s’affichent ici, sans courriel. Pour le reste, un courriel \
     vous préviendra quand votre signature sera attendue.";
pub const NOTHING_TO_DO: &str = "Vous n’avez rien à faire pour le moment";

pub fn points_to_review(number: impl Into<i64>) -> String {
    plural(
        number,
        "Rien n’est encore enregistré\u{a0}: un point est à revoir",
        "Rien n’est encore enregistré\u{a0}: des points sont à revoir",
    )
}

pub const TICK_ONE_SEQUENCE: &str = "Séquences à signer\u{a0}: cochez au moins une séquence.";

pub const RECEIPT_LEAVES: &str = "Un reçu part à votre adresse.";
pub const ALREADY_RECORDED: &str = "C’était déjà enregistré";
pub const RECORDED_THANKS: &str = "Merci, c’est enregistré";
