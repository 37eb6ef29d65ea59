//! Verification finds nothing in what this program wrote, and each thing that somebody changed behind its back.

use std::sync::Mutex;

use domain::path::{State, Transition};
use domain::people::Side;
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::on_each;
use super::play::{Play, lot};
use crate::{About, Backend, Counter, Finding, NewMessage, NewTerms, Priority, Store, StreamKind};

async fn findings(store: &Store) -> Vec<Finding> {
    store.verify(&|_, _| {}).await.unwrap()
}

/// Findings in short: what, and where.
fn brief(findings: &[Finding]) -> Vec<String> {
    let mut brief: Vec<String> = findings
        .iter()
        .map(|finding| match finding {
            Finding::BrokenChain { stream, seq } => format!("broken {stream} {seq}"),
            Finding::MissingEvent { stream, seq } => format!("missing {stream} {seq}"),
            Finding::Unreadable { stream, seq, .. } => format!("unreadable {stream} {seq}"),
            Finding::Unfoldable { stream, seq, .. } => format!("unfoldable {stream} {seq}"),
            Finding::FoldDiffers { stream, column } => format!("fold {stream} {column}"),
            Finding::HeadDiffers { stream } => format!("head {stream}"),
            Finding::NoRow { stream } => format!("no row {}", stream.kind),
            Finding::LineDiffers { column, .. } => format!("line {column}"),
            Finding::CounterDiffers { counter, stored, counted } => {
                let counter = match counter {
                    Counter::Drawn(_) => "drawn",
                    Counter::Served(_) => "served",
                    Counter::Reduced(_) => "reduced",
                    Counter::Reserved { .. } => "reserved",
                    Counter::Consumed { .. } => "consumed",
                    Counter::Released { .. } => "released",
                    Counter::EngagedInYear { .. } => "year",
                    Counter::EngagedOnLot { .. } => "lot",
                };
                format!("{counter} {stored} not {counted}")
            }
            Finding::GoneStream { stream, day } => format!("gone {} {day}", stream.kind),
            Finding::LostEvent { seq, day, .. } => format!("lost {seq} {day}"),
            Finding::DigestDiffers { day } => format!("digest {day}"),
            Finding::MessageOrphan { .. } => "message".to_owned(),
            Finding::StatisticOrphan { .. } => "statistic".to_owned(),
            Finding::ProofAltered { .. } => "proof".to_owned(),
            Finding::DocumentMissing { .. } => "no document".to_owned(),
            Finding::DocumentChanged { .. } => "document".to_owned(),
            Finding::TermsChanged { version } => format!("terms {version}"),
        })
        .collect();
    brief.sort_unstable();
    brief
}

/// Lets the journal be changed by hand, as whoever owns the database can.
async fn disarm(store: &Store) {
    let tx = store.begin_write().await.unwrap();
    let sql = match store.backend() {
        Backend::Sqlite => "DROP TRIGGER events_no_update; DROP TRIGGER events_no_delete",
        Backend::Postgres => "ALTER TABLE events DISABLE TRIGGER USER",
    };
    tx.db().execute_unprepared(sql).await.unwrap();
    tx.commit().await.unwrap();
}

/// Changes rows by hand, looks, and changes them back with the second statement.
async fn tampered(store: &Store, sql: &str) -> Vec<String> {
    let tx = store.begin_write().await.unwrap();
    let done = tx.db().execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    assert!(done.rows_affected() > 0, "{sql}");
    tx.commit().await.unwrap();
    brief(&findings(store).await)
}

/// The key of a path as SQL.
fn key(store: &Store, id: uuid::Uuid) -> String {
    match store.backend() {
        Backend::Sqlite => format!("x'{}'", id.simple()),
        Backend::Postgres => format!("'{id}'"),
    }
}

/// A store with an order, a path that was closed and one that goes on.
async fn lived(store: &Store) -> Play {
    let mut play = Play::on(store);
    let tx = store.begin_write().await.unwrap();
    let terms =
        NewTerms { market: &play.terms.market, effective_on: play.today(), recorded_by: "test", reference: None };
    play.terms.version = tx.insert_terms(&terms, play.now).await.unwrap();
    tx.commit().await.unwrap();
    play.order("P1 10\nM1 10\nM2 10\nN1 10").await;
    play.reach(State::Closed).await;
    play.reach(State::CandidateSelected).await;
    play
}

#[tokio::test]
async fn what_this_program_wrote_has_no_finding_and_progress_is_told() {
    on_each(async |store| {
        assert_eq!(findings(&store).await, []);
        let mut play = lived(&store).await;
        let withdrawn = play.reach(State::PifSigned).await;
        play.play(&withdrawn, Side::Body, Transition::WithdrawCandidate, json!({})).await;
        let reduced = play.reach(State::FeasibilityDelivered).await;
        // Two thirds of the price, after observations.
        play.play(&reduced, Side::Region, domain::path::Act::AskObservations, json!({})).await;
        play.play(&reduced, Side::Body, domain::path::Act::GiveObservations, json!({})).await;
        let reduction = json!({"reduction": 20_000, "reasons": "Remis en retard."});
        play.play(&reduced, Side::Region, Transition::AdmitFeasibility, reduction).await;
        play.reach(State::FeasibilityOrdered).await;
        let told = Mutex::new(Vec::new());
        let all = store.verify(&|done, of| told.lock().unwrap().push((done, of))).await.unwrap();
        assert_eq!(all, []);
        assert_eq!(told.into_inner().unwrap(), [(0, 6), (5, 6), (6, 6)]);
        let tx = store.begin_read().await.unwrap();
        let money = tx.lot_money(&play.terms.market.code).await.unwrap();
        assert_eq!(money[0].reduced.get(), 20_000);
        assert!(money[0].served < money[0].drawn && money[0].drawn < money[0].engaged);
    })
    .await;
}

#[tokio::test]
async fn l20_an_edited_event_breaks_the_chain() {
    on_each(async |store| {
        let play = lived(&store).await;
        disarm(&store).await;
        let path = play.path(&"FEST-1-2026-0002".parse().unwrap()).await;
        let row = |seq| format!("WHERE stream_id = {} AND seq = {seq}", key(&store, path.id.uuid()));
        // Each is edited back, so that the next is alone.
        let edits = [
            ("payload = replace(payload, 'Boulangerie Lemoine', 'Boulangerie Lenoir')", "company_name", 1),
            ("author = replace(author, 'Coordinator', 'Coordinator') || ' '", "", 1),
            ("effective_on = '2026-02-28'", "opened_on", 1),
            ("terms_version = 7", "", 2),
        ];
        for (edit, column, seq) in edits {
            let before = copy(&store, path.id.uuid(), seq).await;
            let found = tampered(&store, &format!("UPDATE events SET {edit} {}", row(seq))).await;
            assert!(found.contains(&format!("broken FEST-1-2026-0002 {seq}")), "{edit}: {found:?}");
            if !column.is_empty() {
                assert!(found.contains(&format!("fold FEST-1-2026-0002 {column}")), "{edit}: {found:?}");
            }
            restore(&store, before).await;
            assert_eq!(findings(&store).await, [], "{edit}");
        }
        // An event that the domain does not know.
        let before = copy(&store, path.id.uuid(), 3).await;
        let found = tampered(&store, &format!("UPDATE events SET payload = '{{}}' {}", row(3))).await;
        assert_eq!(found, ["broken FEST-1-2026-0002 3", "unreadable FEST-1-2026-0002 3"]);
        restore(&store, before).await;
        // Whoever knows how, but not the key: the edited event is hashed again with another one.
        let before = copy(&store, path.id.uuid(), 3).await;
        let mut forged = before.clone();
        forged.effective_on = play.today() - chrono::Days::new(3);
        forged.hash = crate::Keys::derive(b"another secret").chain(&forged.prev_hash, &crate::journal::link(&forged));
        restore(&store, forged).await;
        let found = brief(&findings(&store).await);
        assert!(found.contains(&"broken FEST-1-2026-0002 3".to_owned()), "{found:?}");
        assert!(found.contains(&"broken FEST-1-2026-0002 4".to_owned()), "{found:?}");
        restore(&store, before).await;
        assert_eq!(findings(&store).await, []);
    })
    .await;
}

/// The row of an event.
async fn copy(store: &Store, stream: uuid::Uuid, seq: usize) -> crate::entities::events::Model {
    let tx = store.begin_read().await.unwrap();
    tx.stream(stream).await.unwrap().remove(seq - 1)
}

/// Puts the row of an event back.
async fn restore(store: &Store, row: crate::entities::events::Model) {
    use sea_orm::{EntityTrait, IntoActiveModel};
    let tx = store.begin_write().await.unwrap();
    let delete = crate::entities::events::Entity::delete_by_id((row.stream_id, row.seq));
    tx.run(delete.exec(tx.db())).await.unwrap();
    let insert = crate::entities::events::Entity::insert(row.into_active_model());
    tx.run(insert.exec_without_returning(tx.db())).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_cut_journal_is_seen() {
    on_each(async |store| {
        let play = lived(&store).await;
        disarm(&store).await;
        let reference = "FEST-1-2026-0002".parse().unwrap();
        let path = play.path(&reference).await;
        let of = format!("WHERE stream_id = {}", key(&store, path.id.uuid()));
        // A middle event.
        let middle = copy(&store, path.id.uuid(), 2).await;
        let found = tampered(&store, &format!("DELETE FROM events {of} AND seq = 2")).await;
        assert_eq!(found, ["missing FEST-1-2026-0002 2", "unfoldable FEST-1-2026-0002 3"]);
        restore(&store, middle).await;
        // The tail.
        let last = path.version;
        let tail = copy(&store, path.id.uuid(), last as usize).await;
        let found = tampered(&store, &format!("DELETE FROM events {of} AND seq = {last}")).await;
        assert!(found.contains(&"head FEST-1-2026-0002".to_owned()), "{found:?}");
        assert!(found.contains(&"fold FEST-1-2026-0002 state".to_owned()), "{found:?}");
        assert!(found.contains(&"reserved 1 not 0".to_owned()), "{found:?}");
        restore(&store, tail).await;
        // The row, not its events.
        let found =
            tampered(&store, &format!("DELETE FROM persons WHERE path_id = {}", key(&store, path.id.uuid()))).await;
        assert_eq!(found, Vec::<String>::new());
        let found = tampered(&store, &format!("DELETE FROM paths WHERE id = {}", key(&store, path.id.uuid()))).await;
        assert_eq!(found, ["no row path"]);
    })
    .await;
}

#[tokio::test]
async fn a_stream_that_is_gone_shows_against_yesterday_s_digest() {
    on_each(async |store| {
        let play = lived(&store).await;
        let yesterday = play.today();
        let digest = |day| {
            let store = store.clone();
            async move {
                let tx = store.begin_write().await.unwrap();
                tx.record_digest(day, tx.now().await.unwrap()).await.unwrap();
                tx.commit().await.unwrap();
            }
        };
        digest(yesterday).await;
        // Nothing changed by the next day, and one path the day after.
        digest(yesterday.succ_opt().unwrap()).await;
        let late = play.open(json!({})).await;
        digest(yesterday.succ_opt().unwrap().succ_opt().unwrap()).await;
        play.play(&late, Side::Region, Transition::OrderFeasibility, json!({})).await;
        assert_eq!(findings(&store).await, []);

        disarm(&store).await;
        let path = play.path(&"FEST-1-2026-0002".parse().unwrap()).await;
        let id = key(&store, path.id.uuid());
        // With the tail cut and its row made to agree, the chain holds; the digest does not.
        let tx = store.begin_write().await.unwrap();
        let rows = tx.stream(path.id.uuid()).await.unwrap();
        let events = tx.path_events(path.id).await.unwrap();
        let (short, counted) = domain::figures::fold_counted(&events[..events.len() - 1]).unwrap();
        let mut row = crate::paths::columns(&short.unwrap(), &counted);
        row.head = sea_orm::Set(rows[rows.len() - 2].hash.clone());
        row.waiting_since = sea_orm::Set(None);
        use sea_orm::{ActiveModelTrait, EntityTrait};
        row.update(tx.db()).await.unwrap();
        let last = rows.last().unwrap();
        let delete = crate::entities::events::Entity::delete_by_id((last.stream_id, last.seq));
        tx.run(delete.exec(tx.db())).await.unwrap();
        tx.commit().await.unwrap();
        let found = brief(&findings(&store).await);
        assert_eq!(found, [format!("lost {} {yesterday}", path.version), "reserved 1 not 0".to_owned()]);

        // Everything of the path, without a trace.
        for sql in [
            format!("DELETE FROM events WHERE stream_id = {id}"),
            format!("DELETE FROM persons WHERE path_id = {id}"),
            format!("DELETE FROM paths WHERE id = {id}"),
        ] {
            let tx = store.begin_write().await.unwrap();
            tx.db().execute_unprepared(&sql).await.unwrap();
            tx.commit().await.unwrap();
        }
        let found = findings(&store).await;
        let Finding::GoneStream { stream, day } = &found[0] else { panic!("{found:?}") };
        assert_eq!((stream.kind, stream.id, *day), (StreamKind::Path, path.id.uuid(), yesterday));
        assert_eq!(found.len(), 1, "{found:?}");
        // And what the digest was made of as well: then the published figure does not come out again.
        let found = tampered(&store, &format!("DELETE FROM digest_heads WHERE stream_id = {id}")).await;
        assert!(found.contains(&format!("digest {yesterday}")), "{found:?}");
    })
    .await;
}

#[tokio::test]
async fn edited_rows_and_counters_are_named() {
    on_each(async |store| {
        let play = lived(&store).await;
        let market = &play.terms.market.code;
        let year = format!("WHERE market = '{market}' AND year = 2026");
        let (drawn, back) = ("drawn = drawn + 1", "drawn = drawn - 1");
        let p1 = "WHERE option_code = 'P1'";
        let edits = [
            (format!("UPDATE order_lines SET {drawn} {p1}"), format!("UPDATE order_lines SET {back} {p1}"), "drawn 3 not 2"),
            (
                format!("UPDATE order_lines SET served = served - 1 {p1}"),
                format!("UPDATE order_lines SET served = served + 1 {p1}"),
                "served 1 not 2",
            ),
            (
                format!("UPDATE order_lines SET reduced_cents = 5 {p1}"),
                format!("UPDATE order_lines SET reduced_cents = 0 {p1}"),
                "reduced 5 not 0",
            ),
            (
                format!("UPDATE order_lines SET quantity = 11 {p1}"),
                format!("UPDATE order_lines SET quantity = 10 {p1}"),
                "line quantity",
            ),
            (
                format!("UPDATE place_years SET reserved = 0 {year}"),
                format!("UPDATE place_years SET reserved = 1 {year}"),
                "reserved 0 not 1",
            ),
            (
                format!("UPDATE place_years SET consumed = 2 {year}"),
                format!("UPDATE place_years SET consumed = 1 {year}"),
                "consumed 2 not 1",
            ),
            (
                format!("UPDATE place_years SET released = 1 {year}"),
                format!("UPDATE place_years SET released = 0 {year}"),
                "released 1 not 0",
            ),
            (
                format!("UPDATE budget_years SET engaged_cents = engaged_cents - 100 {year}"),
                format!("UPDATE budget_years SET engaged_cents = engaged_cents + 100 {year}"),
                "year 3999900 not 4000000",
            ),
            (
                "UPDATE lot_money SET engaged_cents = engaged_cents - 100".to_owned(),
                "UPDATE lot_money SET engaged_cents = engaged_cents + 100".to_owned(),
                "lot 3999900 not 4000000",
            ),
            (
                "UPDATE paths SET lot = '2' WHERE reference = 'FEST-1-2026-0002'".to_owned(),
                "UPDATE paths SET lot = '1' WHERE reference = 'FEST-1-2026-0002'".to_owned(),
                "fold FEST-1-2026-0002 lot",
            ),
            (
                "UPDATE paths SET snapshot = replace(snapshot, 'Lemoine', 'Lenoir') WHERE reference = 'FEST-1-2026-0002'"
                    .to_owned(),
                "UPDATE paths SET snapshot = replace(snapshot, 'Lenoir', 'Lemoine')".to_owned(),
                "fold FEST-1-2026-0002 snapshot",
            ),
            (
                "UPDATE purchase_orders SET total_cents = total_cents + 100".to_owned(),
                "UPDATE purchase_orders SET total_cents = total_cents - 100".to_owned(),
                "fold BC-1-2026-0001 total_cents",
            ),
            (
                "UPDATE terms SET content = content || ' '".to_owned(),
                "UPDATE terms SET content = trim(content)".to_owned(),
                "terms 1",
            ),
        ];
        for (edit, undo, expected) in edits {
            assert_eq!(tampered(&store, &edit).await, [expected], "{edit}");
            assert_eq!(tampered(&store, &undo).await, Vec::<String>::new(), "{undo}");
        }
        // A row of a year in which nothing happened.
        let tx = store.begin_write().await.unwrap();
        let import = domain::places::PlaceEffect::Import { year: 2027 };
        tx.apply_place(&play.terms.market, &lot(), import).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        assert_eq!(brief(&findings(&store).await), ["consumed 1 not 0"]);
    })
    .await;
}

#[tokio::test]
async fn what_hangs_on_no_event_is_named() {
    on_each(async |store| {
        let play = lived(&store).await;
        let path = play.path(&"FEST-1-2026-0002".parse().unwrap()).await;
        let file = store.keep_bytes(format!("%PDF-1.7 {}", uuid::Uuid::now_v7()).as_bytes()).await.unwrap();
        let event = domain::identifiers::EventId::new(uuid::Uuid::now_v7());
        let tx = store.begin_write().await.unwrap();
        let statistic = super::statistics::entry(path.id, event, play.today(), play.now);
        tx.insert_statistic(&statistic).await.unwrap();
        let about = About { path: Some(path.id), order: None, event: Some(event) };
        let message = NewMessage { about, ..super::outbox::message(Priority::Decision) };
        tx.queue(&[message], play.now).await.unwrap();
        let document = crate::NewDocument {
            path: path.id,
            kind: domain::path::command::DocumentKind::Other,
            name: "note.pdf",
            media_type: "application/pdf",
            file: &file,
            added_by: "test",
        };
        tx.insert_document(&document, play.now).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(brief(&findings(&store).await), ["message", "statistic"]);
        let place = store.files().root().join(&file.sha256[..2]).join(&file.sha256);
        for bytes in [&b"%PDF-1.8"[..], b""] {
            std::fs::write(&place, bytes).unwrap();
            assert_eq!(brief(&findings(&store).await), ["document", "message", "statistic"]);
        }
        std::fs::remove_file(&place).unwrap();
        assert_eq!(brief(&findings(&store).await), ["message", "no document", "statistic"]);
    })
    .await;
}
