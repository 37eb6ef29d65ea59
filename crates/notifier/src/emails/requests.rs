//! What a body asks of the Region, data corrected on a path, and the plain notice of anything else that is recorded.

use domain::Day;
use domain::identifiers::LotCode;
use domain::market::ClockKind;
use domain::path::command::{BodyRequest, Datum, RequestKind};
use domain::path::event::Correction;
use domain::path::{Event, State, Step, Transition};
use domain::people::{RecipientRole, Side};
use domain::told::{Addressed, Told};
use wording::timeline::{self, Change};
use wording::{dates, labels};

use super::Notice;
use super::about::{About, typed};
use super::invite::{self, Meeting};
use super::mail::{fact, mail};
use super::samples::{Scene, day, due};

fn study() -> Scene {
    Scene::new(State::FeasibilityInProgress, ClockKind::StudyDue, Side::Body)
}

/// The body asks the Region to cancel, or for more time.
#[derive(Debug, Clone)]
pub struct BodyRequestMade {
    pub about: About,
    pub request: BodyRequest,
    pub reason: Option<String>,
    /// The day asked for.
    pub until: Option<Day>,
}

impl BodyRequestMade {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let made =
            fact!(notice, Event::RequestMade { request, reason, until } => Some((*request, typed(reason), *until)));
        let (request, reason, until) = made.unwrap_or((BodyRequest::Extension, String::new(), None));
        Self {
            about: About::step(notice, to),
            request,
            reason: Some(reason).filter(|reason| !reason.is_empty()),
            until,
        }
    }

    fn cancels(&self) -> bool {
        self.request == BodyRequest::Cancellation
    }
}

mail! {
    BodyRequestMade, "body_request_made", "emails/body_request_made/subject.txt", "emails/body_request_made/body.txt",
    "emails/body_request_made/body.html",
    [
        (BodyRequest::Extension, "L’entreprise ferme trois semaines.", Some(due())),
        (BodyRequest::Cancellation, "L’entreprise ne répond plus.", None),
    ]
    .into_iter()
    .map(|(request, reason, until)| Self {
        about: study().about(RecipientRole::Region),
        request,
        reason: Some(reason.to_owned()),
        until,
    })
    .collect()
}

/// The Region decides what the body asked.
#[derive(Debug, Clone)]
pub struct BodyRequestDecided {
    pub about: About,
    pub request: BodyRequest,
    pub granted: bool,
    pub reason: Option<String>,
    pub until: Option<Day>,
}

impl BodyRequestDecided {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let decided = fact!(notice, Event::RequestDecided { request, granted, reason, until } => {
            Some((*request, *granted, reason.as_deref().map(typed), *until))
        });
        let (request, granted, reason, until) = decided.unwrap_or((BodyRequest::Extension, false, None, None));
        Self { about: About::step(notice, to), request, granted, reason, until }
    }

    fn cancels(&self) -> bool {
        self.request == BodyRequest::Cancellation
    }
}

mail! {
    BodyRequestDecided, "body_request_decided", "emails/body_request_decided/subject.txt",
    "emails/body_request_decided/body.txt", "emails/body_request_decided/body.html",
    [
        (BodyRequest::Extension, true, None, Some(due())),
        (BodyRequest::Extension, false, Some("Le délai suffit."), None),
        (BodyRequest::Cancellation, true, None, None),
        (BodyRequest::Cancellation, false, Some("L’entreprise a répondu à la Région."), None),
    ]
    .into_iter()
    .map(|(request, granted, reason, until)| Self {
        about: study().about(RecipientRole::Body),
        request,
        granted,
        reason: reason.map(str::to_owned),
        until,
    })
    .collect()
}

/// A datum was corrected.
#[derive(Debug, Clone)]
pub struct DatumCorrected {
    pub about: About,
    pub datum: Datum,
    /// What changed, as this reader may see it.
    pub changes: Vec<Change>,
    pub reason: Option<String>,
    /// What this reader had answered and is asked again.
    pub again: Option<RequestKind>,
    /// The lot to which the path goes.
    pub lot: Option<LotCode>,
    /// The reader's body is the one that the path leaves.
    pub leaving: bool,
    /// The invitation that replaces the one already sent.
    pub meeting: Option<Meeting>,
}

impl DatumCorrected {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let corrected = fact!(notice, Event::DatumCorrected { reason, correction, reopened } => {
            Some((typed(reason), correction, reopened))
        });
        let about = About::step(notice, to);
        let Some((reason, correction, reopened)) = corrected else {
            let (changes, reason) = (Vec::new(), None);
            return Self {
                about,
                datum: Datum::Job,
                changes,
                reason,
                again: None,
                lot: None,
                leaving: false,
                meeting: None,
            };
        };
        let changes = timeline::changes_for(correction, to.role).into_iter();
        let entry = match correction {
            Correction::PlannedEntry { after, .. } => Some(*after),
            _ => None,
        };
        let invited = notice.after.state == State::ImplementationOrdered;
        let leaving = to.why == Told::Leaving;
        Self {
            datum: correction.datum(),
            changes: changes
                .map(|change| Change { before: typed(&change.before), after: typed(&change.after), ..change })
                .collect(),
            reason: Some(reason),
            again: reopened
                .iter()
                .find(|again| again.of().contains(&to.role))
                .filter(|_| !about.to_company() || about.answers_for_company())
                .map(|again| again.request()),
            lot: correction.moves_lot().map(|(_, to)| to.clone()),
            leaving,
            meeting: entry.filter(|_| invited).map(|day| invite::entry(notice, to, day)),
            // The path is not theirs any more: nothing is waited from them, and there is nothing to open.
            about: if leaving { About { ask: None, next: None, ..about } } else { about },
        }
    }

    /// What is asked again, in a sentence.
    fn asked_again(&self) -> Option<&'static str> {
        self.again.map(labels::asked_again)
    }
}

mail! {
    DatumCorrected, "datum_corrected", "emails/datum_corrected/subject.txt", "emails/datum_corrected/body.txt",
    "emails/datum_corrected/body.html",
    {
        let change = |label, before: &str, after: String| Change { label, before: before.to_owned(), after };
        let job = || Self {
            about: study().about(RecipientRole::Company),
            datum: Datum::Job,
            changes: vec![change("Métier visé", "Menuisier", "Opérateur de découpe".to_owned())],
            reason: Some("Intitulé inexact.".to_owned()),
            again: None,
            lot: None,
            leaving: false,
            meeting: None,
        };
        let asked = study().asks(RecipientRole::Company, RequestKind::ConfirmCommitment);
        let again =
            Self { about: asked.about(RecipientRole::Company), again: Some(RequestKind::ConfirmCommitment), ..job() };
        let moved = |leaving| {
            let about = Scene::new(State::NeedReported, ClockKind::NeedDecision, Side::Region).about(RecipientRole::Body);
            Self {
                about: if leaving { About { ask: None, next: None, ..about } } else { about },
                datum: Datum::Commune,
                changes: vec![
                    change("Commune du lieu de travail", "76540", "14118".to_owned()),
                    change("Lot", "1", "2".to_owned()),
                ],
                lot: LotCode::parse("2").ok(),
                leaving,
                ..job()
            }
        };
        let readers = [RecipientRole::Body, RecipientRole::Company, RecipientRole::Trainee, RecipientRole::Tutor];
        let ordered = Scene::new(State::ImplementationOrdered, ClockKind::Entry, Side::Body).told(&readers);
        let entry = ordered.into_iter().map(|about| Self {
            datum: Datum::PlannedEntry,
            changes: vec![change("Date d’entrée prévue", &dates::medium(day(2026, 11, 30)), dates::medium(due()))],
            reason: Some("Livraison d’une machine.".to_owned()),
            meeting: Some(invite::sample_entry(&about, due())),
            about,
            ..job()
        });
        [job(), again, moved(false), moved(true)].into_iter().chain(entry).collect()
    },
    calendar: |mail| mail.meeting.as_ref().map(Meeting::to_ics)
}

/// Something was recorded that no other message tells.
#[derive(Debug, Clone)]
pub struct Recorded {
    pub about: About,
    /// What a list says of it.
    pub done: &'static str,
}

impl Recorded {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        Self { about: About::step(notice, to), done: labels::step_done(notice.step) }
    }

    pub(crate) fn on_order(about: About, done: &'static str) -> Self {
        Self { about, done }
    }
}

mail! {
    Recorded, "recorded", "emails/recorded/subject.txt", "emails/recorded/body.txt", "emails/recorded/body.html",
    vec![
        Self {
            about: study().about(RecipientRole::Body),
            done: labels::step_done(Step::Transition(Transition::ReportNeed)),
        },
        Self { about: study().about(RecipientRole::Company), done: labels::step_done(Step::Act(domain::path::Act::AddDocument)) },
    ]
}
