//! The individual programme (PIF): written, amended, signed, its price level approved, the implementation ordered.

use domain::Day;
use domain::market::{ClockKind, OptionCode, Prestation};
use domain::path::command::RequestKind;
use domain::path::event::{Party, PifTerms};
use domain::path::{Event, State};
use domain::people::{CompanyFunction, OutsideRole, RecipientRole, Side};
use domain::told::Addressed;
use wording::{dates, labels, messages, numbers};

use super::Notice;
use super::about::{About, typed};
use super::invite::{self, Meeting};
use super::mail::{fact, mail};
use super::next::{Ask, Next};
use super::samples::{Scene, day, due};

const EVERYONE: [RecipientRole; 4] =
    [RecipientRole::Body, RecipientRole::Company, RecipientRole::Trainee, RecipientRole::Tutor];

const PARTIES: [Party; 3] = [Party::Body, Party::Company, Party::Trainee];

/// The hours and days of a version, as the message gives them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    pub afest: u32,
    pub application: u32,
    pub weekly: u32,
    pub starts_on: Day,
    pub ends_on: Day,
}

impl Hours {
    fn of(terms: &PifTerms) -> Self {
        Self {
            afest: terms.afest_hours,
            application: terms.application_hours,
            weekly: terms.weekly_hours,
            starts_on: terms.starts_on,
            ends_on: terms.ends_on,
        }
    }

    /// What a reader reads of them.
    fn words(&self) -> [(&'static str, String); 4] {
        [
            (messages::AFEST, numbers::hours(self.afest)),
            (messages::APPLICATION, numbers::hours(self.application)),
            (messages::PER_WEEK, numbers::hours(self.weekly)),
            (messages::DATES, dates::period(self.starts_on, self.ends_on)),
        ]
    }

    fn sample() -> Self {
        Self { afest: 140, application: 70, weekly: 35, starts_on: day(2026, 12, 14), ends_on: day(2027, 2, 12) }
    }
}

/// A version of the individual programme is to be signed.
#[derive(Debug, Clone)]
pub struct PifWritten {
    pub about: About,
    pub version: u32,
    pub hours: Option<Hours>,
    /// Those of the version before.
    pub before: Option<Hours>,
    pub amended: bool,
    /// Why the programme changes.
    pub reason: Option<String>,
    /// The price level to approve.
    pub level: Option<OptionCode>,
}

impl PifWritten {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let pif = notice.after.pif.as_ref();
        let reason = fact!(notice, Event::PifAmended { reason, .. } => Some(typed(reason)));
        let about = About::step(notice, to);
        Self {
            about: if about.to_region() { approving(about) } else { about },
            version: pif.map_or(1, |pif| pif.version),
            hours: pif.map(|pif| Hours::of(&pif.terms)),
            before: notice.before.and_then(|path| path.pif.as_ref()).map(|pif| Hours::of(&pif.terms)),
            amended: reason.is_some(),
            reason,
            level: fact!(notice, Event::PifAmended { level, .. } => *level),
        }
    }

    /// The terms of this version, each with what it takes the place of.
    fn terms(&self) -> Vec<(&'static str, String)> {
        let Some(hours) = &self.hours else { return Vec::new() };
        let mut before = self.before.as_ref().map(Hours::words).into_iter().flatten();
        let term = |(label, now)| (label, wording::instead_of(now, before.next().map(|(_, before)| before)));
        hours.words().into_iter().map(term).collect()
    }

    /// Whether the reader is one of the three who sign.
    fn signs(&self) -> bool {
        self.about.to_body() || self.about.answers_for_company() || self.about.to_trainee()
    }
}

/// The Region is waited for its approval, whoever signs meanwhile.
fn approving(about: About) -> About {
    let next = Next { what: "approuver le niveau de prix", by: Side::Region, yours: true, until: None };
    let ask = about.ask.map(|ask| Ask { label: messages::APPROVE_LEVEL, ..ask });
    About { next: Some(next), ask, ..about }
}

mail! {
    PifWritten, "pif_written", "emails/pif_written/subject.txt", "emails/pif_written/body.txt",
    "emails/pif_written/body.html",
    {
        let scene = Scene::new(State::CandidateSelected, ClockKind::Signatures, Side::Body);
        let asking = |about: About| match about.role {
            RecipientRole::Company | RecipientRole::Trainee => {
                let others = about.others.clone();
                About { others, ..scene.asks(about.role, RequestKind::SignPif).about(about.role) }
            }
            RecipientRole::Region => approving(about),
            RecipientRole::Body | RecipientRole::Tutor | RecipientRole::Finance | RecipientRole::Candidate => about,
        };
        let written = scene.told(&EVERYONE).into_iter().map(asking).map(|about| Self {
            version: 1,
            hours: Some(Hours::sample()),
            before: None,
            about,
            amended: false,
            reason: None,
            level: None,
        });
        let readers = [RecipientRole::Body, RecipientRole::Company, RecipientRole::Trainee, RecipientRole::Region];
        let amended = scene.told(&readers).into_iter().map(asking).map(|about| Self {
            version: 2,
            hours: Some(Hours::sample()),
            before: Some(Hours { ends_on: day(2027, 1, 29), ..Hours::sample() }),
            about,
            amended: true,
            reason: Some("Une compétence de plus.".to_owned()),
            level: Some(OptionCode::N2),
        });
        let of_company = scene.asks(RecipientRole::Company, RequestKind::SignPif).about(RecipientRole::Company);
        let readers = [of_company.clone().with(CompanyFunction::Signatory), of_company.aside()];
        let signatory = readers.into_iter().map(|about| Self {
            version: 1,
            hours: Some(Hours::sample()),
            before: None,
            about,
            amended: false,
            reason: None,
            level: None,
        });
        written.chain(amended).chain(signatory).collect()
    }
}

/// One of the three signed.
#[derive(Debug, Clone)]
pub struct PifSigned {
    pub about: About,
    pub version: u32,
    pub party: Party,
    /// The reader is the one who signed, or for whom it was recorded.
    pub own: bool,
    pub on_behalf: bool,
    pub complete: bool,
    /// Who has not signed yet.
    pub missing: Vec<Party>,
    /// The order of the implementation comes next.
    pub to_order: bool,
}

impl PifSigned {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let signed =
            fact!(notice, Event::PifSigned { party, on_behalf, complete, .. } => Some((*party, *on_behalf, *complete)));
        let pif = notice.after.pif.as_ref();
        let (party, on_behalf, complete) = signed.unwrap_or((Party::Body, false, false));
        Self {
            about: About::step(notice, to),
            version: pif.map_or(1, |pif| pif.version),
            party,
            own: role(party) == to.role
                && (party != Party::Company || to.outside() == Some(notice.after.signs_for_company())),
            on_behalf,
            complete,
            missing: PARTIES.into_iter().filter(|party| pif.is_some_and(|pif| !pif.signed(*party))).collect(),
            to_order: notice.after.state == State::PifSigned,
        }
    }
}

impl PifSigned {
    /// The signatures that are missing, the reader's as theirs.
    fn missing_words(&self) -> String {
        let whose = |party: &Party| match *party {
            party
                if role(party) == self.about.role && (!self.about.to_company() || self.about.answers_for_company()) =>
            {
                messages::YOUR_OWN.to_owned()
            }
            party => format!("celle {}", labels::of_the_party(party)),
        };
        numbers::list(&self.missing.iter().map(whose).collect::<Vec<_>>())
    }
}

fn role(party: Party) -> RecipientRole {
    match party {
        Party::Body => RecipientRole::Body,
        Party::Company => OutsideRole::Company.recipient(),
        Party::Trainee => OutsideRole::Trainee.recipient(),
    }
}

mail! {
    PifSigned, "pif_signed", "emails/pif_signed/subject.txt", "emails/pif_signed/body.txt", "emails/pif_signed/body.html",
    {
        let waiting = Scene::new(State::CandidateSelected, ClockKind::Signatures, Side::Trainee)
            .asks(RecipientRole::Trainee, RequestKind::SignPif);
        let one = waiting.told(&EVERYONE).into_iter().map(|about| Self {
            own: about.to_company(),
            about,
            version: 2,
            party: Party::Company,
            on_behalf: false,
            complete: false,
            missing: vec![Party::Trainee],
            to_order: false,
        });
        let readers = [
            RecipientRole::Body,
            RecipientRole::Company,
            RecipientRole::Trainee,
            RecipientRole::Tutor,
            RecipientRole::Region,
        ];
        let signed = Scene::new(State::PifSigned, ClockKind::ImplementationOrder, Side::Region);
        let all = signed.told(&readers).into_iter().map(|about| Self {
            own: about.to_trainee(),
            about,
            version: 2,
            party: Party::Trainee,
            on_behalf: true,
            complete: true,
            missing: Vec::new(),
            to_order: true,
        });
        let told = signed.told(&[RecipientRole::Company]).into_iter().map(|about| Self {
            own: false,
            about: about.with(CompanyFunction::HumanResources),
            version: 2,
            party: Party::Trainee,
            on_behalf: false,
            complete: true,
            missing: Vec::new(),
            to_order: true,
        });
        one.chain(all).chain(told).collect()
    }
}

/// A change of price level is approved.
#[derive(Debug, Clone)]
pub struct LevelApproved {
    pub about: About,
    pub before: Option<OptionCode>,
    pub after: Option<OptionCode>,
}

impl LevelApproved {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        Self {
            about: About::step(notice, to),
            before: fact!(notice, Event::LevelApproved { returned, .. } => Some(returned.option)),
            after: fact!(notice, Event::LevelApproved { drawn, .. } => Some(drawn.option)),
        }
    }
}

mail! {
    LevelApproved, "level_approved", "emails/level_approved/subject.txt", "emails/level_approved/body.txt",
    "emails/level_approved/body.html",
    vec![Self {
        about: Scene::new(State::InTraining, ClockKind::TrainingEnd, Side::Body).about(RecipientRole::Body),
        before: Some(OptionCode::N1),
        after: Some(OptionCode::N2),
    }]
}

/// The implementation is ordered: the entry may take place.
#[derive(Debug, Clone)]
pub struct ImplementationOrdered {
    pub about: About,
    pub entry: Option<Day>,
    pub level: Option<OptionCode>,
    pub order: Option<String>,
    pub tutor: Option<String>,
    pub meeting: Option<Meeting>,
}

impl ImplementationOrdered {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let ordered = notice.after.file(Prestation::Implementation).ordered.as_ref();
        let draw = ordered.and_then(|ordered| ordered.draws.first());
        let entry = notice.after.candidate.as_ref().map(|candidate| candidate.planned_entry);
        Self {
            about: About::step(notice, to),
            entry,
            level: draw.map(|draw| draw.option),
            order: draw.map(|draw| draw.order.to_string()),
            tutor: super::preparation::tutor(notice),
            meeting: entry.map(|day| invite::entry(notice, to, day)),
        }
    }
}

mail! {
    ImplementationOrdered, "implementation_ordered", "emails/implementation_ordered/subject.txt",
    "emails/implementation_ordered/body.txt", "emails/implementation_ordered/body.html",
    Scene::new(State::ImplementationOrdered, ClockKind::Entry, Side::Body)
        .told(&EVERYONE)
        .into_iter()
        .map(|about| Self {
            entry: Some(due()),
            level: Some(OptionCode::N2),
            order: Some("BC-1-2026-0007".to_owned()),
            tutor: Some("Sacha Moreau".to_owned()),
            meeting: Some(invite::sample_entry(&about, due())),
            about,
        })
        .collect(),
    calendar: |mail| mail.meeting.as_ref().map(Meeting::to_ics)
}
