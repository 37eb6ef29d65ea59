//! One lot as people look at it, and its quota raised by an amendment.
//!
//! Raising the quota records a dated version of the terms, with the reference of the amendment: the number of today and the
//! number of every year from this one on follow it.

use chrono::Datelike;
use domain::calendar::paris_day;
use domain::form::{FieldError, FieldProblem};
use domain::identifiers::{LotCode, PathReference};
use domain::market::{Market, TermsVersion};
use domain::path::decide::sees;
use domain::people::{Actor, StaffRole};
use domain::places::{PlaceAlert, Places};
use domain::{Day, Instant};
use persistence::{LotYear, NewTerms, OptionMoney};

use crate::order_desk::{Purse, purse};
use crate::orders::Ending;
use crate::queries::lots_seen;
use crate::{App, AppError, LotView};

/// Longest reference of an amendment.
const REFERENCE: usize = 200;

/// Someone who waits for a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiter {
    pub path: PathReference,
    pub company: String,
    pub job: String,
    pub since: Option<Day>,
}

/// A number of planned paths a year that was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quota {
    pub version: TermsVersion,
    pub places: Option<u32>,
    pub effective_on: Day,
    pub recorded_by: String,
    pub reference: Option<String>,
}

/// One lot in full.
#[derive(Debug, Clone)]
pub struct LotPage {
    pub view: LotView,
    pub terms: Market,
    /// By year of entry, this year always there.
    pub places: Vec<Places>,
    /// The queue of each year, the first to be served first.
    pub waiting: Vec<(i32, Vec<Waiter>)>,
    /// The money of this year, for the Region.
    pub purse: Option<Purse>,
    /// What the lot's own orders charge to this year, for the Region.
    pub year: Option<LotYear>,
    pub options: Vec<OptionMoney>,
    pub alerts: Vec<(i32, PlaceAlert, Instant)>,
    /// The quota as it was recorded, the last first.
    pub quotas: Vec<Quota>,
    /// The other markets that have a lot of this code.
    pub other_markets: Vec<(String, String)>,
    pub may_raise: bool,
}

/// What raising a quota did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuotaChange {
    Raised {
        before: u32,
        after: u32,
    },
    /// The number is the one in force.
    Unchanged(u32),
    /// Fewer than are planned: an amendment raises.
    NotMore {
        now: u32,
    },
    /// The contract's maximum of places.
    AboveMaximum {
        maximum: u32,
    },
    /// A version of the terms that comes into force later says another number.
    LaterTerms {
        effective_on: Day,
    },
    /// The lot has no quota.
    NoQuota,
}

fn raises(actor: &Actor) -> bool {
    match actor {
        Actor::Staff { role, .. } => matches!(role, StaffRole::RegionOfficer | StaffRole::Administrator),
        Actor::Outside { .. } | Actor::System => false,
    }
}

impl App {
    /// One lot in full, of the market in force or of the one named.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it is not there for this reader.
    pub async fn lot_page(&self, actor: &Actor, code: &LotCode, market: Option<&str>) -> Result<LotPage, AppError> {
        let mut views = self.lots(actor).await?;
        views.retain(|view| &view.lot.code == code);
        views.sort_by_key(|view| view.past);
        let chosen = match market {
            Some(market) => views.iter().position(|view| view.market == market),
            None => (!views.is_empty()).then_some(0),
        };
        let view = views.remove(chosen.ok_or(AppError::NotFound)?);
        let tx = self.store().begin_read().await?;
        let book = self.book(&tx).await?;
        let today = paris_day(tx.now().await?);
        let terms = book.current(&view.market, today).ok_or(AppError::NotFound)?.market.clone();
        let mut places = tx.places(&view.market, Some(code)).await?;
        // This year and the next, as long as the market lasts, are told before anybody took a place of them.
        for year in [today.year(), today.year() + 1] {
            let lasts = year <= terms.ends_on.year();
            if !view.past && lasts && places.iter().all(|places| places.year != year) {
                places.push(tx.places_of(&terms, code, year).await?);
            }
        }
        places.sort_by_key(|places| places.year);
        let mut waiting = Vec::new();
        for year in places.iter().map(|places| places.year) {
            let mut queue = Vec::new();
            for reference in tx.waiting(&view.market, code, year).await? {
                let stored = tx.path_by_reference(&reference).await?.filter(|stored| sees(actor, &stored.path));
                let Some(stored) = stored else { continue };
                queue.push(Waiter {
                    since: stored.path.waiting.as_ref().map(|waiting| waiting.since),
                    company: stored.path.workplace.company,
                    job: stored.path.job.title,
                    path: reference,
                });
            }
            if !queue.is_empty() {
                waiting.push((year, queue));
            }
        }
        let (purse, year) = match lots_seen(&book, actor)? {
            None => {
                let mut years = tx.lot_years(&view.market).await?.into_iter();
                let year = years.find(|of| (&of.lot, of.year) == (code, today.year()));
                (Some(purse(&tx, &terms, code, today.year()).await?), year)
            }
            Some(_) => (None, None),
        };
        let mut quotas = Vec::new();
        for record in book.terms.iter().filter(|record| record.terms.market.code == view.market) {
            let Some(lot) = record.terms.market.lot(code) else { continue };
            quotas.push(Quota {
                version: record.terms.version,
                places: lot.places_per_year,
                effective_on: record.effective_on,
                recorded_by: record.recorded_by.clone(),
                reference: record.reference.clone(),
            });
        }
        quotas.sort_by_key(|quota| quota.version);
        quotas.dedup_by(|later, earlier| later.places == earlier.places && later.reference.is_none());
        quotas.reverse();
        Ok(LotPage {
            options: tx.option_money(&view.market, code).await?,
            alerts: tx.place_alerts(&view.market, code).await?,
            may_raise: raises(actor) && !view.past && view.lot.places_per_year.is_some(),
            other_markets: views.into_iter().map(|view| (view.market, view.title)).collect(),
            terms,
            places,
            waiting,
            purse,
            year,
            quotas,
            view,
        })
    }

    /// Raises the planned paths a year of a lot, from this year on, under the reference of an amendment.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for who may not, or an unknown lot; [`AppError::Invalid`] without a reference.
    pub async fn raise_quota(
        &self,
        actor: &Actor,
        code: &LotCode,
        after: u32,
        reference: &str,
    ) -> Result<QuotaChange, AppError> {
        self.quota_change(actor, code, after, reference, Ending::Commit).await
    }

    /// What raising it would answer; nothing is written.
    ///
    /// # Errors
    /// As [`App::raise_quota`].
    pub async fn rehearse_quota(
        &self,
        actor: &Actor,
        code: &LotCode,
        after: u32,
        reference: &str,
    ) -> Result<QuotaChange, AppError> {
        self.quota_change(actor, code, after, reference, Ending::Rollback).await
    }

    async fn quota_change(
        &self,
        actor: &Actor,
        code: &LotCode,
        after: u32,
        reference: &str,
        ending: Ending,
    ) -> Result<QuotaChange, AppError> {
        if !raises(actor) {
            return Err(AppError::NotFound);
        }
        let reference = reference.trim();
        let problem = match reference.chars().count() {
            0 => Some(FieldProblem::Missing),
            1..=REFERENCE => reference.chars().any(char::is_control).then_some(FieldProblem::ControlCharacters),
            _ => Some(FieldProblem::TooLong { max: REFERENCE }),
        };
        if let Some(problem) = problem {
            return Err(AppError::Invalid(vec![FieldError { field: "reference".to_owned(), problem }]));
        }
        let tx = self.store().begin_write().await?;
        let now = tx.now().await?;
        let today = paris_day(now);
        let records = tx.all_terms().await?;
        let open = records.iter().filter(|record| {
            let market = &record.terms.market;
            let covers = (market.starts_on..=market.ends_on).contains(&today);
            record.effective_on <= today && !market.past && covers && market.lot(code).is_some()
        });
        let current =
            open.max_by_key(|record| (record.effective_on, record.terms.version)).ok_or(AppError::NotFound)?;
        let mut market = current.terms.market.clone();
        let lot = market.lots.iter_mut().find(|lot| &lot.code == code).ok_or(AppError::NotFound)?;
        let Some(before) = lot.places_per_year else { return Ok(QuotaChange::NoQuota) };
        if after == before {
            return Ok(QuotaChange::Unchanged(before));
        }
        if after < before {
            return Ok(QuotaChange::NotMore { now: before });
        }
        if let Some(maximum) = lot.maximum_places_per_year.filter(|maximum| after > *maximum) {
            return Ok(QuotaChange::AboveMaximum { maximum });
        }
        let later = records
            .iter()
            .find(|record| record.terms.market.code == market.code && record.effective_on > today)
            .map(|record| record.effective_on);
        if let Some(effective_on) = later {
            return Ok(QuotaChange::LaterTerms { effective_on });
        }
        lot.places_per_year = Some(after);
        let new =
            NewTerms { market: &market, effective_on: today, recorded_by: actor.name(), reference: Some(reference) };
        tx.insert_terms(&new, now).await?;
        tx.set_places(&market, today.year()).await?;
        if ending == Ending::Rollback {
            tx.rollback().await?;
            return Ok(QuotaChange::Raised { before, after });
        }
        tx.commit().await?;
        self.forget_book();
        tracing::info!(lot = %code, before, after, reference, "the quota of a lot was raised");
        Ok(QuotaChange::Raised { before, after })
    }
}
