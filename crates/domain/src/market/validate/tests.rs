use super::*;
use crate::money::VatRate;
use crate::samples::market;

/// The problems of the sample after a change, as `key: code`.
fn after(change: impl FnOnce(&mut Market)) -> Vec<String> {
    let mut market = market();
    change(&mut market);
    market.problems().iter().map(|problem| format!("{}: {}", problem.key, problem.kind.code())).collect()
}

#[track_caller]
fn check(expected: &str, change: impl FnOnce(&mut Market)) {
    assert_eq!(after(change), [expected]);
}

#[test]
fn the_sample_has_no_problem() {
    assert_eq!(after(|_| {}), [""; 0]);
}

#[test]
fn each_rule_names_its_key() {
    check("code: expected", |market| market.code = "FEST 2023".into());
    check("title: empty", |market| market.title = "  ".into());
    check("ends_on: ends_before_start", |market| market.ends_on = market.starts_on);
    check("budget_per_year: not_positive", |market| market.budget_per_year = Cents::ZERO);
    check("budget_per_year: too_large", |market| market.budget_per_year = Cents::new(i64::MAX));
    check("lots.1.code: lot_twice", |market| market.lots[1].code = market.lots[0].code.clone());
    check("lots.1.name: empty", |market| market.lots[1].name.clear());
    check("lots.0.holder.name: empty", |market| market.lots[0].holder.name.clear());
    check("lots.0.departments: empty", |market| market.lots[0].departments.clear());
    check("lots.1.departments: department_twice", |market| {
        let department = market.lots[0].departments[0].clone();
        market.lots[1].departments.push(department);
    });
    check("lots.0.departments: department_twice", |market| {
        let department = market.lots[0].departments[0].clone();
        market.lots[0].departments.push(department);
    });
    check("lots.0.places_per_year: not_positive", |market| market.lots[0].places_per_year = Some(0));
    check("lots.0.maximum_places_per_year: maximum_below_planned", |market| {
        market.lots[0].maximum_places_per_year = Some(249);
    });
    check("lots.1.maximum: not_positive", |market| market.lots[1].maximum = Cents::new(-1));
    check("enabled_options: option_twice", |market| market.enabled_options.push(OptionCode::P1));
    check("prices: price_missing", |market| {
        market.prices.remove(0);
    });
    check("prices.0.unit_price: not_positive", |market| market.prices[0].unit_price = Cents::ZERO);
    check("prices.0.unit_price: too_large", |market| market.prices[0].unit_price = Cents::new(10_000_000_000));
    check("prices.12.option: price_twice", |market| {
        let price = market.prices[0].clone();
        market.prices.push(price);
    });
    check("prices.12.holder: unknown_holder", |market| {
        let holder = BodyCode::parse("someone-else").unwrap();
        let price =
            crate::market::Price { option: OptionCode::M3, holder, unit_price: Cents::new(1), vat: VatRate::EXEMPT };
        market.prices.push(price);
    });
    check("levels.n2_from_hours: not_positive", |market| market.levels.n2_from_hours = 0);
    check("levels.n3_from_hours: levels_not_ascending", |market| market.levels.n3_from_hours = 150);
    check("ccag.preparation: ccag_missing", |market| {
        market.ccag.remove(&Prestation::Preparation);
    });
    check("ccag.preparation.verification: span_empty", |market| {
        market.ccag.get_mut(&Prestation::Preparation).unwrap().verification = Span::days(0);
    });
    check("ccag.feasibility.penalty_divisor: not_positive", |market| {
        market.ccag.get_mut(&Prestation::Feasibility).unwrap().penalty_divisor = 0;
    });
    check("places.alert_percents: not_between", |market| market.places.alert_percents = vec![0, 80]);
    check("places.alert_percents: not_ascending", |market| market.places.alert_percents = vec![95, 80]);
    check("training.weekly_hours: not_between", |market| market.training.weekly_hours = 60);
    check("training.daily_hours: not_between", |market| market.training.daily_hours = 0);
    check("training.completion_percent: not_between", |market| market.training.completion_percent = 101);
    check("penalties.cap_percent: not_between", |market| market.penalties.cap_percent = 0);
    check("penalties.waived_up_to: not_positive", |market| market.penalties.waived_up_to = Cents::new(-1));
    check("penalties.comment: span_empty", |market| market.penalties.comment = Span::working_days(0));
}

#[test]
fn every_clock_has_terms_and_a_span() {
    for kind in ClockKind::iter() {
        check(&format!("clocks.{kind}: clock_missing"), |market| {
            market.clocks.remove(&kind);
        });
    }
    let study = |change: fn(&mut ClockTerms)| {
        move |market: &mut Market| change(market.clocks.get_mut(&ClockKind::StudyDue).unwrap())
    };
    check(
        "clocks.study_due.span: span_empty",
        study(|clock| {
            clock.span = Span::months(0);
            clock.remind_before.clear();
        }),
    );
    check("clocks.study_due.remind_before: reminder_before_start", study(|clock| clock.remind_before = vec![30]));
    check("clocks.study_due.remind_before: not_ascending", study(|clock| clock.remind_before = vec![7, 7]));
    check("clocks.study_due.remind_after: not_positive", study(|clock| clock.remind_after = vec![0]));
    check("clocks.study_due.escalate_after: not_positive", study(|clock| clock.escalate_after = Some(0)));
}

#[test]
fn a_past_market_needs_no_money() {
    let problems = after(|market| {
        market.past = true;
        market.budget_per_year = Cents::ZERO;
        market.lots.iter_mut().for_each(|lot| lot.maximum = Cents::ZERO);
        market.enabled_options.clear();
        market.prices.clear();
    });
    assert_eq!(problems, [""; 0]);
}

#[test]
fn every_problem_is_told_at_once() {
    let problems = after(|market| {
        market.title.clear();
        market.lots[0].departments.clear();
        market.levels.n2_from_hours = 0;
        market.clocks.clear();
    });
    assert_eq!(problems.len(), 3 + ClockKind::iter().count());
}

#[test]
fn one_body_may_hold_two_lots_under_one_description() {
    let same = |market: &mut Market| market.lots[1].holder = market.lots[0].holder.clone();
    let only_prices_of_nobody: Vec<_> = after(same);
    assert!(
        only_prices_of_nobody.iter().all(|problem| problem.ends_with("unknown_holder")),
        "{only_prices_of_nobody:?}"
    );
    let differs = after(|market| {
        same(market);
        market.lots[1].holder.name = "Other".into();
    });
    assert!(differs.contains(&"lots.1.holder.code: holder_differs".to_owned()), "{differs:?}");
}

#[test]
fn two_markets_have_two_codes() {
    let problems = problems(&[market(), market()]);
    assert_eq!(problems.iter().map(|problem| problem.key.as_str()).collect::<Vec<_>>(), ["market.1.code"]);
    assert_eq!(problems[0].kind, ProblemKind::MarketTwice { code: "fest-2023".into() });
}
