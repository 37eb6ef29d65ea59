//! Running a test of the whole system on both databases.
//!
//! [`on_both!`] makes two tests of one: `sqlite` always, `postgres` on the server of the run (`JALON_TEST_POSTGRES`), or,
//! without one, nothing more than the first.

use tests::world::{Database, Home, Setup, World};

/// Runs a test in a new world on a database of this kind, then removes the database.
pub async fn in_world(kind: Database, setup: Setup, test: impl AsyncFn(World, &Home)) {
    let Some(home) = Home::new(kind).await else { return };
    let world = World::new(home.url(), &setup).await;
    let store = world.app.store().clone();
    // On the heap: the stack of a test is small.
    Box::pin(test(world, &home)).await;
    store.close().await.expect("the pool closes");
    home.remove().await;
}

/// A module of two tests that run an `async fn(World, &Home)`, one on each database.
macro_rules! on_both {
    ($name:ident, $setup:expr, $test:path) => {
        mod $name {
            use super::*;

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn sqlite() {
                crate::kit::in_world(tests::world::Database::Sqlite, $setup, async |world, home| {
                    $test(world, home).await
                })
                .await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn postgres() {
                crate::kit::in_world(tests::world::Database::Postgres, $setup, async |world, home| {
                    $test(world, home).await
                })
                .await;
            }
        }
    };
}
pub(crate) use on_both;
