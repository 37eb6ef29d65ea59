//! Versions of the terms of the markets: only added, each whole, numbered over all markets.

use domain::market::{Market, Terms, TermsVersion};
use domain::{Day, Instant};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use sha2::{Digest, Sha256};

use crate::entities::terms;
use crate::error::{Result, StoreError};
use crate::rows::{Row, json};
use crate::tx::Tx;

/// A version of the terms to record.
#[derive(Debug, Clone)]
pub struct NewTerms<'a> {
    pub market: &'a Market,
    pub effective_on: Day,
    pub recorded_by: &'a str,
    /// The amendment that changed the terms.
    pub reference: Option<&'a str>,
}

/// A recorded version of the terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermsRecord {
    pub terms: Terms,
    pub effective_on: Day,
    pub recorded_at: Instant,
    pub recorded_by: String,
    pub reference: Option<String>,
    /// SHA-256 of the content.
    pub digest: String,
}

/// What the store keeps as the digest of these terms: equal digests are equal terms.
pub fn terms_digest(market: &Market) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(json(market).as_bytes()))
}

impl TryFrom<terms::Model> for TermsRecord {
    type Error = StoreError;

    fn try_from(row: terms::Model) -> Result<Self> {
        let at = Row::new("terms", row.version);
        let market: Market = at.json("content", &row.content)?;
        if market.code != row.market {
            return Err(at.wrong("market", format!("the content is of the market {}", market.code)));
        }
        Ok(Self {
            terms: Terms { version: TermsVersion(row.version), market },
            effective_on: row.effective_on,
            recorded_at: row.recorded_at,
            recorded_by: row.recorded_by,
            reference: row.reference,
            digest: row.digest,
        })
    }
}

impl Tx {
    /// Records a version of the terms and returns its number.
    ///
    /// # Errors
    /// [`crate::Duplicate::TermsVersion`] when another version was recorded at the same time: try again.
    pub async fn insert_terms(&self, new: &NewTerms<'_>, now: Instant) -> Result<TermsVersion> {
        let last = terms::Entity::find()
            .select_only()
            .expr_as(Expr::col(terms::Column::Version).max(), "last")
            .into_tuple::<Option<i32>>();
        let last = self.run(last.one(self.db())).await?.flatten().unwrap_or_default();
        let row = terms::Model {
            version: last + 1,
            market: new.market.code.clone(),
            effective_on: new.effective_on,
            recorded_at: now,
            recorded_by: new.recorded_by.to_owned(),
            reference: new.reference.map(str::to_owned),
            content: json(new.market),
            digest: terms_digest(new.market),
        };
        let insert = terms::Entity::insert(row.into_active_model());
        self.run(insert.exec_without_returning(self.db())).await?;
        Ok(TermsVersion(last + 1))
    }

    /// The terms of a market in force on a day: the latest effective by then, of those the last recorded.
    ///
    /// # Errors
    /// The row makes no sense, or the store does not answer.
    pub async fn current_terms(&self, market: &str, day: Day) -> Result<Option<TermsRecord>> {
        let find = terms::Entity::find()
            .filter(terms::Column::Market.eq(market))
            .filter(terms::Column::EffectiveOn.lte(day))
            .order_by_desc(terms::Column::EffectiveOn)
            .order_by_desc(terms::Column::Version);
        self.run(find.one(self.db())).await?.map(TermsRecord::try_from).transpose()
    }

    /// The terms of this version.
    ///
    /// # Errors
    /// As [`Tx::current_terms`].
    pub async fn terms(&self, version: TermsVersion) -> Result<Option<TermsRecord>> {
        let find = terms::Entity::find_by_id(version.0);
        self.run(find.one(self.db())).await?.map(TermsRecord::try_from).transpose()
    }

    /// Every version, in the order in which they were recorded.
    ///
    /// # Errors
    /// As [`Tx::current_terms`].
    pub async fn all_terms(&self) -> Result<Vec<TermsRecord>> {
        let find = terms::Entity::find().order_by_asc(terms::Column::Version);
        self.run(find.all(self.db())).await?.into_iter().map(TermsRecord::try_from).collect()
    }
}
