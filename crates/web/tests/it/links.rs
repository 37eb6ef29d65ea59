//! What a link opens, refuses and records.

use axum::http::StatusCode;
use domain::path::{Act, Transition};

use crate::kit::{Kit, SIGNED, step_address, with};

#[tokio::test(flavor = "multi_thread")]
async fn a_company_confirms_its_commitment_once() {
    let (kit, token) = Kit::commitment_asked().await;
    let page = kit.get(&format!("/acces/{token}")).await;
    assert_eq!(page.status, StatusCode::OK);
    page.shows(&[
        "Confirmer l’engagement de l’entreprise",
        "FEST-1-2026-0001",
        "Anne Lemoine",
        "Claire Besnard",
        "avant le",
    ]);
    let action = step_address(&token, Act::ConfirmCommitment);
    let form = with(page.form(&action), SIGNED);
    let done = kit.post_and_follow(&action, &form).await;
    done.shows(&["Merci, c’est enregistré", "Engagement confirmé le"]);
    let again = kit.post_and_follow(&action, &form).await;
    again.shows(&["Engagement déjà confirmé le"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn everyone_signs() {
    let (kit, company, trainee) = Kit::pif_written().await;
    for (token, signatory) in [(company, SIGNED), (trainee, &[][..])] {
        let page = kit.get(&format!("/acces/{token}")).await;
        let action = step_address(&token, Transition::SignPif);
        let form = with(page.form(&action), signatory);
        kit.post_and_follow(&action, &form).await.shows(&["Merci, c’est enregistré", "PIF, version 1, signé le"]);
    }
}
