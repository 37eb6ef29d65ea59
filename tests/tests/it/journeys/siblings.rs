//! A sibling path: opened from a path that is ready, it draws no study and no preparation.

use domain::path::Transition;
use serde_json::json;

use super::{Body, Company, Journey, Region, Trainee, Tutor, journey};
use crate::cli_kit::{Jalon, LOT_1, LOT_2};

async fn a_sibling_draws_its_training_alone(jalon: Jalon) {
    jalon.work();
    jalon.notified_order(&LOT_1, "P1 1, M1 1, M2 1, N1 2").await;
    let path = Journey::reported(&jalon, &LOT_1).await;
    path.studied().await;
    let sibling = ["path", "new", "--sibling", &path.reference, "--set", "programme_still_fit=oui", "--as"];
    jalon.refused(&[&sibling[..], &[LOT_1.coordinator]].concat(), 3, "source_not_fit");
    path.prepared().await;
    path.does(Region, Transition::AdmitPreparation, json!({}), &[Body, Company]).await;
    jalon.refused(&[&sibling[..], &[LOT_2.coordinator]].concat(), 5, "not_found");

    let drawn = path.amounts();
    let sibling = Journey::sibling(&path).await;
    assert_ne!(sibling.reference, path.reference);
    assert_eq!((sibling.state().as_str(), sibling.amounts()), ("ready", drawn));
    sibling.does(Body, Transition::OpenSelection, json!({}), &[Body, Company]).await;
    let all = [Body, Company, Trainee, Tutor];
    sibling.does(Body, Transition::SelectCandidate, json!({}), &all).await;
    sibling.signed("2026-03-16").await;
    sibling.does(Region, Transition::OrderImplementation, json!({}), &all).await;
    assert_eq!(sibling.amounts(), (drawn.0 + 2_000_00, drawn.1));
    sibling.entered("2026-03-16").await;
    assert_eq!((path.state().as_str(), sibling.state().as_str()), ("ready", "in_training"));
    assert_eq!((sibling.places(), sibling.entries()), ((0, 1), 1));
    jalon.finish(&LOT_1).await;
}
journey!(a_sibling_draws_its_training_alone, "2026-03-02");
