use super::*;
use crate::calendar::{at_paris, start_of_day};
use crate::path::Step;
use crate::people::RecipientRole;
use crate::samples::day;
use crate::told::{ROLES, Told, told};

#[test]
fn every_kind_stands_in_the_lifecycle_and_concerns_the_region_alone() {
    let mut seen = Vec::new();
    for step in Step::all() {
        for (role, told) in ROLES.into_iter().zip(told(step)) {
            if let Told::Listed(news) = told {
                assert_eq!(role, RecipientRole::Region, "{step}");
                seen.push(news);
            }
        }
    }
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen, News::iter().collect::<Vec<_>>());
    for news in News::iter() {
        assert!(news.events().iter().all(|event| News::of(*event) == Some(news)));
    }
    assert_eq!(News::of(EventKind::SelectionOpened), None);
}

#[test]
fn nobody_who_chose_nothing_is_left_out_nor_woken() {
    let chosen = Preferences { news: [(News::Needs, Pace::Weekly)].into(), ..Preferences::default() };
    assert_eq!(
        News::iter().map(|news| chosen.pace(news)).collect::<Vec<_>>(),
        [Pace::Weekly, Pace::Daily, Pace::Daily]
    );
    let stored = serde_json::to_string(&chosen).unwrap();
    assert_eq!(stored, r#"{"news":{"needs":"weekly"},"reminders_off":false}"#);
    assert_eq!(serde_json::from_str::<Preferences>(&stored).unwrap(), chosen);
    assert_eq!(serde_json::from_str::<Preferences>("{}").unwrap(), Preferences::default());
}

/// The days of a stretch on which someone told until the day of the last digest gets one.
fn digests(pace: Pace, from: &str, until: &str) -> Vec<String> {
    let mut told_until = day(from);
    let days = day(from).iter_days().take_while(|today| *today <= day(until));
    let leaving = days.filter(|today| {
        let due = digest_day(at_paris(*today, 7, 30)).is_some_and(|today| pace.is_due(told_until, today));
        if due {
            told_until = *today;
        }
        due
    });
    leaving.map(|today| today.format("%a %d").to_string()).collect()
}

#[test]
fn digests_leave_on_working_days_and_the_weekly_one_on_the_first() {
    // Bastille Day of 2025 is a Monday: the week begins on the Tuesday.
    assert_eq!(digests(Pace::Daily, "2025-07-10", "2025-07-16"), ["Fri 11", "Tue 15", "Wed 16"]);
    assert_eq!(digests(Pace::Weekly, "2025-07-02", "2025-07-22"), ["Mon 07", "Tue 15", "Mon 21"]);
    // Of a Tuesday, it changes nothing for the week.
    assert_eq!(digests(Pace::Daily, "2026-07-12", "2026-07-15"), ["Mon 13", "Wed 15"]);
    assert_eq!(digests(Pace::Weekly, "2026-07-09", "2026-07-20"), ["Mon 13", "Mon 20"]);
}

#[test]
fn a_weekly_digest_that_could_not_leave_leaves_later_in_the_week() {
    assert!(Pace::Weekly.is_due(day("2026-03-02"), day("2026-03-12")), "a Thursday, nothing since the week before");
    assert!(!Pace::Weekly.is_due(day("2026-03-12"), day("2026-03-13")));
    assert!(Pace::Weekly.is_due(day("2026-03-12"), day("2026-03-16")));
    for pace in Pace::iter() {
        assert!(!pace.is_due(day("2026-03-16"), day("2026-03-16")), "{pace}: once a day");
        assert!(!pace.is_due(day("2026-03-17"), day("2026-03-16")), "{pace}: a clock set back");
    }
}

#[test]
fn half_past_seven_is_that_of_paris_all_year() {
    for (date, before, after) in [
        ("2026-03-27", "06:29:59", "06:30:00"),
        ("2026-03-30", "05:29:59", "05:30:00"),
        ("2026-10-23", "05:29:59", "05:30:00"),
        ("2026-10-26", "06:29:59", "06:30:00"),
    ] {
        let at = |time: &str| format!("{date}T{time}Z").parse::<Instant>().unwrap();
        assert_eq!((digest_day(at(before)), digest_day(at(after))), (None, Some(day(date))));
    }
    // The changes of hour themselves are Sundays.
    for sunday in ["2026-03-29", "2026-10-25"] {
        let hours = (0..48).map(|half| start_of_day(day(sunday)) + TimeDelta::minutes(30 * half));
        assert!(hours.map(digest_day).all(|day| day.is_none()));
    }
}
