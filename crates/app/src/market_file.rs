//! Reads the file of markets (`config/market.toml`) into domain values, telling every problem at once.
//!
//! Rules kept here: a value that cannot be read never hides another; each problem has its dotted key and its line;
//! unknown keys are refused; what the values say together is checked by the domain ([`domain::market::problems`]). Money
//! is in euros in the file and in cents beyond it. A market may take the sections it does not give from another one
//! (`terms_of`).
//!
//! To add a key: read it in the function of its section, and explain it in `config/market.toml`.

use std::collections::BTreeMap;
use std::str::FromStr;

use domain::calendar::{Day, QuietHours, Span};
use domain::identifiers::{BodyCode, Department, EmailAddress, IdentifierError, LotCode, Phone};
use domain::market::{
    Ccag, CcagText, ClockKind, ClockTerms, Expected, Holder, Levels, Lot, Market, OptionCode, PaymentTerms,
    PenaltyTerms, PlaceTerms, Prestation, Price, Problem, ProblemKind, TrainingTerms, problems,
};
use domain::money::{Cents, VatRate};
use domain::places::Policy;
use strum::{IntoEnumIterator, VariantNames};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A problem of the file, with its line from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileProblem {
    pub line: usize,
    pub problem: Problem,
}

/// Reads the markets of a file.
///
/// # Errors
/// Every problem of the file, in the order of its lines.
pub fn read(text: &str) -> Result<Vec<Market>, Vec<FileProblem>> {
    let (root, errors) = DeTable::parse_recoverable(text);
    let mut walk = Walk::new(text);
    let broken = !errors.is_empty();
    for error in errors {
        let line = walk.line_at(error.span().map_or(text.len(), |span| span.start));
        let kind = ProblemKind::Syntax { line: text.lines().nth(line - 1).unwrap_or_default().trim().to_owned() };
        walk.note("", line, kind);
    }
    let mut file = Section::new(String::new(), 1, root.get_ref());
    let sections = file.sections(&mut walk, "market").unwrap_or_default();
    file.end(&mut walk);
    let by_code: Vec<(Option<&str>, &DeTable<'_>)> = sections
        .iter()
        .map(|section| (section.own.get("code").and_then(|code| code.get_ref().as_str()), section.own))
        .collect();
    let mut markets = Vec::new();
    for section in sections {
        markets.push(market(&mut walk, section, &by_code));
    }
    if !broken {
        walk.check_together(&markets);
    }
    walk.finish(broken).map(|()| markets)
}

/// The problems found so far and the line of every key met.
struct Walk<'t> {
    text: &'t str,
    lines: BTreeMap<String, usize>,
    problems: Vec<FileProblem>,
}

impl<'t> Walk<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, lines: BTreeMap::new(), problems: Vec::new() }
    }

    fn line_at(&self, offset: usize) -> usize {
        self.text.as_bytes()[..offset.min(self.text.len())].iter().filter(|byte| **byte == b'\n').count() + 1
    }

    fn note(&mut self, key: impl Into<String>, line: usize, kind: ProblemKind) {
        self.problems.push(FileProblem { line, problem: Problem { key: key.into(), kind } });
    }

    /// Checks what the values say together, but of values that could not be read.
    fn check_together(&mut self, markets: &[Market]) {
        let unread: Vec<String> = self.problems.iter().map(|found| found.problem.key.clone()).collect();
        let within = |inner: &str, outer: &str| {
            inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        for problem in problems(markets) {
            let about_unread = |key: &String| within(&problem.key, key) || within(key, &problem.key);
            let compared = |key: &String| {
                let market = problem.key.split('.').take(2).collect::<Vec<_>>().join(".");
                ["lots", "prices", "enabled_options"].iter().any(|part| within(key, &format!("{market}.{part}")))
            };
            if unread.iter().any(|key| about_unread(key) || (compares(&problem.kind) && compared(key))) {
                continue;
            }
            let line = self.line_of(&problem.key);
            self.problems.push(FileProblem { line, problem });
        }
    }

    /// The line of a key, or of the nearest section around it.
    fn line_of(&self, key: &str) -> usize {
        let mut key = key;
        loop {
            if let Some(line) = self.lines.get(key) {
                return *line;
            }
            match key.rsplit_once('.') {
                Some((outer, _)) => key = outer,
                None => return 1,
            }
        }
    }

    fn finish(mut self, broken: bool) -> Result<(), Vec<FileProblem>> {
        if broken {
            // What a broken line should have said is not missing.
            self.problems.retain(|found| found.problem.kind != ProblemKind::MissingKey);
            // Nor is what the parser made of it a fault of its own.
            let torn = |found: &FileProblem| matches!(found.problem.kind, ProblemKind::Syntax { .. });
            let lines: Vec<usize> = self.problems.iter().filter(|found| torn(found)).map(|found| found.line).collect();
            self.problems.retain(|found| torn(found) || !lines.contains(&found.line));
        }
        self.problems.sort_by(|a, b| (a.line, &a.problem.key).cmp(&(b.line, &b.problem.key)));
        // A section that two markets share is told once.
        let mut told: Vec<(usize, Option<String>, ProblemKind)> = Vec::new();
        self.problems.retain(|FileProblem { line, problem }| {
            let within_market = problem.key.splitn(3, '.').nth(2).map(str::to_owned);
            let this = (*line, within_market, problem.kind.clone());
            let first = !told.contains(&this);
            told.push(this);
            first
        });
        if self.problems.is_empty() { Ok(()) } else { Err(self.problems) }
    }
}

/// Whether a kind compares lots, holders and prices with each other.
fn compares(kind: &ProblemKind) -> bool {
    match kind {
        ProblemKind::LotTwice { .. }
        | ProblemKind::DepartmentTwice { .. }
        | ProblemKind::HolderDiffers { .. }
        | ProblemKind::UnknownHolder { .. }
        | ProblemKind::PriceTwice { .. }
        | ProblemKind::PriceMissing { .. } => true,
        ProblemKind::Syntax { .. }
        | ProblemKind::UnknownKey { .. }
        | ProblemKind::MissingKey
        | ProblemKind::Expected(_)
        | ProblemKind::Identifier(_)
        | ProblemKind::Empty
        | ProblemKind::NotPositive
        | ProblemKind::TooLarge { .. }
        | ProblemKind::EndsBeforeStart { .. }
        | ProblemKind::MarketTwice { .. }
        | ProblemKind::UnknownMarket { .. }
        | ProblemKind::MaximumBelowPlanned { .. }
        | ProblemKind::OptionTwice { .. }
        | ProblemKind::LevelsNotAscending { .. }
        | ProblemKind::CcagMissing { .. }
        | ProblemKind::ClockMissing { .. }
        | ProblemKind::SpanEmpty
        | ProblemKind::ReminderBeforeStart { .. }
        | ProblemKind::NotBetween { .. }
        | ProblemKind::NotAscending => false,
    }
}

/// A section of the file, and the names asked of it so far.
struct Section<'a> {
    key: String,
    line: usize,
    own: &'a DeTable<'a>,
    /// The market whose sections are taken when this one does not give them.
    other: Option<&'a DeTable<'a>>,
    known: Vec<&'static str>,
}

impl<'a> Section<'a> {
    fn new(key: String, line: usize, own: &'a DeTable<'a>) -> Self {
        Self { key, line, own, other: None, known: Vec::new() }
    }

    fn key(&self, name: impl std::fmt::Display) -> String {
        if self.key.is_empty() { name.to_string() } else { format!("{}.{name}", self.key) }
    }

    fn find(&mut self, walk: &mut Walk<'_>, name: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.known.push(name);
        let value = self.own.get(name).or_else(|| self.other?.get(name))?;
        walk.lines.insert(self.key(name), walk.line_at(value.span().start));
        Some(value)
    }

    /// A value that may be absent; `None` when a problem was noted.
    fn optional<T>(
        &mut self,
        walk: &mut Walk<'_>,
        name: &'static str,
        read: impl Fn(&DeValue<'_>) -> Result<T, ProblemKind>,
    ) -> Option<Option<T>> {
        let Some(value) = self.find(walk, name) else {
            return Some(None);
        };
        match read(value.get_ref()) {
            Ok(value) => Some(Some(value)),
            Err(kind) => {
                walk.note(self.key(name), walk.line_at(value.span().start), kind);
                None
            }
        }
    }

    fn required<T>(
        &mut self,
        walk: &mut Walk<'_>,
        name: &'static str,
        read: impl Fn(&DeValue<'_>) -> Result<T, ProblemKind>,
    ) -> Option<T> {
        let value = self.optional(walk, name, read)?;
        if value.is_none() {
            walk.note(self.key(name), self.line, ProblemKind::MissingKey);
        }
        value
    }

    /// The items of a list that can be read.
    fn list<T>(
        &mut self,
        walk: &mut Walk<'_>,
        name: &'static str,
        read: impl Fn(&DeValue<'_>) -> Result<T, ProblemKind>,
    ) -> Option<Vec<T>> {
        let value = self.find(walk, name)?;
        let Some(items) = value.get_ref().as_array() else {
            walk.note(self.key(name), walk.line_at(value.span().start), ProblemKind::Expected(Expected::List));
            return None;
        };
        let mut values = Vec::new();
        for (rank, item) in items.iter().enumerate() {
            match read(item.get_ref()) {
                Ok(value) => values.push(value),
                Err(kind) => {
                    let key = self.key(format_args!("{name}.{rank}"));
                    walk.note(key, walk.line_at(item.span().start), kind);
                }
            }
        }
        Some(values)
    }

    fn required_list<T>(
        &mut self,
        walk: &mut Walk<'_>,
        name: &'static str,
        read: impl Fn(&DeValue<'_>) -> Result<T, ProblemKind>,
    ) -> Option<Vec<T>> {
        if !self.own.contains_key(name) {
            walk.note(self.key(name), self.line, ProblemKind::MissingKey);
        }
        self.list(walk, name, read)
    }

    fn section(&mut self, walk: &mut Walk<'_>, name: &'static str) -> Option<Section<'a>> {
        let Some(value) = self.find(walk, name) else {
            walk.note(self.key(name), self.line, ProblemKind::MissingKey);
            return None;
        };
        let line = walk.line_at(value.span().start);
        match value.get_ref() {
            DeValue::Table(table) => Some(Self::new(self.key(name), line, table)),
            _ => {
                walk.note(self.key(name), line, ProblemKind::Expected(Expected::Section));
                None
            }
        }
    }

    fn sections(&mut self, walk: &mut Walk<'_>, name: &'static str) -> Option<Vec<Section<'a>>> {
        let Some(value) = self.find(walk, name) else {
            walk.note(self.key(name), self.line, ProblemKind::MissingKey);
            return None;
        };
        let line = walk.line_at(value.span().start);
        let Some(items) = value.get_ref().as_array() else {
            walk.note(self.key(name), line, ProblemKind::Expected(Expected::Sections));
            return None;
        };
        let mut sections = Vec::new();
        for (rank, item) in items.iter().enumerate() {
            let key = self.key(format_args!("{name}.{rank}"));
            let line = walk.line_at(item.span().start);
            walk.lines.insert(key.clone(), line);
            match item.get_ref() {
                DeValue::Table(table) => sections.push(Self::new(key, line, table)),
                _ => walk.note(key, line, ProblemKind::Expected(Expected::Sections)),
            }
        }
        Some(sections)
    }

    /// Refuses the keys that nothing asked for.
    fn end(mut self, walk: &mut Walk<'_>) {
        let mut met = Vec::new();
        self.known.retain(|name| {
            !met.contains(name) && {
                met.push(*name);
                true
            }
        });
        for (name, _) in self.own {
            if !self.known.contains(&name.get_ref().as_ref()) {
                let line = walk.line_at(name.span().start);
                walk.note(self.key(name.get_ref()), line, ProblemKind::UnknownKey { known: self.known.clone() });
            }
        }
    }
}

/// A market; values that could not be read are replaced by harmless ones, and their problems are noted.
fn market<'a>(walk: &mut Walk<'_>, mut file: Section<'a>, by_code: &[(Option<&str>, &'a DeTable<'a>)]) -> Market {
    // Only whole sections come from another market, never a value of the market itself.
    let other = terms_of(walk, &mut file, by_code);
    let code = file.required(walk, "code", text).unwrap_or_else(|| "unread".into());
    let title = file.required(walk, "title", text).unwrap_or_else(|| "unread".into());
    let starts_on = file.required(walk, "starts_on", day).unwrap_or(Day::MIN);
    let ends_on = file.required(walk, "ends_on", day).unwrap_or(Day::MAX);
    let prices_confirmed = file.required(walk, "prices_confirmed", boolean).unwrap_or(false);
    let past = file.required(walk, "past", boolean).unwrap_or(false);
    let budget_per_year = file.required(walk, "budget_per_year", euros).unwrap_or(Cents::new(1));
    let enabled_options = file.required_list(walk, "enabled_options", choice::<OptionCode>).unwrap_or_default();
    let lots = file.sections(walk, "lots").unwrap_or_default();
    let lots = lots.into_iter().filter_map(|section| lot(walk, section)).collect();
    let prices = if past && file.own.get("prices").is_none() {
        Vec::new()
    } else {
        file.sections(walk, "prices").unwrap_or_default()
    };
    let prices = prices.into_iter().filter_map(|section| price(walk, section)).collect();
    file.other = other;
    let market = Market {
        code,
        title,
        starts_on,
        ends_on,
        prices_confirmed,
        past,
        budget_per_year,
        lots,
        enabled_options,
        prices,
        levels: levels(walk, &mut file),
        ccag: all_ccag(walk, &mut file),
        places: places(walk, &mut file),
        training: training(walk, &mut file),
        penalties: penalties(walk, &mut file),
        payment: payment(walk, &mut file),
        clocks: clocks(walk, &mut file),
        quiet_hours: quiet_hours(walk, &mut file),
    };
    file.known.push("prices");
    file.end(walk);
    market
}

/// The market whose sections complete this one.
fn terms_of<'a>(
    walk: &mut Walk<'_>,
    file: &mut Section<'a>,
    by_code: &[(Option<&str>, &'a DeTable<'a>)],
) -> Option<&'a DeTable<'a>> {
    let code = file.optional(walk, "terms_of", text)??;
    let named = by_code.iter().find(|(other, _)| *other == Some(code.as_str()));
    if named.is_none() {
        let key = file.key("terms_of");
        walk.note(key.clone(), walk.line_of(&key), ProblemKind::UnknownMarket { code });
    }
    // A wrong name is one problem, not one more for every section.
    named.or_else(|| by_code.first()).map(|(_, table)| *table)
}

fn lot(walk: &mut Walk<'_>, mut file: Section<'_>) -> Option<Lot> {
    let code = file.required(walk, "code", parsed(LotCode::parse));
    let name = file.required(walk, "name", text);
    let departments = file.required_list(walk, "departments", parsed(Department::parse));
    let places_per_year = file.optional(walk, "places_per_year", number);
    let maximum_places_per_year = file.optional(walk, "maximum_places_per_year", number);
    let maximum = file.required(walk, "maximum", euros);
    let holder = file.section(walk, "holder").and_then(|section| holder(walk, section));
    file.end(walk);
    Some(Lot {
        code: code?,
        name: name.unwrap_or_else(|| "unread".into()),
        departments: departments?,
        holder: holder?,
        places_per_year: places_per_year.flatten(),
        maximum_places_per_year: maximum_places_per_year.flatten(),
        maximum: maximum.unwrap_or(Cents::new(1)),
    })
}

fn holder(walk: &mut Walk<'_>, mut file: Section<'_>) -> Option<Holder> {
    let code = file.required(walk, "code", parsed(BodyCode::parse));
    let name = file.required(walk, "name", text);
    let email = file.required(walk, "email", parsed(EmailAddress::parse));
    let phone = file.optional(walk, "phone", parsed(Phone::parse));
    file.end(walk);
    Some(Holder { code: code?, name: name?, email: email?, phone: phone? })
}

fn price(walk: &mut Walk<'_>, mut file: Section<'_>) -> Option<Price> {
    let option = file.required(walk, "option", choice::<OptionCode>);
    let holder = file.required(walk, "holder", parsed(BodyCode::parse));
    let unit_price = file.required(walk, "unit_price", euros);
    let vat = file.required(walk, "vat", rate);
    file.end(walk);
    Some(Price { option: option?, holder: holder?, unit_price: unit_price?, vat: vat? })
}

fn levels(walk: &mut Walk<'_>, market: &mut Section<'_>) -> Levels {
    let unread = Levels { n2_from_hours: 1, n3_from_hours: u32::MAX };
    let Some(mut file) = market.section(walk, "levels") else {
        return unread;
    };
    let levels = Levels {
        n2_from_hours: file.required(walk, "n2_from_hours", number).unwrap_or(unread.n2_from_hours),
        n3_from_hours: file.required(walk, "n3_from_hours", number).unwrap_or(unread.n3_from_hours),
    };
    file.end(walk);
    levels
}

fn all_ccag(walk: &mut Walk<'_>, market: &mut Section<'_>) -> BTreeMap<Prestation, Ccag> {
    let Some(mut file) = market.section(walk, "ccag") else {
        return BTreeMap::new();
    };
    let mut all = BTreeMap::new();
    for prestation in Prestation::iter() {
        let Some(mut section) = file.section(walk, prestation.into()) else {
            continue;
        };
        let text = section.required(walk, "text", choice::<CcagText>);
        let verification = section.required(walk, "verification", span);
        let penalty_divisor = section.required(walk, "penalty_divisor", number);
        section.end(walk);
        if let (Some(text), Some(verification), Some(penalty_divisor)) = (text, verification, penalty_divisor) {
            all.insert(prestation, Ccag { text, verification, penalty_divisor });
        }
    }
    file.end(walk);
    all
}

fn places(walk: &mut Walk<'_>, market: &mut Section<'_>) -> PlaceTerms {
    let Some(mut file) = market.section(walk, "places") else {
        return PlaceTerms { policy: Policy::Block, alert_percents: Vec::new() };
    };
    let terms = PlaceTerms {
        policy: file.required(walk, "policy", choice::<Policy>).unwrap_or(Policy::Block),
        alert_percents: file.list(walk, "alert_percents", number).unwrap_or_default(),
    };
    file.end(walk);
    terms
}

fn training(walk: &mut Walk<'_>, market: &mut Section<'_>) -> TrainingTerms {
    let unread = TrainingTerms { weekly_hours: 1, daily_hours: 1, completion_percent: 1 };
    let Some(mut file) = market.section(walk, "training") else {
        return unread;
    };
    let terms = TrainingTerms {
        weekly_hours: file.required(walk, "weekly_hours", number).unwrap_or(unread.weekly_hours),
        daily_hours: file.required(walk, "daily_hours", number).unwrap_or(unread.daily_hours),
        completion_percent: file.required(walk, "completion_percent", number).unwrap_or(unread.completion_percent),
    };
    file.end(walk);
    terms
}

fn penalties(walk: &mut Walk<'_>, market: &mut Section<'_>) -> PenaltyTerms {
    let unread = PenaltyTerms { waived_up_to: Cents::ZERO, cap_percent: 1, comment: Span::days(1) };
    let Some(mut file) = market.section(walk, "penalties") else {
        return unread;
    };
    let terms = PenaltyTerms {
        waived_up_to: file.required(walk, "waived_up_to", euros).unwrap_or(unread.waived_up_to),
        cap_percent: file.required(walk, "cap_percent", number).unwrap_or(unread.cap_percent),
        comment: file.required(walk, "comment", span).unwrap_or(unread.comment),
    };
    file.end(walk);
    terms
}

fn payment(walk: &mut Walk<'_>, market: &mut Section<'_>) -> PaymentTerms {
    let unread = PaymentTerms::default();
    let Some(mut file) = market.section(walk, "payment") else {
        return unread;
    };
    let basis_points = |rate: VatRate| rate.basis_points();
    let terms = PaymentTerms {
        span: file.required(walk, "span", span).unwrap_or(unread.span),
        remind_before: file.list(walk, "remind_before", number).unwrap_or_default(),
        reference_rate: file.required(walk, "reference_rate", rate).map_or(unread.reference_rate, basis_points),
        margin: file.required(walk, "margin", rate).map_or(unread.margin, basis_points),
        indemnity: file.required(walk, "indemnity", euros).unwrap_or(unread.indemnity),
    };
    file.end(walk);
    terms
}

fn clocks(walk: &mut Walk<'_>, market: &mut Section<'_>) -> BTreeMap<ClockKind, ClockTerms> {
    let Some(mut file) = market.section(walk, "clocks") else {
        return BTreeMap::new();
    };
    let mut clocks = BTreeMap::new();
    for kind in ClockKind::iter() {
        let Some(mut section) = file.section(walk, kind.into()) else {
            continue;
        };
        let span = section.required(walk, "span", span);
        let remind_before = section.list(walk, "remind_before", number).unwrap_or_default();
        let remind_after = section.list(walk, "remind_after", number).unwrap_or_default();
        let escalate_after = section.optional(walk, "escalate_after", number);
        section.end(walk);
        if let (Some(span), Some(escalate_after)) = (span, escalate_after) {
            clocks.insert(kind, ClockTerms { span, remind_before, remind_after, escalate_after });
        }
    }
    file.end(walk);
    clocks
}

fn quiet_hours(walk: &mut Walk<'_>, market: &mut Section<'_>) -> QuietHours {
    let midnight = chrono::NaiveTime::MIN;
    let Some(mut file) = market.section(walk, "quiet_hours") else {
        return QuietHours { from: midnight, until: midnight };
    };
    let hours = QuietHours {
        from: file.required(walk, "from", time).unwrap_or(midnight),
        until: file.required(walk, "until", time).unwrap_or(midnight),
    };
    file.end(walk);
    hours
}

fn expected<T>(value: Option<T>, expected: Expected) -> Result<T, ProblemKind> {
    value.ok_or(ProblemKind::Expected(expected))
}

fn text(value: &DeValue<'_>) -> Result<String, ProblemKind> {
    let line = value.as_str().map(str::trim).filter(|text| !text.chars().any(char::is_control));
    expected(line.map(str::to_owned), Expected::Text)
}

fn boolean(value: &DeValue<'_>) -> Result<bool, ProblemKind> {
    expected(value.as_bool(), Expected::Boolean)
}

fn number(value: &DeValue<'_>) -> Result<u32, ProblemKind> {
    let read = value.as_integer().and_then(|number| u32::from_str_radix(number.as_str(), number.radix()).ok());
    expected(read, Expected::Number)
}

/// A number of at most two decimals, in hundredths; from the digits as written, never through floating point.
fn hundredths(value: &DeValue<'_>) -> Option<i64> {
    let written = match value {
        DeValue::Integer(number) if number.radix() == 10 => number.as_str(),
        DeValue::Float(number) => number.as_str(),
        _ => return None,
    };
    let (whole, decimals) = written.split_once('.').unwrap_or((written, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if !digits(whole) || !digits(decimals) || decimals.len() > 2 {
        return None;
    }
    let decimals: i64 = format!("{decimals:0<2}").parse().ok()?;
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(decimals)
}

fn euros(value: &DeValue<'_>) -> Result<Cents, ProblemKind> {
    expected(hundredths(value).map(Cents::new), Expected::Euros)
}

fn rate(value: &DeValue<'_>) -> Result<VatRate, ProblemKind> {
    let points = hundredths(value).and_then(|points| u32::try_from(points).ok());
    expected(points.and_then(|points| VatRate::new(points).ok()), Expected::Rate)
}

fn day(value: &DeValue<'_>) -> Result<Day, ProblemKind> {
    let written = match value {
        DeValue::Datetime(moment) if moment.time.is_none() && moment.offset.is_none() => {
            moment.date.map(|day| day.to_string())
        }
        DeValue::String(text) => Some(text.to_string()),
        _ => None,
    };
    let day = written.and_then(|text| Day::parse_from_str(text.trim(), "%Y-%m-%d").ok());
    let plausible = day.filter(|day| (2000..=2200).contains(&chrono::Datelike::year(day)));
    expected(plausible, Expected::Day)
}

fn time(value: &DeValue<'_>) -> Result<chrono::NaiveTime, ProblemKind> {
    let read = value.as_str().and_then(|text| chrono::NaiveTime::parse_from_str(text.trim(), "%H:%M").ok());
    expected(read, Expected::Time)
}

fn span(value: &DeValue<'_>) -> Result<Span, ProblemKind> {
    expected(value.as_str().and_then(|text| text.parse().ok()), Expected::Span)
}

fn choice<T: FromStr + VariantNames>(value: &DeValue<'_>) -> Result<T, ProblemKind> {
    let read = value.as_str().and_then(|text| text.trim().parse().ok());
    expected(read, Expected::OneOf(T::VARIANTS))
}

/// A text read by the rule of an identifier.
fn parsed<T>(parse: impl Fn(&str) -> Result<T, IdentifierError>) -> impl Fn(&DeValue<'_>) -> Result<T, ProblemKind> {
    move |value| {
        let text = expected(value.as_str(), Expected::Text)?;
        parse(text.trim()).map_err(ProblemKind::Identifier)
    }
}

#[cfg(test)]
mod tests;
