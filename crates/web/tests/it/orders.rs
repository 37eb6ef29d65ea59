//! Purchase orders in the browser: whole journeys by each role, and what each may not do or see.

use app::{NewAccount, OrderOptions, OrderTarget};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::identifiers::{BodyCode, EmailAddress, PathReference};
use domain::order::OrderTransition;
use domain::path::{Act, Transition};
use domain::people::{Account, OutsideRole, StaffRole};
use domain::samples;
use serde_json::json;

use crate::kit::{Kit, Page, encode, with};
use crate::paths::opened;

/// A browser in which someone is signed in.
pub struct Desk<'k> {
    kit: &'k Kit,
    cookie: String,
}

impl<'k> Desk<'k> {
    pub async fn of(kit: &'k Kit, account: &Account) -> Self {
        let (_, secret) = kit.app.open_session(account, "essai", "").await.expect("a session");
        Self { kit, cookie: format!("jalon={secret}") }
    }

    /// Someone of a role whom the bench knows.
    pub async fn role(kit: &'k Kit, role: StaffRole) -> Self {
        let accounts = kit.app.accounts().await.expect("accounts");
        let account = accounts.into_iter().find(|account| account.role == role).expect("an account of this role");
        Self::of(kit, &account).await
    }

    /// Someone new.
    pub async fn new(kit: &'k Kit, role: StaffRole, body: Option<&str>, email: &str) -> Self {
        let account = NewAccount {
            email: EmailAddress::parse(email).expect("an address"),
            name: "Dominique Essai".to_owned(),
            role,
            body: body.map(|body| BodyCode::parse(body).expect("a body")),
            lots: Vec::new(),
            phone: None,
            ends_on: (role == StaffRole::Auditor).then(|| samples::day("2027-12-31")),
        };
        let account = kit.app.create_account(account).await.expect("an account");
        Self::of(kit, &account).await
    }

    pub async fn get(&self, address: &str) -> Page {
        let request = Request::get(address).header(header::COOKIE, &self.cookie);
        self.kit.send(request.body(Body::empty()).expect("a request")).await
    }

    /// A GET with headers of its own.
    pub async fn get_as(&self, address: &str, headers: &[(&str, &str)]) -> Page {
        let mut request = Request::get(address).header(header::COOKIE, &self.cookie);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.kit.send(request.body(Body::empty()).expect("a request")).await
    }

    pub async fn head(&self, address: &str) -> Page {
        let request = Request::head(address).header(header::COOKIE, &self.cookie);
        self.kit.send(request.body(Body::empty()).expect("a request")).await
    }

    pub async fn post(&self, address: &str, form: &[(String, String)]) -> Page {
        let pairs: Vec<_> = form.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        let request = Request::post(address)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.kit.send(request.body(Body::from(pairs.join("&"))).expect("a request")).await
    }

    /// Sends a form with a file, which stands under the name `fichier`.
    pub async fn send_file(&self, address: &str, form: &[(String, String)], file: Option<(&str, &[u8])>) -> Page {
        const LIMIT: &str = "jalon-essai";
        let mut body = Vec::new();
        for (name, value) in form {
            let part = format!("--{LIMIT}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        if let Some((name, bytes)) = file {
            let part = format!(
                "--{LIMIT}\r\nContent-Disposition: form-data; name=\"fichier\"; filename=\"{name}\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n"
            );
            body.extend_from_slice(part.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{LIMIT}--\r\n").as_bytes());
        let request = Request::post(address)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={LIMIT}"))
            .header("sec-fetch-site", "same-origin");
        self.kit.send(request.body(Body::from(body)).expect("a request")).await
    }

    /// Fills the form of a page and sends it; when it shows what will happen, sends it again for good.
    pub async fn fill(&self, address: &str, action: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.get(address).await;
        assert_eq!(page.status, StatusCode::OK, "{address}: {}", page.text);
        let shown = self.post(action, &with(page.form(action), fields)).await;
        let only_looks = fields.iter().any(|(name, _)| *name == "voir");
        if only_looks || shown.status != StatusCode::OK || !shown.text.contains("name=\"repetition\"") {
            return shown;
        }
        self.post(action, &with(shown.form(action), &[fields, &[("faire", "oui")]].concat())).await
    }

    /// The same, and the page it leads to.
    pub async fn done(&self, address: &str, action: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.fill(address, action, fields).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
        self.get(page.location()).await
    }
}

const DRAFT: &[(&str, &str)] = &[("budget_year", "2026"), ("units_P1", "3"), ("units_N2", "2")];

/// Notifies an order of some units by the use cases.
async fn notified(kit: &Kit, units: &str) {
    let accounts = kit.app.accounts().await.expect("accounts");
    let finance = accounts.iter().find(|account| account.role == StaffRole::RegionFinance).expect("finance").actor();
    let officer = kit.officer.actor();
    let sent = json!({"channel": "buyer_profile", "sent_on": kit.today, "consulted_on": kit.today, "proof": "AR 2"});
    let mut target = OrderTarget::New;
    for (step, actor, form) in [
        (OrderTransition::DraftOrder, &officer, json!({"lot": "1", "budget_year": 2026, "units": units})),
        (OrderTransition::RequestEndorsement, &officer, json!({})),
        (OrderTransition::Endorse, &finance, json!({"commitment_number": "E-2026-2"})),
        (OrderTransition::NotifyOrder, &officer, sent),
    ] {
        let form = form.as_object().cloned().expect("an object");
        let done = Box::pin(kit.app.order(actor, &target, step, &form, &OrderOptions::default())).await;
        target = OrderTarget::Order(done.expect("the order goes through").order.reference);
    }
}

/// Drafts an order by the use case; its address.
pub async fn drafted(kit: &Kit) -> String {
    let form = json!({"lot": "1", "budget_year": 2026, "units": "P1 3, N2 2"});
    let form = form.as_object().cloned().expect("an object");
    let officer = kit.officer.actor();
    let options = OrderOptions::default();
    let outcome =
        Box::pin(kit.app.order(&officer, &OrderTarget::New, OrderTransition::DraftOrder, &form, &options)).await;
    format!("/commandes/{}", outcome.expect("a draft").order.reference)
}

/// The page of the order that the bench notified.
const NOTIFIED: &str = "/commandes/BC-1-2026-0001";

#[tokio::test(flavor = "multi_thread")]
async fn an_order_goes_from_draft_to_settled_by_three_people() {
    let kit = Kit::new().await;
    let officer = Desk::of(&kit, &kit.officer).await;
    let finance = Desk::role(&kit, StaffRole::RegionFinance).await;
    let coordinator = Desk::of(&kit, &kit.coordinator).await;

    officer.get("/commandes").await.shows(&[
        "BC-1-2026-0001",
        "Notifié",
        "Préparer un bon de commande",
        "1 bon de commande",
    ]);
    officer.get("/commandes/nouvelle").await.shows(&["Pour quel lot ?", "Lot 1"]);
    let lot = "/commandes/nouvelle?lot=1";
    officer
        .get(lot)
        .await
        .shows(&["P1, étude de faisabilité", "Voir ce qui va se passer"])
        .lacks(&["Préparer le brouillon"]);
    let shown = officer.fill(lot, lot, &[DRAFT, &[("voir", "oui")]].concat()).await;
    assert_eq!(shown.status, StatusCode::OK);
    shown.shows(&["Ce qui va se passer", "Préparer le brouillon de", "Budget 2026", "Maximum du lot 1"]);
    let nothing = officer.fill(lot, lot, &[("budget_year", "2026"), ("voir", "oui")]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    nothing.shows(&["indiquez un nombre pour une option au moins"]);

    let page = officer.done(lot, lot, DRAFT).await;
    page.shows(&[
        "BC-1-2026-0002",
        "Bon de commande préparé",
        "Brouillon",
        "Région : demander le visa",
        "Si le visa est donné",
    ]);
    let order = "/commandes/BC-1-2026-0002";
    assert_eq!(coordinator.get(order).await.status, StatusCode::NOT_FOUND);
    let step = |name: &str| format!("{order}/etapes/{name}");

    let correct = step("correct_order");
    let form = officer.get(&correct).await;
    form.shows(&[
        "Corriger le bon de commande",
        "name=\"units_P1\" type=\"number\" min=\"0\" step=\"1\" inputmode=\"numeric\" value=\"3\"",
    ]);
    form.lacks(&["Unités retirées", "name=\"add_P1\""]);
    let same = officer.fill(&correct, &correct, &[("units_P1", "3"), ("units_N2", "2")]).await;
    assert_eq!(same.status, StatusCode::CONFLICT);
    same.shows(&["Rien ne changerait"]);
    let nothing = officer.fill(&correct, &correct, &[("units_N2", "0")]).await;
    assert_eq!(nothing.status, StatusCode::CONFLICT);
    nothing.shows(&["ne commanderait rien", "href=\"#units\""]);
    officer.done(&correct, &correct, &[("units_P1", "4"), ("units_N2", "2")]).await.shows(&[
        "Bon de commande corrigé",
        "8 400,00",
        "Aucun message ne part.",
    ]);

    let ask = step("request_endorsement");
    officer.get(&ask).await.shows(&[
        "Service financier",
        "Demander le visa du service financier",
        "Aujourd’hui",
        "Après",
    ]);
    officer.done(&ask, &ask, &[]).await.shows(&["Visa demandé", "À viser", "Un message part à"]);

    let endorse = step("endorse");
    finance.get(order).await.shows(&["Relire et viser", "Refuser le visa"]);
    let missing = finance.fill(&endorse, &endorse, &[]).await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
    missing.shows(&["Numéro d’engagement : ce champ est obligatoire"]);
    finance.get(&endorse).await.shows(&["Budget 2026", "Voir ce qui va se passer"]).lacks(&["Viser et engager"]);
    finance
        .done(&endorse, &endorse, &[("commitment_number", "E-2026-77")])
        .await
        .shows(&["Bon de commande visé", "E-2026-77"]);

    let notify = step("notify_order");
    officer.get(&notify).await.shows(&["Date d’envoi", "deviennent disponibles"]).lacks(&["Budget 2026"]);
    officer
        .done(&notify, &notify, &[("channel", "buyer_profile"), ("sent_on", "2026-03-02"), ("proof", "AR 7")])
        .await
        .shows(&["Bon de commande notifié", "AR 7", "10 mars 2026"]);

    coordinator
        .get("/commandes")
        .await
        .shows(&["BC-1-2026-0002", "BC-1-2026-0001"])
        .lacks(&["Préparer un bon", "Budget 2026"]);
    let observe = step("make_reservations");
    coordinator.get(order).await.shows(&["Écrire des observations"]).lacks(&["Budget 2026", "Solder"]);
    coordinator
        .done(&observe, &observe, &[("observations", "Le délai est court.")])
        .await
        .shows(&["Le délai est court."]);

    let settle = step("settle_order");
    officer.get(&settle).await.shows(&["6 unités et", "Solder et libérer"]);
    officer.done(&settle, &settle, &[]).await.shows(&["Bon de commande soldé", "Soldé"]);
    let closed = officer.get(&settle).await;
    assert_eq!(closed.status, StatusCode::CONFLICT);
    closed.shows(&["n’est pas possible"]).lacks(&["class=\"step"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_amended_with_units_in_tables() {
    let kit = Kit::new().await;
    let officer = Desk::of(&kit, &kit.officer).await;
    let amend = format!("{NOTIFIED}/etapes/amend_order");
    let fields = [("reason", "Les besoins changent."), ("add_P1", "4"), ("remove_N1", "2")];
    let both = [("reason", "Les besoins changent."), ("add_P1", "300"), ("remove_P1", "300")];
    let refused = officer.fill(&amend, &amend, &both).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    refused.shows(&["href=\"#remove\"", "c’est moins que les 300 à retirer"]).lacks(&["figure deux fois"]);
    let counted = officer.fill(&amend, &amend, &[&fields[..], &[("voir", "oui")]].concat()).await;
    counted.shows(&["Les besoins changent.", "en plus", "en moins", "l’organisme l’apprend à sa notification"]);
    counted.shows(&["Aucun message ne part."]);
    let letters = async || {
        let all = persistence::MessageFilter::default();
        kit.app.messages(&kit.officer.actor(), &all).await.expect("messages").len()
    };
    let before = letters().await;
    let page = officer.done(&amend, &amend, &fields).await;
    assert_eq!(letters().await, before, "nobody is told of a draft");
    page.shows(&[
        "Aucun message ne part.",
        "BC-1-2026-0002",
        "Ce bon de commande modifie",
        "Il retire du bon de commande d’origine : 2 unités de N1",
    ]);
    officer.get(NOTIFIED).await.shows(&["Modifié par", "Pas encore notifié."]);
    let correct = "/commandes/BC-1-2026-0002/etapes/correct_order";
    officer.get(correct).await.shows(&["Unités ajoutées", "Unités retirées", "Libres"]);
    let corrected = [("units_P1", "5"), ("remove_N1", "1")];
    officer
        .done(correct, correct, &corrected)
        .await
        .shows(&["Il retire du bon de commande d’origine : 1 unité de N1", "Bon de commande corrigé"]);
    let too_many = [("reason", "Trop."), ("remove_N1", "9")];
    let refused = officer.fill(&amend, &amend, &too_many).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    refused.shows(&["déjà en cours"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_see_an_order_finds_no_page() {
    let kit = Kit::new().await;
    let draft = drafted(&kit).await;
    let ask = format!("{draft}/etapes/request_endorsement");
    let other = Desk::new(&kit, StaffRole::Coordinator, Some(samples::BODY_2), "autre@lot2.example").await;
    let coordinator = Desk::of(&kit, &kit.coordinator).await;
    let finance = Desk::role(&kit, StaffRole::RegionFinance).await;
    let viewer = Desk::new(&kit, StaffRole::RegionViewer, None, "lecture@region.example").await;
    let officer = Desk::of(&kit, &kit.officer).await;
    let hidden = [
        (&other, NOTIFIED.to_owned()),
        (&other, draft.clone()),
        (&coordinator, draft.clone()),
        (&coordinator, ask.clone()),
        (&coordinator, "/commandes/nouvelle".to_owned()),
        (&coordinator, format!("{NOTIFIED}/etapes/settle_order")),
        (&finance, ask.clone()),
        (&finance, "/commandes/nouvelle".to_owned()),
        (&finance, format!("{draft}/etapes/notify_order")),
        (&officer, format!("{draft}/etapes/endorse")),
        (&officer, format!("{draft}/etapes/draft_order")),
        (&officer, format!("{draft}/etapes/autre")),
        (&officer, "/commandes/rien".to_owned()),
        (&viewer, ask.clone()),
        (&viewer, "/commandes/nouvelle".to_owned()),
    ];
    for (desk, address) in &hidden {
        let page = desk.get(address).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{address}");
        let missing = desk.get("/commandes/BC-1-2026-0999").await;
        assert_eq!(page.text, missing.text, "{address}: the same bytes as nothing");
        let sent = desk.post(address, &[("cle".to_owned(), "AAAA".to_owned())]).await;
        assert!(matches!(sent.status, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED), "{address}");
    }
    viewer.get(&draft).await.shows(&["Brouillon"]).lacks(&["Relire et demander"]);
    other.get("/commandes").await.shows(&["Aucun bon de commande ne vous est notifié"]).lacks(&["BC-1"]);
    for address in ["/commandes", NOTIFIED, "/commandes/nouvelle", &ask] {
        let page = kit.get(address).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
        assert!(page.location().starts_with("/connexion?retour="), "{}", page.location());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_acts_once_with_its_own_ticket_on_the_version_that_was_read() {
    let kit = Kit::new().await;
    let draft = drafted(&kit).await;
    let officer = Desk::of(&kit, &kit.officer).await;
    let ask = format!("{draft}/etapes/request_endorsement");
    let cancel = format!("{draft}/etapes/cancel_order");
    let form = officer.get(&ask).await.form(&ask);
    let late = officer.get(&cancel).await.form(&cancel);

    let forged: Vec<_> = form.iter().map(|(name, _)| (name.clone(), "AAAA".to_owned())).collect();
    assert_eq!(officer.post(&ask, &forged).await.status, StatusCode::FORBIDDEN);
    let other_step = officer.post(&cancel, &with(form.clone(), &[("reason", "x")])).await;
    assert_eq!(other_step.status, StatusCode::FORBIDDEN, "a ticket is for one step");
    let finance = Desk::role(&kit, StaffRole::RegionFinance).await;
    let refuse = format!("{draft}/etapes/refuse_endorsement");
    assert_eq!(finance.post(&refuse, &form).await.status, StatusCode::FORBIDDEN, "and for one session");

    let shown = officer.post(&ask, &with(form.clone(), &[("mot", "Merci.")])).await;
    assert_eq!(shown.status, StatusCode::OK, "without its button, nothing is done");
    let form = with(form, &[("faire", "oui")]);
    let changed = officer.post(&ask, &with(form.clone(), &[("mot", "Merci.")])).await;
    assert_eq!(changed.status, StatusCode::OK, "what was not shown is not done");
    changed.shows(&["Vous avez modifié le formulaire", "Merci."]);
    let first = officer.post(&ask, &form).await;
    let again = officer.post(&ask, &form).await;
    assert_eq!((first.status, again.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
    assert_eq!(first.location(), again.location());

    let stale = officer.post(&cancel, &with(late, &[("reason", "Fait double emploi.")])).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    stale.shows(&[
        "Le bon de commande a changé",
        "a demandé le visa",
        "Fait double emploi.",
        "Annuler le bon de commande",
    ]);
    officer.get(&draft).await.shows(&["À viser"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn finance_sees_by_how_much_a_budget_would_be_exceeded() {
    let mut market = samples::market();
    market.budget_per_year = domain::money::Cents::new(4_000_000);
    let kit = Box::pin(Kit::with(market)).await;
    let draft = drafted(&kit).await;
    let officer = Desk::of(&kit, &kit.officer).await;
    let ask = format!("{draft}/etapes/request_endorsement");
    officer.done(&ask, &ask, &[]).await.shows(&["À viser"]);
    let finance = Desk::role(&kit, StaffRole::RegionFinance).await;
    let endorse = format!("{draft}/etapes/endorse");
    finance.get(&endorse).await.shows(&["dépassé de"]).lacks(&["attendent un visa"]);
    let second = drafted(&kit).await;
    officer.get(&format!("{second}/etapes/request_endorsement")).await.shows(&["7 800,00 € de plus attendent un visa"]);
    finance.get("/lots/1").await.shows(&["7 800,00 € de plus attendent un visa"]);
    let refused = finance.fill(&endorse, &endorse, &[("commitment_number", "E-9")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    refused.shows(&["Le budget de 2026 serait dépassé", "value=\"E-9\""]);
    finance.get(&draft).await.shows(&["À viser"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_filtered_by_its_address() {
    let kit = Kit::new().await;
    let draft = drafted(&kit).await;
    let officer = Desk::of(&kit, &kit.officer).await;
    officer.get("/commandes?etat=draft").await.shows(&["BC-1-2026-0002"]).lacks(&["BC-1-2026-0001"]);
    officer.get("/commandes?lot=2").await.shows(&["Aucun bon de commande ne répond à ces filtres"]);
    officer.get("/commandes?annee=2027").await.shows(&["Effacer les filtres"]);
    officer.get("/commandes?apres=BC-1-2026-0002").await.shows(&["BC-1-2026-0001"]).lacks(&["BC-1-2026-0002</a>"]);
    assert!(draft.ends_with("0002"));
    officer.get("/commandes?lot=%00&etat=rien&annee=x").await.shows(&["BC-1-2026-0001"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_shows_each_message_as_it_will_leave_and_keeps_a_draft() {
    let kit = Kit::new().await;
    let draft = drafted(&kit).await;
    let officer = Desk::of(&kit, &kit.officer).await;
    let finance = Desk::role(&kit, StaffRole::RegionFinance).await;
    let ask = format!("{draft}/etapes/request_endorsement");
    let said = [("mot", "Le lot 1 d’abord, merci.")];
    let page = officer.get(&ask).await;
    page.shows(&["1 message partira aussitôt", "Objet", "Bon de commande à viser", "et envoyer 1 message"]);
    let shown = officer.post(&ask, &with(page.form(&ask), &said)).await;
    shown.shows(&["Le lot 1 d’abord, merci."]);
    let done = officer.post(&ask, &with(shown.form(&ask), &[&said[..], &[("faire", "oui")]].concat())).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let messages = kit.app.messages(&kit.officer.actor(), &persistence::MessageFilter::default()).await;
    let sent = messages.expect("messages").into_iter().find(|message| message.content.kind == "order_to_endorse");
    assert!(sent.expect("the message").content.text.contains("Le lot 1 d’abord, merci."));

    let refuse = format!("{draft}/etapes/refuse_endorsement");
    let form = finance.get(&refuse).await.form(&refuse);
    let typed = [("reason", "L’année est à corriger.")];
    finance.post(&refuse, &with(form.clone(), &typed)).await.shows(&["Refuser le visa et envoyer 1 message"]);
    let back = finance.get(&refuse).await;
    back.shows(&["L’année est à corriger.", "Brouillon du", "Refuser le visa et envoyer 1 message"]);
    let other = Desk::new(&kit, StaffRole::RegionFinance, None, "autre.finances@region.example").await;
    other.get(&refuse).await.lacks(&["L’année est à corriger."]);
    let erased = finance.post(&refuse, &with(form, &[("effacer", "oui")])).await;
    assert_eq!(erased.status, StatusCode::SEE_OTHER);
    finance.get(&refuse).await.lacks(&["L’année est à corriger."]);

    let new = "/commandes/nouvelle?lot=1";
    let refused = officer.fill(new, new, &[("budget_year", "2026"), ("units_P1", "dix")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    officer.get(new).await.shows(&["value=\"dix\""]);
    let quota = "/lots/1/avenant";
    officer.fill(quota, quota, &[("places", "3"), ("reference", "Avenant n° 9")]).await.shows(&["Avenant n° 9"]);
    officer.get(quota).await.shows(&["value=\"3\"", "value=\"Avenant n° 9\"", "Aucun message ne part"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_used_for_one_form_is_refused_for_another() {
    let kit = Kit::new().await;
    let officer = kit.officer.actor();
    let options = OrderOptions { idempotency_key: Some("cle-1".to_owned()), ..OrderOptions::default() };
    let draft = async |units: &str| {
        let form = json!({"lot": "1", "budget_year": 2026, "units": units});
        let form = form.as_object().cloned().expect("an object");
        Box::pin(kit.app.order(&officer, &OrderTarget::New, OrderTransition::DraftOrder, &form, &options)).await
    };
    let first = draft("P1 3").await.expect("a draft");
    let again = draft("P1 3").await.expect("the first answer");
    assert_eq!((again.replayed, &again.order.reference), (true, &first.order.reference));
    let other = draft("P1 4").await;
    assert!(matches!(other, Err(app::AppError::KeyReused)), "{other:?}");
    assert_eq!(kit.app.orders(&officer).await.expect("orders").len(), 2, "the one of the bench and one draft");
}

/// Notifies an order of which nobody knows that it was consulted; its address.
pub async fn unread(kit: &Kit) -> String {
    let draft = drafted(kit).await;
    let officer = Desk::of(kit, &kit.officer).await;
    let finance = Desk::role(kit, StaffRole::RegionFinance).await;
    let step = |name: &str| format!("{draft}/etapes/{name}");
    officer.done(&step("request_endorsement"), &step("request_endorsement"), &[]).await;
    finance.done(&step("endorse"), &step("endorse"), &[("commitment_number", "E-2026-78")]).await;
    let fields = [("channel", "email"), ("sent_on", "2026-03-02")];
    officer.done(&step("notify_order"), &step("notify_order"), &fields).await.shows(&["10 mars 2026"]);
    draft
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_opening_by_the_holder_dates_the_order_once() {
    let mut kit = Kit::new().await;
    let order = unread(&kit).await;
    kit.wait(2).await;
    let officer = Desk::of(&kit, &kit.officer).await;
    let other = Desk::new(&kit, StaffRole::Coordinator, Some(samples::BODY_2), "autre@lot2.example").await;
    assert_eq!(other.get(&order).await.status, StatusCode::NOT_FOUND);
    officer.get(&order).await.shows(&["10 mars 2026"]).lacks(&["Première consultation</dt>"]);
    let coordinator = Desk::of(&kit, &kit.coordinator).await;
    let read = ["L’organisme de formation a consulté le bon de commande pour la première fois", "4 mars 2026"];
    // HEAD is a machine's: it dates nothing.
    for address in [&order, &format!("{order}/etapes/make_reservations")] {
        assert_eq!(coordinator.head(address).await.status, StatusCode::OK, "{address}");
        officer.get(&order).await.shows(&["10 mars 2026"]).lacks(&read[..1]);
    }
    // So is what a browser fetches ahead, or for something else than a page that it shows.
    for said in [
        ("sec-purpose", "prefetch"),
        ("sec-purpose", "prefetch;prerender"),
        ("purpose", "prefetch"),
        ("sec-fetch-dest", "empty"),
        ("sec-fetch-dest", "iframe"),
    ] {
        assert_eq!(coordinator.get_as(&order, &[said]).await.status, StatusCode::OK, "{said:?}");
        officer.get(&order).await.lacks(&read[..1]);
    }
    // A step that is not theirs has no page, and reads nothing.
    assert_eq!(coordinator.get(&format!("{order}/etapes/endorse")).await.status, StatusCode::NOT_FOUND);
    officer.get(&order).await.lacks(&read[..1]);
    coordinator.get_as(&order, &[("sec-fetch-dest", "document")]).await.shows(&read);
    kit.wait(1).await;
    Desk::of(&kit, &kit.coordinator).await.get(&order).await.shows(&read).lacks(&["le 5 mars 2026"]);

    // One learnt otherwise counts when it came before, and is the Region's to record.
    let officer = Desk::of(&kit, &kit.officer).await;
    let record = format!("{order}/etapes/record_consultation");
    let later = officer.fill(&record, &record, &[("consulted_on", "2026-03-05")]).await;
    assert_eq!(later.status, StatusCode::CONFLICT);
    later.shows(&["La première consultation est déjà connue, le 4 mars 2026"]);
    officer.done(&record, &record, &[("consulted_on", "2026-03-03")]).await.shows(&["3 mars 2026"]);
    let coordinator = Desk::of(&kit, &kit.coordinator).await;
    assert_eq!(coordinator.get(&record).await.status, StatusCode::NOT_FOUND);
}

/// A payment request of so much, without and with tax, received on a day.
fn asked<'a>(amount: &'a str, including_tax: &'a str, on: &'a str) -> [(&'a str, &'a str); 4] {
    [("number", "CPP-118"), ("received_on", on), ("amount", amount), ("including_tax", including_tax)]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_admitted_is_invoiced_and_paid() {
    // Its study and its preparation are admitted: 2 000 € of the order of the bench, of which 600 are asked first.
    let (mut kit, _, _) = Box::pin(Kit::pif_written()).await;
    let finance = Desk::role(&kit, StaffRole::RegionFinance).await;
    let coordinator = Desk::of(&kit, &kit.coordinator).await;
    let step = |name: &str| format!("{NOTIFIED}/etapes/{name}");
    let (request, today) = (step("record_payment_request"), kit.today.to_string());
    let page = finance.get(NOTIFIED).await;
    page.shows(&["Paiement", "Enregistrer une demande de paiement"]);
    let above = finance.fill(&request, &request, &asked("90000", "108000", &today)).await;
    assert_eq!(above.status, StatusCode::CONFLICT);
    above.shows(&["dépasse ce qui est admis", "CPP-118"]);
    assert_eq!(coordinator.get(&request).await.status, StatusCode::NOT_FOUND);
    finance.get(&request).await.shows(&["2 000,00 € hors taxes à facturer", "cela fait 2 400,00 €"]);
    let untaxed = finance.fill(&request, &request, &asked("600", "", &today)).await;
    assert_eq!(untaxed.status, StatusCode::CONFLICT);
    untaxed.shows(&["href=\"#record_payment_request-including_tax\"", "720,00 € sont attendus"]);
    let seen = ("voir", "oui");
    let little = finance.fill(&request, &request, &[&asked("600", "600", &today)[..], &[seen]].concat()).await;
    little.shows(&["720,00 € toutes taxes comprises sont attendus, et non 600,00 €"]);
    let page = finance.done(&request, &request, &asked("600", "720", &today)).await;
    page.shows(&[
        "Demande de paiement enregistrée",
        "Aucun message ne part",
        "CPP-118",
        "Interrompre le délai de paiement",
    ]);
    finance.get("/").await.shows(&[
        "Paiements à faire",
        "CPP-118",
        "1</b> paiement à faire",
        "/commandes?etat=to_endorse",
    ]);
    coordinator.get(NOTIFIED).await.shows(&["CPP-118"]).lacks(&["Interrompre le délai"]);
    finance.get("/lots/1").await.shows(&[
        "Facturé</dt><dd>600,00",
        "Budget 2026, tous lots",
        "Lot 1 sur le budget 2026",
        "servis, 600,00 € facturés, 0,00 € payés",
    ]);

    let interrupt = step("interrupt_payment");
    let fields = [("number", "CPP-118"), ("interrupted_on", &*today), ("reason", "Le certificat manque.")];
    let shown = finance.fill(&interrupt, &interrupt, &[&fields[..], &[seen]].concat()).await;
    shown.shows(&["Délai de paiement interrompu", "Le certificat manque.", "1 message partira aussitôt"]);
    finance.done(&interrupt, &interrupt, &fields).await.shows(&["Délai interrompu", "Le certificat manque."]);
    let stopped =
        ["Délais de paiement interrompus", "CPP-118", "Le certificat manque.", "Reprendre le délai de paiement"];
    finance.get("/").await.shows(&stopped).shows(&["0</b> paiement à faire"]).lacks(&["Paiements à faire"]);
    finance
        .get(&format!("{}?number=CPP-118", step("resume_payment")))
        .await
        .shows(&["600,00 € hors taxes, 720,00 € toutes taxes comprises"]);
    let resume = step("resume_payment");
    finance.done(&resume, &resume, &[("number", "CPP-118"), ("resumed_on", &today)]).await;
    let gone = finance.get(&interrupt).await;
    assert_eq!(gone.status, StatusCode::CONFLICT, "the time to pay is interrupted once");

    // Reminders before the due day, each once; then what lateness costs.
    let reminders = async |kit: &Kit| {
        kit.app.tick().await.expect("the clock rings");
        kit.app.tick().await.expect("the clock rings");
        let messages = kit.app.messages(&kit.officer.actor(), &persistence::MessageFilter::default()).await;
        messages.expect("messages").iter().filter(|message| message.content.kind == "payment_due").count()
    };
    assert_eq!(reminders(&kit).await, 0);
    kit.wait(22).await;
    assert_eq!(reminders(&kit).await, 1);
    // The day after Easter Monday, on which nobody is reminded.
    kit.wait(6).await;
    assert_eq!(reminders(&kit).await, 2);
    kit.wait(32).await;
    assert_eq!(reminders(&kit).await, 3);
    let finance = Desk::role(&kit, StaffRole::RegionFinance).await;
    finance.get(NOTIFIED).await.shows(&["En retard de", "d’indemnité, à titre indicatif"]);
    let pay = format!("{}?number=CPP-118", step("record_payment"));
    finance.get(&pay).await.shows(&["value=\"CPP-118\""]);
    let fields = [("number", "CPP-118"), ("paid_on", &*kit.today.to_string())];
    finance.done(&pay, &step("record_payment"), &fields).await.shows(&["Paiement enregistré", "Payée"]);
    finance.get("/lots/1").await.shows(&["Payé</dt><dd>600,00"]);
    assert_eq!(reminders(&kit).await, 3);
    let report = kit.app.store().verify(&|_, _| {}).await.expect("the store answers");
    assert!(report.is_empty(), "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_already_late_says_so_before_it_is_recorded() {
    let (mut kit, _, _) = Box::pin(Kit::pif_written()).await;
    let received = kit.today.to_string();
    kit.wait(60).await;
    let finance = Desk::role(&kit, StaffRole::RegionFinance).await;
    let step = |name: &str| format!("{NOTIFIED}/etapes/{name}");
    let request = step("record_payment_request");
    let fields = [&asked("600", "720", &received)[..], &[("voir", "oui")]].concat();
    finance.fill(&request, &request, &fields).await.shows(&["il est dépassé depuis"]);
    finance
        .done(&request, &request, &asked("600", "720", &received))
        .await
        .shows(&["En retard de", "Reporter une interruption faite avant l’échéance"]);
    let named = format!("{}?number=CPP-118", step("interrupt_payment"));
    finance.get(&named).await.shows(&["il est dépassé depuis", "Un délai dépassé ne s’interrompt plus"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_queue_of_verifications_goes_on_and_counts_all_of_it() {
    let mut kit = Kit::new().await;
    let names: Vec<String> = (0..32).map(|number| format!("Atelier {number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    notified(&kit, "P1 40").await;
    let references = opened(&mut kit, &names).await;
    let (coordinator, officer) = (kit.coordinator.actor(), kit.officer.actor());
    for reference in &references {
        let reference = PathReference::parse(reference).expect("a reference");
        kit.path = Some(kit.app.path(&officer, &reference).await.expect("the path").path);
        kit.sample(&officer, Transition::OrderFeasibility).await;
        kit.sample(&coordinator, Transition::StartFeasibility).await;
        kit.sample(&coordinator, Act::AskConfirmation).await;
        let company = kit.outside(OutsideRole::Company);
        kit.sample(&company, Act::ConfirmCommitment).await;
    }
    kit.wait(8).await;
    for reference in &references {
        let reference = PathReference::parse(reference).expect("a reference");
        kit.path = Some(kit.app.path(&officer, &reference).await.expect("the path").path);
        kit.sample(&coordinator, Transition::DeliverFeasibility).await;
    }
    let desk = Desk::of(&kit, &kit.officer).await;
    let first = desk.get("/commandes/verification?lot=1").await;
    first.shows(&["32 prestations attendent une décision", "Échéances suivantes"]).lacks(&["Revenir au début"]);
    assert_eq!(first.text.matches("card verify").count(), 30);
    let next = first.text.split("aria-label=\"Pages\">").nth(1).and_then(|rest| rest.split('"').nth(1));
    let next = next.expect("a link").replace("&amp;", "&").replace("&#38;", "&");
    let second = desk.get(&next).await;
    second.shows(&["32 prestations attendent une décision", "Revenir au début"]).lacks(&["Échéances suivantes"]);
    assert_eq!(second.text.matches("card verify").count(), 2);
    for reference in &references {
        let heading = format!("<h2 id=\"{reference}\">");
        assert_eq!(first.text.contains(&heading), !second.text.contains(&heading), "{reference}");
    }
    desk.get("/commandes/verification?apres=rien").await.shows(&["32 prestations"]).lacks(&["Revenir au début"]);
}
