//! The rules of decision 32, each on a table made for it.

use reports::committee::evaluation::Indicator;
use reports::committee::given::Part;
use reports::committee::{Difference, Entries, Evaluation, File, Finding, Statement};
use reports::table::{Cell, Rank};

use crate::{SOURCE, day};

const HEAD: &str =
    "Niveau;Dispositif;Entrées;Niveau 4 et infra;Bénéficiaires du RSA;BOE;Dont >45 ans;Dont <26 ans;Poids\n";

fn statement(rows: &str) -> Statement {
    let text = format!("{HEAD}{rows}");
    let entries = Entries::import(&File::csv(text.as_bytes()));
    entries.unwrap_or_else(|refused| panic!("{:#?}", refused.problems)).statement()
}

fn findings(differences: &[Difference]) -> Vec<(&str, Finding, String)> {
    let brief = |found| {
        let Difference { row, finding, computed, .. }: &Difference = found;
        (row.last().map_or("", String::as_str), *finding, computed.french().replace('\u{a0}', " "))
    };
    differences.iter().map(brief).collect()
}

/// Level 4 and below of a row as the table shows it.
fn shown(statement: &Statement, row: usize) -> String {
    statement.table(day(2023, 6, 30), SOURCE).rows[row][2].french().replace('\u{a0}', " ")
}

#[test]
fn a_printed_total_is_reproduced_when_whole_people_allow_it() {
    // 9 999 to 10 001 people of A print 50,00 %, 1 000 of B print 10,00 %: together 36,66 % or 36,67 %.
    let with = |total: &str| {
        statement(&format!("1;A;20000;50,00%;-;-;-;-;\n1;B;10000;10,00%;-;-;-;-;\ntotal;T;30000;{total};-;-;-;-;\n"))
    };
    for allowed in ["36,66%", "36,67%"] {
        assert_eq!(with(allowed).differences(), [], "{allowed}");
        assert_eq!(shown(&with(allowed), 2).replace(' ', ""), allowed, "what was printed is shown");
    }
    for wrong in ["36,65%", "36,68%"] {
        assert_eq!(findings(&with(wrong).differences()), [("T", Finding::Share, "36,67 %".to_owned())]);
    }
    assert_eq!(shown(&with(""), 2), "36,67 %", "the nearest, where nothing was printed");
    let rule = |total: &str| with(total).table(day(2023, 6, 30), SOURCE).outline.rule(2, 2).is_some();
    assert!(rule("36,67%") && rule("") && !rule("36,66%"), "a formula would show another value");
}

#[test]
fn a_share_that_no_number_of_people_has_is_a_finding() {
    let statement = statement("1;A;31;71,00%;-;-;-;-;\n");
    assert_eq!(findings(&statement.differences()), [("A", Finding::NoSuchShare, "–".to_owned())]);
    assert_eq!(shown(&statement, 0), "71,00 %", "it is shown all the same");
}

#[test]
fn what_weighs_is_said_by_the_import() {
    let share = |weight: &str, part: &str| {
        shown(&statement(&format!("1;A;100;50;-;-;-;-;\n1;B;100;{part};-;-;-;-;{weight}\n")), 2)
    };
    assert_eq!(share("", "-"), "50,00 %", "a row of « - » does not weigh");
    assert_eq!(share("oui", "-"), "25,00 %", "unless it is said to");
    assert_eq!(share("", "10"), "30,00 %");
    assert_eq!(share("non", "10"), "50,00 %", "a row with a share weighs, unless it is said not to");
}

#[test]
fn a_wrong_figure_is_reported_where_it_stands_and_not_above() {
    let statement = statement(
        "1;A;;;;;;;\n2;B;10;5;-;-;-;-;\n3;C;4;2;-;-;-;-;\n3;D;5;2;-;-;-;-;\n2;E;10;5;-;-;-;-;\ntotal;T;20;50,00%;-;-;-;-;\n",
    );
    assert_eq!(findings(&statement.differences()), [("B", Finding::Sum, "9".to_owned())]);
    let table = statement.table(day(2023, 6, 30), SOURCE);
    let ranks: Vec<Rank> = table.outline.lines.iter().map(|line| line.rank).collect();
    use Rank::{Detail, Group, Recomputed, Total};
    assert_eq!(ranks, [Group, Group, Recomputed, Detail, Detail, Detail, Total]);
    assert_eq!(table.rows[0][1], Cell::Count(20), "the group is computed from what its rows show");
}

#[test]
fn a_sheet_that_cannot_stand_together_is_found() {
    let people = Part::People;
    let sheet = |values: Vec<(Indicator, Part)>| Evaluation::new("Essai", 100, values).differences();
    let half = |men, women| sheet(vec![(Indicator::Men, people(men)), (Indicator::Women, people(women))]);
    assert_eq!(half(45, 55), []);
    assert_eq!(findings(&half(45, 50)), [("Hommes", Finding::Sum, "95".to_owned())]);
    let ages = sheet(vec![(Indicator::Over50, people(40)), (Indicator::Over56, people(41))]);
    assert_eq!(findings(&ages), [("Dont plus de 56 ans", Finding::Share, "40".to_owned())]);
    let seeking =
        sheet(vec![(Indicator::SeekingOverOneYear, people(67)), (Indicator::SeekingSixToTwelveMonths, people(34))]);
    assert_eq!(findings(&seeking), [("Demandeurs d’emploi depuis plus d’un an", Finding::Sum, "101".to_owned())]);
}
