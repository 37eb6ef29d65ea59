//! The training: entry, annulment, suspension, resumption, end; absences, statements and incidents on the way.
//!
//! Neither the reason of an absence, a suspension or an exit nor the facts of an accident stand in a message: whoever may
//! read them finds them on the path.

use domain::Day;
use domain::market::ClockKind;
use domain::path::command::{Outcome, RequestKind};
use domain::path::event::OutsideOrBody;
use domain::path::{Event, State};
use domain::people::{CompanyFunction, RecipientRole, Side};
use domain::told::Addressed;
use wording::messages;

use super::Notice;
use super::about::{About, signs_for_company};
use super::mail::{fact, mail};
use super::next::Ask;
use super::preparation::tutor;
use super::samples::{Scene, day, due, today};

const EVERYONE: [RecipientRole; 5] =
    [RecipientRole::Body, RecipientRole::Company, RecipientRole::Trainee, RecipientRole::Tutor, RecipientRole::Region];

const THE_BODY_AND_THE_REGION: [RecipientRole; 2] = [RecipientRole::Body, RecipientRole::Region];

fn training() -> Scene {
    Scene::new(State::InTraining, ClockKind::TrainingEnd, Side::Body)
}

/// The training begins.
#[derive(Debug, Clone)]
pub struct TrainingEntered {
    pub about: About,
    pub entered_on: Option<Day>,
    pub ends_on: Option<Day>,
    pub year: Option<i32>,
    pub tutor: Option<String>,
    /// A reference is still to be recorded.
    pub registration_missing: bool,
}

impl TrainingEntered {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let training = notice.after.training.as_ref();
        Self {
            about: About::step(notice, to),
            entered_on: training.map(|training| training.entered_on),
            ends_on: notice.after.pif.as_ref().map(|pif| pif.terms.ends_on),
            year: training.map(|training| training.year),
            tutor: tutor(notice),
            registration_missing: training.is_some_and(|training| training.safir.is_none() || training.remu.is_none()),
        }
    }
}

mail! {
    TrainingEntered, "training_entered", "emails/training_entered/subject.txt", "emails/training_entered/body.txt",
    "emails/training_entered/body.html",
    Scene::new(State::InTraining, ClockKind::EntryDeclaration, Side::Body)
        .told(&EVERYONE)
        .into_iter()
        .chain([CompanyFunction::HumanResources, CompanyFunction::Accounting].map(|function| {
            training().about(RecipientRole::Company).with(function)
        }))
        .map(|about| Self {
            about,
            entered_on: Some(today()),
            ends_on: Some(day(2027, 2, 12)),
            year: Some(2026),
            tutor: Some("Sacha Moreau".to_owned()),
            registration_missing: true,
        })
        .collect()
}

/// The entry did not take place.
#[derive(Debug, Clone)]
pub struct EntryAnnulled {
    pub about: About,
    /// The day that had been declared.
    pub declared: Option<Day>,
    pub year: Option<i32>,
}

impl EntryAnnulled {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let training = notice.before.and_then(|path| path.training.as_ref());
        Self {
            about: About::step(notice, to),
            declared: training.map(|training| training.entered_on),
            year: fact!(notice, Event::EntryAnnulled { year, .. } => Some(*year)),
        }
    }
}

mail! {
    EntryAnnulled, "entry_annulled", "emails/entry_annulled/subject.txt", "emails/entry_annulled/body.txt",
    "emails/entry_annulled/body.html",
    Scene::new(State::ImplementationOrdered, ClockKind::Entry, Side::Body)
        .told(&EVERYONE)
        .into_iter()
        .map(|about| Self { about, declared: Some(today()), year: Some(2026) })
        .collect()
}

/// The training stops for a while.
#[derive(Debug, Clone)]
pub struct Suspended {
    pub about: About,
    pub since: Option<Day>,
    pub expected_return: Option<Day>,
}

impl Suspended {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let suspension = notice.after.training.as_ref().and_then(|training| training.suspension());
        Self {
            about: About::step(notice, to),
            since: suspension.map(|suspension| suspension.since),
            expected_return: suspension.map(|suspension| suspension.expected_return),
        }
    }
}

mail! {
    Suspended, "suspended", "emails/suspended/subject.txt", "emails/suspended/body.txt", "emails/suspended/body.html",
    Scene::new(State::Suspended, ClockKind::Suspension, Side::Body)
        .told(&EVERYONE)
        .into_iter()
        .map(|about| Self { about, since: Some(today()), expected_return: Some(due()) })
        .collect()
}

/// The training goes on again.
#[derive(Debug, Clone)]
pub struct Resumed {
    pub about: About,
    pub on: Day,
}

impl Resumed {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        Self { about: About::step(notice, to), on: notice.after.since }
    }
}

mail! {
    Resumed, "resumed", "emails/resumed/subject.txt", "emails/resumed/body.txt", "emails/resumed/body.html",
    training().told(&EVERYONE).into_iter().map(|about| Self { about, on: today() }).collect()
}

/// The training is over.
#[derive(Debug, Clone)]
pub struct TrainingEnded {
    pub about: About,
    /// The reader is who confirms for the company.
    pub confirms: bool,
    pub on: Option<Day>,
    /// For the body and the Region alone.
    pub outcome: Option<Outcome>,
    pub hours_done: Option<u32>,
    pub report_due_on: Option<Day>,
}

impl TrainingEnded {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let ended = notice.after.training.as_ref().and_then(|training| training.ended.as_ref());
        Self {
            about: About::step(notice, to),
            confirms: signs_for_company(notice.after, to),
            on: ended.map(|ended| ended.on),
            outcome: ended.map(|ended| ended.outcome),
            hours_done: ended.map(|ended| ended.hours_done),
            report_due_on: notice.after.implementation.due_on,
        }
    }
}

mail! {
    TrainingEnded, "training_ended", "emails/training_ended/subject.txt", "emails/training_ended/body.txt",
    "emails/training_ended/body.html",
    {
        let scene = Scene::new(State::TrainingEnded, ClockKind::ReportDue, Side::Body);
        let of = |about: About| Self {
            confirms: about.to_company(),
            about,
            on: Some(today()),
            outcome: Some(Outcome::EarlyExitForJob),
            hours_done: Some(126),
            report_due_on: Some(due()),
        };
        let company = || scene.about(RecipientRole::Company);
        let others = [company(), company().with(CompanyFunction::HumanResources)];
        let others = others.map(|about| Self { confirms: false, ..of(about) });
        scene.told(&EVERYONE).into_iter().map(of).chain(others).collect()
    }
}

/// Days of absence were recorded.
#[derive(Debug, Clone)]
pub struct AbsenceRecorded {
    pub about: About,
    /// First and last day.
    pub days: Option<(Day, Day)>,
}

impl AbsenceRecorded {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        Self {
            about: About::step(notice, to),
            days: fact!(notice, Event::AbsenceRecorded { from, until, .. } => Some((*from, *until))),
        }
    }
}

mail! {
    AbsenceRecorded, "absence_recorded", "emails/absence_recorded/subject.txt", "emails/absence_recorded/body.txt",
    "emails/absence_recorded/body.html",
    training()
        .told(&[RecipientRole::Trainee, RecipientRole::Tutor])
        .into_iter()
        .map(|about| Self { about, days: Some((day(2026, 11, 16), day(2026, 11, 17))) })
        .collect()
}

/// A monthly statement of attendance got a signature.
#[derive(Debug, Clone)]
pub struct AttendanceSigned {
    pub about: About,
    pub month: Option<Day>,
    pub by: OutsideOrBody,
    /// The reader is the one who signed.
    pub own: bool,
}

impl AttendanceSigned {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let signed = fact!(notice, Event::AttendanceSigned { month, by, .. } => Some((*month, *by)));
        let by = signed.map_or(OutsideOrBody::Body, |(_, by)| by);
        let own = match by {
            OutsideOrBody::Body => to.role == RecipientRole::Body,
            OutsideOrBody::Tutor => to.role == RecipientRole::Tutor,
            OutsideOrBody::Trainee => to.role == RecipientRole::Trainee,
        };
        Self { about: About::step(notice, to), month: signed.map(|(month, _)| month), by, own }
    }

    fn signs(&self) -> bool {
        self.about.asked() == Some(RequestKind::SignAttendance)
    }
}

mail! {
    AttendanceSigned, "attendance_signed", "emails/attendance_signed/subject.txt", "emails/attendance_signed/body.txt",
    "emails/attendance_signed/body.html",
    {
        let month = Some(day(2026, 10, 1));
        let asking = |role| training().asks(role, RequestKind::SignAttendance).about(role);
        let trainee = asking(RecipientRole::Trainee);
        let tutor = training().about(RecipientRole::Tutor);
        vec![
            Self { about: trainee, month, by: OutsideOrBody::Body, own: false },
            Self { about: asking(RecipientRole::Tutor), month, by: OutsideOrBody::Body, own: false },
            Self { about: tutor, month, by: OutsideOrBody::Tutor, own: true },
            Self {
                about: training().about(RecipientRole::Company).with(CompanyFunction::Accounting),
                month,
                by: OutsideOrBody::Tutor,
                own: false,
            },
        ]
    }
}

/// The one thing to do at a report: read it.
fn read_report(about: About) -> About {
    let ask = about.ask.map(|ask| Ask { label: messages::READ_REPORT, ..ask });
    About { ask, ..about }
}

/// An accident or an obstacle was reported.
#[derive(Debug, Clone)]
pub struct IncidentReported {
    pub about: About,
    pub accident: bool,
    pub on: Option<Day>,
    pub by: Option<Side>,
}

impl IncidentReported {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let accident = fact!(notice, Event::AccidentReported { on, .. } => Some(*on));
        Self {
            about: read_report(About::step(notice, to)),
            accident: accident.is_some(),
            on: accident,
            by: notice.author.side(),
        }
    }
}

mail! {
    IncidentReported, "incident_reported", "emails/incident_reported/subject.txt", "emails/incident_reported/body.txt",
    "emails/incident_reported/body.html",
    {
        let accident = Scene::new(State::InTraining, ClockKind::Accident, Side::Body).told(&THE_BODY_AND_THE_REGION);
        let accident = accident.into_iter().map(|about| (about, true, Some(today())));
        let obstacle = training().told(&THE_BODY_AND_THE_REGION).into_iter().map(|about| (about, false, None));
        accident
            .chain(obstacle)
            .map(|(about, accident, on)| Self { about: read_report(about), accident, on, by: Some(Side::Company) })
            .collect()
    }
}
