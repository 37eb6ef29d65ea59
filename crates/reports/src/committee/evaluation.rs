//! « Fiche d’évaluation » of a scheme: whom it reached, how far its sessions are, how people left it.
//!
//! Source: the deck's sheet of Génération Compétences at 14.06.2023. Each indicator is people of the beneficiaries or a printed
//! percentage of them, with the decimals that were printed; a percentage says between which numbers of people it stands. Checked:
//! parts that exclude each other make no more than everyone, those that make everyone do, a « dont » is within what it is of.

use domain::Day;
use domain::people::Sex;
use strum::{EnumIter, IntoEnumIterator, IntoStaticStr};

use super::differences::{Difference, Finding};
use super::given::{Given, Part, People};
use super::import::{Field, File, Node, Reading, Reason, Refused, check};
use super::masking::LEAST;
use crate::entries::{Ends, EntryFact, LEVEL_4};
use crate::table::{Cell, Column, ColumnKind, Line, Outline, Rank, Table};
use wording::committee as words;
use wording::committee::evaluation::Indicator as Words;

/// What a sheet says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Indicator {
    Beneficiaries,
    SessionsEnded,
    SessionsUnderWay,
    SessionsPlanned,
    Men,
    Women,
    Over50,
    /// Of those over 50.
    Over56,
    Under26,
    Over45,
    Level4AndBelow,
    SeekingOverOneYear,
    SeekingSixToTwelveMonths,
    SeekingUnderSixMonths,
    Disabled,
    MinimumIncome,
    DroppedOut,
    /// Early exits for a job or a training.
    EarlyExits,
}

impl Indicator {
    pub(super) const fn words(self) -> Words {
        match self {
            Self::Beneficiaries => Words::Beneficiaries,
            Self::SessionsEnded => Words::SessionsEnded,
            Self::SessionsUnderWay => Words::SessionsUnderWay,
            Self::SessionsPlanned => Words::SessionsPlanned,
            Self::Men => Words::Men,
            Self::Women => Words::Women,
            Self::Over50 => Words::Over50,
            Self::Over56 => Words::Over56,
            Self::Under26 => Words::Under26,
            Self::Over45 => Words::Over45,
            Self::Level4AndBelow => Words::Level4AndBelow,
            Self::SeekingOverOneYear => Words::SeekingOverOneYear,
            Self::SeekingSixToTwelveMonths => Words::SeekingSixToTwelveMonths,
            Self::SeekingUnderSixMonths => Words::SeekingUnderSixMonths,
            Self::Disabled => Words::Disabled,
            Self::MinimumIncome => Words::MinimumIncome,
            Self::DroppedOut => Words::DroppedOut,
            Self::EarlyExits => Words::EarlyExits,
        }
    }

    /// Whether it is a number of its own, and no part of the beneficiaries.
    const fn is_number(self) -> bool {
        matches!(self, Self::Beneficiaries | Self::SessionsEnded | Self::SessionsUnderWay | Self::SessionsPlanned)
    }

    /// The indicator that it is a part of.
    const fn within(self) -> Option<Self> {
        match self {
            Self::Over56 => Some(Self::Over50),
            Self::Over50 => Some(Self::Over45),
            _ => None,
        }
    }
}

/// Indicators that exclude each other, and whether they make everyone.
const GROUPS: [(&[Indicator], bool); 5] = [
    (&[Indicator::Men, Indicator::Women], true),
    (&[Indicator::SeekingOverOneYear, Indicator::SeekingSixToTwelveMonths, Indicator::SeekingUnderSixMonths], false),
    (&[Indicator::Under26, Indicator::Over45], false),
    (&[Indicator::Under26, Indicator::Over50], false),
    (&[Indicator::DroppedOut, Indicator::EarlyExits], false),
];

/// What a sheet was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    pub scheme: String,
    beneficiaries: i64,
    values: Vec<(Indicator, Part)>,
    /// Counted on the paths: nothing was printed.
    of_paths: bool,
}

impl Evaluation {
    /// A sheet from counts: parts of the beneficiaries, and sessions.
    pub fn new(scheme: impl Into<String>, beneficiaries: i64, values: Vec<(Indicator, Part)>) -> Self {
        Self { scheme: scheme.into(), beneficiaries, values, of_paths: false }
    }

    /// The sheet of the paths: who entered in the year up to a day, and how they left. It has no sessions, each person is one, and
    /// nobody is asked since when they seek a job.
    pub fn of_paths(scheme: impl Into<String>, people: &[EntryFact], ends: Option<Ends>) -> Self {
        let count = |of: &dyn Fn(&EntryFact) -> bool| people.iter().filter(|one| of(one)).count() as i64;
        let mut values: Vec<(Indicator, i64)> = vec![
            (Indicator::Men, count(&|one| one.sex == Sex::Male)),
            (Indicator::Women, count(&|one| one.sex == Sex::Female)),
            (Indicator::Over50, count(&|one| one.age > 50)),
            (Indicator::Over56, count(&|one| one.age > 56)),
            (Indicator::Under26, count(&|one| one.age < 26)),
            (Indicator::Over45, count(&|one| one.age > 45)),
            (Indicator::Level4AndBelow, count(&|one| one.level <= LEVEL_4)),
            (Indicator::Disabled, count(&|one| one.boe)),
            (Indicator::MinimumIncome, count(&|one| one.rsa)),
        ];
        if let Some(ends) = ends {
            values.push((Indicator::DroppedOut, ends.dropped_out.into()));
            values.push((Indicator::EarlyExits, ends.early_exits.into()));
        }
        let parts = values.into_iter().map(|(indicator, people)| (indicator, Part::People(people))).collect();
        Self { of_paths: true, ..Self::new(scheme, people.len() as i64, parts) }
    }

    /// Reads the sheet of a scheme: columns « Indicateur » and « Valeur », people or percentages.
    ///
    /// # Errors
    /// Everything that is wrong with the file.
    pub fn import(file: &File<'_>, scheme: &str) -> Result<Self, Refused> {
        const NAME: usize = 0;
        const VALUE: usize = 1;
        let fields = [Field::required(&[words::INDICATOR]), Field::required(&[words::VALUE])];
        let mut reading = Reading::open(file, &fields)?;
        let (mut nodes, mut values, mut beneficiaries) = (Vec::new(), Vec::new(), None);
        let mut last = None;
        for row in 0..reading.len() {
            let name = reading.name(row, NAME);
            nodes.push(Node { line: reading.line(row), level: 1, name: name.clone() });
            let indicator = Indicator::iter().find(|indicator| indicator.words().is_named(&name));
            last = Some(row);
            let Some(indicator) = indicator else {
                if !name.is_empty() {
                    reading.wrong(row, NAME, Reason::UnknownIndicator(name));
                }
                continue;
            };
            let given = match indicator.is_number() {
                true => match reading.count(row, VALUE) {
                    Given::Value(count) => Given::Value(Part::People(count)),
                    Given::NotApplicable => Given::NotApplicable,
                    Given::Blank => Given::Blank,
                },
                false => reading.part(row, VALUE),
            };
            match given.value() {
                Some(Part::People(people)) if indicator == Indicator::Beneficiaries => beneficiaries = Some(people),
                Some(part) => values.push((indicator, part, row)),
                None => {}
            }
        }
        if let (None, Some(row)) = (beneficiaries, last) {
            reading.wrong(row, VALUE, Reason::MissingBeneficiaries);
        }
        let whole = beneficiaries.unwrap_or(i64::MAX);
        for (indicator, part, row) in &values {
            if let (Part::People(people), false) = (part, indicator.is_number())
                && *people > whole
            {
                reading.wrong(*row, VALUE, Reason::AboveWhole { part: *people, whole });
            }
        }
        reading.add(check(&nodes, words::INDICATOR));
        reading.done()?;
        let values = values.into_iter().map(|(indicator, part, _)| (indicator, part)).collect();
        Ok(Self::new(scheme, beneficiaries.unwrap_or(0), values))
    }

    /// What was given of an indicator.
    pub fn value(&self, indicator: Indicator) -> Option<Part> {
        self.values.iter().find(|(known, _)| *known == indicator).map(|(_, part)| *part)
    }

    /// The people that an indicator may be.
    pub fn people(&self, indicator: Indicator) -> Option<People> {
        self.value(indicator)?.people(self.beneficiaries)
    }

    /// Parts that cannot stand together.
    pub fn differences(&self) -> Vec<Difference> {
        let mut found = Vec::new();
        if self.of_paths {
            return found;
        }
        for (indicator, part) in &self.values {
            if !indicator.is_number() && part.people(self.beneficiaries).is_none() {
                found.push(self.difference(*indicator, Cell::Empty, Finding::NoSuchShare));
            }
            let outer = indicator.within().and_then(|outer| self.people(outer));
            if let (Some(inner), Some(outer)) = (self.people(*indicator), outer)
                && inner.low > outer.high
            {
                found.push(self.difference(*indicator, Cell::Count(outer.high), Finding::Share));
            }
        }
        for (group, everyone) in GROUPS {
            let known: Vec<People> = group.iter().filter_map(|indicator| self.people(*indicator)).collect();
            let sum = known.iter().fold(People::default(), |sum, people| sum.and(*people));
            let complete = everyone && known.len() == group.len();
            if sum.low > self.beneficiaries || (complete && sum.high < self.beneficiaries) {
                found.push(self.difference(group[0], Cell::Count(sum.best), Finding::Sum));
            }
        }
        found
    }

    fn difference(&self, indicator: Indicator, computed: Cell, finding: Finding) -> Difference {
        Difference {
            row: vec![self.scheme.clone(), indicator.words().label().to_owned()],
            column: words::VALUE.to_owned(),
            printed: self.value(indicator).map_or(Cell::Empty, |part| part.cell(self.beneficiaries)),
            computed,
            finding,
        }
    }

    /// The sheet for readers outside. A part that may be of fewer than [`LEAST`] people is withheld with its share; so are the
    /// others of its group, smallest first, as long as those that are shown leave it a single value. Of fewer beneficiaries, all is.
    /// `also` are withheld besides.
    pub fn masked_table(&self, as_of: Day, source: &str, also: &[Indicator]) -> Table {
        let hidden = self.hidden(also);
        let mut table = self.table(as_of, source);
        for (indicator, cells) in self.shown().zip(&mut table.rows) {
            if hidden.contains(&indicator) {
                for cell in cells[1..].iter_mut().filter(|cell| **cell != Cell::Empty) {
                    *cell = Cell::Masked;
                }
            }
        }
        let Table { rows, outline, notes, .. } = &mut table;
        outline.cautions.retain(|(row, column)| rows[*row][*column].is_figure());
        notes.retain(|note| note != words::CAUTION_NOTE || !outline.cautions.is_empty());
        notes.push(words::MASKED_NOTE.to_owned());
        table
    }

    /// The indicators that readers outside do not see, `also` besides.
    pub(super) fn hidden(&self, also: &[Indicator]) -> Vec<Indicator> {
        let few = (1..LEAST).contains(&self.beneficiaries);
        let small = |indicator: &Indicator| match indicator {
            Indicator::Beneficiaries => few,
            other if other.is_number() => false,
            other if few || also.contains(other) => true,
            other => self
                .people(*other)
                .is_none_or(|people| people.low < LEAST || (1..LEAST).contains(&(self.beneficiaries - people.high))),
        };
        let mut hidden: Vec<Indicator> = self.shown().filter(small).collect();
        for (group, everyone) in GROUPS {
            // Of those who make everyone, the ones that are not given are known by the others; so are those who did not say.
            let given: Vec<People> = group.iter().filter_map(|one| self.people(*one)).collect();
            let rest = given.iter().fold(self.beneficiaries, |rest, people| rest - people.high);
            let untold = given.len() < group.len() || rest > 0;
            if everyone && !given.is_empty() && untold && rest < LEAST {
                hidden.extend(group.iter().copied().filter(|one| self.value(*one).is_some()));
            }
            let known = |hidden: &[Indicator], shown: bool| -> Vec<Indicator> {
                let of = group.iter().copied().filter(|one| self.value(*one).is_some());
                of.filter(|one| hidden.contains(one) != shown).collect()
            };
            // With everyone shown but one, or with nobody left for those that are withheld, they are known.
            loop {
                let (shown, withheld) = (known(&hidden, true), known(&hidden, false));
                let left = shown
                    .iter()
                    .filter_map(|one| self.people(*one))
                    .fold(self.beneficiaries, |left, people| left - people.best);
                let found = !withheld.is_empty() && (left < 1 || (everyone && withheld.len() == 1));
                let smallest = shown.into_iter().min_by_key(|one| self.people(*one).map(|people| people.best));
                match smallest.filter(|_| found) {
                    Some(smallest) => hidden.push(smallest),
                    None => break,
                }
            }
        }
        // Those within a part that is withheld would bound it.
        for within in [Indicator::Over50, Indicator::Over56] {
            if within.within().is_some_and(|outer| hidden.contains(&outer)) {
                hidden.push(within);
            }
        }
        hidden
    }

    /// The indicators that the sheet has, in their order.
    fn shown(&self) -> impl Iterator<Item = Indicator> {
        Indicator::iter().filter(|one| *one == Indicator::Beneficiaries || self.value(*one).is_some())
    }

    /// The sheet as a table: indicator, share, people. A printed percentage gives the numbers of people that it may be.
    pub fn table(&self, as_of: Day, source: &str) -> Table {
        let mut rows = Vec::new();
        let mut outline = Outline {
            name: Some(words::SHEET_EVALUATION.to_owned()),
            as_of: Some(as_of),
            source: Some(source.to_owned()),
            ..Outline::default()
        };
        for indicator in self.shown() {
            let part = self.value(indicator).unwrap_or(Part::People(self.beneficiaries));
            let (share, people) = match part {
                Part::People(people) if indicator.is_number() => (Cell::Empty, Cell::Count(people)),
                part => (part.cell(self.beneficiaries), people_cell(part.people(self.beneficiaries))),
            };
            if self.beneficiaries < super::entries::CAUTION && share.is_figure() {
                outline.cautions.push((rows.len(), 1));
            }
            rows.push(vec![Cell::Text(indicator.words().label().to_owned()), share, people]);
            let indent = u8::from(indicator == Indicator::Over56);
            let rank = if indicator == Indicator::Beneficiaries { Rank::Group } else { Rank::Detail };
            outline.lines.push(Line { indent, rank });
        }
        let note = if self.of_paths { words::EVALUATION_OF_PATHS_NOTE } else { words::EVALUATION_NOTE };
        let mut notes = vec![note.to_owned()];
        if !outline.cautions.is_empty() {
            notes.push(words::CAUTION_NOTE.to_owned());
        }
        Table {
            title: words::evaluation::title(&self.scheme, wording::dates::numeric(as_of)),
            columns: vec![
                Column::new("indicator", words::INDICATOR, ColumnKind::Text),
                Column::new("share", words::SHARE, ColumnKind::Percent),
                Column::new("people", words::PEOPLE, ColumnKind::Count),
            ],
            rows,
            notes,
            outline,
        }
    }
}

/// The number of people when a share says it, else between which numbers.
fn people_cell(people: Option<People>) -> Cell {
    match people {
        Some(People { low, high, .. }) if low == high => Cell::Count(low),
        Some(People { low, high, .. }) => Cell::Text(words::between(low, high)),
        None => Cell::Empty,
    }
}
