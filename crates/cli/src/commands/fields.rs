//! `jalon fields`: the fields of a step's form, with what each takes; without a step, the steps themselves.

use domain::form::{Field, FieldKind};
use domain::order::{self, OrderCommand};
use domain::path::table::row;
use domain::path::{Command, Step};
use reports::{Cell, Column, ColumnKind};
use serde_json::json;
use strum::IntoEnumIterator;
use wording::fields::FieldWords;
use wording::{fields, labels};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Format, FormatArgs, Listing, bold, cell, line, optional, text};
use crate::values;

#[derive(Debug, clap::Args)]
pub struct FieldsArgs {
    /// L’étape ou l’acte ; sans lui, la liste de tous
    #[arg(value_name = "ÉTAPE")]
    pub step: Option<String>,
    /// Les étapes d’un bon de commande, au lieu de celles d’un parcours
    #[arg(long)]
    pub orders: bool,
    #[command(flatten)]
    pub format: FormatArgs,
}

/// Prints the fields of a step, or the steps.
///
/// # Errors
/// There is no such step.
pub fn run(args: &FieldsArgs) -> Result<Exit, Failure> {
    match (&args.step, args.orders) {
        (Some(name), true) => print_order(values::order_transition(name)?, args.format.format)?,
        (Some(name), false) => match (values::step(name), values::order_transition(name)) {
            (Ok(step), _) => print_step(step, args.format.format)?,
            (Err(_), Ok(transition)) => print_order(transition, args.format.format)?,
            (Err(failure), Err(_)) => return Err(failure),
        },
        (None, true) => orders().print(args.format.format)?,
        (None, false) => steps().print(args.format.format)?,
    }
    Ok(Exit::Done)
}

/// Prints the fields of a step of a path.
///
/// # Errors
/// The output cannot be written.
pub fn print_step(step: Step, format: Format) -> Result<(), Failure> {
    if format == Format::Table {
        line(&bold(&format!("{} ({step})", labels::step(step))))?;
        line(labels::step_help(step))?;
        line("")?;
    }
    listing(&Command::fields(step), |name| fields::path(step, name)).print(format)
}

/// Prints the fields of a transition of a purchase order.
///
/// # Errors
/// The output cannot be written.
pub fn print_order(transition: order::OrderTransition, format: Format) -> Result<(), Failure> {
    if format == Format::Table {
        line(&bold(&format!("{} ({transition})", labels::order_transition(transition))))?;
        line(labels::order_transition_help(transition))?;
        line("")?;
    }
    listing(&OrderCommand::fields(transition), |name| fields::order(transition, name)).print(format)
}

fn listing(form: &[Field], words: impl Fn(&str) -> Option<FieldWords>) -> Listing {
    let columns = vec![
        text("field", "Champ"),
        text("required", "Obligatoire"),
        text("label", "Libellé"),
        text("takes", "Valeur"),
        text("help", "Aide"),
    ];
    let mut list = Listing::new("Champs", "Cette étape n’attend aucun champ.", columns);
    for field in form {
        let words = words(field.name);
        let label = words.as_ref().map_or_else(|| fields::label(field.name), |words| words.label);
        let example = words.as_ref().map(|words| words.example).filter(|example| !example.is_empty());
        let help = words.as_ref().map_or("", |words| words.help);
        let mut takes = takes(field.kind);
        if let Some(example) = example {
            takes = format!("{takes} (ex.\u{a0}: {example})");
        }
        let choices = match field.kind {
            FieldKind::Choice(ids) => json!(ids),
            _ => json!(null),
        };
        list.push(
            vec![
                cell(field.name),
                cell(labels::yes_no(field.required)),
                cell(label),
                cell(takes),
                optional(Some(help).filter(|help| !help.is_empty())),
            ],
            json!({
                "field": field.name, "required": field.required, "label": label, "help": help, "example": example,
                "kind": kind(field.kind), "choices": choices,
            }),
        );
    }
    list
}

/// What a field takes, for a person.
fn takes(kind: FieldKind) -> String {
    match kind {
        FieldKind::Line => "texte d’une ligne".to_owned(),
        FieldKind::Text => "texte, ou @fichier".to_owned(),
        FieldKind::Boolean => "oui ou non".to_owned(),
        FieldKind::Number => "nombre entier".to_owned(),
        FieldKind::Money => "montant en euros".to_owned(),
        FieldKind::Day => "date".to_owned(),
        FieldKind::Moment => "date et heure".to_owned(),
        FieldKind::Email => "adresse de courriel".to_owned(),
        FieldKind::Phone => "numéro de téléphone".to_owned(),
        FieldKind::Siret => "SIRET".to_owned(),
        FieldKind::Commune => "code INSEE de la commune".to_owned(),
        FieldKind::Rome => "code ROME".to_owned(),
        FieldKind::Level => "niveau de 1 à 8".to_owned(),
        FieldKind::Lot => "numéro de lot".to_owned(),
        FieldKind::Reference => "référence de parcours".to_owned(),
        FieldKind::Choice(ids) => {
            labels::choices(ids).iter().map(|(id, label)| format!("{id}\u{a0}: {label}")).collect::<Vec<_>>().join("\n")
        }
        FieldKind::Document => "@fichier".to_owned(),
        FieldKind::Conditions => "une date et un texte par ligne".to_owned(),
        FieldKind::Units => "option et nombre d’unités, séparés par des virgules ou par lignes".to_owned(),
    }
}

/// What a field takes, for a program.
fn kind(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Line => "line",
        FieldKind::Text => "text",
        FieldKind::Boolean => "boolean",
        FieldKind::Number => "number",
        FieldKind::Money => "money",
        FieldKind::Day => "day",
        FieldKind::Moment => "moment",
        FieldKind::Email => "email",
        FieldKind::Phone => "phone",
        FieldKind::Siret => "siret",
        FieldKind::Commune => "commune",
        FieldKind::Rome => "rome",
        FieldKind::Level => "level",
        FieldKind::Lot => "lot",
        FieldKind::Reference => "reference",
        FieldKind::Choice(_) => "choice",
        FieldKind::Document => "document",
        FieldKind::Conditions => "conditions",
        FieldKind::Units => "units",
    }
}

fn steps() -> Listing {
    let columns = vec![text("step", "Étape"), text("kind", "Sorte"), text("label", "Libellé"), text("by", "Par qui")];
    let mut list = Listing::new("Étapes et actes", "Aucune étape.", columns);
    for step in Step::all() {
        let row = row(step);
        let by = row.by.iter().map(|side| labels::side(*side).to_owned()).collect::<Vec<_>>();
        let (kind, word) = match step {
            Step::Transition(_) => ("transition", "étape"),
            Step::Act(_) => ("act", "acte"),
        };
        list.push(
            vec![cell(step.id()), cell(word), cell(labels::step(step)), cell(by.join(", "))],
            json!({ "step": step.id(), "kind": kind, "label": labels::step(step), "by": row.by, "from": row.from, "to": row.to }),
        );
    }
    list
}

fn orders() -> Listing {
    let columns = vec![
        text("step", "Étape"),
        text("label", "Libellé"),
        text("by", "Par qui"),
        Column::new("fields", "Champs", ColumnKind::Count),
    ];
    let mut list = Listing::new("Étapes d’un bon de commande", "Aucune étape.", columns);
    for transition in order::OrderTransition::iter() {
        let mut sides: Vec<_> = transition.rows().flat_map(|row| row.sides.iter().copied()).collect();
        sides.sort_unstable();
        sides.dedup();
        let by = sides.iter().map(|side| labels::side(*side).to_owned()).collect::<Vec<_>>();
        let count = OrderCommand::fields(transition).len();
        list.push(
            vec![
                cell(transition.to_string()),
                cell(labels::order_transition(transition)),
                cell(by.join(", ")),
                Cell::Count(count as i64),
            ],
            json!({ "step": transition, "label": labels::order_transition(transition), "by": sides, "from": transition.starts_from() }),
        );
    }
    list
}
