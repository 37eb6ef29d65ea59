//! Both lots with one path and one order each, and everyone at a browser.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use app::{OrderOptions, OrderTarget};
use axum::body::Body;
use axum::http::{Method, Request, header};
use domain::identifiers::{BodyCode, LotCode};
use domain::order::OrderTransition;
use domain::path::{Act, Transition};
use domain::people::{Account, Actor, OutsideRole, RecipientRole, StaffRole};
use domain::samples;
use serde_json::{Value, json};

use super::sent::Sent;
use crate::kit::{Kit, Page};
use crate::needs;

/// What is of a lot.
#[derive(Debug)]
pub(super) struct Things {
    pub(super) values: BTreeMap<&'static str, String>,
}

/// Someone at a browser.
pub(super) struct Someone {
    pub(super) name: &'static str,
    pub(super) account: Account,
    /// Two sessions of the same account.
    pub(super) secrets: [String; 2],
    /// Whether they work for one lot alone: the Region sees every lot, a body its own.
    pub(super) of_lot_1: bool,
}

/// Both lots with one path and one order each, and everyone signed in.
pub(super) struct World {
    pub(super) kit: Kit,
    pub(super) lots: [Things; 2],
    pub(super) everyone: Vec<Someone>,
}

async fn account(
    kit: &Kit,
    role: StaffRole,
    sample: u8,
    email: &str,
    body: Option<&str>,
    lot: Option<&str>,
) -> Account {
    let sample = samples::account(role, sample);
    let new = app::NewAccount {
        email: samples::email(email),
        name: sample.name,
        role,
        body: body.map(|body| BodyCode::parse(body).expect("a body")),
        lots: lot.map(|lot| LotCode::parse(lot).expect("a lot")).into_iter().collect(),
        phone: None,
        ends_on: (role == StaffRole::Auditor).then(|| samples::day("2027-12-31")),
    };
    kit.app.create_account(new).await.expect("an account")
}

/// A notified order of lot 2.
async fn order_of_lot_2(kit: &Kit, finance: &Account) -> String {
    let steps: [(OrderTransition, &Account, Value); 4] = [
        (
            OrderTransition::DraftOrder,
            &kit.officer,
            json!({"lot": "2", "budget_year": 2026, "units": "P1 5, M1 5, M2 5, N1 5, N2 5"}),
        ),
        (OrderTransition::RequestEndorsement, &kit.officer, json!({})),
        (OrderTransition::Endorse, finance, json!({"commitment_number": "E-2026-2"})),
        (
            OrderTransition::NotifyOrder,
            &kit.officer,
            json!({"channel": "buyer_profile", "sent_on": kit.today, "consulted_on": kit.today, "proof": "AR 2"}),
        ),
    ];
    let mut target = OrderTarget::New;
    for (transition, account, form) in steps {
        let form = form.as_object().cloned().unwrap_or_default();
        let done =
            Box::pin(kit.app.order(&account.actor(), &target, transition, &form, &OrderOptions::default())).await;
        target = OrderTarget::Order(done.expect("the order goes through").order.reference);
    }
    match target {
        OrderTarget::Order(reference) => reference.to_string(),
        OrderTarget::New => String::new(),
    }
}

/// The study of the bench's path is delivered: there is a document, messages, a decision to take.
async fn deliver(kit: &mut Kit) {
    let company = kit.outside(OutsideRole::Company);
    kit.sample(&company, Act::ConfirmCommitment).await;
    kit.wait(8).await;
    let coordinator = kit.coordinator.actor();
    kit.sample(&coordinator, Transition::DeliverFeasibility).await;
}

async fn things(kit: &Kit, order: &str, holder: &Account, need: &[(&str, &str)]) -> Things {
    let view = kit.app.path(&Actor::System, &kit.path().reference).await.expect("the path");
    let document = view.documents.first().expect("the study is a document").id;
    let proven = view.events.iter().find(|recorded| view.proven.contains(&recorded.id));
    let message = view.messages.first().expect("a message was sent").content.id;
    let values = BTreeMap::from([
        ("{path}", view.path.reference.to_string()),
        ("{order}", order.to_owned()),
        ("{siret}", view.path.workplace.siret.to_string()),
        ("{document}", document.to_string()),
        ("{proof}", proven.expect("the company answered").seq.to_string()),
        ("{message}", message.to_string()),
        ("{lot}", view.path.lot.to_string()),
        ("{account}", holder.id.to_string()),
        ("{token}", kit.token(RecipientRole::Company).await),
        ("{need}", needs::reported(kit, need).await),
    ]);
    Things { values }
}

impl World {
    pub(super) async fn new() -> Self {
        let (mut kit, _) = Box::pin(Kit::commitment_asked()).await;
        Box::pin(deliver(&mut kit)).await;
        let first = kit.coordinator.clone();
        let order = kit.app.orders(&kit.officer.actor()).await.expect("the orders");
        let order_1 = order.first().expect("the bench has an order").reference.to_string();
        let lot_1 = things(&kit, &order_1, &first, &[]).await;

        let second = account(
            &kit,
            StaffRole::Coordinator,
            2,
            "coordination@afpa-normandie.example",
            Some(samples::BODY_2),
            None,
        )
        .await;
        let finance = account(&kit, StaffRole::RegionFinance, 2, "finance.2@region.example", None, None).await;
        let order_2 = order_of_lot_2(&kit, &finance).await;
        kit.coordinator = second.clone();
        kit.path = None;
        let mut form = samples::form(Transition::ReportNeed, kit.today);
        for (field, value) in [
            ("siret", "55208131766522"),
            ("company", "Fonderie du Bocage"),
            ("commune", "14118"),
            ("contact_name", "Paule Hamel"),
            ("contact_email", "paule.hamel@fonderie-bocage.example"),
        ] {
            form.insert(field.to_owned(), json!(value));
        }
        let (coordinator, officer) = (second.actor(), kit.officer.actor());
        kit.act(&coordinator, Transition::ReportNeed, form).await;
        kit.sample(&officer, Transition::OrderFeasibility).await;
        kit.sample(&coordinator, Transition::StartFeasibility).await;
        kit.sample(&coordinator, Act::AskConfirmation).await;
        Box::pin(deliver(&mut kit)).await;
        let lot_2 = things(&kit, &order_2, &second, &[("company", "Scierie du Perche"), ("commune", "Alençon")]).await;

        let officer = account(&kit, StaffRole::RegionOfficer, 1, "lot.1@region.example", None, Some("1")).await;
        let viewer = account(&kit, StaffRole::RegionViewer, 1, "lecture@region.example", None, None).await;
        let administrator = account(&kit, StaffRole::Administrator, 1, "admin@region.example", None, None).await;
        let auditor = account(&kit, StaffRole::Auditor, 1, "audit@region.example", None, None).await;
        let mut everyone = Vec::new();
        for (name, account, of_lot_1) in [
            ("coordinator", first, true),
            ("officer", officer, false),
            ("finance", finance, false),
            ("viewer", viewer, false),
            ("administrator", administrator, false),
            ("auditor", auditor, false),
        ] {
            let mut secrets = Vec::new();
            for _ in 0..2 {
                secrets.push(kit.app.open_session(&account, "", "").await.expect("a session").1);
            }
            let secrets = secrets.try_into().expect("two sessions");
            everyone.push(Someone { name, account, secrets, of_lot_1 });
        }
        Self { kit, lots: [lot_1, lot_2], everyone }
    }

    pub(super) async fn send(
        &self,
        method: &str,
        address: &str,
        secret: Option<&str>,
        body: &Sent,
        site: &str,
    ) -> Page {
        let method: Method = method.parse().expect("a method");
        let mut request = Request::builder().method(method.clone()).uri(address);
        if let Some(secret) = secret {
            request = request.header(header::COOKIE, format!("jalon={secret}"));
        }
        if method == Method::GET {
            return self.kit.send(request.body(Body::empty()).expect("a request")).await;
        }
        let (kind, body) = body.encoded();
        request = request.header("sec-fetch-site", site).header(header::CONTENT_TYPE, kind);
        self.kit.send(request.body(Body::from(body)).expect("a request")).await
    }

    pub(super) async fn try_line(&self, method: &str, address: &str, secret: Option<&str>) -> Page {
        self.send(method, address, secret, &Sent::default(), "same-origin").await
    }

    /// Everything that a request could have written, as one text.
    pub(super) async fn written(&self) -> String {
        let mut text = String::new();
        for things in &self.lots {
            let reference = things.values["{path}"].parse().expect("a reference");
            let view = self.kit.app.path(&Actor::System, &reference).await.expect("the path");
            let people: Vec<_> = view.people.iter().map(|person| format!("{person:?}")).collect();
            let (events, messages, documents) = (view.events.len(), view.messages.len(), view.documents.len());
            writeln!(text, "{reference} {:?} {events} {messages} {documents} {people:?}", view.path.version)
                .expect("a text grows");
            writeln!(text, "{:?}", view.tasks).expect("a text grows");
            let need = things.values["{need}"].parse().expect("a key");
            let need = self.kit.app.need(&Actor::System, need).await.expect("the need").proposal;
            writeln!(text, "{need:?}").expect("a text grows");
        }
        writeln!(text, "{:?}", self.kit.app.orders(&Actor::System).await.expect("the orders")).expect("a text grows");
        writeln!(text, "{:?}", self.kit.app.accounts().await.expect("the accounts")).expect("a text grows");
        for someone in &self.everyone {
            let sessions = self.kit.app.sessions(&someone.account).await.expect("the sessions");
            writeln!(text, "{} {}", someone.name, sessions.len()).expect("a text grows");
        }
        text
    }
}

/// An address of a line for a lot.
pub(super) fn filled(address: &str, things: &Things) -> String {
    things.values.iter().fold(address.to_owned(), |address, (name, value)| address.replace(name, value))
}
