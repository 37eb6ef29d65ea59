//! The people of the demo, whose place anyone may take in one click: who they are, and what they can do.

use std::collections::BTreeMap;

use app::MarketStatus;
use domain::identifiers::BodyCode;
use domain::people::{Account, StaffRole};
use wording::labels;

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

/// What one can do in a role.
fn deeds(role: StaffRole) -> &'static str {
    match role {
        StaffRole::RegionOfficer => {
            "Commande les études et les formations, vérifie ce que l’organisme remet, suit les places et le budget."
        }
        StaffRole::RegionFinance => "Vise les bons de commande et suit ce qui est engagé.",
        StaffRole::RegionViewer => "Lit tous les parcours, les commandes et les lots, sans rien modifier.",
        StaffRole::Coordinator => {
            "Signale un besoin, mène l’étude, prépare la formation avec l’entreprise, suit le stagiaire et remet le bilan."
        }
        StaffRole::Administrator => {
            "Tient les comptes, transmet un portefeuille, lit le marché et le journal de sécurité. Ne décide rien sur les parcours."
        }
        StaffRole::Auditor => "Contrôle les parcours, les commandes et leur journal, sans rien modifier.",
    }
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

fn lots(codes: &[String]) -> String {
    match codes {
        [] => String::new(),
        [one] => format!("Lot {one}"),
        several => format!("Lots {}", wording::numbers::list(several)),
    }
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
        (
            "organismes",
            "Dans un organisme de formation",
            "Les organismes titulaires des lots font avancer les parcours, étape par étape.",
        ),
        ("region", "À la Région", "La Région commande, vérifie, admet et paie."),
        ("service", "Autour du service", "Ces rôles tiennent l’outil ou le contrôlent, sans toucher aux dossiers."),
    ]
    .map(|(id, title, about)| Group { id, title, about, personas: Vec::new() });
    for account in accounts {
        let role = labels::staff_role(account.role);
        let tag = match (lots(&lots_of(&account)), account.role) {
            (lot, StaffRole::Coordinator | StaffRole::RegionOfficer) if !lot.is_empty() => lot,
            (_, StaffRole::RegionOfficer) => "Tous les lots".to_owned(),
            (_, StaffRole::Coordinator) => "Coordination".to_owned(),
            (_, StaffRole::RegionFinance) => "Finances".to_owned(),
            (_, StaffRole::RegionViewer) => "Lecture".to_owned(),
            (_, StaffRole::Auditor) => "Contrôle".to_owned(),
            (_, StaffRole::Administrator) => "Administration".to_owned(),
        };
        let role = body(&account).map_or_else(|| role.to_owned(), |(name, _)| format!("{role}, {name}"));
        let persona =
            Persona { tag, role, deeds: deeds(account.role), email: account.email.to_string(), name: account.name };
        groups[place(account.role)].personas.push(persona);
    }
    groups.into_iter().filter(|group| !group.personas.is_empty()).collect()
}
