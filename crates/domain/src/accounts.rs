//! Accounts as they are kept: what changes in one, who may take over its paths, when it may close.
//!
//! Rules kept here:
//! - an account stays with its organisation: a coordinator stays the coordinator of one body, and who works for the Region
//!   works for the Region; whoever changes employer gets another account;
//! - nobody gives themselves another role, and one open administrator stays whatever happens;
//! - who only reads may have a last day, and an auditor has one: from the day after, the account is as if it were closed;
//! - an account with open paths closes only when somebody who may hold them takes them.
//!
//! Who may keep accounts is decided by the use cases: the administration, and the operator at the command line.

use strum::{EnumIter, IntoEnumIterator, IntoStaticStr, VariantNames};

use crate::calendar::Day;
use crate::identifiers::{AccountId, EmailAddress, LotCode, Phone};
use crate::people::{Account, StaffRole};

/// What an account becomes: every value that may change, as the form shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountChange {
    pub email: EmailAddress,
    pub name: String,
    pub phone: Option<Phone>,
    pub role: StaffRole,
    /// Kept for an officer, who alone follows lots.
    pub lots: Vec<LotCode>,
    /// Kept for who only reads.
    pub ends_on: Option<Day>,
}

/// A value of an account that may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, EnumIter)]
pub enum AccountField {
    Email,
    Name,
    Phone,
    Role,
    Lots,
    EndsOn,
}

/// Why an account does not change.
#[derive(Debug, Clone, PartialEq, Eq, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum AccountRefusal {
    /// One's own role is somebody else's to change.
    OwnRole,
    /// Nobody would keep accounts any more.
    LastAdministrator,
    /// A role of another organisation than the account's.
    OtherOrganisation { role: StaffRole },
    /// An auditor's account has a last day.
    WithoutLastDay,
    /// The last day has passed already.
    LastDayPassed { last: Day },
    /// Open paths would be left without a coordinator.
    HoldsPaths { paths: usize },
    /// This account may not hold the paths of that one.
    CannotTakeOver { name: String },
}

impl AccountRefusal {
    /// The stable code of the refusal.
    pub fn code(&self) -> &'static str {
        self.into()
    }
}

impl AccountChange {
    /// The account as it stands: nothing changes.
    pub fn of(account: &Account) -> Self {
        Self {
            email: account.email.clone(),
            name: account.name.clone(),
            phone: account.phone.clone(),
            role: account.role,
            lots: account.lots.clone(),
            ends_on: account.ends_on,
        }
    }
}

/// The last day of an account of a role; one that is there already may have passed.
///
/// # Errors
/// An auditor has none; a new one has passed.
pub fn last_day(
    role: StaffRole,
    wanted: Option<Day>,
    present: Option<Day>,
    today: Day,
) -> Result<Option<Day>, AccountRefusal> {
    match wanted.filter(|_| role.is_dated()) {
        Some(last) if last < today && present != wanted => Err(AccountRefusal::LastDayPassed { last }),
        None if role == StaffRole::Auditor => Err(AccountRefusal::WithoutLastDay),
        last => Ok(last),
    }
}

/// The account once it is changed; `by` is the administrator, none for the operator.
///
/// # Errors
/// The role is one's own, of another organisation, or that of the last administrator; as [`last_day`].
pub fn change(
    account: &Account,
    wanted: AccountChange,
    by: Option<AccountId>,
    all: &[Account],
    today: Day,
) -> Result<Account, AccountRefusal> {
    let AccountChange { email, name, phone, role, mut lots, ends_on } = wanted;
    if role != account.role {
        let of_a_body = |role| role == StaffRole::Coordinator;
        if of_a_body(role) != of_a_body(account.role) {
            return Err(AccountRefusal::OtherOrganisation { role });
        }
        if by == Some(account.id) {
            return Err(AccountRefusal::OwnRole);
        }
        keeps_an_administrator(account, all)?;
    }
    if role != StaffRole::RegionOfficer {
        lots.clear();
    }
    lots.sort_unstable();
    lots.dedup();
    let ends_on = last_day(role, ends_on, account.ends_on, today)?;
    Ok(Account { email, name: name.trim().to_owned(), phone, role, lots, ends_on, ..account.clone() })
}

/// What differs between an account and what it was.
pub fn changed(before: &Account, after: &Account) -> Vec<AccountField> {
    let differs = |field: &AccountField| match field {
        AccountField::Email => before.email != after.email,
        AccountField::Name => before.name != after.name,
        AccountField::Phone => before.phone != after.phone,
        AccountField::Role => before.role != after.role,
        AccountField::Lots => before.lots != after.lots,
        AccountField::EndsOn => before.ends_on != after.ends_on,
    };
    AccountField::iter().filter(differs).collect()
}

/// Whether an account may hold the paths of another: an open coordinator of the same body, hence of the same lots.
pub fn takes_over(to: &Account, from: &Account) -> bool {
    to.active
        && to.id != from.id
        && to.role == StaffRole::Coordinator
        && from.role == StaffRole::Coordinator
        && to.body == from.body
}

/// Whether an account may close, its open paths going to somebody.
///
/// # Errors
/// It is the last administrator, its paths would be left, or who would take them may not.
pub fn close(
    account: &Account,
    paths: usize,
    successor: Option<&Account>,
    all: &[Account],
) -> Result<(), AccountRefusal> {
    keeps_an_administrator(account, all)?;
    match successor {
        Some(to) if !takes_over(to, account) => Err(AccountRefusal::CannotTakeOver { name: to.name.clone() }),
        None if paths > 0 => Err(AccountRefusal::HoldsPaths { paths }),
        Some(_) | None => Ok(()),
    }
}

/// Whether a closed account may open again: an auditor made before accounts had a last day is given one first.
///
/// # Errors
/// An auditor's account has none.
pub fn reopen(account: &Account, today: Day) -> Result<(), AccountRefusal> {
    last_day(account.role, account.ends_on, account.ends_on, today).map(drop)
}

/// An administrator leaves only while another one is there.
fn keeps_an_administrator(leaving: &Account, all: &[Account]) -> Result<(), AccountRefusal> {
    let administers = |account: &Account| account.active && account.role == StaffRole::Administrator;
    let another = || all.iter().any(|account| account.id != leaving.id && administers(account));
    if administers(leaving) && !another() { Err(AccountRefusal::LastAdministrator) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
