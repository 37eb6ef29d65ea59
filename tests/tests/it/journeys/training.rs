//! Trainings that end early: for a job, paid for what was done; and one whose body stays silent, closed by the Region.

use domain::path::{Act, Transition};
use serde_json::json;

use super::{Body, Company, Journey, Region, Trainee, Tutor, journey};
use crate::cli_kit::{Jalon, LOT_1, LOT_2};

async fn an_early_exit_for_a_job_is_paid_for_its_hours(jalon: Jalon) {
    jalon.work();
    jalon.notified_order(&LOT_2, "P1 1, M1 1, M2 1, N1 1").await;
    let path = Journey::reported(&jalon, &LOT_2).await;
    path.to_training("2026-03-16").await;
    path.sequence("work_situation", "08:30", "10:30").await;
    let exit = |hours: u32| json!({ "outcome": "early_exit_for_job", "reason": "Embauche dans une autre boulangerie.", "hours_done": hours });
    path.refused(Body, Transition::EndTraining, &exit(3), "missing");
    path.does(Body, Transition::EndTraining, exit(2), &[Body, Company, Trainee, Tutor, Region]).await;
    path.does(Body, Act::AskConfirmation, json!({}), &[Company]).await;
    path.does(Company, Act::ConfirmReport, json!({}), &[Body, Company]).await;
    path.does(Body, Transition::DeliverReport, json!({}), &[Body, Company, Region]).await;
    let closed = path.does(Region, Transition::AdmitReport, json!({}), &[Body, Company, Trainee, Tutor]).await;
    assert_eq!(closed.said["state"], "closed");
    // Two hours of six, of 2 000 €.
    assert_eq!(closed.event("admitted")["event"]["amount"], 666_67);
    assert_eq!((path.places(), path.entries()), ((0, 1), 1));
    assert_eq!(path.amounts(), (4_000_00, 2_666_67));
    path.does(Trainee, Act::RecordFollowUp, json!({}), &[]).await;
    jalon.finish(&LOT_2).await;
}
journey!(an_early_exit_for_a_job_is_paid_for_its_hours, "2026-03-02");

async fn a_silent_body_is_put_on_notice_and_the_region_closes(jalon: Jalon) {
    jalon.work();
    jalon.notified_order(&LOT_1, "P1 1, M1 1, M2 1, N1 1").await;
    let path = Journey::reported(&jalon, &LOT_1).await;
    path.to_training("2026-03-16").await;
    path.sequence("work_situation", "08:30", "10:30").await;
    let dropped = json!({ "outcome": "dropped_out", "reason": "La personne ne revient pas.", "hours_done": 2 });
    path.does(Body, Transition::EndTraining, dropped, &[Body, Company, Trainee, Tutor, Region]).await;

    // The report was due on 31 March; the Region is told eight days later.
    let kind = |kind: &str| jalon.json(&["messages", "list", "--path", &path.reference, "--kind", kind]);
    let count = |kind_of: &str| kind(kind_of).as_array().expect("a list").len();
    jalon.to("2026-04-07").await;
    jalon.until("the body is reminded", || count("reminder") > 0).await;
    assert_eq!(count("escalation"), 0);
    jalon.to("2026-04-08").await;
    jalon.until("the Region is told", || count("escalation") == 1).await;
    assert_eq!(kind("escalation")[0]["to"], LOT_1.officer);
    path.refused(Region, Transition::CloseWithoutReport, &json!({}), "missing");
    path.does(Region, Act::SendFormalNotice, json!({}), &[Body]).await;
    jalon.to("2026-04-23").await;
    path.refused(Region, Transition::CloseWithoutReport, &json!({}), "missing");
    jalon.to("2026-04-24").await;
    path.refused(Region, Transition::CloseWithoutReport, &json!({ "amount": "666,68" }), "amount_too_high");
    let closed = path.does(Region, Transition::CloseWithoutReport, json!({}), &[Body, Company, Region]).await;
    assert_eq!(closed.said["state"], "closed");
    assert_eq!((path.places(), path.entries()), ((0, 1), 1));
    assert_eq!(path.amounts(), (4_000_00, 2_000_00));
    jalon.finish(&LOT_1).await;
}
journey!(a_silent_body_is_put_on_notice_and_the_region_closes, "2026-03-02");
