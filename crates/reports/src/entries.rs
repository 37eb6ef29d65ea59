//! Entries into training at a date, as the steering committee reads them.
//!
//! Source: the deck's tables « Point sur les entrées en formation » at 31.12.2022 and 30.06.2023: entries of the year up to
//! the date, share of level 4 and below, RSA, BOE, over 45 and under 26. Ages are completed years on the day of entry; both
//! bounds are strict. An annulled entry is not counted once its annulment is known.

use chrono::Datelike;
use domain::Day;
use domain::money::Percent;
use domain::people::Sex;

use crate::table::{Cell, Column, ColumnKind, Table};

/// The highest level that the deck counts as « niveau 4 et infra ».
pub(crate) const LEVEL_4: u8 = 4;

/// What the statistics keep of one entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryFact {
    pub entered_on: Day,
    /// Completed years on the day of entry.
    pub age: u32,
    /// 1 to 8, nomenclature of 2019.
    pub level: u8,
    pub rsa: bool,
    pub boe: bool,
    pub sex: Sex,
}

/// How people who entered left, up to a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ends {
    pub dropped_out: u32,
    /// Early exits for a job or a training.
    pub early_exits: u32,
}

/// The figures of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figures {
    pub entries: u32,
    pub level_4_and_below: u32,
    pub rsa: u32,
    pub boe: u32,
    pub over_45: u32,
    pub under_26: u32,
}

impl Figures {
    /// Counts a set of entries.
    pub fn count<'a>(facts: impl IntoIterator<Item = &'a EntryFact>) -> Self {
        facts.into_iter().fold(Self::default(), |figures, fact| Self {
            entries: figures.entries + 1,
            level_4_and_below: figures.level_4_and_below + u32::from(fact.level <= LEVEL_4),
            rsa: figures.rsa + u32::from(fact.rsa),
            boe: figures.boe + u32::from(fact.boe),
            over_45: figures.over_45 + u32::from(fact.age > 45),
            under_26: figures.under_26 + u32::from(fact.age < 26),
        })
    }

    fn cells(&self) -> Vec<Cell> {
        let share =
            |part: u32| Percent::of(i64::from(part), i64::from(self.entries)).map_or(Cell::Empty, Cell::Percent);
        vec![
            Cell::Count(i64::from(self.entries)),
            share(self.level_4_and_below),
            share(self.rsa),
            share(self.boe),
            share(self.over_45),
            share(self.under_26),
        ]
    }
}

/// The entries of a year up to a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntriesReport {
    pub as_of: Day,
    pub total: Figures,
    /// The same figures for each lot, with its name.
    pub lots: Vec<(String, Figures)>,
    /// Everyone who is counted.
    pub people: Vec<EntryFact>,
    /// How they left; none when some entries have no path to say it.
    pub ends: Option<Ends>,
    /// The market of all of them; none when they are of several, or of none.
    pub market: Option<String>,
}

impl EntriesReport {
    /// The first day whose entries count: 1 January of the year of `as_of`.
    pub fn since(as_of: Day) -> Day {
        as_of - chrono::Duration::days(i64::from(as_of.ordinal0()))
    }

    /// The row of the deck, as it prints it: `31 · 70,97 % · 16,13 % · 3,23 % · 41,94 % · 25,81 %`.
    pub fn line(&self) -> String {
        self.total.cells().iter().map(Cell::french).collect::<Vec<_>>().join(" · ")
    }

    /// The table of the committee: the scheme's row, then one for each lot.
    pub fn table(&self) -> Table {
        let mut rows = vec![row(wording::reports::SCHEME_ROW, &self.total)];
        rows.extend(self.lots.iter().map(|(lot, figures)| row(lot, figures)));
        Table {
            title: wording::reports::entries_on(wording::dates::numeric(self.as_of)),
            columns: columns(),
            rows,
            notes: vec![wording::reports::ENTRIES_NOTE.to_owned()],
            ..Table::default()
        }
    }
}

/// The columns of the committee's tables of entries: the scheme, the entries, and the parts of them.
pub(crate) fn columns() -> Vec<Column> {
    vec![
        Column::new("scheme", wording::reports::SCHEME, ColumnKind::Text),
        Column::new("entries", wording::reports::ENTRIES, ColumnKind::Count),
        Column::new("level_4_and_below", wording::reports::LEVEL_4_AND_BELOW, ColumnKind::Percent),
        Column::new("rsa", wording::reports::RSA, ColumnKind::Percent),
        Column::new("boe", wording::reports::BOE, ColumnKind::Percent),
        Column::new("over_45", wording::reports::OVER_45, ColumnKind::Percent),
        Column::new("under_26", wording::reports::UNDER_26, ColumnKind::Percent),
    ]
}

fn row(label: &str, figures: &Figures) -> Vec<Cell> {
    std::iter::once(Cell::Text(label.to_owned())).chain(figures.cells()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_of_age_and_level_are_the_decks() {
        let fact = |age, level| EntryFact {
            entered_on: Day::from_ymd_opt(2022, 3, 1).unwrap(),
            age,
            level,
            rsa: false,
            boe: false,
            sex: Sex::Female,
        };
        let figures = Figures::count(&[fact(25, 4), fact(26, 5), fact(45, 3), fact(46, 8)]);
        assert_eq!((figures.under_26, figures.over_45, figures.level_4_and_below), (1, 1, 2));
    }

    #[test]
    fn the_year_starts_on_its_first_day() {
        let day = |y, m, d| Day::from_ymd_opt(y, m, d).unwrap();
        assert_eq!(EntriesReport::since(day(2024, 12, 31)), day(2024, 1, 1));
        assert_eq!(EntriesReport::since(day(2023, 1, 1)), day(2023, 1, 1));
    }

    #[test]
    fn nothing_has_no_share() {
        let report = EntriesReport {
            as_of: Day::from_ymd_opt(2021, 6, 30).unwrap(),
            total: Figures::default(),
            lots: vec![],
            people: vec![],
            ends: None,
            market: None,
        };
        assert_eq!(report.line(), "0 · – · – · – · – · –");
    }
}
