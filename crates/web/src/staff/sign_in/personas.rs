//! The people of the demo, whose place anyone may take in one click: who they are, and what they can do.

use std::collections::BTreeMap;

use app::MarketStatus;
use domain::identifiers::BodyCode;
use domain::people::{Account, StaffRole};
use wording::{labels, pages};

/// Someone of the demo.
pub(super) struct Persona {
    pub email: String,
    pub name: String,
    /// What tells them apart: a lot, or what they do.
    pub tag: String,
    pub role: String,
    /// What one can do in their place.
    pub deeds: &'static str,
}

/// Those who work in the same place.
pub(super) struct Group {
    pub id: &'static str,
    pub title: &'static str,
    pub about: &'static str,
    pub personas: Vec<Persona>,
}

fn place(role: StaffRole) -> usize {
    match role {
        StaffRole::Coordinator => 0,
        StaffRole::RegionOfficer | StaffRole::RegionFinance | StaffRole::RegionViewer => 1,
        StaffRole::Administrator | StaffRole::Auditor => 2,
    }
}

/// The names and lots of bodies, from the markets in force.
fn bodies(markets: &[MarketStatus]) -> BTreeMap<BodyCode, (String, Vec<String>)> {
    let mut bodies: BTreeMap<BodyCode, (String, Vec<String>)> = BTreeMap::new();
    for status in markets.iter().filter(|status| status.current && !status.market.past) {
        for lot in &status.market.lots {
            let entry = bodies.entry(lot.holder.code.clone()).or_default();
            entry.0.clone_from(&lot.holder.name);
            entry.1.push(lot.code.to_string());
        }
    }
    bodies
}

/// The people of the demo by place, in the order of the roles and of the lots.
pub(super) fn groups(mut accounts: Vec<Account>, markets: &[MarketStatus]) -> Vec<Group> {
    let bodies = bodies(markets);
    let body = |account: &Account| account.body.as_ref().and_then(|body| bodies.get(body));
    let lots_of = |account: &Account| match body(account) {
        Some((_, codes)) => codes.clone(),
        None => account.lots.iter().map(ToString::to_string).collect::<Vec<_>>(),
    };
    accounts.retain(|account| account.active);
    accounts.sort_by_key(|account| (account.role, lots_of(account), account.name.clone()));
    let mut groups = [
        ("organismes", pages::sign_in::IN_A_BODY, pages::sign_in::IN_A_BODY_LEAD),
        ("region", pages::sign_in::AT_THE_REGION, pages::sign_in::AT_THE_REGION_LEAD),
        ("service", pages::sign_in::AROUND, pages::sign_in::AROUND_LEAD),
    ]
    .map(|(id, title, about)| Group { id, title, about, personas: Vec::new() });
    for account in accounts {
        let role = labels::staff_role(account.role);
        let tag = match (pages::lots::listed(&lots_of(&account)), account.role) {
            (lot, StaffRole::Coordinator | StaffRole::RegionOfficer) if !lot.is_empty() => lot,
            (_, StaffRole::RegionOfficer) => pages::sign_in::ALL_LOTS.to_owned(),
            (_, StaffRole::Coordinator) => pages::sign_in::COORDINATION.to_owned(),
            (_, StaffRole::RegionFinance) => pages::sign_in::FINANCE.to_owned(),
            (_, StaffRole::RegionViewer) => pages::sign_in::READING.to_owned(),
            (_, StaffRole::Auditor) => pages::sign_in::AUDIT.to_owned(),
            (_, StaffRole::Administrator) => pages::sign_in::ADMINISTRATION.to_owned(),
        };
        let role = body(&account).map_or_else(|| role.to_owned(), |(name, _)| format!("{role}, {name}"));
        let persona = Persona {
            tag,
            role,
            deeds: pages::sign_in::deeds(account.role),
            email: account.email.to_string(),
            name: account.name,
        };
        groups[place(account.role)].personas.push(persona);
    }
    groups.into_iter().filter(|group| !group.personas.is_empty()).collect()
}
