//! Each rule of accounts, met and refused.

use uuid::Uuid;

use super::*;
use crate::samples;

fn account(role: StaffRole, number: u128) -> Account {
    Account { id: AccountId::new(Uuid::from_u128(number)), ..samples::account(role, 1) }
}

fn to(account: &Account, role: StaffRole) -> AccountChange {
    AccountChange { role, ..AccountChange::of(account) }
}

fn today() -> Day {
    samples::day("2026-03-02")
}

#[test]
fn nothing_changes_when_nothing_is_changed() {
    let officer = account(StaffRole::RegionOfficer, 1);
    let same = change(&officer, AccountChange::of(&officer), None, std::slice::from_ref(&officer), today()).unwrap();
    assert_eq!(same, officer);
    assert!(changed(&officer, &same).is_empty());
}

#[test]
fn what_changed_is_told_field_by_field() {
    let officer = account(StaffRole::RegionOfficer, 1);
    let wanted = AccountChange {
        email: samples::email("autre@region.example"),
        name: "  Hélène Morel ".to_owned(),
        phone: Phone::parse("02 35 00 00 07").ok(),
        role: StaffRole::RegionViewer,
        lots: officer.lots.clone(),
        ends_on: Some(today()),
    };
    let after = change(&officer, wanted, None, std::slice::from_ref(&officer), today()).unwrap();
    assert_eq!(after.name, "Hélène Morel");
    assert!(after.lots.is_empty(), "only an officer follows lots");
    assert_eq!(changed(&officer, &after), AccountField::iter().collect::<Vec<_>>());
}

#[test]
fn an_account_stays_with_its_organisation() {
    let (coordinator, officer) = (account(StaffRole::Coordinator, 1), account(StaffRole::RegionOfficer, 2));
    let all = [coordinator.clone(), officer.clone()];
    for (account, role) in [(&coordinator, StaffRole::RegionOfficer), (&officer, StaffRole::Coordinator)] {
        let refused = change(account, to(account, role), None, &all, today());
        assert_eq!(refused, Err(AccountRefusal::OtherOrganisation { role }));
    }
}

#[test]
fn an_administrator_stays() {
    let (one, two) = (account(StaffRole::Administrator, 1), account(StaffRole::Administrator, 2));
    let closed = Account { active: false, ..two.clone() };
    let viewer = to(&one, StaffRole::RegionViewer);
    let both = [one.clone(), two.clone()];
    assert_eq!(change(&one, viewer.clone(), Some(one.id), &both, today()), Err(AccountRefusal::OwnRole));
    assert!(change(&one, viewer.clone(), Some(two.id), &both, today()).is_ok());
    let alone = [one.clone(), closed.clone()];
    assert_eq!(change(&one, viewer, None, &alone, today()), Err(AccountRefusal::LastAdministrator));
    assert_eq!(close(&one, 0, None, &alone), Err(AccountRefusal::LastAdministrator));
    assert_eq!(close(&one, 0, None, &both), Ok(()));
    assert_eq!(close(&closed, 0, None, &alone), Ok(()));
}

#[test]
fn paths_go_to_an_open_coordinator_of_the_same_body() {
    let from = account(StaffRole::Coordinator, 1);
    let colleague = account(StaffRole::Coordinator, 2);
    let all = [from.clone(), colleague.clone()];
    assert_eq!(close(&from, 3, None, &all), Err(AccountRefusal::HoldsPaths { paths: 3 }));
    assert_eq!(close(&from, 0, None, &all), Ok(()));
    assert_eq!(close(&from, 3, Some(&colleague), &all), Ok(()));
    let other_body = Account { body: samples::account(StaffRole::Coordinator, 2).body, ..colleague.clone() };
    for wrong in [
        from.clone(),
        Account { active: false, ..colleague },
        other_body,
        account(StaffRole::RegionOfficer, 3),
        account(StaffRole::Administrator, 4),
    ] {
        let refused = AccountRefusal::CannotTakeOver { name: wrong.name.clone() };
        assert_eq!(close(&from, 3, Some(&wrong), &all), Err(refused));
    }
}

#[test]
fn who_only_reads_may_have_a_last_day_and_an_auditor_has_one() {
    let (today, past) = (today(), samples::day("2026-03-01"));
    for role in StaffRole::iter() {
        let last = last_day(role, Some(today), None, today);
        assert_eq!(last, Ok(role.is_dated().then_some(today)), "{role}");
        let none = last_day(role, None, None, today);
        let wanted = if role == StaffRole::Auditor { Err(AccountRefusal::WithoutLastDay) } else { Ok(None) };
        assert_eq!(none, wanted, "{role}");
    }
    let refused = Err(AccountRefusal::LastDayPassed { last: past });
    assert_eq!(last_day(StaffRole::Auditor, Some(past), None, today), refused);
    assert_eq!(last_day(StaffRole::Auditor, Some(past), Some(past), today), Ok(Some(past)), "what is there stays");
    let auditor = Account { ends_on: Some(today), ..account(StaffRole::Auditor, 1) };
    assert!(auditor.opens(past) && auditor.opens(today) && !auditor.opens(samples::day("2026-03-03")));
    assert!(!Account { active: false, ..auditor.clone() }.opens(today));
    assert_eq!(reopen(&auditor, samples::day("2026-03-03")), Ok(()), "a last day that passed is seen to afterwards");
    let endless = Account { ends_on: None, ..auditor.clone() };
    assert_eq!(reopen(&endless, today), Err(AccountRefusal::WithoutLastDay));
    assert_eq!(reopen(&account(StaffRole::RegionViewer, 1), today), Ok(()));
    let officer = change(&auditor, to(&auditor, StaffRole::RegionOfficer), None, &[], today).unwrap();
    assert_eq!(officer.ends_on, None, "whoever decides has none");
}
