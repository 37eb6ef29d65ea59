//! What the Region's officers choose about facts and reminders, through the whole product: digests that leave once, on working
//! mornings, and tell of nothing that their reader may not see then.

use std::time::Duration;

use app::Visitor;
use chrono::{NaiveTime, TimeDelta};
use domain::calendar::at_paris;
use domain::identifiers::LotCode;
use domain::news::{News, Pace, Preferences};
use domain::path::{Act, Path, State, Transition};
use domain::people::{Account, RecipientRole, Side};
use domain::samples;
use persistence::Message;
use serde_json::json;
use strum::IntoEnumIterator;
use tests::smtp::SmtpServer;
use tests::world::{Home, Setup, World, form, settings, staff, transport};

use crate::dates::settle;
use crate::invariants::{Allowed, check_all, messages};
use crate::kit::on_both;

fn starting(day: &str) -> Setup {
    Setup { start: samples::day(day), ..Setup::default() }
}

fn officer(lot: u8) -> Account {
    staff(Side::Region, lot)
}

/// Everything told at one pace.
fn all(pace: Pace) -> Preferences {
    Preferences { news: News::iter().map(|news| (news, pace)).collect(), ..Preferences::default() }
}

async fn choose(world: &World, account: &Account, preferences: Preferences) {
    world.app.set_preferences(&account.email, preferences).await.expect("the choice is kept");
}

/// The digests that an officer was sent, oldest first.
async fn digests(world: &World, officer: &Account) -> Vec<Message> {
    let all = messages(world).await.into_iter();
    all.filter(|message| message.content.kind == "digest" && message.content.to.account == Some(officer.id)).collect()
}

/// The digests that leave on a morning, at this hour.
async fn tick_at(world: &World, day: &str, hour: u32, minute: u32) -> u32 {
    world.set_clock(at_paris(samples::day(day), hour, minute)).await;
    world.app.tick().await.expect("the store answers").digests
}

async fn morning(world: &World, day: &str) -> u32 {
    tick_at(world, day, 7, 30).await
}

fn tells(message: &Message, path: &Path) -> bool {
    let reference = path.reference.to_string();
    let address = format!("https://jalon.example/parcours/{reference}");
    let (text, html) = (&message.content.text, &message.content.html);
    assert_eq!(text.contains(&reference), html.contains(&reference));
    assert_eq!(text.contains(&reference), text.contains(&address) && html.contains(&format!("href=\"{address}\"")));
    text.contains(&reference)
}

/// A need of lot 2.
async fn open_in_lot_2(world: &World) -> Path {
    let form = form(Transition::ReportNeed.into(), world.today().await, &json!({ "commune": "14118" }));
    let actor = staff(Side::Body, 2).actor();
    let opened = world.act(&actor, &app::Target::New, Transition::ReportNeed, &form, &app::Options::default()).await;
    opened.expect("the need is reported").path
}

async fn a_day_is_told_the_next_working_morning(world: World, _home: &Home) {
    let (one, two) = (world.open().await, open_in_lot_2(&world).await);
    let own = world.ok(Side::Region, None, Transition::ReportNeed, json!({})).await;
    assert!(digests(&world, &officer(1)).await.is_empty(), "nothing leaves with the fact");
    assert_eq!(tick_at(&world, "2026-03-03", 7, 29).await, 0);
    assert_eq!(morning(&world, "2026-03-03").await, 2, "one an officer");
    assert_eq!(morning(&world, "2026-03-03").await + tick_at(&world, "2026-03-03", 18, 0).await, 0, "once");
    let first = digests(&world, &officer(1)).await.pop().expect("a digest");
    assert!(tells(&first, &one) && !tells(&first, &two) && !tells(&first, &own), "{}", first.content.text);
    let other = digests(&world, &officer(2)).await.pop().expect("a digest");
    assert!(tells(&other, &two) && !tells(&other, &one) && !tells(&other, &own), "{}", other.content.text);
    // Both officers of a lot but the author of a fact are told of it; nobody else is told anything.
    let digests_sent = messages(&world).await.into_iter().filter(|message| message.content.kind == "digest");
    assert_eq!(digests_sent.count(), 2);

    let server = SmtpServer::start().await;
    world.app.deliver(&transport(&server.url()), u32::MAX).await.expect("the store answers");
    let received = server.received();
    let read = received.iter().find(|message| message.message_id() == first.content.message_id).expect("it arrived");
    assert_eq!(read.subject(), "Vos lots — Récapitulatif du lundi 2\u{a0}mars\u{a0}2026");
    assert_eq!(read.to, [officer(1).email.to_string()]);
    let text = read.text();
    for said in
        ["1\u{a0}fait sur 1\u{a0}parcours", "Lot 1, Retravailler", "a signalé un besoin", "Mon compte", "/parcours\r\n"]
    {
        assert!(text.contains(said), "{said} is missing:\n{text}");
    }
    // A quiet day leaves nothing.
    assert_eq!(morning(&world, "2026-03-04").await, 0);
    check_all(&world, Some(&server), Allowed::default()).await;
}
on_both!(next_morning, Setup::default(), a_day_is_told_the_next_working_morning);

async fn days_that_are_not_worked_wait(world: World, _home: &Home) {
    choose(&world, &officer(2), all(Pace::Weekly)).await;
    // Bastille Day of 2025 is a Monday.
    let mut paths = Vec::new();
    for day in ["2025-07-11", "2025-07-12", "2025-07-14"] {
        world.to(day).await;
        paths.push((world.open().await, open_in_lot_2(&world).await));
    }
    for day in ["2025-07-12", "2025-07-13", "2025-07-14"] {
        assert_eq!(morning(&world, day).await, 0, "{day}");
    }
    assert_eq!(morning(&world, "2025-07-15").await, 2);
    for (lot, count) in [(1, 1), (2, 1)] {
        let told = digests(&world, &officer(lot)).await;
        assert_eq!(told.len(), count);
        for (one, two) in &paths {
            assert!(tells(&told[0], if lot == 1 { one } else { two }), "lot {lot}: {}", told[0].content.text);
        }
    }
    world.to("2025-07-15").await;
    let (one, two) = (world.open().await, open_in_lot_2(&world).await);
    assert_eq!(morning(&world, "2025-07-16").await, 1, "the daily one");
    assert!(tells(&digests(&world, &officer(1)).await[1], &one));
    assert_eq!(morning(&world, "2025-07-21").await, 1, "the weekly one, on Monday");
    assert!(tells(&digests(&world, &officer(2)).await[1], &two));
    settle(&world).await;
}
on_both!(holidays, starting("2025-07-10"), days_that_are_not_worked_wait);

async fn changes_of_hour_lose_and_repeat_nothing(world: World, _home: &Home) {
    for (sunday, monday) in [("2026-03-29", "2026-03-30"), ("2026-10-25", "2026-10-26")] {
        let before = digests(&world, &officer(1)).await.len();
        let midnight = at_paris(samples::day(sunday), 0, 0);
        morning(&world, "2026-03-27").await;
        let known = digests(&world, &officer(1)).await.len();
        let mut paths = Vec::new();
        // Just after midnight, in the hour that is twice there or not at all, just before midnight.
        for after in [TimeDelta::minutes(1), TimeDelta::minutes(150), TimeDelta::minutes(210)] {
            world.set_clock(midnight + after).await;
            paths.push(world.open().await);
        }
        world.set_clock(at_paris(samples::day(sunday), 23, 59)).await;
        paths.push(world.open().await);
        world.set_clock(at_paris(samples::day(monday), 0, 0)).await;
        let later = world.open().await;
        for half_hour in 0..20 {
            world.set_clock(at_paris(samples::day(monday), 0, 1) + TimeDelta::minutes(30 * half_hour)).await;
            world.app.tick().await.expect("the store answers");
        }
        let told = digests(&world, &officer(1)).await;
        assert_eq!(told.len(), known + 1, "{before} before");
        let last = told.last().expect("a digest");
        assert!(paths.iter().all(|path| tells(last, path)) && !tells(last, &later), "{}", last.content.text);
        let at = domain::calendar::paris_time(last.queued_at).time();
        let expected = NaiveTime::from_hms_opt(7, 31, 0).expect("an hour");
        assert!((at - expected).abs() < TimeDelta::minutes(1), "{at}");
    }
    settle(&world).await;
}
on_both!(change_of_hour, starting("2026-03-26"), changes_of_hour_lose_and_repeat_nothing);

async fn two_workers_and_kills_send_one(world: World, home: &Home) {
    let days = ["2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06", "2026-03-09", "2026-03-10"];
    let other = World::another_app(home.url(), settings()).await;
    for (rank, day) in days.into_iter().enumerate() {
        let path = world.open().await;
        world.set_clock(at_paris(samples::day(day), 7, 30)).await;
        // Killed at various moments, the transaction is whole or absent.
        for _ in 0..3 {
            let app = world.app.clone();
            let killed = tokio::spawn(async move { app.tick().await });
            tokio::time::sleep(Duration::from_millis(2 * u64::try_from(rank).expect("few days"))).await;
            killed.abort();
            let _ = killed.await;
        }
        let (one, two) = tokio::join!(world.app.tick(), other.tick());
        let sent = one.expect("the store answers").digests + two.expect("the store answers").digests;
        assert!(sent <= 1, "{sent}");
        let told = digests(&world, &officer(1)).await;
        assert_eq!(told.len(), rank + 1, "{day}");
        assert_eq!(told.iter().filter(|digest| tells(digest, &path)).count(), 1);
        world.set_clock(at_paris(samples::day(day), 18, 0)).await;
    }
    other.store().close().await.expect("the pool closes");
    settle(&world).await;
}
on_both!(two_workers, Setup::default(), two_workers_and_kills_send_one);

async fn days_without_a_worker_make_one_digest(world: World, _home: &Home) {
    choose(&world, &officer(2), all(Pace::Weekly)).await;
    let mut paths = Vec::new();
    for day in ["2026-03-03", "2026-03-05", "2026-03-10"] {
        world.to(day).await;
        paths.push((world.open().await, open_in_lot_2(&world).await));
    }
    // Nobody worked for more than a week, the Monday included.
    assert_eq!(tick_at(&world, "2026-03-12", 14, 0).await, 2);
    for lot in [1, 2] {
        let told = digests(&world, &officer(lot)).await;
        assert_eq!(told.len(), 1);
        assert!(
            told[0].content.subject.ends_with("Récapitulatif du 2 au 11\u{a0}mars\u{a0}2026"),
            "{}",
            told[0].content.subject
        );
        for (one, two) in &paths {
            assert!(tells(&told[0], if lot == 1 { one } else { two }));
        }
    }
    assert_eq!(morning(&world, "2026-03-13").await + morning(&world, "2026-03-16").await, 0);
    settle(&world).await;
}
on_both!(no_worker, Setup::default(), days_without_a_worker_make_one_digest);

async fn nobody_closed_or_of_another_lot_is_told(world: World, _home: &Home) {
    let (moved, stays) = (world.open().await, world.open().await);
    let correction = json!({"datum": "commune", "value": "14118", "reason": "Mauvaise commune."});
    world.ok(Side::Body, Some(&moved), Act::CorrectDatum, correction).await;
    world.app.close_account(None, officer(1).id, None, &Visitor::default()).await.expect("the account closes");
    assert_eq!(morning(&world, "2026-03-03").await, 1, "the officer of the lot to which a path moved");
    assert!(digests(&world, &officer(1)).await.is_empty());
    let told = digests(&world, &officer(2)).await.pop().expect("a digest");
    assert!(tells(&told, &moved) && !tells(&told, &stays), "{}", told.content.text);

    // Open again, the account hears of what follows, not of what its lists have long shown.
    world.app.reopen_account(None, officer(1).id, &Visitor::default()).await.expect("the account opens");
    world.to("2026-03-03").await;
    let one = world.open().await;
    assert_eq!(morning(&world, "2026-03-04").await, 1);
    let told = digests(&world, &officer(1)).await.pop().expect("a digest");
    assert!(tells(&told, &one) && !tells(&told, &stays), "{}", told.content.text);

    // A lot that an officer follows no more at the time of the digest.
    world.to("2026-03-04").await;
    world.open().await;
    let tx = world.app.store().begin_write().await.expect("the store answers");
    let known = tx.account(officer(1).id).await.expect("the store answers").expect("the officer has an account");
    let elsewhere = Account { lots: vec![LotCode::parse("2").expect("a lot")], ..known };
    assert!(tx.update_account(&elsewhere).await.expect("the store answers"));
    tx.commit().await.expect("the store answers");
    assert_eq!(morning(&world, "2026-03-05").await, 0);
    settle(&world).await;
}
on_both!(right_reader, Setup::default(), nobody_closed_or_of_another_lot_is_told);

async fn a_digest_that_waited_is_kept_back_from_a_closed_account(world: World, _home: &Home) {
    world.open().await;
    assert_eq!(morning(&world, "2026-03-03").await, 1);
    world.app.close_account(None, officer(1).id, None, &Visitor::default()).await.expect("the account closes");
    let server = SmtpServer::start().await;
    let report = world.app.deliver(&transport(&server.url()), u32::MAX).await.expect("the store answers");
    assert_eq!(report.kept_back, 1, "{report:?}");
    let digest = digests(&world, &officer(1)).await.pop().expect("a digest");
    assert!(server.received().iter().all(|message| message.message_id() != digest.content.message_id));
}
on_both!(kept_back, Setup::default(), a_digest_that_waited_is_kept_back_from_a_closed_account);

/// How often an officer was told of a need: by a message of its own, by digests.
async fn told(world: &World, officer: &Account, need: &Path) -> (usize, usize) {
    let mut sent = messages(world).await;
    sent.retain(|message| message.content.to.account == Some(officer.id));
    let own =
        |message: &&Message| message.content.kind == "need_reported" && message.content.about.path == Some(need.id);
    let digest = |message: &&Message| message.content.kind == "digest" && tells(message, need);
    (sent.iter().filter(own).count(), sent.iter().filter(digest).count())
}

async fn a_choice_changed_tells_nothing_twice(world: World, _home: &Home) {
    let officer = officer(1);
    // Waiting for a digest when its reader wants messages: it still comes.
    let waiting = world.open().await;
    choose(&world, &officer, all(Pace::AtOnce)).await;
    let at_once = world.open().await;
    assert_eq!(morning(&world, "2026-03-03").await, 1);
    assert_eq!(told(&world, &officer, &waiting).await, (0, 1));
    assert_eq!(told(&world, &officer, &at_once).await, (1, 0));
    // Told at once when its reader wants digests: it does not come again.
    let again = world.open().await;
    choose(&world, &officer, all(Pace::Daily)).await;
    let digest = world.open().await;
    assert_eq!(morning(&world, "2026-03-04").await, 1);
    assert_eq!(told(&world, &officer, &again).await, (1, 0));
    assert_eq!(told(&world, &officer, &digest).await, (0, 1));
    settle(&world).await;
}
on_both!(changed_choice, Setup::default(), a_choice_changed_tells_nothing_twice);

async fn a_pace_changed_loses_nothing(world: World, _home: &Home) {
    let officer = officer(1);
    // Lists alone: no message, and none later for what was listed.
    choose(&world, &officer, all(Pace::Listed)).await;
    let listed = world.open().await;
    assert_eq!(morning(&world, "2026-03-05").await, 0);
    choose(&world, &officer, all(Pace::Daily)).await;
    assert_eq!(morning(&world, "2026-03-06").await, 0);
    assert_eq!(told(&world, &officer, &listed).await, (0, 0));
    // Weekly to daily: what waited for Monday comes the next day.
    choose(&world, &officer, all(Pace::Weekly)).await;
    assert_eq!(morning(&world, "2026-03-09").await, 0);
    let weekly = world.open().await;
    assert_eq!(morning(&world, "2026-03-10").await, 0);
    choose(&world, &officer, all(Pace::Daily)).await;
    assert_eq!(morning(&world, "2026-03-11").await, 1);
    assert_eq!(told(&world, &officer, &weekly).await, (0, 1));
    settle(&world).await;
}
on_both!(changed_pace, Setup::default(), a_pace_changed_loses_nothing);

async fn l35_each_kind_has_its_pace(world: World, _home: &Home) {
    let officer = officer(1);
    let chosen = [(News::Needs, Pace::Listed), (News::Candidates, Pace::Weekly)];
    choose(&world, &officer, Preferences { news: chosen.into(), ..Preferences::default() }).await;
    // The last place of the lot is taken: the alert that says so is not what the digest says.
    let need = world.open().await;
    let path = world.reach(State::CandidateSelected).await;
    assert!(messages(&world).await.iter().any(|message| message.content.kind == "place_alert"));
    let withdrawn = world.ok(Side::Trainee, Some(&path), Transition::WithdrawCandidate, json!({})).await;
    let reached = world.today().await;
    let monday = domain::calendar::next_working_day(
        reached + TimeDelta::days(7 - i64::from(chrono::Datelike::weekday(&reached).num_days_from_monday())),
    );
    let mut sent = 0;
    for day in reached.succ_opt().expect("a day").iter_days().take_while(|day| *day < monday) {
        sent += morning(&world, &day.to_string()).await;
    }
    assert_eq!(sent, 0);
    assert_eq!(morning(&world, &monday.to_string()).await, 1);
    let told = digests(&world, &officer).await.pop().expect("a digest");
    assert!(tells(&told, &withdrawn) && !tells(&told, &need));
    for said in ["a retenu un candidat", "Le stagiaire a retiré sa candidature"] {
        assert!(told.content.text.contains(said), "{said}: {}", told.content.text);
    }
    settle(&world).await;
}
on_both!(by_kind, Setup { places: 1, ..Setup::default() }, l35_each_kind_has_its_pace);

async fn quiet_hours_hold_a_digest_back(world: World, _home: &Home) {
    let mut market = world.market.clone();
    market.quiet_hours.until = NaiveTime::from_hms_opt(8, 0, 0).expect("an hour");
    let start = world.today().await;
    world.app.apply_market("tests", &market, start, Some("heures calmes")).await.expect("the terms are applied");
    world.open().await;
    assert_eq!(tick_at(&world, "2026-03-03", 7, 59).await, 0);
    assert_eq!(tick_at(&world, "2026-03-03", 8, 0).await, 1);
    settle(&world).await;
}
on_both!(quiet_hours, Setup::default(), quiet_hours_hold_a_digest_back);

async fn l35_who_turned_reminders_off_gets_alerts_and_decisions_alone(world: World, _home: &Home) {
    let path = world.reach(State::FeasibilityOrdered).await;
    let other = open_in_lot_2(&world).await;
    let off = Preferences { reminders_off: true, ..Preferences::default() };
    for account in [staff(Side::Body, 1), officer(1), officer(2)] {
        choose(&world, &account, off.clone()).await;
    }
    for _ in 0..45 {
        world.later(1).await;
        world.app.tick().await.expect("the store answers");
    }
    let sent = messages(&world).await;
    let kinds = |of: &Path| -> Vec<(String, RecipientRole)> {
        let own = sent.iter().filter(|message| message.content.about.path == Some(of.id));
        let late = own.filter(|message| message.content.about.event.is_none());
        late.map(|message| (message.content.kind.clone(), message.content.to.role)).collect()
    };
    assert_eq!(kinds(&path), [("escalation".to_owned(), RecipientRole::Region)], "the study is late");
    assert_eq!(kinds(&other), [], "nobody is reminded of the need");
    // Turned on again, they come again.
    choose(&world, &officer(2), Preferences::default()).await;
    let need = open_in_lot_2(&world).await;
    for _ in 0..13 {
        world.later(1).await;
        world.app.tick().await.expect("the store answers");
    }
    let reminded = messages(&world).await.into_iter().filter(|message| message.content.about.path == Some(need.id));
    assert!(reminded.filter(|message| message.content.kind == "reminder").count() > 0);
    settle(&world).await;
}
on_both!(reminders_off, Setup::default(), l35_who_turned_reminders_off_gets_alerts_and_decisions_alone);

/// Whatever the officers chose, a company has a message with each fact that it is told, and stands in nobody's digest.
async fn l35_a_company_is_written_to_at_once(world: World, _home: &Home) {
    for pace in [Pace::Listed, Pace::Daily, Pace::Weekly] {
        choose(&world, &officer(1), all(pace)).await;
        world.reach(State::CandidateSelected).await;
    }
    let server = SmtpServer::start().await;
    world.app.deliver(&transport(&server.url()), u32::MAX).await.expect("the store answers");
    let told = |role| {
        let told = world.answered().into_iter().flat_map(|answered| answered.messages);
        told.filter(|message| message.role == role).map(|message| (message.email, message.subject)).collect::<Vec<_>>()
    };
    let (company, region) = (told(RecipientRole::Company), told(RecipientRole::Region));
    assert!(company.len() > 30 && !region.is_empty(), "{company:?}");
    let mut arrived: Vec<_> = server.received().iter().map(|mail| (mail.to.join(" "), mail.subject())).collect();
    for told in company {
        let place = arrived.iter().position(|arrived| *arrived == told);
        arrived.swap_remove(place.unwrap_or_else(|| panic!("{told:?} did not leave with its step")));
    }
    for day in ["2026-03-03", "2026-03-04", "2026-03-09"] {
        morning(&world, day).await;
    }
    let sent = messages(&world).await;
    let readers: Vec<_> = sent.iter().filter(|message| message.content.kind == "digest").collect();
    assert!(!readers.is_empty(), "the officer has theirs");
    assert!(readers.iter().all(|message| message.content.to.role == RecipientRole::Region), "{readers:#?}");
    world.app.deliver(&transport(&server.url()), u32::MAX).await.expect("the store answers");
    check_all(&world, Some(&server), Allowed::default()).await;
}
on_both!(companies, Setup::default(), l35_a_company_is_written_to_at_once);
