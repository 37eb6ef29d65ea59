//! The French that people read, at its sources: templates of pages and e-mails, the texts of the law, and the literals of our
//! crates. Spelled as the French dictionary of hunspell spells, but for the words of the field in `tests/assets/mots.txt`.
//!
//! Rules kept here: a word is checked whole, then by its parts; a word of the list is used somewhere and is not in the
//! dictionary; tests and comments are nobody's reading. What pages, e-mails and tables say stands in `wording` and in the
//! templates, nowhere else; the command line says its own.

mod sources;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::process::{Command, Stdio};

use sources::Text;
use wording::typography;

/// Words that the dictionary lacks and that were read and kept: names, acronyms, terms of the field.
const KEPT: &str = include_str!("../../assets/mots.txt");

/// Crates that say nothing of their own.
const WORDLESS: [&str; 6] = ["domain", "persistence", "notifier", "reports", "app", "web"];

/// Sources whose texts are not words of ours, and why.
const OTHERS_WORDS: [(&str, &str); 4] = [
    ("crates/domain/src/samples.rs", "what people of the example type"),
    ("crates/domain/src/territories/departments.rs", "names of departments, as the INSEE writes them"),
    ("crates/notifier/src/emails/samples.rs", "the same, for the e-mails shown to reviewers"),
    ("crates/web/src/statics.rs", "robots.txt, which robots read"),
];

/// The words of a text, with the apostrophe of « aujourd’hui » and the hyphen of « rendez-vous » inside.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let inside = |c: char| c.is_alphabetic() || c == '-';
    text.split(move |c: char| !inside(c)).map(|word| word.trim_matches('-')).filter(|word| word.chars().count() > 2)
}

/// The words of these that the dictionary does not know.
fn unknown<'w>(asked: impl IntoIterator<Item = &'w str>) -> BTreeSet<String> {
    let mut hunspell = Command::new("hunspell")
        .args(["-d", "fr", "-i", "utf-8", "-l"])
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("hunspell is installed");
    let mut input = hunspell.stdin.take().expect("its input was asked for");
    let lines: String = asked.into_iter().flat_map(|word| [word, "\n"]).collect();
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let answered = hunspell.wait_with_output().expect("hunspell ends");
    writer.join().expect("no panic").expect("hunspell reads");
    assert!(answered.status.success(), "hunspell: {}", answered.status);
    String::from_utf8(answered.stdout).expect("hunspell answers in UTF-8").lines().map(str::to_owned).collect()
}

/// The words that neither the dictionary knows, whole or by their parts, nor the list keeps.
fn misspelt(texts: &[Text]) -> BTreeMap<String, String> {
    let mut places: BTreeMap<String, String> = BTreeMap::new();
    for text in texts {
        for word in words(&text.words.replace("ujourd’hui", " ")) {
            places.entry(word.to_owned()).or_insert_with(|| text.place.clone());
        }
    }
    let whole = unknown(places.keys().map(String::as_str));
    let parts: BTreeSet<&str> =
        whole.iter().filter(|word| word.contains('-')).flat_map(|word| words_of(word)).collect();
    let wrong_parts = unknown(parts);
    let kept: BTreeSet<&str> = KEPT.lines().collect();
    let is_wrong = |word: &str| !kept.contains(word);
    places
        .into_iter()
        .filter(|(word, _)| whole.contains(word) && is_wrong(word))
        .filter(|(word, _)| {
            !word.contains('-') || words_of(word).any(|part| wrong_parts.contains(part) && is_wrong(part))
        })
        .collect()
}

fn words_of(compound: &str) -> impl Iterator<Item = &str> {
    compound.split('-').filter(|part| part.chars().count() > 2)
}

#[test]
fn what_people_read_is_spelt_as_the_dictionary_spells() {
    let texts = sources::all();
    assert!(texts.len() > 2_000, "the sources were found: {} texts", texts.len());
    let wrong = misspelt(&texts);
    let lines: Vec<String> = wrong.iter().map(|(word, place)| format!("{word}  ({place})")).collect();
    assert!(
        wrong.is_empty(),
        "{} words to correct, or to add to tests/assets/mots.txt:\n{}",
        wrong.len(),
        lines.join("\n")
    );
}

/// Whether a literal is said to people: it has a sign of French, or begins by a capital and is a sentence or a word without
/// another one.
fn is_said(text: &str) -> bool {
    let mut letters = text.chars();
    let capital = letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_lowercase);
    sources::is_french(text) || capital && (text.contains(' ') || letters.all(char::is_lowercase))
}

#[test]
fn no_text_stands_outside_wording_and_the_templates() {
    let root = sources::root();
    let mut found = Vec::new();
    let mut excused = BTreeSet::new();
    for (place, literals) in WORDLESS.iter().flat_map(|krate| sources::literals(&root, krate)) {
        let said = literals.iter().filter(|literal| !literal.sample && (literal.counted || is_said(&literal.text)));
        let lines = said.map(|literal| format!("{place}:{}  {:?}", literal.line, literal.text));
        if OTHERS_WORDS.iter().any(|(other, _)| *other == place) {
            excused.extend(lines.map(|_| place.clone()));
        } else {
            found.extend(lines);
        }
    }
    assert!(found.is_empty(), "{} texts to move to `wording` or a template:\n{}", found.len(), found.join("\n"));
    let places = OTHERS_WORDS.iter().map(|(place, _)| *place);
    let idle: Vec<&str> = places.filter(|place| !excused.contains(*place)).collect();
    assert!(idle.is_empty(), "nothing is said in {idle:?} any more");
}

#[test]
fn a_text_outside_wording_is_found() {
    let said = ["Votre lien", "l’étude", "à", "Prix\u{a0}:", "Heures"];
    assert!(said.iter().all(|text| is_said(text)));
    let unsaid =
        ["the store", "Auto-Submitted", "NOT NULL", "NoSuchKey", "text/csv; charset=utf-8", "{chain}: {error}", ""];
    assert!(!unsaid.iter().any(|text| is_said(text)));
    let literals = sources::of(
        "#[doc = \"Un attribut\"] fn f() { g.expect(\"Une panique\"); tracing::info!(\"Un fait\"); \
         let a = format!(\"Un {b}\"); count(n, \"mot\", \"mots\"); other!(a => \"Une flèche\"); } \
         #[cfg(test)] mod tests { const A: &str = \"Un test\"; } fn samples() { \"Un exemple\"; }",
    );
    let read = literals.iter().map(|literal| (literal.text.as_str(), literal.counted, literal.sample));
    assert_eq!(
        read.collect::<Vec<_>>(),
        [
            ("Un {b}", false, false),
            ("mot", true, false),
            ("mots", true, false),
            ("Une flèche", false, false),
            ("Un exemple", false, true)
        ]
    );
}

#[test]
fn the_words_of_pages_e_mails_and_tables_are_well_set() {
    let said = sources::literals(&sources::root(), "wording").into_iter().filter(|(place, _)| {
        let subject = place.trim_start_matches("crates/wording/src/");
        subject.starts_with("pages/") || ["messages.rs", "reports.rs"].contains(&subject)
    });
    let said: Vec<_> =
        said.flat_map(|(place, literals)| literals.into_iter().map(move |l| (place.clone(), l))).collect();
    assert!(said.len() > 700, "the words were found: {}", said.len());
    for (place, literal) in said {
        assert_eq!(typography::check(&literal.text), [], "{place}:{}", literal.line);
    }
}

#[test]
fn a_misspelt_word_is_found() {
    let text = |words: &str| Text { place: "here".to_owned(), words: words.to_owned() };
    let wrong = misspelt(&[
        text("Le parcour est anulé aujourd’hui, le rendez-vous aussi, chez Marée-d’Évreux."),
        text("Une étude."),
    ]);
    assert_eq!(wrong.into_keys().collect::<Vec<_>>(), ["anulé", "parcour"]);
}

#[test]
fn a_kept_word_is_used_and_lacks_in_the_dictionary() {
    let kept: Vec<&str> = KEPT.lines().collect();
    assert!(kept.is_sorted() && kept.iter().all(|word| !word.is_empty()), "one word a line, sorted");
    let lacking = unknown(kept.iter().copied());
    let known: Vec<&&str> = kept.iter().filter(|word| !lacking.contains(**word)).collect();
    assert!(known.is_empty(), "the dictionary knows {known:?}");
    let texts = sources::all();
    let used: BTreeSet<&str> =
        texts.iter().flat_map(|text| words(&text.words)).flat_map(|word| words_of(word).chain([word])).collect();
    let idle: Vec<&&str> = kept.iter().filter(|word| !used.contains(**word)).collect();
    assert!(idle.is_empty(), "no text holds {idle:?}");
}
