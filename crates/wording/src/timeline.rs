//! The journal as people read it: one sentence per event, then its details.
//!
//! A sentence says who did what, by side (« La Région a commandé l’étude de faisabilité. »); [`author`] names the person
//! behind it, and the caller puts the date. What was typed (reasons, observations) stands in [`details()`], untouched. An
//! answer recorded by the body says so. Events carry no value of a person, so neither do these texts. To add an event: its
//! sentence and its details, a sample in the tests, whose snapshot a reviewer reads.

mod corrections;
mod details;
mod orders;
mod paths;

use domain::path::event::OutsideOrBody;
use domain::path::{Author, Event};
use domain::people::{Actor, OutsideRole, Side, StaffRole};

pub use corrections::{Change, changes, changes_for};
pub use details::{Detail, again, answered_by, details, order_details};
pub use orders::order;
pub use paths::path;

use crate::labels;

/// Who did it, with their side: `Camille Martin, Région`, `Camille Martin pour Anne Roux, Région`; of a person outside, whom the journal does not name, the role.
pub fn author(author: &Author) -> String {
    let side = match author {
        Actor::Staff { role, .. } => match role {
            StaffRole::RegionOfficer | StaffRole::RegionViewer => "Région",
            StaffRole::RegionFinance => "service financier de la Région",
            StaffRole::Coordinator => "organisme de formation",
            StaffRole::Administrator => "administration de Jalon",
            StaffRole::Auditor => "audit",
        },
        Actor::Outside { role, .. } => {
            return labels::outside_role(*role).to_owned();
        }
        Actor::System => return "Jalon, automatiquement".to_owned(),
    };
    match author.principal() {
        Some(principal) => format!("{} pour {}, {side}", author.name(), principal.name),
        None => format!("{}, {side}", author.name()),
    }
}

/// Whether an event is an answer that the body recorded for someone else.
pub fn on_behalf(event: &Event) -> bool {
    match event {
        Event::PifSigned { on_behalf, .. }
        | Event::SequenceSigned { on_behalf, .. }
        | Event::AttendanceSigned { on_behalf, .. }
        | Event::RequestDeclined { on_behalf, .. }
        | Event::CommitmentConfirmed { on_behalf }
        | Event::Agreed { on_behalf, .. }
        | Event::ReportConfirmed { on_behalf } => *on_behalf,
        Event::AnswerRecordedOnBehalf { .. } => true,
        Event::NeedReported { .. }
        | Event::SiblingOpened { .. }
        | Event::PathImported { .. }
        | Event::PastPathClosed
        | Event::NeedDeclined { .. }
        | Event::PrestationOrdered { .. }
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
        | Event::Admitted { .. }
        | Event::ConditionSettled { .. }
        | Event::TutorDesignated { .. }
        | Event::TutorReplaced { .. }
        | Event::TutorTrainingOrdered { .. }
        | Event::SelectionOpened
        | Event::CandidateSelected { .. }
        | Event::CandidateQueued { .. }
        | Event::PlaceOffered { .. }
        | Event::OfferLapsed
        | Event::UnsuccessfulCandidateRecorded { .. }
        | Event::PifWritten { .. }
        | Event::PifAmended { .. }
        | Event::LevelApproved { .. }
        | Event::ReservationExtended { .. }
        | Event::TrainingEntered { .. }
        | Event::RegistrationRecorded { .. }
        | Event::EntryAnnulled { .. }
        | Event::SequenceRecorded { .. }
        | Event::AbsenceRecorded { .. }
        | Event::AccidentReported { .. }
        | Event::ObstacleReported { .. }
        | Event::Suspended { .. }
        | Event::Resumed
        | Event::TrainingEnded { .. }
        | Event::FormalNoticeSent { .. }
        | Event::ClosedWithoutReport { .. }
        | Event::CandidateWithdrawn { .. }
        | Event::Cancelled { .. }
        | Event::ConfirmationAsked { .. }
        | Event::CorrectionProposed { .. }
        | Event::CorrectionAnswered { .. }
        | Event::OpinionGiven { .. }
        | Event::AnswerContested { .. }
        | Event::AskedAgain { .. }
        | Event::ContactHandedOver { .. }
        | Event::RequestMade { .. }
        | Event::RequestDecided { .. }
        | Event::FollowUpRecorded { .. }
        | Event::DocumentAdded { .. }
        | Event::NoteAdded { .. }
        | Event::ContactChanged { .. }
        | Event::CompanyContactNamed { .. }
        | Event::CompanyContactRemoved { .. }
        | Event::CoordinatorAssigned { .. }
        | Event::DatumCorrected { .. } => false,
    }
}

/// The side of an author as the subject of a sentence.
fn subject(author: &Author) -> &'static str {
    match author.side() {
        Some(Side::Region) => "La Région",
        Some(Side::Finance) => "Le service financier de la Région",
        Some(Side::Body) => "L’organisme de formation",
        Some(Side::Company) => match author {
            Actor::Outside { role: OutsideRole::Signatory, .. } => "Le signataire de l’entreprise",
            Actor::Outside { role: OutsideRole::HumanResources, .. } => {
                "Le service des ressources humaines de l’entreprise"
            }
            Actor::Outside { role: OutsideRole::Accounting, .. } => "Le service comptable de l’entreprise",
            Actor::Outside { .. } | Actor::Staff { .. } | Actor::System => "L’entreprise",
        },
        Some(Side::Trainee) => "Le stagiaire",
        Some(Side::Tutor) => "Le tuteur",
        Some(Side::System) => "Jalon",
        None => "L’administration de Jalon",
    }
}

fn signatory(by: OutsideOrBody) -> &'static str {
    match by {
        OutsideOrBody::Body => "L’organisme de formation",
        OutsideOrBody::Tutor => "Le tuteur",
        OutsideOrBody::Trainee => "Le stagiaire",
    }
}

#[cfg(test)]
mod tests;
