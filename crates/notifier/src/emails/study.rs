//! From the need to the study: reported, opened from another path, declined, ordered, started, delivered.

use chrono::NaiveDateTime;
use domain::Day;
use domain::calendar::paris_time;
use domain::identifiers::Department;
use domain::market::{ClockKind, Prestation};
use domain::path::command::{CompanyAnswer, RequestKind, Verdict};
use domain::path::{Event, State};
use domain::people::{RecipientRole, Side};
use domain::told::Addressed;

use super::Notice;
use super::about::{About, typed};
use super::invite::{self, Meeting};
use super::mail::{fact, mail};
use super::samples::{Scene, day, due};

/// A need was reported.
#[derive(Debug, Clone)]
pub struct NeedReported {
    pub about: About,
    pub persons_wanted: u32,
    pub department: Department,
    pub derogation: Option<String>,
}

impl NeedReported {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        Self {
            about: About::step(notice, to),
            persons_wanted: notice.after.persons_wanted,
            department: notice.after.workplace.department.clone(),
            derogation: notice.after.derogation.as_deref().map(typed),
        }
    }
}

mail! {
    NeedReported, "need_reported", "emails/need_reported/subject.txt", "emails/need_reported/body.txt",
    "emails/need_reported/body.html",
    {
        let scene = Scene::new(State::NeedReported, ClockKind::NeedDecision, Side::Region);
        let told = scene.told(&[RecipientRole::Body, RecipientRole::Company]);
        let derogation = |about: &About| about.to_body().then(|| "L’atelier est à la limite de deux lots.".to_owned());
        let department = Department::parse("76").expect("a department of Normandie");
        told.into_iter()
            .map(|about| if about.to_company() { about.received().first() } else { about.noted() })
            .map(|about| Self { persons_wanted: 2, department: department.clone(), derogation: derogation(&about), about })
            .collect()
    }
}

/// A path was opened from another one of the same company.
#[derive(Debug, Clone)]
pub struct SiblingOpened {
    pub about: About,
    pub source: String,
}

impl SiblingOpened {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let source = notice.after.source.as_ref().map_or_else(String::new, |(_, reference)| reference.to_string());
        Self { about: About::step(notice, to), source }
    }
}

mail! {
    SiblingOpened, "sibling_opened", "emails/sibling_opened/subject.txt", "emails/sibling_opened/body.txt",
    "emails/sibling_opened/body.html",
    Scene::new(State::Ready, ClockKind::SelectionOpening, Side::Body)
        .told(&[RecipientRole::Body, RecipientRole::Company])
        .into_iter()
        .map(|about| Self { about, source: "FEST-1-2026-0017".to_owned() })
        .collect()
}

/// A need is not followed.
#[derive(Debug, Clone)]
pub struct NeedDeclined {
    pub about: About,
    pub by: Side,
    pub reason: Option<String>,
}

impl NeedDeclined {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        Self {
            about: About::step(notice, to),
            by: notice.author.side().unwrap_or(Side::Region),
            reason: fact!(notice, Event::NeedDeclined { reason } => Some(typed(reason))),
        }
    }
}

mail! {
    NeedDeclined, "need_declined", "emails/need_declined/subject.txt", "emails/need_declined/body.txt",
    "emails/need_declined/body.html",
    Scene::end(State::Declined)
        .told(&[RecipientRole::Body, RecipientRole::Company])
        .into_iter()
        .map(|about| Self { about, by: Side::Region, reason: Some("Le poste est déjà pourvu.".to_owned()) })
        .collect()
}

/// The study is ordered.
#[derive(Debug, Clone)]
pub struct FeasibilityOrdered {
    pub about: About,
    pub due_on: Option<Day>,
    /// The purchase order on which the unit is drawn.
    pub order: Option<String>,
}

impl FeasibilityOrdered {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let file = notice.after.file(Prestation::Feasibility);
        let draw = file.ordered.as_ref().and_then(|ordered| ordered.draws.first());
        Self { about: About::step(notice, to), due_on: file.due_on, order: draw.map(|draw| draw.order.to_string()) }
    }
}

mail! {
    FeasibilityOrdered, "feasibility_ordered", "emails/feasibility_ordered/subject.txt",
    "emails/feasibility_ordered/body.txt", "emails/feasibility_ordered/body.html",
    Scene::new(State::FeasibilityOrdered, ClockKind::StudyDue, Side::Body)
        .told(&[RecipientRole::Body, RecipientRole::Company])
        .into_iter()
        .map(|about| Self { about, due_on: Some(due()), order: Some("BC-1-2026-0007".to_owned()) })
        .collect()
}

/// The study starts with a first visit.
#[derive(Debug, Clone)]
pub struct FeasibilityStarted {
    pub about: About,
    pub first_visit: Option<NaiveDateTime>,
    /// It took place before it was recorded: nobody is invited.
    pub visited: bool,
    pub place: Option<String>,
    pub meeting: Option<Meeting>,
}

impl FeasibilityStarted {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let place = fact!(notice, Event::FeasibilityStarted { place, .. } => place.as_deref().map(typed));
        let first_visit = notice.after.first_visit;
        let visited = first_visit.is_some_and(|moment| moment <= paris_time(notice.now));
        let meeting = first_visit.filter(|_| !visited);
        let meeting = meeting.map(|moment| invite::first_visit(notice, to, moment, place.clone()));
        Self { about: About::step(notice, to), first_visit, visited, place, meeting }
    }
}

mail! {
    FeasibilityStarted, "feasibility_started", "emails/feasibility_started/subject.txt",
    "emails/feasibility_started/body.txt", "emails/feasibility_started/body.html",
    Scene::new(State::FeasibilityInProgress, ClockKind::StudyDue, Side::Body)
        .told(&[RecipientRole::Body, RecipientRole::Company])
        .into_iter()
        .flat_map(|about| [(about.clone(), false), (about, true)])
        .map(|(about, visited)| {
            let first_visit = day(2026, 11, 25).and_hms_opt(14, 0, 0);
            let place = Some("12 rue du Port, Dieppe".to_owned());
            let meeting = first_visit.filter(|_| !visited);
            let meeting = meeting.map(|moment| invite::sample_visit(&about, moment, place.clone()));
            Self { about, first_visit, visited, place, meeting }
        })
        .collect(),
    calendar: |mail| mail.meeting.as_ref().map(Meeting::to_ics)
}

/// The study is delivered.
#[derive(Debug, Clone)]
pub struct FeasibilityDelivered {
    pub about: About,
    pub verdict: Option<Verdict>,
    /// The conditions of the verdict with their days.
    pub conditions: Vec<(String, Day)>,
    /// What the company answered to its commitment.
    pub answer: Option<CompanyAnswer>,
    pub verify_until: Option<Day>,
}

impl FeasibilityDelivered {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let conditions = notice.after.conditions.iter().map(|condition| &condition.asked);
        Self {
            about: About::step(notice, to),
            verdict: notice.after.verdict,
            conditions: conditions.map(|asked| (typed(&asked.what), asked.by)).collect(),
            answer: fact!(notice, Event::FeasibilityDelivered { commitment, .. } => *commitment),
            verify_until: notice.after.feasibility.delivered.as_ref().map(|delivered| delivered.verify_until),
        }
    }

    fn negative(&self) -> bool {
        self.verdict == Some(Verdict::NotFeasible)
    }
}

mail! {
    FeasibilityDelivered, "feasibility_delivered", "emails/feasibility_delivered/subject.txt",
    "emails/feasibility_delivered/body.txt", "emails/feasibility_delivered/body.html",
    {
        let scene = Scene::new(State::FeasibilityDelivered, ClockKind::Verification, Side::Region);
        let readers = [RecipientRole::Body, RecipientRole::Company, RecipientRole::Region];
        let mut samples: Vec<Self> = scene
            .told(&readers)
            .into_iter()
            .map(|about| if about.to_body() { about.received() } else { about })
            .map(|about| Self {
                about,
                verdict: Some(Verdict::FeasibleWithConditions),
                conditions: vec![("Aménager le poste de découpe".to_owned(), day(2027, 1, 15))],
                answer: Some(CompanyAnswer::NoAnswer),
                verify_until: Some(due()),
            })
            .collect();
        let company = |about, verdict| Self { about, verdict: Some(verdict), conditions: Vec::new(), answer: None, verify_until: Some(due()) };
        let asked = scene.asks(RecipientRole::Company, RequestKind::ConfirmCommitment);
        samples.push(company(asked.about(RecipientRole::Company), Verdict::Feasible));
        samples.push(company(scene.about(RecipientRole::Company), Verdict::NotFeasible));
        samples
    }
}
