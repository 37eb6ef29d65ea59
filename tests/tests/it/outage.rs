//! A mail server that was away for days: what leaves afterwards is still true, at an hour at which one may ring, and what
//! was missed is offered to whoever stands there now.

use app::{DeliveryReport, MessageState, Resend, missed};
use chrono::TimeDelta;
use domain::calendar::at_paris;
use domain::path::{Act, Path, Transition};
use domain::people::Side;
use domain::samples;
use persistence::{Message, Priority, TaskFilter};
use serde_json::json;
use tests::smtp::{Rule, SmtpServer, Stage};
use tests::world::{Home, Setup, World, staff, transport};

use crate::invariants::{Allowed, check_all, messages};
use crate::kit::on_both;

const COMPANY: &str = "anne.lemoine@boulangerie-lemoine.example";

/// A company that was asked to confirm.
async fn asked(world: &World) -> Path {
    let mut path = world.ok(Side::Body, None, Transition::ReportNeed, json!({})).await;
    for (side, step) in [
        (Side::Region, Transition::OrderFeasibility.into()),
        (Side::Body, Transition::StartFeasibility.into()),
        (Side::Body, domain::path::Step::from(Act::AskConfirmation)),
    ] {
        path = world.ok(side, Some(&path), step, json!({})).await;
    }
    path
}

/// The same, and the morning on which its first reminder is queued.
async fn reminded(world: &World) -> Path {
    let path = asked(world).await;
    for _ in 0..60 {
        if !to_the_company(world).await.is_empty() {
            return path;
        }
        tomorrow(world).await;
    }
    panic!("the company is never reminded");
}

/// The next morning, on which the clocks ring.
async fn tomorrow(world: &World) {
    let tomorrow = world.today().await + TimeDelta::days(1);
    world.set_clock(at_paris(tomorrow, 9, 0)).await;
    world.app.tick().await.expect("the store answers");
}

/// The reminders of the company that wait for the server, or did not leave.
async fn to_the_company(world: &World) -> Vec<Message> {
    let all = messages(world).await.into_iter();
    all.filter(|message| message.content.reminds.is_some() && message.content.to.email.to_string() == COMPANY).collect()
}

/// Whether a message waits for an hour at which one may ring.
fn rings(message: &Message) -> bool {
    message.content.priority == Priority::Reminder
}

async fn deliver(world: &World, server: &SmtpServer) -> DeliveryReport {
    world.app.deliver(&transport(&server.url()), u32::MAX).await.expect("the store answers")
}

async fn l15_answered_meanwhile(world: World, _home: &Home) {
    let path = reminded(&world).await;
    let path = world.ok(Side::Company, Some(&path), Act::ConfirmCommitment, json!({})).await;
    let server = SmtpServer::start().await;
    let report = deliver(&world, &server).await;
    assert!(report.kept_back >= 1 && report.sent > 1, "{report:?}");
    let kept = to_the_company(&world).await;
    assert!(kept.iter().all(|message| message.state == MessageState::Held), "{kept:#?}");
    let words = wording::tasks::delivery(kept[0].last_error.as_deref().expect("it says why"));
    assert_eq!(words, "ce qu’il rappelait n’est plus attendu de cette personne");
    // It is nobody's work, and no other copy of it leaves when someone lets it go.
    let tx = world.app.store().begin_write().await.expect("the store answers");
    let tasks = tx.tasks(&TaskFilter { path: Some(path.id), ..TaskFilter::default() }).await.expect("tasks are listed");
    assert!(tasks.is_empty(), "{tasks:?}");
    let now = tx.now().await.expect("the store has a clock");
    assert!(tx.release_message(kept[0].content.id, now).await.expect("the store answers"));
    tx.commit().await.expect("it is let go");
    assert_eq!(deliver(&world, &server).await.sent, 0);
    check_all(&world, Some(&server), Allowed::default()).await;
}
on_both!(a_reminder_of_what_was_done_meanwhile, Setup::default(), l15_answered_meanwhile);

async fn replaced_meanwhile(world: World, _home: &Home) {
    let path = reminded(&world).await;
    let successor = json!({ "role": "company", "name": "Luc Lemoine", "email": "luc@boulangerie-lemoine.example",
        "reason": "Départ." });
    world.ok(Side::Body, Some(&path), Act::ChangeContact, successor).await;
    let server = SmtpServer::start().await;
    deliver(&world, &server).await;
    let kept = to_the_company(&world).await;
    assert!(kept.iter().all(|message| message.state == MessageState::Held), "{kept:#?}");
    check_all(&world, Some(&server), Allowed::default()).await;
}
on_both!(a_reminder_of_somebody_replaced_meanwhile, Setup::default(), replaced_meanwhile);

/// Who turned reminders off, or whose address is refused, is not reminded; their turn has passed all the same.
async fn l8_who_may_not_be_reminded_is_not(world: World, _home: &Home) {
    let server = SmtpServer::start().await;
    let refused = asked(&world).await;
    server.add(Rule::reply(Stage::Rcpt, "550 5.1.1 nobody here").to(COMPANY));
    deliver(&world, &server).await;
    server.behave();
    let (off, usual) = (asked(&world).await, asked(&world).await);
    let view = world.app.path(&staff(Side::Body, 1).actor(), &off.reference).await.expect("the path is there");
    let told = view.messages.iter().find(|message| message.content.to.email.to_string() == COMPANY);
    let token = world.app.link_of_message(told.expect("the company was told").content.id).await;
    world.app.turn_reminders(&token.expect("the message is there").expect("a link"), true).await.expect("turned off");
    for _ in 0..30 {
        tomorrow(&world).await;
    }
    let reminded = to_the_company(&world).await;
    let of = |path: &Path| reminded.iter().filter(|message| message.content.about.path == Some(path.id)).count();
    assert_eq!((of(&usual), of(&refused), of(&off)), (1, 0, 0));
    let tx = world.app.store().begin_read().await.expect("the store answers");
    let due = tx.due_reminders(world.today().await, 100).await.expect("reminders are listed");
    assert!(due.iter().all(|due| due.path == usual.id), "{due:#?}");
    drop(tx);
    deliver(&world, &server).await;
    check_all(&world, Some(&server), Allowed::default()).await;
}
on_both!(who_is_not_reminded, Setup::default(), l8_who_may_not_be_reminded_is_not);

/// The server is back in the evening: decisions leave at once, reminders in the morning, and the wait costs no attempt.
async fn back_in_the_evening(world: World, _home: &Home) {
    reminded(&world).await;
    let queued = to_the_company(&world).await;
    let today = world.today().await;
    world.set_clock(at_paris(today, 20, 0)).await;
    let server = SmtpServer::start().await;
    let report = deliver(&world, &server).await;
    // Reminders, and the digest of an officer.
    assert_eq!(report.put_off as usize, messages(&world).await.iter().filter(|it| rings(it)).count());
    assert!(report.sent >= 3, "{report:?}");
    assert!(server.received().iter().all(|received| !received.subject().contains("Rappel")));
    for hour in [21, 23] {
        world.set_clock(at_paris(today, hour, 30)).await;
        assert_eq!(deliver(&world, &server).await.sent, 0, "at {hour} h 30");
    }
    let morning = today + TimeDelta::days(1);
    world.set_clock(at_paris(morning, 6, 59)).await;
    assert_eq!(deliver(&world, &server).await.sent, 0);
    world.set_clock(at_paris(morning, 7, 0)).await;
    assert_eq!(deliver(&world, &server).await.sent, report.put_off);
    let sent = to_the_company(&world).await;
    assert_eq!(sent.len(), queued.len());
    assert!(sent.iter().all(|message| message.state == MessageState::Sent && message.attempts == 1), "{sent:#?}");
    check_all(&world, Some(&server), Allowed::default()).await;
}
on_both!(a_server_back_in_the_evening, Setup::default(), back_in_the_evening);

/// Queued on the eve of the 14th of July, delivered on the day itself: nobody is rung before the 15th.
async fn back_on_a_holiday(world: World, _home: &Home) {
    let path = world.reach(domain::path::State::FeasibilityDelivered).await;
    let server = SmtpServer::start().await;
    deliver(&world, &server).await;
    let eve = samples::day("2026-07-13");
    world.set_clock(at_paris(eve, 19, 30)).await;
    world.app.tick().await.expect("the store answers");
    let waiting: Vec<_> = messages(&world).await.into_iter().filter(|it| it.state == MessageState::Queued).collect();
    assert!(!waiting.is_empty() && waiting.iter().all(rings), "{waiting:#?}");
    world.set_clock(at_paris(samples::day("2026-07-14"), 10, 0)).await;
    let report = deliver(&world, &server).await;
    assert_eq!((report.sent, report.put_off as usize), (0, waiting.len()));
    world.set_clock(at_paris(samples::day("2026-07-15"), 7, 0)).await;
    assert_eq!(deliver(&world, &server).await.sent as usize, waiting.len());
    assert_eq!(world.stored(&path).await.state, domain::path::State::FeasibilityDelivered);
    check_all(&world, Some(&server), Allowed::default()).await;
}
on_both!(
    a_server_back_on_a_holiday,
    Setup { start: samples::day("2026-06-29"), ..Setup::default() },
    back_on_a_holiday
);

/// A wrong address, corrected: what was missed goes to the new one, once, with a link of its own.
async fn corrected_address(world: World, _home: &Home) {
    let server = SmtpServer::start().await;
    server.add(Rule::reply(Stage::Rcpt, "550 5.1.1 nobody here").to(COMPANY));
    let mut path = world.ok(Side::Body, None, Transition::ReportNeed, json!({})).await;
    for (side, step) in [(Side::Region, Transition::OrderFeasibility), (Side::Body, Transition::StartFeasibility)] {
        path = world.ok(side, Some(&path), step, json!({})).await;
    }
    deliver(&world, &server).await;
    let coordinator = staff(Side::Body, 1).actor();
    let view = world.app.path(&coordinator, &path.reference).await.expect("the path is there");
    assert!(missed(&view).is_empty(), "nothing is offered to a refused address");
    let lost: Vec<_> = view.messages.iter().filter(|message| message.state == MessageState::Refused).collect();
    assert!(lost.len() >= 2, "{lost:#?}");
    let stranger = staff(Side::Body, 2).actor();
    assert!(world.app.resend_missed(&stranger, &path.reference, "essai").await.is_err(), "another lot sends nothing");

    let corrected = json!({ "role": "company", "name": path_contact(&view.people), "reason": "Faute de frappe.",
        "email": "a.lemoine@boulangerie-lemoine.example" });
    world.ok(Side::Body, Some(&path), Act::ChangeContact, corrected).await;
    deliver(&world, &server).await;
    let view = world.app.path(&coordinator, &path.reference).await.expect("the path is there");
    let offered = missed(&view);
    assert_eq!(offered.len(), 1, "{offered:#?}");
    assert_eq!(offered[0].email.to_string(), "a.lemoine@boulangerie-lemoine.example");
    assert_eq!(offered[0].messages.len(), lost.len());

    let queued = world.app.resend_missed(&coordinator, &path.reference, "Adresse corrigée.").await;
    assert_eq!(queued.expect("they leave again"), lost.len());
    assert_eq!(world.app.resend_missed(&coordinator, &path.reference, "Encore.").await.expect("nothing is left"), 0);
    let before = server.received().len();
    deliver(&world, &server).await;
    let received = server.received();
    assert_eq!(received.len() - before, lost.len());
    for copy in &received[before..] {
        assert_eq!(copy.to, ["a.lemoine@boulangerie-lemoine.example"]);
    }
    let tx = world.app.store().begin_read().await.expect("the store answers");
    let open = tx.tasks(&TaskFilter { path: Some(path.id), ..TaskFilter::default() }).await.expect("tasks are listed");
    assert!(open.is_empty(), "{open:?}");
    // A single one, later, is refused to somebody who took the place under another name.
    drop(tx);
    let other = json!({ "role": "company", "name": "Luc Lemoine", "email": "luc@boulangerie-lemoine.example",
        "reason": "Départ." });
    world.ok(Side::Body, Some(&path), Act::ChangeContact, other).await;
    world.wait(TimeDelta::hours(1)).await;
    let again = world.app.resend(&coordinator, lost[0].content.id, "Encore.").await.expect("the store answers");
    assert!(matches!(again, Resend::Not(app::Again::NoRecipient)), "{again:?}");
}
on_both!(what_was_missed_goes_to_the_corrected_address, Setup::default(), corrected_address);

fn path_contact(people: &[domain::people::Person]) -> &str {
    let company = people.iter().find(|person| person.role == domain::people::RecipientRole::Company && person.active);
    &company.expect("the company has a contact").contact.name
}
