//! A purchase order from its draft to its end, by an officer and the finance department, with the messages that left.

use tests::browser::{Audit, Browser, Site};
use thirtyfour::Key;

/// The reference in the address of an order.
fn reference(address: &str) -> String {
    let (_, rest) = address.split_once("/commandes/").unwrap_or_else(|| panic!("{address} is no order"));
    rest.split(['/', '?']).next().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_from_draft_to_settled() {
    let site = Site::open().await;
    let officer = Browser::open(&site, "commande-region").await;
    officer.sign_in("Anne Roux").await;
    officer.click("Commandes").await;
    officer.sees(&["Bons de commande"]).await;
    officer.audit("liste").await;
    officer.click("Préparer un bon de commande").await;
    officer.audit("lots").await;
    officer.click("Lot 1").await;
    officer.audit("unites").await;
    officer.fill("units_P1", "deux").await;
    officer.click("Voir ce qui va se passer").await;
    assert_eq!(officer.focused_id().await, "erreurs", "the focus goes to the summary of what is wrong");
    officer.audit_as("unites-erreur", Audit::Refusal).await;
    officer.fill("units_P1", "2").await;
    officer.fill("units_M1", "3").await;
    officer.click("Voir ce qui va se passer").await;
    officer.sees(&["Ce qui va se passer", "Rien n’est engagé, aucun message ne part."]).await;
    assert_eq!(officer.held("units_M1").await, "3", "what was typed stays");
    officer.audit("apercu").await;
    officer.click("Préparer le brouillon de").await;
    let order = reference(&officer.address().await);
    officer.sees(&[&order, "Bon de commande préparé", "Brouillon"]).await;
    officer.audit("brouillon").await;
    officer.clicks();
    officer.click("Relire et demander le visa").await;
    officer.audit("demander-le-visa").await;
    let before = site.smtp.received().len();
    officer.click("Demander le visa du service financier").await;
    assert!(officer.clicks() <= 3, "a step takes three clicks at most");
    officer.sees(&["Visa demandé", "À viser"]).await;

    let finance = Browser::open(&site, "commande-finances").await;
    finance.sign_in("Léa Caron").await;
    let asked = site.mail("lea.caron@region.example", &order, before).await;
    assert!(asked.text().contains(&format!("{}/commandes/{order}", site.address())), "{}", asked.text());
    finance.go(&format!("/commandes/{order}")).await;
    finance.audit("a-viser").await;
    finance.click("Relire et viser").await;
    finance.audit("viser").await;
    // The visa without its number, then with it, by the keyboard alone.
    finance.tab_to("Voir ce qui va se passer").await;
    finance.enter().await;
    assert_eq!(finance.focused_id().await, "erreurs");
    finance.audit_as("viser-erreur", Audit::Refusal).await;
    finance.press(Key::Tab).await;
    finance.enter().await;
    finance.press("EJ-2026-0999").await;
    assert_eq!(finance.held("commitment_number").await, "EJ-2026-0999", "the summary leads to the field");
    finance.tab_to("Voir ce qui va se passer").await;
    finance.enter().await;
    finance.sees(&["1 message partira aussitôt"]).await;
    finance.tab_to("Viser et engager").await;
    finance.enter().await;
    finance.sees(&["Bon de commande visé", "EJ-2026-0999"]).await;
    site.mail("anne.roux@region.example", &order, before).await;

    officer.go(&format!("/commandes/{order}")).await;
    officer.click("Relire et notifier").await;
    officer.audit("notifier").await;
    officer.fill("channel", "buyer_profile").await;
    officer.fill("sent_on", "2026-11-23").await;
    officer.fill("consulted_on", "2026-11-23").await;
    officer.fill("proof", "AR-2026-77").await;
    officer.click("Voir ce qui va se passer").await;
    officer.audit("notifier-repetition").await;
    officer.click("Notifier à").await;
    officer.sees(&["Bon de commande notifié", "AR-2026-77"]).await;
    officer.audit("notifie").await;
    let body = Browser::open(&site, "commande-organisme").await;
    body.sign_in("Claire Morel").await;
    body.go(&format!("/commandes/{order}")).await;
    body.sees(&["EJ-2026-0999"]).await;
    body.audit("organisme").await;
    body.close().await;

    officer.click("Solder le bon de commande").await;
    officer.sees(&["sont libérés"]).await;
    officer.audit("solder").await;
    officer.click_in("form.step", "Solder et libérer").await;
    officer.sees(&["Bon de commande soldé"]).await;
    officer.audit("solde").await;
    finance.close().await;
    officer.close().await;
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_at_one_order_and_one_hears_of_the_other() {
    let site = Site::open().await;
    let (first, second) = (Browser::open(&site, "visa-un").await, Browser::open(&site, "visa-deux").await);
    for browser in [&first, &second] {
        browser.sign_in("Léa Caron").await;
        browser.go("/commandes?etat=to_endorse").await;
        browser.click_in("tbody th", "BC-2-").await;
        browser.click("Relire et viser").await;
    }
    for (browser, number) in [(&second, "EJ-2026-0002"), (&first, "EJ-2026-0001")] {
        browser.fill("commitment_number", number).await;
        browser.click("Voir ce qui va se passer").await;
    }
    first.click("Viser et engager").await;
    first.sees(&["Bon de commande visé", "EJ-2026-0001"]).await;
    second.click("Viser et engager").await;
    second.sees(&["Léa Caron"]).await;
    second.lacks(&["Bon de commande soldé"]).await;
    second.audit_as("trop-tard", Audit::Refusal).await;
    second.go("/commandes?etat=endorsed").await;
    second.click_in("tbody th", "BC-2-").await;
    second.sees(&["EJ-2026-0001"]).await;
    second.lacks(&["EJ-2026-0002"]).await;
    first.close().await;
    second.close().await;
    site.close().await;
}
