//! What the rows and cells of a table are to each other.
//!
//! Shapes: `lines` has one entry for each row of the table, or none at all; rows and columns are counted from zero, the first
//! column being the one of names. A [`Formula`] says how a figure of the table follows from other figures of the same table;
//! the figure itself stands in its cell, so that a format without formulas loses nothing.

use std::fmt::Write;

use domain::Day;
use serde::{Deserialize, Serialize};

/// The structure of a table of the committee.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Outline {
    pub lines: Vec<Line>,
    pub formulas: Vec<Formula>,
    /// Figures to read with caution: row and column.
    pub cautions: Vec<(usize, usize)>,
    /// The day that the figures are of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Day>,
    /// What a sheet of it is called, where its title is too long.
    #[serde(skip)]
    pub name: Option<String>,
    /// Who gives the figures, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl Outline {
    /// The line of a row; a plain one when the table has no lines.
    pub fn line(&self, row: usize) -> Line {
        self.lines.get(row).copied().unwrap_or_default()
    }

    /// How a cell follows from others.
    pub fn rule(&self, row: usize, column: usize) -> Option<&Rule> {
        self.formulas.iter().find(|formula| (formula.row, formula.column) == (row, column)).map(|formula| &formula.rule)
    }

    /// Whether a figure is to be read with caution.
    pub fn is_cautious(&self, row: usize, column: usize) -> bool {
        self.cautions.contains(&(row, column))
    }

    /// Says how a cell follows from others.
    pub fn follows(&mut self, row: usize, column: usize, rule: Rule) {
        self.formulas.push(Formula { row, column, rule });
    }
}

/// How a row stands among the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Line {
    /// 0 for a row of the first level.
    pub indent: u8,
    pub rank: Rank,
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rank {
    #[default]
    Detail,
    /// A row that others stand under.
    Group,
    /// The total of the table.
    Total,
    /// What Jalon computes where the row above was printed otherwise.
    Recomputed,
}

/// How a cell follows from others of its table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Formula {
    pub row: usize,
    pub column: usize,
    pub rule: Rule,
}

/// What a cell follows from; columns and rows are those of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// These numbers, `62 + 504`.
    Terms(Vec<i64>),
    /// The sum of these rows, same column.
    Sum(Vec<usize>),
    /// People of `parts` over the weight of `weighing`: each share times its weight is rounded to whole people first.
    Weighted { weights: usize, parts: Vec<usize>, weighing: Vec<usize> },
    /// One column over another, same row.
    Ratio { part: usize, whole: usize },
    /// How much one column grew over another, same row.
    Growth { now: usize, before: usize },
    /// One column less another, same row.
    Difference { now: usize, before: usize },
    /// One column less another, in percentage points, same row.
    Points { now: usize, before: usize },
}

impl Rule {
    /// The formula, in the signs that spreadsheets share; `cell` names the cell of a row and a column, `between` stands between
    /// the arguments of a function.
    pub fn written(&self, row: usize, column: usize, between: char, cell: impl Fn(usize, usize) -> String) -> String {
        let joined = |terms: &mut dyn Iterator<Item = String>| {
            let mut sum = String::new();
            for term in terms {
                let plus = if sum.is_empty() { "" } else { "+" };
                let _ = write!(sum, "{plus}{term}");
            }
            if sum.is_empty() { "0".to_owned() } else { sum }
        };
        match self {
            Self::Terms(terms) => joined(&mut terms.iter().map(i64::to_string)),
            Self::Sum(rows) => joined(&mut rows.iter().map(|row| cell(*row, column))),
            Self::Weighted { weights, parts, weighing } => {
                let people = joined(
                    &mut parts
                        .iter()
                        .map(|part| format!("ROUND({}*{}{between}0)", cell(*part, *weights), cell(*part, column))),
                );
                let weight = joined(&mut weighing.iter().map(|row| cell(*row, *weights)));
                format!("({people})/({weight})")
            }
            Self::Ratio { part, whole } => format!("{}/{}", cell(row, *part), cell(row, *whole)),
            Self::Growth { now, before } => format!("{}/{}-1", cell(row, *now), cell(row, *before)),
            Self::Difference { now, before } => format!("{}-{}", cell(row, *now), cell(row, *before)),
            Self::Points { now, before } => format!("({}-{})*100", cell(row, *now), cell(row, *before)),
        }
    }
}
