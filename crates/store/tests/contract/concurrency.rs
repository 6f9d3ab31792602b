use std::collections::HashSet;
use std::sync::Arc;

use model::call::{Ending, Happening, TimelineEntry};
use store::{CallFilter, PageRequest, Store, StoreError};
use tokio::task::JoinSet;

use crate::databases::Sqlite;
use crate::world::{World, at, company};

stories! {
    two_hundred_calls_at_once
    of_two_savers_one_is_stale
}

/// One call's writes, as the switchboard makes them.
async fn live_through(store: &Store, world: &World, n: i64) {
    let call = world.arriving("+79261234567", n);
    let calls = store.calls();
    calls.insert(&call).await.expect("inserted");
    let queued = TimelineEntry {
        at: at(n),
        happening: Happening::QueueAnswered,
    };
    calls
        .append_timeline(world.company, call.id, &queued)
        .await
        .expect("appended");
    calls
        .list(
            world.company,
            &CallFilter::default(),
            PageRequest::default(),
        )
        .await
        .expect("read");
    calls
        .finish(
            world.company,
            call.id,
            Ending::CallerGaveUpQueued,
            at(n + 1),
        )
        .await
        .expect("finished");
}

async fn count(store: &Store, world: &World) -> usize {
    let mut request = PageRequest {
        after: None,
        limit: 200,
    };
    let mut ids = HashSet::new();
    loop {
        let page = store
            .calls()
            .list(world.company, &CallFilter::default(), request)
            .await
            .expect("page");
        ids.extend(page.items.iter().map(|row| row.call.id));
        request.after = page.next;
        if page.next.is_none() {
            return ids.len();
        }
    }
}

async fn two_hundred_calls_at_once(store: Store) {
    let world = Arc::new(World::new(&store, "Ромашка").await);
    let mut tasks = JoinSet::new();
    for n in 0..200 {
        let (store, world) = (store.clone(), world.clone());
        tasks.spawn(async move { live_through(&store, &world, n).await });
    }
    tasks.join_all().await;
    assert_eq!(count(&store, &world).await, 200);
}

async fn of_two_savers_one_is_stale(store: Store) {
    let romashka = company("Ромашка");
    store.companies().create(&romashka).await.expect("created");
    let mut tasks = JoinSet::new();
    for _ in 0..8 {
        let (store, id) = (store.clone(), romashka.id);
        tasks.spawn(async move { store.departments().replace_all(id, &[], 1).await });
    }
    let outcomes = tasks.join_all().await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    let stale = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, Err(StoreError::Stale)));
    assert_eq!(stale.count(), 7);
}

/// An administration command writes beside the server: two stores, one file.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_share_a_file_sqlite() {
    let database = Sqlite::new();
    let server = database.store().await;
    let command = database.store().await;
    let world = Arc::new(World::new(&server, "Ромашка").await);
    let mut tasks = JoinSet::new();
    for n in 0..100 {
        let store = if n % 2 == 0 {
            server.clone()
        } else {
            command.clone()
        };
        let world = world.clone();
        tasks.spawn(async move { live_through(&store, &world, n).await });
    }
    tasks.join_all().await;
    assert_eq!(count(&server, &world).await, 100);
}
