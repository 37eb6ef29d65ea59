//! Days, times, deadlines and periods as people say them.
//!
//! Rules: instants are shown in Europe/Paris; a due day is the last day on which one may act, said « au plus tard le » in
//! sentences and « jusqu’au » in tags and lists; what is due is compared with a day given by the caller, never with a clock
//! read here; day, month and year stay on one line.

use chrono::{Datelike, NaiveDateTime, NaiveTime, Timelike};
use domain::calendar::{Span, days_until, paris_iso, paris_time};
use domain::{Day, Instant};

use crate::numbers::count;
use crate::typography::NO_BREAK_SPACE as NBSP;

const WEEKDAYS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

const SHORT_MONTHS: [&str; 12] =
    ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."];

fn number(day: Day) -> String {
    if day.day() == 1 { "1er".to_owned() } else { day.day().to_string() }
}

fn named(names: [&'static str; 12], day: Day) -> &'static str {
    names[day.month0() as usize]
}

/// `mercredi 18 novembre 2026`.
pub fn long(day: Day) -> String {
    format!("{} {}", WEEKDAYS[day.weekday().num_days_from_monday() as usize], medium(day))
}

/// `18 novembre 2026`, `1er mars 2027`.
pub fn medium(day: Day) -> String {
    format!("{}{NBSP}{}", number(day), month(day))
}

/// `18 nov. 2026`.
pub fn short(day: Day) -> String {
    format!("{}{NBSP}{}", brief(day), day.year())
}

/// `18 nov.`, where the year goes without saying.
pub fn brief(day: Day) -> String {
    format!("{}{NBSP}{}", number(day), named(SHORT_MONTHS, day))
}

/// `18/11/2026`.
pub fn numeric(day: Day) -> String {
    day.format("%d/%m/%Y").to_string()
}

/// `2026-11-18`, for machines.
pub fn iso(day: Day) -> String {
    day.format("%Y-%m-%d").to_string()
}

/// `novembre 2026`.
pub fn month(day: Day) -> String {
    format!("{}{NBSP}{}", named(MONTHS, day), day.year())
}

/// `de novembre 2026`, `d’octobre 2026`: a month after « de », elided.
pub fn of_month(day: Day) -> String {
    let month = month(day);
    if month.starts_with(['a', 'o']) { format!("d’{month}") } else { format!("de {month}") }
}

/// `10 h 42`.
pub fn time(time: NaiveTime) -> String {
    format!("{}{NBSP}h{NBSP}{:02}", time.hour(), time.minute())
}

/// `mercredi 18 novembre 2026, 10 h 42`.
pub fn moment(moment: NaiveDateTime) -> String {
    format!("{}, {}", long(moment.date()), time(moment.time()))
}

/// `18 nov. 2026, 10 h 42`.
pub fn moment_short(moment: NaiveDateTime) -> String {
    format!("{}, {}", short(moment.date()), time(moment.time()))
}

/// An instant as [`moment`], Europe/Paris.
pub fn instant(instant: Instant) -> String {
    moment(paris_time(instant))
}

/// `mercredi 18 novembre 2026, 10 h 42 min 07 s (UTC+01:00)`: an instant that proves something.
pub fn instant_full(instant: Instant) -> String {
    let local = paris_time(instant);
    let iso = paris_iso(instant);
    let (_, offset) = iso.split_at(iso.len() - "+01:00".len());
    format!("{}{NBSP}min{NBSP}{:02}{NBSP}s (UTC{offset})", moment(local), local.second())
}

/// An instant as [`moment_short`], Europe/Paris.
pub fn instant_short(instant: Instant) -> String {
    moment_short(paris_time(instant))
}

/// `au plus tard le 4 décembre 2026`: that day included.
pub fn by(day: Day) -> String {
    format!("au plus tard le {}", medium(day))
}

/// `jusqu’au 4 décembre 2026 inclus`, of what lasts until then.
pub fn until(day: Day) -> String {
    format!("jusqu’au {} inclus", medium(day))
}

/// A due day seen from a day: `au plus tard le 4 décembre 2026`, `demain`, `aujourd’hui`, `en retard de 3 jours`.
pub fn deadline(due: Day, today: Day) -> String {
    near(due, today).unwrap_or_else(|| by(due))
}

/// The same for a tag or a list: `jusqu’au 4 déc.`, with the year when it is another one.
pub fn deadline_short(due: Day, today: Day) -> String {
    let day = |due: Day| if due.year() == today.year() { brief(due) } else { short(due) };
    near(due, today).unwrap_or_else(|| format!("jusqu’au {}", day(due)))
}

fn near(due: Day, today: Day) -> Option<String> {
    match days_until(today, due) {
        late @ ..=-1 => Some(format!("en retard de {}", count(-late, "jour", "jours"))),
        0 => Some("aujourd’hui".to_owned()),
        1 => Some("demain".to_owned()),
        2.. => None,
    }
}

/// How pressing a due day is: said by a word, which colour only repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    Late,
    /// Within three days.
    Soon,
    Later,
}

impl Urgency {
    /// The word.
    pub fn label(self) -> &'static str {
        match self {
            Self::Late => "En retard",
            Self::Soon => "Échéance proche",
            Self::Later => "À venir",
        }
    }
}

/// How pressing a due day is on a day.
pub fn urgency(due: Day, today: Day) -> Urgency {
    match days_until(today, due) {
        ..=-1 => Urgency::Late,
        0..=3 => Urgency::Soon,
        4.. => Urgency::Later,
    }
}

/// A past day seen from a day: `aujourd’hui`, `hier`, `il y a 3 jours`, `le 4 déc. 2026` beyond a week or ahead.
pub fn ago(day: Day, today: Day) -> String {
    match days_until(day, today) {
        0 => "aujourd’hui".to_owned(),
        1 => "hier".to_owned(),
        days @ 2..=7 => format!("il y a {}", count(days, "jour", "jours")),
        ..=-1 | 8.. => format!("le {}", short(day)),
    }
}

/// `du 1er au 31 mars 2027`, `du 28 février au 3 mars 2027`, `du 28 décembre 2026 au 3 janvier 2027`, `le 3 mars 2027`.
pub fn period(from: Day, until: Day) -> String {
    let end = medium(until);
    if from == until {
        format!("le {end}")
    } else if (from.year(), from.month()) == (until.year(), until.month()) {
        format!("du {} au {end}", number(from))
    } else if from.year() == until.year() {
        format!("du {}{NBSP}{} au {end}", number(from), named(MONTHS, from))
    } else {
        format!("du {} au {end}", medium(from))
    }
}

/// A length: `15 jours`, `3 jours ouvrés`, `2 mois`.
pub fn span(span: Span) -> String {
    match span {
        Span::Days(number) => count(number, "jour", "jours"),
        Span::WorkingDays(number) => count(number, "jour ouvré", "jours ouvrés"),
        Span::Months(number) => count(number, "mois", "mois"),
    }
}

#[cfg(test)]
mod tests {
    use domain::calendar::at_paris;

    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    /// With no-break spaces shown as `_`.
    fn shown(text: &str) -> String {
        text.replace(NBSP, "_")
    }

    #[test]
    fn days_in_words() {
        let wednesday = day("2026-11-18");
        assert_eq!(shown(&long(wednesday)), "mercredi 18_novembre_2026");
        assert_eq!(shown(&medium(wednesday)), "18_novembre_2026");
        assert_eq!(shown(&short(wednesday)), "18_nov._2026");
        assert_eq!(shown(&brief(wednesday)), "18_nov.");
        assert_eq!(numeric(day("2022-12-31")), "31/12/2022");
        assert_eq!(iso(day("2027-03-01")), "2027-03-01");
        assert_eq!(shown(&long(day("2027-08-01"))), "dimanche 1er_août_2027");
        let months: Vec<_> = (1..=12).map(|month| brief(Day::from_ymd_opt(2026, month, 1).unwrap())).collect();
        assert_eq!(
            shown(&months.join(", ")),
            "1er_janv., 1er_févr., 1er_mars, 1er_avr., 1er_mai, 1er_juin, 1er_juil., 1er_août, 1er_sept., 1er_oct., \
             1er_nov., 1er_déc."
        );
    }

    #[test]
    fn months_are_elided_after_de() {
        let months: Vec<_> = (1..=12).map(|month| of_month(Day::from_ymd_opt(2026, month, 1).unwrap())).collect();
        assert_eq!(
            shown(&months.join(", ")),
            "de janvier_2026, de février_2026, de mars_2026, d’avril_2026, de mai_2026, de juin_2026, de juillet_2026, \
             d’août_2026, de septembre_2026, d’octobre_2026, de novembre_2026, de décembre_2026"
        );
    }

    #[test]
    fn instants_are_shown_in_paris() {
        let winter = at_paris(day("2026-11-18"), 10, 42);
        assert_eq!(shown(&instant(winter)), "mercredi 18_novembre_2026, 10_h_42");
        assert_eq!(shown(&instant_short(winter)), "18_nov._2026, 10_h_42");
        // 23:30 UTC on a summer day is already the next day in Paris.
        let summer = day("2026-07-13").and_hms_opt(23, 30, 0).unwrap().and_utc();
        assert_eq!(shown(&instant(summer)), "mardi 14_juillet_2026, 1_h_30");
    }

    #[test]
    fn deadlines_are_said_from_today() {
        let due = day("2026-12-04");
        for (today, long, short, pressing) in [
            ("2026-11-18", "au plus tard le 4_décembre_2026", "jusqu’au 4_déc.", Urgency::Later),
            ("2025-11-18", "au plus tard le 4_décembre_2026", "jusqu’au 4_déc._2026", Urgency::Later),
            ("2026-12-02", "au plus tard le 4_décembre_2026", "jusqu’au 4_déc.", Urgency::Soon),
            ("2026-12-03", "demain", "demain", Urgency::Soon),
            ("2026-12-04", "aujourd’hui", "aujourd’hui", Urgency::Soon),
            ("2026-12-05", "en retard de 1_jour", "en retard de 1_jour", Urgency::Late),
            ("2026-12-07", "en retard de 3_jours", "en retard de 3_jours", Urgency::Late),
        ] {
            assert_eq!(shown(&deadline(due, day(today))), long, "{today}");
            assert_eq!(shown(&deadline_short(due, day(today))), short, "{today}");
            assert_eq!(urgency(due, day(today)), pressing, "{today}");
        }
        assert_eq!(shown(&until(due)), "jusqu’au 4_décembre_2026 inclus");
        assert_eq!(shown(&by(due)), "au plus tard le 4_décembre_2026");
    }

    #[test]
    fn past_days_are_said_from_today() {
        let today = day("2026-12-10");
        for (past, text) in [
            ("2026-12-10", "aujourd’hui"),
            ("2026-12-09", "hier"),
            ("2026-12-07", "il y a 3_jours"),
            ("2026-12-01", "le 1er_déc._2026"),
            ("2026-12-11", "le 11_déc._2026"),
        ] {
            assert_eq!(shown(&ago(day(past), today)), text);
        }
    }

    #[test]
    fn periods_repeat_nothing() {
        for (from, until, text) in [
            ("2027-03-01", "2027-03-31", "du 1er au 31_mars_2027"),
            ("2027-02-28", "2027-03-03", "du 28_février au 3_mars_2027"),
            ("2026-12-28", "2027-01-03", "du 28_décembre_2026 au 3_janvier_2027"),
            ("2027-03-03", "2027-03-03", "le 3_mars_2027"),
        ] {
            assert_eq!(shown(&period(day(from), day(until))), text);
        }
    }

    #[test]
    fn spans_in_words() {
        assert_eq!(shown(&span(Span::Days(15))), "15_jours");
        assert_eq!(shown(&span(Span::WorkingDays(3))), "3_jours ouvrés");
        assert_eq!(shown(&span(Span::WorkingDays(1))), "1_jour ouvré");
        assert_eq!(shown(&span(Span::Months(2))), "2_mois");
    }
}
