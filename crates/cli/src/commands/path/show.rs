//! `jalon path show`: one path in full, as a person reads it.

use app::{App, AppError, Options, PathView, Target};
use domain::Day;
use domain::calendar::paris_day;
use domain::form::{FieldProblem, Form};
use domain::market::Prestation;
use domain::path::refusal::Refusal;
use domain::path::table::rows;
use domain::path::{Path, Recorded, Step};
use domain::people::{Actor, Person};
use persistence::{Message, MessageState};
use serde_json::{Value, json};
use strum::IntoEnumIterator;
use wording::{dates, fields, labels, numbers, refusals, timeline};

use super::print;
use super::step::Reply;
use crate::commands::messages;
use crate::exit::Exit;
use crate::failure::{About, Failure};
use crate::output::{self, alarming, bold, faint, line, notable};
use crate::values;
use crate::who::WhoArgs;

#[derive(Debug, clap::Args)]
pub struct ShowArgs {
    /// Le parcours
    #[arg(value_name = "RÉFÉRENCE")]
    pub reference: String,
    #[command(flatten)]
    pub who: WhoArgs,
    /// La forme de la réponse
    #[arg(long, value_enum, value_name = "FORME", default_value_t = Reply::Table)]
    pub format: Reply,
}

/// What may be done next, and what each step still waits for.
struct Next {
    step: Step,
    missing: Vec<String>,
}

/// Prints the path.
///
/// # Errors
/// It is not there for this reader; the store does not answer.
pub async fn run(app: &App, args: ShowArgs) -> Result<Exit, Failure> {
    let reference = values::path_reference(&args.reference)?;
    let reader = args.who.reader(app).await?;
    let about = About::Path(&args.reference, None);
    let view = app.path(&reader, &reference).await.map_err(|error| Failure::app(error, about))?;
    let today = paris_day(app.now().await.map_err(|error| Failure::app(error, about))?);
    let next = next(app, &reader, &view).await?;
    match args.format {
        Reply::Json => output::json(&as_json(&view, &next))?,
        Reply::Table => shown(&view, &next, &reader, today)?,
    }
    Ok(Exit::Done)
}

/// What a reader may try, rehearsed with an empty form to learn what is missing.
async fn next(app: &App, reader: &Actor, view: &PathView) -> Result<Vec<Next>, Failure> {
    let target = Target::Path(view.path.reference.clone());
    let mut steps = Vec::new();
    if *reader == Actor::System {
        return Ok(steps);
    }
    for step in &view.available {
        let missing = match *step {
            Step::Act(_) => Vec::new(),
            Step::Transition(_) => {
                match app.rehearse(reader, &target, *step, &Form::new(), &Options::default()).await {
                    Ok(_) => Vec::new(),
                    Err(AppError::Refused(refusal)) => missing(*step, &refusal),
                    Err(error) => {
                        return Err(Failure::app(error, About::Path(&view.path.reference.to_string(), Some(*step))));
                    }
                }
            }
        };
        steps.push(Next { step: *step, missing });
    }
    Ok(steps)
}

fn missing(step: Step, refusal: &Refusal) -> Vec<String> {
    match refusal {
        Refusal::Form { errors } => {
            let asked = errors.iter().filter(|error| error.problem == FieldProblem::Missing);
            let labels: Vec<String> = asked
                .map(|error| {
                    fields::path(step, &error.field).map_or(error.field.clone(), |words| words.label.to_lowercase())
                })
                .collect();
            vec![format!("à renseigner\u{a0}: {}", labels.join(", "))]
        }
        refusal => refusals::lines(refusal),
    }
}

fn shown(view: &PathView, next: &[Next], reader: &Actor, today: Day) -> Result<(), Failure> {
    head(view, today)?;
    steps(view, next, reader)?;
    people(view)?;
    money(view)?;
    history(&view.events, &view.people)?;
    sent(&view.messages)
}

fn head(view: &PathView, today: Day) -> Result<(), Failure> {
    let path = &view.path;
    let lot = view.terms.market.lot(&path.lot);
    let holder = lot.map_or(path.holder.to_string(), |lot| lot.holder.name.clone());
    line(&bold(&format!("{} — {}", path.reference, labels::state(path.state))))?;
    line(&phases(path))?;
    line("")?;
    line(&format!("Entreprise    {} ({})", path.workplace.company, grouped(path.workplace.siret.as_ref())))?;
    line(&format!(
        "Lieu          {}, {}",
        labels::commune(path.workplace.commune.as_ref()),
        labels::department_with_code(&path.workplace.department)
    ))?;
    line(&format!("Poste         {}", path.job.title))?;
    line(&format!("Lot           {}, {holder}", path.lot))?;
    if let Some((_, source)) = &path.source {
        line(&format!("Lié à         {source}"))?;
    }
    match view.clocks.as_slice() {
        [] if path.state.is_final() => line("Attend        rien, le parcours est terminé")?,
        [] => {}
        clocks => {
            for (rank, clock) in clocks.iter().enumerate() {
                let waiting = labels::waiting(clock, today);
                let waiting = if clock.due_on < today { alarming(&waiting) } else { waiting };
                line(&format!("{}{waiting}", if rank == 0 { "Attend        " } else { "              " }))?;
            }
        }
    }
    print::signed_on_behalf(path, "PIF           ")?;
    for task in &view.tasks {
        line(&notable(&format!("À traiter     {}", crate::commands::tasks::sentence(task))))?;
    }
    Ok(())
}

/// A SIRET as it is read aloud: 732 829 320 00074.
fn grouped(siret: &str) -> String {
    match (siret.get(..3), siret.get(3..6), siret.get(6..9), siret.get(9..)) {
        (Some(first), Some(second), Some(third), Some(rest)) => [first, second, third, rest].join("\u{a0}"),
        (_, _, _, _) => siret.to_owned(),
    }
}

/// The three prestations: done, under way, to come.
fn phases(path: &Path) -> String {
    let current = path.state.phase();
    let phase = |prestation: Prestation| {
        let name = labels::prestation(prestation);
        match current {
            Some(now) if now == prestation => bold(&format!("▶ {name}")),
            Some(now) if prestation < now => format!("✔ {name}"),
            Some(_) => faint(&format!("○ {name}")),
            None if path.file(prestation).admitted.is_some() => format!("✔ {name}"),
            None => faint(&format!("○ {name}")),
        }
    };
    Prestation::iter().map(phase).collect::<Vec<_>>().join("   ")
}

fn steps(view: &PathView, next: &[Next], reader: &Actor) -> Result<(), Failure> {
    line("")?;
    line(&bold("Étapes possibles"))?;
    if *reader == Actor::System {
        let mut any = false;
        for row in rows().filter(|row| matches!(row.step, Step::Transition(_)) && row.from.contains(&view.path.state)) {
            any = true;
            let by: Vec<&str> = row.by.iter().map(|side| labels::side(*side)).collect();
            line(&format!("  {:<26} {} ({})", row.step.id(), labels::step(row.step), by.join(", ")))?;
        }
        let rest = if any { "  Avec --as ADRESSE, ce qui manque à chacune s’affiche." } else { "  Aucune." };
        return line(&faint(rest));
    }
    let transitions = next.iter().filter(|next| matches!(next.step, Step::Transition(_)));
    let mut none = true;
    for Next { step, missing } in transitions {
        none = false;
        line(&format!("  {:<26} {}", step.id(), labels::step(*step)))?;
        for missing in missing {
            line(&format!("  {:<26} {}", "", faint(&format!("– {missing}"))))?;
        }
    }
    if none {
        line(&faint("  Aucune étape ne change l’état pour ce compte."))?;
    }
    let acts: Vec<Step> = next.iter().map(|next| next.step).filter(|step| matches!(step, Step::Act(_))).collect();
    if acts.is_empty() {
        return Ok(());
    }
    line("")?;
    line(&bold("Actes possibles, sans changer l’état"))?;
    acts.into_iter().try_for_each(|step| line(&format!("  {:<26} {}", step.id(), labels::step(step))))
}

fn people(view: &PathView) -> Result<(), Failure> {
    line("")?;
    line(&bold("Personnes"))?;
    match &view.coordinator {
        Some(account) => line(&format!("  {:<26} {}", "Coordination", account.name))?,
        None => line(&format!("  {:<26} {}", "Coordination", "personne pour le moment"))?,
    }
    for person in view.people.iter().filter(|person| person.active) {
        let note = match (&person.contact.email, person.address_refused) {
            (None, _) => notable(" (sans adresse de courriel)"),
            (Some(_), true) => alarming(" (adresse refusée)"),
            (Some(_), false) => String::new(),
        };
        line(&format!(
            "  {:<26} {}{note}",
            labels::recipient_on(&view.path, person.role, Some(person.id)),
            person.contact.name
        ))?;
    }
    Ok(())
}

fn money(view: &PathView) -> Result<(), Failure> {
    let path = &view.path;
    if !path.anything_ordered() {
        return Ok(());
    }
    line("")?;
    line(&bold("Montants, hors taxes"))?;
    for prestation in Prestation::iter() {
        let file = path.file(prestation);
        let Some(ordered) = &file.ordered else { continue };
        for draw in &ordered.draws {
            line(&format!(
                "  {:<48} {:>14}  {}",
                labels::option_with_code(draw.option),
                numbers::euros(draw.price.excluding_tax),
                draw.order
            ))?;
        }
        if let Some(admitted) = &file.admitted {
            let how = if admitted.tacit { "service fait, tacite" } else { "service fait" };
            line(&format!("  {:<48} {:>14}  {}", how, numbers::euros(admitted.amount), dates::short(admitted.on)))?;
        }
    }
    if view.terms.market.prices_confirmed { Ok(()) } else { line(&notable(wording::ILLUSTRATIVE_PRICES)) }
}

fn history(events: &[Recorded], people: &[Person]) -> Result<(), Failure> {
    line("")?;
    line(&bold("Histoire"))?;
    for recorded in events {
        let sentence = timeline::path(&recorded.event, &recorded.author);
        line(&format!("  {:<14} {sentence}", dates::short(recorded.effective_on)))?;
        for detail in
            timeline::answered_by(&recorded.event, people).into_iter().chain(timeline::details(&recorded.event))
        {
            line(&faint(&format!("  {:<14} {}\u{a0}: {}", "", detail.label, detail.text.replace('\n', " "))))?;
        }
    }
    Ok(())
}

fn sent(list: &[Message]) -> Result<(), Failure> {
    line("")?;
    line(&bold("Courriels"))?;
    if list.is_empty() {
        return line("  Aucun.");
    }
    for message in list {
        let state = messages::state(message.state);
        let state = match message.state {
            MessageState::Refused | MessageState::Failed => alarming(state),
            MessageState::Held => notable(state),
            MessageState::Queued | MessageState::Sending | MessageState::Sent => state.to_owned(),
        };
        let content = &message.content;
        line(&format!(
            "  {:<14} n° {} à {} ({})\u{a0}: {} — {state}",
            dates::short(paris_day(message.queued_at)),
            message.seq,
            content.to.name,
            labels::recipient(content.to.role),
            content.subject
        ))?;
    }
    Ok(())
}

fn as_json(view: &PathView, next: &[Next]) -> Value {
    let people: Vec<Value> = view
        .people
        .iter()
        .map(|person| {
            json!({
                "id": person.id, "role": person.role, "name": person.contact.name, "active": person.active,
                "has_address": person.contact.email.is_some(), "address_refused": person.address_refused,
            })
        })
        .collect();
    json!({
        "reference": view.path.reference, "state": view.path.state, "version": view.path.version, "path": view.path,
        "clocks": view.clocks, "people": people,
        "available": next.iter().map(|next| json!({ "step": next.step.id(), "missing": next.missing })).collect::<Vec<_>>(),
        "events": view.events,
        "messages": view.messages.iter().map(messages::as_json).collect::<Vec<_>>(),
        "documents": view.documents.iter().map(|document| json!({
            "id": document.id, "kind": document.kind, "name": document.reference.name, "sha256": document.reference.sha256,
            "media_type": document.media_type, "size": document.size,
        })).collect::<Vec<_>>(),
        "prices_confirmed": view.terms.market.prices_confirmed,
    })
}
