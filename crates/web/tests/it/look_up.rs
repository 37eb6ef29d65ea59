//! « Chercher l’entreprise » on the form of a new path, against a directory of the test: found, closed, unknown, slow, broken,
//! too long, too often; and no question to anyone when no directory is set.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use app::{DirectorySettings, Settings};
use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::security::SecurityEvent;
use persistence::SecurityFilter;
use tokio::net::TcpListener;

use crate::desk::Desk;
use crate::kit::{Kit, Page, with};

const NEW: &str = "/parcours/nouveau";
const SIRET: &str = "73282932000074";
const TIMEOUT: Duration = Duration::from_millis(400);

/// What the directory answers next, and what it was asked.
#[derive(Clone, Default)]
struct Answers {
    next: Arc<Mutex<Answer>>,
    asked: Arc<Mutex<Vec<String>>>,
}

#[derive(Clone, Default)]
enum Answer {
    #[default]
    Nothing,
    Body(String),
    Status(StatusCode),
    Late,
    Elsewhere,
}

async fn search(State(answers): State<Answers>, RawQuery(query): RawQuery) -> Response {
    answers.asked.lock().expect("no test fails here").push(query.unwrap_or_default());
    let next = answers.next.lock().expect("no test fails here").clone();
    match next {
        Answer::Nothing => r#"{"results": [], "total_results": 0}"#.into_response(),
        Answer::Body(body) => body.into_response(),
        Answer::Status(status) => status.into_response(),
        Answer::Late => {
            tokio::time::sleep(TIMEOUT * 10).await;
            StatusCode::OK.into_response()
        }
        Answer::Elsewhere => Redirect::temporary("/ailleurs").into_response(),
    }
}

fn company(state: &str) -> String {
    let siege = format!(
        r#"{{"siret": "{SIRET}", "adresse": "1 QUAI HENRI IV 76200 DIEPPE", "commune": "76217", "etat_administratif": "{state}"}}"#
    );
    format!(r#"{{"results": [{{"siren": "732829320", "nom_complet": "BOULANGERIE <LEMOINE>", "siege": {siege}}}]}}"#)
}

struct Asking {
    kit: Kit,
    answers: Answers,
}

impl Asking {
    async fn new(lookups_per_hour: u32) -> Self {
        let answers = Answers::default();
        let elsewhere = answers.clone();
        let router = Router::new()
            .route("/search", get(search))
            .route(
                "/ailleurs",
                get(async move || {
                    elsewhere.asked.lock().expect("no test fails here").push("elsewhere".to_owned());
                    company("A")
                }),
            )
            .with_state(answers.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("its number"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let mut kit = Kit::new().await;
        kit.set(Settings {
            directory: Some(DirectorySettings { address, timeout: TIMEOUT }),
            lookups_per_hour,
            ..kit.app.settings().clone()
        });
        Self { kit, answers }
    }

    fn answers(&self, next: Answer) {
        *self.answers.next.lock().expect("no test fails here") = next;
    }

    fn asked(&self) -> Vec<String> {
        self.answers.asked.lock().expect("no test fails here").clone()
    }
}

/// Presses the button with this on the form.
async fn seek(desk: &Desk<'_>, typed: &[(&str, &str)]) -> Page {
    let form = desk.get(NEW).await.form(NEW);
    desk.post(NEW, &with(with(form, typed), &[("chercher", "oui")])).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_siret_fills_what_is_empty() {
    let asking = Asking::new(60).await;
    asking.answers(Answer::Body(company("A")));
    let desk = Desk::of(&asking.kit, &asking.kit.coordinator).await;
    desk.get(NEW).await.shows(&["Chercher l’entreprise"]);
    assert_eq!(asking.asked(), Vec::<String>::new(), "opening the page asks nothing");
    let page =
        seek(&desk, &[("siret", "732 829 320 00074"), ("job", "Ouvrier boulanger"), ("persons_wanted", "2")]).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    page.shows(&["L’annuaire connaît cette entreprise", "1 QUAI HENRI IV 76200 DIEPPE", "Ouvrier boulanger"]);
    page.shows(&["value=\"Dieppe (76200)\"", "value=\"732 829 320 00074\""]).lacks(&["<LEMOINE>"]);
    assert!(page.text.contains("BOULANGERIE &#60;LEMOINE&#62;"), "{}", page.text);
    let policy = page.headers.get("content-security-policy").expect("a policy").to_str().expect("text");
    assert!(policy.contains("'self'") && !policy.contains("http"), "the browser asks no other host: {policy}");
    assert_eq!(asking.asked(), [format!("q={SIRET}&per_page=1&minimal=true&include=siege,matching_etablissements")]);
    // What was found is kept as a draft with what was typed.
    desk.get(NEW).await.shows(&["Dieppe (76200)", "Ouvrier boulanger"]);
    // What a person wrote stays.
    let page = seek(&desk, &[("siret", SIRET), ("company", "Le Fournil"), ("commune", "rouen")]).await;
    page.shows(&["value=\"Le Fournil\"", "Vous aviez écrit « Le Fournil » : ce nom est gardé.", "est gardée"]);
    page.lacks(&["value=\"Dieppe"]);
    // Nothing was opened, and each question is in the log.
    assert!(
        asking.kit.app.paths(&asking.kit.officer.actor(), &app::PathFilter::default()).await.expect("paths").is_empty()
    );
    let tx = asking.kit.app.store().begin_read().await.expect("the store answers");
    let filter = SecurityFilter { events: vec![SecurityEvent::LookedUp], ..SecurityFilter::default() };
    let lines = tx.security_lines(&filter).await.expect("the log reads");
    assert_eq!(lines.len(), 2);
    assert!(lines.iter().all(|line| line.detail == SIRET && line.account == Some(asking.kit.coordinator.id)));
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_the_directory_answers_the_form_goes_on() {
    let asking = Asking::new(60).await;
    let desk = Desk::of(&asking.kit, &asking.kit.coordinator).await;
    let unknown = "L’annuaire ne connaît pas ce SIRET";
    let silent = "L’annuaire des entreprises ne répond pas";
    let long = format!(r#"{{"results": [], "more": "{}"}}"#, "x".repeat(300 * 1024));
    let cases = [
        (Answer::Nothing, unknown),
        (Answer::Body(company("A").replace(SIRET, "73282932000082")), unknown),
        (Answer::Body(company("F")), "Cet établissement est fermé"),
        (Answer::Status(StatusCode::INTERNAL_SERVER_ERROR), silent),
        (Answer::Status(StatusCode::TOO_MANY_REQUESTS), silent),
        (Answer::Body("<html>maintenance</html>".to_owned()), silent),
        (Answer::Body(r#"{"results": "aucun"}"#.to_owned()), silent),
        (Answer::Body(long), silent),
        (Answer::Late, silent),
        (Answer::Elsewhere, silent),
    ];
    for (answer, said) in cases {
        asking.answers(answer);
        let started = Instant::now();
        let page = seek(&desk, &[("siret", SIRET), ("job", "Ouvrier boulanger")]).await;
        assert_eq!(page.status, StatusCode::OK, "{said}: {}", page.text);
        page.shows(&[said, "Ouvrier boulanger", SIRET, "Voir ce qui va se passer"]);
        assert!(started.elapsed() < TIMEOUT * 8, "{said}: {:?}", started.elapsed());
    }
    assert!(!asking.asked().contains(&"elsewhere".to_owned()), "no other host is asked");
    // Without a SIRET nothing is asked, and the field says so.
    let before = asking.asked().len();
    for typed in ["", "732", "73282932000079"] {
        let page = seek(&desk, &[("siret", typed), ("job", "Ouvrier boulanger")]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        page.shows(&["SIRET", "Ouvrier boulanger"]).lacks(&["L’annuaire"]);
    }
    assert_eq!(asking.asked().len(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_are_counted_and_only_who_opens_paths_asks() {
    let asking = Asking::new(2).await;
    asking.answers(Answer::Body(company("A")));
    let desk = Desk::of(&asking.kit, &asking.kit.coordinator).await;
    for _ in 0..2 {
        seek(&desk, &[("siret", SIRET)]).await.shows(&["L’annuaire connaît cette entreprise"]);
    }
    let page = seek(&desk, &[("siret", SIRET), ("job", "Ouvrier boulanger")]).await;
    page.shows(&["Trop de recherches en une heure", "2 entreprises", "Ouvrier boulanger"]);
    assert_eq!(asking.asked().len(), 2);
    let other = Desk::of(&asking.kit, &asking.kit.officer).await;
    seek(&other, &[("siret", SIRET)]).await.shows(&["L’annuaire connaît cette entreprise"]);
    let siret = domain::identifiers::Siret::parse(SIRET).expect("a SIRET");
    let finance = domain::samples::account(domain::people::StaffRole::RegionFinance, 1).actor();
    let refused = asking.kit.app.look_up(&finance, &siret, &app::Visitor::default()).await;
    assert!(matches!(refused, Err(app::AppError::NotFound)), "{refused:?}");
    // From another site, the form is refused before anything is asked.
    let form = with(desk.get(NEW).await.form(NEW), &[("siret", SIRET), ("chercher", "oui")]);
    let forged: Vec<_> = form.into_iter().filter(|(name, _)| name != "cle").collect();
    desk.post(NEW, &forged).await.shows(&["Relisez, puis envoyez de nouveau"]);
    assert_eq!(asking.asked().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_directory_there_is_no_button() {
    let kit = Kit::new().await;
    let desk = Desk::of(&kit, &kit.coordinator).await;
    desk.get(NEW).await.lacks(&["Chercher l’entreprise"]);
    // A page that was open when it was taken away keeps what was typed.
    let page = seek(&desk, &[("siret", SIRET), ("job", "Ouvrier boulanger")]).await;
    page.shows(&["Ouvrier boulanger", SIRET]).lacks(&["annuaire"]);
    let siret = domain::identifiers::Siret::parse(SIRET).expect("a SIRET");
    let refused = kit.app.look_up(&kit.coordinator.actor(), &siret, &app::Visitor::default()).await;
    assert!(matches!(refused, Err(app::AppError::NotFound)), "{refused:?}");
}
