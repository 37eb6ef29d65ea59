//! What an event changes in the shared counters: units of order lines and places of the lot.
//!
//! Counters must never be exceeded, so the store applies these effects by conditional updates inside the transaction,
//! lines first and places last; `verify` folds them again and compares. Invariants 4 and 5 of `domain.md` §3.3.

use serde::{Deserialize, Serialize};

use super::event::{Correction, Event};
use super::record::Path;
use crate::identifiers::LineId;
use crate::market::Prestation;
use crate::places::PlaceEffect;

/// One change of a counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum Effect {
    /// A unit of the line is drawn; refused when none is left.
    Draw {
        line: LineId,
    },
    /// A unit drawn goes back to its line.
    Return {
        line: LineId,
    },
    /// A unit drawn is served: the Region decided on it.
    Serve {
        line: LineId,
    },
    Place(PlaceEffect),
}

/// The effects of an event, effective on a day, on a path as it stood before it.
pub fn effects(before: Option<&Path>, event: &Event, effective_on: crate::Day) -> Vec<Effect> {
    let serve = |prestation: Prestation| {
        let ordered = before.and_then(|path| path.file(prestation).ordered.as_ref());
        ordered.into_iter().flat_map(|ordered| &ordered.draws).map(|draw| Effect::Serve { line: draw.line }).collect()
    };
    let place = |effect| vec![Effect::Place(effect)];
    let year = |day: &crate::Day| chrono::Datelike::year(day);
    match event {
        Event::PathImported { .. } => place(PlaceEffect::Import { year: year(&effective_on) }),
        Event::PrestationOrdered { draws, .. } => draws.iter().map(|draw| Effect::Draw { line: draw.line }).collect(),
        Event::TutorTrainingOrdered { draw } => {
            // A late unit of an admitted preparation has no decision of its own: it is served at once.
            let late = before.is_some_and(|path| path.preparation.admitted.is_some() || path.source.is_some());
            let mut effects = vec![Effect::Draw { line: draw.line }];
            if late {
                effects.push(Effect::Serve { line: draw.line });
            }
            effects
        }
        Event::Admitted { prestation, .. } => serve(*prestation),
        Event::ClosedWithoutReport { .. } => serve(Prestation::Implementation),
        Event::LevelApproved { returned, drawn } => {
            vec![Effect::Return { line: returned.line }, Effect::Draw { line: drawn.line }]
        }
        Event::CandidateSelected { planned_entry, from_offer, .. } => {
            if *from_offer {
                Vec::new()
            } else {
                place(PlaceEffect::Reserve { year: year(planned_entry) })
            }
        }
        Event::PlaceOffered { .. } => before
            .and_then(|path| path.waiting.as_ref())
            .map(|waiting| Effect::Place(PlaceEffect::Reserve { year: year(&waiting.planned_entry) }))
            .into_iter()
            .collect(),
        Event::OfferLapsed => before
            .and_then(|path| path.waiting.as_ref())
            .filter(|waiting| waiting.offered_until.is_some())
            .map(|waiting| Effect::Place(PlaceEffect::Release { year: year(&waiting.planned_entry) }))
            .into_iter()
            .collect(),
        Event::TrainingEntered { reserved_year, year, .. } => {
            place(PlaceEffect::Consume { reserved_year: *reserved_year, year: *year })
        }
        Event::EntryAnnulled { year, .. } => place(PlaceEffect::Unconsume { year: *year }),
        Event::CandidateWithdrawn { year, returned, .. } => {
            let returned = returned.iter().map(|draw| Effect::Return { line: draw.line });
            returned.chain(year.map(|year| Effect::Place(PlaceEffect::Release { year }))).collect()
        }
        Event::Cancelled { released_year, returned, served, .. } => {
            let returned = returned.iter().map(|draw| Effect::Return { line: draw.line });
            let served = served.iter().map(|draw| Effect::Serve { line: draw.line });
            let released = released_year.map(|year| Effect::Place(PlaceEffect::Release { year }));
            returned.chain(served).chain(released).collect()
        }
        Event::DatumCorrected { correction, .. } => match correction {
            // The place is where it is reserved, which an annulled entry may have moved from the year planned.
            Correction::PlannedEntry { before: planned, after, .. } => {
                let reserved = before.and_then(|path| path.candidate.as_ref()).map(|candidate| candidate.reserved_year);
                let from = reserved.unwrap_or_else(|| year(planned));
                if from == year(after) { Vec::new() } else { place(PlaceEffect::Move { from, to: year(after) }) }
            }
            Correction::EntryDate { before, after } if year(before) != year(after) => {
                place(PlaceEffect::MoveConsumed { from: year(before), to: year(after) })
            }
            Correction::EntryDate { .. }
            | Correction::Company { .. }
            | Correction::Siret { .. }
            | Correction::Job { .. }
            | Correction::RomeCode { .. }
            | Correction::PersonsWanted { .. }
            // A path moves to another lot before anything was drawn or held in this one.
            | Correction::Commune { .. }
            | Correction::Prescriber { .. }
            | Correction::CandidateProfile { .. }
            | Correction::Sequence { .. }
            | Correction::Absence { .. }
            | Correction::EndDate { .. }
            | Correction::Outcome { .. }
            | Correction::HoursDone { .. } => Vec::new(),
        },
        Event::NeedReported { .. }
        | Event::PastPathClosed
        | Event::SiblingOpened { .. }
        | Event::NeedDeclined { .. }
        | Event::FeasibilityStarted { .. }
        | Event::PreparationStarted
        | Event::FeasibilityDelivered { .. }
        | Event::PreparationDelivered { .. }
        | Event::ReportDelivered { .. }
        | Event::Adjourned { .. }
        | Event::AdjournmentAnswered { .. }
        | Event::ObservationsAsked { .. }
        | Event::ObservationsGiven { .. }
        | Event::Rejected { .. }
        | Event::ConditionSettled { .. }
        | Event::TutorDesignated { .. }
        | Event::TutorReplaced { .. }
        | Event::SelectionOpened
        | Event::CandidateQueued { .. }
        | Event::UnsuccessfulCandidateRecorded { .. }
        | Event::PifWritten { .. }
        | Event::PifAmended { .. }
        | Event::PifSigned { .. }
        | Event::ReservationExtended { .. }
        | Event::RegistrationRecorded { .. }
        | Event::SequenceRecorded { .. }
        | Event::SequenceSigned { .. }
        | Event::AbsenceRecorded { .. }
        | Event::AttendanceSigned { .. }
        | Event::AccidentReported { .. }
        | Event::ObstacleReported { .. }
        | Event::Suspended { .. }
        | Event::Resumed
        | Event::TrainingEnded { .. }
        | Event::FormalNoticeSent { .. }
        | Event::ConfirmationAsked { .. }
        | Event::CommitmentConfirmed { .. }
        | Event::ReportConfirmed { .. }
        | Event::RequestDeclined { .. }
        | Event::Agreed { .. }
        | Event::CorrectionProposed { .. }
        | Event::CorrectionAnswered { .. }
        | Event::OpinionGiven { .. }
        | Event::AnswerContested { .. }
        | Event::AskedAgain { .. }
        | Event::ContactHandedOver { .. }
        | Event::AnswerRecordedOnBehalf { .. }
        | Event::RequestMade { .. }
        | Event::RequestDecided { .. }
        | Event::FollowUpRecorded { .. }
        | Event::DocumentAdded { .. }
        | Event::NoteAdded { .. }
        | Event::ContactChanged { .. }
        | Event::CompanyContactNamed { .. }
        | Event::CompanyContactRemoved { .. }
        | Event::CoordinatorAssigned { .. } => Vec::new(),
    }
}
