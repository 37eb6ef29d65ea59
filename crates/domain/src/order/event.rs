//! What happened to a purchase order: past facts, self-sufficient, the record of which the order is the fold.
//!
//! Each event answers two questions by an exhaustive match: who is told ([`told`]) and what changes in the counters of
//! units and money ([`super::effect::effects`]).

use serde::{Deserialize, Serialize};
use strum::{AsRefStr, IntoStaticStr, VariantNames};

use super::command::OrderChannel;
use super::state::{OrderState, OrderTransition};
use crate::calendar::Day;
use crate::identifiers::{AccountId, BodyCode, LineId, LotCode, OrderId, OrderReference};
use crate::market::OptionCode;
use crate::money::{Amount, Cents};
use crate::people::RecipientRole;

/// Units ordered of one option, at the unit price frozen when the order was drafted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderedUnits {
    pub line: LineId,
    pub option: OptionCode,
    pub unit_price: Amount,
    pub units: u32,
}

impl OrderedUnits {
    /// Their price, excluding tax.
    pub fn price(&self) -> Cents {
        self.unit_price.excluding_tax * self.units
    }
}

/// A change recorded on a purchase order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, AsRefStr, IntoStaticStr, VariantNames)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum OrderEvent {
    /// An order was prepared; `amends` and `removals` say what an amending order changes.
    OrderDrafted {
        order: OrderId,
        reference: OrderReference,
        market: String,
        lot: LotCode,
        holder: BodyCode,
        budget_year: i32,
        lines: Vec<OrderedUnits>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        amends: Option<OrderId>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        removals: Vec<OrderedUnits>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// The draft was written again: this replaces what it said.
    OrderCorrected {
        lines: Vec<OrderedUnits>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        removals: Vec<OrderedUnits>,
    },
    EndorsementRequested,
    OrderEndorsed {
        by: AccountId,
        on: Day,
        commitment_number: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        service_code: Option<String>,
        /// Engaged excluding tax, on the year of the budget and the lot of the order.
        engaged: Cents,
    },
    EndorsementRefused {
        reason: String,
    },
    OrderNotified {
        channel: OrderChannel,
        sent_on: Day,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        consulted_on: Option<Day>,
        /// First consultation, or the end of the eighth day after sending.
        certain_on: Day,
        /// Last day for the holder's observations.
        reservations_until: Day,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        proof: Option<String>,
    },
    /// The holder opened the order for the first time.
    OrderConsulted {
        on: Day,
        certain_on: Day,
        reservations_until: Day,
    },
    PaymentRequested {
        number: String,
        received_on: Day,
        /// Excluding tax.
        amount: Cents,
        including_tax: Cents,
        due_on: Day,
    },
    PaymentInterrupted {
        number: String,
        on: Day,
        reason: String,
    },
    PaymentResumed {
        number: String,
        on: Day,
        due_on: Day,
    },
    PaymentReturned {
        number: String,
        on: Day,
        reason: String,
    },
    PaymentMade {
        number: String,
        on: Day,
    },
    ReservationsMade {
        on: Day,
        observations: String,
    },
    /// An amending order was drafted.
    AmendmentOpened {
        amending: OrderId,
        reference: OrderReference,
        reason: String,
    },
    /// The amending order was given up before its notification.
    AmendmentGivenUp {
        amending: OrderId,
    },
    /// The amending order was notified: these units left this order.
    AmendmentApplied {
        amending: OrderId,
        removals: Vec<OrderedUnits>,
    },
    /// The units that no path drew were freed with their money.
    OrderSettled {
        freed_units: Vec<OrderedUnits>,
        /// Freed excluding tax: these units, and what reductions left unpaid.
        freed: Cents,
    },
    OrderCancelled {
        reason: String,
        /// The units that could still be drawn; none unless the order was notified.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        freed_units: Vec<OrderedUnits>,
        freed: Cents,
    },
}

impl OrderEvent {
    /// The stable identifier of the kind of event.
    pub fn kind(&self) -> &'static str {
        self.into()
    }

    /// The transition that this event records; `None` for what is recorded without a change of state of its own order.
    pub fn transition(&self) -> Option<OrderTransition> {
        match self {
            Self::OrderDrafted { .. } => Some(OrderTransition::DraftOrder),
            Self::OrderCorrected { .. } => Some(OrderTransition::CorrectOrder),
            Self::EndorsementRequested => Some(OrderTransition::RequestEndorsement),
            Self::OrderEndorsed { .. } => Some(OrderTransition::Endorse),
            Self::EndorsementRefused { .. } => Some(OrderTransition::RefuseEndorsement),
            Self::OrderNotified { .. } => Some(OrderTransition::NotifyOrder),
            Self::ReservationsMade { .. } => Some(OrderTransition::MakeReservations),
            Self::AmendmentOpened { .. } => Some(OrderTransition::AmendOrder),
            Self::OrderSettled { .. } => Some(OrderTransition::SettleOrder),
            Self::OrderCancelled { .. } => Some(OrderTransition::CancelOrder),
            Self::OrderConsulted { .. } => Some(OrderTransition::RecordConsultation),
            Self::PaymentRequested { .. } => Some(OrderTransition::RecordPaymentRequest),
            Self::PaymentInterrupted { .. } => Some(OrderTransition::InterruptPayment),
            Self::PaymentResumed { .. } => Some(OrderTransition::ResumePayment),
            Self::PaymentReturned { .. } => Some(OrderTransition::ReturnPaymentRequest),
            Self::PaymentMade { .. } => Some(OrderTransition::RecordPayment),
            Self::AmendmentGivenUp { .. } | Self::AmendmentApplied { .. } => None,
        }
    }

    /// The number of the payment request that it is about.
    pub fn payment(&self) -> Option<&str> {
        match self {
            Self::PaymentRequested { number, .. }
            | Self::PaymentInterrupted { number, .. }
            | Self::PaymentResumed { number, .. }
            | Self::PaymentReturned { number, .. }
            | Self::PaymentMade { number, .. } => Some(number),
            _ => None,
        }
    }

    /// The day on which the fact takes effect, when the fact itself names one.
    pub fn effective_on(&self) -> Option<Day> {
        match self {
            Self::OrderNotified { sent_on, .. } => Some(*sent_on),
            Self::OrderEndorsed { on, .. }
            | Self::OrderConsulted { on, .. }
            | Self::ReservationsMade { on, .. }
            | Self::PaymentInterrupted { on, .. }
            | Self::PaymentResumed { on, .. }
            | Self::PaymentReturned { on, .. }
            | Self::PaymentMade { on, .. } => Some(*on),
            Self::PaymentRequested { received_on, .. } => Some(*received_on),
            Self::OrderDrafted { .. }
            | Self::OrderCorrected { .. }
            | Self::EndorsementRequested
            | Self::EndorsementRefused { .. }
            | Self::AmendmentOpened { .. }
            | Self::AmendmentGivenUp { .. }
            | Self::AmendmentApplied { .. }
            | Self::OrderSettled { .. }
            | Self::OrderCancelled { .. } => None,
        }
    }
}

/// Who is told of an event of an order that was in this state before it; an empty list says: nobody.
pub fn told(before: Option<OrderState>, event: &OrderEvent) -> &'static [RecipientRole] {
    match event.transition() {
        Some(transition) => transition.row(before).map_or(&[], |row| row.told),
        // The amending order's own notification and cancellation tell what there is to tell.
        None => &[],
    }
}
