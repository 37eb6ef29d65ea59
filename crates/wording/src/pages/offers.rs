//! What people outside may do besides answering.

use std::fmt::Display;

pub const RECORD_SEQUENCE: &str = "Ajouter une séquence";
pub const RECORD_SEQUENCE_HINT: &str = "Mise en situation, phase réflexive, évaluation";
pub const RECORD_SEQUENCE_WHY: &str = "Notez chaque séquence peu après qu’elle a eu lieu. Le stagiaire la signe \
     ensuite\u{a0}; ensemble, vos deux traces prouvent les heures de formation.";
pub const RECORD_SEQUENCE_BUTTON: &str = "Ajouter la séquence";
pub const APPOINT_TUTOR: &str = "Désigner le tuteur";
pub const APPOINT_TUTOR_HINT: &str = "La personne qui accompagnera la formation";
pub const APPOINT_TUTOR_WHY: &str = "La loi demande qu’une personne soit désignée pour accompagner la formation \
     avant qu’elle commence. Si vous donnez son adresse électronique, un courriel lui explique son rôle.";
pub const APPOINT_TUTOR_BUTTON: &str = "Désigner cette personne";
pub const REPLACE_TUTOR: &str = "Remplacer le tuteur";
pub const REPLACE_TUTOR_HINT: &str = "En cas de départ ou d’empêchement";
pub const REPLACE_TUTOR_WHY: &str = "Si vous donnez son adresse électronique, la nouvelle personne reçoit un lien. \
     Celui de la précédente cesse de fonctionner.";
pub const REPORT_DIFFICULTY: &str = "Signaler une difficulté";
pub const REPORT_DIFFICULTY_HINT: &str = "Organisation, matériel, relations, absence";
pub const REPORT_DIFFICULTY_WHY: &str = "Dites ce qui empêche la formation de bien se dérouler. L’organisme et la \
     Région en sont avertis et reviennent vers vous.";
pub const REPORT_DIFFICULTY_BUTTON: &str = "Signaler la difficulté";
pub const DECLARE_ACCIDENT: &str = "Déclarer un accident";
pub const DECLARE_ACCIDENT_HINT: &str = "À faire sous 48 heures";
pub const DECLARE_ACCIDENT_WHY: &str = "En cas d’urgence, appelez d’abord le 15 ou le 112. L’organisme et la Région \
     sont avertis aussitôt\u{a0}; la déclaration officielle est due sous 48 heures.";
pub const DECLARE_ACCIDENT_BUTTON: &str = "Déclarer l’accident";
pub const RECORD_SITUATION: &str = "Dire ce qui a suivi la formation";
pub const RECORD_SITUATION_HINT: &str = "Emploi, contrat, autre formation";
pub const RECORD_SITUATION_WHY: &str = "Six mois après, la Région mesure ce que la formation a permis. Votre réponse \
     entre dans ces résultats, sans votre nom.";
pub const RECORD_SITUATION_BUTTON: &str = "Enregistrer la situation";
pub const GIVE_OPINION: &str = "Donner votre avis";
pub const GIVE_OPINION_HINT: &str = "Une question sur l’accompagnement";
pub const GIVE_OPINION_WHY: &str = "La formation est terminée. Dites en une réponse ce que vous pensez de \
     l’accompagnement\u{a0}: l’organisme et la Région la lisent avec votre rôle dans le parcours.";
pub const GIVE_OPINION_BUTTON: &str = "Envoyer mon avis";
pub const PROPOSE_CORRECTION: &str = "Proposer une correction";
pub const PROPOSE_CORRECTION_HINT: &str = "Une date, un nom, une durée est à revoir";
pub const PROPOSE_CORRECTION_WHY: &str = "Écrivez ce qui est inexact et ce qu’il faut lire à la place. Rien ne \
     change avant que l’organisme ait vérifié avec vous.";
pub const PROPOSE_CORRECTION_BUTTON: &str = "Envoyer la correction";
pub const CONTEST_ANSWER: &str = "Ce n’était pas moi";
pub const CONTEST_ANSWER_HINT: &str = "Une réponse est enregistrée à votre place";
pub const CONTEST_ANSWER_WHY: &str = "L’organisme et la Région sont avertis tout de suite, et la coordination du \
     parcours vous appelle. La réponse reste enregistrée jusqu’à ce qu’elle ait vérifié avec vous\u{a0}: si elle \
     n’est pas la vôtre, on vous la redemande.";
pub const CONTEST_ANSWER_BUTTON: &str = "Contester cette réponse";
pub const HAND_OVER: &str = "Transmettre à la bonne personne";
pub const HAND_OVER_HINT: &str = "Un collègue suit désormais ce parcours";
pub const HAND_OVER_WHY: &str = "La personne indiquée reçoit son propre lien et les messages suivants. Le vôtre \
     cesse aussitôt de fonctionner\u{a0}; vos réponses restent au parcours.";
pub const HAND_OVER_BUTTON: &str = "Transmettre le parcours";
pub const HAND_FUNCTION_OVER_HINT: &str = "Un collègue a désormais votre fonction";
pub const NAME_COLLEAGUE: &str = "Désigner un collègue";
pub const NAME_COLLEAGUE_WHY: &str = "Si vous donnez son adresse électronique, la personne reçoit un courriel qui \
     explique sa fonction, avec son propre lien. Ce qui est à confirmer ou à signer pour l’entreprise est alors demandé \
     au signataire, et à personne d’autre.";
pub const NAME_COLLEAGUE_REPLACES: &str = "Si quelqu’un a déjà cette fonction, son lien cesse aussitôt de fonctionner.";
pub const NAME_COLLEAGUE_BUTTON: &str = "Désigner cette personne";
pub const REMOVE_COLLEAGUE: &str = "Retirer un collègue";
pub const REMOVE_COLLEAGUE_WHY: &str = "La personne en est prévenue et son lien cesse aussitôt de fonctionner. Vous \
     reprenez sa fonction\u{a0}: ce qui était demandé au signataire vous est demandé.";
pub const REMOVE_COLLEAGUE_BUTTON: &str = "Retirer cette personne";
pub const NO_LONGER_ME: &str = "Ce n’est plus moi";
pub const NO_LONGER_ME_HINT: &str = "Vous n’avez plus cette fonction";
pub const NO_LONGER_ME_WHY: &str = "Le contact de votre entreprise et l’organisme en sont prévenus. Votre lien cesse \
     aussitôt de fonctionner.";
pub const NO_LONGER_ME_BUTTON: &str = "Quitter cette fonction";
pub const DECLINE: &str = "Ne pas répondre favorablement";
pub const DECLINE_WHY: &str = "Votre raison est transmise telle quelle à la coordination du parcours, qui vous \
     recontacte. Rien d’autre ne change d’ici là.";
pub const DECLINE_BUTTON: &str = "Envoyer ma réponse";
pub const WITHDRAW: &str = "Renoncer à la formation";
pub const WITHDRAW_HINT: &str = "Avant l’entrée en formation";
pub const WITHDRAW_WHY: &str = "Votre candidature est retirée et l’entreprise peut retenir une autre personne. Cette \
     décision ne s’annule pas d’ici\u{a0}: en cas de doute, appelez d’abord la coordination du parcours.";
pub const WITHDRAW_LINK: &str = "Ce lien cessera de fonctionner.";

pub fn titled(title: impl Display, request: impl Display) -> String {
    format!("{title}\u{a0}: {request}")
}

pub const WHAT_IS_DECLINED: &str = "La demande que vous déclinez";
pub const WHICH_ANSWER: &str = "La réponse à revoir";
