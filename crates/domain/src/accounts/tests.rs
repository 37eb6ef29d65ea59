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

#[test]
fn nothing_changes_when_nothing_is_changed() {
    let officer = account(StaffRole::RegionOfficer, 1);
    let same = change(&officer, AccountChange::of(&officer), None, std::slice::from_ref(&officer)).unwrap();
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
        role: StaffRole::RegionFinance,
        lots: officer.lots.clone(),
    };
    let after = change(&officer, wanted, None, std::slice::from_ref(&officer)).unwrap();
    assert_eq!(after.name, "Hélène Morel");
    assert!(after.lots.is_empty(), "only an officer follows lots");
    assert_eq!(changed(&officer, &after), AccountField::iter().collect::<Vec<_>>());
}

#[test]
fn an_account_stays_with_its_organisation() {
    let (coordinator, officer) = (account(StaffRole::Coordinator, 1), account(StaffRole::RegionOfficer, 2));
    let all = [coordinator.clone(), officer.clone()];
    for (account, role) in [(&coordinator, StaffRole::RegionOfficer), (&officer, StaffRole::Coordinator)] {
        let refused = change(account, to(account, role), None, &all);
        assert_eq!(refused, Err(AccountRefusal::OtherOrganisation { role }));
    }
}

#[test]
fn an_administrator_stays() {
    let (one, two) = (account(StaffRole::Administrator, 1), account(StaffRole::Administrator, 2));
    let closed = Account { active: false, ..two.clone() };
    let viewer = to(&one, StaffRole::RegionViewer);
    let both = [one.clone(), two.clone()];
    assert_eq!(change(&one, viewer.clone(), Some(one.id), &both), Err(AccountRefusal::OwnRole));
    assert!(change(&one, viewer.clone(), Some(two.id), &both).is_ok());
    let alone = [one.clone(), closed.clone()];
    assert_eq!(change(&one, viewer, None, &alone), Err(AccountRefusal::LastAdministrator));
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
