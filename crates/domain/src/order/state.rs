//! States and transitions of a purchase order, and the one table of what leads where, by whom, told to whom.
//!
//! Everything that lists what may be done with an order (buttons, rights, command line, diagrams, documentation) reads
//! [`table`]. Source: `domain.md` §4.1. To add a transition: a variant here, its rows, its command, its event.

use serde::{Deserialize, Serialize};
use strum::{AsRefStr, Display, EnumIter, EnumString, IntoStaticStr, VariantNames};

use crate::people::{RecipientRole, Side};

/// The state of a purchase order (bon de commande).
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
pub enum OrderState {
    Draft,
    /// Sent to finance for its visa.
    ToEndorse,
    /// Endorsed: the amount is engaged.
    Endorsed,
    /// Notified to the holder: paths draw its units.
    Notified,
    /// Every unit served or given back, the rest freed.
    Settled,
    Cancelled,
}

/// A change of state of a purchase order.
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
pub enum OrderTransition {
    DraftOrder,
    CorrectOrder,
    RequestEndorsement,
    Endorse,
    RefuseEndorsement,
    NotifyOrder,
    RecordConsultation,
    MakeReservations,
    AmendOrder,
    SettleOrder,
    RecordPaymentRequest,
    InterruptPayment,
    ResumePayment,
    ReturnPaymentRequest,
    RecordPayment,
    CancelOrder,
}

/// One row of the lifecycle: a transition from one state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderRow {
    pub transition: OrderTransition,
    /// `None` when the order does not exist yet.
    pub from: Option<OrderState>,
    pub to: OrderState,
    /// The sides that may ask for it.
    pub sides: &'static [Side],
    /// The roles told by e-mail.
    pub told: &'static [RecipientRole],
}

const fn row(
    transition: OrderTransition,
    from: Option<OrderState>,
    to: OrderState,
    sides: &'static [Side],
    told: &'static [RecipientRole],
) -> OrderRow {
    OrderRow { transition, from, to, sides, told }
}

const REGION: &[Side] = &[Side::Region];
const FINANCE: &[Side] = &[Side::Finance];
const BODY: &[Side] = &[Side::Body];
/// Payments are followed by whoever of the Region reads Chorus Pro.
const PAYERS: &[Side] = &[Side::Region, Side::Finance];

const TELL_NOBODY: &[RecipientRole] = &[];
const TELL_REGION: &[RecipientRole] = &[RecipientRole::Region];
const TELL_FINANCE: &[RecipientRole] = &[RecipientRole::Finance];
const TELL_BODY: &[RecipientRole] = &[RecipientRole::Body];

const TABLE: &[OrderRow] = {
    use OrderState::{Cancelled, Draft, Endorsed, Notified, Settled, ToEndorse};
    use OrderTransition::{
        AmendOrder, CancelOrder, CorrectOrder, DraftOrder, Endorse, InterruptPayment, MakeReservations, NotifyOrder,
        RecordConsultation, RecordPayment, RecordPaymentRequest, RefuseEndorsement, RequestEndorsement, ResumePayment,
        ReturnPaymentRequest, SettleOrder,
    };
    &[
        row(DraftOrder, None, Draft, REGION, TELL_NOBODY),
        row(CorrectOrder, Some(Draft), Draft, REGION, TELL_NOBODY),
        row(RequestEndorsement, Some(Draft), ToEndorse, REGION, TELL_FINANCE),
        row(Endorse, Some(ToEndorse), Endorsed, FINANCE, TELL_REGION),
        row(RefuseEndorsement, Some(ToEndorse), Draft, FINANCE, TELL_REGION),
        row(NotifyOrder, Some(Endorsed), Notified, REGION, TELL_BODY),
        row(RecordConsultation, Some(Notified), Notified, REGION, TELL_NOBODY),
        row(MakeReservations, Some(Notified), Notified, BODY, TELL_REGION),
        // The body hears of an amending order when it is notified: nothing of a draft binds it.
        row(AmendOrder, Some(Notified), Notified, REGION, TELL_NOBODY),
        row(SettleOrder, Some(Notified), Settled, REGION, TELL_BODY),
        // A request is paid after its order is settled, often.
        row(RecordPaymentRequest, Some(Notified), Notified, PAYERS, TELL_NOBODY),
        row(RecordPaymentRequest, Some(Settled), Settled, PAYERS, TELL_NOBODY),
        row(InterruptPayment, Some(Notified), Notified, PAYERS, TELL_BODY),
        row(InterruptPayment, Some(Settled), Settled, PAYERS, TELL_BODY),
        row(ResumePayment, Some(Notified), Notified, PAYERS, TELL_BODY),
        row(ResumePayment, Some(Settled), Settled, PAYERS, TELL_BODY),
        row(ReturnPaymentRequest, Some(Notified), Notified, PAYERS, TELL_BODY),
        row(ReturnPaymentRequest, Some(Settled), Settled, PAYERS, TELL_BODY),
        row(RecordPayment, Some(Notified), Notified, PAYERS, TELL_BODY),
        row(RecordPayment, Some(Settled), Settled, PAYERS, TELL_BODY),
        row(CancelOrder, Some(Draft), Cancelled, REGION, TELL_NOBODY),
        row(CancelOrder, Some(ToEndorse), Cancelled, REGION, TELL_NOBODY),
        row(CancelOrder, Some(Endorsed), Cancelled, REGION, TELL_NOBODY),
        row(CancelOrder, Some(Notified), Cancelled, REGION, TELL_BODY),
    ]
};

/// The lifecycle of a purchase order, one row per transition and state it starts from.
pub fn table() -> &'static [OrderRow] {
    TABLE
}

impl OrderTransition {
    /// The rows of this transition.
    pub fn rows(self) -> impl Iterator<Item = &'static OrderRow> {
        TABLE.iter().filter(move |row| row.transition == self)
    }

    /// The row of this transition from a state, if there is one.
    pub fn row(self, from: Option<OrderState>) -> Option<&'static OrderRow> {
        self.rows().find(|row| row.from == from)
    }

    /// The states this transition starts from; empty when it creates the order.
    pub fn starts_from(self) -> Vec<OrderState> {
        self.rows().filter_map(|row| row.from).collect()
    }
}
