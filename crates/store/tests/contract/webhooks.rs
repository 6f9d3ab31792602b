//! Receivers of events and their lines.

use model::call::Ending;
use model::event::{EventKind, HookAttempt};
use model::id::WebhookId;
use model::message::{Channel, Delivery, DeliveryState, Message};
use store::{DisabledReason, DueEvent, Passing, ReplayFrom, Seen, Store, StoreError, WebhookDraft};

use crate::world::{World, at};

stories! {
    a_line_is_told_one_event_after_the_other
    a_line_stays_taken_while_more_waits_in_it
    only_chosen_kinds_are_told
    a_lease_keeps_others_off_until_it_ends
    a_failed_head_holds_its_own_line_alone
    what_is_given_up_is_passed_over
    a_receiver_that_is_gone_is_switched_off
    a_message_has_a_delivery_for_each_receiver
    a_line_that_was_set_back_is_not_moved_on_by_who_held_it
    what_is_deleted_leaves_nothing_queued
    another_companys_receiver_is_not_found
    a_delivery_is_tried_again_by_itself
    an_old_secret_signs_for_a_day
}

async fn webhook(world: &World, kinds: &[EventKind]) -> WebhookId {
    let draft = WebhookDraft {
        url: "https://hooks.example/secret-path".into(),
        kinds: kinds.to_vec(),
        enabled: true,
    };
    let made = world
        .store
        .webhooks()
        .create(world.company, &draft, at(0))
        .await;
    made.expect("a webhook").0.id
}

/// Takes the one line that is due, and gives its head.
async fn head(store: &Store, second: i64) -> Option<DueEvent> {
    let webhooks = store.webhooks();
    let taken = webhooks
        .take_due(at(second), at(second + 60), 10, &[], false)
        .await;
    let taken = taken.expect("taken");
    assert!(taken.len() <= 1, "{taken:?}");
    let one = taken.first()?;
    webhooks.head(one.id, at(second)).await.expect("a head")
}

fn attempt(second: i64, error: Option<&str>) -> HookAttempt {
    HookAttempt {
        at: at(second),
        status: Some(if error.is_some() { 500 } else { 200 }),
        error: error.map(str::to_owned),
        ms: 12,
    }
}

async fn settle(store: &Store, due: &DueEvent, passing: Passing, second: i64) -> bool {
    let error = (passing != Passing::Taken).then_some("the receiver answered 500");
    let webhooks = store.webhooks();
    webhooks
        .settle(due, &attempt(second, error), passing, None, at(second))
        .await
        .expect("settled")
        .moved
}

async fn message(world: &World, second: i64) -> Message {
    let call = world.call("+79261234567", second).await;
    let message = world.message(call, second);
    let messages = world.store.messages();
    messages.create(&message, false).await.expect("created");
    message
}

async fn delivery(world: &World, message: &Message) -> Delivery {
    let messages = world.store.messages();
    let stored = messages
        .get(world.company, &Seen::Everything, message.id)
        .await;
    let stored = stored.expect("a message").deliveries;
    let mut all = stored.into_iter().map(|stored| stored.delivery);
    all.find(|delivery| delivery.channel == Channel::Webhook)
        .expect("a delivery")
}

async fn a_line_is_told_one_event_after_the_other(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    world.call("+79261234567", 0).await;
    webhook(&world, &EventKind::ALL).await;
    assert!(
        head(&store, 1).await.is_none(),
        "what was before is not told"
    );
    let call = world.call("+79261234567", 2).await;
    let ended = store
        .calls()
        .finish(world.company, call, Ending::CallerHungUp, at(3))
        .await;
    ended.expect("finished");
    let first = head(&store, 4).await.expect("the first");
    assert_eq!((first.event.seq, first.attempts), (2, 1));
    assert!(first.secrets[0].reveal().starts_with("whsec_"));
    assert!(settle(&store, &first, Passing::Taken, 5).await);
    let second = head(&store, 6).await.expect("the second");
    assert_eq!(second.event.kind, EventKind::CallEnded);
    assert_ne!(second.event.id, first.event.id);
    assert!(settle(&store, &second, Passing::Taken, 7).await);
    assert!(head(&store, 8).await.is_none());
    let listed = store.webhooks().list(world.company).await.expect("listed");
    assert_eq!((listed[0].cursor, listed[0].attempts), (3, 0));
}

async fn a_line_stays_taken_while_more_waits_in_it(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    webhook(&world, &EventKind::ALL).await;
    for second in 0..2 {
        world.call("+79261234567", second).await;
    }
    let webhooks = store.webhooks();
    let mut due = head(&store, 3).await.expect("due");
    for (seq, kept) in [(1, true), (2, false)] {
        assert_eq!(due.event.seq, seq);
        let (well, keep) = (attempt(4, None), Some(at(90)));
        let settled = webhooks
            .settle(&due, &well, Passing::Taken, keep, at(4))
            .await
            .expect("settled");
        assert_eq!((settled.moved, settled.kept), (true, kept));
        assert!(head(&store, 5).await.is_none());
        if kept {
            let next = webhooks.head(due.webhook, at(5)).await.expect("a head");
            due = next.expect("the next");
        }
    }
    world.call("+79261234567", 6).await;
    assert!(head(&store, 7).await.is_some(), "nobody holds it any more");
}

async fn only_chosen_kinds_are_told(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let id = webhook(&world, &[EventKind::MessageCreated]).await;
    world.call("+79261234567", 0).await;
    assert!(head(&store, 1).await.is_none());
    let passed = store.webhooks().get(world.company, id).await.expect("it");
    assert_eq!(passed.cursor, 1, "other kinds are not looked through again");
    message(&world, 2).await;
    let due = head(&store, 3).await.expect("the message");
    assert_eq!(
        (due.event.seq, due.event.kind),
        (3, EventKind::MessageCreated)
    );
}

async fn a_lease_keeps_others_off_until_it_ends(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    webhook(&world, &EventKind::ALL).await;
    world.call("+79261234567", 0).await;
    let due = head(&store, 1).await.expect("due");
    assert!(head(&store, 30).await.is_none());
    let webhooks = store.webhooks();
    let next = webhooks.next_due_after(at(30)).await.expect("asked");
    assert_eq!(next, Some(at(61)));
    let again = head(&store, 62).await.expect("due again");
    assert_eq!(again.event.id, due.event.id, "a repeat has the same id");
    assert!(settle(&store, &again, Passing::Taken, 63).await);
    // Whoever was slow moves nothing any more.
    assert!(!settle(&store, &due, Passing::Taken, 64).await);
}

async fn a_failed_head_holds_its_own_line_alone(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let other = World::new(&store, "Астра").await;
    let bad = webhook(&world, &EventKind::ALL).await;
    world.call("+79261234567", 0).await;
    let due = head(&store, 1).await.expect("due");
    settle(&store, &due, Passing::Again(at(100)), 2).await;
    world.call("+79261234567", 3).await;
    assert!(
        head(&store, 50).await.is_none(),
        "the next one waits behind it"
    );
    webhook(&other, &EventKind::ALL).await;
    other.call("+79261234567", 50).await;
    let elsewhere = head(&store, 51).await.expect("another's");
    assert_eq!(elsewhere.event.company, other.company);
    settle(&store, &elsewhere, Passing::Taken, 52).await;
    let webhooks = store.webhooks();
    let fresh = webhooks.take_due(at(101), at(160), 9, &[], true).await;
    assert!(fresh.expect("taken").is_empty(), "it has failed before");
    let passed_over = [world.company];
    let taken = webhooks.take_due(at(101), at(160), 9, &passed_over, false);
    assert!(taken.await.expect("taken").is_empty());
    let again = head(&store, 101).await.expect("due again");
    assert_eq!((again.event.seq, again.attempts), (1, 2));
    let view = webhooks.get(world.company, bad).await.expect("it");
    assert_eq!(view.attempts, 1);
    assert_eq!(view.error.as_deref(), Some("the receiver answered 500"));
}

async fn what_is_given_up_is_passed_over(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    webhook(&world, &[EventKind::MessageCreated]).await;
    let (lost, next) = (message(&world, 0).await, message(&world, 1).await);
    let due = head(&store, 2).await.expect("due");
    settle(&store, &due, Passing::Again(at(10)), 3).await;
    let waiting = delivery(&world, &lost).await;
    assert_eq!(
        (waiting.state, waiting.attempts),
        (DeliveryState::Queued, 1)
    );
    assert!(waiting.error.is_some());
    let due = head(&store, 11).await.expect("due again");
    settle(&store, &due, Passing::GivenUp(at(20)), 12).await;
    assert_eq!(delivery(&world, &lost).await.state, DeliveryState::Failed);
    let failed = store.events().after(world.company, 4, 9).await;
    assert_eq!(failed.expect("events")[0].kind, EventKind::MessageFailed);
    assert!(head(&store, 19).await.is_none());
    let due = head(&store, 21).await.expect("the next");
    settle(&store, &due, Passing::Taken, 22).await;
    let sent = delivery(&world, &next).await;
    assert_eq!((sent.state, sent.next_at), (DeliveryState::Sent, None));
}

async fn a_receiver_that_is_gone_is_switched_off(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let id = webhook(&world, &EventKind::ALL).await;
    let (one, two) = (message(&world, 0).await, message(&world, 1).await);
    let due = head(&store, 2).await.expect("due");
    settle(&store, &due, Passing::Gone, 3).await;
    let webhooks = store.webhooks();
    let view = webhooks.get(world.company, id).await.expect("it");
    assert!(!view.draft.enabled);
    assert_eq!(view.disabled_reason, Some(DisabledReason::Gone));
    assert!(head(&store, 4).await.is_none());
    for message in [&one, &two] {
        assert_eq!(delivery(&world, message).await.state, DeliveryState::Failed);
    }
    // Switched on again it goes on where it stood.
    let draft = WebhookDraft {
        enabled: true,
        ..view.draft
    };
    let on = webhooks.update(world.company, id, &draft, view.version, at(5));
    assert_eq!(on.await.expect("on").disabled_reason, None);
    let due = head(&store, 6).await.expect("due");
    assert_eq!(due.event.seq, 1);
}

async fn a_message_has_a_delivery_for_each_receiver(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    webhook(&world, &[EventKind::MessageCreated]).await;
    webhook(&world, &[EventKind::CallEnded]).await;
    let message = message(&world, 0).await;
    let of_webhook = delivery(&world, &message).await;
    assert_eq!(of_webhook.address, "hooks.example");
    assert_eq!(of_webhook.state, DeliveryState::Queued);
    assert_eq!((of_webhook.next_at, of_webhook.employee), (None, None));
    let stored = store
        .messages()
        .get(world.company, &Seen::Everything, message.id)
        .await;
    let all = stored.expect("stored").deliveries;
    let hooks = all
        .iter()
        .filter(|d| d.delivery.channel == Channel::Webhook);
    assert_eq!(hooks.count(), 1);
}

async fn a_line_that_was_set_back_is_not_moved_on_by_who_held_it(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let id = webhook(&world, &EventKind::ALL).await;
    for second in 0..3 {
        world.call("+79261234567", second).await;
        let due = head(&store, second).await.expect("due");
        settle(&store, &due, Passing::Taken, second).await;
    }
    world.call("+79261234567", 3).await;
    let held = head(&store, 4).await.expect("due");
    let webhooks = store.webhooks();
    let back = webhooks.replay(world.company, id, ReplayFrom::Seq(2), at(5));
    assert_eq!(back.await.expect("set back").cursor, 1);
    assert!(!settle(&store, &held, Passing::Taken, 6).await);
    for seq in 2..=4 {
        let due = head(&store, 7).await.expect("due");
        assert_eq!(due.event.seq, seq);
        settle(&store, &due, Passing::Taken, 7).await;
    }
    let late = webhooks.replay(world.company, id, ReplayFrom::Time(at(3)), at(8));
    assert_eq!(late.await.expect("set back").cursor, 3);
}

async fn what_is_deleted_leaves_nothing_queued(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let id = webhook(&world, &EventKind::ALL).await;
    let message = message(&world, 0).await;
    let due = head(&store, 1).await.expect("due");
    let webhooks = store.webhooks();
    webhooks
        .delete(world.company, id, at(2))
        .await
        .expect("gone");
    assert!(!settle(&store, &due, Passing::Again(at(9)), 3).await);
    let failed = delivery(&world, &message).await;
    assert_eq!(failed.state, DeliveryState::Failed);
    assert_eq!(failed.error.as_deref(), Some("the webhook was deleted"));
    assert_fails!(webhooks.get(world.company, id).await, StoreError::NotFound);
}

async fn another_companys_receiver_is_not_found(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let other = World::new(&store, "Астра").await.company;
    let id = webhook(&world, &EventKind::ALL).await;
    world.call("+79261234567", 0).await;
    let webhooks = store.webhooks();
    let draft = webhooks.get(world.company, id).await.expect("it").draft;
    assert!(webhooks.list(other).await.expect("listed").is_empty());
    assert_fails!(webhooks.get(other, id).await, StoreError::NotFound);
    let update = webhooks.update(other, id, &draft, 1, at(1)).await;
    assert_fails!(update, StoreError::NotFound);
    assert_fails!(
        webhooks.delete(other, id, at(1)).await,
        StoreError::NotFound
    );
    assert_fails!(
        webhooks.rotate(other, id, at(1)).await,
        StoreError::NotFound
    );
    let replay = webhooks.replay(other, id, ReplayFrom::Seq(1), at(1)).await;
    assert_fails!(replay, StoreError::NotFound);
    let attempts = webhooks.attempts(other, id, Default::default()).await;
    assert_fails!(attempts, StoreError::NotFound);
    assert_fails!(
        webhooks.event(other, id, 1, at(1)).await,
        StoreError::NotFound
    );
    assert_fails!(
        webhooks.test_event(other, id, at(1)).await,
        StoreError::NotFound
    );
}

async fn a_delivery_is_tried_again_by_itself(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    webhook(&world, &[EventKind::MessageCreated]).await;
    let message = message(&world, 0).await;
    let due = head(&store, 1).await.expect("due");
    settle(&store, &due, Passing::GivenUp(at(2)), 2).await;
    let failed = delivery(&world, &message).await;
    let webhooks = store.webhooks();
    let again = webhooks.event_of(failed.id, at(3)).await.expect("asked");
    let again = again.expect("the event");
    assert_eq!(again.event.id, due.event.id);
    let good = attempt(3, None);
    let seq = Some(again.event.seq);
    let settled = webhooks.settle_by_hand(&again, seq, &good, at(3)).await;
    settled.expect("settled");
    assert_eq!(delivery(&world, &message).await.state, DeliveryState::Sent);
}

async fn an_old_secret_signs_for_a_day(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let id = webhook(&world, &EventKind::ALL).await;
    world.call("+79261234567", 0).await;
    let webhooks = store.webhooks();
    let before = webhooks.event(world.company, id, 1, at(0)).await;
    let before = before.expect("an event").secrets;
    let fresh = webhooks.rotate(world.company, id, at(10)).await;
    let fresh = fresh.expect("a secret");
    let now = webhooks.event(world.company, id, 1, at(20)).await;
    assert_eq!(
        now.expect("an event").secrets,
        [fresh.clone(), before[0].clone()]
    );
    let later = webhooks
        .event(world.company, id, 1, at(10 + 24 * 3600))
        .await;
    assert_eq!(later.expect("an event").secrets, [fresh]);
}
