//! What a link never does: act when it is opened, serve another path, outlive its term, or say more than it should.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::path::{Act, Transition};
use domain::people::RecipientRole;
use domain::{form::Form, samples};
use serde_json::json;

use crate::kit::{Kit, SIGNED, step_address, with};

#[tokio::test(flavor = "multi_thread")]
async fn l1_opening_a_link_never_acts() {
    let (kit, token) = Kit::commitment_asked().await;
    let address = format!("/acces/{token}");
    let confirm = step_address(&token, Act::ConfirmCommitment);
    let before = (kit.events().await, kit.messages().await);
    for _ in 0..20 {
        for address in [&address, &confirm, &step_address(&token, Act::HandOverContact), &format!("{address}/rappels")]
        {
            assert!(kit.head(address).await.text.is_empty());
            let page = kit.get(address).await;
            assert!(page.status == StatusCode::OK || page.status == StatusCode::SEE_OTHER, "{address}");
        }
    }
    assert_eq!(kit.get(&format!("{address}/nouveau-lien")).await.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!((kit.events().await, kit.messages().await), before);
    let form = with(kit.get(&address).await.form(&confirm), SIGNED);
    kit.post_and_follow(&confirm, &form).await.shows(&["Merci, c’est enregistré"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_link_is_a_page_that_does_not_exist() {
    let (kit, token) = Kit::commitment_asked().await;
    let elsewhere = kit.get("/nulle/part").await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
    let forged = format!("{}{}", &token[..42], if token.ends_with('A') { 'B' } else { 'A' });
    for address in [
        format!("/acces/{forged}"),
        "/acces/court".to_owned(),
        "/acces/%FF%FE".to_owned(),
        format!("/acces/{}", "x".repeat(5000)),
        format!("/acces/{forged}/rappels"),
        step_address(&forged, Act::ConfirmCommitment),
        format!("/acces/{forged}/documents/0190163d-8694-739b-aea5-966c26f8ad91"),
        format!("/acces/{token}/documents/0190163d-8694-739b-aea5-966c26f8ad91"),
        format!("/acces/{token}/documents/.."),
        format!("/acces/{token}/etapes/order_feasibility"),
        format!("/acces/{token}/etapes/nimporte"),
        "/static/../Cargo.toml".to_owned(),
        "/.env".to_owned(),
    ] {
        let page = kit.get(&address).await;
        assert_eq!((page.status, &page.text), (StatusCode::NOT_FOUND, &elsewhere.text), "{address}");
        let headers = |page: &crate::kit::Page| {
            page.headers.iter().map(|(name, value)| format!("{name}: {value:?}")).collect::<Vec<_>>()
        };
        assert_eq!(headers(&page), headers(&elsewhere), "{address}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_link_or_no_link_answers_nothing() {
    let (kit, company, trainee) = Kit::pif_written().await;
    let before = kit.events().await;
    let sign = |token: &str| step_address(token, Transition::SignPif);
    let form = with(kit.get(&format!("/acces/{company}")).await.form(&sign(&company)), SIGNED);
    let forged = format!("{}{}", &company[..42], if company.ends_with('A') { 'B' } else { 'A' });
    for (address, status) in [
        // The company's form on the trainee's link, on no link, on another step.
        (sign(&trainee), StatusCode::FORBIDDEN),
        (sign(&forged), StatusCode::NOT_FOUND),
        (step_address(&company, Act::ConfirmReport), StatusCode::FORBIDDEN),
        // Steps of other people.
        (step_address(&company, Transition::OrderImplementation), StatusCode::NOT_FOUND),
        (step_address(&company, Act::AddNote), StatusCode::NOT_FOUND),
        (step_address(&company, Act::RecordAnswerOnBehalf), StatusCode::NOT_FOUND),
        (step_address(&company, Transition::WithdrawCandidate), StatusCode::NOT_FOUND),
        (step_address(&trainee, Act::HandOverContact), StatusCode::NOT_FOUND),
    ] {
        assert_eq!(kit.post(&address, &form).await.status, status, "{address}");
    }
    assert_eq!(kit.events().await, before);
    kit.post_and_follow(&sign(&company), &form).await.shows(&["Merci, c’est enregistré"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_our_own_form_is_taken() {
    let (kit, token) = Kit::commitment_asked().await;
    let confirm = step_address(&token, Act::ConfirmCommitment);
    let form = with(kit.get(&format!("/acces/{token}")).await.form(&confirm), SIGNED);
    let before = kit.events().await;
    for headers in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site"), ("origin", "http://jalon.test")],
        &[("origin", "https://ailleurs.example")],
        &[("origin", "https://jalon.test.ailleurs.example")],
    ] {
        let page = kit.post_from(&confirm, &form, headers).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{headers:?}");
        page.shows(&["rien n’a été enregistré"]);
    }
    for changed in ["", "AAAA", "a.b", "é"] {
        let form = form
            .iter()
            .map(|(name, value)| (name.clone(), if name == "cle" { changed.to_owned() } else { value.clone() }));
        assert_eq!(kit.post(&confirm, &form.collect::<Vec<_>>()).await.status, StatusCode::FORBIDDEN, "{changed}");
    }
    assert_eq!(
        kit.post(&confirm, SIGNED.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect::<Vec<_>>().as_slice())
            .await
            .status,
        StatusCode::FORBIDDEN
    );
    let text = Request::post(&confirm).header(header::CONTENT_TYPE, "text/plain").body(Body::from("cle=x"));
    assert_eq!(kit.send(text.expect("a request")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let broken = Request::post(&confirm)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from("cle=%FF%FE&x"));
    assert!(kit.send(broken.expect("a request")).await.status.is_client_error());
    assert_eq!(kit.events().await, before);
    for headers in [&[("sec-fetch-site", "same-origin"), ("origin", "null")][..], &[("origin", "http://jalon.test")]] {
        assert_eq!(kit.post_from(&confirm, &form, headers).await.status, StatusCode::SEE_OTHER, "{headers:?}");
    }
    assert_eq!(kit.events().await, before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_too_large_is_refused_with_a_page() {
    let (kit, token) = Kit::commitment_asked().await;
    let confirm = step_address(&token, Act::ConfirmCommitment);
    let form = with(kit.get(&format!("/acces/{token}")).await.form(&confirm), SIGNED);
    let before = kit.events().await;
    let page = kit.post(&confirm, &with(form, &[("note", &"x".repeat(crate::kit::BODY_LIMIT))])).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
    page.shows(&["Votre réponse est trop longue", "Rien n’a été enregistré"]);
    assert_eq!(kit.events().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_asked_is_ignored() {
    let (kit, token) = Kit::commitment_asked().await;
    let correct = step_address(&token, Act::ProposeCorrection);
    let form = with(
        kit.get(&correct).await.form(&correct),
        &[
            ("correction", "Le poste est à mi-temps."),
            ("role", "trainee"),
            ("on", "2020-01-01"),
            ("state", "closed"),
            ("person", "x"),
        ],
    );
    let before = kit.path().clone();
    kit.post_and_follow(&correct, &form).await.shows(&["Correction proposée le", "Le poste est à mi-temps."]);
    let after = kit.app.path(&kit.officer.actor(), &before.reference).await.expect("the path").path;
    assert_eq!((after.state, after.version), (before.state, before.version + 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn l4_an_expired_link_gives_a_new_one_to_the_address_on_file() {
    let (mut kit, token) = Kit::commitment_asked().await;
    let address = format!("/acces/{token}");
    let confirm = step_address(&token, Act::ConfirmCommitment);
    let form = with(kit.get(&address).await.form(&confirm), SIGNED);
    kit.wait(200).await;
    let (events, messages) = (kit.events().await, kit.messages().await);
    let page = kit.get(&address).await;
    assert_eq!(page.status, StatusCode::GONE);
    page.shows(&["Ce lien a expiré", "Recevoir un nouveau lien", "Claire Besnard", "02 35 00 00 07"]);
    page.lacks(&["FEST-1-2026-0001", "Ouvrier boulanger", "anne.lemoine@"]);
    for refused in
        [kit.post(&confirm, &form).await, kit.get(&confirm).await, kit.get(&format!("{address}/rappels")).await]
    {
        assert_eq!(refused.status, StatusCode::GONE);
        refused.shows(&["Ce lien a expiré"]);
    }
    assert_eq!((kit.events().await, kit.messages().await), (events, messages));

    let renewal = format!("{address}/nouveau-lien");
    let elsewhere = vec![("email".to_owned(), "voleur@ailleurs.example".to_owned())];
    kit.post_and_follow_to_gone(&renewal, &elsewhere).await.shows(&["Un nouveau lien est en route"]);
    assert_eq!(kit.messages().await, messages + 1);
    let fresh = kit.token(RecipientRole::Company).await;
    assert_ne!(fresh, token);
    kit.get(&format!("/acces/{fresh}")).await.shows(&["Confirmer l’engagement de l’entreprise"]);
    let view = kit.app.path(&kit.officer.actor(), &kit.path().reference).await.expect("the path");
    let last = view.messages.iter().max_by_key(|message| message.seq).expect("the renewal");
    assert_eq!(last.content.to.email.as_ref(), "anne.lemoine@boulangerie-lemoine.example");
}

#[tokio::test(flavor = "multi_thread")]
async fn values_are_escaped() {
    let mut kit = Kit::new().await;
    let coordinator = kit.coordinator.actor();
    let mut form = samples::form(Transition::ReportNeed, kit.today);
    form.insert("company".to_owned(), json!("<script>alert(1)</script> & Fils"));
    form.insert("job".to_owned(), json!("\"><img src=x onerror=alert(2)>"));
    form.insert("contact_name".to_owned(), json!("{{7*7}} <b>Anne</b>"));
    kit.act(&coordinator, Transition::ReportNeed, form).await;
    let officer = kit.officer.actor();
    kit.act(&officer, Transition::OrderFeasibility, Form::new()).await;
    kit.sample(&coordinator, Transition::StartFeasibility).await;
    kit.sample(&coordinator, Act::AskConfirmation).await;
    let token = kit.token(RecipientRole::Company).await;
    let correct = step_address(&token, Act::ProposeCorrection);
    let form = with(kit.get(&correct).await.form(&correct), &[("correction", "</textarea><script>alert(3)</script>")]);
    kit.post_and_follow(&correct, &form).await;
    let hand_over = step_address(&token, Act::HandOverContact);
    let wrong = with(
        kit.get(&hand_over).await.form(&hand_over),
        &[("name", "\" autofocus onfocus=\"alert(4)"), ("email", "<svg>")],
    );
    for page in [kit.get(&format!("/acces/{token}")).await, kit.get(&correct).await, kit.post(&hand_over, &wrong).await]
    {
        assert!(
            !page.text.contains("<script") && !page.text.contains("<img") && !page.text.contains("<b>Anne"),
            "{}",
            page.text
        );
        assert!(!page.text.contains("\" autofocus onfocus") && !page.text.contains("<svg>"), "{}", page.text);
        assert!(page.text.contains("{{7*7}}"), "a template in a value stays text: {}", page.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_are_those_of_the_reader_and_are_never_run() {
    let (kit, company, trainee) = Kit::pif_written().await;
    let page = kit.get(&format!("/acces/{company}")).await;
    let links: Vec<String> = page
        .text
        .split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|address| address.contains("/documents/"))
        .map(str::to_owned)
        .collect();
    assert!(links.len() >= 2, "{links:?}");
    for link in &links {
        let document = kit.get(link).await;
        assert_eq!(document.status, StatusCode::OK);
        assert!(document.text.starts_with("%PDF-1.4"));
        let text = |name| document.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        assert_eq!(text(header::CONTENT_TYPE), "application/pdf");
        assert!(text(header::CONTENT_DISPOSITION).starts_with("attachment;"));
        assert_eq!(text(header::CONTENT_SECURITY_POLICY), "default-src 'none'; sandbox");
        assert_eq!(text(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert_eq!(text(header::CACHE_CONTROL), "no-store");
    }
    let view = kit.app.path(&kit.officer.actor(), &kit.path().reference).await.expect("the path");
    let reads = |token: String| {
        let ids: Vec<_> = view.documents.iter().map(|document| document.id).collect();
        let kit = &kit;
        async move {
            let mut read = 0;
            for id in ids {
                read += u32::from(kit.get(&web::routes::portal_document(&token, id)).await.status == StatusCode::OK);
            }
            read
        }
    };
    assert_eq!(reads(company.clone()).await, 2, "the programme and the PIF");
    assert_eq!(reads(trainee).await, 1, "the PIF");
    let (other, _) = Kit::commitment_asked().await;
    assert_eq!(other.get(&links[0]).await.status, StatusCode::NOT_FOUND);
}
