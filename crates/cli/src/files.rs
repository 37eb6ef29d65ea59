//! Forms as the command line gives them: `--set key=value`, `--json FILE`, and the documents they name.
//!
//! Rules kept here: `--set` completes and replaces what the JSON file says; the same key given several times makes lines; a
//! document is received piece by piece as from a browser, weighed, recognised by its content and never by its name, and named
//! in the form by its SHA-256; what a field means is decided by the domain, not here.

use std::io::Read;
use std::path::{Path as FilePath, PathBuf};

use app::documents::{Unrecognised, document_kind, recognised};
use app::{App, AppError, Attachment, Received, StoreError};
use domain::form::{Field, FieldKind, Form};
use domain::path::Step;
use serde_json::{Value, json};
use tokio::io::AsyncReadExt;

use crate::exit::Exit;
use crate::failure::{About, Failure, Item};

/// Bytes read together.
const PIECE: usize = 64 * 1024;

/// A form with the documents it names, received and not kept yet.
#[derive(Debug, Default)]
pub struct Filled {
    pub form: Form,
    pub received: Vec<Received>,
}

impl Filled {
    /// The documents as the step takes them.
    pub fn attachments(&self, step: Step) -> Vec<Attachment> {
        let attachment = |received: &Received| received.attachment(document_kind(step, &received.field, &self.form));
        self.received.iter().map(attachment).collect()
    }
}

/// What a person typed.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct FormArgs {
    /// Remplit un champ : --set reason=Doublon ; un document se nomme par son fichier : --set report=@etude.pdf
    #[arg(long = "set", value_name = "CHAMP=VALEUR", num_args = 1..)]
    pub set: Vec<String>,
    /// Remplit les champs depuis un fichier JSON (« - » : l’entrée standard) ; --set complète ou remplace
    #[arg(long, value_name = "FICHIER")]
    pub json: Option<PathBuf>,
}

impl FormArgs {
    /// Whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.set.is_empty() && self.json.is_none()
    }
}

/// Reads the form of a step with its documents.
///
/// # Errors
/// An argument without `=`, a file that cannot be read, a document of a kind that is not taken; the disk does not take it.
pub async fn fill(app: &App, args: &FormArgs, step: Step, fields: &[Field]) -> Result<Filled, Failure> {
    let mut filled = Filled { form: fill_texts(args, fields)?, received: Vec::new() };
    let mut problems = Vec::new();
    for field in fields.iter().filter(|field| field.kind == FieldKind::Document) {
        let Some(path) = filled.form.get(field.name).and_then(Value::as_str).and_then(named_file) else { continue };
        match receive(app, field.name, &path).await? {
            Ok(received) => {
                let reference = json!({ "name": received.name, "sha256": received.file.kept().sha256 });
                filled.form.insert(field.name.to_owned(), reference);
                filled.received.push(received);
            }
            Err(problem) => problems.push(Item {
                field: Some(field.name.to_owned()),
                label: wording::fields::path(step, field.name).map_or("", |words| words.label).to_owned(),
                message: problem,
            }),
        }
    }
    if problems.is_empty() {
        return Ok(filled);
    }
    let count =
        wording::numbers::count(problems.len() as i64, "document ne convient pas", "documents ne conviennent pas");
    Err(Failure::new(Exit::Usage, "document", format!("{count}\u{a0}; rien n’a été écrit.")).with(problems))
}

/// Reads the form of a step that takes no document; a long text may come from a file (`@motifs.txt`).
///
/// # Errors
/// An argument without `=`, a file that cannot be read.
pub fn fill_texts(args: &FormArgs, fields: &[Field]) -> Result<Form, Failure> {
    let mut form = read(args)?;
    let long = |field: &&Field| matches!(field.kind, FieldKind::Text | FieldKind::Conditions | FieldKind::Units);
    for field in fields.iter().filter(long) {
        let Some(path) = form.get(field.name).and_then(Value::as_str).and_then(|text| text.strip_prefix('@')) else {
            continue;
        };
        let path = PathBuf::from(path);
        let text = std::fs::read_to_string(&path).map_err(|error| Failure::file(&path, &error))?;
        form.insert(field.name.to_owned(), Value::String(text));
    }
    Ok(form)
}

/// Reads the fields as they were typed; documents stay names of files.
///
/// # Errors
/// An argument without `=`, a JSON file that cannot be read or is not an object.
pub fn read(args: &FormArgs) -> Result<Form, Failure> {
    let mut form = match &args.json {
        None => Form::new(),
        Some(path) => read_json(path)?,
    };
    let mut typed: Vec<(String, String)> = Vec::new();
    for argument in &args.set {
        let (key, value) = pair(argument)?;
        match typed.iter_mut().find(|(known, _)| *known == key) {
            Some((_, lines)) => {
                lines.push('\n');
                lines.push_str(value);
            }
            None => typed.push((key, value.to_owned())),
        }
    }
    form.extend(typed.into_iter().map(|(key, value)| (key, Value::String(value))));
    Ok(form)
}

fn pair(argument: &str) -> Result<(String, &str), Failure> {
    let explained = || {
        Failure::usage(
            "set",
            format!(
                "«\u{a0}{argument}\u{a0}» ne se comprend pas après --set. Écrivez --set champ=valeur, entre guillemets s’il y a des espaces."
            ),
        )
    };
    let (key, value) = argument.split_once('=').ok_or_else(explained)?;
    // Hyphens are what people type on a command line.
    let key = key.trim().replace('-', "_");
    if key.is_empty() { Err(explained()) } else { Ok((key, value)) }
}

fn read_json(path: &FilePath) -> Result<Form, Failure> {
    let text = if path == FilePath::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(|error| Failure::file(path, &error))?;
        text
    } else {
        std::fs::read_to_string(path).map_err(|error| Failure::file(path, &error))?
    };
    let name = path.display();
    match serde_json::from_str(&text) {
        Ok(Value::Object(form)) => Ok(form),
        Ok(_) => Err(Failure::usage(
            "json",
            format!(
                "Le fichier «\u{a0}{name}\u{a0}» ne contient pas un objet. Écrivez par exemple {{\"reason\": \"…\"}}."
            ),
        )),
        Err(error) => Err(Failure::usage(
            "json",
            format!(
                "Le fichier «\u{a0}{name}\u{a0}» n’est pas du JSON valable, ligne {}, colonne {}. Vérifiez guillemets, virgules et accolades.",
                error.line(),
                error.column()
            ),
        )),
    }
}

/// The file that a typed value names; the `@` may be left out.
fn named_file(text: &str) -> Option<PathBuf> {
    let text = text.trim();
    let name = text.strip_prefix('@').unwrap_or(text);
    (!name.is_empty()).then(|| PathBuf::from(name))
}

/// A document received from a file, or what is wrong with it.
async fn receive(app: &App, field: &str, path: &FilePath) -> Result<Result<Received, String>, Failure> {
    let shown = path.display();
    let most = app.settings().document_size;
    let Ok(metadata) = std::fs::metadata(path) else {
        return Ok(Err(format!("le fichier «\u{a0}{shown}\u{a0}» n’existe pas. Vérifiez le chemin.")));
    };
    if !metadata.is_file() {
        return Ok(Err(format!("«\u{a0}{shown}\u{a0}» n’est pas un fichier.")));
    }
    let heavy = |weight| {
        format!(
            "le fichier «\u{a0}{shown}\u{a0}» pèse {}, plus que les {} permis. Réduisez-le.",
            size(weight),
            size(most)
        )
    };
    if metadata.len() > most {
        return Ok(Err(heavy(metadata.len())));
    }
    let failed = |error| Failure::app(error, About::Nothing);
    let unreadable = |error| format!("le fichier «\u{a0}{shown}\u{a0}» ne se lit pas ({error}).");
    let mut file = match tokio::fs::File::open(path).await {
        Ok(file) => file,
        Err(error) => return Ok(Err(unreadable(error))),
    };
    let mut incoming = app.receive().await.map_err(failed)?;
    let mut piece = vec![0; PIECE];
    loop {
        match file.read(&mut piece).await {
            Ok(0) => break,
            Ok(read) => incoming.write(&piece[..read]).await?,
            Err(error) => return Ok(Err(unreadable(error))),
        }
        // It may grow while it is read.
        if incoming.size() > most {
            return Ok(Err(heavy(incoming.size())));
        }
    }
    let name = path.file_name().map_or_else(|| "document".to_owned(), |name| name.to_string_lossy().into_owned());
    match recognised(incoming.finish().await?).await {
        Ok((file, media_type)) => {
            Ok(Ok(Received { field: field.to_owned(), name, media_type: media_type.to_owned(), file }))
        }
        Err(Unrecognised::NotTaken(why)) => {
            Ok(Err(format!("«\u{a0}{shown}\u{a0}»\u{a0}: {}", wording::documents::not_taken(why))))
        }
        Err(Unrecognised::Unreadable(error)) => Err(failed(AppError::from(StoreError::from(error)))),
    }
}

/// Where documents are kept, for a sentence.
pub fn place(files: &persistence::Files) -> String {
    match files.bucket() {
        Some(bucket) => format!("le compartiment S3 {bucket}"),
        None => format!("le dossier {}", files.root().display()),
    }
}

/// A size for a sentence.
pub fn size(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1 << 30, "Gio"), (1 << 20, "Mio"), (1 << 10, "Kio")];
    match UNITS.iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) => {
            let tenths = bytes * 10 / unit;
            match (tenths / 10, tenths % 10) {
                (whole, 0) => format!("{whole}\u{a0}{name}"),
                (whole, tenth) => format!("{whole},{tenth}\u{a0}{name}"),
            }
        }
        None => format!("{bytes}\u{a0}octets"),
    }
}

#[cfg(test)]
mod tests {
    use domain::path::command::DocumentKind;
    use domain::path::{Act, Command, Transition};

    use super::*;

    fn args(set: &[&str]) -> FormArgs {
        FormArgs { set: set.iter().map(|text| (*text).to_owned()).collect(), json: None }
    }

    #[test]
    fn a_key_given_twice_makes_lines_and_a_value_may_hold_an_equals_sign() {
        let form = read(&args(&[
            "conditions=2026-12-01 Aménager",
            "conditions=2026-12-08 Former",
            "reasons=a=b",
            "planned-entry=x",
        ]))
        .unwrap();
        assert_eq!(form["conditions"], "2026-12-01 Aménager\n2026-12-08 Former");
        assert_eq!(form["reasons"], "a=b");
        assert_eq!(form["planned_entry"], "x");
    }

    #[test]
    fn an_argument_without_equals_sign_or_key_is_explained() {
        for argument in ["reasons", "=x", " = x"] {
            let failure = read(&args(&[argument])).unwrap_err();
            assert_eq!((failure.exit, failure.code.as_str()), (Exit::Usage, "set"));
            assert!(failure.message.contains(argument), "{}", failure.message);
        }
    }

    #[test]
    fn set_replaces_what_the_file_says() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("form.json");
        std::fs::write(&file, r#"{"reason": "fichier", "amount": 60000}"#).unwrap();
        let form = read(&FormArgs { set: vec!["reason=ligne".to_owned()], json: Some(file) }).unwrap();
        assert_eq!(Value::Object(form), json!({ "reason": "ligne", "amount": 60000 }));
    }

    #[test]
    fn a_broken_file_is_told_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("form.json");
        for (content, said) in [("{\n  \"a\": ,\n}", "ligne 2"), ("[1]", "objet")] {
            std::fs::write(&file, content).unwrap();
            let failure = read(&FormArgs { set: vec![], json: Some(file.clone()) }).unwrap_err();
            assert!(failure.message.contains(said), "{}", failure.message);
        }
        let missing = read(&FormArgs { set: vec![], json: Some(folder.path().join("absent.json")) }).unwrap_err();
        assert!(missing.message.contains("n’existe pas"), "{}", missing.message);
    }

    /// A product whose documents weigh no more than this.
    async fn app(folder: &FilePath, document_size: u64) -> App {
        let url = format!("sqlite://{}", folder.join("jalon.db").display());
        let store = persistence::Store::connect(&persistence::StoreOptions::new(url, vec![7; 32])).await.unwrap();
        App::new(store, app::Settings { document_size, ..crate::demo::settings("http://localhost") })
    }

    #[tokio::test]
    async fn documents_are_read_recognised_and_named_by_their_digest() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("étude.pdf");
        std::fs::write(&file, b"%PDF-1.7 test").unwrap();
        let step = Step::Transition(Transition::DeliverFeasibility);
        let given = args(&[&format!("report=@{}", file.display()), "reasons=Voir le rapport"]);
        let filled = fill(&app(folder.path(), 1000).await, &given, step, &Command::fields(step)).await.unwrap();
        let attachments = filled.attachments(step);
        let [attachment] = attachments.as_slice() else { panic!("one document") };
        assert_eq!(
            (attachment.media_type.as_str(), attachment.kind),
            ("application/pdf", DocumentKind::FeasibilityReport)
        );
        assert_eq!(filled.form["report"]["name"], "étude.pdf");
        assert_eq!(filled.form["report"]["sha256"], json!(persistence::document_digest(b"%PDF-1.7 test")));
        assert_eq!(filled.form["reasons"], "Voir le rapport");
        let refused = fill(&app(folder.path(), 5).await, &given, step, &Command::fields(step)).await.unwrap_err();
        assert!(refused.items[0].message.contains("13\u{a0}octets"), "{:?}", refused.items);
    }

    #[tokio::test]
    async fn a_document_that_is_not_taken_says_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let app = app(folder.path(), 1000).await;
        let step = Step::Transition(Transition::DeliverFeasibility);
        for (bytes, said) in [(&b""[..], "est vide"), (b"<html>", "du code"), (b"MZ\x90\0", "sorte admise")] {
            let file = folder.path().join("étude.pdf");
            std::fs::write(&file, bytes).unwrap();
            let given = args(&[&format!("report=@{}", file.display())]);
            let items = fill(&app, &given, step, &Command::fields(step)).await.unwrap_err().items;
            assert!(items[0].message.contains("étude.pdf") && items[0].message.contains(said), "{items:?}");
        }
    }

    #[test]
    fn every_field_of_a_document_says_what_it_is() {
        for step in Step::all() {
            for field in Command::fields(step).iter().filter(|field| field.kind == FieldKind::Document) {
                let kind = document_kind(step, field.name, &Form::new());
                let free = step == Step::Act(Act::AddDocument);
                assert_eq!(kind == DocumentKind::Other, free, "{step} {}", field.name);
            }
        }
    }

    #[test]
    fn sizes_read_well() {
        assert_eq!([size(20 << 20), size(1536), size(12)], ["20\u{a0}Mio", "1,5\u{a0}Kio", "12\u{a0}octets"]);
    }
}
