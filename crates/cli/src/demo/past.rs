//! The entries that precede the market: 31 in 2022 and 7 in the first half of 2023, as the deck counts them.
//!
//! The people are synthetic; their attributes give exactly the deck's shares: of 31, 22 of level 4 and below, 5 RSA, 1 BOE,
//! 13 over 45, 8 under 26; of 7, 5 of level 4 and below, 1 RSA, no BOE, 2 over 45, 2 under 26.

use chrono::{Datelike, Duration};
use domain::Day;
use domain::identifiers::{Commune, LotCode, Rome, Siret, TrainingLevel};
use domain::path::command::Outcome;
use domain::path::decide::PastPath;
use domain::people::{Profile, Sex};

use super::cast::Dice;

/// A period of the deck: its entries and how many of them have each attribute.
struct Period {
    year: i32,
    /// Months in which entries fall.
    months: u32,
    entries: u32,
    level_4_and_below: u32,
    rsa: u32,
    boe: u32,
    over_45: u32,
    under_26: u32,
}

const PERIODS: [Period; 2] = [
    Period { year: 2022, months: 12, entries: 31, level_4_and_below: 22, rsa: 5, boe: 1, over_45: 13, under_26: 8 },
    Period { year: 2023, months: 6, entries: 7, level_4_and_below: 5, rsa: 1, boe: 0, over_45: 2, under_26: 2 },
];

/// The past paths of the deck.
pub fn past_paths(dice: &mut Dice) -> Vec<PastPath> {
    PERIODS
        .iter()
        .flat_map(|period| (0..period.entries).map(|rank| past_path(dice, period, rank)).collect::<Vec<_>>())
        .collect()
}

fn past_path(dice: &mut Dice, period: &Period, rank: u32) -> PastPath {
    let lot = if rank.is_multiple_of(2) { 1 } else { 2 };
    let (company, job, rome) = dice.company(lot);
    let month = 1 + rank * period.months / period.entries;
    let first = Day::from_ymd_opt(period.year, month, 1).expect("a month of the period");
    let entered_on = domain::calendar::next_working_day(first + Duration::days(dice.between(2, 20)));
    // Attributes are spread with steps prime to the number of entries, so that they do not all fall on the same people.
    let spread = |step: u32, count: u32| (rank * step) % period.entries < count;
    let age = if rank < period.over_45 {
        dice.between(46, 58)
    } else if rank < period.over_45 + period.under_26 {
        dice.between(19, 25)
    } else {
        dice.between(27, 44)
    };
    let (_, sex) = dice.someone("courriel.example");
    let level = if spread(5, period.level_4_and_below) { dice.between(3, 4) } else { dice.between(5, 6) };
    let birth_date = entered_on.with_year(entered_on.year() - i32::try_from(age).expect("an age is small"));
    let birth_date = birth_date.unwrap_or(entered_on) - Duration::days(dice.between(1, 300));
    let (outcome, days) = match rank % 8 {
        3 => (Outcome::EarlyExitForJob, dice.between(20, 45)),
        6 => (Outcome::DroppedOut, dice.between(10, 30)),
        _ => (Outcome::Completed, dice.between(50, 90)),
    };
    let hours = u32::try_from(days * 4).expect("a training has a positive length");
    PastPath {
        lot: LotCode::parse(&lot.to_string()).expect("lots are 1 and 2"),
        siret: Siret::parse(&company.siret).expect("made with its checksum"),
        company: company.name,
        commune: Commune::parse(company.commune).expect("an INSEE code of the list"),
        job: job.to_owned(),
        rome: Some(Rome::parse(rome).expect("a ROME code of the list")),
        profile: Profile {
            birth_date,
            level: TrainingLevel::new(u8::try_from(level).expect("3 to 6")).expect("3 to 6"),
            sex: if sex == "female" { Sex::Female } else { Sex::Male },
            rsa: spread(3, period.rsa),
            boe: spread(2, period.boe),
        },
        entered_on,
        ended: Some((outcome, entered_on + Duration::days(days), hours)),
    }
}

#[cfg(test)]
mod tests {
    use reports::entries::{EntriesReport, EntryFact, Figures};

    use super::*;

    #[test]
    fn the_shares_are_the_decks_whatever_the_seed() {
        for seed in 0..50 {
            let past = past_paths(&mut Dice::new(seed));
            let line = |year| {
                let facts: Vec<EntryFact> = past
                    .iter()
                    .filter(|past| past.entered_on.year() == year)
                    .map(|past| EntryFact {
                        entered_on: past.entered_on,
                        age: domain::calendar::completed_years(past.profile.birth_date, past.entered_on),
                        level: past.profile.level.get(),
                        rsa: past.profile.rsa,
                        boe: past.profile.boe,
                        sex: past.profile.sex,
                    })
                    .collect();
                let as_of = facts.iter().map(|fact| fact.entered_on).max().unwrap();
                EntriesReport {
                    as_of,
                    total: Figures::count(&facts),
                    lots: vec![],
                    people: facts,
                    ends: None,
                    market: None,
                }
                .line()
                .replace('\u{a0}', " ")
            };
            assert_eq!(line(2022), "31 · 70,97 % · 16,13 % · 3,23 % · 41,94 % · 25,81 %", "seed {seed}");
            assert_eq!(line(2023), "7 · 71,43 % · 14,29 % · 0,00 % · 28,57 % · 28,57 %", "seed {seed}");
            assert!(past.iter().all(|past| past.entered_on <= Day::from_ymd_opt(2023, 6, 30).unwrap()));
        }
    }
}
