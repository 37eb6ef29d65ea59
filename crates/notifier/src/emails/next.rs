//! What comes next on a path for one reader: what is waited, from whom, until when, and the one button.
//!
//! Rules kept here: what people outside are shown of the clocks is decided by [`shown_outside`], clock by clock; a button
//! names a step only when that step is the one that comes next ([`leads_on`]). A new clock is a compile error here.

use domain::Day;
use domain::clocks::Clock;
use domain::market::{ClockKind, Prestation};
use domain::path::command::RequestKind;
use domain::path::requests::Asked;
use domain::path::{Path, State};
use domain::people::{RecipientRole, Side};
use wording::{dates, labels};

use super::LinkPurpose;

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next {
    /// What is waited, as an infinitive.
    pub what: &'static str,
    /// From whom.
    pub by: Side,
    /// Whether that is the recipient.
    pub yours: bool,
    /// The last day.
    pub until: Option<Until>,
}

/// A last day, and whether it is past when the message is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Until {
    pub day: Day,
    pub passed: bool,
}

impl Until {
    pub(crate) fn new(day: Day, today: Day) -> Self {
        Self { day, passed: day < today }
    }
}

/// The button of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// A verb and its object.
    pub label: &'static str,
    /// The last day to answer, when something is asked.
    pub until: Option<Until>,
    /// What the link opens.
    pub link: LinkPurpose,
}

impl Next {
    /// One or two sentences that say it.
    pub fn sentence(&self) -> String {
        let whose = if self.yours { "à vous" } else { labels::to_the_side(self.by) };
        let until = match self.until {
            Some(until) if until.passed => format!(". L’échéance était le {}", dates::long(until.day)),
            Some(until) => format!(", au plus tard le {}", dates::long(until.day)),
            None => String::new(),
        };
        format!("Prochaine étape\u{a0}: {}. C’est {whose}{until}.", self.what)
    }
}

/// Until when an answer is waited.
pub(crate) fn answer_by(until: Until) -> String {
    let since = if until.passed { "depuis le" } else { "au plus tard le" };
    format!("Réponse attendue {since} {}", dates::long(until.day))
}

/// What opening the page does not do.
pub(crate) fn reading(kind: RequestKind) -> &'static str {
    match kind {
        RequestKind::ConfirmCommitment | RequestKind::ConfirmReport => {
            "Ouvrir la page n’engage à rien\u{a0}: vous lisez, puis vous confirmez ou vous proposez une correction."
        }
        RequestKind::SignPif => "Ouvrir la page n’engage à rien\u{a0}: vous lisez le programme, puis vous signez.",
        RequestKind::SignSequences | RequestKind::SignAttendance => {
            "Ouvrir la page n’engage à rien\u{a0}: vous relisez, puis vous signez."
        }
    }
}

fn side(role: RecipientRole) -> Option<Side> {
    match role {
        RecipientRole::Body => Some(Side::Body),
        RecipientRole::Company => Some(Side::Company),
        RecipientRole::Trainee => Some(Side::Trainee),
        RecipientRole::Tutor => Some(Side::Tutor),
        RecipientRole::Region => Some(Side::Region),
        RecipientRole::Finance => Some(Side::Finance),
        RecipientRole::Candidate => None,
    }
}

pub(crate) fn next(
    path: &Path,
    clocks: &[Clock],
    request: Option<&Asked>,
    role: RecipientRole,
    today: Day,
) -> Option<Next> {
    let side = side(role)?;
    if let Some(request) = request {
        let until = request_until(path, clocks, request.kind).map(|day| Until::new(day, today));
        return Some(Next { what: request_words(request.kind), by: side, yours: true, until });
    }
    let staff = matches!(role, RecipientRole::Body | RecipientRole::Region | RecipientRole::Finance);
    let clock = clocks.iter().find(|clock| staff || shown_outside(clock.kind))?;
    Some(Next {
        what: waited(path.state, clock.kind, clock.holder == side),
        by: clock.holder,
        yours: clock.holder == side,
        until: Some(Until::new(clock.due_on, today)),
    })
}

/// What a clock waits for, as an infinitive.
pub(crate) fn waited(state: State, kind: ClockKind, yours: bool) -> &'static str {
    match kind {
        ClockKind::Observations if yours => "présenter vos observations",
        // The clock of a prestation runs from its order: what comes first is to start it.
        ClockKind::StudyDue if state == State::FeasibilityOrdered => "fixer la première visite, puis remettre l’étude",
        ClockKind::PreparationDue if state == State::PreparationOrdered => "démarrer la préparation, puis la remettre",
        kind => labels::clock(kind),
    }
}

/// What is asked of a person outside, as an infinitive.
fn request_words(kind: RequestKind) -> &'static str {
    match kind {
        RequestKind::ConfirmCommitment => "confirmer l’engagement de l’entreprise",
        RequestKind::ConfirmReport => "confirmer le bilan final",
        RequestKind::SignPif => "signer le programme individuel (PIF)",
        RequestKind::SignSequences => "signer les séquences",
        RequestKind::SignAttendance => "signer l’état mensuel de présence",
    }
}

fn request_until(path: &Path, clocks: &[Clock], kind: RequestKind) -> Option<Day> {
    match kind {
        RequestKind::ConfirmCommitment => path.commitment.asked.map(|(_, until)| until),
        RequestKind::ConfirmReport => path.report_confirmation.asked.map(|(_, until)| until),
        RequestKind::SignPif => {
            clocks.iter().find(|clock| clock.kind == ClockKind::Signatures).map(|clock| clock.due_on)
        }
        RequestKind::SignSequences | RequestKind::SignAttendance => None,
    }
}

/// Whether people outside hear of a clock: not of the contract's own, nor of what staff declares, nor of pay or an accident.
pub(crate) fn shown_outside(kind: ClockKind) -> bool {
    match kind {
        ClockKind::NeedDecision
        | ClockKind::StudyDue
        | ClockKind::PreparationOrder
        | ClockKind::PreparationDue
        | ClockKind::Verification
        | ClockKind::CompanyAnswer
        | ClockKind::SelectionOpening
        | ClockKind::Selection
        | ClockKind::PlaceOffer
        | ClockKind::Signatures
        | ClockKind::ImplementationOrder
        | ClockKind::ReportDue => true,
        ClockKind::Acceptance
        | ClockKind::Redelivery
        | ClockKind::RegionChoice
        | ClockKind::Observations
        | ClockKind::Reservation
        | ClockKind::Entry
        | ClockKind::EntryDeclaration
        | ClockKind::MissingLog
        | ClockKind::Attendance
        | ClockKind::TrainingEnd
        | ClockKind::Suspension
        | ClockKind::FollowUp
        | ClockKind::Accident
        | ClockKind::FormalNotice => false,
    }
}

pub(crate) fn ask(
    path: &Path,
    clocks: &[Clock],
    request: Option<&Asked>,
    role: RecipientRole,
    today: Day,
) -> Option<Ask> {
    match role {
        RecipientRole::Company | RecipientRole::Trainee | RecipientRole::Tutor => {
            let until = request.and_then(|request| request_until(path, clocks, request.kind));
            Some(Ask { until: until.map(|day| Until::new(day, today)), ..outside_ask(request) })
        }
        RecipientRole::Body | RecipientRole::Region | RecipientRole::Finance => {
            let ball = clocks.first().filter(|clock| Some(clock.holder) == side(role) && leads_on(clock.kind));
            let label = ball.map_or("Ouvrir le parcours", |clock| staff_label(path.state, clock.kind));
            Some(Ask { label, until: None, link: LinkPurpose::Staff })
        }
        RecipientRole::Candidate => None,
    }
}

/// Whether a clock waits for the step that comes next, and not for something to keep up meanwhile.
pub(crate) fn leads_on(kind: ClockKind) -> bool {
    match kind {
        ClockKind::NeedDecision
        | ClockKind::StudyDue
        | ClockKind::PreparationOrder
        | ClockKind::PreparationDue
        | ClockKind::Verification
        | ClockKind::Acceptance
        | ClockKind::Redelivery
        | ClockKind::RegionChoice
        | ClockKind::Observations
        | ClockKind::SelectionOpening
        | ClockKind::Selection
        | ClockKind::PlaceOffer
        | ClockKind::Signatures
        | ClockKind::ImplementationOrder
        | ClockKind::Entry
        | ClockKind::EntryDeclaration
        | ClockKind::Suspension
        | ClockKind::ReportDue
        | ClockKind::FormalNotice => true,
        ClockKind::CompanyAnswer
        | ClockKind::Reservation
        | ClockKind::MissingLog
        | ClockKind::Attendance
        | ClockKind::TrainingEnd
        | ClockKind::FollowUp
        | ClockKind::Accident => false,
    }
}

/// The button of a person outside, without a day: what is asked, or the page that follows the path.
pub(crate) fn outside_ask(request: Option<&Asked>) -> Ask {
    match request {
        Some(request) => Ask {
            label: request_label(request.kind),
            until: None,
            link: LinkPurpose::Answer(request.kind, request.version),
        },
        None => Ask { label: "Suivre le parcours", until: None, link: LinkPurpose::Follow },
    }
}

pub(crate) fn request_label(kind: RequestKind) -> &'static str {
    match kind {
        RequestKind::ConfirmCommitment => "Confirmer l’engagement",
        RequestKind::ConfirmReport => "Confirmer le bilan final",
        RequestKind::SignPif => "Signer le programme individuel",
        RequestKind::SignSequences => "Signer les séquences",
        RequestKind::SignAttendance => "Signer l’état de présence",
    }
}

/// The button of who holds the ball, by what is waited.
pub(crate) fn staff_label(state: State, kind: ClockKind) -> &'static str {
    match kind {
        ClockKind::NeedDecision => "Décider de la suite",
        ClockKind::StudyDue if state == State::FeasibilityOrdered => "Fixer la première visite",
        ClockKind::StudyDue => "Ouvrir l’étude",
        ClockKind::PreparationOrder => "Commander la préparation",
        ClockKind::PreparationDue if state == State::PreparationOrdered => "Démarrer la préparation",
        ClockKind::PreparationDue => "Ouvrir la préparation",
        ClockKind::Verification => match state.delivered() {
            Some(Prestation::Feasibility) => "Vérifier l’étude",
            Some(Prestation::Preparation) => "Vérifier la préparation",
            Some(Prestation::Implementation) | None => "Vérifier le bilan",
        },
        ClockKind::Acceptance => "Répondre à l’ajournement",
        ClockKind::Redelivery => "Remettre de nouveau",
        ClockKind::RegionChoice => "Choisir la suite",
        ClockKind::Observations => "Présenter des observations",
        ClockKind::SelectionOpening => "Ouvrir la sélection",
        ClockKind::Selection => "Retenir un candidat",
        ClockKind::PlaceOffer => "Confirmer la place",
        ClockKind::Signatures => "Signer le programme individuel",
        ClockKind::ImplementationOrder => "Commander la mise en œuvre",
        ClockKind::Entry => "Déclarer l’entrée",
        ClockKind::EntryDeclaration => "Enregistrer les références",
        ClockKind::MissingLog => "Compléter le relevé",
        ClockKind::Attendance => "Signer l’état de présence",
        ClockKind::TrainingEnd => "Déclarer la fin",
        ClockKind::Suspension => "Déclarer la reprise",
        ClockKind::ReportDue => "Préparer le bilan",
        ClockKind::FollowUp => "Enregistrer la situation",
        ClockKind::Accident => "Ouvrir le signalement",
        ClockKind::FormalNotice => "Remettre le bilan",
        ClockKind::CompanyAnswer | ClockKind::Reservation => "Ouvrir le parcours",
    }
}
