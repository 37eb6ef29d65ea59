//! Deliveries of the preparation and the report, and what the Region decides on each prestation.
//!
//! People outside read neutral words: neither an adjournment nor a rejection is told to them, nor their reasons, nor an
//! amount. The folders `adjourned`, `rejected` and `admitted` serve the three prestations.

use domain::Day;
use domain::market::{ClockKind, Prestation};
use domain::money::Cents;
use domain::path::command::{CompanyAnswer, RequestKind, Verdict};
use domain::path::step::{Verification, verification};
use domain::path::{Event, State, Step};
use domain::people::{RecipientRole, Side};
use domain::told::Addressed;
use wording::labels;

use super::Notice;
use super::about::{About, typed};
use super::mail::{fact, mail};
use super::samples::{Scene, day, due};

const STAFF_AND_COMPANY: [RecipientRole; 3] = [RecipientRole::Body, RecipientRole::Company, RecipientRole::Region];

/// The preparation is delivered.
#[derive(Debug, Clone)]
pub struct PreparationDelivered {
    pub about: About,
    /// The tutor's certificate is among the documents.
    pub tutor_certificate: bool,
    pub verify_until: Option<Day>,
}

impl PreparationDelivered {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let certificate =
            fact!(notice, Event::PreparationDelivered { tutor_certificate, .. } => tutor_certificate.as_ref());
        Self {
            about: About::step(notice, to),
            tutor_certificate: certificate.is_some(),
            verify_until: verify_until(notice, Prestation::Preparation),
        }
    }
}

mail! {
    PreparationDelivered, "preparation_delivered", "emails/preparation_delivered/subject.txt",
    "emails/preparation_delivered/body.txt", "emails/preparation_delivered/body.html",
    Scene::new(State::PreparationDelivered, ClockKind::Verification, Side::Region)
        .asks(RecipientRole::Company, RequestKind::ConfirmProgramme)
        .told(&STAFF_AND_COMPANY)
        .into_iter()
        .map(|about| if about.to_body() { about.received() } else { about })
        .map(|about| Self { about, tutor_certificate: true, verify_until: Some(due()) })
        .collect()
}

/// The final report is delivered.
#[derive(Debug, Clone)]
pub struct ReportDelivered {
    pub about: About,
    /// What the company answered to the report.
    pub answer: Option<CompanyAnswer>,
    pub verify_until: Option<Day>,
}

impl ReportDelivered {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        Self {
            about: About::step(notice, to),
            answer: fact!(notice, Event::ReportDelivered { confirmation, .. } => Some(*confirmation)),
            verify_until: verify_until(notice, Prestation::Implementation),
        }
    }
}

mail! {
    ReportDelivered, "report_delivered", "emails/report_delivered/subject.txt", "emails/report_delivered/body.txt",
    "emails/report_delivered/body.html",
    {
        let scene = Scene::new(State::ReportDelivered, ClockKind::Verification, Side::Region);
        let asked = scene.asks(RecipientRole::Company, RequestKind::ConfirmReport).about(RecipientRole::Company);
        scene
            .told(&STAFF_AND_COMPANY)
            .into_iter()
            .map(|about| if about.to_body() { about.received() } else { about })
            .chain([asked])
            .map(|about| Self { about, answer: Some(CompanyAnswer::Letter), verify_until: Some(due()) })
            .collect()
    }
}

fn verify_until(notice: &Notice<'_>, prestation: Prestation) -> Option<Day> {
    notice.after.file(prestation).delivered.as_ref().map(|delivered| delivered.verify_until)
}

/// The Region asks for a completed delivery.
#[derive(Debug, Clone)]
pub struct Adjourned {
    pub about: About,
    pub prestation: Prestation,
    pub reasons: Option<String>,
    pub accept_until: Option<Day>,
}

impl Adjourned {
    /// What a list says of this step.
    fn done(&self) -> &'static str {
        labels::step_done(Step::Transition(verification(self.prestation, Verification::Adjourn)))
    }

    pub(crate) fn of(notice: &Notice<'_>, prestation: Prestation, to: &Addressed) -> Self {
        let adjournment = notice.after.file(prestation).adjournment.as_ref();
        Self {
            about: About::step(notice, to),
            prestation,
            reasons: fact!(notice, Event::Adjourned { reasons, .. } => Some(typed(reasons))),
            accept_until: adjournment.map(|adjournment| adjournment.accept_until),
        }
    }
}

mail! {
    Adjourned, "adjourned", "emails/adjourned/subject.txt", "emails/adjourned/body.txt", "emails/adjourned/body.html",
    [
        (Prestation::Feasibility, State::FeasibilityAdjourned),
        (Prestation::Preparation, State::PreparationAdjourned),
        (Prestation::Implementation, State::ReportAdjourned),
    ]
    .into_iter()
    .flat_map(|(prestation, state)| {
        let told = Scene::new(state, ClockKind::Acceptance, Side::Body).told(&[RecipientRole::Body, RecipientRole::Company]);
        told.into_iter().map(move |about| Self {
            about,
            prestation,
            reasons: Some("Le calendrier est à compléter.\nLe tuteur n’est pas nommé.".to_owned()),
            accept_until: Some(due()),
        })
    })
    .collect()
}

/// The delivery is to be made again.
#[derive(Debug, Clone)]
pub struct Rejected {
    pub about: About,
    pub prestation: Prestation,
    pub reasons: Option<String>,
    /// The Region's silence after a refused or unanswered adjournment.
    pub by_silence: bool,
    pub due_on: Option<Day>,
}

impl Rejected {
    /// What a list says of this step.
    fn done(&self) -> &'static str {
        labels::step_done(Step::Transition(verification(self.prestation, Verification::Reject)))
    }

    pub(crate) fn of(notice: &Notice<'_>, prestation: Prestation, to: &Addressed) -> Self {
        let reasons = fact!(notice, Event::Rejected { reasons, .. } => Some(typed(reasons)));
        let by_silence = fact!(notice, Event::Rejected { by_silence, .. } => Some(*by_silence));
        Self {
            about: About::step(notice, to),
            prestation,
            reasons: reasons.filter(|reasons| !reasons.is_empty()),
            by_silence: by_silence.unwrap_or(false),
            due_on: notice.after.file(prestation).due_on,
        }
    }
}

mail! {
    Rejected, "rejected", "emails/rejected/subject.txt", "emails/rejected/body.txt", "emails/rejected/body.html",
    [
        (Prestation::Feasibility, State::FeasibilityInProgress, ClockKind::StudyDue, false),
        (Prestation::Preparation, State::PreparationInProgress, ClockKind::PreparationDue, true),
        (Prestation::Implementation, State::TrainingEnded, ClockKind::ReportDue, false),
    ]
    .into_iter()
    .flat_map(|(prestation, state, clock, by_silence)| {
        let told = Scene::new(state, clock, Side::Body).told(&[RecipientRole::Body, RecipientRole::Company]);
        let reasons = (!by_silence).then(|| "Le livrable ne répond pas au cahier des charges.".to_owned());
        told.into_iter().map(move |about| Self { about, prestation, reasons: reasons.clone(), by_silence, due_on: Some(due()) })
    })
    .collect()
}

/// The delivery is admitted: service done.
#[derive(Debug, Clone)]
pub struct Admitted {
    pub about: About,
    pub prestation: Prestation,
    /// By the Region's silence.
    pub tacit: bool,
    /// The verdict of the study is negative: the path ends.
    pub negative: bool,
    /// A condition of the verdict is still to be met.
    pub conditions: bool,
    pub on: Option<Day>,
    pub amount: Option<Cents>,
    pub reduction: Option<Cents>,
    pub reasons: Option<String>,
}

impl Admitted {
    /// What a list says of this step.
    fn done(&self) -> &'static str {
        labels::step_done(Step::Transition(verification(self.prestation, Verification::Admit)))
    }

    pub(crate) fn of(notice: &Notice<'_>, prestation: Prestation, to: &Addressed) -> Self {
        let admitted = notice.after.file(prestation).admitted.as_ref();
        let settled = notice.after.conditions.iter().all(|condition| condition.settled.is_some());
        Self {
            about: About::step(notice, to),
            prestation,
            tacit: admitted.is_some_and(|admitted| admitted.tacit),
            negative: prestation == Prestation::Feasibility && notice.after.verdict == Some(Verdict::NotFeasible),
            conditions: prestation == Prestation::Feasibility && !settled,
            on: admitted.map(|admitted| admitted.on),
            amount: admitted.map(|admitted| admitted.amount),
            reduction: admitted.and_then(|admitted| admitted.reduction),
            reasons: fact!(notice, Event::Admitted { reasons, .. } => reasons.as_deref().map(typed)),
        }
    }

    fn closes(&self) -> bool {
        self.prestation == Prestation::Implementation
    }

    fn prepares(&self) -> bool {
        self.prestation == Prestation::Preparation
    }
}

mail! {
    Admitted, "admitted", "emails/admitted/subject.txt", "emails/admitted/body.txt", "emails/admitted/body.html",
    {
        let told = [RecipientRole::Body, RecipientRole::Company];
        let all = [
            RecipientRole::Body,
            RecipientRole::Company,
            RecipientRole::Trainee,
            RecipientRole::Tutor,
            RecipientRole::Region,
        ];
        let feasible = Scene::new(State::Feasible, ClockKind::PreparationOrder, Side::Region);
        let ready = Scene::new(State::Ready, ClockKind::SelectionOpening, Side::Body);
        let closed = Scene::new(State::Closed, ClockKind::FollowUp, Side::Body);
        let base = |about, prestation| Self {
            about,
            prestation,
            tacit: false,
            negative: false,
            conditions: false,
            on: Some(day(2026, 11, 18)),
            amount: Some(Cents::new(60_000)),
            reduction: None,
            reasons: None,
        };
        let study = feasible.told(&told).into_iter().map(|about| base(about, Prestation::Feasibility));
        let conditions = Self { conditions: true, ..base(feasible.about(RecipientRole::Company), Prestation::Feasibility) };
        let negative = Scene::end(State::NotFeasible).told(&told).into_iter();
        let negative = negative.map(|about| Self { negative: true, ..base(about, Prestation::Feasibility) });
        let tacit = feasible.about(RecipientRole::Region);
        let tacit = Self { tacit: true, ..base(tacit, Prestation::Feasibility) };
        let reduced = ready.told(&told).into_iter().map(|about| Self {
            amount: Some(Cents::new(126_000)),
            reduction: Some(Cents::new(14_000)),
            reasons: Some("Une pièce du programme manque.".to_owned()),
            ..base(about, Prestation::Preparation)
        });
        let report = closed.told(&all).into_iter().map(|about| Self { tacit: true, ..base(about, Prestation::Implementation) });
        study.chain([conditions]).chain(negative).chain([tacit]).chain(reduced).chain(report).collect()
    }
}

/// The body answers an adjournment.
#[derive(Debug, Clone)]
pub struct AdjournmentAnswered {
    pub about: About,
    pub prestation: Prestation,
    pub accepted: bool,
    pub reason: Option<String>,
    pub until: Option<Day>,
}

impl AdjournmentAnswered {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let prestation = notice.after.state.adjourned().unwrap_or(Prestation::Feasibility);
        let answer = notice.after.file(prestation).adjournment.as_ref().and_then(|adjournment| adjournment.answer);
        Self {
            about: About::step(notice, to),
            prestation,
            accepted: answer.is_some_and(|answer| answer.accepted),
            reason: fact!(notice, Event::AdjournmentAnswered { reason, .. } => reason.as_deref().map(typed)),
            until: answer.map(|answer| answer.until),
        }
    }
}

mail! {
    AdjournmentAnswered, "adjournment_answered", "emails/adjournment_answered/subject.txt",
    "emails/adjournment_answered/body.txt", "emails/adjournment_answered/body.html",
    {
        let region = |clock, side| Scene::new(State::PreparationAdjourned, clock, side).about(RecipientRole::Region);
        let answer = |about, accepted, reason: Option<&str>| Self {
            about,
            prestation: Prestation::Preparation,
            accepted,
            reason: reason.map(str::to_owned),
            until: Some(due()),
        };
        vec![
            answer(region(ClockKind::Redelivery, Side::Body), true, None),
            answer(region(ClockKind::RegionChoice, Side::Region), false, Some("Le livrable est complet.")),
        ]
    }
}

/// The Region asks for observations before a reduction or a rejection.
#[derive(Debug, Clone)]
pub struct ObservationsAsked {
    pub about: About,
    pub prestation: Prestation,
    pub reasons: Option<String>,
    pub until: Option<Day>,
}

impl ObservationsAsked {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        Self {
            about: About::step(notice, to),
            prestation: observed(notice),
            reasons: fact!(notice, Event::ObservationsAsked { reasons, .. } => Some(typed(reasons))),
            until: fact!(notice, Event::ObservationsAsked { until, .. } => Some(*until)),
        }
    }
}

mail! {
    ObservationsAsked, "observations_asked", "emails/observations_asked/subject.txt", "emails/observations_asked/body.txt",
    "emails/observations_asked/body.html",
    vec![Self {
        about: Scene::new(State::PreparationAdjourned, ClockKind::Observations, Side::Body).about(RecipientRole::Body),
        prestation: Prestation::Preparation,
        reasons: Some("Une réfaction est envisagée : la grille d’évaluation manque.".replace(" :", "\u{a0}:")),
        until: Some(due()),
    }]
}

/// The body gives its observations.
#[derive(Debug, Clone)]
pub struct ObservationsGiven {
    pub about: About,
    pub prestation: Prestation,
    pub observations: Option<String>,
}

impl ObservationsGiven {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        Self {
            about: About::step(notice, to),
            prestation: observed(notice),
            observations: fact!(notice, Event::ObservationsGiven { observations, .. } => Some(typed(observations))),
        }
    }
}

mail! {
    ObservationsGiven, "observations_given", "emails/observations_given/subject.txt", "emails/observations_given/body.txt",
    "emails/observations_given/body.html",
    vec![Self {
        about: Scene::new(State::PreparationDelivered, ClockKind::Verification, Side::Region).about(RecipientRole::Region),
        prestation: Prestation::Preparation,
        observations: Some("Le retard tient à la fermeture de l’entreprise.".to_owned()),
    }]
}

/// The prestation on which observations are asked or given.
fn observed(notice: &Notice<'_>) -> Prestation {
    let said = fact!(notice, Event::ObservationsAsked { prestation, .. } | Event::ObservationsGiven { prestation, .. } => Some(*prestation));
    let state = notice.after.state;
    said.or(state.delivered()).or(state.adjourned()).unwrap_or(Prestation::Feasibility)
}

/// The Region summons a silent body to deliver its report.
#[derive(Debug, Clone)]
pub struct FormalNotice {
    pub about: About,
    pub reason: Option<String>,
    pub until: Option<Day>,
}

impl FormalNotice {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        Self {
            about: About::step(notice, to),
            reason: fact!(notice, Event::FormalNoticeSent { reason, .. } => Some(typed(reason))),
            until: notice.after.formal_notice_until,
        }
    }
}

mail! {
    FormalNotice, "formal_notice", "emails/formal_notice/subject.txt", "emails/formal_notice/body.txt",
    "emails/formal_notice/body.html",
    vec![Self {
        about: Scene::new(State::TrainingEnded, ClockKind::FormalNotice, Side::Body).about(RecipientRole::Body),
        reason: Some("Le bilan final n’est pas remis.".to_owned()),
        until: Some(due()),
    }]
}
