//! What the Region's steering committee reads besides the paths: the tables that other schemes give, kept as they were received.
//!
//! A table is of a day and was known since an instant. Nothing received is changed: a later file of the same kind, day and
//! scheme takes the place of the one before for whoever reads, and [`in_force`] is the one rule that says which.

use chrono::Datelike;
use strum::{AsRefStr, Display, EnumIter, EnumString, IntoStaticStr, VariantNames};

use crate::{Day, Instant};

/// A table that the committee reads.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Display,
    EnumString,
    EnumIter,
    AsRefStr,
    IntoStaticStr,
    VariantNames,
    serde::Serialize,
    serde::Deserialize,
)]
#[strum(serialize_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum TableKind {
    /// « Entrées en formation » at a day.
    Entries,
    /// « Entrées par an ».
    Yearly,
    /// « Programmation » of the year of the day.
    Programme,
    /// « Filières » of the year of the day.
    Sectors,
    /// « Trajectoire budgétaire ».
    Budget,
    /// « Fiche d’évaluation » of a scheme.
    Evaluation,
}

/// What the bytes of a table are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum FileKind {
    Csv,
    Xlsx,
}

/// What tells which file is read of several.
pub trait Received {
    fn kind(&self) -> TableKind;
    /// The day that the figures are of.
    fn as_of(&self) -> Day;
    /// The scheme of a sheet of evaluation.
    fn scheme(&self) -> Option<&str>;
    /// Since when it is known.
    fn received_at(&self) -> Instant;
}

impl TableKind {
    /// Whether it is of its year alone: entries that begin again each year, the programme of a year. The others tell several.
    pub fn is_of_its_year(self) -> bool {
        match self {
            Self::Entries | Self::Programme | Self::Sectors | Self::Evaluation => true,
            Self::Yearly | Self::Budget => false,
        }
    }
}

/// Of what was received, the tables of a day as they were known at an instant: the last day of each kind (and scheme) up to it,
/// within its year for those that are of one, and of that day what came last. The order of what is given breaks ties: later ones
/// win.
pub fn in_force<R: Received>(received: &[R], as_of: Day, known_at: Instant) -> Vec<&R> {
    let mut chosen: Vec<&R> = Vec::new();
    let of_day =
        |one: &&R| one.as_of() <= as_of && (!one.kind().is_of_its_year() || one.as_of().year() == as_of.year());
    for one in received.iter().filter(of_day).filter(|one| one.received_at() <= known_at) {
        let same = |other: &&mut &R| (other.kind(), other.scheme()) == (one.kind(), one.scheme());
        match chosen.iter_mut().find(same) {
            Some(other) if (one.as_of(), one.received_at()) >= (other.as_of(), other.received_at()) => *other = one,
            Some(_) => {}
            None => chosen.push(one),
        }
    }
    chosen.sort_by(|a, b| (a.kind(), a.scheme()).cmp(&(b.kind(), b.scheme())));
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::at_paris;
    use crate::samples::day;

    #[derive(Debug, PartialEq, Eq)]
    struct One(TableKind, &'static str, Option<&'static str>, &'static str);

    impl Received for One {
        fn kind(&self) -> TableKind {
            self.0
        }
        fn as_of(&self) -> Day {
            day(self.1)
        }
        fn scheme(&self) -> Option<&str> {
            self.2
        }
        fn received_at(&self) -> Instant {
            at_paris(day(self.3), 9, 0)
        }
    }

    #[test]
    fn the_last_day_holds_and_of_a_day_what_came_last() {
        use TableKind::{Entries, Evaluation, Yearly};
        let received = [
            One(Entries, "2022-12-31", None, "2023-01-10"),
            One(Entries, "2022-12-31", None, "2023-02-10"),
            One(Entries, "2023-06-30", None, "2023-07-01"),
            // Of a day before, received later.
            One(Entries, "2021-12-31", None, "2023-08-01"),
            One(Evaluation, "2023-06-14", Some("A"), "2023-06-20"),
            One(Evaluation, "2023-06-14", Some("B"), "2023-06-20"),
            One(Yearly, "2023-12-31", None, "2024-01-10"),
        ];
        let ranks = |as_of: &str, known: &str| -> Vec<usize> {
            let chosen = in_force(&received, day(as_of), at_paris(day(known), 12, 0));
            chosen.iter().filter_map(|one| received.iter().position(|other| other == *one)).collect()
        };
        assert_eq!(ranks("2023-12-31", "2023-12-31"), [2, 4, 5]);
        assert_eq!(ranks("2022-12-31", "2023-12-31"), [1]);
        assert_eq!(ranks("2022-12-31", "2023-01-31"), [0]);
        assert_eq!(ranks("2021-12-31", "2023-12-31"), [3]);
        assert_eq!(ranks("2021-12-31", "2023-07-31"), Vec::<usize>::new());
        // Entries begin again each year, and a sheet is of its own; what tells several years holds.
        assert_eq!(ranks("2023-05-01", "2023-12-31"), Vec::<usize>::new());
        assert_eq!(ranks("2022-05-01", "2023-12-31"), Vec::<usize>::new());
        assert_eq!(ranks("2024-01-31", "2024-01-31"), [6]);
    }
}
