//! People outside, on a telephone, by the link of their e-mail: what they meet besides the usual way (which `whole` follows).

use std::time::Duration;

use app::{Options, PathFilter, Target};
use chrono::{Datelike, TimeDelta};
use domain::Day;
use domain::path::event::{OutsideOrBody, Party};
use domain::path::record::Training;
use domain::path::{Act, Path, State, Step};
use domain::people::{Account, Actor, RecipientRole};
use domain::samples;
use serde_json::{Map, Value, json};
use tests::browser::{Audit, Browser, Site, Theme, Width};
use wording::dates;

use super::hands::{Hands, sample};

const CONFIRM: &str = "main form[action$=\"/etapes/confirm_commitment\"] button[type=submit]";

/// A person with a telephone.
pub async fn telephone(site: &Site, name: &str) -> Browser {
    let browser = Browser::open(site, name).await;
    browser.view(Width::Phone, Theme::Light).await;
    browser
}

pub async fn today(site: &Site) -> Day {
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

pub async fn stored(site: &Site, path: &Path) -> Path {
    site.app.path(&Actor::System, &path.reference).await.expect("the path is there").path
}

/// The coordinator of a path.
async fn coordinator(site: &Site, path: &Path) -> Account {
    let view = site.app.path(&Actor::System, &path.reference).await.expect("the path is there");
    view.coordinator.expect("somebody coordinates it")
}

/// Somebody of the staff, by their address.
pub async fn staff(site: &Site, email: &str) -> Account {
    site.app.account_by_email(&samples::email(email)).await.expect("they have an account")
}

/// What somebody of the staff does meanwhile, by the use case; the path afterwards.
pub async fn meanwhile(site: &Site, who: &Account, target: &Target, step: impl Into<Step>, changes: &Value) -> Path {
    let step = step.into();
    let form = tests::world::form(step, today(site).await, changes);
    let done = Box::pin(site.app.advance(&who.actor(), target, step, &form, &Options::default())).await;
    done.unwrap_or_else(|error| panic!("{step} by {}: {error:?}", who.name)).path
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
    browser.sees(&["Ce lien a expiré", "Une question ?", &call.name]).await;
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
    let author = coordinator(&site, &path).await;
    let correction = json!({ "datum": "job", "value": "Conduite d’un four à sole", "reason": "Intitulé inexact." });
    meanwhile(&site, &author, &Target::Path(path.reference.clone()), Act::CorrectDatum, &correction).await;
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
async fn l5_the_link_to_a_programme_that_was_amended_shows_the_new_one() {
    const SIGN: &str = "main form[action$=\"/etapes/sign_pif\"]";
    let site = Site::open().await;
    let browser = telephone(&site, "avenant").await;
    let asked = links(&site, State::CandidateSelected, RecipientRole::Company).await;
    let (path, link, _) = asked.into_iter().next().expect("the example asks a company to sign a programme");
    browser.go(&link).await;
    browser.click_in(SIGN, "Signer la version 1 du PIF").await;
    assert_eq!(browser.focused_id().await, "erreurs", "a company says who signs");
    browser.audit_as("sans-fonction", Audit::Refusal).await;
    browser.fill_in(SIGN, "fonction", "Gérance").await;
    let author = coordinator(&site, &path).await;
    let entry = path.candidate.as_ref().expect("a candidate").planned_entry;
    let amended = json!({ "starts_on": entry, "ends_on": entry + TimeDelta::days(27) });
    meanwhile(&site, &author, &Target::Path(path.reference.clone()), Act::AmendPif, &amended).await;
    browser.click_in(SIGN, "Signer la version 1 du PIF").await;
    browser
        .sees(&["Ce que vous alliez confirmer a changé", "Rien n’est enregistré", "Signer la version 2 du PIF"])
        .await;
    let programme = |path: &Path| path.pif.clone().expect("a programme");
    let amended = programme(&stored(&site, &path).await);
    assert!(amended.version == 2 && !amended.signed(Party::Company), "{amended:?}");

    browser.go(&link).await;
    browser.sees(&["voici la version 2", "La version 1 ne se signe plus"]).await;
    browser.audit_as("version-2", Audit::Refusal).await;
    browser.fill_in(SIGN, "fonction", "Gérance").await;
    browser.click_in(SIGN, "Signer la version 2 du PIF").await;
    browser.sees(&["Merci, c’est enregistré"]).await;
    assert!(programme(&stored(&site, &path).await).signed(Party::Company));
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

/// The part of a path that is its training.
fn training(path: &Path) -> Training {
    path.training.clone().expect("in training")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tutor_writes_a_week_and_signs_the_attendance_of_its_month() {
    let site = Site::open().await;
    let hands = Hands::new();
    let browser = telephone(&site, "tutorat").await;
    // A week of which the example wrote nothing.
    site.wait(TimeDelta::days(7)).await;
    let now = today(&site).await;
    let (path, tutor, email) = links(&site, State::InTraining, RecipientRole::Tutor)
        .await
        .into_iter()
        .find(|(path, _, _)| week(training(path).entered_on, now).len() == 5)
        .expect("the example has a training that began more than a week ago");
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

    let before = site.smtp.received().len();
    let body = coordinator(&site, &path).await;
    let month = now - TimeDelta::days(1);
    let target = Target::Path(path.reference.clone());
    meanwhile(&site, &body, &target, Act::SignAttendanceMonth, &json!({ "month": month })).await;
    let reference = path.reference.to_string();
    let asked = site.mail_with_link(&email, &reference, before).await;
    assert!(asked.subject().contains("État de présence à signer"), "{}", asked.subject());
    browser.go(&site.link(&asked)).await;
    browser
        .sees(&["Signer l’état de présence du mois", "Votre déclaration", &dates::brief(month).replace('\u{a0}', " ")])
        .await;
    browser.lacks(&["Réponse attendue", "Réponse en retard"]).await;
    browser.audit("presence").await;
    let before = site.smtp.received().len();
    browser.click("Signer l’état de présence").await;
    browser.sees(&["Merci, c’est enregistré"]).await;
    let receipt = site.mail_with_link(&email, &reference, before).await;
    assert!(receipt.subject().contains("Votre signature est enregistrée"), "{}", receipt.subject());
    let signed = training(&stored(&site, &path).await).attendance;
    let signed = signed.iter().find(|statement| statement.month.month() == month.month()).expect("a statement");
    assert!(signed.signed.contains(&OutsideOrBody::Tutor), "{signed:?}");
    browser.close().await;
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trainee_signs_sequences_and_what_hinders_is_a_task_that_a_note_ends() {
    let site = Site::open().await;
    let browser = telephone(&site, "stagiaire").await;
    let (path, link, _) = links(&site, State::InTraining, RecipientRole::Trainee)
        .await
        .into_iter()
        .find(|(path, _, _)| training(path).sequences.iter().any(|sequence| !sequence.signed))
        .expect("the example has sequences to sign");
    browser.go(&link).await;
    let sign: Step = Act::SignSequence.into();
    browser
        .script("document.querySelectorAll('main input[name=number]').forEach(box => { box.checked = true; });", vec![])
        .await;
    browser.click_on(&format!("main form[action$=\"/etapes/{sign}\"] button[type=submit]")).await;
    browser.sees(&["Merci, c’est enregistré"]).await;
    let signed = training(&stored(&site, &path).await).sequences;
    assert!(signed.iter().all(|sequence| sequence.signed), "all are signed");

    let before = site.smtp.received().len();
    browser.go(&link).await;
    browser.click_on("main a[href$=\"/etapes/report_obstacle\"]").await;
    browser.audit("empechement").await;
    browser.fill("facts", "Le bus ne passe plus avant huit heures.").await;
    browser.click_on("main form[action$=\"/etapes/report_obstacle\"] button[type=submit]").await;
    browser.sees(&["Merci, c’est enregistré"]).await;
    let body = coordinator(&site, &path).await;
    let reference = path.reference.to_string();
    let told = site.mail(body.email.as_ref(), &reference, before).await;
    assert!(told.subject().contains("Empêchement signalé") && !told.text().contains("bus"), "{}", told.text());

    let desk = Browser::open(&site, "stagiaire-organisme").await;
    desk.sign_in(&body.name).await;
    let task = "Difficulté signalée par le stagiaire. Appelez, puis notez ce qui est convenu.";
    let page = format!("/parcours/{reference}");
    desk.go(&page).await;
    desk.sees(&["À traiter", task, "Le bus ne passe plus avant huit heures."]).await;
    desk.go("/").await;
    desk.sees(&["À regarder", task]).await;
    let remedy = format!("main li:has(a[href=\"{page}\"]) a[href^=\"{page}/etapes/add_note\"]");
    desk.click_on(&remedy).await;
    desk.fill("note", "Arrivée à neuf heures, convenu avec l’entreprise.").await;
    Hands::new().take_shown(&desk, Act::AddNote.into()).await;
    desk.sees(&["a ajouté une note"]).await;
    desk.lacks(&[task]).await;
    desk.go("/").await;
    assert!(!desk.has(&remedy).await, "the note ends the task: {}", desk.words().await);
    desk.close().await;
    browser.close().await;
    site.close().await;
}
