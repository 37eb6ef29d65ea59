//! The main acts by the keyboard alone, and steps by three clicks at most from the first page.

use std::collections::BTreeSet;

use app::{Options, Target};
use domain::Day;
use domain::path::{Path, State, Step, Transition};
use domain::people::{Actor, Side};
use serde_json::{Value, json};
use tests::browser::{Browser, Site};
use tests::world::{self, Next, next};
use thirtyfour::Key;

use super::hands::{Hands, sample};

/// The acts of every path that must be done without a mouse, once its need is reported.
const MAIN: [Transition; 4] = [
    Transition::DeliverFeasibility,
    Transition::AdmitFeasibility,
    Transition::SelectCandidate,
    Transition::EnterTraining,
];

/// Most clicks from the first page to a step taken, beside its fields.
const CLICKS: u32 = 3;

async fn today(site: &Site) -> Day {
    domain::calendar::paris_day(site.app.now().await.expect("the store answers"))
}

/// Opens the form of a step from the first page: the path is searched for, then its step chosen.
async fn find_the_step(browser: &Browser, reference: &str, step: Step) {
    browser.go("/").await;
    browser.tab_to("Parcours").await;
    browser.enter().await;
    browser.tab_to("Chercher un parcours").await;
    browser.press(reference).await;
    browser.press(Key::Enter).await;
    // The reference of a path leads to it.
    browser.sees(&[&format!("{reference} —"), "Votre prochaine étape"]).await;
    browser.tab_to_link(&format!("/parcours/{reference}/etapes/{step}")).await;
    browser.enter().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_main_acts_are_done_by_the_keyboard_alone() {
    let site = Site::open().await;
    // The evening: what a form dates of the day has taken place.
    site.wait(chrono::TimeDelta::hours(10)).await;
    let today = today(&site).await;
    let hands = Hands::new();
    let body = Browser::open(&site, "clavier-organisme").await;
    body.sign_in("Claire Morel").await;
    let region = Browser::open(&site, "clavier-region").await;
    region.sign_in("Anne Roux").await;

    body.go("/").await;
    body.tab_to("Parcours").await;
    body.enter().await;
    body.tab_to("Signaler un besoin").await;
    body.enter().await;
    let need = sample(Transition::ReportNeed, today, &json!({ "commune": "Rouen" }));
    hands.type_and_take(&body, &need).await;
    body.sees(&["Boulangerie Lemoine", "Besoin signalé"]).await;
    let address = body.address().await;
    let reference = address.trim_start_matches("/parcours/").split(['?', '/']).next().unwrap_or_default().to_owned();

    let mut done = BTreeSet::new();
    loop {
        let path = site.app.path(&Actor::System, &reference.parse().expect("a reference")).await;
        let path = path.expect("the path is there").path;
        if path.state == State::InTraining {
            break;
        }
        let Next { side, step, changes } = next(&path, today).expect("the path goes on");
        let form = sample(step, today, &changes);
        match (side, step) {
            (Side::Body | Side::Region, Step::Transition(transition)) if MAIN.contains(&transition) => {
                let browser = if side == Side::Body { &body } else { &region };
                find_the_step(browser, &reference, step).await;
                hands.type_and_take(browser, &form).await;
                done.insert(transition);
            }
            (Side::Body | Side::Region, _) => {
                let browser = if side == Side::Body { &body } else { &region };
                hands.at_the_desk(browser, &format!("/parcours/{reference}/etapes/{step}"), step, &form).await;
            }
            _ => answer(&site, &path, side, step, &changes).await,
        }
    }
    assert_eq!(done, BTreeSet::from(MAIN));

    body.close().await;
    region.close().await;
    site.close().await;
}

/// What somebody outside answers meanwhile.
async fn answer(site: &Site, path: &Path, side: Side, step: Step, changes: &Value) {
    let actor = world::actor(side, Some(path)).unwrap_or_else(|| panic!("nobody answers as {side} for {step}"));
    let form = world::form(step, today(site).await, changes);
    let target = Target::Path(path.reference.clone());
    let answered = site.app.advance(&actor, &target, step, &form, &Options::default()).await;
    answered.unwrap_or_else(|error| panic!("{step} by {side}: {error:?}"));
}

/// The step and the path of a link of the first page.
fn of_link(link: &str) -> Option<(String, Step)> {
    let (reference, step) = link.strip_prefix("/parcours/")?.split_once("/etapes/")?;
    Some((reference.to_owned(), step.split('?').next()?.parse().ok()?))
}

#[tokio::test(flavor = "multi_thread")]
async fn three_clicks_from_the_first_page_take_a_step() {
    let site = Site::open().await;
    site.wait(chrono::TimeDelta::hours(10)).await;
    let today = today(&site).await;
    let hands = Hands::new();
    for (name, side, least) in [("Claire Morel", Side::Body, 4), ("Anne Roux", Side::Region, 3)] {
        let browser = Browser::open(&site, &format!("trois-clics-{side}")).await;
        browser.sign_in(name).await;
        let links = "return [...document.querySelectorAll('.todo .acts a')].map(link => link.getAttribute('href'));";
        let links = browser.script(links, vec![]).await;
        let mut taken: BTreeSet<Step> = BTreeSet::new();
        for link in links.as_array().into_iter().flatten().filter_map(Value::as_str) {
            let Some((reference, step)) = of_link(link).filter(|(_, step)| !taken.contains(step)) else { continue };
            let reference = reference.parse().expect("a reference");
            let path = site.app.path(&Actor::System, &reference).await.expect("the path").path;
            let Some(Next { changes, .. }) = next(&path, today).filter(|next| next.step == step && next.side == side)
            else {
                continue;
            };
            browser.go("/").await;
            browser.clicks();
            browser.click_on(&format!(".todo .acts a[href=\"{link}\"]")).await;
            hands.fill(&browser, &sample(step, today, &changes)).await;
            if browser.has("section[aria-labelledby=saisie] button.btn").await {
                browser.click("Voir ce qui va se passer").await;
            }
            browser.click_on("#repetition button[name=faire]").await;
            assert!(browser.address().await.contains("?fait="), "{step}: {}", browser.words().await);
            let clicks = browser.clicks();
            assert!(clicks <= CLICKS, "{name}: {step} takes {clicks} clicks");
            taken.insert(step);
        }
        assert!(taken.len() >= least, "{name} takes {taken:?}");
        browser.close().await;
    }
    site.close().await;
}
