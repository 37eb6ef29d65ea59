//! Dated delegation: a coordinator or an officer who is away is stood in for by a colleague, from a day to a day.
//!
//! Rules kept here:
//! - it gives nobody a right: who stands in has the same role and the same lots, and acts with their own rights. What it changes
//!   is who is written to, what the first page shows, and under whose names an act is recorded (invariant 7);
//! - it is looked at on the day itself, with the accounts as they are: it begins and ends by itself, both days included, in
//!   Europe/Paris, and is worth nothing once one of the two is closed, changes role or no longer follows the lots;
//! - one colleague stands in for someone at a time, and nobody who is away stands in for anyone: what is delegated is not
//!   passed on, so that no delegation comes back to who gave it.

use strum::{IntoStaticStr, VariantNames};

use crate::calendar::{Day, Instant};
use crate::identifiers::{AccountId, DelegationId, LotCode};
use crate::people::{Account, Actor, Principal, StaffRole};

/// A delegation, whether it runs, is to come or is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delegation {
    pub id: DelegationId,
    /// Who is away.
    pub from: AccountId,
    /// Who stands in.
    pub to: AccountId,
    pub starts_on: Day,
    /// The last day, included.
    pub ends_on: Day,
    /// When somebody ended it before its last day was over.
    pub ended_at: Option<Instant>,
}

/// Somebody who stands in for a colleague today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandIn {
    /// Who is away.
    pub from: Account,
    /// Who stands in.
    pub to: Account,
    /// The last day.
    pub until: Day,
}

/// Why a delegation is not made.
#[derive(Debug, Clone, PartialEq, Eq, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum DelegationRefusal {
    /// Only coordinators and officers have something to delegate.
    DoesNotDelegate {
        role: StaffRole,
    },
    /// The account of who would be away is closed.
    AccountClosed {
        name: String,
    },
    /// Another role, another body or other lots, or a closed account.
    NotAColleague {
        name: String,
    },
    StartsInThePast {
        today: Day,
    },
    EndsBeforeItStarts {
        starts_on: Day,
    },
    /// Somebody stands in for them already.
    AlreadyAway {
        stands: Standing,
    },
    /// Who would be away stands in for the one who would stand in.
    Circular {
        stands: Standing,
    },
    /// Who would stand in is away.
    StandInAway {
        stands: Standing,
    },
    /// Who would be away stands in for somebody else.
    StandsIn {
        stands: Standing,
    },
    /// Who would stand in does so for another officer of the same lot: in whose name would they act?
    TwoAtOnce {
        stands: Standing,
    },
}

/// A delegation that stands in the way, by the names of both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub from: String,
    pub to: String,
    pub starts_on: Day,
    pub ends_on: Day,
}

impl DelegationRefusal {
    /// The stable code of the refusal.
    pub fn code(&self) -> &'static str {
        self.into()
    }
}

impl Delegation {
    /// Whether it has begun and is not over.
    pub fn runs_on(&self, day: Day) -> bool {
        self.ended_at.is_none() && (self.starts_on..=self.ends_on).contains(&day)
    }

    /// Whether it runs or is still to come.
    pub fn is_ahead(&self, today: Day) -> bool {
        self.ended_at.is_none() && today <= self.ends_on
    }

    fn meets(&self, starts_on: Day, ends_on: Day) -> bool {
        self.ended_at.is_none() && self.starts_on <= ends_on && starts_on <= self.ends_on
    }
}

impl StandIn {
    /// Whether who is away is in charge of a thing of a lot: the coordinator of a path its own, an officer those of their lots.
    pub fn covers(&self, coordinator: Option<AccountId>, lot: &LotCode) -> bool {
        match self.from.role {
            StaffRole::Coordinator => coordinator == Some(self.from.id),
            StaffRole::RegionOfficer => self.from.follows(lot),
            StaffRole::RegionFinance | StaffRole::RegionViewer | StaffRole::Administrator | StaffRole::Auditor => false,
        }
    }
}

/// Whether a role has something to delegate.
pub const fn delegates(role: StaffRole) -> bool {
    matches!(role, StaffRole::Coordinator | StaffRole::RegionOfficer)
}

/// Whether somebody may stand in for somebody: both open, of the same role and body, following the same lots at least.
pub fn may_stand_in(to: &Account, from: &Account) -> bool {
    let follows_all =
        to.lots.is_empty() || (!from.lots.is_empty() && from.lots.iter().all(|lot| to.lots.contains(lot)));
    to.active
        && from.active
        && to.id != from.id
        && delegates(from.role)
        && to.role == from.role
        && to.body == from.body
        && follows_all
}

/// Who stands in for whom on a day, as the accounts are.
pub fn stand_ins(delegations: &[Delegation], accounts: &[Account], day: Day) -> Vec<StandIn> {
    let account = |id: AccountId| accounts.iter().find(|account| account.id == id);
    let running = delegations.iter().filter(|delegation| delegation.runs_on(day));
    let standing = running.filter_map(|delegation| {
        let (from, to) = (account(delegation.from)?, account(delegation.to)?);
        may_stand_in(to, from).then(|| StandIn { from: from.clone(), to: to.clone(), until: delegation.ends_on })
    });
    standing.collect()
}

/// The author of a step on something of a lot: on behalf of the colleague who is away and in charge of it, when there is one.
#[must_use]
pub fn acting(actor: &Actor, coordinator: Option<AccountId>, lot: &LotCode, stand_ins: &[StandIn]) -> Actor {
    let Actor::Staff { account, name, role, body, on_behalf_of: None } = actor else { return actor.clone() };
    let away = stand_ins
        .iter()
        .find(|stand_in| stand_in.to.id == *account && stand_in.to.role == *role && stand_in.covers(coordinator, lot))
        .map(|stand_in| &stand_in.from);
    Actor::Staff {
        account: *account,
        name: name.clone(),
        role: *role,
        body: body.clone(),
        on_behalf_of: away.map(|from| Principal { account: from.id, name: from.name.clone() }),
    }
}

/// Whether a delegation may be made beside the others.
///
/// # Errors
/// The days make no sense, the two are no colleagues, or a delegation of one of them stands in the way.
pub fn delegate(
    (from, to): (&Account, &Account),
    (starts_on, ends_on): (Day, Day),
    today: Day,
    others: &[Delegation],
    accounts: &[Account],
) -> Result<(), DelegationRefusal> {
    if !delegates(from.role) {
        return Err(DelegationRefusal::DoesNotDelegate { role: from.role });
    }
    if !from.active {
        return Err(DelegationRefusal::AccountClosed { name: from.name.clone() });
    }
    if !may_stand_in(to, from) {
        return Err(DelegationRefusal::NotAColleague { name: to.name.clone() });
    }
    if starts_on < today {
        return Err(DelegationRefusal::StartsInThePast { today });
    }
    if ends_on < starts_on {
        return Err(DelegationRefusal::EndsBeforeItStarts { starts_on });
    }
    let account = |id: AccountId| accounts.iter().find(|account| account.id == id);
    for other in others.iter().filter(|other| other.meets(starts_on, ends_on)) {
        let name = |id: AccountId| account(id).map_or_else(String::new, |account| account.name.clone());
        let stands = || Standing {
            from: name(other.from),
            to: name(other.to),
            starts_on: other.starts_on,
            ends_on: other.ends_on,
        };
        if other.from == from.id {
            return Err(DelegationRefusal::AlreadyAway { stands: stands() });
        }
        if other.from == to.id && other.to == from.id {
            return Err(DelegationRefusal::Circular { stands: stands() });
        }
        if other.from == to.id {
            return Err(DelegationRefusal::StandInAway { stands: stands() });
        }
        if other.to == from.id {
            return Err(DelegationRefusal::StandsIn { stands: stands() });
        }
        let shares = account(other.from).is_some_and(|away| share_a_lot(away, from));
        if other.to == to.id && shares {
            return Err(DelegationRefusal::TwoAtOnce { stands: stands() });
        }
    }
    Ok(())
}

/// Whether two officers follow a same lot; the paths of two coordinators are never the same.
fn share_a_lot(one: &Account, other: &Account) -> bool {
    one.role == StaffRole::RegionOfficer
        && (one.lots.is_empty() || other.lots.is_empty() || one.lots.iter().any(|lot| other.lots.contains(lot)))
}

#[cfg(test)]
mod tests;
