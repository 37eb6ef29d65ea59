//! Past paths: the entries of an earlier market, written with their own dates and without any message.
//!
//! A file is checked whole before anything is written ([`App::import_past`] takes rows already read); every row becomes a
//! path whose journal says that it was imported.

use std::collections::HashMap;

use chrono::Datelike;
use domain::Day;
use domain::identifiers::{EventId, PathId, PathReference, PersonId, Siret};
use domain::path::decide::{PastPath, PersonChange, import};
use domain::path::{Context, Effect, Event, Fresh, Recorded, Refusal, apply, effects};
use domain::people::{Actor, Person, Side};
use persistence::{Append, EntryStatistic, PathFilter, PathRowFacts, StoreError, Tx};

use crate::{App, AppError, new_id, new_salt};

/// How past paths are imported.
#[derive(Debug, Clone, Copy, Default)]
pub struct ImportOptions {
    /// Checks every row and writes nothing.
    pub rehearse: bool,
    /// Takes rows that are there already, or twice in the file.
    pub duplicates: bool,
}

/// A row that is refused, by its place among the rows.
#[derive(Debug)]
pub struct BadRow {
    pub row: usize,
    pub problem: RowProblem,
}

/// Why a row is refused.
#[derive(Debug)]
pub enum RowProblem {
    /// A rule, a right or the store.
    Refused(AppError),
    /// The same entry is there already: company, job, birth date and day of entry.
    Known(PathReference),
    /// An earlier row says the same entry.
    Repeated(usize),
}

/// What makes two rows the same entry.
type Entry = (Siret, String, Day, Day);

fn entry(past: &PastPath) -> Entry {
    (past.siret.clone(), same_job(&past.job), past.profile.birth_date, past.entered_on)
}

fn same_job(job: &str) -> String {
    job.trim().to_lowercase()
}

impl App {
    /// Imports past paths of a market: all of them, or none and the reason of every refused row. A rehearsal checks the same
    /// and writes nothing.
    ///
    /// # Errors
    /// Every row that is refused; the author has no right to import or the store does not answer (a single bad row with
    /// row 0).
    pub async fn import_past(
        &self,
        actor: &Actor,
        market: &str,
        rows: &[PastPath],
        options: ImportOptions,
        progress: &(dyn Fn(usize) + Sync),
    ) -> Result<Vec<PathReference>, Vec<BadRow>> {
        let whole = |error: AppError| vec![BadRow { row: 0, problem: RowProblem::Refused(error) }];
        if !matches!(actor.side(), Some(Side::Region | Side::System)) {
            return Err(whole(AppError::Forbidden));
        }
        let tx = self.store().begin_write().await.map_err(|error| whole(error.into()))?;
        let (mut references, mut bad, mut met) = (Vec::new(), Vec::new(), HashMap::new());
        for (row, past) in rows.iter().enumerate() {
            let first = *met.entry(entry(past)).or_insert(row);
            let repeated = (first < row && !options.duplicates).then_some(first);
            let done = self.import_row(&tx, actor, market, past, repeated, options).await;
            match done {
                Ok(reference) => references.push(reference),
                Err(RowProblem::Refused(AppError::Store(error))) => return Err(whole(AppError::Store(error))),
                Err(problem) => bad.push(BadRow { row, problem }),
            }
            progress(row + 1);
        }
        if !bad.is_empty() {
            return Err(bad);
        }
        let ended = if options.rehearse { tx.rollback().await } else { tx.commit().await };
        ended.map_err(|error| whole(error.into()))?;
        Ok(references)
    }

    /// A row that is there already is told as such only when nothing else is wrong with it.
    async fn import_row(
        &self,
        tx: &Tx,
        actor: &Actor,
        market: &str,
        past: &PastPath,
        repeated: Option<usize>,
        options: ImportOptions,
    ) -> Result<PathReference, RowProblem> {
        let known = match repeated {
            None if !options.duplicates => known(tx, past).await.map_err(|error| RowProblem::Refused(error.into()))?,
            Some(_) | None => None,
        };
        let imported = self.import_one(tx, actor, market, past).await.map_err(RowProblem::Refused)?;
        match (repeated, known) {
            (Some(first), _) => Err(RowProblem::Repeated(first)),
            (None, Some(known)) => Err(RowProblem::Known(known)),
            (None, None) => Ok(imported),
        }
    }

    async fn import_one(
        &self,
        tx: &Tx,
        actor: &Actor,
        market: &str,
        past: &PastPath,
    ) -> Result<PathReference, AppError> {
        let book = self.book(tx).await?;
        let now = tx.now().await?;
        // Before the first terms, the decision says that the market does not cover the day.
        let first = || book.terms.iter().map(|record| &record.terms).find(|terms| terms.market.code == market);
        let terms = book.current(market, past.entered_on).or_else(first).ok_or(AppError::NoMarket)?;
        let number = tx.next_number(&format!("path-{}-{}", past.lot, past.entered_on.year())).await?;
        let person = || (PersonId::new(new_id()), new_salt());
        let fresh = Fresh {
            path: PathId::new(new_id()),
            number: u32::try_from(number).expect("a counter starts at 1 and a lot never has four billion paths"),
            people: [person(), person()],
        };
        let decision = import(
            past.clone(),
            &Context {
                now,
                actor,
                terms,
                earlier_terms: &[],
                units: &[],
                places: &[],
                queued: 0,
                people: &[],
                source: None,
                colleague: None,
                fresh: &fresh,
            },
        )?;
        let (mut path, mut recorded, mut all) = (None, Vec::new(), Vec::new());
        for (decided, seq) in decision.events.into_iter().zip(1..) {
            let event = Recorded {
                id: EventId::new(new_id()),
                path: fresh.path,
                seq,
                effective_on: decided.effective_on,
                recorded_at: now,
                author: actor.clone(),
                terms: terms.version,
                event: decided.event,
            };
            all.extend(effects(path.as_ref(), &event.event, event.effective_on));
            path = Some(apply(path, &event).map_err(|error| AppError::Store(persistence::misfolded(&event, &error)))?);
            recorded.push(event);
        }
        let path = path.ok_or(Refusal::NotFound)?;
        let people: Vec<Person> = decision
            .people
            .into_iter()
            .filter_map(|change| match change {
                PersonChange::Add(person) | PersonChange::Update(person) => Some(person),
                PersonChange::Deactivate(_) => None,
            })
            .collect();
        let append = Append {
            before: None,
            after: &path,
            events: &recorded,
            facts: PathRowFacts::default(),
            idempotency_key: None,
            request_digest: None,
        };
        tx.append_path(&append, now).await?;
        tx.insert_persons(&people, now).await?;
        for statistic in statistics(past, &recorded, &path.lot, &path.market, past.entered_on) {
            tx.insert_statistic(&statistic).await?;
        }
        for effect in all {
            if let Effect::Place(place) = effect {
                tx.apply_place(&terms.market, &path.lot, place).await?.ok_or(AppError::NoMarket)?;
            }
        }
        Ok(path.reference)
    }
}

/// The path that holds the same entry already.
async fn known(tx: &Tx, past: &PastPath) -> Result<Option<PathReference>, StoreError> {
    let mut filter = PathFilter { siret: Some(past.siret.clone()), ..PathFilter::default() };
    loop {
        let page = tx.list_paths(&filter).await?;
        let Some(last) = page.last() else { return Ok(None) };
        filter.after = Some(last.cursor());
        for line in page {
            if line.entered_on != Some(past.entered_on) || same_job(&line.job) != same_job(&past.job) {
                continue;
            }
            let born = |person: &Person| person.profile.as_ref().map(|profile| profile.birth_date);
            if tx.people(line.id).await?.iter().any(|person| born(person) == Some(past.profile.birth_date)) {
                return Ok(Some(line.reference));
            }
        }
    }
}

fn statistics(
    past: &PastPath,
    recorded: &[Recorded],
    lot: &domain::identifiers::LotCode,
    market: &str,
    entered_on: Day,
) -> Vec<EntryStatistic> {
    let imported = recorded.iter().filter(|event| matches!(event.event, Event::PathImported { .. }));
    imported
        .map(|event| EntryStatistic {
            path: Some(event.path),
            event: event.id,
            market: market.to_owned(),
            lot: lot.clone(),
            entered_on,
            age: domain::calendar::completed_years(past.profile.birth_date, entered_on),
            level: past.profile.level,
            sex: past.profile.sex,
            rsa: past.profile.rsa,
            boe: past.profile.boe,
            department: past.commune.department(),
            recorded_at: event.recorded_at,
            annulled_at: None,
        })
        .collect()
}
