//! Rows of the table `paths`.

use sea_orm::entity::prelude::*;

/// A path as its fold, with the columns that lists filter on.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "paths")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub reference: String,
    #[sea_orm(column_type = "Text")]
    pub market: String,
    #[sea_orm(column_type = "Text")]
    pub lot: String,
    #[sea_orm(column_type = "Text")]
    pub state: String,
    pub version: i32,
    #[sea_orm(column_type = "Text")]
    pub head: String,
    #[sea_orm(column_type = "Text")]
    pub snapshot: String,
    #[sea_orm(column_type = "Text")]
    pub company_name: String,
    #[sea_orm(column_type = "Text")]
    pub siret: String,
    #[sea_orm(column_type = "Text")]
    pub commune: String,
    #[sea_orm(column_type = "Text")]
    pub department: String,
    #[sea_orm(column_type = "Text")]
    pub job_title: String,
    #[sea_orm(column_type = "Text")]
    pub search: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub holder: Option<String>,
    pub due_on: Option<Date>,
    pub held_since: Option<Date>,
    #[sea_orm(column_type = "Text", nullable)]
    pub clock: Option<String>,
    pub opened_on: Date,
    pub entered_on: Option<Date>,
    #[sea_orm(column_type = "Text", nullable)]
    pub outcome: Option<String>,
    pub waiting_year: Option<i32>,
    pub waiting_since: Option<DateTimeUtc>,
    pub coordinator_id: Option<Uuid>,
    pub updated_at: DateTimeUtc,
    /// None when the release before wrote the row.
    #[sea_orm(column_type = "Text", nullable)]
    pub body: Option<String>,
    /// None until a path of before is folded again.
    #[sea_orm(column_type = "Text", nullable)]
    pub facts: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
