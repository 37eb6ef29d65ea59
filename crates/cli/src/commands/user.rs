//! `jalon user`: accounts made, listed, changed, closed with their paths handed over, opened again, and how they are told.

use std::collections::BTreeMap;
use std::io::BufRead;
use std::path::Path;

use app::{App, AppError, DelegationView, NewAccount, PasswordChange, Visitor};
use domain::accounts::AccountChange;
use domain::calendar::paris_day;
use domain::identifiers::{BodyCode, EmailAddress, LotCode, Phone};
use domain::news::{News, Pace, Preferences};
use domain::people::{Account, StaffRole};
use serde_json::{Value, json};
use strum::{IntoEnumIterator, VariantNames};
use wording::{dates, labels, numbers};

use super::path::list;
use crate::exit::Exit;
use crate::failure::{About, Failure};
use crate::output::{self, Format, FormatArgs, Listing, cell, line, optional, text};
use crate::values;
use crate::who;
use crate::wiring::{Global, Schema, open};

#[derive(Debug, clap::Args)]
pub struct UserArgs {
    #[command(subcommand)]
    pub command: UserCommand,
}

#[derive(Debug, clap::Subcommand)]
pub enum UserCommand {
    /// Crée un compte
    Add(AddArgs),
    /// Liste les comptes
    List(FormatArgs),
    /// Change les valeurs d’un compte ; l’ancienne adresse est prévenue si elle change
    Change(ChangeArgs),
    /// Ferme un compte, ses parcours ouverts passant à une autre coordination ; son histoire reste
    Disable(DisableArgs),
    /// Rouvre un compte
    Enable(OneArgs),
    /// Confie les jours d’absence d’un compte à une personne du même rôle et des mêmes lots
    Delegate(DelegateArgs),
    /// Liste les remplacements, en cours, à venir et passés
    Delegations(FormatArgs),
    /// Met fin à un remplacement avant son dernier jour
    EndDelegation(EndArgs),
    /// Envoie à la personne le lien où choisir son mot de passe, valable sept jours
    Invite(OneArgs),
    /// Choisit comment un compte est prévenu
    Set(SetArgs),
    /// Donne un mot de passe à un compte, lu sur l’entrée standard
    Password(OneArgs),
}

#[derive(Debug, clap::Args)]
pub struct AddArgs {
    /// Son adresse
    #[arg(value_name = "ADRESSE")]
    pub email: String,
    /// Son nom
    #[arg(long, value_name = "NOM")]
    pub name: String,
    /// Son rôle : region_officer, region_finance, region_viewer, coordinator, administrator, auditor
    #[arg(long, value_name = "RÔLE")]
    pub role: String,
    /// L’organisme d’une coordination (code du titulaire dans le marché)
    #[arg(long, value_name = "CODE")]
    pub body: Option<String>,
    /// Un lot suivi par la Région (tous si rien n’est dit)
    #[arg(long, value_name = "LOT")]
    pub lot: Vec<String>,
    /// Son téléphone
    #[arg(long, value_name = "NUMÉRO")]
    pub phone: Option<String>,
    /// Le dernier jour d’une consultation ou d’un audit, qui l’exige
    #[arg(long, value_name = "JOUR")]
    pub until: Option<String>,
    #[command(flatten)]
    pub format: FormatArgs,
}

#[derive(Debug, clap::Args)]
pub struct ChangeArgs {
    /// L’adresse du compte
    #[arg(value_name = "ADRESSE")]
    pub of: String,
    /// Sa nouvelle adresse
    #[arg(long, value_name = "ADRESSE")]
    pub email: Option<String>,
    /// Son nouveau nom
    #[arg(long, value_name = "NOM")]
    pub name: Option<String>,
    /// Son nouveau téléphone
    #[arg(long, value_name = "NUMÉRO", conflicts_with = "no_phone")]
    pub phone: Option<String>,
    /// Retire son téléphone
    #[arg(long)]
    pub no_phone: bool,
    /// Son nouveau rôle, parmi ceux de la Région
    #[arg(long, value_name = "RÔLE")]
    pub role: Option<String>,
    /// Un lot suivi, à la place de ceux d’avant
    #[arg(long, value_name = "LOT", conflicts_with = "all_lots")]
    pub lot: Vec<String>,
    /// Tous les lots
    #[arg(long)]
    pub all_lots: bool,
    /// Le dernier jour d’une consultation ou d’un audit
    #[arg(long, value_name = "JOUR", conflicts_with = "no_end")]
    pub until: Option<String>,
    /// Retire le dernier jour d’une consultation
    #[arg(long)]
    pub no_end: bool,
    #[command(flatten)]
    pub by: ByArgs,
}

#[derive(Debug, clap::Args)]
pub struct DisableArgs {
    /// L’adresse du compte
    #[arg(value_name = "ADRESSE")]
    pub email: String,
    /// Qui reprend ses parcours ouverts, parmi les coordinations du même organisme
    #[arg(long, value_name = "ADRESSE")]
    pub to: Option<String>,
    #[command(flatten)]
    pub by: ByArgs,
}

#[derive(Debug, clap::Args)]
pub struct DelegateArgs {
    /// L’adresse du compte qui s’absente
    #[arg(value_name = "ADRESSE")]
    pub of: String,
    /// Qui assure le remplacement
    #[arg(long, value_name = "ADRESSE")]
    pub to: String,
    /// Le premier jour (aujourd’hui si rien n’est dit)
    #[arg(long, value_name = "JOUR")]
    pub from: Option<String>,
    /// Le dernier jour, compris
    #[arg(long, value_name = "JOUR")]
    pub until: String,
    /// Le compte qui agit : celui qui s’absente ou l’administration ; sans lui, l’exploitation
    #[arg(long = "as", value_name = "ADRESSE")]
    pub by: Option<String>,
}

#[derive(Debug, clap::Args)]
pub struct EndArgs {
    /// L’identifiant que « jalon user delegations » montre
    #[arg(value_name = "IDENTIFIANT")]
    pub id: String,
    /// Le compte qui agit : celui qui s’absente ou l’administration ; sans lui, l’exploitation
    #[arg(long = "as", value_name = "ADRESSE")]
    pub by: Option<String>,
}

/// In whose name accounts are kept.
#[derive(Debug, Clone, clap::Args)]
pub struct ByArgs {
    /// Le compte d’administration qui agit ; sans lui, l’exploitation
    #[arg(long = "as", value_name = "ADRESSE")]
    pub by: Option<String>,
}

impl ByArgs {
    /// The administrator, or nobody: the operator.
    async fn account(&self, app: &App) -> Result<Option<Account>, Failure> {
        let Some(email) = &self.by else { return Ok(None) };
        let account = who::account(app, email).await?;
        if account.role == StaffRole::Administrator {
            return Ok(Some(account));
        }
        let text = format!("Le compte {email} ne tient pas les comptes. Nommez avec --as un compte d’administration.");
        Err(Failure::new(Exit::Refused, "not_your_role", text))
    }
}

#[derive(Debug, clap::Args)]
pub struct OneArgs {
    /// L’adresse du compte
    #[arg(value_name = "ADRESSE")]
    pub email: String,
}

#[derive(Debug, clap::Args)]
pub struct SetArgs {
    /// L’adresse du compte
    #[arg(value_name = "ADRESSE")]
    pub email: String,
    /// Quand le suivi de la Région apprend les faits : at_once, daily, weekly ou listed ; pour un seul genre : needs=…,
    /// conditions=…, candidates=…
    #[arg(long, value_name = "[GENRE=]RYTHME", required_unless_present = "reminders")]
    pub news: Vec<String>,
    /// Les rappels : on ou off
    #[arg(long, value_name = "on|off")]
    pub reminders: Option<String>,
    #[command(flatten)]
    pub format: FormatArgs,
}

/// Runs the command.
///
/// # Errors
/// What the use case refuses.
pub async fn run(global: &Global, args: UserArgs) -> Result<Exit, Failure> {
    let app = open(global, Schema::Current).await?.app;
    match args.command {
        UserCommand::Add(args) => add(&app, args).await,
        UserCommand::List(format) => listed(&app, format.format).await,
        UserCommand::Change(args) => change(&app, args).await,
        UserCommand::Disable(args) => disable(&app, args).await,
        UserCommand::Enable(args) => enable(&app, &args.email).await,
        UserCommand::Delegate(args) => delegate(&app, args).await,
        UserCommand::Delegations(format) => delegations(&app, format.format).await,
        UserCommand::EndDelegation(args) => end_delegation(&app, args).await,
        UserCommand::Invite(args) => invite(&app, &args.email).await,
        UserCommand::Set(args) => choose(&app, args).await,
        UserCommand::Password(args) => password(&app, &args.email).await,
    }
}

/// An address as it was typed.
///
/// # Errors
/// It cannot be one.
pub fn address(text: &str) -> Result<EmailAddress, Failure> {
    EmailAddress::parse(text).map_err(|error| values::identifier("email", text, error))
}

async fn add(app: &App, args: AddArgs) -> Result<Exit, Failure> {
    let body =
        args.body.as_deref().map(|body| BodyCode::parse(body).map_err(|error| values::identifier("body", body, error)));
    let lots = args.lot.iter().map(|lot| LotCode::parse(lot).map_err(|error| values::identifier("lot", lot, error)));
    let phone = args
        .phone
        .as_deref()
        .map(|phone| Phone::parse(phone).map_err(|error| values::identifier("phone", phone, error)));
    let new = NewAccount {
        email: address(&args.email)?,
        name: args.name,
        role: values::choice::<StaffRole>("--role", &args.role, StaffRole::VARIANTS)?,
        body: body.transpose()?,
        lots: lots.collect::<Result<_, _>>()?,
        phone: phone.transpose()?,
        ends_on: args.until.as_deref().map(|day| values::day("--until", day)).transpose()?,
    };
    belongs(app, &new).await?;
    list::known_lots(app, &new.lots).await?;
    let account = app.create_account(new).await.map_err(|error| Failure::app(error, About::Account(&args.email)))?;
    if args.format.format == Format::Json {
        output::json(&as_json(&account))?;
    } else {
        line(&format!(
            "Compte créé\u{a0}: {} <{}>, {}.",
            account.name,
            account.email,
            labels::staff_role(account.role)
        ))?;
    }
    Ok(Exit::Done)
}

/// Refuses a coordinator without a body that holds a lot, and a body for anyone else.
async fn belongs(app: &App, new: &NewAccount) -> Result<(), Failure> {
    let coordinates = new.role == StaffRole::Coordinator;
    if !coordinates && new.body.is_some() {
        let text = "--body ne va qu’avec --role coordinator\u{a0}: les autres comptes n’appartiennent à aucun organisme. Retirez-le.";
        return Err(Failure::usage("body", text));
    }
    let markets = app.markets().await.map_err(|error| Failure::app(error, About::Nothing))?;
    let mut known: Vec<&BodyCode> =
        markets.iter().flat_map(|status| &status.market.lots).map(|lot| &lot.holder.code).collect();
    known.sort_unstable();
    known.dedup();
    let why = match &new.body {
        Some(body) if !known.contains(&body) => format!("Aucun lot n’a «\u{a0}{body}\u{a0}» pour titulaire."),
        None if coordinates => "Un compte de coordination est celui d’un organisme\u{a0}: --body manque.".to_owned(),
        Some(_) | None => return Ok(()),
    };
    let known: Vec<String> = known.into_iter().map(ToString::to_string).collect();
    let way = match known.as_slice() {
        [] => "Enregistrez d’abord un marché avec «\u{a0}jalon config apply\u{a0}».".to_owned(),
        known => format!("Organismes possibles\u{a0}: {}.", known.join(", ")),
    };
    Err(Failure::usage("body", format!("{why} {way}")))
}

async fn listed(app: &App, format: Format) -> Result<Exit, Failure> {
    let accounts = app.accounts().await.map_err(|error| Failure::app(error, About::Nothing))?;
    let columns = vec![
        text("email", "Adresse"),
        text("name", "Nom"),
        text("role", "Rôle"),
        text("body", "Organisme"),
        text("lots", "Lots"),
        text("active", "Ouvert"),
        text("ends_on", "Dernier jour"),
    ];
    let none = "Aucun compte. «\u{a0}jalon user add\u{a0}» crée le premier.";
    let today = paris_day(app.now().await.map_err(|error| Failure::app(error, About::Nothing))?);
    let mut list = Listing::new("Comptes", none, columns);
    for account in &accounts {
        let lots: Vec<String> = account.lots.iter().map(ToString::to_string).collect();
        list.push(
            vec![
                cell(account.email.to_string()),
                cell(account.name.clone()),
                cell(labels::staff_role(account.role)),
                optional(account.body.as_ref().map(ToString::to_string)),
                optional(Some(lots.join(", ")).filter(|lots| !lots.is_empty())),
                cell(labels::yes_no(account.opens(today))),
                optional(account.ends_on.map(dates::short)),
            ],
            as_json(account),
        );
    }
    list.print(format)?;
    Ok(Exit::Done)
}

async fn choose(app: &App, args: SetArgs) -> Result<Exit, Failure> {
    let email = address(&args.email)?;
    let refused = |error| Failure::app(error, About::Account(&args.email));
    let account = app.account_by_email(&email).await.map_err(refused)?;
    let mut preferences = account.preferences;
    for chosen in &args.news {
        let pace = |text| values::choice::<Pace>("--news", text, Pace::VARIANTS);
        match chosen.split_once('=') {
            Some((kind, text)) => {
                let kind = values::choice::<News>("--news", kind, News::VARIANTS)?;
                preferences.news.insert(kind, pace(text)?);
            }
            None => {
                let pace = pace(chosen)?;
                preferences.news.extend(News::iter().map(|kind| (kind, pace)));
            }
        }
    }
    if let Some(reminders) = &args.reminders {
        let reminders = values::choice::<Reminders>("--reminders", reminders, Reminders::VARIANTS)?;
        preferences.reminders_off = reminders == Reminders::Off;
    }
    let unheard = |option: &str, why: &str| {
        let role = labels::staff_role(account.role);
        Failure::new(Exit::Refused, "preferences", format!("{option} ne va pas avec ce compte ({role})\u{a0}: {why}"))
    };
    if !args.news.is_empty() && !account.role.chooses_news() {
        return Err(unheard("--news", "seul le suivi du dispositif, à la Région, choisit quand il apprend les faits."));
    }
    if args.reminders.is_some() && !account.role.is_reminded() {
        return Err(unheard("--reminders", "aucun rappel ne lui est envoyé."));
    }
    let account = app.set_preferences(&email, preferences).await.map_err(refused)?;
    if args.format.format == Format::Json {
        output::json(&as_json(&account))?;
        return Ok(Exit::Done);
    }
    line(&format!("Choix enregistré pour {} <{}>.", account.name, account.email))?;
    if account.role.chooses_news() {
        for kind in News::iter() {
            let pace = labels::pace(account.preferences.pace(kind)).to_lowercase();
            line(&format!("  {}\u{a0}: {pace}", labels::news(kind)))?;
        }
    }
    let reminders = labels::yes_no(!account.preferences.reminders_off).to_lowercase();
    line(&format!("  Rappels\u{a0}: {reminders}"))?;
    Ok(Exit::Done)
}

/// Whether reminders are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString, strum::VariantNames)]
#[strum(serialize_all = "snake_case")]
enum Reminders {
    On,
    Off,
}

/// The account of an address, open or closed.
async fn known(app: &App, email: &str) -> Result<Account, Failure> {
    app.account_by_email(&address(email)?).await.map_err(|error| Failure::app(error, About::Account(email)))
}

async fn change(app: &App, args: ChangeArgs) -> Result<Exit, Failure> {
    let by = args.by.account(app).await?;
    let account = known(app, &args.of).await?;
    let mut wanted = AccountChange::of(&account);
    if let Some(email) = &args.email {
        wanted.email = address(email)?;
    }
    if let Some(name) = args.name {
        wanted.name = name;
    }
    if args.no_phone {
        wanted.phone = None;
    }
    if let Some(phone) = &args.phone {
        wanted.phone = Some(Phone::parse(phone).map_err(|error| values::identifier("phone", phone, error))?);
    }
    if let Some(role) = &args.role {
        wanted.role = values::choice::<StaffRole>("--role", role, StaffRole::VARIANTS)?;
    }
    if args.all_lots || !args.lot.is_empty() {
        let lots =
            args.lot.iter().map(|lot| LotCode::parse(lot).map_err(|error| values::identifier("lot", lot, error)));
        wanted.lots = lots.collect::<Result<_, _>>()?;
        list::known_lots(app, &wanted.lots).await?;
    }
    if args.no_end {
        wanted.ends_on = None;
    }
    if let Some(day) = &args.until {
        wanted.ends_on = Some(values::day("--until", day)?);
    }
    let changed = app.change_account(by.as_ref(), account.id, account.version, wanted, &Visitor::default()).await;
    let (after, fields) = changed.map_err(|error| Failure::app(error, About::Account(&args.of)))?;
    if fields.is_empty() {
        line(&format!("Rien n’a changé\u{a0}: {} <{}> a déjà ces valeurs.", after.name, after.email))?;
    } else {
        line(&format!("Compte modifié\u{a0}: {}.", wording::accounts::change(&account, &after)))?;
    }
    Ok(Exit::Done)
}

async fn disable(app: &App, args: DisableArgs) -> Result<Exit, Failure> {
    let by = args.by.account(app).await?;
    let account = known(app, &args.email).await?;
    let to = match &args.to {
        Some(email) => Some(who::account(app, email).await?),
        None => None,
    };
    let closing = app.close_account(by.as_ref(), account.id, to.map(|to| to.id), &Visitor::default()).await;
    let closed = closing.map_err(|error| Failure::app(error, About::Account(&args.email)))?;
    line(&format!("Compte fermé\u{a0}: {} <{}>.", closed.account.name, closed.account.email))?;
    if let Some(to) = closed.successor.filter(|_| closed.paths > 0) {
        let paths = i64::try_from(closed.paths).unwrap_or(i64::MAX);
        let paths = numbers::count(paths, "parcours ouvert passe", "parcours ouverts passent");
        line(&format!("{paths} à {} <{}>, par un seul courriel.", to.name, to.email))?;
    }
    Ok(Exit::Done)
}

async fn enable(app: &App, email: &str) -> Result<Exit, Failure> {
    let account = known(app, email).await?;
    let opened = app.reopen_account(None, account.id, &Visitor::default()).await;
    let account = opened.map_err(|error| Failure::app(error, About::Account(email)))?;
    line(&format!("Compte rouvert\u{a0}: {} <{}>.", account.name, account.email))?;
    Ok(Exit::Done)
}

/// The account named with `--as`, or nobody: the operator.
async fn named(app: &App, by: Option<&str>) -> Result<Option<Account>, Failure> {
    match by {
        Some(email) => who::account(app, email).await.map(Some),
        None => Ok(None),
    }
}

async fn delegate(app: &App, args: DelegateArgs) -> Result<Exit, Failure> {
    let by = named(app, args.by.as_deref()).await?;
    let (from, to) = (known(app, &args.of).await?, known(app, &args.to).await?);
    let today = paris_day(app.now().await.map_err(|error| Failure::app(error, About::Nothing))?);
    let starts_on = args.from.as_deref().map_or(Ok(today), |day| values::day("--from", day))?;
    let ends_on = values::day("--until", &args.until)?;
    let made = app.delegate(by.as_ref(), (from.id, to.id), (starts_on, ends_on), &Visitor::default()).await;
    made.map_err(|error| Failure::app(error, About::Account(&args.of)))?;
    line(&format!("{} <{}> remplace {} {}.", to.name, to.email, from.name, dates::period(starts_on, ends_on)))?;
    Ok(Exit::Done)
}

async fn delegations(app: &App, format: Format) -> Result<Exit, Failure> {
    let today = paris_day(app.now().await.map_err(|error| Failure::app(error, About::Nothing))?);
    let all = app.all_delegations().await.map_err(|error| Failure::app(error, About::Nothing))?;
    let columns = vec![
        text("id", "Identifiant"),
        text("from", "Absence de"),
        text("to", "Remplacement par"),
        text("starts_on", "Premier jour"),
        text("ends_on", "Dernier jour"),
        text("state", "État"),
    ];
    let none = "Aucun remplacement. «\u{a0}jalon user delegate\u{a0}» en prévoit un.";
    let mut list = Listing::new("Remplacements", none, columns);
    for DelegationView { delegation, from, to, runs } in &all {
        let (state, label) = match (delegation.ended_at, runs, delegation.is_ahead(today)) {
            (Some(_), _, _) => ("ended", "Terminé plus tôt"),
            (None, true, _) => ("running", "En cours"),
            (None, false, true) => ("to_come", "À venir"),
            (None, false, false) => ("over", "Passé"),
        };
        list.push(
            vec![
                cell(delegation.id.to_string()),
                cell(from.email.to_string()),
                cell(to.email.to_string()),
                cell(dates::numeric(delegation.starts_on)),
                cell(dates::numeric(delegation.ends_on)),
                cell(label),
            ],
            json!({
                "id": delegation.id, "from": from.email, "to": to.email, "starts_on": delegation.starts_on,
                "ends_on": delegation.ends_on, "ended_at": delegation.ended_at, "state": state,
            }),
        );
    }
    list.print(format)?;
    Ok(Exit::Done)
}

async fn end_delegation(app: &App, args: EndArgs) -> Result<Exit, Failure> {
    let by = named(app, args.by.as_deref()).await?;
    let unknown = || {
        let text = format!(
            "Aucun remplacement «\u{a0}{}\u{a0}» n’est visible de ce compte. «\u{a0}jalon user delegations\u{a0}» les montre.",
            args.id
        );
        Failure::new(Exit::NotFound, "not_found", text)
    };
    let id = args.id.parse().map_err(|_| unknown())?;
    match app.end_delegation(by.as_ref(), id, &Visitor::default()).await {
        Ok(()) => line("Le remplacement est terminé.")?,
        Err(AppError::NotFound) => return Err(unknown()),
        Err(error) => return Err(Failure::app(error, About::Nothing)),
    }
    Ok(Exit::Done)
}

async fn invite(app: &App, email: &str) -> Result<Exit, Failure> {
    let known = address(email)?;
    let invited = app.invite(&known, None, &Visitor::default()).await;
    let account = invited.map_err(|error| Failure::app(error, About::Account(email)))?;
    line(&format!(
        "Invitation prête pour {} <{}>\u{a0}: elle part avec les autres courriels, et son lien fonctionne sept jours.",
        account.name, account.email
    ))?;
    Ok(Exit::Done)
}

async fn password(app: &App, email: &str) -> Result<Exit, Failure> {
    let known = address(email)?;
    let mut typed = String::new();
    std::io::stdin().lock().read_line(&mut typed).map_err(|error| Failure::file(Path::new("-"), &error))?;
    let typed = typed.trim_end_matches(['\n', '\r']);
    let changed = app.set_password(&known, typed).await;
    match changed.map_err(|error| Failure::app(error, About::Account(email)))? {
        PasswordChange::Done => {
            line(&format!("Mot de passe enregistré pour {known}\u{a0}; ses sessions sont fermées."))?;
            Ok(Exit::Done)
        }
        PasswordChange::Refused(why) => Err(Failure::new(
            Exit::Refused,
            "password",
            format!("Le mot de passe n’est pas enregistré. {}", wording::security::password(why)),
        )),
        PasswordChange::WrongCurrent | PasswordChange::LinkGone | PasswordChange::Wait { .. } => {
            Err(Failure::new(Exit::Other, "password", "Le mot de passe n’est pas enregistré.".to_owned()))
        }
    }
}

fn as_json(account: &Account) -> Value {
    json!({
        "id": account.id, "email": account.email, "name": account.name, "role": account.role, "body": account.body,
        "lots": account.lots, "phone": account.phone, "active": account.active,
        "ends_on": account.ends_on,
        "reminders": account.role.is_reminded().then_some(!account.preferences.reminders_off),
        "news": account.role.chooses_news().then(|| paces(&account.preferences)),
    })
}

fn paces(preferences: &Preferences) -> BTreeMap<News, Pace> {
    News::iter().map(|news| (news, preferences.pace(news))).collect()
}
