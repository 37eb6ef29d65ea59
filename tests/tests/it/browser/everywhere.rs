//! Every page that staff can reach by links, as each role, held against what every page owes its readers; and what each page asks
//! of the network.
//!
//! Rules kept here: pages are found by following links from the first page, so that a new page is audited without a line here; a
//! page is known by its address without its references, with the names of what its query asks; a path is seen once in each state,
//! a form once for each step, whoever may open it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use domain::path::State;
use serde_json::{Value, json};
use strum::IntoEnumIterator;
use tests::browser::{Browser, Site};

/// Most pages of one kind that differ by their query alone.
const VARIANTS: usize = 3;

/// Who looks, and pages that they must have found: a crawl that stops early proves nothing.
const READERS: [(&str, &[&str]); 6] = [
    (
        "Anne Roux",
        &[
            "/",
            "/parcours",
            "/parcours/*",
            "/parcours/*/etapes/order_feasibility",
            "/parcours/*/etapes/admit_feasibility",
            "/entreprises/*",
            "/commandes",
            "/commandes/nouvelle",
            "/commandes/*",
            "/commandes/*/etapes/amend_order",
            "/commandes/verification",
            "/lots",
            "/lots/*",
            "/pilotage",
            "/pilotage/chiffres/*",
            "/pilotage/argent",
            "/pilotage/argent/*",
            "/pilotage/copil",
            "/pilotage/copil/arretes",
            "/messages/*",
            "/messages/textes",
            "/messages/textes/*/*",
            "/messages/textes/lots/*",
            "/compte",
            "/mentions-legales",
            "/accessibilite",
            "/donnees-personnelles",
            "/contact",
        ],
    ),
    (
        "Claire Morel",
        &[
            "/",
            "/parcours/nouveau",
            "/parcours/*",
            "/parcours/*/etapes/deliver_feasibility",
            "/parcours/*/etapes/record_sequence",
            "/besoins/*",
            "/entreprises/*",
            "/lots/*",
            "/messages",
            "/compte",
        ],
    ),
    (
        "Léa Caron",
        &["/", "/commandes/*", "/commandes/*/etapes/endorse", "/commandes/*/etapes/refuse_endorsement", "/lots"],
    ),
    ("Jean Viel", &["/", "/parcours/*", "/commandes/*"]),
    (
        "Administration de Jalon",
        &[
            "/",
            "/administration",
            "/administration/comptes/*",
            "/administration/comptes/nouveau",
            "/administration/comptes/*/modifier",
            "/administration/comptes/*/portefeuille",
            "/administration/marche",
            "/administration/marche/*/versions/*",
            "/administration/securite",
        ],
    ),
    ("Contrôle", &["/", "/parcours/*"]),
];

/// Where the texts of messages are written.
const TEXTS: &str = "/messages/textes/";

/// The lists behind figures and amounts, each kind of which is one page whatever it counts.
const LISTS: [&str; 2] = ["/pilotage/chiffres/", "/pilotage/argent/"];

/// Links of the page that stay on the site and open a page.
const LINKS: &str = "return [...document.querySelectorAll('a[href]')].filter(link => !link.hasAttribute('download')) \
    .map(link => link.getAttribute('href'));";

/// Everything that the page asked for, and that was not asked of our own site.
const FOREIGN: &str = "return performance.getEntriesByType('resource').map(entry => entry.name) \
    .filter(name => !name.startsWith(location.origin) && !name.startsWith('data:'));";

/// The kind of an address: references, numbers and identifiers are `*`; of a query, the names.
fn kind(address: &str) -> (String, String) {
    let address = address.split('#').next().unwrap_or_default();
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let part = |part: &str| {
        let refers = part.chars().any(|c| c.is_ascii_digit()) && !part.contains('_');
        if refers { "*".to_owned() } else { part.to_owned() }
    };
    let path = path.split('/').map(part).collect::<Vec<_>>().join("/");
    // The text of any message is written on one page.
    let path = match path.strip_prefix(TEXTS).map(|rest| rest.split('/').collect::<Vec<_>>()) {
        Some(parts) if parts.len() == 2 && parts[0] != "lots" => format!("{TEXTS}*/*"),
        _ => path,
    };
    let path = match LISTS.iter().find(|start| path.starts_with(**start)) {
        Some(start) => format!("{start}*"),
        None => path,
    };
    let names: BTreeSet<&str> =
        query.split('&').filter_map(|pair| pair.split('=').next()).filter(|name| !name.is_empty()).collect();
    (path, names.into_iter().collect::<Vec<_>>().join("&"))
}

/// What an address of a file, or of a page for people outside, has in it.
const FILES: [&str; 10] = [
    "/export/",
    "/documents/",
    "/pieces/",
    "/preuves/",
    "/static/",
    "/acces/",
    "/journal",
    "/fichier/",
    "/modeles/",
    "/copil/imports/",
];

/// Whether an address opens a page of staff; files and links of people outside do not.
fn is_page(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    path.starts_with('/') && !FILES.iter().any(|part| path.contains(part)) && !path.ends_with("/document")
}

/// Follows links from these pages on, and audits each kind of page once.
async fn look_around(browser: &Browser, seen: &mut BTreeSet<String>, starts: Vec<String>) -> BTreeMap<String, usize> {
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    let mut variants: BTreeSet<(String, String)> = BTreeSet::new();
    let mut ahead: VecDeque<String> = starts.into();
    while let Some(address) = ahead.pop_front() {
        let (path, names) = kind(&address);
        let asked = variants.iter().filter(|(known, _)| *known == path).count();
        let a_state = address.contains("#state-");
        if !a_state && (asked >= VARIANTS || !variants.insert((path.clone(), names.clone()))) {
            continue;
        }
        // A form is the same for whoever may open it.
        if path.contains("/etapes/") && !seen.insert(path.clone()) {
            continue;
        }
        browser.go(&address).await;
        let foreign = browser.script(FOREIGN, vec![]).await;
        assert_eq!(foreign, json!([]), "{address} asks something of another site");
        // The first page is another for each; what an earlier reader was shown has been audited.
        if path == "/" || a_state || seen.insert(format!("{path}?{names}")) {
            browser.audit(&path.trim_matches('/').replace(['/', '*'], "-")).await;
        }
        *found.entry(path).or_default() += 1;
        let links = browser.script(LINKS, vec![]).await;
        let links = links.as_array().into_iter().flatten().filter_map(Value::as_str);
        ahead.extend(
            links.filter(|link| is_page(link)).map(|link| link.split('#').next().unwrap_or_default().to_owned()),
        );
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_staff_keeps_what_it_owes() {
    let site = Site::open().await;
    let browser = Browser::open(&site, "partout").await;
    let mut forms = BTreeSet::new();
    for (name, expected) in READERS {
        browser.sign_in(name).await;
        let mut starts = vec!["/".to_owned()];
        if name == "Anne Roux" {
            for state in State::iter() {
                browser.go(&format!("/parcours?vue=tableau&etat={state}")).await;
                let first = browser
                    .script(
                        "const link = document.querySelector('tbody th a'); return link && link.getAttribute('href');",
                        vec![],
                    )
                    .await;
                let first = first.as_str().unwrap_or_else(|| panic!("the example has no path in {state}")).to_owned();
                starts.push(format!("{first}#state-{state}"));
            }
        }
        if name == "Administration de Jalon" {
            // Of the accounts, one that has paths to hand over.
            browser.go("/administration").await;
            let find = "return [...document.querySelectorAll('main a')].find(link => \
                link.textContent.includes('Claire Morel')).getAttribute('href');";
            let account = browser.script(find, vec![]).await;
            starts.push(format!("{}#state-coordination", account.as_str().expect("an account")));
        }
        let found = look_around(&browser, &mut forms, starts).await;
        for page in expected {
            assert!(found.contains_key(*page), "{name} does not find {page}: {found:#?}");
        }
        if name == "Anne Roux" {
            assert!(found["/parcours/*"] >= State::iter().count(), "a path in each state: {found:#?}");
        }
        browser.go("/").await;
        browser.click("Se déconnecter").await;
    }
    let steps = forms.iter().filter(|seen| seen.contains("/etapes/") && !seen.contains('?')).count();
    assert!(steps >= 30, "forms of steps: {forms:#?}");
    browser.close().await;
    site.close().await;
}
