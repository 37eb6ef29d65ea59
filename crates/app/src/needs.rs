//! Needs that people outside report: sent, confirmed by e-mail, taken or declined by those who may report a need themselves.
//!
//! Rules kept here:
//! - nobody but the address that was given is written to before it confirms, and that message holds nothing that was typed;
//! - the form carries a ticket with the instant at which its page was made: sent too fast or too late, it is shown again and
//!   nothing is lost; sent twice, it is one proposal;
//! - what is sent from one place and with one address is counted in the store, whoever they are: every address is answered alike;
//! - the lot is that of the commune when the sender confirms; its body sees the proposal, another body does not;
//! - it is taken in the transaction that opens the path, or declined with a reason, once; its sender hears of it in the same one;
//! - what nobody confirmed within [`UNCONFIRMED`] is forgotten, with its message.

use chrono::TimeDelta;
use domain::calendar::paris_day;
use domain::form::{FieldError, Form, Text};
use domain::identifiers::{Commune, LotCode, MessageId, PathReference, ProposalId};
use domain::market::{Holder, Lot, Terms};
use domain::path::decide::{lot_of_need, sees};
use domain::path::table::row;
use domain::path::{Step, Transition};
use domain::people::{Actor, RecipientRole, Side, StaffRole};
use domain::proposal::{Need, Proposal, ProposalCommand, ProposalStage, ProposalState, ProposalStep, same_company};
use domain::told::{Addressed, Told, of_accounts};
use domain::{Day, Instant};
use notifier::emails::{
    Composed, need_proposal_confirm, need_proposal_declined, need_proposal_received, need_proposal_taken,
};
use notifier::envelope::{message_id, thread_id};
use persistence::{
    About, Keys, LinkClaims, NewLink, NewMessage, PathFilter, PathLine, Priority, Recipient, Tx, token_hash,
};
use uuid::Uuid;

use crate::book::Book;
use crate::delivery::Subject;
use crate::passwords::{Limit, count, seconds};
use crate::plan::Plan;
use crate::queries::lots_seen;
use crate::security_log::Visitor;
use crate::{App, AppError, Options, new_id};

/// How long one that nobody confirms is kept.
pub(crate) const UNCONFIRMED: TimeDelta = TimeDelta::days(7);
/// Nobody fills the form faster.
const FASTEST: TimeDelta = TimeDelta::seconds(3);
/// The page of a form is good for so long.
const LONGEST: TimeDelta = TimeDelta::hours(12);
/// A path opened within so many days is a recent one.
const RECENT: i64 = 365;
/// Most paths and proposals shown beside one.
const BESIDE: u64 = 5;
/// Most proposals compared with one.
const COMPARED: u64 = 500;

const OF_NETWORK: Limit = Limit { kind: "need from", most: 20, within: TimeDelta::hours(1), slows: false };
const OF_ADDRESS: Limit = Limit { kind: "need", most: 5, within: TimeDelta::hours(1), slows: false };

/// What the purposes of the links of their messages begin with.
const PURPOSE: &str = "need:";
/// What the ticket of the form is for.
const TICKET: &str = "need form";

/// The purpose of the link of a proposal, as the store keeps it.
pub(crate) fn purpose(proposal: ProposalId) -> String {
    format!("{PURPOSE}{proposal}")
}

/// The proposal that a stored purpose is about.
pub(crate) fn proposal_of(purpose: &str) -> Option<ProposalId> {
    purpose.strip_prefix(PURPOSE)?.parse().ok()
}

/// What sending a need gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NeedAnswer {
    /// A message left to the address that was given; or had left, when the same form is sent again.
    Sent,
    /// The page of the form was made a moment ago, too long ago, or not here: to be sent again.
    Again,
    /// Too many from there, or with this address: the next one may come after so many seconds.
    Wait { seconds: u64 },
    Refused {
        errors: Vec<FieldError>,
        /// The commune is of no lot.
        elsewhere: bool,
    },
}

/// What the link of a message opens, for who reported the need.
#[derive(Debug, Clone)]
pub struct NeedLink {
    pub proposal: Proposal,
    /// Until when it may be confirmed.
    pub until: Instant,
    /// Who answers in its lot.
    pub holder: Option<Holder>,
}

/// A proposal with what stands around it, for the staff.
#[derive(Debug, Clone)]
pub struct NeedView {
    pub proposal: Proposal,
    pub lot: Option<Lot>,
    pub today: Day,
    /// The path that was opened from it, as far as the reader sees it.
    pub path: Option<PathReference>,
    /// Other proposals that wait and are likely about the same.
    pub twins: Vec<Proposal>,
    /// Recent paths that are likely about the same.
    pub paths: Vec<PathLine>,
    /// The reader may take it or decline it now.
    pub may_decide: bool,
}

/// A proposal from which a path is opened, with the message to its sender.
#[derive(Debug)]
pub(crate) struct Taken {
    pub proposal: Proposal,
    /// None when the step writes to the same address already (L9).
    pub message: Option<(Addressed, Composed)>,
}

/// When the page of a form was made, and what tells it from the others.
fn issued(keys: &Keys, ticket: &str) -> Option<(Instant, Uuid)> {
    let mut parts = ticket.splitn(3, '.');
    let (at, id, code) = (parts.next()?, parts.next()?, parts.next()?);
    let at = Instant::from_timestamp_micros(at.parse().ok()?)?;
    let id = Uuid::try_parse(id).ok()?;
    (signed(keys, at, id) == code).then_some((at, id))
}

fn signed(keys: &Keys, at: Instant, id: Uuid) -> String {
    keys.link_token(&LinkClaims { purpose: TICKET, event: id, recipient: Uuid::nil(), expires_at: at, rank: 0 })
}

/// The lot of a commune, under the terms on which paths are opened today.
fn lot_of<'b>(book: &'b Book, commune: &Commune, today: Day) -> Option<(&'b Terms, &'b Lot)> {
    let terms = book.open(today)?;
    let lot = lot_of_need(&terms.market, commune, None, false, &Actor::System).ok()?;
    Some((terms, lot))
}

/// A lot as the latest terms in force describe it.
fn described<'b>(book: &'b Book, code: &LotCode, today: Day) -> Option<(&'b Terms, &'b Lot)> {
    let open = book.open(today).into_iter();
    open.chain(book.markets(today)).find_map(|terms| Some((terms, terms.market.lot(code)?)))
}

/// Whether a side may take or decline the needs that it sees: as it may report one itself.
pub fn decides_needs(side: Side) -> bool {
    row(Step::Transition(Transition::ReportNeed)).by.contains(&side)
}

fn decides(actor: &Actor) -> bool {
    actor.side().is_some_and(decides_needs)
}

/// The sender, as someone to write to.
fn sender(need: &Need) -> Addressed {
    Addressed {
        role: RecipientRole::Company,
        person: None,
        account: None,
        name: need.sender_name.clone(),
        email: need.sender_email.clone(),
        why: Told::Message,
        stands_for: None,
        function: None,
    }
}

impl App {
    /// The ticket of a form that reports a need.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn need_ticket(&self) -> Result<String, AppError> {
        let (now, id) = (self.now().await?, new_id());
        let at = now.timestamp_micros();
        // What is signed is what is written: to the microsecond.
        let exact = Instant::from_timestamp_micros(at).unwrap_or(now);
        Ok(format!("{at}.{id}.{}", signed(self.store().keys(), exact, id)))
    }

    /// Whether the ticket of a form may be sent again with it, now or in a moment.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn need_ticket_serves(&self, ticket: &str) -> Result<bool, AppError> {
        let now = self.now().await?;
        Ok(issued(self.store().keys(), ticket).is_some_and(|(at, _)| at <= now && now - at < LONGEST))
    }

    /// Sends a need that someone outside reports; a message asks the address that they gave whether it is theirs.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn propose_need(&self, form: &Form, ticket: &str, visitor: &Visitor) -> Result<NeedAnswer, AppError> {
        let tx = self.store().begin_read().await?;
        let book = self.book(&tx).await?;
        let now = tx.now().await?;
        tx.rollback().await?;
        let commune = form.get("commune").and_then(|value| value.as_str()).and_then(|text| text.parse().ok());
        let lot = commune.as_ref().map(|commune| lot_of(&book, commune, paris_day(now)));
        let elsewhere = matches!(lot, Some(None));
        let (need, lot) = match (Need::read(form), lot.flatten()) {
            (Ok(need), Some((_, lot))) => (need, lot.code.clone()),
            (read, _) => return Ok(NeedAnswer::Refused { errors: read.err().unwrap_or_default(), elsewhere }),
        };
        let Some((at, page)) = issued(self.store().keys(), ticket) else { return Ok(NeedAnswer::Again) };
        if at > now || !(FASTEST..LONGEST).contains(&(now - at)) {
            return Ok(NeedAnswer::Again);
        }
        let request = token_hash(&format!("{page}\n{}", serde_json::to_string(form).unwrap_or_default()));
        let tx = self.store().begin_write().await?;
        let now = tx.now().await?;
        if tx.has_proposal_of(&request).await? {
            return Ok(NeedAnswer::Sent);
        }
        let from = &visitor.address;
        let email = need.sender_email.to_string().to_lowercase();
        if !from.is_empty()
            && let Err(wait) = count(&tx, &OF_NETWORK, from, now).await?
        {
            return Ok(NeedAnswer::Wait { seconds: seconds(wait) });
        }
        if let Err(wait) = count(&tx, &OF_ADDRESS, &email, now).await? {
            return Ok(NeedAnswer::Wait { seconds: seconds(wait) });
        }
        let id = ProposalId::new(new_id());
        let proposal = Proposal { id, need, lot, sent_at: now, state: ProposalState::Unconfirmed };
        if tx.insert_proposal(&proposal, &request).await? {
            tx.queue(&[self.confirmation(&proposal, now)], now).await?;
        }
        tx.commit().await?;
        tracing::info!(proposal.id = %id, "a need is reported and waits for its sender");
        Ok(NeedAnswer::Sent)
    }

    /// The message that asks whether the address is the sender's: only this service answers for it so far.
    fn confirmation(&self, proposal: &Proposal, now: Instant) -> NewMessage {
        let (settings, email) = (self.settings(), &proposal.need.sender_email);
        let until = now + UNCONFIRMED;
        let composed = need_proposal_confirm(proposal.id, email, until);
        let sender_address = settings.sender_address.parse().unwrap_or_else(|_| email.clone());
        NewMessage {
            id: MessageId::new(new_id()),
            about: About::default(),
            kind: composed.kind.to_owned(),
            to: Recipient {
                role: RecipientRole::Company,
                person: None,
                account: None,
                // The name that was typed may be anything.
                name: email.to_string(),
                email: email.clone(),
            },
            reply_to_name: settings.sender_name.clone(),
            reply_to_email: sender_address,
            subject: composed.subject,
            text: composed.text,
            html: composed.html,
            calendar: None,
            message_id: message_id(&proposal.id.to_string(), email.as_ref(), 0, self.host()),
            thread: thread_id(&format!("signalement-{}", proposal.id), self.host()),
            rank: 0,
            priority: Priority::AccessCode,
            link: Some(NewLink { purpose: purpose(proposal.id), expires_at: until, rank: 0 }),
            reminds: None,
        }
    }

    /// Opens the link of who reported a need; nothing is written.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a token never given, or of what was forgotten.
    pub async fn need_of_link(&self, token: &str) -> Result<NeedLink, AppError> {
        let tx = self.store().begin_read().await?;
        self.need_link(&tx, token).await
    }

    async fn need_link(&self, tx: &Tx, token: &str) -> Result<NeedLink, AppError> {
        let message = tx.message_of_link(token).await?.ok_or(AppError::NotFound)?;
        let link = message.content.link.as_ref().ok_or(AppError::NotFound)?;
        let id = proposal_of(&link.purpose).ok_or(AppError::NotFound)?;
        let proposal = tx.proposal(id).await?.ok_or(AppError::NotFound)?;
        let now = tx.now().await?;
        let until = proposal.sent_at + UNCONFIRMED;
        if proposal.state == ProposalState::Unconfirmed && until <= now {
            return Err(AppError::NotFound);
        }
        let book = self.book(tx).await?;
        let holder = described(&book, &proposal.lot, paris_day(now)).map(|(_, lot)| lot.holder.clone());
        Ok(NeedLink { proposal, until, holder })
    }

    /// Confirms a need by the link of its sender, once: the body of its lot is told.
    ///
    /// # Errors
    /// As [`App::need_of_link`].
    pub async fn confirm_need(&self, token: &str) -> Result<NeedLink, AppError> {
        let tx = self.store().begin_write().await?;
        let NeedLink { mut proposal, .. } = self.need_link(&tx, token).await?;
        let now = tx.now().await?;
        let today = paris_day(now);
        let book = self.book(&tx).await?;
        // The terms may have changed since it was sent.
        let found = lot_of(&book, &proposal.need.commune, today).or_else(|| described(&book, &proposal.lot, today));
        let (terms, lot) = found.ok_or(AppError::NoMarket)?;
        if tx.confirm_proposal(proposal.id, &lot.code, now).await? {
            proposal.lot = lot.code.clone();
            let coordinators = book.accounts.iter().filter(|account| {
                account.opens(today)
                    && account.role == StaffRole::Coordinator
                    && account.body.as_ref() == Some(&lot.holder.code)
            });
            let mut told = of_accounts(RecipientRole::Body, Told::Message, coordinators, &book.stand_ins(today));
            if told.is_empty() {
                told.push(Addressed::holder(Told::Message, &lot.holder));
            }
            let messages: Vec<_> = told
                .into_iter()
                .map(|to| {
                    let composed = need_proposal_received(&proposal, lot, &to, &book.texts);
                    (to, composed)
                })
                .collect();
            let subject = Subject::proposal(&proposal, new_id());
            self.queue(&tx, &book, &subject, &terms.market, &messages, now).await?;
            tx.commit().await?;
            tracing::info!(proposal.id = %proposal.id, lot = %proposal.lot, "a reported need is confirmed");
        } else {
            tx.rollback().await?;
        }
        self.need_of_link(token).await
    }

    /// A reported need with what stands around it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it is not there for this reader.
    pub async fn need(&self, actor: &Actor, id: ProposalId) -> Result<NeedView, AppError> {
        let tx = self.store().begin_read().await?;
        let book = self.book(&tx).await?;
        let proposal = seen(&tx, &book, actor, id).await?;
        let today = paris_day(tx.now().await?);
        let path = match &proposal.state {
            ProposalState::Taken { path, .. } => tx.path_by_id(*path).await?,
            ProposalState::Unconfirmed | ProposalState::Received { .. } | ProposalState::Declined { .. } => None,
        };
        let own = path.as_ref().map(|stored| stored.path.id);
        let path = path.filter(|stored| sees(actor, &stored.path)).map(|stored| stored.path.reference);
        let lots = lots_seen(&book, actor)?;
        let mut twins = tx.waiting_proposals(lots.as_deref(), COMPARED).await?;
        twins.retain(|other| other.resembles(&proposal));
        twins.truncate(usize::try_from(BESIDE).unwrap_or(usize::MAX));
        let lately =
            PathFilter { opened_from: Some(today - TimeDelta::days(RECENT)), limit: BESIDE, ..PathFilter::default() };
        let mut paths = Vec::new();
        if let Some(siret) = &proposal.need.siret {
            let of_siret = PathFilter { siret: Some(siret.clone()), ..lately.clone() };
            paths = tx.list_paths(&Self::allowed(&book, actor, &of_siret)?).await?;
        }
        let named = PathFilter { text: Some(proposal.need.company.clone()), limit: AROUND, ..lately };
        for line in tx.list_paths(&Self::allowed(&book, actor, &named)?).await? {
            let same = line.commune == proposal.need.commune && same_company(&line.company, &proposal.need.company);
            if same && paths.iter().all(|known| known.id != line.id) {
                paths.push(line);
            }
        }
        paths.retain(|line| Some(line.id) != own);
        paths.truncate(usize::try_from(BESIDE).unwrap_or(usize::MAX));
        Ok(NeedView {
            lot: described(&book, &proposal.lot, today).map(|(_, lot)| lot.clone()),
            may_decide: decides(actor) && proposal.state.stage() == ProposalStage::Received,
            proposal,
            today,
            path,
            twins,
            paths,
        })
    }

    /// Declines a reported need with a reason, which its sender receives; false when it was decided before.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it is not there for this actor, or is not theirs to decide; [`AppError::Invalid`].
    pub async fn decline_need(&self, actor: &Actor, id: ProposalId, form: &Form) -> Result<bool, AppError> {
        let tx = self.store().begin_write().await?;
        let book = self.book(&tx).await?;
        let proposal = seen(&tx, &book, actor, id).await?;
        if !decides(actor) {
            return Err(AppError::NotFound);
        }
        let command = ProposalCommand::read(ProposalStep::Decline, form).map_err(AppError::Invalid)?;
        let ProposalCommand::Decline { reason: Text(reason) } = command else { return Err(AppError::NotFound) };
        let now = tx.now().await?;
        if !tx.decline_proposal(id, &reason, actor.name(), now).await? {
            return Ok(false);
        }
        let (terms, lot) = described(&book, &proposal.lot, paris_day(now)).ok_or(AppError::NoMarket)?;
        let to = sender(&proposal.need);
        let by_region = actor.side() == Some(Side::Region);
        let composed = need_proposal_declined(&proposal, lot, by_region, &reason, &to, &book.texts);
        let subject = Subject { coordinator: actor.account(), ..Subject::proposal(&proposal, new_id()) };
        self.queue(&tx, &book, &subject, &terms.market, &[(to, composed)], now).await?;
        tx.commit().await?;
        tracing::info!(proposal.id = %id, "a reported need is declined");
        Ok(true)
    }

    /// The reported need from which a plan opens a path.
    pub(crate) async fn taken(
        &self,
        tx: &Tx,
        book: &Book,
        actor: &Actor,
        id: ProposalId,
        terms: &Terms,
        messages: &[(Addressed, Composed)],
    ) -> Result<Taken, AppError> {
        let proposal = seen(tx, book, actor, id).await?;
        if !decides(actor) {
            return Err(AppError::NotFound);
        }
        if proposal.state.stage() != ProposalStage::Received {
            return Err(AppError::NeedDecided);
        }
        let lot = terms.market.lot(&proposal.lot).ok_or(AppError::NoMarket)?;
        let to = sender(&proposal.need);
        let told = messages.iter().any(|(other, _)| other.email == to.email);
        let message = (!told).then(|| {
            let composed = need_proposal_taken(&proposal, lot, &to, &book.texts);
            (to, composed)
        });
        Ok(Taken { proposal, message })
    }

    /// Takes the reported need from which a path is opened, with the path; its sender is told.
    pub(crate) async fn take_need(
        &self,
        tx: &Tx,
        plan: &Plan,
        options: &Options,
        now: Instant,
    ) -> Result<(), AppError> {
        let Some(Taken { proposal, message }) = &plan.taken else { return Ok(()) };
        let by = plan.recorded.first().map_or("", |recorded| recorded.author.name());
        if !tx.take_proposal(proposal.id, plan.after.id, by, now).await? {
            return Err(AppError::NeedDecided);
        }
        if let Some(message) = message.as_ref().filter(|_| !options.silent) {
            let subject = Subject { coordinator: plan.after.coordinator, ..Subject::proposal(proposal, new_id()) };
            let market = &plan.terms().market;
            self.queue(tx, &plan.book, &subject, market, std::slice::from_ref(message), now).await?;
        }
        Ok(())
    }

    /// Forgets what nobody confirmed in time; how many.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn forget_needs(&self) -> Result<u64, AppError> {
        let tx = self.store().begin_read().await?;
        let before = tx.now().await? - UNCONFIRMED;
        if !tx.has_forgotten_proposals(before).await? {
            return Ok(0);
        }
        tx.rollback().await?;
        let tx = self.store().begin_write().await?;
        let forgotten = tx.forget_proposals(before, purpose).await?;
        tx.commit().await?;
        Ok(forgotten)
    }
}

/// Most paths of a name that are looked at.
const AROUND: u64 = 40;

/// A confirmed proposal of a lot that the reader sees.
async fn seen(tx: &Tx, book: &Book, actor: &Actor, id: ProposalId) -> Result<Proposal, AppError> {
    let lots = lots_seen(book, actor)?;
    let proposal = tx.proposal(id).await?.filter(|proposal| proposal.state != ProposalState::Unconfirmed);
    let proposal = proposal.filter(|proposal| lots.as_ref().is_none_or(|lots| lots.contains(&proposal.lot)));
    proposal.ok_or(AppError::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_says_when_its_page_was_made_and_cannot_be_made_elsewhere() {
        let keys = Keys::derive(b"secret");
        let at = Instant::from_timestamp_micros(1_800_000_000_000_001).unwrap();
        let id = Uuid::from_u128(7);
        let ticket = format!("{}.{id}.{}", at.timestamp_micros(), signed(&keys, at, id));
        assert_eq!(issued(&keys, &ticket), Some((at, id)));
        assert_eq!(issued(&Keys::derive(b"other"), &ticket), None);
        let earlier = ticket.replacen("1800000000000001", "1700000000000001", 1);
        for forged in [earlier.as_str(), "", "1.2.3", "1800000000000001", &ticket[..ticket.len() - 1]] {
            assert_eq!(issued(&keys, forged), None, "{forged}");
        }
    }

    #[test]
    fn a_purpose_names_its_proposal() {
        let id = ProposalId::new(Uuid::from_u128(9));
        assert_eq!(proposal_of(&purpose(id)), Some(id));
        assert_eq!(proposal_of("password"), None);
        assert_eq!(proposal_of("sign_pif:3"), None);
    }
}
