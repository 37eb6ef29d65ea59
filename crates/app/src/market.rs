//! Terms of markets: the file proposes, applying records a dated version, the store's versions rule.

use domain::Day;
use domain::calendar::paris_day;
use domain::market::{Market, TermsVersion};
use persistence::{CounterOutcome, NewTerms, terms_digest};

use crate::{App, AppError};

/// What applying the terms of a market did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarketChange {
    Recorded(TermsVersion),
    /// The terms in force say the same already.
    Unchanged(TermsVersion),
    /// More is engaged already than the new budget or maximum allows: nothing was recorded.
    Engaged,
}

/// A recorded version of a market's terms, for lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarketStatus {
    pub market: Market,
    pub version: TermsVersion,
    pub effective_on: Day,
    pub recorded_by: String,
    pub reference: Option<String>,
    /// In force today.
    pub current: bool,
}

impl App {
    /// Records a version of a market's terms, in force from a day; quotas of existing years follow it.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn apply_market(
        &self,
        by: &str,
        market: &Market,
        effective_on: Day,
        reference: Option<&str>,
    ) -> Result<MarketChange, AppError> {
        let tx = self.store().begin_write().await?;
        let now = tx.now().await?;
        if let Some(current) = tx.current_terms(&market.code, effective_on).await?
            && current.digest == terms_digest(market)
        {
            return Ok(MarketChange::Unchanged(current.terms.version));
        }
        let version = tx.insert_terms(&NewTerms { market, effective_on, recorded_by: by, reference }, now).await?;
        let year = chrono::Datelike::year(&effective_on);
        if tx.set_funds(market, year).await? == CounterOutcome::Refused {
            return Ok(MarketChange::Engaged);
        }
        tx.set_places(market, year).await?;
        tx.commit().await?;
        self.forget_book();
        Ok(MarketChange::Recorded(version))
    }

    /// Every recorded version, oldest first.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn markets(&self) -> Result<Vec<MarketStatus>, AppError> {
        let tx = self.store().begin_read().await?;
        let today = paris_day(tx.now().await?);
        let records = tx.all_terms().await?;
        let current = |code: &str| {
            let known =
                records.iter().filter(|record| record.terms.market.code == code && record.effective_on <= today);
            known.max_by_key(|record| (record.effective_on, record.terms.version)).map(|record| record.terms.version)
        };
        Ok(records
            .iter()
            .map(|record| MarketStatus {
                market: record.terms.market.clone(),
                version: record.terms.version,
                effective_on: record.effective_on,
                recorded_by: record.recorded_by.clone(),
                reference: record.reference.clone(),
                current: current(&record.terms.market.code) == Some(record.terms.version),
            })
            .collect())
    }
}
