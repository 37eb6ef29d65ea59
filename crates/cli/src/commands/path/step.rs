//! `jalon path new`, `advance`, `act` and `answer`: a form, an author, one use case; `--dry-run` rehearses it.

use app::{App, AppError, Options, Target};
use domain::calendar::paris_day;
use domain::form::{FieldType, Form};
use domain::path::command::RequestKind;
use domain::path::decide::{admissible, available};
use domain::path::requests::{Asked, contestable, step_of};
use domain::path::table::row;
use domain::path::{Act, Command, Refusal, Step, Transition};
use domain::{Day, clocks};
use serde_json::{Value, json};
use strum::IntoEnumIterator;
use wording::{dates, fields as fields_of, labels};

use super::PathCommand;
use super::print;
use crate::commands::fields;
use crate::exit::Exit;
use crate::failure::{About, Failure, Item};
use crate::files::{self, Filled, FormArgs};
use crate::output::{self, Format, line};
use crate::values;
use crate::who::{self, Who, WhoArgs};

/// How an action answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Reply {
    #[default]
    Table,
    Json,
}

/// What every step takes besides its name.
#[derive(Debug, clap::Args)]
pub struct StepArgs {
    #[command(flatten)]
    pub form: FormArgs,
    #[command(flatten)]
    pub who: WhoArgs,
    /// Montre ce qui se passerait (places, montants, délais, courriels), sans rien écrire
    #[arg(long)]
    pub dry_run: bool,
    /// Montre les champs du formulaire, sans rien faire
    #[arg(long)]
    pub help_fields: bool,
    /// Une clé choisie par l’appelant : la même demande répétée avec elle n’agit qu’une fois
    #[arg(long, value_name = "CLÉ")]
    pub idempotency_key: Option<String>,
    /// La version lue : si quelqu’un a agi depuis, rien n’est fait
    #[arg(long, value_name = "VERSION")]
    pub expect_version: Option<u32>,
    /// Un mot ajouté aux courriels
    #[arg(long, value_name = "TEXTE")]
    pub note: Option<String>,
    /// La forme de la réponse
    #[arg(long, value_enum, value_name = "FORME", default_value_t = Reply::Table)]
    pub format: Reply,
}

#[derive(Debug, clap::Args)]
pub struct NewArgs {
    /// Ouvre un parcours lié à celui-ci, à l’étape « prêt »
    #[arg(long, value_name = "RÉFÉRENCE")]
    pub sibling: Option<String>,
    #[command(flatten)]
    pub step: StepArgs,
}

#[derive(Debug, clap::Args)]
pub struct AdvanceArgs {
    /// Le parcours
    #[arg(value_name = "RÉFÉRENCE")]
    pub reference: String,
    /// L’étape
    #[arg(value_name = "ÉTAPE")]
    pub transition: String,
    #[command(flatten)]
    pub step: StepArgs,
}

#[derive(Debug, clap::Args)]
pub struct ActArgs {
    /// Le parcours
    #[arg(value_name = "RÉFÉRENCE")]
    pub reference: String,
    /// L’acte
    #[arg(value_name = "ACTE")]
    pub act: String,
    #[command(flatten)]
    pub step: StepArgs,
}

#[derive(Debug, clap::Args)]
pub struct AnswerArgs {
    /// Le jeton du lien, ou l’adresse entière trouvée dans le courriel
    #[arg(value_name = "JETON", allow_hyphen_values = true)]
    pub token: String,
    /// La réponse (étape ou acte) ; sans elle, montre ce qui est demandé
    #[arg(value_name = "ÉTAPE")]
    pub step: Option<String>,
    /// Demande un nouveau lien, envoyé à l’adresse enregistrée
    #[arg(long, conflicts_with = "step")]
    pub renew: bool,
    #[command(flatten)]
    pub form: FormArgs,
    /// Pour une entreprise : le nom de la personne qui répond
    #[arg(long, value_name = "NOM")]
    pub signatory: Option<String>,
    /// Pour une entreprise : la fonction de la personne qui répond
    #[arg(long, value_name = "FONCTION")]
    pub function: Option<String>,
    /// Montre ce qui se passerait, sans rien écrire
    #[arg(long)]
    pub dry_run: bool,
    /// Une clé choisie par l’appelant : la même réponse répétée avec elle n’agit qu’une fois
    #[arg(long, value_name = "CLÉ")]
    pub idempotency_key: Option<String>,
    /// La forme de la réponse
    #[arg(long, value_enum, value_name = "FORME", default_value_t = Reply::Table)]
    pub format: Reply,
}

/// Answers what needs no store: the fields of a form, a name that is no step.
///
/// # Errors
/// There is no such step.
pub fn help(command: &PathCommand) -> Result<Option<Exit>, Failure> {
    let (step, asked, format) = match command {
        PathCommand::List(_) | PathCommand::Show(_) | PathCommand::Document(_) => return Ok(None),
        PathCommand::New(args) => (opening(args), args.step.help_fields, args.step.format),
        PathCommand::Advance(args) => {
            (values::transition(&args.transition)?.into(), args.step.help_fields, args.step.format)
        }
        PathCommand::Act(args) => (values::act(&args.act)?.into(), args.step.help_fields, args.step.format),
        PathCommand::Answer(args) => {
            if let Some(name) = &args.step {
                values::step(name)?;
            }
            return Ok(None);
        }
    };
    if !asked {
        return Ok(None);
    }
    fields::print_step(step, if format == Reply::Json { Format::Json } else { Format::Table })?;
    Ok(Some(Exit::Done))
}

fn opening(args: &NewArgs) -> Step {
    match args.sibling {
        Some(_) => Transition::OpenSibling.into(),
        None => Transition::ReportNeed.into(),
    }
}

/// Opens a path.
///
/// # Errors
/// As the use case.
pub async fn new(app: &App, mut args: NewArgs) -> Result<Exit, Failure> {
    let step = opening(&args);
    if let Some(source) = &args.sibling {
        let source = values::path_reference(source)?;
        args.step.form.set.push(format!("source={source}"));
    }
    perform(app, &Target::New, step, args.step).await
}

/// Performs a transition.
///
/// # Errors
/// As the use case.
pub async fn advance(app: &App, args: AdvanceArgs) -> Result<Exit, Failure> {
    let target = Target::Path(values::path_reference(&args.reference)?);
    let transition = values::transition(&args.transition)?;
    perform(app, &target, transition.into(), args.step).await
}

/// Records an act.
///
/// # Errors
/// As the use case.
pub async fn act(app: &App, args: ActArgs) -> Result<Exit, Failure> {
    let target = Target::Path(values::path_reference(&args.reference)?);
    let act = values::act(&args.act)?;
    perform(app, &target, act.into(), args.step).await
}

async fn perform(app: &App, target: &Target, step: Step, args: StepArgs) -> Result<Exit, Failure> {
    let reference = match target {
        Target::New => None,
        Target::Path(reference) => Some(reference.to_string()),
    };
    let about = reference.as_deref().map_or(About::NewPath(step), |reference| About::Path(reference, Some(step)));
    let who = args.who.author(app, row(step).by).await?;
    let filled = files::fill(app, &args.form, step, &Command::fields(step)).await?;
    let attachments = filled.attachments(step);
    let Filled { form, received } = filled;
    let options = Options {
        idempotency_key: args.idempotency_key,
        expected_version: args.expect_version,
        attachments,
        note: args.note,
        ..Options::default()
    };
    let actor = who.actor();
    if args.dry_run {
        let rehearsal = match app.rehearse(&actor, target, step, &form, &options).await {
            Ok(rehearsal) => rehearsal,
            Err(error) => return Err(explained(app, &who, target, step, &form, error, about).await),
        };
        let now = app.now().await.map_err(|error| Failure::app(error, about))?;
        return print::rehearsal(&rehearsal, step, now, args.format);
    }
    let account = match &who {
        Who::Staff(account) => Some(account),
        Who::Link { .. } => None,
    };
    app.keep_received(account, received).await.map_err(|error| Failure::app(error, about))?;
    let outcome = match &who {
        Who::Link { token, access } => {
            if let Target::Path(asked) = target
                && asked != &access.path.reference
            {
                return Err(other_path(&asked.to_string()));
            }
            app.answer_link(token, step, &form, &options).await
        }
        Who::Staff(_) => app.advance(&actor, target, step, &form, &options).await,
    };
    match outcome {
        Ok(outcome) => print::outcome(&outcome, step, args.format),
        Err(error) => Err(explained(app, &who, target, step, &form, error, about).await),
    }
}

/// A refusal, told for what it is: a step that this role or this state does not allow asks for no field, and a day that does
/// not fit is named by its field.
async fn explained(
    app: &App,
    who: &Who,
    target: &Target,
    step: Step,
    form: &Form,
    error: AppError,
    about: About<'_>,
) -> Failure {
    let AppError::Refused(refusal) = &error else { return Failure::app(error, about) };
    if let (Refusal::Form { .. }, Target::Path(reference)) = (refusal.as_ref(), target) {
        let path = match who {
            Who::Link { access, .. } => Some(access.path.clone()),
            Who::Staff(_) => app.path(&who.actor(), reference).await.ok().map(|view| view.path),
        };
        let barred = path.and_then(|path| admissible(&path, step, &who.actor()).err());
        if let Some(barred) = barred {
            return Failure::app(AppError::from(barred), about);
        }
    }
    let field = misplaced_day(refusal).and_then(|day| field_of(form, step, day));
    let mut failure = Failure::app(error, about);
    if let (Some(name), true) = (field, failure.items.is_empty()) {
        let label = fields_of::path(step, &name).map_or("", |words| words.label).to_owned();
        let message = std::mem::replace(
            &mut failure.message,
            "1\u{a0}champ ne convient pas\u{a0}; rien n’a été écrit.".to_owned(),
        );
        failure.items.push(Item { field: Some(name), label, message });
    }
    failure
}

/// The day that a refusal is about.
fn misplaced_day(refusal: &Refusal) -> Option<Day> {
    match refusal {
        Refusal::InTheFuture { day }
        | Refusal::Before { day, .. }
        | Refusal::After { day, .. }
        | Refusal::OutsideMarket { day } => Some(*day),
        _ => None,
    }
}

/// The field in which a day was typed.
fn field_of(form: &Form, step: Step, day: Day) -> Option<String> {
    let holds = |name: &str| {
        let typed = form.get(name)?;
        let read =
            Day::read(typed).ok().or_else(|| chrono::NaiveDateTime::read(typed).ok().map(|moment| moment.date()));
        (read == Some(day)).then(|| name.to_owned())
    };
    Command::fields(step).iter().find_map(|field| holds(field.name))
}

fn other_path(reference: &str) -> Failure {
    Failure::new(
        Exit::NotFound,
        "not_found",
        format!("Ce lien n’ouvre pas le parcours «\u{a0}{reference}\u{a0}». Un lien vaut pour un seul parcours."),
    )
}

/// Answers through a link, or shows what it asks.
///
/// # Errors
/// As the use case; the link opens nothing any more.
pub async fn answer(app: &App, args: AnswerArgs) -> Result<Exit, Failure> {
    if args.renew {
        return renew(app, &args).await;
    }
    let who = who::link(app, &args.token).await?;
    let Who::Link { token, access } = &who else { return Err(Failure::app(app::AppError::NotFound, About::Link)) };
    let Some(name) = &args.step else {
        let today = paris_day(app.now().await.map_err(|error| Failure::app(error, About::Link))?);
        return shown(access, today, args.format);
    };
    let step = values::step(name)?;
    let reference = access.path.reference.to_string();
    let about = About::Path(&reference, Some(step));
    let target = Target::Path(access.path.reference.clone());
    // What this link does not open asks for no field and no name.
    admissible(&access.path, step, &access.actor).map_err(|refusal| Failure::app(AppError::from(refusal), about))?;
    let note = signatory(access, step, args.signatory.as_deref(), args.function.as_deref())?;
    let filled = files::fill(app, &args.form, step, &Command::fields(step)).await?;
    let attachments = filled.attachments(step);
    let Filled { mut form, received } = filled;
    // A link signs what it asks to sign; nobody has to know its number.
    for asked in &access.asked {
        if let Some((signing, field, _)) = signed(asked)
            && signing == step
        {
            form.entry(field).or_insert(json!(asked.version));
        }
    }
    let options = Options { idempotency_key: args.idempotency_key, attachments, note, ..Options::default() };
    if args.dry_run {
        let now = app.now().await.map_err(|error| Failure::app(error, about))?;
        return match app.rehearse(&access.actor, &target, step, &form, &options).await {
            Ok(rehearsal) => print::rehearsal(&rehearsal, step, now, args.format),
            Err(error) => Err(explained(app, &who, &target, step, &form, error, about).await),
        };
    }
    app.keep_received(None, received).await.map_err(|error| Failure::app(error, about))?;
    match app.answer_link(token, step, &form, &options).await {
        Ok(outcome) => print::outcome(&outcome, step, args.format),
        Err(error) => Err(explained(app, &who, &target, step, &form, error, about).await),
    }
}

/// Who answers for a company, as the receipt says it: asked as the page asks it.
fn signatory(
    access: &app::Access,
    step: Step,
    name: Option<&str>,
    function: Option<&str>,
) -> Result<Option<String>, Failure> {
    let answers = RequestKind::iter().any(|request| step_of(request) == step);
    if !access.role.of_company() || !answers {
        return Ok(None);
    }
    let given =
        |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(wording::typography::typeset);
    match (given(name), given(function)) {
        (Some(name), Some(function)) => Ok(Some(format!("Réponse donnée par {name}, {function}."))),
        (_, _) => Err(Failure::usage(
            "signatory",
            "Qui répond pour l’entreprise\u{a0}? Donnez --signatory \"Prénom Nom\" et --function \"Fonction\"\u{a0}: l’accusé de réception les porte.",
        )),
    }
}

async fn renew(app: &App, args: &AnswerArgs) -> Result<Exit, Failure> {
    let sent = app.renew_link(who::token(&args.token)).await.map_err(|error| Failure::app(error, About::Link))?;
    if args.format == Reply::Json {
        output::json(&json!({ "queued": sent }))?;
    } else if sent {
        line("Un nouveau lien part à l’adresse enregistrée.")?;
    } else {
        line(
            "De nouveaux liens viennent déjà de partir à l’adresse enregistrée. Cherchez-les dans la boîte de réception, ou attendez une heure.",
        )?;
    }
    Ok(Exit::Done)
}

/// What a link shows before anything is answered.
fn shown(access: &app::Access, today: Day, format: Reply) -> Result<Exit, Failure> {
    let path = &access.path;
    if format == Reply::Json {
        let asked: Vec<Value> = access.asked.iter().map(asked_json).collect();
        output::json(&json!({
            "reference": path.reference, "state": path.state, "role": access.role, "asked": asked,
            "contact": access.coordinator.as_ref().map_or(&access.holder.name, |account| &account.name),
        }))?;
        return Ok(Exit::Done);
    }
    line(&output::bold(&format!("{} — {}", path.reference, labels::state(path.state))))?;
    line(&format!("{} ({})", access.person.contact.name, labels::outside_role(access.role)))?;
    if access.asked.is_empty() {
        line("Rien ne vous est demandé pour le moment.")?;
    }
    for asked in &access.asked {
        let which = signed(asked).map_or_else(String::new, |(_, _, which)| format!(" ({which})"));
        let wanted = labels::request_kind(asked.kind);
        line(&format!("Demandé depuis le {}\u{a0}: {wanted}{which}", dates::medium(asked.since)))?;
    }
    let side = access.actor.side();
    for clock in clocks::clocks(path, &access.terms.market, today).iter().filter(|clock| Some(clock.holder) == side) {
        line(&format!("Délai\u{a0}: {}", labels::waiting(clock, today)))?;
    }
    let steps = available(path, &access.actor);
    if !steps.is_empty() {
        line("")?;
        line("Réponses possibles\u{a0}:")?;
    }
    for step in steps {
        line(&format!("  {:<26} {}", step.id(), labels::step(step)))?;
        // A link fills in what it asks to sign.
        let own = access.asked.iter().filter_map(signed).find(|(signing, ..)| *signing == step).map(|(_, own, _)| own);
        let asked: Vec<String> = Command::fields(step)
            .iter()
            .filter(|field| field.required && Some(field.name) != own)
            .map(|field| {
                let label = fields_of::path(step, field.name).map_or("", |words| words.label);
                let values = requests(access, step).filter(|_| field.name == "request").unwrap_or_default();
                format!("{} ({label}){values}", field.name)
            })
            .collect();
        if !asked.is_empty() {
            line(&format!("  {:<26} champs\u{a0}: {}", "", asked.join(", ")))?;
        }
    }
    line("")?;
    let contact = match &access.coordinator {
        Some(account) => format!("{} ({})", account.name, account.email),
        None => format!("{} ({})", access.holder.name, access.holder.email),
    };
    line(&format!("Contact\u{a0}: {contact}"))?;
    Ok(Exit::Done)
}

/// The requests that a step may name, as its field takes them.
fn requests(access: &app::Access, step: Step) -> Option<String> {
    let role = access.role.recipient();
    let named: Vec<&'static str> = match step {
        Step::Act(Act::DeclineRequest) => access.asked.iter().map(|asked| asked.kind.into()).collect(),
        Step::Act(Act::ContestAnswer) => {
            let given = RequestKind::iter().filter(|request| contestable(&access.path, role, *request));
            given.map(Into::into).collect()
        }
        Step::Transition(_) | Step::Act(_) => return None,
    };
    Some(format!("\u{a0}: {}", named.join(" ou ")))
}

/// The step that signs what is asked, the field that says which, and which in words.
fn signed(asked: &Asked) -> Option<(Step, &'static str, String)> {
    let number = asked.version;
    match asked.kind {
        RequestKind::SignPif => Some((Transition::SignPif.into(), "version", format!("version {number}"))),
        RequestKind::SignSequences => Some((Act::SignSequence.into(), "number", format!("n°\u{a0}{number} d’abord"))),
        RequestKind::ConfirmCommitment
        | RequestKind::ConfirmReport
        | RequestKind::SignAttendance
        | RequestKind::ConfirmProgramme
        | RequestKind::AcceptDesignation
        | RequestKind::ConfirmCandidate => None,
    }
}

fn asked_json(asked: &Asked) -> Value {
    json!({ "request": asked.kind, "since": asked.since, "version": asked.version })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_opened_as_a_need_or_as_a_sibling() {
        let args = |sibling: Option<&str>| {
            let mut line = vec!["jalon", "path", "new", "--set", "siret=73282932000074"];
            line.extend(sibling.iter().flat_map(|source| ["--sibling", source]));
            let parsed = crate::parse(line.into_iter().map(Into::into)).unwrap();
            let crate::Parsed::Command(cli) = parsed else { panic!("a command") };
            let crate::Command::Path(super::super::PathArgs { command: PathCommand::New(args) }) = cli.command else {
                panic!("path new")
            };
            opening(&args)
        };
        assert_eq!(args(None), Transition::ReportNeed.into());
        assert_eq!(args(Some("FEST-1-2026-0001")), Transition::OpenSibling.into());
    }
}
