//! Deliveries, as a message's timeline tells of them.

use model::id::{DeliveryId, MessageId};
use model::message::{Delivery, DeliveryState};
use model::notice::Event;
use store::{Conflict, Store, StoreError};

use crate::world::{World, at};

stories! {
    the_timeline_tells_how_a_delivery_got_on
    what_failed_is_tried_again_by_hand
    the_employees_own_device_says_that_it_has_it
}

async fn letter(world: &World, id: MessageId) -> Delivery {
    world.details(id).await.stored.deliveries.remove(1).delivery
}

/// States and reasons of the letter.
async fn told(world: &World, id: MessageId) -> Vec<(DeliveryState, Option<String>)> {
    let events = world.events(id).await.into_iter();
    let states = events.filter_map(|event| match event {
        Event::Delivery { state, reason, .. } => Some((state, reason)),
        _ => None,
    });
    states.collect()
}

async fn failed(world: &World) -> (MessageId, DeliveryId) {
    let id = world.told(0).await;
    let letter = letter(world, id).await.id;
    let deliveries = world.store.deliveries();
    for second in 1..4 {
        deliveries
            .take_due(
                store::Taking::all(model::message::Channel::Email),
                at(second),
                at(60),
                1,
            )
            .await
            .expect("taken");
        let failed =
            deliveries.mark_failed_attempt(letter, "421 later", at(second + 1), at(second));
        failed.await.expect("marked");
    }
    deliveries
        .take_due(
            store::Taking::all(model::message::Channel::Email),
            at(9),
            at(60),
            1,
        )
        .await
        .expect("taken");
    deliveries
        .mark_failed(letter, "550 unknown", at(10))
        .await
        .expect("marked");
    (id, letter)
}

async fn the_timeline_tells_how_a_delivery_got_on(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let (id, _) = failed(&world).await;
    let expected = [
        (DeliveryState::Queued, Some("421 later".into())),
        (DeliveryState::Failed, Some("550 unknown".into())),
    ];
    assert_eq!(told(&world, id).await, expected);
}

async fn what_failed_is_tried_again_by_hand(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let other = World::new(&store, "Астра").await;
    let (id, delivery) = failed(&world).await;
    let anna = world.actor(world.anna).await;
    let deliveries = store.deliveries();
    let strange = MessageId(uuid::Uuid::now_v7());
    for (company, message) in [(other.company, id), (world.company, strange)] {
        assert_fails!(
            deliveries
                .retry(company, message, delivery, &anna, at(20))
                .await,
            StoreError::NotFound
        );
    }
    deliveries
        .retry(world.company, id, delivery, &anna, at(20))
        .await
        .expect("again");
    deliveries
        .retry(world.company, id, delivery, &anna, at(21))
        .await
        .expect("on its way");
    let due = deliveries
        .take_due(
            store::Taking::all(model::message::Channel::Email),
            at(20),
            at(60),
            9,
        )
        .await
        .expect("taken");
    assert_eq!((due[0].delivery.attempts, due[0].tried_from), (1, at(20)));
    deliveries.mark_sent(delivery, at(22)).await.expect("sent");
    assert_fails!(
        deliveries
            .retry(world.company, id, delivery, &anna, at(23))
            .await,
        StoreError::Conflict {
            what: Conflict::NotFailed
        }
    );
    let told = told(&world, id).await;
    assert_eq!(
        told[2..],
        [(DeliveryState::Queued, None), (DeliveryState::Sent, None)]
    );
}

async fn the_employees_own_device_says_that_it_has_it(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let other = World::new(&store, "Астра").await;
    let id = world.told(0).await;
    let delivery = letter(&world, id).await.id;
    let deliveries = store.deliveries();
    deliveries.mark_sent(delivery, at(1)).await.expect("sent");
    for (company, employee) in [
        (world.company, world.boris),
        (other.company, world.anna),
        (other.company, other.anna),
    ] {
        assert_fails!(
            deliveries
                .mark_delivered(company, employee, delivery, at(2))
                .await,
            StoreError::NotFound
        );
    }
    for second in [3, 4] {
        let has = deliveries
            .mark_delivered(world.company, world.anna, delivery, at(second))
            .await;
        has.expect("marked");
    }
    let letter = letter(&world, id).await;
    assert_eq!(
        (letter.state, letter.changed_at),
        (DeliveryState::Delivered, at(3))
    );
    let expected = [
        (DeliveryState::Sent, None),
        (DeliveryState::Delivered, None),
    ];
    assert_eq!(told(&world, id).await, expected);
}
