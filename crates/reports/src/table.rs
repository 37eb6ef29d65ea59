//! A table of figures and its formats.
//!
//! CSV is what French spreadsheets open: `;`, a byte-order mark, decimal commas; a text that would start a formula is
//! neutralised by an apostrophe (L32). JSON keeps numbers as numbers, amounts in cents and rates in hundredths of a percent,
//! under the stable keys of the columns.
//!
//! A table of the committee has an [`Outline`] besides: which rows stand under which, which cells follow from others, where
//! the figures come from. A plain list has none, and every format reads it as before.

use std::borrow::Cow;

use domain::Day;
use domain::money::{Cents, Percent};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use wording::{dates, numbers};

use crate::decimal::Decimal;
pub use crate::outline::{Formula, Line, Outline, Rank, Rule};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    Text,
    Count,
    Percent,
    /// A difference between two percentages.
    Points,
    Money,
    Day,
}

/// A column: its stable key and its French heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    pub key: Cow<'static, str>,
    pub label: String,
    pub kind: ColumnKind,
}

impl Column {
    /// A column of a kind.
    pub fn new(key: impl Into<Cow<'static, str>>, label: impl Into<String>, kind: ColumnKind) -> Self {
        Self { key: key.into(), label: label.into(), kind }
    }
}

/// A value of a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cell {
    Text(String),
    Count(i64),
    /// A count given as the sum of these, `62 + 504`.
    Sum(Vec<i64>),
    /// A difference between two counts, with its sign.
    Gap(i64),
    Percent(Percent),
    /// A percentage with the decimals that were printed, `73 %`, `-40,74550129`.
    Rate(Decimal),
    /// A difference between two percentages, in hundredths of a point.
    Points(i64),
    Money(Cents),
    /// An amount as the committee prints it, without cents.
    Amount(Cents, Scale),
    Day(Day),
    /// No value: a share of nothing, a figure not known.
    Empty,
    /// What has no sense for this row, « - » in the committee's tables.
    NotApplicable,
    /// A value withheld from readers outside.
    Masked,
}

/// How large the unit of an amount is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    Euros,
    Millions,
}

impl Scale {
    /// Cents in one unit.
    pub const fn cents(self) -> i64 {
        match self {
            Self::Euros => 100,
            Self::Millions => 100_000_000,
        }
    }
}

impl Cell {
    /// The cell as French text; a dash stands for no value.
    pub fn french(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Count(count) => numbers::integer(*count),
            Self::Sum(terms) => terms.iter().copied().map(numbers::integer).collect::<Vec<_>>().join(" + "),
            Self::Gap(gap) => numbers::gap(*gap),
            Self::Percent(percent) => numbers::percent(*percent),
            Self::Rate(rate) => numbers::in_percent(rate.french()),
            Self::Points(hundredths) => numbers::points(*hundredths),
            Self::Money(cents) => numbers::euros(*cents),
            Self::Amount(cents, Scale::Euros) => numbers::whole_euros(*cents),
            Self::Amount(cents, Scale::Millions) => numbers::millions(*cents),
            Self::Day(day) => dates::numeric(*day),
            Self::Empty => "–".to_owned(),
            Self::NotApplicable => "-".to_owned(),
            Self::Masked => wording::committee::MASKED.to_owned(),
        }
    }

    /// Whether the cell holds a figure.
    pub fn is_figure(&self) -> bool {
        !matches!(self, Self::Text(_) | Self::Day(_) | Self::Empty | Self::NotApplicable | Self::Masked)
    }

    fn json(&self) -> Value {
        match self {
            Self::Text(text) => json!(text),
            Self::Count(count) | Self::Gap(count) => json!(count),
            Self::Sum(terms) => json!(terms.iter().sum::<i64>()),
            Self::Percent(percent) => json!(percent.hundredths()),
            // More decimals than hundredths stay decimals of them.
            Self::Rate(rate) if rate.decimals() > 2 => json!(rate.float() * 100.0),
            Self::Rate(rate) => json!(rate.hundredths()),
            Self::Points(hundredths) => json!(hundredths),
            Self::Money(cents) | Self::Amount(cents, _) => json!(cents.get()),
            Self::Day(day) => json!(day),
            Self::Empty | Self::NotApplicable | Self::Masked => Value::Null,
        }
    }

    fn csv(&self) -> String {
        let decimal = |hundredths: i64| {
            let sign = if hundredths < 0 { "-" } else { "" };
            format!("{sign}{},{:02}", hundredths.abs() / 100, hundredths.abs() % 100)
        };
        match self {
            Self::Text(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => format!("'{text}"),
            Self::Text(text) => text.clone(),
            Self::Count(count) | Self::Gap(count) => count.to_string(),
            Self::Sum(terms) => terms.iter().sum::<i64>().to_string(),
            Self::Percent(percent) => decimal(percent.hundredths()),
            Self::Rate(rate) => rate.csv(),
            Self::Points(hundredths) => decimal(*hundredths),
            Self::Money(cents) | Self::Amount(cents, _) => decimal(cents.get()),
            Self::Day(day) => day.format("%d/%m/%Y").to_string(),
            Self::Empty => String::new(),
            Self::NotApplicable => "-".to_owned(),
            Self::Masked => wording::committee::MASKED.to_owned(),
        }
    }
}

/// A table with its title and notes. Kept as data it comes back the same, typed cell by typed cell; [`Table::write`] is for readers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Kept", into = "Kept")]
pub struct Table {
    pub title: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    /// Definitions and reservations, printed under the table.
    pub notes: Vec<String>,
    /// What rows and cells are to each other; nothing for a list.
    pub outline: Outline,
}

/// A table as data, with the name of its sheet, which readers of its JSON have no use for.
#[derive(Serialize, Deserialize)]
struct Kept {
    title: String,
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
    notes: Vec<String>,
    outline: Outline,
    sheet: Option<String>,
}

impl From<Table> for Kept {
    fn from(table: Table) -> Self {
        let Table { title, columns, rows, notes, outline } = table;
        Self { title, columns, rows, notes, sheet: outline.name.clone(), outline }
    }
}

impl From<Kept> for Table {
    fn from(kept: Kept) -> Self {
        let Kept { title, columns, rows, notes, mut outline, sheet } = kept;
        outline.name = sheet;
        Self { title, columns, rows, notes, outline }
    }
}

/// A machine format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv,
    Json,
}

impl Table {
    /// The same, with the day that its figures are of: « Arrêté au … » on pages and under spreadsheets.
    #[must_use]
    pub fn dated(mut self, day: Day) -> Self {
        self.outline.as_of = Some(day);
        self
    }

    /// The table in a machine format.
    ///
    /// # Errors
    /// The CSV writer refuses a row whose length is not the header's.
    pub fn write(&self, format: Format) -> Result<String, csv::Error> {
        match format {
            Format::Csv => self.csv(),
            Format::Json => Ok(format!("{:#}\n", self.json())),
        }
    }

    fn csv(&self) -> Result<String, csv::Error> {
        let mut writer =
            csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        writer.write_record(self.columns.iter().map(|column| match column.kind {
            ColumnKind::Percent => format!("{} (%)", column.label),
            ColumnKind::Points => format!("{} (points)", column.label),
            ColumnKind::Money => format!("{} (€)", column.label),
            ColumnKind::Text | ColumnKind::Count | ColumnKind::Day => column.label.clone(),
        }))?;
        for row in &self.rows {
            writer.write_record(row.iter().map(Cell::csv))?;
        }
        let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
        Ok(format!("\u{feff}{}", String::from_utf8_lossy(&bytes)))
    }

    fn json(&self) -> Value {
        let rows: Vec<Value> = self
            .rows
            .iter()
            .map(|row| {
                let cells = self.columns.iter().zip(row).map(|(column, cell)| (column.key.to_string(), cell.json()));
                Value::Object(cells.collect::<Map<_, _>>())
            })
            .collect();
        let mut table = json!({ "title": self.title, "columns": self.columns, "rows": rows, "notes": self.notes });
        if let (Some(fields), true) = (table.as_object_mut(), self.outline != Outline::default()) {
            fields.insert("outline".to_owned(), json!(self.outline));
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        Table {
            title: "Essai".to_owned(),
            columns: vec![
                Column::new("scheme", "Dispositif", ColumnKind::Text),
                Column::new("entries", "Entrées", ColumnKind::Count),
                Column::new("rsa", "RSA", ColumnKind::Percent),
                Column::new("amount", "Montant", ColumnKind::Money),
            ],
            rows: vec![
                vec![
                    Cell::Text("=1+1".to_owned()),
                    Cell::Count(31),
                    Percent::of(22, 31).map_or(Cell::Empty, Cell::Percent),
                    Cell::Money(Cents::new(123_456)),
                ],
                vec![Cell::Text("Vide ; « rien »".to_owned()), Cell::Count(0), Cell::Empty, Cell::Empty],
            ],
            ..Table::default()
        }
    }

    #[test]
    fn csv_opens_in_a_french_spreadsheet_and_runs_no_formula() {
        let expected =
            "\u{feff}Dispositif;Entrées;RSA (%);Montant (€)\r\n'=1+1;31;70,97;1234,56\r\n\"Vide ; « rien »\";0;;\r\n";
        assert_eq!(table().write(Format::Csv).unwrap(), expected);
    }

    #[test]
    fn json_keeps_numbers_as_numbers() {
        let json: Value = serde_json::from_str(&table().write(Format::Json).unwrap()).unwrap();
        assert_eq!(json["rows"][0], json!({ "scheme": "=1+1", "entries": 31, "rsa": 7097, "amount": 123_456 }));
        assert_eq!(json["rows"][1]["rsa"], Value::Null);
    }
}
