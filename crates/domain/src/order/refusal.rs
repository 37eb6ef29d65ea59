//! Why a command on a purchase order is refused, with what a sentence needs to name the way out.

use strum::{AsRefStr, IntoStaticStr, VariantNames};
use thiserror::Error;

use super::payment::PaymentState;
use super::state::{OrderState, OrderTransition};
use crate::calendar::Day;
use crate::identifiers::{BodyCode, LotCode, OrderId};
use crate::market::OptionCode;
use crate::money::Cents;
use crate::people::Side;

/// A refusal; its [`code`](Self::code) is stable.
#[derive(Debug, Clone, PartialEq, Eq, Error, AsRefStr, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum OrderRefusal {
    /// `reads_only`: the account decides nothing, whatever the step.
    #[error("{transition} is not for this role")]
    NotYourRole { transition: OrderTransition, sides: &'static [Side], reads_only: bool },
    #[error("the order belongs to another body")]
    NotYourOrder,
    /// `state` is `None` while the order does not exist.
    #[error("{transition} is not possible from the present state")]
    WrongOrderState { transition: OrderTransition, state: Option<OrderState>, from: Vec<OrderState> },
    /// The order moved on since the form was opened.
    #[error("the order is at version {current}")]
    Stale { current: u32 },

    #[error("nothing is ordered any more on a past market")]
    MarketIsPast,
    #[error("{day} is outside the market")]
    OutsideMarket { day: Day, starts_on: Day, ends_on: Day },
    #[error("the market has no lot {lot}")]
    UnknownLot { lot: LotCode, known: Vec<LotCode> },
    #[error("{year} is not a year of the market")]
    YearOutsideMarket { year: u32, first: i32, last: i32 },
    #[error("no unit of {option}")]
    NoUnits { option: OptionCode },
    #[error("{option} is listed twice")]
    OptionTwice { option: OptionCode },
    #[error("{option} is not enabled on the market")]
    OptionDisabled { option: OptionCode, enabled: Vec<OptionCode> },
    #[error("{option} has no price for {holder}")]
    NotPriced { option: OptionCode, holder: BodyCode },

    #[error("the lot's maximum is exceeded by {missing:?}")]
    LotMaximumExceeded { lot: LotCode, missing: Cents },
    #[error("the budget of {year} is exceeded by {missing:?}")]
    YearBudgetExceeded { year: i32, missing: Cents },

    #[error("{field} cannot be before {bound}")]
    DayTooEarly { field: &'static str, day: Day, bound: Day },
    #[error("{field} cannot be after {bound}")]
    DayTooLate { field: &'static str, day: Day, bound: Day },
    #[error("observations were due by {until}")]
    ReservationsTooLate { until: Day },

    #[error("the order was consulted on {on} already")]
    AlreadyConsulted { on: Day },

    #[error("the payment request {number} is recorded already")]
    PaymentNumberTaken { number: String },
    #[error("the order has no payment request {number}")]
    PaymentUnknown { number: String, known: Vec<String> },
    /// What is asked does not follow from where the request stands.
    #[error("the payment request {number} is {state:?}")]
    PaymentState { number: String, state: PaymentState },
    #[error("the payment request {number} was interrupted once")]
    InterruptedOnce { number: String },
    /// Zero or less, or less with its tax than without.
    #[error("{amount:?} and {including_tax:?} are not the amounts of a request")]
    PaymentAmounts { amount: Cents, including_tax: Cents },
    /// Something of what was admitted is taxed, and the amount including tax is not said.
    #[error("{expected:?} are expected, tax included")]
    TaxMissing { expected: Cents },
    /// More than was admitted and is not invoiced yet.
    #[error("{left:?} are left to invoice")]
    AboveAdmitted { left: Cents },

    #[error("nothing would change")]
    NothingToChange,
    #[error("the order would order nothing")]
    NothingOrdered,
    /// Only an amending order takes units back.
    #[error("the order amends no other")]
    NotAnAmendment,
    #[error("the order has no line for {option}")]
    OptionNotOrdered { option: OptionCode },
    /// An amendment says the difference.
    #[error("{option} is added and removed")]
    AddedAndRemoved { option: OptionCode },
    /// Fewer units are free than the amendment takes back.
    #[error("{free} units of {option} are free, not {asked}")]
    NotEnoughFreeUnits { option: OptionCode, free: u32, asked: u32 },
    #[error("an amending order is under way")]
    AmendmentPending { amending: OrderId },
    #[error("the amending order took units back when it was notified")]
    AmendmentInForce,
    #[error("the amended order is not known")]
    AmendedOrderUnknown,

    /// Units drawn and neither served and decided nor given back.
    #[error("{units} units are not decided")]
    UnitsPending { units: u32 },
    #[error("{units} units are drawn")]
    UnitsDrawn { units: u32 },
}

impl OrderRefusal {
    /// The field of the form that is to be corrected, when one alone is.
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::DayTooEarly { field, .. } | Self::DayTooLate { field, .. } => Some(field),
            Self::AlreadyConsulted { .. } => Some("consulted_on"),
            Self::PaymentNumberTaken { .. }
            | Self::PaymentUnknown { .. }
            | Self::PaymentState { .. }
            | Self::InterruptedOnce { .. } => Some("number"),
            Self::PaymentAmounts { .. } | Self::AboveAdmitted { .. } => Some("amount"),
            Self::TaxMissing { .. } => Some("including_tax"),
            Self::NothingOrdered => Some("units"),
            Self::NotAnAmendment
            | Self::OptionNotOrdered { .. }
            | Self::NotEnoughFreeUnits { .. }
            | Self::AddedAndRemoved { .. } => Some("remove"),
            _ => None,
        }
    }

    /// The stable code of the refusal.
    pub fn code(&self) -> &'static str {
        self.into()
    }
}
