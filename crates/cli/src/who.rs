//! Who acts on the command line: an account by its address, a person outside by a link, or the operator who only reads.
//!
//! Nobody decides by default: a step without `--as` is refused with the accounts that could take it. Reading without `--as`
//! is the operator's, who holds the database anyway.

use app::{Access, App, AppError, LinkProblem};
use domain::calendar::paris_day;
use domain::identifiers::EmailAddress;
use domain::people::{Account, Actor, Side};

use crate::exit::Exit;
use crate::failure::{About, Failure, Item};

/// What precedes the token of a link in `--as`.
const LINK: &str = "lien:";

/// Most accounts named in a refusal.
const MOST: usize = 6;

/// The author of what a command does.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct WhoArgs {
    /// Le compte qui agit, par son adresse, ou « lien:JETON » pour la personne derrière un lien (variable JALON_AS)
    #[arg(long = "as", env = "JALON_AS", value_name = "ADRESSE")]
    pub who: Option<String>,
}

/// Who acts.
#[derive(Debug, Clone)]
pub enum Who {
    Staff(Account),
    Link { token: String, access: Box<Access> },
}

impl Who {
    /// As the author of a command.
    pub fn actor(&self) -> Actor {
        match self {
            Self::Staff(account) => account.actor(),
            Self::Link { access, .. } => access.actor.clone(),
        }
    }
}

impl WhoArgs {
    /// Who was named; a variable that is set to nothing names nobody.
    fn given(&self) -> Option<&str> {
        self.who.as_deref().map(str::trim).filter(|who| !who.is_empty())
    }

    /// Who reads: the account, or the operator.
    ///
    /// # Errors
    /// The account does not exist or is disabled.
    pub async fn reader(&self, app: &App) -> Result<Actor, Failure> {
        Ok(self.named(app).await?.map_or(Actor::System, |who| who.actor()))
    }

    /// Who was named.
    ///
    /// # Errors
    /// As [`Self::reader`].
    pub async fn named(&self, app: &App) -> Result<Option<Who>, Failure> {
        match self.given() {
            None => Ok(None),
            Some(who) => resolve(app, who).await.map(Some),
        }
    }

    /// Who acts, in a step open to these sides.
    ///
    /// # Errors
    /// Nobody was named, the account does not exist or is disabled, the link opens nothing any more.
    pub async fn author(&self, app: &App, sides: &[Side]) -> Result<Who, Failure> {
        match self.given() {
            Some(who) => match resolve(app, who).await? {
                // Who only reads is told so before anything else.
                Who::Staff(account) if account.actor().side().is_none() => Err(Failure::new(
                    Exit::Refused,
                    "not_your_role",
                    format!(
                        "Le compte {} ({}) consulte et ne franchit aucune étape. Choisissez avec --as un compte dont le rôle le permet.",
                        account.email,
                        wording::labels::staff_role(account.role)
                    ),
                )),
                who => Ok(who),
            },
            None => Err(nobody(app, sides).await?),
        }
    }
}

async fn resolve(app: &App, who: &str) -> Result<Who, Failure> {
    if let Some(token) = who.strip_prefix(LINK) {
        return link(app, token).await;
    }
    account(app, who).await.map(Who::Staff)
}

/// The account of an address that may be used today.
///
/// # Errors
/// The address cannot be one, has no account, or its account is disabled or has ended.
pub async fn account(app: &App, email: &str) -> Result<Account, Failure> {
    let address = EmailAddress::parse(email).map_err(|error| {
        Failure::usage("email", format!("«\u{a0}{email}\u{a0}»\u{a0}: {}", wording::refusals::identifier(error)))
    })?;
    let account = app.account_by_email(&address).await.map_err(|error| Failure::app(error, About::Account(email)))?;
    let today = paris_day(app.now().await.map_err(|error| Failure::app(error, About::Nothing))?);
    if account.opens(today) {
        return Ok(account);
    }
    if let Some(last) = account.ends_on.filter(|_| account.active) {
        let text = format!(
            "Le compte «\u{a0}{email}\u{a0}» a pris fin le {}. «\u{a0}jalon user change {email} --until JOUR\u{a0}» le prolonge.",
            wording::dates::medium(last)
        );
        return Err(Failure::new(Exit::Refused, "account_ended", text));
    }
    Err(Failure::new(
        Exit::Refused,
        "account_disabled",
        format!("Le compte «\u{a0}{email}\u{a0}» est désactivé. «\u{a0}jalon user enable {email}\u{a0}» le rouvre."),
    ))
}

/// The person behind a link: its token, or the whole address found in a message.
///
/// # Errors
/// The link was never given, has expired, or belongs to somebody who was replaced.
pub async fn link(app: &App, given: &str) -> Result<Who, Failure> {
    let token = token(given);
    let access = app.open_link(token).await.map_err(|error| Failure::app(error, About::Link))?;
    match access.problem {
        None => Ok(Who::Link { token: token.to_owned(), access: Box::new(access) }),
        Some(LinkProblem::Expired) => Err(Failure::new(
            Exit::Refused,
            "link_expired",
            "Ce lien a expiré. «\u{a0}jalon path answer JETON --renew\u{a0}» en envoie un nouveau à l’adresse enregistrée.",
        )),
        Some(LinkProblem::Revoked) => Err(Failure::new(
            Exit::Refused,
            "link_revoked",
            format!(
                "Ce lien n’est plus celui de la personne en charge. Contact\u{a0}: {}.",
                access.coordinator.as_ref().map_or(&access.holder.name, |account| &account.name)
            ),
        )),
    }
}

/// The token of a link, alone.
pub fn token(given: &str) -> &str {
    let given = given.trim().strip_prefix(LINK).unwrap_or(given.trim());
    let given = given.split(['?', '#']).next().unwrap_or(given).trim_end_matches('/');
    match given.split_once("/acces/") {
        Some((_, rest)) => rest.split('/').next().unwrap_or(rest),
        None => given,
    }
}

/// The refusal of a step that nobody was named for, with who could take it.
async fn nobody(app: &App, sides: &[Side]) -> Result<Failure, Failure> {
    let accounts = app.accounts().await.map_err(|error: AppError| Failure::app(error, About::Nothing))?;
    let able = accounts
        .iter()
        .filter(|account| account.active && account.actor().side().is_some_and(|side| sides.contains(&side)));
    let mut items: Vec<Item> = able
        .map(|account| Item {
            field: None,
            label: String::new(),
            message: format!(
                "--as {} ({}, {})",
                account.email,
                account.name,
                wording::labels::staff_role(account.role)
            ),
        })
        .collect();
    let more = items.len().saturating_sub(MOST);
    items.truncate(MOST);
    if more > 0 {
        let message = format!("et {}", wording::numbers::count(more as i64, "autre compte", "autres comptes"));
        items.push(Item { field: None, label: String::new(), message });
    }
    let outside = [Side::Company, Side::Trainee, Side::Tutor].iter().any(|side| sides.contains(side));
    if outside {
        let message = "--as lien:JETON, pour la personne qui a reçu un lien par courriel".to_owned();
        items.push(Item { field: None, label: String::new(), message });
    }
    let message = match items.len() {
        0 => {
            "Dites au nom de qui agir, avec --as. Aucun compte actif ne peut franchir cette étape\u{a0}: «\u{a0}jalon user add\u{a0}» en crée un."
        }
        1 => {
            "Dites au nom de qui agir, avec --as ou la variable JALON_AS. Un seul choix peut franchir cette étape\u{a0}:"
        }
        _ => "Dites au nom de qui agir, avec --as ou la variable JALON_AS. Peuvent franchir cette étape\u{a0}:",
    };
    Ok(Failure::usage("no_author", message).with(items))
}

#[cfg(test)]
mod tests {
    use super::token;

    #[test]
    fn a_token_is_found_in_whatever_was_pasted() {
        for given in [
            "aBc-12_x",
            "lien:aBc-12_x",
            " https://jalon.example/acces/aBc-12_x ",
            "https://jalon.example/acces/aBc-12_x/rappels?x=1",
            "/acces/aBc-12_x/",
        ] {
            assert_eq!(token(given), "aBc-12_x", "{given}");
        }
    }
}
