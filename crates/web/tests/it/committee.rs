//! The steering committee in the browser: what is imported, what is refused, what is downloaded, and by whom.

use axum::http::{StatusCode, header};
use domain::path::{Act, Transition};
use domain::people::{OutsideRole, StaffRole};
use domain::samples;
use serde_json::json;

use crate::gallery::complete;
use crate::kit::{Kit, Page, with};
use crate::orders::Desk;

const PAGE: &str = "/pilotage/copil";
const IMPORTS: &str = "/pilotage/copil/imports";
const END_2022: &[u8] = include_bytes!("../../../reports/tests/deck/entrees-2022-12-31.csv");
const SECTORS: &[u8] = include_bytes!("../../../reports/tests/deck/filieres-2023.csv");
pub const EVALUATION: &[u8] = include_bytes!("../../../reports/tests/deck/generation-competences.csv");

/// Imports a file of a kind at a day, through the form of the page.
async fn import(desk: &Desk<'_>, kind: &str, day: &str, scheme: &str, file: Option<(&str, &[u8])>) -> Page {
    let page = desk.get(PAGE).await;
    let fields = [("tableau", kind), ("arrete", day), ("dispositif", scheme), ("feuille", "")];
    desk.send_file(IMPORTS, &with(page.form(IMPORTS), &fields), file).await
}

/// The same, and the page it leads to.
pub async fn imported(desk: &Desk<'_>, kind: &str, day: &str, scheme: &str, bytes: &[u8]) -> Page {
    let sent = import(desk, kind, day, scheme, Some(("tableau.csv", bytes))).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    desk.get(sent.location()).await
}

/// The deck's entries as the rules of our own texts ask, since pages that show them are read by these.
pub fn well_set() -> Vec<u8> {
    String::from_utf8_lossy(END_2022).replace('\'', "’").into_bytes()
}

/// The same without what the deck printed of FEST: the row is named otherwise, and says nothing.
fn without_fest() -> Vec<u8> {
    let text = String::from_utf8_lossy(&well_set()).into_owned();
    let printed = "Formation en situation de travail - AFEST;31;70,97%;16,13%;3,23%;41,94%;25,81%";
    text.replace(printed, "AFEST;;;;;;").into_bytes()
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

    let file = well_set();
    let page = imported(&officer, "entries", "2022-12-31", "", &file).await;
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
    let page = imported(&officer, "entries", "2022-12-31", "", &file).await;
    page.shows(&["Ce fichier est déjà là"]);
    assert_eq!(kept(&kit).await, 1);

    imported(&officer, "sectors", "2023-06-30", "", SECTORS).await.shows(&["Filières", "EQUIN"]);
    imported(&officer, "evaluation", "2023-06-14", "Génération Compétences", EVALUATION).await;
    let page = officer.get("/pilotage/copil?au=2023-07-01").await;
    page.shows(&["Génération Compétences", "EQUIN", "12 096"]).lacks(&["Filières : importer"]);
    // Entries begin again each year: those of the year before are not those of the day.
    page.shows(&["Aucun fichier des autres dispositifs"]).lacks(&["7 032"]);
    // Within their year, the last ones before the day are read, and say so.
    imported(&officer, "entries", "2021-06-30", "", &file).await;
    officer.get("/pilotage/copil?au=2021-12-31").await.shows(&["Aucun fichier au 31/12/2021", "7 032"]);

    // A later file of the same day takes its place; the first one stays to be read.
    let other = String::from_utf8_lossy(&file).replace("7032", "7033").into_bytes();
    let page = imported(&officer, "entries", "2022-12-31", "", &other).await;
    page.shows(&["7 033", "Remplacé"]);
    assert_eq!(kept(&kit).await, 5);
    let first = page.text.rsplit("href=\"/pilotage/copil/imports/").next().expect("the first file");
    let address = format!("{IMPORTS}/{}", first.split('"').next().expect("an address ends"));
    assert_eq!(officer.get(&address).await.bytes, file);
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
async fn fest_stands_beside_the_others_and_a_day_beside_another() {
    let kit = Box::pin(entered()).await;
    let officer = Desk::of(&kit, &kit.officer).await;
    let day = kit.today.to_string();
    let page = imported(&officer, "entries", &day, "", &without_fest()).await;
    page.shows(&["Équité au", "Autres dispositifs", "un an plus tôt", "Plus de 45 ans"]);
    complete(PAGE, &page);
    let earlier = imported(&officer, "entries", "2022-12-31", "", &well_set()).await;
    earlier.shows(&["Équité au 31/12/2022"]);
    let address = format!("{PAGE}?au={day}&compare=2022-12-31");
    let page = officer.get(&address).await;
    page.shows(&[
        "et au 31/12/2022",
        "Profil des entrées",
        "value=\"2022-12-31\"",
        "compare=2022-12-31&#38;pour=exterieur",
    ]);
    page.lacks(&["un an plus tôt"]);
    complete(&address, &page);

    let wrong = officer.get(&format!("{PAGE}?au=2022-12-31&compare=demain")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong.shows(&["La date n’est pas comprise", "href=\"#compare\"", "value=\"2022-12-31\""]);
    // As it was known before the files were given, there was no other scheme.
    let address = format!("{PAGE}?au={day}&connu={}", kit.today - chrono::Duration::days(1));
    let page = officer.get(&address).await;
    page.shows(&["d’après ce qui était connu le", "Aucun fichier des autres dispositifs"]).lacks(&["7 032", "Équité"]);
    complete(&address, &page);
    let file = officer.get(&format!("/pilotage/copil/fichier/csv?au={day}&connu=2020-01-01")).await;
    file.shows(&["Formation en situation de travail"]).lacks(&["7032"]);
    assert_eq!(officer.get("/pilotage/copil/fichier/csv?connu=hier").await.status, StatusCode::NOT_FOUND);
    officer.get(&format!("{PAGE}?connu=hier")).await.shows(&["href=\"#connu\""]);
    let neither = officer.get(&format!("{PAGE}?au=hier&compare=demain")).await;
    neither.shows(&["href=\"#au\"", "href=\"#compare\""]);
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
    outside.shows(&["7032", ";s;", "Indicateur", "Autres dispositifs"]).lacks(&["Constat", "recalculé"]);
    // Eight were taken; an account takes as many in an hour.
    let compared = officer.get("/pilotage/copil/fichier/csv?au=2022-12-31&compare=2022-06-30").await;
    compared.shows(&["Entrées au 30/06/2022", "Évolution"]);
    assert_eq!(officer.get("/pilotage/copil/fichier/csv").await.status, StatusCode::TOO_MANY_REQUESTS);

    let template = officer.get("/pilotage/copil/modeles/programme?au=2023-06-30").await;
    template.shows(&["Nombre de parcours moyens commandés 2023", "Montant total 2022"]);
    for nothing in [
        "/pilotage/copil/fichier/doc",
        "/pilotage/copil/fichier/csv?au=hier",
        "/pilotage/copil/fichier/csv?compare=hier",
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

/// The training has begun, and nothing was done of it yet.
pub async fn entered() -> Kit {
    let (mut kit, _, _) = Box::pin(Kit::pif_written()).await;
    let (body, region) = (kit.coordinator.actor(), kit.officer.actor());
    kit.sample(&body, Transition::SignPif).await;
    for role in [OutsideRole::Company, OutsideRole::Trainee] {
        let actor = kit.outside(role);
        kit.sample(&actor, Transition::SignPif).await;
    }
    kit.sample(&region, Transition::OrderImplementation).await;
    kit.wait(14).await;
    kit.sample(&body, Transition::EnterTraining).await;
    kit
}

const SEALS: &str = "/pilotage/copil/arretes";

/// Seals the tables of a day; the address of the photograph.
pub async fn sealed(desk: &Desk<'_>, day: &str, title: &str) -> String {
    let page = desk.get(SEALS).await;
    let sent = desk.post(SEALS, &with(page.form(SEALS), &[("arrete", day), ("titre", title)])).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    sent.location().split('?').next().expect("an address").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photograph_keeps_what_was_read_and_says_what_moved_and_why() {
    let mut kit = Box::pin(entered()).await;
    let day = kit.today.to_string();
    // The group that the paths stand in is computed: nothing is printed of it.
    let file = String::from_utf8_lossy(&without_fest())
        .lines()
        .map(|line| if line.starts_with("1;PROGRAMME QUALIF;") { "1;PROGRAMME QUALIF;;;;;;" } else { line })
        .collect::<Vec<_>>()
        .join("\n")
        .into_bytes();
    let address = {
        let officer = Desk::of(&kit, &kit.officer).await;
        officer.get(SEALS).await.shows(&["Rien n’est encore arrêté", "Arrêter les tableaux"]);
        imported(&officer, "entries", &day, "", &file).await;
        let address = sealed(&officer, &day, "Comité de printemps").await;
        assert_eq!(sealed(&officer, &day, "Comité de printemps").await, address, "sealed twice is sealed once");
        let page = officer.get(&address).await;
        page.shows(&["Comité de printemps", "Rien n’a changé", "7 032", "Arrêté le", &kit.officer.name]);
        complete(&address, &page);
        address
    };
    let sha = |page: &Page| page.text.split("class=\"digest\" title=\"").nth(1).map(|rest| rest[..64].to_owned());

    // A datum is corrected, then the entry is annulled: the photograph does not move, and says so.
    let coordinator = kit.coordinator.actor();
    let before = sha(&Desk::of(&kit, &kit.officer).await.get(&address).await);
    kit.wait(1).await;
    let form = json!({"datum": "candidate_profile", "value": null, "level": 5, "birth_date": "1991-04-05", "reason": "Erreur de saisie."});
    kit.act(&coordinator, Act::CorrectDatum, form.as_object().cloned().unwrap_or_default()).await;
    let reference = kit.path().reference.clone();
    {
        let officer = Desk::of(&kit, &kit.officer).await;
        let page = officer.get(&address).await;
        page.shows(&["Compte autrement", &reference.to_string(), "Niveau 4 et infra", "100,00 %", "0,00 %"]);
        assert_eq!(sha(&page), before);
        complete(&address, &page);
    }
    kit.wait(1).await;
    let region = kit.officer.actor();
    kit.sample(&region, Transition::AnnulEntry).await;
    let officer = Desk::of(&kit, &kit.officer).await;
    let page = officer.get(&address).await;
    page.shows(&["Ne compte plus", &format!("href=\"/parcours/{reference}\""), "href=\"#parcours-1\""]);
    assert_eq!(sha(&page), before);

    // A file takes the place of the other: what the path did and what the file did are told apart.
    let other = String::from_utf8_lossy(&file).replace("7032;", "7035;").replace("9900;", "9906;").into_bytes();
    imported(&officer, "entries", &day, "", &other).await.shows(&["7 035"]);
    let page = officer.get(&address).await;
    page.shows(&["a remplacé", "Autre fichier", "7 032", "7 035", "#Avenir"]);
    page.shows(&["Parcours (10 790 → 10 789)", "Autre fichier (10 789 → 10 795)", "ne compte plus personne"]);
    page.shows(&["Ne compte plus", "La Région a annulé l’entrée en formation"]);
    complete(&address, &page);
    let taken = officer.get(&format!("{address}/fichier/csv")).await;
    taken.shows(&["7032"]).lacks(&["7035"]);
    let outside = officer.get(&format!("{address}/fichier/csv?pour=exterieur")).await;
    outside.shows(&["7032", ";s;"]);
    officer.get(SEALS).await.shows(&["Comité de printemps"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photograph_keeps_the_comparison_and_the_sheet_of_the_paths() {
    let mut kit = Box::pin(entered()).await;
    let (day, before) = (kit.today.to_string(), (kit.today - chrono::TimeDelta::days(365)).to_string());
    let file = without_fest();
    let address = {
        let officer = Desk::of(&kit, &kit.officer).await;
        imported(&officer, "entries", &before, "", &file).await;
        let now = String::from_utf8_lossy(&file).replace("7032;", "7100;").into_bytes();
        let page = imported(&officer, "entries", &day, "", &now).await;
        page.shows(&["Fiche d’évaluation : AFEST", "Cette fiche vient des parcours", "Bénéficiaires"]);
        // The page that seals proposes the days that the committee reads.
        let form = officer.get(&format!("{SEALS}?au={day}&compare={before}")).await;
        form.shows(&["Comparés au", &format!("value=\"{before}\"")]);
        let wrong = [("arrete", day.as_str()), ("compare", "jadis"), ("titre", "Comité")];
        let refused = officer.post(SEALS, &with(form.form(SEALS), &wrong)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.shows(&["Choisissez un jour", "value=\"jadis\""]);
        let asked = [("arrete", day.as_str()), ("compare", before.as_str()), ("titre", "Comité")];
        let sent = officer.post(SEALS, &with(form.form(SEALS), &asked)).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
        let address = sent.location().split('?').next().expect("an address").to_owned();
        let page = officer.get(&address).await;
        page.shows(&["Rien n’a changé", "+68", "Fiche d’évaluation : AFEST"]);
        complete(&address, &page);
        let csv = officer.get(&format!("{address}/fichier/csv")).await;
        csv.shows(&["7100", "7032", "68"]);
        // Both days are masked together, and the person who entered is not found again.
        let outside = officer.get(&format!("{address}/fichier/csv?pour=exterieur")).await;
        outside.shows(&["7100", "7032", ";s;"]).lacks(&["Bénéficiaires;1", "Bénéficiaires;;1"]);
        address
    };
    // How the training ended that day is recorded on the next one: the sheet of the paths says so.
    kit.wait(1).await;
    let coordinator = kit.coordinator.actor();
    let form = json!({"outcome": "dropped_out", "on": day, "hours_done": 0, "reason": "Déménagement."});
    kit.act(&coordinator, Transition::EndTraining, form.as_object().cloned().unwrap_or_default()).await;
    let reference = kit.path().reference.to_string();
    let officer = Desk::of(&kit, &kit.officer).await;
    let page = officer.get(&address).await;
    page.shows(&["A pris fin autrement", "Abandons", "href=\"#parcours-1\"", &reference]);
    page.lacks(&["Autre fichier"]);
    complete(&address, &page);

    // The day before is corrected: the difference is another, and says through which file.
    let other = String::from_utf8_lossy(&file).replace("7032;", "7000;").into_bytes();
    imported(&officer, "entries", &before, "", &other).await;
    let page = officer.get(&address).await;
    page.shows(&["+68", "+100", "Autre fichier"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_decides_at_the_region_seals_under_a_title() {
    let kit = Kit::new().await;
    let officer = Desk::of(&kit, &kit.officer).await;
    let page = officer.get(SEALS).await;
    complete(SEALS, &page);
    let form = page.form(SEALS);
    let refused = officer.post(SEALS, &with(form.clone(), &[("arrete", "2026-03-01"), ("titre", " ")])).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.shows(&["Titre : Ce champ est obligatoire", "value=\"2026-03-01\""]);
    let later = [("arrete", "2099-01-01"), ("compare", "2099-01-01"), ("titre", "Comité")];
    let refused = officer.post(SEALS, &with(form.clone(), &later)).await;
    refused.shows(&["Choisissez un jour passé, ou aujourd’hui", "Choisissez un jour d’avant celui des chiffres"]);
    let refused = officer.post(SEALS, &with(form.clone(), &[("arrete", "hier"), ("titre", "Comité")])).await;
    refused.shows(&["Choisissez un jour", "value=\"Comité\""]);
    let address = sealed(&officer, "2026-03-01", "Comité").await;
    for nothing in ["/pilotage/copil/arretes/rien", &format!("{address}/fichier/doc")] {
        assert_eq!(officer.get(nothing).await.status, StatusCode::NOT_FOUND, "{nothing}");
    }
    let viewer = Desk::new(&kit, StaffRole::RegionViewer, None, "lecture@region.example").await;
    viewer.get(SEALS).await.shows(&["Comité"]).lacks(&["Arrêter les tableaux"]);
    viewer.get(&address).await.shows(&["Rien n’a changé"]);
    let coordinator = Desk::of(&kit, &kit.coordinator).await;
    for desk in [&viewer, &coordinator] {
        let refused = desk.post(SEALS, &with(form.clone(), &[("arrete", "2026-03-01"), ("titre", "Autre")])).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND);
    }
    for address in [SEALS, &address, &format!("{address}/fichier/csv")] {
        assert_eq!(coordinator.get(address).await.status, StatusCode::NOT_FOUND, "{address}");
    }
    let photographs = kit.app.photographs(&kit.officer.actor()).await.expect("the photographs");
    assert_eq!(photographs.len(), 1);
}
