//! The security log: who signed in, who failed to, which accounts changed, when and from where. Lines are added, never changed.

use domain::Instant;
use domain::identifiers::AccountId;
use domain::security::SecurityEvent;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::entities::security_log;
use crate::error::{Result, StoreError};
use crate::rows::Row;
use crate::tx::Tx;

/// A line to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSecurityLine {
    pub event: SecurityEvent,
    /// Whose account it is about; none when an address typed is nobody's, and then it is not kept: it may be a password.
    pub account: Option<AccountId>,
    /// Who did it, when that is somebody else.
    pub by: Option<AccountId>,
    /// The network address.
    pub address: String,
    /// What the browser says it is.
    pub browser: String,
    pub detail: String,
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityLine {
    pub seq: i64,
    pub at: Instant,
    pub event: SecurityEvent,
    pub account: Option<AccountId>,
    pub by: Option<AccountId>,
    pub address: String,
    pub browser: String,
    pub detail: String,
}

/// Which lines to read; every part left out means all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SecurityFilter {
    pub events: Vec<SecurityEvent>,
    pub account: Option<AccountId>,
    pub since: Option<Instant>,
    /// Only lines before this one: where the page before ended.
    pub before: Option<i64>,
    pub limit: Option<u64>,
}

impl TryFrom<security_log::Model> for SecurityLine {
    type Error = StoreError;

    fn try_from(row: security_log::Model) -> Result<Self> {
        let at = Row::new("security_log", row.seq);
        Ok(Self {
            seq: row.seq,
            at: row.at,
            event: at.text("kind", &row.kind)?,
            account: row.account_id.map(AccountId::new),
            by: row.by_account_id.map(AccountId::new),
            address: row.address,
            browser: row.browser,
            detail: row.detail,
        })
    }
}

impl Tx {
    /// Adds a line.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn insert_security_line(&self, line: &NewSecurityLine, now: Instant) -> Result<()> {
        let row = security_log::ActiveModel {
            seq: sea_orm::NotSet,
            at: Set(now),
            kind: Set(line.event.to_string()),
            account_id: Set(line.account.map(AccountId::uuid)),
            by_account_id: Set(line.by.map(AccountId::uuid)),
            address: Set(line.address.clone()),
            browser: Set(line.browser.clone()),
            detail: Set(line.detail.clone()),
        };
        self.run(security_log::Entity::insert(row).exec_without_returning(self.db())).await?;
        Ok(())
    }

    /// Lines, the last first.
    ///
    /// # Errors
    /// A row makes no sense, or the store does not answer.
    pub async fn security_lines(&self, filter: &SecurityFilter) -> Result<Vec<SecurityLine>> {
        use security_log::Column;
        let events = filter.events.iter().map(ToString::to_string);
        let condition = Condition::all()
            .add_option((!filter.events.is_empty()).then(|| Column::Kind.is_in(events)))
            .add_option(filter.account.map(|account| Column::AccountId.eq(account.uuid())))
            .add_option(filter.since.map(|since| Column::At.gte(since)))
            .add_option(filter.before.map(|seq| Column::Seq.lt(seq)));
        let find = security_log::Entity::find().filter(condition).order_by_desc(Column::Seq).limit(filter.limit);
        self.run(find.all(self.db())).await?.into_iter().map(SecurityLine::try_from).collect()
    }
}
