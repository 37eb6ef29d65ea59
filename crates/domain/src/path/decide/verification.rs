//! Verification of a delivered prestation: adjourn, reject, admit, and the silences that decide.
//!
//! CCAG: silence until the end of the verification period admits, dated at its end, whether or not a clock ran; an
//! adjournment refused or unanswered lets the Region reduce or reject, and its silence then rejects. The person who
//! delivered never decides. Observations come before a reduction or a rejection; the period stops while they are waited for
//! and goes on for what was left of it, some days at least (`docs/decisions/0020-observations-stop-the-period.md`).

use chrono::TimeDelta;

use super::{Context, Decision};
use crate::calendar::{Day, due, next_working_day};
use crate::form::Text;
use crate::market::{ClockKind, Market, Prestation};
use crate::money::Cents;
use crate::path::command::Outcome;
use crate::path::event::Event;
use crate::path::record::{Adjournment, Path, Pif, PrestationFile};
use crate::path::refusal::{Need, Refusal};
use crate::path::step::{Step, Verification, verification};
use crate::people::Side;

/// The last day of a delivery's verification, observations included.
pub fn verification_until(file: &PrestationFile) -> Option<Day> {
    file.delivered.as_ref().map(|delivered| extended(file, delivered.on, delivered.verify_until))
}

/// The days that the Region has at least to decide once observations were given, or waited for.
const LEFT_TO_DECIDE: i64 = 5;

/// A period of the Region's, which stops while observations are waited for: its last day, what was left of it counted from
/// the day on which they came or were no more waited for.
pub fn extended(file: &PrestationFile, from: Day, until: Day) -> Day {
    let Some(observations) = &file.observations else { return until };
    let resumed = observations.given_on.unwrap_or(observations.until);
    if resumed < from {
        return until;
    }
    let left = (until - observations.asked_on.max(from)).num_days().max(LEFT_TO_DECIDE);
    next_working_day(resumed + TimeDelta::days(left)).max(until)
}

/// The day until which the Region may reduce or reject an adjourned prestation, once the body refused, kept silent or
/// did not deliver again, observations included; `None` while the body still has time.
pub fn choice_until(file: &PrestationFile, today: Day, market: &Market) -> Option<Day> {
    let adjournment = file.adjournment.as_ref()?;
    let refused = adjournment.answer.is_some_and(|answer| !answer.accepted);
    (refused || today > body_has_until(adjournment))
        .then(|| extended(file, choice_begins(adjournment), choice_end(adjournment, market)))
}

/// The day after which the Region chooses: the body's refusal, or the last day of its time.
pub fn choice_begins(adjournment: &Adjournment) -> Day {
    match adjournment.answer {
        Some(answer) if !answer.accepted => answer.on,
        Some(_) | None => body_has_until(adjournment),
    }
}

/// The last day of the Region's choice without observations, whether or not it has begun: after a refusal, or the body's time.
pub fn choice_end(adjournment: &Adjournment, market: &Market) -> Day {
    match adjournment.answer {
        Some(answer) if !answer.accepted => answer.until,
        Some(_) | None => due(body_has_until(adjournment), market.clock(ClockKind::RegionChoice).span),
    }
}

/// The day until which the body answers an adjournment, or delivers again.
fn body_has_until(adjournment: &Adjournment) -> Day {
    adjournment.answer.map_or(adjournment.accept_until, |answer| answer.until)
}

/// The last day of verification of a delivery made today, under the terms of the order.
pub(super) fn verify_until(path: &Path, prestation: Prestation, context: &Context<'_>) -> Day {
    let terms = context.frozen(path.file(prestation));
    due(context.today(), terms.market.ccag(prestation).verification)
}

/// A first delivery, or a new one within the time an adjournment gives; delivering in time accepts the adjournment.
pub(super) fn may_deliver(path: &Path, prestation: Prestation, context: &Context<'_>) -> Result<(), Refusal> {
    let Some(adjournment) = &path.file(prestation).adjournment else {
        return Ok(());
    };
    let until = match adjournment.answer {
        None => adjournment.accept_until,
        Some(answer) if answer.accepted => answer.until,
        Some(answer) => return Err(Refusal::TooLate { until: answer.on }),
    };
    if context.today() > until { Err(Refusal::TooLate { until }) } else { Ok(()) }
}

/// Who decides on a delivery, and when: not the person who delivered, not after silence has admitted.
fn may_decide(path: &Path, prestation: Prestation, context: &Context<'_>) -> Result<(), Refusal> {
    let file = path.file(prestation);
    let delivered = file.delivered.iter().flat_map(|delivered| [delivered.by, delivered.on_behalf_of]).flatten();
    let decides = [context.actor.account(), context.actor.principal().map(|principal| principal.account)];
    if delivered.into_iter().any(|account| decides.contains(&Some(account))) {
        return Err(Refusal::SamePerson);
    }
    match verification_until(file) {
        Some(until) if path.state.delivered().is_some() && context.today() > until => {
            Err(Refusal::SilenceAdmitted { prestation, on: until })
        }
        Some(_) | None => Ok(()),
    }
}

pub(super) fn adjourn(
    path: &Path,
    prestation: Prestation,
    Text(reasons): Text,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    may_decide(path, prestation, context)?;
    let today = context.today();
    let accept_until = context.due(ClockKind::Acceptance, today);
    Ok(Decision::on(today, Event::Adjourned { prestation, reasons, accept_until }))
}

pub(super) fn reject(
    path: &Path,
    prestation: Prestation,
    Text(reasons): Text,
    side: Side,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    let today = context.today();
    let by_silence = side == Side::System;
    let mut effective_on = today;
    if by_silence {
        let step = Step::from(verification(prestation, Verification::Reject));
        let file = path.file(prestation);
        let adjournment = file.adjournment.as_ref().ok_or_else(|| super::not_your_role(step, context.actor))?;
        let until = choice_until(file, today, &context.terms.market)
            .ok_or(Refusal::TooEarly { until: adjournment.accept_until })?;
        if today <= until {
            return Err(Refusal::TooEarly { until });
        }
        effective_on = until;
    } else {
        may_decide(path, prestation, context)?;
        choosable(path, prestation, context)?;
        unobserved(path.file(prestation), today).map_or(Ok(()), |need| Err(Refusal::missing(need)))?;
    }
    let redo = match prestation {
        Prestation::Feasibility => ClockKind::StudyDue,
        Prestation::Preparation => ClockKind::PreparationDue,
        Prestation::Implementation => ClockKind::ReportDue,
    };
    // The body is given its time again from the day on which it is told.
    let due_on = context.due(redo, today);
    Ok(Decision::on(effective_on, Event::Rejected { prestation, reasons, by_silence, due_on }))
}

pub(super) fn admit(
    path: &Path,
    prestation: Prestation,
    reduction: Option<Cents>,
    reasons: Option<Text>,
    side: Side,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    let file = path.file(prestation);
    let payable = payable(path, prestation);
    let reasons = reasons.map(|Text(reasons)| reasons);
    let negative = prestation == Prestation::Feasibility && path.negative();
    if side == Side::System {
        let step = Step::from(verification(prestation, Verification::Admit));
        let until = verification_until(file)
            .filter(|_| path.state.delivered().is_some())
            .ok_or_else(|| super::not_your_role(step, context.actor))?;
        if context.today() <= until {
            return Err(Refusal::TooEarly { until });
        }
        let event =
            Event::Admitted { prestation, tacit: true, negative, reduction: None, reasons: None, amount: payable };
        return Ok(Decision::on(until, event));
    }
    may_decide(path, prestation, context)?;
    let reduction = reduction.filter(|reduction| *reduction != Cents::ZERO);
    if path.state.adjourned().is_some() {
        choosable(path, prestation, context)?;
        if reduction.is_none() {
            return Err(Refusal::missing(Need::Reduction));
        }
    }
    if let Some(amount) = reduction {
        if amount > payable {
            return Err(Refusal::AmountTooHigh { amount, most: payable });
        }
        let needs: Vec<Need> =
            reasons.is_none().then_some(Need::Reasons).into_iter().chain(unobserved(file, context.today())).collect();
        if !needs.is_empty() {
            return Err(Refusal::Missing { needs });
        }
    }
    let amount = payable - reduction.unwrap_or(Cents::ZERO);
    Ok(Decision::on(
        context.today(),
        Event::Admitted { prestation, tacit: false, negative, reduction, reasons, amount },
    ))
}

/// From an adjourned prestation, the Region chooses only once the body refused, kept silent or did not deliver again.
fn choosable(path: &Path, prestation: Prestation, context: &Context<'_>) -> Result<(), Refusal> {
    let file = path.file(prestation);
    let Some(adjournment) = file.adjournment.as_ref().filter(|_| path.state.adjourned().is_some()) else {
        return Ok(());
    };
    let until = choice_until(file, context.today(), &context.terms.market)
        .ok_or(Refusal::TooEarly { until: body_has_until(adjournment) })?;
    // Silence has rejected, even if no clock ran.
    if context.today() > until { Err(Refusal::TooLate { until }) } else { Ok(()) }
}

/// The observations that a reduction or a rejection lacks: asked, and given or waited for.
pub fn unobserved(file: &PrestationFile, today: Day) -> Option<Need> {
    match &file.observations {
        None => Some(Need::Observations { until: None }),
        Some(asked) if asked.given_on.is_some() || today > asked.until => None,
        Some(asked) => Some(Need::Observations { until: Some(asked.until) }),
    }
}

/// What an admission makes payable, excluding tax: the units drawn, pro rata of proven hours when a training ended early.
pub fn payable(path: &Path, prestation: Prestation) -> Cents {
    let price = path.file(prestation).price();
    let ended = path.training.as_ref().and_then(|training| training.ended.as_ref());
    let planned = path.pif.as_ref().and_then(Pif::hours_in_force);
    match (prestation, ended, planned) {
        (Prestation::Implementation, Some(ended), Some(planned)) if ended.outcome != Outcome::Completed => {
            let planned = planned.max(1);
            price.pro_rata(i64::from(ended.hours_done.min(planned)), i64::from(planned))
        }
        (Prestation::Feasibility | Prestation::Preparation | Prestation::Implementation, _, _) => price,
    }
}

pub(super) fn answer_adjournment(
    path: &Path,
    accepted: bool,
    reason: Option<Text>,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    let today = context.today();
    let prestation = path.state.adjourned().ok_or(Refusal::NotFound)?;
    let adjournment = path.file(prestation).adjournment.as_ref().ok_or(Refusal::NotFound)?;
    if let Some(answer) = adjournment.answer {
        let act = if accepted { crate::path::Act::AcceptAdjournment } else { crate::path::Act::RefuseAdjournment };
        return Err(if answer.accepted == accepted {
            Refusal::AlreadyDone { step: act.into() }
        } else {
            Refusal::AdjournmentAnswered { accepted: answer.accepted, on: answer.on }
        });
    }
    if today > adjournment.accept_until {
        return Err(Refusal::TooLate { until: adjournment.accept_until });
    }
    let until = context.due(if accepted { ClockKind::Redelivery } else { ClockKind::RegionChoice }, today);
    let reason = reason.map(|Text(reason)| reason);
    Ok(Decision::on(today, Event::AdjournmentAnswered { prestation, accepted, reason, until }))
}

fn under_verification(path: &Path) -> Result<Prestation, Refusal> {
    path.state.delivered().or(path.state.adjourned()).ok_or(Refusal::NotFound)
}

pub(super) fn ask_observations(path: &Path, Text(reasons): Text, context: &Context<'_>) -> Result<Decision, Refusal> {
    let prestation = under_verification(path)?;
    may_decide(path, prestation, context)?;
    let today = context.today();
    let until = context.due(ClockKind::Observations, today);
    let file = path.file(prestation);
    if file.observations.is_some() {
        return Err(Refusal::AlreadyDone { step: crate::path::Act::AskObservations.into() });
    }
    // Silence has rejected, even if no clock ran: nothing is left to observe on.
    if let Some(until) = choice_until(file, today, &context.terms.market).filter(|until| today > *until) {
        return Err(Refusal::TooLate { until });
    }
    Ok(Decision::on(today, Event::ObservationsAsked { prestation, reasons, until }))
}

pub(super) fn give_observations(
    path: &Path,
    Text(observations): Text,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    let prestation = under_verification(path)?;
    let today = context.today();
    let asked = path.file(prestation).observations.as_ref();
    let asked = asked.ok_or(Refusal::missing(Need::Observations { until: None }))?;
    if asked.given_on.is_some() {
        return Err(Refusal::AlreadyDone { step: crate::path::Act::GiveObservations.into() });
    }
    if today > asked.until {
        return Err(Refusal::TooLate { until: asked.until });
    }
    Ok(Decision::on(today, Event::ObservationsGiven { prestation, observations }))
}
