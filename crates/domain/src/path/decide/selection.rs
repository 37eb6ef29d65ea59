//! Candidate, place, individual programme, order of the implementation, and the ways out before entry.

use chrono::{Datelike, Duration};

use super::{Context, Decision, PersonChange, contact, gather, not_before};
use crate::calendar::{Day, completed_years};
use crate::form::Text;
use crate::market::{ClockKind, Prestation};
use crate::money::Cents;
use crate::path::command::Command;
use crate::path::event::{Draw, Event, Party, PifTerms};
use crate::path::record::{Path, Pif};
use crate::path::refusal::{HourLimit, Need, Refusal};
use crate::path::step::{Act, Step, Transition};
use crate::people::{Person, Profile, RecipientRole, Side};
use crate::places::Policy;

/// Ages between which a candidate's birth date is believed.
pub(super) const PLAUSIBLE_AGES: std::ops::RangeInclusive<u32> = 15..=80;

pub(super) fn select(path: &Path, command: Command, context: &Context<'_>) -> Result<Decision, Refusal> {
    let Command::SelectCandidate {
        name,
        email,
        phone,
        birth_date,
        sex,
        level,
        job_seeker,
        rsa,
        boe,
        prescriber,
        planned_entry,
        company_agrees,
    } = command
    else {
        return Err(Refusal::NotFound);
    };
    let today = context.today();
    let mut needs = Vec::new();
    if !company_agrees {
        needs.push(Need::CompanyAgreement);
    }
    if !job_seeker {
        needs.push(Need::JobSeekerStatus);
    }
    gather(needs)?;
    context.in_market(not_before(planned_entry, today)?)?;
    if !PLAUSIBLE_AGES.contains(&completed_years(birth_date, planned_entry)) || birth_date > today {
        return Err(Refusal::Age);
    }
    let profile = Profile { birth_date, level, sex, rsa, boe };
    let person = context.person(0, path.id, RecipientRole::Trainee, contact(name, email, phone), Some(profile));
    // Whoever waited and is now selected stays the same person, with the same links.
    let known = path.waiting.as_ref().and_then(|waiting| context.known_person(&waiting.person));
    let same =
        known.filter(|known| known.contact.name == person.contact.name && known.contact.email == person.contact.email);
    let is_known = same.is_some();
    let person = match same {
        Some(known) => Person { contact: person.contact, profile: person.profile, ..known.clone() },
        None => person,
    };
    let candidate = person.reference();
    let offer = path.waiting.as_ref().and_then(|waiting| waiting.offered_until.map(|until| (waiting, until)));
    let from_offer = match offer {
        Some((_, until)) if today > until => return Err(Refusal::TooLate { until }),
        Some((waiting, _)) => waiting.planned_entry.year() == planned_entry.year(),
        None => false,
    };
    let year = planned_entry.year();
    let left = if from_offer { Ok(()) } else { context.place_left(&path.lot, year) };
    let decision = match (left, context.terms.market.places.policy) {
        (Err(_), Policy::Waitlist) if path.waiting.is_some() => return Err(Refusal::CandidateWaiting),
        (Err(_), Policy::Waitlist) => {
            Decision::on(today, Event::CandidateQueued { candidate, planned_entry, prescriber })
        }
        (Err(no_place), Policy::Block | Policy::Warn) => return Err(no_place),
        (Ok(()), _) => {
            let selected = Event::CandidateSelected { candidate, planned_entry, prescriber, from_offer };
            match offer.filter(|_| !from_offer) {
                Some(_) => Decision::on(today, Event::OfferLapsed).and(today, selected),
                None => Decision::on(today, selected),
            }
        }
    };
    let replaced = path.waiting.as_ref().filter(|waiting| waiting.person.id != person.id);
    let replaced = replaced.map(|waiting| PersonChange::Deactivate(waiting.person.id));
    let decision = decision.with(if is_known { PersonChange::Update(person) } else { PersonChange::Add(person) });
    Ok(match replaced {
        Some(replaced) => decision.with(replaced),
        None => decision,
    })
}

/// A released place is held for the first waiting candidate.
pub(super) fn offer(path: &Path, context: &Context<'_>) -> Result<Decision, Refusal> {
    let today = context.today();
    let step = Step::from(Act::OfferPlace);
    let waiting = path.waiting.as_ref().ok_or(Refusal::AlreadyDone { step })?;
    if waiting.offered_until.is_some() {
        return Err(Refusal::AlreadyDone { step });
    }
    Ok(Decision::on(today, Event::PlaceOffered { until: context.due(ClockKind::PlaceOffer, today) }))
}

/// The offer was not taken in time, or the planned entry has passed: the next in the queue is called.
pub(super) fn lapse(path: &Path, context: &Context<'_>) -> Result<Decision, Refusal> {
    let today = context.today();
    let step = Step::from(Act::LapseOffer);
    let waiting = path.waiting.as_ref().ok_or(Refusal::AlreadyDone { step })?;
    let until = waiting.offered_until.ok_or(Refusal::AlreadyDone { step })?;
    if today <= until {
        return Err(Refusal::TooEarly { until });
    }
    Ok(Decision::on(today, Event::OfferLapsed).with(PersonChange::Deactivate(waiting.person.id)))
}

/// The Region holds a place longer; a reservation is never shortened.
pub(super) fn extend(path: &Path, until: Day, reason: String, context: &Context<'_>) -> Result<Decision, Refusal> {
    let candidate = path.candidate.as_ref().ok_or(Refusal::NotFound)?;
    let held = candidate.reserved_until.unwrap_or_else(|| context.due(ClockKind::Reservation, candidate.selected_on));
    let earliest = held.max(context.today()) + Duration::days(1);
    let until = context.in_market(not_before(until, earliest)?)?;
    Ok(Decision::on(context.today(), Event::ReservationExtended { until, reason }))
}

pub(super) fn write_pif(path: &Path, command: Command, context: &Context<'_>) -> Result<Decision, Refusal> {
    if path.pif.is_some() {
        return Err(Refusal::AlreadyDone { step: Act::WritePif.into() });
    }
    let terms = pif_terms(command)?;
    check_pif(path, &terms, context)?;
    Ok(Decision::on(context.today(), Event::PifWritten { version: 1, terms }))
}

pub(super) fn amend_pif(
    path: &Path,
    command: Command,
    reason: String,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    let current = path.pif.as_ref().ok_or(Refusal::missing(Need::Pif))?;
    let terms = pif_terms(command)?;
    check_pif(path, &terms, context)?;
    let level = context.frozen(&path.implementation).market.levels.level(terms.total_hours());
    let ordered = path.implementation.ordered.as_ref();
    let drawn = ordered.and_then(|ordered| ordered.draws.first()).map(|draw| draw.option);
    let level = drawn.filter(|drawn| *drawn != level).map(|_| level);
    Ok(Decision::on(context.today(), Event::PifAmended { version: current.version + 1, terms, reason, level }))
}

/// What a version of the programme says. It is a document; one that is to be made needs to know what is learnt.
fn pif_terms(command: Command) -> Result<PifTerms, Refusal> {
    let (Command::WritePif {
        afest_hours,
        application_hours,
        weekly_hours,
        daily_hours,
        starts_on,
        ends_on,
        objectives,
        document,
    }
    | Command::AmendPif {
        afest_hours,
        application_hours,
        weekly_hours,
        daily_hours,
        starts_on,
        ends_on,
        objectives,
        document,
        reason: _,
    }) = command
    else {
        return Err(Refusal::NotFound);
    };
    let missing = if objectives.is_none() { "objectives" } else { "document" };
    let document = document.ok_or_else(|| Refusal::missing_field(missing))?;
    let objectives = objectives.map(|Text(objectives)| objectives);
    Ok(PifTerms { afest_hours, application_hours, weekly_hours, daily_hours, starts_on, ends_on, document, objectives })
}

/// D.6353 and the rules of trainees without an employment contract: 35 h a week, 10 h a day, within the market.
fn check_pif(path: &Path, terms: &PifTerms, context: &Context<'_>) -> Result<(), Refusal> {
    if path.tutor.is_none() {
        return Err(Refusal::missing(Need::TutorDesignated));
    }
    if terms.ends_on < terms.starts_on {
        return Err(Refusal::Backwards);
    }
    context.in_market(terms.starts_on)?;
    context.in_market(terms.ends_on)?;
    let total = terms.afest_hours.saturating_add(terms.application_hours);
    if terms.afest_hours == 0 || terms.weekly_hours == 0 || terms.daily_hours == 0 {
        return Err(Refusal::NoHours);
    }
    let limits = &context.terms.market.training;
    let too_many = |hours, most, limit| Err(Refusal::TooManyHours { hours, most, limit });
    if terms.weekly_hours > limits.weekly_hours {
        return too_many(terms.weekly_hours, limits.weekly_hours, HourLimit::Week);
    }
    if terms.daily_hours > limits.daily_hours {
        return too_many(terms.daily_hours, limits.daily_hours, HourLimit::Day);
    }
    let days = (terms.ends_on - terms.starts_on).num_days() + 1;
    let weeks = u32::try_from((days + 6) / 7).unwrap_or(u32::MAX);
    let most = weeks.saturating_mul(terms.weekly_hours);
    if total > most { too_many(total, most, HourLimit::Period) } else { Ok(()) }
}

pub(super) fn sign(path: &Path, version: u32, side: Side, context: &Context<'_>) -> Result<Decision, Refusal> {
    let party = match side {
        Side::Company => Party::Company,
        Side::Trainee => Party::Trainee,
        Side::Body | Side::Region | Side::Finance | Side::Tutor | Side::System => Party::Body,
    };
    sign_as(path, version, party, false, context)
}

/// One party signs the current version; `on_behalf` when the coordinator records an answer received otherwise.
pub(super) fn sign_as(
    path: &Path,
    version: u32,
    party: Party,
    on_behalf: bool,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    let pif = path.pif.as_ref().ok_or(Refusal::missing(Need::Pif))?;
    if pif.version != version {
        return Err(Refusal::OtherVersion { current: pif.version });
    }
    if pif.signed(party) {
        return Err(Refusal::AlreadyDone { step: Transition::SignPif.into() });
    }
    let complete = pif.signatures.len() == 2;
    Ok(Decision::on(context.today(), Event::PifSigned { version, party, on_behalf, complete }))
}

fn signatures_missing(pif: &Pif) -> Vec<Need> {
    [Party::Body, Party::Company, Party::Trainee]
        .into_iter()
        .filter(|party| !pif.signed(*party))
        .map(|party| Need::Signature { party })
        .collect()
}

pub(super) fn order_implementation(path: &Path, context: &Context<'_>) -> Result<Decision, Refusal> {
    let today = context.today();
    let pif = path.pif.as_ref().ok_or(Refusal::missing(Need::Pif))?;
    let mut needs = signatures_missing(pif);
    let level = context.terms.market.levels.level(pif.terms.total_hours());
    let draw = context.draw(level).map_err(|need| needs.push(need)).ok();
    gather(needs)?;
    let planned = path.candidate.as_ref().map_or(today, |candidate| candidate.planned_entry);
    let event = Event::PrestationOrdered {
        prestation: Prestation::Implementation,
        draws: draw.into_iter().collect(),
        due_on: planned.max(today),
    };
    Ok(Decision::on(today, event))
}

pub(super) fn ready_to_enter(path: &Path) -> Vec<Need> {
    let Some(pif) = &path.pif else { return vec![Need::Pif] };
    let mut needs = signatures_missing(pif);
    if let Some(option) = pif.level_to_approve {
        needs.push(Need::LevelApproval { option });
    }
    if path.tutor.is_none() {
        needs.push(Need::TutorDesignated);
    }
    needs
}

/// The Region approves the price level that an amended PIF reached: the draw is amended.
pub(super) fn approve_level(path: &Path, context: &Context<'_>) -> Result<Decision, Refusal> {
    let level = path.pif.as_ref().and_then(|pif| pif.level_to_approve).ok_or(Refusal::NoLevelToApprove)?;
    let ordered = path.implementation.ordered.as_ref();
    let returned = ordered.and_then(|ordered| ordered.draws.first()).cloned().ok_or(Refusal::NotFound)?;
    let drawn = context.draw(level).map_err(Refusal::missing)?;
    Ok(Decision::on(context.today(), Event::LevelApproved { returned, drawn }))
}

/// The year of the place that the path holds: reserved for its candidate, or offered to who waits.
pub fn held_year(path: &Path) -> Option<i32> {
    let offered = path.waiting.as_ref().filter(|waiting| waiting.offered_until.is_some());
    let reserved = path.candidate.as_ref().map(|candidate| candidate.reserved_year);
    reserved.or(offered.map(|waiting| waiting.planned_entry.year()))
}

fn implementation_draws(path: &Path) -> Vec<Draw> {
    path.implementation.ordered.iter().flat_map(|ordered| ordered.draws.iter().cloned()).collect()
}

pub(super) fn withdraw(path: &Path, Text(reason): Text, context: &Context<'_>) -> Result<Decision, Refusal> {
    let person = path.trainee().ok_or(Refusal::NoCandidate)?.id;
    let event = Event::CandidateWithdrawn { reason, year: held_year(path), returned: implementation_draws(path) };
    Ok(Decision::on(context.today(), event).with(PersonChange::Deactivate(person)))
}

pub(super) fn cancel(
    path: &Path,
    Text(reason): Text,
    amount: Option<Cents>,
    side: Side,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    if side == Side::Body && path.anything_ordered() {
        return Err(Refusal::RegionOnly);
    }
    let draws: Vec<Draw> = path.open_draws().cloned().collect();
    let most: Cents = draws.iter().map(|draw| draw.price.excluding_tax).sum();
    let amount = match amount {
        None if !draws.is_empty() => return Err(Refusal::missing(Need::Amount)),
        None => Cents::ZERO,
        Some(amount) if amount > most => return Err(Refusal::AmountTooHigh { amount, most }),
        Some(amount) => amount,
    };
    let (returned, served) = if amount == Cents::ZERO { (draws, Vec::new()) } else { (Vec::new(), draws) };
    let released_year = held_year(path);
    Ok(Decision::on(context.today(), Event::Cancelled { reason, amount, released_year, returned, served }))
}
