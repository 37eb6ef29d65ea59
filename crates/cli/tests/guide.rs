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
