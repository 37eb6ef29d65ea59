//! A preparation adjourned, the adjournment refused, then admitted with a reduction.

use domain::path::{Act, Transition};
use serde_json::json;

use super::{Body, Company, Journey, Region, journey};
use crate::cli_kit::{Jalon, LOT_2};

async fn an_adjourned_preparation_is_reduced(jalon: Jalon) {
    jalon.work();
    jalon.notified_order(&LOT_2, "P1 1, M1 1, M2 1").await;
    let path = Journey::reported(&jalon, &LOT_2).await;
    path.studied().await;
    path.prepared().await;
    path.does(Region, Transition::AdjournPreparation, json!({}), &[Body, Company]).await;
    let reduced = json!({ "reduction": "200,00", "reasons": "La grille d’évaluation est incomplète." });
    path.refused(Region, Transition::AdmitPreparation, &reduced, "too_early");
    path.does(Body, Act::RefuseAdjournment, json!({}), &[Region]).await;
    path.refused(Region, Transition::AdmitPreparation, &json!({}), "missing");
    path.refused(Region, Transition::AdmitPreparation, &reduced, "missing");
    path.does(Region, Act::AskObservations, json!({}), &[Body]).await;
    path.refused(Region, Transition::AdmitPreparation, &reduced, "missing");
    path.does(Body, Act::GiveObservations, json!({}), &[Region]).await;
    let too_much = json!({ "reduction": "1400,01", "reasons": "Rien n’est utilisable." });
    path.refused(Region, Transition::AdmitPreparation, &too_much, "amount_too_high");
    let admitted = path.does(Region, Transition::AdmitPreparation, reduced, &[Body, Company]).await;
    let event = &admitted.event("admitted")["event"];
    assert_eq!((&event["reduction"], &event["amount"]), (&json!(200_00), &json!(1_200_00)));
    assert_eq!((path.state().as_str(), path.amounts()), ("ready", (2_000_00, 1_800_00)));
    assert_eq!((path.places(), path.entries()), ((0, 0), 0));
    jalon.finish(&LOT_2).await;
}
journey!(an_adjourned_preparation_is_reduced, "2026-03-02");
