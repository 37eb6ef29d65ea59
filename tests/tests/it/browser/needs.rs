//! A need that someone outside reports on a telephone, until a path is opened from it.

use chrono::TimeDelta;
use domain::path::Transition;
use tests::browser::{Audit, Browser, Site};

use super::hands::Hands;
use super::telephone::telephone;

const SENDER: &str = "ludivine.quesnel@mission-locale.example";
const COMPANY: &str = "anne.lemoine@fournil.example";

#[tokio::test(flavor = "multi_thread")]
async fn a_need_reported_on_a_telephone_becomes_a_path() {
    let site = Site::open().await;
    let phone = telephone(&site, "besoin").await;
    phone.go("/").await;
    phone.click_on("a[href=\"/besoin\"]").await;
    phone.audit("formulaire").await;
    // What is sent at once is a robot's.
    site.wait(TimeDelta::minutes(2)).await;
    for (name, value) in [
        ("sender", "mission_locale"),
        ("sender_name", "Ludivine Quesnel"),
        ("sender_email", SENDER),
        ("company", "Au Fournil d’Anne"),
        ("commune", "dieppe"),
        ("job", "Boulanger"),
        ("details", "Le four ouvre à quatre heures."),
    ] {
        phone.fill(name, value).await;
    }
    phone.click("Envoyer le signalement").await;
    assert_eq!(phone.focused_id().await, "erreurs", "whom to call in the company is missing");
    phone.audit_as("contact-manquant", Audit::Refusal).await;
    phone.fill("contact_name", "Anne Lemoine").await;
    phone.fill("contact_email", COMPANY).await;
    phone.click("Envoyer le signalement").await;
    phone.sees(&["Vérifiez votre messagerie", SENDER]).await;
    phone.audit("a-confirmer").await;
    assert!(
        !site.smtp.received().iter().any(|mail| mail.to.iter().any(|to| to == COMPANY)),
        "nobody else is written to"
    );

    let asked = site.mail(SENDER, "À confirmer", 0).await;
    let link = site.link_below(&asked, "/besoin/");
    phone.go(&link).await;
    phone.sees(&["Relisez, puis confirmez", "Au Fournil d’Anne", "Dieppe (76200)", "quatre heures"]).await;
    phone.audit("confirmer").await;
    phone.click("Confirmer l’envoi").await;
    phone.sees(&["Votre signalement est parti", "Reçu le"]).await;
    phone.audit("confirme").await;

    let told = site.mail("claire.morel@retravailler.example", "Un besoin est signalé sur votre territoire", 0).await;
    let desk = Browser::open(&site, "besoin-organisme").await;
    desk.sign_in("Claire Morel").await;
    desk.go(&site.link_below(&told, "/besoins/")).await;
    desk.sees(&["Ludivine Quesnel", "quatre heures", "À étudier"]).await;
    desk.go("/").await;
    desk.click_in("section[aria-labelledby=besoins]", "Boulanger, Au Fournil d’Anne").await;
    desk.click("Ouvrir un parcours").await;
    desk.sees(&["Vous ouvrez un parcours depuis un signalement"]).await;
    desk.fill("siret", "73282932000074").await;
    Hands::new().take_shown(&desk, Transition::ReportNeed.into()).await;
    let path = desk.address().await;
    let reference = path.trim_start_matches("/parcours/").split(['?', '/']).next().unwrap_or_default().to_owned();
    desk.sees(&[&reference, "Au Fournil d’Anne", "Besoin signalé"]).await;
    desk.go("/").await;
    desk.lacks(&["Boulanger, Au Fournil d’Anne · reçu"]).await;

    let taken = site.mail(SENDER, "Un parcours est ouvert", 0).await;
    assert!(!taken.text().contains(&reference), "who reported it is no part of the path: {}", taken.text());
    phone.go(&link).await;
    phone.sees(&["Où en est votre signalement", "Repris le", "un parcours est ouvert"]).await;
    phone.lacks(&[&reference]).await;
    phone.audit("repris").await;
    let first = site.mail_with_link(COMPANY, &reference, 0).await;
    phone.go(&site.link(&first)).await;
    phone.sees(&[&reference, "Anne Lemoine", "Une question ?"]).await;
    desk.close().await;
    phone.close().await;
    site.close().await;
}
