//! Paths folded again: what a release keeps of a path may be more than what the one before kept.
//!
//! The journal is never rewritten; the fold beside it is. Each says of which shape it is, and whoever brings the store up to
//! date makes again those of an older one. The release before does not know the shape and writes none, so that what it wrote
//! while both ran is made again as well.

use domain::figures::fold_counted;
use domain::path::Path;
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use serde::Serialize;
use uuid::Uuid;

use crate::entities::paths;
use crate::error::{Result, StoreError};
use crate::journal::path_event;
use crate::paths::columns;
use crate::rows::json;
use crate::tx::Tx;

/// The shape of the fold of a path and of its facts. One more each time that old events fold into something else; a test says
/// when.
pub(crate) const SHAPE: u32 = 4;
/// The setting that says which shape all paths have at least.
pub(crate) const PATH_SHAPE: &str = "path_shape";
/// What is left to do, among the names of the migrations.
pub(crate) const REFOLDED: &str = "paths_folded_again";

/// Paths made again at once.
const PAGE: u64 = 100;

#[derive(Serialize)]
struct Shaped<'a> {
    shape: u32,
    #[serde(flatten)]
    path: &'a Path,
}

/// The fold of a path as it is kept.
pub(crate) fn snapshot(path: &Path) -> String {
    json(&Shaped { shape: SHAPE, path })
}

/// Whether what is kept has this program's shape: a path that the release before wrote has not.
pub(crate) fn is_shaped(snapshot: &str) -> bool {
    snapshot.starts_with(&start())
}

fn start() -> String {
    format!("{{\"shape\":{SHAPE},")
}

/// Whether all paths have this program's shape, by the setting.
pub(crate) fn is_current(setting: Option<&str>) -> bool {
    setting.and_then(|shape| shape.parse::<u32>().ok()).is_some_and(|shape| shape >= SHAPE)
}

impl Tx {
    /// Makes the folds of another shape again from their journals.
    ///
    /// # Errors
    /// A journal does not fold, or the store does not answer.
    pub(crate) async fn refold_paths(&self) -> Result<()> {
        let mut last = Uuid::nil();
        loop {
            let find = paths::Entity::find()
                .filter(paths::Column::Id.gt(last))
                .filter(
                    Condition::any()
                        .add(paths::Column::Snapshot.not_like(format!("{}%", start())))
                        .add(paths::Column::Facts.is_null()),
                )
                .order_by_asc(paths::Column::Id)
                .limit(PAGE)
                .lock(LockType::NoKeyUpdate);
            let rows = self.run(find.all(self.db())).await?;
            let Some(end) = rows.last() else { break };
            last = end.id;
            let mut journals = self.journals(rows.iter().map(|row| row.id)).await?;
            for row in rows {
                let journal = journals.remove(&row.id).unwrap_or_default();
                let journal = journal.iter().map(path_event).collect::<Result<Vec<_>>>()?;
                let (path, facts) = fold_counted(&journal)
                    .map_err(|error| StoreError::inconsistent("events", "payload", row.id, error))?;
                let path =
                    path.ok_or_else(|| StoreError::inconsistent("paths", "snapshot", row.id, "without an event"))?;
                let made = paths::ActiveModel { id: Set(row.id), ..columns(&path, &facts) };
                self.run(paths::Entity::update(made).exec(self.db())).await?;
            }
        }
        self.set(PATH_SHAPE, &SHAPE.to_string()).await
    }
}
