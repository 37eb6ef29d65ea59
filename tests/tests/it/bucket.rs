//! Documents in an S3-compatible bucket: whole, refused when altered, swept, carried by copies; and a bucket that goes away.

use std::time::{Duration, Instant};

use app::{AppError, Attached, Attachment, Options, Target};
use chrono::TimeDelta;
use domain::identifiers::PathId;
use domain::path::command::DocumentKind;
use domain::path::{Act, Path, Transition};
use domain::people::Side;
use persistence::{BucketOptions, Cause, Document, Finding, Kept, Store, StoreError, StoreOptions};
use serde_json::json;
use tests::s3::{Mood, S3Server, SILENCE};
use tests::world::{Database, Home, Setup, World, document, form, staff, store_options};

use crate::cli_kit::{Jalon, LOT_1};
use crate::kit::on_both;

/// Heavier than a part: it goes up by several.
const HEAVY: usize = 11 * 1024 * 1024 + 17;

/// The world with its documents in a bucket.
async fn in_bucket(world: &World, home: &Home, bucket: BucketOptions) -> World {
    let options = StoreOptions { bucket: Some(bucket), ..store_options(home.url()) };
    let store = Store::connect(&options).await.expect("the database answers");
    world.clone().on_store(store)
}

async fn opened(world: &World) -> Path {
    world.ok(Side::Body, None, Transition::ReportNeed, json!({})).await
}

async fn add(world: &World, path: &Path, attachment: &Attachment, named: serde_json::Value) -> Result<Path, AppError> {
    let step = Act::AddDocument.into();
    let form = form(step, world.today().await, &json!({ "kind": "other", "document": named }));
    let options = Options { attachments: vec![attachment.clone()], ..Options::default() };
    let target = Target::Path(path.reference.clone());
    let outcome = world.app.advance(&staff(Side::Body, 1).actor(), &target, step, &form, &options).await;
    outcome.map(|outcome| outcome.path)
}

/// A document of a path, and its bytes.
async fn added(world: &World, path: &Path, name: &str) -> (Document, Vec<u8>) {
    let (attachment, named) = document(name, DocumentKind::Other);
    let Attached::Bytes(bytes) = &attachment.file else { panic!("they are at hand") };
    let bytes = bytes.clone();
    add(world, path, &attachment, named).await.expect("it is added");
    let view = world.app.path(&staff(Side::Body, 1).actor(), &path.reference).await.expect("the path");
    let listed = view.documents.into_iter().find(|document| document.reference.name == name);
    (listed.expect("it is listed"), bytes)
}

async fn read(world: &World, document: &Document) -> Result<Vec<u8>, StoreError> {
    world.app.store().content(document.clone()).await?.read().await
}

fn is_changed(read: &Result<Vec<u8>, StoreError>) -> bool {
    matches!(read, Err(StoreError::Inconsistent(row)) if row.table == "documents")
}

/// Of which kind the trouble of the bucket is.
fn trouble(error: &StoreError) -> std::io::ErrorKind {
    match error {
        StoreError::Unavailable(Cause::Files(error)) => error.kind(),
        other => panic!("no trouble of the bucket: {other:?}"),
    }
}

async fn whole(world: World, home: &Home) {
    let server = S3Server::start().await;
    let world = in_bucket(&world, home, server.options()).await;
    world.app.store().files().try_out().await.expect("the bucket takes what comes");
    assert!(server.objects().is_empty(), "what was tried is gone");
    let path = opened(&world).await;
    let (listed, bytes) = added(&world, &path, "premier.pdf").await;
    assert_eq!(read(&world, &listed).await.expect("its bytes"), bytes);
    assert_eq!(std::fs::read(server.object(&listed.reference.sha256)).expect("the object"), bytes);
    // The same bytes again are the same object.
    let other = opened(&world).await;
    let before = server.objects().len();
    added(&world, &other, "premier.pdf").await;
    assert_eq!(server.objects().len(), before);
    // By parts, and given back piece by piece.
    let heavy: Vec<u8> = (0..HEAVY).map(|at| (at % 251) as u8).collect();
    let kept = world.app.store().keep_bytes(&heavy).await.expect("it is kept");
    assert_eq!(kept, Kept { sha256: persistence::document_digest(&heavy), size: HEAVY as u64 });
    assert_eq!(std::fs::read(server.object(&kept.sha256)).expect("the object"), heavy);
    let named = name(&world, path.id, &kept).await;
    let mut pieces = world.app.store().content(named.clone()).await.expect("it is there");
    let mut given = Vec::new();
    while let Some(piece) = pieces.next().await.expect("its bytes") {
        assert!(piece.len() <= 64 * 1024, "{}", piece.len());
        given.extend_from_slice(&piece);
    }
    assert_eq!(given, heavy);
    assert!(
        std::fs::read_dir(world.app.store().files().root().join("incoming")).expect("where it came").next().is_none()
    );
    assert_eq!(world.app.store().verify(&|_, _| {}).await.expect("the store answers"), []);
    damaged(&world, &server, &listed, &bytes).await;
}
on_both!(a_document_comes_back_whole_from_a_bucket, Setup::default(), whole);

async fn name(world: &World, path: PathId, file: &Kept) -> Document {
    let tx = world.app.store().begin_write().await.expect("the store answers");
    let now = tx.now().await.expect("the store has a clock");
    let new = persistence::NewDocument {
        path,
        kind: DocumentKind::Other,
        name: "lourd.pdf",
        media_type: "application/pdf",
        file,
        added_by: "Camille Durand",
    };
    let document = tx.insert_document(&new, now).await.expect("it is named");
    tx.commit().await.expect("it is named");
    document
}

/// Altered, cut, gone, sent again.
async fn damaged(world: &World, server: &S3Server, listed: &Document, bytes: &[u8]) {
    let store = world.app.store();
    let object = server.object(&listed.reference.sha256);
    let mut altered = bytes.to_vec();
    altered[3] ^= 1;
    std::fs::write(&object, &altered).expect("the object");
    assert!(is_changed(&read(world, listed).await));
    // The object gone too, both documents that it was are missing.
    for damage in [Some(&bytes[1..]), None] {
        match damage {
            Some(cut) => std::fs::write(&object, cut).expect("the object"),
            None => std::fs::remove_file(&object).expect("the object"),
        }
        assert!(is_changed(&read(world, listed).await), "{damage:?}");
        assert_eq!(store.missing_files(10).await.expect("the bucket answers").len(), 2, "{damage:?}");
    }
    let findings = store.verify(&|_, _| {}).await.expect("the bucket answers");
    assert!(findings.contains(&Finding::DocumentMissing { document: listed.id }), "{findings:?}");
    store.keep_bytes(bytes).await.expect("it is sent again");
    assert_eq!(read(world, listed).await.expect("its bytes"), bytes);
    assert_eq!(store.verify(&|_, _| {}).await.expect("the bucket answers"), []);
}

async fn away(world: World, home: &Home) {
    let server = S3Server::start().await;
    let world = in_bucket(&world, home, server.options()).await;
    let path = opened(&world).await;
    let (listed, bytes) = added(&world, &path, "avant.pdf").await;
    for mood in [Mood::Cuts, Mood::Silent] {
        server.is(mood);
        let name = format!("{mood:?}.pdf");
        let (late, named) = document(&name, DocumentKind::Other);
        let started = Instant::now();
        let refused = add(&world, &path, &late, named).await.expect_err("the bucket is away");
        assert!(matches!(refused, AppError::Store(StoreError::Unavailable(_))), "{mood:?}: {refused:?}");
        assert!(started.elapsed() < SILENCE * 10, "{mood:?}: {:?}", started.elapsed());
        let unread = read(&world, &listed).await.expect_err("the bucket is away");
        assert!(matches!(unread, StoreError::Unavailable(_)), "{mood:?}: {unread:?}");
        // Nothing is said to be missing, nothing is swept, and the worker goes on.
        world.app.store().missing_files(10).await.expect_err("the bucket is away");
        // Steps without documents go on.
        opened(&world).await;
        // Back, the same form is taken.
        server.is(Mood::Answers);
        added(&world, &path, &name).await;
    }
    assert_eq!(read(&world, &listed).await.expect("its bytes"), bytes);
    let view = world.app.path(&staff(Side::Body, 1).actor(), &path.reference).await.expect("the path");
    assert_eq!(view.documents.len(), 3);
    assert_eq!(world.app.store().verify(&|_, _| {}).await.expect("the store answers"), []);
}
on_both!(a_bucket_that_is_away_refuses_documents_and_nothing_else, Setup::default(), away);

async fn misnamed(world: World, home: &Home) {
    use std::io::ErrorKind::{NotConnected, NotFound, PermissionDenied, TimedOut};

    let server = S3Server::start().await;
    let right = server.options();
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let nowhere = format!("http://{}", nobody.local_addr().expect("its number"));
    drop(nobody);
    let tries = [
        (BucketOptions { secret_key: "another".to_owned(), ..right.clone() }, PermissionDenied),
        (BucketOptions { access_key: "NOBODY".to_owned(), ..right.clone() }, PermissionDenied),
        (BucketOptions { bucket: "absent".to_owned(), ..right.clone() }, NotFound),
        (BucketOptions { endpoint: nowhere, ..right.clone() }, NotConnected),
    ];
    for (options, kind) in tries {
        let world = in_bucket(&world, home, options).await;
        let refused = world.app.store().files().try_out().await.expect_err("it is not the bucket");
        assert_eq!(trouble(&refused), kind, "{refused:?}");
        assert!(!format!("{refused:?}").contains("another"), "secrets stay out of errors");
    }
    server.is(Mood::Silent);
    let world = in_bucket(&world, home, right).await;
    let refused = world.app.store().files().try_out().await.expect_err("it is silent");
    assert_eq!(trouble(&refused), TimedOut, "{refused:?}");
}
on_both!(a_bucket_that_is_not_the_right_one_says_why, Setup::default(), misnamed);

async fn swept(world: World, home: &Home) {
    let server = S3Server::start().await;
    let world = in_bucket(&world, home, server.options()).await;
    let path = opened(&world).await;
    let (listed, bytes) = added(&world, &path, "garde.pdf").await;
    let orphan = world.app.store().keep_bytes(b"%PDF-1.7 orphan").await.expect("it is kept");
    world.app.look_after_files().await.expect("the bucket answers");
    assert!(server.object(&orphan.sha256).exists(), "not within a day");
    world.later(2).await;
    // Away at that moment, nothing is forgotten: it is swept when the bucket is back.
    server.is(Mood::Cuts);
    let now = world.app.now().await.expect("the store answers");
    let day = Duration::from_secs(24 * 3600);
    let sweep = world.app.store().sweep_files(now - TimeDelta::days(1), day).await;
    assert!(matches!(sweep, Err(StoreError::Unavailable(_))), "{sweep:?}");
    server.is(Mood::Answers);
    assert!(server.object(&orphan.sha256).exists());
    world.app.look_after_files().await.expect("the bucket answers");
    assert!(!server.object(&orphan.sha256).exists());
    assert_eq!(read(&world, &listed).await.expect("its bytes"), bytes);
}
on_both!(what_nothing_names_leaves_the_bucket, Setup::default(), swept);

/// A store whose bytes stand in its rows, as a restored copy's, moves them to the bucket; and a copy carries them back.
async fn carried(world: World, home: &Home) {
    let server = S3Server::start().await;
    let path = opened(&world).await;
    let (listed, bytes) = added(&world, &path, "ancien.pdf").await;
    assert_eq!(world.app.store().embed_files().await.expect("the folder answers"), []);
    let world = in_bucket(&world, home, server.options()).await;
    assert_eq!(read(&world, &listed).await.expect("in its row"), bytes);
    world.app.look_after_files().await.expect("the bucket answers");
    assert_eq!(std::fs::read(server.object(&listed.reference.sha256)).expect("the object"), bytes);
    let (_, other) = added(&world, &path, "nouveau.pdf").await;
    // A copy of the database in the same store, without its bucket.
    assert_eq!(world.app.store().embed_files().await.expect("the bucket answers"), []);
    drop(server);
    let alone = Store::connect(&store_options(home.url())).await.expect("the database answers");
    std::fs::remove_dir_all(alone.files().root()).expect("the folder of before");
    let tx = alone.begin_read().await.expect("the store answers");
    let documents = tx.documents(path.id).await.expect("they are listed");
    drop(tx);
    assert_eq!(documents.len(), 2);
    for (document, bytes) in documents.iter().zip([&bytes, &other]) {
        let content = alone.content(document.clone()).await.expect("in its row");
        assert_eq!(&content.read().await.expect("its bytes"), bytes);
    }
    alone.close().await.expect("the pool closes");
}
on_both!(rows_go_to_the_bucket_and_copies_carry_its_objects, Setup::default(), carried);

/// Settings of the installed program that name the bucket.
fn configure(jalon: &Jalon, options: &BucketOptions, uploads_per_day: u32) {
    let folder = jalon.folder().join("config");
    std::fs::create_dir_all(&folder).expect("a folder for the settings");
    let BucketOptions { endpoint, bucket, access_key, secret_key, .. } = options;
    let text = format!(
        "[s3]\nbucket = \"{bucket}\"\nendpoint = \"{endpoint}\"\naccess_key = \"{access_key}\"\n\
         secret_key = \"{secret_key}\"\nprefix = \"documents\"\n\n[limits]\nuploads_per_day = {uploads_per_day}\n"
    );
    std::fs::write(folder.join("jalon.toml"), text).expect("the settings are written");
}

/// What the operator does: checked, sent by commands within the day's limit, copied, restored elsewhere.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_installed_program_keeps_its_documents_in_a_bucket() {
    let server = S3Server::start().await;
    let jalon = Jalon::installed(Database::Sqlite, "2026-03-02").await.expect("SQLite is always there");
    configure(&jalon, &BucketOptions { secret_key: "another".to_owned(), ..server.options() }, 2);
    let refused = jalon.run(&["doctor"]);
    assert_eq!(refused.exit, 6, "{refused:?}");
    let said = refused.out.replace('\u{a0}', " ");
    assert!(said.contains("le compartiment S3 jalon ne convient pas : l’accès est refusé."), "{said}");
    configure(&jalon, &server.options(), 2);
    let said = jalon.ok(&["doctor"]);
    assert!(said.contains("le compartiment S3 jalon s’écrit, et les derniers fichiers y sont"), "{said}");
    let need = jalon.typed(&domain::samples::form(Transition::ReportNeed, jalon.today()));
    let line = ["path", "new", "--as", LOT_1.coordinator, "--set"].into_iter().chain(need.iter().map(String::as_str));
    let opened = jalon.json(&line.collect::<Vec<_>>());
    let reference = opened["reference"].as_str().expect("a reference").to_owned();
    let send = |name: &str, more: &[&str]| {
        std::fs::write(jalon.folder().join(name), format!("%PDF-1.7 {name}")).expect("the document is written");
        let document = format!("document=@{name}");
        let line =
            ["path", "act", &reference, "add_document", "--as", LOT_1.coordinator, "--set", "kind=other", &document];
        jalon.run(&line.into_iter().chain(more.iter().copied()).collect::<Vec<_>>())
    };
    // A rehearsal sends nothing, and is not counted.
    assert_eq!(send("essai.pdf", &["--dry-run"]).exit, 0);
    assert!(server.objects().is_empty());
    for name in ["un.pdf", "deux.pdf"] {
        let sent = send(name, &[]);
        assert_eq!(sent.exit, 0, "{sent:?}");
        let bytes = format!("%PDF-1.7 {name}").into_bytes();
        let object = server.object(&persistence::document_digest(&bytes));
        assert_eq!(std::fs::read(object).expect("the object"), bytes);
    }
    let third = send("trois.pdf", &[]);
    assert!(third.exit == 3 && third.err.contains("[too_many_uploads]"), "{third:?}");
    assert_eq!(server.objects().len(), 2);
    jalon.ok(&["verify"]);
    jalon.ok(&["backup", "--out", "copie.db"]);
    // The copy has everything, without the bucket.
    drop(server);
    std::fs::remove_file(jalon.folder().join("config/jalon.toml")).expect("the settings");
    jalon.ok(&["restore", "copie.db", "--database", "sqlite://restauree.db"]);
    jalon.ok(&["verify", "--database", "sqlite://restauree.db"]);
}
