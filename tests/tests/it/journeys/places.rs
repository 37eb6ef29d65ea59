//! Places of a lot: freed by a withdrawal, given back by an entry that is annulled.

use domain::path::{Act, Transition};
use serde_json::json;

use super::{Body, Company, Journey, Region, Trainee, Tutor, entries, journey};
use crate::cli_kit::{Jalon, LOT_1, LOT_2};

const ALL: [super::Who; 4] = [Body, Company, Trainee, Tutor];
const WITH_REGION: [super::Who; 5] = [Body, Company, Trainee, Tutor, Region];

async fn a_withdrawal_frees_the_place(jalon: Jalon) {
    // One place in each lot.
    jalon.apply_market(|market| *market = market.replace("places_per_year = 250", "places_per_year = 1"));
    jalon.work();
    jalon.notified_order(&LOT_2, "P1 1, M1 1, M2 1, N1 1").await;
    let path = Journey::reported(&jalon, &LOT_2).await;
    path.studied().await;
    path.prepared().await;
    path.opened().await;
    let other = Journey::sibling(&path).await;
    other.does(Body, Transition::OpenSelection, json!({}), &[Body, Company]).await;

    path.does(Body, Transition::SelectCandidate, json!({}), &ALL).await;
    let second = json!({ "name": "Inès Roussel", "email": "ines.roussel@courriel.example" });
    let said = other.refused(Body, Transition::SelectCandidate, &second, "no_place");
    assert!(said.contains("2026"), "{said}");
    let alerts = jalon.json(&["messages", "list", "--kind", "place_alert"]);
    let mut told: Vec<&str> =
        alerts.as_array().expect("a list").iter().filter_map(|alert| alert["to"].as_str()).collect();
    told.sort();
    assert_eq!(told, [LOT_2.holder, LOT_2.officer], "the lot is full");
    path.signed("2026-03-16").await;
    path.does(Region, Transition::OrderImplementation, json!({}), &ALL).await;
    assert_eq!((path.places(), path.amounts()), ((1, 0), (4_000_00, 2_000_00)));

    let withdrawn = path.does(Trainee, Transition::WithdrawCandidate, json!({}), &ALL).await;
    assert_eq!(withdrawn.said["state"], "candidate_selection");
    assert_eq!((path.places(), path.amounts()), ((0, 0), (2_000_00, 2_000_00)));
    other.does(Body, Transition::SelectCandidate, second, &ALL).await;
    assert_eq!((other.places(), other.entries()), ((1, 0), 0));
    path.refused(Body, Transition::SelectCandidate, &json!({}), "no_place");
    jalon.finish(&LOT_2).await;
}
journey!(a_withdrawal_frees_the_place, "2026-03-02");

/// One place, and three who wait: the first lets the offer lapse, the second left the queue, the third takes the place.
async fn a_freed_place_goes_down_the_queue(jalon: Jalon) {
    jalon.apply_market(|market| {
        *market = market
            .replace("places_per_year = 250", "places_per_year = 1")
            .replace("policy = \"block\"", "policy = \"waitlist\"");
    });
    jalon.work();
    jalon.notified_order(&LOT_2, "P1 1, M1 1, M2 1, N1 1").await;
    let path = Journey::reported(&jalon, &LOT_2).await;
    path.studied().await;
    path.prepared().await;
    path.opened().await;
    path.does(Body, Transition::SelectCandidate, json!({}), &ALL).await;
    let candidate =
        |name: &str| json!({ "name": name, "email": format!("{}@courriel.example", &name[..4].to_lowercase()) });
    let queued = async |name: &str| {
        let sibling = Journey::sibling(&path).await;
        sibling.does(Body, Transition::OpenSelection, json!({}), &[Body, Company]).await;
        let waits = sibling.does(Body, Transition::SelectCandidate, candidate(name), &ALL).await;
        waits.event("candidate_queued");
        sibling
    };
    let first = queued("Anna Roussel").await;
    let second = queued("Hugo Lambert").await;
    let third = queued("Lina Mercier").await;
    assert_eq!((path.places(), third.state().as_str()), ((1, 0), "candidate_selection"));

    // The link of who waits opens the path, and lets them leave the queue.
    let kept = third.link(Trainee);
    third.does(Trainee, Act::ProposeCorrection, json!({}), &[Body, Trainee]).await;
    let left = second.does(Trainee, Transition::WithdrawCandidate, json!({}), &ALL).await;
    assert_eq!(left.event("candidate_withdrawn")["event"]["year"], json!(null));
    second.refused(Body, Transition::WithdrawCandidate, &json!({}), "no_candidate");
    assert_eq!(path.places(), (1, 0), "no place was held for who waited");

    path.does(Region, Transition::WithdrawCandidate, json!({}), &ALL).await;
    first.comes("place_offered", &[Body, Company, Trainee]).await;
    assert_eq!(path.places(), (1, 0), "held for the first");
    path.does(Body, Transition::SelectCandidate, candidate("Nora Petit"), &ALL).await.event("candidate_queued");
    jalon.to("2026-03-09").await;
    assert!(third.recorded("place_offered").is_empty(), "seven days are not over");
    jalon.to("2026-03-10").await;
    first.comes("offer_lapsed", &[Body, Trainee]).await;
    third.comes("place_offered", &[Body, Company, Trainee]).await;
    assert_eq!((first.recorded("place_offered").len(), path.places()), (1, (1, 0)));
    let taken = third.does(Body, Transition::SelectCandidate, candidate("Lina Mercier"), &ALL).await;
    assert_eq!(taken.event("candidate_selected")["event"]["from_offer"], true);
    assert_eq!((third.state().as_str(), path.places()), ("candidate_selected", (1, 0)));
    // The same person, with the link of the day on which they began to wait.
    jalon.json(&["path", "answer", &kept, "propose_correction", "--set", "correction=Mon prénom a deux n."]);
    jalon.finish(&LOT_2).await;
}
journey!(a_freed_place_goes_down_the_queue, "2026-03-02");

async fn an_entry_without_anyone_is_annulled(jalon: Jalon) {
    jalon.work();
    jalon.notified_order(&LOT_1, "P1 1, M1 1, M2 1, N1 1").await;
    let path = Journey::reported(&jalon, &LOT_1).await;
    path.to_training("2026-03-16").await;
    assert_eq!((path.places(), path.entries()), ((0, 1), 1));
    let annulled = path.does(Region, Transition::AnnulEntry, json!({}), &WITH_REGION).await;
    assert_eq!(annulled.said["state"], "implementation_ordered");
    assert_eq!((path.places(), path.entries()), ((1, 0), 0));
    // What was known before is still what was known before.
    let known = path.recorded("training_entered")[0]["recorded_at"].as_str().expect("an instant").to_owned();
    assert_eq!(entries(&jalon, &["--as-of", "2026-03-16", "--known-at", &known]), 1);
    path.does(Body, Transition::WithdrawCandidate, json!({}), &ALL).await;
    assert_eq!((path.places(), path.entries()), ((0, 0), 0));
    assert_eq!(path.amounts(), (2_000_00, 2_000_00));
    jalon.finish(&LOT_1).await;
}
journey!(an_entry_without_anyone_is_annulled, "2026-03-02");
