//! The committee's tables by the command, as it is installed: what the Region imported, another day beside it, what readers outside
//! get, what is sealed, and who may.

use crate::cli_kit::{FINANCE, Jalon, LOT_1};
use crate::journeys::journey;
use app::committee::NewTable;
use domain::committee::TableKind;
use domain::people::StaffRole;
use domain::samples;

const END_2022: &[u8] = include_bytes!("../../../crates/reports/tests/deck/entrees-2022-12-31.csv");
const MID_2023: &[u8] = include_bytes!("../../../crates/reports/tests/deck/entrees-2023-06-30.csv");
const EVALUATION: &[u8] = include_bytes!("../../../crates/reports/tests/deck/generation-competences.csv");

/// The files that the Region gives by the page.
async fn given(jalon: &Jalon) {
    let app = jalon.app();
    let accounts = app.accounts().await.expect("the accounts");
    let officer = accounts.into_iter().find(|account| account.role == StaffRole::RegionOfficer).expect("an officer");
    let officer = officer.actor();
    for (kind, day, scheme, bytes) in [
        (TableKind::Entries, "2022-12-31", "", END_2022),
        (TableKind::Entries, "2023-06-30", "", MID_2023),
        (TableKind::Evaluation, "2023-06-14", "Génération Compétences", EVALUATION),
    ] {
        let new = NewTable {
            kind,
            as_of: samples::day(day),
            scheme: scheme.to_owned(),
            sheet: String::new(),
            file_name: "tableau.csv".to_owned(),
            bytes: bytes.to_vec(),
        };
        app.import_committee(&officer, new).await.expect("the deck's own");
    }
}

/// The titles of tables in JSON.
fn titles(tables: &serde_json::Value) -> Vec<&str> {
    let tables = tables.as_array().expect("a list of tables").iter();
    tables.map(|table| table["title"].as_str().expect("a table has a title")).collect()
}

async fn the_command_reads_what_was_imported(jalon: Jalon) {
    given(&jalon).await;
    let out = jalon.folder().join("copil.json").display().to_string();
    let written = |options: &[&str]| {
        let line = ["report", "copil", "--as-of", "2023-06-30", "--as", LOT_1.officer, "--out", &out];
        jalon.ok(&[&line[..], options].concat());
        let text = std::fs::read_to_string(&out).expect("the tables are written");
        serde_json::from_str::<serde_json::Value>(&text).expect("JSON")
    };
    let all = written(&[]);
    let named = titles(&all);
    let has = |named: &[&str], title: &str| named.iter().any(|one| one.replace('\u{a0}', " ").contains(title));
    for title in
        ["Point sur les entrées en formation au 30/06/2023", "Équité au 30/06/2023", "Génération Compétences", "Écarts"]
    {
        assert!(has(&named, title), "{title}: {named:?}");
    }
    assert!(all.to_string().contains("PROGRAMME QUALIF"));

    let compared = written(&["--before-date", "2022-12-31"]);
    let named = titles(&compared);
    assert_eq!(named[1].replace('\u{a0}', " "), "Entrées en formation au 30/06/2023 et au 31/12/2022");
    let outside = written(&["--before-date", "2022-12-31", "--masked"]);
    let named = titles(&outside);
    assert!(!has(&named, "Écarts") && has(&named, "Génération Compétences"), "{named:?}");
    assert!(outside.to_string().contains("secret statistique") && !all.to_string().contains("secret statistique"));

    // Beside a file of its own, a day to compare needs its file.
    let file = jalon.folder().join("entrees.csv");
    std::fs::write(&file, MID_2023).expect("the file is written");
    let file = file.display().to_string();
    let line = ["report", "copil", "--as", LOT_1.officer, "--entries", &file, "--before-date", "2022-12-31"];
    assert!(jalon.refused(&line, 2, "before_date").contains("--before"));
    assert!(
        jalon.refused(&["report", "copil", "--as", LOT_1.officer, "--before-date", "hier"], 2, "day").contains("hier")
    );

    let seal = |who: &str| {
        ["report", "copil", "--as-of", "2023-06-30", "--seal", "Comité de juin", "--as", who].map(str::to_owned)
    };
    let sealed = jalon.ok(&seal(LOT_1.officer).each_ref().map(String::as_str));
    assert!(sealed.contains("https://jalon.example/pilotage/copil/arretes/"), "{sealed}");
    assert_eq!(jalon.ok(&seal(LOT_1.officer).each_ref().map(String::as_str)), sealed, "sealed twice is sealed once");
    for who in [LOT_1.coordinator, FINANCE] {
        jalon.refused(&seal(who).each_ref().map(String::as_str), 3, "forbidden");
    }
    jalon.refused(&["report", "copil", "--as", LOT_1.coordinator], 3, "forbidden");
}

journey!(the_command_reads_what_was_imported, "2026-03-02");
