//! Messages that came back, at the desk: the task, the address that is corrected, what was missed that leaves again.

use std::time::Duration;

use app::{Return, Target};
use domain::path::{Act, Transition};
use notifier::returned::samples::POSTFIX;
use serde_json::json;
use tests::browser::{Audit, Browser, Mail, Site};

use super::hands::Hands;
use super::telephone::{meanwhile, staff, telephone};
use crate::returns::returned;

const WRONG: &str = "anne.lemoine@boulangerie-lemoine.example";
const RIGHT: &str = "contact@boulangerie-lemoine.example";

/// Its server gives a message back; it may speak before it is written here that the message left.
async fn comes_back(site: &Site, mail: &Mail) {
    let raw = returned(mail, POSTFIX);
    let mut outcome = Return::Later;
    for _ in 0..100 {
        outcome = site.app.take_return(raw.as_bytes()).await.expect("the store answers");
        if outcome != Return::Later {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(outcome, Return::Refused);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_back_leaves_again_for_the_corrected_address() {
    let site = Site::open().await;
    let claire = staff(&site, "claire.morel@retravailler.example").await;
    let anne = staff(&site, "anne.roux@region.example").await;
    let path = meanwhile(&site, &claire, &Target::New, Transition::ReportNeed, &json!({})).await;
    let target = Target::Path(path.reference.clone());
    meanwhile(&site, &anne, &target, Transition::OrderFeasibility, &json!({})).await;
    let reference = path.reference.to_string();
    let first = site.mail_with_link(WRONG, "Votre besoin de formation est enregistré", 0).await;
    let second = site.mail_with_link(WRONG, "tude de faisabilité", 0).await;
    for mail in [&first, &second] {
        comes_back(&site, mail).await;
    }

    let desk = Browser::open(&site, "rendus").await;
    desk.sign_in(&claire.name).await;
    desk.click("messages jamais arrivés").await;
    let line = format!("section[aria-labelledby=echecs] li:has(a[href=\"/parcours/{reference}\"])");
    desk.sees(&["Ces messages ne sont pas arrivés", "rendu par la messagerie du destinataire"]).await;
    desk.click_on(&format!("{line} a[href^=\"/messages/\"]")).await;
    desk.sees(&["Il n’est pas arrivé", "Anne Lemoine", WRONG]).await;
    desk.audit("rendu").await;
    desk.click("corrigez-la sur le parcours").await;
    assert_eq!(desk.chosen("role").await, "company", "whose address it is is known");
    for (name, value) in [("name", "Anne Lemoine"), ("email", RIGHT), ("reason", "Adresse donnée au téléphone.")] {
        desk.fill(name, value).await;
    }
    Hands::new().take_shown(&desk, Act::ChangeContact.into()).await;
    desk.sees(&["Des messages n’ont pas été reçus", RIGHT]).await;
    desk.audit("manques").await;
    let before = site.smtp.received().len();
    desk.click("Renvoyer ces messages").await;
    desk.sees(&["Les messages repartent"]).await;
    desk.lacks(&["Des messages n’ont pas été reçus"]).await;
    desk.go("/messages").await;
    assert!(!desk.has(&line).await, "what was missed is no task any more: {}", desk.words().await);
    desk.close().await;

    let phone = telephone(&site, "rendus-entreprise").await;
    for mail in [&first, &second] {
        let copy = site.mail_with_link(RIGHT, &mail.subject(), before).await;
        assert_eq!(copy.to, [RIGHT]);
        phone.go(&site.link(&copy)).await;
        phone.sees(&[&reference, "Anne Lemoine"]).await;
        phone.go(&site.link(mail)).await;
        phone.sees(&["Ce lien ne fonctionne plus"]).await;
    }
    phone.audit_as("ancien-lien", Audit::Refusal).await;
    phone.close().await;
    site.close().await;
}
