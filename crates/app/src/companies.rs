//! A company seen through its paths: its people, what it promised, what was sent to it.
//!
//! A reader sees a company through the paths that they see: none, and there is no such company. However many paths there are,
//! the same few statements read them, and a bounded number of each thing is shown.

use std::collections::HashMap;

use domain::identifiers::{PathId, Siret};
use domain::path::decide::sees;
use domain::path::{Path, State};
use domain::people::{Actor, Person, RecipientRole};
use persistence::{Message, MessageFilter, PathFilter, PathLine, PathOrder, PathSort};
use strum::IntoEnumIterator;

use crate::{App, AppError};

/// Most paths looked at.
const PATHS: u64 = 60;
/// Most messages shown.
const MESSAGES: usize = 20;
/// Whom of a company one writes to.
const THEIRS: [RecipientRole; 2] = [RecipientRole::Company, RecipientRole::Tutor];

/// A path of the company, with its people and what it says of the company.
#[derive(Debug, Clone)]
pub struct CompanyPath {
    pub line: PathLine,
    pub path: Path,
    /// Contact, tutors: never the trainee.
    pub people: Vec<Person>,
}

/// A company.
#[derive(Debug, Clone)]
pub struct CompanyView {
    pub siret: Siret,
    /// As its latest path names it.
    pub name: String,
    /// The last opened first.
    pub paths: Vec<CompanyPath>,
    /// How many there are, and how many of them have not ended.
    pub in_all: u64,
    pub open: u64,
    /// The last queued first.
    pub messages: Vec<(Message, PathLine)>,
    /// There are older ones.
    pub more_messages: bool,
}

impl App {
    /// A company with everything that the reader may see of it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when no path of the reader is the company's.
    pub async fn company(&self, actor: &Actor, siret: &Siret) -> Result<CompanyView, AppError> {
        let tx = self.store().begin_read().await?;
        let book = self.book(&tx).await?;
        let asked = PathFilter {
            siret: Some(siret.clone()),
            order: PathOrder { by: PathSort::Opened, descending: true },
            limit: PATHS,
            ..PathFilter::default()
        };
        let asked = Self::allowed(&book, actor, &asked)?;
        let mut lines = tx.list_paths(&asked).await?;
        let ids: Vec<PathId> = lines.iter().map(|line| line.id).collect();
        let stored = tx.paths_by_ids(&ids).await?;
        let mut seen: HashMap<PathId, Path> = stored
            .into_iter()
            .filter(|stored| sees(actor, &stored.path))
            .map(|stored| (stored.path.id, stored.path))
            .collect();
        lines.retain(|line| seen.contains_key(&line.id));
        let ids: Vec<PathId> = lines.iter().map(|line| line.id).collect();
        let mut people = tx.people_of(&ids).await?;
        people.retain(|person| THEIRS.contains(&person.role));
        let filter = MessageFilter {
            paths: Some(ids),
            roles: THEIRS.to_vec(),
            limit: Some(u64::try_from(MESSAGES).unwrap_or(u64::MAX).saturating_add(1)),
            ..MessageFilter::default()
        };
        let mut sent = tx.messages(&filter).await?;
        let more_messages = sent.len() > MESSAGES;
        sent.truncate(MESSAGES);
        let line_of =
            |message: &Message| lines.iter().find(|line| Some(line.id) == message.content.about.path).cloned();
        let messages = sent.into_iter().filter_map(|message| line_of(&message).map(|line| (message, line))).collect();
        let name = lines.first().ok_or(AppError::NotFound)?.company.clone();
        let open = State::iter().filter(|state| !state.is_final()).collect();
        let open = tx.count_paths(&PathFilter { states: open, ..asked.clone() }).await?;
        let in_all = tx.count_paths(&asked).await?;
        let mut paths = Vec::new();
        for line in lines {
            let Some(path) = seen.remove(&line.id) else { continue };
            let people = people.iter().filter(|person| person.path == line.id).cloned().collect();
            paths.push(CompanyPath { line, path, people });
        }
        Ok(CompanyView { siret: siret.clone(), name, paths, in_all, open, messages, more_messages })
    }
}
