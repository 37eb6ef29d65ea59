//! What is typed about people stays in the pages and in the store: no log and no address holds it.

use std::collections::BTreeSet;
use std::io;
use std::sync::{Arc, Mutex};

use app::PathFilter;
use domain::path::{State, Transition};
use domain::people::Actor;
use serde_json::{Value, json};
use tests::browser::{Browser, Site};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;

use super::hands::{Hands, sample};

/// Crates whose every word is heard; of the others, what the program keeps.
const OURS: [&str; 8] = ["app", "cli", "domain", "notifier", "persistence", "reports", "web", "wording"];

const PASSWORD: &str = "quatre goélands sur une bouée";
const SEARCHED: &str = "Aubervilliers";

/// What is written to a log.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("nobody panicked while writing").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The address of the page and those that it leads or sends to; to call and to write to somebody is no address of ours.
async fn note(browser: &Browser, addresses: &mut BTreeSet<String>) {
    const FOUND: &str = "return [...document.querySelectorAll('a[href], form[action], link[href], iframe[src], script[src]')] \
        .map(part => part.getAttribute('href') || part.getAttribute('action') || part.getAttribute('src')) \
        .filter(address => !/^(mailto|tel|data):/.test(address)).map(address => decodeURIComponent(address));";
    addresses.insert(browser.address().await);
    let found = browser.script(FOUND, vec![]).await;
    addresses.extend(found.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned));
}

/// Everything that tells of somebody: names, addresses and telephone numbers of the example and of the samples.
async fn of_people(site: &Site) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for account in site.app.accounts().await.expect("the accounts") {
        words.extend([account.name, account.email.to_string()]);
    }
    for line in site.app.paths(&Actor::System, &PathFilter::default()).await.expect("the paths") {
        for person in site.app.path(&Actor::System, &line.reference).await.expect("the path").people {
            words.insert(person.contact.name);
            words.extend(person.contact.email.map(|email| email.to_string()));
            words.extend(person.contact.phone.map(|phone| phone.to_string()));
        }
    }
    words.retain(|word| word.chars().count() > 5);
    words
}

/// On one thread, so that everything is heard: the pages, the worker and its mail.
#[tokio::test]
async fn nothing_about_people_is_in_a_log_or_an_address() {
    let lines = Lines::default();
    let writer = lines.clone();
    let kept = OURS.into_iter().fold(Targets::new().with_default(LevelFilter::INFO), |targets, ours| {
        targets.with_target(ours, LevelFilter::TRACE)
    });
    let layer = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(move || writer.clone());
    // With one subscriber alone, what another test's thread meets first would be silent for every thread.
    let _other = tracing::Dispatch::new(
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(io::sink).finish(),
    );
    let heard = tracing::subscriber::set_default(tracing_subscriber::registry().with(kept).with(layer));

    let site = Site::open().await;
    site.wait(chrono::TimeDelta::hours(10)).await;
    let today = domain::calendar::paris_day(site.app.now().await.expect("the store answers"));
    let (browser, hands, mut addresses) = (Browser::open(&site, "discret").await, Hands::new(), BTreeSet::new());
    let email = "claire.morel@retravailler.example";

    browser.go("/connexion/oubli").await;
    browser.fill("courriel", email).await;
    browser.click("Recevoir le lien").await;
    note(&browser, &mut addresses).await;
    let mail = site.mail(email, "mot de passe", 0).await.text();
    let link =
        mail.split_whitespace().find(|word| word.contains("/connexion/mot-de-passe/")).expect("a link").to_owned();
    browser.go(&link).await;
    browser.fill("nouveau", PASSWORD).await;
    browser.fill("encore", PASSWORD).await;
    browser.click("Enregistrer le mot de passe").await;
    for password in ["un autre mot de passe", PASSWORD] {
        browser.fill("courriel", email).await;
        browser.fill("mot_de_passe", password).await;
        browser.click_in("form", "Se connecter").await;
        note(&browser, &mut addresses).await;
    }

    browser.go("/parcours").await;
    browser.fill("q", SEARCHED).await;
    browser.click("Chercher").await;
    browser.sees(&["Aucun parcours ne correspond"]).await;
    note(&browser, &mut addresses).await;
    assert_eq!(browser.held("q").await, SEARCHED, "the word stays in the page");

    let before = site.smtp.received().len();
    for (address, step) in [
        ("/parcours/nouveau".to_owned(), Transition::ReportNeed),
        (in_selection(&site).await, Transition::SelectCandidate),
    ] {
        browser.go(&address).await;
        note(&browser, &mut addresses).await;
        let changes = if step == Transition::ReportNeed { json!({ "commune": "Rouen" }) } else { json!({}) };
        hands.fill(&browser, &sample(step, today, &changes)).await;
        if browser.has("section[aria-labelledby=saisie] button.btn").await {
            browser.click("Voir ce qui va se passer").await;
            note(&browser, &mut addresses).await;
        }
        hands.take(&browser).await;
        assert!(browser.address().await.contains("?fait="), "{step}: {}", browser.words().await);
        note(&browser, &mut addresses).await;
    }
    let company =
        domain::samples::form(Transition::ReportNeed, today)["contact_email"].as_str().expect("text").to_owned();
    let mail = site.mail_with_link(&company, "FEST-1-", before).await;
    let portal = site.link(&mail);
    browser.go(&portal).await;
    note(&browser, &mut addresses).await;
    for address in ["/", "/compte", "/parcours", "/messages"] {
        browser.go(address).await;
        note(&browser, &mut addresses).await;
    }
    browser.close().await;
    let mut people = of_people(&site).await;
    assert!(people.len() > 100 && people.contains(&company), "{people:?}");
    site.close().await;
    drop(heard);

    people.extend([SEARCHED, PASSWORD].map(str::to_owned));
    let log = String::from_utf8(lines.0.lock().expect("nobody panicked while writing").clone()).expect("text");
    for wanted in ["/parcours/{reference}/etapes/{step}", "/connexion/mot-de-passe/{token}", "/acces/{token}"] {
        assert!(log.contains(wanted), "the journey is in the log: {wanted}\n{log}");
    }
    let token = |link: &str| link.rsplit('/').next().unwrap_or_default().to_owned();
    let secrets = [token(&link), token(&portal)];
    for word in people.iter().chain(&secrets) {
        let line = log.lines().find(|line| line.contains(word.as_str()));
        assert!(line.is_none(), "« {word} » is in the log: {line:?}");
    }
    assert!(addresses.len() > 100, "{addresses:#?}");
    for address in &addresses {
        let told = people.iter().find(|word| address.to_lowercase().contains(&word.to_lowercase()));
        assert!(told.is_none(), "{address} tells of {told:?}");
    }
}

/// The form that selects a candidate, on a path of the example.
async fn in_selection(site: &Site) -> String {
    let filter = PathFilter { states: vec![State::CandidateSelection], ..PathFilter::default() };
    let lines = site.app.paths(&Actor::System, &filter).await.expect("the paths");
    let line = lines.iter().find(|line| line.reference.to_string().starts_with("FEST-1-")).expect("a path of lot 1");
    format!("/parcours/{}/etapes/select_candidate", line.reference)
}
