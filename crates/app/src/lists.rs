//! Lists of paths, page after page: what they count, what they can be narrowed to, who is named in them.
//!
//! Rights are those of [`App::paths`]: a body has its own paths. Names of candidates are searched only for readers
//! who may see them. Lists read columns; no path is folded here.

use domain::identifiers::{AccountId, Department, LotCode};
use domain::path::State;
use domain::people::{Account, Actor, StaffRole};
use domain::security::SecurityEvent;
use persistence::{PathCursor, PathFilter, PathLine, Tx};

use crate::book::Book;
use crate::queries::{body_seen, lots_seen, sees_profiles};
use crate::security_log::{Visitor, record};
use crate::{App, AppError};

/// Most lines that one export holds.
const EXPORTED: usize = 50_000;
/// Lines read at a time for an export.
const PAGE: u64 = 1_000;

/// A whole list, as a file holds it.
#[derive(Debug, Clone)]
pub struct Export {
    pub lines: Vec<PathLine>,
    /// The list is longer than a file may be: these are its first lines.
    pub cut: bool,
}

/// A page of a list of paths.
#[derive(Debug, Clone)]
pub struct PathPage {
    pub lines: Vec<PathLine>,
    /// Where the page before ends: it is asked with `before`.
    pub earlier: Option<PathCursor>,
    /// Where the page after begins: it is asked with `after`.
    pub later: Option<PathCursor>,
    /// How many stand in each state, whatever states are chosen.
    pub counts: Vec<(State, u64)>,
    /// How many the list holds over all its pages.
    pub total: u64,
}

/// A column of the board.
#[derive(Debug, Clone)]
pub struct BoardColumn {
    pub state: State,
    pub total: u64,
    /// The first of them, the oldest deadline first.
    pub lines: Vec<PathLine>,
}

/// What a list can be narrowed to, for one reader.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    pub lots: Vec<(LotCode, String)>,
    pub departments: Vec<Department>,
    /// Who may be in charge of a path, in the order of names.
    pub coordinators: Vec<(AccountId, String)>,
    /// The names of candidates are searched too.
    pub people: bool,
}

impl App {
    /// The filter as this reader may ask it.
    pub(crate) fn allowed(book: &Book, actor: &Actor, filter: &PathFilter) -> Result<PathFilter, AppError> {
        let mut filter = filter.clone();
        if let Some(seen) = lots_seen(book, actor)? {
            filter.lots = Some(match filter.lots {
                Some(asked) => asked.into_iter().filter(|lot| seen.contains(lot)).collect(),
                None => seen,
            });
        }
        filter.body = body_seen(actor).or(filter.body);
        filter.people = sees_profiles(actor);
        Ok(filter)
    }

    /// A page of paths with its counts.
    ///
    /// # Errors
    /// The reader is outside; the store does not answer.
    pub async fn path_page(&self, actor: &Actor, filter: &PathFilter) -> Result<PathPage, AppError> {
        let tx = self.store().begin_read().await?;
        let book = self.book(&tx).await?;
        let filter = Self::allowed(&book, actor, filter)?;
        let counts = counts(&tx, &filter).await?;
        let chosen = |state: &State| filter.states.is_empty() || filter.states.contains(state);
        let total = counts.iter().filter(|(state, _)| chosen(state)).map(|(_, number)| number).sum();
        let one_more = PathFilter { limit: filter.limit.saturating_add(1), ..filter.clone() };
        let mut lines = tx.list_paths(&one_more).await?;
        let backwards = filter.before.is_some();
        let more = lines.len() as u64 > filter.limit;
        if more && backwards {
            lines.remove(0);
        } else if more {
            lines.pop();
        }
        let cursor = |line: Option<&PathLine>| line.map(|line| line.cursor_in(filter.order));
        let earlier = if backwards { more } else { filter.after.is_some() };
        let later = backwards || more;
        Ok(PathPage {
            earlier: cursor(lines.first()).filter(|_| earlier),
            later: cursor(lines.last()).filter(|_| later),
            lines,
            counts,
            total,
        })
    }

    /// The board: the first paths of every state that has some.
    ///
    /// # Errors
    /// As [`App::path_page`].
    pub async fn path_board(
        &self,
        actor: &Actor,
        filter: &PathFilter,
        cards: u64,
    ) -> Result<(Vec<BoardColumn>, Vec<(State, u64)>), AppError> {
        let tx = self.store().begin_read().await?;
        let book = self.book(&tx).await?;
        let filter = Self::allowed(&book, actor, filter)?;
        let counts = counts(&tx, &filter).await?;
        let mut columns = Vec::new();
        for (state, total) in &counts {
            if !filter.states.is_empty() && !filter.states.contains(state) {
                continue;
            }
            let one = PathFilter { states: vec![*state], limit: cards, after: None, before: None, ..filter.clone() };
            columns.push(BoardColumn { state: *state, total: *total, lines: tx.list_paths(&one).await? });
        }
        Ok((columns, counts))
    }

    /// Every line of a list, for an export; noted in the security log, because it leaves the house.
    ///
    /// # Errors
    /// As [`App::path_page`]; [`AppError::TooManyExports`] when the account took as many files within the hour as the settings allow.
    pub async fn export_paths(
        &self,
        actor: &Actor,
        filter: &PathFilter,
        what: &str,
        visitor: &Visitor,
    ) -> Result<Export, AppError> {
        self.may_export(actor).await?;
        let mut filter = PathFilter { limit: PAGE, after: None, before: None, ..filter.clone() };
        let mut lines: Vec<PathLine> = Vec::new();
        loop {
            let page = self.path_page(actor, &filter).await?;
            filter.after = page.later;
            lines.extend(page.lines);
            if filter.after.is_none() || lines.len() >= EXPORTED {
                break;
            }
        }
        let cut = lines.len() > EXPORTED || filter.after.is_some();
        lines.truncate(EXPORTED);
        let tx = self.store().begin_write().await?;
        let detail = format!("{what}, {}", wording::reports::lines(lines.len() as i64));
        record(&tx, SecurityEvent::Exported, actor.account(), None, visitor, &detail).await?;
        tx.commit().await?;
        Ok(Export { lines, cut })
    }

    pub(crate) async fn may_export(&self, actor: &Actor) -> Result<(), AppError> {
        let most = self.settings().exports_per_hour;
        let may = self.fewer_within_hour(actor.account(), SecurityEvent::Exported, most).await?;
        if may { Ok(()) } else { Err(AppError::TooManyExports { most }) }
    }

    /// What a list can be narrowed to.
    ///
    /// # Errors
    /// The reader is outside; the store does not answer.
    pub async fn path_choices(&self, actor: &Actor) -> Result<Choices, AppError> {
        let tx = self.store().begin_read().await?;
        let book = self.book(&tx).await?;
        let seen = lots_seen(&book, actor)?;
        let mut choices = Choices { people: sees_profiles(actor), ..Choices::default() };
        for lot in book.terms.iter().flat_map(|record| &record.terms.market.lots) {
            if seen.as_ref().is_none_or(|seen| seen.contains(&lot.code)) {
                choices.lots.push((lot.code.clone(), lot.name.clone()));
                choices.departments.extend(lot.departments.iter().cloned());
            }
        }
        choices.lots.sort_unstable();
        choices.lots.dedup_by(|a, b| a.0 == b.0);
        choices.departments.sort_unstable();
        choices.departments.dedup();
        let coordinates = |account: &&Account| {
            account.role == StaffRole::Coordinator
                && match actor {
                    Actor::Staff { role: StaffRole::Coordinator, body, .. } => account.body == *body,
                    Actor::Staff { .. } | Actor::System => true,
                    Actor::Outside { .. } => false,
                }
        };
        let named = book.accounts.iter().filter(coordinates).map(|account| (account.id, account.name.clone()));
        choices.coordinators = named.collect();
        choices.coordinators.sort_by(|a, b| a.1.cmp(&b.1));
        Ok(choices)
    }
}

/// How many of a filter stand in each state, whatever states it names.
async fn counts(tx: &Tx, filter: &PathFilter) -> Result<Vec<(State, u64)>, AppError> {
    Ok(tx.count_by_state(&PathFilter { states: Vec::new(), ..filter.clone() }).await?)
}
