//! Opening a path: a reported need, or a sibling of a path whose study and programme still fit.

use super::{Context, Decision, PersonChange, contact};
use crate::form::{Line, Text};
use crate::identifiers::{Commune, LotCode, PathReference};
use crate::market::{Lot, Market, Prestation};
use crate::path::command::Command;
use crate::path::event::{Event, Job, Workplace};
use crate::path::record::Path;
use crate::path::refusal::{Need, Refusal};
use crate::path::step::State;
use crate::people::{Actor, Person, RecipientRole, Side};

/// The lot a need goes to: its commune's, or another by a derogation of the Region.
///
/// # Errors
/// [`Refusal::OtherTerritory`] when no lot, another body's lot, or another lot without derogation is meant.
pub fn lot_of_need<'m>(
    market: &'m Market,
    commune: &Commune,
    asked: Option<&LotCode>,
    derogation: bool,
    actor: &Actor,
) -> Result<&'m Lot, Refusal> {
    let department = commune.department();
    let own = market.lot_of(&department);
    let elsewhere = |lot: Option<&Lot>| Refusal::OtherTerritory {
        department: department.clone(),
        lot: lot.map(|lot| lot.code.clone()),
    };
    let lot = match asked {
        None => own.ok_or_else(|| elsewhere(None))?,
        Some(code) if own.is_some_and(|lot| &lot.code == code) => own.ok_or_else(|| elsewhere(None))?,
        Some(code) => {
            let lot = market.lot(code).ok_or_else(|| elsewhere(own))?;
            match actor.side() {
                Some(Side::Region) if derogation => lot,
                Some(Side::Region) => return Err(Refusal::DerogationByRegion),
                _ => return Err(elsewhere(own)),
            }
        }
    };
    match actor {
        Actor::Staff { body: Some(body), .. } if body != &lot.holder.code => Err(elsewhere(Some(lot))),
        Actor::Staff { .. } | Actor::Outside { .. } | Actor::System => Ok(lot),
    }
}

pub(super) fn open(command: Command, side: Side, context: &Context<'_>) -> Result<Decision, Refusal> {
    let today = context.today();
    let market = &context.terms.market;
    context.in_market(today)?;
    if market.past {
        return Err(Refusal::OutsideMarket { day: today });
    }
    let coordinator = (side == Side::Body).then(|| context.actor.account()).flatten();
    let year = chrono::Datelike::year(&today);
    let id = context.fresh.path;
    match command {
        Command::ReportNeed {
            siret,
            company: Line(company),
            commune,
            job: Line(title),
            rome,
            persons_wanted,
            contact_name,
            contact_email,
            contact_phone,
            lot,
            derogation,
        } => {
            let lot = lot_of_need(market, &commune, lot.as_ref(), derogation.is_some(), context.actor)?;
            let values = contact(contact_name, contact_email, contact_phone);
            let person = context.person(0, id, RecipientRole::Company, values, None);
            let derogation =
                derogation.map(|Text(reason)| reason).filter(|_| !lot.departments.contains(&commune.department()));
            let event = Event::NeedReported {
                reference: PathReference::new(lot.code.clone(), year, context.fresh.number),
                market: market.code.clone(),
                lot: lot.code.clone(),
                holder: lot.holder.code.clone(),
                workplace: Workplace { siret, company, department: commune.department(), commune },
                contact: person.reference(),
                job: Job { title, rome },
                persons_wanted: persons_wanted.get(),
                derogation,
                coordinator,
            };
            Ok(Decision::on(today, event).with(PersonChange::Add(person)))
        }
        Command::OpenSibling { programme_still_fit, job, .. } => {
            let source = context.source.filter(|source| super::sees(context.actor, source)).ok_or(Refusal::NotFound)?;
            fit_for_sibling(source)?;
            if !programme_still_fit {
                return Err(Refusal::missing(Need::ProgrammeStillFit));
            }
            // The body says it: itself, or by the coordinator whom the Region names.
            let fit_said_by = match side {
                Side::Region => context.coordinator_of(&source.holder).map(|account| account.id),
                _ => context.actor.account(),
            };
            let fit_said_by = Some(fit_said_by.ok_or(Refusal::missing(Need::FitSaidByBody))?);
            let tutor = source.tutor.as_ref().ok_or(Refusal::missing(Need::TutorDesignated))?;
            // The sibling's people are rows of its own: one may be replaced or erased without the other.
            let copy = |rank: usize, role, reference| {
                let known = context.known_person(reference).ok_or(Refusal::NotFound)?;
                let person = context.person(rank, id, role, known.contact.clone(), None);
                Ok::<_, Refusal>(Person { informed_on: known.informed_on, ..person })
            };
            let contact = copy(0, RecipientRole::Company, &source.contact)?;
            let tutor_person = copy(1, RecipientRole::Tutor, &tutor.person)?;
            let event = Event::SiblingOpened {
                reference: PathReference::new(source.lot.clone(), year, context.fresh.number),
                market: source.market.clone(),
                lot: source.lot.clone(),
                holder: source.holder.clone(),
                source: source.id,
                source_reference: source.reference.clone(),
                workplace: source.workplace.clone(),
                contact: contact.reference(),
                job: Job {
                    title: job.map_or_else(|| source.job.title.clone(), |Line(title)| title),
                    rome: source.job.rome.clone(),
                },
                tutor: tutor_person.reference(),
                tutor_trained: tutor.trained,
                coordinator: coordinator.or(source.coordinator),
                fit_said_by,
            };
            Ok(Decision::on(today, event).with(PersonChange::Add(contact)).with(PersonChange::Add(tutor_person)))
        }
        other => Err(Refusal::WrongState { step: other.step(), state: State::NeedReported, expected: &[] }),
    }
}

/// A source is at *ready* or later and not cancelled: its preparation was admitted, or it is a sibling itself.
fn fit_for_sibling(source: &Path) -> Result<(), Refusal> {
    let prepared = source.file(Prestation::Preparation).admitted.is_some() || source.source.is_some();
    if prepared && source.state != State::Cancelled {
        Ok(())
    } else {
        Err(Refusal::SourceNotFit { state: source.state })
    }
}
