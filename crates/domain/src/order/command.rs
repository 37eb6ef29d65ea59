//! What may be asked of a purchase order, each command with its form.
//!
//! Units are typed one option a line, `P1 250`; an amendment says separately what it adds and what it removes.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use strum::{AsRefStr, Display, EnumIter, EnumString, IntoStaticStr, VariantNames};

use super::state::OrderTransition;
use crate::calendar::Day;
use crate::form::{FieldKind, FieldProblem, FieldType, Line, Text, choices, forms};
use crate::identifiers::LotCode;
use crate::market::OptionCode;
use crate::money::Cents;

/// How an order was notified to its holder.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    EnumIter,
    EnumString,
    Display,
    AsRefStr,
    IntoStaticStr,
    VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum OrderChannel {
    /// The buyer's profile (profil d'acheteur).
    BuyerProfile,
    Email,
    /// Registered letter with acknowledgement.
    Letter,
    /// Handed over against a receipt.
    Hand,
}

choices!(OrderChannel);

/// More units than any market holds are a typing mistake.
const MOST_UNITS: u32 = 100_000;

/// So many units of one option.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitRequest {
    pub option: OptionCode,
    pub units: u32,
}

/// The units that an order asks for, or that an amendment adds or removes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Units(pub Vec<UnitRequest>);

impl FieldType for Units {
    const KIND: FieldKind = FieldKind::Units;

    fn read(value: &Value) -> Result<Self, FieldProblem> {
        let one = |line: &str| {
            let (option, units) = line.trim().split_once([' ', ':', '='])?;
            Some(UnitRequest { option: option.trim().parse().ok()?, units: units.trim().parse().ok()? })
        };
        let requests: Option<Vec<_>> = match value {
            Value::String(text) => {
                text.split(['\n', ',', ';']).filter(|line| !line.trim().is_empty()).map(one).collect()
            }
            Value::Array(_) => serde_json::from_value(value.clone()).ok(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
        };
        let sensible = |requests: &Vec<UnitRequest>| {
            !requests.is_empty() && requests.iter().all(|request| request.units <= MOST_UNITS)
        };
        requests.filter(sensible).map(Self).ok_or(FieldProblem::NotUnits)
    }
}

forms! {
    /// A command on a purchase order.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum OrderCommand by OrderTransition {
        /// Prepares an order for a lot: units priced by the schedule in force, charged to a year of the budget.
        DraftOrder = [OrderTransition::DraftOrder] {
            lot: LotCode,
            budget_year: u32,
            units: Units,
        }
        /// Writes the draft again, at the prices in force: nothing of it binds anybody yet. Its lot and its year are those of
        /// its reference.
        CorrectOrder = [OrderTransition::CorrectOrder] {
            /// Units ordered; of an amending order, those that it adds, if it adds any.
            units: Option<Units>,
            /// Units that the notification of an amending order takes back from the order it amends.
            remove: Option<Units>,
        }
        /// Sends the draft to finance.
        RequestEndorsement = [OrderTransition::RequestEndorsement] {}
        /// Gives the visa: the amount is engaged under this number.
        Endorse = [OrderTransition::Endorse] {
            commitment_number: Line,
            /// The code that the holder writes on its invoices so that they reach the right service.
            service_code: Option<Line>,
        }
        /// Sends the order back to its draft.
        RefuseEndorsement = [OrderTransition::RefuseEndorsement] {
            reason: Text,
        }
        /// Notifies the order to the holder.
        NotifyOrder = [OrderTransition::NotifyOrder] {
            channel: OrderChannel,
            sent_on: Day,
            /// When it is already known: the first consultation, or the receipt of a letter.
            consulted_on: Option<Day>,
            /// Reference of the proof that is kept (acknowledgement, receipt).
            proof: Option<Line>,
        }
        /// Records a first consultation learnt otherwise than by the order's page.
        RecordConsultation = [OrderTransition::RecordConsultation] {
            consulted_on: Day,
        }
        /// Records the holder's observations; it executes the order all the same.
        MakeReservations = [OrderTransition::MakeReservations] {
            observations: Text,
        }
        /// Opens an amending order, linked to this one, which goes through the same steps.
        AmendOrder = [OrderTransition::AmendOrder] {
            reason: Text,
            /// Units that the amending order adds.
            add: Option<Units>,
            /// Units that its notification takes back from this order.
            remove: Option<Units>,
        }
        /// Ends the order: the units that no path drew are freed.
        SettleOrder = [OrderTransition::SettleOrder] {}
        /// Records a payment request received through Chorus Pro, for what was admitted.
        RecordPaymentRequest = [OrderTransition::RecordPaymentRequest] {
            /// Its number in Chorus Pro.
            number: Line,
            received_on: Day,
            /// Excluding tax.
            amount: Cents,
            /// Left out when nothing of what was admitted is taxed.
            including_tax: Option<Cents>,
        }
        /// Stops the time to pay, once.
        InterruptPayment = [OrderTransition::InterruptPayment] {
            number: Line,
            interrupted_on: Day,
            reason: Text,
        }
        /// What was missing is received: a whole time to pay begins.
        ResumePayment = [OrderTransition::ResumePayment] {
            number: Line,
            resumed_on: Day,
        }
        /// The request is sent back to the holder: it counts no more.
        ReturnPaymentRequest = [OrderTransition::ReturnPaymentRequest] {
            number: Line,
            reason: Text,
        }
        RecordPayment = [OrderTransition::RecordPayment] {
            number: Line,
            paid_on: Day,
        }
        /// Gives the order up.
        CancelOrder = [OrderTransition::CancelOrder] {
            reason: Text,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn units_are_read_from_text_and_from_json() {
        let expected = Ok(Units(vec![
            UnitRequest { option: OptionCode::P1, units: 250 },
            UnitRequest { option: OptionCode::M1, units: 200 },
        ]));
        for value in [
            json!("P1 250\nM1 200\n"),
            json!("P1: 250, M1: 200"),
            json!("P1=250;M1=200"),
            json!([{"option": "P1", "units": 250}, {"option": "M1", "units": 200}]),
        ] {
            assert_eq!(Units::read(&value), expected, "{value}");
        }
        for value in [json!("P9 1"), json!("P1 -2"), json!("P1 1000000"), json!("P1"), json!("\n"), json!([]), json!(3)]
        {
            assert_eq!(Units::read(&value), Err(FieldProblem::NotUnits), "{value}");
        }
    }

    #[test]
    fn a_form_tells_every_problem_at_once() {
        let form = json!({"lot": "1", "units": "P1 dix", "colour": "bleu"});
        let problems = OrderCommand::read(OrderTransition::DraftOrder, form.as_object().unwrap()).unwrap_err();
        let fields: Vec<_> = problems.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(fields, ["colour", "budget_year", "units"]);
    }
}
