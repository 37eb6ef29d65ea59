//! The guide of the command line says what the program says: its examples are run in order and compared.
//!
//! `JALON_BLESS=1 cargo test -p cli --test guide` writes the answers into the guide again.

mod common;

use common::Jalon;

const GUIDE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/guides/ligne-de-commande.md");

/// Runs the `$` lines of a console block and gives the block with their answers.
fn answered(jalon: &Jalon, block: &str) -> String {
    let mut text = String::new();
    let mut lines = block.lines();
    while let Some(line) = lines.next() {
        let Some(first) = line.strip_prefix("$ ") else { continue };
        let mut command = first.to_owned();
        text.push_str(line);
        text.push('\n');
        while command.ends_with('\\') {
            let next = lines.next().unwrap_or_default();
            text.push_str(next);
            text.push('\n');
            command.pop();
            command.push_str(next);
        }
        let output = jalon.shell(&command);
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        text.push_str(&said.replace(['\u{feff}', '\r'], ""));
        if command == "jalon migrate" {
            jalon.set_clock();
        }
    }
    text
}

#[test]
fn the_examples_of_the_guide_are_true() {
    let jalon = Jalon::new();
    let config = jalon.path().join("config");
    std::fs::create_dir(&config).unwrap();
    std::fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/market.toml"), config.join("market.toml"))
        .unwrap();
    let guide = std::fs::read_to_string(GUIDE).unwrap();
    let mut made = String::new();
    let mut rest = guide.as_str();
    while let Some((before, after)) = rest.split_once("```console\n") {
        let (block, after) = after.split_once("```").unwrap();
        made.push_str(&format!("{before}```console\n{}```", answered(&jalon, block)));
        rest = after;
    }
    made.push_str(rest);
    if std::env::var_os("JALON_BLESS").is_some() {
        std::fs::write(GUIDE, &made).unwrap();
        return;
    }
    for (written, said) in guide.lines().zip(made.lines()) {
        assert_eq!(written, said, "the guide does not say what the program says");
    }
    assert_eq!(guide.lines().count(), made.lines().count());
}

#[test]
fn every_command_is_in_the_guide() {
    let guide = std::fs::read_to_string(GUIDE).unwrap();
    for family in cli::command().get_subcommands() {
        let names: Vec<&str> = family.get_subcommands().map(clap::Command::get_name).collect();
        let whole = format!("`jalon {}", family.get_name());
        assert!(guide.contains(&whole), "{whole}`");
        for name in names {
            assert!(guide.contains(&format!("{whole} {name}")), "{whole} {name}`");
        }
    }
}

/// The texts of the files of a folder, all of them.
fn texts(folder: &std::path::Path) -> String {
    let mut all = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.extension().and_then(|extension| extension.to_str()) {
            _ if path.is_dir() => all.push_str(&texts(&path)),
            Some("rs" | "html") => all.push_str(&std::fs::read_to_string(&path).unwrap()),
            _ => {}
        }
    }
    all
}

#[test]
fn the_guides_of_people_name_what_pages_show() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let pages =
        ["crates/web/templates", "crates/web/src", "crates/wording/src"].map(|folder| texts(&root.join(folder)));
    let pages = pages.concat().replace("\\u{a0}", " ").replace(['\u{a0}', '\u{202f}'], " ");
    let album = std::fs::read_to_string(root.join("tests/src/bin/pictures.rs")).unwrap();
    for name in ["coordination", "region"] {
        let guide = std::fs::read_to_string(root.join(format!("docs/guides/{name}.md"))).unwrap();
        let guide = guide.replace(['\n', '\u{a0}', '\u{202f}'], " ");
        let shown: Vec<&str> = guide.split("**").skip(1).step_by(2).collect();
        assert!(shown.len() > 20, "{name}: {shown:?}");
        for words in shown {
            assert!(pages.contains(words), "{name}: no page shows « {words} »");
        }
        let pictures: Vec<&str> =
            guide.split("](../images/").skip(1).filter_map(|rest| Some(rest.split_once(".png)")?.0)).collect();
        assert!(pictures.len() > 3, "{name}: {pictures:?}");
        for picture in pictures {
            let page = picture.strip_suffix("-1280").or_else(|| picture.strip_suffix("-390"));
            let page = page.unwrap_or_else(|| panic!("{name}: {picture} is of no width"));
            assert!(album.contains(&format!("(\"{page}\"")), "{name}: nothing makes {picture}");
        }
    }
}
