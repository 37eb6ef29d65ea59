//! The arrows between the crates, as `docs/architecture.md` draws them: a manifest that adds one fails here.

use std::collections::{BTreeMap, BTreeSet};

/// What each crate may know; `cli` wires everything, the packages `migrations` and `tests` stand apart.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("migrations", &[]),
    ("persistence", &["domain", "migrations"]),
    ("wording", &["domain"]),
    ("notifier", &["domain", "wording"]),
    ("reports", &["domain", "wording"]),
    ("app", &["domain", "wording", "persistence", "notifier", "reports"]),
    ("web", &["domain", "wording", "app"]),
    ("cli", &["domain", "migrations", "persistence", "wording", "notifier", "reports", "app", "web"]),
];

/// Crates that would bring I/O, a clock or an ORM into the pure domain.
const NOT_IN_DOMAIN: &[&str] =
    &["tokio", "sea-orm", "sea-orm-migration", "lettre", "axum", "rand", "getrandom", "tracing"];

#[test]
fn crates_know_only_what_the_architecture_says() {
    let metadata = cargo_metadata::MetadataCommand::new().no_deps().exec().unwrap();
    let ours: BTreeSet<String> = metadata.packages.iter().map(|package| package.name.to_string()).collect();
    let allowed: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    for package in metadata.packages.iter().filter(|package| package.name.as_str() != "tests") {
        let name = package.name.as_str();
        let may_know = allowed.get(name).unwrap_or_else(|| panic!("{name} has no line in the table of arrows"));
        for dependency in
            package.dependencies.iter().filter(|dependency| dependency.kind == cargo_metadata::DependencyKind::Normal)
        {
            assert!(
                !ours.contains(&dependency.name) || may_know.contains(&dependency.name.as_str()),
                "{name} must not know {}",
                dependency.name
            );
            assert!(
                name != "domain" || !NOT_IN_DOMAIN.contains(&dependency.name.as_str()),
                "the domain is pure: it must not know {}",
                dependency.name
            );
        }
    }
    assert_eq!(ours.len(), ARROWS.len() + 1, "a crate without a line in the table of arrows");
}

#[test]
fn versions_stand_once_and_lints_are_shared() {
    let metadata = cargo_metadata::MetadataCommand::new().no_deps().exec().unwrap();
    for package in &metadata.packages {
        let manifest = std::fs::read_to_string(&package.manifest_path).unwrap();
        assert!(manifest.contains("[lints]\nworkspace = true"), "{} does not share the lints", package.name);
        let own_versions: Vec<&str> = manifest
            .lines()
            .skip_while(|line| !line.starts_with("[dependencies]"))
            .filter(|line| line.contains("version =") && !line.contains("workspace"))
            .collect();
        assert!(own_versions.is_empty(), "{}: {own_versions:?}", package.name);
    }
}
