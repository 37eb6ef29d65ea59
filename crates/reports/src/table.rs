//! A table of figures and its formats.
//!
//! CSV is what French spreadsheets open: `;`, a byte-order mark, decimal commas; a text that would start a formula is
//! neutralised by an apostrophe (L32). JSON keeps numbers as numbers, amounts in cents and rates in hundredths of a percent,
//! under the stable keys of the columns.

use domain::Day;
use domain::money::{Cents, Percent};
use serde::Serialize;
use serde_json::{Map, Value, json};
use wording::{dates, numbers};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    Text,
    Count,
    Percent,
    Money,
    Day,
}

/// A column: its stable key and its French heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    pub key: &'static str,
    pub label: String,
    pub kind: ColumnKind,
}

impl Column {
    /// A column of a kind.
    pub fn new(key: &'static str, label: impl Into<String>, kind: ColumnKind) -> Self {
        Self { key, label: label.into(), kind }
    }
}

/// A value of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    Text(String),
    Count(i64),
    Percent(Percent),
    Money(Cents),
    Day(Day),
    /// No value: a share of nothing, a figure not known.
    Empty,
}

impl Cell {
    /// The cell as French text; a dash stands for no value.
    pub fn french(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Count(count) => numbers::integer(*count),
            Self::Percent(percent) => numbers::percent(*percent),
            Self::Money(cents) => numbers::euros(*cents),
            Self::Day(day) => dates::numeric(*day),
            Self::Empty => "–".to_owned(),
        }
    }

    fn json(&self) -> Value {
        match self {
            Self::Text(text) => json!(text),
            Self::Count(count) => json!(count),
            Self::Percent(percent) => json!(percent.hundredths()),
            Self::Money(cents) => json!(cents.get()),
            Self::Day(day) => json!(day),
            Self::Empty => Value::Null,
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
            Self::Count(count) => count.to_string(),
            Self::Percent(percent) => decimal(percent.hundredths()),
            Self::Money(cents) => decimal(cents.get()),
            Self::Day(day) => day.format("%d/%m/%Y").to_string(),
            Self::Empty => String::new(),
        }
    }
}

/// A table with its title and notes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub title: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    /// Definitions and reservations, printed under the table.
    pub notes: Vec<String>,
}

/// A machine format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv,
    Json,
}

impl Table {
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
                let cells = self.columns.iter().zip(row).map(|(column, cell)| (column.key.to_owned(), cell.json()));
                Value::Object(cells.collect::<Map<_, _>>())
            })
            .collect();
        json!({ "title": self.title, "columns": self.columns, "rows": rows, "notes": self.notes })
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
            notes: vec![],
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
