use model::call::Ending;
use model::journal::JournalEntry;
use model::message::Channel;
use store::{Change, ChangeKind, Store, StoreError, Taking};

use crate::world::{World, account, at};

stories! {
    what_is_committed_is_told
    what_is_refused_is_not_told
}

async fn what_is_committed_is_told(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let mut feed = store.changes();
    let mut expect = |kind| {
        let change = Change {
            company: world.company,
            kind,
        };
        assert_eq!(feed.try_recv(), Ok(change));
    };
    let call = world.call("101", 0).await;
    expect(ChangeKind::Call(call));
    store
        .calls()
        .set_answered(world.company, call, world.operator, at(1))
        .await
        .expect("answered");
    expect(ChangeKind::Call(call));
    let message = world.message(call, 2);
    store
        .messages()
        .create(&message, true)
        .await
        .expect("message");
    expect(ChangeKind::Call(call));
    expect(ChangeKind::Message(message.id));
    store
        .messages()
        .create(&message, true)
        .await
        .expect("a repeat is nothing new");
    let due = store
        .deliveries()
        .take_due(Taking::all(Channel::Email), at(2), at(60), 1)
        .await
        .expect("taken");
    store
        .deliveries()
        .mark_sent(due[0].delivery.id, at(3))
        .await
        .expect("sent");
    expect(ChangeKind::Message(message.id));
    store
        .calls()
        .finish(world.company, call, Ending::CallerHungUp, at(4))
        .await
        .expect("finished");
    expect(ChangeKind::Call(call));
    store
        .lines()
        .put_account(world.company, world.line, &account("200"))
        .await
        .expect("account");
    expect(ChangeKind::Line(world.line));
    store
        .journal()
        .append(world.line, at(5), &JournalEntry::Unregistered, true)
        .await
        .expect("journal");
    expect(ChangeKind::Line(world.line));
    let hours = store.companies().hours(world.company).await.expect("hours");
    store
        .companies()
        .put_hours(world.company, &hours.value, hours.version)
        .await
        .expect("hours");
    expect(ChangeKind::Hours);
    feed.try_recv().expect_err("nothing else");
}

async fn what_is_refused_is_not_told(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let other = World::new(&store, "Астра").await;
    let call = world.call("101", 0).await;
    let mut feed = store.changes();
    assert_fails!(
        store
            .calls()
            .set_called_back(other.company, call, true, other.operator, at(9))
            .await,
        StoreError::NotFound
    );
    assert_fails!(
        store.lines().rename(other.company, world.line, "Моя").await,
        StoreError::NotFound
    );
    feed.try_recv().expect_err("nothing happened");
}
