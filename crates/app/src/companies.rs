//! A company seen through its paths: its people, what it promised, what was sent to it.
//!
//! A reader sees a company through the paths that they see: none, and there is no such company.

use domain::identifiers::Siret;
use domain::path::decide::sees;
use domain::path::{Path, State};
use domain::people::{Actor, Person, RecipientRole};
use persistence::{Message, MessageFilter, PathFilter, PathLine, PathOrder, PathSort};

use crate::{App, AppError};

/// Most paths shown.
const PATHS: u64 = 60;
/// Most messages shown of one path.
const MESSAGES: u64 = 20;

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
    /// The last queued first.
    pub messages: Vec<(Message, PathLine)>,
}

impl CompanyView {
    /// The paths that have not ended.
    pub fn open(&self) -> impl Iterator<Item = &CompanyPath> {
        self.paths.iter().filter(|path| !State::is_final(path.path.state))
    }
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
        let lines = tx.list_paths(&Self::allowed(&book, actor, &asked)?).await?;
        let (mut paths, mut messages) = (Vec::new(), Vec::new());
        for line in lines {
            let Some(stored) = tx.path_by_id(line.id).await?.filter(|stored| sees(actor, &stored.path)) else {
                continue;
            };
            let mut people = tx.people(line.id).await?;
            people.retain(|person| matches!(person.role, RecipientRole::Company | RecipientRole::Tutor));
            let filter = MessageFilter { path: Some(line.id), limit: Some(MESSAGES * 4), ..MessageFilter::default() };
            let sent = tx.messages(&filter).await?;
            let theirs =
                |message: &Message| matches!(message.content.to.role, RecipientRole::Company | RecipientRole::Tutor);
            let sent = sent.into_iter().filter(theirs).take(usize::try_from(MESSAGES).unwrap_or(usize::MAX));
            messages.extend(sent.map(|message| (message, line.clone())));
            paths.push(CompanyPath { line, path: stored.path, people });
        }
        messages.sort_by_key(|(message, _)| std::cmp::Reverse(message.seq));
        let name = paths.first().ok_or(AppError::NotFound)?.line.company.clone();
        Ok(CompanyView { siret: siret.clone(), name, paths, messages })
    }
}
