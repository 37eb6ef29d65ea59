//! A path from the reported need to its closing, in the browser: a coordinator and an officer at their desks, the company, the
//! trainee and the tutor on a telephone, each by the link that they received.

use app::Target;
use domain::path::{Act, Path, State, Step, Transition};
use domain::people::{Actor, RecipientRole, Side};
use domain::samples;
use serde_json::{Map, Value, json};
use tests::browser::{Browser, Site, Theme, Width};
use tests::world::{Next, next};

use super::hands::{Hands, sample};
use super::telephone::{meanwhile, staff};

/// Everybody who takes part, and the site they meet on.
struct Stage {
    site: Site,
    coordinator: Browser,
    officer: Browser,
    telephone: Browser,
    hands: Hands,
}

impl Stage {
    async fn path(&self, reference: &str) -> Path {
        let reference = reference.parse().expect("a reference");
        self.site.app.path(&Actor::System, &reference).await.expect("the path is there").path
    }

    /// The address of a person of the path.
    async fn email(&self, path: &Path, role: RecipientRole) -> String {
        let view = self.site.app.path(&Actor::System, &path.reference).await.expect("the path is there");
        let person = view.people.into_iter().find(|person| person.active && person.role == role);
        person.and_then(|person| person.contact.email).expect("they have an address").to_string()
    }

    /// A step behind the link that the person received last.
    async fn on_the_telephone(&self, path: &Path, role: RecipientRole, step: Step, form: &Map<String, Value>) {
        let to = self.email(path, role).await;
        let mail = self.site.mail_with_link(&to, &path.reference.to_string(), 0).await;
        let link = self.site.link(&mail);
        let browser = &self.telephone;
        browser.go(&link).await;
        let there = format!("main form[action$=\"/etapes/{step}\"] button[type=submit]");
        if !browser.has(&there).await {
            browser.go(&format!("{link}/etapes/{step}")).await;
        }
        browser.sees(&[&path.reference.to_string()]).await;
        self.hands.fill(browser, form).await;
        if browser.has_field("fonction").await {
            browser.fill("fonction", "Gérance").await;
        }
        browser.click_on(&there).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_from_the_need_to_its_closing() {
    let site = Site::open().await;
    // The evening: what a form dates of the day has taken place.
    site.wait(chrono::TimeDelta::hours(10)).await;
    let today = domain::calendar::paris_day(site.app.now().await.expect("the store answers"));
    let stage = Stage {
        coordinator: Browser::open(&site, "tout-coordination").await,
        officer: Browser::open(&site, "tout-region").await,
        telephone: Browser::open(&site, "tout-telephone").await,
        hands: Hands::new(),
        site,
    };
    stage.coordinator.sign_in("Claire Morel").await;
    stage.officer.sign_in("Anne Roux").await;
    stage.telephone.view(Width::Phone, Theme::Light).await;

    let need = Transition::ReportNeed.into();
    let form = sample(need, today, &json!({ "commune": "Rouen" }));
    stage.hands.at_the_desk(&stage.coordinator, "/parcours/nouveau", need, &form).await;
    let address = stage.coordinator.address().await;
    let reference = address.trim_start_matches("/parcours/").split(['?', '/']).next().unwrap_or_default().to_owned();
    let company = samples::form(need, today)["contact_email"].as_str().expect("an address").to_owned();
    stage.site.mail(&company, &reference, 0).await;

    let mut path = stage.path(&reference).await;
    let mut transitions = 0;
    while let Some(Next { side, step, changes }) = next(&path, today) {
        let before = stage.site.smtp.received().len();
        let filled = sample(step, today, &changes);
        let page = format!("/parcours/{reference}/etapes/{step}");
        match side {
            Side::Body => stage.hands.at_the_desk(&stage.coordinator, &page, step, &filled).await,
            Side::Region => stage.hands.at_the_desk(&stage.officer, &page, step, &filled).await,
            Side::Company => stage.on_the_telephone(&path, RecipientRole::Company, step, &filled).await,
            Side::Trainee => stage.on_the_telephone(&path, RecipientRole::Trainee, step, &filled).await,
            Side::Tutor => stage.on_the_telephone(&path, RecipientRole::Tutor, step, &filled).await,
            Side::Finance | Side::System => panic!("{side} takes no step of the main line"),
        }
        let after = stage.path(&reference).await;
        assert!(
            after.version > path.version,
            "{step} by {side} from {:?}: {}",
            path.state,
            stage.telephone.words().await
        );
        if after.state != path.state {
            transitions += 1;
            // The company hears of each transition.
            stage.site.mail(&company, &reference, before).await;
        }
        path = after;
    }
    assert_eq!(path.state, State::Closed);
    assert!(transitions >= 15, "{transitions} transitions");
    stage.coordinator.go(&format!("/parcours/{reference}")).await;
    stage.coordinator.sees(&["Clos", "Service fait"]).await;
    stage.coordinator.audit("clos").await;
    for browser in [stage.coordinator, stage.officer, stage.telephone] {
        browser.close().await;
    }
    stage.site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_studies_are_admitted_at_once() {
    let site = Site::open().await;
    let browser = Browser::open(&site, "ensemble").await;
    browser.sign_in("Anne Roux").await;
    browser.go("/parcours?vue=tableau&etat=feasibility_delivered&lot=1").await;
    let delivered = "return document.querySelectorAll('input[name=p]').length;";
    let count = browser.script(delivered, vec![]).await.as_u64().expect("a count");
    assert!(count >= 2, "the example has studies to verify");
    browser.click_on("[data-tick-all] input").await;
    browser.sees(&[&format!("{count} parcours cochés")]).await;
    browser.click("Agir sur la sélection").await;
    browser.audit("actions").await;
    let before = site.smtp.received().len();
    browser.click("Admettre l’étude de faisabilité").await;
    browser.sees(&["Ce qui va se passer"]).await;
    browser.audit("apercu").await;
    let chosen = results(&browser).await;
    assert_eq!(chosen.len() as u64, count);

    // One of them moves meanwhile: it is left as it is, said first with what changed, and the others go.
    let moved = chosen[0].1.clone();
    note(&site, &moved).await;
    const DOES: &str = "main form[action^=\"/parcours/actions/faire\"] button.btn";
    browser.click_on(DOES).await;
    browser.sees(&["1 parcours à revoir"]).await;
    let lines = results(&browser).await;
    assert_eq!((lines[0].0.as_str(), &lines[0].1), ("Pas fait", &moved), "{lines:?}");
    for said in ["Le parcours a changé depuis que vous l’avez lu", "a ajouté une note", "Claire Morel"] {
        assert!(lines[0].2.contains(said), "« {said} »: {lines:?}");
    }
    let done: Vec<&String> = lines[1..].iter().map(|line| &line.1).collect();
    assert_eq!(done, chosen[1..].iter().map(|line| &line.1).collect::<Vec<_>>());
    assert!(lines[1..].iter().all(|line| line.0 == "Fait" && line.2.contains("État : ")), "{lines:?}");
    browser.audit("fait-en-partie").await;
    assert_eq!(path(&site, &moved).await.state, State::FeasibilityDelivered);

    // What failed is read again, as it is now, and goes.
    browser.click("Réessayer les échecs").await;
    let again = results(&browser).await;
    assert_eq!((again.len(), &again[0].1), (1, &moved), "{again:?}");
    browser.audit("apercu-des-echecs").await;
    browser.click_on(DOES).await;
    let last = results(&browser).await;
    assert_eq!((last[0].0.as_str(), &last[0].1), ("Fait", &moved), "{last:?}");
    browser.audit("fait").await;
    browser.go("/parcours?vue=tableau&etat=feasibility_delivered&lot=1").await;
    assert_eq!(browser.script(delivered, vec![]).await.as_u64(), Some(0), "every one is admitted");

    // Each company hears of its own path.
    for (_, reference, _) in &chosen {
        let to = company(&site, reference).await;
        let mail = site.mail(&to, reference, before).await;
        let others = chosen.iter().filter(|line| &line.1 != reference);
        for (_, other, _) in others {
            assert!(!mail.text().contains(other.as_str()), "{}", mail.text());
        }
    }
    site.mail("claire.morel@retravailler.example", "FEST-1-", before).await;
    browser.close().await;
    site.close().await;
}

/// A path as the store has it.
async fn path(site: &Site, reference: &str) -> Path {
    let reference = reference.parse().expect("a reference");
    site.app.path(&Actor::System, &reference).await.expect("the path is there").path
}

/// The address of the contact of a path.
async fn company(site: &Site, reference: &str) -> String {
    let reference = reference.parse().expect("a reference");
    let view = site.app.path(&Actor::System, &reference).await.expect("the path is there");
    let contact = view.people.into_iter().find(|person| person.id == view.path.contact.id);
    contact.and_then(|person| person.contact.email).expect("an address").to_string()
}

/// The coordinator adds a note to a path.
async fn note(site: &Site, reference: &str) {
    let coordinator = staff(site, "claire.morel@retravailler.example").await;
    let target = Target::Path(reference.parse().expect("a reference"));
    meanwhile(site, &coordinator, &target, Act::AddNote, &json!({})).await;
}

/// The lines of an action on several paths: its word, the reference, all that is said.
async fn results(browser: &Browser) -> Vec<(String, String, String)> {
    const READ: &str = "const plain = text => text.replace(/[\\s\\u00a0\\u202f]+/g, ' ').trim(); \
        return [...document.querySelectorAll('section[aria-labelledby=bilan] ul.results > li')].map(line => \
        ['.tag', 'strong'].map(part => plain(line.querySelector(part).innerText)).concat(plain(line.innerText)));";
    let read = browser.script(READ, vec![]).await;
    let text = |line: &Value, at: usize| line[at].as_str().unwrap_or_default().to_owned();
    read.as_array().into_iter().flatten().map(|line| (text(line, 0), text(line, 1), text(line, 2))).collect()
}
