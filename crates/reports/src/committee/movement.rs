//! What moved between two tables of the same kind: every cell that is not what it was, under the names of its row, and through what:
//! the same table from the files of before and the paths of now stands between both, so that what the paths moved and what the
//! files did are told apart.
//!
//! Rows are the same when their names and those of the rows that they stand under are; what Jalon recomputes under a printed row is
//! left out, since it only says how that row differs.

use crate::table::{Cell, Rank, Table};

/// A cell that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Names of the row and of those it stands under, outermost first.
    pub row: Vec<String>,
    /// The heading of its column.
    pub column: String,
    /// The rank of its column, from 1 after the names.
    pub rank: usize,
    /// Nothing for a row or a column that was not there.
    pub before: Cell,
    /// From the files of before and the paths of now; not known when a file does not read any more.
    pub through: Option<Cell>,
    pub now: Cell,
    pub paths: OfPaths,
}

/// What a row has to do with the paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfPaths {
    /// Its figures are theirs: FEST, or a lot of it.
    Own,
    /// FEST stands under it.
    Above,
    Not,
}

impl Moved {
    /// The row with those it stands under.
    pub fn place(&self) -> String {
        wording::committee::under(&self.row)
    }

    /// Whether paths moved it.
    pub fn by_paths(&self) -> bool {
        self.through.as_ref().map_or(self.paths != OfPaths::Not, |through| *through != self.before)
    }

    /// Whether a file moved it.
    pub fn by_file(&self) -> bool {
        self.through.as_ref().map_or(self.paths != OfPaths::Own, |through| *through != self.now)
    }
}

/// A table with its rows that come from the paths.
pub type Side<'a> = (&'a Table, &'a [usize]);

/// A row with its names.
struct Place {
    names: Vec<String>,
    row: usize,
    paths: OfPaths,
}

/// The rows of a table; `of_paths` are those that come from the paths.
fn places(table: &Table, of_paths: &[usize]) -> Vec<Place> {
    let mut above: Vec<(u8, usize)> = Vec::new();
    let mut places: Vec<Place> = Vec::new();
    for (row, cells) in table.rows.iter().enumerate() {
        let line = table.outline.line(row);
        if line.rank == Rank::Recomputed {
            continue;
        }
        let name = match cells.first() {
            Some(Cell::Text(name)) => name.clone(),
            _ => String::new(),
        };
        above.retain(|(indent, _)| *indent < line.indent);
        if line.rank == Rank::Total {
            above.clear();
        }
        let mut names = above.last().map_or_else(Vec::new, |(_, place)| places[*place].names.clone());
        names.push(name);
        let own = of_paths.contains(&row);
        if own {
            for (_, place) in &above {
                if places[*place].paths == OfPaths::Not {
                    places[*place].paths = OfPaths::Above;
                }
            }
        }
        let paths = match (own, line.rank) {
            (true, _) => OfPaths::Own,
            (false, Rank::Total) if !of_paths.is_empty() => OfPaths::Above,
            (false, _) => OfPaths::Not,
        };
        above.push((line.indent, places.len()));
        places.push(Place { names, row, paths });
    }
    places
}

/// Every cell that moved from one table to the other.
pub fn moved(before: Side<'_>, through: Option<Side<'_>>, now: Side<'_>) -> Vec<Moved> {
    let (was, is) = (places(before.0, before.1), places(now.0, now.1));
    let between = through.map(|side| (side.0, places(side.0, side.1)));
    let mut columns: Vec<(&str, &str)> = Vec::new();
    for table in [before.0, now.0] {
        for column in table.columns.iter().skip(1) {
            if columns.iter().all(|(key, _)| *key != column.key) {
                columns.push((&column.key, &column.label));
            }
        }
    }
    let cell = |table: &Table, place: Option<&Place>, key: &str| {
        let column = table.columns.iter().position(|column| column.key == key)?;
        table.rows.get(place?.row)?.get(column).cloned()
    };
    let added = is.iter().filter(|place| was.iter().all(|other| other.names != place.names));
    let mut found = Vec::new();
    for place in was.iter().chain(added) {
        let of = |places: &[Place]| places.iter().position(|other| other.names == place.names);
        let (then, today) = (of(&was).map(|at| &was[at]), of(&is).map(|at| &is[at]));
        for (rank, (key, label)) in columns.iter().enumerate() {
            let was = cell(before.0, then, key).unwrap_or(Cell::Empty);
            let is = cell(now.0, today, key).unwrap_or(Cell::Empty);
            if was != is {
                let through = between.as_ref().map(|(table, places)| {
                    let place = places.iter().find(|other| other.names == place.names);
                    cell(table, place, key).unwrap_or(Cell::Empty)
                });
                found.push(Moved {
                    through,
                    row: place.names.clone(),
                    column: (*label).to_owned(),
                    rank: rank + 1,
                    before: was,
                    now: is,
                    paths: place.paths,
                });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Column, ColumnKind, Line, Outline};

    fn table(rows: &[(&str, u8, Rank, i64)]) -> Table {
        Table {
            columns: vec![
                Column::new("scheme", "Dispositif", ColumnKind::Text),
                Column::new("entries", "Entrées", ColumnKind::Count),
            ],
            rows: rows.iter().map(|row| vec![Cell::Text(row.0.to_owned()), Cell::Count(row.3)]).collect(),
            outline: Outline {
                lines: rows.iter().map(|row| Line { indent: row.1, rank: row.2 }).collect(),
                ..Outline::default()
            },
            ..Table::default()
        }
    }

    #[test]
    fn a_cell_that_moved_is_named_by_its_row_and_those_above() {
        let before = table(&[
            ("QUALIF", 0, Rank::Group, 12),
            ("Collectif", 1, Rank::Detail, 5),
            ("FEST", 1, Rank::Group, 7),
            ("Lot 1", 2, Rank::Detail, 7),
            ("Autre", 0, Rank::Detail, 3),
            ("TOTAL", 0, Rank::Total, 15),
        ]);
        let now = table(&[
            ("QUALIF", 0, Rank::Group, 11),
            ("QUALIF, recalculé", 0, Rank::Recomputed, 12),
            ("Collectif", 1, Rank::Detail, 5),
            ("FEST", 1, Rank::Group, 6),
            ("Lot 1", 2, Rank::Detail, 6),
            ("Nouveau", 0, Rank::Detail, 1),
            ("Autre", 0, Rank::Detail, 3),
            ("TOTAL", 0, Rank::Total, 15),
        ]);
        // The paths moved FEST and what stands above it; the file brought a row, and had moved the group back.
        let through = table(&[
            ("QUALIF", 0, Rank::Group, 11),
            ("Collectif", 1, Rank::Detail, 5),
            ("FEST", 1, Rank::Group, 6),
            ("Lot 1", 2, Rank::Detail, 6),
            ("Autre", 0, Rank::Detail, 3),
            ("TOTAL", 0, Rank::Total, 14),
        ]);
        let moved = moved((&before, &[2, 3]), Some((&through, &[2, 3])), (&now, &[3, 4]));
        let causes: Vec<_> = moved.iter().map(|moved| (moved.by_paths(), moved.by_file())).collect();
        assert_eq!(causes, [(true, false), (true, false), (true, false), (false, true)]);
        let said: Vec<_> =
            moved.iter().map(|moved| (moved.place(), moved.before.french(), moved.now.french(), moved.paths)).collect();
        let line =
            |row: &str, before: &str, now: &str, paths| (row.to_owned(), before.to_owned(), now.to_owned(), paths);
        assert_eq!(
            said,
            [
                line("QUALIF", "12", "11", OfPaths::Above),
                line("QUALIF › FEST", "7", "6", OfPaths::Own),
                line("QUALIF › FEST › Lot 1", "7", "6", OfPaths::Own),
                line("Nouveau", "–", "1", OfPaths::Not),
            ]
        );
    }
}
