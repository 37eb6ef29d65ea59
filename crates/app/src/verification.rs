//! What is delivered and waits for the Region: the queue of verifications, the oldest deadline first.

use domain::calendar::paris_day;
use domain::clocks::{Clock, clocks};
use domain::market::{ClockKind, Prestation};
use domain::money::Cents;
use domain::path::command::DocumentKind;
use domain::path::decide::available;
use domain::path::record::{Delivered, Observations};
use domain::path::{Act, Path, State, Step, Transition};
use domain::people::{Actor, Side};
use persistence::{Document, PathCursor, PathFilter, PathLine};

use crate::queries::lots_seen;
use crate::{App, AppError};

/// States in which the Region looks at what was delivered, or chooses after an adjournment.
const STATES: [State; 6] = [
    State::FeasibilityDelivered,
    State::PreparationDelivered,
    State::ReportDelivered,
    State::FeasibilityAdjourned,
    State::PreparationAdjourned,
    State::ReportAdjourned,
];

/// A prestation to verify.
#[derive(Debug, Clone)]
pub struct ToVerify {
    pub line: PathLine,
    pub prestation: Prestation,
    pub delivered: Option<Delivered>,
    /// Who delivered.
    pub by: Option<String>,
    /// The clock of the decision; silence admits at the end of a verification.
    pub clock: Option<Clock>,
    pub observations: Option<Observations>,
    pub documents: Vec<Document>,
    /// The price of the units drawn, excluding tax.
    pub price: Cents,
    pub rejections: u32,
    /// What the reader may decide.
    pub steps: Vec<Step>,
    /// The reader delivered it: someone else decides.
    pub prices_confirmed: bool,
}

/// A page of the queue.
#[derive(Debug, Clone)]
pub struct Verifications {
    pub queue: Vec<ToVerify>,
    /// How many there are over all the pages.
    pub all: u64,
    /// Where the next page begins.
    pub later: Option<PathCursor>,
}

/// Which pieces a prestation is judged on.
fn piece(kind: DocumentKind, prestation: Prestation) -> bool {
    match kind {
        DocumentKind::FeasibilityReport | DocumentKind::CommitmentLetter => prestation == Prestation::Feasibility,
        DocumentKind::Programme
        | DocumentKind::WorkAnalysis
        | DocumentKind::EvaluationGrid
        | DocumentKind::TutorCertificate => prestation == Prestation::Preparation,
        DocumentKind::Pif
        | DocumentKind::FinalReport
        | DocumentKind::CompletionCertificate
        | DocumentKind::Evidence => prestation == Prestation::Implementation,
        DocumentKind::AnswerScan | DocumentKind::Other => true,
    }
}

/// The decisions of a verification.
fn decides(step: &Step) -> bool {
    matches!(
        step,
        Step::Transition(
            Transition::AdmitFeasibility
                | Transition::AdjournFeasibility
                | Transition::RejectFeasibility
                | Transition::AdmitPreparation
                | Transition::AdjournPreparation
                | Transition::RejectPreparation
                | Transition::AdmitReport
                | Transition::AdjournReport
                | Transition::RejectReport
        ) | Step::Act(Act::AskObservations)
    )
}

fn prestation(path: &Path) -> Option<Prestation> {
    path.state.delivered().or(path.state.adjourned())
}

impl App {
    /// What waits for the Region's decision, the oldest deadline first: the page of it that follows a cursor of the same order.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a body or someone outside; the store does not answer.
    pub async fn verifications(&self, actor: &Actor, filter: &PathFilter) -> Result<Verifications, AppError> {
        let tx = self.store().begin_read().await?;
        let book = self.book(&tx).await?;
        if lots_seen(&book, actor)?.is_some() {
            return Err(AppError::NotFound);
        }
        let today = paris_day(tx.now().await?);
        let asked = PathFilter {
            states: STATES.to_vec(),
            holder: Some(Side::Region),
            limit: filter.limit.saturating_add(1),
            ..filter.clone()
        };
        let all = tx.count_paths(&asked).await?;
        let mut lines = tx.list_paths(&asked).await?;
        let more = u64::try_from(lines.len()).unwrap_or(u64::MAX) > filter.limit;
        lines.truncate(usize::try_from(filter.limit).unwrap_or(usize::MAX));
        let later = lines.last().filter(|_| more).map(PathLine::cursor);
        let mut queue = Vec::with_capacity(lines.len());
        for line in lines {
            let Some(path) = tx.path_by_id(line.id).await?.map(|stored| stored.path) else { continue };
            let Some(prestation) = prestation(&path) else { continue };
            let Some(terms) = book.current(&path.market, today) else { continue };
            let file = path.file(prestation);
            let running = clocks(&path, &terms.market, today);
            let clock = running
                .iter()
                .find(|clock| matches!(clock.kind, ClockKind::Verification | ClockKind::RegionChoice))
                .copied();
            let mut documents = tx.documents(path.id).await?;
            documents.retain(|document| piece(document.kind, prestation));
            let by = file.delivered.as_ref().and_then(|delivered| delivered.by);
            queue.push(ToVerify {
                prestation,
                delivered: file.delivered.clone(),
                by: by.and_then(|id| book.account(id)).map(|account| account.name.clone()),
                clock,
                observations: file.observations.clone(),
                documents,
                price: file.price(),
                rejections: file.rejections,
                steps: available(&path, actor).into_iter().filter(decides).collect(),
                prices_confirmed: terms.market.prices_confirmed,
                line,
            });
        }
        Ok(Verifications { queue, all, later })
    }
}
