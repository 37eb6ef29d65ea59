//! Journeys whose dates matter: run under three time zones, as every module of this name.

use domain::path::Transition;
use domain::samples;
use serde_json::json;

use super::{Body, Company, Journey, Region, journey};
use crate::cli_kit::{Jalon, LOT_1};

async fn silence_over_a_14_july_admits(jalon: Jalon) {
    jalon.work();
    jalon.notified_order(&LOT_1, "P1 1").await;
    let path = Journey::reported(&jalon, &LOT_1).await;
    path.studied().await;
    // Fifteen days end on a holiday, and so the day after.
    assert_eq!(path.recorded("feasibility_delivered")[0]["event"]["verify_until"], "2026-07-15");
    for (day, so_far) in [("2026-07-10", 1), ("2026-07-13", 2), ("2026-07-15", 2)] {
        jalon.to(day).await;
        jalon.until("the Region is reminded", || reminders(&path) >= so_far).await;
    }
    jalon.stop();
    assert_eq!((path.state().as_str(), reminders(&path)), ("feasibility_delivered", 2));
    // The silence has admitted before any clock runs.
    jalon.at(samples::day("2026-07-16"), 9).await;
    let said = path.refused(Region, Transition::AdjournFeasibility, &json!({}), "silence_admitted");
    assert!(said.contains("15\u{a0}juillet\u{a0}2026"), "{said}");
    jalon.work();
    let admitted = path.comes("admitted", &[Body, Company, Region]).await;
    let event = admitted.event("admitted");
    assert_eq!((&event["event"]["tacit"], &event["effective_on"]), (&true.into(), &"2026-07-15".into()));
    assert_eq!(event["author"]["kind"], "system");
    assert_eq!((path.state().as_str(), path.amounts(), path.entries()), ("feasible", (600_00, 600_00), 0));
    path.refused(Region, Transition::AdmitFeasibility, &json!({}), "already_done");
    jalon.finish(&LOT_1).await;
}
journey!(silence_over_a_14_july_admits, "2026-06-29");

/// Reminders queued for the Region.
fn reminders(path: &Journey<'_>) -> usize {
    let listed = path.jalon.json(&["messages", "list", "--path", &path.reference, "--kind", "reminder"]);
    listed.as_array().expect("a list").iter().filter(|message| message["role"] == "region").count()
}
