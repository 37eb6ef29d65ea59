//! E-mails as mail readers show them: valid HTML without what a reader lacks, nothing to load, light messages, and the gallery of
//! `docs/courriels` that shows them all. Their contrast is measured with the browser, the words of both parts in `notifier`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use chrono::{TimeZone, Utc};
use domain::people::RecipientRole;
use notifier::envelope::{Correspondent, Outgoing, message_id, thread_id};
use serde_json::Value;
use strum::IntoEnumIterator;
use tests::emails::{Letter, letters};
use wording::{labels, tasks, typography};

/// Most bytes of the HTML of a message, and of a whole message as it leaves. Gmail cuts the HTML at 102 kB.
const MOST: usize = 60_000;

/// What `tests/emails/check.mjs` finds in the pages of a folder: how many it read, and the problems.
fn checked(folder: &Path) -> (u64, Vec<Value>) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/emails/check.mjs");
    let run = Command::new("node").arg(script).arg(folder).output();
    let run = run.unwrap_or_else(|error| panic!("node: {error}; install Debian's package nodejs, or run tests/run"));
    let told = String::from_utf8(run.stdout).expect("the script writes UTF-8");
    let mut lines: Vec<Value> =
        told.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect();
    let end = lines.pop().unwrap_or_else(|| {
        let words = String::from_utf8_lossy(&run.stderr);
        panic!("check.mjs fails; without its packages, run `npm ci` in tests/emails, or tests/run:\n{words}")
    });
    assert_eq!(end["problems"], lines.len(), "the script says its end");
    (end["files"].as_u64().expect("the script counts its files"), lines)
}

fn folder_of<'a>(pages: impl IntoIterator<Item = (&'a str, &'a str)>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, html) in pages {
        std::fs::write(folder.path().join(format!("{name}.html")), html).expect("a page is written");
    }
    folder
}

#[test]
fn mail_readers_know_everything_that_an_e_mail_uses() {
    let letters = letters();
    let folder = folder_of(letters.iter().map(|letter| (letter.name.as_str(), letter.html.as_str())));
    let (read, problems) = checked(folder.path());
    assert_eq!(usize::try_from(read), Ok(letters.len()), "every sample is read");
    let lines: Vec<String> = problems.iter().take(60).map(Value::to_string).collect();
    assert!(
        problems.is_empty(),
        "{} problems to mend, or to allow with their reason in tests/emails/allowed.json:\n{}",
        problems.len(),
        lines.join("\n")
    );
}

#[test]
fn what_a_mail_reader_does_not_know_is_found() {
    let letters = letters();
    let html = &letters[0].html;
    let broken = [
        ("closed", "</h1>", "</h2>"),
        ("flex", "style=\"margin:0 0 16px\"", "style=\"margin:0 0 16px;display:flex\""),
        ("glued", "24px 20px !important", "24px 20px!important"),
        ("position", "<h1 style=\"", "<h1 style=\"position:absolute;"),
        ("picture", "</h1>", "</h1><img src=\"https://jalon.example/a.webp\">"),
        ("narrow", "(max-width:620px)", "(orientation:portrait)"),
    ];
    let pages = broken.map(|(name, old, new)| {
        assert!(html.contains(old), "{old}");
        (name, html.replacen(old, new, 1))
    });
    let folder = folder_of(pages.iter().map(|(name, html)| (*name, html.as_str())));
    let (_, problems) = checked(folder.path());
    for (name, _, _) in broken {
        let file = format!("{name}.html");
        assert!(problems.iter().any(|problem| problem["file"] == *file), "nothing is found in {name}");
    }
    assert!(problems.iter().any(|problem| problem["check"] == "idle"), "what allows nothing is told");
}

/// The message as it leaves.
fn whole(letter: &Letter) -> Vec<u8> {
    let host = "jalon.normandie.example";
    let outgoing = Outgoing {
        message_id: message_id("0192f0c1-9a1e-7c3d-8f00-000000000042", &letter.name, 0, host),
        event_id: "0192f0c1-9a1e-7c3d-8f00-000000000042".to_owned(),
        thread: thread_id("FEST-1-2026-0042", host),
        from: Correspondent::new("Jalon", "jalon@normandie.example"),
        to: Correspondent::new("Dominique Fictif", "dominique.fictif@exemple.example"),
        reply_to: Some(Correspondent::new("Camille Roussel", "camille.roussel@retravailler.example")),
        subject: letter.subject.clone(),
        text: letter.text.clone(),
        html: letter.html.clone(),
        calendar: letter.calendar.clone(),
        list_unsubscribe: None,
        return_proof: None,
        date: Utc.with_ymd_and_hms(2026, 11, 18, 9, 42, 0).single().expect("a date"),
    };
    outgoing.to_message().expect("a sample can leave").formatted()
}

#[test]
fn messages_are_light() {
    let letters = letters();
    assert!(letters.iter().any(|letter| letter.calendar.is_some()), "invitations are weighed too");
    let html = letters.iter().map(|letter| (letter.html.len(), &letter.name)).max().expect("there are samples");
    let whole = letters.iter().map(|letter| (whole(letter).len(), &letter.name)).max().expect("there are samples");
    assert!(html.0 < MOST && whole.0 < MOST, "the largest: HTML {html:?}, message {whole:?}");
}

#[test]
fn nothing_is_loaded_and_both_colours_are_told() {
    let loaded = ["<img", "<svg", "<link", "<script", "<iframe", "<object", " src=", " background=", "srcset"];
    let styled = ["url(", "@import", "@font-face"];
    for Letter { name, html, .. } in letters() {
        for word in loaded.iter().chain(&styled) {
            assert!(!html.contains(word), "{name}: {word}");
        }
        assert!(html.contains("<meta name=\"color-scheme\" content=\"light dark\">"), "{name}: its colours");
        assert!(html.contains("@media (prefers-color-scheme:dark)"), "{name}: its dark colours");
    }
}

fn gallery() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/courriels")
}

/// Who reads each kind.
fn readers() -> BTreeMap<&'static str, BTreeSet<RecipientRole>> {
    let mut readers: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for letter in letters() {
        readers.entry(letter.kind).or_default().insert(letter.reader);
    }
    readers
}

/// The words of a page in Markdown, without its tags and its code.
fn words(text: &str) -> String {
    let part = |part: &str| part.split('>').next_back().unwrap_or_default().to_owned();
    let plain: Vec<String> = text.split('<').map(part).collect();
    let code = |(rank, part): (usize, &str)| if rank % 2 == 0 { part.to_owned() } else { "code".to_owned() };
    plain.join("\n").split('`').enumerate().map(code).collect()
}

#[test]
fn the_gallery_shows_every_kind_of_e_mail() {
    let text = std::fs::read_to_string(gallery().join("README.md")).expect("the gallery has its page");
    assert_eq!(typography::check(&words(&text)), []);
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("| <img ")).collect();
    let readers = readers();
    for (kind, roles) in &readers {
        let name = tasks::named(kind);
        let mark = format!("**{name}** (`{kind}`)<br>");
        let row: Vec<_> = rows.iter().filter(|row| row.contains(&mark)).collect();
        let [row] = row.as_slice() else { panic!("docs/courriels/README.md has {} rows « {mark} »", row.len()) };
        assert!(row.contains(&format!("<img src=\"{kind}.png\" ")), "{kind}: its picture");
        assert!(row.contains(&format!("«\u{a0}{name}\u{a0}»")), "{kind}: the words of its picture");
        let read = RecipientRole::iter().filter(|role| roles.contains(role)).map(|role| labels::reader(kind, role));
        let read = format!("<br>Lecteurs\u{a0}: {} |", read.collect::<Vec<_>>().join(", "));
        assert!(row.ends_with(&read), "{kind}: {read}");
    }
    assert_eq!(rows.len(), readers.len(), "no row is left over");
    assert!(text.contains(&format!("{} sortes de courriels", readers.len())), "they are counted");
}

#[test]
fn the_gallery_has_a_picture_of_every_kind_and_no_other() {
    let entries = std::fs::read_dir(gallery()).expect("the gallery is there").map(|entry| entry.expect("it is read"));
    let files: BTreeSet<String> =
        entries.map(|entry| entry.file_name().into_string().expect("names are plain")).collect();
    let expected = readers().into_keys().map(|kind| format!("{kind}.png")).chain(["README.md".to_owned()]);
    assert_eq!(files, expected.collect(), "tests/pictures courriels makes them");
}
