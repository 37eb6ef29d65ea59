//! Amounts, percentages, counts and durations as people read them.
//!
//! Rules: decimal comma, thousands and units behind a no-break space, zero and one are singular. Nothing is rounded here.

use domain::identifiers::Siret;
use domain::money::{Cents, Percent, VatRate};

use crate::typography::NO_BREAK_SPACE as NBSP;

/// A whole number, `1 234`.
pub fn integer(number: i64) -> String {
    signed(number, grouped(number.unsigned_abs()))
}

/// A number of hundredths, `1 234,56`, without unit.
pub fn decimal(hundredths: i64) -> String {
    let size = hundredths.unsigned_abs();
    signed(hundredths, format!("{},{:02}", grouped(size / 100), size % 100))
}

/// An amount, `1 234,56 €`.
pub fn euros(amount: Cents) -> String {
    format!("{}{NBSP}€", decimal(amount.get()))
}

/// An amount of whole euros, `1 234 €`, with its cents when there are some.
pub fn whole_euros(amount: Cents) -> String {
    if amount.get() % 100 == 0 { format!("{}{NBSP}€", integer(amount.get() / 100)) } else { euros(amount) }
}

/// An amount in millions of euros, `267,3 M€`; an amount that is no whole tenth has its other decimals.
pub fn millions(amount: Cents) -> String {
    let size = amount.get().unsigned_abs();
    let (whole, rest) = (grouped(size / 100_000_000), format!("{:08}", size % 100_000_000));
    let decimals = rest.trim_end_matches('0');
    let comma = if decimals.is_empty() { "" } else { "," };
    signed(amount.get(), format!("{whole}{comma}{decimals}{NBSP}M€"))
}

/// A difference between two numbers, `+12`, `−3`, `0`.
pub fn gap(number: i64) -> String {
    if number > 0 { format!("+{}", integer(number)) } else { integer(number) }
}

/// A difference in percentage points, given in hundredths, `+1,23 pt`, `−4,50 pts`.
pub fn points(hundredths: i64) -> String {
    let sign = if hundredths > 0 { "+" } else { "" };
    let word = if hundredths.unsigned_abs() < 200 { "pt" } else { "pts" };
    format!("{sign}{}{NBSP}{word}", decimal(hundredths))
}

/// Digits as a percentage, `73 %`.
pub fn in_percent(digits: impl std::fmt::Display) -> String {
    format!("{digits}{NBSP}%")
}

/// A percentage, `70,97 %`.
pub fn percent(percent: Percent) -> String {
    format!("{}{NBSP}%", decimal(percent.hundredths()))
}

/// A rate of tax, `20 %`, `5,5 %`, `exonéré`.
pub fn rate(rate: VatRate) -> String {
    if rate.is_exempt() {
        return "exonéré".to_owned();
    }
    let decimal = decimal(rate.basis_points().into());
    let shown = decimal.trim_end_matches('0').trim_end_matches(',');
    format!("{shown}{NBSP}%")
}

/// The word that agrees with a number: zero and one are singular.
pub fn plural(number: impl Into<i64>, one: &str, many: &str) -> String {
    if number.into().unsigned_abs() < 2 { one } else { many }.to_owned()
}

/// A number with the word that agrees with it, `3 places`.
pub fn count(number: impl Into<i64>, one: &str, many: &str) -> String {
    let number = number.into();
    format!("{}{NBSP}{}", integer(number), plural(number, one, many))
}

/// A number of hours, `210 heures`.
pub fn hours(hours: u32) -> String {
    count(hours, "heure", "heures")
}

/// A length in minutes, `1 h 30`, `45 min`, `2 h`.
pub fn duration(minutes: i64) -> String {
    let size = minutes.unsigned_abs();
    let shown = match (size / 60, size % 60) {
        (0, minutes) => format!("{minutes}{NBSP}min"),
        (hours, 0) => format!("{}{NBSP}h", grouped(hours)),
        (hours, minutes) => format!("{}{NBSP}h{NBSP}{minutes:02}", grouped(hours)),
    };
    signed(minutes, shown)
}

/// A size as people say it.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes}{NBSP}octets"),
        1_000..1_000_000 => format!("{}{NBSP}ko", bytes.div_ceil(1_000)),
        _ => format!("{},{}{NBSP}Mo", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

/// The number of an establishment, `732 829 320 00074`.
pub fn siret(number: &Siret) -> String {
    let (company, establishment) = number.as_str().split_at(9);
    let groups = [&company[..3], &company[3..6], &company[6..], establishment];
    groups.join("\u{a0}")
}

/// A rank, `1er`, `2e`.
pub fn ordinal(rank: u32) -> String {
    if rank == 1 { "1er".to_owned() } else { format!("{}e", integer(rank.into())) }
}

/// Items as a person lists them, `a, b et c`.
pub fn list(items: &[String]) -> String {
    joined(items, "et")
}

/// Items of which one is to be taken, `a, b ou c`.
pub fn either(items: &[String]) -> String {
    joined(items, "ou")
}

fn joined(items: &[String], word: &str) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}

fn signed(number: i64, size: String) -> String {
    if number < 0 { format!("−{size}") } else { size }
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut shown = String::with_capacity(digits.len() + digits.len() / 3 * 2);
    for (rank, digit) in digits.chars().enumerate() {
        if rank > 0 && (digits.len() - rank).is_multiple_of(3) {
            shown.push(NBSP);
        }
        shown.push(digit);
    }
    shown
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// With no-break spaces shown as `_`.
    fn shown(text: &str) -> String {
        text.replace(NBSP, "_")
    }

    #[test]
    fn amounts_and_rates() {
        for (cents, text) in [
            (0, "0,00_€"),
            (5, "0,05_€"),
            (60_000, "600,00_€"),
            (123_456, "1_234,56_€"),
            (250_000_000, "2_500_000,00_€"),
            (-123_456, "−1_234,56_€"),
            (i64::MIN, "−92_233_720_368_547_758,08_€"),
        ] {
            assert_eq!(shown(&euros(Cents::new(cents))), text);
        }
        assert_eq!(Percent::of(22, 31).map(|share| shown(&percent(share))), Some("70,97_%".to_owned()));
        assert_eq!(Percent::of(0, 7).map(|share| shown(&percent(share))), Some("0,00_%".to_owned()));
        assert_eq!(shown(&rate(VatRate::STANDARD)), "20_%");
        assert_eq!(shown(&rate(VatRate::new(550).unwrap())), "5,5_%");
        assert_eq!(rate(VatRate::EXEMPT), "exonéré");
    }

    #[test]
    fn amounts_without_cents_and_differences() {
        assert_eq!(shown(&whole_euros(Cents::new(1_594_660_300))), "15_946_603_€");
        assert_eq!(shown(&whole_euros(Cents::new(150))), "1,50_€");
        for (cents, text) in [(26_730_000_000, "267,3_M€"), (12_700_000_000, "127_M€"), (-1_000_000, "−0,01_M€")]
        {
            assert_eq!(shown(&millions(Cents::new(cents))), text);
        }
        assert_eq!((gap(12), gap(-3), gap(0)), ("+12".to_owned(), "−3".to_owned(), "0".to_owned()));
        assert_eq!([shown(&points(123)), shown(&points(-450))], ["+1,23_pt", "−4,50_pts"]);
        assert_eq!(shown(&in_percent(73)), "73_%");
    }

    #[test]
    fn zero_and_one_are_singular() {
        for (number, text) in
            [(0, "0_place"), (1, "1_place"), (2, "2_places"), (1_500, "1_500_places"), (-3, "−3_places")]
        {
            assert_eq!(shown(&count(number, "place", "places")), text);
        }
        assert_eq!(shown(&hours(210)), "210_heures");
    }

    #[test]
    fn durations_ranks_and_lists() {
        for (minutes, text) in
            [(0, "0_min"), (45, "45_min"), (60, "1_h"), (90, "1_h_30"), (65, "1_h_05"), (-90, "−1_h_30")]
        {
            assert_eq!(shown(&duration(minutes)), text);
        }
        assert_eq!((ordinal(1), ordinal(2)), ("1er".to_owned(), "2e".to_owned()));
        let items = |items: &[&str]| list(&items.iter().map(|item| (*item).to_owned()).collect::<Vec<_>>());
        assert_eq!(items(&[]), "");
        assert_eq!(items(&["a"]), "a");
        assert_eq!(items(&["a", "b", "c"]), "a, b et c");
        assert_eq!(either(&["a".to_owned(), "b".to_owned()]), "a ou b");
    }

    proptest! {
        #[test]
        fn an_amount_reads_back(cents: i64) {
            let plain: String = decimal(cents).chars().filter(char::is_ascii_digit).collect();
            prop_assert_eq!(plain.parse::<u64>().unwrap(), cents.unsigned_abs());
        }
    }
}
