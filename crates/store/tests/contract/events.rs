//! Events: written with what they tell, numbered in the order in which they can be seen.

use model::call::Ending;
use model::event::EventKind;
use store::{Actor, EVENTS_KEPT_FOR, Seen, Store};
use tokio::task::JoinSet;

use crate::world::{World, at};

stories! {
    a_call_and_its_message_are_told_in_order
    a_repeat_tells_nothing
    numbers_have_no_gaps_and_are_seen_in_their_order
    companies_count_apart
    events_go_after_their_time
}

async fn kinds(world: &World) -> Vec<(i64, EventKind)> {
    let events = world.store.events().after(world.company, 0, 100).await;
    let events = events.expect("events").into_iter();
    events.map(|event| (event.seq, event.kind)).collect()
}

async fn a_call_and_its_message_are_told_in_order(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let call = world.call("+79261234567", 0).await;
    let calls = store.calls();
    let answered = calls
        .set_answered(world.company, call, world.operator, at(5))
        .await;
    answered.expect("answered");
    let message = world.message(call, 20);
    store
        .messages()
        .create(&message, true)
        .await
        .expect("message");
    calls
        .finish(world.company, call, Ending::OperatorHungUp, at(30))
        .await
        .expect("finished");
    let actor = Actor {
        user: world.operator,
        name: "Анна".into(),
        employee: Some(world.anna),
    };
    let messages = store.messages();
    let (company, seen) = (world.company, Seen::Everything);
    let accepted = messages
        .accept(company, &seen, message.id, &actor, at(40))
        .await;
    accepted.expect("accepted");
    let closed = messages
        .close(company, &seen, message.id, &actor, at(50))
        .await;
    closed.expect("closed");
    assert_eq!(
        kinds(&world).await,
        [
            (1, EventKind::CallArrived),
            (2, EventKind::CallAnswered),
            (3, EventKind::MessageCreated),
            (4, EventKind::CallEnded),
            (5, EventKind::MessageRead),
            (6, EventKind::MessageAccepted),
            (7, EventKind::MessageClosed),
        ]
    );
    let events = store.events().after(company, 2, 2).await.expect("events");
    let body: serde_json::Value = serde_json::from_str(&events[0].body).expect("JSON");
    assert_eq!(body["id"], message.id.to_string());
    assert_eq!(body["text"], "Просит перезвонить о букете");
    assert_eq!(body["caller_phone"], "+79261234567");
    assert_eq!(body["author_name"], "Ольга");
    let body: serde_json::Value = serde_json::from_str(&events[1].body).expect("JSON");
    assert_eq!(body["operator_name"], "Ольга");
    assert_eq!(body["line_name"], "Основная");
    assert_eq!(body["ended_at"], "2026-11-23T12:00:30Z");
}

async fn a_repeat_tells_nothing(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let call = world.arriving("+79261234567", 0);
    let calls = store.calls();
    for _ in 0..2 {
        calls.insert(&call).await.expect("stored");
        calls
            .set_answered(world.company, call.id, world.operator, at(5))
            .await
            .expect("answered");
    }
    let message = world.message(call.id, 20);
    for _ in 0..2 {
        store
            .messages()
            .create(&message, true)
            .await
            .expect("stored");
        calls
            .finish(world.company, call.id, Ending::OperatorHungUp, at(30))
            .await
            .expect("finished");
    }
    assert_eq!(kinds(&world).await.len(), 4);
}

async fn numbers_have_no_gaps_and_are_seen_in_their_order(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let mut writers = JoinSet::new();
    for _ in 0..4 {
        let (store, call) = (store.clone(), world.arriving("+79261234567", 0));
        writers.spawn(async move {
            for _ in 0..15 {
                let call = model::call::Call {
                    id: model::id::CallId(uuid::Uuid::now_v7()),
                    ..call.clone()
                };
                store.calls().insert(&call).await.expect("stored");
            }
        });
    }
    // Somebody reads on all the while: what was passed over never turns up.
    let mut seen = 0;
    while seen < 60 {
        let events = store.events().after(world.company, seen, 7).await;
        for event in events.expect("events") {
            assert_eq!(event.seq, seen + 1);
            seen = event.seq;
        }
        tokio::task::yield_now().await;
    }
    writers.join_all().await;
}

async fn companies_count_apart(store: Store) {
    let (mine, other) = (
        World::new(&store, "Ромашка").await,
        World::new(&store, "Астра").await,
    );
    mine.call("+79261234567", 0).await;
    other.call("+79261234567", 0).await;
    mine.call("+79261234567", 0).await;
    assert_eq!(
        (kinds(&mine).await.len(), kinds(&other).await.len()),
        (2, 1)
    );
    assert_eq!(kinds(&other).await[0].0, 1);
}

async fn events_go_after_their_time(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    world.call("+79261234567", 0).await;
    world.call("+79261234567", 100).await;
    let events = store.events();
    events
        .prune(at(50) + EVENTS_KEPT_FOR)
        .await
        .expect("pruned");
    assert_eq!(kinds(&world).await, [(2, EventKind::CallArrived)]);
    world.call("+79261234567", 200).await;
    assert_eq!(kinds(&world).await[1].0, 3, "numbers go on");
}
