//! Documents from the step that names them to the file: whole after refusals, sweeps and other copies of the program.

use app::{AppError, Attached, Attachment, Options, Target};
use domain::path::command::DocumentKind;
use domain::path::{Act, Path, Transition};
use domain::people::Side;
use serde_json::json;
use tests::world::{Home, Setup, World, document, form, staff};

use crate::kit::on_both;

async fn add(world: &World, path: &Path, attachment: &Attachment, named: serde_json::Value) -> Result<Path, AppError> {
    let step = Act::AddDocument.into();
    let form = form(step, world.today().await, &json!({ "kind": "other", "document": named }));
    let options =
        Options { attachments: vec![attachment.clone()], expected_version: Some(path.version), ..Options::default() };
    let target = Target::Path(path.reference.clone());
    let actor = staff(Side::Body, 1).actor();
    world.app.advance(&actor, &target, step, &form, &options).await.map(|outcome| outcome.path)
}

fn bytes(attachment: &Attachment) -> &[u8] {
    match &attachment.file {
        Attached::Bytes(bytes) => bytes,
        Attached::Kept(kept) => panic!("{kept:?} is not at hand"),
    }
}

/// The files of the folder, which is made when the first one comes.
fn files(world: &World) -> usize {
    let folders = std::fs::read_dir(world.app.store().files().root()).into_iter().flatten().flatten();
    let files = folders.filter_map(|folder| std::fs::read_dir(folder.path()).ok());
    files.map(Iterator::count).sum()
}

async fn whole(world: World, _home: &Home) {
    let path = world.ok(Side::Body, None, Transition::ReportNeed, json!({})).await;
    let before = files(&world);
    let (first, named) = document("premier.pdf", DocumentKind::Other);
    let after = add(&world, &path, &first, named).await.expect("it is added");
    // Refused after its bytes were kept, as when the program is killed in between: nothing names them.
    let (late, named) = document("en-retard.pdf", DocumentKind::Other);
    let refused = add(&world, &path, &late, named).await;
    assert!(matches!(refused, Err(AppError::Conflict(_))), "{refused:?}");
    assert_eq!(files(&world), before + 2);
    world.app.look_after_files().await.expect("the folder answers");
    assert_eq!(files(&world), before + 2, "not within a day");
    // Sent again meanwhile, it is there for its row.
    world.later(2).await;
    let (late, named) = document("en-retard.pdf", DocumentKind::Other);
    let last = add(&world, &after, &late, named).await.expect("it is added");
    let (gone, named) = document("abandonne.pdf", DocumentKind::Other);
    add(&world, &after, &gone, named).await.expect_err("the path went on");
    world.later(2).await;
    world.app.look_after_files().await.expect("the folder answers");
    assert_eq!(files(&world), before + 2);
    let reader = staff(Side::Body, 1).actor();
    let view = world.app.path(&reader, &last.reference).await.expect("the path");
    let other_copy = world.clone().with_settings(tests::world::settings());
    for (listed, sent) in view.documents.iter().zip([&first, &late]) {
        let content = other_copy.app.document(&reader, &last.reference, listed.id).await.expect("the document");
        assert_eq!(content.read().await.expect("its bytes"), bytes(sent));
    }
    assert_eq!(view.documents.len(), 2);
    assert_eq!(world.app.store().verify(&|_, _| {}).await.expect("the store answers"), []);
}
on_both!(whole_after_refusals_and_sweeps, Setup::default(), whole);
