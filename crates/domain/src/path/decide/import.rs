//! Paths that precede Jalon: an earlier market's entries, replayed from a file with their own dates.
//!
//! Nothing was ordered or delivered here, so nothing is decided: the file is believed once its values are well formed, and
//! the journal says that the path was imported, by whom and when.

use chrono::Datelike;

use super::{Context, Decided, Decision, PersonChange};
use crate::calendar::{Day, completed_years};
use crate::identifiers::{Commune, LotCode, PathReference, Rome, Siret};
use crate::path::command::Outcome;
use crate::path::event::{Event, Job, Workplace};
use crate::path::refusal::Refusal;
use crate::people::{Contact, Profile, RecipientRole, Side};

/// An entry into training of an earlier market.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastPath {
    pub lot: LotCode,
    pub siret: Siret,
    pub company: String,
    pub commune: Commune,
    pub job: String,
    pub rome: Option<Rome>,
    pub profile: Profile,
    pub entered_on: Day,
    /// How and when the training ended, with the hours done.
    pub ended: Option<(Outcome, Day, u32)>,
}

/// The journal of a past path; the context's terms are those of its market.
///
/// # Errors
/// The actor is not of the Region, the days are out of order or outside the market, the territory is another lot's.
pub fn import(past: PastPath, context: &Context<'_>) -> Result<Decision, Refusal> {
    match context.actor.side() {
        Some(Side::Region | Side::System) => {}
        Some(Side::Finance | Side::Body | Side::Company | Side::Trainee | Side::Tutor) | None => {
            return Err(Refusal::RegionOnly);
        }
    }
    let market = &context.terms.market;
    context.in_market(context.past(past.entered_on)?)?;
    let department = past.commune.department();
    let elsewhere = || Refusal::OtherTerritory {
        department: department.clone(),
        lot: market.lot_of(&department).map(|lot| lot.code.clone()),
    };
    let lot = market.lot(&past.lot).filter(|lot| lot.departments.contains(&department)).ok_or_else(elsewhere)?;
    if past.profile.birth_date >= past.entered_on
        || !super::selection::PLAUSIBLE_AGES.contains(&completed_years(past.profile.birth_date, past.entered_on))
    {
        return Err(Refusal::Age);
    }
    let id = context.fresh.path;
    let nobody = |rank, role, profile| {
        let contact = Contact { name: String::new(), email: None, phone: None };
        let mut person = context.person(rank, id, role, contact, profile);
        person.active = false;
        person
    };
    let contact = nobody(0, RecipientRole::Company, None);
    let candidate = nobody(1, RecipientRole::Trainee, Some(past.profile));
    let imported = Event::PathImported {
        reference: PathReference::new(lot.code.clone(), past.entered_on.year(), context.fresh.number),
        market: market.code.clone(),
        lot: lot.code.clone(),
        holder: lot.holder.code.clone(),
        workplace: Workplace { siret: past.siret, company: past.company, commune: past.commune, department },
        contact: contact.reference(),
        job: Job { title: past.job, rome: past.rome },
        candidate: candidate.reference(),
    };
    let mut events = vec![Decided { effective_on: past.entered_on, event: imported }];
    if let Some((outcome, on, hours_done)) = past.ended {
        super::not_before(context.past(on)?, past.entered_on)?;
        let ended = Event::TrainingEnded { outcome, reason: None, hours_done, report_due_on: on };
        events.push(Decided { effective_on: on, event: ended });
        events.push(Decided { effective_on: on, event: Event::PastPathClosed });
    }
    Ok(Decision { events, people: vec![PersonChange::Add(contact), PersonChange::Add(candidate)] })
}
