//! Clocks: what is waited, from whom, until when.

use domain::Day;
use domain::clocks::{Clock, ReminderKind};
use domain::market::ClockKind;

use super::side;
use crate::dates;

/// What is waited, as an infinitive.
pub fn clock(clock: ClockKind) -> &'static str {
    match clock {
        ClockKind::NeedDecision => "commander l’étude ou classer le besoin sans suite",
        ClockKind::StudyDue => "remettre l’étude de faisabilité",
        ClockKind::PreparationOrder => "commander la préparation",
        ClockKind::PreparationDue => "remettre la préparation",
        ClockKind::Verification => "décider sur ce qui a été remis",
        ClockKind::Acceptance => "accepter ou refuser l’ajournement",
        ClockKind::Redelivery => "remettre de nouveau après l’ajournement",
        ClockKind::RegionChoice => "choisir entre la réfaction et le rejet",
        ClockKind::Observations => "présenter ses observations",
        ClockKind::CompanyAnswer => "répondre à la demande de confirmation",
        ClockKind::SelectionOpening => "ouvrir la sélection du candidat",
        ClockKind::Selection => "retenir un candidat",
        ClockKind::PlaceOffer => "confirmer le candidat pour la place proposée",
        ClockKind::Signatures => "signer le PIF",
        ClockKind::ImplementationOrder => "commander la mise en œuvre",
        ClockKind::Reservation => "utiliser la place réservée",
        ClockKind::Entry => "déclarer l’entrée en formation",
        ClockKind::EntryDeclaration => "enregistrer les références SAFIR et rému",
        ClockKind::MissingLog => "compléter le relevé des séquences",
        ClockKind::Attendance => "signer l’état mensuel de présence",
        ClockKind::TrainingEnd => "déclarer la fin de la formation",
        ClockKind::Suspension => "reprendre la formation ou y mettre fin",
        ClockKind::ReportDue => "remettre le bilan final",
        ClockKind::FollowUp => "enregistrer la situation après le parcours",
        ClockKind::Accident => "déclarer l’accident",
        ClockKind::FormalNotice => "répondre à la mise en demeure",
    }
}

/// What a planned row is.
pub fn reminder(kind: ReminderKind) -> &'static str {
    match kind {
        ReminderKind::Reminder => "Rappel",
        ReminderKind::Escalation => "Alerte à la Région",
        ReminderKind::Expiry => "Fin du délai",
    }
}

/// A clock that runs, `Région : commander la mise en œuvre, au plus tard le 4 décembre 2026`.
pub fn waiting(running: &Clock, today: Day) -> String {
    let Clock { kind, holder, due_on, started_on: _ } = running;
    format!("{}\u{a0}: {}, {}", side(*holder), clock(*kind), dates::deadline(*due_on, today))
}
