//! Past paths: the entries of an earlier market, written with their own dates and without any message.
//!
//! A file is checked whole before anything is written ([`App::import_past`] takes rows already read); every row becomes a
//! path whose journal says that it was imported.

use chrono::Datelike;
use domain::identifiers::{EventId, PathId, PathReference, PersonId};
use domain::path::decide::{PastPath, PersonChange, import};
use domain::path::{Context, Effect, Event, Fresh, Recorded, Refusal, apply, effects};
use domain::people::{Actor, Person};
use domain::{Day, Instant};
use persistence::{Append, EntryStatistic, PathRowFacts, Tx};

use crate::{App, AppError, new_id, new_salt};

/// A row that is refused, by its place among the rows.
#[derive(Debug)]
pub struct BadRow {
    pub row: usize,
    pub error: AppError,
}

impl App {
    /// Imports past paths of a market: all of them, or none and the reason of every refused row.
    ///
    /// # Errors
    /// Every row that is refused; the store does not answer (a single bad row with row 0).
    pub async fn import_past(
        &self,
        actor: &Actor,
        market: &str,
        rows: &[PastPath],
        at: Option<Instant>,
        progress: &(dyn Fn(usize) + Sync),
    ) -> Result<Vec<PathReference>, Vec<BadRow>> {
        let whole = |error: AppError| vec![BadRow { row: 0, error }];
        let tx = self.store().begin_write().await.map_err(|error| whole(error.into()))?;
        let (mut references, mut bad) = (Vec::new(), Vec::new());
        for (row, past) in rows.iter().enumerate() {
            match self.import_one(&tx, actor, market, past, at).await {
                Ok(reference) => references.push(reference),
                Err(AppError::Store(error)) => return Err(whole(AppError::Store(error))),
                Err(error) => bad.push(BadRow { row, error }),
            }
            progress(row + 1);
        }
        if !bad.is_empty() {
            return Err(bad);
        }
        tx.commit().await.map_err(|error| whole(error.into()))?;
        Ok(references)
    }

    async fn import_one(
        &self,
        tx: &Tx,
        actor: &Actor,
        market: &str,
        past: &PastPath,
        at: Option<Instant>,
    ) -> Result<PathReference, AppError> {
        let book = self.book(tx).await?;
        let now = match at {
            Some(at) => at,
            None => tx.now().await?,
        };
        let terms = book.current(market, past.entered_on).ok_or(AppError::NoMarket)?;
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
                PersonChange::Add(person) => Some(person),
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
