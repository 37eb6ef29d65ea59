//! Accounts kept by several people at once, closed without leaving a path, and stood in for from a day to a day.

use app::{AppError, NewAccount, Options, OrderOptions, OrderTarget, Target, Visitor};
use domain::accounts::{AccountChange, AccountField, AccountRefusal};
use domain::delegation::DelegationRefusal;
use domain::form::Form;
use domain::order::{OrderRefusal, OrderTransition};
use domain::path::{Act, Path, State, Step, Transition};
use domain::people::{Account, Side, StaffRole};
use domain::samples;
use domain::security::SecurityEvent;
use futures::future::join_all;
use serde_json::{Value, json};
use tests::world::{Home, Setup, World, form, staff};

use crate::invariants::{Allowed, check_all, messages};
use crate::kit::on_both;

pub const VISITOR: Visitor = Visitor { address: String::new(), browser: String::new(), device: None };

pub(crate) async fn made(world: &World, role: StaffRole, email: &str, name: &str) -> Account {
    let coordinator = staff(Side::Body, 1);
    let new = NewAccount {
        email: samples::email(email),
        name: name.to_owned(),
        role,
        body: (role == StaffRole::Coordinator).then_some(coordinator.body).flatten(),
        lots: Vec::new(),
        phone: None,
        ends_on: (role == StaffRole::Auditor).then(|| samples::day("2027-12-31")),
    };
    world.app.create_account(new).await.expect("the account is new")
}

pub(crate) async fn administrator(world: &World, number: u8) -> Account {
    made(world, StaffRole::Administrator, &format!("admin.{number}@region.example"), &format!("Admin {number}")).await
}

fn refused(result: Result<impl Sized, AppError>) -> AccountRefusal {
    match result {
        Err(AppError::AccountRefused(refusal)) => *refusal,
        Err(other) => panic!("not a refusal of accounts: {other:?}"),
        Ok(_) => panic!("it was done"),
    }
}

/// Addresses to which messages of a kind went, in order.
async fn told(world: &World, kind: &str) -> Vec<String> {
    let mut messages = messages(world).await;
    messages.retain(|message| message.content.kind == kind);
    messages.iter().map(|message| message.content.to.email.to_string()).collect()
}

async fn the_second_to_change_an_account_is_told_what_the_first_changed(world: World, _home: &Home) {
    let (one, two) = (administrator(&world, 1).await, administrator(&world, 2).await);
    let seen = made(&world, StaffRole::RegionViewer, "claire.morel@region.example", "Claire Morel").await;
    let mut wanted = AccountChange::of(&seen);
    wanted.name = "Claire Martin".to_owned();
    wanted.email = samples::email("claire.martin@region.example");
    let (after, fields) =
        world.app.change_account(Some(&one), seen.id, seen.version, wanted, &VISITOR).await.expect("it is changed");
    assert_eq!((after.version, fields), (2, vec![AccountField::Email, AccountField::Name]));
    assert_eq!(
        told(&world, "address_changed").await,
        ["claire.morel@region.example", "claire.martin@region.example"],
        "the address that was left is told, and the new one"
    );

    let mut late = AccountChange::of(&seen);
    late.role = StaffRole::RegionOfficer;
    let conflict = match world.app.change_account(Some(&two), seen.id, seen.version, late.clone(), &VISITOR).await {
        Err(AppError::AccountConflict(conflict)) => conflict,
        other => panic!("{other:?}"),
    };
    assert_eq!(conflict.account, after);
    let [line] = conflict.since.as_slice() else { panic!("{:?}", conflict.since) };
    assert_eq!((line.line.event, line.by.as_ref()), (SecurityEvent::AccountChanged, Some(&one)));
    assert!(line.line.detail.contains("Claire Morel → Claire Martin"), "{}", line.line.detail);

    late.email.clone_from(&after.email);
    late.name.clone_from(&after.name);
    let (again, fields) =
        world.app.change_account(Some(&two), seen.id, after.version, late, &VISITOR).await.expect("seen, it applies");
    assert_eq!((again.role, fields), (StaffRole::RegionOfficer, vec![AccountField::Role]));
    let same = AccountChange::of(&again);
    let (unchanged, fields) =
        world.app.change_account(Some(&two), seen.id, again.version, same, &VISITOR).await.expect("nothing to do");
    assert_eq!((unchanged.version, fields), (again.version, Vec::new()));

    let stranger = staff(Side::Region, 1);
    for nobody in [&stranger, &Account { role: StaffRole::Administrator, ..stranger.clone() }] {
        let tried = world.app.change_account(Some(nobody), seen.id, 3, AccountChange::of(&again), &VISITOR).await;
        assert!(matches!(tried, Err(AppError::NotFound)), "{tried:?}");
    }
    let mut taken = AccountChange::of(&again);
    taken.email = one.email.clone();
    assert!(world.app.change_account(None, seen.id, again.version, taken, &VISITOR).await.is_err());
}
on_both!(
    second_to_change,
    Setup { units: "", ..Setup::default() },
    the_second_to_change_an_account_is_told_what_the_first_changed
);

async fn one_administrator_stays_whoever_closes_whom(world: World, _home: &Home) {
    let mut all = Vec::new();
    for number in 1..=6 {
        all.push(administrator(&world, number).await);
    }
    assert!(matches!(
        world.app.close_account(Some(&all[0]), all[0].id, None, &VISITOR).await,
        Err(AppError::Forbidden)
    ));
    // Each closes the next, at once.
    let tries = (0..all.len()).map(|rank| {
        let (app, by, of) = (world.app.clone(), all[rank].clone(), all[(rank + 1) % all.len()].id);
        tokio::spawn(async move { app.close_account(Some(&by), of, None, &VISITOR).await })
    });
    let tries: Vec<_> = tries.collect();
    for result in join_all(tries).await {
        match result.expect("nobody panics") {
            Ok(_) | Err(AppError::NotFound | AppError::AccountRefused(_)) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
    let accounts = world.app.accounts().await.expect("the store answers");
    let open: Vec<_> =
        accounts.iter().filter(|account| account.active && account.role == StaffRole::Administrator).collect();
    assert!(!open.is_empty());
    for account in &open[1..] {
        world.app.close_account(None, account.id, None, &VISITOR).await.expect("others are left");
    }
    let last = world.app.close_account(None, open[0].id, None, &VISITOR).await;
    assert_eq!(refused(last), AccountRefusal::LastAdministrator);
}
on_both!(last_administrator, Setup { units: "", ..Setup::default() }, one_administrator_stays_whoever_closes_whom);

async fn l26_an_account_closes_when_its_paths_have_somebody(world: World, _home: &Home) {
    let admin = administrator(&world, 1).await;
    let leaver = staff(Side::Body, 1);
    let source = world.reach(State::Ready).await;
    let mut paths = world.siblings(&source, 3).await;
    paths.push(source);
    let ended = world.ok(Side::Region, Some(&world.open().await), Transition::DeclineNeed, json!({})).await;
    let heir = made(&world, StaffRole::Coordinator, "relais@retravailler.example", "Hugo Petit").await;
    let (_, secret) = world.app.open_session(&leaver, "", "").await.expect("a session");
    let close = async |to: Option<&Account>| {
        world.app.close_account(Some(&admin), leaver.id, to.map(|to| to.id), &VISITOR).await
    };

    assert_eq!(refused(close(None).await), AccountRefusal::HoldsPaths { paths: 4 });
    for wrong in [staff(Side::Body, 2), staff(Side::Region, 1), leaver.clone()] {
        let refusal = refused(close(Some(&wrong)).await);
        assert_eq!(refusal, AccountRefusal::CannotTakeOver { name: wrong.name.clone() });
    }
    assert!(
        matches!(world.app.close_account(None, leaver.id, Some(heir.id), &VISITOR).await, Err(AppError::Forbidden)),
        "paths change hands under a name"
    );
    for path in &paths {
        assert_eq!(world.stored(path).await.coordinator, Some(leaver.id), "a refusal changes nothing");
    }
    assert!(world.app.signed_in(&secret).await.expect("the store answers").is_some());

    let closed = close(Some(&heir)).await.expect("it closes");
    assert_eq!((closed.paths, closed.account.active), (4, false));
    for path in &paths {
        let path = world.stored(path).await;
        assert_eq!(path.coordinator, Some(heir.id));
        let view = world.app.path(&heir.actor(), &path.reference).await.expect("the heir sees it");
        let last = view.events.last().expect("a path has events");
        assert_eq!((last.event.kind(), last.author.name()), ("coordinator_assigned", "Admin 1"));
    }
    assert_eq!(world.stored(&ended).await.coordinator, Some(leaver.id), "what has ended stays as it was");
    assert_eq!(told(&world, "portfolio_received").await, [heir.email.to_string()], "one message for all (L16)");
    assert_eq!(told(&world, "coordinator_assigned").await, Vec::<String>::new());
    assert!(world.app.signed_in(&secret).await.expect("the store answers").is_none());
    assert_eq!(world.app.orphans(&heir.actor()).await.expect("the store answers"), 0);
    assert_eq!(close(Some(&heir)).await.expect("closed already").paths, 0);
    check_all(&world, None, Allowed::default()).await;
}
on_both!(closing, Setup::default(), l26_an_account_closes_when_its_paths_have_somebody);

async fn l26_what_nobody_coordinates_is_found_and_taken(world: World, _home: &Home) {
    let path = world.open().await;
    let (leaver, officer) = (staff(Side::Body, 1), staff(Side::Region, 1));
    let heir = made(&world, StaffRole::Coordinator, "relais@retravailler.example", "Hugo Petit").await;
    let count = async |account: &Account| world.app.orphans(&account.actor()).await.expect("the store answers");
    assert_eq!(count(&officer).await, 0);
    // As an account could be left by an earlier version of the program.
    let tx = world.app.store().begin_write().await.expect("a transaction");
    assert!(tx.update_account(&Account { active: false, ..leaver }).await.expect("the account is there"));
    tx.commit().await.expect("commit");
    assert_eq!((count(&officer).await, count(&heir).await, count(&staff(Side::Body, 2)).await), (1, 1, 0));
    let desk = world.app.desk(&heir, app::desk::Scope::Mine).await.expect("the store answers");
    assert_eq!(desk.orphans.iter().map(|line| &line.reference).collect::<Vec<_>>(), [&path.reference]);
    let own = json!({ "email": heir.email }).as_object().cloned().unwrap_or_default();
    act(&world, &heir, &path, Act::AssignCoordinator, own).await.expect("taken");
    assert_eq!((count(&officer).await, count(&heir).await), (0, 0));
}
on_both!(orphans, Setup { units: "", ..Setup::default() }, l26_what_nobody_coordinates_is_found_and_taken);

async fn act(
    world: &World,
    account: &Account,
    path: &Path,
    step: impl Into<Step>,
    form: Form,
) -> Result<app::Outcome, AppError> {
    let target = Target::Path(path.reference.clone());
    world.act(&account.actor(), &target, step, &form, &Options::default()).await
}

async fn sample(
    world: &World,
    account: &Account,
    path: &Path,
    step: impl Into<Step>,
) -> Result<app::Outcome, AppError> {
    let step = step.into();
    let form = form(step, world.today().await, &json!({}));
    act(world, account, path, step, form).await
}

/// To whom the body's message of an outcome goes, and for whom.
fn of_body(outcome: &app::Outcome) -> Vec<String> {
    let body = |message: &&app::MessageSummary| message.role == domain::people::RecipientRole::Body;
    outcome.messages.iter().filter(body).map(|message| message.email.clone()).collect()
}

async fn l26_a_stand_in_is_told_and_acts_under_both_names_until_the_last_day(world: World, _home: &Home) {
    world.to("2026-03-02").await;
    let (claire, nora) = (staff(Side::Body, 1), staff(Side::Region, 1));
    let hugo = made(&world, StaffRole::Coordinator, "relais@retravailler.example", "Hugo Petit").await;
    let own = world.open().await;
    let path = world.open().await;
    act(
        &world,
        &hugo,
        &own,
        Act::AssignCoordinator,
        json!({"email": hugo.email}).as_object().cloned().expect("fields"),
    )
    .await
    .expect("taken");
    let days = (samples::day("2026-03-04"), samples::day("2026-03-06"));
    let delegate = async |by: Option<&Account>, from: &Account, to: &Account, days| {
        world.app.delegate(by, (from.id, to.id), days, &VISITOR).await
    };
    for stranger in [&hugo, &nora] {
        let tried = delegate(Some(stranger), &claire, &hugo, days).await;
        assert!(matches!(tried, Err(AppError::NotFound)), "nobody delegates for somebody else: {tried:?}");
    }
    let made = delegate(Some(&claire), &claire, &hugo, days).await.expect("it is delegated");
    assert!(!made.runs, "it is to come");
    assert_eq!(told(&world, "delegated").await, [hugo.email.to_string()], "who stands in is told");

    let before = sample(&world, &nora, &path, Transition::OrderFeasibility).await.expect("ordered");
    assert_eq!(of_body(&before), [claire.email.to_string()]);
    world.to("2026-03-04").await;
    let desk = world.app.desk(&hugo, app::desk::Scope::Mine).await.expect("the store answers");
    let line = desk.mine.lines.iter().find(|line| line.reference == path.reference).expect("what waits for Claire");
    assert_eq!(desk.away_from(line).map(|account| account.id), Some(claire.id));
    let away = world.app.desk(&claire, app::desk::Scope::Mine).await.expect("the store answers");
    assert_eq!(away.away.map(|stand_in| stand_in.to.id), Some(hugo.id));

    let started = sample(&world, &hugo, &path, Transition::StartFeasibility).await.expect("started");
    let author = &started.events.first().expect("an event").author;
    assert_eq!(author.principal().map(|principal| principal.account), Some(claire.id));
    assert_eq!(wording::timeline::author(author), "Hugo Petit pour Claire Besnard, organisme de formation");
    assert_eq!(of_body(&started), [claire.email.to_string(), hugo.email.to_string()], "both receive");
    let stored = &messages(&world).await;
    let copy = stored.iter().rfind(|message| message.content.to.email == hugo.email).expect("a copy");
    assert!(
        copy.content.text.contains("vous remplacez Claire Besnard, qui coordonne ce parcours"),
        "{}",
        copy.content.text
    );
    let company = stored.iter().rfind(|message| message.content.kind == "feasibility_started").expect("a message");
    assert_eq!(company.content.reply_to_email, hugo.email, "answers reach who is there");
    assert_eq!(world.stored(&path).await.coordinator, Some(claire.id), "the path stays Claire’s");

    let on_own = sample(&world, &hugo, &own, Act::AddNote).await.expect("noted");
    assert_eq!(on_own.events.first().expect("an event").author.principal(), None, "their own path, their own name");
    let herself = sample(&world, &claire, &path, Act::AddNote).await.expect("noted");
    assert_eq!(herself.events.first().expect("an event").author.principal(), None);
    let other_lot = sample(&world, &staff(Side::Body, 2), &path, Act::AddNote).await;
    assert!(matches!(other_lot, Err(AppError::NotFound)), "a delegation opens nothing to another body");

    world.to("2026-03-06").await;
    let last_day = sample(&world, &hugo, &path, Act::AddNote).await.expect("noted");
    assert!(last_day.events.first().expect("an event").author.principal().is_some(), "the last day is included");
    world.to("2026-03-07").await;
    let after = sample(&world, &hugo, &path, Act::AskConfirmation).await.expect("a colleague may act");
    assert_eq!(after.events.first().expect("an event").author.principal(), None, "it ended by itself");
    let desk = world.app.desk(&hugo, app::desk::Scope::Mine).await.expect("the store answers");
    assert!(desk.stands_for.is_empty() && desk.mine.lines.iter().all(|line| line.reference != path.reference));
    check_all(&world, None, Allowed::default()).await;
}
on_both!(
    stand_in,
    Setup { units: "P1 5", ..Setup::default() },
    l26_a_stand_in_is_told_and_acts_under_both_names_until_the_last_day
);

async fn reminders_reach_both_and_a_delegation_ends_early(world: World, _home: &Home) {
    world.to("2026-03-02").await;
    let claire = staff(Side::Body, 1);
    let admin = administrator(&world, 1).await;
    let hugo = made(&world, StaffRole::Coordinator, "relais@retravailler.example", "Hugo Petit").await;
    let path = world.open().await;
    sample(&world, &staff(Side::Region, 1), &path, Transition::OrderFeasibility).await.expect("ordered");
    let days = (samples::day("2026-03-10"), samples::day("2026-04-30"));
    let made = world.app.delegate(Some(&admin), (claire.id, hugo.id), days, &VISITOR).await.expect("it is delegated");
    assert_eq!(told(&world, "delegated").await, [hugo.email.to_string(), claire.email.to_string()]);
    world.set_clock(domain::calendar::at_paris(samples::day("2026-03-31"), 10, 0)).await;
    let rung = world.app.tick().await.expect("the clock rings");
    assert!(rung.reminders > 0, "{rung:?}");
    let reminded = told(&world, "reminder").await;
    let body: Vec<_> = reminded.into_iter().filter(|to| to.ends_with("retravailler.example")).collect();
    assert_eq!(body, [claire.email.to_string(), hugo.email.to_string()]);

    let id = made.delegation.id;
    assert!(matches!(world.app.end_delegation(Some(&hugo), id, &VISITOR).await, Err(AppError::NotFound)));
    world.app.end_delegation(Some(&claire), id, &VISITOR).await.expect("it ends");
    world.app.end_delegation(Some(&claire), id, &VISITOR).await.expect("ended already");
    assert_eq!(told(&world, "delegation_ended").await, [hugo.email.to_string()], "told once");
    let after = sample(&world, &hugo, &path, Act::AddNote).await.expect("noted");
    assert_eq!(after.events.first().expect("an event").author.principal(), None);
    let logged = app::SecurityFilter {
        events: vec![SecurityEvent::Delegated, SecurityEvent::DelegationEnded],
        ..app::SecurityFilter::default()
    };
    let log = world.app.security_log(&admin, &logged).await.expect("the store answers");
    let events: Vec<_> = log.iter().map(|view| view.line.event).collect();
    assert_eq!(events, [SecurityEvent::DelegationEnded, SecurityEvent::Delegated]);

    // An account that closes takes its delegations with it.
    let again = (samples::day("2026-04-01"), samples::day("2026-04-30"));
    world.app.delegate(None, (claire.id, hugo.id), again, &VISITOR).await.expect("it is delegated");
    world.app.close_account(Some(&admin), hugo.id, None, &VISITOR).await.expect("it closes");
    let around = world.app.delegations(&claire, claire.id).await.expect("her own");
    assert!(around.ahead.is_empty());
}
on_both!(
    reminders_and_end,
    Setup { units: "P1 5", ..Setup::default() },
    reminders_reach_both_and_a_delegation_ends_early
);

async fn of_delegations_that_overlap_one_is_made(world: World, _home: &Home) {
    let claire = staff(Side::Body, 1);
    let mut colleagues = vec![claire.clone()];
    for number in 1..=5 {
        let email = format!("relais.{number}@retravailler.example");
        colleagues.push(made(&world, StaffRole::Coordinator, &email, &format!("Relais {number}")).await);
    }
    let today = world.today().await;
    let days = (today, today + chrono::Duration::days(3));
    // Everyone asks the next to stand in, at once: in the end nobody who is away stands in for anyone.
    let tries = (0..colleagues.len()).map(|rank| {
        let (app, from, to) =
            (world.app.clone(), colleagues[rank].clone(), colleagues[(rank + 1) % colleagues.len()].id);
        tokio::spawn(async move { app.delegate(Some(&from), (from.id, to), days, &VISITOR).await })
    });
    let tries: Vec<_> = tries.collect();
    let mut made = Vec::new();
    for result in join_all(tries).await {
        match result.expect("nobody panics") {
            Ok(view) => made.push(view.delegation),
            Err(AppError::DelegationRefused(refusal)) => assert!(
                matches!(*refusal, DelegationRefusal::StandInAway { .. } | DelegationRefusal::StandsIn { .. }),
                "{refusal:?}"
            ),
            Err(error) => panic!("{error:?}"),
        }
    }
    assert!(!made.is_empty());
    for one in &made {
        assert!(made.iter().all(|other| other.from != one.to), "{made:?}");
    }
    let again = world.app.delegate(None, (made[0].from, made[0].to), days, &VISITOR).await;
    let Err(AppError::DelegationRefused(refusal)) = again else { panic!("{again:?}") };
    assert_eq!(refusal.code(), "already_away");
    let back = world.app.delegate(None, (made[0].to, made[0].from), days, &VISITOR).await;
    let Err(AppError::DelegationRefused(refusal)) = back else { panic!("{back:?}") };
    assert_eq!(refusal.code(), "circular");
    let other_body = world.app.delegate(None, (claire.id, staff(Side::Body, 2).id), days, &VISITOR).await;
    let Err(AppError::DelegationRefused(refusal)) = other_body else { panic!("{other_body:?}") };
    assert_eq!(refusal.code(), "not_a_colleague");
}
on_both!(overlaps, Setup { units: "", ..Setup::default() }, of_delegations_that_overlap_one_is_made);

async fn order_step(
    world: &World,
    account: &Account,
    target: &OrderTarget,
    transition: OrderTransition,
    form: Value,
) -> Result<app::OrderOutcome, AppError> {
    let form = form.as_object().cloned().unwrap_or_default();
    Box::pin(world.app.order(&account.actor(), target, transition, &form, &OrderOptions::default())).await
}

/// Under whose names the last step of an order was taken.
fn names(outcome: &app::OrderOutcome) -> String {
    wording::timeline::author(&outcome.events.first().expect("an event").author)
}

async fn on_an_order_a_stand_in_acts_under_both_names_and_gains_nothing(world: World, _home: &Home) {
    use OrderTransition::{AmendOrder, DraftOrder, Endorse, MakeReservations, NotifyOrder, RequestEndorsement};
    world.to("2026-03-02").await;
    let (nora, claire, finance) = (staff(Side::Region, 1), staff(Side::Body, 1), staff(Side::Finance, 1));
    let yves = made(&world, StaffRole::RegionOfficer, "relais@region.example", "Yves Marin").await;
    let hugo = made(&world, StaffRole::Coordinator, "relais@retravailler.example", "Hugo Petit").await;
    let days = (samples::day("2026-03-02"), samples::day("2026-03-04"));
    for (from, to) in [(&nora, &yves), (&claire, &hugo)] {
        world.app.delegate(Some(from), (from.id, to.id), days, &VISITOR).await.expect("it is delegated");
    }
    let both = format!("Yves Marin pour {}, Région", nora.name);

    let draft = json!({ "lot": "1", "budget_year": 2026, "units": "P1 2" });
    let drafted = order_step(&world, &yves, &OrderTarget::New, DraftOrder, draft).await.expect("drafted");
    assert_eq!(names(&drafted), both, "an order of her lots");
    let order = OrderTarget::Order(drafted.order.reference.clone());
    let asked = order_step(&world, &nora, &order, RequestEndorsement, json!({})).await.expect("asked");
    assert_eq!(names(&asked), format!("{}, Région", nora.name), "who is away may act all the same");
    for nobody in [&yves, &hugo] {
        let visa = order_step(&world, nobody, &order, Endorse, json!({ "commitment_number": "EJ-9" })).await;
        let nothing = match visa {
            Err(AppError::NotFound) => true,
            Err(AppError::OrderRefused(refusal)) => matches!(*refusal, OrderRefusal::NotYourRole { .. }),
            _ => false,
        };
        assert!(nothing, "to stand in for somebody gives no visa");
    }
    order_step(&world, &finance, &order, Endorse, json!({ "commitment_number": "EJ-9" })).await.expect("endorsed");
    let sent = json!({ "channel": "buyer_profile", "sent_on": days.0, "consulted_on": days.0, "proof": "AR-9" });
    let refused = order_step(&world, &hugo, &order, NotifyOrder, sent.clone()).await;
    assert!(matches!(refused, Err(AppError::NotFound | AppError::OrderRefused(_))), "nor another side's steps");
    let notified = order_step(&world, &yves, &order, NotifyOrder, sent).await.expect("notified");
    assert_eq!(names(&notified), both);
    let view = world.app.order_page(&nora.actor(), &drafted.order.reference).await.expect("the order");
    let authors: Vec<_> = view.events.iter().map(|event| wording::timeline::author(&event.author)).collect();
    assert_eq!(authors.iter().filter(|author| **author == both).count(), 2, "as it stays: {authors:?}");

    let doubts = json!({ "observations": "Le délai est court." });
    let of_other_lot = order_step(&world, &staff(Side::Body, 2), &order, MakeReservations, doubts.clone()).await;
    assert!(matches!(of_other_lot, Err(AppError::NotFound)), "another body sees no order of the lot");
    let reserved = order_step(&world, &hugo, &order, MakeReservations, doubts).await.expect("noted");
    assert_eq!(names(&reserved), "Hugo Petit, organisme de formation", "an order is no coordinator’s own");

    world.to("2026-03-05").await;
    let more = json!({ "add": "P1 1", "reason": "Un besoin de plus." });
    let amended = order_step(&world, &yves, &order, AmendOrder, more).await.expect("amended");
    assert_eq!(names(&amended), "Yves Marin, Région", "it ended by itself");
}
on_both!(
    stand_in_on_orders,
    Setup { units: "", ..Setup::default() },
    on_an_order_a_stand_in_acts_under_both_names_and_gains_nothing
);
