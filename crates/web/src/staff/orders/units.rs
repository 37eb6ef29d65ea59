//! The table in which units are typed: one line per option, its price, a number.
//!
//! The form of the domain takes one text (`P1 250`); the page asks a number per option and writes that text.

use domain::form::Form;
use domain::market::{Lot, Market, OptionCode};
use domain::money::{Amount, Cents};
use domain::order::{LineUse, OrderedUnits, PurchaseOrder};
use strum::IntoEnumIterator;
use wording::pages::order_steps as words;
use wording::{labels, numbers};

use crate::forms::{Typed, value};

/// A line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct UnitLine {
    pub id: String,
    pub name: String,
    pub label: String,
    pub price: String,
    /// What may be taken back; only where units are removed.
    pub free: Option<String>,
    pub value: String,
    /// What the typed units cost.
    pub amount: String,
}

/// The table with what it adds up to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct UnitTable {
    pub id: String,
    pub legend: &'static str,
    pub help: String,
    pub optional: bool,
    pub error: Option<String>,
    pub lines: Vec<UnitLine>,
    pub total: String,
    pub sum: Cents,
}

fn name(field: &str, option: OptionCode) -> String {
    format!("{field}_{option}")
}

/// Ordered units as the table types them.
pub(super) fn typed(field: &str, ordered: &OrderedUnits) -> (String, String) {
    (name(field, ordered.option), ordered.units.to_string())
}

/// What was typed for an option; nothing for zero, none for what is not a number.
fn typed_units(typed: &Typed, field: &str, option: OptionCode) -> Option<u32> {
    match value(typed, &name(field, option)).unwrap_or_default().trim() {
        "" => Some(0),
        text => text.replace(['\u{a0}', ' '], "").parse().ok(),
    }
}

/// Puts the units of the table into the form, as the domain reads them; what is not a number is left for it to refuse.
pub(super) fn fill(form: &mut Form, typed: &Typed, field: &'static str) {
    let mut lines = Vec::new();
    for option in OptionCode::iter() {
        match typed_units(typed, field, option) {
            Some(0) => {}
            Some(units) => lines.push(format!("{option} {units}")),
            None => lines.push(format!("{option} ?")),
        }
    }
    if !lines.is_empty() {
        form.insert(field.to_owned(), lines.join("\n").into());
    }
}

fn table(
    field: &'static str,
    prices: impl Iterator<Item = (OptionCode, Amount, Option<u32>)>,
    typed: &Typed,
) -> (Vec<UnitLine>, Cents) {
    let mut sum = Cents::ZERO;
    let line = |(option, price, free): (OptionCode, Amount, Option<u32>)| {
        let units = typed_units(typed, field, option).unwrap_or(0);
        let amount = price.excluding_tax.checked_mul(units).unwrap_or(Cents::ZERO);
        sum += amount;
        UnitLine {
            id: name(field, option),
            name: name(field, option),
            label: labels::option_with_code(option).to_owned(),
            price: numbers::euros(price.excluding_tax),
            free: free.map(|free| numbers::integer(free.into())),
            value: value(typed, &name(field, option)).unwrap_or_default().to_owned(),
            amount: numbers::euros(amount),
        }
    };
    let lines = prices.map(line).collect();
    (lines, sum)
}

/// The units that may be ordered for a lot, at the prices in force.
pub(super) fn of_lot(market: &Market, lot: &Lot, field: &'static str, typed: &Typed) -> UnitTable {
    let prices = market.enabled_options.iter().filter_map(|option| {
        let price = market.price(*option, &lot.holder.code)?;
        Some((*option, price.amount(), None))
    });
    let (lines, sum) = table(field, prices, typed);
    UnitTable {
        id: field.to_owned(),
        legend: words::UNITS_ORDERED,
        help: words::UNITS_ORDERED_HELP.to_owned(),
        optional: false,
        error: None,
        lines,
        total: numbers::euros(sum),
        sum,
    }
}

/// The units of an order that no path holds, at the prices of the order.
pub(super) fn of_order(order: &PurchaseOrder, uses: &[LineUse], field: &'static str, typed: &Typed) -> UnitTable {
    let prices = order.lines.iter().map(|line| {
        let drawn = uses.iter().find(|used| used.line == line.ordered.line).map_or(0, |used| used.drawn);
        (line.ordered.option, line.ordered.unit_price, Some(line.held().saturating_sub(drawn)))
    });
    let (lines, sum) = table(field, prices, typed);
    UnitTable {
        id: field.to_owned(),
        legend: words::UNITS_REMOVED,
        help: words::UNITS_REMOVED_HELP.to_owned(),
        optional: true,
        error: None,
        lines,
        total: numbers::euros(sum),
        sum,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&str, &str)]) -> Typed {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_table_becomes_the_text_of_the_domain() {
        let mut form = Form::new();
        fill(&mut form, &of(&[("units_P1", "250"), ("units_M1", ""), ("units_N1", " 1 200 ")]), "units");
        assert_eq!(form["units"], "P1 250\nN1 1200");
        let mut empty = Form::new();
        fill(&mut empty, &of(&[("units_P1", "0")]), "units");
        assert!(empty.is_empty());
        let mut wrong = Form::new();
        fill(&mut wrong, &of(&[("units_P1", "dix")]), "units");
        assert_eq!(wrong["units"], "P1 ?");
    }
}
