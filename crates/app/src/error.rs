//! What a use case answers when it does not do what was asked.

use domain::accounts::AccountRefusal;
use domain::delegation::DelegationRefusal;
use domain::form::FieldError;
use domain::order::OrderRefusal;
use domain::path::Refusal;
use persistence::{Conflict, StoreError};
use thiserror::Error;

use crate::accounts::AccountConflict;

/// Why a use case did nothing.
#[derive(Debug, Error)]
pub enum AppError {
    /// A rule of the lifecycle of a path, or a right.
    #[error("refused: {0}")]
    Refused(Box<Refusal>),
    /// A rule of the lifecycle of an order.
    #[error("refused: {0}")]
    OrderRefused(Box<OrderRefusal>),
    /// A rule of accounts.
    #[error("refused: {}", .0.code())]
    AccountRefused(Box<AccountRefusal>),
    /// A rule of delegations.
    #[error("refused: {}", .0.code())]
    DelegationRefused(Box<DelegationRefusal>),
    /// Somebody changed the account since it was read.
    #[error("somebody changed the account")]
    AccountConflict(Box<AccountConflict>),
    /// Fields of something that is not a step: an account, a token, a past path.
    #[error("the form has problems")]
    Invalid(Vec<FieldError>),
    /// Somebody was faster.
    #[error("somebody was faster")]
    Conflict(Box<Conflict>),
    /// There is no such thing for this actor.
    #[error("there is no such thing")]
    NotFound,
    /// The role has no right to this.
    #[error("this role may not do this")]
    Forbidden,
    /// No market is applied that covers the day.
    #[error("no market covers this day")]
    NoMarket,
    /// A document is too large, or there are too many.
    #[error("the document is too large")]
    DocumentTooLarge { most: u64 },
    #[error("there are too many documents")]
    TooManyDocuments { most: u32 },
    /// An account takes so many lists as files in an hour, and no more.
    #[error("too many lists were exported within the hour")]
    TooManyExports { most: u32 },
    /// A person sent more files today than anyone may.
    #[error("this person sent too many files today")]
    TooManyUploads { most: u32 },
    /// A reported need was taken or declined in between.
    #[error("the reported need was decided")]
    NeedDecided,
    /// The same key was used for another request.
    #[error("the key was used for another request")]
    KeyReused,
    /// Too many others wanted the same at the same time: nothing was written, try again.
    #[error("too many others want the same")]
    Contended,
    /// A document that Jalon makes could not be made: a fault of ours.
    #[error("a document could not be typeset: {0}")]
    Typesetting(String),
    #[error(transparent)]
    Store(StoreError),
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotFound => Self::NotFound,
            refusal => Self::Refused(Box::new(refusal)),
        }
    }
}

impl From<OrderRefusal> for AppError {
    fn from(refusal: OrderRefusal) -> Self {
        Self::OrderRefused(Box::new(refusal))
    }
}

impl From<AccountRefusal> for AppError {
    fn from(refusal: AccountRefusal) -> Self {
        Self::AccountRefused(Box::new(refusal))
    }
}

impl From<DelegationRefusal> for AppError {
    fn from(refusal: DelegationRefusal) -> Self {
        Self::DelegationRefused(Box::new(refusal))
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(conflict) => Self::Conflict(conflict),
            error => Self::Store(error),
        }
    }
}

impl AppError {
    /// The stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::OrderRefused(refusal) => refusal.code(),
            Self::AccountRefused(refusal) => refusal.code(),
            Self::DelegationRefused(refusal) => refusal.code(),
            Self::Invalid(_) => "form",
            Self::Conflict(_) | Self::AccountConflict(_) => "conflict",
            Self::NotFound => "not_found",
            Self::Forbidden => "forbidden",
            Self::NoMarket => "no_market",
            Self::DocumentTooLarge { .. } => "document_too_large",
            Self::TooManyDocuments { .. } => "too_many_documents",
            Self::TooManyExports { .. } => "too_many_exports",
            Self::TooManyUploads { .. } => "too_many_uploads",
            Self::NeedDecided => "need_decided",
            Self::KeyReused => "key_reused",
            Self::Contended => "unavailable",
            Self::Store(StoreError::OutcomeUnknown(_)) => "outcome_unknown",
            Self::Store(StoreError::Busy(_) | StoreError::Unavailable(_)) => "unavailable",
            Self::Store(StoreError::Inconsistent(_)) => "inconsistent",
            Self::Typesetting(_)
            | Self::Store(StoreError::Conflict(_) | StoreError::Duplicate(_) | StoreError::Database(_)) => "internal",
        }
    }
}
