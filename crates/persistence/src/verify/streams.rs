//! The streams: chains, folds, and the columns that repeat them.

use std::collections::BTreeMap;

use domain::figures::{Facts, step};
use domain::identifiers::LineId;
use domain::order::PurchaseOrder;
use domain::path::{Effect, Path, effects};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, EntityTrait, IdenStatic, Iterable, ModelTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::{Finding, StreamName, Verifier};
use crate::chain::GENESIS;
use crate::counters::{deltas, unpaid};
use crate::entities::{events, order_lines, paths, purchase_orders};
use crate::error::Result;
use crate::journal::{StreamKind, link, order_event, path_event};
use crate::orders::line_columns;

/// Streams read at once.
const PAGE: u64 = 100;

type Lines = BTreeMap<Uuid, Vec<order_lines::Model>>;

/// The columns of which the value is not the expected one.
fn differing<A: ActiveModelTrait>(expected: &A, row: &<A::Entity as EntityTrait>::Model) -> Vec<String>
where
    <A::Entity as EntityTrait>::Model: ModelTrait<Entity = A::Entity>,
{
    <A::Entity as EntityTrait>::Column::iter()
        .filter(|column| match expected.get(*column) {
            ActiveValue::Set(value) | ActiveValue::Unchanged(value) => row.get(*column) != value,
            ActiveValue::NotSet => false,
        })
        .map(|column| column.as_str().to_owned())
        .collect()
}

/// Whether a stored snapshot is this fold, however its JSON was written.
fn is_fold<T: DeserializeOwned + PartialEq>(snapshot: &str, fold: &T) -> bool {
    serde_json::from_str::<T>(snapshot).is_ok_and(|stored| &stored == fold)
}

impl Verifier<'_> {
    pub(super) async fn paths(&mut self) -> Result<()> {
        let mut last = Uuid::nil();
        loop {
            let find =
                paths::Entity::find().filter(paths::Column::Id.gt(last)).order_by_asc(paths::Column::Id).limit(PAGE);
            let rows = self.tx.run(find.all(self.tx.db())).await?;
            let Some(end) = rows.last() else { return Ok(()) };
            last = end.id;
            let mut journals = self.tx.journals(rows.iter().map(|row| row.id)).await?;
            for row in &rows {
                let stream = StreamName { kind: StreamKind::Path, id: row.id, reference: Some(row.reference.clone()) };
                let journal = journals.remove(&row.id).unwrap_or_default();
                self.chain(&stream, &journal, &row.head);
                if let Some((fold, facts)) = self.fold_path(&stream, &journal) {
                    self.compare_path(&stream, row, &fold, &facts);
                }
            }
            self.page_done(&rows.iter().map(|row| row.id).collect::<Vec<_>>());
        }
    }

    pub(super) async fn orders(&mut self) -> Result<()> {
        let mut last = Uuid::nil();
        loop {
            let find = purchase_orders::Entity::find()
                .filter(purchase_orders::Column::Id.gt(last))
                .order_by_asc(purchase_orders::Column::Id)
                .limit(PAGE);
            let rows = self.tx.run(find.all(self.tx.db())).await?;
            let Some(end) = rows.last() else { return Ok(()) };
            last = end.id;
            let mut journals = self.tx.journals(rows.iter().map(|row| row.id)).await?;
            let lines = self.lines(rows.iter().map(|row| row.id)).await?;
            for row in &rows {
                let stream = StreamName { kind: StreamKind::Order, id: row.id, reference: Some(row.reference.clone()) };
                let journal = journals.remove(&row.id).unwrap_or_default();
                self.chain(&stream, &journal, &row.head);
                if let Some(fold) = self.fold_order(&stream, &journal) {
                    self.compare_order(&stream, row, &fold, lines.get(&row.id).map_or(&[], Vec::as_slice));
                }
            }
            self.page_done(&rows.iter().map(|row| row.id).collect::<Vec<_>>());
        }
    }

    fn page_done(&mut self, streams: &[Uuid]) {
        self.streams.extend(streams);
        self.done += streams.len() as u64;
        (self.progress)(self.done, self.total);
    }

    async fn lines(&self, orders: impl Iterator<Item = Uuid>) -> Result<Lines> {
        let find = order_lines::Entity::find()
            .filter(order_lines::Column::OrderId.is_in(orders))
            .order_by_asc(order_lines::Column::Id);
        let mut lines = Lines::new();
        for row in self.tx.run(find.all(self.tx.db())).await? {
            lines.entry(row.order_id).or_default().push(row);
        }
        Ok(lines)
    }

    /// The hash of each event over the bytes that are stored, its place after the one before, and the last one's.
    fn chain(&mut self, stream: &StreamName, journal: &[events::Model], head: &str) {
        let (mut previous, mut expected) = (GENESIS, 1_u32);
        for row in journal {
            let seq = row.seq.unsigned_abs();
            if expected < seq {
                let missing = (expected..seq).map(|seq| Finding::MissingEvent { stream: stream.clone(), seq });
                self.findings.extend(missing);
            } else if row.prev_hash != previous {
                self.findings.push(Finding::BrokenChain { stream: stream.clone(), seq });
            }
            if self.tx.keys().chain(&row.prev_hash, &link(row)) != row.hash && row.prev_hash == previous {
                self.findings.push(Finding::BrokenChain { stream: stream.clone(), seq });
            }
            previous = &row.hash;
            expected = seq + 1;
        }
        if previous != head {
            self.findings.push(Finding::HeadDiffers { stream: stream.clone() });
        }
    }

    /// The path that the events make, and what they add to the counters.
    fn fold_path(&mut self, stream: &StreamName, journal: &[events::Model]) -> Option<(Path, Facts)> {
        let (mut path, mut facts): (Option<Path>, Facts) = Default::default();
        for row in journal {
            let recorded = match path_event(row) {
                Ok(recorded) => recorded,
                Err(error) => return self.unreadable(stream, row, &error),
            };
            for effect in effects(path.as_ref(), &recorded.event, recorded.effective_on) {
                self.count(path.as_ref(), &recorded.event, effect);
            }
            let (after, more) = match step(path.as_ref(), facts, &recorded) {
                Ok(after) => after,
                Err(error) => return self.unfoldable(stream, row, &error),
            };
            if let Some((line, cents)) = unpaid(&after, &recorded.event) {
                self.counted.lines.entry(line).or_default()[2] += cents.get();
            }
            (path, facts) = (Some(after), more);
        }
        path.map(|path| (path, facts))
    }

    fn count(&mut self, before: Option<&Path>, event: &domain::path::Event, effect: Effect) {
        let mut line = |line: LineId, counter: usize, change: i64| {
            self.counted.lines.entry(line).or_default()[counter] += change;
        };
        match effect {
            Effect::Draw { line: drawn } => line(drawn, 0, 1),
            Effect::Return { line: returned } => line(returned, 0, -1),
            Effect::Serve { line: served } => line(served, 1, 1),
            Effect::Place(place) => {
                let (market, lot) = match (before, event) {
                    (Some(path), _) => (path.market.clone(), path.lot.clone()),
                    (None, domain::path::Event::PathImported { market, lot, .. }) => (market.clone(), lot.clone()),
                    // No other opening touches a place.
                    (None, _) => return,
                };
                for (year, change) in deltas(place) {
                    let counters = self.counted.places.entry((market.clone(), lot.clone(), year)).or_default();
                    for (counter, change) in counters.iter_mut().zip(change) {
                        *counter += i64::from(change);
                    }
                }
            }
        }
    }

    fn fold_order(&mut self, stream: &StreamName, journal: &[events::Model]) -> Option<PurchaseOrder> {
        let mut order: Option<PurchaseOrder> = None;
        for row in journal {
            let recorded = match order_event(row) {
                Ok(recorded) => recorded,
                Err(error) => return self.unreadable(stream, row, &error),
            };
            order = match domain::order::apply(order, &recorded.event) {
                Ok(after) => Some(after),
                Err(error) => return self.unfoldable(stream, row, &error),
            };
        }
        if let Some(order) = &order {
            let engaged = order.engaged.get();
            *self.counted.years.entry((order.market.clone(), order.budget_year)).or_default() += engaged;
            *self.counted.lots.entry((order.market.clone(), order.lot.clone())).or_default() += engaged;
        }
        order
    }

    fn unreadable<T>(
        &mut self,
        stream: &StreamName,
        row: &events::Model,
        problem: &dyn std::fmt::Display,
    ) -> Option<T> {
        self.countable = false;
        let (stream, seq, problem) = (stream.clone(), row.seq.unsigned_abs(), problem.to_string());
        self.findings.push(Finding::Unreadable { stream, seq, problem });
        None
    }

    fn unfoldable<T>(
        &mut self,
        stream: &StreamName,
        row: &events::Model,
        problem: &dyn std::fmt::Display,
    ) -> Option<T> {
        self.countable = false;
        let (stream, seq, problem) = (stream.clone(), row.seq.unsigned_abs(), problem.to_string());
        self.findings.push(Finding::Unfoldable { stream, seq, problem });
        None
    }

    fn compare_path(&mut self, stream: &StreamName, row: &paths::Model, fold: &Path, facts: &Facts) {
        let mut expected = crate::paths::columns(fold, facts);
        if is_fold(&row.snapshot, fold) {
            expected.snapshot = ActiveValue::NotSet;
        }
        if row.facts.as_ref().is_some_and(|stored| is_fold(stored, facts)) {
            expected.facts = ActiveValue::NotSet;
        }
        self.fold_differs(stream, differing(&expected, row));
    }

    fn compare_order(
        &mut self,
        stream: &StreamName,
        row: &purchase_orders::Model,
        fold: &PurchaseOrder,
        lines: &[order_lines::Model],
    ) {
        let mut expected = crate::orders::columns(fold);
        if is_fold(&row.snapshot, fold) {
            expected.snapshot = ActiveValue::NotSet;
        }
        self.fold_differs(stream, differing(&expected, row));
        for line in &fold.lines {
            let id = line.ordered.line;
            match lines.iter().find(|row| row.id == id.uuid()) {
                None => self.findings.push(Finding::LineDiffers { line: id, column: "id".to_owned() }),
                Some(row) => {
                    let columns = differing(&line_columns(fold, line), row);
                    let differ = columns.into_iter().map(|column| Finding::LineDiffers { line: id, column });
                    self.findings.extend(differ);
                }
            }
        }
        let unknown = lines.iter().map(|row| LineId::new(row.id)).filter(|id| fold.line(*id).is_none());
        self.findings.extend(unknown.map(|line| Finding::LineDiffers { line, column: "order_id".to_owned() }));
    }

    fn fold_differs(&mut self, stream: &StreamName, columns: Vec<String>) {
        let differ = |column| Finding::FoldDiffers { stream: stream.clone(), column };
        self.findings.extend(columns.into_iter().map(differ));
    }

    /// Events whose path or order has no row.
    pub(super) async fn streams_without_row(&mut self) -> Result<()> {
        let find = events::Entity::find()
            .select_only()
            .columns([events::Column::StreamId, events::Column::Stream])
            .distinct()
            .order_by_asc(events::Column::StreamId)
            .into_tuple::<(Uuid, String)>();
        for (id, stream) in self.tx.run(find.all(self.tx.db())).await? {
            if !self.streams.contains(&id) {
                let kind = crate::rows::Row::new("events", id).text("stream", &stream)?;
                self.streams.insert(id);
                self.countable = false;
                self.findings.push(Finding::NoRow { stream: StreamName { kind, id, reference: None } });
            }
        }
        Ok(())
    }
}
