//! Messages to the owners of accounts, about no path: queued in the transaction of what causes them.

use domain::Instant;
use domain::identifiers::{EmailAddress, MessageId};
use domain::people::{Account, RecipientRole, StaffRole};
use notifier::emails::{Composed, DelegationNotice, address_changed, delegated, delegation_ended};
use notifier::envelope::{LINK_MARKER, PERSONAL_DATA_MARKER, message_id, thread_id};
use persistence::{About, NewLink, NewMessage, Priority, Recipient, Tx};
use wording::addresses;

use crate::delegations::DelegationView;
use crate::{App, AppError, new_id};

impl App {
    /// The message of an account to an address. Without a link of its own it leads to the first page, which signs in.
    pub(crate) fn account_message(
        &self,
        account: &Account,
        email: &EmailAddress,
        composed: Composed,
        link: Option<NewLink>,
    ) -> NewMessage {
        let settings = self.settings();
        let id = MessageId::new(new_id());
        let address = |page| addresses::absolute(&settings.public_url, page);
        let place = |text: String| {
            let text = text.replace(PERSONAL_DATA_MARKER, &address(addresses::PERSONAL_DATA));
            if link.is_some() { text } else { text.replace(LINK_MARKER, &address(addresses::HOME)) }
        };
        NewMessage {
            id,
            about: About::default(),
            kind: composed.kind.to_owned(),
            to: Recipient {
                role: recipient(account.role),
                person: None,
                account: Some(account.id),
                name: account.name.clone(),
                email: email.clone(),
            },
            reply_to_name: settings.sender_name.clone(),
            reply_to_email: EmailAddress::parse(&settings.sender_address).unwrap_or_else(|_| email.clone()),
            subject: composed.subject,
            text: place(composed.text),
            html: place(composed.html),
            calendar: None,
            message_id: message_id(&id.to_string(), email.as_ref(), 0, self.host()),
            thread: thread_id(&format!("compte-{}", account.id), self.host()),
            rank: 0,
            priority: if link.is_some() { Priority::AccessCode } else { Priority::Decision },
            link,
            reminds: None,
        }
    }

    /// An address changed: the one that was left and the new one each learn it.
    pub(crate) async fn tell_address_changed(
        &self,
        tx: &Tx,
        before: &Account,
        after: &Account,
        now: Instant,
    ) -> Result<(), AppError> {
        let (left, new) = (&before.email, &after.email);
        let message = |email, to_left| {
            let composed = address_changed(&after.name, recipient(after.role), (left, new), to_left);
            self.account_message(after, email, composed, None)
        };
        Ok(tx.queue(&[message(left, true), message(new, false)], now).await?)
    }

    /// A delegation made or ended, for one of the two.
    pub(crate) fn delegation_message(&self, view: &DelegationView, to: &Account, ended: bool) -> NewMessage {
        let notice = DelegationNotice {
            from: &view.from.name,
            to: &view.to.name,
            days: (view.delegation.starts_on, view.delegation.ends_on),
            away: to.id == view.from.id,
        };
        let role = recipient(to.role);
        let composed =
            if ended { delegation_ended(&to.name, role, &notice) } else { delegated(&to.name, role, &notice) };
        self.account_message(to, &to.email, composed, None)
    }
}

/// In which role an account is written to.
pub(crate) fn recipient(role: StaffRole) -> RecipientRole {
    match role {
        StaffRole::Coordinator => RecipientRole::Body,
        StaffRole::RegionFinance => RecipientRole::Finance,
        StaffRole::RegionOfficer | StaffRole::RegionViewer | StaffRole::Administrator | StaffRole::Auditor => {
            RecipientRole::Region
        }
    }
}
