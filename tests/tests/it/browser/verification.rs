//! What the Region decides on a delivery other than to admit it whole, in the browser: with a reduction, or not at all; what each
//! page shows of the amounts, what the body is told, and forms that are refused on the way.

use domain::path::{Act, Step, Transition};
use domain::people::Actor;
use serde_json::json;
use tests::browser::{Audit, Browser, Site};

use super::hands::{Hands, sample};

const SEE: &str = "Voir ce qui va se passer";

/// The coordinator and the officer at their desks.
struct Desks {
    site: Site,
    body: Browser,
    officer: Browser,
    hands: Hands,
}

impl Desks {
    async fn open(name: &str) -> Self {
        let site = Site::open().await;
        let (body, officer) =
            (Browser::open(&site, &format!("{name}-organisme")).await, Browser::open(&site, name).await);
        body.sign_in("Claire Morel").await;
        officer.sign_in("Anne Roux").await;
        Self { site, body, officer, hands: Hands::new() }
    }

    async fn close(self) {
        self.body.close().await;
        self.officer.close().await;
        self.site.close().await;
    }

    /// The first path of the coordinator in a state.
    async fn first(&self, state: &str) -> String {
        self.body.go(&format!("/parcours?vue=tableau&etat={state}&lot=1")).await;
        let found = self.body.script("return document.querySelector('input[name=p]').value;", vec![]).await;
        found.as_str().expect("the example has one").to_owned()
    }

    /// The address of who coordinates a path.
    async fn coordinator(&self, reference: &str) -> String {
        let reference = reference.parse().expect("a reference");
        let view = self.site.app.path(&Actor::System, &reference).await.expect("the path is there");
        view.coordinator.expect("somebody coordinates it").email.to_string()
    }

    /// A step of the body or of the Region, with its sample form.
    async fn at(&self, browser: &Browser, reference: &str, step: impl Into<Step>) {
        let step = step.into();
        let today = domain::calendar::paris_day(self.site.app.now().await.expect("the store answers"));
        let form = sample(step, today, &json!({}));
        self.hands.at_the_desk(browser, &format!("/parcours/{reference}/etapes/{step}"), step, &form).await;
    }

    /// The Region hears the body before it decides otherwise than to admit: what each is told.
    async fn observed(&self, reference: &str) {
        let before = self.site.smtp.received().len();
        self.at(&self.officer, reference, Act::AskObservations).await;
        self.site.mail(&self.coordinator(reference).await, reference, before).await;
        self.at(&self.body, reference, Act::GiveObservations).await;
        self.body.audit("observations").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_study_is_admitted_with_a_reduction() {
    let desks = Desks::open("refaction").await;
    let (site, officer) = (&desks.site, &desks.officer);
    let reference = desks.first("feasibility_delivered").await;
    let step = format!("/parcours/{reference}/etapes/{}", Step::from(Transition::AdmitFeasibility));

    // Not before the body was heard.
    officer.go(&step).await;
    officer.fill("reduction", "120,00").await;
    officer.fill("reasons", "Deux rubriques manquent.").await;
    officer.click(SEE).await;
    officer.sees(&["Les observations de l’organisme n’ont pas été demandées"]).await;
    officer.audit_as("sans-observations", Audit::Refusal).await;
    desks.observed(&reference).await;

    // Not without reasons, and not of an amount that is none: each is said at its field.
    officer.go(&step).await;
    officer.fill("reasons", "").await;
    officer.fill("reduction", "beaucoup").await;
    officer.click(SEE).await;
    assert_eq!(officer.focused_id().await, "erreurs", "{}", officer.words().await);
    assert_eq!(officer.held("reduction").await, "beaucoup", "what was typed stays");
    officer.audit_as("montant-refuse", Audit::Refusal).await;
    // The reasons first: what will happen is asked as one types, and an amount without them is refused.
    officer.fill("reasons", "Deux rubriques manquent.").await;
    officer.fill("reduction", "120,00").await;
    officer.click(SEE).await;
    officer.sees(&["Ce qui va se passer", "120,00 €"]).await;
    officer.audit("apercu").await;
    let before = site.smtp.received().len();
    desks.hands.take(officer).await;
    officer.sees(&["Étude de faisabilité admise"]).await;
    officer.audit("admise").await;

    // The amount is on the page of the path, and what is owed on that of the order.
    officer.go(&format!("/parcours/{reference}")).await;
    officer.sees(&["Réfaction sur l’étude de faisabilité", "−120,00 €"]).await;
    officer.audit("parcours").await;
    let view = site.app.path(&Actor::System, &reference.parse().expect("a reference")).await.expect("the path");
    let file = &view.path.feasibility;
    let order = file.ordered.as_ref().expect("it was ordered").draws[0].order.clone();
    let admitted = file.admitted.as_ref().expect("it is admitted");
    assert_eq!((admitted.amount + admitted.reduction.expect("a reduction")), file.price());
    officer.click_in("main", &order.to_string()).await;
    let served = wording::numbers::euros(site_served(site, &order).await).replace('\u{a0}', " ");
    officer.sees(&["Admis", &served]).await;
    officer.audit("commande").await;
    let told = site.mail(&desks.coordinator(&reference).await, &reference, before).await;
    assert!(told.text().replace('\u{a0}', " ").contains("120,00 €"), "{}", told.text());
    desks.close().await;
}

/// What an order owes for what was admitted.
async fn site_served(site: &Site, order: &domain::identifiers::OrderReference) -> domain::money::Cents {
    let view = site.app.order_page(&Actor::System, order).await.expect("the order");
    view.order.admitted(&view.uses)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_rejected_with_its_reasons() {
    const REASONS: &str = "Le bilan ne dit rien des acquis.";
    let desks = Desks::open("rejet").await;
    let (site, officer) = (&desks.site, &desks.officer);
    let reference = desks.first("report_delivered").await;
    desks.observed(&reference).await;
    officer.go(&format!("/parcours/{reference}/etapes/{}", Step::from(Transition::RejectReport))).await;
    officer.click(SEE).await;
    assert_eq!(officer.focused_id().await, "erreurs", "{}", officer.words().await);
    officer.audit_as("sans-motif", Audit::Refusal).await;
    officer.fill("reasons", REASONS).await;
    officer.click(SEE).await;
    officer.sees(&["Ce qui va se passer"]).await;
    officer.audit("apercu").await;
    let before = site.smtp.received().len();
    desks.hands.take(officer).await;
    officer.sees(&["Bilan final rejeté"]).await;
    officer.audit("rejete").await;
    let told = site.mail(&desks.coordinator(&reference).await, &reference, before).await;
    assert!(told.text().contains(REASONS), "{}", told.text());
    desks.body.go(&format!("/parcours/{reference}")).await;
    desks
        .body
        .script("document.querySelectorAll('#historique details').forEach(part => { part.open = true; });", vec![])
        .await;
    desks.body.sees(&["Bilan final rejeté", REASONS]).await;
    desks.body.audit("a-refaire").await;
    desks.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_for_several_paths_is_refused_once() {
    let site = Site::open().await;
    let browser = Browser::open(&site, "ensemble-refus").await;
    browser.sign_in("Claire Morel").await;
    browser.go("/parcours?vue=tableau&etat=feasibility_delivered&lot=1").await;
    browser.click_on("[data-tick-all] input").await;
    browser.click("Agir sur la sélection").await;
    browser.click("Ajouter une note").await;
    browser.audit("formulaire").await;
    browser.click_on("main form[action^=\"/parcours/actions/apercu\"] button.btn").await;
    assert_eq!(browser.focused_id().await, "erreurs", "{}", browser.words().await);
    browser.audit_as("refuse", Audit::Refusal).await;
    browser.fill("note", "Vu en réunion.").await;
    browser.click_on("main form[action^=\"/parcours/actions/apercu\"] button.btn").await;
    browser.sees(&["Ce qui va se passer"]).await;
    browser.close().await;
    site.close().await;
}
