//! A number as it is printed: digits and how many of them are decimals.
//!
//! `73 %`, `70,97 %` and `-40,74550129` are three precisions. A printed number stands for every number that rounds to it, so
//! the decimals are kept beside the digits and nothing is lost by reading a table and writing it again.

use domain::money::Percent;
use serde::{Deserialize, Serialize};
use wording::numbers;

/// Most decimals that are read.
const DECIMALS: u8 = 9;
/// Most digits that are read.
const DIGITS: usize = 15;

/// `units` × 10^-`decimals`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(i64, u8)", into = "(i64, u8)")]
pub struct Decimal {
    units: i64,
    decimals: u8,
}

impl From<(i64, u8)> for Decimal {
    fn from((units, decimals): (i64, u8)) -> Self {
        Self::new(units, decimals)
    }
}

impl From<Decimal> for (i64, u8) {
    fn from(number: Decimal) -> Self {
        (number.units, number.decimals)
    }
}

impl Decimal {
    /// A number of so many units of its last decimal; no more than nine decimals are kept apart.
    pub const fn new(units: i64, decimals: u8) -> Self {
        Self { units, decimals: if decimals > DECIMALS { DECIMALS } else { decimals } }
    }

    /// A number as French or English hands type it: spaces between thousands, a comma or a point, a sign.
    pub fn parse(text: &str) -> Option<Self> {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let (negative, text) = match text.strip_prefix(['-', '−']) {
            Some(rest) => (true, rest),
            None => (false, text.as_str()),
        };
        let (whole, fraction) = text.split_once([',', '.']).unwrap_or((text, ""));
        let pointed = text.contains([',', '.']);
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(fraction) || (pointed && fraction.is_empty()) {
            return None;
        }
        let decimals = u8::try_from(fraction.len()).ok().filter(|decimals| *decimals <= DECIMALS)?;
        if whole.len() + fraction.len() > DIGITS {
            return None;
        }
        let units: i64 = format!("{whole}{fraction}").parse().ok()?;
        Some(Self { units: if negative { -units } else { units }, decimals })
    }

    /// A quotient rounded to so many decimals, halves away from zero; nothing of a division by zero.
    pub fn of(part: i128, whole: i128, decimals: u8) -> Option<Self> {
        let number = Self::new(0, decimals);
        let units = nearest(part.checked_mul(number.scale())?, whole)?;
        Some(Self { units: i64::try_from(units).ok()?, ..number })
    }

    /// The same quotient with the decimals that follow cut off: what some spreadsheets print.
    pub fn cut(part: i128, whole: i128, decimals: u8) -> Option<Self> {
        let number = Self::new(0, decimals);
        let units = part.checked_mul(number.scale())?.checked_div(whole)?;
        Some(Self { units: i64::try_from(units).ok()?, ..number })
    }

    /// Units of the last decimal.
    pub const fn units(self) -> i64 {
        self.units
    }

    /// How many digits are decimals.
    pub const fn decimals(self) -> u8 {
        self.decimals
    }

    /// How many units make one.
    pub const fn scale(self) -> i128 {
        10_i128.pow(self.decimals as u32)
    }

    /// Whether it is below zero.
    pub const fn is_negative(self) -> bool {
        self.units < 0
    }

    /// The number in hundredths, rounded.
    pub fn hundredths(self) -> i64 {
        let units = nearest(i128::from(self.units) * 100, self.scale());
        units.and_then(|units| i64::try_from(units).ok()).unwrap_or(i64::MAX)
    }

    /// The number as a percentage of two decimals.
    pub fn percent(self) -> Percent {
        percent(self.hundredths())
    }

    /// The digits as French writes them, `−40,74550129`.
    pub fn french(self) -> String {
        let size = self.units.unsigned_abs();
        let scale = 10_u64.pow(self.decimals.into());
        let sign = if self.units < 0 { "−" } else { "" };
        let whole = numbers::integer(i64::try_from(size / scale).unwrap_or(i64::MAX));
        match self.decimals {
            0 => format!("{sign}{whole}"),
            decimals => format!("{sign}{whole},{:0width$}", size % scale, width = decimals.into()),
        }
    }

    /// The digits as a spreadsheet reads them from CSV, `-40,74550129`.
    pub fn csv(self) -> String {
        let size = self.units.unsigned_abs();
        let scale = 10_u64.pow(self.decimals.into());
        let sign = if self.units < 0 { "-" } else { "" };
        match self.decimals {
            0 => format!("{sign}{size}"),
            decimals => format!("{sign}{},{:0width$}", size / scale, size % scale, width = decimals.into()),
        }
    }

    /// The percentage as the fraction that a spreadsheet holds.
    pub fn fraction(self) -> f64 {
        float(self.units) / float(10_i64.pow(u32::from(self.decimals) + 2))
    }

    /// The number as a spreadsheet holds it.
    pub fn float(self) -> f64 {
        float(self.units) / float(10_i64.pow(self.decimals.into()))
    }
}

/// A percentage of so many hundredths.
pub fn percent(hundredths: i64) -> Percent {
    Percent::of(hundredths, 10_000).expect("the whole is not zero, and the part is in bounds")
}

/// The nearest whole quotient, halves away from zero; nothing of a division by zero.
pub fn nearest(dividend: i128, divisor: i128) -> Option<i128> {
    let quotient = dividend.checked_div(divisor)?;
    let rest = dividend.checked_rem(divisor)?;
    let away = if (dividend < 0) == (divisor < 0) { 1 } else { -1 };
    Some(if rest.unsigned_abs() * 2 >= divisor.unsigned_abs() { quotient + away } else { quotient })
}

/// A whole number as a spreadsheet holds it.
#[expect(clippy::cast_precision_loss, reason = "counts, cents and hundredths stay below 2^53")]
pub fn float(value: i64) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written_again() {
        for (typed, units, decimals, french) in [
            ("71,94", 7_194, 2, "71,94"),
            ("-40,74550129", -4_074_550_129, 8, "−40,74550129"),
            ("73", 73, 0, "73"),
            ("1 610 343", 1_610_343, 0, "1\u{a0}610\u{a0}343"),
            ("1\u{202f}234.5", 12_345, 1, "1\u{a0}234,5"),
            ("-0,92", -92, 2, "−0,92"),
            ("0,05", 5, 2, "0,05"),
        ] {
            let number = Decimal::parse(typed).unwrap_or_else(|| panic!("{typed}"));
            assert_eq!((number.units(), number.decimals()), (units, decimals), "{typed}");
            assert_eq!(number.french(), french, "{typed}");
            assert_eq!(Decimal::parse(&number.csv()), Some(number), "{typed}");
        }
        for wrong in ["", "-", "=1+1", "12%", "1,", ",5", "1,2,3", "1e3", "0,1234567891", "1234567890123456", "--1"] {
            assert_eq!(Decimal::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn quotients_are_rounded_or_cut() {
        assert_eq!(Decimal::of(22 * 100, 31, 2), Some(Decimal::new(7_097, 2)));
        assert_eq!(Decimal::of(-98 * 100, 972, 2).map(Decimal::units), Some(-1_008));
        assert_eq!(Decimal::of(-9 * 100, 972, 2).map(Decimal::units), Some(-93));
        assert_eq!(Decimal::cut(-9 * 100, 972, 2).map(Decimal::units), Some(-92));
        assert_eq!(Decimal::of(1, 0, 2), None);
        assert_eq!(Decimal::new(-4_074_550_129, 8).hundredths(), -4_075);
        assert_eq!(Decimal::new(73, 0).percent().hundredths(), 7_300);
    }
}
