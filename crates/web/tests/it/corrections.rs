//! Correcting a datum on its page: chosen with its present value and its rule, typed in its own fields, shown before it is done.

use axum::http::StatusCode;
use domain::path::{Act, Transition};
use domain::people::{OutsideRole, RecipientRole};
use serde_json::json;

use crate::desk::Desk;
use crate::kit::{Kit, SIGNED, step_address};

fn correct(kit: &Kit) -> String {
    format!("/parcours/{}/etapes/correct_datum", kit.path().reference)
}

/// The form of one datum.
fn of(kit: &Kit, datum: &str) -> String {
    format!("{}?datum={datum}", correct(kit))
}

/// A form with some of its values changed.
fn filled(mut form: Vec<(String, String)>, values: &[(&str, &str)]) -> Vec<(String, String)> {
    form.retain(|(name, _)| !values.iter().any(|(changed, _)| changed == name));
    form.extend(values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    form
}

async fn reported() -> Kit {
    let mut kit = Kit::new().await;
    let coordinator = kit.coordinator.actor();
    kit.sample(&coordinator, Transition::ReportNeed).await;
    kit
}

#[tokio::test(flavor = "multi_thread")]
async fn the_datum_is_chosen_with_its_value_and_its_rule() {
    let kit = reported().await;
    let desk = Desk::of(&kit, &kit.coordinator).await;
    let choice = desk.get(&correct(&kit)).await;
    assert_eq!(choice.status, StatusCode::OK);
    choice
        .shows(&[
            "Que faut-il corriger",
            "Boulangerie Lemoine",
            "732 829 320 00074",
            "Rouen (76000)",
            "L’accord de chaque partie est redemandé",
            "?datum=commune",
        ])
        .lacks(&["Heures faites", "Profil du candidat", "name=\"value\""]);
    let form = desk.get(&of(&kit, "job")).await;
    form.shows(&["Ouvrier boulanger", "Effet", "Signatures du PIF", "Motif de la correction"])
        .lacks(&["name=\"siret\"", "Nouvelle valeur"]);
    assert!(form.form(&of(&kit, "job")).contains(&("datum".to_owned(), "job".to_owned())));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commune_is_corrected_by_its_name_and_its_postal_code() {
    let kit = reported().await;
    let desk = Desk::of(&kit, &kit.officer).await;
    let address = of(&kit, "commune");
    let form = desk.get(&address).await.form(&address);
    let reason = ("reason", "Mauvaise commune.");
    let unknown = desk.post(&address, &filled(form.clone(), &[("commune", "Paris"), reason])).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    unknown.shows(&["Aucune commune de Normandie ne correspond"]);
    let several = desk.post(&address, &filled(form.clone(), &[("commune", "76540"), reason])).await;
    several.shows(&["désigne plusieurs communes", "Rouen (76000)"]);
    let shown = desk.post(&address, &filled(form, &[("commune", "dieppe"), reason])).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
    shown.shows(&["Dieppe (76200)", "Rouen (76000)", "anne.lemoine@boulangerie-lemoine.example"]);
    let typed = [("commune", "Dieppe (76200)"), reason, ("faire", "oui")];
    let done = desk.post(&address, &filled(shown.form(&address), &typed)).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    desk.get(done.location()).await.shows(&["Commune du lieu de travail", "Rouen (76000)", "Dieppe (76200)"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_sends_a_path_to_another_lot_sees_it_no_more() {
    let kit = reported().await;
    let desk = Desk::of(&kit, &kit.coordinator).await;
    let address = of(&kit, "commune");
    let form = desk.get(&address).await.form(&address);
    let typed = [("commune", "Caen"), ("reason", "Mauvaise commune.")];
    let shown = desk.post(&address, &filled(form, &typed)).await;
    shown.shows(&["Caen (14000)", "passe au lot 2", "passe au lot"]);
    let typed = [("commune", "Caen (14000)"), ("reason", "Mauvaise commune."), ("faire", "oui")];
    let done = desk.post(&address, &filled(shown.form(&address), &typed)).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/parcours"), "{}", done.text);
    let gone = desk.get(&format!("/parcours/{}", kit.path().reference)).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_is_typed_in_its_own_fields_and_never_shown_in_the_history() {
    let (kit, _, _) = Kit::pif_written().await;
    let desk = Desk::of(&kit, &kit.coordinator).await;
    let address = of(&kit, "candidate_profile");
    let page = desk.get(&address).await;
    page.shows(&["Date de naissance", "Bénéficiaire du RSA", "name=\"birth_date\""]);
    let form = page.form(&address);
    let typed = [("birth_date", "1991-04-05"), ("rsa", "oui"), ("reason", "Pièce relue.")];
    let shown = desk.post(&address, &filled(form, &typed)).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
    let done = desk.post(&address, &filled(filled(shown.form(&address), &typed), &[("faire", "oui")])).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let page = desk.get(&format!("/parcours/{}?journal=corrections", kit.path().reference)).await;
    // Who may read the profile finds it beside the history, never in it.
    let history = page.text.split("id=\"historique\"").nth(1).and_then(|rest| rest.split("</section>").next());
    let history = history.expect("the history");
    assert!(history.contains("la date de naissance"), "{history}");
    assert!(!history.contains("1991") && !history.contains("5 avril"), "{history}");
    let after = desk.get(&address).await;
    after.shows(&["value=\"1991-04-05\""]);
}

/// L5: the page opened before a correction confirms nothing; it shows what is asked now.
#[tokio::test(flavor = "multi_thread")]
async fn l5_an_old_link_shows_the_new_proposal() {
    let (mut kit, token) = Kit::commitment_asked().await;
    let confirm = step_address(&token, Act::ConfirmCommitment);
    let old = filled(kit.get(&format!("/acces/{token}")).await.form(&confirm), SIGNED);
    kit.post_and_follow(&confirm, &old).await.shows(&["Merci, c’est enregistré"]);
    let coordinator = kit.coordinator.actor();
    let correction = json!({"datum": "job", "value": "Pâtissier", "reason": "Intitulé inexact."});
    kit.act(&coordinator, Act::CorrectDatum, correction.as_object().cloned().unwrap_or_default()).await;
    let events = kit.events().await;
    let refused = kit.post(&confirm, &filled(old.clone(), &[("cle", &new_key(&kit, &token, &confirm).await)])).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text);
    refused.shows(&["Ce que vous alliez confirmer a changé"]);
    assert_eq!(kit.events().await, events, "nothing is confirmed");
    let page = kit.get(&format!("/acces/{token}")).await;
    page.shows(&["Pâtissier", "Confirmer l’engagement de l’entreprise"]);
    kit.post_and_follow(&confirm, &filled(page.form(&confirm), SIGNED)).await.shows(&["Merci, c’est enregistré"]);
    let view = kit.app.path(&kit.officer.actor(), &kit.path().reference).await.expect("the path");
    let asked = view.messages.iter().filter(|message| message.content.kind == "datum_corrected");
    let to: Vec<RecipientRole> = asked.map(|message| message.content.to.role).collect();
    assert_eq!(to, [OutsideRole::Company.recipient()], "the message that asks again left");
}

/// The key of a form opened now, in a form filled before.
async fn new_key(kit: &Kit, token: &str, action: &str) -> String {
    let form = kit.get(&format!("/acces/{token}")).await.form(action);
    form.into_iter().find(|(name, _)| name == "cle").expect("a key").1
}
