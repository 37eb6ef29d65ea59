//! What bad input gets on the command line: a French sentence with the field and the way out, a stable code, an exit
//! code, and nothing written.

mod common;

use common::Jalon;

const OFFICER: &str = "anne.roux@region.example";
const COORDINATOR: &str = "claire.morel@retravailler.example";

const NEED: [&str; 8] = [
    "siret=73282932000074",
    "company=Atelier du Robec",
    "commune=76540",
    "job=Soudage",
    "persons_wanted=1",
    "contact_name=Paul Martin",
    "contact_email=paul.martin@atelier.example",
    "rome=H2913",
];

/// A store with the market and two accounts.
fn installed() -> Jalon {
    let jalon = Jalon::new();
    let market = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/market.toml");
    for line in [
        vec!["migrate"],
        vec!["config", "apply", "--market", market],
        vec!["user", "add", OFFICER, "--name", "Anne Roux", "--role", "region_officer"],
        vec!["user", "add", COORDINATOR, "--name", "Claire Morel", "--role", "coordinator", "--body", "retravailler"],
    ] {
        let output = jalon.run(&line);
        assert!(output.status.success(), "{line:?}: {}", String::from_utf8_lossy(&output.stderr));
        if line == ["migrate"] {
            jalon.set_clock();
        }
    }
    jalon
}

/// What a refused line says.
fn refused(jalon: &Jalon, line: &[&str]) -> String {
    let output = jalon.run(line);
    assert!(output.stdout.is_empty(), "{line:?} printed {}", String::from_utf8_lossy(&output.stdout));
    let said = String::from_utf8(output.stderr).unwrap();
    let said = said.replace(&jalon.path().display().to_string(), "DOSSIER");
    format!("{}\n=> {}\n", said.trim_end(), output.status.code().unwrap())
}

/// Everything that was written.
fn journal(jalon: &Jalon) -> String {
    let output = jalon.run(&["journal", "--format", "json"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The line that reports a need, some of its fields changed.
fn need(changed: &[&str]) -> Vec<String> {
    let mut line: Vec<String> = ["path", "new", "--as", COORDINATOR, "--set"].map(str::to_owned).into();
    let key = |pair: &str| pair.split('=').next().unwrap().to_owned();
    let kept = NEED.iter().filter(|pair| !changed.iter().any(|other| key(other) == key(pair)));
    line.extend(kept.chain(changed).map(|pair| (*pair).to_owned()));
    line
}

fn as_line(line: &[String]) -> Vec<&str> {
    line.iter().map(String::as_str).collect()
}

#[test]
fn lines_that_cannot_be_understood() {
    let jalon = Jalon::new();
    let lines: [&[&str]; 11] = [
        &["pth", "list"],
        &["frobnicate"],
        &["path", "lst"],
        &["path", "list", "--stat", "ready"],
        &["path", "list", "--format", "xml"],
        &["path", "advance", "FEST-1-2026-0001"],
        &["path", "advance", "FEST-1-2026-0001", "order_feasability"],
        &["path", "advance", "FEST-1-2026-0001", "add_note"],
        &["path", "act", "FEST-1-2026-0001", "cancel"],
        &["fields", "xyz"],
        &["path", "list"],
    ];
    let said: String =
        lines.iter().map(|line| format!("$ jalon {}\n{}\n", line.join(" "), refused(&jalon, line))).collect();
    insta::assert_snapshot!(said);
}

#[test]
fn forms_that_do_not_fit() {
    let jalon = installed();
    let cases: [&[&str]; 9] = [
        &["siret=73282932000079"],
        &["commune=14118"],
        &["contact_email=paul.martin"],
        &["persons_wanted=beaucoup", "rome=H29"],
        &["persons_wanted=0"],
        &["companie=Atelier"],
        &["siret=", "job="],
        &["commune=99999"],
        &["contact_phone=12"],
    ];
    let said: String = cases
        .iter()
        .map(|case| format!("$ {}\n{}\n", case.join(" "), refused(&jalon, &as_line(&need(case)))))
        .collect();
    insta::assert_snapshot!(said);
    let list = jalon.run(&["path", "list", "--format", "json"]);
    assert_eq!(String::from_utf8_lossy(&list.stdout).trim(), "[]", "nothing was written");
}

#[test]
fn texts_and_documents_that_are_refused() {
    let jalon = installed();
    let opened = jalon.run(&as_line(&need(&[])));
    assert!(opened.status.success(), "{}", String::from_utf8_lossy(&opened.stderr));
    let (reference, text) = ("FEST-1-2026-0001", "feasibility_ordered/company");
    std::fs::write(jalon.path().join("texte.txt"), "{texte}\nVoir www.exemple.fr pour {metir}.\n").unwrap();
    let why = ["--reason", "Essai"];
    let cases: [Vec<&str>; 15] = [
        vec!["path", "document", reference, "lettre"],
        vec!["path", "document", reference, "dosier-de-preuves"],
        vec!["path", "document", reference, "lettre-d-engagement"],
        vec!["path", "document", "FEST-2-2026-0999", "lettre-d-engagement"],
        vec!["messages", "texts", "show", "feasibility_ordered"],
        vec!["messages", "texts", "show", "feasibility_ordered/finance", "--as", COORDINATOR],
        vec!["messages", "texts", "set", text, "--set", "text=x", why[0], why[1]],
        vec!["messages", "texts", "set", text, "--set", "text=x", why[0], why[1], "--as", COORDINATOR],
        vec!["messages", "texts", "preview", text, "--set", "text=x", "--as", COORDINATOR],
        vec!["messages", "texts", "set", text, why[0], why[1], "--as", OFFICER],
        vec!["messages", "texts", "set", text, "--set", "texte=x", why[0], why[1], "--as", OFFICER],
        vec!["messages", "texts", "set", text, "--set", "text=@texte.txt", why[0], why[1], "--as", OFFICER],
        vec!["messages", "texts", "set", text, "--set", "title=Étude", "--reason", " ", "--as", OFFICER],
        vec!["messages", "texts", "set", "lot/1", "--set", "title=x", why[0], why[1], "--as", OFFICER],
        vec!["messages", "texts", "restore", text, "3", why[0], why[1], "--as", OFFICER],
    ];
    let mut said: String =
        cases.iter().map(|case| format!("$ {}\n{}\n", case.join(" "), refused(&jalon, case))).collect();
    let set = |words: &str, more: &[&str]| {
        let mut line = vec!["messages", "texts", "set", "lot/1", "--set", words, "--reason", "Essai", "--as", OFFICER];
        line.extend(more);
        line.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let kept = jalon.run(&as_line(&set("signature=Région Normandie", &[])));
    assert!(kept.status.success(), "{}", String::from_utf8_lossy(&kept.stderr));
    let again = jalon.run(&as_line(&set("text=Le lundi.", &["--expect-version", "1"])));
    assert!(again.status.success(), "{}", String::from_utf8_lossy(&again.stderr));
    let late = refused(&jalon, &as_line(&set("text=Le mardi.", &["--expect-version", "1"])));
    // The minute at which the text was kept.
    let at = late.find("9\u{a0}h\u{a0}").unwrap();
    said.push_str(&late.replace(&late[at..at + "9\u{a0}h\u{a0}00".len()], "HEURE"));
    insta::assert_snapshot!(said);
    let shown = jalon.run(&["messages", "texts", "show", "lot/1", "--format", "json"]);
    let shown: serde_json::Value = serde_json::from_slice(&shown.stdout).unwrap();
    assert_eq!(shown, serde_json::json!({ "text": "Le lundi.", "signature": "Région Normandie" }));
    assert!(!jalon.path().join("lettre-d-engagement.pdf").exists());
}

#[test]
fn steps_that_are_refused() {
    let jalon = installed();
    let opened = jalon.run(&as_line(&need(&[])));
    assert!(opened.status.success(), "{}", String::from_utf8_lossy(&opened.stderr));
    let reference = "FEST-1-2026-0001";
    std::fs::write(jalon.path().join("page.html"), "<html>").unwrap();
    let before = journal(&jalon);
    let cases: [Vec<&str>; 14] = [
        vec!["order_feasibility"],
        vec!["order_feasibility", "--as", "personne@region.example"],
        vec!["order_feasibility", "--as", "personne"],
        vec!["order_feasibility", "--as", COORDINATOR],
        vec!["order_feasibility", "--as", OFFICER],
        vec!["admit_report", "--as", OFFICER],
        // Role and state are said before what the form lacks.
        vec!["deliver_feasibility", "--as", OFFICER],
        vec!["deliver_feasibility", "--as", COORDINATOR],
        vec!["deliver_feasibility", "--as", COORDINATOR, "--dry-run"],
        vec!["decline_need", "--as", OFFICER],
        vec!["decline_need", "--as", OFFICER, "--set", "raison=x"],
        vec!["decline_need", "--as", OFFICER, "--set", "sans-signe"],
        vec!["decline_need", "--as", OFFICER, "--json", "absent.json"],
        vec!["decline_need", "--as", OFFICER, "--expect-version", "7", "--set", "reason=Hors champ"],
    ];
    let mut said = String::new();
    for case in cases {
        let mut line = vec!["path", "advance", reference];
        line.extend(&case);
        said.push_str(&format!("$ {}\n{}\n", case.join(" "), refused(&jalon, &line)));
    }
    let document =
        ["path", "act", reference, "add_document", "--as", OFFICER, "--set", "kind=other", "document=@page.html"];
    said.push_str(&format!("$ add_document document=@page.html\n{}\n", refused(&jalon, &document)));
    let elsewhere = ["path", "show", "FEST-2-2026-0999"];
    said.push_str(&format!("$ show FEST-2-2026-0999\n{}\n", refused(&jalon, &elsewhere)));
    let json = refused(&jalon, &["path", "show", "FEST-2", "--format", "json"]);
    said.push_str(&format!("$ show FEST-2 --format json\n{json}\n"));
    // The hour at which the path was opened.
    let said: String = said
        .lines()
        .map(|line| match (line.find("\u{a0}novembre\u{a0}2026, "), line.find(" (Besoin signalé)")) {
            (Some(from), Some(until)) => {
                format!("{}\u{a0}novembre\u{a0}2026, HEURE{}\n", &line[..from], &line[until..])
            }
            _ => format!("{line}\n"),
        })
        .collect();
    insta::assert_snapshot!(said);
    assert!(before.contains(reference) && before == journal(&jalon), "nothing was written");
}

#[test]
fn imports_that_do_not_fit() {
    let jalon = installed();
    let head = "lot;siret;company;commune;job;birth_date;sex;level;rsa;boe;entered_on;outcome;ended_on;hours_done\n";
    let good =
        "1;73282932000074;Atelier;76540;Soudage;12/03/1990;female;3;oui;non;2022-04-04;completed;2022-07-01;210\n";
    let bad = [
        good,
        &good.replacen('1', "3", 1),
        &good.replace("76540", "14118"),
        &good.replace("12/03/1990", "12/03/2015"),
        &good.replace("2022-04-04", "2031-04-04"),
        &good.replace("2022-04-04", "2019-04-04"),
        &good.replace("2022-07-01", "2022-03-01"),
        &good.replace("completed;", "fini;"),
        good,
    ];
    std::fs::write(jalon.path().join("mauvais.csv"), format!("{head}{}", bad.concat())).unwrap();
    std::fs::write(jalon.path().join("bon.csv"), format!("{head}{good}")).unwrap();
    let line = |file, market, who, options: &[&'static str]| {
        [&["import", file, "--market", market, "--as", who][..], options].concat()
    };
    let mut said = String::new();
    let mut told = |line: &[&str]| said.push_str(&format!("$ jalon {}\n{}\n", line.join(" "), refused(&jalon, line)));
    let before = journal(&jalon);
    told(&line("bon.csv", "nimp", OFFICER, &["--dry-run"]));
    told(&line("bon.csv", "afest-2021", COORDINATOR, &[]));
    told(&line("mauvais.csv", "afest-2021", OFFICER, &["--dry-run"]));
    told(&line("mauvais.csv", "afest-2021", OFFICER, &[]));
    assert_eq!(before, journal(&jalon), "a file with bad rows is not imported at all");
    let done = |options| {
        let output = jalon.run(&line("bon.csv", "afest-2021", OFFICER, options));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(done(&["--dry-run"]).contains("rien n’est écrit"));
    assert_eq!(done(&[]), "1\u{a0}parcours importé, FEST-1-2022-0001.\n");
    told(&line("bon.csv", "afest-2021", OFFICER, &[]));
    assert_eq!(done(&["--allow-duplicates"]), "1\u{a0}parcours importé, FEST-1-2022-0002.\n");
    insta::assert_snapshot!(said);
}

#[test]
fn orders_are_rehearsed_and_their_mistakes_named() {
    let jalon = installed();
    let order = |units: &str, options: &[&str]| {
        let units = format!("units={units}");
        let line =
            [&["order", "new", "--as", OFFICER][..], options, &["--set", "lot=1", "budget_year=2026", &units]].concat();
        jalon.run(&line)
    };
    let mut said = String::new();
    for units in ["Z9 10", "P1 dix", "P1 -4"] {
        let output = order(units, &[]);
        assert_eq!(output.status.code(), Some(3));
        said.push_str(&format!("$ units={units}\n{}\n", String::from_utf8(output.stderr).unwrap()));
    }
    let rehearsed = order("P1 100000", &["--dry-run"]);
    assert!(rehearsed.status.success(), "{}", String::from_utf8_lossy(&rehearsed.stderr));
    said.push_str(&format!("$ units=P1 100000 --dry-run\n{}\n", String::from_utf8(rehearsed.stdout).unwrap()));
    let list = jalon.run(&["order", "list", "--format", "json"]);
    assert_eq!(String::from_utf8_lossy(&list.stdout).trim(), "[]", "nothing was written");
    insta::assert_snapshot!(said);
}

#[test]
fn values_that_nothing_knows_are_told_with_the_known_ones() {
    let jalon = installed();
    let lines: [&[&str]; 18] = [
        &["user", "add", "x@region.example", "--name", "X", "--role", "coordinator", "--body", "inconnu"],
        &["user", "add", "x@region.example", "--name", "X", "--role", "coordinator"],
        &["user", "add", "x@region.example", "--name", "X", "--role", "auditor"],
        &["user", "add", "x@region.example", "--name", "X", "--role", "auditor", "--until", "jamais"],
        &["user", "add", "x@region.example", "--name", "X", "--role", "region_officer", "--body", "retravailler"],
        &["user", "add", "x@region.example", "--name", "X", "--role", "region_officer", "--lot", "9"],
        &["user", "set", OFFICER, "--news", "hourly"],
        &["user", "set", OFFICER, "--news", "places=daily"],
        &["user", "set", OFFICER],
        &["user", "set", COORDINATOR, "--news", "daily"],
        &["user", "set", "x@region.example", "--reminders", "off"],
        &["path", "list", "--lot", "9"],
        &["path", "list", "--limit", "-3"],
        &["report", "funnel", "--out", "etats.xlsx"],
        &["demo", "--prepare", "--database", "postgres://localhost/jalon"],
        &["demo", "--prepare", "--at", "2020-01-01", "--data", "demo"],
        &["config", "apply", "--market", "market.toml", "--on", "2020-01-01"],
        &["path", "act", "FEST-1-2026-0001", "xyz"],
    ];
    let market = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/market.toml");
    std::fs::copy(market, jalon.path().join("market.toml")).unwrap();
    let said: String =
        lines.iter().map(|line| format!("$ jalon {}\n{}\n", line.join(" "), refused(&jalon, line))).collect();
    insta::assert_snapshot!(said);
    let left = std::fs::read_dir(jalon.path().join("demo")).unwrap().filter_map(Result::ok);
    let left: Vec<_> = left.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    assert!(left.iter().all(|name| !name.contains("preparation")), "{left:?}");
    let fields = jalon.run(&["fields", "notify_order"]);
    assert!(fields.status.success(), "the steps of an order are found without --orders");
}

#[test]
fn what_an_account_chooses_is_kept() {
    let jalon = installed();
    let said = |line: &[&str]| {
        let output = jalon.run(line);
        assert!(output.status.success(), "{line:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let set = said(&["user", "set", OFFICER, "--news", "weekly", "--news", "candidates=at-once"]);
    assert!(set.contains("Besoins signalés et parcours liés ouverts\u{a0}: chaque semaine"), "{set}");
    assert!(set.contains("Candidats retenus, mis en attente ou retirés\u{a0}: aussitôt"), "{set}");
    said(&["user", "set", COORDINATOR, "--reminders", "off"]);
    let accounts: serde_json::Value = serde_json::from_str(&said(&["user", "list", "--format", "json"])).unwrap();
    let of = |email: &str| accounts.as_array().unwrap().iter().find(|account| account["email"] == email).unwrap();
    let chosen = serde_json::json!({ "needs": "weekly", "conditions": "weekly", "candidates": "at_once" });
    assert_eq!((&of(OFFICER)["news"], &of(OFFICER)["reminders"]), (&chosen, &serde_json::json!(true)));
    assert_eq!(
        (&of(COORDINATOR)["news"], &of(COORDINATOR)["reminders"]),
        (&serde_json::Value::Null, &serde_json::json!(false))
    );
}

#[test]
fn configurations_that_do_not_fit() {
    let jalon = Jalon::new();
    let market = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/market.toml")).unwrap();
    let broken = market.replacen("prices_confirmed", "prix_confirmes", 1).replacen("starts_on = 2", "starts_on = 9", 1);
    std::fs::write(jalon.path().join("market.toml"), broken).unwrap();
    std::fs::write(
        jalon.path().join("jalon.toml"),
        "production = \"peut-être\"\n[server]\nlisten = \"partout\"\nporte = 3\n",
    )
    .unwrap();
    let said = refused(&jalon, &["config", "check", "--config", "jalon.toml", "--market", "market.toml"]);
    insta::assert_snapshot!(said);
}
