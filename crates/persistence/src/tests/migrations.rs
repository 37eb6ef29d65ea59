//! The migrations, and the entities against them.

use std::collections::BTreeSet;

use domain::path::State;
use domain::samples;
use migrations::Migrator;
use sea_orm::{EntityTrait, QuerySelect, QueryTrait, Set};
use sea_orm_migration::MigratorTrait;
use serde_json::json;
use strum::VariantNames;

use super::play::Play;
use super::{Start, on_each, on_each_address, on_each_store, options, texts};
use crate::{Backend, PathFilter, Store, entities, refold};

#[tokio::test]
async fn they_go_up_down_and_up_again() {
    on_each_store(Start::Empty, async |store| {
        let pending = store.pending_migrations().await.unwrap();
        assert!(pending.len() >= 9, "{pending:?}");
        store.migrate().await.unwrap();
        assert!(store.pending_migrations().await.unwrap().is_empty());
        store.unmigrate().await.unwrap();
        assert_eq!(store.pending_migrations().await.unwrap(), pending);
        store.migrate().await.unwrap();
        store.migrate().await.unwrap();
        assert!(store.pending_migrations().await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn several_programs_may_migrate_at_once() {
    on_each_address(Start::Empty, async |url| {
        let mut programs = tokio::task::JoinSet::new();
        for _ in 0..4 {
            // A store of its own: two programs share no queue of writers.
            let store = Store::connect(&options(url.clone())).await.unwrap();
            programs.spawn(async move {
                store.migrate().await.unwrap();
                assert!(store.pending_migrations().await.unwrap().is_empty());
                store.close().await.unwrap();
            });
        }
        programs.join_all().await;
    })
    .await;
}

/// A store of before is migrated with its paths: each then names its body among its columns.
#[tokio::test]
async fn paths_of_before_name_their_body() {
    on_each(async |store| {
        Play::on(&store).open(json!({})).await;
        let own = PathFilter { body: Some(samples::BODY_1.parse().unwrap()), ..PathFilter::default() };
        let all = Migrator::migrations();
        let named = all.iter().position(|one| one.name().ends_with("paths_name_their_body")).unwrap();
        let tx = store.begin_write().await.unwrap();
        Migrator::down(tx.db(), u32::try_from(all.len() - named).ok()).await.unwrap();
        tx.list_paths(&own).await.unwrap_err();
        tx.rollback().await.unwrap();
        let tx = store.begin_write().await.unwrap();
        Migrator::down(tx.db(), u32::try_from(all.len() - named).ok()).await.unwrap();
        Migrator::up(tx.db(), None).await.unwrap();
        tx.refold_paths().await.unwrap();
        assert_eq!(tx.count_paths(&own).await.unwrap(), 1);
        tx.commit().await.unwrap();
        assert_eq!(store.verify(&|_, _| {}).await.unwrap(), []);
    })
    .await;
}

/// A path kept by a release that knew fewer things of it is folded again from its journal, once; the store says so before.
#[tokio::test]
async fn paths_of_before_are_folded_again() {
    on_each(async |store| {
        let mut play = Play::supplied(&store).await;
        let reference = play.reach(State::Ready).await;
        let path = play.path(&reference).await;
        assert!(path.agreements.programme.asked.is_some() && path.agreements.designation.asked.is_some());

        let tx = store.begin_write().await.unwrap();
        let counted = tx.counted_paths(None).await.unwrap();
        let mut kept: serde_json::Value =
            serde_json::from_str(&texts(&tx, "SELECT snapshot FROM paths").await[0]).unwrap();
        let fields = kept.as_object_mut().unwrap();
        for later in ["shape", "agreements", "proposals", "opinions"] {
            assert!(fields.remove(later).is_some(), "{later}");
        }
        let of_before = entities::paths::ActiveModel {
            id: Set(path.id.uuid()),
            snapshot: Set(kept.to_string()),
            facts: Set(None),
            ..Default::default()
        };
        tx.run(entities::paths::Entity::update(of_before).exec(tx.db())).await.unwrap();
        tx.unset(refold::PATH_SHAPE).await.unwrap();
        tx.commit().await.unwrap();
        assert_ne!(play.path(&reference).await, path);
        assert_ne!(store.verify(&|_, _| {}).await.unwrap(), []);
        assert_eq!(store.pending_migrations().await.unwrap(), [refold::REFOLDED]);

        // Until then, what figures count is read from the journal.
        let tx = store.begin_read().await.unwrap();
        assert_eq!(tx.counted_paths(None).await.unwrap(), counted);
        drop(tx);

        store.migrate().await.unwrap();
        assert_eq!(store.pending_migrations().await.unwrap(), Vec::<String>::new());
        assert_eq!(play.path(&reference).await, path);
        assert_eq!(store.verify(&|_, _| {}).await.unwrap(), []);
        // And the path goes on.
        play.bring(&reference, State::Closed).await;

        // A release that comes after says more; this one still works beside it.
        let tx = store.begin_write().await.unwrap();
        tx.set(refold::PATH_SHAPE, &(refold::SHAPE + 1).to_string()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(store.pending_migrations().await.unwrap(), Vec::<String>::new());
    })
    .await;
}

/// What is kept of a path that went through everything, by name. When it changes, paths of before lack it: say so with one
/// more [`refold::SHAPE`], and take the snapshot again under its number.
#[tokio::test]
async fn the_shape_of_a_path_is_that_of_its_number() {
    on_each(async |store| {
        let mut play = Play::supplied(&store).await;
        let reference = play.reach(State::Closed).await;
        let tx = store.begin_read().await.unwrap();
        let kept = serde_json::from_str(&texts(&tx, "SELECT snapshot FROM paths").await[0]).unwrap();
        let mut names = BTreeSet::new();
        fields(&kept, "", &mut names);
        insta::assert_snapshot!(
            format!("shape_{}", refold::SHAPE),
            names.into_iter().collect::<Vec<_>>().join("\n"),
            &reference.to_string()
        );
    })
    .await;
}

/// The names of the fields of a value and of what is in it.
fn fields(value: &serde_json::Value, at: &str, names: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Object(object) => {
            for (name, value) in object {
                let name = format!("{at}.{name}");
                fields(value, &name, names);
                names.insert(name);
            }
        }
        serde_json::Value::Array(values) => {
            for value in values {
                fields(value, at, names);
            }
        }
        _ => {}
    }
}

#[tokio::test]
async fn entities_name_the_columns_of_the_schema() {
    on_each(async |store| {
        let tx = store.begin_read().await.unwrap();
        macro_rules! select {
            ($($table:ident),* $(,)?) => {{
                $(
                    let all = entities::$table::Entity::find().limit(1);
                    let sql = all.as_query().to_string(sea_orm::sea_query::SqliteQueryBuilder);
                    tx.run(all.all(tx.db())).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
                )*
                [$(stringify!($table)),*].len()
            }};
        }
        let tables = select!(
            accounts,
            answer_proofs,
            budget_years,
            committee_imports,
            committee_photographs,
            committee_windows,
            counters,
            credentials,
            delegations,
            digest_heads,
            digests,
            documents,
            entry_statistics,
            events,
            lot_money,
            messages,
            message_texts,
            need_proposals,
            order_lines,
            password_links,
            paths,
            payment_reminders,
            persons,
            place_alerts,
            place_years,
            purchase_orders,
            reminders,
            saved_views,
            drafts,
            draft_documents,
            security_log,
            sessions,
            settings,
            sign_in_tries,
            stored_files,
            tasks,
            terms,
            tokens,
            told_news,
            uploads,
        );
        let sql = match tx.backend() {
            Backend::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
            Backend::Postgres => "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'",
        };
        // And the table of the migrations themselves.
        assert_eq!(texts(&tx, sql).await.len(), tables + 1);
    })
    .await;
}

#[tokio::test]
async fn the_identifiers_of_the_domain_pass_the_checks() {
    on_each(async |store| {
        let tx = store.begin_write().await.unwrap();
        let sql = match tx.backend() {
            Backend::Sqlite => "SELECT name || ' ' || sql FROM sqlite_master WHERE type = 'table'",
            Backend::Postgres => {
                "SELECT conrelid::regclass::text || ' ' || string_agg(pg_get_constraintdef(oid), ' ') FROM pg_constraint
                 WHERE contype = 'c' AND conrelid <> 0 GROUP BY conrelid"
            }
        };
        let tables = texts(&tx, sql).await;
        let all = [
            ("accounts", "role", domain::people::StaffRole::VARIANTS),
            ("persons", "role", domain::people::RecipientRole::VARIANTS),
            ("messages", "role", domain::people::RecipientRole::VARIANTS),
            ("paths", "state", domain::path::State::VARIANTS),
            ("paths", "holder", domain::people::Side::VARIANTS),
            ("paths", "outcome", domain::path::command::Outcome::VARIANTS),
            ("tasks", "for_side", domain::people::Side::VARIANTS),
            ("purchase_orders", "state", domain::order::OrderState::VARIANTS),
            ("order_lines", "option_code", domain::market::OptionCode::VARIANTS),
            ("entry_statistics", "sex", domain::people::Sex::VARIANTS),
            ("need_proposals", "sender", domain::proposal::Sender::VARIANTS),
            ("need_proposals", "state", domain::proposal::ProposalStage::VARIANTS),
            ("committee_imports", "kind", domain::committee::TableKind::VARIANTS),
            ("committee_imports", "file_kind", domain::committee::FileKind::VARIANTS),
            ("told_news", "news", domain::news::News::VARIANTS),
        ];
        for (table, column, variants) in all {
            let checks = tables.iter().find(|checks| checks.split(' ').next() == Some(table)).unwrap();
            // `"state" IN ('draft', …)` as it was written, `(state = ANY (ARRAY['draft'::text, …` as PostgreSQL keeps it.
            let start = [format!("\"{column}\" IN ("), format!("(({column} = ANY")];
            let start = start.iter().find_map(|start| checks.find(start)).expect("a check on the column");
            let list = &checks[start..];
            let list = &list[..list.find([']', ')']).expect("the end of the list")];
            let mut listed: Vec<_> = list.split('\'').skip(1).step_by(2).collect();
            let mut known = variants.to_vec();
            listed.sort_unstable();
            known.sort_unstable();
            assert_eq!(listed, known, "{table}.{column}");
        }
    })
    .await;
}
