//! A step by the keyboard alone, and steps by three clicks at most from the first page.

use std::collections::BTreeSet;

use domain::Day;
use domain::path::{Step, Transition};
use domain::people::{Actor, Side};
use serde_json::{Value, json};
use tests::browser::{Browser, Site};
use tests::world::{Next, next};

use super::hands::{Hands, sample};

/// Most clicks from the first page to a step taken, beside its fields.
const CLICKS: u32 = 3;

async fn today(site: &Site) -> Day {
    domain::calendar::paris_day(site.app.now().await.expect("the store answers"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_need_is_reported_by_the_keyboard_alone() {
    let site = Site::open().await;
    // The evening: what a form dates of the day has taken place.
    site.wait(chrono::TimeDelta::hours(10)).await;
    let today = today(&site).await;
    let hands = Hands::new();
    let body = Browser::open(&site, "clavier-organisme").await;
    body.sign_in("Claire Morel").await;

    body.go("/").await;
    body.tab_to("Parcours").await;
    body.enter().await;
    body.tab_to("Signaler un besoin").await;
    body.enter().await;
    let need = sample(Transition::ReportNeed, today, &json!({ "commune": "Rouen" }));
    hands.type_and_take(&body, &need).await;
    body.sees(&["Boulangerie Lemoine", "Besoin signalé"]).await;

    body.close().await;
    site.close().await;
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
