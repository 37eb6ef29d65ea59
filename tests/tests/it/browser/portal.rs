//! The pages behind the links of e-mails, as a company and a trainee meet them.

use app::PathFilter;
use domain::path::State;
use domain::people::{Actor, RecipientRole};
use tests::browser::{Audit, Browser, Site};
use thirtyfour::Key;

/// The address of the link last sent to a role of the first path in a state that has one.
async fn link(site: &Site, state: State, role: RecipientRole) -> String {
    let filter = PathFilter { states: vec![state], ..PathFilter::default() };
    for line in site.app.paths(&Actor::System, &filter).await.expect("the paths") {
        let view = site.app.path(&Actor::System, &line.reference).await.expect("the path");
        let current = view.people.iter().rfind(|person| person.active && person.role == role).map(|person| person.id);
        let sent = view.messages.iter().filter(|message| message.content.to.person == current && current.is_some());
        let Some(last) = sent.filter(|message| message.content.link.is_some()).max_by_key(|message| message.seq) else {
            continue;
        };
        if let Some(token) = site.app.link_of_message(last.content.id).await.expect("the message") {
            return format!("/acces/{token}");
        }
    }
    panic!("nobody has a link as {role} in {state}")
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
