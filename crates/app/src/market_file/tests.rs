use domain::market::OptionCode;
use domain::money::Cents;

use super::*;

const FILE: &str = include_str!("../../../../config/market.toml");

/// The problems of the project's own file after a replacement, as `line text: key: code`.
#[track_caller]
fn problems_after(replacements: &[(&str, &str)]) -> Vec<String> {
    let mut text = FILE.to_owned();
    for (before, after) in replacements {
        assert!(text.contains(before), "the file says {before}");
        text = text.replacen(before, after, 1);
    }
    let lines: Vec<&str> = text.lines().collect();
    match read(&text) {
        Ok(_) => Vec::new(),
        Err(problems) => problems
            .iter()
            .map(|FileProblem { line, problem }| {
                format!("{} | {} | {}", lines[line - 1].trim(), problem.key, problem.kind.code())
            })
            .collect(),
    }
}

#[test]
fn the_projects_file_is_the_deck() {
    let markets = read(FILE).unwrap();
    let codes: Vec<_> = markets.iter().map(|market| (market.code.as_str(), market.past)).collect();
    assert_eq!(codes, [("fest-2023", false), ("afest-2021", true)]);
    let fest = &markets[0];
    assert_eq!(fest.budget_per_year, Cents::new(250_000_000));
    assert!(!fest.prices_confirmed && !fest.enabled(OptionCode::M3));
    for lot in &fest.lots {
        assert_eq!(lot.places_per_year, Some(250));
        let path = [OptionCode::P1, OptionCode::M1, OptionCode::M2, OptionCode::N2];
        let price: Cents = path.iter().map(|option| fest.price(*option, &lot.holder.code).unwrap().unit_price).sum();
        assert_eq!(price, Cents::new(500_000), "a usual full path costs 5 000 €");
        assert!(fest.price(OptionCode::M3, &lot.holder.code).is_some(), "priced, and not enabled");
        assert!(lot.holder.email.as_str().ends_with(".example"), "a reserved domain");
    }
    let territory: Vec<_> = fest.lots.iter().flat_map(|lot| &lot.departments).map(ToString::to_string).collect();
    assert_eq!(territory, ["76", "27", "14", "50", "61"]);
    assert!(markets[1].lots.iter().all(|lot| lot.places_per_year.is_none()));
    assert_eq!(markets[1].clocks, fest.clocks, "the terms of the market it names");
}

#[test]
fn the_clocks_of_the_file_are_those_of_the_contract() {
    let fest = &read(FILE).unwrap()[0];
    for (clock, span) in [
        (ClockKind::NeedDecision, "15 d"),
        (ClockKind::StudyDue, "30 d"),
        (ClockKind::PreparationOrder, "60 d"),
        (ClockKind::PreparationDue, "45 d"),
        (ClockKind::Verification, "15 d"),
        (ClockKind::Acceptance, "10 d"),
        (ClockKind::Redelivery, "15 d"),
        (ClockKind::SelectionOpening, "60 d"),
        (ClockKind::Selection, "60 d"),
        (ClockKind::Signatures, "7 d"),
        (ClockKind::ImplementationOrder, "10 d"),
        (ClockKind::Reservation, "60 d"),
        (ClockKind::EntryDeclaration, "3 wd"),
        (ClockKind::MissingLog, "7 d"),
        (ClockKind::Suspension, "30 d"),
        (ClockKind::ReportDue, "15 d"),
        (ClockKind::FollowUp, "6 m"),
        (ClockKind::Accident, "2 d"),
    ] {
        assert_eq!(fest.clock(clock).span.to_string(), span, "{clock}");
    }
    let study = fest.clock(ClockKind::StudyDue);
    assert_eq!(
        (&study.remind_before[..], &study.remind_after[..], study.escalate_after),
        (&[7, 1][..], &[1][..], Some(8))
    );
    assert_eq!(fest.clock(ClockKind::Verification).remind_before, [5, 2]);
    assert_eq!(fest.ccag(Prestation::Feasibility).verification, Span::days(15));
}

#[test]
fn every_key_is_explained() {
    let lines: Vec<&str> = FILE.lines().collect();
    let mut explained = std::collections::BTreeSet::new();
    for (rank, line) in lines.iter().enumerate().filter(|(_, line)| !line.starts_with('#')) {
        let Some((key, _)) = line.split_once(" = ") else { continue };
        // A comment stands above the key, or above the keys and the section just before it.
        let above = lines[..rank].iter().rev().find(|line| line.is_empty() || line.starts_with('#'));
        let comment = above.is_some_and(|line| line.starts_with('#'));
        assert!(explained.contains(key) || comment, "line {}: {key} is not explained", rank + 1);
        explained.insert(key);
    }
    assert!(explained.len() > 50, "the keys of a market, of its clocks included");
}

#[test]
fn a_bad_value_names_its_key_and_line() {
    for (before, after, expected) in [
        ("code = \"afest-2021\"", "code = \"AFEST 2021\"", "market.1.code | expected"),
        ("places_per_year = 250", "places_per_year = -250", "market.0.lots.0.places_per_year | expected"),
        ("places_per_year = 250", "places_per_year = \"250\"", "market.0.lots.0.places_per_year | expected"),
        ("starts_on = 2023-07-01", "starts_on = \"2023-02-30\"", "market.0.starts_on | expected"),
        ("starts_on = 2023-07-01", "starts_on = 2027-07-01", "market.0.ends_on | ends_before_start"),
        ("[\"76\", \"27\"]", "[\"76\", \"seine\"]", "market.0.lots.0.departments.1 | identifier"),
        ("[\"76\", \"27\"]", "[\"76\", \"14\"]", "market.0.lots.1.departments | department_twice"),
        ("[\"76\", \"27\"]", "\"76, 27\"", "market.0.lots.0.departments | expected"),
        (
            "email = \"fest@retravailler.example\"",
            "email = \"fest@retravailler\"",
            "market.0.lots.0.holder.email | identifier",
        ),
        ("unit_price = 600", "unit_price = \"600 €\"", "market.0.prices.0.unit_price | expected"),
        ("unit_price = 600", "unit_price = 600.005", "market.0.prices.0.unit_price | expected"),
        ("unit_price = 600", "unit_price = 0", "market.0.prices.0.unit_price | not_positive"),
        ("vat = 20", "vat = 2000", "market.0.prices.0.vat | expected"),
        ("option = \"P1\"", "option = \"P9\"", "market.0.prices.0.option | expected"),
        ("holder = \"retravailler\"", "holder = \"someone\"", "market.0.prices.0.holder | unknown_holder"),
        ("n3_from_hours = 300", "n3_from_hours = 100", "market.0.levels.n3_from_hours | levels_not_ascending"),
        ("verification = \"15 d\"", "verification = \"15 jours\"", "market.0.ccag.feasibility.verification | expected"),
        ("policy = \"block\"", "policy = \"bloquer\"", "market.0.places.policy | expected"),
        ("alert_percents = [80, 95]", "alert_percents = [95, 80]", "market.0.places.alert_percents | not_ascending"),
        (
            "study_due = { span = \"30 d\", remind_before = [7, 1]",
            "study_due = { span = \"30 d\", remind_before = [70]",
            "market.0.clocks.study_due.remind_before | reminder_before_start",
        ),
        ("from = \"20:00\"", "from = \"25:00\"", "market.0.quiet_hours.from | expected"),
        ("prices_confirmed = false", "prices_confirmed = \"non\"", "market.0.prices_confirmed | expected"),
        ("terms_of = \"fest-2023\"", "terms_of = \"fest-2024\"", "market.1.terms_of | unknown_market"),
        ("code = \"afest-2021\"", "code = \"fest-2023\"", "market.1.code | market_twice"),
    ] {
        let problems = problems_after(&[(before, after)]);
        let keys: Vec<_> = problems.iter().map(|problem| problem.split_once(" | ").unwrap().1).collect();
        if expected.ends_with("unknown_holder") {
            // The price that went to nobody is missing for the holder.
            assert_eq!(keys, ["market.0.prices | price_missing", expected]);
            continue;
        }
        assert_eq!(keys, [expected], "{after}");
        let line = problems[0].split_once(" | ").unwrap().0;
        let last = after.lines().next().unwrap().trim();
        let elsewhere = ["ends_on", "department_twice"].iter().any(|place| expected.contains(place));
        assert!(elsewhere || line.contains(last), "{line} should hold {last}");
    }
}

#[test]
fn a_missing_key_is_told_at_its_section() {
    for (line, expected) in [
        (
            "title = \"Accompagnement de parcours de formation en situation de travail (FEST)\"",
            "[[market]] | market.0.title | missing_key",
        ),
        ("n2_from_hours = 150", "[market.levels] | market.0.levels.n2_from_hours | missing_key"),
        ("departments = [\"76\", \"27\"]", "[[market.lots]] | market.0.lots.0.departments | missing_key"),
        (
            "enabled_options = [\"P1\", \"M1\", \"M2\", \"N1\", \"N2\", \"N3\"]",
            "[[market]] | market.0.enabled_options | missing_key",
        ),
        (
            "accident = { span = \"2 d\", remind_before = [1] }",
            "[market.clocks] | market.0.clocks.accident | missing_key",
        ),
        ("terms_of = \"fest-2023\"", "[[market]] | market.1.ccag | missing_key"),
    ] {
        let problems = problems_after(&[(line, "")]);
        assert_eq!(problems.first().map(String::as_str), Some(expected));
        assert_eq!(problems.len(), if line.starts_with("terms_of") { 8 } else { 1 }, "{problems:?}");
    }
}

#[test]
fn every_problem_is_told_at_once_in_the_order_of_the_lines() {
    let problems = problems_after(&[
        ("starts_on = 2023-07-01", "starts_on = 2023-13-01x"),
        ("policy = \"block\"", "policy = \"bloquer\"\ncolour = \"bleu\""),
    ]);
    assert!(problems[0].ends_with("| syntax"), "{problems:?}");
    assert!(problems.iter().any(|problem| problem.ends_with("policy | expected")), "{problems:?}");
    assert!(problems.iter().any(|problem| problem.ends_with("colour | unknown_key")), "{problems:?}");

    let problems = problems_after(&[
        ("budget_per_year = 2_500_000", "budget_per_year = 0"),
        ("[\"76\", \"27\"]", "[]"),
        ("unit_price = 600", "unit_price = -600"),
        ("weekly_hours = 35", "weekly_hours = 99"),
        ("signatures = { span = \"7 d\"", "signatures = { span = \"0 d\""),
    ]);
    let keys: Vec<_> = problems.iter().map(|problem| problem.split(" | ").nth(1).unwrap()).collect();
    assert_eq!(
        keys,
        [
            "market.0.budget_per_year",
            "market.0.lots.0.departments",
            "market.0.prices.0.unit_price",
            "market.0.training.weekly_hours",
            "market.0.clocks.signatures.remind_before",
            "market.0.clocks.signatures.span",
        ]
    );
}

#[test]
fn an_empty_file_and_a_file_of_something_else_are_refused() {
    assert_eq!(read("").unwrap_err()[0].problem.kind, ProblemKind::MissingKey);
    assert_eq!(read("market = 3").unwrap_err()[0].problem.kind, ProblemKind::Expected(Expected::Sections));
    assert_eq!(read("[[market]]\nlots = [1]").unwrap_err()[0].line, 1);
}

#[test]
fn an_unknown_key_is_refused_with_those_that_exist() {
    let text = FILE.replacen("policy = \"block\"", "policy = \"block\"\ncolour = \"bleu\"", 1);
    let problems = read(&text).unwrap_err();
    assert_eq!(problems[0].problem.key, "market.0.places.colour");
    assert_eq!(problems[0].problem.kind, ProblemKind::UnknownKey { known: vec!["policy", "alert_percents"] });
    assert_eq!(problems.len(), 1, "told once, though two markets share the section: {problems:?}");
}
