//! `jalon messages`: what left, what waits, what was refused; sending again, and setting aside.

mod texts;

use app::{Again, App, PathFilter, Resend};
use domain::calendar::paris_time;
use domain::identifiers::{MessageId, PathReference};
use domain::people::{Actor, Side};
use persistence::{Message, MessageFilter, MessageState};
use serde_json::{Value, json};
use strum::VariantNames;
use wording::{dates, labels};

use super::path::list;
use crate::exit::Exit;
use crate::failure::{About, Failure};
use crate::output::{self, Format, FormatArgs, Listing, bold, cell, line, optional, text};
use crate::settings::MailTransport;
use crate::values;
use crate::who::WhoArgs;
use crate::wiring::{Global, Schema, Wired, open};

#[derive(Debug, clap::Args)]
pub struct MessagesArgs {
    #[command(subcommand)]
    pub command: MessagesCommand,
}

#[derive(Debug, clap::Subcommand)]
pub enum MessagesCommand {
    /// Liste les courriels, le plus récent d’abord
    List(ListArgs),
    /// Montre un courriel, lien masqué
    Show(ShowArgs),
    /// Ouvre un courriel avec son lien, comme la personne qui l’a reçu (démonstration et essais seulement)
    Open(OpenArgs),
    /// Renvoie un courriel, à l’adresse enregistrée aujourd’hui
    Resend(SettleArgs),
    /// Classe sans le renvoyer un courriel qui n’est pas arrivé
    Close(SettleArgs),
    /// Les textes des messages : liste, texte en vigueur, aperçu, enregistrement, versions
    Texts(texts::TextsArgs),
}

#[derive(Debug, clap::Args)]
pub struct ListArgs {
    /// Seulement ceux d’un parcours
    #[arg(long, value_name = "RÉFÉRENCE")]
    pub path: Option<String>,
    /// Un état : queued, sending, sent, refused, failed, held
    #[arg(long, value_name = "ÉTAT")]
    pub state: Vec<String>,
    /// Une sorte de courriel
    #[arg(long, value_name = "SORTE")]
    pub kind: Option<String>,
    /// Au plus tant de courriels
    #[arg(long, value_name = "NOMBRE", allow_hyphen_values = true, default_value_t = 100)]
    pub limit: u64,
    #[command(flatten)]
    pub who: WhoArgs,
    #[command(flatten)]
    pub format: FormatArgs,
}

#[derive(Debug, clap::Args)]
pub struct ShowArgs {
    /// Le numéro du courriel dans la liste, ou son identifiant
    #[arg(value_name = "NUMÉRO")]
    pub message: String,
    #[command(flatten)]
    pub who: WhoArgs,
    #[command(flatten)]
    pub format: FormatArgs,
}

#[derive(Debug, clap::Args)]
pub struct OpenArgs {
    /// Le numéro du courriel dans la liste ; ou la référence d’un parcours, pour son dernier courriel qui attend une réponse
    #[arg(value_name = "NUMÉRO|RÉFÉRENCE")]
    pub message: String,
    #[command(flatten)]
    pub who: WhoArgs,
}

#[derive(Debug, clap::Args)]
pub struct SettleArgs {
    /// Le numéro du courriel dans la liste, ou son identifiant
    #[arg(value_name = "NUMÉRO")]
    pub message: String,
    /// Pourquoi
    #[arg(long, value_name = "TEXTE")]
    pub reason: String,
    #[command(flatten)]
    pub who: WhoArgs,
}

/// Runs the command.
///
/// # Errors
/// What the use case refuses.
pub async fn run(global: &Global, args: MessagesArgs) -> Result<Exit, Failure> {
    let wired = open(global, Schema::Current).await?;
    let app = &wired.app;
    match args.command {
        MessagesCommand::List(args) => listed(app, args).await,
        MessagesCommand::Show(args) => show(app, args).await,
        MessagesCommand::Open(args) => opened(&wired, args).await,
        MessagesCommand::Resend(args) => resend(app, args).await,
        MessagesCommand::Close(args) => set_aside(app, args).await,
        MessagesCommand::Texts(args) => texts::run(app, args).await,
    }
}

async fn listed(app: &App, args: ListArgs) -> Result<Exit, Failure> {
    let reader = args.who.reader(app).await?;
    let path = match &args.path {
        None => None,
        Some(text) => {
            let reference = values::path_reference(text)?;
            let view =
                app.path(&reader, &reference).await.map_err(|error| Failure::app(error, About::Path(text, None)))?;
            Some(view.path.id)
        }
    };
    let states =
        args.state.iter().map(|state| values::choice::<MessageState>("--state", state, MessageState::VARIANTS));
    let filter = MessageFilter {
        path,
        states: states.collect::<Result<_, _>>()?,
        kind: args.kind,
        limit: Some(args.limit),
        ..MessageFilter::default()
    };
    let messages = app.messages(&reader, &filter).await.map_err(|error| Failure::app(error, About::Nothing))?;
    let columns = vec![
        text("number", "N°"),
        text("queued_at", "Le"),
        text("subject", "Objet"),
        text("to", "À"),
        text("role", "Rôle"),
        text("state", "État"),
        text("problem", "Problème"),
    ];
    let mut list = Listing::new("Courriels", "Aucun courriel ne correspond.", columns);
    for message in &messages {
        let content = &message.content;
        list.push(
            vec![
                cell(message.seq.to_string()),
                cell(dates::moment_short(paris_time(message.queued_at))),
                cell(content.subject.clone()),
                cell(content.to.name.clone()),
                cell(labels::recipient(content.to.role)),
                cell(state(message.state)),
                optional(problem(message)),
            ],
            as_json(message),
        );
    }
    list.print(args.format.format)?;
    Ok(Exit::Done)
}

async fn show(app: &App, args: ShowArgs) -> Result<Exit, Failure> {
    let reader = args.who.reader(app).await?;
    let message = find(app, &reader, &args.message).await?;
    let content = &message.content;
    let body = notifier::envelope::mask_link(&content.text);
    if args.format.format == Format::Json {
        let mut object = as_json(&message);
        object["text"] = json!(body);
        object["html"] = json!(notifier::envelope::mask_link(&content.html));
        output::json(&object)?;
        return Ok(Exit::Done);
    }
    line(&format!("N°\u{a0}{}, {}", message.seq, state(message.state)))?;
    line(&format!("À\u{a0}: {} <{}> ({})", content.to.name, content.to.email, labels::recipient(content.to.role)))?;
    line(&format!("Répondre à\u{a0}: {} <{}>", content.reply_to_name, content.reply_to_email))?;
    line(&format!("Préparé\u{a0}: {}", dates::moment(paris_time(message.queued_at))))?;
    if let Some(sent) = message.left_at() {
        line(&format!("Parti\u{a0}: {}", dates::moment(paris_time(sent))))?;
    }
    if let Some(back) = message.came_back {
        line(&format!("Rendu\u{a0}: {}", dates::moment(paris_time(back.at))))?;
    }
    if let Some(problem) = problem(&message) {
        line(&output::alarming(&format!("Problème\u{a0}: {problem} ({})", attempts(message.attempts))))?;
    }
    line(&format!("Message-ID\u{a0}: <{}>", content.message_id))?;
    line(&bold(&format!("Objet\u{a0}: {}", content.subject)))?;
    line("")?;
    line(body.trim_end())?;
    Ok(Exit::Done)
}

async fn resend(app: &App, args: SettleArgs) -> Result<Exit, Failure> {
    let who = args.who.author(app, &[Side::Region, Side::Body]).await?;
    let actor = who.actor();
    let message = find(app, &actor, &args.message).await?;
    let resent = app.resend(&actor, message.content.id, &args.reason).await;
    match resent.map_err(|error| Failure::app(error, About::Nothing))? {
        Resend::Queued(_) => {}
        Resend::Not(Again::NoRecipient) => return Err(refused_address(app, &actor, &message).await),
        Resend::Not(again) => return Err(Failure::new(Exit::Refused, "not_resent", not_resent(again))),
    }
    line(&format!("Le courriel n°\u{a0}{} repart, à l’adresse enregistrée aujourd’hui.", message.seq))?;
    Ok(Exit::Done)
}

async fn set_aside(app: &App, args: SettleArgs) -> Result<Exit, Failure> {
    let who = args.who.author(app, &[Side::Region, Side::Body]).await?;
    let actor = who.actor();
    let message = find(app, &actor, &args.message).await?;
    let done = app.set_aside(&actor, message.content.id, &args.reason).await;
    if !done.map_err(|error| Failure::app(error, About::Nothing))? {
        return Err(Failure::new(Exit::Refused, "nothing_to_set_aside", wording::pages::messages::NOTHING_TO_CLOSE));
    }
    line(&format!("Le courriel n°\u{a0}{} est classé, sans être renvoyé.", message.seq))?;
    Ok(Exit::Done)
}

/// The refusal to write again to an address that was refused.
async fn refused_address(app: &App, actor: &Actor, message: &Message) -> Failure {
    let paths = list::every(app, actor, PathFilter::default(), usize::MAX).await.unwrap_or_default();
    let path = paths.iter().find(|path| Some(path.id) == message.content.about.path);
    let reference = path.map_or_else(|| "RÉFÉRENCE".to_owned(), |path| path.reference.to_string());
    let text = format!(
        "L’adresse enregistrée a été refusée, ou manque : rien ne repart avant qu’elle soit corrigée. Corrigez-la avec \
         « jalon path act {reference} change_contact », puis renvoyez le courriel."
    );
    Failure::new(Exit::Refused, "address_refused", wording::typography::typeset(&text))
}

/// Shows a message as its recipient reads it, where messages go to a folder.
async fn opened(wired: &Wired, args: OpenArgs) -> Result<Exit, Failure> {
    let MailTransport::Folder(_) = &wired.settings.mail.transport else {
        let text = "Le texte d’un courriel ne se montre avec son lien que là où les courriels vont dans un dossier\u{a0}: démonstration et \
                    essais. Ici, «\u{a0}jalon messages show\u{a0}» le montre lien masqué.";
        return Err(Failure::new(Exit::Refused, "link_hidden", text));
    };
    let app = &wired.app;
    let reader = args.who.reader(app).await?;
    let message = match PathReference::parse(args.message.trim()) {
        Ok(reference) => last_of(app, &reader, &reference).await?,
        Err(_) => find(app, &reader, &args.message).await?,
    };
    let failed = |error| Failure::app(error, About::Nothing);
    let (text, link) = app.as_received(message.content.id).await.map_err(failed)?;
    let content = &message.content;
    line(&format!("À\u{a0}: {} <{}> ({})", content.to.name, content.to.email, labels::recipient(content.to.role)))?;
    line(&bold(&format!("Objet\u{a0}: {}", content.subject)))?;
    line("")?;
    // A link is never broken: what wraps is the text around it.
    line(text.trim_end())?;
    if let Some(link) = link {
        line("")?;
        line(&format!("Lien\u{a0}: {link}"))?;
        // The link of a need, or of an account, is not one of a path.
        let asked = match content.about.path {
            Some(_) => Some(answerable(app, std::slice::from_ref(&message)).await?.is_some()),
            None => None,
        };
        match asked {
            Some(true) => line(&format!("Pour répondre d’ici\u{a0}: jalon path answer {link}"))?,
            Some(false) => line("Rien n’y est demandé pour le moment.")?,
            None => {}
        }
    }
    Ok(Exit::Done)
}

/// The last message of a path that waits for an answer, or else its last one.
async fn last_of(app: &App, reader: &Actor, reference: &PathReference) -> Result<Message, Failure> {
    let given = reference.to_string();
    let view = app.path(reader, reference).await.map_err(|error| Failure::app(error, About::Path(&given, None)))?;
    let filter = MessageFilter { path: Some(view.path.id), ..MessageFilter::default() };
    let messages = app.messages(reader, &filter).await.map_err(|error| Failure::app(error, About::Nothing))?;
    let waiting = answerable(app, &messages).await?;
    let none = || {
        let text = format!("Aucun courriel n’est encore parti au sujet du parcours {given}.");
        Failure::new(Exit::NotFound, "not_found", wording::typography::typeset(&text))
    };
    waiting.or(messages.first()).cloned().ok_or_else(none)
}

/// The first of these messages whose reader still has something to answer.
///
/// # Errors
/// The store does not answer.
pub async fn answerable<'m>(app: &App, messages: &'m [Message]) -> Result<Option<&'m Message>, Failure> {
    let failed = |error| Failure::app(error, About::Nothing);
    for message in messages {
        let Some(token) = app.link_of_message(message.content.id).await.map_err(failed)? else { continue };
        let access = app.open_link(&token).await.map_err(failed)?;
        if access.problem.is_none() && !access.asked.is_empty() {
            return Ok(Some(message));
        }
    }
    Ok(None)
}

/// Why a copy does not leave now.
fn not_resent(again: Again) -> String {
    match again {
        Again::TooSoon { last, until } => format!(
            "Le dernier exemplaire est parti le {}. Un renvoi sera possible le {}.",
            dates::instant_short(last),
            dates::instant_short(until)
        ),
        Again::NoRecipient => "Cette personne n’a plus d’adresse sur ce parcours, ou y a été remplacée.".to_owned(),
        Again::OfAccount => wording::pages::messages::OF_ACCOUNT.to_owned(),
        Again::May | Again::NotYours | Again::Waiting => {
            "Un exemplaire attend déjà de partir\u{a0}: il part de lui-même.".to_owned()
        }
    }
}

/// The message of a number or of an identifier, if the reader sees it.
async fn find(app: &App, reader: &Actor, given: &str) -> Result<Message, Failure> {
    let absent = || {
        let message = format!(
            "Aucun courriel «\u{a0}{given}\u{a0}» n’est visible de ce compte. «\u{a0}jalon messages list\u{a0}» montre ceux qui le sont."
        );
        Failure::new(Exit::NotFound, "not_found", message)
    };
    let number = given.trim().parse::<i64>().ok();
    let id = given.trim().parse::<MessageId>().ok();
    let filter = MessageFilter {
        before: number.map(|number| number.saturating_add(1)),
        limit: number.map(|_| 1),
        ..MessageFilter::default()
    };
    if number.is_none() && id.is_none() {
        return Err(absent());
    }
    let messages = app.messages(reader, &filter).await.map_err(|error| Failure::app(error, About::Nothing))?;
    let wanted = |message: &Message| Some(message.seq) == number || Some(message.content.id) == id;
    messages.into_iter().find(wanted).ok_or_else(absent)
}

/// Why a message has not arrived.
fn problem(message: &Message) -> Option<String> {
    let kept = message.last_error.as_deref().filter(|_| message.state != MessageState::Sent);
    kept.map(wording::tasks::delivery)
}

fn attempts(count: u32) -> String {
    wording::numbers::count(count, "essai", "essais")
}

/// The state of a message in words.
pub fn state(state: MessageState) -> &'static str {
    match state {
        MessageState::Queued => "en attente",
        MessageState::Sending => "en cours d’envoi",
        MessageState::Sent => "parti",
        MessageState::Refused => "refusé par le serveur du destinataire",
        MessageState::Failed => "abandonné après plusieurs essais",
        MessageState::Held => "retenu",
    }
}

/// A message for programs, its texts apart.
pub fn as_json(message: &Message) -> Value {
    let content = &message.content;
    json!({
        "number": message.seq, "id": content.id, "message_id": content.message_id, "thread": content.thread,
        "event": content.about.event, "path": content.about.path, "order": content.about.order, "kind": content.kind,
        "role": content.to.role, "to_name": content.to.name, "to": content.to.email, "subject": content.subject,
        "state": message.state.to_string(), "attempts": message.attempts, "rank": content.rank,
        "queued_at": message.queued_at, "due_at": message.due_at, "sent_at": message.left_at(),
        "returned_at": message.came_back.map(|back| back.at), "last_error": message.last_error,
    })
}
