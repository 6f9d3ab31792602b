use std::collections::HashSet;

use model::id::DeliveryId;
use model::language::Language;
use model::message::{Channel, Delivery, DeliveryState};
use store::{Store, StoreError, Taking};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::world::{World, at};

stories! {
    a_due_delivery_carries_its_letter
    a_lease_keeps_others_off_until_it_ends
    two_workers_never_take_the_same_delivery
    a_failed_attempt_is_due_again
    what_is_settled_stays_settled
    the_longest_due_goes_first
    a_commit_wakes_the_worker
    an_addressee_may_be_gone
}

async fn queued(world: &World, second: i64) -> DeliveryId {
    let call = world.call("+79261234567", second).await;
    let created = world
        .store
        .messages()
        .create(&world.message(call, second), true)
        .await
        .expect("created");
    created.stored.deliveries[1].delivery.id
}

async fn state(world: &World, id: DeliveryId) -> Delivery {
    let messages = world
        .store
        .messages()
        .list(world.company, &Default::default(), Default::default())
        .await
        .expect("list");
    let mut all = messages
        .items
        .into_iter()
        .flat_map(|message| message.deliveries);
    all.find(|stored| stored.delivery.id == id)
        .expect("there")
        .delivery
}

async fn a_due_delivery_carries_its_letter(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let id = queued(&world, 5).await;
    assert!(
        store
            .deliveries()
            .take_due(Taking::all(Channel::Email), at(4), at(60), 10)
            .await
            .expect("taken")
            .is_empty()
    );
    let taken = store
        .deliveries()
        .take_due(Taking::all(Channel::Email), at(5), at(60), 10)
        .await
        .expect("taken");
    let [due] = &taken[..] else {
        panic!("{taken:?}")
    };
    assert_eq!((due.delivery.id, due.delivery.attempts), (id, 1));
    assert_eq!(due.delivery.address, "anna@romashka.example");
    assert_eq!(due.message.text, "Просит перезвонить о букете");
    assert_eq!(
        (due.company_name.as_str(), due.line_name.as_str()),
        ("Ромашка", "Основная")
    );
    assert_eq!(
        (due.recipient_name.as_str(), due.author_name.as_deref()),
        ("Анна", Some("Ольга"))
    );
    assert_eq!(
        (due.language, due.zone.as_str()),
        (Language::Ru, "Europe/Moscow")
    );
    assert_eq!(due.arrived_at, at(5));
    assert_eq!(due.caller.number.as_deref(), Some("+79261234567"));
    assert_eq!(due.employee.as_ref().map(|e| e.id), Some(world.anna));
    store
        .deliveries()
        .mark_sent(id, at(6))
        .await
        .expect("marked");
    let sent = state(&world, id).await;
    assert_eq!(
        (sent.state, sent.attempts, sent.changed_at),
        (DeliveryState::Sent, 1, at(6))
    );
    assert_eq!((sent.next_at, sent.error), (None, None));
    assert_eq!(
        store
            .deliveries()
            .next_due_after(jiff::Timestamp::UNIX_EPOCH)
            .await
            .expect("asked"),
        None
    );
}

async fn a_lease_keeps_others_off_until_it_ends(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let id = queued(&world, 0).await;
    assert_eq!(
        store
            .deliveries()
            .next_due_after(jiff::Timestamp::UNIX_EPOCH)
            .await
            .expect("asked"),
        Some(at(0))
    );
    assert_eq!(
        store
            .deliveries()
            .take_due(Taking::all(Channel::Email), at(1), at(60), 10)
            .await
            .expect("taken")
            .len(),
        1
    );
    assert_eq!(
        store
            .deliveries()
            .next_due_after(jiff::Timestamp::UNIX_EPOCH)
            .await
            .expect("asked"),
        Some(at(60))
    );
    assert!(
        store
            .deliveries()
            .take_due(Taking::all(Channel::Email), at(59), at(120), 10)
            .await
            .expect("taken")
            .is_empty()
    );
    let again = store
        .deliveries()
        .take_due(Taking::all(Channel::Email), at(60), at(120), 10)
        .await
        .expect("taken");
    assert_eq!((again[0].delivery.id, again[0].delivery.attempts), (id, 2));
}

async fn two_workers_never_take_the_same_delivery(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    for second in 0..60 {
        queued(&world, second).await;
    }
    let mut workers = JoinSet::new();
    for _ in 0..6 {
        let store = store.clone();
        workers.spawn(async move {
            let mut mine = Vec::new();
            loop {
                let taken = store
                    .deliveries()
                    .take_due(Taking::all(Channel::Email), at(100), at(1000), 7)
                    .await
                    .expect("taken");
                if taken.is_empty() {
                    return mine;
                }
                mine.extend(taken.into_iter().map(|due| due.delivery.id));
            }
        });
    }
    let all: Vec<DeliveryId> = workers.join_all().await.into_iter().flatten().collect();
    let distinct: HashSet<&DeliveryId> = all.iter().collect();
    assert_eq!(distinct.len(), all.len(), "each was taken once");
    // A worker that met only rows which others were just taking may have
    // stopped early, but nothing is lost: it is still due.
    let left = store
        .deliveries()
        .take_due(Taking::all(Channel::Email), at(100), at(1000), 100)
        .await
        .expect("taken");
    assert_eq!(all.len() + left.len(), 60);
}

async fn a_failed_attempt_is_due_again(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let id = queued(&world, 0).await;
    store
        .deliveries()
        .take_due(Taking::all(Channel::Email), at(1), at(60), 10)
        .await
        .expect("taken");
    store
        .deliveries()
        .mark_failed_attempt(id, "421 later", at(30), at(2))
        .await
        .expect("marked");
    let waiting = state(&world, id).await;
    assert_eq!(
        (waiting.state, waiting.next_at),
        (DeliveryState::Queued, Some(at(30)))
    );
    assert_eq!(waiting.error.as_deref(), Some("421 later"));
    assert_eq!(
        store
            .deliveries()
            .next_due_after(jiff::Timestamp::UNIX_EPOCH)
            .await
            .expect("asked"),
        Some(at(30))
    );
    let again = store
        .deliveries()
        .take_due(Taking::all(Channel::Email), at(30), at(90), 10)
        .await
        .expect("taken");
    assert_eq!(again[0].delivery.attempts, 2);
    store
        .deliveries()
        .mark_failed(id, "550 no such user", at(31))
        .await
        .expect("marked");
    let failed = state(&world, id).await;
    assert_eq!(
        (failed.state, failed.error.as_deref()),
        (DeliveryState::Failed, Some("550 no such user"))
    );
    assert_eq!(
        store
            .deliveries()
            .next_due_after(jiff::Timestamp::UNIX_EPOCH)
            .await
            .expect("asked"),
        None
    );
}

async fn what_is_settled_stays_settled(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let id = queued(&world, 0).await;
    store
        .deliveries()
        .mark_sent(id, at(2))
        .await
        .expect("marked");
    store
        .deliveries()
        .mark_failed(id, "too late", at(3))
        .await
        .expect("no error");
    store
        .deliveries()
        .mark_failed_attempt(id, "too late", at(9), at(3))
        .await
        .expect("no error");
    let sent = state(&world, id).await;
    assert_eq!(
        (sent.state, sent.changed_at, sent.error),
        (DeliveryState::Sent, at(2), None)
    );
    let nowhere = DeliveryId(Uuid::now_v7());
    assert_fails!(
        store.deliveries().mark_sent(nowhere, at(3)).await,
        StoreError::NotFound
    );
}

async fn the_longest_due_goes_first(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let later = queued(&world, 20).await;
    let first = queued(&world, 10).await;
    let taken = store
        .deliveries()
        .take_due(Taking::all(Channel::Email), at(30), at(60), 1)
        .await
        .expect("taken");
    assert_eq!(taken[0].delivery.id, first);
    let taken = store
        .deliveries()
        .take_due(Taking::all(Channel::Email), at(30), at(60), 1)
        .await
        .expect("taken");
    assert_eq!(taken[0].delivery.id, later);
}

async fn a_commit_wakes_the_worker(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let wakeup = store.delivery_wakeup();
    let id = queued(&world, 0).await;
    // The permit is kept, so a worker that was busy meanwhile is woken too.
    wakeup.notified().await;
    let taken = store
        .deliveries()
        .take_due(Taking::all(Channel::Email), at(1), at(60), 1)
        .await
        .expect("taken");
    assert_eq!(taken[0].delivery.id, id);
}

async fn an_addressee_may_be_gone(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    queued(&world, 0).await;
    store
        .employees()
        .replace_all(world.company, &[], 2)
        .await
        .expect("deleted");
    let taken = store
        .deliveries()
        .take_due(Taking::all(Channel::Email), at(1), at(60), 1)
        .await
        .expect("taken");
    assert_eq!(taken[0].employee, None);
    assert_eq!(taken[0].delivery.address, "anna@romashka.example");
}
