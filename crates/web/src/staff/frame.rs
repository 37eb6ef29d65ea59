//! What surrounds every page of someone signed in: the sections, who is there, the way out.

use domain::people::StaffRole;
use wording::{addresses, labels, pages};

use super::Signed;

/// A section of the product, as the navigation names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    Todo,
    Paths,
    Orders,
    Lots,
    /// Figures.
    Steering,
    Messages,
    Administration,
    /// A page outside the sections: one's own account.
    None,
}

impl Section {
    const ALL: [Self; 7] =
        [Self::Todo, Self::Paths, Self::Orders, Self::Lots, Self::Steering, Self::Messages, Self::Administration];

    fn entry(self) -> (&'static str, &'static str) {
        match self {
            Self::Todo => (pages::frame::TO_DO, addresses::HOME),
            Self::Paths => (pages::frame::PATHS, addresses::paths()),
            Self::Orders => (pages::frame::ORDERS, addresses::orders()),
            Self::Lots => (pages::frame::LOTS, addresses::lots()),
            Self::Steering => (wording::figures::TITLE, addresses::dashboard()),
            Self::Messages => (pages::frame::MESSAGES, addresses::messages()),
            Self::Administration => (pages::frame::ADMINISTRATION, addresses::administration()),
            Self::None => ("", ""),
        }
    }

    /// Who has this section.
    fn shown(self, role: StaffRole) -> bool {
        match self {
            Self::Administration => role == StaffRole::Administrator,
            Self::Steering => app::reads_figures(role),
            Self::Todo | Self::Paths | Self::Orders | Self::Lots | Self::Messages => true,
            Self::None => false,
        }
    }
}

/// A line of the navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub label: &'static str,
    pub address: &'static str,
    pub current: bool,
}

/// The frame of a page; templates of the folder `staff` read it as `frame`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Frame {
    pub sections: Vec<Entry>,
    pub name: String,
    pub role: String,
    /// The ticket of the form that signs out.
    pub sign_out: String,
}

/// What the ticket of signing out is for.
pub(crate) const SIGN_OUT: &str = "sign_out";

impl Frame {
    pub(super) fn new(signed: &Signed, current: Section) -> Self {
        let role = signed.account.role;
        let sections = Section::ALL.into_iter().filter(|section| section.shown(role));
        let entry = |section: Section| {
            let (label, address) = section.entry();
            Entry { label, address, current: section == current }
        };
        Self {
            sections: sections.map(entry).collect(),
            name: signed.account.name.clone(),
            role: labels::staff_role(role).to_owned(),
            sign_out: signed.steady_ticket(SIGN_OUT),
        }
    }
}
