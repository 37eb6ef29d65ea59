//! Invented readers and moments for the samples: one company, one path, a Wednesday of November.

use domain::identifiers::LotCode;
use domain::market::ClockKind;
use domain::path::State;
use domain::path::command::RequestKind;
use domain::people::{CompanyFunction, RecipientRole, Side};
use domain::{Day, Instant};
use wording::messages;

use super::LinkPurpose;
use super::about::{About, Note, Receipt};
use super::next::{Ask, Next, Until, leads_on, shown_outside};
use crate::frame::Contact;

/// A day of a sample.
pub(crate) fn day(year: i32, month: u32, day: u32) -> Day {
    Day::from_ymd_opt(year, month, day).expect("samples name days that exist")
}

/// The day on which samples are written.
pub(crate) fn today() -> Day {
    day(2026, 11, 18)
}

/// The lot of the samples.
pub(crate) fn sample_lot() -> LotCode {
    LotCode::parse("1").expect("the first lot has a code")
}

/// The last day that samples give.
pub(crate) fn due() -> Day {
    day(2026, 12, 4)
}

/// The instant at which samples are written.
pub(crate) fn now() -> Instant {
    domain::calendar::at_paris(today(), 10, 42)
}

/// Where a path stands once the step of a sample is done.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scene {
    state: State,
    clock: Option<(ClockKind, Side)>,
    asked: Option<(RecipientRole, RequestKind)>,
}

impl Scene {
    /// A state in which a clock runs.
    pub(crate) fn new(state: State, clock: ClockKind, holder: Side) -> Self {
        Self { state, clock: Some((clock, holder)), asked: None }
    }

    /// A state in which nothing is waited.
    pub(crate) fn end(state: State) -> Self {
        Self { state, clock: None, asked: None }
    }

    /// Someone outside is asked something.
    pub(crate) fn asks(self, role: RecipientRole, kind: RequestKind) -> Self {
        Self { asked: Some((role, kind)), ..self }
    }

    /// The shared part for each reader.
    pub(crate) fn told(self, roles: &[RecipientRole]) -> Vec<About> {
        let others = |role| roles.iter().filter(|other| **other != role).map(|other| (*other, None)).collect();
        roles.iter().map(|role| About { others: others(*role), ..self.about(*role) }).collect()
    }

    /// The shared part for one reader.
    pub(crate) fn about(self, role: RecipientRole) -> About {
        let outside = match role {
            RecipientRole::Company | RecipientRole::Trainee | RecipientRole::Tutor => true,
            RecipientRole::Body | RecipientRole::Region | RecipientRole::Finance | RecipientRole::Candidate => false,
        };
        let asked = self.asked.filter(|(asked, _)| *asked == role).map(|(_, kind)| kind);
        let side = match role {
            RecipientRole::Body => Side::Body,
            RecipientRole::Company => Side::Company,
            RecipientRole::Trainee | RecipientRole::Candidate => Side::Trainee,
            RecipientRole::Tutor => Side::Tutor,
            RecipientRole::Region => Side::Region,
            RecipientRole::Finance => Side::Finance,
        };
        let clock = self.clock.filter(|(kind, _)| !outside || shown_outside(*kind));
        let waited = clock.map(|(kind, by)| Next {
            what: messages::waited(self.state, kind, by == side),
            by,
            yours: by == side,
            until: Some(Until::new(due(), today())),
        });
        let until = asked.and_then(last_day);
        let request = |kind| Next { what: messages::request_words(kind), by: side, yours: true, until };
        let next = asked.map(request).or(waited);
        let ask = if let Some(kind) = asked {
            Some(Ask { label: messages::request_label(kind), until, link: LinkPurpose::Answer(kind, 2) })
        } else if outside {
            Some(Ask { label: messages::FOLLOW_PATH, until: None, link: LinkPurpose::Follow })
        } else if role == RecipientRole::Candidate {
            None
        } else {
            let own = self.clock.filter(|(kind, holder)| *holder == side && leads_on(*kind));
            let label = own.map_or(messages::OPEN_PATH, |(kind, _)| messages::staff_label(self.state, kind));
            Some(Ask { label, until: None, link: LinkPurpose::Staff })
        };
        About {
            reference: "FEST-1-2026-0042".to_owned(),
            company: "Normandie Bois".to_owned(),
            job: "Opérateur de découpe".to_owned(),
            body: "Retravailler".to_owned(),
            lot: "lot 1".to_owned(),
            lot_code: Some(sample_lot()),
            role,
            function: None,
            signatory: None,
            name: "Dominique Fictif".to_owned(),
            stands_for: None,
            receipt: None,
            contest: None,
            others: Vec::new(),
            contact: Some(if role == RecipientRole::Body { officer() } else { coordinator() }),
            next,
            ask,
            note: None,
            illustrative: true,
            reminder: false,
            informs: false,
        }
    }
}

impl About {
    /// To a colleague of the company's main contact.
    pub(crate) fn with(self, function: CompanyFunction) -> Self {
        Self { function: Some(function), ..self }
    }

    /// To the main contact, while the signatory is asked.
    pub(crate) fn aside(self) -> Self {
        let next = self.next.map(|next| Next { yours: false, ..next });
        let ask = self.ask.map(|_| Ask { label: messages::FOLLOW_PATH, until: None, link: LinkPurpose::Follow });
        Self { signatory: Some("Claude Signataire".to_owned()), next, ask, ..self }
    }

    /// As a receipt.
    pub(crate) fn received(self) -> Self {
        Self { receipt: Some(Receipt { received: now(), service: Some(officer()) }), ..self }
    }

    /// As the receipt of an answer that may be contested.
    pub(crate) fn answered(self) -> Self {
        Self { contest: Some(day(2026, 11, 25)), ..self.received() }
    }

    /// With a word of the author.
    pub(crate) fn noted(self) -> Self {
        let text = "L’atelier ferme du 24 au 31 décembre.\nNous en tenons compte dans le calendrier.".to_owned();
        Self { note: Some(Note { text, by: Some("Camille Roussel".to_owned()) }), ..self }
    }

    /// As the first message to its recipient.
    pub(crate) fn first(self) -> Self {
        Self { informs: true, ..self }
    }

    /// To somebody who no longer stands on the path.
    pub(crate) fn gone(self) -> Self {
        Self { ask: None, next: None, ..self }
    }

    /// About a purchase order.
    pub(crate) fn of_order(role: RecipientRole) -> Self {
        Self {
            reference: "BC-1-2026-0007".to_owned(),
            company: String::new(),
            job: String::new(),
            contact: (role != RecipientRole::Body).then(holder),
            next: None,
            ask: Some(Ask { label: messages::OPEN_ORDER, until: None, link: LinkPurpose::Staff }),
            ..Scene::end(State::Closed).about(role)
        }
    }
}

/// Until when a request waits, of those that have a last day.
fn last_day(request: RequestKind) -> Option<Until> {
    match request {
        RequestKind::ConfirmCommitment | RequestKind::ConfirmReport | RequestKind::SignPif => {
            Some(Until::new(due(), today()))
        }
        RequestKind::SignSequences
        | RequestKind::SignAttendance
        | RequestKind::ConfirmProgramme
        | RequestKind::AcceptDesignation
        | RequestKind::ConfirmCandidate => None,
    }
}

fn coordinator() -> Contact {
    Contact {
        name: "Camille Roussel".to_owned(),
        organisation: Some("Retravailler".to_owned()),
        phone: Some("02 35 00 00 00".to_owned()),
        email: "camille.roussel@retravailler.example".to_owned(),
    }
}

/// The training body of the samples.
pub(crate) fn holder() -> Contact {
    Contact {
        name: "Retravailler".to_owned(),
        organisation: None,
        phone: Some("02 35 00 00 01".to_owned()),
        email: "fest@retravailler.example".to_owned(),
    }
}

fn officer() -> Contact {
    Contact {
        name: "Hélène Marchand".to_owned(),
        organisation: Some("Région Normandie".to_owned()),
        phone: Some("02 31 00 00 00".to_owned()),
        email: "helene.marchand@region.example".to_owned(),
    }
}
