//! Files that are refused, with everything that is wrong with them; and those that are taken as other hands save them.

use reports::committee::import::{BYTES, File, FileKind, Refused};
use reports::committee::{Budget, Entries, Evaluation, Masked, Programme, Sectors, Yearly};
use rust_xlsxwriter::{Format, Workbook};

use crate::{END_2022, SECTORS};

const HEAD: &str =
    "Niveau;Dispositif;Entrées;Niveau 4 et infra;Bénéficiaires du RSA;BOE;Dont >45 ans;Dont <26 ans;Poids;Origine\n";

fn said<T: std::fmt::Debug>(result: Result<T, Refused>) -> String {
    let refused = result.expect_err("it is refused");
    refused.problems.iter().map(|problem| format!("  {problem}\n")).collect()
}

fn entries(rows: &str) -> String {
    said(Entries::import(&File::csv(format!("{HEAD}{rows}").as_bytes())))
}

#[test]
fn what_is_refused_says_why_all_at_once() {
    let columns = format!("{}\n1\n", vec!["x"; 41].join(";"));
    let rows = format!("{HEAD}{}", "1;A;1;1;0;0;0;0;;\n".repeat(1_000));
    let cases: Vec<(&str, String)> = vec![
        ("empty", said(Entries::import(&File::csv(b"")))),
        ("headings alone", said(Entries::import(&File::csv(HEAD.as_bytes())))),
        ("too large", said(Entries::import(&File::csv(&vec![b'x'; BYTES + 1])))),
        ("too many columns", said(Entries::import(&File::csv(columns.as_bytes())))),
        ("too many rows", said(Entries::import(&File::csv(rows.as_bytes())))),
        ("a long text", entries(&format!("1;{};3;1;0;0;0;0;;\n", "x".repeat(301)))),
        ("UTF-16", said(Entries::import(&File::csv(b"\xff\xfeN\0")))),
        ("a workbook called CSV", said(Entries::import(&File::csv(b"PK\x03\x04")))),
        ("a CSV called workbook", said(Entries::import(&File::xlsx(HEAD.as_bytes())))),
        ("headings", said(Entries::import(&File::csv(b"Niveau;Dispositif;Dispositifs;RSA %;Total;\n1;A;B;1;2;3\n")))),
        ("separated by commas", said(Entries::import(&File::csv(b"Niveau,Dispositif\n1,A\n")))),
        (
            "numbers",
            entries("1;A;-3;douze;10%;101%;-5%;12,5;peut-être;ailleurs\n1;B;12%;=1+1;1;1;1;1;;\n1;C;3 000 000 000;1;1;1;1;1;;\n1;;5;6;0;0;0;0;;\n"),
        ),
        ("shares of nothing", entries("1;A;-;12%;-;-;-;-;;\n1;B;;;;;;;;\n")),
        ("the tree", entries("2;A;1;-;-;-;-;-;;\n1;B;2;-;-;-;-;-;;\n3;C;1;-;-;-;-;-;;\n2;D;1;-;-;-;-;-;;\n2;d;1;-;-;-;-;-;;\nplus;E;1;-;-;-;-;-;;\n")),
        ("totals", entries("1;A;1;-;-;-;-;-;;parcours\n1;B;1;-;-;-;-;-;;parcours\ntotal;T;2;-;-;-;-;-;;\n1;C;1;-;-;-;-;-;;\ntotal;U;2;-;-;-;-;-;;\n")),
        ("years", said(Yearly::import(&File::csv("Dispositif;2021;2021\nA;1 + x;-2\nA;62 + 504;3\nTotal;9;9;9\n".as_bytes())))),
        ("no year", said(Yearly::import(&File::csv("Dispositif\nA\n".as_bytes())))),
        ("amounts", said(Budget::import(&File::csv("Ligne;2021\nA;12 k€\nB;-3M€\nC;1,234 €\n".as_bytes())))),
        ("another year", said(Sectors::import(&File::csv(SECTORS), 2024))),
        (
            "the programme",
            said(Programme::import(
                &File::csv("Niveau;Dispositif;Nombre de parcours moyens commandés 2023;Volume heures 2023;Montant total 2023;Nombre de parcours moyens commandés 2022;Comparatif places commandées 2022 / 2023;Unité\n1;A;1,5;x;y;2;environ;places\n".as_bytes()),
                2023,
            )),
        ),
        (
            "the sheet",
            said(Evaluation::import(&File::csv("Indicateur;Valeur\nHommes;900\nÂge du capitaine;12\nFemmes;120 %\nHommes;1\n".as_bytes()), "A")),
        ),
    ];
    let text: String = cases.iter().map(|(case, said)| format!("{case}\n{said}\n")).collect();
    insta::assert_snapshot!(text);
    for line in text.lines().filter(|line| line.starts_with("  ")) {
        // What the file says is quoted as it is.
        let parts: Vec<&str> = line.split('«').map(|part| part.rsplit('»').next().unwrap_or("")).collect();
        let ours = parts.join("mot");
        assert_eq!(wording::typography::check(&ours), [], "{line}");
    }
}

#[test]
fn what_other_hands_save_is_the_same_table() {
    let text = std::str::from_utf8(END_2022).expect("UTF-8");
    let reference = Entries::import(&File::csv(END_2022)).expect("the deck's own");
    let marked = format!("\u{feff}{}", text.replace('\n', "\r\n"));
    assert_eq!(Entries::import(&File::csv(marked.as_bytes())).as_ref(), Ok(&reference));
    let (latin, _, lost) = encoding_rs::WINDOWS_1252.encode(text);
    assert!(!lost && std::str::from_utf8(&latin).is_err());
    assert_eq!(Entries::import(&File::csv(&latin)).as_ref(), Ok(&reference));
    let spaced = text.replace("10820", "\"10\u{202f}820\"").replace(";-;", "; – ;");
    assert_eq!(Entries::import(&File::csv(spaced.as_bytes())).as_ref(), Ok(&reference));
}

/// A workbook of the rows of a file, percentages as spreadsheets hold them.
fn workbook(text: &str, sheets: &[&str]) -> Vec<u8> {
    let mut book = Workbook::new();
    for name in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).expect("a name");
        for (row, line) in text.lines().enumerate() {
            for (column, cell) in line.split(';').enumerate() {
                let (row, column) = (u32::try_from(row).expect("few"), u16::try_from(column).expect("few"));
                let percent = cell.strip_suffix('%').and_then(|digits| digits.replace(',', ".").parse::<f64>().ok());
                if let Some(percent) = percent {
                    let format = Format::new().set_num_format("0.00%");
                    sheet.write_number_with_format(row, column, percent / 100.0, &format).expect("a cell");
                } else if let Ok(number) = cell.parse::<f64>() {
                    sheet.write_number(row, column, number).expect("a cell");
                } else if !cell.is_empty() {
                    sheet.write_string(row, column, cell).expect("a cell");
                }
            }
        }
    }
    book.save_to_buffer().expect("a workbook")
}

#[test]
fn a_workbook_is_the_same_table() {
    let text = std::str::from_utf8(END_2022).expect("UTF-8");
    let reference = Entries::import(&File::csv(END_2022)).expect("the deck's own");
    assert_eq!(Entries::import(&File::xlsx(&workbook(text, &["Entrées"]))).as_ref(), Ok(&reference));
    let two = workbook(text, &["Entrées", "Autre"]);
    let named = File { kind: FileKind::Xlsx, bytes: &two, sheet: Some("Autre") };
    assert_eq!(Entries::import(&named).as_ref(), Ok(&reference));
    let unknown = File { sheet: Some("Perdue"), ..named };
    let refused = [said(Entries::import(&File::xlsx(&two))), said(Entries::import(&unknown))].concat();
    insta::assert_snapshot!(refused);
}

#[test]
fn a_workbook_costs_no_more_than_what_is_read() {
    let mut book = Workbook::new();
    book.add_worksheet().write_number(1_048_575, 16_383, 1).expect("the last cell");
    let refused = said(Entries::import(&File::xlsx(&book.save_to_buffer().expect("a workbook"))));
    assert!(refused.contains("trop de lignes"), "{refused}");

    let mut file = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    file.start_file("xl/worksheets/sheet1.xml", zip::write::SimpleFileOptions::default()).expect("a part");
    for _ in 0..40 {
        std::io::Write::write_all(&mut file, &vec![b' '; 1 << 20]).expect("spaces");
    }
    let bomb = file.finish().expect("a file").into_inner();
    assert!(bomb.len() < BYTES, "{}", bomb.len());
    let refused = said(Entries::import(&File::xlsx(&bomb)));
    assert!(refused.contains("trop grand"), "{refused}");
}

#[test]
fn a_text_that_looks_like_a_formula_is_a_name() {
    let text = format!("{HEAD}1;=HYPERLINK(\"http://example.org\");40;20;10;8;9;9;;\n");
    let statement = Entries::import(&File::csv(text.as_bytes())).expect("it is taken").statement();
    assert_eq!(statement.lines[0].name, "=HYPERLINK(\"http://example.org\")");
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(64))]

    #[test]
    fn whatever_is_given_is_taken_or_refused(text in "([-;:#%€,.+=0-9A-Za-zé \"\n\r\t]|total|Niveau|oui|\u{a0}){0,200}", cut in 0_usize..8_000) {
        let under_a_head = format!("{HEAD}{text}");
        for bytes in [text.as_bytes(), under_a_head.as_bytes()] {
            let file = File::csv(bytes);
            if let Ok(entries) = Entries::import(&file) {
                let statement = entries.statement();
                let _ = (statement.differences(), statement.table(crate::day(2023, 6, 30), "x"), Masked::of(&statement));
            }
            let _ = (Yearly::import(&file), Budget::import(&file), Sectors::import(&file, 2023), Programme::import(&file, 2023));
            let _ = Evaluation::import(&file, "x");
        }
        let mut book = workbook(&under_a_head, &["x"]);
        book.truncate(cut);
        let _ = Entries::import(&File::xlsx(&book));
    }
}
