//! What bears dates, through the whole product: silence over a public holiday, reminders across the changes of hour, the
//! last half-hour of a year, and days without a worker. `tests/run` plays this under several time zones of the machine.

use app::{AppError, LinkProblem, Resend, Settings, TickReport};
use chrono::{Datelike, NaiveTime, TimeDelta};
use domain::calendar::{at_paris, at_paris_time, end_of_day, paris_day, paris_time};
use domain::clocks::{Planned, ReminderKind};
use domain::market::ClockKind;
use domain::order::OrderTransition;
use domain::path::{Path, Refusal, State, Transition};
use domain::people::Side;
use domain::{Day, Instant, samples};
use persistence::Message;
use serde_json::json;
use tests::smtp::SmtpServer;
use tests::world::{Home, Setup, World, settings, staff, transport};

use crate::invariants::{Allowed, check_all, messages};
use crate::kit::on_both;

fn starting(day: &str) -> Setup {
    Setup { start: samples::day(day), ..Setup::default() }
}

/// Messages that no step caused: reminders and escalations.
async fn reminders(world: &World, path: &Path) -> Vec<Message> {
    let all = messages(world).await;
    all.into_iter()
        .filter(|message| message.content.about.path == Some(path.id) && message.content.about.event.is_none())
        .collect()
}

/// Turns of the clock loop at regular instants, first and last included.
async fn tick_through(world: &World, from: Instant, until: Instant, step: TimeDelta) -> TickReport {
    let mut total = TickReport::default();
    let mut now = from;
    while now <= until {
        world.set_clock(now).await;
        let report = world.app.tick().await.expect("the store answers");
        total.reminders += report.reminders;
        total.escalations += report.escalations;
        total.decided += report.decided;
        total.offers += report.offers;
        total.digests += report.digests;
        total.skipped += report.skipped;
        now += step;
    }
    total
}

/// Delivers everything, at an hour at which reminders leave, then checks every invariant.
pub async fn settle(world: &World) {
    let now = world.app.now().await.expect("the store answers");
    world.set_clock(world.market.quiet_hours.next_allowed(now)).await;
    let server = SmtpServer::start().await;
    world.app.deliver(&transport(&server.url()), u32::MAX).await.expect("the store answers");
    check_all(world, Some(&server), Allowed::default()).await;
}

/// Fifteen days from the 29th of June end on a public holiday: silence has until the end of the 15th.
async fn silence_admits_after_the_fourteenth_of_july(world: World, _home: &Home) {
    let path = world.reach(State::FeasibilityDelivered).await;
    let until = path.feasibility.delivered.as_ref().expect("it is delivered").verify_until;
    assert_eq!(until, samples::day("2026-07-15"));
    world.set_clock(at_paris(until, 23, 59)).await;
    assert_eq!(world.app.tick().await.expect("the store answers").decided, 0);
    assert_eq!(world.stored(&path).await.state, State::FeasibilityDelivered);

    // Silence has decided at midnight, before anything ran.
    let night = at_paris(samples::day("2026-07-16"), 0, 5);
    world.set_clock(night).await;
    let late = world.play(Side::Region, Some(&path), Transition::RejectFeasibility, json!({})).await.unwrap_err();
    match late {
        AppError::Refused(refusal) => {
            assert!(matches!(*refusal, Refusal::SilenceAdmitted { on, .. } if on == until), "{refusal:?}");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(world.app.tick().await.expect("the store answers").decided, 1);
    let admitted = world.stored(&path).await;
    assert_eq!(admitted.state, State::Feasible);
    let decision = admitted.feasibility.admitted.as_ref().expect("it is admitted");
    assert_eq!((decision.tacit, decision.on), (true, until));
    assert_eq!(world.app.tick().await.expect("the store answers").decided, 0);
    settle(&world).await;
}
on_both!(tacit_admission, starting("2026-06-29"), silence_admits_after_the_fourteenth_of_july);

/// A reminder of a day on which the hour changes: once, in the morning of that day, whatever the clock loop saw.
async fn reminded_once_on(world: &World, day: Day) {
    // The Region has fifteen days to decide on a need, and is reminded two days before.
    let due = day + TimeDelta::days(2);
    let mut reported = due - TimeDelta::days(15);
    world.set_clock(at_paris(reported, 18, 0)).await;
    let path = world.open().await;
    reported = world.today().await;
    let expected = domain::clocks::planned(&path, &world.market, reported);
    assert!(
        expected.iter().any(|planned| planned.on == day && planned.clock == ClockKind::NeedDecision),
        "{expected:?}"
    );

    let before = at_paris(day - TimeDelta::days(1), 12, 0);
    tick_through(world, before, before, TimeDelta::hours(1)).await;
    let already = reminders(world, &path).await.len();
    tick_through(world, before, at_paris(day + TimeDelta::days(1), 12, 0), TimeDelta::minutes(30)).await;
    let told = reminders(world, &path).await;
    assert_eq!(told.len(), already + 1, "{:?}", told.iter().map(|message| message.queued_at).collect::<Vec<_>>());
    let at = paris_time(told.last().expect("one was queued").queued_at);
    assert_eq!(at.date(), day);
    let morning =
        NaiveTime::from_hms_opt(7, 0, 0).expect("an hour")..NaiveTime::from_hms_opt(7, 31, 0).expect("an hour");
    assert!(morning.contains(&at.time()), "{at}");
}

async fn l15_each_change_of_hour_reminds_once(world: World, _home: &Home) {
    reminded_once_on(&world, samples::day("2026-10-25")).await;
    reminded_once_on(&world, samples::day("2027-03-28")).await;
    settle(&world).await;
}
on_both!(changes_of_hour, starting("2026-10-01"), l15_each_change_of_hour_reminds_once);

/// The hour that is there twice: a reminder whose quiet hours end in it leaves once.
async fn the_hour_shown_twice_reminds_once(world: World, _home: &Home) {
    let mut market = world.market.clone();
    market.quiet_hours.until = NaiveTime::from_hms_opt(2, 30, 0).expect("an hour");
    let start = world.today().await;
    world.app.apply_market("tests", &market, start, Some("heures calmes")).await.expect("the terms are applied");
    let day = samples::day("2026-10-25");
    world.set_clock(at_paris(samples::day("2026-10-12"), 18, 0)).await;
    let path = world.open().await;
    let midnight = at_paris(day, 0, 0);
    let before = tick_through(&world, midnight - TimeDelta::hours(6), midnight, TimeDelta::hours(1)).await;
    let already = reminders(&world, &path).await.len();
    let report = tick_through(&world, midnight, midnight + TimeDelta::hours(5), TimeDelta::minutes(10)).await;
    assert_eq!(report.reminders, 1, "after {before:?}");
    assert_eq!(reminders(&world, &path).await.len(), already + 1);
    settle(&world).await;
}
on_both!(hour_shown_twice, starting("2026-10-01"), the_hour_shown_twice_reminds_once);

/// 23:30 in Paris on the 31st of December is another day in Auckland and the same in London: the year is that of Paris.
async fn the_year_is_that_of_paris(world: World, _home: &Home) {
    let (last, first) = (samples::day("2026-12-31"), samples::day("2027-01-01"));
    let late = at_paris_time(last, NaiveTime::from_hms_opt(23, 30, 0).expect("an hour"));
    world.set_clock(late).await;
    let old = world.open().await;
    assert_eq!((old.opened_on, old.reference.year), (last, 2026));
    let order = world.endorsable_order(1, "P1 3").await;
    assert_eq!((order.budget_year, order.reference.year), (2026, 2026));
    let visa = json!({ "commitment_number": "EJ-2026-99" });
    let target = app::OrderTarget::Order(order.reference.clone());
    let endorsed =
        world.order(Side::Finance, 1, &target, OrderTransition::Endorse, visa).await.expect("the visa is given");

    let path = world.reach(State::ImplementationOrdered).await;
    let entered = world.ok(Side::Body, Some(&path), Transition::EnterTraining, json!({ "on": last })).await;
    assert_eq!(entered.training.as_ref().map(|training| (training.entered_on, training.year)), Some((last, 2026)));
    assert_eq!(paris_day(world.app.now().await.expect("the store answers")), last);

    world.set_clock(at_paris(first, 0, 30)).await;
    let new = world.open().await;
    assert_eq!((new.opened_on, new.reference.year, new.reference.number), (first, 2027, 1));
    let officer = staff(Side::Region, 1).actor();
    let entries = async |day| world.app.entries(&officer, day, None).await.expect("the report reads").total.entries;
    assert_eq!((entries(last).await, entries(first).await), (1, 0));
    let tx = world.app.store().begin_read().await.expect("the store answers");
    let budgets = tx.budgets(&world.market.code).await.expect("budgets are listed");
    assert!(budgets.iter().all(|year| year.year == 2026), "{budgets:?}");
    let engaged: domain::money::Cents = world.orders.iter().map(|order| order.engaged).sum();
    assert_eq!(budgets[0].engaged, engaged + endorsed.engaged);
    let places = tx.places(&world.market.code, Some(&path.lot)).await.expect("places are listed");
    let of =
        |year: i32| places.iter().find(|places| places.year == year).map(|places| (places.reserved, places.consumed));
    assert_eq!(of(2026), Some((0, 1)));
    drop(tx);
    assert_eq!(world.today().await.year(), 2027);
    settle(&world).await;
}
on_both!(last_half_hour, starting("2026-12-01"), the_year_is_that_of_paris);

/// Three days without a worker: then each due reminder once, each clock its latest only, and nothing more.
async fn l15_days_without_a_worker_are_made_up_once(world: World, _home: &Home) {
    // Reported on four days, so that what was due in the absence differs: two ranks, one, the other, none.
    let days = ["2026-03-02", "2026-03-04", "2026-03-05", "2026-03-12"];
    let mut paths = Vec::new();
    for day in days {
        world.to(day).await;
        paths.push(world.open().await);
    }
    // Reported with the second one, and ordered meanwhile: what it was late for is done.
    world.set_clock(at_paris(samples::day(days[1]), 20, 0)).await;
    let moved_on = world.open().await;
    // Due on the 17th, 19th, 20th and 27th of March; reminded five and two days before, and a day after.
    world.to("2026-03-12").await;
    world.app.tick().await.expect("the store answers");
    let mut before = Vec::new();
    for path in &paths {
        before.push(reminders(&world, path).await.len());
    }
    assert_eq!(before, [1, 0, 0, 0], "the first was reminded on the 12th");
    // Nobody works on the 13th, 14th and 15th, but for a colleague.
    world.to("2026-03-15").await;
    let moved_on = world.ok(Side::Region, Some(&moved_on), Transition::OrderFeasibility, json!({})).await;
    world.set_clock(at_paris(samples::day("2026-03-16"), 9, 0)).await;
    let (one, two) = tokio::join!(world.app.tick(), world.app.tick());
    let (one, two) = (one.expect("the store answers"), two.expect("the store answers"));
    assert_eq!(one.reminders + two.reminders, 3, "{one:?} {two:?}");
    for (path, expected) in paths.iter().zip([2, 1, 1, 0]) {
        assert_eq!(reminders(&world, path).await.len(), expected, "{}", path.reference);
    }
    assert_eq!(reminders(&world, &moved_on).await, [], "nothing for the step that it left");
    assert_eq!(world.app.tick().await.expect("the store answers"), TickReport::default());
    // Away over both ranks of one clock: the latest says it all.
    let late = world.open().await;
    world.set_clock(at_paris(samples::day("2026-03-29"), 9, 0)).await;
    let report = world.app.tick().await.expect("the store answers");
    assert_eq!(reminders(&world, &late).await.len(), 1, "{report:?}");
    assert!(report.skipped > 0, "{report:?}");
    settle(&world).await;
}
on_both!(without_a_worker, Setup::default(), l15_days_without_a_worker_are_made_up_once);

/// More is due than one turn takes, and it ends between two reminders of a clock: the latest says it all.
async fn l15_a_clock_reminds_once_wherever_a_turn_ends(world: World, _home: &Home) {
    world.to("2026-03-02").await;
    let path = world.open().await;
    // Rows of clocks that do not run any more, due before: they leave one place in the turn.
    for rows in [99, 100, 100, 100, 100] {
        let other = world.open().await;
        let planned: Vec<Planned> = (0..rows)
            .map(|rank| Planned {
                clock: ClockKind::Reservation,
                started_on: samples::day("2026-02-02"),
                kind: ReminderKind::Reminder,
                rank,
                on: samples::day("2026-03-03"),
            })
            .collect();
        let tx = world.app.store().begin_write().await.expect("the store answers");
        let now = tx.now().await.expect("the store has a clock");
        tx.schedule_reminders(other.id, &planned, now).await.expect("the rows are written");
        tx.commit().await.expect("the rows are written");
    }
    // Five days and two days before the 17th of March: both are due.
    world.set_clock(at_paris(samples::day("2026-03-16"), 9, 0)).await;
    let (first, second) = (world.app.tick().await, world.app.tick().await);
    let (first, second) = (first.expect("the store answers"), second.expect("the store answers"));
    assert_eq!((first.reminders, first.skipped), (0, 500), "the first turn ends before the last row");
    assert_eq!((second.reminders, second.skipped), (1, 0));
    assert_eq!(reminders(&world, &path).await.len(), 1);
}
on_both!(more_than_a_turn, Setup::default(), l15_a_clock_reminds_once_wherever_a_turn_ends);

/// However short the life of links, one serves until the last day of what it asks; that of a reminder is another, as long.
async fn l4_a_link_lives_until_the_end_of_what_it_asks(world: World, _home: &Home) {
    let world = world.with_settings(Settings { link_days: 1, ..settings() });
    let mut path = world.reach(State::FeasibilityInProgress).await;
    while path.commitment.asked.is_none() {
        path = world.forward(&path).await;
    }
    let asked_on = world.today().await;
    let clocks = domain::clocks::clocks(&path, &world.market, asked_on);
    let clock = clocks.iter().find(|clock| clock.kind == ClockKind::CompanyAnswer).expect("an answer is waited for");
    let (until, short) = (end_of_day(clock.due_on), end_of_day(asked_on + TimeDelta::days(1)));
    assert!(until > short + TimeDelta::days(2), "{until}");
    let of_company = async |kind: &str| {
        let mut all = messages(&world).await;
        all.retain(|message| message.content.kind == kind && message.content.to.person == Some(path.contact.id));
        let message = all.pop()?;
        let token = world.app.link_of_message(message.content.id).await.expect("the message is there");
        Some((token.expect("it has a link"), message.content.link.expect("it has a link").expires_at))
    };
    let (first, expires) = of_company("confirmation_asked").await.expect("the company is asked");
    assert_eq!(expires, until);
    // So does a copy of the message.
    let server = SmtpServer::start().await;
    let deliver = async || world.app.deliver(&transport(&server.url()), u32::MAX).await.expect("the store answers");
    deliver().await;
    world.wait(TimeDelta::hours(1)).await;
    let all = messages(&world).await;
    let asking = all.iter().find(|message| message.content.kind == "confirmation_asked").expect("the company is asked");
    let again = world.app.resend(&staff(Side::Body, 1).actor(), asking.content.id, "Effacé.").await;
    assert!(matches!(again, Ok(Resend::Queued(_))), "{again:?}");
    let (copy, expires) = of_company("confirmation_asked").await.expect("a copy leaves");
    assert!(copy != first && expires == until, "{expires}");
    // What asks nothing lives as long as the settings say.
    assert_eq!(of_company("feasibility_ordered").await.expect("the company was told").1, short);

    let mut day = asked_on;
    let (second, expires) = loop {
        if let Some(reminder) = of_company("reminder").await {
            break reminder;
        }
        day = day.succ_opt().expect("a day");
        assert!(day < clock.due_on, "the company is reminded in time");
        world.set_clock(at_paris(day, 9, 0)).await;
        world.app.tick().await.expect("the store answers");
    };
    assert_ne!(second, first, "a reminder has a link of its own");
    assert_eq!(expires, until);
    for (at, problem) in [(until - TimeDelta::hours(1), None), (until, Some(LinkProblem::Expired))] {
        world.set_clock(at).await;
        for token in [&first, &copy, &second] {
            assert_eq!(world.app.open_link(token).await.expect("the link was given").problem, problem, "at {at}");
        }
    }
}
on_both!(links, Setup::default(), l4_a_link_lives_until_the_end_of_what_it_asks);
