//! Where French stands: every template, and the literals of Rust outside of tests.

use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};

/// Words with the file that holds them.
#[derive(Debug)]
pub struct Text {
    pub place: String,
    pub words: String,
}

/// Attributes of pages that people read or hear.
const SPOKEN: [&str; 6] = ["aria-label", "title", "alt", "placeholder", "data-said", "data-saved"];

/// Every text that people read.
pub fn all() -> Vec<Text> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned();
    let mut texts = Vec::new();
    for folder in ["crates/web/templates", "crates/web/pages", "crates/notifier/templates"] {
        for file in files(&root.join(folder)) {
            let place = place(&root, &file);
            texts.push(Text { words: read_by_people(&content(&file)), place });
        }
    }
    for krate in ["wording", "web", "notifier", "reports", "app", "cli"] {
        for file in files(&root.join("crates").join(krate).join("src")) {
            let place = place(&root, &file);
            if file.extension().is_none_or(|extension| extension != "rs")
                || place.ends_with("/tests.rs")
                || place.contains("/tests/")
            {
                continue;
            }
            let tokens: TokenStream = content(&file).parse().expect("it compiles");
            let mut literals = Vec::new();
            collect(tokens, &mut literals);
            let french = literals
                .into_iter()
                .filter(|literal| is_french(literal) || krate == "wording" && !is_identifier(literal));
            texts.extend(french.map(|words| Text { place: place.clone(), words: without_places(&words) }));
        }
    }
    texts
}

/// Outside of `wording` there are identifiers too: what has an accent, an apostrophe of print or a no-break space is French.
fn is_french(literal: &str) -> bool {
    literal.chars().any(|c| matches!(c, 'à'..='ÿ' | 'À'..='Ý' | 'œ' | '’' | '«' | '\u{a0}'))
}

/// A key, a code, a name of a field.
fn is_identifier(literal: &str) -> bool {
    literal.is_ascii() && !literal.contains(' ') && literal.starts_with(|c: char| !c.is_ascii_uppercase())
}

fn place(root: &Path, file: &Path) -> String {
    file.strip_prefix(root).expect("a file of the workspace").display().to_string()
}

fn content(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path
            .extension()
            .is_some_and(|extension| ["rs", "html", "txt", "md"].iter().any(|ours| extension == *ours))
        {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The literals of a file, without attributes, comments and the modules of tests.
fn collect(tokens: TokenStream, literals: &mut Vec<String>) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            // An attribute; what `cfg(test)` guards goes with it.
            TokenTree::Punct(punct) if punct.as_char() == '#' => {
                tokens.next_if(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == '!'));
                let Some(TokenTree::Group(group)) = tokens.peek() else { continue };
                let of_tests = group.stream().to_string().replace(' ', "") == "cfg(test)";
                tokens.next();
                if of_tests {
                    for token in tokens.by_ref() {
                        let ends = match &token {
                            TokenTree::Punct(punct) => punct.as_char() == ';',
                            TokenTree::Group(group) => group.delimiter() == proc_macro2::Delimiter::Brace,
                            TokenTree::Ident(_) | TokenTree::Literal(_) => false,
                        };
                        if ends {
                            break;
                        }
                    }
                }
            }
            TokenTree::Group(group) => collect(group.stream(), literals),
            TokenTree::Literal(literal) => {
                let said = literal.to_string();
                if let Some(text) = said.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
                    literals.push(unescaped(text));
                } else if said.starts_with("r\"") || said.starts_with("r#") {
                    literals
                        .push(said.trim_start_matches(['r', '#']).trim_end_matches('#').trim_matches('"').to_owned());
                }
            }
            TokenTree::Punct(_) | TokenTree::Ident(_) => {}
        }
    }
}

/// A literal as it reads: its escapes are spaces, but those that are letters or signs of the text.
fn unescaped(literal: &str) -> String {
    let mut text = literal.replace("\\u{a0}", "\u{a0}").replace("\\u{2019}", "’").replace("\\\"", "\"");
    for escape in ["\\n", "\\t", "\\r", "\\\\"] {
        text = text.replace(escape, " ");
    }
    text
}

/// A format without the names in its braces, and without addresses of people and pages.
fn without_places(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut depth = 0_u32;
    for c in text.chars() {
        match c {
            '{' => depth += 1,
            '}' => {
                depth = depth.saturating_sub(1);
                plain.push(' ');
            }
            c if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    plain
        .split(' ')
        // Addresses, keys, attributes without a tag, options and files of the command line.
        .filter(|word| is_french(word) || !word.contains(['@', '_', '/', '=']) && !word.starts_with("--"))
        .flat_map(|word| [word, " "])
        .collect()
}

/// What of a template people read: its text and the attributes that are spoken.
fn read_by_people(template: &str) -> String {
    let mut text = template.to_owned();
    for (open, close) in [("{#", "#}"), ("{%", "%}"), ("{{", "}}"), ("<style", "</style>"), ("<!--", "-->")] {
        text = cut(&text, open, close);
    }
    let mut said = String::new();
    let mut rest = text.as_str();
    while let Some(start) = rest.find('<') {
        said.push_str(&rest[..start]);
        said.push(' ');
        let Some(end) = rest[start..].find('>') else { break };
        let tag = &rest[start..start + end];
        for attribute in SPOKEN {
            if let Some(at) = tag.find(&format!("{attribute}=\"")) {
                let value = &tag[at + attribute.len() + 2..];
                said.push_str(value.split('"').next().unwrap_or_default());
                said.push(' ');
            }
        }
        rest = &rest[start + end + 1..];
    }
    said.push_str(rest);
    without_places(&entities(&said))
}

/// The text without what stands between these marks; what calls a macro of e-mails speaks through its arguments.
fn cut(text: &str, open: &str, close: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(open) {
        kept.push_str(&rest[..start]);
        kept.push(' ');
        let Some(length) = rest[start..].find(close) else { return kept };
        let inside = &rest[start..start + length];
        let quoted = inside.split('"').skip(1).step_by(2).filter(|argument| is_french(argument));
        quoted.for_each(|argument| {
            kept.push_str(argument);
            kept.push(' ');
        });
        rest = &rest[start + length + close.len()..];
    }
    kept.push_str(rest);
    kept
}

/// Entities are signs and spaces.
fn entities(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        plain.push_str(&rest[..start]);
        let Some(length) = rest[start..].find(';').filter(|length| *length < 10) else {
            plain.push(' ');
            rest = &rest[start + 1..];
            continue;
        };
        plain.push(' ');
        rest = &rest[start + length + 1..];
    }
    plain.push_str(rest);
    plain
}
