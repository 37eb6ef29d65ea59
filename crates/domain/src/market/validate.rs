//! What is wrong with a market: every problem at once, each with its dotted key and its typed kind.
//!
//! Two readers share the kinds: the file (values that cannot be read) and [`Market::problems`] (values that do not go
//! together). Everything that [`Market::clock`], [`Market::ccag`] and the ordering of units take for granted is checked
//! here. To add a rule: a check below, a kind if none fits, its sentence in `wording`.

use std::collections::BTreeMap;

use strum::{AsRefStr, IntoEnumIterator, IntoStaticStr, VariantNames};

use super::{ClockKind, ClockTerms, Market, OptionCode, Prestation};
use crate::calendar::{Day, Span};
use crate::identifiers::{BodyCode, Department, IdentifierError, LotCode};
use crate::money::Cents;

/// The dearest unit price that is not a typing mistake, excluding tax.
const DEAREST_UNIT: Cents = Cents::new(100_000_000);

/// The highest amount of a lot or of a year that is not a typing mistake, excluding tax.
const LARGEST_AMOUNT: Cents = Cents::new(100_000_000_000);

/// A problem of a market.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Dotted, ranks from 0: `lots.0.departments`.
    pub key: String,
    pub kind: ProblemKind,
}

/// A type that a value of the file should have had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    Text,
    Boolean,
    /// A whole number from 0.
    Number,
    /// Euros, with two decimals at most.
    Euros,
    /// A rate in percent, with two decimals at most.
    Rate,
    Day,
    /// A time of day, `20:00`.
    Time,
    /// A span, `15 d`, `3 wd`, `2 m`.
    Span,
    /// A market's code: lower-case letters, digits and hyphens.
    Code,
    List,
    Section,
    /// Sections in double brackets.
    Sections,
    /// One of these words.
    OneOf(&'static [&'static str]),
}

/// The kinds of problems, with what a sentence needs.
#[derive(Debug, Clone, PartialEq, Eq, AsRefStr, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum ProblemKind {
    /// The file cannot be read from this line on.
    Syntax {
        line: String,
    },
    UnknownKey {
        known: Vec<&'static str>,
    },
    MissingKey,
    Expected(Expected),
    Identifier(IdentifierError),

    Empty,
    NotPositive,
    TooLarge {
        most: Cents,
    },
    EndsBeforeStart {
        starts_on: Day,
    },
    MarketTwice {
        code: String,
    },
    /// The market whose terms are to be taken is not in the file.
    UnknownMarket {
        code: String,
    },
    LotTwice {
        lot: LotCode,
    },
    DepartmentTwice {
        department: Department,
        lot: LotCode,
    },
    /// The same body is described in two ways.
    HolderDiffers {
        holder: BodyCode,
    },
    MaximumBelowPlanned {
        planned: u32,
    },
    OptionTwice {
        option: OptionCode,
    },
    UnknownHolder {
        holder: BodyCode,
        known: Vec<BodyCode>,
    },
    PriceTwice {
        option: OptionCode,
        holder: BodyCode,
    },
    PriceMissing {
        option: OptionCode,
        holder: BodyCode,
    },
    LevelsNotAscending {
        n2_from: u32,
    },
    CcagMissing {
        prestation: Prestation,
    },
    ClockMissing {
        clock: ClockKind,
    },
    SpanEmpty,
    ReminderBeforeStart {
        days: u32,
        span: Span,
    },
    NotBetween {
        min: u32,
        max: u32,
    },
    NotAscending,
}

impl ProblemKind {
    /// The stable code of the kind.
    pub fn code(&self) -> &'static str {
        self.into()
    }
}

/// Problems gathered under their keys.
#[derive(Default)]
struct Found(Vec<Problem>);

impl Found {
    fn note(&mut self, key: impl Into<String>, kind: ProblemKind) {
        self.0.push(Problem { key: key.into(), kind });
    }

    fn check(&mut self, sound: bool, key: impl Into<String>, kind: impl FnOnce() -> ProblemKind) {
        if !sound {
            self.note(key, kind());
        }
    }
}

/// Every problem of the markets of a file; keys begin with `market` and the rank of the market.
pub fn problems(markets: &[Market]) -> Vec<Problem> {
    let mut found = Found::default();
    for (rank, market) in markets.iter().enumerate() {
        for problem in market.problems() {
            found.note(format!("market.{rank}.{}", problem.key), problem.kind);
        }
        let before = &markets[..rank];
        found.check(before.iter().all(|other| other.code != market.code), format!("market.{rank}.code"), || {
            ProblemKind::MarketTwice { code: market.code.clone() }
        });
    }
    found.0
}

impl Market {
    /// Every problem of the market; empty when it can be applied.
    pub fn problems(&self) -> Vec<Problem> {
        let mut found = Found::default();
        self.check_identity(&mut found);
        self.check_lots(&mut found);
        self.check_prices(&mut found);
        self.check_verification(&mut found);
        self.check_terms(&mut found);
        self.check_clocks(&mut found);
        found.0
    }

    fn check_identity(&self, found: &mut Found) {
        found.check(is_code(&self.code), "code", || ProblemKind::Expected(Expected::Code));
        found.check(!self.title.trim().is_empty(), "title", || ProblemKind::Empty);
        found.check(self.ends_on > self.starts_on, "ends_on", || ProblemKind::EndsBeforeStart {
            starts_on: self.starts_on,
        });
        self.check_amount(found, "budget_per_year", self.budget_per_year);
    }

    /// A past market orders nothing any more: its money may be unknown, and is then zero.
    fn check_amount(&self, found: &mut Found, key: impl Into<String> + Clone, amount: Cents) {
        let least = if self.past { Cents::ZERO } else { Cents::new(1) };
        found.check(amount >= least, key.clone(), || ProblemKind::NotPositive);
        found.check(amount <= LARGEST_AMOUNT, key, || ProblemKind::TooLarge { most: LARGEST_AMOUNT });
    }

    fn check_lots(&self, found: &mut Found) {
        found.check(!self.lots.is_empty(), "lots", || ProblemKind::Empty);
        for (rank, lot) in self.lots.iter().enumerate() {
            let key = |field: &str| format!("lots.{rank}.{field}");
            let before = &self.lots[..rank];
            found.check(before.iter().all(|other| other.code != lot.code), key("code"), || ProblemKind::LotTwice {
                lot: lot.code.clone(),
            });
            found.check(!lot.name.trim().is_empty(), key("name"), || ProblemKind::Empty);
            found.check(!lot.holder.name.trim().is_empty(), key("holder.name"), || ProblemKind::Empty);
            let same_body = before.iter().find(|other| other.holder.code == lot.holder.code);
            found.check(same_body.is_none_or(|other| other.holder == lot.holder), key("holder.code"), || {
                ProblemKind::HolderDiffers { holder: lot.holder.code.clone() }
            });
            found.check(!lot.departments.is_empty(), key("departments"), || ProblemKind::Empty);
            for (position, department) in lot.departments.iter().enumerate() {
                let elsewhere = before.iter().find(|other| other.departments.contains(department));
                let here = lot.departments[..position].contains(department).then_some(lot);
                if let Some(other) = here.or(elsewhere) {
                    let kind = ProblemKind::DepartmentTwice { department: department.clone(), lot: other.code.clone() };
                    found.note(key("departments"), kind);
                }
            }
            found.check(lot.places_per_year != Some(0), key("places_per_year"), || ProblemKind::NotPositive);
            if let (Some(planned), Some(maximum)) = (lot.places_per_year, lot.maximum_places_per_year) {
                found.check(maximum >= planned, key("maximum_places_per_year"), || ProblemKind::MaximumBelowPlanned {
                    planned,
                });
            }
            self.check_amount(found, key("maximum"), lot.maximum);
        }
    }

    fn check_prices(&self, found: &mut Found) {
        let holders: Vec<&BodyCode> = self.lots.iter().map(|lot| &lot.holder.code).collect();
        for (rank, option) in self.enabled_options.iter().enumerate() {
            let twice = self.enabled_options[..rank].contains(option);
            found.check(!twice, "enabled_options", || ProblemKind::OptionTwice { option: *option });
        }
        for (rank, price) in self.prices.iter().enumerate() {
            let key = |field: &str| format!("prices.{rank}.{field}");
            found.check(holders.contains(&&price.holder), key("holder"), || ProblemKind::UnknownHolder {
                holder: price.holder.clone(),
                known: holders.iter().map(|holder| (*holder).clone()).collect(),
            });
            let same = |other: &super::Price| other.option == price.option && other.holder == price.holder;
            found.check(!self.prices[..rank].iter().any(same), key("option"), || ProblemKind::PriceTwice {
                option: price.option,
                holder: price.holder.clone(),
            });
            found.check(price.unit_price > Cents::ZERO, key("unit_price"), || ProblemKind::NotPositive);
            found.check(price.unit_price <= DEAREST_UNIT, key("unit_price"), || ProblemKind::TooLarge {
                most: DEAREST_UNIT,
            });
        }
        for option in &self.enabled_options {
            let mut asked: Vec<&BodyCode> = Vec::new();
            for holder in &holders {
                if asked.contains(holder) {
                    continue;
                }
                asked.push(holder);
                found.check(self.price(*option, holder).is_some(), "prices", || ProblemKind::PriceMissing {
                    option: *option,
                    holder: (*holder).clone(),
                });
            }
        }
        found.check(self.levels.n2_from_hours > 0, "levels.n2_from_hours", || ProblemKind::NotPositive);
        let ascending = self.levels.n3_from_hours > self.levels.n2_from_hours;
        found.check(ascending, "levels.n3_from_hours", || ProblemKind::LevelsNotAscending {
            n2_from: self.levels.n2_from_hours,
        });
    }

    fn check_verification(&self, found: &mut Found) {
        for prestation in Prestation::iter() {
            let Some(ccag) = self.ccag.get(&prestation) else {
                found.note(format!("ccag.{prestation}"), ProblemKind::CcagMissing { prestation });
                continue;
            };
            found.check(!is_empty(ccag.verification), format!("ccag.{prestation}.verification"), || {
                ProblemKind::SpanEmpty
            });
            found.check(ccag.penalty_divisor > 0, format!("ccag.{prestation}.penalty_divisor"), || {
                ProblemKind::NotPositive
            });
        }
    }

    fn check_terms(&self, found: &mut Found) {
        let percents = &self.places.alert_percents;
        for percent in percents {
            // The quota reached and exceeded are alerts of their own.
            found.check((1..=99).contains(percent), "places.alert_percents", || ProblemKind::NotBetween {
                min: 1,
                max: 99,
            });
        }
        found.check(percents.is_sorted_by(|a, b| a < b), "places.alert_percents", || ProblemKind::NotAscending);
        let between = |found: &mut Found, key: &str, value: u32, min: u32, max: u32| {
            found.check((min..=max).contains(&value), key, || ProblemKind::NotBetween { min, max });
        };
        between(found, "training.weekly_hours", self.training.weekly_hours, 1, 48);
        between(found, "training.daily_hours", self.training.daily_hours, 1, 12);
        between(found, "training.completion_percent", self.training.completion_percent, 1, 100);
        between(found, "penalties.cap_percent", self.penalties.cap_percent, 1, 100);
        found.check(!self.penalties.waived_up_to.is_negative(), "penalties.waived_up_to", || ProblemKind::NotPositive);
        found.check(!is_empty(self.penalties.comment), "penalties.comment", || ProblemKind::SpanEmpty);
        found.check(!is_empty(self.payment.span), "payment.span", || ProblemKind::SpanEmpty);
        found.check(!self.payment.indemnity.is_negative(), "payment.indemnity", || ProblemKind::NotPositive);
    }

    fn check_clocks(&self, found: &mut Found) {
        for kind in ClockKind::iter() {
            let Some(clock) = self.clocks.get(&kind) else {
                found.note(format!("clocks.{kind}"), ProblemKind::ClockMissing { clock: kind });
                continue;
            };
            check_clock(found, kind, clock);
        }
    }
}

/// Some clocks are due on a day that the path itself names, and may add nothing to it.
fn has_own_day(kind: ClockKind) -> bool {
    matches!(kind, ClockKind::Entry | ClockKind::TrainingEnd)
}

fn check_clock(found: &mut Found, kind: ClockKind, clock: &ClockTerms) {
    let key = |field: &str| format!("clocks.{kind}.{field}");
    found.check(has_own_day(kind) || !is_empty(clock.span), key("span"), || ProblemKind::SpanEmpty);
    if !has_own_day(kind)
        && let Some(days) = clock.remind_before.iter().find(|days| u64::from(**days) >= shortest_days(clock.span))
    {
        found.note(key("remind_before"), ProblemKind::ReminderBeforeStart { days: *days, span: clock.span });
    }
    for (field, days) in [("remind_before", &clock.remind_before), ("remind_after", &clock.remind_after)] {
        found.check(!days.contains(&0), key(field), || ProblemKind::NotPositive);
        let counted: BTreeMap<u32, ()> = days.iter().map(|days| (*days, ())).collect();
        found.check(counted.len() == days.len(), key(field), || ProblemKind::NotAscending);
    }
    found.check(clock.escalate_after != Some(0), key("escalate_after"), || ProblemKind::NotPositive);
}

fn is_empty(span: Span) -> bool {
    match span {
        Span::Days(number) | Span::WorkingDays(number) | Span::Months(number) => number == 0,
    }
}

/// The fewest calendar days that a span may last.
fn shortest_days(span: Span) -> u64 {
    match span {
        Span::Days(number) | Span::WorkingDays(number) => u64::from(number),
        Span::Months(number) => u64::from(number) * 28,
    }
}

/// Lower-case letters, digits and hyphens, which stand in references and addresses.
fn is_code(code: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !code.is_empty() && code.len() <= 40 && code.chars().all(plain) && !code.starts_with('-') && !code.ends_with('-')
}

#[cfg(test)]
mod tests;
