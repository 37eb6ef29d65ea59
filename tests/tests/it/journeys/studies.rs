//! Studies that do not go straight on: a negative one, one that silence admits, one that silence rejects.

use chrono::Days;
use domain::path::{Act, Transition};
use domain::samples;
use serde_json::json;

use super::{Body, Company, Journey, Region, Tutor, journey};
use crate::cli_kit::{Jalon, LOT_1, LOT_2};

async fn a_negative_study_is_paid_and_takes_no_place(jalon: Jalon) {
    jalon.work();
    jalon.notified_order(&LOT_2, "P1 1").await;
    let path = Journey::reported(&jalon, &LOT_2).await;
    path.does(Region, Transition::OrderFeasibility, json!({}), &[Body, Company]).await;
    path.does(Body, Transition::StartFeasibility, json!({}), &[Body, Company]).await;
    let verdict = json!({ "verdict": "not_feasible", "obstacle": "organisation", "commitment": null, "reasons": "Aucun poste ne peut être aménagé." });
    path.does(Body, Transition::DeliverFeasibility, verdict, &[Body, Company, Region]).await;
    let admitted = path.does(Region, Transition::AdmitFeasibility, json!({}), &[Body, Company]).await;
    assert_eq!(admitted.said["state"], "not_feasible");
    assert_eq!(admitted.event("admitted")["event"]["negative"], true);
    path.refused(Region, Transition::OrderPreparation, &json!({}), "wrong_state");
    assert_eq!((path.places(), path.amounts(), path.entries()), ((0, 0), (600_00, 600_00), 0));
    jalon.finish(&LOT_2).await;
}
journey!(a_negative_study_is_paid_and_takes_no_place, "2026-03-02");

async fn silence_after_a_refused_adjournment_rejects(jalon: Jalon) {
    jalon.work();
    jalon.notified_order(&LOT_1, "P1 1").await;
    let path = Journey::reported(&jalon, &LOT_1).await;
    path.studied().await;
    let reasons = "Le calendrier de la période d’application manque.";
    let why = json!({ "reasons": reasons });
    let adjourned = path.does(Region, Transition::AdjournFeasibility, why, &[Body, Company]).await;
    assert!(adjourned.to(LOT_1.coordinator).text().contains(reasons), "the body is told why");
    assert!(!adjourned.to(&path.address(Company)).text().contains(reasons), "the company is not");
    path.refused(Region, Transition::RejectFeasibility, &json!({}), "too_early");
    path.does(Body, Act::RefuseAdjournment, json!({}), &[Region]).await;
    path.refused(Body, Transition::DeliverFeasibility, &json!({}), "too_late");
    jalon.to("2026-03-17").await;
    path.refused(Region, Transition::RejectFeasibility, &json!({}), "missing");
    assert_eq!(path.state(), "feasibility_adjourned");
    jalon.at(samples::day("2026-03-18"), 9).await;
    let rejected = path.comes("rejected", &[Body, Company]).await;
    let event = rejected.event("rejected");
    assert_eq!((&event["event"]["by_silence"], &event["effective_on"]), (&true.into(), &"2026-03-17".into()));
    let until = samples::day("2026-03-18") + Days::new(30);
    assert_eq!(event["event"]["due_on"], until.to_string());
    assert_eq!((path.state().as_str(), path.amounts()), ("feasibility_in_progress", (600_00, 0)));
    // Done again at the body's cost, with the same unit.
    jalon.to("2026-03-18").await;
    path.does(Body, Transition::DeliverFeasibility, json!({}), &[Body, Company, Region]).await;
    path.does(Region, Transition::AdmitFeasibility, json!({}), &[Body, Company]).await;
    assert_eq!((path.state().as_str(), path.amounts(), path.entries()), ("feasible", (600_00, 600_00), 0));
    assert!(path.address(Tutor).contains('@'), "the tutor stays");
    jalon.finish(&LOT_1).await;
}
journey!(silence_after_a_refused_adjournment_rejects, "2026-03-02");
