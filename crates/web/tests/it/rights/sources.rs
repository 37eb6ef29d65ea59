//! The routes of the router, as its sources name them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path as FilePath, PathBuf};

/// The Rust sources under a folder.
fn sources(folder: &FilePath, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the sources are there") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The constants `const NAME: &str = "…"` of a text.
fn constants(text: &str, found: &mut BTreeMap<String, String>) {
    for rest in text.split("const ").skip(1) {
        let Some((name, rest)) = rest.split_once(": &str =") else { continue };
        if !name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_') {
            continue;
        }
        let Some(value) = rest.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next()) else { continue };
        if value.starts_with('/') {
            let before = found.insert(name.to_owned(), value.to_owned());
            assert!(before.is_none_or(|before| before == value), "two addresses have the name {name}");
        }
    }
}

/// Every method and pattern that the router serves, as its sources say.
pub(super) fn routes() -> BTreeSet<(String, String)> {
    let web = FilePath::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&web, &mut files);
    let texts: Vec<String> = files.iter().map(|file| fs::read_to_string(file).expect("a source is text")).collect();
    let mut names = BTreeMap::new();
    let addresses = web.join("../../wording/src/addresses.rs");
    constants(&fs::read_to_string(addresses).expect("the addresses are there"), &mut names);
    for text in &texts {
        constants(text, &mut names);
    }
    let mut routes = BTreeSet::new();
    for text in &texts {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        assert!(!code.contains(".nest("), "routes under a prefix are unknown to this test");
        for call in code.split(".route(").skip(1) {
            let mut depth = 1;
            let end = call.find(|c| {
                depth += match c {
                    '(' => 1,
                    ')' => -1,
                    _ => 0,
                };
                depth == 0
            });
            let (pattern, methods) = call[..end.expect("a call ends")].split_once(',').expect("a route has a handler");
            let name = pattern.trim().rsplit("::").next().unwrap_or_default();
            let pattern = if let Some(literal) = name.strip_prefix('"') {
                literal.trim_end_matches('"').to_owned()
            } else {
                names.get(name).unwrap_or_else(|| panic!("the address {name} is no constant")).clone()
            };
            let before = routes.len();
            for (method, word) in
                [("GET", "get("), ("POST", "post("), ("PUT", "put("), ("DELETE", "delete("), ("PATCH", "patch(")]
            {
                let called = methods.match_indices(word).any(|(at, _)| {
                    let before = methods[..at].chars().next_back();
                    !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
                });
                if called {
                    routes.insert((method.to_owned(), pattern.clone()));
                }
            }
            assert!(routes.len() > before, "the route {pattern} has no method that this test knows");
        }
    }
    routes
}
