//! The sources of the pages: French that is well set, even where no test shows it.

use std::fs;
use std::path::{Path, PathBuf};

use wording::typography::{ProblemKind, check};

/// Attributes whose value people read or hear.
const READ: [&str; 6] = ["aria-label", "title", "placeholder", "alt", "data-label", "data-saved"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the templates") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { sources(&path, found) } else { found.push(path) }
    }
}

/// The text with what stands between two marks, and the marks, replaced.
fn without(text: &str, start: &str, end: &str, by: &str) -> String {
    let mut parts = text.split(start);
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (_, after) = part.split_once(end).expect("what begins ends");
        kept.push_str(by);
        kept.push_str(after);
    }
    kept
}

/// What is read of a template: the text between two tags, and the values of some attributes.
fn texts(source: &str) -> Vec<String> {
    let mut source = without(source, "{#", "#}", "");
    for tag in ["script", "style"] {
        source = without(&source, &format!("<{tag}>"), &format!("</{tag}>"), "");
    }
    let source = without(&without(&source, "{%", "%}", ""), "{{", "}}", "x");
    let mut texts = Vec::new();
    for part in source.split('<') {
        let (tag, text) = part.split_once('>').unwrap_or(("", part));
        texts.push(text.to_owned());
        for name in READ {
            let start = format!(" {name}=\"");
            let values = tag.split(&start).skip(1).filter_map(|rest| rest.split('"').next());
            texts.extend(values.map(str::to_owned));
        }
    }
    let spaced = |text: &String| text.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    let plain = |text: String| text.replace("&nbsp;", "\u{a0}").replace("&amp;", "&").replace("&#8239;", "\u{a0}");
    texts.iter().map(spaced).map(plain).filter(|text| !text.is_empty()).collect()
}

fn wrong(source: &str) -> Vec<String> {
    let problems = texts(source).into_iter().flat_map(|text| check(&text));
    // Spaces are one in a page, however many stand in its source; pieces of tags stand alone in some, with their quotes.
    let seen =
        problems.filter(|problem| !matches!(problem.kind, ProblemKind::DoubleSpace | ProblemKind::StraightQuote));
    seen.map(|problem| problem.to_string()).collect()
}

#[test]
fn the_check_sees_what_is_wrong_and_nothing_else() {
    for bad in [
        "<p>Motif : absent</p>",
        "<p>{{ name }} : absent</p>",
        "<title>{% if bad %}Erreur : {% endif %}Parcours</title>",
        "<a aria-label=\"Prêt ?\">x</a>",
        "<p>« Prêt\u{a0}»</p>",
        "<p>Il y a l'étude</p>",
    ] {
        assert_eq!(wrong(bad).len(), 1, "{bad}: {:?}", wrong(bad));
    }
    let good =
        "{# a : b #}<p class=\"a : b\">Motif\u{a0}: {{ a : b }}</p>{% if a ? b %}\n  <i>«\u{a0}x\u{a0}»</i>{% endif %}";
    assert_eq!(wrong(good), [""; 0]);
}

#[test]
fn the_texts_of_templates_are_well_set() {
    let mut found = Vec::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    sources(&folder.join("templates"), &mut found);
    assert!(found.len() > 40, "the templates were read");
    let mut problems = Vec::new();
    for path in found {
        let source = fs::read_to_string(&path).expect("a template");
        problems.extend(wrong(&source).into_iter().map(|problem| format!("{}: {problem}", path.display())));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
