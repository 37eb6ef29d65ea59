//! The cells of a table under their headings, read one by one; what is wrong is noted and reading goes on.

use domain::money::Cents;
use wording::committee::import as words;

use super::{File, GridRow, Problem, Raw, Reason, Refused};
use crate::committee::given::{Given, Part};
use crate::decimal::Decimal;

/// Largest count that is read.
const LARGEST: i64 = 1_000_000_000;
/// What stands for « not applicable ».
const DASHES: [&str; 4] = ["-", "–", "—", "−"];

/// A column that a table may have.
#[derive(Debug, Clone)]
pub(in crate::committee) struct Field {
    /// Headings under which it is known; messages name the first.
    pub headings: Vec<String>,
    pub required: bool,
}

impl Field {
    pub(in crate::committee) fn required(headings: &[&str]) -> Self {
        Self { headings: headings.iter().map(|&heading| heading.to_owned()).collect(), required: true }
    }

    pub(in crate::committee) fn optional(headings: &[&str]) -> Self {
        Self { required: false, ..Self::required(headings) }
    }

    fn name(&self) -> &str {
        self.headings.first().map_or("", String::as_str)
    }
}

/// Where a field stands in the file.
#[derive(Debug, Clone, Default)]
struct Place {
    column: Option<usize>,
    heading: String,
    /// The heading says that numbers are percentages.
    in_percent: bool,
}

/// A table that is being read.
#[derive(Debug)]
pub(in crate::committee) struct Reading {
    places: Vec<Place>,
    rows: Vec<GridRow>,
    problems: Vec<Problem>,
}

impl Reading {
    /// Opens a file and finds its columns.
    pub(in crate::committee) fn open(file: &File<'_>, fields: &[Field]) -> Result<Self, Refused> {
        let (head, rows) = head(file)?;
        if let [Raw::Text(only)] = head.cells.as_slice()
            && fields.len() > 1
            && only.contains([',', '\t'])
        {
            let problem = Problem { line: Some(head.line), column: None, reason: Reason::Separator };
            return Err(Refused { problems: vec![problem] });
        }
        let mut reading = Self { places: vec![Place::default(); fields.len()], rows, problems: Vec::new() };
        for (at, cell) in head.cells.iter().enumerate() {
            let heading = cell.shown();
            if heading.is_empty() {
                continue;
            }
            let (plain, in_percent) = plain(&heading);
            let known = |field: &Field| field.headings.iter().any(|known| self::plain(known).0 == plain);
            match fields.iter().position(known) {
                None => reading.note(Some(head.line), None, Reason::UnknownHeading(heading)),
                Some(field) if reading.places[field].column.is_some() => {
                    reading.note(Some(head.line), Some(heading), Reason::DoubledHeading);
                }
                Some(field) => reading.places[field] = Place { column: Some(at), heading, in_percent },
            }
        }
        for (field, known) in fields.iter().enumerate() {
            if reading.places[field].column.is_none() {
                known.name().clone_into(&mut reading.places[field].heading);
                if known.required {
                    reading.note(Some(head.line), Some(known.name().to_owned()), Reason::MissingHeading);
                }
            }
        }
        reading.check_columns(&head);
        Ok(reading)
    }

    /// Opens a file whose columns after the first are years: the years in order, and their fields from 1.
    pub(in crate::committee) fn years(file: &File<'_>, name: &Field) -> Result<(Self, Vec<u16>), Refused> {
        let (head, _) = head(file)?;
        let year = |cell: &Raw| {
            let shown: String = cell.shown().chars().filter(|c| !c.is_whitespace()).collect();
            shown.parse::<u16>().ok().filter(|year| (2000..2100).contains(year))
        };
        let mut years: Vec<u16> = head.cells.iter().filter_map(year).collect();
        years.sort_unstable();
        years.dedup();
        let fields = years.iter().map(|year| Field { headings: vec![year.to_string()], required: true });
        let fields: Vec<Field> = std::iter::once(name.clone()).chain(fields).collect();
        let mut reading = Self::open(file, &fields)?;
        if years.is_empty() {
            reading.note(Some(head.line), Some(words::YEAR.to_owned()), Reason::MissingHeading);
        }
        Ok((reading, years))
    }

    /// Values under no heading are nobody's.
    fn check_columns(&mut self, head: &GridRow) {
        let headed = |at: usize| head.cells.get(at).is_some_and(|cell| *cell != Raw::Empty);
        let lost: Vec<u32> = self
            .rows
            .iter()
            .filter(|row| row.cells.iter().enumerate().any(|(at, cell)| *cell != Raw::Empty && !headed(at)))
            .map(|row| row.line)
            .collect();
        for line in lost {
            self.note(Some(line), None, Reason::NoHeading);
        }
    }

    /// How many rows there are under the headings.
    pub(in crate::committee) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The line of a row in the file.
    pub(in crate::committee) fn line(&self, row: usize) -> u32 {
        self.rows[row].line
    }

    /// Whether a cell is there and empty, or a dash.
    pub(in crate::committee) fn is_without(&self, row: usize, field: usize) -> bool {
        let there = self.places[field].column.is_some();
        there && matches!(self.raw(row, field), Raw::Empty) || self.is_dash(row, field)
    }

    fn is_dash(&self, row: usize, field: usize) -> bool {
        matches!(self.raw(row, field), Raw::Text(text) if DASHES.contains(&text.as_str()))
    }

    /// Notes that a cell is wrong.
    pub(in crate::committee) fn wrong(&mut self, row: usize, field: usize, reason: Reason) {
        let column = Some(self.places[field].heading.clone());
        self.note(Some(self.rows[row].line), column, reason);
    }

    /// Notes problems found elsewhere.
    pub(in crate::committee) fn add(&mut self, problems: Vec<Problem>) {
        self.problems.extend(problems);
    }

    fn note(&mut self, line: Option<u32>, column: Option<String>, reason: Reason) {
        self.problems.push(Problem { line, column, reason });
    }

    /// Refuses the file when anything was noted.
    pub(in crate::committee) fn done(mut self) -> Result<(), Refused> {
        if self.rows.is_empty() && self.problems.is_empty() {
            self.note(None, None, Reason::Empty);
        }
        // In the order of the file, each row's problems as they were found.
        self.problems.sort_by_key(|problem| problem.line);
        if self.problems.is_empty() { Ok(()) } else { Err(Refused { problems: self.problems }) }
    }

    fn raw(&self, row: usize, field: usize) -> Raw {
        let cell = self.places[field].column.and_then(|column| self.rows[row].cells.get(column));
        cell.cloned().unwrap_or_default()
    }

    /// A name, which must be there.
    pub(in crate::committee) fn name(&mut self, row: usize, field: usize) -> String {
        let name = self.raw(row, field).shown();
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() && self.places[field].column.is_some() {
            self.wrong(row, field, Reason::MissingName);
        }
        name
    }

    /// A level: 1 to 3, or the total (0).
    pub(in crate::committee) fn level(&mut self, row: usize, field: usize) -> u8 {
        let shown = self.raw(row, field).shown();
        match folded(&shown).as_str() {
            "1" => 1,
            "2" => 2,
            "3" => 3,
            "total" => 0,
            _ => {
                if self.places[field].column.is_some() {
                    self.wrong(row, field, Reason::NotALevel(shown));
                }
                1
            }
        }
    }

    /// One of some words; nothing when the cell is empty.
    pub(in crate::committee) fn choice(&mut self, row: usize, field: usize, choices: &[&'static str]) -> Option<usize> {
        let shown = self.raw(row, field).shown();
        if shown.is_empty() {
            return None;
        }
        let found = choices.iter().position(|choice| folded(choice) == folded(&shown));
        if found.is_none() {
            self.wrong(row, field, Reason::NotAChoice(shown, choices.to_vec()));
        }
        found
    }

    /// A count of people, places or hours.
    pub(in crate::committee) fn count(&mut self, row: usize, field: usize) -> Given<i64> {
        self.given(row, field, |raw, _| count(raw))
    }

    /// A count, or the sum of some, `62 + 504`.
    pub(in crate::committee) fn terms(&mut self, row: usize, field: usize) -> Given<Vec<i64>> {
        self.given(row, field, |raw, _| match raw {
            Raw::Text(text) if text.contains('+') && !text.starts_with('+') => {
                let terms = text.split('+').map(|term| count(&Raw::Text(term.to_owned())));
                terms.collect::<Result<_, _>>().map_err(|_| Reason::NotACount(raw.shown()))
            }
            raw => count(raw).map(|count| vec![count]),
        })
    }

    /// A part of the entries: people, or a percentage.
    pub(in crate::committee) fn part(&mut self, row: usize, field: usize) -> Given<Part> {
        self.given(row, field, part)
    }

    /// A percentage that may be below zero or above a hundred.
    pub(in crate::committee) fn rate(&mut self, row: usize, field: usize) -> Given<Decimal> {
        self.given(row, field, |raw, _| {
            let number = match raw {
                Raw::Percent(number) | Raw::Number(number) => Some(*number),
                Raw::Text(text) => Decimal::parse(text.trim_end_matches('%')),
                Raw::Empty => None,
            };
            number.ok_or_else(|| Reason::NotARate(raw.shown()))
        })
    }

    /// An amount in euros, or in millions when it ends by `M€`.
    pub(in crate::committee) fn amount(&mut self, row: usize, field: usize) -> Given<Cents> {
        self.given(row, field, |raw, _| {
            let shown = match raw {
                Raw::Number(number) => number.csv(),
                raw => raw.shown(),
            };
            let plain: String = shown.chars().filter(|c| !c.is_whitespace()).collect();
            let (digits, unit) = match plain.strip_suffix("M€") {
                Some(digits) => (digits, 100_000_000),
                None => (plain.trim_end_matches('€'), 100),
            };
            let number = Decimal::parse(digits).ok_or_else(|| Reason::NotAnAmount(raw.shown()))?;
            if number.is_negative() {
                return Err(Reason::Negative(raw.shown()));
            }
            let cents = i128::from(number.units()) * unit;
            let exact = cents % number.scale() == 0;
            let cents = i64::try_from(cents / number.scale()).ok().filter(|_| exact);
            cents.map(Cents::new).ok_or_else(|| Reason::NotAnAmount(raw.shown()))
        })
    }

    fn given<T>(&mut self, row: usize, field: usize, read: impl FnOnce(&Raw, bool) -> Result<T, Reason>) -> Given<T> {
        let raw = self.raw(row, field);
        match &raw {
            Raw::Empty => return Given::Blank,
            Raw::Text(text) if DASHES.contains(&text.as_str()) => return Given::NotApplicable,
            _ => {}
        }
        match read(&raw, self.places[field].in_percent) {
            Ok(value) => Given::Value(value),
            Err(reason) => {
                self.wrong(row, field, reason);
                Given::Blank
            }
        }
    }
}

/// The headings and the rows under them, empty ones left out.
fn head(file: &File<'_>) -> Result<(GridRow, Vec<GridRow>), Refused> {
    let refused = |reason| Refused { problems: vec![Problem { line: None, column: None, reason }] };
    let grid = file.grid().map_err(refused)?;
    let mut rows = grid.into_iter().filter(|row| row.cells.iter().any(|cell| *cell != Raw::Empty));
    let head = rows.next().ok_or_else(|| refused(Reason::Empty))?;
    Ok((head, rows.collect()))
}

fn count(raw: &Raw) -> Result<i64, Reason> {
    let number = match raw {
        Raw::Number(number) => Some(*number),
        Raw::Text(text) => Decimal::parse(text),
        Raw::Percent(_) | Raw::Empty => None,
    };
    let whole = number.filter(|number| number.decimals() == 0).ok_or_else(|| Reason::NotACount(raw.shown()))?;
    match whole.units() {
        ..0 => Err(Reason::Negative(raw.shown())),
        units @ 0..=LARGEST => Ok(units),
        _ => Err(Reason::NotACount(raw.shown())),
    }
}

fn part(raw: &Raw, in_percent: bool) -> Result<Part, Reason> {
    let percent = match raw {
        Raw::Percent(number) => Some(*number),
        Raw::Text(text) if text.ends_with('%') => {
            Some(Decimal::parse(text.trim_end_matches('%')).ok_or_else(|| Reason::NotAShare(raw.shown()))?)
        }
        Raw::Text(text) if in_percent => Some(Decimal::parse(text).ok_or_else(|| Reason::NotAShare(raw.shown()))?),
        Raw::Number(number) if in_percent => Some(*number),
        Raw::Number(_) | Raw::Text(_) | Raw::Empty => None,
    };
    match percent {
        Some(percent) if percent.is_negative() => Err(Reason::Negative(raw.shown())),
        Some(percent) if i128::from(percent.units()) > 100 * percent.scale() => Err(Reason::ShareAbove(raw.shown())),
        Some(percent) => Ok(Part::Percent(percent)),
        None => count(raw).map(Part::People).map_err(|reason| match reason {
            Reason::NotACount(text) => Reason::NotAShare(text),
            other => other,
        }),
    }
}

/// A heading without what does not distinguish it, and whether it says that its numbers are percentages.
fn plain(heading: &str) -> (String, bool) {
    let folded = folded(heading);
    let bare = folded.trim_end_matches([':', ' ']);
    let without = bare.strip_suffix("(%)").or_else(|| bare.strip_suffix('%'));
    let money = without.unwrap_or(bare);
    let money = money.strip_suffix("(€)").unwrap_or(money);
    (money.trim_end().to_owned(), without.is_some())
}

/// Letters without capitals, accents or differences of spacing.
pub fn folded(text: &str) -> String {
    let letters: String = text
        .to_lowercase()
        .chars()
        .map(|letter| match letter {
            'à' | 'â' | 'ä' => 'a',
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'î' | 'ï' => 'i',
            'ô' | 'ö' => 'o',
            'ù' | 'û' | 'ü' => 'u',
            'ç' => 'c',
            '’' => '\'',
            '–' => '-',
            other => other,
        })
        .collect();
    letters.split_whitespace().collect::<Vec<_>>().join(" ")
}
