//! The selection: opened, a candidate selected, waiting, withdrawn or not selected, a place offered or kept longer.

use chrono::Datelike;
use domain::Day;
use domain::market::ClockKind;
use domain::path::command::{RequestKind, UnsuccessfulReason};
use domain::path::{Event, State};
use domain::people::{CompanyFunction, RecipientRole, Side};
use domain::told::Addressed;

use super::Notice;
use super::about::{About, signs_for_company, typed};
use super::mail::{fact, mail};
use super::samples::{Scene, day, due};

const EVERYONE: [RecipientRole; 4] =
    [RecipientRole::Body, RecipientRole::Company, RecipientRole::Trainee, RecipientRole::Tutor];

/// The search for a candidate opens.
#[derive(Debug, Clone)]
pub struct SelectionOpened {
    pub about: About,
    pub persons_wanted: u32,
}

impl SelectionOpened {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        Self { about: About::step(notice, to), persons_wanted: notice.after.persons_wanted }
    }
}

mail! {
    SelectionOpened, "selection_opened", "emails/selection_opened/subject.txt", "emails/selection_opened/body.txt",
    "emails/selection_opened/body.html",
    Scene::new(State::CandidateSelection, ClockKind::Selection, Side::Body)
        .told(&[RecipientRole::Body, RecipientRole::Company])
        .into_iter()
        .map(|about| Self { about, persons_wanted: 1 })
        .collect()
}

/// A candidate is selected, or waits for a place.
#[derive(Debug, Clone)]
pub struct CandidateSelected {
    pub about: About,
    pub planned_entry: Option<Day>,
    /// No place is free: the candidate waits for one.
    pub queued: bool,
    /// The reader is who signs for the company.
    pub signs: bool,
}

impl CandidateSelected {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let candidate = notice.after.candidate.as_ref().map(|candidate| candidate.planned_entry);
        let waiting = notice.after.waiting.as_ref().map(|waiting| waiting.planned_entry);
        Self {
            about: About::step(notice, to),
            planned_entry: candidate.or(waiting),
            queued: candidate.is_none() && waiting.is_some(),
            signs: signs_for_company(notice.after, to),
        }
    }

    fn year(&self) -> Option<i32> {
        self.planned_entry.map(|day| day.year())
    }
}

mail! {
    CandidateSelected, "candidate_selected", "emails/candidate_selected/subject.txt",
    "emails/candidate_selected/body.txt", "emails/candidate_selected/body.html",
    {
        let selected = Scene::new(State::CandidateSelected, ClockKind::Reservation, Side::Body)
            .asks(RecipientRole::Company, RequestKind::ConfirmCandidate);
        let queued = Scene::new(State::CandidateSelection, ClockKind::Selection, Side::Body);
        let planned_entry = Some(day(2026, 12, 14));
        let readers = [RecipientRole::Body, RecipientRole::Company, RecipientRole::Trainee];
        let places = selected.told(&EVERYONE).into_iter().map(|about| if about.to_trainee() { about.first() } else { about });
        let of = |about: About, queued| Self { signs: about.to_company(), about, planned_entry, queued };
        let places = places.map(|about| of(about, false));
        let queued = queued.told(&readers).into_iter().map(|about| of(about, true));
        let resources = Scene::new(State::CandidateSelected, ClockKind::Reservation, Side::Body);
        let resources = resources.about(RecipientRole::Company).with(CompanyFunction::HumanResources);
        let others = [selected.about(RecipientRole::Company), resources];
        let others = others.map(|about| Self { signs: false, ..of(about, false) });
        places.chain(queued).chain(others).collect()
    }
}

/// The candidate no longer follows this path.
#[derive(Debug, Clone)]
pub struct CandidateWithdrawn {
    pub about: About,
    /// Nobody was selected yet: the person waited for a place.
    pub waited: bool,
    /// Units given back to their order.
    pub returned: bool,
    /// The year in which the place is free again.
    pub year: Option<i32>,
}

impl CandidateWithdrawn {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let withdrawn =
            fact!(notice, Event::CandidateWithdrawn { year, returned, .. } => Some((*year, !returned.is_empty())));
        Self {
            about: About::step(notice, to),
            waited: notice.before.is_some_and(|path| path.candidate.is_none()),
            returned: withdrawn.is_some_and(|(_, returned)| returned),
            year: withdrawn.and_then(|(year, _)| year),
        }
    }
}

mail! {
    CandidateWithdrawn, "candidate_withdrawn", "emails/candidate_withdrawn/subject.txt",
    "emails/candidate_withdrawn/body.txt", "emails/candidate_withdrawn/body.html",
    {
        let told = || {
            let scene = Scene::new(State::CandidateSelection, ClockKind::Selection, Side::Body);
            scene.told(&EVERYONE).into_iter().map(|about| if about.to_trainee() { about.gone() } else { about })
        };
        let selected = told().map(|about| Self { about, waited: false, returned: true, year: Some(2026) });
        selected.chain(told().map(|about| Self { about, waited: true, returned: false, year: None })).collect()
    }
}

/// Somebody was not selected.
#[derive(Debug, Clone)]
pub struct CandidateNotSelected {
    pub about: About,
    pub reason: UnsuccessfulReason,
    pub comment: Option<String>,
}

impl CandidateNotSelected {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let recorded = fact!(notice, Event::UnsuccessfulCandidateRecorded { reason, comment, .. } => {
            Some((*reason, comment.as_deref().map(typed)))
        });
        let (reason, comment) = recorded.unwrap_or((UnsuccessfulReason::Other, None));
        Self { about: About::step(notice, to), reason, comment }
    }
}

mail! {
    CandidateNotSelected, "candidate_not_selected", "emails/candidate_not_selected/subject.txt",
    "emails/candidate_not_selected/body.txt", "emails/candidate_not_selected/body.html",
    [
        UnsuccessfulReason::ProfileMismatch,
        UnsuccessfulReason::CandidateWithdrew,
        UnsuccessfulReason::AnotherCandidate,
        UnsuccessfulReason::NotEligible,
        UnsuccessfulReason::CompanyWithdrew,
        UnsuccessfulReason::Other,
    ]
    .into_iter()
    .map(|reason| Self {
        about: Scene::new(State::CandidateSelection, ClockKind::Selection, Side::Body).about(RecipientRole::Candidate).gone().first(),
        reason,
        comment: (reason == UnsuccessfulReason::Other).then(|| "Le poste demande le permis de conduire.".to_owned()),
    })
    .collect()
}

/// A place is offered to a waiting candidate.
#[derive(Debug, Clone)]
pub struct PlaceOffered {
    pub about: About,
    pub until: Option<Day>,
}

impl PlaceOffered {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let until = notice.after.waiting.as_ref().and_then(|waiting| waiting.offered_until);
        Self { about: About::step(notice, to), until }
    }
}

mail! {
    PlaceOffered, "place_offered", "emails/place_offered/subject.txt", "emails/place_offered/body.txt",
    "emails/place_offered/body.html",
    Scene::new(State::CandidateSelection, ClockKind::PlaceOffer, Side::Body)
        .told(&[RecipientRole::Body, RecipientRole::Company, RecipientRole::Trainee])
        .into_iter()
        .map(|about| Self { about, until: Some(due()) })
        .collect()
}

/// The offer of a place was not confirmed in time.
#[derive(Debug, Clone)]
pub struct PlaceLapsed {
    pub about: About,
}

impl PlaceLapsed {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        Self { about: About::step(notice, to) }
    }
}

mail! {
    PlaceLapsed, "place_lapsed", "emails/place_lapsed/subject.txt", "emails/place_lapsed/body.txt",
    "emails/place_lapsed/body.html",
    Scene::new(State::CandidateSelection, ClockKind::Selection, Side::Body)
        .told(&[RecipientRole::Body, RecipientRole::Trainee])
        .into_iter()
        .map(|about| Self { about: if about.to_trainee() { about.gone() } else { about } })
        .collect()
}

/// A reservation is kept longer.
#[derive(Debug, Clone)]
pub struct ReservationExtended {
    pub about: About,
    pub until: Option<Day>,
}

impl ReservationExtended {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let until = notice.after.candidate.as_ref().and_then(|candidate| candidate.reserved_until);
        Self { about: About::step(notice, to), until }
    }
}

mail! {
    ReservationExtended, "reservation_extended", "emails/reservation_extended/subject.txt",
    "emails/reservation_extended/body.txt", "emails/reservation_extended/body.html",
    vec![Self {
        about: Scene::new(State::CandidateSelected, ClockKind::Signatures, Side::Trainee).about(RecipientRole::Body),
        until: Some(day(2027, 2, 12)),
    }]
}

/// Whether the reader is the one who leaves.
pub(crate) fn leaves(notice: &Notice<'_>, to: &Addressed) -> bool {
    to.person.is_some_and(|person| !notice.after.stands(person))
}
