//! Passwords and sessions in the browser: a password forgotten, and sessions ended from elsewhere.

use tests::browser::{Audit, Browser, Site};

const EMAIL: &str = "claire.morel@retravailler.example";
const PASSWORD: &str = "quatre mouettes sur un ponton";

/// Signs in with the password, by the form.
async fn with_password(browser: &Browser, password: &str) {
    browser.go("/connexion").await;
    browser.fill("courriel", EMAIL).await;
    browser.fill("mot_de_passe", password).await;
    browser.click_in("form", "Se connecter").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_replaced_by_a_link_that_ends_every_session() {
    let site = Site::open().await;
    let (browser, elsewhere) = (Browser::open(&site, "oubli").await, Browser::open(&site, "oubli-ailleurs").await);
    elsewhere.sign_in("Claire Morel").await;
    with_password(&browser, PASSWORD).await;
    browser.sees(&["La connexion est refusée"]).await;
    assert_eq!(browser.focused_id().await, "erreurs", "the focus goes to the summary of what is wrong");
    assert_eq!(browser.held("courriel").await, EMAIL, "the address stays");
    assert_eq!(browser.held("mot_de_passe").await, "", "the password does not");
    browser.audit_as("refus", Audit::Refusal).await;

    browser.click("Mot de passe oublié").await;
    browser.audit("demande").await;
    let before = site.smtp.received().len();
    browser.fill("courriel", EMAIL).await;
    browser.click("Recevoir le lien").await;
    browser.sees(&["Si cette adresse a un compte, un lien vient de partir"]).await;
    browser.audit("demande-faite").await;
    let mail = site.mail(EMAIL, "mot de passe", before).await;
    let text = mail.text();
    let start = text.find(&format!("{}/connexion/mot-de-passe/", site.address())).expect("a link in the message");
    let link = text[start..].split_whitespace().next().expect("the link ends").to_owned();

    browser.go(&link).await;
    browser.audit("choix").await;
    for (new, again, said) in [
        ("court", "court", "12"),
        ("motdepasse2026", "motdepasse2026", "premiers"),
        (PASSWORD, "autre chose encore", "diffèrent"),
    ] {
        browser.fill("nouveau", new).await;
        browser.fill("encore", again).await;
        browser.click("Enregistrer le mot de passe").await;
        browser.sees(&["Le mot de passe n’a pas été enregistré", said]).await;
        assert_eq!(browser.focused_id().await, "erreurs");
    }
    browser.audit_as("choix-erreurs", Audit::Refusal).await;
    elsewhere.go("/compte").await;
    elsewhere.sees(&["Mon compte"]).await;
    browser.fill("nouveau", PASSWORD).await;
    browser.fill("encore", PASSWORD).await;
    browser.click("Enregistrer le mot de passe").await;
    browser.sees(&["Votre mot de passe est enregistré"]).await;
    elsewhere.go("/compte").await;
    assert!(elsewhere.address().await.starts_with("/connexion"), "the session opened before has ended");

    with_password(&browser, PASSWORD).await;
    browser.sees(&["Claire Morel", "À faire"]).await;
    browser.go(&link).await;
    browser.sees(&["Ce lien ne fonctionne plus"]).await;
    browser.audit_as("lien-servi", Audit::Refusal).await;
    browser.go("/compte").await;
    browser.sees(&["Changer le mot de passe"]).await;
    browser.fill("actuel", "pas celui-là du tout").await;
    browser.fill("nouveau", "cinq mouettes sur le ponton").await;
    browser.fill("encore", "cinq mouettes sur le ponton").await;
    browser.click("Changer le mot de passe").await;
    browser.sees(&["Ce n’est pas votre mot de passe actuel"]).await;
    assert_eq!(browser.focused_id().await, "erreurs");
    browser.audit_as("compte-erreur", Audit::Refusal).await;
    browser.close().await;
    elsewhere.close().await;
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ending_the_other_sessions_signs_the_other_browser_out() {
    let site = Site::open().await;
    let (here, there) = (Browser::open(&site, "sessions").await, Browser::open(&site, "sessions-ailleurs").await);
    here.sign_in("Claire Morel").await;
    there.sign_in("Claire Morel").await;
    here.go("/compte").await;
    here.sees(&["Cette session", "Fermer toutes les autres"]).await;
    here.click("Fermer toutes les autres").await;
    here.sees(&["Les autres sessions sont fermées", "Aucune autre"]).await;
    here.audit("sessions-fermees").await;
    there.click("Parcours").await;
    assert!(there.address().await.starts_with("/connexion?retour="), "{}", there.address().await);
    there.back().await;
    there.go("/compte").await;
    assert!(there.address().await.starts_with("/connexion"), "going back opens nothing");
    here.go("/").await;
    here.sees(&["À faire"]).await;
    here.close().await;
    there.close().await;
    site.close().await;
}
