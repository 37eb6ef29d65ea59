//! Messages about a need that someone outside reports: to its sender, and to the body of its lot.
//!
//! Rules kept here: nothing that was typed stands in the message that asks for a confirmation, so that nobody writes to a
//! stranger through this service; the body reads who reports as a kind, never by name: the page says the rest; the sender reads
//! no reference of a path.

use domain::Instant;
use domain::identifiers::ProposalId;
use domain::market::Lot;
use domain::people::RecipientRole;
use domain::proposal::{Need, Proposal};
use domain::told::Addressed;
use wording::{labels, messages};

use super::LinkPurpose;
use super::about::{About, of_holder, typed};
use super::mail::mail;
use super::next::Ask;
use super::samples::holder;
use crate::frame::Contact;

/// Written to who reported a need.
fn to_sender(name: &str, body: String, contact: Option<Contact>, ask: Option<Ask>) -> About {
    About {
        reference: messages::YOUR_REPORT.to_owned(),
        company: String::new(),
        job: String::new(),
        body,
        lot: String::new(),
        lot_code: None,
        role: RecipientRole::Company,
        name: typed(name),
        function: None,
        signatory: None,
        stands_for: None,
        receipt: None,
        contest: None,
        others: Vec::new(),
        contact,
        next: None,
        ask,
        note: None,
        illustrative: false,
        reminder: false,
        informs: false,
    }
}

fn from_body(to: &Addressed, lot: &Lot) -> About {
    let about = to_sender(&to.name, typed(&lot.holder.name), Some(of_holder(&lot.holder)), None);
    About { lot_code: Some(lot.code.clone()), ..about }
}

/// Whether the address that was given is the sender's.
#[derive(Debug, Clone)]
pub struct NeedProposalConfirm {
    pub about: About,
    pub until: Instant,
}

impl NeedProposalConfirm {
    pub(crate) fn of(proposal: ProposalId, address: &str, until: Instant) -> Self {
        let ask = Ask { label: messages::READ_AND_CONFIRM, until: None, link: LinkPurpose::Need(proposal) };
        Self { about: to_sender(address, String::new(), None, Some(ask)), until }
    }
}

mail! {
    NeedProposalConfirm, "need_proposal_confirm", "emails/need_proposal_confirm/subject.txt",
    "emails/need_proposal_confirm/body.txt", "emails/need_proposal_confirm/body.html",
    vec![Self::of(sample_id(), "ludivine.quesnel@mission-locale.example", super::samples::now())]
}

/// A need was reported and confirmed in a lot.
#[derive(Debug, Clone)]
pub struct NeedProposalReceived {
    pub about: About,
    pub sender: String,
    pub company: String,
    pub commune: String,
    pub job: String,
    pub persons: u32,
}

impl NeedProposalReceived {
    pub(crate) fn of(need: &Need, lot: &Lot, to: &Addressed) -> Self {
        let about = About {
            reference: messages::lot(&lot.code),
            lot: format!("lot {}", lot.code),
            lot_code: Some(lot.code.clone()),
            role: to.role,
            stands_for: to.stands_for.as_deref().map(typed),
            contact: (to.role != RecipientRole::Body).then(|| of_holder(&lot.holder)),
            ..to_sender(&to.name, typed(&lot.holder.name), None, None)
        };
        Self { about: About { ask: Some(open()), ..about }, ..Self::said(need) }
    }

    fn said(need: &Need) -> Self {
        Self {
            about: to_sender("", String::new(), None, None),
            sender: labels::the_sender(need.sender).to_owned(),
            company: typed(&need.company),
            commune: labels::commune(need.commune.as_str()),
            job: typed(&need.job),
            persons: need.persons_wanted,
        }
    }
}

fn open() -> Ask {
    Ask { label: messages::READ_REPORT, until: None, link: LinkPurpose::Staff }
}

mail! {
    NeedProposalReceived, "need_proposal_received", "emails/need_proposal_received/subject.txt",
    "emails/need_proposal_received/body.txt", "emails/need_proposal_received/body.html",
    vec![Self {
        about: About {
            reference: messages::lot("1"),
            lot: "lot 1".to_owned(),
            role: RecipientRole::Body,
            ask: Some(open()),
            ..to_sender("Claire Morel", "Retravailler".to_owned(), None, None)
        },
        sender: labels::the_sender(domain::proposal::Sender::MissionLocale).to_owned(),
        company: "Au Fournil d’Anne".to_owned(),
        commune: "Dieppe (76200)".to_owned(),
        job: "Boulanger".to_owned(),
        persons: 2,
    }]
}

/// A path was opened from a reported need.
#[derive(Debug, Clone)]
pub struct NeedProposalTaken {
    pub about: About,
    pub company: String,
    pub job: String,
}

impl NeedProposalTaken {
    pub(crate) fn of(proposal: &Proposal, lot: &Lot, to: &Addressed) -> Self {
        let need = &proposal.need;
        Self { about: from_body(to, lot), company: typed(&need.company), job: typed(&need.job) }
    }
}

mail! {
    NeedProposalTaken, "need_proposal_taken", "emails/need_proposal_taken/subject.txt",
    "emails/need_proposal_taken/body.txt", "emails/need_proposal_taken/body.html",
    vec![Self { about: sample(), company: "Au Fournil d’Anne".to_owned(), job: "Boulanger".to_owned() }]
}

/// A reported need was declined.
#[derive(Debug, Clone)]
pub struct NeedProposalDeclined {
    pub about: About,
    /// Who declines: the body, or the Region.
    pub by: String,
    pub company: String,
    pub job: String,
    pub reason: String,
}

impl NeedProposalDeclined {
    pub(crate) fn of(proposal: &Proposal, lot: &Lot, by_region: bool, reason: &str, to: &Addressed) -> Self {
        let need = &proposal.need;
        let about = from_body(to, lot);
        let by = if by_region { messages::THE_REGION.to_owned() } else { about.body.clone() };
        Self { about, by, company: typed(&need.company), job: typed(&need.job), reason: typed(reason) }
    }
}

mail! {
    NeedProposalDeclined, "need_proposal_declined", "emails/need_proposal_declined/subject.txt",
    "emails/need_proposal_declined/body.txt", "emails/need_proposal_declined/body.html",
    ["Retravailler", messages::THE_REGION]
        .into_iter()
        .map(|by| Self {
            about: sample(),
            by: by.to_owned(),
            company: "Au Fournil d’Anne".to_owned(),
            job: "Boulanger".to_owned(),
            reason: "L’entreprise a déjà un parcours pour ce poste.\nNous l’avons appelée le 12 novembre.".to_owned(),
        })
        .collect()
}

fn sample_id() -> ProposalId {
    "0190163d-8694-739b-aea5-966c26f8ad91".parse().expect("a key")
}

fn sample() -> About {
    to_sender("Ludivine Quesnel", "Retravailler".to_owned(), Some(holder()), None)
}
