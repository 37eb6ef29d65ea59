//! Needs that people outside report: kept under the digest of the form that was sent, confirmed once, decided once.
//!
//! Names, addresses, telephones and free texts are sealed; what is left says which company needs what, and where. One that
//! nobody confirmed goes away with the message that asked for it: whoever typed somebody else's address leaves nothing of it.

use domain::Instant;
use domain::identifiers::{EmailAddress, LotCode, PathId, Phone, ProposalId};
use domain::people::Contact;
use domain::proposal::{Need, Proposal, ProposalStage, ProposalState};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Set,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::entities::{messages, need_proposals, tasks};
use crate::error::Result;
use crate::keys::Keys;
use crate::rows::Row;
use crate::tx::Tx;

/// Forgotten in one turn.
const AT_ONCE: u64 = 200;

/// What is sealed of a proposal.
#[derive(Serialize, Deserialize)]
struct Sealed {
    name: String,
    email: EmailAddress,
    phone: Option<Phone>,
    details: Option<String>,
    contact: Option<Contact>,
}

fn bytes(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("plain data always becomes JSON")
}

fn state(row: &need_proposals::Model, at: &Row, keys: &Keys) -> Result<ProposalState> {
    let stage: ProposalStage = at.text("state", &row.state)?;
    let by = || row.decided_by.clone().ok_or_else(|| at.wrong("decided_by", "nobody decided"));
    let decided_at = || row.decided_at.ok_or_else(|| at.wrong("decided_at", "no instant"));
    let confirmed_at = || row.confirmed_at.ok_or_else(|| at.wrong("confirmed_at", "no instant"));
    Ok(match stage {
        ProposalStage::Unconfirmed => ProposalState::Unconfirmed,
        ProposalStage::Received => ProposalState::Received { confirmed_at: confirmed_at()? },
        ProposalStage::Taken => ProposalState::Taken {
            confirmed_at: confirmed_at()?,
            at: decided_at()?,
            by: by()?,
            path: row.path_id.map(PathId::new).ok_or_else(|| at.wrong("path_id", "no path"))?,
        },
        ProposalStage::Declined => {
            let sealed = row.sealed_reason.as_deref().ok_or_else(|| at.wrong("sealed_reason", "no reason"))?;
            let plain = at.read("sealed_reason", keys.unseal_bytes(row.id, sealed))?;
            ProposalState::Declined {
                confirmed_at: confirmed_at()?,
                at: decided_at()?,
                by: by()?,
                reason: at.read("sealed_reason", String::from_utf8(plain))?,
            }
        }
    })
}

fn proposal(row: need_proposals::Model, keys: &Keys) -> Result<Proposal> {
    let at = Row::new("need_proposals", row.id);
    let plain = at.read("sealed", keys.unseal_bytes(row.id, &row.sealed))?;
    let sealed: Sealed = at.read("sealed", serde_json::from_slice(&plain))?;
    let state = state(&row, &at, keys)?;
    Ok(Proposal {
        id: ProposalId::new(row.id),
        need: Need {
            sender: at.text("sender", &row.sender)?,
            sender_name: sealed.name,
            sender_email: sealed.email,
            sender_phone: sealed.phone,
            siret: at.optional_text("siret", row.siret.as_deref())?,
            commune: at.text("commune", &row.commune)?,
            company: row.company,
            job: row.job,
            persons_wanted: at.read("persons_wanted", u32::try_from(row.persons_wanted))?,
            details: sealed.details,
            contact: sealed.contact,
        },
        lot: at.text("lot", &row.lot)?,
        sent_at: row.sent_at,
        state,
    })
}

/// What waits for somebody, in these lots or everywhere.
fn waiting(lots: Option<&[LotCode]>) -> Condition {
    let within = lots.map(|lots| need_proposals::Column::Lot.is_in(lots.iter().map(LotCode::as_str)));
    Condition::all().add(need_proposals::Column::State.eq(ProposalStage::Received.to_string())).add_option(within)
}

/// What nobody confirmed and was sent before an instant.
fn forgotten(before: Instant) -> Condition {
    Condition::all()
        .add(need_proposals::Column::State.eq(ProposalStage::Unconfirmed.to_string()))
        .add(need_proposals::Column::SentAt.lt(before))
}

impl Tx {
    /// Adds a proposal that waits for its sender's confirmation; false when the same form was sent before.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn insert_proposal(&self, proposal: &Proposal, request: &str) -> Result<bool> {
        let need = &proposal.need;
        let sealed = Sealed {
            name: need.sender_name.clone(),
            email: need.sender_email.clone(),
            phone: need.sender_phone.clone(),
            details: need.details.clone(),
            contact: need.contact.clone(),
        };
        let id = proposal.id.uuid();
        let row = need_proposals::ActiveModel {
            id: Set(id),
            request: Set(request.to_owned()),
            lot: Set(proposal.lot.to_string()),
            sender: Set(need.sender.to_string()),
            company: Set(need.company.clone()),
            siret: Set(need.siret.as_ref().map(ToString::to_string)),
            commune: Set(need.commune.to_string()),
            job: Set(need.job.clone()),
            persons_wanted: Set(i64::from(need.persons_wanted)),
            sealed: Set(self.keys().seal_bytes(id, &bytes(&sealed))),
            state: Set(ProposalStage::Unconfirmed.to_string()),
            sent_at: Set(proposal.sent_at),
            confirmed_at: Set(None),
            decided_at: Set(None),
            decided_by: Set(None),
            path_id: Set(None),
            sealed_reason: Set(None),
        };
        let once = OnConflict::column(need_proposals::Column::Request).do_nothing().to_owned();
        let insert = need_proposals::Entity::insert(row).on_conflict(once);
        Ok(self.run(insert.exec_without_returning(self.db())).await? == 1)
    }

    /// Whether a form was sent before, and stands.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn has_proposal_of(&self, request: &str) -> Result<bool> {
        let find = need_proposals::Entity::find().filter(need_proposals::Column::Request.eq(request));
        Ok(self.run(find.count(self.db())).await? > 0)
    }

    /// The proposal of this key.
    ///
    /// # Errors
    /// The row makes no sense, or the store does not answer.
    pub async fn proposal(&self, id: ProposalId) -> Result<Option<Proposal>> {
        let row = self.run(need_proposals::Entity::find_by_id(id.uuid()).one(self.db())).await?;
        row.map(|row| proposal(row, self.keys())).transpose()
    }

    /// The proposals that wait for somebody, in these lots or everywhere, the first confirmed first.
    ///
    /// # Errors
    /// As [`Tx::proposal`].
    pub async fn waiting_proposals(&self, lots: Option<&[LotCode]>, limit: u64) -> Result<Vec<Proposal>> {
        let find = need_proposals::Entity::find()
            .filter(waiting(lots))
            .order_by_asc(need_proposals::Column::ConfirmedAt)
            .order_by_asc(need_proposals::Column::Id)
            .limit(limit);
        let rows = self.run(find.all(self.db())).await?;
        rows.into_iter().map(|row| proposal(row, self.keys())).collect()
    }

    /// How many of them there are.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn count_waiting_proposals(&self, lots: Option<&[LotCode]>) -> Result<u64> {
        self.run(need_proposals::Entity::find().filter(waiting(lots)).count(self.db())).await
    }

    /// Its sender confirmed it; false when that was done before.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn confirm_proposal(&self, id: ProposalId, lot: &LotCode, now: Instant) -> Result<bool> {
        let confirmed = need_proposals::ActiveModel {
            state: Set(ProposalStage::Received.to_string()),
            lot: Set(lot.to_string()),
            confirmed_at: Set(Some(now)),
            ..Default::default()
        };
        self.change_proposal(id, ProposalStage::Unconfirmed, confirmed).await
    }

    /// A path was opened from it; false when it was decided before.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn take_proposal(&self, id: ProposalId, path: PathId, by: &str, now: Instant) -> Result<bool> {
        let taken = need_proposals::ActiveModel {
            state: Set(ProposalStage::Taken.to_string()),
            decided_at: Set(Some(now)),
            decided_by: Set(Some(by.to_owned())),
            path_id: Set(Some(path.uuid())),
            ..Default::default()
        };
        self.change_proposal(id, ProposalStage::Received, taken).await
    }

    /// It was declined; false when it was decided before.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn decline_proposal(&self, id: ProposalId, reason: &str, by: &str, now: Instant) -> Result<bool> {
        let declined = need_proposals::ActiveModel {
            state: Set(ProposalStage::Declined.to_string()),
            decided_at: Set(Some(now)),
            decided_by: Set(Some(by.to_owned())),
            sealed_reason: Set(Some(self.keys().seal_bytes(id.uuid(), reason.as_bytes()))),
            ..Default::default()
        };
        self.change_proposal(id, ProposalStage::Received, declined).await
    }

    async fn change_proposal(
        &self,
        id: ProposalId,
        from: ProposalStage,
        to: need_proposals::ActiveModel,
    ) -> Result<bool> {
        let update = need_proposals::Entity::update_many()
            .set(to)
            .filter(need_proposals::Column::Id.eq(id.uuid()))
            .filter(need_proposals::Column::State.eq(from.to_string()));
        Ok(self.run(update.exec(self.db())).await?.rows_affected == 1)
    }

    /// Whether there is one that nobody confirmed and that was sent before an instant.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn has_forgotten_proposals(&self, before: Instant) -> Result<bool> {
        let find = need_proposals::Entity::find().select_only().column(need_proposals::Column::Id);
        let old = find.filter(forgotten(before)).into_tuple::<Uuid>();
        Ok(self.run(old.one(self.db())).await?.is_some())
    }

    /// Forgets those that nobody confirmed and that were sent before an instant, a batch of them, with the messages whose links
    /// have these purposes; how many.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn forget_proposals(&self, before: Instant, purpose: fn(ProposalId) -> String) -> Result<u64> {
        let find = need_proposals::Entity::find().select_only().column(need_proposals::Column::Id);
        let old = find.filter(forgotten(before)).limit(AT_ONCE).into_tuple::<Uuid>();
        let old = self.run(old.all(self.db())).await?;
        if old.is_empty() {
            return Ok(0);
        }
        // Confirmed in between, one stays, and so does its message.
        let of_old = || need_proposals::Column::Id.is_in(old.iter().copied());
        let rows = need_proposals::Entity::delete_many().filter(of_old()).filter(forgotten(before));
        let gone = self.run(rows.exec(self.db())).await?.rows_affected;
        let find = need_proposals::Entity::find().select_only().column(need_proposals::Column::Id).filter(of_old());
        let left = self.run(find.into_tuple::<Uuid>().all(self.db())).await?;
        let purposes = old.iter().filter(|id| !left.contains(id)).map(|id| purpose(ProposalId::new(*id)));
        let asked = messages::Column::LinkPurpose.is_in(purposes);
        let ids = messages::Entity::find().select_only().column(messages::Column::Id).filter(asked.clone());
        let of_them = tasks::Entity::delete_many().filter(tasks::Column::MessageId.in_subquery(ids.into_query()));
        self.run(of_them.exec(self.db())).await?;
        self.run(messages::Entity::delete_many().filter(asked).exec(self.db())).await?;
        Ok(gone)
    }
}
