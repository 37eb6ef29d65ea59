//! `jalon order`: purchase orders listed, shown and moved.

use app::{App, OrderOptions, OrderOutcome, OrderTarget};
use domain::money::Cents;
use domain::order::{LineUse, OrderTransition, PurchaseOrder};
use domain::people::Side;
use persistence::RecordedOrder;
use reports::{Cell, Column, ColumnKind};
use serde_json::{Value, json};
use wording::{dates, labels, numbers, timeline};

use super::fields;
use super::path::Reply;
use crate::exit::Exit;
use crate::failure::{About, Failure};
use crate::files::{self, FormArgs};
use crate::output::{self, Format, FormatArgs, Listing, bold, cell, faint, line, text};
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
    list.print(args.format.format)?;
    Ok(Exit::Done)
}

async fn show(app: &App, args: ShowArgs) -> Result<Exit, Failure> {
    let reference = values::order_reference(&args.reference)?;
    let reader = args.who.reader(app).await?;
    let view = app.order_view(&reader, &reference).await;
    let (order, uses, events) = view.map_err(|error| Failure::app(error, About::Order(&args.reference, None)))?;
    match args.format {
        Reply::Json => {
            output::json(&json!({ "order": order, "uses": uses_json(&uses), "events": events_json(&events) }))?;
        }
        Reply::Table => print(&order, &uses, &events)?,
    }
    Ok(Exit::Done)
}

fn print(order: &PurchaseOrder, uses: &[LineUse], events: &[RecordedOrder]) -> Result<(), Failure> {
    line(&bold(&format!("{} — {}", order.reference, labels::order_state(order.state))))?;
    line(labels::order_state_help(order.state))?;
    line("")?;
    line(&format!("Lot {}, titulaire {}, budget {}", order.lot, order.holder, order.budget_year))?;
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
    lines(order, uses).print(Format::Table)?;
    line("")?;
    line(&bold("Étapes possibles"))?;
    let mut none = true;
    for row in domain::order::table().iter().filter(|row| row.from == Some(order.state)) {
        none = false;
        let by: Vec<&str> = row.sides.iter().map(|side| labels::side(*side)).collect();
        line(&format!(
            "  {:<22} {} ({})",
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
    let outcome =
        app.order(&actor, target, transition, &form, &options).await.map_err(|error| Failure::app(error, about))?;
    done(&outcome, args.format)
}

fn done(outcome: &OrderOutcome, format: Reply) -> Result<Exit, Failure> {
    let order = &outcome.order;
    if format == Reply::Json {
        output::json(&json!({
            "reference": order.reference, "state": order.state, "version": order.version, "replayed": outcome.replayed,
            "linked": outcome.linked.as_ref().map(|linked| &linked.reference), "events": events_json(&outcome.events),
        }))?;
        return Ok(Exit::Done);
    }
    line(&bold(&format!("{} — {}", order.reference, labels::order_state(order.state))))?;
    if outcome.replayed {
        line("Déjà fait avec la même clé\u{a0}: rien n’a été refait.")?;
    }
    for recorded in &outcome.events {
        line(&timeline::order(&recorded.event, &recorded.author))?;
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
    Ok(Exit::Done)
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
