//! `jalon messages texts`: the texts that the Region words, shown, tried, kept and brought back.
//!
//! Rules kept here: what is not given stays as it is in force; a text is kept after the version that was read, or not at all;
//! what JSON shows of a text, `--json` takes back.

use app::{App, AppError, TextEntry, TextKept, TextPage, TextSource};
use domain::form::{Field, FieldError, FieldKind, FieldProblem};
use domain::people::{Actor, Side};
use domain::texts::{Content, Subject, TextProblem, braced};
use serde_json::{Value, json};
use wording::pages::texts as words;
use wording::{dates, texts};

use crate::exit::Exit;
use crate::failure::{About, Failure, Item};
use crate::files::{FormArgs, fill_texts};
use crate::output::{self, Format, FormatArgs, Listing, bold, cell, line, optional, text};
use crate::who::WhoArgs;

const TITLE: Field = Field { name: "title", kind: FieldKind::Line, required: false };
const TEXT: Field = Field { name: "text", kind: FieldKind::Text, required: false };
const SIGNATURE: Field = Field { name: "signature", kind: FieldKind::Text, required: false };

#[derive(Debug, clap::Args)]
pub struct TextsArgs {
    #[command(subcommand)]
    pub command: TextsCommand,
}

#[derive(Debug, clap::Subcommand)]
pub enum TextsCommand {
    /// Liste les textes : ceux des messages, puis ceux des lots
    List(ListArgs),
    /// Montre un texte en vigueur, et les variables qu’il peut prendre
    Show(OneArgs),
    /// Montre les messages que donne le texte en vigueur, ou celui qui est donné, sans rien enregistrer
    Preview(PreviewArgs),
    /// Enregistre un texte ; ce qui n’est pas donné reste
    Set(SetArgs),
    /// Montre les versions d’un texte, la dernière d’abord
    History(OneArgs),
    /// Revient à une version d’un texte, ou au texte standard
    Restore(RestoreArgs),
}

#[derive(Debug, clap::Args)]
pub struct ListArgs {
    #[command(flatten)]
    pub who: WhoArgs,
    #[command(flatten)]
    pub format: FormatArgs,
}

#[derive(Debug, clap::Args)]
pub struct OneArgs {
    #[command(flatten)]
    pub text: TextArgs,
    #[command(flatten)]
    pub format: FormatArgs,
}

/// Which text, and who reads or changes it.
#[derive(Debug, clap::Args)]
pub struct TextArgs {
    /// Le texte, comme le nomme la liste : feasibility_ordered/company, de champs title et text ; lot/1, de champs text et signature
    #[arg(value_name = "TEXTE")]
    pub text: String,
    #[command(flatten)]
    pub who: WhoArgs,
}

#[derive(Debug, clap::Args)]
pub struct PreviewArgs {
    #[command(flatten)]
    pub text: TextArgs,
    #[command(flatten)]
    pub form: FormArgs,
    #[command(flatten)]
    pub format: FormatArgs,
}

#[derive(Debug, clap::Args)]
pub struct SetArgs {
    #[command(flatten)]
    pub text: TextArgs,
    #[command(flatten)]
    pub form: FormArgs,
    #[command(flatten)]
    pub keep: KeepArgs,
}

#[derive(Debug, clap::Args)]
pub struct RestoreArgs {
    #[command(flatten)]
    pub text: TextArgs,
    /// Le numéro de la version ; 0 pour le texte standard
    #[arg(value_name = "VERSION")]
    pub version: u32,
    #[command(flatten)]
    pub keep: KeepArgs,
}

#[derive(Debug, clap::Args)]
pub struct KeepArgs {
    /// Pourquoi ; le motif reste dans l’historique
    #[arg(long, value_name = "TEXTE")]
    pub reason: String,
    /// La version lue : si quelqu’un a enregistré un texte depuis, rien n’est fait
    #[arg(long, value_name = "VERSION")]
    pub expect_version: Option<u32>,
}

/// Runs the command.
///
/// # Errors
/// What the use case refuses.
pub async fn run(app: &App, args: TextsArgs) -> Result<Exit, Failure> {
    match args.command {
        TextsCommand::List(args) => listed(app, args).await?,
        TextsCommand::Show(args) => show(app, args).await?,
        TextsCommand::Preview(args) => preview(app, args).await?,
        TextsCommand::Set(args) => set(app, args).await?,
        TextsCommand::History(args) => history(app, args).await?,
        TextsCommand::Restore(args) => restore(app, args).await?,
    }
    Ok(Exit::Done)
}

fn failed(error: AppError) -> Failure {
    Failure::app(error, About::Nothing)
}

/// The text of a name, if the reader sees it.
async fn read(app: &App, actor: &Actor, given: &str) -> Result<TextPage, Failure> {
    let absent = || {
        let message = format!(
            "Aucun texte «\u{a0}{given}\u{a0}» n’est visible de ce compte. «\u{a0}jalon messages texts list\u{a0}» montre ceux qui le sont."
        );
        Failure::new(Exit::NotFound, "not_found", message)
    };
    let subject: Subject = given.trim().parse().map_err(|_| absent())?;
    app.text_page(actor, &subject).await.map_err(|error| match error {
        AppError::NotFound => absent(),
        error => failed(error),
    })
}

/// The same, for who may change it.
async fn opened(app: &App, actor: &Actor, given: &str) -> Result<TextPage, Failure> {
    let page = read(app, actor, given).await?;
    if page.may_edit { Ok(page) } else { Err(failed(AppError::Forbidden)) }
}

async fn listed(app: &App, args: ListArgs) -> Result<(), Failure> {
    let reader = args.who.reader(app).await?;
    let all = app.text_list(&reader).await.map_err(failed)?;
    let columns =
        vec![text("text", "Texte"), text("title", "Message"), text("reader", "Lu par"), text("own", "En vigueur")];
    let mut list = Listing::new("Textes des messages", "Aucun texte n’est visible de ce compte.", columns);
    let messages = all
        .messages
        .iter()
        .map(|line| (Subject::Message { kind: line.of.kind.to_owned(), role: line.of.role }, line.last.as_ref()));
    let lots = all.lots.iter().map(|line| (Subject::Lot(line.lot.code.clone()), line.last.as_ref()));
    for (subject, last) in messages.chain(lots) {
        let own = last.filter(|last| last.version.content.is_some());
        let since = own.map(|own| words::since(dates::instant_short(own.version.at), &own.by));
        list.push(
            vec![
                cell(subject.to_string()),
                cell(words::title(&subject)),
                cell(words::reader(&subject)),
                optional(since.or_else(|| Some(words::nothing_of(&subject).to_owned()))),
            ],
            json!({ "subject": subject.to_string(), "version": last.map_or(0, |last| last.version.version), "own": own.is_some() }),
        );
    }
    list.print(args.format.format)
}

async fn show(app: &App, args: OneArgs) -> Result<(), Failure> {
    let page = read(app, &args.text.who.reader(app).await?, &args.text.text).await?;
    if args.format.format == Format::Json {
        return output::json(&as_json(&page.subject, &page.begun()));
    }
    line(&bold(&format!("{}, {}", words::title(&page.subject), words::reader(&page.subject))))?;
    if let Some(last) = page.history.first() {
        line(&version(last))?;
    }
    words::said(&page.subject, page.content()).iter().try_for_each(|said| line(said))?;
    if page.content().is_none() {
        for (rank, case) in page.standard.iter().enumerate() {
            line("")?;
            if page.standard.len() > 1 {
                line(&words::case(rank + 1))?;
            }
            line(&words::titled(&case.title))?;
            line(&case.opening)?;
        }
    }
    line("")?;
    let width = page.holds.variables.iter().map(|variable| braced(*variable).chars().count()).max().unwrap_or(0);
    page.holds
        .variables
        .iter()
        .try_for_each(|variable| line(&format!("{:width$}  {}", braced(*variable), texts::meaning(*variable))))
}

/// A text in the names in which `--set` and `--json` take it.
fn as_json(subject: &Subject, content: &Content) -> Value {
    match subject {
        Subject::Message { .. } => json!({ "title": content.title, "text": content.text }),
        Subject::Lot(_) => json!({ "text": content.text, "signature": content.signature }),
    }
}

fn version(entry: &TextEntry) -> String {
    words::version(entry.version.version, dates::instant_short(entry.version.at), &entry.by)
}

/// What is given, in the place of what is in force.
fn typed(page: &TextPage, args: &FormArgs) -> Result<Content, Failure> {
    let fields = match page.subject {
        Subject::Message { .. } => [TITLE, TEXT],
        Subject::Lot(_) => [TEXT, SIGNATURE],
    };
    let known: Vec<&'static str> = fields.iter().map(|field| field.name).collect();
    let mut content = page.begun();
    let mut wrong = Vec::new();
    for (name, value) in fill_texts(args, &fields)? {
        let problem = match (known.contains(&name.as_str()), value) {
            (false, _) => FieldProblem::Unknown { known: known.clone() },
            (true, Value::String(said)) => {
                match name.as_str() {
                    "title" => content.title = said,
                    "text" => content.text = said,
                    _ => content.signature = said,
                }
                continue;
            }
            (true, _) => FieldProblem::NotText,
        };
        wrong.push(FieldError { field: name, problem });
    }
    if wrong.is_empty() { Ok(content) } else { Err(failed(AppError::Invalid(wrong))) }
}

async fn preview(app: &App, args: PreviewArgs) -> Result<(), Failure> {
    let reader = args.text.who.reader(app).await?;
    let previews = if args.form.is_empty() {
        let page = read(app, &reader, &args.text.text).await?;
        app.preview_in_force(&reader, &page).await.map_err(failed)?
    } else {
        let page = opened(app, &reader, &args.text.text).await?;
        let content = typed(&page, &args.form)?;
        let tried = app.preview_text(&reader, &page.subject, Some(&content)).await.map_err(failed)?;
        tried.map_err(|problems| wrong(&problems))?
    };
    if args.format.format == Format::Json {
        let case = |preview: &app::TextPreview| json!({ "subject": preview.subject, "text": preview.text, "html": preview.html });
        return output::json(&previews.iter().map(case).collect());
    }
    for (rank, preview) in previews.iter().enumerate() {
        if rank > 0 {
            line("")?;
        }
        if previews.len() > 1 {
            line(&bold(&words::case(rank + 1)))?;
        }
        line(&bold(&words::titled(&preview.subject)))?;
        line("")?;
        line(preview.text.trim_end())?;
    }
    Ok(())
}

async fn set(app: &App, args: SetArgs) -> Result<(), Failure> {
    let actor = args.text.who.author(app, &[Side::Region]).await?.actor();
    let page = opened(app, &actor, &args.text.text).await?;
    if args.form.is_empty() {
        let message = "Dites ce qui change, par exemple --set text=@texte.txt, ou --json FICHIER avec ce que «\u{a0}jalon messages texts \
                       show --format json\u{a0}» a montré.";
        return Err(Failure::usage("nothing_given", message));
    }
    let source = TextSource::Typed(typed(&page, &args.form)?);
    keep(app, &actor, &page, &source, &args.keep).await
}

async fn history(app: &App, args: OneArgs) -> Result<(), Failure> {
    let page = read(app, &args.text.who.reader(app).await?, &args.text.text).await?;
    let columns = vec![
        text("version", "Version"),
        text("at", "Le"),
        text("by", "Par"),
        text("reason", "Motif"),
        text("said", "Texte"),
    ];
    let mut list = Listing::new("Versions", "Ce texte n’a jamais changé.", columns);
    for entry in &page.history {
        let kept = &entry.version;
        let mut object = kept.content.as_ref().map_or_else(|| json!({}), |content| as_json(&page.subject, content));
        object["version"] = json!(kept.version);
        object["at"] = json!(kept.at);
        object["by"] = json!(entry.by);
        object["reason"] = json!(kept.reason);
        list.push(
            vec![
                cell(kept.version.to_string()),
                cell(dates::instant_short(kept.at)),
                cell(entry.by.clone()),
                cell(kept.reason.clone()),
                cell(words::said(&page.subject, kept.content.as_ref()).join(" / ")),
            ],
            object,
        );
    }
    list.print(args.format.format)
}

async fn restore(app: &App, args: RestoreArgs) -> Result<(), Failure> {
    let actor = args.text.who.author(app, &[Side::Region]).await?.actor();
    let page = opened(app, &actor, &args.text.text).await?;
    let source = match args.version {
        0 => TextSource::Standard,
        version => {
            known(&page, version)?;
            TextSource::Version(version)
        }
    };
    keep(app, &actor, &page, &source, &args.keep).await
}

/// A version that the text has.
fn known(page: &TextPage, version: u32) -> Result<(), Failure> {
    if page.history.iter().any(|entry| entry.version.version == version) {
        return Ok(());
    }
    let message = format!(
        "Ce texte n’a pas de version {version}. «\u{a0}jalon messages texts history {}\u{a0}» montre celles qu’il a.",
        page.subject
    );
    Err(Failure::new(Exit::NotFound, "not_found", message))
}

async fn keep(app: &App, actor: &Actor, page: &TextPage, source: &TextSource, args: &KeepArgs) -> Result<(), Failure> {
    let seen = args.expect_version.unwrap_or_else(|| page.version());
    if seen > 0 {
        known(page, seen)?;
    }
    match app.keep_text(actor, &page.subject, source, seen, &args.reason).await.map_err(failed)? {
        TextKept::Kept => line(&format!("{}, version {}. {}", words::KEPT_TITLE, seen + 1, words::KEPT)),
        TextKept::Unchanged => line(&format!("{}. {}", words::UNCHANGED_TITLE, words::UNCHANGED)),
        TextKept::Overtaken(theirs) => {
            let message = format!(
                "{} (motif\u{a0}: {}). Relisez avec «\u{a0}jalon messages texts show {}\u{a0}», puis recommencez.",
                version(&theirs),
                theirs.version.reason,
                page.subject
            );
            Err(Failure::new(Exit::Conflict, "conflict", format!("{}\u{a0}: {message}", words::OVERTAKEN_TITLE)))
        }
        TextKept::Wrong(problems) => Err(wrong(&problems)),
    }
}

/// What is wrong in a text, line by line.
fn wrong(problems: &[TextProblem]) -> Failure {
    let item = |problem: &TextProblem| Item {
        field: None,
        label: texts::place(problem.place).to_owned(),
        message: format!("{}.", texts::problem(problem)),
    };
    let items = problems.iter().map(item).collect();
    Failure::new(Exit::Refused, "text", format!("{}\u{a0}:", words::TO_CORRECT_TITLE)).with(items)
}
