//! The steering committee in the browser: what is imported, what is refused, what is downloaded, and by whom.

use axum::http::{StatusCode, header};
use domain::people::StaffRole;
use domain::samples;

use crate::gallery::complete;
use crate::kit::{Kit, Page, with};
use crate::orders::Desk;

const PAGE: &str = "/pilotage/copil";
const IMPORTS: &str = "/pilotage/copil/imports";
const END_2022: &[u8] = include_bytes!("../../../reports/tests/deck/entrees-2022-12-31.csv");
const SECTORS: &[u8] = include_bytes!("../../../reports/tests/deck/filieres-2023.csv");
const EVALUATION: &[u8] = include_bytes!("../../../reports/tests/deck/generation-competences.csv");

/// Imports a file of a kind at a day, through the form of the page.
async fn import(desk: &Desk<'_>, kind: &str, day: &str, scheme: &str, file: Option<(&str, &[u8])>) -> Page {
    let page = desk.get(PAGE).await;
    let fields = [("tableau", kind), ("arrete", day), ("dispositif", scheme), ("feuille", "")];
    desk.send_file(IMPORTS, &with(page.form(IMPORTS), &fields), file).await
}

/// The same, and the page it leads to.
async fn imported(desk: &Desk<'_>, kind: &str, day: &str, scheme: &str, bytes: &[u8]) -> Page {
    let sent = import(desk, kind, day, scheme, Some(("tableau.csv", bytes))).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    desk.get(sent.location()).await
}

async fn kept(kit: &Kit) -> usize {
    kit.app.committee_imports(&kit.officer.actor()).await.expect("the imports").len()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_imported_is_shown_with_what_does_not_follow() {
    let kit = Kit::new().await;
    let officer = Desk::of(&kit, &kit.officer).await;
    let empty = officer.get(PAGE).await;
    empty.shows(&["Comité de pilotage", "Aucun fichier des autres dispositifs", "Formation en situation de travail"]);
    empty.shows(&["Entrées par an", "modèle à remplir", "Aucun fichier n’est encore importé"]);
    complete(PAGE, &empty);

    let page = imported(&officer, "entries", "2022-12-31", "", END_2022).await;
    page.shows(&[
        "Le tableau est importé",
        "#Avenir",
        "7 032",
        "71,94 %",
        "tableau.csv",
        &kit.officer.name,
        "Lu à cette date",
    ]);
    // The paths counted nothing that year; the deck printed 31.
    page.shows(&["N’est pas ce que disent les parcours"]);
    complete(PAGE, &page);
    let page = imported(&officer, "entries", "2022-12-31", "", END_2022).await;
    page.shows(&["Ce fichier est déjà là"]);
    assert_eq!(kept(&kit).await, 1);

    imported(&officer, "sectors", "2023-06-30", "", SECTORS).await.shows(&["Filières", "EQUIN"]);
    imported(&officer, "evaluation", "2023-06-14", "Génération Compétences", EVALUATION).await;
    let page = officer.get("/pilotage/copil?au=2023-07-01").await;
    page.shows(&["Génération Compétences", "Aucun fichier au 01/07/2023", "EQUIN", "12 096"]);
    page.lacks(&["Filières : importer"]);

    // A later file of the same day takes its place; the first one stays to be read.
    let other = String::from_utf8_lossy(END_2022).replace("7032", "7033").into_bytes();
    let page = imported(&officer, "entries", "2022-12-31", "", &other).await;
    page.shows(&["7 033", "Remplacé"]);
    assert_eq!(kept(&kit).await, 4);
    let first = page.text.rsplit("href=\"/pilotage/copil/imports/").next().expect("the first file");
    let address = format!("{IMPORTS}/{}", first.split('"').next().expect("an address ends"));
    assert_eq!(officer.get(&address).await.bytes, END_2022);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_with_problems_is_refused_whole() {
    let kit = Kit::new().await;
    let officer = Desk::of(&kit, &kit.officer).await;
    let wrong = String::from_utf8_lossy(END_2022).replace("7032;71,94%", "beaucoup;171,94%").into_bytes();
    let page = import(&officer, "entries", "2022-12-31", "", Some(("faux.csv", &wrong))).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.shows(&[
        "Le fichier n’est pas pris : 2 problèmes. Rien n’est enregistré.",
        "Ligne 3, colonne « Stagiaires entrés en formation » : « beaucoup » n’est pas un nombre entier",
        "« 171,94% » dépasse 100 %",
        "value=\"2022-12-31\"",
        "<option value=\"entries\" selected>",
    ]);

    let large = vec![b'a'; app::committee::BYTES + 1];
    let page = import(&officer, "entries", "2022-12-31", "", Some(("gros.csv", &large))).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.shows(&["Le fichier est trop grand"]);

    let page = import(&officer, "entries", "hier", "", None).await;
    page.shows(&["Choisissez un jour entre 2000 et 2099", "Choisissez un fichier"]);
    complete(IMPORTS, &page);
    let page = import(&officer, "", "2022-12-31", "", Some(("vide.csv", b""))).await;
    page.shows(&["Choisissez le tableau"]);
    let page = import(&officer, "evaluation", "2023-06-14", " ", Some(("fiche.csv", EVALUATION))).await;
    page.shows(&["Dispositif : Ce champ est obligatoire"]);
    let page = import(&officer, "budget", "2022-12-31", "", Some(("autre.csv", END_2022))).await;
    page.shows(&["n’est pas connu de ce tableau"]);
    assert_eq!(kept(&kit).await, 0);
    officer.get("/pilotage/copil?au=demain").await.shows(&["La date n’est pas comprise"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_are_taken_in_every_format_and_each_is_logged() {
    let kit = Kit::new().await;
    let officer = Desk::of(&kit, &kit.officer).await;
    imported(&officer, "entries", "2022-12-31", "", END_2022).await;
    imported(&officer, "evaluation", "2022-12-31", "Génération Compétences", EVALUATION).await;
    let start: [(&str, &[u8]); 5] =
        [("xlsx", b"PK"), ("ods", b"PK"), ("csv", "\u{feff}".as_bytes()), ("pdf", b"%PDF"), ("slides", b"%PDF")];
    for (format, start) in start {
        let file = officer.get(&format!("/pilotage/copil/fichier/{format}?au=2022-12-31")).await;
        assert_eq!(file.status, StatusCode::OK, "{format}: {}", file.text);
        assert!(file.bytes.starts_with(start), "{format}");
        let named = file.headers[header::CONTENT_DISPOSITION].to_str().expect("a header of ours");
        assert!(named.starts_with("attachment") && named.contains("comite-de-pilotage-2022-12-31."), "{named}");
    }
    let all = officer.get("/pilotage/copil/fichier/csv?au=2022-12-31").await;
    all.shows(&["Génération Compétences", "7032", "Constat"]);
    let outside = officer.get("/pilotage/copil/fichier/csv?au=2022-12-31&pour=exterieur").await;
    outside.shows(&["7032", ";s;"]).lacks(&["Génération Compétences : ", "Constat", "Indicateur"]);
    // Seven were taken; an account takes eight in an hour.
    assert_eq!(officer.get("/pilotage/copil/fichier/csv").await.status, StatusCode::OK);
    assert_eq!(officer.get("/pilotage/copil/fichier/csv").await.status, StatusCode::TOO_MANY_REQUESTS);

    let template = officer.get("/pilotage/copil/modeles/programme?au=2023-06-30").await;
    template.shows(&["Nombre de parcours moyens commandés 2023", "Montant total 2022"]);
    for nothing in [
        "/pilotage/copil/fichier/doc",
        "/pilotage/copil/fichier/csv?au=hier",
        "/pilotage/copil/modeles/rien",
        "/pilotage/copil/imports/rien",
    ] {
        assert_eq!(officer.get(nothing).await.status, StatusCode::NOT_FOUND, "{nothing}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_region_reads_and_who_decides_there_imports() {
    let kit = Kit::new().await;
    let officer = Desk::of(&kit, &kit.officer).await;
    imported(&officer, "entries", "2022-12-31", "", END_2022).await;
    let form = officer.get(PAGE).await.form(IMPORTS);
    let fields = [("tableau", "sectors"), ("arrete", "2023-06-30"), ("dispositif", ""), ("feuille", "")];
    let sent = with(form, &fields);
    for (role, email) in [
        (StaffRole::RegionFinance, "finance@region.example"),
        (StaffRole::RegionViewer, "lecture@region.example"),
        (StaffRole::Auditor, "audit@region.example"),
    ] {
        let desk = Desk::new(&kit, role, None, email).await;
        let page = desk.get("/pilotage/copil?au=2022-12-31").await;
        page.shows(&["7 032", "Les agents de la Région importent"]).lacks(&["Importer le tableau"]);
        let refused = desk.send_file(IMPORTS, &sent, Some(("filieres.csv", SECTORS))).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{role}");
    }
    for (role, body, email) in [
        (StaffRole::Coordinator, Some(samples::BODY_1), "une@lot1.example"),
        (StaffRole::Administrator, None, "admin@region.example"),
    ] {
        let desk = Desk::new(&kit, role, body, email).await;
        for address in [PAGE, "/pilotage/copil/fichier/csv", "/pilotage/copil/modeles/entries"] {
            assert_eq!(desk.get(address).await.status, StatusCode::NOT_FOUND, "{role} {address}");
        }
        let refused = desk.send_file(IMPORTS, &sent, Some(("filieres.csv", SECTORS))).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{role}");
    }
    // The ticket of another session imports nothing.
    let other = Desk::of(&kit, &kit.officer).await;
    let refused = other.send_file(IMPORTS, &sent, Some(("filieres.csv", SECTORS))).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    refused.shows(&["Relisez, puis envoyez de nouveau"]);
    assert_eq!(kept(&kit).await, 1);
}
