//! The pages of orders, lots and messages in their states, held against what all pages owe their readers.

use domain::path::{Act, Transition};
use domain::people::{OutsideRole, StaffRole};

use crate::gallery::complete;
use crate::kit::{Kit, Page, with};
use crate::messages::{deliver, to_company};
use crate::orders::{Desk, drafted};

fn keep(name: &str, page: &Page) {
    assert!(page.status.as_u16() < 500, "{name}: {}", page.text);
    complete(name, page);
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_keep_what_all_pages_owe() {
    let kit = Kit::new().await;
    let draft = drafted(&kit).await;
    let officer = Desk::of(&kit, &kit.officer).await;
    let finance = Desk::role(&kit, StaffRole::RegionFinance).await;
    let coordinator = Desk::of(&kit, &kit.coordinator).await;
    let notified = "/commandes/BC-1-2026-0001";
    let step = |name: &str| format!("{notified}/etapes/{name}");
    for (name, desk, address) in [
        ("orders", &officer, "/commandes".to_owned()),
        ("orders_filtered", &officer, "/commandes?etat=settled".to_owned()),
        ("orders_body", &coordinator, "/commandes".to_owned()),
        ("order_new_lot", &officer, "/commandes/nouvelle".to_owned()),
        ("order_new", &officer, "/commandes/nouvelle?lot=1".to_owned()),
        ("order_draft", &officer, draft.clone()),
        ("order_notified", &officer, notified.to_owned()),
        ("order_body", &coordinator, notified.to_owned()),
        ("order_ask", &officer, format!("{draft}/etapes/request_endorsement")),
        ("order_not_yet", &finance, format!("{draft}/etapes/endorse")),
        ("order_amend", &officer, step("amend_order")),
        ("order_settle", &officer, step("settle_order")),
        ("order_cancel", &officer, step("cancel_order")),
        ("order_observe", &coordinator, step("make_reservations")),
        ("verification_empty", &officer, "/commandes/verification".to_owned()),
    ] {
        keep(name, &desk.get(&address).await);
    }
    let new = "/commandes/nouvelle?lot=1";
    let form = officer.get(new).await.form(new);
    keep("order_new_errors", &officer.post(new, &with(form.clone(), &[("units_P1", "dix")])).await);
    let units = [("budget_year", "2026"), ("units_P1", "3"), ("voir", "oui")];
    keep("order_new_shown", &officer.post(new, &with(form, &units)).await);
    let ask = format!("{draft}/etapes/request_endorsement");
    let cancel = format!("{draft}/etapes/cancel_order");
    let late = officer.get(&cancel).await.form(&cancel);
    keep("order_asked", &officer.done(&ask, &ask, &[]).await);
    keep("order_conflict", &officer.post(&cancel, &with(late, &[("reason", "Double emploi.")])).await);
    let endorse = format!("{draft}/etapes/endorse");
    keep("order_endorse", &finance.get(&endorse).await);
    keep("order_endorse_errors", &finance.fill(&endorse, &endorse, &[]).await);
    keep("order_endorsed", &finance.done(&endorse, &endorse, &[("commitment_number", "E-7")]).await);
    keep("order_notify", &officer.get(&format!("{draft}/etapes/notify_order")).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_and_lots_keep_what_all_pages_owe() {
    let (mut kit, _) = Kit::commitment_asked().await;
    deliver(&kit, true).await;
    let address = format!("/messages/{}", to_company(&kit).await.content.id);
    {
        let officer = Desk::of(&kit, &kit.officer).await;
        let coordinator = Desk::of(&kit, &kit.coordinator).await;
        for (name, desk, address) in [
            ("messages", &officer, "/messages"),
            ("messages_failed", &coordinator, "/messages"),
            ("messages_none", &coordinator, "/messages?au=2020-01-01"),
            ("message_refused", &coordinator, &address),
            ("lots", &officer, "/lots"),
            ("lot", &officer, "/lots/1"),
            ("lot_body", &coordinator, "/lots/1"),
            ("lot_quota", &officer, "/lots/1/avenant"),
        ] {
            keep(name, &desk.get(address).await);
        }
        keep("message_errors", &coordinator.fill(&address, &address, &[]).await);
        keep("message_resent", &coordinator.done(&address, &address, &[("reason", "Adresse vérifiée.")]).await);
        let quota = "/lots/1/avenant";
        keep("lot_quota_errors", &officer.fill(quota, quota, &[("places", "3")]).await);
        let good = [("places", "300"), ("reference", "Avenant n° 2")];
        keep("lot_raised", &officer.done(quota, quota, &good).await);
    }
    let company = kit.outside(OutsideRole::Company);
    kit.sample(&company, Act::ConfirmCommitment).await;
    kit.wait(8).await;
    let body = kit.coordinator.actor();
    kit.sample(&body, Transition::DeliverFeasibility).await;
    let officer = Desk::of(&kit, &kit.officer).await;
    keep("verification", &officer.get("/commandes/verification").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_of_messages_keep_what_all_pages_owe() {
    let kit = Kit::new().await;
    let officer = Desk::of(&kit, &kit.officer).await;
    let coordinator = Desk::of(&kit, &kit.coordinator).await;
    let (text, varied, lot) = (
        "/messages/textes/feasibility_ordered/company",
        "/messages/textes/admitted/company",
        "/messages/textes/lots/1",
    );
    for (name, desk, address) in [
        ("texts", &officer, "/messages/textes"),
        ("texts_body", &coordinator, "/messages/textes"),
        ("text", &officer, text),
        ("text_varied", &officer, varied),
        ("text_lot", &officer, lot),
        ("text_body", &coordinator, text),
    ] {
        keep(name, &desk.get(address).await);
    }
    let form = officer.get(text).await.form(text);
    let typed = |words: &str| with(form.clone(), &[("texte", words), ("motif", "Plus simple."), ("faire", "oui")]);
    let own = "Bonjour {destinataire},\nLa Région vous offre une étude, faite par {organisme}.";
    keep("text_errors", &officer.post(text, &typed("Un {metir},\n{lien} et {lien}")).await);
    keep("text_previewed", &officer.post(text, &with(form.clone(), &[("texte", own)])).await);
    officer.post(text, &typed(own)).await;
    keep("text_own", &officer.get(&format!("{text}?fait=texte")).await);
    keep("text_overtaken", &officer.post(text, &typed("Un autre texte.")).await);
    let lines = [("texte", "Ouvert de 9 h à 12 h."), ("signature", "L’équipe de {organisme}")];
    let lines = with(officer.get(lot).await.form(lot), &lines);
    keep("text_lot_errors", &officer.post(lot, &with(lines, &[("faire", "oui")])).await);
}
