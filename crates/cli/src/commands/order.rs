//! `jalon order`: purchase orders listed, shown and moved.

use app::{App, OrderDraw, OrderOptions, OrderOutcome, OrderSummary, OrderTarget, OrderView};
use domain::Day;
use domain::calendar::paris_day;
use domain::form::Form;
use domain::market::OptionCode;
use domain::money::Cents;
use domain::order::{LineUse, OrderState, OrderTransition, PurchaseOrder};
use domain::people::{Actor, Side};
use persistence::RecordedOrder;
use reports::{Cell, Column, ColumnKind};
use serde_json::{Value, json};
use strum::IntoEnumIterator;
use wording::{dates, labels, numbers, timeline};

use super::fields;
use super::path::{Reply, print};
use crate::exit::Exit;
use crate::failure::{About, Failure};
use crate::files::{self, FormArgs};
use crate::output::{self, Format, FormatArgs, Listing, bold, cell, faint, line, notable, text};
use crate::values;
use crate::who::WhoArgs;
use crate::wiring::{Global, Schema, open};

#[derive(Debug, clap::Args)]
pub struct OrderArgs {
    #[command(subcommand)]
    pub command: OrderCommand,
}

#[derive(Debug, clap::Subcommand)]
pub enum OrderCommand {
    /// Liste les bons de commande
    List(ListArgs),
    /// Montre un bon de commande : ses unités, son histoire
    Show(ShowArgs),
    /// Prépare un bon : --set lot=1 budget_year=2026 units=@unites.txt
    New(NewArgs),
    /// Franchit une étape : jalon order advance BC-1-2026-0001 endorse --set commitment_number=…
    Advance(AdvanceArgs),
}

#[derive(Debug, clap::Args)]
pub struct ListArgs {
    #[command(flatten)]
    pub who: WhoArgs,
    #[command(flatten)]
    pub format: FormatArgs,
}

#[derive(Debug, clap::Args)]
pub struct ShowArgs {
    /// Le bon de commande
    #[arg(value_name = "RÉFÉRENCE")]
    pub reference: String,
    #[command(flatten)]
    pub who: WhoArgs,
    /// La forme de la réponse
    #[arg(long, value_enum, value_name = "FORME", default_value_t = Reply::Table)]
    pub format: Reply,
}

#[derive(Debug, clap::Args)]
pub struct NewArgs {
    #[command(flatten)]
    pub step: StepArgs,
}

#[derive(Debug, clap::Args)]
pub struct AdvanceArgs {
    /// Le bon de commande
    #[arg(value_name = "RÉFÉRENCE")]
    pub reference: String,
    /// L’étape
    #[arg(value_name = "ÉTAPE")]
    pub transition: String,
    #[command(flatten)]
    pub step: StepArgs,
}

/// What every transition takes besides its name.
#[derive(Debug, clap::Args)]
pub struct StepArgs {
    #[command(flatten)]
    pub form: FormArgs,
    #[command(flatten)]
    pub who: WhoArgs,
    /// Montre ce qui se passerait (état, montants, courriels), sans rien écrire
    #[arg(long)]
    pub dry_run: bool,
    /// Montre les champs du formulaire, sans rien faire
    #[arg(long)]
    pub help_fields: bool,
    /// Une clé choisie par l’appelant : la même demande répétée avec elle n’agit qu’une fois
    #[arg(long, value_name = "CLÉ")]
    pub idempotency_key: Option<String>,
    /// La version lue : si quelqu’un a agi depuis, rien n’est fait
    #[arg(long, value_name = "VERSION")]
    pub expect_version: Option<u32>,
    /// La forme de la réponse
    #[arg(long, value_enum, value_name = "FORME", default_value_t = Reply::Table)]
    pub format: Reply,
}

/// Runs the command.
///
/// # Errors
/// What the use case refuses.
pub async fn run(global: &Global, args: OrderArgs) -> Result<Exit, Failure> {
    let asked = match &args.command {
        OrderCommand::List(_) | OrderCommand::Show(_) => None,
        OrderCommand::New(args) => Some((OrderTransition::DraftOrder, &args.step)),
        OrderCommand::Advance(args) => Some((values::order_transition(&args.transition)?, &args.step)),
    };
    if let Some((transition, step)) = asked.filter(|(_, step)| step.help_fields) {
        fields::print_order(transition, if step.format == Reply::Json { Format::Json } else { Format::Table })?;
        return Ok(Exit::Done);
    }
    let app = open(global, Schema::Current).await?.app;
    match args.command {
        OrderCommand::List(args) => list(&app, args).await,
        OrderCommand::Show(args) => show(&app, args).await,
        OrderCommand::New(args) => perform(&app, &OrderTarget::New, OrderTransition::DraftOrder, args.step).await,
        OrderCommand::Advance(args) => {
            let target = OrderTarget::Order(values::order_reference(&args.reference)?);
            perform(&app, &target, values::order_transition(&args.transition)?, args.step).await
        }
    }
}

async fn list(app: &App, args: ListArgs) -> Result<Exit, Failure> {
    let reader = args.who.reader(app).await?;
    let orders = app.orders(&reader).await.map_err(|error| Failure::app(error, About::Nothing))?;
    let columns = vec![
        text("reference", "Référence"),
        text("lot", "Lot"),
        text("budget_year", "Budget"),
        text("state", "État"),
        Column::new("total", "Montant HT", ColumnKind::Money),
        Column::new("engaged", "Engagé HT", ColumnKind::Money),
        Column::new("certain_on", "Date certaine", ColumnKind::Day),
    ];
    let mut list = Listing::new("Bons de commande", "Aucun bon de commande n’est visible.", columns);
    for order in &orders {
        list.push(
            vec![
                cell(order.reference.to_string()),
                cell(order.lot.to_string()),
                cell(order.budget_year.to_string()),
                cell(labels::order_state(order.state)),
                Cell::Money(order.total),
                Cell::Money(order.engaged),
                order.certain_on.map_or(Cell::Empty, Cell::Day),
            ],
            json!({
                "reference": order.reference, "market": order.market, "lot": order.lot, "budget_year": order.budget_year,
                "state": order.state, "version": order.version, "total": order.total, "engaged": order.engaged,
                "certain_on": order.certain_on,
            }),
        );
    }
    let lots = app.lots(&reader).await.map_err(|error| Failure::app(error, About::Nothing))?;
    let illustrative = |order: &OrderSummary| {
        lots.iter().any(|view| view.market == order.market && view.lot.code == order.lot && !view.prices_confirmed)
    };
    if orders.iter().any(illustrative) {
        list.table.notes.push(wording::ILLUSTRATIVE_PRICES.to_owned());
    }
    list.print(args.format.format)?;
    Ok(Exit::Done)
}

async fn show(app: &App, args: ShowArgs) -> Result<Exit, Failure> {
    let reference = values::order_reference(&args.reference)?;
    let reader = args.who.reader(app).await?;
    let failed = |error| Failure::app(error, About::Order(&args.reference, None));
    let view = app.order_page(&reader, &reference).await.map_err(failed)?;
    let today = paris_day(app.now().await.map_err(failed)?);
    match args.format {
        Reply::Json => output::json(&json!({
            "order": view.order, "uses": uses_json(&view.uses), "draws": draws_json(&view.draws), "events": events_json(&view.events),
            "admitted": view.order.admitted(&view.uses), "invoiced": view.order.invoiced(), "paid": view.order.paid(),
            "prices_confirmed": view.prices_confirmed,
        }))?,
        Reply::Table => show_order(&view, today)?,
    }
    Ok(Exit::Done)
}

fn show_order(view: &OrderView, today: Day) -> Result<(), Failure> {
    let OrderView { order, uses, events, .. } = view;
    let holder = &view.lot.holder.name;
    line(&bold(&format!("{} — {}", order.reference, labels::order_state(order.state))))?;
    line(labels::order_state_help(order.state))?;
    line("")?;
    line(&format!("Lot {}, titulaire {holder}, budget {}", order.lot, order.budget_year))?;
    if let Some(visa) = &order.visa {
        line(&format!("Visa du {}, engagement {}", dates::medium(visa.on), visa.commitment_number))?;
    }
    if let Some(notified) = &order.notification {
        let channel = labels::order_channel(notified.channel);
        line(&format!(
            "Notifié le {} ({channel}), date certaine\u{a0}: {}",
            dates::medium(notified.sent_on),
            dates::medium(notified.certain_on)
        ))?;
    }
    line("")?;
    let mut units = lines(order, uses);
    if !view.prices_confirmed {
        units.table.notes.push(wording::ILLUSTRATIVE_PRICES.to_owned());
    }
    units.print(Format::Table)?;
    line("")?;
    if !view.draws.is_empty() {
        draws(&view.draws).print(Format::Table)?;
        line("")?;
    }
    if !order.payments.is_empty() {
        payments(view, today).print(Format::Table)?;
        line("")?;
    }
    line(&bold("Étapes possibles"))?;
    let mut none = true;
    let never = |transition| !view.possible.contains(&transition);
    for row in domain::order::table().iter().filter(|row| row.from == Some(order.state) && !never(row.transition)) {
        none = false;
        let by: Vec<&str> = row.sides.iter().map(|side| labels::side(*side)).collect();
        line(&format!(
            "  {:<26} {} ({})",
            row.transition.to_string(),
            labels::order_transition(row.transition),
            by.join(", ")
        ))?;
    }
    if none {
        line(&faint("  Aucune."))?;
    }
    line("")?;
    line(&bold("Histoire"))?;
    for recorded in events {
        let day = dates::short(recorded.effective_on);
        line(&format!("  {day:<14} {}", timeline::order(&recorded.event, &recorded.author)))?;
    }
    Ok(())
}

/// The paths that hold units of an order.
fn draws(draws: &[OrderDraw]) -> Listing {
    let columns = vec![
        text("path", "Parcours"),
        text("company", "Entreprise"),
        text("job", "Métier visé"),
        text("option", "Option"),
        text("state", "État"),
        text("served", "Décidée"),
    ];
    let mut list = Listing::new("Parcours qui ont tiré des unités", "Aucun parcours.", columns);
    for draw in draws {
        list.push(
            vec![
                cell(draw.path.to_string()),
                cell(draw.company.clone()),
                cell(draw.job.clone()),
                cell(draw.option.to_string()),
                cell(labels::state(draw.state)),
                cell(labels::yes_no(draw.served)),
            ],
            Value::Null,
        );
    }
    list
}

fn draws_json(draws: &[OrderDraw]) -> Value {
    draws
        .iter()
        .map(|draw| {
            json!({
                "path": draw.path, "company": draw.company, "job": draw.job, "option": draw.option, "state": draw.state,
                "served": draw.served,
            })
        })
        .collect()
}

/// The payment requests of an order, and what was admitted, invoiced and paid.
fn payments(view: &OrderView, today: Day) -> Listing {
    let order = &view.order;
    let columns = vec![
        text("number", "Demande"),
        Column::new("received_on", "Reçue", ColumnKind::Day),
        Column::new("amount", "Montant HT", ColumnKind::Money),
        text("state", "État"),
        Column::new("due_on", "À payer", ColumnKind::Day),
        Column::new("interest", "Intérêts et indemnité", ColumnKind::Money),
    ];
    let mut list = Listing::new("Demandes de paiement", "Aucune demande de paiement.", columns);
    for request in &order.payments {
        let interest = request.late_interest(&view.payment, today);
        list.push(
            vec![
                cell(request.number.clone()),
                Cell::Day(request.received_on),
                Cell::Money(request.amount),
                cell(labels::payment_state(&request.state)),
                if request.runs() { Cell::Day(request.due_on) } else { Cell::Empty },
                interest.map_or(Cell::Empty, |late| Cell::Money(late.total())),
            ],
            Value::Null,
        );
    }
    list.table.notes.push(format!(
        "Admis\u{a0}: {} HT. Facturé\u{a0}: {} HT. Payé\u{a0}: {} HT. Tel que Chorus Pro le dit\u{a0}; intérêts à titre indicatif.",
        numbers::euros(order.admitted(&view.uses)),
        numbers::euros(order.invoiced()),
        numbers::euros(order.paid())
    ));
    list
}

fn lines(order: &PurchaseOrder, uses: &[LineUse]) -> Listing {
    let count = |key, label: &str| Column::new(key, label, ColumnKind::Count);
    let columns = vec![
        text("option", "Option"),
        Column::new("price", "Prix HT", ColumnKind::Money),
        count("held", "Unités"),
        count("drawn", "Tirées"),
        count("served", "Servies"),
        count("free", "Libres"),
    ];
    let mut list = Listing::new("Unités", "Aucune unité.", columns);
    for order_line in &order.lines {
        let used = uses.iter().find(|used| used.line == order_line.ordered.line);
        let (drawn, served) = used.map_or((0, 0), |used| (used.drawn, used.served));
        let held = order_line.held();
        list.push(
            vec![
                cell(labels::option_with_code(order_line.ordered.option)),
                Cell::Money(order_line.ordered.unit_price.excluding_tax),
                Cell::Count(held.into()),
                Cell::Count(drawn.into()),
                Cell::Count(served.into()),
                Cell::Count(i64::from(held) - i64::from(drawn)),
            ],
            Value::Null,
        );
    }
    list.table.notes.push(format!("Total commandé\u{a0}: {} HT.", numbers::euros(order.total())));
    if order.engaged != Cents::ZERO {
        list.table.notes.push(format!("Engagé\u{a0}: {} HT.", numbers::euros(order.engaged)));
    }
    list
}

async fn perform(
    app: &App,
    target: &OrderTarget,
    transition: OrderTransition,
    args: StepArgs,
) -> Result<Exit, Failure> {
    let reference = match target {
        OrderTarget::New => None,
        OrderTarget::Order(reference) => Some(reference.to_string()),
    };
    let about =
        reference.as_deref().map_or(About::NewOrder(transition), |reference| About::Order(reference, Some(transition)));
    let sides: Vec<Side> = transition.rows().flat_map(|row| row.sides.iter().copied()).collect();
    let actor = args.who.author(app, &sides).await?.actor();
    let form = files::fill_texts(&args.form, &domain::order::OrderCommand::fields(transition))?;
    let options = OrderOptions {
        idempotency_key: args.idempotency_key,
        expected_version: args.expect_version,
        ..OrderOptions::default()
    };
    let failed = |error| explained(Failure::app(error, about), &form);
    if args.dry_run {
        let before = match target {
            OrderTarget::New => None,
            OrderTarget::Order(reference) => Some(app.order_view(&actor, reference).await.map_err(failed)?.0),
        };
        let outcome = app.rehearse_order(&actor, target, transition, &form, &options).await.map_err(failed)?;
        rehearsed(before.as_ref(), &outcome, transition, args.format)?;
        if args.format == Reply::Table {
            beyond_the_lot(app, &actor, &outcome.order).await?;
        }
        return Ok(Exit::Done);
    }
    let outcome = app.order(&actor, target, transition, &form, &options).await.map_err(failed)?;
    done(&outcome, args.format)?;
    if args.format == Reply::Table {
        beyond_the_lot(app, &actor, &outcome.order).await?;
    }
    Ok(Exit::Done)
}

/// What is wrong with the units, told with what was typed.
fn explained(mut failure: Failure, form: &Form) -> Failure {
    for item in &mut failure.items {
        let typed = item.field.as_deref().and_then(|field| form.get(field)).and_then(Value::as_str);
        if failure.code == "form" && item.field.as_deref().is_some_and(|field| field.contains("units")) {
            item.message = typed.and_then(bad_units).unwrap_or_else(|| item.message.clone());
        }
    }
    failure
}

/// The first line of units that cannot be read, and why.
fn bad_units(typed: &str) -> Option<String> {
    typed.split([',', ';', '\n']).map(str::trim).filter(|part| !part.is_empty()).find_map(|part| {
        let (option, count) = part.split_once([' ', '\u{a0}', ':', '=']).unwrap_or((part, ""));
        let why = if option.trim().parse::<OptionCode>().is_err() {
            let known: Vec<&str> = OptionCode::iter().map(Into::into).collect();
            format!("l’option « {option} » n’existe pas. Options possibles : {}.", known.join(", "))
        } else if count.trim().parse::<u32>().is_ok_and(|count| count > 0) {
            return None;
        } else {
            "après l’option, un nombre entier d’unités supérieur à zéro est attendu, par exemple P1 250.".to_owned()
        };
        Some(wording::typography::typeset(&format!("« {part} » : {why}")))
    })
}

/// Warns while an order is prepared: its visa would be refused.
async fn beyond_the_lot(app: &App, actor: &Actor, order: &PurchaseOrder) -> Result<(), Failure> {
    if !matches!(order.state, OrderState::Draft | OrderState::ToEndorse) {
        return Ok(());
    }
    let lots = app.lots(actor).await.map_err(|error| Failure::app(error, About::Nothing))?;
    let Some(view) = lots.iter().find(|view| view.market == order.market && view.lot.code == order.lot) else {
        return Ok(());
    };
    let maximum = view.lot.maximum;
    let engaged = view.money.as_ref().map_or(Cents::ZERO, |money| money.engaged);
    let over = engaged.get() + order.total().get() - maximum.get();
    if over <= 0 {
        return Ok(());
    }
    line(&notable(&wording::typography::typeset(&format!(
        "Attention : le maximum du lot {} est de {}, dont {} déjà engagés. Ce bon le dépasserait de {} : le visa sera refusé.",
        order.lot,
        numbers::euros(maximum),
        numbers::euros(engaged),
        numbers::euros(Cents::new(over)),
    ))))
}

/// Prints what a transition would do.
fn rehearsed(
    before: Option<&PurchaseOrder>,
    outcome: &OrderOutcome,
    transition: OrderTransition,
    format: Reply,
) -> Result<(), Failure> {
    let after = &outcome.order;
    if format == Reply::Json {
        return output::json(&json!({
            "dry_run": true, "step": transition, "from": before.map(|order| order.state), "to": after.state,
            "total": after.total(), "engaged_before": before.map(|order| order.engaged), "engaged_after": after.engaged,
            "linked": outcome.linked.as_ref().map(|linked| linked.state),
            "events": outcome.events.iter().map(|recorded| &recorded.event).collect::<Vec<_>>(),
            "messages": outcome.messages.iter().map(print::message_json).collect::<Vec<_>>(),
            "prices_confirmed": outcome.prices_confirmed,
        }));
    }
    line(&bold(&format!("Essai\u{a0}: {} — rien n’est écrit", labels::order_transition(transition))))?;
    let from = before.map_or("nouveau bon de commande", |order| labels::order_state(order.state));
    line(&format!("État        {from} → {}", labels::order_state(after.state)))?;
    line(&format!("Total       {} HT", numbers::euros(after.total())))?;
    let engaged = before.map_or(Cents::ZERO, |order| order.engaged);
    if engaged != after.engaged {
        line(&format!("Engagé      {} → {} HT", numbers::euros(engaged), numbers::euros(after.engaged)))?;
    }
    if !outcome.prices_confirmed {
        line(&notable(wording::ILLUSTRATIVE_PRICES))?;
    }
    if let Some(linked) = &outcome.linked {
        line(&format!("Bon lié     {}", labels::order_state(linked.state)))?;
    }
    line("")?;
    print::messages(&outcome.messages)
}

fn done(outcome: &OrderOutcome, format: Reply) -> Result<(), Failure> {
    let order = &outcome.order;
    if format == Reply::Json {
        return output::json(&json!({
            "reference": order.reference, "state": order.state, "version": order.version, "replayed": outcome.replayed,
            "linked": outcome.linked.as_ref().map(|linked| &linked.reference), "events": events_json(&outcome.events),
        }));
    }
    line(&bold(&format!("{} — {}", order.reference, labels::order_state(order.state))))?;
    if outcome.replayed {
        line("Déjà fait avec la même clé\u{a0}: rien n’a été refait.")?;
    }
    for recorded in &outcome.events {
        line(&timeline::order(&recorded.event, &recorded.author))?;
    }
    if !outcome.prices_confirmed {
        line(&notable(wording::ILLUSTRATIVE_PRICES))?;
    }
    if let Some(linked) = &outcome.linked {
        line(&format!("Bon lié\u{a0}: {} — {}", linked.reference, labels::order_state(linked.state)))?;
    }
    if !outcome.messages.is_empty() {
        let names: Vec<String> = outcome.messages.iter().map(|message| message.name.clone()).collect();
        line(&format!(
            "{}\u{a0}: {}.",
            numbers::count(names.len() as i64, "courriel", "courriels"),
            numbers::list(&names)
        ))?;
    }
    Ok(())
}

fn uses_json(uses: &[LineUse]) -> Value {
    uses.iter()
        .map(|used| json!({ "line": used.line, "drawn": used.drawn, "served": used.served, "reduced": used.reduced }))
        .collect()
}

/// The events of an order for programs.
pub fn events_json(events: &[RecordedOrder]) -> Value {
    events
        .iter()
        .map(|recorded| {
            json!({
                "id": recorded.id, "order": recorded.order, "seq": recorded.seq, "effective_on": recorded.effective_on,
                "recorded_at": recorded.recorded_at, "author": recorded.author, "terms": recorded.terms, "event": recorded.event,
            })
        })
        .collect()
}
