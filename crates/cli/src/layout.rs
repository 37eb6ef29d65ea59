//! The shape of text on a terminal: lines wrapped between words, tables that never cut a word, a reference or an amount.
//!
//! Rules kept here: a break takes the place of a plain space only, so no-break spaces hold figures together; the first column
//! of a table and its figures are never broken; a table too wide for the words it holds is shown row by row, one line for each
//! column. Nothing here knows the terminal: the width is a parameter, and without one text keeps its own.

use reports::{Cell, Column, ColumnKind, Table};

/// Spaces on both sides of a column, and the one between two columns.
const PADDING: usize = 2;

/// Letters shown, escape sequences left out.
pub fn width(text: &str) -> usize {
    let (mut count, mut hidden) = (0, false);
    for c in text.chars() {
        match (c, hidden) {
            ('\u{1b}', _) => hidden = true,
            ('m', true) => hidden = false,
            (_, true) => {}
            (_, false) => count += 1,
        }
    }
    count
}

/// A text broken between words so that no line is wider than this, but for a word that is wider alone.
pub fn broken(text: &str, most: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        let mut begun = false;
        for word in paragraph.split(' ') {
            if begun && width(&line) + 1 + width(word) > most {
                lines.push(std::mem::take(&mut line));
                line.push_str(word);
                continue;
            }
            if begun {
                line.push(' ');
            }
            line.push_str(word);
            begun = true;
        }
        lines.push(line);
    }
    lines
}

/// Lines of free text, each wrapped under the column where its words begin.
pub fn wrapped(text: &str, most: usize) -> String {
    let lines = text.split('\n').flat_map(|line| {
        if width(line) <= most {
            return vec![line.to_owned()];
        }
        let indent = hanging(line).min(most / 2);
        let (head, rest) = split_at_column(line, indent);
        let rest = broken(rest, most.saturating_sub(indent).max(1));
        let under = " ".repeat(indent);
        rest.into_iter()
            .enumerate()
            .map(|(rank, part)| if rank == 0 { format!("{head}{part}") } else { format!("{under}{part}") })
            .collect()
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Where the words of a line begin: after its margin, and after a first column when two spaces end it.
fn hanging(line: &str) -> usize {
    let margin = line.chars().take_while(|c| *c == ' ').count();
    let letters: Vec<char> = visible(line);
    let gap = (margin..letters.len().saturating_sub(2)).find(|at| letters[*at] == ' ' && letters[at + 1] == ' ');
    gap.map_or(margin, |gap| gap + letters[gap..].iter().take_while(|c| **c == ' ').count())
}

fn visible(line: &str) -> Vec<char> {
    let mut hidden = false;
    let shown = line.chars().filter(|c| {
        let was = hidden;
        hidden = *c == '\u{1b}' || (hidden && *c != 'm');
        !was && *c != '\u{1b}'
    });
    shown.collect()
}

/// The parts of a line before and from a shown column on.
fn split_at_column(line: &str, column: usize) -> (&str, &str) {
    let at = line.char_indices().map(|(at, _)| at).find(|at| width(&line[..*at]) >= column);
    line.split_at(at.unwrap_or(line.len()))
}

/// A table as text; within a width when there is one.
pub fn table(table: &Table, most: Option<usize>, emphasis: impl Fn(&str) -> String) -> String {
    let headings: Vec<&str> = table.columns.iter().map(|column| column.label.as_str()).collect();
    let rows: Vec<Vec<String>> = table.rows.iter().map(|row| row.iter().map(Cell::french).collect()).collect();
    let own: Vec<usize> = (0..headings.len()).map(|rank| widest(&headings, &rows, rank)).collect();
    match most {
        Some(most) if taken(&own) > most => match narrowed(table, &headings, &rows, &own, most) {
            Some(widths) => grid(table, &headings, &rows, &widths, emphasis),
            None => records(&headings, &rows, most, emphasis),
        },
        Some(_) | None => grid(table, &headings, &rows, &own, emphasis),
    }
}

fn widest(headings: &[&str], rows: &[Vec<String>], rank: usize) -> usize {
    let cells = rows.iter().filter_map(|row| row.get(rank)).flat_map(|cell| cell.split('\n'));
    cells.chain([headings[rank]]).map(width).max().unwrap_or(0)
}

/// The width of the lines of a grid.
fn taken(widths: &[usize]) -> usize {
    widths.iter().map(|width| width + PADDING + 1).sum::<usize>().saturating_sub(1)
}

const fn is_figure(column: &Column) -> bool {
    matches!(column.kind, ColumnKind::Count | ColumnKind::Percent | ColumnKind::Points | ColumnKind::Money)
}

/// Narrower columns that break nothing but between words; none when the words themselves do not fit.
fn narrowed(table: &Table, headings: &[&str], rows: &[Vec<String>], own: &[usize], most: usize) -> Option<Vec<usize>> {
    let longest_word = |text: &str| text.split([' ', '\n']).map(width).max().unwrap_or(0);
    let least: Vec<usize> = (0..own.len())
        .map(|rank| {
            let words = rows.iter().filter_map(|row| row.get(rank)).map(|cell| longest_word(cell)).max().unwrap_or(0);
            let heading = longest_word(headings[rank]);
            if rank == 0 || is_figure(&table.columns[rank]) {
                rows.iter().filter_map(|row| row.get(rank)).map(|cell| width(cell)).max().unwrap_or(0).max(heading)
            } else {
                words.max(heading)
            }
        })
        .collect();
    if taken(&least) > most {
        return None;
    }
    let mut widths = least;
    // The room left goes, letter by letter, to the column that lacks most.
    for _ in taken(&widths)..most {
        let lacking = (0..own.len()).max_by_key(|rank| own[*rank] - widths[*rank])?;
        if own[lacking] == widths[lacking] {
            break;
        }
        widths[lacking] += 1;
    }
    // Twenty letters are few for a sentence: a record for each row reads better.
    let sentence = |rank: usize| own[rank] > 60 && widths[rank] < 20;
    if (0..own.len()).any(sentence) { None } else { Some(widths) }
}

fn grid(
    table: &Table,
    headings: &[&str],
    rows: &[Vec<String>],
    widths: &[usize],
    emphasis: impl Fn(&str) -> String,
) -> String {
    let block = |cells: Vec<&str>, bold: bool| {
        let parts: Vec<Vec<String>> = cells.iter().zip(widths).map(|(cell, width)| broken(cell, *width)).collect();
        let height = parts.iter().map(Vec::len).max().unwrap_or(0);
        let line = |at: usize| {
            let mut text = String::new();
            for (rank, part) in parts.iter().enumerate() {
                let cell = part.get(at).map_or("", String::as_str);
                let room = " ".repeat(widths[rank].saturating_sub(width(cell)));
                let shown = if bold && !cell.is_empty() { emphasis(cell) } else { cell.to_owned() };
                let padded =
                    if is_figure(&table.columns[rank]) { format!("{room}{shown}") } else { format!("{shown}{room}") };
                text.push_str(&format!("{} {padded} ", if rank == 0 { "" } else { " " }));
            }
            text.trim_end().to_owned()
        };
        (0..height).map(line).collect::<Vec<_>>()
    };
    let mut lines = block(headings.to_vec(), true);
    lines.push("─".repeat(taken(widths)));
    for row in rows {
        lines.extend(block(row.iter().map(String::as_str).collect(), false));
    }
    lines.join("\n")
}

/// One block for each row: its name, then a line for each other column.
fn records(headings: &[&str], rows: &[Vec<String>], most: usize, emphasis: impl Fn(&str) -> String) -> String {
    let label = headings.iter().skip(1).map(|heading| width(heading)).max().unwrap_or(0).min(most / 3);
    let blocks = rows.iter().map(|row| {
        let mut lines = vec![emphasis(row.first().map_or("", String::as_str))];
        for (heading, cell) in headings.iter().zip(row).skip(1) {
            let names = broken(heading, label);
            let cells = broken(cell, most.saturating_sub(label + 4));
            for at in 0..names.len().max(cells.len()) {
                let (name, cell) = (names.get(at).map_or("", String::as_str), cells.get(at).map_or("", String::as_str));
                let room = " ".repeat(label.saturating_sub(width(name)));
                lines.push(format!("  {name}{room}  {cell}").trim_end().to_owned());
            }
        }
        lines.join("\n")
    });
    blocks.collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use domain::money::Cents;

    use super::*;

    fn orders() -> Table {
        let text = |key, label| Column::new(key, label, ColumnKind::Text);
        Table {
            title: "Essai".to_owned(),
            columns: vec![
                text("reference", "Référence"),
                text("company", "Entreprise"),
                text("said", "Constat"),
                Column::new("money", "Montant HT", ColumnKind::Money),
            ],
            rows: vec![
                vec![
                    Cell::Text("FEST-2-2026-0031".to_owned()),
                    Cell::Text("Établissements Normandie Bois".to_owned()),
                    Cell::Text("Corrigez l’adresse, puis renvoyez le courriel".to_owned()),
                    Cell::Money(Cents::new(5_000_000)),
                ],
                vec![Cell::Text("FEST-2-2026-0032".to_owned()), Cell::Empty, Cell::Empty, Cell::Empty],
            ],
            ..Table::default()
        }
    }

    #[test]
    fn a_table_wraps_between_words_and_never_cuts_a_reference_or_an_amount() {
        for most in [60, 70, 80, 120] {
            let text = super::table(&orders(), Some(most), str::to_owned);
            for whole in ["FEST-2-2026-0031", "50\u{a0}000,00\u{a0}€", "Établissements", "Corrigez", "renvoyez"] {
                assert!(text.contains(whole), "{most}: {whole}\n{text}");
            }
            assert!(text.lines().all(|line| width(line) <= most), "{most}\n{text}");
        }
    }

    #[test]
    fn a_table_too_wide_for_its_words_is_shown_row_by_row() {
        let text = super::table(&orders(), Some(40), str::to_owned);
        let expected = "FEST-2-2026-0031\n  Entreprise  Établissements Normandie\n              Bois\n  Constat     Corrigez \
                        l’adresse, puis\n              renvoyez le courriel\n  Montant HT  50\u{a0}000,00\u{a0}€";
        assert_eq!(text.split("\n\n").next().unwrap(), expected);
    }

    #[test]
    fn without_a_terminal_a_table_keeps_its_width() {
        let text = super::table(&orders(), None, str::to_owned);
        assert_eq!(text.lines().count(), 4, "{text}");
    }

    #[test]
    fn free_text_is_wrapped_under_its_own_column() {
        let line = "  23 nov. 2026   La Région a préparé le bon de commande";
        assert_eq!(wrapped(line, 40), "  23 nov. 2026   La Région a préparé le\n                 bon de commande");
        assert_eq!(wrapped("court", 40), "court");
        assert_eq!(wrapped("70,97\u{a0}% de 31\u{a0}personnes", 12), "70,97\u{a0}% de\n31\u{a0}personnes");
        let coloured = "\u{1b}[1mTitre\u{1b}[0m et la suite";
        assert_eq!(wrapped(coloured, 11), "\u{1b}[1mTitre\u{1b}[0m et la\nsuite");
    }
}
