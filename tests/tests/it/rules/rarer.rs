//! What happens seldom enough to stand beside the walks of whole paths: conditions, tutors trained apart, levels that change,
//! several paths at once, needs, the money of orders, accounts, and places that lack. After each step, what is told is seen.

use app::{NeedAnswer, Options, OrderTarget, Target};
use chrono::TimeDelta;
use domain::accounts::AccountChange;
use domain::calendar::at_paris;
use domain::identifiers::OrderReference;
use domain::order::OrderTransition;
use domain::path::{Act, Path, State, Transition};
use domain::people::{Side, StaffRole};
use domain::proposal::Proposal;
use domain::samples;
use persistence::MessageFilter;
use serde_json::{Value, json};
use tests::world::{World, form, staff};

use crate::accounts::{VISITOR, administrator, made};
use crate::several;

/// A need that somebody outside reports and confirms.
async fn confirmed_need(world: &World, company: &str, seen: &mut impl AsyncFnMut()) -> Proposal {
    let reported = json!({ "sender": "mission_locale", "sender_name": "Ludivine Quesnel",
        "sender_email": "ludivine.quesnel@mission-locale.example", "company": company, "commune": "76217",
        "job": "Boulanger", "persons_wanted": "2", "contact_name": "Anne Lemoine", "contact_phone": "02 35 00 00 22" });
    let reported = reported.as_object().expect("a form");
    let ticket = world.app.need_ticket().await.expect("the store answers");
    world.wait(TimeDelta::seconds(30)).await;
    let sent = world.app.propose_need(reported, &ticket, &VISITOR).await.expect("the store answers");
    assert!(matches!(sent, NeedAnswer::Sent), "{sent:?}");
    seen().await;
    let tx = world.app.store().begin_read().await.expect("the store answers");
    let confirm = MessageFilter { kind: Some("need_proposal_confirm".to_owned()), ..MessageFilter::default() };
    let confirm = tx.messages(&confirm).await.expect("messages are listed");
    drop(tx);
    let latest = confirm.iter().max_by_key(|message| message.seq).expect("a need is to be confirmed");
    let token = world.app.link_of_message(latest.content.id).await.expect("the message is there").expect("a link");
    let proposal = world.app.confirm_need(&token).await.expect("it is confirmed").proposal;
    seen().await;
    proposal
}

/// A need that is declined and one that is taken up.
pub(super) async fn about_needs(world: &World, seen: &mut impl AsyncFnMut()) {
    let declined = confirmed_need(world, "Au Fournil d’Anne", seen).await;
    let reasons = json!({ "reason": "Le métier ne s’apprend pas en situation de travail." });
    let body = staff(Side::Body, 1).actor();
    let fields = reasons.as_object().expect("a form");
    assert!(world.app.decline_need(&body, declined.id, fields).await.expect("it is declined"));
    seen().await;
    let taken = confirmed_need(world, "Menuiserie du Port", seen).await;
    let opened = form(Transition::ReportNeed.into(), world.today().await, &json!({ "company": taken.need.company }));
    let told = Options { proposal: Some(taken.id), ..Options::default() };
    world.act(&body, &Target::New, Transition::ReportNeed, &opened, &told).await.expect("it is taken");
    seen().await;
}

/// Conditions, tutors and levels; then one step on several paths, and a coordinator for one of them.
pub(super) async fn about_paths(world: &World, seen: &mut impl AsyncFnMut()) {
    let conditional = world.reach(State::FeasibilityInProgress).await;
    let conditions = json!({ "verdict": "feasible_with_conditions", "commitment": "letter",
        "letter": samples::document("lettre.pdf"),
        "conditions": format!("{} Aménager le poste", world.today().await + TimeDelta::days(60)) });
    let path = world.ok(Side::Body, Some(&conditional), Transition::DeliverFeasibility, conditions).await;
    let path = world.ok(Side::Region, Some(&path), Transition::AdmitFeasibility, json!({})).await;
    seen().await;
    world.ok(Side::Body, Some(&path), Act::SettleCondition, json!({})).await;
    seen().await;

    let ready = world.reach(State::Ready).await;
    seen().await;
    let path = world.ok(Side::Company, Some(&ready), Act::ReplaceTutor, json!({})).await;
    let path = world.ok(Side::Region, Some(&path), Act::OrderTutorTraining, json!({})).await;
    seen().await;
    let mut path = world.lead(path, State::ImplementationOrdered).await;
    seen().await;
    let ends_on = world.today().await + TimeDelta::days(100);
    let longer = json!({ "afest_hours": 100, "application_hours": 70, "ends_on": ends_on });
    path = world.ok(Side::Body, Some(&path), Act::AmendPif, longer).await;
    seen().await;
    for side in [Side::Body, Side::Company, Side::Trainee] {
        path = world.ok(side, Some(&path), Transition::SignPif, json!({ "version": 2 })).await;
        seen().await;
    }
    world.ok(Side::Region, Some(&path), Act::ApproveLevel, json!({})).await;
    seen().await;

    let paths: Vec<Path> = vec![world.open().await, world.open().await, world.open().await];
    seen().await;
    let asked = several::read(&several::foreseen(world, &several::unread(&paths)).await);
    let done = several::done(world, &asked, "trois études").await;
    assert!(done.lines.iter().all(|line| line.result.is_ok()));
    seen().await;
    let other = made(world, StaffRole::Coordinator, "renfort@retravailler.example", "Léa Simon").await;
    let path = world.stored(&paths[0]).await;
    world.ok(Side::Body, Some(&path), Act::AssignCoordinator, json!({ "email": other.email })).await;
    seen().await;
}

/// Orders whose visa is refused, observed upon, settled and cancelled; payments of what a path was admitted for.
pub(super) async fn about_orders(world: &World, seen: &mut impl AsyncFnMut()) {
    use OrderTransition::{
        CancelOrder, InterruptPayment, MakeReservations, RecordPayment, RecordPaymentRequest, RefuseEndorsement,
        ResumePayment, ReturnPaymentRequest, SettleOrder,
    };
    let play = async |side, order: &OrderReference, step: OrderTransition, fields: Value| {
        let done = world.order(side, 1, &OrderTarget::Order(order.clone()), step, fields).await;
        assert!(done.is_ok(), "{step}: {done:?}");
    };
    let refused = world.endorsable_order(1, "P1 3").await.reference;
    play(Side::Finance, &refused, RefuseEndorsement, json!({ "reason": "Crédits épuisés." })).await;
    seen().await;
    let notified = world.notified_order(1, "P1 1").await.reference;
    seen().await;
    play(Side::Body, &notified, MakeReservations, json!({ "observations": "Délai court." })).await;
    seen().await;
    play(Side::Region, &notified, SettleOrder, json!({})).await;
    seen().await;
    let cancelled = world.notified_order(1, "M1 1").await.reference;
    play(Side::Region, &cancelled, CancelOrder, json!({ "reason": "Double emploi." })).await;
    seen().await;

    world.reach(State::Feasible).await;
    seen().await;
    let order = world.orders[0].reference.clone();
    let today = world.today().await;
    let asked =
        |number: &str| json!({ "number": number, "received_on": today, "amount": 60_000, "including_tax": 72_000 });
    let about = |fields: Value| {
        let mut named = json!({ "number": "CPP-2" });
        named.as_object_mut().expect("a form").extend(fields.as_object().expect("a form").clone());
        named
    };
    play(Side::Finance, &order, RecordPaymentRequest, asked("CPP-1")).await;
    let wrong = json!({ "number": "CPP-1", "reason": "Numéro erroné." });
    play(Side::Finance, &order, ReturnPaymentRequest, wrong).await;
    seen().await;
    play(Side::Finance, &order, RecordPaymentRequest, asked("CPP-2")).await;
    let missing = json!({ "interrupted_on": today, "reason": "Une pièce manque." });
    play(Side::Region, &order, InterruptPayment, about(missing)).await;
    seen().await;
    play(Side::Finance, &order, ResumePayment, about(json!({ "resumed_on": today }))).await;
    seen().await;
    for _ in 0..30 {
        world.set_clock(at_paris(world.today().await + TimeDelta::days(1), 9, 0)).await;
        world.app.tick().await.expect("the store answers");
        seen().await;
    }
    play(Side::Finance, &order, RecordPayment, about(json!({ "paid_on": world.today().await }))).await;
    seen().await;
}

/// Accounts invited, changed and that stand in for one another; a portfolio that changes hands.
pub(super) async fn about_accounts(world: &World, seen: &mut impl AsyncFnMut()) {
    let officer = staff(Side::Region, 1);
    world.app.invite(&officer.email, None, &VISITOR).await.expect("invited");
    seen().await;
    world.app.ask_password(officer.email.as_ref(), &VISITOR).await.expect("the store answers");
    seen().await;
    let admin = administrator(world, 1).await;
    let viewer = made(world, StaffRole::RegionViewer, "claire.morel@region.example", "Claire Morel").await;
    let moved = AccountChange { email: samples::email("claire.martin@region.example"), ..AccountChange::of(&viewer) };
    world.app.change_account(Some(&admin), viewer.id, viewer.version, moved, &VISITOR).await.expect("it is changed");
    seen().await;
    let coordinator = staff(Side::Body, 1);
    let heir = made(world, StaffRole::Coordinator, "relais@retravailler.example", "Hugo Petit").await;
    let today = world.today().await;
    let days = (today, today + TimeDelta::days(10));
    let both = (coordinator.id, heir.id);
    let made = world.app.delegate(Some(&coordinator), both, days, &VISITOR).await.expect("it is delegated");
    seen().await;
    world.app.end_delegation(Some(&coordinator), made.delegation.id, &VISITOR).await.expect("it ends");
    seen().await;
    world.app.hand_over(&admin, coordinator.id, heir.id, &VISITOR).await.expect("they go");
    seen().await;
}

/// One place for three: the alert, an offer that lapses, and the next.
pub(super) async fn about_places(world: &World, seen: &mut impl AsyncFnMut()) {
    let holder = world.reach(State::CandidateSelected).await;
    seen().await;
    for sibling in world.siblings(&holder, 2).await {
        let queued = world.ok(Side::Body, Some(&sibling), Transition::SelectCandidate, json!({})).await;
        assert!(queued.waiting.is_some(), "no place is left: it waits");
        seen().await;
    }
    world.ok(Side::Body, Some(&holder), Transition::WithdrawCandidate, json!({})).await;
    for _ in 0..10 {
        world.set_clock(at_paris(world.today().await + TimeDelta::days(1), 9, 0)).await;
        world.app.tick().await.expect("the store answers");
        seen().await;
    }
}
