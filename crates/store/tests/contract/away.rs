//! A database that goes away, and comes back.

use store::{MasterKey, Store, StoreError};

use crate::cluster::{self, Cluster};
use crate::databases::{Postgres, Sqlite};
use crate::world::{World, at, key};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stops_can_be_asked_again_postgres() {
    let mut cluster = Cluster::start();
    cluster.create("calls", "template1");
    let store = Store::open(&cluster.url("calls"), key())
        .await
        .expect("opened");
    let world = World::new(&store, "Ромашка").await;
    let call = world.arriving("101", 0);
    cluster.order("stop");
    for _ in 0..3 {
        let failed = store.calls().insert(&call).await.expect_err("it is away");
        assert!(failed.is_retryable(), "{failed:?}");
        assert!(store.ping().await.expect_err("it is away").is_retryable());
    }
    cluster.order("start");
    store.calls().insert(&call).await.expect("it is back");
    store.ping().await.expect("it is back");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lost_connections_are_replaced_postgres() {
    let database = Postgres::new();
    let store = database.store().await;
    let world = World::new(&store, "Ромашка").await;
    let sql = format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}' AND pid <> pg_backend_pid()",
        database.name
    );
    cluster::shared().sql(&database.name, &sql);
    world.call("101", 0).await;
}

#[tokio::test]
async fn a_closed_store_says_so_sqlite() {
    let database = Sqlite::new();
    let store = database.store().await;
    let world = World::new(&store, "Ромашка").await;
    store.close().await.expect("closed");
    let failed = store
        .calls()
        .close_unfinished(at(0))
        .await
        .expect_err("closed");
    assert!(failed.is_retryable(), "{failed:?}");
    let again = database.store().await;
    again
        .lines()
        .get(world.company, world.line)
        .await
        .expect("what was committed is there");
}

#[tokio::test]
async fn what_is_no_database_is_refused_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("store.db");
    std::fs::write(&file, "this is no database, however long one looks at it").expect("written");
    let url = format!("sqlite://{}", file.display());
    let failed = Store::open(&url, MasterKey::from_bytes([0; 32]))
        .await
        .err()
        .expect("refused");
    assert!(!failed.is_retryable(), "{failed:?}");
    for url in ["mysql://localhost/x", "nonsense", ""] {
        let failed = Store::open(url, MasterKey::from_bytes([0; 32]))
            .await
            .err()
            .expect("refused");
        assert!(matches!(failed, StoreError::Other(_)), "{url}: {failed:?}");
    }
}
