//! A path as it stands: the fold of its events. Written by [`mod@super::apply`] alone, read by everyone.

use chrono::Datelike;
use serde::{Deserialize, Serialize};
use strum::IntoEnumIterator;

use super::command::{
    AbsenceReason, BodyRequest, CompanyAnswer, Outcome, Prescriber, RequestKind, SequenceKind, Verdict,
};
use super::correction::{AbsencePeriod, SequencePeriod};
use super::event::{Draw, Job, Month, OutsideOrBody, Party, PifTerms, Workplace};
use super::step::State;
use crate::calendar::Day;
use crate::form::DatedCondition;
use crate::identifiers::{AccountId, BodyCode, LotCode, PathId, PathReference, PersonId};
use crate::market::{OptionCode, Prestation, TermsVersion};
use crate::money::Cents;
use crate::people::{CompanyFunction, OutsideRole, PersonRef};

/// A path (parcours).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Path {
    pub id: PathId,
    pub reference: PathReference,
    pub market: String,
    pub lot: LotCode,
    pub holder: BodyCode,
    pub state: State,
    /// Rank of the last event.
    pub version: u32,
    pub opened_on: Day,
    /// Effective day of the entry in the present state.
    pub since: Day,
    pub workplace: Workplace,
    pub derogation: Option<String>,
    /// The main contact of the company.
    pub contact: PersonRef,
    /// Their colleagues, at most one for a function.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub colleagues: Vec<Colleague>,
    pub coordinator: Option<AccountId>,
    pub job: Job,
    pub persons_wanted: u32,
    /// The path whose study and programme this sibling uses.
    pub source: Option<(PathId, PathReference)>,
    pub feasibility: PrestationFile,
    pub preparation: PrestationFile,
    pub implementation: PrestationFile,
    /// Europe/Paris.
    pub first_visit: Option<chrono::NaiveDateTime>,
    pub verdict: Option<Verdict>,
    pub conditions: Vec<Condition>,
    pub commitment: Confirmation,
    pub report_confirmation: Confirmation,
    pub tutor: Option<Tutor>,
    pub work_analysed: bool,
    pub candidate: Option<Candidate>,
    pub waiting: Option<Waiting>,
    pub pif: Option<Pif>,
    pub training: Option<Training>,
    /// What the body asked of the Region and is not decided yet.
    pub body_requests: Vec<PendingRequest>,
    pub formal_notice_until: Option<Day>,
    pub accidents: Vec<Day>,
    pub follow_up_recorded: bool,
    /// Answers that are contested and not asked again yet.
    #[serde(default)]
    pub contested: Vec<(OutsideRole, RequestKind)>,
    #[serde(default)]
    pub agreements: Agreements,
    /// Corrections that people outside proposed, by rank.
    #[serde(default)]
    pub proposals: Vec<Proposal>,
    /// Who said what they think of the support.
    #[serde(default)]
    pub opinions: Vec<OutsideRole>,
}

/// What is asked of who is concerned, and that nothing waits for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreements {
    /// The company's, to the training programme delivered.
    pub programme: Agreement,
    /// The tutor's, to their designation.
    pub designation: Agreement,
    /// The company's, to the candidate selected.
    pub candidate: Agreement,
}

impl Agreements {
    /// The one that a request asks for.
    pub fn of(&self, request: RequestKind) -> Option<&Agreement> {
        match request {
            RequestKind::ConfirmProgramme => Some(&self.programme),
            RequestKind::AcceptDesignation => Some(&self.designation),
            RequestKind::ConfirmCandidate => Some(&self.candidate),
            RequestKind::ConfirmCommitment
            | RequestKind::ConfirmReport
            | RequestKind::SignPif
            | RequestKind::SignSequences
            | RequestKind::SignAttendance => None,
        }
    }

    pub(super) fn of_mut(&mut self, request: RequestKind) -> Option<&mut Agreement> {
        match request {
            RequestKind::ConfirmProgramme => Some(&mut self.programme),
            RequestKind::AcceptDesignation => Some(&mut self.designation),
            RequestKind::ConfirmCandidate => Some(&mut self.candidate),
            RequestKind::ConfirmCommitment
            | RequestKind::ConfirmReport
            | RequestKind::SignPif
            | RequestKind::SignSequences
            | RequestKind::SignAttendance => None,
        }
    }
}

/// Where an agreement stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// Since when it is asked; none while there is nothing to agree to.
    pub asked: Option<Day>,
    /// Times it was asked, so that a link never agrees to what it did not show.
    pub round: u32,
    /// Yes or no, once answered.
    pub answer: Option<bool>,
}

/// A correction that somebody outside proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    pub role: OutsideRole,
    pub by: Option<PersonId>,
    pub on: Day,
    /// Whether it was accepted, once the body answered.
    pub accepted: Option<bool>,
}

/// Orders, deliveries and decisions of one prestation.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PrestationFile {
    pub ordered: Option<Ordered>,
    pub started_on: Option<Day>,
    /// Due day of the delivery, moved by a rejection or an extension.
    pub due_on: Option<Day>,
    /// When the due day was last moved by an extension.
    #[serde(default)]
    pub extended_on: Option<Day>,
    pub delivered: Option<Delivered>,
    pub observations: Option<Observations>,
    pub adjournment: Option<Adjournment>,
    pub admitted: Option<Admitted>,
    pub rejections: u32,
}

/// The order of a prestation: its terms are frozen here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ordered {
    pub on: Day,
    pub terms: TermsVersion,
    pub draws: Vec<Draw>,
}

/// A delivery waiting for, or having received, its decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivered {
    pub on: Day,
    /// Who delivered: the same person never admits.
    pub by: Option<AccountId>,
    /// In whose name, when a colleague stood in: neither of the two admits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<AccountId>,
    /// Last day of the verification period.
    pub verify_until: Day,
}

/// Observations asked before a reduction or a rejection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observations {
    pub asked_on: Day,
    pub until: Day,
    pub given_on: Option<Day>,
}

/// An adjournment and the body's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adjournment {
    pub on: Day,
    pub accept_until: Day,
    pub answer: Option<AdjournmentAnswer>,
}

/// The body's answer to an adjournment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdjournmentAnswer {
    pub accepted: bool,
    pub on: Day,
    /// Re-delivery is due then when accepted; the Region chooses until then when refused.
    pub until: Day,
}

/// A decision that admitted the prestation: service done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admitted {
    pub on: Day,
    pub tacit: bool,
    pub reduction: Option<Cents>,
    /// Excluding tax.
    pub amount: Cents,
}

/// How a condition of the verdict ended. Stored as a pair, whether it was waived and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(bool, Day)", into = "(bool, Day)")]
pub enum Settlement {
    /// The company did what was asked.
    Met { on: Day },
    /// The Region gave it up.
    Waived { on: Day },
}

impl From<(bool, Day)> for Settlement {
    fn from((waived, on): (bool, Day)) -> Self {
        if waived { Self::Waived { on } } else { Self::Met { on } }
    }
}

impl From<Settlement> for (bool, Day) {
    fn from(settlement: Settlement) -> Self {
        match settlement {
            Settlement::Met { on } => (false, on),
            Settlement::Waived { on } => (true, on),
        }
    }
}

/// A dated condition of the verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    pub asked: DatedCondition,
    pub settled: Option<Settlement>,
}

/// Where a confirmation by the company stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// Asked on, and the day after which no answer may be passed over.
    pub asked: Option<(Day, Day)>,
    pub answer: Option<CompanyAnswer>,
    pub declined: Option<Day>,
    /// Times a correction took the answer back, so that a link never confirms what it did not show.
    #[serde(default)]
    pub reopened: u32,
}

/// Somebody of the company who has a function of their own on the path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Colleague {
    pub function: CompanyFunction,
    pub person: PersonRef,
    pub since: Day,
}

/// The tutor of the company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tutor {
    pub person: PersonRef,
    pub since: Day,
    /// First designation on this path: the law asks for one before the training starts.
    pub first_since: Day,
    pub trained: bool,
    /// A unit of mission 2 was ordered for this tutor.
    #[serde(default)]
    pub training_ordered: bool,
}

/// The candidate selected, holding a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    pub person: PersonRef,
    pub selected_on: Day,
    pub planned_entry: Day,
    /// Year in which the place is reserved.
    pub reserved_year: i32,
    pub reserved_until: Option<Day>,
    /// When the reservation was last extended.
    #[serde(default)]
    pub extended_on: Option<Day>,
    /// Who prescribed the path; unknown for one that precedes Jalon.
    #[serde(default)]
    pub prescriber: Option<Prescriber>,
}

/// A candidate waiting for a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    pub person: PersonRef,
    pub since: Day,
    pub planned_entry: Day,
    pub prescriber: Prescriber,
    /// A place is held for this candidate until that day.
    pub offered_until: Option<Day>,
}

/// The current version of the individual programme and who signed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pif {
    pub version: u32,
    pub written_on: Day,
    pub terms: PifTerms,
    pub signatures: Vec<Signature>,
    /// The hours crossed a price level after the order: the Region must approve.
    pub level_to_approve: Option<OptionCode>,
    /// Total hours of the last version that bound the parties, while this one does not yet.
    #[serde(default)]
    pub agreed_hours: Option<u32>,
}

/// One party's signature of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    pub party: Party,
    pub on: Day,
    pub on_behalf: bool,
}

impl Pif {
    /// Whether the three parties signed this version.
    pub fn complete(&self) -> bool {
        [Party::Body, Party::Company, Party::Trainee].into_iter().all(|party| self.signed(party))
    }

    /// Whether a party signed this version.
    pub fn signed(&self, party: Party) -> bool {
        self.signatures.iter().any(|signature| signature.party == party)
    }

    /// The day of the last signature of this version.
    pub fn last_signed_on(&self) -> Option<Day> {
        self.signatures.iter().map(|signature| signature.on).max()
    }

    /// Total hours that bind the parties: of this version once signed by all and its level approved, else of the last such.
    pub fn hours_in_force(&self) -> Option<u32> {
        let binds = self.complete() && self.level_to_approve.is_none();
        if binds { Some(self.terms.total_hours()) } else { self.agreed_hours }
    }
}

/// The training itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Training {
    pub entered_on: Day,
    /// Year in which the place is consumed.
    pub year: i32,
    pub safir: Option<String>,
    pub remu: Option<String>,
    pub sequences: Vec<Sequence>,
    /// Sequences taken back by a correction: their numbers are never given again.
    #[serde(default)]
    pub annulled: Vec<Sequence>,
    /// By rank, annulled ones included: see [`Training::absences_held`].
    pub absences: Vec<Absence>,
    pub attendance: Vec<Attendance>,
    /// Oldest first; the last may be under way.
    pub suspensions: Vec<Suspension>,
    pub ended: Option<Ended>,
}

/// A period of the ledger; times are Europe/Paris.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sequence {
    pub number: u32,
    pub kind: SequenceKind,
    pub from: chrono::NaiveDateTime,
    pub until: chrono::NaiveDateTime,
    pub signed: bool,
}

impl Sequence {
    /// Length in minutes.
    pub fn minutes(&self) -> i64 {
        (self.until - self.from).num_minutes()
    }

    /// What a correction says of it.
    pub fn period(&self) -> SequencePeriod {
        SequencePeriod { kind: self.kind, from: self.from, until: self.until }
    }
}

/// Days of absence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    pub from: Day,
    pub until: Day,
    pub reason: AbsenceReason,
    /// Taken back by a correction.
    #[serde(default)]
    pub annulled: bool,
}

impl Absence {
    /// Its days and why.
    pub fn period(&self) -> AbsencePeriod {
        AbsencePeriod { from: self.from, until: self.until, reason: self.reason }
    }
}

/// Signatures of a month's statement of attendance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendance {
    pub month: Month,
    pub signed: Vec<OutsideOrBody>,
    /// Times a correction took the signatures back.
    #[serde(default)]
    pub revision: u32,
}

impl Attendance {
    /// Whether the body, the tutor and the trainee have all signed it.
    pub fn complete(&self) -> bool {
        let parties = [OutsideOrBody::Body, OutsideOrBody::Tutor, OutsideOrBody::Trainee];
        parties.iter().all(|party| self.signed.contains(party))
    }
}

/// Days during which the training stands still, and the clocks of the path with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspension {
    pub since: Day,
    pub expected_return: Day,
    /// The day of the return, or of the end of the training; none while it lasts.
    pub until: Option<Day>,
}

impl Suspension {
    /// Whether a day is within, the day of the return excluded.
    pub fn covers(&self, day: Day) -> bool {
        day >= self.since && self.until.is_none_or(|until| day < until)
    }
}

impl Training {
    /// The number of the next sequence.
    pub fn next_sequence(&self) -> u32 {
        (self.sequences.len() + self.annulled.len()) as u32 + 1
    }

    /// The absences that stand, with their numbers.
    pub fn absences_held(&self) -> impl Iterator<Item = (u32, &Absence)> {
        (1..).zip(&self.absences).filter(|(_, absence)| !absence.annulled)
    }

    /// Minutes of the ledger.
    pub fn minutes(&self) -> i64 {
        self.sequences.iter().map(Sequence::minutes).sum()
    }

    /// Minutes of the ledger in a month, said by its first day.
    pub fn minutes_of(&self, month: Month) -> i64 {
        let within = |day: Day| (day.year(), day.month()) == (month.year(), month.month());
        self.sequences.iter().filter(|sequence| within(sequence.from.date())).map(Sequence::minutes).sum()
    }

    /// The suspension under way.
    pub fn suspension(&self) -> Option<&Suspension> {
        self.suspensions.last().filter(|suspension| suspension.until.is_none())
    }

    /// A clock of the training, carried over the suspensions that have ended: it stops where they begin and goes on at the
    /// return, for what `left` says remained of it between two days. One carried over starts anew on the day of the return.
    pub fn carried(&self, started_on: Day, due_on: Day, left: impl Fn(Day, Day, Day) -> Day) -> (Day, Day) {
        let ended = self.suspensions.iter().filter_map(|suspension| Some((suspension.since, suspension.until?)));
        ended.fold((started_on, due_on), |(started_on, due_on), (since, until)| {
            let stopped_on = since.max(started_on);
            let ran = started_on < until && stopped_on <= due_on;
            if ran && since < until { (until, left(stopped_on, due_on, until)) } else { (started_on, due_on) }
        })
    }
}

/// How the training ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    pub on: Day,
    pub outcome: Outcome,
    pub hours_done: u32,
}

/// Something the body asked of the Region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingRequest {
    pub request: BodyRequest,
    pub on: Day,
    /// For an extension, the day asked.
    pub until: Option<Day>,
}

impl Path {
    /// The file of a prestation.
    pub fn file(&self, prestation: Prestation) -> &PrestationFile {
        match prestation {
            Prestation::Feasibility => &self.feasibility,
            Prestation::Preparation => &self.preparation,
            Prestation::Implementation => &self.implementation,
        }
    }

    pub(super) fn file_mut(&mut self, prestation: Prestation) -> &mut PrestationFile {
        match prestation {
            Prestation::Feasibility => &mut self.feasibility,
            Prestation::Preparation => &mut self.preparation,
            Prestation::Implementation => &mut self.implementation,
        }
    }

    /// Units drawn and neither served nor returned; a late mission 2 is served at once and so never open.
    pub fn open_draws(&self) -> impl Iterator<Item = &Draw> {
        [&self.feasibility, &self.preparation, &self.implementation]
            .into_iter()
            .filter(|file| file.admitted.is_none())
            .filter_map(|file| file.ordered.as_ref())
            .flat_map(|ordered| ordered.draws.iter())
    }

    /// Whether anything was ever ordered on this path.
    pub fn anything_ordered(&self) -> bool {
        self.feasibility.ordered.is_some()
            || self.preparation.ordered.is_some()
            || self.implementation.ordered.is_some()
    }

    /// The person to be trained: selected, or waiting for a place.
    pub fn trainee(&self) -> Option<&PersonRef> {
        let candidate = self.candidate.as_ref().map(|candidate| &candidate.person);
        candidate.or(self.waiting.as_ref().map(|waiting| &waiting.person))
    }

    /// Who has a role outside now.
    pub fn person_of(&self, role: OutsideRole) -> Option<&PersonRef> {
        match role {
            OutsideRole::Company => Some(&self.contact),
            OutsideRole::Tutor => self.tutor.as_ref().map(|tutor| &tutor.person),
            OutsideRole::Trainee => self.trainee(),
            OutsideRole::Signatory | OutsideRole::HumanResources | OutsideRole::Accounting => {
                let held = self.colleagues.iter().find(|colleague| Some(colleague.function) == role.function());
                held.map(|colleague| &colleague.person)
            }
        }
    }

    /// The role in which a person stands on the path now.
    pub fn role_of(&self, person: PersonId) -> Option<OutsideRole> {
        OutsideRole::iter().find(|role| self.person_of(*role).is_some_and(|known| known.id == person))
    }

    /// The corrections proposed that wait for an answer, with their ranks.
    pub fn pending_proposals(&self) -> impl Iterator<Item = (u32, &Proposal)> {
        (1..).zip(&self.proposals).filter(|(_, proposal)| proposal.accepted.is_none())
    }

    /// Whether a person holds one of the roles of the path now.
    pub fn stands(&self, person: PersonId) -> bool {
        self.role_of(person).is_some()
    }

    /// Who confirms and signs for the company: its signatory, else its main contact.
    pub fn signs_for_company(&self) -> OutsideRole {
        match self.person_of(OutsideRole::Signatory) {
            Some(_) => OutsideRole::Signatory,
            None => OutsideRole::Company,
        }
    }

    pub(super) fn trainee_mut(&mut self) -> Option<&mut PersonRef> {
        let candidate = self.candidate.as_mut().map(|candidate| &mut candidate.person);
        candidate.or(self.waiting.as_mut().map(|waiting| &mut waiting.person))
    }

    /// Hours of the ledger of one kind, in minutes.
    pub fn minutes(&self, wanted: impl Fn(SequenceKind) -> bool) -> i64 {
        let sequences = self.training.iter().flat_map(|training| &training.sequences);
        sequences.filter(|sequence| wanted(sequence.kind)).map(Sequence::minutes).sum()
    }
}

impl PrestationFile {
    /// Whether a unit of this option was ordered with it.
    pub fn has_drawn(&self, option: OptionCode) -> bool {
        self.ordered.iter().flat_map(|ordered| &ordered.draws).any(|draw| draw.option == option)
    }

    /// What the units drawn cost, excluding tax.
    pub fn price(&self) -> Cents {
        self.ordered.iter().flat_map(|ordered| &ordered.draws).map(|draw| draw.price.excluding_tax).sum()
    }
}
