//! The Region's figures and the committee's tables in a real browser: each figure opens what it counts, a table is imported after a
//! refusal, compared, taken and sealed; on a telephone too.

use std::path::PathBuf;

use tests::browser::{Audit, Browser, Site, Theme, Width};

const DECK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/reports/tests/deck");

/// A file of the deck.
fn deck(name: &str) -> PathBuf {
    PathBuf::from(DECK).join(name).canonicalize().expect("the deck has its files")
}

/// The first number of a text: « 12 parcours » and « sur 12 parcours » count twelve.
fn number(text: &str) -> u32 {
    let mut letters = text.chars().filter(|c| !c.is_whitespace()).skip_while(|c| !c.is_ascii_digit()).peekable();
    let digits: String = std::iter::from_fn(|| letters.next_if(char::is_ascii_digit)).collect();
    digits.parse().unwrap_or_else(|_| panic!("« {text} » holds no number"))
}

/// What every figure of a part of the page says, with the address behind it.
async fn figures(browser: &Browser, part: &str) -> Vec<(String, String)> {
    let read = "return [...document.querySelectorAll(`${arguments[0]} :is(td, dd) a[href^=\"/pilotage/\"]`)]\
        .filter(link => link.textContent.trim()).map(link => [link.textContent.trim(), link.getAttribute('href')]);";
    let read = browser.script(read, vec![part.into()]).await;
    serde_json::from_value(read).expect("texts and addresses")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_figure_opens_what_it_counts() {
    let site = Site::open().await;
    let region = Browser::open(&site, "pilotage").await;
    region.sign_in("Anne Roux").await;
    region.click("Pilotage").await;
    region
        .sees(&["Places 2026", "Du besoin à l’emploi", "Argent", "Délais tenus", "À débloquer", "Départements"])
        .await;
    region.audit("chiffres").await;
    let mut opened = 0;
    for part in
        ["section[aria-labelledby=places]", "section[aria-labelledby=etapes]", "section[aria-labelledby=departements]"]
    {
        let figures = figures(&region, part).await;
        assert!(figures.len() >= 5, "{part}: {figures:?}");
        // One of three: the others are counted by the tests of each figure.
        for (said, address) in figures.iter().step_by(3) {
            region.go(address).await;
            let caption = region.script("return document.getElementById('compte')?.innerText || '0';", vec![]).await;
            let caption = caption.as_str().unwrap_or_default().to_owned();
            assert_eq!(number(&caption), number(said), "{address}: « {said} » opens « {caption} »");
            opened += 1;
        }
        region.go("/pilotage").await;
    }
    assert!(opened >= 8, "{opened} were opened");
    // The money by prestation and month: a total, and a month of a prestation, open their movements.
    region.go("/pilotage/argent").await;
    region.sees(&["Cumul des montants dans l’année", "Toutes prestations", "Étude de faisabilité", "Prévu"]).await;
    for part in ["section[aria-labelledby=toutes]", "section[aria-labelledby=feasibility]"] {
        for (said, address) in figures(&region, part).await.iter().step_by(5) {
            region.go(address).await;
            let caption = region.script("return document.getElementById('compte')?.innerText || '0';", vec![]).await;
            let caption = caption.as_str().unwrap_or_default().to_owned();
            assert!(caption.starts_with(said.as_str()), "{address}: « {said} » opens « {caption} »");
        }
        region.go("/pilotage/argent").await;
    }
    region.view(Width::Phone, Theme::Light).await;
    region.go("/pilotage").await;
    region.script("document.querySelectorAll('details').forEach(part => part.open = true);", vec![]).await;
    region.audit("chiffres-telephone").await;
    region.print(true).await;
    region.picture("chiffres-imprimes").await;
    region.print(false).await;
    region.close().await;
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_committee_is_prepared_and_sealed() {
    let site = Site::open().await;
    let region = Browser::open(&site, "copil").await;
    region.sign_in("Anne Roux").await;
    region.click("Pilotage").await;
    region.click("Comité de pilotage").await;
    region.sees(&["Ce qui manque", "Entrées en formation", "importer"]).await;

    // The entries given as a budget are refused whole, and what was chosen stays.
    let give = async |kind: &str, day: &str, file: &str| {
        region.fill("tableau", kind).await;
        region.fill("arrete", day).await;
        region.fill("fichier", &deck(file).display().to_string()).await;
        region.click_in("#importer", "Importer le tableau").await;
    };
    give("budget", "2022-12-31", "entrees-2022-12-31.csv").await;
    region.sees(&["Le fichier n’est pas pris", "Rien n’est enregistré"]).await;
    assert_eq!(region.held("arrete").await, "2022-12-31", "what was typed stays");
    region.audit_as("refus", Audit::Refusal).await;
    give("entries", "2022-12-31", "entrees-2022-12-31.csv").await;
    region.sees(&["Le tableau est importé", "7 032", "#Avenir"]).await;
    give("entries", "2023-06-30", "entrees-2023-06-30.csv").await;
    region.sees(&["Le tableau est importé", "Équité au 30/06/2023"]).await;
    region.audit("tableaux").await;

    region.fill("compare", "2022-12-31").await;
    region.click("Afficher").await;
    region.sees(&["Entrées en formation au 30/06/2023 et au 31/12/2022", "Évolution", "Profil des entrées"]).await;
    region.audit("comparaison").await;
    for (ending, start) in [("xlsx", &b"PK"[..]), ("pdf", b"%PDF")] {
        let file = region.download(&format!("a[href^=\"/pilotage/copil/fichier/{ending}\"]")).await;
        assert!(file.starts_with(start), "{ending}");
    }
    region.view(Width::Phone, Theme::Light).await;
    region.audit("comparaison-telephone").await;

    region.click("Tableaux arrêtés").await;
    region.fill("titre", "Comité de juin 2023").await;
    region.click("Arrêter les tableaux").await;
    region.sees(&["Les tableaux sont arrêtés", "Comité de juin 2023", "Rien n’a changé", "Équité au 30/06/2023"]).await;
    region.audit("arrete-telephone").await;

    // A partner reads it by a link, without an account, until the Region closes the window.
    region.fill("partenaire", "Mission locale de l’Orne").await;
    region.fill("jusqu", "2025-01-01").await;
    region.click("Ouvrir la fenêtre").await;
    assert_eq!(region.held("partenaire").await, "Mission locale de l’Orne", "what was typed stays");
    region.audit_as("fenetre-refus", Audit::Refusal).await;
    region.fill("jusqu", "2027-03-31").await;
    region.click("Ouvrir la fenêtre").await;
    region.sees(&["La fenêtre est ouverte", "Mission locale de l’Orne", "31 mars 2027"]).await;
    region.audit("fenetre-telephone").await;
    let link = region.script("return document.querySelector('td.address').innerText.trim();", vec![]).await;
    let link = link.as_str().expect("a link").to_owned();
    let partner = Browser::open(&site, "partenaire").await;
    partner.view(Width::Phone, Theme::Light).await;
    partner.go(&link).await;
    partner.sees(&["Comité de juin 2023", "Mission locale de l’Orne", "secret statistique", "#Avenir"]).await;
    partner.audit("tableaux-telephone").await;
    partner.view(Width::Desk, Theme::Light).await;
    partner.audit("tableaux").await;
    assert!(partner.download("a[href$=\"/xlsx\"]").await.starts_with(b"PK"));
    region.click("Fermer").await;
    region.sees(&["La fenêtre est fermée"]).await;
    partner.go(&link).await;
    partner.sees(&["Cette fenêtre est fermée", "demandez une nouvelle fenêtre"]).await;
    partner.audit_as("fermee", Audit::Refusal).await;
    partner.close().await;
    region.close().await;
    site.close().await;
}
