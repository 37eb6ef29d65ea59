//! Nothing typed is lost: kept while one types, through a lost connection, a session ended elsewhere, somebody faster.

use serde_json::json;
use tests::browser::{Audit, Browser, Site};

/// The form of a note on the first path of the list: a text and nothing else.
async fn note(browser: &Browser) -> String {
    browser.go("/parcours?vue=tableau").await;
    browser.click_in("tbody th", "FEST-1-").await;
    let path = browser.address().await;
    let path = path.split('?').next().unwrap_or_default().to_owned();
    let form = format!("{path}/etapes/add_note");
    browser.go(&form).await;
    form
}

/// Presses the first button that sends the form, whatever comes of it.
async fn send(browser: &Browser) {
    browser.script("document.querySelector('form[data-draft] button[type=submit]').click();", vec![]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_is_kept_and_found_again() {
    let site = Site::open().await;
    let browser = Browser::open(&site, "brouillon").await;
    browser.sign_in("Claire Morel").await;
    let form = note(&browser).await;
    browser.fill("note", "Le tuteur préfère le mardi.").await;
    browser.sees(&["Brouillon enregistré à"]).await;
    browser.audit("enregistre").await;
    browser.go(&form).await;
    browser.sees(&["repris.", "Effacer la saisie"]).await;
    assert_eq!(browser.held("note").await, "Le tuteur préfère le mardi.");
    // Leaving at once loses nothing either.
    browser.fill("note", "Le tuteur préfère le jeudi.").await;
    browser.go("/parcours").await;
    browser.go(&form).await;
    assert_eq!(browser.held("note").await, "Le tuteur préfère le jeudi.");
    browser.click("Effacer la saisie").await;
    assert_eq!(browser.held("note").await, "");
    browser.lacks(&["repris."]).await;
    browser.close().await;
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_happen_follows_the_form() {
    let site = Site::open().await;
    let browser = Browser::open(&site, "suite").await;
    browser.sign_in("Claire Morel").await;
    note(&browser).await;
    browser.lacks(&["Ajouter la note"]).await;
    browser.fill("note", "Le tuteur préfère le mardi.").await;
    browser.press(thirtyfour::Key::Tab).await;
    let shown = "return !!document.querySelector('#repetition button[name=faire]');";
    for _ in 0..100 {
        if browser.script(shown, vec![]).await == json!(true) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(browser.script(shown, vec![]).await, json!(true), "what will happen is there without asking");
    browser.audit("suite").await;
    browser.click_on("#repetition button[name=faire]").await;
    assert!(browser.address().await.contains("?fait="), "{}", browser.address().await);
    browser.close().await;
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_connection_takes_nothing() {
    let site = Site::open().await;
    let browser = Browser::open(&site, "connexion-perdue").await;
    browser.sign_in("Claire Morel").await;
    let form = note(&browser).await;
    browser.offline(true).await;
    browser.fill("note", "Écrit dans le train.").await;
    browser.sees(&["Connexion perdue. Ce que vous tapez reste ici et sera enregistré dès son retour."]).await;
    send(&browser).await;
    browser.sees(&["Rien ne part d’ici là."]).await;
    assert_eq!(browser.address().await, form, "what is sent without a connection is held back");
    assert_eq!(browser.held("note").await, "Écrit dans le train.");
    browser.offline(false).await;
    browser.sees(&["Brouillon enregistré à"]).await;
    browser.lacks(&["Connexion perdue"]).await;
    browser.go(&form).await;
    assert_eq!(browser.held("note").await, "Écrit dans le train.");
    browser.close().await;
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ended_elsewhere_leaves_the_form_as_it_is() {
    let site = Site::open().await;
    let browser = Browser::open(&site, "session-finie").await;
    browser.sign_in("Claire Morel").await;
    let form = note(&browser).await;
    let elsewhere = Browser::open(&site, "session-ailleurs").await;
    elsewhere.sign_in("Claire Morel").await;
    elsewhere.go("/compte").await;
    elsewhere.click("Fermer toutes les autres").await;
    browser.fill("note", "Appel à dix heures.").await;
    browser.sees(&["Votre session a pris fin. Ce que vous tapez reste ici"]).await;
    send(&browser).await;
    browser.sees(&["connectez-vous dans un autre onglet"]).await;
    assert_eq!(browser.address().await, form);
    assert_eq!(browser.held("note").await, "Appel à dix heures.");
    // Signed in again beside this page, as in another tab.
    let enter = "const done = arguments[arguments.length - 1]; fetch('/connexion').then(page => page.text()).then(text => {
        const page = new DOMParser().parseFromString(text, 'text/html');
        const card = [...page.querySelectorAll('.personas form')].find(form => form.textContent.includes('Claire Morel'));
        return fetch('/connexion/demo', { method: 'POST', body: new URLSearchParams(new FormData(card)) });
    }).then(() => done(true), error => done(String(error)));";
    assert_eq!(browser.later(enter).await, json!(true));
    send(&browser).await;
    browser.sees(&["Relisez, puis envoyez de nouveau"]).await;
    assert_eq!(browser.held("note").await, "Appel à dix heures.", "the form is found as it was typed");
    browser.audit_as("session-changee", Audit::Refusal).await;
    elsewhere.close().await;
    browser.close().await;
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_time_ended_gives_the_form_back_after_signing_in() {
    let site = Site::open().await;
    let browser = Browser::open(&site, "session-expiree").await;
    browser.sign_in("Claire Morel").await;
    let form = note(&browser).await;
    site.wait(chrono::TimeDelta::hours(2)).await;
    browser.fill("note", "Écrit après deux heures.").await;
    browser.click_in("form[data-draft]", "Voir ce qui va se passer").await;
    browser.sees(&["Votre session a pris fin", "Ce que vous aviez saisi est gardé"]).await;
    browser.click("Claire Morel").await;
    assert_eq!(browser.address().await, form);
    assert_eq!(browser.held("note").await, "Écrit après deux heures.");
    browser.close().await;
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_at_one_path_and_the_second_keeps_what_was_typed() {
    let site = Site::open().await;
    let (first, second) = (Browser::open(&site, "parcours-un").await, Browser::open(&site, "parcours-deux").await);
    first.sign_in("Claire Morel").await;
    let form = note(&first).await;
    second.sign_in("Anne Roux").await;
    second.go(&form).await;
    second.fill("note", "Vu par la Région.").await;
    second.click("Voir ce qui va se passer").await;
    first.fill("note", "Vu par l’organisme.").await;
    first.click("Voir ce qui va se passer").await;
    first.click_on("#repetition button[name=faire]").await;
    first.sees(&["L’organisme de formation a ajouté une note."]).await;
    second.click_on("#repetition button[name=faire]").await;
    second.sees(&["Le parcours a changé depuis que vous l’avez ouvert", "Claire Morel"]).await;
    second.sees(&["Ce que vous aviez saisi est gardé."]).await;
    assert_eq!(second.held("note").await, "Vu par la Région.");
    second.audit_as("conflit", Audit::Refusal).await;
    second.click_on("#repetition button[name=faire]").await;
    second
        .script("document.querySelectorAll('.line details').forEach(folded => { folded.open = true; });", vec![])
        .await;
    second.sees(&["Vu par la Région.", "Vu par l’organisme."]).await;
    first.close().await;
    second.close().await;
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_prints_what_it_says() {
    let site = Site::open().await;
    let browser = Browser::open(&site, "papier").await;
    browser.sign_in("Claire Morel").await;
    let form = note(&browser).await;
    browser.fill("note", "À lire sur papier.").await;
    browser.print(true).await;
    let visible = |selector: &str| {
        format!("const part = document.querySelector('{selector}'); return !!part && part.getClientRects().length > 0;")
    };
    for (address, there, gone) in [
        (form.as_str(), "form[data-draft] [name=note]", "form[data-draft] button"),
        ("/parcours?vue=tableau", "table.list tbody tr", "form.filters"),
        ("/parcours?vue=etapes", ".slip", "nav.main"),
        ("/lots", "main h1", "nav.main"),
        ("/commandes", "main table tbody tr", "nav.main"),
    ] {
        browser.go(address).await;
        for (selector, shown) in [(there, true), (gone, false)] {
            assert_eq!(browser.script(&visible(selector), vec![]).await, json!(shown), "{address}: {selector}");
        }
        let ink = "const style = getComputedStyle(document.body); return [style.color, style.backgroundColor];";
        assert_eq!(browser.script(ink, vec![]).await, json!(["rgb(0, 0, 0)", "rgb(255, 255, 255)"]), "{address}");
        let cut = "return [...document.querySelectorAll('.scroll, .sheet')].filter(part => getComputedStyle(part).overflowX !== 'visible').length;";
        assert_eq!(browser.script(cut, vec![]).await, json!(0), "{address}: nothing scrolls on paper");
        browser.picture("papier").await;
    }
    browser.print(false).await;
    browser.close().await;
    site.close().await;
}
