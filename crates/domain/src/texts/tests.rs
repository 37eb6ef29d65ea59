use proptest::prelude::*;

use super::*;

fn asking() -> Holds {
    let mut variables: BTreeSet<Variable> = Variable::iter().collect();
    variables.remove(&Variable::Deadline);
    Holds { variables, asks: true, keeps_title: false, keeps_standard: false, outside: true }
}

/// A text, and what is wrong at which line.
type Case = (Place, String, Vec<(usize, Wrong)>);

fn check(place: Place, typed: &str) -> Vec<(usize, Wrong)> {
    let problems = read(place, typed, &asking()).err().unwrap_or_default();
    problems.into_iter().map(|problem| (problem.line, problem.wrong)).collect()
}

#[test]
fn a_text_is_paragraphs_of_words_and_variables() {
    let parts = read(Place::Text, "Bonjour {destinataire},\n\n{texte}\r\n{lien}\nÀ bientôt.", &asking()).unwrap();
    assert_eq!(
        parts,
        [
            Part::Paragraph(vec![
                Piece::Words("Bonjour ".to_owned()),
                Piece::Value(Variable::Recipient),
                Piece::Words(",".to_owned())
            ]),
            Part::Standard,
            Part::Link,
            Part::Paragraph(vec![Piece::Words("À bientôt.".to_owned())]),
        ]
    );
    assert_eq!(read(Place::Complement, "", &Holds::of_lot()).unwrap(), []);
    assert_eq!(read(Place::Title, " ", &asking()).unwrap(), []);
}

#[test]
fn every_problem_is_given_with_its_line() {
    let unknown = |typed: &str, nearest| Wrong::Unknown { typed: typed.to_owned(), nearest };
    let address = |word: &str| Wrong::Address(word.to_owned());
    let table: Vec<Case> = vec![
        (Place::Text, " \n ".into(), vec![(1, Wrong::Missing)]),
        (Place::Text, "Bonjour.".into(), vec![(1, Wrong::LinkMissing)]),
        (Place::Text, "{lien}\n{lien}".into(), vec![(2, Wrong::Twice(Variable::Link))]),
        (Place::Text, "{texte}\n{texte}\n{lien}".into(), vec![(2, Wrong::Twice(Variable::Standard))]),
        (Place::Text, "Ici {lien}".into(), vec![(1, Wrong::NotAlone(Variable::Link))]),
        (Place::Text, "{lien}\n{entreprize}".into(), vec![(2, unknown("entreprize", Some(Variable::Company)))]),
        (Place::Text, "{lien}\n{Métier}".into(), vec![(2, unknown("Métier", Some(Variable::Job)))]),
        (Place::Text, "{lien}\n{nom}".into(), vec![(2, unknown("nom", None))]),
        (Place::Text, "{lien}\n{salaire annuel}".into(), vec![(2, unknown("salaire annuel", None))]),
        (Place::Text, "{lien}\nUn {metier".into(), vec![(2, Wrong::Brace)]),
        (Place::Text, "{lien}\nUn metier}".into(), vec![(2, Wrong::Brace)]),
        (Place::Text, "{lien}\n{{lien}}".into(), vec![(2, Wrong::Brace)]),
        (Place::Text, "{lien}\nAvant le {echeance}".into(), vec![(2, Wrong::NotHere(Variable::Deadline))]),
        (Place::Text, "{lien}\nhttps://exemple.test/a".into(), vec![(2, address("https://exemple.test/a"))]),
        (Place::Text, "{lien}\nVoir (exemple.FR).".into(), vec![(2, address("(exemple.FR)."))]),
        (Place::Text, "{lien}\nwww.exemple".into(), vec![(2, address("www.exemple"))]),
        (Place::Text, "{lien}\n{entreprise}.fr".into(), vec![(2, address("xx.fr"))]),
        (Place::Text, "{lien}\na@exemple.test".into(), vec![(2, address("a@exemple.test"))]),
        (Place::Text, "{lien}\n<b>gras".into(), vec![(2, Wrong::Character('<'))]),
        (Place::Text, "{lien}\nà l\u{202e}envers".into(), vec![(2, Wrong::Character('\u{202e}'))]),
        (Place::Text, "{lien}\n12 €".into(), vec![(2, Wrong::Amount)]),
        (Place::Text, "{lien}\ndouze euros.".into(), vec![(2, Wrong::Amount)]),
        (Place::Text, format!("{{lien}}\n{}", "a".repeat(3_000)), vec![(1, Wrong::TooLong { max: 3_000 })]),
        (Place::Text, format!("{{lien}}{}", "\na".repeat(20)), vec![(21, Wrong::TooManyLines { max: 20 })]),
        (
            Place::Text,
            format!("{{lien}}\n{}", "{lot} ".repeat(20)),
            vec![(1, Wrong::TooManyVariables { max: MOST_VARIABLES })],
        ),
        (Place::Title, "Une étude\npour vous".into(), vec![(2, Wrong::TooManyLines { max: 1 })]),
        (Place::Title, "Pour {destinataire}".into(), vec![(1, Wrong::NamesSomebody(Variable::Recipient))]),
        (Place::Title, "Avec {coordination}".into(), vec![(1, Wrong::NamesSomebody(Variable::Coordinator))]),
        (Place::Title, "{lien}".into(), vec![(1, Wrong::NotHere(Variable::Link))]),
        (Place::Signature, "{texte}".into(), vec![(1, Wrong::NotHere(Variable::Standard))]),
    ];
    for (place, typed, expected) in table {
        assert_eq!(check(place, &typed), expected, "{typed}");
    }
}

#[test]
fn what_changes_with_the_case_keeps_its_own_paragraphs() {
    let holds = Holds { asks: false, keeps_standard: true, ..asking() };
    assert_eq!(read(Place::Text, "Bonjour.\n{texte}", &holds).unwrap().len(), 2);
    let problems = read(Place::Text, "Bonjour.\n\nÀ bientôt.", &holds).unwrap_err();
    assert_eq!(problems, [TextProblem { place: Place::Text, line: 3, wrong: Wrong::StandardMissing }]);
    let holds = Holds { keeps_title: true, ..holds };
    let problems = read(Place::Title, "Une étude", &holds).unwrap_err();
    assert_eq!(problems, [TextProblem { place: Place::Title, line: 1, wrong: Wrong::TitleVaries }]);
    assert_eq!(read(Place::Title, "", &holds).unwrap(), []);
}

#[test]
fn a_subject_is_read_from_its_name() {
    let company = Subject::Message { kind: "feasibility_ordered".to_owned(), role: RecipientRole::Company };
    for subject in [company, Subject::Lot("2".parse().unwrap())] {
        assert_eq!(subject.to_string().parse(), Ok(subject));
    }
    for name in ["", "lot", "lot/", "feasibility_ordered", "feasibility_ordered/nobody"] {
        assert_eq!(name.parse::<Subject>(), Err(NoSubject), "{name}");
    }
}

#[test]
fn words_with_a_point_and_hours_are_no_address() {
    for text in ["M.Dupont, 9h30-12h.", "Ouvert de 9.30 à 12.15, etc.", "N.B. : le lot 1.", "Voir le point 2.b"] {
        assert_eq!(check(Place::Title, text), [], "{text}");
    }
}

#[test]
fn several_problems_are_given_together() {
    let wrong: Vec<usize> = check(Place::Text, "{metir}\nwww.exemple\n{lot").iter().map(|(line, _)| *line).collect();
    assert_eq!(wrong, [1, 2, 3, 3]);
}

proptest! {
    #[test]
    fn what_is_read_is_what_was_typed(typed in "([a-zé ]|\\{lot\\}|\\{texte\\}|\\{lien\\}|\\{|\\}|\n){0,40}") {
        let Ok(parts) = read(Place::Text, &typed, &asking()) else { return Ok(()) };
        let line = |part: &Part| match part {
            Part::Standard => braced(Variable::Standard),
            Part::Link => braced(Variable::Link),
            Part::Paragraph(pieces) => pieces.iter().map(|piece| match piece {
                Piece::Words(words) => words.clone(),
                Piece::Value(variable) => braced(*variable),
            }).collect(),
        };
        let said: Vec<String> = parts.iter().map(line).collect();
        let lines: Vec<&str> = typed.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        prop_assert_eq!(said, lines);
        prop_assert_eq!(parts.iter().filter(|part| **part == Part::Link).count(), 1);
        prop_assert_eq!(kept(Place::Text, &typed), Some(parts));
    }
}
