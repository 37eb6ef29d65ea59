//! Places of a lot in a year of entry: the row everybody wants, so the last to be changed before a commit.

use domain::Instant;
use domain::calendar::micros;
use domain::identifiers::LotCode;
use domain::market::Market;
use domain::places::{PlaceAlert, PlaceEffect, Places, Policy};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set};

use crate::entities::{place_alerts, place_years};
use crate::error::Result;
use crate::rows::{Row, column};
use crate::tx::Tx;

/// The places of a lot before and after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceChange {
    /// Places that were reserved or consumed before it.
    pub before: u32,
    pub after: Places,
}

impl TryFrom<place_years::Model> for Places {
    type Error = crate::StoreError;

    fn try_from(row: place_years::Model) -> Result<Self> {
        let at = Row::new("place_years", format!("{} {} {}", row.market, row.lot, row.year));
        Ok(Self {
            lot: at.text("lot", &row.lot)?,
            year: row.year,
            planned: row.planned.map(|planned| at.count("planned", planned)).transpose()?,
            maximum: row.maximum.map(|maximum| at.count("maximum", maximum)).transpose()?,
            reserved: at.count("reserved", row.reserved)?,
            consumed: at.count("consumed", row.consumed)?,
            released: at.count("released", row.released)?,
        })
    }
}

/// The places of a lot in a year of which nothing was taken yet.
fn untouched(market: &Market, lot: &LotCode, year: i32) -> Places {
    // A lot that the market does not have has no place, not a place without limit.
    let (planned, maximum) =
        market.lot(lot).map_or((Some(0), Some(0)), |lot| (lot.places_per_year, lot.maximum_places_per_year));
    Places { lot: lot.clone(), year, planned, maximum, reserved: 0, consumed: 0, released: 0 }
}

/// A change of the counters of one year.
#[derive(Debug, Clone, Copy)]
struct Step {
    year: i32,
    reserved: i32,
    consumed: i32,
    released: i32,
    /// Whether a place that is taken must be free.
    limited: bool,
}

impl Step {
    const fn in_year(year: i32) -> Self {
        Self { year, reserved: 0, consumed: 0, released: 0, limited: true }
    }

    fn taken(self) -> i32 {
        self.reserved + self.consumed
    }
}

/// The changes of an effect, one for each year it concerns; the last one is the year it is about.
fn steps(effect: PlaceEffect) -> (Option<Step>, Step) {
    let reserve = |year| Step { reserved: 1, ..Step::in_year(year) };
    let unreserve = |year| Step { reserved: -1, ..Step::in_year(year) };
    let consume = |year| Step { consumed: 1, ..Step::in_year(year) };
    match effect {
        PlaceEffect::Reserve { year } => (None, reserve(year)),
        PlaceEffect::Release { year } => (None, Step { released: 1, ..unreserve(year) }),
        PlaceEffect::Consume { reserved_year, year } if reserved_year == year => {
            (None, Step { reserved: -1, ..consume(year) })
        }
        PlaceEffect::Consume { reserved_year, year } => (Some(unreserve(reserved_year)), consume(year)),
        PlaceEffect::Unconsume { year } => (None, Step { consumed: -1, ..reserve(year) }),
        // What took place before the product is counted, never refused.
        PlaceEffect::Import { year } => (None, Step { limited: false, ..consume(year) }),
        PlaceEffect::Move { from, to } => (Some(unreserve(from)), reserve(to)),
        PlaceEffect::MoveConsumed { from, to } => (Some(Step { consumed: -1, ..Step::in_year(from) }), consume(to)),
    }
}

/// What an effect adds to the counters of each year: reserved, consumed, released.
pub(crate) fn deltas(effect: PlaceEffect) -> impl Iterator<Item = (i32, [i32; 3])> {
    let (first, last) = steps(effect);
    first.into_iter().chain([last]).map(|step| (step.year, [step.reserved, step.consumed, step.released]))
}

/// The limit that one more place has to stay below.
fn below_limit(policy: Policy) -> Condition {
    use place_years::Column::{Consumed, Maximum, Planned, Reserved};
    let below = |limit: place_years::Column| {
        Condition::any().add(limit.is_null()).add(Expr::col(Reserved).add(Expr::col(Consumed)).lt(Expr::col(limit)))
    };
    match policy {
        Policy::Block | Policy::Waitlist => Condition::all().add(below(Planned)).add(below(Maximum)),
        Policy::Warn => below(Maximum),
    }
}

/// The identifier of an alert, recorded once for a lot and a year.
fn alert_text(alert: PlaceAlert) -> String {
    match alert {
        PlaceAlert::Percent(percent) => format!("percent_{percent}"),
        PlaceAlert::Reached => "reached".to_owned(),
        PlaceAlert::Exceeded => "exceeded".to_owned(),
    }
}

/// The alert of an identifier.
fn alert_of(text: &str) -> Option<PlaceAlert> {
    match text {
        "reached" => Some(PlaceAlert::Reached),
        "exceeded" => Some(PlaceAlert::Exceeded),
        text => text.strip_prefix("percent_")?.parse().ok().map(PlaceAlert::Percent),
    }
}

impl Tx {
    /// Changes the places of a lot; `None` when none is left under the policy, or none was taken that could be given back.
    ///
    /// # Errors
    /// A row makes no sense, or the store does not answer.
    pub async fn apply_place(
        &self,
        market: &Market,
        lot: &LotCode,
        effect: PlaceEffect,
    ) -> Result<Option<PlaceChange>> {
        let (first, last) = steps(effect);
        let Some(first) = first else { return self.step_places(market, lot, last).await };
        // Two years are locked in their order, whoever moves a place which way.
        if first.year <= last.year {
            if self.step_places(market, lot, first).await?.is_none() {
                return Ok(None);
            }
            return self.step_places(market, lot, last).await;
        }
        let Some(change) = self.step_places(market, lot, last).await? else { return Ok(None) };
        Ok(self.step_places(market, lot, first).await?.map(|_| change))
    }

    async fn step_places(&self, market: &Market, lot: &LotCode, step: Step) -> Result<Option<PlaceChange>> {
        if let Some(change) = self.update_places(market, lot, step).await? {
            return Ok(Some(change));
        }
        // Refused, or the year was never touched; in the second case the row is made and asked again.
        if market.lot(lot).is_none() {
            return Ok(None);
        }
        let new = untouched(market, lot, step.year);
        let row = place_years::Model {
            market: market.code.clone(),
            lot: lot.to_string(),
            year: step.year,
            planned: new.planned.map(column),
            maximum: new.maximum.map(column),
            reserved: 0,
            consumed: 0,
            released: 0,
        };
        let key = [place_years::Column::Market, place_years::Column::Lot, place_years::Column::Year];
        let insert = place_years::Entity::insert(row.into_active_model())
            .on_conflict(OnConflict::columns(key).do_nothing().to_owned());
        self.run(insert.exec_without_returning(self.db())).await?;
        self.update_places(market, lot, step).await
    }

    async fn update_places(&self, market: &Market, lot: &LotCode, step: Step) -> Result<Option<PlaceChange>> {
        use place_years::Column::{Consumed, Lot, Market as MarketCode, Released, Reserved, Year};
        let mut update = place_years::Entity::update_many()
            .filter(MarketCode.eq(&market.code))
            .filter(Lot.eq(lot.as_str()))
            .filter(Year.eq(step.year));
        for (counter, change) in [(Reserved, step.reserved), (Consumed, step.consumed), (Released, step.released)] {
            if change != 0 {
                update = update.col_expr(counter, Expr::col(counter).add(change));
            }
            if change < 0 {
                update = update.filter(counter.gt(0));
            }
        }
        if step.limited && step.taken() > 0 {
            update = update.filter(below_limit(market.places.policy));
        }
        let rows = self.run(update.exec_with_returning(self.db())).await?;
        let Some(row) = rows.into_iter().next() else { return Ok(None) };
        let after = Places::try_from(row)?;
        let before = after.taken().checked_add_signed(-step.taken());
        Ok(Some(PlaceChange { before: before.expect("the counters were not below zero before"), after }))
    }

    /// The places of a lot in a year, from the terms when none was taken yet.
    ///
    /// # Errors
    /// A row makes no sense, or the store does not answer.
    pub async fn places_of(&self, market: &Market, lot: &LotCode, year: i32) -> Result<Places> {
        let find = place_years::Entity::find_by_id((market.code.clone(), lot.to_string(), year));
        match self.run(find.one(self.db())).await? {
            Some(row) => row.try_into(),
            None => Ok(untouched(market, lot, year)),
        }
    }

    /// The places of a market, or of one of its lots, in the years of which some were taken, by lot and year.
    ///
    /// # Errors
    /// A row makes no sense, or the store does not answer.
    pub async fn places(&self, market: &str, lot: Option<&LotCode>) -> Result<Vec<Places>> {
        use place_years::Column::{Lot, Market as MarketCode, Year};
        let mut find = place_years::Entity::find().filter(MarketCode.eq(market)).order_by_asc(Lot).order_by_asc(Year);
        if let Some(lot) = lot {
            find = find.filter(Lot.eq(lot.as_str()));
        }
        self.run(find.all(self.db())).await?.into_iter().map(Places::try_from).collect()
    }

    /// Gives the years from this one on, as far as they were touched, the places of a new version of the terms.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn set_places(&self, market: &Market, from_year: i32) -> Result<()> {
        use place_years::Column::{Lot, Market as MarketCode, Year};
        for lot in &market.lots {
            let row = place_years::ActiveModel {
                planned: Set(lot.places_per_year.map(column)),
                maximum: Set(lot.maximum_places_per_year.map(column)),
                ..Default::default()
            };
            let update = place_years::Entity::update_many()
                .set(row)
                .filter(MarketCode.eq(&market.code))
                .filter(Lot.eq(lot.code.as_str()))
                .filter(Year.gte(from_year));
            self.run(update.exec(self.db())).await?;
        }
        Ok(())
    }

    /// Records that a threshold was crossed; false when that was said already.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn record_place_alert(
        &self,
        market: &str,
        places: &Places,
        alert: PlaceAlert,
        now: Instant,
    ) -> Result<bool> {
        use place_alerts::Column::{Alert, Lot, Market as MarketCode, Year};
        let row = place_alerts::Model {
            market: market.to_owned(),
            lot: places.lot.to_string(),
            year: places.year,
            alert: alert_text(alert),
            crossed_at: micros(now),
        };
        let insert = place_alerts::Entity::insert(row.into_active_model())
            .on_conflict(OnConflict::columns([MarketCode, Lot, Year, Alert]).do_nothing().to_owned());
        Ok(self.run(insert.exec_without_returning(self.db())).await? == 1)
    }

    /// The thresholds that a lot crossed, by year, the last crossed first.
    ///
    /// # Errors
    /// A row makes no sense, or the store does not answer.
    pub async fn place_alerts(&self, market: &str, lot: &LotCode) -> Result<Vec<(i32, PlaceAlert, Instant)>> {
        use place_alerts::Column::{CrossedAt, Lot, Market as MarketCode};
        let find = place_alerts::Entity::find()
            .filter(MarketCode.eq(market))
            .filter(Lot.eq(lot.as_str()))
            .order_by_desc(CrossedAt);
        let read = |row: place_alerts::Model| {
            let at = Row::new("place_alerts", format!("{market} {lot} {}", row.year));
            let alert = alert_of(&row.alert).ok_or_else(|| at.wrong("alert", &row.alert))?;
            Ok((row.year, alert, row.crossed_at))
        };
        self.run(find.all(self.db())).await?.into_iter().map(read).collect()
    }
}
