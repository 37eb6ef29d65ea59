//! The pages behind the links of e-mails, as a company and a trainee meet them.

use app::PathFilter;
use domain::path::State;
use domain::people::{Actor, RecipientRole};
use tests::browser::{Audit, Browser, Site};
use thirtyfour::Key;

/// The addresses of the links last sent to a role, of the paths in a state that have one.
async fn links(site: &Site, state: State, role: RecipientRole) -> Vec<String> {
    let filter = PathFilter { states: vec![state], ..PathFilter::default() };
    let mut links = Vec::new();
    for line in site.app.paths(&Actor::System, &filter).await.expect("the paths") {
        let view = site.app.path(&Actor::System, &line.reference).await.expect("the path");
        let current = view.people.iter().rfind(|person| person.active && person.role == role).map(|person| person.id);
        let sent = view.messages.iter().filter(|message| message.content.to.person == current && current.is_some());
        let Some(last) = sent.filter(|message| message.content.link.is_some()).max_by_key(|message| message.seq) else {
            continue;
        };
        let token = site.app.link_of_message(last.content.id).await.expect("the message");
        links.extend(token.map(|token| format!("/acces/{token}")));
    }
    assert!(!links.is_empty(), "nobody has a link as {role} in {state}");
    links
}

/// The first of them.
async fn link(site: &Site, state: State, role: RecipientRole) -> String {
    links(site, state, role).await.swap_remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn people_outside_read_answer_and_are_told_what_is_missing() {
    let site = Site::open().await;
    let browser = Browser::open(&site, "lien").await;

    let company = link(&site, State::FeasibilityInProgress, RecipientRole::Company).await;
    browser.go(&company).await;
    browser.audit("entreprise").await;
    browser.go(&format!("{company}/etapes/hand_over_contact")).await;
    browser.audit("transmettre").await;
    browser.fill("name", "Luc Lemoine").await;
    browser.fill("email", "luc(at)lemoine").await;
    browser.tab_to("Transmettre").await;
    browser.enter().await;
    assert_eq!(browser.focused_id().await, "erreurs", "the focus goes to the summary of what is wrong");
    assert_eq!(browser.held("name").await, "Luc Lemoine", "what was typed stays");
    assert_eq!(browser.held("email").await, "luc(at)lemoine");
    browser.audit_as("transmettre-erreurs", Audit::Refusal).await;
    browser.press(Key::Tab).await;
    browser.enter().await;
    browser.press(Key::Tab).await;
    assert!(!browser.focused().await.is_empty(), "the summary leads to the fields");
    browser.fill("email", "luc@lemoine.example").await;
    browser.tab_to("Transmettre").await;
    browser.enter().await;
    browser.audit_as("transmis", Audit::Refusal).await;

    let trainee = link(&site, State::InTraining, RecipientRole::Trainee).await;
    browser.go(&trainee).await;
    browser.audit("stagiaire").await;
    browser.go(&format!("{trainee}/rappels")).await;
    browser.audit("rappels").await;
    let tutor = link(&site, State::InTraining, RecipientRole::Tutor).await;
    browser.go(&tutor).await;
    browser.audit("tuteur").await;
    browser.go(&format!("{tutor}/etapes/record_sequence")).await;
    browser.audit("sequence").await;
    browser.go("/acces/inconnu").await;
    browser.audit_as("lien-inconnu", Audit::Refusal).await;
    browser.close().await;
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_not_theirs_is_contested_by_its_link() {
    let site = Site::open().await;
    let browser = Browser::open(&site, "pas-moi").await;
    let confirm = "main form[action$=\"/etapes/confirm_commitment\"] button[type=submit]";
    for company in links(&site, State::FeasibilityInProgress, RecipientRole::Company).await {
        browser.go(&company).await;
        if browser.has(confirm).await {
            break;
        }
    }
    let portal = browser.address().await;
    browser.lacks(&["Ce n’était pas moi"]).await;
    browser.fill("signataire", "Quelqu’un d’autre").await;
    browser.fill("fonction", "Gérance").await;
    browser.click_on(confirm).await;
    browser.sees(&["Merci, c’est enregistré"]).await;

    browser.go(&portal).await;
    browser.click("Ce n’était pas moi").await;
    browser.audit("contester").await;
    browser.click("Contester cette réponse").await;
    assert_eq!(browser.focused_id().await, "erreurs", "what happened is asked");
    browser.audit_as("contester-erreur", Audit::Refusal).await;
    browser.fill("facts", "Je n’ai pas ouvert ce courriel.").await;
    browser.click("Contester cette réponse").await;
    browser.sees(&["contestée le", "Je n’ai pas ouvert ce courriel."]).await;
    browser.lacks(&["Ce n’était pas moi"]).await;
    browser.audit("contestee").await;
    let desk = Browser::open(&site, "pas-moi-organisme").await;
    let reference = browser.script("return document.body.innerText.match(/FEST-\\d-\\d+-\\d+/)[0];", vec![]).await;
    let reference = reference.as_str().expect("the page names its path").to_owned();
    let body = if reference.starts_with("FEST-1-") { "Claire Morel" } else { "Sarah Lenoir" };
    desk.sign_in(body).await;
    desk.go(&format!("/parcours/{reference}")).await;
    desk.sees(&["a contesté une réponse enregistrée"]).await;
    desk.close().await;
    browser.close().await;
    site.close().await;
}
