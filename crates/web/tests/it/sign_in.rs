//! Signing in with a password: refusals that tell nothing, locks that open with the clock, links that work once, sessions that end.

use app::{PasswordChange, Visitor};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::news::{News, Pace, Preferences};
use domain::people::{Account, StaffRole};
use domain::samples;
use persistence::MessageFilter;

use crate::gallery::complete;
use crate::kit::{Kit, Page};

const PASSWORD: &str = "quatre vaches dans un pré";
const OTHER: &str = "trois chats sur le toit";

async fn with_password() -> Kit {
    let kit = Kit::new().await;
    assert_eq!(kit.app.set_password(&kit.coordinator.email, PASSWORD).await.expect("an answer"), PasswordChange::Done);
    kit
}

fn pairs(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

async fn try_in(kit: &Kit, email: &str, password: &str) -> Page {
    kit.post("/connexion", &pairs(&[("courriel", email), ("mot_de_passe", password)])).await
}

/// The cookies of an answer, as a browser sends them back.
fn cookies(page: &Page) -> String {
    let set = page.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().expect("a cookie is text"));
    set.map(|cookie| cookie.split(';').next().unwrap_or_default()).collect::<Vec<_>>().join("; ")
}

async fn get_as(kit: &Kit, address: &str, cookie: &str) -> Page {
    let request = Request::get(address).header(header::COOKIE, cookie).body(Body::empty());
    kit.send(request.expect("a request")).await
}

async fn post_as(kit: &Kit, address: &str, cookie: &str, fields: &[(String, String)]) -> Page {
    let body: Vec<String> = fields
        .iter()
        .map(|(name, value)| {
            let encode = |text: &str| -> String { text.bytes().map(|byte| format!("%{byte:02X}")).collect() };
            format!("{}={}", encode(name), encode(value))
        })
        .collect();
    let request = Request::post(address)
        .header(header::COOKIE, cookie)
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body.join("&")));
    kit.send(request.expect("a request")).await
}

async fn signed(kit: &Kit, account: &Account) -> String {
    format!(
        "jalon={}",
        kit.app.open_session(account, "Firefox/128.0 (X11; Linux)", "192.0.2.1").await.expect("a session").1
    )
}

async fn administrator(kit: &Kit) -> Account {
    let sample = samples::account(StaffRole::Administrator, 1);
    let new = app::NewAccount {
        email: sample.email,
        name: sample.name,
        role: StaffRole::Administrator,
        body: None,
        lots: Vec::new(),
        phone: None,
        ends_on: None,
    };
    kit.app.create_account(new).await.expect("an account")
}

/// Moves the clock of the store by seconds.
async fn later(kit: &Kit, seconds: i64) {
    let tx = kit.app.store().begin_write().await.expect("a transaction");
    let offset = tx.clock_offset().await.expect("the offset");
    tx.set_clock_offset(offset + chrono::TimeDelta::seconds(seconds)).await.expect("the clock moves");
    tx.commit().await.expect("commit");
}

/// The token of the last link to a password that was sent.
async fn last_link(kit: &Kit) -> Option<String> {
    let tx = kit.app.store().begin_read().await.expect("a transaction");
    let messages = tx.messages(&MessageFilter::default()).await.expect("messages");
    let message = messages
        .into_iter()
        .find(|message| message.content.link.as_ref().is_some_and(|link| link.purpose == "password"))?;
    assert!(!message.content.text.contains("/connexion/mot-de-passe/"), "the link is not in the stored text");
    kit.app.link_of_message(message.content.id).await.expect("the message")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_lets_in_and_out() {
    let kit = with_password().await;
    let email = kit.coordinator.email.to_string();
    let page = try_in(&kit, &email.to_uppercase(), PASSWORD).await;
    assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/"), "{}", page.text);
    for value in page.headers.get_all(header::SET_COOKIE) {
        let value = value.to_str().expect("text");
        assert!(value.contains("HttpOnly") && value.contains("SameSite=Lax"), "{value}");
    }
    let cookie = cookies(&page);
    let account = get_as(&kit, "/compte", &cookie).await;
    account.shows(&["Mon compte", "Cette session", email.as_str()]);
    complete("account", &account);
    let out = post_as(&kit, "/deconnexion", &cookie, &account.form("/deconnexion")).await;
    assert_eq!(out.location(), "/connexion?fait=sortie");
    assert_eq!(get_as(&kit, "/compte", &cookie).await.status, StatusCode::SEE_OTHER, "dead at once");
    let back = kit
        .post(
            "/connexion",
            &pairs(&[("courriel", &email), ("mot_de_passe", PASSWORD), ("retour", "//ailleurs.example")]),
        )
        .await;
    assert_eq!(back.location(), "/", "only our own addresses");
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_closed_without_password_and_wrong_answer_the_same_bytes() {
    let kit = with_password().await;
    kit.app.set_password(&kit.officer.email, PASSWORD).await.expect("a password");
    kit.app.close_account(None, kit.officer.id, None, &app::Visitor::default()).await.expect("closed");
    let viewer = administrator(&kit).await;
    let mut answers = Vec::new();
    for (email, password) in [
        ("personne@nulle.part.example", PASSWORD),
        ("pas une adresse", PASSWORD),
        (kit.officer.email.as_ref(), PASSWORD),
        (viewer.email.as_ref(), PASSWORD),
        (kit.coordinator.email.as_ref(), OTHER),
    ] {
        let page = try_in(&kit, email, password).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.headers.get(header::SET_COOKIE).is_none());
        complete("refused", &page);
        answers.push(page.text.replace(&format!("type=\"email\" value=\"{email}\""), "type=\"email\" value=\"\""));
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "one answer for all");
}

#[tokio::test(flavor = "multi_thread")]
async fn tries_are_slowed_and_the_clock_of_the_store_lets_in_again() {
    let kit = with_password().await;
    let email = kit.coordinator.email.to_string();
    let known = cookies(&try_in(&kit, &email, PASSWORD).await);
    for _ in 0..5 {
        assert_eq!(try_in(&kit, &email, OTHER).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    // Each pause is over when the clock says so; the last one is long enough for what follows.
    for seconds in [2, 4, 6] {
        later(&kit, seconds).await;
        assert_eq!(try_in(&kit, &email, OTHER).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let slowed = try_in(&kit, &email, PASSWORD).await;
    assert_eq!(slowed.status, StatusCode::TOO_MANY_REQUESTS, "even with the password");
    let after = slowed.headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()).expect("a delay");
    assert!((1..=10).contains(&after.parse().unwrap_or(0)), "{after}");
    slowed.shows(&["Trop d’essais"]);
    complete("slowed", &slowed);
    let nobody = try_in(&kit, "personne@nulle.part.example", OTHER).await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY, "each one has a count");

    let fields = pairs(&[("courriel", &email), ("mot_de_passe", PASSWORD)]);
    let device = known.split("; ").find(|cookie| cookie.starts_with("jalon-appareil=")).expect("a device").to_owned();
    let last = if device.ends_with('A') { 'E' } else { 'A' };
    let forged = post_as(&kit, "/connexion", &format!("{}{last}", &device[..device.len() - 1]), &fields).await;
    let stolen = post_as(&kit, "/connexion", "jalon-appareil=x.y", &fields).await;
    assert_eq!((forged.status, stolen.status), (StatusCode::TOO_MANY_REQUESTS, StatusCode::TOO_MANY_REQUESTS));
    let from_device = post_as(&kit, "/connexion", &device, &fields).await;
    assert_eq!(from_device.status, StatusCode::SEE_OTHER, "a known device is not locked out by others");

    later(&kit, 11).await;
    assert_eq!(try_in(&kit, &email, PASSWORD).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_for_a_link_answers_everyone_alike_and_the_link_works_once() {
    let mut kit = with_password().await;
    let email = kit.coordinator.email.to_string();
    let form = kit.get("/connexion/oubli").await;
    complete("forgotten", &form);
    let unknown = kit.post("/connexion/oubli", &pairs(&[("courriel", "personne@nulle.part.example")])).await;
    let known = kit.post("/connexion/oubli", &pairs(&[("courriel", &email)])).await;
    assert_eq!((unknown.status, &unknown.text), (known.status, &known.text));
    complete("asked", &known);
    // The answer comes before the work: it is done soon after.
    let mut token = None;
    for _ in 0..200 {
        token = last_link(&kit).await;
        if token.is_some() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let address = format!("/connexion/mot-de-passe/{}", token.expect("a link was sent"));
    let session = signed(&kit, &kit.coordinator).await;
    for _ in 0..5 {
        let page = kit.get(&address).await;
        assert_eq!(page.status, StatusCode::OK, "opening changes nothing");
        complete("new_password", &page);
    }
    let mut choice = kit.get(&address).await.form(&address);
    assert_eq!(
        kit.post(&address, &pairs(&[("nouveau", OTHER), ("encore", OTHER)])).await.status,
        StatusCode::FORBIDDEN
    );
    for (new, again, said) in [
        ("court", "court", "trop court"),
        ("motdepasse1234", "motdepasse1234", "parmi les premiers"),
        ("azertyuiop123456", "azertyuiop123456", "l’ordre du clavier"),
        (OTHER, PASSWORD, "diffèrent"),
    ] {
        let mut sent = choice.clone();
        sent.extend(pairs(&[("nouveau", new), ("encore", again)]));
        let page = kit.post(&address, &sent).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        page.shows(&[said]).lacks(&["value=\"motdepasse"]);
        complete("new_password_refused", &page);
    }
    choice.extend(pairs(&[("nouveau", OTHER), ("encore", OTHER)]));
    let done = kit.post(&address, &choice).await;
    assert_eq!(done.location(), "/connexion?fait=mot_de_passe");
    assert_eq!(kit.post(&address, &choice).await.status, StatusCode::GONE, "once");
    complete("gone", &kit.get(&address).await);
    assert_eq!(get_as(&kit, "/compte", &session).await.status, StatusCode::SEE_OTHER, "every session ended");
    assert_eq!(try_in(&kit, &email, PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(try_in(&kit, &email, OTHER).await.status, StatusCode::SEE_OTHER);
    assert_eq!(kit.get("/connexion/mot-de-passe/inconnu").await.status, StatusCode::NOT_FOUND);

    kit.app.ask_password(&email, &Visitor::default()).await.expect("asked");
    let address = format!("/connexion/mot-de-passe/{}", last_link(&kit).await.expect("a link"));
    kit.wait(1).await;
    assert_eq!(kit.get(&address).await.status, StatusCode::GONE, "an hour, no more");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ended_elsewhere_is_dead_at_once() {
    let kit = with_password().await;
    let (here, there) = (signed(&kit, &kit.coordinator).await, signed(&kit, &kit.coordinator).await);
    let page = get_as(&kit, "/compte", &here).await;
    page.shows(&["Fermer toutes les autres", "Firefox sur Linux", "192.0.2.1"]);
    complete("account_sessions", &page);
    let ticket = page.form("/compte/sessions/fin");
    assert_eq!(
        post_as(&kit, "/compte/sessions/fin", &there, &ticket).await.status,
        StatusCode::FORBIDDEN,
        "another’s ticket"
    );
    let done = post_as(&kit, "/compte/sessions/fin", &here, &ticket).await;
    assert_eq!(done.location(), "/compte?fait=sessions");
    assert_eq!(get_as(&kit, "/compte", &there).await.status, StatusCode::SEE_OTHER);
    get_as(&kit, "/compte?fait=sessions", &here).await.shows(&["Les autres sessions sont fermées"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn changing_the_password_asks_for_the_current_one_and_ends_the_other_sessions() {
    let kit = with_password().await;
    let (here, there) = (signed(&kit, &kit.coordinator).await, signed(&kit, &kit.coordinator).await);
    let form = get_as(&kit, "/compte", &here).await.form("/compte/mot-de-passe");
    let change = async |current: &str, new: &str| {
        let mut sent = form.clone();
        sent.extend(pairs(&[("actuel", current), ("nouveau", new), ("encore", new)]));
        post_as(&kit, "/compte/mot-de-passe", &here, &sent).await
    };
    let wrong = change(OTHER, OTHER).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong.shows(&["Ce n’est pas votre mot de passe actuel"]);
    complete("account_refused", &wrong);
    assert_eq!(change(PASSWORD, "court").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(change(PASSWORD, OTHER).await.location(), "/compte?fait=mot_de_passe");
    assert_eq!(get_as(&kit, "/compte", &here).await.status, StatusCode::OK);
    assert_eq!(get_as(&kit, "/compte", &there).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_administration_keeps_accounts_and_nobody_else_sees_it() {
    let kit = with_password().await;
    let administrator = administrator(&kit).await;
    let (admin, other) = (signed(&kit, &administrator).await, signed(&kit, &kit.officer).await);
    let victim = signed(&kit, &kit.coordinator).await;
    let nowhere = get_as(&kit, "/nulle/part", &other).await.text;
    for address in
        ["/administration", "/administration/marche", "/administration/securite", "/administration/comptes/nouveau"]
    {
        let page = get_as(&kit, address, &admin).await;
        assert_eq!(page.status, StatusCode::OK, "{address}: {}", page.text);
        complete(address, &page);
        let hidden = get_as(&kit, address, &other).await;
        assert_eq!((hidden.status, &hidden.text), (StatusCode::NOT_FOUND, &nowhere), "{address}");
    }
    let new = "/administration/comptes/nouveau";
    let form = get_as(&kit, new, &admin).await.form(new);
    let refused = post_as(&kit, new, &admin, &form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    complete("new_account_refused", &refused);
    let mut sent = form.clone();
    sent.extend(pairs(&[("email", "nora@region.example"), ("name", "Nora Petit"), ("role", "region_viewer")]));
    let made = post_as(&kit, new, &admin, &sent).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    let page = get_as(&kit, made.location(), &admin).await;
    page.shows(&["Le compte est créé", "Nora Petit", "Invitation envoyée"]);
    complete("account_made", &page);
    assert!(last_link(&kit).await.is_some(), "an invitation left");
    post_as(&kit, new, &admin, &sent).await.shows(&["a déjà un compte"]);

    let one = wording::addresses::account(kit.coordinator.id);
    let page = get_as(&kit, &one, &admin).await;
    page.shows(&["Portefeuille", "Transmettre le portefeuille"]);
    complete("account_of_coordinator", &page);
    let portfolio = get_as(&kit, &format!("{one}/portefeuille"), &admin).await;
    complete("portfolio_empty", &portfolio);
    let opening = format!("{one}/ouverture");
    assert_eq!(get_as(&kit, "/compte", &victim).await.status, StatusCode::OK);
    let closed = post_as(&kit, &opening, &admin, &page.form(&opening)).await;
    assert_eq!(closed.location(), format!("{one}?fait=ferme"));
    assert_eq!(get_as(&kit, "/compte", &victim).await.status, StatusCode::SEE_OTHER, "withdrawn at the next request");
    assert_eq!(try_in(&kit, kit.coordinator.email.as_ref(), PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = get_as(&kit, &one, &admin).await;
    complete("account_closed", &page);
    post_as(&kit, &opening, &admin, &page.form(&opening)).await;
    assert_eq!(
        get_as(&kit, "/compte", &victim).await.status,
        StatusCode::SEE_OTHER,
        "an old session does not come back"
    );
    let log = get_as(&kit, "/administration/securite?quoi=comptes", &admin).await;
    log.shows(&["Compte créé", "Compte fermé", "Compte rouvert"]).lacks(&["Connexion refusée"]);
    get_as(&kit, "/administration/securite?quoi=refus", &admin).await.shows(&["Connexion refusée"]);
    let own = format!("{}/ouverture", wording::addresses::account(administrator.id));
    let mut sent = page.form(&opening);
    sent.retain(|(name, _)| name == "cle");
    assert_eq!(post_as(&kit, &own, &admin, &sent).await.status, StatusCode::NOT_FOUND, "not one’s own account");
}

#[tokio::test(flavor = "multi_thread")]
async fn l26_a_portfolio_goes_to_a_colleague_whole() {
    let (kit, _) = Kit::commitment_asked().await;
    let administrator = administrator(&kit).await;
    let admin = signed(&kit, &administrator).await;
    let colleague = app::NewAccount {
        email: samples::email("relais@retravailler.example"),
        name: "Hugo Petit".to_owned(),
        role: StaffRole::Coordinator,
        body: kit.coordinator.body.clone(),
        lots: Vec::new(),
        phone: None,
        ends_on: None,
    };
    let colleague = kit.app.create_account(colleague).await.expect("an account");
    let address = format!("{}/portefeuille", wording::addresses::account(kit.coordinator.id));
    let page = get_as(&kit, &address, &admin).await;
    page.shows(&["1 parcours ouvert", "Hugo Petit", kit.path().reference.to_string().as_str()]);
    complete("portfolio", &page);
    let form = page.form(&address);
    let nobody = post_as(&kit, &address, &admin, &form).await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut sent = form.clone();
    sent.push(("vers".to_owned(), colleague.id.to_string()));
    let done = post_as(&kit, &address, &admin, &sent).await;
    done.shows(&["1 parcours transmis à Hugo Petit", "Transmis"]);
    complete("portfolio_done", &done);
    let path = kit.app.path(&administrator.actor(), &kit.path().reference).await.expect("the path").path;
    assert_eq!(path.coordinator, Some(colleague.id));
    get_as(&kit, &address, &admin).await.shows(&["Rien à transmettre"]);
    let other = format!("{}/portefeuille", wording::addresses::account(kit.officer.id));
    assert_eq!(get_as(&kit, &other, &admin).await.status, StatusCode::NOT_FOUND, "only coordinators have one");
}

/// Chooses everything at one pace, and reminders.
fn choices(ticket: &[(String, String)], pace: &str, reminders: &str) -> Vec<(String, String)> {
    let mut sent = ticket.to_vec();
    sent.extend(pairs(&[("needs", pace), ("conditions", pace), ("candidates", "listed"), ("rappels", reminders)]));
    sent
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_chooses_their_own_messages_and_nobody_else_s() {
    let kit = with_password().await;
    let (own, other) = (signed(&kit, &kit.officer).await, signed(&kit, &kit.coordinator).await);
    let stored =
        async |account: &Account| kit.app.account_by_email(&account.email).await.expect("an account").preferences;
    let page = get_as(&kit, "/compte", &own).await;
    page.shows(&[
        "Mes courriels",
        "Besoins signalés",
        "name=\"needs\" value=\"daily\" checked",
        "name=\"rappels\" value=\"oui\" checked",
    ]);
    complete("account_messages", &page);
    let ticket = page.form("/compte/courriels");

    let theirs = post_as(&kit, "/compte/courriels", &other, &choices(&ticket, "weekly", "non")).await;
    assert_eq!(theirs.status, StatusCode::FORBIDDEN, "another’s ticket");
    let none = post_as(&kit, "/compte/courriels", &own, &choices(&[], "weekly", "non")).await;
    assert_eq!(none.status, StatusCode::FORBIDDEN, "no ticket");
    let wrong = post_as(&kit, "/compte/courriels", &own, &choices(&ticket, "hourly", "non")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong.shows(&[
        "Choisissez une des réponses",
        "name=\"candidates\" value=\"listed\" checked",
        "name=\"rappels\" value=\"non\" checked",
    ]);
    complete("account_messages_refused", &wrong);
    for account in [&kit.officer, &kit.coordinator] {
        assert_eq!(stored(account).await, Preferences::default(), "nothing was written");
    }

    let done = post_as(&kit, "/compte/courriels", &own, &choices(&ticket, "weekly", "non")).await;
    assert_eq!(done.location(), "/compte?fait=courriels");
    let chosen = [(News::Needs, Pace::Weekly), (News::Conditions, Pace::Weekly), (News::Candidates, Pace::Listed)];
    assert_eq!(stored(&kit.officer).await, Preferences { news: chosen.into(), reminders_off: true });
    let page = get_as(&kit, "/compte?fait=courriels", &own).await;
    page.shows(&[
        "Vos courriels sont choisis",
        "name=\"needs\" value=\"weekly\" checked",
        "name=\"rappels\" value=\"non\" checked",
    ]);

    // A coordinator is asked about reminders alone, and what else is sent is not read.
    let page = get_as(&kit, "/compte", &other).await;
    page.shows(&["Mes courriels", "name=\"rappels\""]).lacks(&["name=\"needs\""]);
    let done =
        post_as(&kit, "/compte/courriels", &other, &choices(&page.form("/compte/courriels"), "weekly", "non")).await;
    assert_eq!(done.location(), "/compte?fait=courriels");
    assert_eq!(stored(&kit.coordinator).await, Preferences { reminders_off: true, ..Preferences::default() });
    // Who is sent neither has nothing to choose.
    let admin = signed(&kit, &administrator(&kit).await).await;
    get_as(&kit, "/compte", &admin).await.lacks(&["Mes courriels"]);
}

/// Nobody is signed in yet, so no ticket holds these forms: a browser that hides where they come from is not believed.
#[tokio::test(flavor = "multi_thread")]
async fn forms_without_ticket_come_from_our_own_pages() {
    let kit = with_password().await;
    let email = kit.coordinator.email.to_string();
    let sign_in = pairs(&[("courriel", &email), ("mot_de_passe", PASSWORD)]);
    let demo = pairs(&[("compte", &email)]);
    let forgotten = pairs(&[("courriel", &email)]);
    for (address, form) in [("/connexion", &sign_in), ("/connexion/demo", &demo), ("/connexion/oubli", &forgotten)] {
        for headers in [
            &[("origin", "null")][..],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "cross-site"), ("origin", "null")],
            &[("origin", "https://ailleurs.example")],
        ] {
            let refused = kit.post_from(address, form, headers).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{address} {headers:?}");
            assert!(refused.headers.get(header::SET_COOKIE).is_none(), "{address} {headers:?}");
        }
        for headers in
            [&[("sec-fetch-site", "same-origin"), ("origin", "null")][..], &[("origin", "http://jalon.test")]]
        {
            let taken = kit.post_from(address, form, headers).await;
            assert!(!taken.status.is_client_error(), "{address} {headers:?}: {}", taken.text);
        }
    }
    // Browsers that say nothing else must say their origin: these pages let them.
    for address in ["/connexion", "/connexion/oubli"] {
        assert_eq!(kit.get(address).await.headers["referrer-policy"], "same-origin", "{address}");
    }
    assert_eq!(kit.get("/connexion/mot-de-passe/inconnu").await.headers["referrer-policy"], "no-referrer");
}
