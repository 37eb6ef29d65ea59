//! What is asked and nothing waits for, corrections that the body answers, and what people think of the support.

use axum::http::StatusCode;
use domain::path::{Act, Transition};
use domain::people::OutsideRole;
use serde_json::json;

use crate::kit::{Kit, SIGNED, step_address, with};
use crate::paths::Seat;

/// The programme, the tutor's designation and the candidate: each card says what it is, and its answer is kept.
#[tokio::test(flavor = "multi_thread")]
async fn the_programme_the_tutor_and_the_candidate_are_agreed_to_by_link() {
    let mut kit = Kit::preparation_delivered().await;

    let tutor = kit.token_of(OutsideRole::Tutor).await;
    let accept = step_address(&tutor, Act::AcceptDesignation);
    let page = kit.get(&format!("/acces/{tutor}")).await;
    page.shows(&["Accepter d’être le tuteur", "Boulangerie Lemoine vous désigne", "J’accepte", "Ne pas accepter"]);
    kit.post_and_follow(&accept, &page.form(&accept)).await.shows(&["Désignation acceptée le", "par Sophie Caron"]);

    let token = kit.token_of(OutsideRole::Company).await;
    let portal = format!("/acces/{token}");
    let confirm = step_address(&token, Act::ConfirmProgramme);
    let page = kit.get(&portal).await;
    page.shows(&["Confirmer le programme de formation", "programme.pdf", "Ne pas confirmer le programme"]);
    let stale = with(page.form(&confirm), SIGNED);
    // Another programme is delivered meanwhile: what the page showed confirms nothing (L5).
    let (officer, coordinator) = (kit.officer.actor(), kit.coordinator.actor());
    kit.sample(&officer, Transition::AdjournPreparation).await;
    kit.sample(&coordinator, Transition::DeliverPreparation).await;
    assert_eq!(kit.post(&confirm, &stale).await.status, StatusCode::CONFLICT);
    let form = with(kit.get(&portal).await.form(&confirm), SIGNED);
    let done = kit.post_and_follow(&confirm, &form).await;
    done.shows(&["Programme confirmé le", "par Anne Lemoine", "Attestation de preuve"]);
    kit.post_and_follow(&confirm, &form).await.shows(&["Programme déjà confirmé le"]);

    kit.select().await;
    let page = kit.get(&portal).await;
    page.shows(&["Confirmer le candidat retenu", "Karim Benali", "Entrée prévue"]).lacks(&["RSA", "BOE"]);
    let decline = page.form(&step_address(&token, Act::ConfirmCandidate));
    assert!(!decline.is_empty());
    let declining = format!("{}?demande=confirm_candidate", step_address(&token, Act::DeclineRequest));
    let address = step_address(&token, Act::DeclineRequest);
    let form = with(kit.get(&declining).await.form(&address), &[("reason", "Il ne peut pas venir à quatre heures.")]);
    kit.post_and_follow(&address, &form).await.shows(&["Demande « Confirmer le candidat » déclinée"]);
    let coordinator = Seat::of(&kit, &kit.coordinator.clone()).await;
    coordinator.get(&kit, "/").await.shows(&["Demande déclinée : Confirmer le candidat"]);
}

/// A proposed correction is a task of the body until it answers; who proposed it reads the answer on their page.
#[tokio::test(flavor = "multi_thread")]
async fn a_proposed_correction_is_answered() {
    let (kit, trainee, tutor) = Kit::in_training().await;
    let address = step_address(&trainee, Act::ProposeCorrection);
    let form = with(kit.get(&address).await.form(&address), &[("correction", "Je finis à 15 h.")]);
    kit.post_and_follow(&address, &form).await.shows(&["Correction proposée le"]);

    let seat = Seat::of(&kit, &kit.coordinator.clone()).await;
    seat.get(&kit, "/").await.shows(&["Correction proposée par le stagiaire"]);
    let reference = kit.path().reference.clone();
    let page = seat.get(&kit, &format!("/parcours/{reference}")).await;
    page.shows(&["Je finis à 15 h.", "Répondre à une correction proposée"]);
    let step = format!("/parcours/{reference}/etapes/answer_correction");
    let page = seat.get(&kit, &step).await;
    page.shows(&["Je finis à 15 h.", "Suite donnée", "Réponse à la personne"]);
    let before = kit.messages().await;
    let answer = [("number", "1"), ("accepted", "oui"), ("answer", "Le planning est corrigé.")];
    let form = with(page.form(&step), &answer);
    let shown = seat.post(&kit, &step, &form).await;
    shown.shows(&["Répondre à une correction proposée et envoyer 1 message"]);
    let form = with(with(shown.form(&step), &answer), &[("faire", "oui")]);
    let done = seat.post(&kit, &step, &form).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert_eq!(kit.messages().await, before + 1, "the trainee alone is told");
    seat.get(&kit, "/").await.lacks(&["Correction proposée par"]);

    let said = ["Votre correction acceptée", "Le planning est corrigé."];
    kit.get(&format!("/acces/{trainee}")).await.shows(&said);
    kit.get(&format!("/acces/{tutor}")).await.lacks(&said);
    let events = kit.events().await;
    let again = seat.get(&kit, &step).await;
    assert_ne!(again.status, StatusCode::OK, "there is nothing left to answer");
    assert_eq!(kit.events().await, events);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opinion_is_given_from_the_page_of_the_path() {
    let (mut kit, trainee, _) = Kit::in_training().await;
    let portal = format!("/acces/{trainee}");
    let address = step_address(&trainee, Act::GiveOpinion);
    kit.get(&portal).await.lacks(&["Donner votre avis"]);
    let coordinator = kit.coordinator.actor();
    kit.wait(3).await;
    let ended = json!({"outcome": "early_exit_for_job", "on": kit.today, "reason": "Embauche.", "hours_done": 4});
    kit.act(&coordinator, Transition::EndTraining, ended.as_object().cloned().unwrap_or_default()).await;
    kit.get(&portal).await.shows(&["Donner votre avis"]);
    let page = kit.get(&address).await;
    page.shows(&["Votre avis sur l’accompagnement", "Très satisfaisant", "Je préfère ne pas répondre"]);
    assert_eq!(kit.post(&address, &page.form(&address)).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let given = [("opinion", "dissatisfied"), ("comment", "Trop peu de visites.")];
    let form = with(kit.get(&address).await.form(&address), &given);
    let done = kit.post_and_follow(&address, &form).await;
    done.shows(&["Avis donné sur l’accompagnement le", "Peu satisfaisant", "Trop peu de visites."]);
    done.lacks(&["Donner votre avis"]);
    let company = kit.token_of(OutsideRole::Company).await;
    kit.get(&format!("/acces/{company}")).await.shows(&["Donner votre avis"]).lacks(&["Trop peu de visites."]);
    let reference = kit.path().reference.clone();
    let seat = Seat::of(&kit, &kit.coordinator.clone()).await;
    let read = ["a donné son avis sur l’accompagnement : peu satisfaisant", "Trop peu de visites."];
    seat.get(&kit, &format!("/parcours/{reference}")).await.shows(&read);
}
