//! The form of a step of an order: its fields and its tables of units, what was typed, and what is wrong with it.

use app::OrderView;
use domain::form::{Field, FieldError, FieldKind, Form};
use domain::market::Market;
use domain::money::Cents;
use domain::order::{OrderCommand, OrderTransition, PurchaseOrder};
use wording::{fields, pages};

use super::units::{self, UnitTable};
use crate::forms::{FieldView, Typed, problem_of, value};
use crate::staff::path::step::NOTE;

/// A part of a form.
pub(super) enum Part {
    Field(FieldView),
    Units(UnitTable),
}

/// What was sent, and what is wrong with it.
#[derive(Default)]
pub(super) struct Filled {
    pub typed: Typed,
    pub errors: Vec<FieldError>,
    /// Why the step is refused, beside the field that it is about.
    pub refused: Option<(&'static str, String)>,
    /// When it was kept, if it was.
    pub draft: Option<String>,
    /// Nothing was sent: what is missing is not told as a fault.
    pub opening: bool,
}

impl Filled {
    /// What is wrong with a field, beside it.
    fn problem(&self, name: &str) -> Option<String> {
        let refused = self.refused.as_ref().filter(|(field, _)| *field == name);
        problem_of(&self.errors, name).or_else(|| refused.map(|(_, text)| text.clone()))
    }
}

/// The anchor of a field, or of its table.
pub(super) fn anchor(transition: OrderTransition, name: &str) -> String {
    if is_units(transition, name) { name.to_owned() } else { field_id(transition, name) }
}

pub(super) fn field_id(transition: OrderTransition, name: &str) -> String {
    format!("{transition}-{name}")
}

/// A field of an order's form, but a table of units.
pub(super) fn field_view(transition: OrderTransition, field: &Field, filled: &Filled) -> FieldView {
    let words = fields::order(transition, field.name);
    let problem = filled.problem(field.name);
    FieldView::asked(field_id(transition, field.name), field, words, &filled.typed, problem)
}

/// What the form of a step is written from: the order, the prices, and the order that it amends when units are taken back from it.
pub(super) struct Sources<'a> {
    pub view: &'a OrderView,
    pub market: &'a Market,
    pub amended: Option<&'a OrderView>,
}

/// The form of a step, units as tables.
pub(super) fn parts(sources: &Sources<'_>, transition: OrderTransition, filled: &Filled) -> Vec<Part> {
    let Sources { view, market, amended } = *sources;
    let corrects = transition == OrderTransition::CorrectOrder;
    let part = |field: Field| {
        if field.kind != FieldKind::Units {
            let mut shown = field_view(transition, &field, filled);
            let taxed = || view.order.expected_tax(&view.uses, view.order.admitted(&view.uses)) > Cents::ZERO;
            shown.required |= field.name == "including_tax" && taxed();
            return Part::Field(shown);
        }
        let mut table = match (field.name, amended) {
            ("remove", Some(amended)) => units::of_order(&amended.order, &amended.uses, "remove", &filled.typed),
            ("remove", None) => units::of_order(&view.order, &view.uses, "remove", &filled.typed),
            (_, None) if corrects => units::of_lot(market, &view.lot, field.name, &filled.typed),
            _ => UnitTable {
                legend: pages::order_steps::UNITS_ADDED,
                optional: true,
                ..units::of_lot(market, &view.lot, field.name, &filled.typed)
            },
        };
        table.error = filled.problem(field.name);
        Part::Units(table)
    };
    // Only an amending order takes units back.
    let asked = |field: &Field| !(corrects && amended.is_none() && field.name == "remove");
    OrderCommand::fields(transition).into_iter().filter(asked).map(part).collect()
}

/// The units of a draft, as its form types them.
pub(super) fn written(order: &PurchaseOrder) -> Typed {
    let lines = order.lines.iter().map(|line| units::typed("units", &line.ordered));
    lines.chain(order.removals.iter().map(|removed| units::typed("remove", removed))).collect()
}

/// The form of the domain from what was sent: only what the step asks is read.
pub(super) fn form_of(transition: OrderTransition, typed: &Typed) -> Form {
    let mut form = Form::new();
    for field in OrderCommand::fields(transition) {
        if field.kind == FieldKind::Units {
            units::fill(&mut form, typed, field.name);
        } else if let Some(value) = value(typed, field.name) {
            form.insert(field.name.to_owned(), value.into());
        }
    }
    form
}
/// Whether a value sent is of the step's form or of its messages.
pub(super) fn is_own(transition: OrderTransition, name: &str) -> bool {
    let of_field = |field: &Field| match field.kind {
        FieldKind::Units => name.strip_prefix(field.name).is_some_and(|rest| rest.starts_with('_')),
        _ => name == field.name,
    };
    name == NOTE || OrderCommand::fields(transition).iter().any(of_field)
}

pub(super) fn is_units(transition: OrderTransition, name: &str) -> bool {
    OrderCommand::fields(transition).iter().any(|field| field.name == name && field.kind == FieldKind::Units)
}
