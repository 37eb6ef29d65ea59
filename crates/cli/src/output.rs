//! What commands print: lists and tables as text, JSON or CSV, progress of long work, and sparing colours.
//!
//! Rules kept here: text for people fits the terminal and has no colour code outside one, nor when `NO_COLOR` is set; CSV is
//! the one of [`reports`] (`;`, byte-order mark, French headings, no formula); JSON holds stable identifiers, never labels
//! alone; a reader that goes away (`| head`) is not an error.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use reports::{Cell, Column, ColumnKind, Table};
use serde_json::Value;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::layout;

/// Narrower terminals are written as if they had this width.
const NARROWEST: usize = 30;

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    #[default]
    Table,
    Json,
    Csv,
}

/// The choice of a format, on every list.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct FormatArgs {
    /// La forme de la réponse
    #[arg(long, value_enum, value_name = "FORME", default_value_t = Format::Table)]
    pub format: Format,
}

/// A list: the same rows for people and for programs.
#[derive(Debug, Clone)]
pub struct Listing {
    pub table: Table,
    /// One object for each row, with identifiers.
    pub objects: Vec<Value>,
    /// Said instead of an empty table.
    pub none: &'static str,
}

impl Listing {
    /// An empty list with its columns.
    pub fn new(title: &str, none: &'static str, columns: Vec<Column>) -> Self {
        let table = Table { title: title.to_owned(), columns, ..Table::default() };
        Self { table, objects: Vec::new(), none }
    }

    /// Adds a row.
    pub fn push(&mut self, row: Vec<Cell>, object: Value) {
        self.table.rows.push(row);
        self.objects.push(object);
    }

    /// Prints the list.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn print(&self, format: Format) -> Result<(), Failure> {
        match format {
            Format::Table if self.table.rows.is_empty() => line(self.none),
            Format::Table => print_table(&self.table),
            Format::Json => json(&Value::Array(self.objects.clone())),
            Format::Csv => csv(&self.table),
        }
    }
}

/// A text column.
pub fn text(key: &'static str, label: &str) -> Column {
    Column::new(key, label, ColumnKind::Text)
}

/// A cell of text.
pub fn cell(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

/// A cell of text, empty when there is none.
pub fn optional(text: Option<impl Into<String>>) -> Cell {
    text.map_or(Cell::Empty, cell)
}

/// Prints a table for people, with its notes.
///
/// # Errors
/// The output cannot be written.
pub fn print_table(table: &Table) -> Result<(), Failure> {
    write_out(&format!("{}\n", drawn(table)))?;
    table.notes.iter().try_for_each(|note| line(note))
}

/// Prints a report: the format decides, figures stay figures.
///
/// # Errors
/// The output cannot be written.
pub fn print_report(table: &Table, format: Format) -> Result<(), Failure> {
    match format {
        Format::Table => {
            line(&bold(&table.title))?;
            print_table(table)
        }
        Format::Json => write_out(&written(table, reports::Format::Json)?),
        Format::Csv => csv(table),
    }
}

/// Prints a value for programs.
///
/// # Errors
/// The output cannot be written.
pub fn json(value: &Value) -> Result<(), Failure> {
    write_out(&format!("{value:#}\n"))
}

fn csv(table: &Table) -> Result<(), Failure> {
    write_out(&written(table, reports::Format::Csv)?)
}

/// A table as a program reads it.
///
/// # Errors
/// A row does not have as many cells as there are columns.
pub fn written(table: &Table, format: reports::Format) -> Result<String, Failure> {
    table
        .write(format)
        .map_err(|error| Failure::new(Exit::Other, "internal", format!("Le tableau ne s’écrit pas\u{a0}: {error}.")))
}

/// The table as text, as wide as the terminal at most; outside one it keeps its own width.
pub fn drawn(table: &Table) -> String {
    layout::table(table, columns(&std::io::stdout()), bold)
}

/// How many letters a line of the terminal holds; none when this is no terminal.
fn columns(out: &(impl IsTerminal + std::os::fd::AsFd)) -> Option<usize> {
    if !out.is_terminal() {
        return None;
    }
    // A terminal that does not tell its size is taken for the usual one.
    let told = terminal_size::terminal_size_of(out).map(|(width, _)| usize::from(width.0));
    Some(told.filter(|width| *width > 0).unwrap_or(80).max(NARROWEST))
}

/// A text for the standard error, wrapped on a terminal.
pub fn for_stderr(text: &str) -> String {
    columns(&std::io::stderr()).map_or_else(|| text.to_owned(), |most| layout::wrapped(text, most))
}

/// Prints a line, wrapped between its words on a terminal.
///
/// # Errors
/// The output cannot be written.
pub fn line(text: &str) -> Result<(), Failure> {
    match columns(&std::io::stdout()) {
        Some(most) => write_out(&format!("{}\n", layout::wrapped(text, most))),
        None => write_out(&format!("{text}\n")),
    }
}

/// Prints a text as it is.
///
/// # Errors
/// The output cannot be written.
pub fn write_out(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::new(Exit::Other, "output", format!("La réponse ne peut pas être écrite\u{a0}: {error}.")))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Whether colours are wanted on the standard output.
fn colours() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// A title.
pub fn bold(text: &str) -> String {
    if colours() { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() }
}

/// What is late or fails.
pub fn alarming(text: &str) -> String {
    if colours() { format!("\u{1b}[31m{text}\u{1b}[0m") } else { text.to_owned() }
}

/// What needs a look.
pub fn notable(text: &str) -> String {
    if colours() { format!("\u{1b}[33m{text}\u{1b}[0m") } else { text.to_owned() }
}

/// What is secondary.
pub fn faint(text: &str) -> String {
    if colours() { format!("\u{1b}[2m{text}\u{1b}[0m") } else { text.to_owned() }
}

/// A bar of progress on the standard error; none outside a terminal.
pub fn progress(what: &'static str, total: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(total).with_message(what);
    let style =
        ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}").unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.set_style(style);
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_table_outside_a_terminal_is_plain_text() {
        let columns = vec![text("reference", "Référence"), Column::new("places", "Places", ColumnKind::Count)];
        let mut list = Listing::new("Essai", "Rien.", columns);
        list.push(vec![cell("FEST-1-2026-0001"), Cell::Count(1250)], json!({}));
        list.push(vec![cell("FEST-2-2026-0002"), Cell::Empty], json!({}));
        let expected = " Référence          Places\n───────────────────────────\n FEST-1-2026-0001    1\u{a0}250\n FEST-2-2026-0002        –";
        assert_eq!(drawn(&list.table), expected);
    }
}
