//! What an event or a message says in a few words, from its stable identifier: where only the identifier was kept.
//!
//! To add a kind: its line in [`NAMES`]; a test asks for every event, the one of the e-mails for every message.

/// Identifiers with their words, in alphabetical order.
const NAMES: &[(&str, &str)] = &[
    ("absence_recorded", "Absence enregistrée"),
    ("accident_reported", "Accident déclaré"),
    ("account_invitation", "Invitation à choisir un mot de passe"),
    ("address_changed", "Adresse du compte changée"),
    ("adjourned", "Prestation ajournée"),
    ("adjournment_answered", "Réponse à l’ajournement"),
    ("admitted", "Prestation admise"),
    ("agreed", "Accord donné"),
    ("amendment_applied", "Bon de commande modifié"),
    ("amendment_given_up", "Bon de commande modificatif abandonné"),
    ("amendment_opened", "Bon de commande modificatif préparé"),
    ("answer_contested", "Réponse contestée"),
    ("answer_received", "Réponse reçue"),
    ("answer_recorded_on_behalf", "Réponse consignée"),
    ("answered_on_behalf", "Réponse consignée"),
    ("asked_again", "Réponse redemandée"),
    ("attendance_signed", "Émargement signé"),
    ("body_request_decided", "Réponse de la Région à une demande"),
    ("body_request_made", "Demande de l’organisme"),
    ("cancelled", "Parcours annulé"),
    ("candidate_not_selected", "Candidature non retenue"),
    ("candidate_queued", "Candidature en attente d’une place"),
    ("candidate_selected", "Candidature retenue"),
    ("candidate_withdrawn", "Candidature retirée"),
    ("closed_without_report", "Parcours clos sans bilan"),
    ("commitment_confirmed", "Engagement confirmé"),
    ("company_contact_named", "Interlocuteur de l’entreprise désigné"),
    ("company_contact_removed", "Interlocuteur de l’entreprise retiré"),
    ("condition_settled", "Condition levée"),
    ("confirmation_asked", "Confirmation demandée"),
    ("contact_changed", "Contact modifié"),
    ("contact_handed_over", "Contact transmis"),
    ("contact_replaced", "Contact remplacé"),
    ("coordinator_assigned", "Coordination désignée"),
    ("correction_answered", "Réponse à une correction"),
    ("correction_proposed", "Correction proposée"),
    ("datum_corrected", "Donnée corrigée"),
    ("delegated", "Délégation donnée"),
    ("delegation_ended", "Délégation terminée"),
    ("digest", "Récapitulatif"),
    ("document_added", "Document ajouté"),
    ("endorsement_refused", "Visa refusé"),
    ("endorsement_requested", "Visa demandé"),
    ("entry_annulled", "Entrée en formation annulée"),
    ("escalation", "Alerte de retard"),
    ("feasibility_delivered", "Étude de faisabilité remise"),
    ("feasibility_ordered", "Étude de faisabilité commandée"),
    ("feasibility_started", "Étude de faisabilité démarrée"),
    ("follow_up_recorded", "Suivi enregistré"),
    ("formal_notice", "Mise en demeure"),
    ("formal_notice_sent", "Mise en demeure envoyée"),
    ("implementation_ordered", "Mise en œuvre commandée"),
    ("incident_reported", "Événement signalé"),
    ("level_approved", "Niveau de prix approuvé"),
    ("link_renewed", "Nouveau lien"),
    ("need_declined", "Besoin classé sans suite"),
    ("need_proposal_confirm", "Confirmation d’un signalement"),
    ("need_proposal_declined", "Signalement écarté"),
    ("need_proposal_received", "Signalement reçu"),
    ("need_proposal_taken", "Signalement repris"),
    ("need_reported", "Besoin signalé"),
    ("note_added", "Note ajoutée"),
    ("observations_asked", "Observations demandées"),
    ("observations_given", "Observations présentées"),
    ("obstacle_reported", "Difficulté signalée"),
    ("offer_lapsed", "Place proposée sans réponse"),
    ("opinion_given", "Avis donné"),
    ("order_amended", "Bon de commande modificatif préparé"),
    ("order_cancelled", "Bon de commande annulé"),
    ("order_consulted", "Bon de commande consulté"),
    ("order_drafted", "Bon de commande préparé"),
    ("order_endorsed", "Bon de commande visé"),
    ("order_endorsement_refused", "Visa refusé"),
    ("order_notified", "Bon de commande notifié"),
    ("order_reservations", "Observations sur le bon de commande"),
    ("order_settled", "Bon de commande soldé"),
    ("order_to_endorse", "Bon de commande à viser"),
    ("password_reset", "Lien vers un nouveau mot de passe"),
    ("past_path_closed", "Parcours passé clos"),
    ("path_imported", "Parcours importé"),
    ("payment_due", "Paiement à faire"),
    ("payment_interrupted", "Délai de paiement interrompu"),
    ("payment_made", "Paiement enregistré"),
    ("payment_requested", "Demande de paiement enregistrée"),
    ("payment_resumed", "Délai de paiement repris"),
    ("payment_returned", "Demande de paiement rejetée"),
    ("pif_amended", "PIF modifié"),
    ("pif_signed", "PIF signé"),
    ("pif_written", "PIF établi"),
    ("place_alert", "Alerte sur les places du lot"),
    ("place_lapsed", "Place proposée sans réponse"),
    ("place_offered", "Place proposée"),
    ("portfolio_received", "Portefeuille repris"),
    ("preparation_delivered", "Préparation remise"),
    ("preparation_ordered", "Préparation commandée"),
    ("preparation_started", "Préparation démarrée"),
    ("prestation_ordered", "Prestation commandée"),
    ("recorded", "Fait enregistré"),
    ("registration_recorded", "Inscription enregistrée"),
    ("rejected", "Prestation rejetée"),
    ("reminder", "Rappel"),
    ("report_confirmed", "Bilan final confirmé"),
    ("report_delivered", "Bilan final remis"),
    ("request_decided", "Réponse de la Région à une demande"),
    ("request_declined", "Demande déclinée"),
    ("request_made", "Demande de l’organisme"),
    ("reservation_extended", "Réservation de place prolongée"),
    ("reservations_made", "Observations sur le bon de commande"),
    ("resumed", "Formation reprise"),
    ("selection_opened", "Sélection du candidat ouverte"),
    ("sequence_recorded", "Séquence enregistrée"),
    ("sequence_signed", "Séquence signée"),
    ("sibling_opened", "Parcours lié ouvert"),
    ("step_on_several", "Étape sur plusieurs parcours"),
    ("suspended", "Formation suspendue"),
    ("training_ended", "Fin de la formation déclarée"),
    ("training_entered", "Entrée en formation déclarée"),
    ("tutor_designated", "Tuteur désigné"),
    ("tutor_replaced", "Tuteur remplacé"),
    ("tutor_training_ordered", "Professionnalisation du tuteur commandée"),
    ("unsuccessful_candidate_recorded", "Candidature non retenue"),
];

/// The words of a kind of event or message; its identifier when it has none here.
pub fn named(kind: &str) -> &str {
    NAMES.binary_search_by_key(&kind, |(id, _)| id).map_or(kind, |found| NAMES[found].1)
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn names_are_found_by_their_identifier() {
        assert!(NAMES.is_sorted_by(|a, b| a.0 < b.0), "in alphabetical order");
        for (id, name) in NAMES {
            assert_eq!(named(id), *name);
            assert_eq!(crate::typography::check(name), []);
        }
        assert_eq!(named("other"), "other");
    }

    #[test]
    fn every_event_of_a_path_has_its_words() {
        for kind in domain::path::event::EventKind::iter() {
            assert_ne!(named(kind.as_ref()), kind.as_ref());
        }
    }
}
