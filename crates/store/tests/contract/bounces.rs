//! What becomes of deliveries when mail servers report on their letters.

use model::id::{DeliveryId, EmployeeId};
use model::line::Recipient;
use model::message::{DeliveryState, Message};
use model::notice::{Event, Policy, Step, Target};
use store::{Actor, Seen, Store, StoreError, StoredDelivery};
use uuid::Uuid;

use crate::world::{World, at};

stories! {
    a_letter_that_came_back_is_told_with_the_reason
    a_letter_that_arrived_is_told_once
    a_report_may_come_before_it_is_stored_that_the_letter_left
    what_somebody_has_taken_on_does_not_fail
    a_delay_is_noted
    the_next_step_is_due_at_once_where_nobody_else_was_told
    a_letter_that_is_refused_at_once_hurries_as_well
    nobody_is_hurried_while_another_letter_is_on_its_way
    a_report_on_nothing_is_not_found
}

/// A message with letters that left.
async fn sent(world: &World, recipient: Recipient) -> Message {
    let call = world.call("+79261234567", 0).await;
    let message = Message {
        recipient,
        ..world.message(call, 0)
    };
    let messages = world.store.messages();
    messages.create(&message, true).await.expect("created");
    for due in world
        .store
        .deliveries()
        .take_due(
            store::Taking::all(model::message::Channel::Email),
            at(1),
            at(60),
            10,
        )
        .await
        .expect("taken")
    {
        let marked = world
            .store
            .deliveries()
            .mark_sent(due.delivery.id, at(1))
            .await;
        marked.expect("marked");
    }
    message
}

async fn to_anna(world: &World) -> (Message, DeliveryId) {
    let message = sent(
        world,
        Recipient::Employee {
            employee: world.anna,
        },
    )
    .await;
    let id = letters(world, &message).await[0].delivery.id;
    (message, id)
}

async fn letters(world: &World, message: &Message) -> Vec<StoredDelivery> {
    let messages = world.store.messages();
    let stored = messages
        .get(world.company, &Seen::Everything, message.id)
        .await;
    let mut deliveries = stored.expect("stored").deliveries;
    deliveries.retain(|stored| stored.delivery.employee.is_some());
    deliveries
}

async fn told(world: &World, message: &Message) -> Vec<Event> {
    let messages = world.store.messages();
    let details = messages.details(world.company, &Seen::Everything, message.id, world.operator);
    let timeline = details.await.expect("details").timeline;
    timeline.into_iter().map(|entry| entry.event).collect()
}

async fn next_step(world: &World) -> Option<jiff::Timestamp> {
    world.store.notice().next_step_at().await.expect("read")
}

/// After an hour Boris is told.
async fn boris_after_an_hour(world: &World) {
    let policy = Policy {
        only_urgent: false,
        steps: vec![Step {
            after_minutes: 60,
            to: Target::Employee {
                employee: world.boris,
            },
        }],
    };
    let notice = world.store.notice();
    let written = notice
        .write_policy(world.company, None, Some(&policy), 0)
        .await;
    written.expect("written");
}

const WHY: &str = "the mailbox does not exist (5.1.1)";

async fn a_letter_that_came_back_is_told_with_the_reason(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let (message, id) = to_anna(&world).await;
    for _ in 0..2 {
        store.bounces().failed(id, WHY, at(5)).await.expect("told");
    }
    let delivery = letters(&world, &message).await.swap_remove(0).delivery;
    assert_eq!(delivery.state, DeliveryState::Failed);
    assert_eq!(delivery.error.as_deref(), Some(WHY));
    assert_eq!(delivery.changed_at, at(5));
    let bounced = Event::Bounced {
        delivery: id,
        to: Some("Анна".into()),
        reason: WHY.into(),
    };
    let told = told(&world, &message).await;
    assert_eq!(told.iter().filter(|event| **event == bounced).count(), 1);
}

async fn a_letter_that_arrived_is_told_once(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let (message, id) = to_anna(&world).await;
    for second in [5, 6] {
        store
            .bounces()
            .delivered(id, at(second))
            .await
            .expect("told");
    }
    let delivery = letters(&world, &message).await.swap_remove(0).delivery;
    assert_eq!(delivery.state, DeliveryState::Delivered);
    assert_eq!(delivery.changed_at, at(5));
    // A server that took it may still give it back.
    store.bounces().failed(id, WHY, at(7)).await.expect("told");
    store.bounces().delivered(id, at(8)).await.expect("told");
    let delivery = letters(&world, &message).await.swap_remove(0).delivery;
    assert_eq!(delivery.state, DeliveryState::Failed);
}

async fn a_report_may_come_before_it_is_stored_that_the_letter_left(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let call = world.call("+79261234567", 0).await;
    let message = world.message(call, 0);
    store
        .messages()
        .create(&message, true)
        .await
        .expect("created");
    let id = letters(&world, &message).await[0].delivery.id;
    store.bounces().delivered(id, at(5)).await.expect("told");
    store
        .deliveries()
        .mark_sent(id, at(6))
        .await
        .expect("marked");
    let delivery = letters(&world, &message).await.swap_remove(0).delivery;
    assert_eq!(delivery.state, DeliveryState::Delivered);
    assert_eq!(delivery.next_at, None);
}

async fn what_somebody_has_taken_on_does_not_fail(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let (message, id) = to_anna(&world).await;
    let anna = Actor {
        user: store
            .users()
            .by_login("anna@romashka.example")
            .await
            .expect("a user")
            .id,
        name: "Анна".into(),
        employee: Some(world.anna),
    };
    let messages = store.messages();
    let accepted = messages.accept(world.company, &Seen::Everything, message.id, &anna, at(3));
    accepted.await.expect("accepted");
    store.bounces().failed(id, WHY, at(5)).await.expect("told");
    let delivery = letters(&world, &message).await.swap_remove(0).delivery;
    assert_eq!(delivery.state, DeliveryState::Accepted);
}

async fn a_delay_is_noted(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let (message, id) = to_anna(&world).await;
    let why = "the recipient's mail server can't be reached (4.4.1)";
    for _ in 0..2 {
        store.bounces().delayed(id, why, at(5)).await.expect("told");
    }
    let delivery = letters(&world, &message).await.swap_remove(0).delivery;
    assert_eq!(delivery.state, DeliveryState::Sent);
    assert_eq!(delivery.error.as_deref(), Some(why));
    let delays = told(&world, &message).await;
    let delays = delays.iter().filter(
        |event| matches!(event, Event::Delivery { reason: Some(reason), .. } if reason == why),
    );
    assert_eq!(delays.count(), 1);
    store.bounces().delivered(id, at(9)).await.expect("told");
    let delivery = letters(&world, &message).await.swap_remove(0).delivery;
    assert_eq!(
        (delivery.state, delivery.error),
        (DeliveryState::Delivered, None)
    );
}

async fn the_next_step_is_due_at_once_where_nobody_else_was_told(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    boris_after_an_hour(&world).await;
    let (message, id) = to_anna(&world).await;
    assert_eq!(next_step(&world).await, Some(at(3600)));
    store.bounces().failed(id, WHY, at(5)).await.expect("told");
    assert_eq!(next_step(&world).await, Some(at(5)));
    let step = store
        .notice()
        .take_due_step(at(5), true)
        .await
        .expect("taken");
    assert_eq!(step.map(|step| step.told), Some(1));
    let to: Vec<Option<EmployeeId>> = letters(&world, &message)
        .await
        .into_iter()
        .map(|stored| stored.delivery.employee)
        .collect();
    assert_eq!(to, [Some(world.anna), Some(world.boris)]);
    assert_eq!(next_step(&world).await, Some(at(5 + 3600)));
}

async fn a_letter_that_is_refused_at_once_hurries_as_well(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    boris_after_an_hour(&world).await;
    let call = world.call("+79261234567", 0).await;
    let message = world.message(call, 0);
    let messages = store.messages();
    messages.create(&message, true).await.expect("created");
    let id = letters(&world, &message).await[0].delivery.id;
    let deliveries = store.deliveries();
    deliveries
        .mark_failed(id, WHY, at(5))
        .await
        .expect("marked");
    assert_eq!(next_step(&world).await, Some(at(5)));
}

async fn nobody_is_hurried_while_another_letter_is_on_its_way(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    boris_after_an_hour(&world).await;
    let department = Recipient::Department {
        department: world.department,
    };
    let message = sent(&world, department).await;
    let ids: Vec<DeliveryId> = letters(&world, &message)
        .await
        .into_iter()
        .map(|stored| stored.delivery.id)
        .collect();
    store
        .bounces()
        .failed(ids[0], WHY, at(5))
        .await
        .expect("told");
    assert_eq!(next_step(&world).await, Some(at(3600)));
    store
        .bounces()
        .failed(ids[1], WHY, at(6))
        .await
        .expect("told");
    assert_eq!(next_step(&world).await, Some(at(6)));
}

async fn a_report_on_nothing_is_not_found(store: Store) {
    let id = DeliveryId(Uuid::now_v7());
    assert_fails!(
        store.bounces().failed(id, WHY, at(5)).await,
        StoreError::NotFound
    );
    assert_fails!(
        store.bounces().delayed(id, WHY, at(5)).await,
        StoreError::NotFound
    );
    assert_fails!(
        store.bounces().delivered(id, at(5)).await,
        StoreError::NotFound
    );
}
