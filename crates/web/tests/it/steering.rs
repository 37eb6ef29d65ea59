//! The Region's figures in the browser: each number opens the list that it counts, at the same moment, and nobody else sees them.

use axum::http::StatusCode;
use domain::people::StaffRole;
use domain::samples;

use crate::kit::{Kit, Page};
use crate::orders::Desk;

/// The links of the lists behind figures, with the number that each stands on.
fn numbers(page: &Page) -> Vec<(String, String)> {
    let links = page.text.split("<a href=\"/pilotage/").skip(1);
    links
        .filter_map(|rest| {
            // Those of the map hold a shape, and the same number as the table beside it.
            let (address, rest) = rest.split_once('"')?;
            // The committee's page is not behind a number.
            if address.starts_with("copil") {
                return None;
            }
            let (number, _) = rest.strip_prefix('>')?.split_once("</a>")?;
            Some((
                format!("/pilotage/{}", address.replace("&amp;", "&").replace("&#38;", "&").replace("&#61;", "=")),
                number.to_owned(),
            ))
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_number_opens_the_list_that_it_counts() {
    let (kit, _) = Kit::commitment_asked().await;
    let officer = Desk::of(&kit, &kit.officer).await;
    let page = officer.get("/pilotage").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    page.shows(&["Pilotage", "Places 2026", "Du besoin à l’emploi", "Argent", "Départements", "Arrêté au"]);
    // A month says its year once.
    let year = &kit.today.to_string()[..4];
    page.shows(&[&format!("janvier {year}")]).lacks(&[&format!("{year} {year}")]);
    let numbers = numbers(&page);
    assert!(numbers.len() > 8, "{numbers:?}");
    for (address, number) in numbers {
        let list = officer.get(&address).await;
        assert_eq!(list.status, StatusCode::OK, "{address}");
        let said = if number.contains('€') {
            format!("{number} hors taxes")
        } else if address.starts_with("/pilotage/argent") {
            format!("{number}\u{a0}mouvement")
        } else if address.contains("par=entreprise") {
            format!("{number}\u{a0}établissement")
        } else {
            format!("{number}\u{a0}parcours")
        };
        assert!(list.text.contains(&said), "{address} does not say {said}: {}", list.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moment_is_kept_from_the_page_to_its_lists() {
    let (kit, _) = Kit::commitment_asked().await;
    let officer = Desk::of(&kit, &kit.officer).await;
    let before = kit.today.pred_opt().expect("a day");
    let page = officer.get(&format!("/pilotage?au={}&connu={before}&depuis=market", kit.today)).await;
    // The market was recorded today: nothing of it was known the day before.
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    page.shows(&["Aucun marché à cette date"]);
    let page = officer.get(&format!("/pilotage?au={}&depuis=market", kit.today)).await;
    for (address, _) in numbers(&page) {
        assert!(address.contains(&format!("au={}", kit.today)) && address.contains("depuis=market"), "{address}");
    }
    let wrong = officer.get("/pilotage?au=hier").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong.shows(&["La date n’est pas comprise", "Choisissez un jour"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_region_sees_figures() {
    let (kit, _) = Kit::commitment_asked().await;
    let addresses = ["/pilotage", "/pilotage/chiffres/entries", "/pilotage/argent/engaged"];
    for (role, body, email) in [
        (StaffRole::Coordinator, Some(samples::BODY_1), "une@lot1.example"),
        (StaffRole::Administrator, None, "admin@region.example"),
    ] {
        let desk = Desk::new(&kit, role, body, email).await;
        for address in addresses {
            assert_eq!(desk.get(address).await.status, StatusCode::NOT_FOUND, "{role} {address}");
        }
        desk.get("/").await.lacks(&["Pilotage"]);
    }
    for (role, email) in [
        (StaffRole::RegionFinance, "finance@region.example"),
        (StaffRole::RegionViewer, "lecture@region.example"),
        (StaffRole::Auditor, "audit@region.example"),
    ] {
        let desk = Desk::new(&kit, role, None, email).await;
        for address in addresses {
            assert_eq!(desk.get(address).await.status, StatusCode::OK, "{role} {address}");
        }
        desk.get("/").await.shows(&["Pilotage"]);
    }
    for address in addresses {
        assert!(kit.get(address).await.location().starts_with("/connexion?retour="));
    }
    let officer = Desk::of(&kit, &kit.officer).await;
    for unknown in ["/pilotage/chiffres/rien", "/pilotage/argent/rien", "/pilotage/chiffres/entries?lot=@@"] {
        assert_eq!(officer.get(unknown).await.status, StatusCode::NOT_FOUND, "{unknown}");
    }
}
