//! What readers outside are shown of the deck's rows.

use reports::committee::{Comparison, Entries, File, Masked};
use reports::table::{Cell, Format, Table};

use crate::{END_2022, MID_2023, SOURCE, day, statement};

#[test]
fn small_numbers_of_the_paths_are_withheld_and_cannot_be_found_again() {
    for bytes in [END_2022, MID_2023] {
        let statement = statement(bytes);
        let masked = Masked::of(&statement);
        let table = masked.table(day(2023, 6, 30), SOURCE);
        assert_eq!(table.outline.formulas, [], "a formula would compute what is withheld");
        for (row, line) in statement.lines.iter().enumerate() {
            let Some(entries) = line.shown_entries().filter(|entries| *entries > 0) else { continue };
            assert!(entries >= 5 || masked.is_hidden(row, 0), "{}", line.name);
            for part in 0..5 {
                let small = line.people(part).is_some_and(|people| people < 5);
                assert!(!small || table.rows[row][part + 2] == Cell::Masked, "{}, {part}", line.name);
            }
        }
        let hidden = table.rows.iter().flatten().filter(|cell| **cell == Cell::Masked).count();
        let figures = table.rows.iter().flatten().filter(|cell| cell.is_figure()).count();
        assert!(hidden > 10 && figures > 2 * hidden, "{hidden} hidden, {figures} shown");
        assert!(!table.write(Format::Json).expect("JSON").contains("formulas\": [\n      {"));
    }
}

#[test]
fn the_deck_shown_outside() {
    let statement = statement(MID_2023);
    let table = Masked::of(&statement).table(day(2023, 6, 30), SOURCE);
    let lines = table
        .rows
        .iter()
        .map(|row| row.iter().map(Cell::french).collect::<Vec<_>>().join(" | ").replace('\u{a0}', " "));
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_table_of_large_numbers_is_shown_whole() {
    let text = "Niveau;Dispositif;Entrées;Niveau 4 et infra;Bénéficiaires du RSA;BOE;Dont >45 ans;Dont <26 ans\n1;A;100;50;20;10;30;30\n1;B;90;60;30;9;20;40\n";
    let statement = Entries::import(&File::csv(text.as_bytes())).expect("it is taken").statement();
    let table = Masked::of(&statement).table(day(2023, 6, 30), SOURCE);
    assert!(table.rows.iter().flatten().all(|cell| *cell != Cell::Masked));
}

#[test]
fn two_dates_compared_say_nothing_that_one_of_them_withholds() {
    let (now, before) = (statement(MID_2023), statement(END_2022));
    let days = [day(2023, 6, 30), day(2022, 12, 31)];
    let comparison = Comparison { now: (&now, days[0]), before: (&before, days[1]) };
    let outside = [Masked::of(&now).table(days[0], SOURCE), Masked::of(&before).table(days[1], SOURCE)];
    let [entries, shares] = comparison.masked_tables(SOURCE);
    assert!(entries.outline.formulas.is_empty() && shares.outline.formulas.is_empty());
    let fest = |table: &Table| {
        let at = table.rows.iter().position(|row| row[0].french() == wording::reports::SCHEME_ROW).expect("FEST");
        table.rows[at..at + 3].to_vec()
    };
    let shown =
        |row: &[Cell]| row[1..].iter().map(|cell| cell.french().replace('\u{a0}', " ")).collect::<Vec<_>>().join(" | ");
    assert_eq!(shown(&fest(&entries)[0]), "7 | 31 | −24 | −77,42 %");
    assert_eq!(shown(&fest(&entries)[1]), "s | 19 | s | s", "a lot whose entries are few at one date");
    for (row, lines) in fest(&shares).iter().enumerate() {
        let alone = [fest(&outside[0])[row].clone(), fest(&outside[1])[row].clone()];
        for (part, figure) in lines[1..].chunks(3).enumerate() {
            assert_eq!([&figure[0], &figure[1]], [&alone[0][part + 2], &alone[1][part + 2]]);
            assert_eq!(figure[2] == Cell::Masked, figure[..2].contains(&Cell::Masked), "{figure:?}");
        }
    }
}
