//! Texts of the Region for messages: versions that are only added, the last of each subject in force.

use domain::identifiers::AccountId;
use domain::texts::{Content, Subject, TextVersion};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};

use crate::entities::message_texts;
use crate::error::{Result, StoreError};
use crate::rows::{Row, column};
use crate::tx::Tx;

/// Most subjects read at once: more than there are kinds of messages, roles and lots.
const SUBJECTS: u64 = 1_000;

/// Most versions of a subject that are shown.
const VERSIONS: u64 = 200;

impl TryFrom<message_texts::Model> for TextVersion {
    type Error = StoreError;

    fn try_from(row: message_texts::Model) -> Result<Self> {
        let at = Row::new("message_texts", format!("{} {}", row.subject, row.version));
        let content = match (row.title, row.content, row.signature) {
            (Some(title), Some(text), Some(signature)) => Some(Content { title, text, signature }),
            (None, None, None) => None,
            _ => return Err(at.wrong("content", "neither a text nor the product's own")),
        };
        Ok(Self {
            subject: at.text("subject", &row.subject)?,
            version: at.count("version", row.version)?,
            content,
            reason: row.reason,
            by: AccountId::new(row.account_id),
            at: row.recorded_at,
        })
    }
}

impl Tx {
    /// Adds a version; false when somebody else added the same one.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn insert_text(&self, text: &TextVersion) -> Result<bool> {
        let part = |part: fn(&Content) -> &String| text.content.as_ref().map(|content| part(content).clone());
        let row = message_texts::Model {
            subject: text.subject.to_string(),
            version: column(text.version),
            title: part(|content| &content.title),
            content: part(|content| &content.text),
            signature: part(|content| &content.signature),
            reason: text.reason.clone(),
            account_id: text.by.uuid(),
            recorded_at: text.at,
        };
        let same = [message_texts::Column::Subject, message_texts::Column::Version];
        let insert = message_texts::Entity::insert(row.into_active_model())
            .on_conflict(OnConflict::columns(same).do_nothing().to_owned());
        Ok(self.run(insert.exec_without_returning(self.db())).await? == 1)
    }

    /// The last version of each subject.
    ///
    /// # Errors
    /// A row makes no sense, or the store does not answer.
    pub async fn texts_in_force(&self) -> Result<Vec<TextVersion>> {
        let last = "version = (SELECT MAX(later.version) FROM message_texts AS later \
                    WHERE later.subject = message_texts.subject)";
        let find = message_texts::Entity::find()
            .filter(Expr::cust(last))
            .order_by_asc(message_texts::Column::Subject)
            .limit(SUBJECTS);
        self.run(find.all(self.db())).await?.into_iter().map(TextVersion::try_from).collect()
    }

    /// The versions of a subject, the last one first.
    ///
    /// # Errors
    /// As [`Tx::texts_in_force`].
    pub async fn text_versions(&self, subject: &Subject) -> Result<Vec<TextVersion>> {
        let find = message_texts::Entity::find()
            .filter(message_texts::Column::Subject.eq(subject.to_string()))
            .order_by_desc(message_texts::Column::Version)
            .limit(VERSIONS);
        self.run(find.all(self.db())).await?.into_iter().map(TextVersion::try_from).collect()
    }
}
