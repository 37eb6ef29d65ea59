//! The whole way, through the three prestations.

use domain::path::{Act, Transition};
use serde_json::{Value, json};

use super::{Body, Company, Journey, Region, Trainee, Tutor, Who, journey};
use crate::cli_kit::{Jalon, LOT_1};

const ENTRY: &str = "2026-03-16";

/// The fields of a form of a page, as a browser would send them.
fn form(page: &str, step: &str) -> (String, Vec<(String, String)>) {
    let text = |text: &str| text.replace("&#45;", "-").replace("&#39;", "’").replace("&amp;", "&");
    let attribute = |tag: &str, name: &str| {
        let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
        Some(text(rest.split_once('"')?.0))
    };
    let forms = page.split("<form ").skip(1).map(|rest| rest.split("</form>").next().unwrap_or(rest));
    let with_action = forms.filter_map(|form| Some((attribute(&format!(" {form}"), "action")?, form)));
    let (action, form) =
        with_action.into_iter().find(|(action, _)| action.ends_with(&format!("/{step}"))).expect("the page asks it");
    let inputs = form.split("<input").skip(1).map(|tag| tag.split('>').next().unwrap_or(tag));
    let fields = inputs.filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value").unwrap_or_default())));
    (action, fields.collect())
}

async fn a_path_goes_from_a_need_to_its_end(jalon: Jalon) {
    let address = jalon.serve();
    let order = jalon.notified_order(&LOT_1, "P1 2, M1 2, M2 1, N1 2").await;
    let path = Journey::reported(&jalon, &LOT_1).await;
    let all = [Body, Company, Trainee, Tutor];
    let with_region = [Body, Company, Trainee, Tutor, Region];

    path.does(Region, Transition::OrderFeasibility, json!({}), &[Body, Company]).await;
    let started = path.does(Body, Transition::StartFeasibility, json!({}), &[Body, Company]).await;
    for who in [Body, Company] {
        let parts = started.to(&path.address(who)).parts();
        assert!(parts.contains(&"text/calendar".to_owned()), "the first visit is an invitation: {parts:?}");
    }
    path.does(Body, Act::DesignateTutor, json!({}), &[Company, Tutor]).await;
    path.does(Body, Act::AskConfirmation, json!({}), &[Company]).await;
    let shown = jalon.json(&["path", "answer", &path.link(Company)]);
    assert_eq!((&shown["role"], &shown["asked"][0]["request"]), (&"company".into(), &"confirm_commitment".into()));
    path.does(Company, Act::ConfirmCommitment, json!({}), &[Body, Company]).await;
    path.does(Body, Transition::DeliverFeasibility, json!({}), &[Body, Company, Region]).await;
    path.does(Region, Transition::AdmitFeasibility, json!({}), &[Body, Company]).await;
    assert_eq!(path.amounts(), (600_00, 600_00));

    path.does(Region, Transition::OrderPreparation, json!({}), &[Body, Company]).await;
    path.does(Body, Transition::StartPreparation, json!({}), &[Body, Company, Tutor]).await;
    path.does(Body, Transition::DeliverPreparation, json!({}), &[Body, Company, Region]).await;
    path.does(Region, Transition::AdmitPreparation, json!({}), &[Body, Company]).await;
    assert_eq!(path.amounts(), (2_000_00, 2_000_00));

    path.does(Body, Transition::OpenSelection, json!({}), &[Body, Company]).await;
    path.does(Body, Transition::SelectCandidate, json!({}), &all).await;
    assert_eq!((path.places(), path.entries()), ((1, 0), 0));
    let pif = json!({ "afest_hours": 5, "application_hours": 1, "starts_on": ENTRY, "ends_on": ENTRY });
    path.does(Body, Act::WritePif, pif, &all).await;
    path.does(Body, Transition::SignPif, json!({}), &all).await;
    let signed = signed_on_the_page(&path, &address.to_string()).await;
    path.told(signed, &all).await;
    path.refused(Region, Transition::OrderImplementation, &json!({}), "wrong_state");
    let signed = signed_by_the_trainee(&path);
    path.told(signed, &with_region).await;

    let ordered = path.does(Region, Transition::OrderImplementation, json!({}), &all).await;
    let parts = ordered.to(&path.address(Trainee)).parts();
    assert!(parts.contains(&"text/calendar".to_owned()), "the entry is an invitation: {parts:?}");
    path.entered(ENTRY).await;
    assert_eq!((path.places(), path.entries()), ((0, 1), 1));
    for (kind, from, until) in
        [("work_situation", "08:30", "11:30"), ("reflexive_phase", "11:30", "13:30"), ("evaluation", "13:30", "15:30")]
    {
        path.sequence(kind, from, until).await;
    }
    path.does(Trainee, Act::SignSequence, json!({ "number": 2 }), &[]).await;
    path.does(Body, Act::SignAttendanceMonth, json!({}), &[Trainee, Tutor]).await;
    path.does(Body, Transition::EndTraining, json!({ "hours_done": 7 }), &with_region).await;
    path.does(Body, Act::AskConfirmation, json!({}), &[Company]).await;
    path.does(Company, Act::ConfirmReport, json!({}), &[Body, Company]).await;
    path.does(Body, Transition::DeliverReport, json!({}), &[Body, Company, Region]).await;
    let closed = path.does(Region, Transition::AdmitReport, json!({}), &all).await;
    assert_eq!(closed.said["state"], "closed");
    assert_eq!((path.amounts(), path.entries()), ((4_000_00, 4_000_00), 1));
    let units = jalon.json(&["order", "show", &order]);
    let used = units["uses"].as_array().expect("lines").iter().map(|line| (&line["drawn"], &line["served"]));
    assert_eq!(used.filter(|used| *used == (&json!(1), &json!(1))).count(), 4);

    let row = jalon.ok(&["report", "entries", "--as-of", "2026-12-31"]);
    assert!(row.contains("FEST\u{a0}: 1 · 100,00\u{a0}% · 0,00\u{a0}%"), "{row}");
    assert_eq!(super::entries(&jalon, &["--as-of", "2026-03-15"]), 0);
    jalon.finish(&LOT_1).await;
}
journey!(a_path_goes_from_a_need_to_its_end, "2026-03-02");

/// The company signs on the page of its link; what was recorded, as a command would say it.
async fn signed_on_the_page(path: &Journey<'_>, address: &str) -> Value {
    let here = |link: &str| format!("http://{address}{}", link.trim_start_matches("https://jalon.example"));
    let page = ureq::get(here(&path.link(Company))).call().expect("the page of the link");
    let page = page.into_body().read_to_string().expect("a page is text");
    assert!(page.contains(&path.reference), "{page}");
    let (action, mut fields) = form(&page, "sign_pif");
    let function = fields.iter_mut().find(|(name, _)| name == "fonction").expect("the company says who signs");
    function.1 = "Gérante".to_owned();
    let agent: ureq::Agent = ureq::Agent::config_builder().max_redirects(0).build().into();
    for said in ["fait=", "deja="] {
        let answer = agent.post(here(&action)).send_form(fields.clone()).expect("the form is taken");
        let location = answer.headers().get("location").and_then(|location| location.to_str().ok()).unwrap_or_default();
        assert!(answer.status() == 303 && location.contains(said), "{} {location}", answer.status());
    }
    let signed = path.recorded("pif_signed");
    let last = signed.last().expect("a signature").clone();
    assert_eq!((&last["event"]["party"], signed.len()), (&"company".into(), 2), "sent twice, recorded once");
    json!({ "events": [last] })
}

/// The trainee signs with `--as`, through the link.
fn signed_by_the_trainee(path: &Journey<'_>) -> Value {
    let link = format!("lien:{}", path.link(Who::Trainee));
    path.jalon.json(&["path", "advance", &path.reference, "sign_pif", "--as", &link, "--set", "version=1"])
}
