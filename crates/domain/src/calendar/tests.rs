use std::collections::BTreeSet;

use proptest::prelude::*;
use strum::IntoEnumIterator;

use super::*;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn instant(text: &str) -> Instant {
    text.parse().unwrap()
}

fn span(text: &str) -> Span {
    text.parse().unwrap()
}

#[test]
fn easter_of_each_year() {
    let known = [
        "2020-04-12",
        "2021-04-04",
        "2022-04-17",
        "2023-04-09",
        "2024-03-31",
        "2025-04-20",
        "2026-04-05",
        "2027-03-28",
        "2028-04-16",
        "2029-04-01",
        "2030-04-21",
        "2031-04-13",
        "2032-03-28",
        "2033-04-17",
        "2034-04-09",
        "2035-03-25",
        "2036-04-13",
        "2037-04-05",
        "2038-04-25",
        "2039-04-10",
        "2040-04-01",
        // The earliest and the latest possible, and the years in which the method needs its last correction.
        "1818-03-22",
        "1943-04-25",
        "1954-04-18",
        "1961-04-02",
        "1981-04-19",
        "2049-04-18",
        "2076-04-19",
    ];
    for known in known.map(day) {
        assert_eq!(easter(known.year()), Some(known));
    }
}

#[test]
fn the_eleven_holidays_of_2026() {
    let expected = [
        ("2026-01-01", Holiday::NewYear),
        ("2026-04-06", Holiday::EasterMonday),
        ("2026-05-01", Holiday::LabourDay),
        ("2026-05-08", Holiday::Victory1945),
        ("2026-05-14", Holiday::Ascension),
        ("2026-05-25", Holiday::WhitMonday),
        ("2026-07-14", Holiday::BastilleDay),
        ("2026-08-15", Holiday::Assumption),
        ("2026-11-01", Holiday::AllSaints),
        ("2026-11-11", Holiday::Armistice1918),
        ("2026-12-25", Holiday::Christmas),
    ];
    let found: Vec<_> = day("2026-01-01")
        .iter_days()
        .take_while(|day| day.year() == 2026)
        .filter_map(|day| holiday(day).map(|holiday| (day, holiday)))
        .collect();
    assert_eq!(found, expected.map(|(text, holiday)| (day(text), holiday)));
    assert_eq!(found.iter().map(|(_, holiday)| *holiday).collect::<BTreeSet<_>>(), Holiday::iter().collect());
    // Ascension and Labour Day on one day: one holiday fewer, and the day is free all the same.
    assert_eq!(holiday(day("2008-05-01")), Some(Holiday::LabourDay));
}

#[test]
fn working_days() {
    for worked in ["2026-07-13", "2026-04-03", "2026-12-24"] {
        assert!(is_working_day(day(worked)), "{worked}");
        assert_eq!(next_working_day(day(worked)), day(worked));
    }
    for (free, next) in [
        ("2026-07-14", "2026-07-15"),
        ("2026-04-04", "2026-04-07"),
        ("2026-04-05", "2026-04-07"),
        ("2026-12-25", "2026-12-28"),
        ("2026-08-15", "2026-08-17"),
    ] {
        assert!(!is_working_day(day(free)), "{free}");
        assert_eq!(next_working_day(day(free)), day(next));
    }
}

#[test]
fn time_limits() {
    for (event, length, last) in [
        // Calendar days start the day after the event.
        ("2026-09-01", "15 d", "2026-09-16"),
        // The last day is Bastille Day, a Saturday, the Saturday before Easter Monday.
        ("2026-06-29", "15 d", "2026-07-15"),
        ("2026-08-28", "15 d", "2026-09-14"),
        ("2026-03-20", "15 d", "2026-04-07"),
        // Holidays within the limit count.
        ("2026-07-10", "7 d", "2026-07-17"),
        ("2026-07-14", "0 d", "2026-07-15"),
        // The change of clocks does not shift a day.
        ("2026-10-24", "2 d", "2026-10-26"),
        ("2027-03-26", "4 d", "2027-03-30"),
        // Months run from date to date; a missing date is the last day of the month.
        ("2026-09-15", "2 m", "2026-11-16"),
        ("2028-01-31", "1 m", "2028-02-29"),
        ("2027-01-31", "1 m", "2027-03-01"),
        ("2028-02-29", "12 m", "2029-02-28"),
        ("2026-11-30", "3 m", "2027-03-01"),
        ("2026-08-31", "1 m", "2026-09-30"),
        ("2026-12-31", "2 m", "2027-03-01"),
        // Working days leave out week-ends and holidays.
        ("2026-07-10", "3 wd", "2026-07-16"),
        ("2026-07-11", "1 wd", "2026-07-13"),
        ("2026-07-13", "1 wd", "2026-07-15"),
        ("2026-07-14", "0 wd", "2026-07-15"),
        ("2026-04-02", "3 wd", "2026-04-08"),
    ] {
        assert_eq!(due(day(event), span(length)), day(last), "{length} from {event}");
        assert_eq!(span(length).end(day(event)), day(last));
    }
}

#[test]
fn time_limits_stop_at_the_end_of_9999() {
    assert!(is_working_day(LAST_DAY));
    for span in [Span::Days(u32::MAX), Span::Months(u32::MAX)] {
        assert_eq!(due(day("2026-07-14"), span), LAST_DAY);
    }
    assert_eq!(due(day("9999-12-20"), Span::WorkingDays(u32::MAX)), LAST_DAY);
    assert_eq!(due(Day::MAX, Span::WorkingDays(2)), LAST_DAY);
}

#[test]
fn days_until_a_due_day() {
    for (today, left) in [("2026-07-10", 5), ("2026-07-15", 0), ("2026-07-16", -1)] {
        assert_eq!(days_until(day(today), day("2026-07-15")), left);
    }
}

#[test]
fn spans_as_text() {
    for text in ["15 d", "3 wd", "2 m", "0 d"] {
        assert_eq!(span(text).to_string(), text);
        let json = serde_json::to_string(&span(text)).unwrap();
        assert_eq!(json, format!("\"{text}\""));
        assert_eq!(serde_json::from_str::<Span>(&json).unwrap(), span(text));
    }
    assert_eq!(span(" 15d "), Span::days(15));
    for (text, error) in [
        ("", SpanError::NoNumber(String::new())),
        ("d", SpanError::NoNumber("d".to_owned())),
        ("-1 d", SpanError::NoNumber("-1 d".to_owned())),
        ("15", SpanError::UnknownUnit(String::new())),
        ("15 days", SpanError::UnknownUnit("days".to_owned())),
        ("1.5 d", SpanError::UnknownUnit(".5 d".to_owned())),
        ("10000 d", SpanError::TooLong("10000".to_owned())),
        ("99999999999 m", SpanError::TooLong("99999999999".to_owned())),
    ] {
        assert_eq!(text.parse::<Span>(), Err(error), "{text}");
    }
    assert!(serde_json::from_str::<Span>("15").is_err());
}

#[test]
fn days_change_at_midnight_in_paris() {
    for (moment, expected) in [
        ("2026-07-14T21:59:59.999999Z", "2026-07-14"),
        ("2026-07-14T22:00:00Z", "2026-07-15"),
        ("2026-12-31T22:59:59Z", "2026-12-31"),
        ("2026-12-31T23:00:00Z", "2027-01-01"),
    ] {
        assert_eq!(paris_day(instant(moment)), day(expected), "{moment}");
    }
    assert_eq!(paris_time(instant("2026-07-14T22:30:00Z")).to_string(), "2026-07-15 00:30:00");
}

#[test]
fn both_changes_of_clocks() {
    // 25 hours on 25 October 2026.
    assert_eq!(start_of_day(day("2026-10-25")), instant("2026-10-24T22:00:00Z"));
    assert_eq!(paris_iso(instant("2026-10-25T00:30:00Z")), "2026-10-25T02:30:00+02:00");
    assert_eq!(paris_iso(instant("2026-10-25T01:30:00Z")), "2026-10-25T02:30:00+01:00");
    assert_eq!(end_of_day(day("2026-10-25")), instant("2026-10-25T23:00:00Z"));
    // 23 hours on 28 March 2027.
    assert_eq!(start_of_day(day("2027-03-28")), instant("2027-03-27T23:00:00Z"));
    assert_eq!(end_of_day(day("2027-03-28")), instant("2027-03-28T22:00:00Z"));
    // 02:30 is shown twice, then never.
    assert_eq!(at_paris(day("2026-10-25"), 2, 30), instant("2026-10-25T00:30:00Z"));
    assert_eq!(at_paris(day("2027-03-28"), 2, 30), instant("2027-03-28T01:30:00Z"));
    assert_eq!(paris_time(at_paris(day("2027-03-28"), 2, 30)).to_string(), "2027-03-28 03:30:00");
    assert_eq!(at_paris(day("2027-03-28"), 3, 0), instant("2027-03-28T01:00:00Z"));
    assert_eq!(at_paris(day("2026-10-26"), 9, 0), instant("2026-10-26T08:00:00Z"));
}

#[test]
fn the_zone_of_the_machine_changes_nothing() {
    for zone in ["Pacific/Kiritimati", "America/Los_Angeles", "Europe/Paris"] {
        let run = std::process::Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "calendar::tests::both_changes_of_clocks",
                "calendar::tests::days_change_at_midnight_in_paris",
            ])
            .env("TZ", zone)
            .output()
            .unwrap();
        let printed = String::from_utf8_lossy(&run.stdout);
        assert!(run.status.success() && printed.contains("2 passed"), "{zone}: {printed}");
    }
}

#[test]
fn extreme_days_have_instants() {
    for extreme in [Day::MIN, Day::MAX] {
        assert!(start_of_day(extreme) <= end_of_day(extreme));
        assert_eq!(next_working_day(extreme).year(), extreme.year());
    }
}

#[test]
fn microseconds_are_kept_and_what_is_below_is_not() {
    assert_eq!(micros(instant("2026-07-14T10:00:00.123456789Z")), instant("2026-07-14T10:00:00.123456Z"));
    assert_eq!(micros(instant("2026-07-14T10:00:00.123456Z")), instant("2026-07-14T10:00:00.123456Z"));
    assert_eq!(micros(instant("1969-12-31T23:59:59.999999999Z")), instant("1969-12-31T23:59:59.999999Z"));
}

fn quiet(from: &str, until: &str) -> QuietHours {
    serde_json::from_value(serde_json::json!({ "from": from, "until": until })).unwrap()
}

#[test]
fn reminders_wait_for_the_end_of_quiet_hours() {
    let night = quiet("20:00", "07:00");
    for (asked, allowed) in [
        ("2026-07-15T12:00:00+02:00", "2026-07-15T12:00:00+02:00"),
        ("2026-07-15T19:59:59+02:00", "2026-07-15T19:59:59+02:00"),
        ("2026-07-15T20:00:00+02:00", "2026-07-16T07:00:00+02:00"),
        ("2026-07-16T06:59:59+02:00", "2026-07-16T07:00:00+02:00"),
        ("2026-07-16T07:00:00+02:00", "2026-07-16T07:00:00+02:00"),
        // A Sunday is not quiet; a holiday is, whatever the hour, and so is the night after it.
        ("2026-07-19T12:00:00+02:00", "2026-07-19T12:00:00+02:00"),
        ("2026-07-13T21:00:00+02:00", "2026-07-15T07:00:00+02:00"),
        ("2026-07-14T12:00:00+02:00", "2026-07-15T07:00:00+02:00"),
        ("2026-12-31T23:30:00+01:00", "2027-01-02T07:00:00+01:00"),
        // The night of a change is quiet until seven on the new time.
        ("2026-10-24T20:00:00+02:00", "2026-10-25T07:00:00+01:00"),
        ("2027-03-27T20:00:00+01:00", "2027-03-28T07:00:00+02:00"),
    ] {
        assert_eq!(night.next_allowed(instant(asked)), instant(allowed), "{asked}");
    }
}

#[test]
fn quiet_hours_of_other_shapes() {
    let lunch = quiet("12:00", "14:00");
    assert_eq!(lunch.next_allowed(instant("2026-07-15T12:30:00+02:00")), instant("2026-07-15T14:00:00+02:00"));
    assert_eq!(lunch.next_allowed(instant("2026-07-15T23:30:00+02:00")), instant("2026-07-15T23:30:00+02:00"));
    let never = quiet("08:00", "08:00");
    assert_eq!(never.next_allowed(instant("2026-07-15T08:00:00+02:00")), instant("2026-07-15T08:00:00+02:00"));
    assert_eq!(never.next_allowed(instant("2026-07-14T08:00:00+02:00")), instant("2026-07-15T00:00:00+02:00"));
    // Quiet ends in the hour shown twice, then in the hour skipped.
    let short = quiet("20:00", "02:30");
    assert_eq!(short.next_allowed(instant("2026-10-25T02:00:00+02:00")), instant("2026-10-25T02:30:00+02:00"));
    assert_eq!(short.next_allowed(instant("2026-10-25T02:10:00+01:00")), instant("2026-10-25T02:30:00+01:00"));
    assert_eq!(short.next_allowed(instant("2027-03-28T01:00:00+01:00")), instant("2027-03-28T03:30:00+02:00"));
}

#[test]
fn quiet_hours_as_text() {
    let night = quiet("20:00", "07:00");
    assert_eq!(serde_json::to_string(&night).unwrap(), r#"{"from":"20:00","until":"07:00"}"#);
    for wrong in [r#"{"from":"20h","until":"07:00"}"#, r#"{"from":"24:00","until":"07:00"}"#, r#"{"from":"20:00"}"#] {
        assert!(serde_json::from_str::<QuietHours>(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn ages_in_completed_years() {
    for (birth, on, years) in [
        ("2000-07-15", "2026-07-14", 25),
        ("2000-07-15", "2026-07-15", 26),
        ("2000-02-29", "2026-02-28", 25),
        ("2000-02-29", "2026-03-01", 26),
        ("2000-02-29", "2028-02-29", 28),
        ("2000-02-29", "2028-02-28", 27),
        ("2026-07-15", "2026-07-14", 0),
        ("2026-07-15", "2026-07-15", 0),
    ] {
        assert_eq!(completed_years(day(birth), day(on)), years, "{birth} on {on}");
    }
}

prop_compose! {
    fn any_day()(days in 0_i64..100_000) -> Day {
        day("1900-01-01") + chrono::TimeDelta::days(days)
    }
}

fn any_span() -> impl Strategy<Value = Span> {
    prop_oneof![
        (0_u32..800).prop_map(Span::Days),
        (0_u32..300).prop_map(Span::WorkingDays),
        (0_u32..60).prop_map(Span::Months),
    ]
}

fn longer(span: Span) -> Span {
    match span {
        Span::Days(number) => Span::Days(number + 1),
        Span::WorkingDays(number) => Span::WorkingDays(number + 1),
        Span::Months(number) => Span::Months(number + 1),
    }
}

proptest! {
    #[test]
    fn a_due_day_is_worked_and_close_to_its_span(event in any_day(), span in any_span()) {
        let last = due(event, span);
        prop_assert!(is_working_day(last));
        let length = days_until(event, last);
        // No more than four days in a row are free: Saturday, Sunday, Easter Monday and a fixed holiday beside them.
        match span {
            Span::Days(number) => prop_assert!((0..=4).contains(&(length - i64::from(number)))),
            Span::Months(number) => {
                let number = i64::from(number);
                prop_assert!((number * 28..=number * 31 + 4).contains(&length));
            }
            Span::WorkingDays(number) if number > 0 => {
                let counted = event.iter_days().skip(1).take_while(|day| *day <= last).filter(|day| is_working_day(*day));
                prop_assert_eq!(counted.count(), usize::try_from(number).unwrap());
            }
            Span::WorkingDays(_) => prop_assert!((0..=4).contains(&length)),
        }
    }

    #[test]
    fn a_due_day_never_comes_back(event in any_day(), later in 0_u64..40, span in any_span()) {
        prop_assert!(due(event, span) <= due(event + Days::new(later), span));
        prop_assert!(due(event, span) <= due(event, longer(span)));
    }

    #[test]
    fn spans_read_back(span in any_span()) {
        prop_assert_eq!(span.to_string().parse(), Ok(span));
    }

    #[test]
    fn a_day_holds_its_instants(day in any_day(), seconds in 0_i64..86_400) {
        let (start, end) = (start_of_day(day), end_of_day(day));
        prop_assert_eq!(paris_day(start), day);
        prop_assert_eq!(paris_day(end), day.succ_opt().unwrap());
        prop_assert_eq!(paris_day(start - chrono::TimeDelta::microseconds(1)), day.pred_opt().unwrap());
        let within = start + chrono::TimeDelta::seconds(seconds);
        prop_assert!(within >= end || paris_day(within) == day);
    }

    #[test]
    fn an_allowed_instant_is_not_quiet(day in any_day(), seconds in 0_i64..90_000, from in 0_u32..24, until in 0_u32..24) {
        let hour = |hour| NaiveTime::from_hms_opt(hour, 30, 0).unwrap();
        let hours = QuietHours { from: hour(from), until: hour(until) };
        let asked = start_of_day(day) + chrono::TimeDelta::seconds(seconds);
        let allowed = hours.next_allowed(asked);
        prop_assert!(allowed >= asked && allowed - asked < chrono::TimeDelta::days(4));
        prop_assert_eq!(hours.next_allowed(allowed), allowed);
        prop_assert!(holiday(paris_day(allowed)).is_none());
    }
}
