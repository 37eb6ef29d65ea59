//! A market and its terms: lots, holders, prices, options, clocks, CCAG and policies, as data.
//!
//! The file `config/market.toml` proposes, `jalon config apply` records a dated version, and a path keeps the version
//! under which each prestation was ordered. Amounts are integer cents excluding tax, spans count as CCAG-FCS art. 3.2.
//! Validation lives in [`validate`]; reading the file lives in `app`.

mod validate;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use strum::{AsRefStr, Display, EnumIter, EnumString, IntoStaticStr, VariantNames};

pub use validate::{Expected, Problem, ProblemKind, problems};

use crate::calendar::{Day, QuietHours, Span};
use crate::identifiers::{BodyCode, Department, EmailAddress, LotCode, Phone};
use crate::money::{Amount, Cents, VatRate};
use crate::places::Policy;

/// The three prestations of the contract, always in this order.
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
pub enum Prestation {
    /// P1, étude de faisabilité.
    Feasibility,
    /// P2, préparation.
    Preparation,
    /// P3, mise en œuvre.
    Implementation,
}

/// A priced option of the unit price schedule (BPU).
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
pub enum OptionCode {
    /// Feasibility study.
    P1,
    /// Mission 1: design of the FEST programme.
    M1,
    /// Mission 2: professionalisation of the tutor, « le cas échéant ».
    M2,
    /// Third level of the contract, whose text is not known: disabled.
    M3,
    /// Implementation, price level 1.
    N1,
    /// Implementation, price level 2.
    N2,
    /// Implementation, price level 3.
    N3,
}

impl OptionCode {
    /// The prestation this option belongs to.
    pub fn prestation(self) -> Prestation {
        match self {
            Self::P1 => Prestation::Feasibility,
            Self::M1 | Self::M2 | Self::M3 => Prestation::Preparation,
            Self::N1 | Self::N2 | Self::N3 => Prestation::Implementation,
        }
    }
}

/// A training body holding a lot (titulaire).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holder {
    pub code: BodyCode,
    pub name: String,
    pub email: EmailAddress,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
}

/// A lot of the market: a territory, its holder, its places and its maximum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lot {
    pub code: LotCode,
    pub name: String,
    pub departments: Vec<Department>,
    pub holder: Holder,
    /// Planned paths a year (parcours prévisionnels); none for a market without quota.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub places_per_year: Option<u32>,
    /// The contract's maximum of places a year, which blocks whatever the policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum_places_per_year: Option<u32>,
    /// The contract's maximum amount over its duration, excluding tax.
    pub maximum: Cents,
}

/// The price of an option for one holder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    pub option: OptionCode,
    pub holder: BodyCode,
    /// Excluding tax, in cents.
    pub unit_price: Cents,
    /// Basis points: 0 for an exempt training (CGI 261-4-4°), 2000 for 20 %.
    pub vat: VatRate,
}

impl Price {
    /// The price as an amount with its tax.
    pub fn amount(&self) -> Amount {
        Amount { excluding_tax: self.unit_price, vat: self.vat }
    }
}

/// The criterion that gives the price level of an implementation: total hours, half-open intervals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Levels {
    /// First hour of N2: below it, N1.
    pub n2_from_hours: u32,
    /// First hour of N3.
    pub n3_from_hours: u32,
}

impl Levels {
    /// The level of an implementation of so many hours in all (AFEST and application).
    pub fn level(&self, hours: u32) -> OptionCode {
        if hours < self.n2_from_hours {
            OptionCode::N1
        } else if hours < self.n3_from_hours {
            OptionCode::N2
        } else {
            OptionCode::N3
        }
    }
}

/// The general conditions (CCAG) a prestation follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ccag {
    pub text: CcagText,
    /// Verification period; silence until its end admits.
    pub verification: Span,
    /// Divisor of the penalty V × R / divisor.
    pub penalty_divisor: u32,
}

/// The two CCAG texts met in such contracts.
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
pub enum CcagText {
    /// Fournitures courantes et services.
    Fcs,
    /// Prestations intellectuelles.
    Pi,
}

/// What happens to places: quota policy, alerts, how long a reservation and an offer hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceTerms {
    pub policy: Policy,
    /// Percentages of the quota whose crossing alerts the Region and the body, once each.
    pub alert_percents: Vec<u32>,
}

/// What the law and the contract ask of a training.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingTerms {
    /// A trainee without an employment contract: 35 h a week at most.
    pub weekly_hours: u32,
    /// And 10 h a day at most.
    pub daily_hours: u32,
    /// Share of the hours of the PIF from which a path may be completed, in percent.
    pub completion_percent: u32,
}

/// Penalties: waived below a total, capped, after an invitation to comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PenaltyTerms {
    /// Waived while their total for the contract stays within this amount, excluding tax.
    pub waived_up_to: Cents,
    /// Cap, in percent of the order.
    pub cap_percent: u32,
    /// Time given to comment.
    pub comment: Span,
}

/// Payments: the time to pay, its reminders, and what lateness costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentTerms {
    pub span: Span,
    /// Reminders this many days before the due day.
    pub remind_before: Vec<u32>,
    /// The reference rate of the European Central Bank, in basis points.
    pub reference_rate: u32,
    /// Added to it for late interest, in basis points.
    pub margin: u32,
    /// The fixed compensation for recovery costs.
    pub indemnity: Cents,
}

/// What terms recorded before payments were followed say of them: the law (CCP L2192-10 to L2192-13, D2192-35).
impl Default for PaymentTerms {
    fn default() -> Self {
        Self {
            span: Span::days(30),
            remind_before: vec![10, 5, 1],
            reference_rate: 215,
            margin: 800,
            indemnity: Cents::new(4_000),
        }
    }
}

/// A clock of the lifecycle: what waits, and for how long. `domain.md` §5 lists the defaults.
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
pub enum ClockKind {
    /// Need reported: order the study or decline.
    NeedDecision,
    /// Study due after the path's own order.
    StudyDue,
    /// Feasible and no preparation ordered.
    PreparationOrder,
    PreparationDue,
    /// Delivered: decide, or silence admits.
    Verification,
    /// Adjourned: the body accepts or refuses.
    Acceptance,
    /// Adjournment accepted: deliver again.
    Redelivery,
    /// Adjournment refused or unanswered: the Region reduces or rejects, or its silence rejects.
    RegionChoice,
    /// Observations asked before a reduction or a rejection.
    Observations,
    /// A request to the company (commitment, report) that may be passed over when unanswered.
    CompanyAnswer,
    /// Ready and no selection opened.
    SelectionOpening,
    /// Selection opened and no candidate selected.
    Selection,
    /// A place was offered to a waiting candidate: confirm.
    PlaceOffer,
    /// PIF written and signatures missing.
    Signatures,
    /// PIF signed and no implementation ordered.
    ImplementationOrder,
    /// A place reserved without entry.
    Reservation,
    /// Implementation ordered: the planned day of entry.
    Entry,
    /// In training without SAFIR and rému references.
    EntryDeclaration,
    /// In training and no sequence recorded lately.
    MissingLog,
    /// Monthly attendance statement.
    Attendance,
    /// In training: the planned end.
    TrainingEnd,
    Suspension,
    ReportDue,
    /// Job, contract, kept at six months.
    FollowUp,
    /// Accident to declare.
    Accident,
    /// Formal notice sent to a silent body.
    FormalNotice,
}

/// One clock's span and its reminders, in days from the due day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockTerms {
    pub span: Span,
    /// Reminders this many days before the due day.
    #[serde(default)]
    pub remind_before: Vec<u32>,
    /// Reminders this many days after it.
    #[serde(default)]
    pub remind_after: Vec<u32>,
    /// Escalation to the Region this many days after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalate_after: Option<u32>,
}

/// A market (accord-cadre à bons de commande) with all its terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Market {
    /// Stable code, for instance `fest-2023`.
    pub code: String,
    pub title: String,
    pub starts_on: Day,
    pub ends_on: Day,
    /// False while the schedule of prices is illustrative: said wherever a price shows, and production refuses to start.
    pub prices_confirmed: bool,
    /// A past market holds imported paths only: nothing is ordered on it.
    #[serde(default)]
    pub past: bool,
    /// Budget of a year for all lots, excluding tax.
    pub budget_per_year: Cents,
    pub lots: Vec<Lot>,
    /// Options that may be ordered.
    pub enabled_options: Vec<OptionCode>,
    pub prices: Vec<Price>,
    pub levels: Levels,
    pub ccag: BTreeMap<Prestation, Ccag>,
    pub places: PlaceTerms,
    pub training: TrainingTerms,
    pub penalties: PenaltyTerms,
    #[serde(default)]
    pub payment: PaymentTerms,
    pub clocks: BTreeMap<ClockKind, ClockTerms>,
    pub quiet_hours: QuietHours,
}

/// The number of a recorded version of the terms; 0 is the file before it was applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TermsVersion(pub i32);

impl std::fmt::Display for TermsVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// The terms in force when something is decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    pub version: TermsVersion,
    pub market: Market,
}

impl Market {
    /// The lot of this code.
    pub fn lot(&self, code: &LotCode) -> Option<&Lot> {
        self.lots.iter().find(|lot| &lot.code == code)
    }

    /// The lot whose territory holds this department.
    pub fn lot_of(&self, department: &Department) -> Option<&Lot> {
        self.lots.iter().find(|lot| lot.departments.contains(department))
    }

    /// The price of an option for the holder of a lot.
    pub fn price(&self, option: OptionCode, holder: &BodyCode) -> Option<&Price> {
        self.prices.iter().find(|price| price.option == option && &price.holder == holder)
    }

    /// Whether an option may be ordered.
    pub fn enabled(&self, option: OptionCode) -> bool {
        self.enabled_options.contains(&option)
    }

    /// The terms of a clock; validation guarantees one for each kind.
    pub fn clock(&self, kind: ClockKind) -> &ClockTerms {
        self.clocks.get(&kind).expect("a validated market has terms for every clock")
    }

    /// The verification rules of a prestation; validation guarantees them.
    pub fn ccag(&self, prestation: Prestation) -> &Ccag {
        self.ccag.get(&prestation).expect("a validated market names a CCAG for every prestation")
    }

    /// The lots a body holds.
    pub fn lots_of(&self, body: &BodyCode) -> impl Iterator<Item = &Lot> {
        self.lots.iter().filter(move |lot| &lot.holder.code == body)
    }
}
