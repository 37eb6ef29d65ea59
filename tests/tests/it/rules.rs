//! The rules on links and messages, learnt from the failures of comparable services (L1 to L27, L35): each has at least one
//! test named after it, `l4_…`, beside what it is about; here stand those that look at every message of a path, and the count.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path as FilePath, PathBuf};
use std::time::Duration;

use app::{App, Options, Target};
use domain::path::requests::asked_of;
use domain::path::{Act, Path, State, Step, Transition};
use domain::people::{Actor, RecipientRole, Side};
use domain::told::FUNCTIONS;
use persistence::Message;
use serde_json::json;
use tests::world::{Home, Next, Setup, World, form, next, staff};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use web::{Listen, ServeOptions, unrecorded_metrics};
use wording::addresses;

use crate::kit::on_both;

/// The sources in which tests may stand.
fn sources(folder: &FilePath, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of the project").map(|entry| entry.expect("it is read")) {
        let path = entry.path();
        if path.is_dir() {
            if path.file_name().is_none_or(|name| name != "target") {
                sources(&path, found);
            }
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn each_rule_has_a_test_named_after_it() {
    let project = FilePath::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = Vec::new();
    for folder in ["crates", "tests"] {
        sources(&project.join(folder), &mut found);
    }
    let texts: Vec<String> =
        found.iter().map(|file| std::fs::read_to_string(file).expect("a source is text")).collect();
    let tested = |rule: u32| texts.iter().any(|text| text.contains(&format!("fn l{rule}_")));
    let missing: Vec<u32> = (1..=27).chain([35]).filter(|rule| !tested(*rule)).collect();
    assert!(missing.is_empty(), "no test is named after these rules: {missing:?}");
    assert!(!tested(99), "the search finds what there is");
}

/// The pages of a world, served on the loopback.
struct Pages {
    address: String,
    stop: CancellationToken,
}

impl Pages {
    async fn of(app: App) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("the loopback has a free port");
        let address = format!("http://{}", listener.local_addr().expect("a bound socket has an address"));
        let stop = CancellationToken::new();
        let options = ServeOptions {
            listen: Listen::Listener(listener),
            request_timeout: Duration::from_secs(30),
            body_limit: 1024 * 1024,
            demo: false,
            pages: None,
            behind_relay: false,
            returns: None,
            stop_timeout: Duration::from_secs(5),
            metrics: unrecorded_metrics(),
        };
        let serving = web::serve(app, options, stop.clone());
        tokio::spawn(async move { serving.await.expect("the pages are served") });
        Self { address, stop }
    }

    /// The page of an address, and its status.
    async fn get(&self, address: &str) -> (u16, String) {
        let address = format!("{}{address}", self.address);
        let page = tokio::task::spawn_blocking(move || {
            let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
            let mut response = agent.get(&address).call().expect("the pages answer");
            (response.status().as_u16(), response.body_mut().read_to_string().expect("a page is text"))
        });
        page.await.expect("the request ends")
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn messages(world: &World, path: &Path) -> Vec<Message> {
    let view = world.app.path(&Actor::System, &path.reference).await.expect("the path is there");
    let mut messages = view.messages;
    messages.sort_by_key(|message| message.seq);
    messages
}

/// What is asked of the steps of a whole path, and a few besides: a sibling, a correction, a hand-over, the colleagues of the contact.
async fn every_kind_of_message(world: &World, seen: &mut impl AsyncFnMut(&Path)) {
    let mut path = world.open().await;
    seen(&path).await;
    while path.state != State::Closed {
        let before = path.state;
        path = world.forward(&path).await;
        seen(&path).await;
        if path.state == State::FeasibilityInProgress && before != path.state {
            let other = json!({ "name": "Luc Lemoine", "email": "luc@boulangerie-lemoine.example" });
            path = world.ok(Side::Company, Some(&path), Act::HandOverContact, other).await;
            seen(&path).await;
        }
        if path.state == State::CandidateSelection && before != path.state {
            for function in FUNCTIONS {
                let email = format!("{function}@boulangerie-lemoine.example").replace('_', "-");
                let named = json!({ "function": function, "email": email });
                path = world.ok(Side::Company, Some(&path), Act::AddCompanyContact, named).await;
                seen(&path).await;
            }
        }
        if path.state == State::InTraining && before != path.state {
            for (side, act) in [(Side::Trainee, Act::ReportObstacle), (Side::Company, Act::ProposeCorrection)] {
                path = world.ok(side, Some(&path), act, json!({})).await;
                seen(&path).await;
            }
        }
    }
    let source = json!({ "source": path.reference });
    let sibling = world.ok(Side::Body, Some(&path), Transition::OpenSibling, source).await;
    seen(&sibling).await;
}

/// Every link of every message leads, when the message leaves, to a page of the right path: that of who is asked by their own
/// link, that of the staff behind their sign-in.
async fn l6_every_link_of_every_message_opens_a_page_of_its_path(world: World, _home: &Home) {
    let pages = Pages::of(world.app.clone()).await;
    let mut followed: BTreeMap<&str, u32> = BTreeMap::new();
    let mut read = BTreeSet::new();
    Box::pin(every_kind_of_message(&world, &mut async |path: &Path| {
        for message in messages(&world, path).await {
            let content = &message.content;
            if !read.insert(content.id) {
                continue;
            }
            let what = format!("{} to {} at {:?}", content.kind, content.to.role, path.state);
            let buttons = content.html.matches("class=\"b\"").count();
            let Some(token) = world.app.link_of_message(content.id).await.expect("the message is there") else {
                // Somebody who left, or the staff: its address stands in the text.
                let page = format!("https://jalon.example{}", addresses::path(&path.reference));
                assert_eq!(content.text.contains(&page), buttons == 1, "{what}: {}", content.text);
                if buttons == 1 {
                    let (status, page) = pages.get(&addresses::path(&path.reference)).await;
                    assert!(status == 200 && page.contains("Se connecter"), "{what}: {status}");
                    *followed.entry("staff").or_default() += 1;
                }
                continue;
            };
            assert_eq!(buttons, 1, "{what}: a link has its button");
            let (status, page) = pages.get(&addresses::portal(&token)).await;
            assert_eq!(status, 200, "{what}: {page}");
            assert!(page.contains(&path.reference.to_string()), "{what}: the page of another path");
            let title = wording::messages::request_label;
            let role = content.to.person.and_then(|person| path.role_of(person));
            for asked in role.into_iter().flat_map(|role| asked_of(path, role)) {
                assert!(page.contains("<form"), "{what}: {} is answered on the page", title(asked.kind));
            }
            *followed.entry(content.to.role.into()).or_default() += 1;
        }
    }))
    .await;
    let roles: Vec<&str> = followed.keys().copied().collect();
    assert_eq!(roles, ["company", "staff", "trainee", "tutor"], "{followed:?}");
    let all: u32 = followed.values().sum();
    assert!(all > 60, "{followed:?}");
}
on_both!(links, Setup::default(), l6_every_link_of_every_message_opens_a_page_of_its_path);

/// Each message says why one has it, which roles have it too, and outside whom to call.
async fn l10_each_message_says_why_who_else_and_whom_to_call(world: World, _home: &Home) {
    let mut read = BTreeSet::new();
    let mut accompanied = 0;
    Box::pin(every_kind_of_message(&world, &mut async |path: &Path| {
        let all = messages(&world, path).await;
        for message in &all {
            let content = &message.content;
            if !read.insert(content.id) {
                continue;
            }
            let text = content.text.replace('\u{a0}', " ");
            let what = format!("{} to {}:\n{text}", content.kind, content.to.role);
            assert!(text.contains("Vous recevez ce message parce que "), "{what}");
            let others: BTreeSet<RecipientRole> = all
                .iter()
                .filter(|other| other.content.about.event == content.about.event && content.about.event.is_some())
                .map(|other| other.content.to.role)
                .filter(|role| *role != content.to.role && *role != RecipientRole::Candidate)
                .collect();
            let named = text.split("Autres destinataires : ").nth(1);
            assert_eq!(named.is_some(), !others.is_empty(), "{others:?}, {what}");
            for role in others {
                accompanied += 1;
                assert!(
                    named.is_some_and(|named| named.contains(wording::labels::the_recipient(role))),
                    "{role}, {what}"
                );
            }
            if content.to.person.is_some() {
                let (_, call) = text.split_once("Une question ? ").unwrap_or_else(|| panic!("{what}"));
                let address = call.lines().nth(1).is_some_and(|line| line.contains('@'));
                assert!(address, "an address, {what}");
            }
        }
    }))
    .await;
    assert!(accompanied > 40, "{accompanied}");
}
on_both!(footers, Setup::default(), l10_each_message_says_why_who_else_and_whom_to_call);

/// Who is told of each step of a path, by lot: reviewed as a table. Nobody of the other lot stands in it.
async fn l8_each_step_tells_its_roles_and_nobody_of_the_other_lot(world: World, _home: &Home) {
    let mut table = String::new();
    for (lot, commune) in [(1, "76540"), (2, "14118")] {
        let today = world.today().await;
        let need = form(Transition::ReportNeed.into(), today, &json!({ "commune": commune }));
        let body = staff(Side::Body, lot).actor();
        let told = Options::default();
        let opened = world.act(&body, &Target::New, Transition::ReportNeed, &need, &told).await.expect("a need");
        let mut path = opened.path;
        let mut steps = vec![(Step::from(Transition::ReportNeed), opened.messages)];
        while let Some(Next { side, step, changes }) = next(&path, today) {
            let outcome = world.play(side, Some(&path), step, changes).await.expect("the main line");
            path = outcome.path;
            steps.push((step, outcome.messages));
        }
        for (step, mut messages) in steps {
            messages.sort_by_key(|message| (message.role, message.email.clone()));
            let told: Vec<String> = messages
                .iter()
                .map(|message| format!("{} {} ({})", message.role, message.email, message.why))
                .collect();
            writeln!(table, "lot {lot} | {step} | {}", told.join(", ")).expect("a text is written");
            let other = format!(".{}@", 3 - lot);
            assert!(messages.iter().all(|message| !message.email.contains(&other)), "lot {lot}, {step}: {told:?}");
        }
    }
    insta::assert_snapshot!("who_is_told_of_each_step", table);
}
on_both!(recipients, Setup::default(), l8_each_step_tells_its_roles_and_nobody_of_the_other_lot);

/// The first message to each person of a path says what is kept of them, why and their rights (GDPR art. 13 and 14); no other
/// does, and who is known already from a path before is not told again.
async fn the_first_message_to_each_person_says_what_is_kept_of_them(world: World, _home: &Home) {
    let pages = Pages::of(world.app.clone()).await;
    let notice = format!("https://jalon.example{}", addresses::PERSONAL_DATA);
    let mut paths: BTreeMap<String, Path> = BTreeMap::new();
    Box::pin(every_kind_of_message(&world, &mut async |path: &Path| {
        paths.insert(path.reference.to_string(), path.clone());
    }))
    .await;
    let mut told = BTreeMap::new();
    for path in paths.values() {
        let view = world.app.path(&Actor::System, &path.reference).await.expect("the path is there");
        for person in &view.people {
            let own: Vec<Message> = messages(&world, path).await;
            let own: Vec<&Message> =
                own.iter().filter(|message| message.content.to.person == Some(person.id)).collect();
            let (informing, others): (Vec<&Message>, Vec<&Message>) =
                own.iter().partition(|message| message.content.text.contains(&notice));
            assert!(others.iter().all(|message| !message.content.text.contains("Vos données personnelles")));
            if path.source.is_some() {
                assert!(informing.is_empty() && person.informed_on.is_some(), "{} knows already", person.role);
                continue;
            }
            if own.is_empty() {
                assert_eq!(person.informed_on, None);
                continue;
            }
            let first = own[0];
            assert_eq!(informing, [first], "{}: the first message, and only that", person.role);
            assert!(first.content.html.contains(&notice), "in both parts");
            let day = domain::calendar::paris_day(first.queued_at);
            assert_eq!(person.informed_on, Some(day), "{}", person.role);
            *told.entry(person.role).or_insert(0) += 1;
        }
    }
    // The contact, the colleague to whom they handed over, and those whom this one named.
    let expected = [(RecipientRole::Company, 5), (RecipientRole::Trainee, 1), (RecipientRole::Tutor, 1)];
    assert_eq!(told, BTreeMap::from(expected));
    let (status, page) = pages.get(addresses::PERSONAL_DATA).await;
    assert!(status == 200 && page.contains("Vos droits"), "{status}");
}
on_both!(personal_data, Setup::default(), the_first_message_to_each_person_says_what_is_kept_of_them);
