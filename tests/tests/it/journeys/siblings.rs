//! A sibling path: opened from a path that is ready, it draws no study and no preparation.

use domain::path::{Act, Transition};
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
    // The Region opens one on the word of the body alone.
    jalon.refused(&[&sibling[..], &[LOT_1.officer]].concat(), 3, "missing");

    let drawn = path.amounts();
    let sibling = Journey::sibling(&path).await;
    assert_ne!(sibling.reference, path.reference);
    assert_eq!((sibling.state().as_str(), sibling.amounts()), ("ready", drawn));
    sibling.does(Body, Transition::OpenSelection, json!({}), &[Body, Company]).await;
    let all = [Body, Company, Trainee, Tutor];
    sibling.does(Body, Transition::SelectCandidate, json!({}), &all).await;
    signed_on_paper(&jalon, &sibling, "2026-03-16").await;
    sibling.does(Region, Transition::OrderImplementation, json!({}), &all).await;
    assert_eq!(sibling.amounts(), (drawn.0 + 2_000_00, drawn.1));
    sibling.entered("2026-03-16").await;
    assert_eq!((path.state().as_str(), sibling.state().as_str()), ("ready", "in_training"));
    assert_eq!((sibling.places(), sibling.entries()), ((0, 1), 1));
    jalon.finish(&LOT_1).await;
}
journey!(a_sibling_draws_its_training_alone, "2026-03-02");

/// The company refuses by telephone, then signs on paper: the coordinator records both, and the order shows the signature.
async fn signed_on_paper(jalon: &Jalon, path: &Journey<'_>, entry: &str) {
    let all = [Body, Company, Trainee, Tutor];
    let pif = json!({ "afest_hours": 5, "application_hours": 1, "starts_on": entry, "ends_on": entry });
    path.does(Body, Act::WritePif, pif, &all).await;
    path.does(Body, Transition::SignPif, json!({}), &all).await;
    let answer = |declined| json!({ "request": "sign_pif", "role": "company", "declined": declined });
    let shown = || jalon.ok(&["path", "show", &path.reference]);
    assert!(!shown().contains("À traiter"));
    let refused =
        path.does(Body, Act::RecordAnswerOnBehalf, answer(Some("Les horaires ne conviennent pas.")), &[Company]).await;
    assert_eq!(refused.event("request_declined")["event"]["on_behalf"], true);
    assert!(refused.to(&path.address(Company)).text().contains("le refus que vous lui avez fait connaître"));
    assert!(shown().contains("À traiter"), "a task for the coordinator, as for a refusal by the link");
    path.does(Body, Act::RecordAnswerOnBehalf, answer(None), &[Company]).await;
    path.does(Trainee, Transition::SignPif, json!({}), &[Body, Company, Trainee, Tutor, Region]).await;
    let listed = "Signature de l’entreprise recueillie par l’organisme";
    let rehearsal = ["path", "advance", &path.reference, "order_implementation", "--as", LOT_1.officer, "--dry-run"];
    for said in [shown(), jalon.ok(&rehearsal)] {
        assert!(said.contains(listed) && !said.contains("Signature du stagiaire recueillie"), "{said}");
    }
}
