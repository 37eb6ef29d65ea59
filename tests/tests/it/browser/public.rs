//! The pages before signing in, signing in and out.

use tests::browser::{Audit, Browser, Site};

#[tokio::test(flavor = "multi_thread")]
async fn the_welcome_and_the_way_in_and_out() {
    let site = Site::open().await;
    let browser = Browser::open(&site, "public").await;
    browser.go("/").await;
    browser.sees(&["Chaque étape d’une formation en situation de travail", "Vous avez reçu un courriel ?"]).await;
    browser.audit("accueil").await;
    browser.go("/nulle/part").await;
    browser.audit_as("introuvable", Audit::Refusal).await;
    browser.go("/connexion").await;
    assert_eq!(browser.title().await, "Entrer dans l’exemple · Jalon");
    browser.sees(&["Prenez la place de quelqu’un", "Claire Morel", "Anne Roux", "Léa Caron"]).await;
    browser.audit("connexion").await;
    for (name, role) in [
        ("Claire Morel", "Coordination"),
        ("Anne Roux", "Région"),
        ("Léa Caron", "Région"),
        ("Jean Viel", "Région"),
        ("Administration de Jalon", "Administration"),
        ("Contrôle", "Contrôle"),
    ] {
        browser.sign_in(name).await;
        browser.sees(&[name, role, "À faire"]).await;
        browser.audit("a-faire").await;
        browser.click("Se déconnecter").await;
        assert_eq!(browser.address().await, "/connexion?fait=sortie", "{name} leaves");
        browser.go("/").await;
        browser.sees(&["Vous avez reçu un courriel ?"]).await;
        browser.lacks(&[name]).await;
    }
    browser.close().await;
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_and_out_with_the_keyboard_alone() {
    let site = Site::open().await;
    let browser = Browser::open(&site, "clavier").await;
    browser.go("/connexion?retour=%2Fcontact").await;
    browser.press(thirtyfour::Key::Tab).await;
    assert_eq!(browser.focused().await, "Aller au contenu", "the way past the frame comes first");
    browser.enter().await;
    assert_eq!(browser.focused_id().await, "contenu");
    browser.tab_to("Claire Morel").await;
    browser.enter().await;
    assert_eq!(browser.address().await, "/contact", "the page that was asked for comes back");
    browser.go("/").await;
    browser.tab_to("Se déconnecter").await;
    browser.enter().await;
    assert_eq!(browser.address().await, "/connexion?fait=sortie");
    browser.close().await;
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_finds_what_is_wrong() {
    let site = Site::open().await;
    let browser = Browser::open(&site, "audit").await;
    browser.go("/connexion").await;
    assert_eq!(browser.defects("sain", Audit::Page).await, Vec::<String>::new());
    let spoil = "const add = (tag, text) => { const element = document.createElement(tag); element.textContent = text; \
        document.querySelector('main').append(element); return element; }; add('h1', 'Second titre'); add('input', ''); \
        const pale = add('p', 'Texte pâle'); pale.style.color = '#ccc'; pale.style.background = '#fff'; \
        add('div', 'Trop large').style.width = '900px'; console.error('une erreur');";
    browser.script(spoil, vec![]).await;
    let found = browser.defects("abime", Audit::Page).await.join("\n");
    for wanted in [
        "title and landmarks",
        "1280 light: label (critical)",
        "1280 light: color-contrast (serious)",
        "390 dark: color-contrast",
        "390 light: wider than the window",
        "log: SEVERE",
    ] {
        assert!(found.contains(wanted), "« {wanted} » is not in:\n{found}");
    }
    browser.close().await;
    site.close().await;
}
