//! Money as integer cents, value added tax, and the percentages of reports.
//!
//! No floating point. Every division rounds to the nearest, halves away from zero: an amount and its reversal cancel,
//! and figures agree with those of a spreadsheet. Sums of amounts stay far below the bound of 92 million billion euros,
//! so operators panic beyond it, as an inconsistency; `checked_` methods are there for amounts that someone typed.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Neg, Sub, SubAssign};

use serde::{Deserialize, Serialize};
use thiserror::Error;

#[cfg(test)]
mod tests;

const BOUND: &str = "amounts stay below 92 million billion euros";

/// An amount in cents of euro.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cents(i64);

impl Cents {
    pub const ZERO: Self = Self(0);

    /// An amount of so many cents.
    pub const fn new(cents: i64) -> Self {
        Self(cents)
    }

    /// The number of cents.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Whether it is below zero.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// The sum, unless it passes the bound.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, unless it passes the bound.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// The price of a quantity at this unit price, unless it passes the bound.
    pub fn checked_mul(self, quantity: u32) -> Option<Self> {
        self.0.checked_mul(quantity.into()).map(Self)
    }

    /// The share `part / whole` of this amount, halves of a cent rounded away from zero.
    ///
    /// ```
    /// use domain::money::Cents;
    ///
    /// // 1 300 € late by 5 days, at V × R / 1000.
    /// assert_eq!(Cents::new(130_000).pro_rata(5, 1_000), Cents::new(650));
    /// ```
    ///
    /// # Panics
    /// The whole is zero: ask [`Cents::checked_pro_rata`] when it may be.
    #[must_use]
    pub fn pro_rata(self, part: i64, whole: i64) -> Self {
        self.checked_pro_rata(part, whole)
            .expect("the whole of a share is not zero, and a share of an amount stays in bounds")
    }

    /// The share `part / whole` of this amount; nothing when the whole is zero or the share passes the bound.
    pub fn checked_pro_rata(self, part: i64, whole: i64) -> Option<Self> {
        let share = nearest(i128::from(self.0) * i128::from(part), whole.into())?;
        i64::try_from(share).ok().map(Self)
    }
}

/// The nearest whole quotient, halves away from zero; nothing for a division by zero.
fn nearest(dividend: i128, divisor: i128) -> Option<i128> {
    let quotient = dividend.checked_div(divisor)?;
    let rest = dividend.checked_rem(divisor)?;
    let away = if (dividend < 0) == (divisor < 0) { 1 } else { -1 };
    Some(if rest.unsigned_abs() * 2 >= divisor.unsigned_abs() { quotient + away } else { quotient })
}

impl Add for Cents {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        self.checked_add(other).expect(BOUND)
    }
}

impl Sub for Cents {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self.checked_sub(other).expect(BOUND)
    }
}

impl AddAssign for Cents {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Cents {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Mul<u32> for Cents {
    type Output = Self;
    fn mul(self, quantity: u32) -> Self {
        self.checked_mul(quantity).expect(BOUND)
    }
}

impl Neg for Cents {
    type Output = Self;
    fn neg(self) -> Self {
        Self::ZERO - self
    }
}

impl Sum for Cents {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

impl<'a> Sum<&'a Cents> for Cents {
    fn sum<I: Iterator<Item = &'a Self>>(amounts: I) -> Self {
        amounts.copied().sum()
    }
}

/// A rate of value added tax, in basis points: 2000 is 20 %, 0 an exempt training (CGI 261-4-4°).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct VatRate(u32);

/// A rate above 100 %, most likely not given in basis points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a rate of tax is in basis points, at most 10000, not {0}")]
pub struct VatRateTooHigh(pub u32);

impl VatRate {
    pub const EXEMPT: Self = Self(0);
    /// The standard rate, 20 %.
    pub const STANDARD: Self = Self(2_000);

    /// A rate in basis points.
    ///
    /// # Errors
    /// The rate is above 100 %.
    pub const fn new(basis_points: u32) -> Result<Self, VatRateTooHigh> {
        if basis_points > 10_000 { Err(VatRateTooHigh(basis_points)) } else { Ok(Self(basis_points)) }
    }

    /// The rate in basis points.
    pub const fn basis_points(self) -> u32 {
        self.0
    }

    /// Whether nothing is due.
    pub const fn is_exempt(self) -> bool {
        self.0 == 0
    }

    /// The tax on an amount excluding tax, half a cent rounded up (away from zero, for a credit).
    pub fn tax(self, excluding_tax: Cents) -> Cents {
        excluding_tax.pro_rata(self.0.into(), 10_000)
    }
}

impl TryFrom<u32> for VatRate {
    type Error = VatRateTooHigh;
    fn try_from(basis_points: u32) -> Result<Self, VatRateTooHigh> {
        Self::new(basis_points)
    }
}

impl From<VatRate> for u32 {
    fn from(rate: VatRate) -> Self {
        rate.0
    }
}

/// An amount excluding tax with its rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amount {
    pub excluding_tax: Cents,
    pub vat: VatRate,
}

impl Amount {
    /// The tax due on it.
    pub fn tax(&self) -> Cents {
        self.vat.tax(self.excluding_tax)
    }

    /// The amount with its tax.
    pub fn including_tax(&self) -> Cents {
        self.excluding_tax + self.tax()
    }
}

/// A percentage in hundredths of a percent, as the steering committee's tables print it: 7097 is 70,97 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Percent(i64);

impl Percent {
    /// What a part is of a whole, to two decimals, halves up; nothing of an empty whole.
    ///
    /// ```
    /// use domain::money::Percent;
    ///
    /// assert_eq!(Percent::of(22, 31).map(Percent::hundredths), Some(7_097));
    /// assert_eq!(Percent::of(0, 0), None);
    /// ```
    pub fn of(part: i64, whole: i64) -> Option<Self> {
        let hundredths = nearest(i128::from(part) * 10_000, whole.into())?;
        i64::try_from(hundredths).ok().map(Self)
    }

    /// The number of hundredths of a percent.
    pub const fn hundredths(self) -> i64 {
        self.0
    }
}
