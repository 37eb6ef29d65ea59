//! The parts of FEST beside those of the other schemes, and what readers outside get of them.

use domain::committee::TableKind;
use domain::people::Sex;
use reports::committee::assembly::compared;
use reports::committee::evaluation::Indicator;
use reports::committee::given::Part;
use reports::committee::outside::{outside, outside_of};
use reports::committee::{Entries, Evaluation, File, Made, Masked, Sheet, Statement, equity};
use reports::entries::{Ends, EntriesReport, EntryFact, Figures};
use reports::table::{Cell, Table};

use crate::{END_2022, MID_2023, SOURCE, day, evaluation, fest, statement};

fn rows(table: &Table) -> String {
    let row = |cells: &Vec<Cell>| cells.iter().map(Cell::french).collect::<Vec<_>>().join(" | ").replace('\u{a0}', " ");
    table.rows.iter().map(row).collect::<Vec<_>>().join("\n")
}

#[test]
fn fest_stands_beside_the_other_schemes_of_the_deck() {
    let table = |bytes| equity::table(&statement(bytes), day(2022, 12, 31), SOURCE).expect("both are there");
    insta::assert_snapshot!(format!("{}\n\n{}", rows(&table(END_2022)), rows(&table(MID_2023))));
}

/// Two schemes and FEST, in a group of its own.
fn small(fest_figures: &str) -> Statement {
    let head = "Niveau;Dispositif;Entrées;Niveau 4 et infra;Bénéficiaires du RSA;BOE;Dont >45 ans;Dont <26 ans;Poids;Origine\n";
    let text = format!(
        "{head}1;A;100;40;20;-;30;20;;\n1;G;;;;;;;;\n2;FEST;{fest_figures};;parcours\n2;B;100;60;30;10;-;20;;\n1;C;50;-;-;-;-;-;oui;\n"
    );
    Entries::import(&File::csv(text.as_bytes())).unwrap_or_else(|refused| panic!("{:#?}", refused.problems)).statement()
}

#[test]
fn the_others_are_every_row_but_those_of_the_paths() {
    let (total, lots) = fest(END_2022);
    let head = "Niveau;Dispositif;Entrées;Niveau 4 et infra;Bénéficiaires du RSA;BOE;Dont >45 ans;Dont <26 ans;Poids;Origine\n";
    let text = format!(
        "{head}1;A;100;40;20;-;30;20;;\n1;G;;;;;;;;\n2;F;31;22;5;1;13;8;;parcours\n2;B;100;60;30;10;-;20;;\n1;C;50;-;-;-;-;-;oui;\n"
    );
    let entries = Entries::import(&File::csv(text.as_bytes())).expect("it is taken");
    let statement = entries.with_paths(&total, &lots).statement();
    let table = equity::table(&statement, day(2022, 12, 31), SOURCE).expect("both are there");
    let others = |row: usize| (table.rows[row][3].french().replace('\u{a0}', " "), table.rows[row][4].clone());
    assert_eq!(others(0), ("40,00 %".to_owned(), Cell::Count(250)), "C weighs without a share: 100 of 250");
    assert_eq!(others(2), ("6,67 %".to_owned(), Cell::Count(150)), "A has none and does not weigh: 10 of 150");
    assert_eq!(others(3), ("20,00 %".to_owned(), Cell::Count(150)), "B has none: 30 of 150");
    assert_eq!(table.rows[0][1].french().replace('\u{a0}', " "), "70,97 %");
    assert_eq!(table.rows[0][5], Cell::Points(3_097));
    // Without what is printed, FEST and the others make the total.
    let sum = statement.lines.last().expect("the total").computed.parts[0].clone().expect("weighed");
    assert_eq!((sum.people.best, sum.weight), (100 + 22, 250 + 31));
}

#[test]
fn there_is_nothing_to_compare_without_entries_or_without_others() {
    let (total, lots) = fest(END_2022);
    let at = day(2022, 12, 31);
    assert!(equity::table(&Entries::none().with_paths(&total, &lots).statement(), at, SOURCE).is_none());
    let nobody = Figures::default();
    let others = crate::entries(END_2022);
    // What the deck printed of FEST is shown even where the paths say nobody.
    assert!(equity::table(&others.with_paths(&nobody, &[]).statement(), at, SOURCE).is_some());
    assert!(equity::table(&small("0;-;-;-;-;-"), at, SOURCE).is_none(), "no figures of the paths");
}

#[test]
fn a_part_is_withheld_whole_with_any_number_of_it() {
    let outside = |statement: &Statement| {
        let masked = Masked::of(statement);
        let withheld = |part| (0..statement.lines.len()).any(|row| masked.is_hidden(row, part + 1));
        let withheld: [bool; 5] = std::array::from_fn(withheld);
        (equity::masked_table(statement, &masked, day(2022, 12, 31), SOURCE), withheld)
    };
    // Of a hundred people of FEST three are BOE.
    let figures = Figures { entries: 100, level_4_and_below: 60, rsa: 20, boe: 3, over_45: 30, under_26: 20 };
    let head = "Niveau;Dispositif;Entrées;Niveau 4 et infra;Bénéficiaires du RSA;BOE;Dont >45 ans;Dont <26 ans;Poids;Origine\n";
    let text = format!("{head}1;A;100;40;20;10;30;20;;\n1;B;200;90;30;20;60;50;;\n1;F;;;;;;;;parcours\n");
    let entries = Entries::import(&File::csv(text.as_bytes())).expect("it is taken");
    let statement = entries.with_paths(&figures, &[]).statement();
    let shown = equity::table(&statement, day(2022, 12, 31), SOURCE).expect("both are there");
    let (table, withheld) = outside(&statement);
    let table = table.expect("the other parts are shown");
    assert_eq!(table.outline.formulas, []);
    for ((cells, before), withheld) in table.rows.iter().zip(&shown.rows).zip(withheld) {
        for (cell, before) in cells[1..].iter().zip(&before[1..]) {
            let expected = if withheld && before.is_figure() { &Cell::Masked } else { before };
            assert_eq!(cell, expected);
        }
    }
    assert_eq!(withheld, [false, false, true, false, false]);
    for few in [END_2022, MID_2023] {
        assert_eq!(outside(&crate::statement(few)), (None, [true; 5]), "of few entries nothing is left to show");
    }
}

#[test]
fn what_the_others_weigh_is_withheld_with_any_number_of_entries() {
    let (total, lots) = fest(END_2022);
    let head = "Niveau;Dispositif;Entrées;Niveau 4 et infra;Bénéficiaires du RSA;BOE;Dont >45 ans;Dont <26 ans;Poids;Origine\n";
    let text =
        format!("{head}1;A;100;40;20;10;30;20;;\n1;C;3;-;-;-;-;-;oui;\n1;D;20;-;-;-;-;-;;\n1;F;;;;;;;;parcours\n");
    let entries = Entries::import(&File::csv(text.as_bytes())).expect("it is taken");
    let statement = entries.with_paths(&total, &lots).statement();
    let at = day(2022, 12, 31);
    let table = equity::table(&statement, at, SOURCE).expect("both are there");
    assert_eq!(table.rows[0][4], Cell::Count(103), "it would say that C is three people");
    let masked = Masked::of(&statement);
    assert!(masked.is_hidden(1, 0) && masked.hides_entries());
    assert_eq!(equity::masked_table(&statement, &masked, at, SOURCE), None);
}

/// The indicators that are withheld of a sheet.
fn withheld(beneficiaries: i64, values: Vec<(Indicator, Part)>) -> Vec<String> {
    let sheet = Evaluation::new("Essai", beneficiaries, values);
    let table = sheet.masked_table(day(2023, 6, 14), SOURCE, &[]);
    let hidden = table.rows.iter().filter(|cells| cells.contains(&Cell::Masked));
    hidden.map(|cells| cells[0].french()).collect()
}

#[test]
fn a_sheet_of_evaluation_withholds_small_numbers_and_what_would_give_them_back() {
    use Indicator::{
        Disabled, DroppedOut, EarlyExits, Men, Over45, Over50, Over56, SeekingOverOneYear, SeekingUnderSixMonths,
        Under26, Women,
    };
    let people = Part::People;
    assert_eq!(withheld(100, vec![(Men, people(45)), (Women, people(55)), (DroppedOut, people(5))]), [""; 0]);
    assert_eq!(
        withheld(100, vec![(DroppedOut, people(4)), (Disabled, people(0))]),
        ["Demandeurs d’emploi bénéficiaires de l’obligation d’emploi", "Abandons"]
    );
    assert_eq!(withheld(50, vec![(Men, people(3)), (Women, people(47))]), ["Hommes", "Femmes"], "one gives the other");
    assert_eq!(withheld(50, vec![(Over50, people(6)), (Over56, people(2))]), ["Dont plus de 56 ans"]);
    // Nobody is left for those under 26: it would be known that there are none.
    assert_eq!(withheld(40, vec![(Under26, people(0)), (Over45, people(40))]), ["Moins de 26 ans", "Plus de 45 ans"]);
    assert_eq!(withheld(40, vec![(Under26, people(3)), (Over45, people(30))]), ["Moins de 26 ans"]);
    // Those over 50 are over 45, and nobody under 26 is.
    let ages = vec![(Over50, people(40)), (Under26, people(0)), (Over45, people(40))];
    assert_eq!(withheld(40, ages), ["Plus de 50 ans", "Moins de 26 ans", "Plus de 45 ans"]);
    assert_eq!(withheld(40, vec![(Over50, people(40)), (Under26, people(0))]), ["Plus de 50 ans", "Moins de 26 ans"]);
    // Who is not given is known by who is, where both make everyone.
    assert_eq!(withheld(50, vec![(Men, people(47))]), ["Hommes"]);
    assert_eq!(withheld(50, vec![(Men, people(40))]), [""; 0]);
    let seeking = vec![(SeekingOverOneYear, people(37)), (SeekingUnderSixMonths, people(3))];
    // Who is not in a part is few as well.
    let both = ["Demandeurs d’emploi depuis plus d’un an", "Demandeurs d’emploi depuis moins de 6 mois"];
    assert_eq!(withheld(41, seeking), both);
    assert_eq!(withheld(41, vec![(SeekingOverOneYear, people(36))]), [""; 0]);
    // One leaves once: nobody is left for the other.
    assert_eq!(withheld(12, vec![(DroppedOut, people(0)), (EarlyExits, people(12))]).len(), 2);
    assert_eq!(withheld(4, vec![(Men, people(4)), (Women, people(0))]), ["Bénéficiaires", "Hommes", "Femmes"]);
    // A printed share that four people may have is withheld.
    let share = |units| Part::Percent(reports::decimal::Decimal::new(units, 0));
    assert_eq!(withheld(818, vec![(DroppedOut, share(0))]), ["Abandons"]);
    let table = evaluation().masked_table(day(2023, 6, 14), SOURCE, &[]);
    assert!(table.rows.iter().flatten().all(|cell| *cell != Cell::Masked), "the deck's own counts no few people");
}

/// Someone who entered.
fn one(sex: Sex, age: u32, level: u8, rsa: bool, boe: bool) -> EntryFact {
    EntryFact { entered_on: day(2022, 3, 1), age, level, rsa, boe, sex }
}

#[test]
fn the_sheet_of_the_paths_says_who_entered_and_how_they_left() {
    let people: Vec<EntryFact> = [
        vec![one(Sex::Female, 57, 3, true, false); 6],
        vec![one(Sex::Female, 51, 5, false, false); 5],
        vec![one(Sex::Male, 46, 4, true, true); 5],
        vec![one(Sex::Male, 25, 4, false, false); 5],
    ]
    .concat();
    let ends = Some(Ends { dropped_out: 2, early_exits: 5 });
    let sheet = |people: &[EntryFact], ends| Evaluation::of_paths("FEST", people, ends);
    let table = sheet(&people, ends).table(day(2022, 12, 31), SOURCE);
    insta::assert_snapshot!(rows(&table));
    assert_eq!(sheet(&people, ends).differences(), []);
    // Of some entries nobody knows how they ended: nothing is said of the others.
    let untold = sheet(&people, None).table(day(2022, 12, 31), SOURCE);
    assert_eq!(untold.rows.len() + 2, table.rows.len());

    let withheld = |people: &[EntryFact]| {
        let table = sheet(people, None).masked_table(day(2022, 12, 31), SOURCE, &[]);
        let hidden = table.rows.iter().filter(|cells| cells.contains(&Cell::Masked));
        hidden.map(|cells| cells[0].french()).collect::<Vec<_>>()
    };
    assert_eq!(withheld(&people), [""; 0]);
    // Two did not say: both others would give them.
    let some: Vec<EntryFact> = people.iter().copied().chain([one(Sex::Unspecified, 35, 4, false, false); 2]).collect();
    assert_eq!(withheld(&some), ["Hommes", "Femmes"]);
    let several: Vec<EntryFact> =
        people.iter().copied().chain([one(Sex::Unspecified, 35, 4, false, false); 5]).collect();
    assert_eq!(withheld(&several), [""; 0]);
}

#[test]
fn the_sheet_of_the_paths_is_under_the_name_of_their_row_unless_it_was_given() {
    let at = day(2022, 12, 31);
    let (total, lots) = fest(END_2022);
    let people = vec![one(Sex::Male, 30, 4, false, false); 31];
    let report = EntriesReport { as_of: at, total, lots, people, ends: Some(Ends::default()), market: None };
    let entries = made(END_2022, at, &[]);
    let sheet = Made::of_paths(&entries, &report, SOURCE).expect("people entered");
    let name = sheet.scheme.clone().expect("a scheme");
    assert!(entries[0].table.rows.iter().any(|cells| cells[0] == Cell::Text(name.clone())), "{name}");
    assert_eq!(sheet.of_paths.len(), sheet.table.rows.len());
    let text = "Indicateur;Valeur\nBénéficiaires;31\n";
    let given = made(END_2022, at, &[(TableKind::Evaluation, text, Some(&name.to_uppercase()))]);
    assert!(Made::of_paths(&given, &report, SOURCE).is_none());
    assert!(Made::of_paths(&entries, &EntriesReport { people: vec![], ..report }, SOURCE).is_none());
}

#[test]
fn a_sheet_withholds_what_one_above_or_under_it_does() {
    let at = day(2022, 12, 31);
    let head = "Niveau;Dispositif;Entrées;Niveau 4 et infra;Bénéficiaires du RSA;BOE;Dont >45 ans;Dont <26 ans;Poids;Origine\n";
    let text =
        format!("{head}1;G;;;;;;;;\n2;A;60;30;20;20;20;20;;\n2;B;40;20;20;20;20;15;;\n1;C;80;30;20;20;20;20;;\n");
    let entries = Entries::import(&File::csv(text.as_bytes())).expect("it is taken").statement();
    let sheet = |scheme: &str, whole: i64, women: i64| {
        let text = format!("Indicateur;Valeur\nBénéficiaires;{whole}\nHommes;{}\nFemmes;{women}\n", whole - women);
        let sheet =
            Sheet::read(TableKind::Evaluation, &File::csv(text.as_bytes()), at, Some(scheme)).expect("it is taken");
        sheet.made(at, (&Figures::default(), &[]), SOURCE)
    };
    let women = |sheets: Vec<Made>| {
        let made: Vec<Made> = std::iter::once(Made::entries(entries.clone(), at, SOURCE)).chain(sheets).collect();
        let tables = outside(&made, &[], SOURCE);
        let shown =
            |table: &Table| table.rows.iter().find(|cells| cells[0].french() == "Femmes").map(|cells| cells[2].clone());
        tables.iter().filter_map(shown).collect::<Vec<_>>()
    };
    // Of fifty women of the group, forty-seven are of A: three are of B.
    let masked = women(vec![sheet("G", 100, 50), sheet("A", 60, 47), sheet("B", 40, 3), sheet("C", 80, 40)]);
    assert_eq!(masked, [Cell::Masked, Cell::Masked, Cell::Masked, Cell::Count(40)]);
    assert_eq!(women(vec![sheet("A", 60, 47), sheet("B", 40, 3)]), [Cell::Count(47), Cell::Masked]);
}

#[test]
fn a_share_that_no_number_of_people_has_is_withheld_as_the_nearest() {
    let head = "Niveau;Dispositif;Entrées;Niveau 4 et infra;Bénéficiaires du RSA;BOE;Dont >45 ans;Dont <26 ans;Poids;Origine\n";
    let text = format!("{head}1;A;62;40;20;3,00%;20;20;;\n1;B;100;40;20;20;20;20;;\n");
    let statement = Entries::import(&File::csv(text.as_bytes())).expect("it is taken").statement();
    assert!(Masked::of(&statement).is_hidden(0, 3), "of 62 people, 3,00 % are two");
}

#[test]
fn nothing_stands_under_the_row_of_the_paths() {
    let head = "Niveau;Dispositif;Entrées;Niveau 4 et infra;Bénéficiaires du RSA;BOE;Dont >45 ans;Dont <26 ans;Poids;Origine\n";
    let text = format!("{head}1;F;31;;;;;;;parcours\n2;Lot 1;3;;;;;;;\n2;Lot 2;28;;;;;;;\n");
    let refused = Entries::import(&File::csv(text.as_bytes())).expect_err("the lots stand there");
    assert_eq!(refused.problems.len(), 1, "{:?}", refused.problems);
    assert!(refused.problems[0].french().contains("Jalon met les lots"));
}

#[test]
fn two_days_of_a_year_are_not_compared_for_readers_outside() {
    let made = |at| made(END_2022, at, &[]);
    let (end, autumn, before) = (made(day(2022, 12, 31)), made(day(2022, 11, 30)), made(day(2021, 12, 31)));
    assert!(compared(&end, &autumn, false, SOURCE).is_some(), "the Region compares any two");
    assert!(compared(&end, &autumn, true, SOURCE).is_none(), "who entered in between is their difference");
    assert!(compared(&end, &before, true, SOURCE).is_some());
}

/// Tables of a day: the entries, then others from their files.
fn made(entries: &[u8], at: domain::Day, others: &[(TableKind, &str, Option<&str>)]) -> Vec<Made> {
    let (total, lots) = fest(entries);
    let others = others.iter().map(|(kind, text, scheme)| {
        let sheet = Sheet::read(*kind, &File::csv(text.as_bytes()), at, *scheme).expect("it is taken");
        sheet.made(at, (&total, &lots), SOURCE)
    });
    std::iter::once(Made::entries(statement(entries), at, SOURCE)).chain(others).collect()
}

/// What readers outside get of the last of these tables.
fn last(made: &[Made]) -> Table {
    outside(made, &[], SOURCE).pop().expect("there are tables")
}

/// The figures of a column that are shown.
fn figures(table: &Table, column: usize) -> usize {
    table.rows.iter().filter(|cells| cells[column].is_figure()).count()
}

#[test]
fn what_one_table_withholds_no_other_says() {
    let years = "Dispositif;2022;2023\nA;40;50\nB;62 + 504;60\nTotal;606;110\n";
    let at = day(2023, 6, 30);
    // In the middle of 2023 the entries of each lot are few: no table says entries of that year.
    let tables = made(MID_2023, at, &[(TableKind::Yearly, years, None)]);
    assert!(Masked::of(&statement(MID_2023)).hides_entries());
    let shown = &last(&tables);
    assert_eq!((figures(shown, 1), figures(shown, 2)), (3, 0), "{shown:?}");
    assert_eq!(shown.outline.formulas, []);
    assert!(shown.notes.iter().any(|note| note.contains("secret statistique")));
    // At the end of 2022 none is withheld, and the year is shown.
    let tables = made(END_2022, day(2022, 12, 31), &[(TableKind::Yearly, years, None)]);
    let shown = &last(&tables);
    assert_eq!((figures(shown, 1), figures(shown, 2)), (3, 3));
    assert_eq!(shown, &tables[1].table, "nothing of it is withheld");
    // Beside another day that withholds entries, its year is not.
    let other = made(MID_2023, at, &[]);
    let shown = outside(&tables, &other, SOURCE).pop().expect("there are tables");
    assert_eq!((figures(&shown, 1), figures(&shown, 2)), (3, 0));
    // A number of few people takes its year with it.
    let few = years.replace("40;50", "40;4").replace(";110", ";64");
    let tables = made(END_2022, day(2022, 12, 31), &[(TableKind::Yearly, &few, None)]);
    let shown = &last(&tables);
    assert_eq!((figures(shown, 1), figures(shown, 2)), (3, 0));
}

#[test]
fn entries_of_sectors_are_withheld_with_their_rates() {
    let text = String::from_utf8_lossy(crate::SECTORS).into_owned();
    let sectors = [(TableKind::Sectors, text.as_str(), None)];
    let few = text
        .lines()
        .skip(1)
        .any(|line| line.split(';').nth(4).is_some_and(|count| matches!(count.trim().parse(), Ok(1..=4))));
    assert!(!few, "the deck counts no few people in a sector");
    // The sectors of 2023 count the entries of 2022; those of 2024 would count those of 2023.
    let shown = outside_of(&made(END_2022, day(2022, 12, 31), &[]), &[], SOURCE);
    assert_eq!(shown.len(), 1);
    let tables = made(MID_2023, day(2023, 6, 30), &sectors);
    assert_eq!(last(&tables), tables[1].table, "nothing is withheld of 2022");
    let later = text.replace("2023", "2024").replace("2022", "2023");
    let (total, lots) = fest(MID_2023);
    let sheet =
        Sheet::read(TableKind::Sectors, &File::csv(later.as_bytes()), day(2024, 1, 31), None).expect("it is taken");
    let tables = [
        Made::entries(statement(MID_2023), day(2023, 6, 30), SOURCE),
        sheet.made(day(2024, 1, 31), (&total, &lots), SOURCE),
    ];
    let shown = &last(&tables);
    for column in 1..=3 {
        assert_eq!(figures(shown, column), figures(&tables[1].table, column), "places and amounts are shown");
    }
    for column in 4..=6 {
        assert_eq!(figures(shown, column), 0, "entries and what gives them back are not");
    }
}

#[test]
fn a_sheet_of_evaluation_says_no_part_that_the_entries_withhold() {
    let at = day(2022, 12, 31);
    let sheet = |scheme| {
        let text = "Indicateur;Valeur\nBénéficiaires;369\nMoins de 26 ans;40\nPlus de 45 ans;329\nAbandons;18\n";
        let tables = made(END_2022, at, &[(TableKind::Evaluation, text, Some(scheme))]);
        let shown = last(&tables);
        let hidden = shown.rows.iter().filter(|cells| cells.contains(&Cell::Masked)).map(|cells| cells[0].french());
        hidden.collect::<Vec<_>>()
    };
    // The table of the entries withholds the ages of this scheme.
    assert_eq!(sheet("GENERATION compétences"), ["Moins de 26 ans", "Plus de 45 ans"]);
    // A sheet whose name no row has keeps what is withheld of any.
    assert_eq!(sheet("Autre"), ["Moins de 26 ans", "Plus de 45 ans"]);
    assert_eq!(sheet("#Avenir"), [""; 0], "nothing is withheld of that row");
    // Where the entries of the scheme are withheld, so is the whole sheet.
    let text = "Indicateur;Valeur\nBénéficiaires;40\nAbandons;18\n";
    let lot = "Lot 1 — Seine-Maritime et Eure";
    let tables = made(MID_2023, day(2023, 6, 30), &[(TableKind::Evaluation, text, Some(lot))]);
    let shown = last(&tables);
    assert!(shown.rows.iter().all(|cells| cells[1..].iter().all(|cell| !cell.is_figure())), "{shown:?}");
}
