//! People outside, on a telephone, by the link of their e-mail: what they meet besides the usual way (which `whole` follows).

use std::time::Duration;

use app::{Options, PathFilter, Target};
use chrono::TimeDelta;
use domain::Day;
use domain::path::{Act, Path, State, Step};
use domain::people::{Actor, RecipientRole};
use serde_json::{Map, Value, json};
use tests::browser::{Audit, Browser, Site, Theme, Width};

use super::hands::{Hands, sample};

const CONFIRM: &str = "main form[action$=\"/etapes/confirm_commitment\"] button[type=submit]";

async fn telephone(site: &Site, name: &str) -> Browser {
    let browser = Browser::open(site, name).await;
    browser.view(Width::Phone, Theme::Light).await;
    browser
}

async fn today(site: &Site) -> Day {
    domain::calendar::paris_day(site.app.now().await.expect("the store answers"))
}

/// The paths of the example in a state, the link last sent to a role of each, and the address it went to.
async fn links(site: &Site, state: State, role: RecipientRole) -> Vec<(Path, String, String)> {
    let filter = PathFilter { states: vec![state], ..PathFilter::default() };
    let mut links = Vec::new();
    for line in site.app.paths(&Actor::System, &filter).await.expect("the paths") {
        let view = site.app.path(&Actor::System, &line.reference).await.expect("the path");
        let current = view.people.iter().rfind(|person| person.active && person.role == role).map(|person| person.id);
        let sent = view.messages.iter().filter(|message| message.content.to.person == current && current.is_some());
        let last = sent.filter(|message| message.content.link.is_some()).max_by_key(|message| message.seq);
        let Some(content) = last.map(|message| &message.content) else { continue };
        let token = site.app.link_of_message(content.id).await.expect("the message").expect("it has a link");
        links.push((view.path.clone(), format!("/acces/{token}"), content.to.email.to_string()));
    }
    links
}

/// The first company that is asked for its commitment.
async fn asked(site: &Site, browser: &Browser) -> (Path, String, String) {
    for (path, link, email) in links(site, State::FeasibilityInProgress, RecipientRole::Company).await {
        browser.go(&link).await;
        if browser.has(CONFIRM).await {
            return (path, link, email);
        }
    }
    panic!("the example asks no company for its commitment");
}

async fn stored(site: &Site, path: &Path) -> Path {
    site.app.path(&Actor::System, &path.reference).await.expect("the path is there").path
}

/// The coordinator of a path.
async fn coordinator(site: &Site, path: &Path) -> Actor {
    let view = site.app.path(&Actor::System, &path.reference).await.expect("the path is there");
    view.coordinator.expect("somebody coordinates it").actor()
}

async fn confirm(browser: &Browser) {
    browser.fill("signataire", "Anne Lemoine").await;
    browser.fill("fonction", "Gérance").await;
    browser.click_on(CONFIRM).await;
    browser.sees(&["Merci, c’est enregistré"]).await;
}

/// A filter of mail asks for every page twenty times, then opens them in a browser that runs scripts and fetches what they lead
/// to; the person finds everything as it was, and confirms.
#[tokio::test(flavor = "multi_thread")]
async fn l1_a_scanner_opens_everything_and_the_person_confirms() {
    let site = Site::open().await;
    let browser = telephone(&site, "filtre").await;
    let (path, link, _) = asked(&site, &browser).await;
    let received = site.smtp.received().len();
    let pages: Vec<String> = [
        "",
        "/etapes/confirm_commitment",
        "/etapes/decline_request",
        "/etapes/propose_correction",
        "/etapes/hand_over_contact",
        "/rappels",
    ]
    .iter()
    .map(|page| format!("{}{link}{page}", site.address()))
    .collect();
    let scan = tokio::task::spawn_blocking(move || {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        for turn in 0..20 {
            for page in &pages {
                let answer = if turn % 2 == 0 { agent.get(page).call() } else { agent.head(page).call() };
                assert!(answer.expect("the pages answer").status().as_u16() < 400, "{page}");
            }
        }
    });
    scan.await.expect("the scanner ends");
    let scanner = Browser::open(&site, "filtre-script").await;
    scanner.go(&link).await;
    let fetched = "const tell = arguments[0]; const pages = [...document.querySelectorAll('main a[href], main form[action]')]\
         .map(one => one.href || one.action).filter(one => one.startsWith(location.origin));\
         const all = [...new Set(pages)];\
         Promise.all(all.map(page => fetch(page))).then(() => tell(all.length));";
    let fetched = scanner.later(fetched).await.as_u64().expect("a count");
    assert!(fetched >= 4, "the page leads to others: {fetched}");
    tokio::time::sleep(Duration::from_millis(500)).await;
    scanner.close().await;
    assert_eq!(stored(&site, &path).await.version, path.version, "nothing was done");
    assert_eq!(site.smtp.received().len(), received, "nobody was told anything");

    browser.go(&link).await;
    confirm(&browser).await;
    browser.audit("confirme").await;
    assert_eq!(stored(&site, &path).await.version, path.version + 1);
    browser.close().await;
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn l4_an_expired_link_gives_another_by_one_button() {
    let site = Site::open().await;
    let browser = telephone(&site, "expire").await;
    let (path, link, email) = asked(&site, &browser).await;
    site.wait(TimeDelta::days(200)).await;
    browser.go(&link).await;
    let call = coordinator(&site, &path).await;
    browser.sees(&["Ce lien a expiré", "Une question ?", call.name()]).await;
    browser.lacks(&[&path.reference.to_string(), &path.job.title]).await;
    browser.audit_as("expire", Audit::Refusal).await;
    let before = site.smtp.received().len();
    browser.click("Recevoir un nouveau lien").await;
    browser.sees(&["Un nouveau lien est en route"]).await;
    let mail = site.mail_with_link(&email, &path.reference.to_string(), before).await;
    assert_eq!(mail.to, [email.as_str()], "to the address on file, and to no other");
    browser.go(&site.link(&mail)).await;
    browser.sees(&[&path.reference.to_string(), "Une question ?"]).await;
    browser.close().await;
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn l5_a_link_opened_before_a_correction_shows_what_is_asked_now() {
    let site = Site::open().await;
    let browser = telephone(&site, "corrige").await;
    let (path, link, _) = asked(&site, &browser).await;
    let correction = sample(
        Act::CorrectDatum,
        today(&site).await,
        &json!({ "datum": "job", "value": "Conduite d’un four à sole", "reason": "Intitulé inexact." }),
    );
    let target = Target::Path(path.reference.clone());
    let author = coordinator(&site, &path).await;
    let form = correction.into_iter().collect();
    site.app
        .advance(&author, &target, Act::CorrectDatum.into(), &form, &Options::default())
        .await
        .expect("the job is corrected");
    // The page still stands as it was opened; sending it signs nothing.
    browser.fill("signataire", "Anne Lemoine").await;
    browser.fill("fonction", "Gérance").await;
    browser.click_on(CONFIRM).await;
    browser.sees(&["Conduite d’un four à sole"]).await;
    browser.lacks(&["Merci, c’est enregistré"]).await;
    let corrected = stored(&site, &path).await;
    assert_eq!(corrected.commitment.answer, None, "the old version is not confirmed");
    browser.go(&link).await;
    browser.sees(&["Conduite d’un four à sole"]).await;
    browser.audit_as("corrige", Audit::Refusal).await;
    confirm(&browser).await;
    assert!(stored(&site, &path).await.version > corrected.version);
    browser.close().await;
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn l24_a_contact_hands_over_and_their_colleague_answers() {
    let site = Site::open().await;
    let browser = telephone(&site, "transmis").await;
    let (path, link, _) = asked(&site, &browser).await;
    let before = site.smtp.received().len();
    browser.click_on("main a[href$=\"/etapes/hand_over_contact\"]").await;
    browser.fill("name", "Luc Martin").await;
    browser.fill("email", "luc.martin@nouvelle.example").await;
    browser.click("Transmettre").await;
    browser.sees(&["C’est enregistré"]).await;
    browser.go(&link).await;
    browser.sees(&["Ce lien ne fonctionne plus", "Une question ?"]).await;
    browser.lacks(&[&path.reference.to_string()]).await;
    let mail = site.mail_with_link("luc.martin@nouvelle.example", &path.reference.to_string(), before).await;
    assert!(mail.text().contains("Vos données personnelles"), "the first message to a person informs them");
    browser.go(&site.link(&mail)).await;
    browser.sees(&["Luc Martin"]).await;
    confirm(&browser).await;
    browser.close().await;
    site.close().await;
}

/// Days of a week that are over, from the latest: no one writes what has not taken place.
fn week(entered: Day, today: Day) -> Vec<Day> {
    (1..=5).map(|before| today - TimeDelta::days(before)).filter(|day| *day >= entered).collect()
}

/// The sequence of a morning.
fn morning(day: Day) -> Map<String, Value> {
    let changes = json!({ "from": format!("{day} 09:00"), "until": format!("{day} 12:00") });
    sample(Act::RecordSequence, day, &changes)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tutor_writes_a_week_and_the_trainee_signs_it_then_says_what_hinders() {
    let site = Site::open().await;
    let hands = Hands::new();
    let browser = telephone(&site, "semaine").await;
    // A week of which the example wrote nothing.
    site.wait(TimeDelta::days(7)).await;
    let now = today(&site).await;
    let training = links(&site, State::InTraining, RecipientRole::Tutor).await;
    let (path, tutor, _) = training
        .into_iter()
        .find(|(path, _, _)| path.training.as_ref().is_some_and(|training| week(training.entered_on, now).len() == 5))
        .expect("the example has a training that began more than a week ago");
    let training = |path: &Path| path.training.clone().expect("in training");
    let known = training(&path).sequences.len();
    let record: Step = Act::RecordSequence.into();
    for day in week(training(&path).entered_on, now) {
        browser.go(&tutor).await;
        browser.click_on(&format!("main a[href$=\"/etapes/{record}\"]")).await;
        hands.fill(&browser, &morning(day)).await;
        browser.click_on(&format!("main form[action$=\"/etapes/{record}\"] button[type=submit]")).await;
        browser.sees(&["Merci, c’est enregistré"]).await;
    }
    let written = stored(&site, &path).await;
    assert_eq!(training(&written).sequences.len(), known + 5, "a week of mornings");
    browser.audit("semaine").await;

    let trainees = links(&site, State::InTraining, RecipientRole::Trainee).await;
    let (_, trainee, _) =
        trainees.into_iter().find(|(other, _, _)| other.id == path.id).expect("the trainee has a link");
    browser.go(&trainee).await;
    let sign: Step = Act::SignSequence.into();
    let form = format!("main form[action$=\"/etapes/{sign}\"]");
    assert!(browser.has(&form).await, "{}", browser.words().await);
    browser
        .script("document.querySelectorAll('main input[name=number]').forEach(box => { box.checked = true; });", vec![])
        .await;
    browser.click_on(&format!("{form} button[type=submit]")).await;
    browser.sees(&["Merci, c’est enregistré"]).await;
    let signed = stored(&site, &path).await;
    assert!(training(&signed).sequences.iter().all(|sequence| sequence.signed), "all are signed");

    let before = site.smtp.received().len();
    browser.go(&trainee).await;
    browser.click_on("main a[href$=\"/etapes/report_obstacle\"]").await;
    browser.fill("facts", "Le bus ne passe plus avant huit heures.").await;
    browser.click_on("main form[action$=\"/etapes/report_obstacle\"] button[type=submit]").await;
    browser.sees(&["Merci, c’est enregistré"]).await;
    let view = site.app.path(&Actor::System, &path.reference).await.expect("the path is there");
    let coordinator = view.coordinator.expect("somebody coordinates it");
    let told = site.mail(coordinator.email.as_ref(), &path.reference.to_string(), before).await;
    assert!(told.subject().contains("Empêchement signalé") && !told.text().contains("bus"), "{}", told.text());
    let desk = Browser::open(&site, "semaine-organisme").await;
    desk.sign_in(&coordinator.name).await;
    desk.go(&format!("/parcours/{}", path.reference)).await;
    let task = "Difficulté signalée par le stagiaire. Appelez, puis notez ce qui est convenu.";
    desk.sees(&[task, "Le bus ne passe plus avant huit heures."]).await;
    desk.close().await;
    browser.close().await;
    site.close().await;
}
