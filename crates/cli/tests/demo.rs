//! The demo, and the README that opens with it: what a newcomer is promised is what they find.
//!
//! The demo is prepared once, by the program, for every test of this file; each test works on its own copy.

mod common;

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use common::Jalon;
use domain::path::State;
use serde_json::Value;
use strum::IntoEnumIterator as _;

const OFFICER: &str = "anne.roux@region.example";
const COORDINATOR: &str = "claire.morel@retravailler.example";
const FOLDER: &str = "jalon-demo";

/// A release prepares in less than 15 s and opens in less than 2 s; this is a debug build, beside other tests.
const PREPARING: Duration = Duration::from_secs(240);
const OPENING: Duration = Duration::from_secs(20);

/// The demo as `jalon demo --prepare` leaves it, and what it says.
fn prepared() -> &'static (Jalon, String) {
    static PREPARED: OnceLock<(Jalon, String)> = OnceLock::new();
    PREPARED.get_or_init(|| {
        let jalon = Jalon::new();
        let start = Instant::now();
        let output = jalon.run(&["demo", "--prepare"]);
        let took = start.elapsed();
        eprintln!("the demo is prepared in {:.1} s", took.as_secs_f64());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(took < PREPARING, "{took:?}");
        let said = plain(&output.stdout);
        (jalon, said)
    })
}

/// A copy of the demo to work on.
struct Demo {
    jalon: Jalon,
}

impl Demo {
    fn new() -> Self {
        let jalon = Jalon::on(&format!("sqlite://{FOLDER}/jalon.db"));
        copy(&prepared().0.path().join(FOLDER), &jalon.path().join(FOLDER));
        Self { jalon }
    }

    /// What a line that succeeds prints, with plain spaces.
    fn says(&self, line: &[&str]) -> String {
        let output = self.jalon.run(line);
        assert!(output.status.success(), "{line:?}: {}", String::from_utf8_lossy(&output.stderr));
        plain(&output.stdout)
    }

    fn json(&self, line: &[&str]) -> Value {
        let text = self.says(&[line, &["--format", "json"]].concat());
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{line:?}: {error}\n{text}"))
    }

    fn list(&self, line: &[&str]) -> Vec<Value> {
        self.json(line).as_array().unwrap_or_else(|| panic!("{line:?} lists nothing")).clone()
    }

    fn verified(&self) {
        assert!(self.says(&["verify"]).starts_with("Rien à signaler"), "the demo agrees with itself");
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

fn plain(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace(['\u{a0}', '\u{202f}'], " ").replace(['\u{feff}', '\r'], "")
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_else(|| panic!("no « {key} » in {value}"))
}

/// The committee's row, the same in each of the forms in which it is printed.
fn row(demo: &Demo, options: &[&str]) -> String {
    let line = [&["report", "entries", "--as-of"][..], options].concat();
    let table = demo.says(&line);
    let row = table.lines().find_map(|line| line.strip_prefix("FEST : ")).expect("the row stands by itself").to_owned();
    let drawn = table.lines().find(|line| line.trim_start().starts_with("Formation en situation de travail"));
    let drawn: Vec<&str> = drawn.expect("the table has its total").split("  ").map(str::trim).collect();
    let drawn: Vec<&str> = drawn.into_iter().filter(|cell| !cell.is_empty()).skip(1).collect();
    assert_eq!(drawn.join(" · "), row);

    let csv = demo.says(&[&line[..], &["--format", "csv"]].concat());
    let figures: Vec<&str> = csv.lines().nth(1).expect("the file has its total").split(';').skip(1).collect();
    let share = |figure: &&str| if figure.is_empty() { "–".to_owned() } else { format!("{figure} %") };
    let shares: Vec<String> = figures[1..].iter().map(share).collect();
    assert_eq!(format!("{} · {}", figures[0], shares.join(" · ")), row);

    let total = demo.json(&line)["rows"][0].clone();
    // Shares are whole numbers of hundredths.
    let share = |key: &str| match total[key].as_u64() {
        Some(share) => format!("{},{:02} %", share / 100, share % 100),
        None => "–".to_owned(),
    };
    let shares = ["level_4_and_below", "rsa", "boe", "over_45", "under_26"].map(share);
    assert_eq!(format!("{} · {}", total["entries"], shares.join(" · ")), row);
    row
}

#[test]
fn the_committees_rows_come_from_the_events() {
    let demo = Demo::new();
    assert_eq!(row(&demo, &["2022-12-31"]), "31 · 70,97 % · 16,13 % · 3,23 % · 41,94 % · 25,81 %");
    assert_eq!(row(&demo, &["2023-06-30"]), "7 · 71,43 % · 14,29 % · 0,00 % · 28,57 % · 28,57 %");
    assert!(row(&demo, &["2022-01-01"]).starts_with("0 · –"), "nobody had entered yet");

    // Somebody over 45 turns out to be 19.
    let line =
        ["path", "act", "FEST-1-2022-0001", "correct_datum", "--as", OFFICER, "--set", "datum=candidate_profile"];
    let correction = ["birth_date=2003-01-01", "reason=Faute de frappe à la saisie."];
    demo.says(&[&line[..], &correction].concat());
    assert_eq!(row(&demo, &["2022-12-31"]), "31 · 70,97 % · 16,13 % · 3,23 % · 38,71 % · 29,03 %");
    assert_eq!(
        row(&demo, &["2022-12-31", "--known-at", "2026-11-22"]),
        "31 · 70,97 % · 16,13 % · 3,23 % · 41,94 % · 25,81 %",
        "what was known before the correction stays readable"
    );
    assert_eq!(row(&demo, &["2023-06-30"]), "7 · 71,43 % · 14,29 % · 0,00 % · 28,57 % · 28,57 %");
    let late = demo.list(&["path", "list", "--late"]);
    assert!(late.iter().all(|path| text(path, "market") == "fest-2023"), "a past path is late for nobody");
    demo.verified();
}

#[test]
fn every_state_of_the_lifecycle_has_its_paths() {
    let demo = Demo::new();
    let paths = demo.list(&["path", "list"]);
    let current: Vec<&Value> = paths.iter().filter(|path| text(path, "market") == "fest-2023").collect();
    assert_eq!((current.len(), paths.len()), (122, 122 + 38));
    let mut standing: BTreeMap<&str, usize> = BTreeMap::new();
    current.iter().for_each(|path| *standing.entry(text(path, "state")).or_default() += 1);
    for state in State::iter() {
        assert!(standing.contains_key(state.as_ref()), "no path stands in {state}: {standing:?}");
    }
    let orders = demo.list(&["order", "list"]);
    for lot in ["1", "2"] {
        let of_lot = current.iter().filter(|path| text(path, "lot") == lot);
        assert!(of_lot.count() > 50, "lot {lot}");
        let notified = orders.iter().filter(|order| text(order, "lot") == lot && text(order, "state") == "notified");
        assert!(notified.count() > 0, "lot {lot}: {orders:?}");
    }
    let late = demo.list(&["path", "list", "--late"]);
    for holder in ["region", "body", "company"] {
        assert!(late.iter().any(|path| path["holder"] == holder), "nothing waits too long for {holder}");
    }
    assert!(late.len() < paths.len() / 4, "most paths are on time");

    let refused = demo.list(&["messages", "list", "--state", "refused"]);
    let told = refused.first().expect("one message was refused by the server of its reader");
    let tasks = demo.list(&["tasks", "--as", "sarah.lenoir@afpa-normandie.example"]);
    let path = text(told, "path");
    assert!(tasks.iter().any(|task| task["path"] == path), "{path} has its task: {tasks:?}");
    demo.verified();
}

#[test]
fn orders_are_invoiced_and_paid_now_and_then_too_late() {
    let demo = Demo::new();
    let (mut paid, mut late, mut waits) = (0, 0, 0);
    for order in demo.list(&["order", "list"]) {
        let shown = demo.json(&["order", "show", text(&order, "reference")]);
        let cents = |key: &str| shown[key].as_i64().unwrap_or_else(|| panic!("no « {key} » in {shown}"));
        assert!(cents("paid") <= cents("invoiced") && cents("invoiced") <= cents("admitted"), "{shown}");
        for request in shown["order"]["payments"].as_array().into_iter().flatten() {
            match request["state"]["on"].as_str() {
                Some(on) if on > text(request, "due_on") => late += 1,
                Some(_) => paid += 1,
                None => waits += 1,
            }
        }
    }
    assert!(late >= 1 && waits >= 1 && paid > 3 * late, "{paid} in time, {late} too late, {waits} to pay");
}

#[test]
fn the_clock_goes_on_and_reminders_leave() {
    let demo = Demo::new();
    let sent = |demo: &Demo| std::fs::read_dir(demo.jalon.path().join(FOLDER).join("messages")).unwrap().count();
    let before = sent(&demo);
    let said = demo.says(&["demo", "advance", "3d"]);
    assert!(said.starts_with("La démonstration est au jeudi 26 novembre 2026."), "{said}");
    assert!(said.contains("rappels"), "{said}");
    assert!(sent(&demo) > before, "reminders are in the mailbox");
    let reminders = demo.list(&["messages", "list", "--kind", "reminder", "--limit", "5"]);
    assert!(reminders.iter().any(|message| text(message, "subject").contains("Rappel")), "{reminders:?}");

    let said = demo.says(&["demo", "--prepare", "--at", "2026-12-01"]);
    assert!(said.starts_with("La démonstration est au mardi 1er décembre 2026, 9 h 00."), "{said}");
    let back = demo.jalon.run(&["demo", "--prepare", "--at", "2026-11-01"]);
    assert_eq!(back.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&back.stderr).contains("ne recule pas"));
    demo.verified();
}

/// A program that stops with the test.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn answers(port: u16) -> bool {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else { return false };
    // Whatever else held this port for a moment is not the demo.
    if stream.write_all(b"GET /readyz HTTP/1.0\r\nHost: localhost\r\n\r\n").is_err() {
        return false;
    }
    let mut answer = String::new();
    stream.read_to_string(&mut answer).is_ok() && answer.starts_with("HTTP/1.0 200")
}

#[test]
fn a_second_run_opens_at_once_and_says_what_to_try() {
    let demo = Demo::new();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut command = Command::new(env!("CARGO_BIN_EXE_jalon"));
    command.args(["demo", "--listen", &format!("127.0.0.1:{port}")]).env_clear().current_dir(demo.jalon.path());
    let start = Instant::now();
    let mut serving = Serving(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap());
    while !answers(port) {
        assert!(start.elapsed() < OPENING, "the demo does not open");
        std::thread::sleep(Duration::from_millis(20));
    }
    eprintln!("the demo opens in {:.2} s", start.elapsed().as_secs_f64());
    let mut said = String::new();
    for line in BufReader::new(serving.0.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        said.push_str(&format!("{line}\n"));
        if line.starts_with("Courriels") {
            break;
        }
    }
    assert!(said.contains(&format!("http://localhost:{port}")), "{said}");
    drop(serving);
    tried(&demo, &said);
    tried(&demo, &prepared().1);
}

/// Every line that the demo proposes to try succeeds.
fn tried(demo: &Demo, said: &str) {
    let lines: Vec<&str> = said.lines().filter_map(|line| line.strip_prefix("  ")).collect();
    let program = env!("CARGO_BIN_EXE_jalon");
    let tried = lines.iter().filter(|line| line.starts_with(program) && !line.ends_with(" demo"));
    let tried: Vec<_> = tried.collect();
    assert!(tried.len() >= 6, "{said}");
    for line in tried {
        let output = demo.jalon.shell(line);
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stdout));
        assert!(!output.stdout.is_empty(), "{line} says nothing");
    }
}

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

fn readme() -> String {
    std::fs::read_to_string(Path::new(ROOT).join("README.md")).unwrap()
}

/// The lines of the blocks to type, without their comments.
fn typed(readme: &str) -> Vec<String> {
    let blocks = readme.split("```sh\n").skip(1).filter_map(|rest| rest.split_once("```"));
    let lines = blocks.flat_map(|(block, _)| block.lines());
    let lines = lines.map(|line| line.split_once(" #").map_or(line, |(line, _)| line).trim().to_owned());
    lines.filter(|line| !line.is_empty()).collect()
}

#[test]
fn every_command_of_the_readme_does_what_it_says() {
    let demo = Demo::new();
    let lines = typed(&readme());
    let export = lines.iter().find(|line| line.starts_with("export ")).expect("the README sets the program up");
    let variables = export.split_whitespace().skip(1).filter(|variable| !variable.starts_with("PATH="));
    let export = format!("export {}", variables.collect::<Vec<_>>().join(" "));
    let mut link = None;
    let mut said = Vec::new();
    for line in lines.iter().filter(|line| line.starts_with("jalon ")) {
        let output = demo.jalon.shell(&format!("{export}\n{line}"));
        let answer = plain(&output.stdout);
        assert!(output.status.success(), "{line}\n{answer}");
        assert!(!answer.trim().is_empty(), "{line} says nothing");
        if let Some(at) = answer.find("http://") {
            link = answer[at..].split_whitespace().next().map(str::to_owned);
        }
        said.push((line, answer));
    }
    let answer = |part: &str| {
        let found = said.iter().find(|(line, _)| line.contains(part));
        &found.unwrap_or_else(|| panic!("the README has no « {part} »")).1
    };
    assert!(answer("path list --late").contains("en retard de"));
    let show = answer("path show");
    assert!(show.contains("Région : commander l’étude ou classer le besoin sans suite, en retard"), "{show}");
    assert!(answer("--dry-run").contains("rien n’est écrit"));
    assert!(answer("messages open").contains("jalon path answer http"));
    assert!(answer("report entries").contains("31 · 70,97 % · 16,13 % · 3,23 % · 41,94 % · 25,81 %"));

    let link = link.expect("a message shows its link");
    let asked = demo.says(&["path", "answer", &link]);
    assert!(asked.contains("confirm_commitment"), "{asked}");
    let line = ["path", "answer", &link, "confirm_commitment", "--signatory", "Luc Petit", "--function", "Gérant"];
    let answered = demo.says(&line);
    assert!(answered.contains("confirmé"), "{answered}");
    demo.verified();

    let counted = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let readme = readme();
    let announced = readme.lines().find_map(|line| line.strip_prefix("## ")?.strip_suffix(" things to try"));
    assert_eq!(announced.map(str::to_lowercase).as_deref(), Some(counted[said.len()]), "as many things as announced");
}

#[test]
fn a_link_signs_what_it_asks_to_sign() {
    let demo = Demo::new();
    let paths = demo.list(&["path", "list", "--state", "candidate_selected", "--lot", "1"]);
    let reference = text(&paths[0], "reference");
    let message = demo.says(&["messages", "open", reference]);
    assert!(message.contains("(Entreprise)"), "the last message that waits for an answer: {message}");
    let link = message.lines().find_map(|line| line.strip_prefix("Lien : ")).expect("the message has its link");
    let asked = demo.says(&["path", "answer", link]);
    assert!(asked.contains("Signer le PIF (version 1)"), "{asked}");
    // The company prints its own letters, and not what proves the path.
    let who = format!("lien:{link}");
    let file = demo.jalon.path().join("lettre.pdf");
    let document = |piece| demo.jalon.run(&["path", "document", reference, piece, "--out", "lettre.pdf", "--as", &who]);
    let refused = document("dossier-de-preuves");
    assert!(refused.status.code() == Some(5) && !file.exists(), "{}", plain(&refused.stderr));
    assert!(plain(&refused.stderr).contains("« lettre-d-engagement »"), "{}", plain(&refused.stderr));
    assert!(document("lettre-d-engagement").status.success());
    assert!(std::fs::read(&file).unwrap().starts_with(b"%PDF-"));
    let signed = demo.says(&["path", "answer", link, "sign_pif", "--signatory", "Luc Petit", "--function", "Gérant"]);
    assert!(signed.contains("L’entreprise a signé la version 1 du PIF."), "{signed}");
    demo.verified();
}

#[test]
fn the_readme_points_at_what_is_there() {
    let readme = readme();
    let links = readme.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link);
    let links: Vec<&str> = links.filter(|link| !link.contains("://")).collect();
    assert!(links.len() > 5);
    let folders = readme.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('|'));
    let folders = folders.flat_map(|(names, _)| names.split(['`', ',', ' ']).filter(|name| !name.is_empty()));
    for name in links.into_iter().chain(folders) {
        assert!(Path::new(ROOT).join(name).exists(), "the README points at {name}");
    }
}

#[test]
fn fields_that_do_not_fit_write_nothing() {
    let demo = Demo::new();
    let journal = || demo.says(&["journal", "--format", "json"]);
    let before = journal();
    let path = |state: &str| {
        let lists = demo.list(&["path", "list", "--state", state, "--lot", "1"]);
        text(lists.first().expect("the demo has every state in lot 1"), "reference").to_owned()
    };
    let (selection, ordered) = (path("candidate_selection"), path("feasibility_ordered"));
    let candidate = "name=Ana Diaz;email=ana@diaz.example;birth_date=1990-02-03;sex=female;level=4;job_seeker=oui;rsa=non;boe=non;\
        prescriber=france_travail;planned_entry=2027-01-11;company_agrees=oui";
    let changed = |pair: &str| {
        let key = pair.split('=').next().unwrap();
        let kept = candidate.split(';').filter(|other| other.split('=').next() != Some(key));
        kept.chain([pair]).map(str::to_owned).collect::<Vec<_>>()
    };
    let mut said = String::new();
    let only = |pair: &str| vec![pair.to_owned()];
    for (reference, step, pairs) in [
        (&selection, "select_candidate", changed("level=9")),
        (&selection, "select_candidate", changed("birth_date=1990-02-30")),
        (&selection, "select_candidate", changed("birth_date=2020-01-01")),
        (&selection, "select_candidate", changed("email=ana chez diaz")),
        (&selection, "select_candidate", changed("nivo=4")),
        (&ordered, "start_feasibility", only("first_visit=2026-02-30 10:00")),
        (&ordered, "start_feasibility", only("first_visit=demain")),
        (&ordered, "deliver_feasibility", only("organisation=Deux postes")),
    ] {
        let mut line = vec!["path", "advance", reference, step, "--as", COORDINATOR, "--set"];
        line.extend(pairs.iter().map(String::as_str));
        let wrong = pairs.last().expect("a field is given");
        let output = demo.jalon.run(&line);
        assert!(output.stdout.is_empty(), "{line:?} printed {}", String::from_utf8_lossy(&output.stdout));
        let told = String::from_utf8(output.stderr).unwrap();
        said.push_str(&format!("$ {step} {wrong}\n{}\n=> {}\n\n", told.trim_end(), output.status.code().unwrap()));
    }
    insta::assert_snapshot!(said);
    assert!(before == journal(), "nothing was written");
    demo.verified();
}
