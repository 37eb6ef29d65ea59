//! Links by which partners read a photograph of the committee until a day. A row is added, closed once, and nothing else:
//! triggers refuse any other change and every deletion.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::ConnectionTrait, sea_orm::DbBackend};

use crate::columns::{drop_tables, holds, index, references, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

const REFUSES: &str = "refuse_committee_window_change";
const WHAT: &str = "windows of the committee are added and closed, and nothing else";

/// What an update may be: the closing of one that stands open.
const CLOSES: &str = "OLD.closed_at IS NULL AND NEW.closed_at IS NOT NULL
       AND NEW.id = OLD.id AND NEW.photograph = OLD.photograph AND NEW.partner = OLD.partner AND NEW.until = OLD.until
       AND NEW.opened_by = OLD.opened_by AND NEW.opened_at = OLD.opened_at AND NEW.token_hash = OLD.token_hash";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("committee_windows")
                    .col(uuid("id").primary_key())
                    .col(uuid("photograph"))
                    // For whom, in the words of who opened it.
                    .col(text("partner"))
                    // The last day on which it opens, in Paris.
                    .col(date("until"))
                    .col(uuid("opened_by"))
                    .col(timestamp_with_time_zone("opened_at"))
                    // SHA-256 of the token, which is computed again and never kept.
                    .col(text("token_hash"))
                    .col(timestamp_with_time_zone_null("closed_at"))
                    .col(uuid_null("closed_by"))
                    .check(holds("(closed_at IS NULL) = (closed_by IS NULL)"))
                    .foreign_key(&mut references("committee_windows", "photograph", "committee_photographs"))
                    .foreign_key(&mut references("committee_windows", "opened_by", "accounts"))
                    .foreign_key(&mut references("committee_windows", "closed_by", "accounts"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("committee_windows", &["token_hash"])).await?;
        manager.create_index(index("committee_windows", &["photograph"])).await?;
        guard(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["committee_windows"]).await?;
        let connection = manager.get_connection();
        if connection.get_database_backend() == DbBackend::Postgres {
            connection.execute_unprepared(&format!("DROP FUNCTION {REFUSES}()")).await?;
        }
        Ok(())
    }
}

async fn guard(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let statements = match connection.get_database_backend() {
        DbBackend::Postgres => vec![
            format!(
                "CREATE FUNCTION {REFUSES}() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN RAISE EXCEPTION '{WHAT}'; END $$"
            ),
            format!(
                "CREATE TRIGGER committee_windows_no_change BEFORE UPDATE ON committee_windows
     FOR EACH ROW WHEN (({CLOSES}) IS NOT TRUE) EXECUTE FUNCTION {REFUSES}()"
            ),
            format!(
                "CREATE TRIGGER committee_windows_no_delete BEFORE DELETE ON committee_windows
     FOR EACH ROW EXECUTE FUNCTION {REFUSES}()"
            ),
            format!(
                "CREATE TRIGGER committee_windows_no_truncate BEFORE TRUNCATE ON committee_windows
     FOR EACH STATEMENT EXECUTE FUNCTION {REFUSES}()"
            ),
        ],
        DbBackend::Sqlite => vec![
            format!(
                "CREATE TRIGGER committee_windows_no_update BEFORE UPDATE ON committee_windows
     WHEN ({CLOSES}) IS NOT TRUE BEGIN SELECT RAISE(ABORT, '{WHAT}'); END"
            ),
            format!(
                "CREATE TRIGGER committee_windows_no_delete BEFORE DELETE ON committee_windows
     BEGIN SELECT RAISE(ABORT, '{WHAT}'); END"
            ),
        ],
        other => return Err(DbErr::Migration(format!("{other:?} is not one of the stores"))),
    };
    for statement in statements {
        connection.execute_unprepared(&statement).await?;
    }
    Ok(())
}
