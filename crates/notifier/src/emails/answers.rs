//! What is asked of people outside by link, and what they answer; each answer gets its receipt (L2).

use domain::Day;
use domain::market::ClockKind;
use domain::path::command::{Channel, RequestKind};
use domain::path::{Event, State};
use domain::people::{CompanyFunction, OutsideRole, RecipientRole, Side};
use domain::told::Addressed;

use super::Notice;
use super::about::{About, acted, typed};
use super::mail::{fact, mail};
use super::samples::{Scene, today};
use super::selection::leaves;

fn study() -> Scene {
    Scene::new(State::FeasibilityInProgress, ClockKind::StudyDue, Side::Body)
}

fn ended() -> Scene {
    Scene::new(State::TrainingEnded, ClockKind::ReportDue, Side::Body)
}

/// The company is asked to confirm its commitment or the report.
#[derive(Debug, Clone)]
pub struct ConfirmationAsked {
    pub about: About,
    pub request: RequestKind,
    pub persons_wanted: u32,
}

impl ConfirmationAsked {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let request = fact!(notice, Event::ConfirmationAsked { request, .. } => Some(*request));
        Self {
            about: About::step(notice, to),
            request: request.unwrap_or(RequestKind::ConfirmCommitment),
            persons_wanted: notice.after.persons_wanted,
        }
    }

    fn commitment(&self) -> bool {
        self.request == RequestKind::ConfirmCommitment
    }
}

mail! {
    ConfirmationAsked, "confirmation_asked", "emails/confirmation_asked/subject.txt",
    "emails/confirmation_asked/body.txt", "emails/confirmation_asked/body.html",
    {
        let asked = [(study(), RequestKind::ConfirmCommitment), (ended(), RequestKind::ConfirmReport)];
        let asked = asked.map(|(scene, request)| {
            (scene.asks(RecipientRole::Company, request).about(RecipientRole::Company), request)
        });
        let signatory = asked.clone().map(|(about, request)| (about.with(CompanyFunction::Signatory), request));
        let aside = asked.clone().map(|(about, request)| (about.aside(), request));
        let readers = asked.into_iter().chain(signatory).chain(aside);
        readers.map(|(about, request)| Self { about, request, persons_wanted: 2 }).collect()
    }
}

/// The company confirms.
#[derive(Debug, Clone)]
pub struct AnswerReceived {
    pub about: About,
    pub request: RequestKind,
}

impl AnswerReceived {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let request = notice.events.iter().find_map(|event| match event {
            Event::ReportConfirmed { .. } => Some(RequestKind::ConfirmReport),
            Event::Agreed { request, .. } => Some(*request),
            _ => None,
        });
        Self { about: About::step(notice, to), request: request.unwrap_or(RequestKind::ConfirmCommitment) }
    }

    fn commitment(&self) -> bool {
        self.request == RequestKind::ConfirmCommitment
    }

    fn report(&self) -> bool {
        self.request == RequestKind::ConfirmReport
    }

    fn programme(&self) -> bool {
        self.request == RequestKind::ConfirmProgramme
    }

    fn designation(&self) -> bool {
        self.request == RequestKind::AcceptDesignation
    }
}

fn delivered() -> Scene {
    Scene::new(State::PreparationDelivered, ClockKind::Verification, Side::Region)
}

fn selected() -> Scene {
    Scene::new(State::CandidateSelected, ClockKind::Signatures, Side::Body)
}

mail! {
    AnswerReceived, "answer_received", "emails/answer_received/subject.txt", "emails/answer_received/body.txt",
    "emails/answer_received/body.html",
    [
        (study(), RecipientRole::Company, RequestKind::ConfirmCommitment),
        (ended(), RecipientRole::Company, RequestKind::ConfirmReport),
        (delivered(), RecipientRole::Company, RequestKind::ConfirmProgramme),
        (delivered(), RecipientRole::Tutor, RequestKind::AcceptDesignation),
        (selected(), RecipientRole::Company, RequestKind::ConfirmCandidate),
    ]
        .into_iter()
        .flat_map(|(scene, by, request)| {
            let told = scene.told(&[RecipientRole::Body, by]).into_iter();
            let told = told.map(|about| if about.outside() { about.answered() } else { about });
            told.map(move |about| Self { about, request })
        })
        .collect()
}

/// Somebody declines what was asked.
#[derive(Debug, Clone)]
pub struct RequestDeclined {
    pub about: About,
    pub request: RequestKind,
    pub by: Side,
    /// Only what the company says of its own matters stands in a message.
    pub reason: Option<String>,
}

impl RequestDeclined {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let declined = fact!(notice, Event::RequestDeclined { request, role, reason, .. } => Some((*request, *role, typed(reason))));
        let (request, role, reason) =
            declined.unwrap_or((RequestKind::ConfirmCommitment, OutsideRole::Company, String::new()));
        let of_company = matches!(request, RequestKind::ConfirmCommitment | RequestKind::ConfirmReport);
        Self {
            about: About::step(notice, to),
            request,
            by: side(role),
            reason: Some(reason).filter(|reason| of_company && !reason.is_empty()),
        }
    }
}

mail! {
    RequestDeclined, "request_declined", "emails/request_declined/subject.txt", "emails/request_declined/body.txt",
    "emails/request_declined/body.html",
    {
        let company = study().told(&[RecipientRole::Body, RecipientRole::Company]).into_iter().map(|about| Self {
            about: if about.to_company() { about.answered() } else { about },
            request: RequestKind::ConfirmCommitment,
            by: Side::Company,
            reason: Some("La décision revient au siège.".to_owned()),
        });
        let signing = Scene::new(State::CandidateSelected, ClockKind::Signatures, Side::Body);
        let trainee = signing.told(&[RecipientRole::Body, RecipientRole::Trainee]).into_iter().map(|about| Self {
            about: if about.to_trainee() { about.received() } else { about },
            request: RequestKind::SignPif,
            by: Side::Trainee,
            reason: None,
        });
        company.chain(trainee).collect()
    }
}

/// Somebody proposes a correction instead of answering.
#[derive(Debug, Clone)]
pub struct CorrectionProposed {
    pub about: About,
    pub by: Side,
    /// Only what the company or the tutor writes stands in a message.
    pub correction: Option<String>,
}

impl CorrectionProposed {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let proposed =
            fact!(notice, Event::CorrectionProposed { role, correction } => Some((*role, typed(correction))));
        let (role, correction) = proposed.unwrap_or((OutsideRole::Company, String::new()));
        Self {
            about: About::step(notice, to),
            by: side(role),
            correction: Some(correction).filter(|text| role.of_company() && !text.is_empty()),
        }
    }
}

mail! {
    CorrectionProposed, "correction_proposed", "emails/correction_proposed/subject.txt",
    "emails/correction_proposed/body.txt", "emails/correction_proposed/body.html",
    study()
        .told(&[RecipientRole::Body, RecipientRole::Company])
        .into_iter()
        .map(|about| Self {
            about: if about.to_company() { about.received() } else { about },
            by: Side::Company,
            correction: Some("Le poste est à mi-temps.".to_owned()),
        })
        .collect()
}

/// The body answers the correction that somebody proposed.
#[derive(Debug, Clone)]
pub struct CorrectionAnswered {
    pub about: About,
    pub accepted: bool,
    /// In the body's own words.
    pub answer: Option<String>,
}

impl CorrectionAnswered {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let answered =
            fact!(notice, Event::CorrectionAnswered { accepted, answer, .. } => Some((*accepted, typed(answer))));
        let (accepted, answer) = answered.unzip();
        Self {
            about: About::step(notice, to),
            accepted: accepted.unwrap_or_default(),
            answer: answer.filter(|answer| !answer.is_empty()),
        }
    }
}

mail! {
    CorrectionAnswered, "correction_answered", "emails/correction_answered/subject.txt",
    "emails/correction_answered/body.txt", "emails/correction_answered/body.html",
    [
        (RecipientRole::Company, true, "Le mi-temps est noté\u{a0}; le programme en tiendra compte."),
        (RecipientRole::Tutor, false, "La date est celle que l’entreprise a confirmée\u{a0}: elle ne change pas."),
        (RecipientRole::Trainee, true, "Votre prénom est corrigé."),
    ]
    .into_iter()
    .map(|(role, accepted, answer)| Self {
        about: Scene::new(State::InTraining, ClockKind::TrainingEnd, Side::Body).about(role),
        accepted,
        answer: Some(answer.to_owned()),
    })
    .collect()
}

/// Somebody of the path says what they think of the support.
#[derive(Debug, Clone)]
pub struct OpinionGiven {
    pub about: About,
    pub by: Side,
}

impl OpinionGiven {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let by = fact!(notice, Event::OpinionGiven { role, .. } => Some(side(*role)));
        Self { about: About::step(notice, to), by: by.unwrap_or(Side::Company) }
    }
}

mail! {
    OpinionGiven, "opinion_given", "emails/opinion_given/subject.txt", "emails/opinion_given/body.txt",
    "emails/opinion_given/body.html",
    [(RecipientRole::Company, Side::Company), (RecipientRole::Trainee, Side::Trainee), (RecipientRole::Tutor, Side::Tutor)]
        .into_iter()
        .flat_map(|(role, by)| {
            let told = ended().told(&[RecipientRole::Body, role]).into_iter();
            told.map(move |about| Self { about: if about.outside() { about.received() } else { about }, by })
        })
        .collect()
}

/// Somebody says that an answer recorded in their name is not theirs.
#[derive(Debug, Clone)]
pub struct AnswerContested {
    pub about: About,
    pub request: RequestKind,
    pub by: Side,
    /// Only what the company writes stands in a message.
    pub facts: Option<String>,
}

impl AnswerContested {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let contested =
            fact!(notice, Event::AnswerContested { request, role, facts } => Some((*request, *role, typed(facts))));
        let (request, role, facts) =
            contested.unwrap_or((RequestKind::ConfirmCommitment, OutsideRole::Company, String::new()));
        Self {
            about: About::step(notice, to),
            request,
            by: side(role),
            facts: Some(facts).filter(|facts| role.of_company() && !facts.is_empty()),
        }
    }
}

mail! {
    AnswerContested, "answer_contested", "emails/answer_contested/subject.txt", "emails/answer_contested/body.txt",
    "emails/answer_contested/body.html",
    {
        let facts = || Some("Je n’ai pas ouvert ce courriel.".to_owned());
        let company = study().told(&[RecipientRole::Body, RecipientRole::Company, RecipientRole::Region]);
        let company = company.into_iter().map(|about| (about, RequestKind::ConfirmCommitment, Side::Company, facts()));
        let signing = Scene::new(State::PifSigned, ClockKind::ImplementationOrder, Side::Region);
        let trainee = signing.told(&[RecipientRole::Body, RecipientRole::Trainee]);
        let trainee = trainee.into_iter().map(|about| (about, RequestKind::SignPif, Side::Trainee, None));
        company.chain(trainee).map(|(about, request, by, facts)| Self { about, request, by, facts }).collect()
    }
}

/// An answer is taken back and asked again.
#[derive(Debug, Clone)]
pub struct AskedAgain {
    pub about: About,
    pub request: RequestKind,
}

impl AskedAgain {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let request = fact!(notice, Event::AskedAgain { reopened, .. } => Some(reopened.request()));
        Self { about: About::step(notice, to), request: request.unwrap_or(RequestKind::ConfirmCommitment) }
    }
}

mail! {
    AskedAgain, "asked_again", "emails/asked_again/subject.txt", "emails/asked_again/body.txt",
    "emails/asked_again/body.html",
    [
        (RecipientRole::Company, RequestKind::ConfirmCommitment, study()),
        (RecipientRole::Company, RequestKind::ConfirmReport, ended()),
        (
            RecipientRole::Trainee,
            RequestKind::SignPif,
            Scene::new(State::CandidateSelected, ClockKind::Signatures, Side::Body),
        ),
        (
            RecipientRole::Tutor,
            RequestKind::SignAttendance,
            Scene::new(State::InTraining, ClockKind::TrainingEnd, Side::Body),
        ),
    ]
    .into_iter()
    .map(|(role, request, scene)| Self { about: scene.asks(role, request).about(role), request })
    .chain([Self {
        about: study().about(RecipientRole::Company).aside(),
        request: RequestKind::ConfirmCommitment,
    }])
    .collect()
}

/// Somebody names another person in their place.
#[derive(Debug, Clone)]
pub struct ContactHandedOver {
    pub about: About,
    pub by: Side,
    /// The reader is the new person.
    pub welcome: bool,
    /// The reader is a colleague of who hands over.
    pub informed: bool,
}

impl ContactHandedOver {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let handed = fact!(notice, Event::ContactHandedOver { role, person } => Some((*role, person.id)));
        let role = handed.map_or(OutsideRole::Company, |(role, _)| role);
        let welcome = to.person.is_some_and(|own| handed.is_some_and(|(_, person)| person == own));
        let about = About::step(notice, to);
        // Who has handed over is thanked and leaves, whatever their link still opens.
        let about = if welcome || !leaves(notice, to) { about } else { About { next: None, ask: None, ..about } };
        let informed = about.to_company() && !welcome && !acted(notice.author, to);
        Self { about, by: side(role), welcome, informed }
    }
}

mail! {
    ContactHandedOver, "contact_handed_over", "emails/contact_handed_over/subject.txt",
    "emails/contact_handed_over/body.txt", "emails/contact_handed_over/body.html",
    {
        let asked = study().asks(RecipientRole::Company, RequestKind::ConfirmCommitment).about(RecipientRole::Company);
        let mut told = study().told(&[RecipientRole::Body, RecipientRole::Company]);
        told.push(asked);
        told.push(study().about(RecipientRole::Company).with(CompanyFunction::HumanResources));
        told.into_iter()
            .enumerate()
            .map(|(rank, about)| Self {
                about: if rank == 1 { about.gone().received() } else { about },
                by: Side::Company,
                welcome: rank == 2,
                informed: rank == 3,
            })
            .collect()
    }
}

/// The coordinator records an answer received otherwise than by link (L7).
#[derive(Debug, Clone)]
pub struct AnsweredOnBehalf {
    pub about: About,
    pub request: RequestKind,
    pub on: Option<Day>,
    pub channel: Option<Channel>,
    /// The answer was a refusal.
    pub declined: bool,
}

impl AnsweredOnBehalf {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let recorded = fact!(notice, Event::AnswerRecordedOnBehalf { request, on, channel, .. } => Some((*request, *on, *channel)));
        Self {
            about: About::step(notice, to),
            request: recorded.map_or(RequestKind::ConfirmCommitment, |(request, ..)| request),
            on: recorded.map(|(_, on, _)| on),
            channel: recorded.map(|(_, _, channel)| channel),
            declined: notice.events.iter().any(|event| matches!(event, Event::RequestDeclined { .. })),
        }
    }
}

mail! {
    AnsweredOnBehalf, "answered_on_behalf", "emails/answered_on_behalf/subject.txt", "emails/answered_on_behalf/body.txt",
    "emails/answered_on_behalf/body.html",
    [
        (RecipientRole::Company, RequestKind::ConfirmCommitment, study(), Channel::Telephone, false),
        (
            RecipientRole::Trainee,
            RequestKind::SignPif,
            Scene::new(State::CandidateSelected, ClockKind::Signatures, Side::Body),
            Channel::Paper,
            false,
        ),
        (
            RecipientRole::Tutor,
            RequestKind::SignAttendance,
            Scene::new(State::InTraining, ClockKind::TrainingEnd, Side::Body),
            Channel::Meeting,
            false,
        ),
        (RecipientRole::Company, RequestKind::ConfirmCommitment, study(), Channel::Telephone, true),
    ]
    .into_iter()
    .map(|(role, request, scene, channel, declined)| Self {
        about: About { receipt: None, ..scene.about(role).answered() },
        request,
        on: Some(today()),
        channel: Some(channel),
        declined,
    })
    .collect()
}

fn side(role: OutsideRole) -> Side {
    match role {
        OutsideRole::Company | OutsideRole::Signatory | OutsideRole::HumanResources | OutsideRole::Accounting => {
            Side::Company
        }
        OutsideRole::Tutor => Side::Tutor,
        OutsideRole::Trainee => Side::Trainee,
    }
}
