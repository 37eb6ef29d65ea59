//! What is checked against the streams: digests, counters, messages, statistics; and documents and terms by themselves.

use std::collections::BTreeMap;

use domain::Day;
use domain::identifiers::{EventId, LineId, LotCode, MessageId};
use domain::market::TermsVersion;
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationDef};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Counter, Finding, StreamName, Verifier};
use crate::digests::{Heads, digest};
use crate::documents::Document;
use crate::entities::{
    budget_years, digest_heads, entry_statistics, events, lot_money, messages, order_lines, place_years, terms,
};
use crate::error::{Result, StoreError};
use crate::rows::Row;
use crate::store::Store;

impl Verifier<'_> {
    fn compare(&mut self, counter: Counter, stored: i64, counted: i64) {
        if stored != counted {
            self.findings.push(Finding::CounterDiffers { counter, stored, counted });
        }
    }

    /// Each digest made again from the heads that were kept with it, and each of these heads looked up in the journal.
    pub(super) async fn digests(&mut self) -> Result<()> {
        let mut changes: BTreeMap<Day, Heads> = BTreeMap::new();
        for (day, stream, head) in self.tx.digested_heads().await? {
            changes.entry(day).or_default().insert(stream, head);
        }
        let mut heads = Heads::new();
        for recorded in self.tx.digests().await? {
            heads.extend(changes.remove(&recorded.day).unwrap_or_default());
            if digest(&heads) != (recorded.heads, recorded.digest) {
                self.findings.push(Finding::DigestDiffers { day: recorded.day });
            }
        }
        // Heads of a day without a digest.
        self.findings.extend(changes.into_keys().map(|day| Finding::DigestDiffers { day }));

        let to_event: RelationDef = digest_heads::Entity::belongs_to(events::Entity)
            .from((digest_heads::Column::StreamId, digest_heads::Column::Version, digest_heads::Column::Head))
            .to((events::Column::StreamId, events::Column::Seq, events::Column::Hash))
            .into();
        let find = digest_heads::Entity::find()
            .join(JoinType::LeftJoin, to_event)
            .filter(events::Column::Id.is_null())
            .order_by_asc(digest_heads::Column::Day)
            .order_by_asc(digest_heads::Column::StreamId);
        let mut gone = std::collections::BTreeSet::new();
        for row in self.tx.run(find.all(self.tx.db())).await? {
            let at = Row::new("digest_heads", format!("{} {}", row.day, row.stream_id));
            let kind = at.text("stream", &row.stream)?;
            let stream = StreamName { kind, id: row.stream_id, reference: None };
            if self.streams.contains(&row.stream_id) {
                let seq = row.version.unsigned_abs();
                self.findings.push(Finding::LostEvent { stream, seq, day: row.day });
            } else if gone.insert(row.stream_id) {
                // What it had added to the counters is not known any more.
                self.countable = false;
                self.findings.push(Finding::GoneStream { stream, day: row.day });
            }
        }
        Ok(())
    }

    pub(super) async fn units(&mut self) -> Result<()> {
        let find = order_lines::Entity::find().order_by_asc(order_lines::Column::Id);
        for row in self.tx.run(find.all(self.tx.db())).await? {
            let line = LineId::new(row.id);
            let [drawn, served, reduced] = self.counted.lines.remove(&line).unwrap_or_default();
            self.compare(Counter::Drawn(line), row.drawn.into(), drawn);
            self.compare(Counter::Served(line), row.served.into(), served);
            self.compare(Counter::Reduced(line), row.reduced_cents, reduced);
        }
        for (line, [drawn, served, reduced]) in std::mem::take(&mut self.counted.lines) {
            self.compare(Counter::Drawn(line), 0, drawn);
            self.compare(Counter::Served(line), 0, served);
            self.compare(Counter::Reduced(line), 0, reduced);
        }
        Ok(())
    }

    pub(super) async fn places(&mut self) -> Result<()> {
        let find = place_years::Entity::find()
            .order_by_asc(place_years::Column::Market)
            .order_by_asc(place_years::Column::Lot)
            .order_by_asc(place_years::Column::Year);
        for row in self.tx.run(find.all(self.tx.db())).await? {
            let at = Row::new("place_years", format!("{} {} {}", row.market, row.lot, row.year));
            let key = (row.market, at.text::<LotCode>("lot", &row.lot)?, row.year);
            let counted = self.counted.places.remove(&key).unwrap_or_default();
            self.compare_places(key, [row.reserved, row.consumed, row.released].map(i64::from), counted);
        }
        for (key, counted) in std::mem::take(&mut self.counted.places) {
            self.compare_places(key, [0; 3], counted);
        }
        Ok(())
    }

    fn compare_places(&mut self, (market, lot, year): (String, LotCode, i32), stored: [i64; 3], counted: [i64; 3]) {
        let (m, l) = (market.clone(), lot.clone());
        self.compare(Counter::Reserved { market: m, lot: l, year }, stored[0], counted[0]);
        let (m, l) = (market.clone(), lot.clone());
        self.compare(Counter::Consumed { market: m, lot: l, year }, stored[1], counted[1]);
        self.compare(Counter::Released { market, lot, year }, stored[2], counted[2]);
    }

    pub(super) async fn money(&mut self) -> Result<()> {
        let find = budget_years::Entity::find()
            .order_by_asc(budget_years::Column::Market)
            .order_by_asc(budget_years::Column::Year);
        for row in self.tx.run(find.all(self.tx.db())).await? {
            let key = (row.market, row.year);
            let counted = self.counted.years.remove(&key).unwrap_or_default();
            self.compare(Counter::EngagedInYear { market: key.0, year: key.1 }, row.engaged_cents, counted);
        }
        for ((market, year), counted) in std::mem::take(&mut self.counted.years) {
            self.compare(Counter::EngagedInYear { market, year }, 0, counted);
        }
        let find =
            lot_money::Entity::find().order_by_asc(lot_money::Column::Market).order_by_asc(lot_money::Column::Lot);
        for row in self.tx.run(find.all(self.tx.db())).await? {
            let at = Row::new("lot_money", format!("{} {}", row.market, row.lot));
            let key = (row.market, at.text::<LotCode>("lot", &row.lot)?);
            let counted = self.counted.lots.remove(&key).unwrap_or_default();
            self.compare(Counter::EngagedOnLot { market: key.0, lot: key.1 }, row.engaged_cents, counted);
        }
        for ((market, lot), counted) in std::mem::take(&mut self.counted.lots) {
            self.compare(Counter::EngagedOnLot { market, lot }, 0, counted);
        }
        Ok(())
    }

    pub(super) async fn messages(&mut self) -> Result<()> {
        let to_event: RelationDef =
            messages::Entity::belongs_to(events::Entity).from(messages::Column::EventId).to(events::Column::Id).into();
        let find = messages::Entity::find()
            .select_only()
            .columns([messages::Column::Id, messages::Column::EventId])
            .join(JoinType::LeftJoin, to_event)
            .filter(messages::Column::EventId.is_not_null())
            .filter(events::Column::Id.is_null())
            .order_by_asc(messages::Column::Seq)
            .into_tuple::<(Uuid, Uuid)>();
        let orphans = self.tx.run(find.all(self.tx.db())).await?;
        let orphan =
            |(message, event)| Finding::MessageOrphan { message: MessageId::new(message), event: EventId::new(event) };
        self.findings.extend(orphans.into_iter().map(orphan));
        Ok(())
    }

    pub(super) async fn statistics(&mut self) -> Result<()> {
        let to_event: RelationDef = entry_statistics::Entity::belongs_to(events::Entity)
            .from(entry_statistics::Column::EventId)
            .to(events::Column::Id)
            .into();
        let find = entry_statistics::Entity::find()
            .select_only()
            .column(entry_statistics::Column::EventId)
            .join(JoinType::LeftJoin, to_event)
            .filter(events::Column::Id.is_null())
            .order_by_asc(entry_statistics::Column::EventId)
            .into_tuple::<Uuid>();
        let orphans = self.tx.run(find.all(self.tx.db())).await?;
        let orphan = |event| Finding::StatisticOrphan { event: EventId::new(event) };
        self.findings.extend(orphans.into_iter().map(orphan));
        Ok(())
    }

    pub(super) async fn proofs(&mut self) -> Result<()> {
        let altered = self.tx.altered_proofs().await?;
        self.findings.extend(altered.into_iter().map(|event| Finding::ProofAltered { event }));
        Ok(())
    }

    /// Documents one by one, piece by piece: their bytes may be large.
    pub(super) async fn terms(&mut self) -> Result<()> {
        let find = terms::Entity::find().order_by_asc(terms::Column::Version);
        for row in self.tx.run(find.all(self.tx.db())).await? {
            if data_encoding::HEXLOWER.encode(&Sha256::digest(row.content.as_bytes())) != row.digest {
                self.findings.push(Finding::TermsChanged { version: TermsVersion(row.version) });
            }
        }
        Ok(())
    }
}

impl Store {
    /// What is wrong with the bytes of a document.
    pub(super) async fn finding_of(&self, document: Document) -> Result<Option<Finding>> {
        let id = document.id;
        if !self.has_content(&document).await? {
            return Ok(Some(Finding::DocumentMissing { document: id }));
        }
        let read = async {
            let mut content = self.content(document).await?;
            while content.next().await?.is_some() {}
            Ok(None)
        };
        match read.await {
            Err(StoreError::Inconsistent(_)) => Ok(Some(Finding::DocumentChanged { document: id })),
            read => read,
        }
    }
}
