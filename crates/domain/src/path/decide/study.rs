//! P1 and P2: ordering, starting and delivering the study and the preparation.

use chrono::NaiveDateTime;

use super::{Context, Decision, gather, not_before, verification};
use crate::calendar::Day;
use crate::form::{DocumentRef, Line, Text};
use crate::market::{ClockKind, OptionCode, Prestation};
use crate::path::command::{Command, CompanyAnswer, Verdict};
use crate::path::event::Event;
use crate::path::record::{Confirmation, Path};
use crate::path::refusal::{Need, Refusal};

pub(super) fn order(_path: &Path, context: &Context<'_>) -> Result<Decision, Refusal> {
    let today = context.today();
    let draw = context.draw(OptionCode::P1).map_err(Refusal::missing)?;
    let due_on = context.due(ClockKind::StudyDue, today);
    Ok(Decision::on(today, Event::PrestationOrdered { prestation: Prestation::Feasibility, draws: vec![draw], due_on }))
}

pub(super) fn start(
    path: &Path,
    first_visit: NaiveDateTime,
    place: Option<Line>,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    not_before(first_visit.date(), path.since)?;
    context.in_market(first_visit.date())?;
    let place = place.map(|Line(place)| place);
    Ok(Decision::on(context.today(), Event::FeasibilityStarted { first_visit, place }))
}

pub(super) fn deliver(path: &Path, command: Command, context: &Context<'_>) -> Result<Decision, Refusal> {
    let Command::DeliverFeasibility {
        organisation: Text(organisation),
        people: Text(people),
        engagement: Text(engagement),
        competences: Text(competences),
        verdict,
        obstacle,
        reasons: Text(reasons),
        conditions,
        report,
        commitment,
        letter,
    } = command
    else {
        return Err(Refusal::NotFound);
    };
    verification::may_deliver(path, Prestation::Feasibility, context)?;
    let mut needs = Vec::new();
    let commitment = if verdict == Verdict::NotFeasible {
        path.commitment.answer
    } else {
        company_answer(&path.commitment, commitment, letter.as_ref(), context)
            .map_err(|asked_until| {
                needs.push(if commitment == Some(CompanyAnswer::Letter) {
                    Need::Letter
                } else {
                    Need::Commitment { asked_until }
                });
            })
            .ok()
    };
    if verdict == Verdict::FeasibleWithConditions && conditions.is_empty() {
        needs.push(Need::Conditions);
    }
    if verdict == Verdict::NotFeasible && obstacle.is_none() {
        needs.push(Need::Obstacle);
    }
    gather(needs)?;
    let verify_until = verification::verify_until(path, Prestation::Feasibility, context);
    let conditions = if verdict == Verdict::FeasibleWithConditions { conditions } else { Vec::new() };
    let obstacle = obstacle.filter(|_| verdict == Verdict::NotFeasible);
    Ok(Decision::on(
        context.today(),
        Event::FeasibilityDelivered {
            organisation,
            people,
            engagement,
            competences,
            verdict,
            obstacle,
            reasons,
            conditions,
            report,
            commitment,
            letter,
            verify_until,
        },
    ))
}

/// How the company stands: what it said, a letter, or its silence once the time given has run out.
///
/// # Errors
/// The day until which the company was asked, if it was.
pub(super) fn company_answer(
    confirmation: &Confirmation,
    said: Option<CompanyAnswer>,
    letter: Option<&DocumentRef>,
    context: &Context<'_>,
) -> Result<CompanyAnswer, Option<Day>> {
    let asked_until = confirmation.asked.map(|(_, until)| until);
    if let Some(answer) = confirmation.answer {
        return Ok(answer);
    }
    match said {
        Some(CompanyAnswer::Letter) if letter.is_some() => Ok(CompanyAnswer::Letter),
        // A company that said no has answered: it is asked again, or writes.
        Some(CompanyAnswer::NoAnswer)
            if confirmation.declined.is_none() && asked_until.is_some_and(|until| context.today() > until) =>
        {
            Ok(CompanyAnswer::NoAnswer)
        }
        Some(CompanyAnswer::Letter | CompanyAnswer::NoAnswer | CompanyAnswer::Confirmed) | None => Err(asked_until),
    }
}

pub(super) fn order_preparation(path: &Path, context: &Context<'_>) -> Result<Decision, Refusal> {
    let today = context.today();
    let mut needs: Vec<Need> = path
        .conditions
        .iter()
        .zip(1..)
        .filter(|(condition, _)| condition.settled.is_none())
        .map(|(condition, number)| Need::Condition { number, by: condition.asked.by })
        .collect();
    let trained = path.tutor.as_ref().is_some_and(|tutor| tutor.trained);
    let market = &context.terms.market;
    let options =
        [(OptionCode::M1, true), (OptionCode::M2, !trained), (OptionCode::M3, market.enabled(OptionCode::M3))];
    let mut draws = Vec::new();
    for (option, _) in options.into_iter().filter(|(_, wanted)| *wanted) {
        match context.draw(option) {
            Ok(draw) => draws.push(draw),
            Err(need) => needs.push(need),
        }
    }
    gather(needs)?;
    let due_on = context.due(ClockKind::PreparationDue, today);
    Ok(Decision::on(today, Event::PrestationOrdered { prestation: Prestation::Preparation, draws, due_on }))
}

pub(super) fn start_preparation(path: &Path, on: Option<Day>, context: &Context<'_>) -> Result<Decision, Refusal> {
    if path.tutor.is_none() {
        return Err(Refusal::missing(Need::TutorDesignated));
    }
    let on = not_before(context.past(on.unwrap_or(context.today()))?, path.since)?;
    Ok(Decision::on(on, Event::PreparationStarted))
}

pub(super) fn deliver_preparation(
    path: &Path,
    [programme, work_analysis, evaluation_grid]: [DocumentRef; 3],
    tutor_certificate: Option<DocumentRef>,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    verification::may_deliver(path, Prestation::Preparation, context)?;
    let mut needs = Vec::new();
    if path.tutor.is_none() {
        needs.push(Need::TutorDesignated);
    }
    if path.preparation.has_drawn(OptionCode::M2) && tutor_certificate.is_none() {
        needs.push(Need::TutorCertificate);
    }
    gather(needs)?;
    let verify_until = verification::verify_until(path, Prestation::Preparation, context);
    Ok(Decision::on(
        context.today(),
        Event::PreparationDelivered { programme, work_analysis, evaluation_grid, tutor_certificate, verify_until },
    ))
}
