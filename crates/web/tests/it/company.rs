//! The page of a company: its paths, its people, its promises, what was sent; through the reader's own paths alone.

use axum::http::StatusCode;
use domain::path::Act;
use domain::people::OutsideRole;

use crate::gallery::complete;
use crate::kit::Kit;
use crate::paths::{Seat, stranger};

#[tokio::test(flavor = "multi_thread")]
async fn a_company_is_seen_through_ones_own_paths() {
    let (mut kit, _) = Kit::commitment_asked().await;
    let address = format!("/entreprises/{}", kit.path().workplace.siret);
    let coordinator = Seat::of(&kit, &kit.coordinator.clone()).await;
    let page = coordinator.get(&kit, &address).await;
    complete("company", &page);
    let reference = kit.path().reference.to_string();
    page.shows(&[&reference, "Demandé", "1 parcours, dont 1 en cours", "Signaler un nouveau besoin", "Remplacer"]);
    assert!(page.text.contains(&format!("/parcours/{reference}/etapes/change_contact?role=company")));

    let company = kit.outside(OutsideRole::Company);
    kit.sample(&company, Act::ConfirmCommitment).await;
    coordinator.get(&kit, &address).await.shows(&["Confirmé"]);

    let other = Seat::of(&kit, &stranger(&kit).await).await;
    let hidden = other.get(&kit, &address).await;
    let unknown = other.get(&kit, "/entreprises/55208131766522").await;
    assert_eq!((hidden.status, &hidden.text), (StatusCode::NOT_FOUND, &unknown.text));
    assert_eq!(kit.get(&address).await.status, StatusCode::SEE_OTHER);
    assert_eq!(coordinator.get(&kit, "/entreprises/12345678901234").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trained_tutor_and_old_promises_stay_known() {
    let (kit, _, _) = Kit::in_training().await;
    let officer = Seat::of(&kit, &kit.officer.clone()).await;
    let page = officer.get(&kit, &format!("/entreprises/{}", kit.path().workplace.siret)).await;
    complete("company_training", &page);
    page.shows(&["Tuteur", "Confirmé", "Ce qui lui a été envoyé"]);
    let view = kit.app.path(&kit.officer.actor(), &kit.path().reference).await.expect("the path");
    let candidate = view.path.candidate.expect("a candidate").person.id;
    let trainee = view.people.into_iter().find(|person| person.id == candidate).expect("the trainee").contact.name;
    page.lacks(&[&trainee]);
}
