//! Returned messages that a mail server hands over: who may, what is refused, and what people then see.

use app::{App, Message};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use chrono::TimeDelta;
use domain::path::Act;
use notifier::returned::samples::{ABSENCE, DELAYED, EXCHANGE, EXPIRED, POSTFIX, filled};
use serde_json::json;
use web::{PageOptions, ReturnsSecret, router, unrecorded_metrics};

use crate::kit::{BODY_LIMIT, Kit, Page, RETURNS_SECRET};
use crate::messages::{deliver, to_company};
use crate::orders::Desk;

const HOOK: &str = "/crochets/retours";

fn about(app: &App, message: &Message, sample: &str) -> String {
    let content = &message.content;
    filled(
        sample,
        &content.message_id,
        &app.store().keys().return_proof(&content.message_id),
        content.to.email.as_ref(),
    )
}

fn handed(timestamp: i64, signature: &str, body: &str) -> Request<Body> {
    Request::post(HOOK)
        .header(header::CONTENT_TYPE, "message/rfc822")
        .header("X-Jalon-Timestamp", timestamp.to_string())
        .header("X-Jalon-Signature", signature)
        .body(Body::from(body.to_owned()))
        .expect("a request")
}

async fn hand_over(kit: &Kit, body: &str) -> Page {
    let now = kit.app.now().await.expect("now").timestamp();
    kit.send(handed(now, &ReturnsSecret::new(RETURNS_SECRET).sign(now, body.as_bytes()), body)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_back_is_shown_with_its_reason_and_its_remedy() {
    let (mut kit, _) = Kit::commitment_asked().await;
    deliver(&kit, false).await;
    let message = to_company(&kit).await;
    let address = format!("/messages/{}", message.content.id);
    let page = wording::addresses::path(&kit.path().reference);
    let taken = hand_over(&kit, &about(&kit.app, &message, EXCHANGE)).await;
    assert_eq!((taken.status, taken.text.as_str()), (StatusCode::OK, "refused\n"));
    {
        let coordinator = Desk::of(&kit, &kit.coordinator).await;
        coordinator.get(&address).await.shows(&[
            "Il n’est pas arrivé",
            "Pris par le serveur du destinataire",
            "Refusé par la messagerie du destinataire",
            "rendu par la messagerie du destinataire (5.1.10)",
            "RESOLVER.ADR.RecipientNotFound",
            "corrigez-la sur le parcours",
            // The copy that came back reached nobody: another one may leave at once.
            "Motif du renvoi",
        ]);
        coordinator.get(&page).await.shows(&[
            "refusé par la messagerie du destinataire",
            "Adresse refusée par la messagerie",
            "RESOLVER.ADR.RecipientNotFound",
        ]);
        coordinator.get("/messages").await.shows(&[
            "Ces messages ne sont pas arrivés",
            "(5.1.10)",
            "Corriger l’adresse",
        ]);
        coordinator.get("/").await.shows(&["jamais arrivé"]);
    }
    let again = hand_over(&kit, &about(&kit.app, &message, POSTFIX)).await;
    assert_eq!((again.status, again.text.as_str()), (StatusCode::OK, "known\n"));

    let corrected = json!({ "role": "company", "name": "Anne Lemoine", "reason": "Faute de frappe.",
        "email": "a.lemoine@boulangerie-lemoine.example" });
    let actor = kit.coordinator.actor();
    kit.act(&actor, Act::ChangeContact, corrected.as_object().expect("a form").clone()).await;
    let coordinator = Desk::of(&kit, &kit.coordinator).await;
    let offered = coordinator.get(&page).await;
    offered.shows(&["Des messages n’ont pas été reçus", "a.lemoine@boulangerie-lemoine.example"]);
    let action = wording::addresses::path_messages(&kit.path().reference);
    let sent = coordinator.post(&action, &offered.form(&action)).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    coordinator.get(sent.location()).await.shows(&["repart"]).lacks(&["Des messages n’ont pas été reçus"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_nothing_is_said_so() {
    let (kit, _) = Kit::commitment_asked().await;
    let message = to_company(&kit).await;
    let claiming = persistence::Claiming { lease: TimeDelta::minutes(2), longest_backoff: TimeDelta::hours(2) };
    let tx = kit.app.store().begin_write().await.expect("a transaction");
    let now = tx.now().await.expect("now");
    let claimed = tx.claim_one(now, &claiming).await.expect("a claim").expect("a message");
    tx.commit().await.expect("commit");
    let early = hand_over(&kit, &about(&kit.app, &claimed.message, POSTFIX)).await;
    assert_eq!(early.status, StatusCode::SERVICE_UNAVAILABLE, "{}", early.text);
    assert_eq!(early.headers[header::RETRY_AFTER], "60");
    let tx = kit.app.store().begin_write().await.expect("a transaction");
    tx.mark_sent(&claimed.claim, now).await.expect("sent");
    tx.commit().await.expect("commit");
    deliver(&kit, false).await;
    for (sample, said) in [(ABSENCE, "ignored\n"), (DELAYED, "noted\n"), ("rien", "ignored\n"), (EXPIRED, "given_up\n")]
    {
        let page = hand_over(&kit, &about(&kit.app, &message, sample)).await;
        assert_eq!((page.status, page.text.as_str()), (StatusCode::OK, said));
    }
    let coordinator = Desk::of(&kit, &kit.coordinator).await;
    coordinator
        .get(&format!("/messages/{}", message.content.id))
        .await
        .shows(&["Rendu : la messagerie du destinataire ne l’a pas pris à temps", "(4.4.1)"]);
    let page = coordinator.get(&wording::addresses::path(&kit.path().reference)).await;
    page.shows(&["rendu, jamais arrivé"]).lacks(&["Adresse refusée par la messagerie"]);
    coordinator.get("/messages").await.shows(&["jamais arrivé, rendu par la messagerie du destinataire (4.4.1)"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_holds_the_secret_hands_messages_over() {
    let (kit, _) = Kit::commitment_asked().await;
    deliver(&kit, false).await;
    let raw = about(&kit.app, &to_company(&kit).await, POSTFIX);
    let secret = ReturnsSecret::new(RETURNS_SECRET);
    let now = kit.app.now().await.expect("now").timestamp();
    let sign = |at: i64| secret.sign(at, raw.as_bytes());
    let other = ReturnsSecret::new("un autre secret, tout aussi long").sign(now, raw.as_bytes());
    let plain = |name: &'static str, value: &str| {
        let mut request = handed(now, &sign(now), &raw);
        request.headers_mut().insert(name, value.parse().expect("a value"));
        request
    };
    let mut unsigned = handed(now, "", &raw);
    unsigned.headers_mut().remove("x-jalon-signature");
    let huge = format!("{raw}{}", "x".repeat(1 << 20));
    let cases = [
        ("another secret", handed(now, &other, &raw), 401),
        ("another body", handed(now, &sign(now), &raw.replace("5.1.1", "5.1.2")), 401),
        ("another instant", handed(now + 1, &sign(now), &raw), 401),
        ("too old", handed(now - 400, &sign(now - 400), &raw), 401),
        ("too early", handed(now + 400, &sign(now + 400), &raw), 401),
        ("an instant of nobody", handed(i64::MAX, &sign(i64::MAX), &raw), 401),
        ("no signature", unsigned, 401),
        ("no number", plain("x-jalon-timestamp", "hier"), 401),
        ("another type", plain("content-type", "application/x-www-form-urlencoded"), 415),
        ("from a page elsewhere", plain("sec-fetch-site", "cross-site"), 403),
        ("huge", handed(now, &secret.sign(now, huge.as_bytes()), &huge), 413),
    ];
    for (what, request, status) in cases {
        let page = kit.send(request).await;
        assert_eq!(page.status.as_u16(), status, "{what}: {}", page.text);
        assert!(!page.text.contains("refused\n"), "{what}");
    }
    Desk::of(&kit, &kit.coordinator).await.get("/messages").await.lacks(&["Ces messages ne sont pas arrivés"]);
    let (at, upper) = (now - 200, sign(now - 200).to_uppercase());
    assert_eq!(kit.send(handed(at, &upper, &raw)).await.text, "refused\n", "a little late, in capitals");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_secret_there_is_no_address() {
    let mut kit = Kit::new().await;
    let options = PageOptions {
        request_timeout: std::time::Duration::from_secs(10),
        body_limit: BODY_LIMIT,
        demo: false,
        pages: None,
        behind_relay: false,
        returns: None,
        metrics: unrecorded_metrics(),
    };
    kit.router = router(kit.app.clone(), options);
    let nowhere = kit.get("/nulle/part").await;
    for page in [hand_over(&kit, "message").await, kit.get(HOOK).await] {
        assert_eq!((page.status, &page.text), (StatusCode::NOT_FOUND, &nowhere.text));
    }
}
