//! Pages in the states that links do not reach: refused forms, lists without a line, a store that is away.

use tests::browser::{Audit, Browser, Site};

/// Sends a form of the page as it is, past what the browser would hold back itself.
async fn send(browser: &Browser, form: &str) {
    browser.script("document.querySelector(arguments[0]).noValidate = true;", vec![form.into()]).await;
    browser.click_on(&format!("{form} button[type=submit]:not(.plain)")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_forms_say_why_at_the_top_and_keep_what_was_typed() {
    let site = Site::open().await;
    let browser = Browser::open(&site, "refus").await;
    browser.sign_in("Administration de Jalon").await;
    browser.go("/administration/comptes/nouveau").await;
    browser.fill("name", "Ève Perrin").await;
    browser.fill("email", "eve(at)region").await;
    send(&browser, "main form").await;
    assert_eq!(browser.focused_id().await, "erreurs");
    assert_eq!(browser.held("name").await, "Ève Perrin");
    browser.audit_as("compte", Audit::Refusal).await;

    browser.sign_in("Anne Roux").await;
    browser.go("/lots/1/avenant").await;
    send(&browser, "main form").await;
    assert_eq!(browser.focused_id().await, "erreurs");
    browser.audit_as("avenant", Audit::Refusal).await;
    browser.go("/parcours/nouveau").await;
    browser.fill("company", "Atelier du Cuir").await;
    browser.fill("siret", "123").await;
    send(&browser, "form[data-draft]").await;
    assert_eq!(browser.focused_id().await, "erreurs");
    assert_eq!(browser.held("company").await, "Atelier du Cuir");
    browser.audit_as("besoin", Audit::Refusal).await;

    browser.sign_in("Claire Morel").await;
    browser.go("/compte").await;
    send(&browser, "main form[action$=\"/delegations\"]").await;
    assert_eq!(browser.focused_id().await, "erreurs");
    browser.audit_as("delegation", Audit::Refusal).await;
    browser.go("/messages").await;
    let links = "return [...document.querySelectorAll('tbody th a')].map(link => link.getAttribute('href'));";
    let links = browser.script(links, vec![]).await;
    for link in links.as_array().into_iter().flatten().filter_map(serde_json::Value::as_str) {
        browser.go(link).await;
        if browser.has("main form [name=reason]").await {
            break;
        }
    }
    send(&browser, "main form").await;
    assert_eq!(browser.focused_id().await, "erreurs");
    browser.audit_as("renvoi", Audit::Refusal).await;
    browser.fill("reason", "Pas reçu.").await;
    browser.click_in("main form", "Renvoyer à").await;
    assert!(browser.address().await.contains("?fait=renvoi"), "{}", browser.words().await);
    browser.audit("renvoye").await;
    browser.close().await;
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn empty_lists_and_what_is_not_there_are_pages() {
    let site = Site::open().await;
    let browser = Browser::open(&site, "vide").await;
    browser.sign_in("Claire Morel").await;
    browser.go("/parcours").await;
    browser.fill("q", "introuvable").await;
    browser.click("Chercher").await;
    browser.sees(&["Aucun parcours ne correspond"]).await;
    browser.audit("parcours").await;
    browser.go("/parcours/actions").await;
    browser.audit_as("actions", Audit::Refusal).await;
    for missing in ["/parcours/FEST-1-1999-0001", "/commandes/BC-1-1999-0001", "/lots/9", "/entreprises/00000000000000"]
    {
        browser.go(missing).await;
        browser.sees(&["Cette page n’existe pas", "Claire Morel"]).await;
    }
    browser.audit_as("absent", Audit::Refusal).await;
    browser.close().await;
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_away_is_explained_to_whoever_asks() {
    let site = Site::open().await;
    let browser = Browser::open(&site, "panne").await;
    browser.sign_in("Claire Morel").await;
    site.app.store().clone().close().await.expect("the store closes");
    for address in ["/parcours", "/acces/inconnu", "/connexion"] {
        browser.go(address).await;
        browser.sees(&["indisponible"]).await;
        browser.audit_as("panne", Audit::Refusal).await;
    }
    browser.close().await;
}
