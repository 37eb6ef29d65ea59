//! Several people of a company, each behind their own link: who is asked, who only follows, who names whom (L27).

use axum::http::StatusCode;
use domain::path::{Act, Transition};
use domain::people::OutsideRole;

use crate::gallery::complete;
use crate::kit::{Kit, Page, SIGNED, step_address, with};
use crate::paths::Seat;

const NAME: Act = Act::AddCompanyContact;
const REMOVE: Act = Act::RemoveCompanyContact;

async fn portal(kit: &Kit, role: OutsideRole) -> Page {
    kit.get(&format!("/acces/{}", kit.token_of(role).await)).await
}

/// The form of a step behind a link, filled.
async fn filled(kit: &Kit, token: &str, step: Act, values: &[(&str, &str)]) -> (String, Vec<(String, String)>) {
    let address = step_address(token, step);
    let form = kit.get(&address).await.form(&address);
    (address, with(form, values))
}

const MARIE: &[(&str, &str)] =
    &[("function", "signatory"), ("name", "Marie Lemoine"), ("email", "marie@boulangerie-lemoine.example")];

#[tokio::test(flavor = "multi_thread")]
async fn l27_the_company_names_its_signatory_who_is_asked_instead() {
    let (kit, token) = Kit::commitment_asked().await;
    let confirm = step_address(&token, Act::ConfirmCommitment);
    let answer = with(kit.get(&format!("/acces/{token}")).await.form(&confirm), SIGNED);
    let (address, form) = filled(&kit, &token, NAME, MARIE).await;
    let named = kit.post_and_follow(&address, &form).await;
    complete("colleagues_contact", &named);
    named.shows(&[
        "Qui fait quoi dans votre entreprise",
        "La réponse de l’entreprise est demandée à Marie Lemoine, signataire",
        "Désigner un collègue",
        &format!("/acces/{token}/etapes/remove_company_contact?fonction=signatory"),
    ]);
    named.lacks(&["Confirmer l’engagement</button>"]);

    // The old form answers no more: the page says who does (L24).
    let late = kit.post(&confirm, &answer).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    late.shows(&["Un signataire est désigné pour l’entreprise"]);

    let marie = kit.token_of(OutsideRole::Signatory).await;
    let asked = kit.get(&format!("/acces/{marie}")).await;
    complete("colleagues_signatory", &asked);
    asked.shows(&["Signataire de l’entreprise", "Demandé à Marie Lemoine, signataire de l’entreprise"]);
    let letter = |token: &str| format!("/acces/{token}/pieces/lettre-d-engagement");
    asked.shows(&[&letter(&marie)]);
    assert_eq!(kit.get(&letter(&marie)).await.status, StatusCode::OK);
    let confirm = step_address(&marie, Act::ConfirmCommitment);
    let done = kit.post_and_follow(&confirm, &with(asked.form(&confirm), SIGNED)).await;
    done.shows(&["Engagement confirmé", "par Marie Lemoine"]);
    let contact = portal(&kit, OutsideRole::Company).await;
    contact.shows(&["Engagement confirmé", "par le signataire de l’entreprise", "Attestation de preuve"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_who_is_asked_nothing_follows_and_answers_nothing() {
    let (mut kit, _, _) = Box::pin(Kit::pif_written()).await;
    kit.name_colleagues().await;
    for role in [OutsideRole::HumanResources, OutsideRole::Accounting] {
        let token = kit.token_of(role).await;
        let page = kit.get(&format!("/acces/{token}")).await;
        complete(&format!("colleagues_{role}"), &page);
        page.shows(&["Rien ne vous est demandé", "Entrée prévue", "Anne Lemoine", "Sophie Caron", "Ce n’est plus moi"]);
        page.lacks(&["<form", "Vos réponses", "Karim", "RSA", "Désigner un collègue", "Engagement confirmé"]);
        let before = kit.events().await;
        for step in [
            step_address(&token, Transition::SignPif),
            step_address(&token, Act::ConfirmCommitment),
            step_address(&token, Act::DeclineRequest),
            step_address(&token, Act::ProposeCorrection),
            step_address(&token, NAME),
        ] {
            assert_eq!(kit.get(&step).await.status, StatusCode::NOT_FOUND, "{role}: {step}");
            assert_eq!(kit.post(&step, &[]).await.status, StatusCode::NOT_FOUND, "{role}: {step}");
        }
        assert_eq!(kit.events().await, before);
    }
    // The hours and the days are human resources' matter; accounting reads no document.
    portal(&kit, OutsideRole::HumanResources).await.shows(&["Documents</h2>"]);
    portal(&kit, OutsideRole::Accounting).await.lacks(&["Documents</h2>"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_leaves_a_function_closes_their_own_link() {
    let (mut kit, _) = Kit::commitment_asked().await;
    kit.name_colleagues().await;
    let token = kit.token_of(OutsideRole::HumanResources).await;
    let (address, form) = filled(&kit, &token, REMOVE, &[("reason", "J’ai changé de poste.")]).await;
    assert!(form.iter().any(|(name, value)| name == "function" && value == "human_resources"), "{form:?}");
    let mut another = form.clone();
    another.iter_mut().filter(|(name, _)| name == "function").for_each(|(_, value)| *value = "signatory".to_owned());
    assert_eq!(kit.post(&address, &another).await.status, StatusCode::NOT_FOUND, "of somebody else");
    kit.post_and_follow_to_gone(&address, &form).await.shows(&["C’est enregistré"]);
    assert_eq!(kit.get(&format!("/acces/{token}")).await.status, StatusCode::GONE);
    portal(&kit, OutsideRole::Company).await.lacks(&["Inès Rault"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_contact_takes_the_signature_back_and_is_asked_again() {
    let (mut kit, token) = Kit::commitment_asked().await;
    kit.name_colleagues().await;
    let marie = kit.token_of(OutsideRole::Signatory).await;
    let values = [("function", "signatory"), ("reason", "Marie est en congé.")];
    let (address, form) = filled(&kit, &token, REMOVE, &values).await;
    kit.post_and_follow(&address, &form).await.shows(&["Collègue retiré", "Confirmer l’engagement"]);
    assert_eq!(kit.get(&format!("/acces/{marie}")).await.status, StatusCode::GONE);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_that_somebody_has_is_given_to_another_with_a_reason() {
    let (mut kit, token) = Kit::commitment_asked().await;
    kit.name_colleagues().await;
    let paul = [("name", "Paul Lemoine"), ("email", "paul@boulangerie-lemoine.example")];
    let address = format!("{}?fonction=signatory", step_address(&token, NAME));
    let page = kit.get(&address).await;
    complete("colleagues_name", &page);
    page.shows(&["value=\"signatory\" checked"]);
    let step = step_address(&token, NAME);
    let form = with(page.form(&step), &[("function", "signatory")]);
    let without = kit.post(&step, &with(form.clone(), &paul)).await;
    assert_eq!(without.status, StatusCode::CONFLICT);
    let form = with(with(form, &paul), &[("reason", "Nouvelle direction.")]);
    kit.post_and_follow(&step, &form).await.shows(&["Paul Lemoine"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_see_each_person_of_the_company_with_their_function() {
    let (mut kit, _) = Kit::commitment_asked().await;
    kit.name_colleagues().await;
    let reference = kit.path().reference.to_string();
    let seat = Seat::of(&kit, &kit.coordinator.clone()).await;
    let page = seat.get(&kit, &format!("/parcours/{reference}")).await;
    complete("colleagues_path", &page);
    page.shows(&[
        "Signataire de l’entreprise",
        "Ressources humaines de l’entreprise",
        "Comptabilité de l’entreprise",
        "Marie Lemoine",
        "/etapes/change_contact?role=signatory",
        "/etapes/remove_company_contact?function=accounting",
        "/etapes/add_company_contact",
    ]);
    let siret = kit.path().workplace.siret.to_string();
    let company = seat.get(&kit, &format!("/entreprises/{siret}")).await;
    complete("colleagues_company", &company);
    company.shows(&["Signataire de l’entreprise", "Hugo Perrin", "/etapes/change_contact?role=accounting"]);
    let form = seat.get(&kit, &format!("/parcours/{reference}/etapes/change_contact?role=signatory")).await;
    form.shows(&["value=\"Marie Lemoine\""]);
}
