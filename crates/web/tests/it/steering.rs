//! The Region's figures in the browser: each number opens the list that it counts, at the same moment, and nobody else sees them.

use axum::http::StatusCode;
use domain::people::StaffRole;
use domain::samples;

use crate::kit::{Kit, Page};
use crate::orders::Desk;

/// The addresses of a page under that of the figures, each with what its link holds.
fn links(page: &Page) -> Vec<(String, String)> {
    let links = page.text.split("<a href=\"/pilotage/").skip(1);
    links
        .filter_map(|rest| {
            let (address, rest) = rest.split_once('"')?;
            let (_, rest) = rest.split_once('>')?;
            let (held, _) = rest.split_once("</a>")?;
            let address = address.replace("&amp;", "&").replace("&#38;", "&").replace("&#61;", "=");
            Some((format!("/pilotage/{address}"), held.to_owned()))
        })
        .collect()
}

/// The links of the lists behind figures, with the number that each stands on: those of charts hold a shape.
fn numbers(page: &Page) -> Vec<(String, String)> {
    let begins_with_digit = |text: &str| text.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit());
    links(page).into_iter().filter(|(_, held)| begins_with_digit(held)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_number_opens_the_list_that_it_counts() {
    let (kit, _) = Kit::commitment_asked().await;
    let officer = Desk::of(&kit, &kit.officer).await;
    let page = officer.get("/pilotage").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    page.shows(&["Pilotage", "Places 2026", "Du besoin à l’emploi", "Argent", "Départements", "Arrêté au"]);
    // States say what they mean, and where a path waits.
    page.shows(&["Étude en cours", "L’organisme étudie les conditions de la FEST avec l’entreprise."]);
    let budget = officer.get("/pilotage/argent").await;
    budget.shows(&["Argent par prestation et par mois", "Toutes prestations", "Étude de faisabilité", "Prévu"]);
    budget.shows(&["Part du budget de l’année", "Budget de l’année"]);
    // A month says its year once.
    let year = &kit.today.to_string()[..4];
    budget.shows(&[&format!("janvier {year}")]).lacks(&[&format!("{year} {year}")]);
    let of_lot = officer.get("/pilotage/argent?lot=1").await;
    of_lot.lacks(&["Part du budget de l’année"]);
    for (page, least) in [(&page, 8), (&budget, 4), (&of_lot, 4)] {
        let numbers = numbers(page);
        assert!(numbers.len() > least, "{numbers:?}");
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
}

#[tokio::test(flavor = "multi_thread")]
async fn each_bar_point_and_area_opens_a_list() {
    let (kit, _) = Kit::commitment_asked().await;
    let officer = Desk::of(&kit, &kit.officer).await;
    for (page, shapes) in
        [("/pilotage", ["<svg class=\"gauge\"", "<rect", "<path"]), ("/pilotage/argent", ["<circle"; 3])]
    {
        let page = officer.get(page).await;
        let links = links(&page);
        for shape in shapes {
            let mut drawn = links.iter().filter(|(_, held)| held.contains(shape)).peekable();
            assert!(drawn.peek().is_some(), "nothing opens {shape}");
            for (address, _) in drawn {
                let list = officer.get(address).await;
                assert_eq!(list.status, StatusCode::OK, "{address}");
                list.shows(&["Période"]);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_day_or_no_lot_says_so() {
    let (kit, _) = Kit::commitment_asked().await;
    let officer = Desk::of(&kit, &kit.officer).await;
    for page in ["/pilotage", "/pilotage/argent"] {
        for day in ["hier", "9999-12-31", "0001-01-01"] {
            let refused = officer.get(&format!("{page}?au={day}&depuis=market")).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{page} {day}");
            // It shows today, and leads there.
            refused.shows(&["La date n’est pas comprise", "Budget de l’année"]).lacks(&[&format!("au={day}")]);
        }
    }
    for list in ["/pilotage/argent?lot=9", "/pilotage/argent/engaged?lot=9", "/pilotage/chiffres/open?lot=9"] {
        assert_eq!(officer.get(list).await.status, StatusCode::NOT_FOUND, "{list}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_that_nothing_makes_go_on_is_stalled_and_says_who_is_waited_for() {
    let (kit, _) = Kit::commitment_asked().await;
    let officer = Desk::of(&kit, &kit.officer).await;
    let reference = kit.path().reference.to_string();
    officer.get("/pilotage").await.shows(&["Aucun parcours n’est resté plus de 30 jours dans le même état"]);
    let later = kit.today + chrono::TimeDelta::days(31);
    let page = officer.get(&format!("/pilotage?au={later}")).await;
    page.shows(&["Immobiles, dans l’attente de l’organisme", "Les plus longtemps immobiles", &reference]);
    let list = officer.get(&format!("/pilotage/chiffres/stalled_body?au={later}")).await;
    list.shows(&[">1 parcours<", &reference, "c’est à l’organisme d’agir"]);
    officer.get(&format!("/pilotage/chiffres/stalled_region?au={later}")).await.shows(&["Aucun parcours"]);
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
