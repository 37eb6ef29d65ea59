//! The French that people read, at its sources: templates of pages and e-mails, the texts of the law, and the literals of our
//! crates. Spelled as the French dictionary of hunspell spells, but for the words of the field in `tests/assets/mots.txt`.
//!
//! Rules kept here: a word is checked whole, then by its parts; a word of the list is used somewhere and is not in the
//! dictionary; tests and comments are nobody's reading.

mod sources;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::process::{Command, Stdio};

use sources::Text;

/// Words that the dictionary lacks and that were read and kept: names, acronyms, terms of the field.
const KEPT: &str = include_str!("../../assets/mots.txt");

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
