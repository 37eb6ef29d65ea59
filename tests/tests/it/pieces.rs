//! Documents that Jalon makes: read by other programs than ours, with what the path says and nothing that it must not.

use std::io::Write;
use std::process::{Command, Stdio};

use app::pieces::Made;
use app::{AppError, Piece};
use domain::form::DocumentRef;
use domain::path::command::DocumentKind;
use domain::path::requests::Declared;
use domain::path::{Act, Path, State, Transition};
use domain::people::{Actor, OutsideRole, Side};
use persistence::Finding;
use sea_orm::ConnectionTrait;
use serde_json::json;
use strum::IntoEnumIterator;
use tests::world::{Home, Setup, World, staff};

use crate::colleagues::link;
use crate::kit::on_both;

const OBJECTIVES: &str = "Façonner les pâtons selon la recette, « sans reprise »\n#set page(fill: red) *gras* $x^2$ @cite <b>\nTenir le four — Łukasz, Дмитрий, 面包 🥖";

/// What a program of another hand prints of a file.
pub fn read_by(program: &str, arguments: &[&str], bytes: &[u8]) -> String {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{program}: {error}"));
    let mut stdin = child.stdin.take().expect("a pipe");
    let sent = bytes.to_vec();
    let writing = std::thread::spawn(move || stdin.write_all(&sent));
    let output = child.wait_with_output().expect("it ends");
    writing.join().expect("no panic").expect("it reads all");
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The words of a document, once two readers say that it is sound, tagged, and of the standards it claims.
fn words(made: &Made) -> String {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), &made.bytes).expect("it is written");
    let path = file.path().to_str().expect("a path");
    read_by("qpdf", &["--check", path], b"");
    let information = read_by("pdfinfo", &["-"], &made.bytes);
    assert!(information.contains("Tagged:          yes"), "{}: {information}", made.name);
    let meta = read_by("pdfinfo", &["-meta", "-"], &made.bytes);
    for claim in
        ["<pdfaid:part>2</pdfaid:part>", "<pdfaid:conformance>A</pdfaid:conformance>", "<pdfuaid:part>1</pdfuaid:part>"]
    {
        assert!(meta.contains(claim), "{}: {claim} not in {meta}", made.name);
    }
    let fonts = read_by("pdffonts", &["-"], &made.bytes);
    for font in fonts.lines().skip(2) {
        assert!(font.contains(" yes yes "), "{}: embedded as a subset: {font}", made.name);
    }
    let text = read_by("pdftotext", &["-layout", "-", "-"], &made.bytes);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for hidden in ["RSA", "BOE", "1998", "1 998"] {
        assert!(!text.contains(hidden), "{}: {hidden} in {text}", made.name);
    }
    text
}

fn body(lot: u8) -> Actor {
    staff(Side::Body, lot).actor()
}

async fn of_kind(world: &World, path: &Path, kind: DocumentKind) -> (DocumentRef, Made) {
    let view = world.app.path(&body(1), &path.reference).await.expect("the path");
    let document = view.documents.into_iter().rfind(|document| document.kind == kind).expect("it was kept");
    let reference = document.reference.clone();
    let mut content = world.app.document(&body(1), &path.reference, document.id).await.expect("its bytes");
    let mut bytes = Vec::new();
    while let Some(piece) = content.next().await.expect("a piece") {
        bytes.extend_from_slice(&piece);
    }
    (reference.clone(), Made { name: reference.name, bytes })
}

/// Rank of the last answer of a kind.
async fn answer(world: &World, path: &Path, wanted: impl Fn(Declared) -> bool) -> u32 {
    let view = world.app.path(&body(1), &path.reference).await.expect("the path");
    let mut ranks = view.events.iter().filter(|recorded| Declared::by(&recorded.event).is_some_and(&wanted));
    ranks.next_back().expect("it was answered").seq
}

async fn a_programme_is_made_of_its_form_and_proved_by_its_signatures(world: World, _home: &Home) {
    let path = world.reach(State::CandidateSelected).await;
    let bare = json!({ "document": null });
    let missing = world.play(Side::Body, Some(&path), Act::WritePif, bare).await;
    let Err(AppError::Refused(refusal)) = missing else { panic!("{missing:?}") };
    assert!(format!("{refusal:?}").contains("objectives"), "{refusal:?}");

    let path =
        world.ok(Side::Body, Some(&path), Act::WritePif, json!({ "document": null, "objectives": OBJECTIVES })).await;
    let (reference, made) = of_kind(&world, &path, DocumentKind::Pif).await;
    let terms = &path.pif.as_ref().expect("a programme").terms;
    assert_eq!(terms.document, reference, "what is signed is what was made");
    let text = words(&made);
    for line in OBJECTIVES.lines() {
        let expected = line.replace("面包 🥖", "?? ?");
        assert!(text.contains(&expected), "{expected:?} as it was typed in {text}");
    }
    assert!(text.contains("Version 1") && text.contains("Boulangerie Lemoine"), "{text}");

    let path = world.ok(Side::Company, Some(&path), Transition::SignPif, json!({})).await;
    let rank = answer(&world, &path, |declared| matches!(declared, Declared::Pif { .. })).await;
    let certificate = world.app.answer_proof(&body(1), &path.reference, rank).await.expect("a certificate");
    let text = words(&certificate);
    assert!(text.contains("accepte la version 1 du programme individuel"), "{text}");
    assert!(text.contains("Par le lien personnel"), "{text}");
    let digest: String = text.split_whitespace().collect();
    assert!(digest.contains(&reference.sha256), "the digest of what was read in {text}");

    let elsewhere = world.app.answer_proof(&body(2), &path.reference, rank).await;
    assert!(matches!(elsewhere, Err(AppError::NotFound)), "{elsewhere:?}");
    let no_answer = world.app.answer_proof(&body(1), &path.reference, 1).await;
    assert!(matches!(no_answer, Err(AppError::NotFound)), "{no_answer:?}");
}

async fn a_closed_path_has_all_its_documents(world: World, _home: &Home) {
    let path = world.reach(State::TrainingEnded).await;
    let asked = world.ok(Side::Body, Some(&path), Act::AskConfirmation, json!({})).await;
    let path = world.ok(Side::Company, Some(&asked), Act::ConfirmReport, json!({})).await;
    let path = world.ok(Side::Body, Some(&path), Transition::DeliverReport, json!({ "certificate": null })).await;
    let (_, certificate) = of_kind(&world, &path, DocumentKind::CompletionCertificate).await;
    let text = words(&certificate);
    let hours = path.training.as_ref().and_then(|training| training.ended.as_ref()).expect("ended").hours_done;
    assert!(text.contains(&format!("pour une durée de {hours} heures")), "{text}");

    for piece in Piece::iter() {
        let made = world.app.piece(&body(1), &path.reference, piece).await.expect("it is made");
        let text = words(&made);
        assert!(text.contains(&path.reference.to_string()), "{piece}: {text}");
        let elsewhere = world.app.piece(&body(2), &path.reference, piece).await;
        assert!(matches!(elsewhere, Err(AppError::NotFound)), "{piece}: {elsewhere:?}");
    }
    let dossier = world.app.piece(&body(1), &path.reference, Piece::Dossier).await.expect("it is made");
    let text = words(&dossier);
    let proven = text.matches(" prouvé").count();
    assert_eq!(proven, 4, "the four elements of the law in {text}");
    let view = world.app.path(&body(1), &path.reference).await.expect("the path");
    for document in &view.documents {
        let digest = &document.reference.sha256[..8];
        assert!(text.contains(digest), "{} in {text}", document.reference.name);
    }
}

async fn a_proof_that_was_altered_says_so(world: World, home: &Home) {
    let path = world.reach(State::FeasibilityInProgress).await;
    let path = world.ok(Side::Body, Some(&path), Act::AskConfirmation, json!({})).await;
    let path = world.ok(Side::Company, Some(&path), Act::ConfirmCommitment, json!({})).await;
    let rank = answer(&world, &path, |declared| declared == Declared::Commitment).await;
    let certificate = world.app.answer_proof(&body(1), &path.reference, rank).await.expect("a certificate");
    let text = words(&certificate);
    assert!(text.contains("s’engage à en réunir les conditions") && !text.contains("modifié hors de Jalon"), "{text}");
    assert_eq!(world.app.store().verify(&|_, _| ()).await.expect("it is checked"), []);

    let connection = home.connect().await;
    connection.execute_unprepared("UPDATE answer_proofs SET sealed = '1.AAAA'").await.expect("it is altered");
    let certificate = world.app.answer_proof(&body(1), &path.reference, rank).await.expect("a certificate");
    let text = words(&certificate);
    assert!(text.contains("modifié hors de Jalon"), "{text}");
    let findings = world.app.store().verify(&|_, _| ()).await.expect("it is checked");
    assert!(matches!(findings.as_slice(), [Finding::ProofAltered { .. }]), "{findings:?}");
}

on_both!(programme, Setup::default(), a_programme_is_made_of_its_form_and_proved_by_its_signatures);
on_both!(closed, Setup::default(), a_closed_path_has_all_its_documents);
on_both!(altered, Setup::default(), a_proof_that_was_altered_says_so);

/// Who signed before them in the same role is not the business of whoever has it now.
async fn a_certificate_is_for_who_answered(world: World, _home: &Home) {
    let path = world.reach(State::CandidateSelected).await;
    let path = world.ok(Side::Body, Some(&path), Act::WritePif, json!({})).await;
    let path = world.ok(Side::Trainee, Some(&path), Transition::SignPif, json!({})).await;
    let rank = answer(&world, &path, |declared| matches!(declared, Declared::Pif { .. })).await;
    let first = link(&world, &path, OutsideRole::Trainee).await;
    words(&world.app.link_proof(&first, rank).await.expect("their own"));
    let company = link(&world, &path, OutsideRole::Company).await;
    let others = world.app.link_proof(&company, rank).await;
    assert!(matches!(others, Err(AppError::NotFound)), "{others:?}");

    let path = world.ok(Side::Body, Some(&path), Transition::WithdrawCandidate, json!({})).await;
    let next = json!({ "name": "Nadia Petit", "email": "nadia.petit@courriel.example" });
    let path = world.ok(Side::Body, Some(&path), Transition::SelectCandidate, next).await;
    let second = link(&world, &path, OutsideRole::Trainee).await;
    for token in [&first, &second] {
        let refused = world.app.link_proof(token, rank).await;
        assert!(matches!(refused, Err(AppError::NotFound)), "{refused:?}");
    }
}

on_both!(own, Setup::default(), a_certificate_is_for_who_answered);
