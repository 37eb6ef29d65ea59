//! A path from the reported need to its closing, in the browser: a coordinator and an officer at their desks, the company, the
//! trainee and the tutor on a telephone, each by the link that they received.

use domain::path::{Path, State, Step, Transition};
use domain::people::{Actor, RecipientRole, Side};
use domain::samples;
use serde_json::{Map, Value, json};
use tests::browser::{Browser, Site, Theme, Width};
use tests::world::{Next, next};

use super::hands::{Hands, sample};

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
    browser.click_on("main button[name=faire], main form button.btn:not(.alt)").await;
    browser.audit("fait").await;
    browser.go("/parcours?vue=tableau&etat=feasibility_delivered&lot=1").await;
    assert_eq!(browser.script(delivered, vec![]).await.as_u64(), Some(0), "every one is admitted");
    site.mail("claire.morel@retravailler.example", "FEST-1-", before).await;
    browser.close().await;
    site.close().await;
}
