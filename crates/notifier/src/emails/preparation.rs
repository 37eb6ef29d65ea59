//! The preparation and its tutor: ordered, started, a tutor designated or trained, a condition settled.

use domain::Day;
use domain::market::{ClockKind, OptionCode, Prestation};
use domain::path::command::RequestKind;
use domain::path::{Event, State};
use domain::people::{RecipientRole, Side};
use domain::told::Addressed;

use super::Notice;
use super::about::{About, typed};
use super::mail::{fact, mail};
use super::samples::{Scene, due};

/// The preparation is ordered.
#[derive(Debug, Clone)]
pub struct PreparationOrdered {
    pub about: About,
    pub missions: Vec<OptionCode>,
    pub due_on: Option<Day>,
    /// A tutor is already designated.
    pub tutor: bool,
}

impl PreparationOrdered {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let file = notice.after.file(Prestation::Preparation);
        let draws = file.ordered.iter().flat_map(|ordered| &ordered.draws);
        Self {
            about: About::step(notice, to),
            missions: draws.map(|draw| draw.option).collect(),
            due_on: file.due_on,
            tutor: notice.after.tutor.is_some(),
        }
    }

    fn trains_tutor(&self) -> bool {
        self.missions.contains(&OptionCode::M2)
    }
}

mail! {
    PreparationOrdered, "preparation_ordered", "emails/preparation_ordered/subject.txt",
    "emails/preparation_ordered/body.txt", "emails/preparation_ordered/body.html",
    Scene::new(State::PreparationOrdered, ClockKind::PreparationDue, Side::Body)
        .told(&[RecipientRole::Body, RecipientRole::Company])
        .into_iter()
        .map(|about| Self { about, missions: vec![OptionCode::M1, OptionCode::M2], due_on: Some(due()), tutor: false })
        .collect()
}

/// The preparation starts.
#[derive(Debug, Clone)]
pub struct PreparationStarted {
    pub about: About,
    pub tutor: Option<String>,
    pub due_on: Option<Day>,
}

impl PreparationStarted {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        Self { about: About::step(notice, to), tutor: tutor(notice), due_on: notice.after.preparation.due_on }
    }
}

mail! {
    PreparationStarted, "preparation_started", "emails/preparation_started/subject.txt",
    "emails/preparation_started/body.txt", "emails/preparation_started/body.html",
    Scene::new(State::PreparationInProgress, ClockKind::PreparationDue, Side::Body)
        .told(&[RecipientRole::Body, RecipientRole::Company, RecipientRole::Trainee, RecipientRole::Tutor])
        .into_iter()
        .map(|about| Self { about, tutor: Some("Sacha Moreau".to_owned()), due_on: Some(due()) })
        .collect()
}

/// A tutor is designated, or replaces another.
#[derive(Debug, Clone)]
pub struct TutorDesignated {
    pub about: About,
    pub tutor: Option<String>,
    pub replaces: bool,
    /// The training already goes on.
    pub in_training: bool,
}

impl TutorDesignated {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let replaced = fact!(notice, Event::TutorReplaced { .. } => Some(()));
        Self {
            about: About::step(notice, to),
            tutor: tutor(notice),
            replaces: replaced.is_some(),
            in_training: notice.after.state == State::InTraining,
        }
    }
}

mail! {
    TutorDesignated, "tutor_designated", "emails/tutor_designated/subject.txt", "emails/tutor_designated/body.txt",
    "emails/tutor_designated/body.html",
    {
        let readers = [RecipientRole::Company, RecipientRole::Trainee, RecipientRole::Tutor];
        let accepts = |scene: Scene| scene.asks(RecipientRole::Tutor, RequestKind::AcceptDesignation);
        let ordered = accepts(Scene::new(State::PreparationOrdered, ClockKind::PreparationDue, Side::Body));
        let training = accepts(Scene::new(State::InTraining, ClockKind::TrainingEnd, Side::Body));
        let tutor = Some("Sacha Moreau".to_owned());
        let first = ordered.told(&[RecipientRole::Company, RecipientRole::Tutor]).into_iter();
        let later = training.told(&readers).into_iter();
        first
            .map(|about| if about.to_tutor() { about.first() } else { about })
            .map(|about| Self { about, tutor: tutor.clone(), replaces: false, in_training: false })
            .chain(later.map(|about| Self { about, tutor: tutor.clone(), replaces: true, in_training: true }))
            .collect()
    }
}

/// A training of the tutor is ordered on its own.
#[derive(Debug, Clone)]
pub struct TutorTrainingOrdered {
    pub about: About,
    pub order: Option<String>,
}

impl TutorTrainingOrdered {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        Self {
            about: About::step(notice, to),
            order: fact!(notice, Event::TutorTrainingOrdered { draw } => Some(draw.order.to_string())),
        }
    }
}

mail! {
    TutorTrainingOrdered, "tutor_training_ordered", "emails/tutor_training_ordered/subject.txt",
    "emails/tutor_training_ordered/body.txt", "emails/tutor_training_ordered/body.html",
    Scene::new(State::InTraining, ClockKind::TrainingEnd, Side::Body)
        .told(&[RecipientRole::Body, RecipientRole::Company])
        .into_iter()
        .map(|about| Self { about, order: Some("BC-1-2026-0007".to_owned()) })
        .collect()
}

/// A condition of the verdict is met or waived.
#[derive(Debug, Clone)]
pub struct ConditionSettled {
    pub about: About,
    pub condition: Option<String>,
    pub waived: bool,
    pub comment: Option<String>,
    /// Conditions that remain.
    pub left: u32,
}

impl ConditionSettled {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let settled = fact!(notice, Event::ConditionSettled { number, waived, comment } => Some((*number, *waived, typed(comment))));
        let (number, waived, comment) = settled.unwrap_or_default();
        let rank = usize::try_from(number).unwrap_or(usize::MAX).checked_sub(1);
        let condition = rank.and_then(|rank| notice.after.conditions.get(rank));
        let left = notice.after.conditions.iter().filter(|condition| condition.settled.is_none()).count();
        Self {
            about: About::step(notice, to),
            condition: condition.map(|condition| typed(&condition.asked.what)),
            waived,
            comment: Some(comment).filter(|comment| !comment.is_empty()),
            left: u32::try_from(left).unwrap_or(u32::MAX),
        }
    }
}

mail! {
    ConditionSettled, "condition_settled", "emails/condition_settled/subject.txt", "emails/condition_settled/body.txt",
    "emails/condition_settled/body.html",
    {
        let about = || Scene::new(State::Feasible, ClockKind::PreparationOrder, Side::Region).about(RecipientRole::Body);
        let settled = |waived, left| Self {
            about: about(),
            condition: Some("Aménager le poste de découpe".to_owned()),
            waived,
            comment: Some("Poste aménagé, vu sur place.".to_owned()),
            left,
        };
        vec![settled(false, 0), settled(true, 1)]
    }
}

/// The name of the tutor who stands on the path.
pub(crate) fn tutor(notice: &Notice<'_>) -> Option<String> {
    let tutor = notice.after.tutor.as_ref()?;
    let person = notice.directory.people.iter().find(|person| person.id == tutor.person.id)?;
    Some(typed(&person.contact.name))
}
