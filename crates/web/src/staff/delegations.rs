//! Who stands in for whom: the part of one's own account, and of an account as the administration sees it.
//!
//! Both show the same lines and the same form; whoever may not keep the delegations of an account gets no such page.

use app::{AppError, DelegationView, Visitor};
use domain::delegation::{DelegationRefusal, delegates};
use domain::identifiers::{AccountId, DelegationId};
use domain::people::Account;
use wording::{dates, pages, refusals};

use super::Signed;
use super::sign_in::field;
use crate::forms::{Choice, FieldView, Input, ProblemLine, Problems, Typed, value};
use crate::{PageError, Web};

/// What the ticket of the forms is for.
pub(crate) const DELEGATE: &str = "delegate";

const TO: &str = "remplacement";
const FROM: &str = "du";
const UNTIL: &str = "au";

/// What is wrong with the form, field by field.
pub(crate) type Wrong = Vec<(&'static str, String)>;

/// A delegation as the page shows it.
pub(crate) struct Line {
    pub text: String,
    pub state: &'static str,
    pub tone: &'static str,
    /// Where it ends early, for who may end it.
    pub end: Option<String>,
}

/// The part of the page.
pub(crate) struct DelegationsView {
    pub lines: Vec<Line>,
    pub ticket: String,
    /// Where the form sends.
    pub action: String,
    /// Empty when nobody may stand in.
    pub fields: Vec<FieldView>,
    /// The reader's own account.
    pub own: bool,
}

/// The part of a page about an account, and what is wrong with what was sent; nothing for roles that do not delegate.
pub(crate) async fn view(
    web: &Web,
    signed: &Signed,
    of: &Account,
    address: &str,
    typed: &Typed,
    wrong: &Wrong,
) -> Result<Option<(DelegationsView, Option<Problems>)>, PageError> {
    if !delegates(of.role) {
        return Ok(None);
    }
    let own = signed.account.id == of.id;
    let action = format!("{address}/delegations");
    let around = web.app.delegations(&signed.account, of.id).await?;
    let lines = around.ahead.iter().map(|view| Line {
        text: sentence(view, own.then_some(of.id)),
        state: if view.runs { pages::delegations::UNDER_WAY } else { pages::delegations::TO_COME },
        tone: if view.runs { "done" } else { "wait" },
        end: (!own || view.from.id == of.id).then(|| format!("{action}/{}/fin", view.delegation.id)),
    });
    let lines = lines.collect();
    let options: Vec<Choice> = around
        .colleagues
        .iter()
        .map(|account| Choice {
            chosen: value(typed, TO) == Some(account.id.to_string().as_str()),
            value: account.id.to_string(),
            label: account.name.clone(),
            detail: String::new(),
        })
        .collect();
    let line = |name: &str, label: &str, help: &str, proposed: String| FieldView {
        value: value(typed, name).map_or(proposed, str::to_owned),
        input: Input::Line { kind: "date", autocomplete: "off", short: true },
        ..field(name, label, help, "date", "off")
    };
    let mut fields = if options.is_empty() || !of.active {
        Vec::new()
    } else {
        let help = pages::delegations::STAND_IN_HELP;
        vec![
            FieldView {
                input: Input::Select { options },
                ..field(TO, pages::delegations::STAND_IN, help, "text", "off")
            },
            line(FROM, pages::delegations::FIRST_DAY, "", dates::iso(around.today)),
            line(UNTIL, pages::delegations::LAST_DAY, pages::delegations::LAST_DAY_HELP, String::new()),
        ]
    };
    let problems = (!wrong.is_empty()).then(|| {
        let lines = wrong.iter().map(|(name, text)| {
            let field = fields.iter_mut().find(|field| field.name == *name);
            let anchor = field.map(|field| {
                field.error = Some(text.clone());
                field.id.clone()
            });
            ProblemLine { text: text.clone(), anchor }
        });
        Problems { title: pages::delegations::NOTHING_DELEGATED.to_owned(), lines: lines.collect() }
    });
    Ok(Some((DelegationsView { lines, ticket: signed.ticket(DELEGATE), action, fields, own }, problems)))
}

fn sentence(view: &DelegationView, reader: Option<AccountId>) -> String {
    let period = dates::period(view.delegation.starts_on, view.delegation.ends_on);
    match reader {
        Some(reader) if reader == view.from.id => pages::delegations::stands_in_for_you(&view.to.name, &period),
        Some(reader) if reader == view.to.id => pages::delegations::you_stand_in(&view.from.name, &period),
        Some(_) | None => pages::delegations::stands_in(&view.to.name, &view.from.name, &period),
    }
}

/// Delegates as the form asks; what is wrong with it otherwise.
pub(crate) async fn make(
    web: &Web,
    signed: &Signed,
    from: AccountId,
    typed: &Typed,
    visitor: Visitor,
) -> Result<Result<(), Wrong>, PageError> {
    signed.check(DELEGATE, value(typed, "cle"))?;
    let mut wrong: Wrong = Vec::new();
    let to = value(typed, TO).and_then(|to| to.parse().ok());
    if to.is_none() {
        wrong.push((TO, pages::delegations::CHOOSE_STAND_IN.to_owned()));
    }
    let mut day = |name: &'static str, text: &str| {
        let day = value(typed, name).and_then(|day| day.trim().parse().ok());
        if day.is_none() {
            wrong.push((name, text.to_owned()));
        }
        day
    };
    let starts_on = day(FROM, pages::delegations::GIVE_FIRST_DAY);
    let ends_on = day(UNTIL, pages::delegations::GIVE_LAST_DAY);
    let (Some(to), Some(starts_on), Some(ends_on)) = (to, starts_on, ends_on) else { return Ok(Err(wrong)) };
    let (app, by) = (web.app.clone(), signed.account.clone());
    let delegating =
        async move { app.delegate(Some(&by), (from, to), (starts_on, ends_on), &visitor).await.map(|_| ()) };
    match web.writes.spawn(delegating).await? {
        Ok(()) => Ok(Ok(())),
        Err(AppError::DelegationRefused(refusal)) => {
            Ok(Err(vec![(field_of(&refusal), wording::capital(&refusals::delegation(&refusal)))]))
        }
        Err(error) => Err(error.into()),
    }
}

/// The field that mends a refusal.
fn field_of(refusal: &DelegationRefusal) -> &'static str {
    match refusal {
        DelegationRefusal::StartsInThePast { .. }
        | DelegationRefusal::AlreadyAway { .. }
        | DelegationRefusal::StandsIn { .. } => FROM,
        DelegationRefusal::EndsBeforeItStarts { .. } => UNTIL,
        DelegationRefusal::DoesNotDelegate { .. }
        | DelegationRefusal::AccountClosed { .. }
        | DelegationRefusal::NotAColleague { .. }
        | DelegationRefusal::Circular { .. }
        | DelegationRefusal::StandInAway { .. }
        | DelegationRefusal::TwoAtOnce { .. } => TO,
    }
}

/// Ends a delegation early.
pub(crate) async fn end(
    web: &Web,
    signed: &Signed,
    id: &str,
    ticket: Option<&str>,
    visitor: Visitor,
) -> Result<(), PageError> {
    signed.check(DELEGATE, ticket)?;
    let id: DelegationId = id.parse().map_err(|_| PageError::NotFound)?;
    let (app, by) = (web.app.clone(), signed.account.clone());
    Ok(web.writes.spawn(async move { app.end_delegation(Some(&by), id, &visitor).await }).await??)
}
