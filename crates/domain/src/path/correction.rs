//! What may be corrected on a path, and what a correction does beyond the value itself: **the** table (L25).
//!
//! Each datum has one [`Rule`]: what was confirmed or signed on the strength of it and is asked again, who is told, and
//! what moves with it. The correction of a path is a [`Correction`], values before and after; what it took back is in the
//! event as [`Reopened`], so that replaying needs no table. To add a datum: its variant, its fields in
//! [`Datum::fields`], its rule here, its arm in `decide::correct` and in `apply`; the compiler asks for the rest.

use serde::{Deserialize, Serialize};
use strum::{AsRefStr, Display, EnumIter, EnumString, IntoStaticStr};

use super::command::{AbsenceReason, Datum, Outcome, Prescriber, RequestKind, SequenceKind};
use super::decide::holds_reservation;
use super::event::Month;
use super::record::Path;
use super::refusal::Refusal;
use super::step::State;
use crate::calendar::Day;
use crate::identifiers::{BodyCode, Commune, Department, LotCode, Rome, Siret};
use crate::market::Prestation;
use crate::people::{PersonRef, RecipientRole};

/// What a correction does beyond the value, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, Display, AsRefStr, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Effect {
    /// The value changes, and nobody is written to.
    Nothing,
    Inform,
    /// What one role confirmed or signed is asked of it again.
    AskAgain,
    /// What several signed is asked of all of them again.
    AskAllAgain,
}

/// What was confirmed or signed on the strength of a datum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, Display, AsRefStr, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Bound {
    /// The company's commitment, while the study is not decided.
    Commitment,
    /// The individual programme, until the end of the training.
    Pif,
    /// The company's confirmation of the final report, until it is delivered.
    Report,
    /// The corrected sequence of the ledger.
    Sequence,
    /// The statements of attendance of the months concerned.
    Attendance,
}

/// What moves with a datum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, Display, AsRefStr, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Moved {
    /// The lot and the body in charge, before any order.
    Lot,
    /// The year of the place reserved or of the entry counted.
    Place,
    /// The day on which the entry is due.
    EntryDue,
    /// The day on which the final report is due.
    ReportDue,
    /// Hours and legal elements of the ledger, checked again.
    Ledger,
    /// The statistics of entries.
    Statistics,
}

/// What the correction of a datum does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    pub asks_again: &'static [Bound],
    /// Told whatever is asked again.
    pub informs: &'static [RecipientRole],
    pub moves: &'static [Moved],
}

impl Bound {
    /// The roles that confirm or sign it.
    pub const fn of(self) -> &'static [RecipientRole] {
        use RecipientRole::{Body, Company, Trainee, Tutor};
        match self {
            Self::Commitment | Self::Report => &[Company],
            Self::Pif => &[Body, Company, Trainee],
            Self::Sequence => &[Trainee],
            Self::Attendance => &[Body, Trainee, Tutor],
        }
    }
}

impl Rule {
    /// The rule in one word.
    pub fn effect(&self) -> Effect {
        let mut roles: Vec<RecipientRole> = self.asks_again.iter().flat_map(|bound| bound.of()).copied().collect();
        roles.sort_unstable();
        roles.dedup();
        match roles.len() {
            0 if self.informs.is_empty() => Effect::Nothing,
            0 => Effect::Inform,
            1 => Effect::AskAgain,
            _ => Effect::AskAllAgain,
        }
    }
}

/// The rule of a datum.
pub const fn rule(datum: Datum) -> Rule {
    use RecipientRole::{Body, Company, Region, Trainee, Tutor};
    const EVERYONE: &[RecipientRole] = &[Body, Company, Trainee, Tutor, Region];
    let (asks_again, informs, moves): (&'static [Bound], &'static [RecipientRole], &'static [Moved]) = match datum {
        Datum::Company => (&[], &[Company], &[]),
        Datum::Siret => (&[Bound::Commitment, Bound::Pif], &[Company, Region], &[]),
        Datum::Job => (&[Bound::Commitment, Bound::Pif], &[Company], &[]),
        Datum::Commune => (&[Bound::Commitment, Bound::Pif], &[Company, Region], &[Moved::Lot, Moved::Statistics]),
        Datum::RomeCode | Datum::PersonsWanted | Datum::Prescriber => (&[], &[], &[]),
        Datum::CandidateProfile => (&[], &[], &[Moved::Statistics]),
        Datum::PlannedEntry => (&[], &[Body, Company, Trainee, Tutor], &[Moved::Place, Moved::EntryDue]),
        Datum::EntryDate => (&[], EVERYONE, &[Moved::Place, Moved::Statistics]),
        Datum::Sequence => (&[Bound::Sequence], &[Trainee], &[Moved::Ledger]),
        Datum::Absence => (&[Bound::Attendance], &[Trainee, Tutor], &[]),
        Datum::EndDate => (&[Bound::Report], EVERYONE, &[Moved::ReportDue]),
        Datum::Outcome => (&[Bound::Report], EVERYONE, &[Moved::Ledger]),
        Datum::HoursDone => (&[Bound::Report], EVERYONE, &[Moved::Ledger]),
    };
    Rule { asks_again, informs, moves }
}

impl Datum {
    /// The fields of the form of a correction that say this datum, in the order in which a page shows them.
    pub const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Company => &["company"],
            Self::Siret => &["siret"],
            Self::Job => &["job"],
            Self::RomeCode => &["rome"],
            Self::PersonsWanted => &["persons_wanted"],
            Self::Commune => &["commune", "keep_lot"],
            Self::Prescriber => &["prescriber"],
            Self::PlannedEntry => &["planned_entry"],
            Self::CandidateProfile => &["birth_date", "sex", "level", "rsa", "boe"],
            Self::EntryDate => &["entered_on"],
            Self::Sequence => &["number", "annul", "kind", "starts_at", "ends_at", "objective"],
            Self::Absence => &["number", "annul", "from", "until", "absence_reason"],
            Self::EndDate => &["ended_on"],
            Self::Outcome => &["outcome", "outcome_reason"],
            Self::HoursDone => &["hours_done"],
        }
    }

    /// The field that a value typed alone stands for; none for a datum of several values.
    pub fn single(self) -> Option<&'static str> {
        match self {
            Self::CandidateProfile | Self::Sequence | Self::Absence => None,
            Self::Company
            | Self::Siret
            | Self::Job
            | Self::RomeCode
            | Self::PersonsWanted
            | Self::Commune
            | Self::Prescriber
            | Self::PlannedEntry
            | Self::EntryDate
            | Self::EndDate
            | Self::Outcome
            | Self::HoursDone => self.fields().first().copied(),
        }
    }

    /// Whether the datum says which of several things it corrects, by their number.
    pub const fn numbered(self) -> bool {
        matches!(self, Self::Sequence | Self::Absence)
    }
}

/// Whether a path has this datum and may still see it corrected.
///
/// # Errors
/// There is nothing to correct, or what rests on it waits for its decision or has it.
pub fn correctable(path: &Path, datum: Datum) -> Result<(), Refusal> {
    let training = path.training.as_ref();
    let exists = match datum {
        Datum::Company | Datum::Siret | Datum::Job | Datum::RomeCode | Datum::PersonsWanted | Datum::Commune => true,
        Datum::Prescriber => path.candidate.is_some(),
        Datum::CandidateProfile => path.trainee().is_some(),
        Datum::PlannedEntry => holds_reservation(path),
        Datum::EntryDate => training.is_some(),
        Datum::Sequence => training.is_some_and(|training| !training.sequences.is_empty()),
        Datum::Absence => training.is_some_and(|training| training.absences_held().next().is_some()),
        Datum::EndDate | Datum::Outcome | Datum::HoursDone => training.is_some_and(|training| training.ended.is_some()),
    };
    if !exists {
        return Err(Refusal::NothingToCorrect { datum });
    }
    // What the report rests on is not changed under it: it is adjourned first; once admitted, the amount is settled.
    let of_report =
        matches!(datum, Datum::Sequence | Datum::Absence | Datum::EndDate | Datum::Outcome | Datum::HoursDone);
    match (&path.implementation.admitted, path.state) {
        (Some(admitted), _) if of_report => {
            Err(Refusal::Decided { prestation: Prestation::Implementation, amount: admitted.amount })
        }
        (None, State::ReportDelivered) if of_report => {
            Err(Refusal::Delivered { prestation: Prestation::Implementation })
        }
        _ => Ok(()),
    }
}

/// What a correction took back, to be confirmed or signed anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "bound", rename_all = "snake_case")]
pub enum Reopened {
    /// The company is asked again, and has until then.
    Commitment {
        until: Day,
    },
    Report {
        until: Day,
    },
    /// The same programme under a new version, which nobody signed.
    Pif {
        version: u32,
    },
    Sequence {
        number: u32,
    },
    Attendance {
        month: Month,
    },
    /// What was agreed to, or not, is asked once more.
    Agreement {
        request: RequestKind,
    },
}

impl Reopened {
    /// The roles that answer it again.
    pub const fn of(self) -> &'static [RecipientRole] {
        match self {
            Self::Commitment { .. } => Bound::Commitment.of(),
            Self::Report { .. } => Bound::Report.of(),
            Self::Pif { .. } => Bound::Pif.of(),
            Self::Sequence { .. } => Bound::Sequence.of(),
            Self::Attendance { .. } => Bound::Attendance.of(),
            Self::Agreement { request: RequestKind::AcceptDesignation } => &[RecipientRole::Tutor],
            Self::Agreement { .. } => &[RecipientRole::Company],
        }
    }

    /// Whether the company's signatory is asked, when it has one.
    pub const fn is_signed(self) -> bool {
        !matches!(self, Self::Agreement { .. })
    }

    /// The request by which it is asked again.
    pub const fn request(self) -> RequestKind {
        match self {
            Self::Commitment { .. } => RequestKind::ConfirmCommitment,
            Self::Report { .. } => RequestKind::ConfirmReport,
            Self::Pif { .. } => RequestKind::SignPif,
            Self::Sequence { .. } => RequestKind::SignSequences,
            Self::Attendance { .. } => RequestKind::SignAttendance,
            Self::Agreement { request } => request,
        }
    }
}

/// What a corrected commune says of the lot.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "territory", rename_all = "snake_case")]
pub enum Territory {
    /// Not said: corrections of before the path could move.
    #[default]
    Unsaid,
    /// The commune is of the path's lot.
    Own,
    /// It is of another one, and the Region keeps the path in its lot.
    Derogation,
    /// The path goes to the lot of the commune.
    Moved { from: LotCode, to: LotCode, holder: BodyCode },
}

/// A period of the ledger, without what was worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SequencePeriod {
    pub kind: SequenceKind,
    /// Europe/Paris.
    pub from: chrono::NaiveDateTime,
    pub until: chrono::NaiveDateTime,
}

/// Days of absence and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AbsencePeriod {
    pub from: Day,
    pub until: Day,
    pub reason: AbsenceReason,
}

/// One value of a candidate's profile; which ones were corrected is said, never what they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumIter, EnumString, Display, AsRefStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ProfileValue {
    BirthDate,
    Sex,
    Level,
    Rsa,
    Boe,
}

/// A corrected datum with its value before and after; what it moves is in [`mod@super::effects`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "datum", rename_all = "snake_case")]
pub enum Correction {
    Company {
        before: String,
        after: String,
    },
    Siret {
        before: Siret,
        after: Siret,
    },
    Job {
        before: String,
        after: String,
    },
    RomeCode {
        before: Option<Rome>,
        after: Rome,
    },
    PersonsWanted {
        before: u32,
        after: u32,
    },
    Commune {
        before: Commune,
        after: Commune,
        department: Department,
        #[serde(default)]
        lot: Territory,
    },
    Prescriber {
        before: Option<Prescriber>,
        after: Prescriber,
    },
    PlannedEntry {
        before: Day,
        after: Day,
        /// The entry is due then, once the implementation is ordered.
        #[serde(default)]
        due_on: Option<Day>,
    },
    EntryDate {
        before: Day,
        after: Day,
    },
    /// The values are in the person row; the digests tell them apart.
    CandidateProfile {
        before: PersonRef,
        after: PersonRef,
        #[serde(default)]
        values: Vec<ProfileValue>,
    },
    /// A sequence is annulled, and another one takes its place unless it never took place.
    Sequence {
        number: u32,
        before: SequencePeriod,
        after: Option<SequencePeriod>,
        /// What was worked on, when that is corrected too.
        objective: Option<String>,
    },
    /// An absence is corrected, or annulled.
    Absence {
        number: u32,
        before: AbsencePeriod,
        after: Option<AbsencePeriod>,
    },
    EndDate {
        before: Day,
        after: Day,
        report_due_on: Day,
    },
    Outcome {
        before: Outcome,
        after: Outcome,
        /// Why the training ended so.
        why: Option<String>,
    },
    HoursDone {
        before: u32,
        after: u32,
    },
}

impl Correction {
    /// The datum corrected.
    pub fn datum(&self) -> Datum {
        match self {
            Self::Company { .. } => Datum::Company,
            Self::Siret { .. } => Datum::Siret,
            Self::Job { .. } => Datum::Job,
            Self::RomeCode { .. } => Datum::RomeCode,
            Self::PersonsWanted { .. } => Datum::PersonsWanted,
            Self::Commune { .. } => Datum::Commune,
            Self::Prescriber { .. } => Datum::Prescriber,
            Self::PlannedEntry { .. } => Datum::PlannedEntry,
            Self::EntryDate { .. } => Datum::EntryDate,
            Self::CandidateProfile { .. } => Datum::CandidateProfile,
            Self::Sequence { .. } => Datum::Sequence,
            Self::Absence { .. } => Datum::Absence,
            Self::EndDate { .. } => Datum::EndDate,
            Self::Outcome { .. } => Datum::Outcome,
            Self::HoursDone { .. } => Datum::HoursDone,
        }
    }

    /// Whether the value stays what it is.
    pub fn is_unchanged(&self) -> bool {
        match self {
            Self::Company { before, after } | Self::Job { before, after } => before == after,
            Self::Siret { before, after } => before == after,
            Self::RomeCode { before, after } => before.as_ref() == Some(after),
            Self::Commune { before, after, lot, .. } => before == after && !matches!(lot, Territory::Moved { .. }),
            Self::Prescriber { before, after } => *before == Some(*after),
            Self::PlannedEntry { before, after, .. } | Self::EntryDate { before, after } => before == after,
            Self::EndDate { before, after, .. } => before == after,
            Self::CandidateProfile { before, after, .. } => before == after,
            Self::Sequence { before, after, objective, .. } => *after == Some(*before) && objective.is_none(),
            Self::Absence { before, after, .. } => *after == Some(*before),
            Self::Outcome { before, after, .. } => before == after,
            Self::PersonsWanted { before, after } | Self::HoursDone { before, after } => before == after,
        }
    }

    /// The lot that the path leaves and the one that it goes to.
    pub fn moves_lot(&self) -> Option<(&LotCode, &LotCode)> {
        match self {
            Self::Commune { lot: Territory::Moved { from, to, .. }, .. } => Some((from, to)),
            _ => None,
        }
    }
}
