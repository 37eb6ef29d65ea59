//! Figures for the Region, read from what the events left: entries, funnel, budget.

use domain::calendar::paris_day;
use domain::figures::Moment;
use domain::identifiers::LotCode;
use domain::path::State;
use domain::people::{Actor, StaffRole};
use domain::{Day, Instant};
use persistence::{EntryStatistic, PathFilter, StatisticFilter, Tx};
use reports::entries::{EntriesReport, EntryFact, Figures};
use reports::{Cell, Column, ColumnKind, Table};
use strum::IntoEnumIterator;

use crate::{App, AppError, Book, FiguresAsked};

impl App {
    /// Entries of the year up to a day, as known at an instant (now by default).
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for those who are not of the Region; the store does not answer.
    pub async fn entries(
        &self,
        actor: &Actor,
        as_of: Day,
        known_at: Option<Instant>,
    ) -> Result<EntriesReport, AppError> {
        regional(actor)?;
        let tx = self.store().begin_read().await?;
        self.entries_in(&tx, as_of, known_at).await
    }

    /// [`App::entries`] as a transaction sees them.
    pub(crate) async fn entries_in(
        &self,
        tx: &Tx,
        as_of: Day,
        known_at: Option<Instant>,
    ) -> Result<EntriesReport, AppError> {
        let book = self.book(tx).await?;
        let filter = StatisticFilter {
            entered_from: Some(EntriesReport::since(as_of)),
            entered_until: Some(as_of),
            known_at,
            market: None,
            lot: None,
        };
        let statistics = tx.statistics(&filter).await?;
        let facts: Vec<EntryFact> = statistics.iter().map(fact).collect();
        let mut lots: Vec<_> = statistics.iter().map(|statistic| (&statistic.market, &statistic.lot)).collect();
        lots.sort_unstable();
        lots.dedup();
        let named = lots.into_iter().map(|(market, lot)| {
            let of_lot = statistics.iter().filter(|statistic| &statistic.market == market && &statistic.lot == lot);
            let facts: Vec<EntryFact> = of_lot.map(fact).collect();
            (lot_row(&book, market, lot, as_of), Figures::count(&facts))
        });
        let lots = named.collect();
        let ends = self.ends_in(tx, Moment { as_of, known_at }, facts.len()).await?;
        let first = statistics.first().map(|statistic| statistic.market.clone());
        let market = first.filter(|first| statistics.iter().all(|statistic| statistic.market == *first));
        Ok(EntriesReport { as_of, total: Figures::count(&facts), lots, people: facts, ends, market })
    }

    /// How many paths stand in each state, for those whom the actor sees.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn funnel(&self, actor: &Actor) -> Result<Table, AppError> {
        let lines = self.paths(actor, &PathFilter { limit: u64::MAX >> 1, ..PathFilter::default() }).await?;
        let mut lots: Vec<_> = lines.iter().map(|line| line.lot.clone()).collect();
        lots.sort_unstable();
        lots.dedup();
        let columns = vec![
            Column::new("state", wording::reports::STATE, ColumnKind::Text),
            Column::new("all", wording::reports::ALL_LOTS, ColumnKind::Count),
        ];
        let count = |state: State| lines.iter().filter(|line| line.state == state).count();
        let rows = State::iter()
            .map(|state| vec![Cell::Text(wording::labels::state(state).to_owned()), Cell::Count(count(state) as i64)])
            .collect();
        Ok(Table {
            title: wording::reports::PATHS_BY_STATE.to_owned(),
            columns,
            rows,
            notes: vec![wording::reports::paths_and_lots(lines.len(), lots.len())],
            ..Table::default()
        })
    }

    /// Where the entries of each lot will land at the end of the year, with the method under the table.
    ///
    /// # Errors
    /// As [`App::dashboard`].
    pub async fn forecast(&self, actor: &Actor, asked: FiguresAsked) -> Result<Table, AppError> {
        let dashboard = self.dashboard(actor, asked).await?;
        let row = |scope: &crate::Scoped| {
            let said = &scope.forecast;
            let count = |number: u32| Cell::Count(number.into());
            let bound = |bound: fn((u32, u32)) -> u32| said.interval.map_or(Cell::Empty, |both| count(bound(both)));
            vec![
                Cell::Text(scope.lot.as_ref().map_or_else(
                    || wording::figures::ALL.to_owned(),
                    |(lot, name)| wording::reports::lot_named(lot, format!(" — {name}")),
                )),
                scope.planned.map_or(Cell::Empty, count),
                count(said.entered),
                count(said.landing),
                bound(|(low, _)| low),
                bound(|(_, high)| high),
                said.reached_on.filter(|_| scope.planned.is_some()).map_or(Cell::Empty, Cell::Day),
                said.studies_per_week.map_or(Cell::Empty, |tenths| count(tenths.div_ceil(10))),
            ]
        };
        let method = |scope: &crate::Scoped| {
            let scoped = scope
                .lot
                .as_ref()
                .map_or_else(|| wording::figures::ALL.to_owned(), |(lot, _)| wording::figures::lot(lot));
            wording::figures::of_scope(scoped, wording::figures::method(scope.forecast.method))
        };
        Ok(Table {
            title: wording::figures::forecast_on(wording::dates::numeric(dashboard.moment.as_of)),
            columns: vec![
                Column::new("lot", wording::reports::LOT, ColumnKind::Text),
                Column::new("planned", wording::figures::PLANNED, ColumnKind::Count),
                Column::new("entered", wording::figures::ENTERED, ColumnKind::Count),
                Column::new("landing", wording::figures::LANDING, ColumnKind::Count),
                Column::new("low", wording::figures::LOW, ColumnKind::Count),
                Column::new("high", wording::figures::HIGH, ColumnKind::Count),
                Column::new("reached_on", wording::figures::REACHED_ON, ColumnKind::Day),
                Column::new("studies_per_week", wording::figures::STUDIES_PER_WEEK, ColumnKind::Count),
            ],
            rows: dashboard.scopes.iter().map(row).collect(),
            notes: dashboard.scopes.iter().map(method).collect(),
            ..Table::default()
        })
    }

    /// Money of each lot: maximum, engaged, drawn, service done.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for those who are not of the Region; the store does not answer.
    pub async fn budget(&self, actor: &Actor) -> Result<Table, AppError> {
        regional(actor)?;
        let tx = self.store().begin_read().await?;
        let today = paris_day(tx.now().await?);
        let book = self.book(&tx).await?;
        let mut rows = Vec::new();
        let mut confirmed = true;
        for terms in book.markets(today).into_iter().filter(|terms| !terms.market.past) {
            confirmed &= terms.market.prices_confirmed;
            for money in tx.lot_money(&terms.market.code).await? {
                rows.push(vec![
                    Cell::Text(wording::reports::lot(&money.lot)),
                    Cell::Money(money.maximum),
                    Cell::Money(money.engaged),
                    Cell::Money(money.drawn),
                    // What is due of a unit served is its price less the reduction decided.
                    Cell::Money(money.served - money.reduced),
                ]);
            }
        }
        let notes = if confirmed { vec![] } else { vec![wording::ILLUSTRATIVE_PRICES.to_owned()] };
        Ok(Table {
            title: wording::reports::MONEY_BY_LOT.to_owned(),
            columns: vec![
                Column::new("lot", wording::reports::LOT, ColumnKind::Text),
                Column::new("maximum", wording::reports::MAXIMUM, ColumnKind::Money),
                Column::new("engaged", wording::reports::ENGAGED, ColumnKind::Money),
                Column::new("drawn", wording::reports::DRAWN, ColumnKind::Money),
                Column::new("served", wording::reports::SERVED, ColumnKind::Money),
            ],
            rows,
            notes,
            ..Table::default()
        })
    }
}

/// The row of a lot in the tables of entries.
pub(crate) fn lot_row(book: &Book, market: &str, lot: &LotCode, as_of: Day) -> String {
    let terms = book
        .current(market, as_of)
        .or_else(|| book.terms.iter().map(|record| &record.terms).find(|terms| terms.market.code == market));
    let name = terms.and_then(|terms| terms.market.lot(lot)).map_or(String::new(), |lot| format!(" — {}", lot.name));
    wording::reports::lot_named(lot, &name)
}

/// What is counted of an entry.
pub(crate) fn fact(statistic: &EntryStatistic) -> EntryFact {
    EntryFact {
        entered_on: statistic.entered_on,
        age: statistic.age,
        level: statistic.level.get(),
        rsa: statistic.rsa,
        boe: statistic.boe,
        sex: statistic.sex,
    }
}

/// Who reads the Region's figures: its own people, and who audits them.
pub fn reads_figures(role: StaffRole) -> bool {
    match role {
        StaffRole::RegionOfficer | StaffRole::RegionFinance | StaffRole::RegionViewer | StaffRole::Auditor => true,
        StaffRole::Coordinator | StaffRole::Administrator => false,
    }
}

/// The Region's figures are the Region's.
pub(crate) fn regional(actor: &Actor) -> Result<(), AppError> {
    match actor {
        Actor::System => Ok(()),
        Actor::Staff { role, .. } if reads_figures(*role) => Ok(()),
        Actor::Staff { .. } => Err(AppError::Forbidden),
        Actor::Outside { .. } => Err(AppError::NotFound),
    }
}
