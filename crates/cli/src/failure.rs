//! What a command says when it does not do what was asked: a French sentence, a stable code, the fields, an exit code.
//!
//! Every error of the use cases, of the settings and of the files becomes a [`Failure`] here or beside the command that
//! knows more; it is printed once, on the standard error, as text or as JSON.

use std::fmt::Write;
use std::io::ErrorKind;

use app::AppError;
use domain::accounts::AccountRefusal;
use domain::form::{FieldError, FieldProblem};
use domain::order::OrderTransition;
use domain::path::event::Party;
use domain::path::refusal::Need;
use domain::path::{Refusal, Step};
use persistence::{Cause, Conflict, Duplicate, StoreError, Unreached};
use serde_json::{Value, json};
use wording::{dates, fields, labels, refusals};

use crate::exit::Exit;
use crate::settings::SettingProblem;

/// A command that did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub exit: Exit,
    /// Stable, for programs.
    pub code: String,
    /// What, why, what to do.
    pub message: String,
    pub items: Vec<Item>,
}

/// One problem among several, most often of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The name of the field or of the key, when there is one.
    pub field: Option<String>,
    pub label: String,
    pub message: String,
}

/// What a command is about, for the sentence that says it is not there and for the labels of its fields.
#[derive(Debug, Clone, Copy)]
pub enum About<'a> {
    Path(&'a str, Option<Step>),
    /// A step that opens a path.
    NewPath(Step),
    Order(&'a str, Option<OrderTransition>),
    NewOrder(OrderTransition),
    Account(&'a str),
    Link,
    Nothing,
}

impl Failure {
    /// A failure without items.
    pub fn new(exit: Exit, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { exit, code: code.into(), message: message.into(), items: Vec::new() }
    }

    /// A command line that cannot be understood.
    pub fn usage(code: &str, message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, code, message)
    }

    /// The same with items.
    #[must_use]
    pub fn with(mut self, items: Vec<Item>) -> Self {
        self.items = items;
        self
    }

    /// The settings that do not fit, all of them.
    pub fn settings(problems: &[SettingProblem]) -> Self {
        let items = problems.iter().map(|problem| {
            let label = format!("{} ({})", problem.key, problem.origin);
            Item { field: Some(problem.key.clone()), label, message: problem.kind.to_string() }
        });
        let count =
            wording::numbers::count(problems.len() as i64, "réglage ne convient pas", "réglages ne conviennent pas");
        Self::new(Exit::Configuration, "configuration", format!("{count}.")).with(items.collect())
    }

    /// A file that cannot be read or written.
    pub fn file(path: &std::path::Path, error: &std::io::Error) -> Self {
        let why = match error.kind() {
            std::io::ErrorKind::NotFound => "il n’existe pas. Vérifiez le chemin.".to_owned(),
            std::io::ErrorKind::PermissionDenied => "l’accès est refusé. Vérifiez les droits.".to_owned(),
            std::io::ErrorKind::AlreadyExists => "il existe déjà. Choisissez un autre nom.".to_owned(),
            std::io::ErrorKind::IsADirectory => "c’est un dossier. Nommez un fichier.".to_owned(),
            _ => format!("{error}."),
        };
        Self::usage("file", format!("Le fichier «\u{a0}{}\u{a0}» ne peut pas être ouvert\u{a0}: {why}", path.display()))
    }

    /// An error of a use case, told with what the command knows.
    pub fn app(error: AppError, about: About<'_>) -> Self {
        // One refusal, one code: a role that may not is told alike for paths and orders.
        let code = match error.code() {
            "role_not_allowed" => "not_your_role",
            code => code,
        };
        match error {
            AppError::Refused(refusal) => match (*refusal, about.step()) {
                (Refusal::Form { errors }, Some(step)) => Self::form(&errors, |error| step_item(step, error)),
                (Refusal::Missing { needs }, _) => Self::missing(code, &needs),
                (refusal, _) => Self::refused(code, refusals::path(&refusal), refusals::lines(&refusal)),
            },
            AppError::OrderRefused(refusal) => Self::refused(code, refusals::order(&refusal), Vec::new()),
            AppError::AccountRefused(refusal) => {
                Self::refused(code, format!("{}{}", refusals::account(&refusal), account_way(&refusal)), Vec::new())
            }
            AppError::DelegationRefused(refusal) => Self::refused(code, refusals::delegation(&refusal), Vec::new()),
            AppError::AccountConflict(conflict) => Self::new(
                Exit::Conflict,
                code,
                format!(
                    "Quelqu’un vient de modifier le compte de {}. Relisez-le avec «\u{a0}jalon user list\u{a0}», puis recommencez.",
                    conflict.account.name
                ),
            ),
            AppError::Invalid(errors) => match about.order_transition() {
                Some(transition) => Self::form(&errors, |error| order_item(transition, error)),
                None => Self::form(&errors, plain_item),
            },
            AppError::Conflict(conflict) => Self::new(Exit::Conflict, code, conflict_sentence(&conflict, about)),
            AppError::NotFound => Self::new(Exit::NotFound, code, about.absent()),
            AppError::Forbidden => Self::new(
                Exit::Refused,
                code,
                "Ce compte n’a pas ce droit. Choisissez avec --as un compte dont le rôle le permet.",
            ),
            AppError::NoMarket => Self::new(
                Exit::Configuration,
                code,
                "Aucun marché enregistré ne couvre cette date. Enregistrez-le avec «\u{a0}jalon config apply\u{a0}».",
            ),
            AppError::DocumentTooLarge { most } => Self::new(Exit::Refused, code, too_large(most)),
            AppError::TooManyUploads { most } => {
                Self::new(Exit::Refused, code, wording::documents::too_many_uploads(most))
            }
            AppError::TooManyDocuments { most } => Self::new(
                Exit::Refused,
                code,
                format!(
                    "Un parcours garde {most}\u{a0}documents au plus, et celui-ci y serait passé. Regroupez-les, ou relevez limits.documents_per_path."
                ),
            ),
            AppError::TooManyExports { most } => Self::new(
                Exit::Refused,
                code,
                format!(
                    "Ce compte a déjà pris {most}\u{a0}listes en une heure. Attendez, ou relevez limits.exports_per_hour."
                ),
            ),
            AppError::NeedDecided => {
                Self::new(Exit::Conflict, code, "Ce signalement vient d’être repris ou écarté. Rien n’a été écrit.")
            }
            AppError::KeyReused => Self::new(
                Exit::Conflict,
                code,
                "Cette clé d’idempotence a déjà servi à une autre demande. Prenez-en une nouvelle.",
            ),
            AppError::Contended => Self::new(
                Exit::Store,
                code,
                "Trop de demandes portent sur la même chose au même moment\u{a0}; rien n’a été écrit. Recommencez dans un instant.",
            ),
            AppError::Typesetting(why) => Self::new(
                Exit::Other,
                code,
                format!("Un document n’a pas pu être établi, et rien n’a été écrit. Signalez-le\u{a0}: {why}"),
            ),
            AppError::Store(error) => Self::store(&error),
        }
    }

    /// An error of the store.
    pub fn store(error: &StoreError) -> Self {
        match error {
            StoreError::Conflict(conflict) => {
                Self::new(Exit::Conflict, "conflict", conflict_sentence(conflict, About::Nothing))
            }
            StoreError::Duplicate(Duplicate::AccountEmail) => Self::new(
                Exit::Refused,
                "duplicate_email",
                "Un compte porte déjà cette adresse. «\u{a0}jalon user list\u{a0}» les montre tous.",
            ),
            StoreError::Duplicate(what) => Self::new(
                Exit::Conflict,
                "duplicate",
                format!("Cette valeur existe déjà ({what}). Rien n’a été écrit."),
            ),
            StoreError::Busy(_) => Self::new(
                Exit::Store,
                "unavailable",
                "La base de données est occupée\u{a0}; rien n’a été écrit. Recommencez dans un instant.",
            ),
            StoreError::Unavailable(cause) => Self::new(Exit::Store, "unavailable", unreached(cause)),
            StoreError::OutcomeUnknown(_) => Self::new(
                Exit::Store,
                "outcome_unknown",
                "La réponse de la base s’est perdue au moment d’enregistrer\u{a0}: vérifiez le parcours avant de recommencer, ou recommencez \
                 avec la même clé (--idempotency-key), qui n’agit jamais deux fois.",
            ),
            StoreError::Inconsistent(row) => Self::new(
                Exit::Other,
                "inconsistent",
                format!(
                    "Une ligne de la base n’a pas de sens (table {}, colonne {}, ligne {}\u{a0}: {}). Lancez «\u{a0}jalon verify\u{a0}».",
                    row.table, row.column, row.id, row.problem
                ),
            ),
            StoreError::Database(error) => Self::new(
                Exit::Other,
                "internal",
                format!(
                    "La base de données a refusé une instruction\u{a0}: {error}. Vérifiez le schéma avec «\u{a0}jalon migrate\u{a0}»."
                ),
            ),
        }
    }

    /// What is missing, each with the commands that bring it.
    fn missing(code: &str, needs: &[Need]) -> Self {
        let line = |need: &Need| match ways_out(need) {
            Some(ways) => format!("{} ({ways})", refusals::need(need)),
            None => refusals::need(need),
        };
        let lines: Vec<String> = needs.iter().map(line).collect();
        Self::refused(code, lines.join(" "), lines)
    }

    fn refused(code: &str, text: String, mut lines: Vec<String>) -> Self {
        if lines.len() < 2 {
            return Self::new(Exit::Refused, code, text);
        }
        let items = lines.drain(..).map(|message| Item { field: None, label: String::new(), message }).collect();
        Self::new(Exit::Refused, code, "L’étape attend encore\u{a0}:").with(items)
    }

    fn form(errors: &[FieldError], item: impl Fn(&FieldError) -> Item) -> Self {
        let mut items: Vec<Item> = Vec::new();
        let unknown = |error: &&FieldError| matches!(error.problem, FieldProblem::Unknown { .. });
        items.extend(errors.iter().filter(unknown).map(unknown_item));
        items.extend(errors.iter().filter(|error| !unknown(error)).map(item));
        let count = wording::numbers::count(errors.len() as i64, "champ ne convient pas", "champs ne conviennent pas");
        Self::new(Exit::Refused, "form", format!("{count}\u{a0}; rien n’a été écrit.")).with(items)
    }

    /// The lines for a person, without the final line break.
    pub fn text(&self) -> String {
        let mut text = format!("Erreur\u{a0}: {} [{}]", self.message, self.code);
        for item in &self.items {
            let name = match (&item.field, item.label.is_empty()) {
                (Some(field), false) if item.label.starts_with(field.as_str()) => format!("{}\u{a0}: ", item.label),
                (Some(field), false) => format!("{} ({field})\u{a0}: ", item.label),
                (Some(field), true) => format!("{field}\u{a0}: "),
                (None, false) => format!("{}\u{a0}: ", item.label),
                (None, true) => String::new(),
            };
            let _ = write!(text, "\n  - {name}{}", item.message);
        }
        text
    }

    /// The same for programs.
    pub fn json(&self) -> Value {
        let fields: Vec<Value> = self
            .items
            .iter()
            .map(|item| json!({ "field": item.field, "label": item.label, "message": item.message }))
            .collect();
        json!({ "code": self.code, "fields": fields, "message": self.message })
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::store(&error)
    }
}

impl About<'_> {
    fn step(self) -> Option<Step> {
        match self {
            Self::Path(_, step) => step,
            Self::NewPath(step) => Some(step),
            Self::Order(..) | Self::NewOrder(_) | Self::Account(_) | Self::Link | Self::Nothing => None,
        }
    }

    fn order_transition(self) -> Option<OrderTransition> {
        match self {
            Self::Order(_, transition) => transition,
            Self::NewOrder(transition) => Some(transition),
            Self::Path(..) | Self::NewPath(_) | Self::Account(_) | Self::Link | Self::Nothing => None,
        }
    }

    fn absent(self) -> String {
        match self {
            Self::Path(reference, _) => format!(
                "Aucun parcours «\u{a0}{reference}\u{a0}» n’est visible de ce compte. «\u{a0}jalon path list\u{a0}» montre ceux qui le sont."
            ),
            Self::Order(reference, _) => format!(
                "Aucun bon de commande «\u{a0}{reference}\u{a0}» n’est visible de ce compte. «\u{a0}jalon order list\u{a0}» montre ceux qui le sont."
            ),
            Self::Account(email) => format!(
                "Aucun compte n’a l’adresse «\u{a0}{email}\u{a0}». «\u{a0}jalon user list\u{a0}» montre les comptes, «\u{a0}jalon user add\u{a0}» en crée un."
            ),
            Self::Link => {
                "Ce lien n’existe pas, ou n’ouvre plus ce parcours. Demandez-en un nouveau à l’organisme de formation."
                    .to_owned()
            }
            Self::NewPath(_) | Self::NewOrder(_) | Self::Nothing => {
                "Ce qui est demandé n’existe pas, ou n’est pas visible de ce compte.".to_owned()
            }
        }
    }
}

/// The options that mend a refusal of an account.
fn account_way(refusal: &AccountRefusal) -> &'static str {
    match refusal {
        AccountRefusal::HoldsPaths { .. } | AccountRefusal::CannotTakeOver { .. } => {
            " Option --to ADRESSE, avec --as ADRESSE pour le compte d’administration qui les confie."
        }
        AccountRefusal::WithoutLastDay | AccountRefusal::LastDayPassed { .. } => {
            " Avec la commande\u{a0}: --until JOUR."
        }
        AccountRefusal::OwnRole | AccountRefusal::LastAdministrator | AccountRefusal::OtherOrganisation { .. } => "",
    }
}

fn step_item(step: Step, error: &FieldError) -> Item {
    let label = fields::path(step, &error.field).map_or("", |words| words.label);
    Item { field: Some(error.field.clone()), label: label.to_owned(), message: problem(&error.problem) }
}

fn order_item(transition: OrderTransition, error: &FieldError) -> Item {
    let label = fields::order(transition, &error.field).map_or("", |words| words.label);
    Item { field: Some(error.field.clone()), label: label.to_owned(), message: problem(&error.problem) }
}

fn plain_item(error: &FieldError) -> Item {
    let label = fields::label(&error.field);
    Item { field: Some(error.field.clone()), label: label.to_owned(), message: problem(&error.problem) }
}

fn problem(problem: &FieldProblem) -> String {
    refusals::problem(problem)
}

/// An unknown field: the nearest known ones, then the way to see them all.
fn unknown_item(error: &FieldError) -> Item {
    let FieldProblem::Unknown { known } = &error.problem else { return plain_item(error) };
    let nearest = crate::suggest::nearest(&error.field, known.iter().copied());
    let message = match nearest.as_slice() {
        [] if known.is_empty() => "cette étape n’attend aucun champ.".to_owned(),
        [] => format!("ce champ n’existe pas ici. Champs possibles\u{a0}: {}.", known.join(", ")),
        near => format!("ce champ n’existe pas ici. Vouliez-vous écrire {}\u{a0}?", crate::suggest::quoted(near)),
    };
    Item { field: Some(error.field.clone()), label: String::new(), message }
}

/// The names, on this command line, of what brings a thing missing.
fn ways_out(need: &Need) -> Option<&'static str> {
    let ways = match need {
        Need::Commitment { asked_until: None } => {
            "acte ask_confirmation pour la demander, acte record_answer_on_behalf pour consigner une réponse reçue, ou champ letter de \
             la remise\u{a0}; le champ commitment dit qu’elle est acquise et ne la prouve pas"
        }
        Need::Commitment { asked_until: Some(_) } => {
            "acte record_answer_on_behalf pour consigner une réponse reçue, ou champ letter de la remise"
        }
        Need::ReportConfirmation { .. } => {
            "actes ask_confirmation et record_answer_on_behalf, ou champ letter de la remise"
        }
        Need::Condition { .. } => "acte settle_condition",
        Need::Letter => "champ letter",
        Need::Conditions => "champ conditions",
        Need::Obstacle => "champ obstacle",
        Need::TutorDesignated => "acte designate_tutor",
        Need::TutorCertificate => "champ tutor_certificate",
        Need::Pif => "acte write_pif",
        Need::Signature { party: Party::Body } => "étape sign_pif",
        Need::Signature { .. } => "acte record_answer_on_behalf",
        Need::LevelApproval { .. } => "acte approve_level",
        Need::Observations { until: None } => "acte ask_observations",
        Need::FormalNotice { until: None } => "acte send_formal_notice",
        Need::Reasons => "champ reasons",
        Need::Reduction => "champ reduction",
        Need::Amount => "champ amount",
        Need::FreeUnit { .. }
        | Need::CompanyAgreement
        | Need::JobSeekerStatus
        | Need::Observations { until: Some(_) }
        | Need::WorkAnalysis
        | Need::TutorBeforeEntry
        | Need::ReflexivePhase
        | Need::Evaluation
        | Need::Hours { .. }
        | Need::FormalNotice { until: Some(_) }
        | Need::PendingRequest { .. }
        | Need::SatisfactionAsked
        | Need::ProgrammeStillFit => return None,
        Need::FitSaidByBody => "champ said_by",
    };
    Some(ways)
}

/// Why the store could not be reached, and what to check.
/// What is wrong with where documents are kept, after its name.
pub fn storage_trouble(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::PermissionDenied => {
            "l’accès est refusé. Vérifiez la clé et le secret (s3.access_key, s3.secret_key) et leurs droits, ou ceux du dossier.".to_owned()
        }
        ErrorKind::NotFound => "il n’existe pas. Créez-le, ou corrigez son nom (s3.bucket, documents).".to_owned(),
        ErrorKind::NotConnected | ErrorKind::TimedOut => {
            "il ne répond pas. Vérifiez son adresse (s3.endpoint) et le réseau.".to_owned()
        }
        ErrorKind::StorageFull => {
            "il n’y reste que la réserve (limits.disk_reserve_percent). Libérez de la place sur ce disque.".to_owned()
        }
        _ => format!("{error}."),
    }
}

fn unreached(cause: &Cause) -> String {
    if let Cause::Files(error) = cause {
        return format!(
            "Le stockage des documents n’est pas disponible\u{a0}: {} Rien n’a été écrit.",
            storage_trouble(error)
        );
    }
    match cause.unreached() {
        Unreached::NoDatabase => {
            "La base nommée dans JALON_DATABASE_URL n’existe pas sur ce serveur. Créez-la (createdb), ou corrigez l’adresse.".to_owned()
        }
        Unreached::NotAllowed => {
            "Le serveur de base de données refuse ce compte ou son mot de passe. Corrigez JALON_DATABASE_URL.".to_owned()
        }
        Unreached::Silence => "La base de données ne répond pas\u{a0}; rien n’a été écrit. Vérifiez que le serveur fonctionne et que \
             JALON_DATABASE_URL donne son adresse."
            .to_owned(),
        Unreached::Other => format!(
            "La base de données n’est pas disponible ({cause})\u{a0}; rien n’a été écrit. Vérifiez le serveur, l’espace du disque et \
             JALON_DATABASE_URL."
        ),
    }
}

fn too_large(most: u64) -> String {
    format!("Le document dépasse {}. Réduisez-le, ou partagez-le en plusieurs.", crate::files::size(most))
}

fn conflict_sentence(conflict: &Conflict, about: About<'_>) -> String {
    let winner = conflict.last.as_ref().map_or_else(String::new, |winner| {
        let who = wording::timeline::author(&winner.author);
        format!("\u{a0}: {who}, {} ({})", dates::instant(winner.recorded_at), wording::tasks::named(&winner.kind))
    });
    let read_again = match about {
        About::Path(reference, _) => {
            format!("Relisez avec «\u{a0}jalon path show {reference}\u{a0}», puis recommencez.")
        }
        About::Order(reference, _) => {
            format!("Relisez avec «\u{a0}jalon order show {reference}\u{a0}», puis recommencez.")
        }
        About::NewPath(_) | About::NewOrder(_) | About::Account(_) | About::Link | About::Nothing => {
            "Relisez, puis recommencez.".to_owned()
        }
    };
    let versions =
        format!("Vous aviez lu la version {}, la version {} est en vigueur.", conflict.seen, conflict.current);
    format!("Quelqu’un a été plus rapide{winner}. {versions} {read_again}")
}

/// The label of a step for a sentence.
pub fn named(step: Step) -> String {
    format!("«\u{a0}{}\u{a0}» ({step})", labels::step(step))
}
