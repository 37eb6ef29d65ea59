//! Alerts on the places of a lot: a share of the quota is taken, all of it, or more (L34).

use domain::identifiers::LotCode;
use domain::market::Lot;
use domain::people::RecipientRole;
use domain::places::{PlaceAlert, Places};
use domain::told::Addressed;
use wording::messages;

use super::LinkPurpose;
use super::about::{About, of_holder, typed};
use super::mail::mail;
use super::next::Ask;
use super::samples::{holder, sample_lot};
use crate::frame::Contact;

/// A threshold of the quota is crossed.
#[derive(Debug, Clone)]
pub struct QuotaAlert {
    pub about: About,
    pub alert: PlaceAlert,
    pub year: i32,
    pub territory: String,
    pub planned: Option<u32>,
    pub reserved: u32,
    pub consumed: u32,
}

impl QuotaAlert {
    pub(crate) fn of(lot: &Lot, places: &Places, alert: PlaceAlert, to: &Addressed) -> Self {
        Self {
            about: about(&lot.code, typed(&lot.holder.name), to.role, typed(&to.name), of_holder(&lot.holder)),
            alert,
            year: places.year,
            territory: typed(&lot.name),
            planned: places.planned,
            reserved: places.reserved,
            consumed: places.consumed,
        }
    }

    fn taken(&self) -> u32 {
        self.reserved + self.consumed
    }

    fn left(&self) -> Option<u32> {
        self.planned.map(|planned| planned.saturating_sub(self.taken()))
    }

    fn over(&self) -> u32 {
        self.planned.map_or(0, |planned| self.taken().saturating_sub(planned))
    }
}

fn about(lot: &LotCode, body: String, role: RecipientRole, name: String, holder: Contact) -> About {
    About {
        reference: messages::lot(lot),
        company: String::new(),
        job: String::new(),
        body,
        lot: format!("lot {lot}"),
        lot_code: Some(lot.clone()),
        role,
        name,
        function: None,
        signatory: None,
        stands_for: None,
        receipt: None,
        contest: None,
        others: Vec::new(),
        contact: (role != RecipientRole::Body).then_some(holder),
        next: None,
        ask: Some(Ask { label: messages::SEE_PLACES, until: None, link: LinkPurpose::Staff }),
        note: None,
        illustrative: false,
        reminder: false,
        informs: false,
    }
}

mail! {
    QuotaAlert, "place_alert", "emails/place_alert/subject.txt", "emails/place_alert/body.txt",
    "emails/place_alert/body.html",
    [
        (PlaceAlert::Percent(80), 31, 169),
        (PlaceAlert::Percent(95), 20, 218),
        (PlaceAlert::Reached, 12, 238),
        (PlaceAlert::Exceeded, 11, 240),
    ]
    .into_iter()
    .flat_map(|(alert, reserved, consumed)| {
        [RecipientRole::Region, RecipientRole::Body].map(|role| Self {
            about: about(&sample_lot(), "Retravailler".to_owned(), role, "Dominique Fictif".to_owned(), holder()),
            alert,
            year: 2026,
            territory: "Seine-Maritime et Eure".to_owned(),
            planned: Some(250),
            reserved,
            consumed,
        })
    })
    .collect()
}
