//! One step on several paths: what may be chosen, what would happen on each, what happened.
//!
//! Each path is a transaction of its own under a key of its own, derived from the form's: what succeeded stays, what failed
//! is said path by path, and the same form sent again repeats nothing.

use domain::form::{Field, FieldKind, Form};
use domain::identifiers::PathReference;
use domain::path::decide::{available, sees};
use domain::path::{Act, Command, Path, Step, Transition};
use domain::people::Actor;

use crate::{App, AppError, Options, Outcome, Rehearsal, Target};

/// Most paths of one selection.
pub const MOST: usize = 50;

/// A path of a selection, with what came of it.
#[derive(Debug)]
pub struct Line<T> {
    pub path: Path,
    pub result: Result<T, AppError>,
}

/// Whether a step may be made on several paths: nothing of it is about one of them alone.
pub fn for_several(step: Step) -> bool {
    match step {
        Step::Transition(transition) => match transition {
            Transition::DeclineNeed
            | Transition::OrderFeasibility
            | Transition::AdjournFeasibility
            | Transition::AdmitFeasibility
            | Transition::OrderPreparation
            | Transition::StartPreparation
            | Transition::AdjournPreparation
            | Transition::AdmitPreparation
            | Transition::OpenSelection
            | Transition::OrderImplementation
            | Transition::AdjournReport
            | Transition::AdmitReport => true,
            Transition::ReportNeed
            | Transition::OpenSibling
            | Transition::StartFeasibility
            | Transition::DeliverFeasibility
            | Transition::RejectFeasibility
            | Transition::DeliverPreparation
            | Transition::RejectPreparation
            | Transition::SelectCandidate
            | Transition::SignPif
            | Transition::EnterTraining
            | Transition::AnnulEntry
            | Transition::Suspend
            | Transition::Resume
            | Transition::EndTraining
            | Transition::DeliverReport
            | Transition::RejectReport
            | Transition::CloseWithoutReport
            | Transition::WithdrawCandidate
            | Transition::Cancel => false,
        },
        Step::Act(act) => matches!(
            act,
            Act::AskConfirmation
                | Act::AcceptAdjournment
                | Act::OrderTutorTraining
                | Act::ApproveLevel
                | Act::AddNote
                | Act::ChangeContact
                | Act::AssignCoordinator
        ),
    }
}

/// Whether a step makes sense on these paths together: a person is replaced within one company.
fn suits(step: Step, paths: &[Path]) -> bool {
    let mut companies = paths.iter().map(|path| &path.workplace.siret);
    let first = companies.next();
    step != Step::Act(Act::ChangeContact) || companies.all(|company| Some(company) == first)
}

/// The fields asked once for all the paths; amounts and documents belong to one path.
pub fn fields(step: Step) -> Vec<Field> {
    let shared = |field: &Field| match field.kind {
        FieldKind::Money | FieldKind::Document => false,
        FieldKind::Line
        | FieldKind::Text
        | FieldKind::Boolean
        | FieldKind::Number
        | FieldKind::Day
        | FieldKind::Moment
        | FieldKind::Email
        | FieldKind::Phone
        | FieldKind::Siret
        | FieldKind::Commune
        | FieldKind::Rome
        | FieldKind::Level
        | FieldKind::Lot
        | FieldKind::Reference
        | FieldKind::Choice(_)
        | FieldKind::Conditions
        | FieldKind::Units => true,
    };
    let mut fields = Command::fields(step);
    fields.retain(shared);
    fields
}

impl App {
    /// The chosen paths that the reader sees, in the order asked.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn selected(&self, actor: &Actor, references: &[PathReference]) -> Result<Vec<Path>, AppError> {
        if matches!(actor, Actor::Outside { .. }) {
            return Err(AppError::NotFound);
        }
        let tx = self.store().begin_read().await?;
        let mut paths = Vec::new();
        for reference in references.iter().take(MOST) {
            let stored = tx.path_by_reference(reference).await?.filter(|stored| sees(actor, &stored.path));
            paths.extend(stored.map(|stored| stored.path));
        }
        Ok(paths)
    }

    /// The steps that may be chosen for some of the paths, with how many of them each is open on.
    pub fn steps_for(actor: &Actor, paths: &[Path]) -> Vec<(Step, usize)> {
        let open: Vec<Vec<Step>> = paths.iter().map(|path| available(path, actor)).collect();
        let count = |step: &Step| open.iter().filter(|steps| steps.contains(step)).count();
        Step::all()
            .filter(|step| for_several(*step) && suits(*step, paths))
            .map(|step| (step, count(&step)))
            .filter(|(_, number)| *number > 0)
            .collect()
    }

    /// What a step would do on each path; writes nothing.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn rehearse_several(
        &self,
        actor: &Actor,
        references: &[PathReference],
        step: Step,
        form: &Form,
    ) -> Result<Vec<Line<Rehearsal>>, AppError> {
        let mut lines = Vec::new();
        let selected = self.selected(actor, references).await?;
        if !suits(step, &selected) {
            return Err(AppError::NotFound);
        }
        for path in selected {
            let target = Target::Path(path.reference.clone());
            let result = passing(Box::pin(self.rehearse(actor, &target, step, form, &Options::default())).await)?;
            lines.push(Line { path, result });
        }
        Ok(lines)
    }

    /// Makes a step on each path; what succeeds stays whatever becomes of the others.
    ///
    /// # Errors
    /// The store does not answer; what was done before is kept, and the same key repeats nothing.
    pub async fn advance_several(
        &self,
        actor: &Actor,
        references: &[PathReference],
        step: Step,
        form: &Form,
        key: &str,
    ) -> Result<Vec<Line<Outcome>>, AppError> {
        let mut lines = Vec::new();
        let selected = self.selected(actor, references).await?;
        if !for_several(step) || !suits(step, &selected) {
            return Err(AppError::NotFound);
        }
        for path in selected {
            let target = Target::Path(path.reference.clone());
            let options = Options { idempotency_key: Some(format!("{key}/{}", path.reference)), ..Options::default() };
            let result = passing(Box::pin(self.advance(actor, &target, step, form, &options)).await)?;
            lines.push(Line { path, result });
        }
        Ok(lines)
    }
}

/// What concerns one path is its result; a store that does not answer concerns them all.
fn passing<T>(result: Result<T, AppError>) -> Result<Result<T, AppError>, AppError> {
    match result {
        Err(error @ (AppError::Store(_) | AppError::NoMarket)) => Err(error),
        other => Ok(other),
    }
}
