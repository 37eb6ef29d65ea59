//! The file that puts the days of a path in the calendar of who follows it by a link.

use axum::http::{StatusCode, header};
use domain::path::{Act, Transition};
use domain::people::{OutsideRole, RecipientRole};

use crate::kit::{Kit, Page};

fn agenda(token: &str) -> String {
    format!("/acces/{token}/agenda.ics")
}

/// The file behind a link, which its page offers, with lines as they were before they were folded.
async fn file(kit: &Kit, token: &str) -> Page {
    let shown = kit.get(&format!("/acces/{token}")).await;
    shown.shows(&["Ajouter à mon agenda (.ics)", &agenda(token)]);
    let mut page = kit.get(&agenda(token)).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    page.text = page.text.replace("\r\n ", "");
    page
}

/// What stands at the beginning of a line, in order.
fn lines<'a>(file: &'a Page, name: &str) -> Vec<&'a str> {
    file.text.split("\r\n").filter_map(|line| line.strip_prefix(name)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_takes_its_visit_as_an_instant() {
    let (kit, token) = Kit::commitment_asked().await;
    let file = file(&kit, &token).await;
    assert_eq!(file.headers[header::CONTENT_TYPE], "text/calendar; charset=utf-8");
    let disposition = file.headers[header::CONTENT_DISPOSITION].to_str().expect("a text");
    assert!(disposition.starts_with("attachment;") && disposition.ends_with(".ics"), "{disposition}");
    let visit = kit.path().first_visit.expect("a visit");
    let start = domain::calendar::at_paris_time(visit.date(), visit.time());
    assert_eq!(lines(&file, "DTSTART"), [start.format(":%Y%m%dT%H%M%SZ").to_string()]);
    assert_eq!(lines(&file, "SUMMARY:"), ["FEST-1-2026-0001 — Première visite"]);

    // The same appointment as in the invitation by e-mail.
    let view = kit.app.path(&kit.officer.actor(), &kit.path().reference).await.expect("the path");
    let invited = view.messages.iter().find_map(|message| message.content.calendar.clone()).expect("an invitation");
    let invited = invited.replace("\r\n ", "");
    assert!(invited.contains(&format!("\r\nUID:{}\r\n", lines(&file, "UID:")[0])), "{invited}");
}

#[tokio::test(flavor = "multi_thread")]
async fn everyone_takes_the_days_of_their_page_and_nobody_elses() {
    let (kit, company, trainee) = Box::pin(Kit::pif_written()).await;
    let path = kit.path();
    let entry = path.candidate.as_ref().expect("a candidate").planned_entry.format(";VALUE=DATE:%Y%m%d").to_string();
    let end = path.pif.as_ref().expect("a programme").terms.ends_on.format(";VALUE=DATE:%Y%m%d").to_string();
    for token in [&company, &trainee] {
        let file = file(&kit, token).await;
        assert_eq!(lines(&file, "DTSTART"), [entry.as_str(), end.as_str()]);
        assert_eq!(lines(&file, "SUMMARY:"), ["FEST-1-2026-0001 — Entrée prévue", "FEST-1-2026-0001 — Fin prévue"]);
        file.lacks(&["Première visite", "Karim", "Anne", "Besnard", "mailto", "RSA", "BOE", token]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_file_moves_what_the_first_put() {
    let (mut kit, _, _) = Box::pin(Kit::in_training()).await;
    let company = kit.token(RecipientRole::Company).await;
    let trainee = kit.token_of(OutsideRole::Trainee).await;
    let first = file(&kit, &trainee).await;
    assert_eq!(lines(&first, "SUMMARY:")[0], "FEST-1-2026-0001 — Entrée en formation");
    let again = file(&kit, &trainee).await;
    assert_eq!(first.text, again.text, "nothing changed");

    kit.wait(1).await;
    let coordinator = kit.coordinator.actor();
    kit.sample(&coordinator, Transition::Suspend).await;
    let second = file(&kit, &trainee).await;
    assert_eq!(lines(&second, "UID:")[..2], lines(&first, "UID:")[..]);
    assert_eq!(
        lines(&second, "SUMMARY:")[2..],
        ["FEST-1-2026-0001 — Suspension de la formation", "FEST-1-2026-0001 — Reprise prévue"]
    );
    let rank = |file: &Page| lines(file, "SEQUENCE:")[0].parse::<u32>().expect("a number");
    assert!(rank(&second) > rank(&first));
    assert!(lines(&second, "DTSTAMP:")[0] > lines(&first, "DTSTAMP:")[0]);
    assert_eq!(file(&kit, &company).await.text, second.text, "the company sees the same days");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_opens_nothing_has_no_agenda() {
    let mut kit = Kit::new().await;
    let coordinator = kit.coordinator.actor();
    kit.sample(&coordinator, Transition::ReportNeed).await;
    let officer = kit.officer.actor();
    kit.sample(&officer, Transition::OrderFeasibility).await;
    let token = kit.token(RecipientRole::Company).await;
    let page = kit.get(&format!("/acces/{token}")).await;
    page.lacks(&["agenda.ics"]);
    assert_eq!(kit.get(&agenda(&token)).await.status, StatusCode::NOT_FOUND, "no day yet");

    kit.sample(&coordinator, Transition::StartFeasibility).await;
    file(&kit, &token).await.shows(&["Première visite"]);
    kit.sample(&coordinator, Act::ChangeContact).await;
    let replaced = kit.get(&agenda(&token)).await;
    assert_eq!(replaced.status, StatusCode::NOT_FOUND, "{}", replaced.text);
    replaced.lacks(&["BEGIN:VCALENDAR"]);
    let replacing = kit.token(RecipientRole::Company).await;
    file(&kit, &replacing).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_link_has_no_agenda() {
    let (mut kit, token) = Kit::commitment_asked().await;
    file(&kit, &token).await;
    kit.wait(400).await;
    assert_eq!(kit.get(&agenda(&token)).await.status, StatusCode::NOT_FOUND);
}
