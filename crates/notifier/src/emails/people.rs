//! People who change: a contact replaced or welcomed, a coordinator assigned, a link sent again.

use domain::market::ClockKind;
use domain::path::command::RequestKind;
use domain::path::requests::Asked;
use domain::path::{Event, Path, State};
use domain::people::{CompanyFunction, RecipientRole, Side};
use domain::told::{Addressed, Directory};
use wording::messages;

use super::Notice;
use super::about::{About, acted, typed};
use super::mail::{fact, mail};
use super::next::{Ask, outside_ask};
use super::samples::Scene;

fn study() -> Scene {
    Scene::new(State::FeasibilityInProgress, ClockKind::StudyDue, Side::Body)
        .asks(RecipientRole::Company, RequestKind::ConfirmCommitment)
}

fn watched() -> Scene {
    Scene::new(State::InTraining, ClockKind::TrainingEnd, Side::Body)
}

/// Somebody becomes the contact of a path, or their details change.
#[derive(Debug, Clone)]
pub struct ContactChanged {
    pub about: About,
    /// The reader is a colleague of who becomes the contact.
    pub informed: bool,
}

impl ContactChanged {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        Self { about: About::step(notice, to), informed: to.function.is_some() }
    }
}

mail! {
    ContactChanged, "contact_changed", "emails/contact_changed/subject.txt", "emails/contact_changed/body.txt",
    "emails/contact_changed/body.html",
    [RecipientRole::Company, RecipientRole::Trainee, RecipientRole::Tutor]
        .into_iter()
        .map(|role| Self { about: study().about(role), informed: false })
        .chain([Self {
            about: watched().about(RecipientRole::Company).with(CompanyFunction::HumanResources),
            informed: true,
        }])
        .collect()
}

/// Whether a change of contact gives this reader a function in the company.
pub(crate) fn gets_function(notice: &Notice<'_>, to: &Addressed) -> bool {
    let changed = fact!(notice, Event::ContactChanged { role, person, .. } => Some((role.function()?, person.id)));
    changed.is_some_and(|(_, person)| to.person == Some(person))
}

/// Somebody of the company gets a function of their own.
#[derive(Debug, Clone)]
pub struct CompanyContactNamed {
    pub about: About,
    pub function: CompanyFunction,
    /// The reader is the person named.
    pub welcome: bool,
    /// The reader named them.
    pub own: bool,
    /// The person named.
    pub colleague: Option<String>,
}

impl CompanyContactNamed {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let named = fact!(notice, Event::CompanyContactNamed { function, person, .. } => Some((*function, person.id)));
        let changed = fact!(notice, Event::ContactChanged { role, person, .. } => Some((role.function()?, person.id)));
        let (function, id) =
            named.or(changed).map_or((CompanyFunction::Signatory, None), |(function, id)| (function, Some(id)));
        let colleague = id.and_then(|id| notice.directory.people.iter().find(|person| person.id == id));
        Self {
            about: About::step(notice, to),
            function,
            welcome: id.is_some() && to.person == id,
            own: acted(notice.author, to),
            colleague: colleague.map(|person| typed(&person.contact.name)),
        }
    }

    fn signatory(&self) -> bool {
        self.function == CompanyFunction::Signatory
    }

    fn human_resources(&self) -> bool {
        self.function == CompanyFunction::HumanResources
    }

    /// The person named, or what to call them.
    fn whom(&self) -> &str {
        self.colleague.as_deref().unwrap_or(messages::A_COLLEAGUE)
    }
}

mail! {
    CompanyContactNamed, "company_contact_named", "emails/company_contact_named/subject.txt",
    "emails/company_contact_named/body.txt", "emails/company_contact_named/body.html",
    {
        let all = [CompanyFunction::Signatory, CompanyFunction::HumanResources, CompanyFunction::Accounting];
        let of_company = |function| {
            let scene = if function == CompanyFunction::Signatory { study() } else { watched() };
            scene.about(RecipientRole::Company)
        };
        let named = |about, function, own| Self {
            about,
            function,
            welcome: false,
            own,
            colleague: Some("Claude Fictif".to_owned()),
        };
        let welcome = all.map(|function| {
            let about = of_company(function).with(function).first();
            Self { welcome: true, ..named(about, function, false) }
        });
        let body = named(watched().about(RecipientRole::Body), CompanyFunction::Signatory, false);
        let own = named(study().about(RecipientRole::Company).aside(), CompanyFunction::Signatory, true);
        let other = named(watched().about(RecipientRole::Company), CompanyFunction::HumanResources, false);
        welcome.into_iter().chain([body, own, other]).collect()
    }
}

/// A function goes back to the company's main contact.
#[derive(Debug, Clone)]
pub struct CompanyContactRemoved {
    pub about: About,
    pub function: CompanyFunction,
}

impl CompanyContactRemoved {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let function = fact!(notice, Event::CompanyContactRemoved { function, .. } => Some(*function));
        Self { about: About::step(notice, to), function: function.unwrap_or(CompanyFunction::Signatory) }
    }

    fn signatory(&self) -> bool {
        self.function == CompanyFunction::Signatory
    }
}

mail! {
    CompanyContactRemoved, "company_contact_removed", "emails/company_contact_removed/subject.txt",
    "emails/company_contact_removed/body.txt", "emails/company_contact_removed/body.html",
    vec![
        Self { about: watched().about(RecipientRole::Body), function: CompanyFunction::HumanResources },
        Self { about: study().about(RecipientRole::Company), function: CompanyFunction::Signatory },
        Self { about: watched().about(RecipientRole::Company), function: CompanyFunction::Accounting },
    ]
}

/// Somebody is no longer the contact, or not at this address: the old one is told (L12).
#[derive(Debug, Clone)]
pub struct ContactReplaced {
    pub about: About,
}

impl ContactReplaced {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        Self { about: About::plain(notice.after, notice.directory, to) }
    }
}

mail! {
    ContactReplaced, "contact_replaced", "emails/contact_replaced/subject.txt", "emails/contact_replaced/body.txt",
    "emails/contact_replaced/body.html",
    [RecipientRole::Company, RecipientRole::Tutor, RecipientRole::Trainee]
        .into_iter()
        .map(|reader| Self { about: study().about(reader).gone() })
        .collect()
}

/// A coordinator takes a path in charge.
#[derive(Debug, Clone)]
pub struct CoordinatorAssigned {
    pub about: About,
    pub state: State,
}

impl CoordinatorAssigned {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        Self { about: About::step(notice, to), state: notice.after.state }
    }

    fn stands(&self) -> &'static str {
        wording::labels::state(self.state)
    }
}

mail! {
    CoordinatorAssigned, "coordinator_assigned", "emails/coordinator_assigned/subject.txt",
    "emails/coordinator_assigned/body.txt", "emails/coordinator_assigned/body.html",
    vec![Self { about: study().about(RecipientRole::Body), state: State::FeasibilityInProgress }]
}

/// A fresh link, asked from a page whose link had expired (L4).
#[derive(Debug, Clone)]
pub struct LinkRenewed {
    pub about: About,
}

impl LinkRenewed {
    pub(crate) fn of(path: &Path, directory: &Directory<'_>, request: Option<&Asked>, to: &Addressed) -> Self {
        Self { about: About { ask: Some(outside_ask(request)), ..About::plain(path, directory, to) } }
    }
}

mail! {
    LinkRenewed, "link_renewed", "emails/link_renewed/subject.txt", "emails/link_renewed/body.txt",
    "emails/link_renewed/body.html",
    {
        let asked = |role, kind| {
            let about = study().asks(role, kind).about(role);
            let ask = about.ask.clone().map(|ask| Ask { until: None, ..ask });
            Self { about: About { next: None, ask, ..about } }
        };
        vec![
            asked(RecipientRole::Company, RequestKind::ConfirmCommitment),
            asked(RecipientRole::Trainee, RequestKind::SignPif),
            Self { about: About { next: None, ..study().about(RecipientRole::Tutor) } },
        ]
    }
}
