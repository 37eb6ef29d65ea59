//! Each rule of delegations, met and refused.

use uuid::Uuid;

use super::*;
use crate::samples;

fn day(text: &str) -> Day {
    samples::day(text)
}

fn lot(code: &str) -> LotCode {
    LotCode::parse(code).unwrap()
}

fn account(role: StaffRole, number: u128, name: &str) -> Account {
    Account { id: AccountId::new(Uuid::from_u128(number)), name: name.to_owned(), ..samples::account(role, 1) }
}

fn coordinators() -> [Account; 3] {
    [(1, "Claire"), (2, "Hugo"), (3, "Nora")].map(|(number, name)| account(StaffRole::Coordinator, number, name))
}

fn officer(number: u128, lots: &[&str]) -> Account {
    let lots = lots.iter().map(|code| lot(code)).collect();
    Account { lots, ..account(StaffRole::RegionOfficer, number, &format!("Officier {number}")) }
}

fn delegation(from: &Account, to: &Account, starts_on: &str, ends_on: &str) -> Delegation {
    Delegation {
        id: DelegationId::new(Uuid::from_u128(9)),
        from: from.id,
        to: to.id,
        starts_on: day(starts_on),
        ends_on: day(ends_on),
        ended_at: None,
    }
}

fn code(result: Result<(), DelegationRefusal>) -> &'static str {
    result.map_or_else(|refusal| refusal.code(), |()| "made")
}

const WEEK: (&str, &str) = ("2026-12-07", "2026-12-13");

fn ask(from: &Account, to: &Account, days: (&str, &str), others: &[Delegation], all: &[Account]) -> &'static str {
    code(delegate((from, to), (day(days.0), day(days.1)), day("2026-12-01"), others, all))
}

#[test]
fn both_days_are_included() {
    let [claire, hugo, _] = coordinators();
    let delegation = delegation(&claire, &hugo, "2026-12-07", "2026-12-08");
    let days = ["2026-12-06", "2026-12-07", "2026-12-08", "2026-12-09"].map(day);
    assert_eq!(days.map(|day| delegation.runs_on(day)), [false, true, true, false]);
    assert_eq!(days.map(|day| delegation.is_ahead(day)), [true, true, true, false]);
    let ended = Delegation { ended_at: Some(crate::calendar::at_paris(day("2026-12-07"), 9, 0)), ..delegation };
    assert!(!ended.runs_on(day("2026-12-07")) && !ended.is_ahead(day("2026-12-07")));
}

#[test]
fn only_a_colleague_of_the_same_role_and_lots_stands_in() {
    let [claire, hugo, _] = coordinators();
    let all = [claire.clone(), hugo.clone()];
    assert_eq!(ask(&claire, &hugo, WEEK, &[], &all), "made");
    let other_body = Account { body: samples::account(StaffRole::Coordinator, 2).body, ..hugo.clone() };
    let closed = Account { active: false, ..hugo };
    for wrong in [&claire, &other_body, &closed, &officer(7, &[])] {
        assert_eq!(ask(&claire, wrong, WEEK, &[], &all), "not_a_colleague", "{}", wrong.name);
    }
    assert_eq!(ask(&Account { active: false, ..claire.clone() }, &claire, WEEK, &[], &all), "account_closed");
    for role in [StaffRole::RegionFinance, StaffRole::RegionViewer, StaffRole::Administrator, StaffRole::Auditor] {
        let (one, two) = (account(role, 4, "Un"), account(role, 5, "Deux"));
        assert_eq!(ask(&one, &two, WEEK, &[], &[]), "does_not_delegate", "{role}");
    }
    let made = |from: &[&str], to: &[&str]| ask(&officer(1, from), &officer(2, to), WEEK, &[], &[]) == "made";
    assert!(made(&["1"], &["1"]) && made(&["1"], &["1", "2"]) && made(&["1"], &[]) && made(&[], &[]));
    assert!(!made(&["1"], &["2"]) && !made(&["1", "2"], &["1"]) && !made(&[], &["1", "2"]));
}

#[test]
fn the_days_make_sense() {
    let [claire, hugo, _] = coordinators();
    assert_eq!(ask(&claire, &hugo, ("2026-12-01", "2026-12-01"), &[], &[]), "made");
    assert_eq!(ask(&claire, &hugo, ("2026-11-30", "2026-12-13"), &[], &[]), "starts_in_the_past");
    assert_eq!(ask(&claire, &hugo, ("2026-12-07", "2026-12-06"), &[], &[]), "ends_before_it_starts");
}

#[test]
fn nothing_overlaps_comes_back_or_is_passed_on() {
    let [claire, hugo, nora] = coordinators();
    let all = [claire.clone(), hugo.clone(), nora.clone()];
    let known = [delegation(&claire, &hugo, WEEK.0, WEEK.1)];
    for days in [WEEK, ("2026-12-13", "2026-12-20"), ("2026-12-01", "2026-12-07"), ("2026-12-09", "2026-12-10")] {
        assert_eq!(ask(&claire, &nora, days, &known, &all), "already_away", "{days:?}");
        assert_eq!(ask(&hugo, &claire, days, &known, &all), "circular", "{days:?}");
        assert_eq!(ask(&nora, &claire, days, &known, &all), "stand_in_away", "{days:?}");
        assert_eq!(ask(&hugo, &nora, days, &known, &all), "stands_in", "{days:?}");
        assert_eq!(ask(&nora, &hugo, days, &known, &all), "made", "one may stand in for two colleagues: {days:?}");
    }
    for days in [("2026-12-14", "2026-12-20"), ("2026-12-01", "2026-12-06")] {
        assert_eq!(ask(&claire, &nora, days, &known, &all), "made", "{days:?}");
        assert_eq!(ask(&hugo, &claire, days, &known, &all), "made", "{days:?}");
    }
    let ended = known.map(|known| Delegation { ended_at: Some(crate::calendar::at_paris(day(WEEK.0), 9, 0)), ..known });
    assert_eq!(ask(&claire, &nora, WEEK, &ended, &all), "made");
}

#[test]
fn an_officer_acts_in_the_name_of_one_colleague_a_lot() {
    let (one, two, all) = (officer(1, &["1"]), officer(2, &["1", "2"]), officer(3, &[]));
    let accounts = [one.clone(), two.clone(), all.clone(), officer(4, &["2"])];
    let known = [delegation(&one, &all, WEEK.0, WEEK.1)];
    assert_eq!(ask(&two, &all, WEEK, &known, &accounts), "two_at_once");
    assert_eq!(ask(&accounts[3], &all, WEEK, &known, &accounts), "made");
}

#[test]
fn an_act_is_recorded_under_both_names_where_the_absent_is_in_charge() {
    let [claire, hugo, nora] = coordinators();
    let accounts = [claire.clone(), hugo.clone(), nora.clone()];
    let standing = stand_ins(&[delegation(&claire, &hugo, WEEK.0, WEEK.1)], &accounts, day("2026-12-10"));
    let (lot, of) = (lot("1"), |account: &Account| Some(account.id));
    let behalf =
        |actor: &Actor, coordinator| acting(actor, coordinator, &lot, &standing).principal().map(|p| p.account);
    assert_eq!(behalf(&hugo.actor(), of(&claire)), Some(claire.id));
    assert_eq!(behalf(&hugo.actor(), of(&hugo)), None, "their own path");
    assert_eq!(behalf(&hugo.actor(), of(&nora)), None, "a path of somebody who is there");
    assert_eq!(behalf(&hugo.actor(), None), None);
    assert_eq!(behalf(&claire.actor(), of(&claire)), None, "who is away may still act, in their own name");
    assert_eq!(behalf(&nora.actor(), of(&claire)), None, "another colleague acts in their own name");
    assert_eq!(acting(&Actor::System, of(&claire), &lot, &standing), Actor::System);
    assert_eq!(acting(&hugo.actor(), of(&claire), &lot, &standing).side(), hugo.actor().side());
}

#[test]
fn an_officer_is_in_charge_of_their_lots_alone() {
    let (one, all) = (officer(1, &["1"]), officer(3, &[]));
    let standing = stand_ins(&[delegation(&one, &all, WEEK.0, WEEK.1)], &[one.clone(), all.clone()], day(WEEK.0));
    assert_eq!(acting(&all.actor(), None, &lot("1"), &standing).principal().map(|p| p.account), Some(one.id));
    assert_eq!(acting(&all.actor(), None, &lot("2"), &standing).principal(), None);
}

#[test]
fn it_is_worth_nothing_once_the_two_are_no_colleagues() {
    let [claire, hugo, _] = coordinators();
    let known = [delegation(&claire, &hugo, WEEK.0, WEEK.1)];
    let on = |accounts: &[Account], on: &str| stand_ins(&known, accounts, day(on)).len();
    assert_eq!(on(&[claire.clone(), hugo.clone()], WEEK.1), 1);
    assert_eq!(on(&[claire.clone(), hugo.clone()], "2026-12-14"), 0, "it ends by itself");
    assert_eq!(on(&[claire.clone(), Account { active: false, ..hugo.clone() }], WEEK.1), 0);
    assert_eq!(on(&[Account { active: false, ..claire }, hugo.clone()], WEEK.1), 0);
    assert_eq!(on(&[hugo], WEEK.1), 0);
}
