//! Every state of every page, held against what all pages owe their readers.
//!
//! The pages are left in `target/tmp/pages`, with the files they need, to be looked at in a browser.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use axum::http::StatusCode;
use domain::path::{Act, Transition};
use domain::people::OutsideRole;
use serde_json::json;

use crate::kit::{Kit, Page, SIGNED, step_address, with};

/// A state: its name, its status, its page.
type State = (&'static str, StatusCode, Page);

async fn commitment() -> Vec<State> {
    let mut pages = Vec::new();
    let mut keep = |name, status, page: Page| pages.push((name, status, page));
    let (mut kit, token) = Kit::commitment_asked().await;
    let portal = format!("/acces/{token}");
    let confirm = step_address(&token, Act::ConfirmCommitment);
    keep("home", StatusCode::OK, kit.get("/").await);
    keep("not_found", StatusCode::NOT_FOUND, kit.get("/acces/inconnu").await);
    keep("cross_site", StatusCode::FORBIDDEN, kit.post_from(&confirm, &[], &[("sec-fetch-site", "cross-site")]).await);
    keep("no_ticket", StatusCode::FORBIDDEN, kit.post(&confirm, &[]).await);
    keep("method", StatusCode::METHOD_NOT_ALLOWED, kit.post("/", &[]).await);
    keep("too_large", StatusCode::PAYLOAD_TOO_LARGE, kit.post(&confirm, &[("a".into(), "b".repeat(1_100_000))]).await);
    let asked = kit.get(&portal).await;
    let form = asked.form(&confirm);
    keep("commitment_asked", StatusCode::OK, asked);
    keep(
        "commitment_errors",
        StatusCode::UNPROCESSABLE_ENTITY,
        kit.post(&confirm, &with(form.clone(), &[("signataire", "  ")])).await,
    );
    for (name, act) in [
        ("step_correction", Act::ProposeCorrection),
        ("step_hand_over", Act::HandOverContact),
        ("step_tutor", Act::DesignateTutor),
    ] {
        keep(name, StatusCode::OK, kit.get(&step_address(&token, act)).await);
    }
    let hand_over = step_address(&token, Act::HandOverContact);
    let hand_over_form = kit.get(&hand_over).await.form(&hand_over);
    let wrong = with(hand_over_form.clone(), &[("name", "Luc Lemoine"), ("email", "luc(at)lemoine")]);
    keep("step_errors", StatusCode::UNPROCESSABLE_ENTITY, kit.post(&hand_over, &wrong).await);
    let decline = step_address(&token, Act::DeclineRequest);
    keep("step_decline", StatusCode::OK, kit.get(&format!("{decline}?demande=confirm_commitment")).await);
    keep("reminders", StatusCode::OK, kit.get(&format!("{portal}/rappels")).await);
    keep("commitment_done", StatusCode::OK, kit.post_and_follow(&confirm, &with(form.clone(), SIGNED)).await);
    keep("commitment_again", StatusCode::OK, kit.post_and_follow(&confirm, &with(form, SIGNED)).await);
    keep("idle", StatusCode::OK, kit.get(&portal).await);
    keep("step_contest", StatusCode::OK, kit.get(&step_address(&token, Act::ContestAnswer)).await);
    kit.wait(200).await;
    keep("expired", StatusCode::GONE, kit.get(&portal).await);
    let renewed = kit.post_and_follow_to_gone(&format!("{portal}/nouveau-lien"), &[]).await;
    keep("renewed", StatusCode::GONE, renewed);
    for _ in 0..2 {
        kit.post_and_follow_to_gone(&format!("{portal}/nouveau-lien"), &[]).await;
    }
    let renewed_before = kit.post_and_follow_to_gone(&format!("{portal}/nouveau-lien"), &[]).await;
    keep("renewed_before", StatusCode::GONE, renewed_before);
    pages
}

async fn declined() -> Vec<State> {
    let mut pages = Vec::new();
    let mut keep = |name, status, page: Page| pages.push((name, status, page));
    let (kit, token) = Kit::commitment_asked().await;
    let decline = step_address(&token, Act::DeclineRequest);
    let address = format!("{decline}?demande=confirm_commitment");
    let form = with(
        kit.get(&address).await.form(&decline),
        &[("reason", "La décision revient au siège.\nIl se réunit en avril.")],
    );
    keep("declined", StatusCode::OK, kit.post_and_follow(&decline, &form).await);
    pages
}

async fn handed_over() -> Vec<State> {
    let mut pages = Vec::new();
    let mut keep = |name, status, page: Page| pages.push((name, status, page));
    let (kit, token) = Kit::commitment_asked().await;
    let hand_over = step_address(&token, Act::HandOverContact);
    let form = kit.get(&hand_over).await.form(&hand_over);
    let form = with(form, &[("name", "Luc Lemoine"), ("email", "luc@boulangerie-lemoine.example")]);
    keep("handed_over", StatusCode::GONE, kit.post_and_follow_to_gone(&hand_over, &form).await);
    keep("revoked", StatusCode::GONE, kit.get(&format!("/acces/{token}")).await);
    pages
}

async fn signatures() -> Vec<State> {
    let mut pages = Vec::new();
    let mut keep = |name, status, page: Page| pages.push((name, status, page));
    let (mut kit, company, trainee) = Kit::pif_written().await;
    keep("pif_company", StatusCode::OK, kit.get(&format!("/acces/{company}")).await);
    keep("pif_trainee", StatusCode::OK, kit.get(&format!("/acces/{trainee}")).await);
    let sign = step_address(&company, Transition::SignPif);
    let form = with(kit.get(&format!("/acces/{company}")).await.form(&sign), SIGNED);
    let coordinator = kit.coordinator.actor();
    kit.sample(&coordinator, Act::AmendPif).await;
    keep("pif_newer_version", StatusCode::CONFLICT, kit.post(&sign, &form).await);
    let amended = kit.get(&format!("/acces/{company}")).await;
    let form = with(amended.form(&sign), SIGNED);
    keep("pif_amended", StatusCode::OK, amended);
    keep("pif_signed", StatusCode::OK, kit.post_and_follow(&sign, &form).await);
    keep("step_withdraw", StatusCode::OK, kit.get(&step_address(&trainee, Transition::WithdrawCandidate)).await);
    pages
}

async fn colleagues() -> Vec<State> {
    let mut pages = Vec::new();
    let mut keep = |name, page: Page| pages.push((name, StatusCode::OK, page));
    let (mut kit, token) = Kit::commitment_asked().await;
    keep("colleagues_name", kit.get(&step_address(&token, Act::AddCompanyContact)).await);
    kit.name_colleagues().await;
    keep("colleagues_contact", kit.get(&format!("/acces/{token}")).await);
    let signature = format!("{}?fonction=signatory", step_address(&token, Act::RemoveCompanyContact));
    keep("colleagues_remove", kit.get(&signature).await);
    let signatory = kit.token_of(OutsideRole::Signatory).await;
    keep("colleagues_signatory", kit.get(&format!("/acces/{signatory}")).await);
    let (mut kit, _, _) = Box::pin(Kit::in_training()).await;
    kit.name_colleagues().await;
    for (name, role) in
        [("colleagues_resources", OutsideRole::HumanResources), ("colleagues_accounting", OutsideRole::Accounting)]
    {
        keep(name, kit.get(&format!("/acces/{}", kit.token_of(role).await)).await);
    }
    let accounting = kit.token_of(OutsideRole::Accounting).await;
    keep("colleagues_leave", kit.get(&step_address(&accounting, Act::RemoveCompanyContact)).await);
    pages
}

async fn training() -> Vec<State> {
    let mut pages = Vec::new();
    let mut keep = |name, status, page: Page| pages.push((name, status, page));
    let (kit, trainee, tutor) = Kit::in_training().await;
    keep("training_trainee", StatusCode::OK, kit.get(&format!("/acces/{trainee}")).await);
    keep("training_tutor", StatusCode::OK, kit.get(&format!("/acces/{tutor}")).await);
    keep("step_sequence", StatusCode::OK, kit.get(&step_address(&tutor, Act::RecordSequence)).await);
    keep("step_accident", StatusCode::OK, kit.get(&step_address(&trainee, Act::ReportAccident)).await);
    let record = step_address(&tutor, Act::RecordSequence);
    let day = kit.today;
    let overlap = [
        ("kind", "reflexive_phase"),
        ("from", &format!("{day}T10:00")),
        ("until", &format!("{day}T11:00")),
        ("objective", "Revenir sur le geste."),
    ];
    let form = with(kit.get(&record).await.form(&record), &overlap);
    keep("step_refused", StatusCode::CONFLICT, kit.post(&record, &form).await);
    pages
}

async fn report() -> Vec<State> {
    let mut pages = Vec::new();
    let mut keep = |name, status, page: Page| pages.push((name, status, page));
    let (mut kit, company) = Kit::report_asked().await;
    keep("report_asked", StatusCode::OK, kit.get(&format!("/acces/{company}")).await);
    let actor = kit.outside(OutsideRole::Company);
    kit.sample(&actor, Act::ConfirmReport).await;
    let coordinator = kit.coordinator.actor();
    kit.sample(&coordinator, Transition::DeliverReport).await;
    let officer = kit.officer.actor();
    kit.act(&officer, Transition::AdmitReport, json!({}).as_object().cloned().unwrap_or_default()).await;
    keep("closed", StatusCode::OK, kit.get(&format!("/acces/{company}")).await);
    pages
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_keeps_what_all_pages_owe() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("pages");
    fs::create_dir_all(folder.join("static")).expect("a folder");
    let font = "atkinson-hyperlegible-next-5.3.woff2";
    let sources = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("static");
    fs::copy(sources.join(font), folder.join("static").join(font)).expect("the font of the pages");
    let style = Kit::new().await.get("/static/jalon.css").await.text;
    fs::write(folder.join("static/jalon.css"), style).expect("the look of the pages");
    let mut pages = Box::pin(commitment()).await;
    pages.extend(Box::pin(declined()).await);
    pages.extend(Box::pin(handed_over()).await);
    pages.extend(Box::pin(signatures()).await);
    pages.extend(Box::pin(colleagues()).await);
    pages.extend(Box::pin(training()).await);
    pages.extend(Box::pin(report()).await);
    for (name, status, page) in pages {
        fs::write(folder.join(format!("{name}.html")), &page.text).expect("a page is written");
        assert_eq!(page.status, status, "{name}: {}", page.text);
        complete(name, &page);
    }
}

/// What every page owes: its language, one title, labels, no address elsewhere, French that is well set.
pub fn complete(name: &str, page: &Page) {
    let text = &page.text;
    let count = |part: &str| text.matches(part).count();
    for part in ["<html lang=\"fr\">", "<main id=\"contenu\"", "<h1>", "<title>", "</html>"] {
        assert_eq!(count(part), 1, "{name}: {part}");
    }
    assert_eq!(count("style=\"") + count("onclick"), 0, "{name}: nothing inline");
    // One script of ours, for staff alone.
    let staff = count("class=\"bar staff\"");
    assert_eq!((count("<script"), count("<script src=\"/static/jalon.js?v=")), (staff, staff), "{name}: the script");
    for address in text.split("href=\"").skip(1).chain(text.split("action=\"").skip(1)) {
        let ours = ["/", "#", "tel:", "mailto:", "data:image"].iter().any(|start| address.starts_with(start));
        assert!(ours && !address.starts_with("//"), "{name}: {}", &address[..60.min(address.len())]);
    }
    let ids: Vec<&str> = text.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "{name}: {ids:?}");
    for attribute in [" for=\"", "aria-labelledby=\"", "aria-describedby=\"", "href=\"#"] {
        for target in
            text.split(attribute).skip(1).filter_map(|rest| rest.split('"').next()).flat_map(str::split_whitespace)
        {
            assert!(ids.contains(&target), "{name}: {attribute}{target}");
        }
    }
    for field in text.split("<input ").skip(1).chain(text.split("<textarea ").skip(1)) {
        let tag = &field[..field.find('>').expect("a tag ends")];
        let labelled = tag.contains("type=\"hidden\"") || tag.contains("checkbox") || tag.contains("radio") || {
            let id = tag.split("id=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
            text.contains(&format!("for=\"{id}\""))
        };
        assert!(labelled, "{name}: {tag}");
    }
    let described: BTreeSet<&str> = text
        .split("aria-describedby=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .flat_map(str::split_whitespace)
        .collect();
    for class in ["error", "help", "remark"] {
        for told in text.split(&format!(" class=\"{class}\"")).skip(1) {
            let tag = &told[..told.find('>').expect("a tag ends")];
            let id = tag.split("id=\"").nth(1).and_then(|rest| rest.split('"').next());
            assert!(
                id.is_some_and(|id| described.contains(id)),
                "{name}: a field is not read with its {class}: {told:.200}"
            );
        }
    }
    for table in text.split("<table").skip(1) {
        let table = &table[..table.find("</table>").expect("a table ends")];
        let tag = &table[..table.find('>').expect("a tag ends")];
        assert!(
            table.contains("<caption") || tag.contains("aria-labelledby"),
            "{name}: a table without caption: {table:.200}"
        );
        assert!(!table.contains("<th>"), "{name}: {table:.200}");
        for head in table.split("<th ").skip(1) {
            let head = &head[..head.find('>').expect("a tag ends")];
            assert!(head.contains("scope=\"col\"") || head.contains("scope=\"row\""), "{name}: <th {head}>");
        }
    }
    for moment in text.split(" datetime=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        let day = moment.parse::<domain::Day>().is_ok();
        assert!(day || chrono::DateTime::parse_from_rfc3339(moment).is_ok(), "{name}: {moment} has no offset (L28)");
    }
    let problems = wording::typography::check(&words(text));
    assert!(problems.is_empty(), "{name}: {}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
}

/// The words of a page, without its tags.
fn words(page: &str) -> String {
    let body = &page[page.find("<body>").expect("a body")..];
    let mut words = String::new();
    for part in body.split('<').skip(1) {
        let text = part.split_once('>').map_or("", |(_, text)| text);
        words.push_str(text.trim());
        words.push('\n');
    }
    words.replace("&#62;", ">").replace("&#60;", "<").replace("&#39;", "'").replace("&#34;", "\"").replace("&amp;", "&")
}
