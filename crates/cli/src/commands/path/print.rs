//! What a step did, or would do: state, units, money, places, deadlines, messages with their text.

use app::{MessageSummary, Outcome, Rehearsal};
use domain::calendar::paris_day;
use domain::clocks::Clock;
use domain::market::Prestation;
use domain::path::event::Draw;
use domain::path::{Effect, Path, Step, Transition};
use domain::people::RecipientRole;
use domain::places::{PlaceEffect, Places};
use domain::told::Unreached;
use domain::{Day, Instant};
use serde_json::{Value, json};
use strum::IntoEnumIterator;
use wording::{labels, numbers, timeline};

use super::step::Reply;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{self, bold, faint, line, notable};

/// Prints what a step did.
///
/// # Errors
/// The output cannot be written.
pub fn outcome(outcome: &Outcome, step: Step, format: Reply) -> Result<Exit, Failure> {
    let path = &outcome.path;
    if format == Reply::Json {
        output::json(&json!({
            "reference": path.reference, "step": step.id(), "state": path.state, "version": path.version,
            "replayed": outcome.replayed, "events": outcome.events,
            "messages": outcome.messages.iter().map(message_json).collect::<Vec<_>>(),
            "unreached": outcome.unreached.iter().map(unreached_json).collect::<Vec<_>>(),
        }))?;
        return Ok(Exit::Done);
    }
    line(&bold(&format!("{} — {}", path.reference, labels::state(path.state))))?;
    if outcome.replayed {
        line(&notable("Déjà fait avec la même clé\u{a0}: rien n’a été refait."))?;
    }
    for recorded in &outcome.events {
        line(&timeline::path(&recorded.event, &recorded.author))?;
    }
    told(&outcome.messages)?;
    not_told(&outcome.unreached)?;
    Ok(Exit::Done)
}

/// Prints what a step would do.
///
/// # Errors
/// The output cannot be written.
pub fn rehearsal(rehearsal: &Rehearsal, step: Step, now: Instant, format: Reply) -> Result<Exit, Failure> {
    if format == Reply::Json {
        output::json(&rehearsal_json(rehearsal, step))?;
        return Ok(Exit::Done);
    }
    let Rehearsal { before, after, .. } = rehearsal;
    line(&bold(&format!("Essai\u{a0}: {} — rien n’est écrit", labels::step(step))))?;
    let from = before.as_ref().map_or("nouveau parcours", |path| labels::state(path.state));
    let to = labels::state(after.state);
    if from == to {
        line(&format!("État        {to}, inchangé"))?;
    } else {
        line(&format!("État        {from} → {to}"))?;
    }
    if step == Step::Transition(Transition::OrderImplementation) {
        signed_on_behalf(after, "PIF         ")?;
    }
    money(rehearsal)?;
    places(rehearsal)?;
    clocks(rehearsal, paris_day(now))?;
    line("")?;
    messages(&rehearsal.messages)?;
    not_told(&rehearsal.unreached)?;
    Ok(Exit::Done)
}

/// The signatures of the individual programme that the body recorded for someone else, one line each.
///
/// # Errors
/// The output cannot be written.
pub fn signed_on_behalf(path: &Path, head: &str) -> Result<(), Failure> {
    let signatures = path.pif.iter().flat_map(|pif| &pif.signatures);
    signatures
        .filter(|signature| signature.on_behalf)
        .try_for_each(|signature| line(&notable(&format!("{head}{}", labels::signed_on_behalf(signature)))))
}

/// The units drawn, given back and served with their price, then what would be paid.
fn money(rehearsal: &Rehearsal) -> Result<(), Failure> {
    let Rehearsal { before, after, effects, .. } = rehearsal;
    let draws: Vec<&Draw> = before.iter().chain([after]).flat_map(draws).collect();
    let mut shown = false;
    for effect in effects {
        let (line_id, what) = match effect {
            Effect::Draw { line } => (line, "tirée"),
            Effect::Return { line } => (line, "rendue"),
            Effect::Serve { line } => (line, "servie"),
            Effect::Place(_) => continue,
        };
        shown = true;
        match draws.iter().find(|draw| draw.line == *line_id) {
            Some(draw) => line(&format!(
                "Unité       {} {what}, {} HT ({})",
                labels::option_with_code(draw.option),
                numbers::euros(draw.price.excluding_tax),
                draw.order
            ))?,
            None => line(&format!("Unité       une unité {what}"))?,
        }
    }
    for prestation in Prestation::iter() {
        let was = before.as_ref().and_then(|path| path.file(prestation).admitted.as_ref());
        if let (None, Some(admitted)) = (was, &after.file(prestation).admitted) {
            shown = true;
            line(&format!("Admis       {} HT ({})", numbers::euros(admitted.amount), labels::prestation(prestation)))?;
        }
    }
    if shown && !rehearsal.prices_confirmed {
        line(&notable(wording::ILLUSTRATIVE_PRICES))?;
    }
    Ok(())
}

fn draws(path: &Path) -> impl Iterator<Item = &Draw> {
    Prestation::iter()
        .filter_map(|prestation| path.file(prestation).ordered.as_ref())
        .flat_map(|ordered| &ordered.draws)
}

fn places(rehearsal: &Rehearsal) -> Result<(), Failure> {
    for places in &rehearsal.places {
        line(&format!("Places      lot {}, {}\u{a0}: {}", places.lot, places.year, count_places(places)))?;
    }
    for effect in &rehearsal.effects {
        if let Effect::Place(place) = effect {
            line(&format!("            {}", place_effect(*place)))?;
        }
    }
    Ok(())
}

/// How many places are taken, of how many.
pub fn count_places(places: &Places) -> String {
    let taken = format!(
        "{}, {}",
        numbers::count(places.reserved, "réservée", "réservées"),
        numbers::count(places.consumed, "consommée", "consommées")
    );
    match (places.planned, places.available()) {
        (Some(planned), Some(available)) if available >= 0 => {
            format!(
                "{taken} sur {}, {}",
                numbers::integer(planned.into()),
                numbers::count(available, "libre", "libres")
            )
        }
        (Some(planned), Some(available)) => {
            format!("{taken} sur {}, {} en dépassement", numbers::integer(planned.into()), numbers::integer(-available))
        }
        (_, _) => format!("{taken}, sans quota"),
    }
}

fn place_effect(effect: PlaceEffect) -> String {
    match effect {
        PlaceEffect::Reserve { year } => format!("une place serait réservée en {year}"),
        PlaceEffect::Release { year } => format!("une place serait libérée en {year}"),
        PlaceEffect::Consume { reserved_year, year } if reserved_year == year => {
            format!("la place réservée serait consommée en {year}")
        }
        PlaceEffect::Consume { reserved_year, year } => {
            format!("la place réservée en {reserved_year} serait consommée en {year}")
        }
        PlaceEffect::Unconsume { year } => format!("la place consommée redeviendrait réservée en {year}"),
        PlaceEffect::Import { year } => format!("une place serait comptée en {year}"),
        PlaceEffect::Move { from, to } => format!("la réservation passerait de {from} à {to}"),
        PlaceEffect::MoveConsumed { from, to } => format!("l’entrée passerait de {from} à {to}"),
    }
}

fn clocks(rehearsal: &Rehearsal, today: Day) -> Result<(), Failure> {
    let gone = |clock: &&Clock| {
        !rehearsal.clocks_after.iter().any(|after| after.kind == clock.kind && after.started_on == clock.started_on)
    };
    for clock in rehearsal.clocks_before.iter().filter(gone) {
        line(&format!("Délai       {}", faint(&format!("s’arrête\u{a0}: {}", labels::clock(clock.kind)))))?;
    }
    for clock in &rehearsal.clocks_after {
        line(&format!("Délai       {}", labels::waiting(clock, today)))?;
    }
    Ok(())
}

/// The messages that would leave, with their text.
///
/// # Errors
/// The output cannot be written.
pub fn messages(messages: &[MessageSummary]) -> Result<(), Failure> {
    line(&bold(&match messages.len() {
        0 => "Aucun courriel ne partirait.".to_owned(),
        count => format!("{}\u{a0}:", numbers::count(count as i64, "courriel partirait", "courriels partiraient")),
    }))?;
    for message in messages {
        line("")?;
        line(&format!(
            "À\u{a0}: {} <{}> ({}, {})",
            message.name,
            message.email,
            labels::recipient(message.role),
            labels::told(message.why).to_lowercase()
        ))?;
        line(&bold(&format!("Objet\u{a0}: {}", message.subject)))?;
        for text in message.text.lines() {
            line(&if text.is_empty() { "  │".to_owned() } else { format!("  │ {text}") })?;
        }
    }
    Ok(())
}

fn told(messages: &[MessageSummary]) -> Result<(), Failure> {
    if messages.is_empty() {
        return Ok(());
    }
    let names: Vec<String> =
        messages.iter().map(|message| format!("{} ({})", message.name, labels::recipient(message.role))).collect();
    let count = numbers::count(names.len() as i64, "courriel", "courriels");
    line(&format!("{count}\u{a0}: {}.", numbers::list(&names)))
}

fn not_told(unreached: &[(RecipientRole, String, Unreached)]) -> Result<(), Failure> {
    for (role, name, why) in unreached {
        line(&notable(&format!(
            "Sans courriel\u{a0}: {name} ({}). {}",
            labels::recipient(*role),
            labels::unreached(*why)
        )))?;
    }
    Ok(())
}

fn rehearsal_json(rehearsal: &Rehearsal, step: Step) -> Value {
    json!({
        "dry_run": true, "step": step.id(),
        "from": rehearsal.before.as_ref().map(|path| path.state), "to": rehearsal.after.state,
        "events": rehearsal.events, "effects": rehearsal.effects, "places": rehearsal.places,
        "clocks_before": rehearsal.clocks_before, "clocks_after": rehearsal.clocks_after,
        "prices_confirmed": rehearsal.prices_confirmed,
        "signed_on_behalf": rehearsal.after.pif.iter().flat_map(|pif| &pif.signatures)
            .filter(|signature| signature.on_behalf).collect::<Vec<_>>(),
        "messages": rehearsal.messages.iter().map(message_json).collect::<Vec<_>>(),
        "unreached": rehearsal.unreached.iter().map(unreached_json).collect::<Vec<_>>(),
    })
}

/// A message for programs.
pub fn message_json(message: &MessageSummary) -> Value {
    json!({
        "role": message.role, "name": message.name, "email": message.email, "kind": message.kind,
        "subject": message.subject, "text": message.text,
    })
}

fn unreached_json((role, name, why): &(RecipientRole, String, Unreached)) -> Value {
    json!({ "role": role, "name": name, "why": why })
}
