//! What people do with messages.

use model::company::Notify;
use model::id::{EmployeeId, EventId, MessageId};
use model::line::Recipient;
use model::message::{Channel, DeliveryState, Message, MessageState};
use model::notice::Event;
use store::{
    Actor, Comment, Conflict, DepartmentDraft, MessageFilter, PageRequest, Seen, Store, StoreError,
    StoredMessage,
};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::world::{World, at, department};

stories! {
    a_message_is_read_accepted_and_closed
    only_one_accepts
    of_two_who_accept_at_once_one_wins
    a_message_is_given_back_and_opened_again
    a_comment_is_stored_once
    a_colleague_is_given_a_message_and_sees_it
    a_list_holds_what_one_was_told_of_besides
    what_is_unread_is_counted_for_each
    messages_are_listed_by_state
    nobody_does_anything_with_what_they_do_not_see
}

fn ladder(stored: &StoredMessage, employee: Option<EmployeeId>) -> DeliveryState {
    let mut deliveries = stored.deliveries.iter().map(|stored| &stored.delivery);
    let found = deliveries.find(|delivery| delivery.employee == employee);
    found.expect("a delivery").state
}

async fn a_message_is_read_accepted_and_closed(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let (company, all) = (world.company, Seen::Everything);
    let id = world.told(0).await;
    let anna = world.actor(world.anna).await;
    let email = world.details(id).await.stored.deliveries[1].delivery.id;
    store
        .deliveries()
        .mark_sent(email, at(1))
        .await
        .expect("sent");

    let messages = store.messages();
    let read = messages.read(company, &all, id, &anna, at(2)).await;
    let read = read.expect("read");
    assert!(!read.unread);
    assert_eq!(ladder(&read, Some(world.anna)), DeliveryState::Read);
    messages
        .read(company, &all, id, &anna, at(3))
        .await
        .expect("again");

    let accepted = messages.accept(company, &all, id, &anna, at(4)).await;
    let accepted = accepted.expect("accepted");
    assert_eq!(accepted.state, MessageState::Accepted);
    let mark = accepted.accepted.clone().expect("told");
    assert_eq!(
        (mark.by, mark.name.as_str(), mark.at),
        (Some(anna.user), "Анна", at(4))
    );
    assert_eq!(ladder(&accepted, Some(world.anna)), DeliveryState::Accepted);
    assert_eq!(ladder(&accepted, None), DeliveryState::Accepted);

    let closed = messages.close(company, &all, id, &anna, at(5)).await;
    let closed = closed.expect("closed");
    assert_eq!(closed.state, MessageState::Closed);
    assert_eq!(closed.closed.clone().expect("told").at, at(5));
    assert_eq!(ladder(&closed, Some(world.anna)), DeliveryState::Closed);
    messages
        .close(company, &all, id, &anna, at(6))
        .await
        .expect("again");
    assert_fails!(
        messages.accept(company, &all, id, &anna, at(7)).await,
        StoreError::Conflict {
            what: Conflict::MessageClosed
        }
    );

    let timeline = world.details(id).await.timeline;
    let told: Vec<_> = timeline
        .iter()
        .map(|it| (it.at, it.by.as_deref(), &it.event))
        .collect();
    let sent = Event::Delivery {
        delivery: email,
        channel: Channel::Email,
        to: Some("Анна".into()),
        state: DeliveryState::Sent,
        reason: None,
    };
    let created = Event::Created {
        recipient: "Анна".into(),
    };
    let expected = [
        (at(0), None, &created),
        (at(1), None, &sent),
        (at(2), Some("Анна"), &Event::Read),
        (at(4), Some("Анна"), &Event::Accepted),
        (at(5), Some("Анна"), &Event::Closed),
    ];
    assert_eq!(told, expected);
}

async fn only_one_accepts(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let (company, all) = (world.company, Seen::Everything);
    let id = world.told(0).await;
    let (anna, boris) = (
        world.actor(world.anna).await,
        world.actor(world.boris).await,
    );
    let messages = store.messages();
    messages
        .accept(company, &all, id, &anna, at(1))
        .await
        .expect("accepted");
    let again = messages.accept(company, &all, id, &anna, at(2)).await;
    assert_eq!(again.expect("again").accepted.expect("told").at, at(1));
    let refused = messages
        .accept(company, &all, id, &boris, at(3))
        .await
        .err();
    let Some(StoreError::Conflict { what }) = refused else {
        panic!("not refused: {refused:?}");
    };
    assert_eq!(
        what,
        Conflict::AlreadyAccepted {
            by: "Анна".into()
        }
    );
    // A letter that had not left has no need to: Anna has it.
    let stored = world.details(id).await.stored;
    assert_eq!(ladder(&stored, Some(world.anna)), DeliveryState::Accepted);
    assert_eq!(
        store
            .deliveries()
            .next_due_after(jiff::Timestamp::UNIX_EPOCH)
            .await
            .expect("asked"),
        None
    );
}

async fn of_two_who_accept_at_once_one_wins(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let people = [
        world.actor(world.anna).await,
        world.actor(world.boris).await,
    ];
    for second in 0..10 {
        let id = world.told(second).await;
        let mut both = JoinSet::new();
        for actor in people.clone() {
            let (store, company) = (store.clone(), world.company);
            both.spawn(async move {
                let messages = store.messages();
                let seen = Seen::Everything;
                messages.accept(company, &seen, id, &actor, at(20)).await
            });
        }
        let outcomes = both.join_all().await;
        let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!(won, 1, "{outcomes:?}");
        let events = world.events(id).await;
        let accepted = events.iter().filter(|it| **it == Event::Accepted);
        assert_eq!(accepted.count(), 1);
    }
}

async fn a_message_is_given_back_and_opened_again(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let (company, all) = (world.company, Seen::Everything);
    let call = world.call("101", 0).await;
    let message = Message {
        recipient: Recipient::Department {
            department: world.department,
        },
        ..world.message(call, 0)
    };
    let id = message.id;
    world.store_message(&message).await;
    let anna = world.actor(world.anna).await;
    let messages = store.messages();
    messages
        .accept(company, &all, id, &anna, at(1))
        .await
        .expect("accepted");
    let given = messages.release(company, &all, id, &anna, at(2)).await;
    let given = given.expect("given back");
    assert_eq!(
        (given.state, given.accepted.clone()),
        (MessageState::Open, None)
    );
    assert_eq!(given.next_step_at, Some(at(2)));
    // Boris is told again, Anna is not.
    let before = emails(&world, id).await;
    for queued in before
        .iter()
        .filter(|(_, state)| *state == DeliveryState::Queued)
    {
        assert_eq!(queued.0, Some(world.boris));
    }
    for due in store
        .deliveries()
        .take_due(
            store::Taking::all(model::message::Channel::Email),
            at(2),
            at(60),
            10,
        )
        .await
        .expect("taken")
    {
        store
            .deliveries()
            .mark_sent(due.delivery.id, at(2))
            .await
            .expect("sent");
    }
    assert_eq!(world.steps(2).await, 1);
    let told = emails(&world, id).await;
    assert_eq!(told.len(), before.len() + 1);
    assert_eq!(
        told.last(),
        Some(&(Some(world.boris), DeliveryState::Queued))
    );
    let open = messages.release(company, &all, id, &anna, at(3)).await;
    assert_eq!(open.expect("nothing to give").state, MessageState::Open);

    messages
        .close(company, &all, id, &anna, at(4))
        .await
        .expect("closed");
    assert_fails!(
        messages.release(company, &all, id, &anna, at(5)).await,
        StoreError::Conflict {
            what: Conflict::MessageClosed
        }
    );
    let open = messages.reopen(company, &all, id, &anna, at(6)).await;
    let open = open.expect("opened");
    assert_eq!((open.state, open.closed), (MessageState::Open, None));
    let events = world.events(id).await;
    for event in [
        Event::Accepted,
        Event::Released,
        Event::Closed,
        Event::Reopened,
    ] {
        assert!(events.contains(&event), "{event:?}");
    }
}

async fn emails(world: &World, id: MessageId) -> Vec<(Option<EmployeeId>, DeliveryState)> {
    let stored = world.details(id).await.stored;
    let all = stored.deliveries.into_iter().map(|stored| stored.delivery);
    all.filter(|delivery| delivery.channel == Channel::Email)
        .map(|delivery| (delivery.employee, delivery.state))
        .collect()
}

async fn a_comment_is_stored_once(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let (company, all) = (world.company, Seen::Everything);
    let (id, other) = (world.told(0).await, world.told(1).await);
    let anna = world.actor(world.anna).await;
    let comment = |text: &str| Comment {
        id: EventId(Uuid::nil()),
        text: text.into(),
    };
    let messages = store.messages();
    for second in [2, 3] {
        let written = comment("Перезвоню завтра");
        let stored = messages
            .comment(company, &all, id, &written, &anna, at(second))
            .await;
        stored.expect("written");
    }
    let timeline = world.details(id).await.timeline;
    let [_, written] = &timeline[..] else {
        panic!("{timeline:?}");
    };
    assert_eq!((written.at, written.by.as_deref()), (at(2), Some("Анна")));
    let text = Event::Comment {
        text: "Перезвоню завтра".into(),
    };
    assert_eq!((written.id, &written.event), (EventId(Uuid::nil()), &text));
    for (message, text) in [(id, "Иначе"), (other, "Перезвоню завтра")] {
        assert_fails!(
            messages
                .comment(company, &all, message, &comment(text), &anna, at(4))
                .await,
            StoreError::Conflict {
                what: Conflict::MessageDiffers
            }
        );
    }
}

async fn a_colleague_is_given_a_message_and_sees_it(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let company = world.company;
    let id = world.told(0).await;
    let anna = world.actor(world.anna).await;
    let (hers, his) = (
        world.seen("anna@romashka.example").await,
        world.seen("boris@romashka.example").await,
    );
    let messages = store.messages();
    assert_fails!(messages.get(company, &his, id).await, StoreError::NotFound);
    messages
        .accept(company, &hers, id, &anna, at(1))
        .await
        .expect("accepted");
    let given = messages
        .assign(company, &hers, id, world.boris, &anna, at(2))
        .await;
    let given = given.expect("assigned");
    assert_eq!(
        (given.assignee, given.state),
        (Some(world.boris), MessageState::Open)
    );
    assert_eq!(given.assignee_name.as_deref(), Some("Борис"));
    messages
        .get(company, &his, id)
        .await
        .expect("seen from now on");
    assert_eq!(world.steps(2).await, 1);
    let told = emails(&world, id).await;
    assert_eq!(
        told.last(),
        Some(&(Some(world.boris), DeliveryState::Queued))
    );
    // Taking it on oneself is the same with one's own name.
    let own = messages
        .assign(company, &hers, id, world.anna, &anna, at(3))
        .await;
    let own = own.expect("assigned");
    assert_eq!(
        (own.state, own.next_step_at),
        (MessageState::Accepted, None)
    );
    let stranger = EmployeeId(Uuid::now_v7());
    assert_fails!(
        messages
            .assign(company, &hers, id, stranger, &anna, at(4))
            .await,
        StoreError::Conflict {
            what: Conflict::UnknownRecipient
        }
    );
}

async fn a_list_holds_what_one_was_told_of_besides(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let company = world.company;
    let anna = world.actor(world.anna).await;
    let mut expected = Vec::new();
    for second in 0..20 {
        let call = world.call("101", second).await;
        let message = match second % 3 {
            0 => Message {
                recipient: Recipient::Department {
                    department: world.department,
                },
                ..world.message(call, second)
            },
            _ => world.message(call, second),
        };
        world.store_message(&message).await;
        if second % 3 == 1 {
            let all = Seen::Everything;
            let messages = store.messages();
            let assigned = messages
                .assign(company, &all, message.id, world.boris, &anna, at(second))
                .await;
            assigned.expect("assigned");
        }
        if second % 3 != 2 {
            expected.push(message.id);
        }
    }
    expected.reverse();
    let seen = world.seen("boris@romashka.example").await;
    for (limit, search) in [
        (50, None),
        (3, None),
        (1, None),
        (50, Some("букет")),
        (2, Some("букет")),
    ] {
        let filter = MessageFilter {
            search: search.map(str::to_owned),
            seen: seen.clone(),
            ..MessageFilter::default()
        };
        let mut request = PageRequest { after: None, limit };
        let mut read = Vec::new();
        loop {
            let page = store.messages().list(company, &filter, request).await;
            let page = page.expect("a page");
            read.extend(page.items.iter().map(|item| item.message.id));
            request.after = page.next;
            if page.next.is_none() {
                break;
            }
        }
        assert_eq!(read, expected, "{limit} {search:?}");
    }
}

async fn what_is_unread_is_counted_for_each(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let company = world.company;
    let (anna, boris) = (
        world.actor(world.anna).await,
        world.actor(world.boris).await,
    );
    let (hers, his) = (
        world.seen("anna@romashka.example").await,
        world.seen("boris@romashka.example").await,
    );
    let ids = [
        world.told(0).await,
        world.told(1).await,
        world.told(2).await,
    ];
    let messages = store.messages();
    let unread = async |seen: &Seen, actor: &Actor| {
        let count = messages.unread(company, seen, actor.user).await;
        count.expect("counted")
    };
    assert_eq!(
        (unread(&hers, &anna).await, unread(&his, &boris).await),
        (3, 0)
    );
    messages
        .read(company, &hers, ids[0], &anna, at(3))
        .await
        .expect("read");
    assert_eq!(unread(&hers, &anna).await, 2);
    assert_eq!(unread(&Seen::Everything, &boris).await, 3);
    messages
        .assign(company, &hers, ids[1], world.boris, &anna, at(4))
        .await
        .expect("given");
    assert_eq!(unread(&his, &boris).await, 1);
    // Accepted by another, it needs no reading.
    messages
        .accept(company, &his, ids[1], &boris, at(5))
        .await
        .expect("accepted");
    assert_eq!(
        (unread(&hers, &anna).await, unread(&his, &boris).await),
        (1, 0)
    );
    let filter = MessageFilter {
        seen: hers,
        viewer: Some(anna.user),
        ..MessageFilter::default()
    };
    let page = messages
        .list(company, &filter, PageRequest::default())
        .await;
    let told: Vec<bool> = page
        .expect("a page")
        .items
        .iter()
        .map(|it| it.unread)
        .collect();
    assert_eq!(told, [true, false, false]);
}

async fn messages_are_listed_by_state(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let (company, all) = (world.company, Seen::Everything);
    let ids = [
        world.told(0).await,
        world.told(1).await,
        world.told(2).await,
    ];
    let anna = world.actor(world.anna).await;
    let messages = store.messages();
    messages
        .accept(company, &all, ids[1], &anna, at(3))
        .await
        .expect("accepted");
    messages
        .close(company, &all, ids[2], &anna, at(3))
        .await
        .expect("closed");
    let states = [
        MessageState::Open,
        MessageState::Accepted,
        MessageState::Closed,
    ];
    for seen in [all, world.seen("anna@romashka.example").await] {
        for (state, id) in states.into_iter().zip(ids) {
            let filter = MessageFilter {
                state: Some(state),
                seen: seen.clone(),
                ..MessageFilter::default()
            };
            let page = messages
                .list(company, &filter, PageRequest::default())
                .await;
            let found: Vec<MessageId> = page
                .expect("a page")
                .items
                .iter()
                .map(|it| it.message.id)
                .collect();
            assert_eq!(found, [id], "{state:?}");
        }
    }
}

async fn nobody_does_anything_with_what_they_do_not_see(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let other = World::new(&store, "Астра").await;
    let id = world.told(0).await;
    let boris = world.actor(world.boris).await;
    let departments = [DepartmentDraft {
        id: Some(world.department),
        notify: Notify::Everyone,
        ..department("Продажи")
    }];
    let saved = store
        .departments()
        .replace_all(world.company, &departments, 2)
        .await;
    saved.expect("saved");
    let his = world.seen("boris@romashka.example").await;
    let comment = Comment {
        id: EventId(Uuid::now_v7()),
        text: "?".into(),
    };
    let (messages, now) = (store.messages(), at(1));
    for (company, seen) in [(world.company, &his), (other.company, &Seen::Everything)] {
        for outcome in [
            messages.get(company, seen, id).await,
            messages.read(company, seen, id, &boris, now).await,
            messages.accept(company, seen, id, &boris, now).await,
            messages.release(company, seen, id, &boris, now).await,
            messages.close(company, seen, id, &boris, now).await,
            messages.reopen(company, seen, id, &boris, now).await,
            messages
                .comment(company, seen, id, &comment, &boris, now)
                .await,
            messages
                .assign(company, seen, id, world.boris, &boris, now)
                .await,
        ] {
            assert_fails!(outcome, StoreError::NotFound);
        }
        assert_fails!(
            messages.details(company, seen, id, boris.user).await,
            StoreError::NotFound
        );
    }
    assert_fails!(
        messages
            .assign(
                world.company,
                &Seen::Everything,
                id,
                other.anna,
                &boris,
                now
            )
            .await,
        StoreError::Conflict {
            what: Conflict::UnknownRecipient
        }
    );
    assert_eq!(world.events(id).await.len(), 1, "nothing happened to it");
}
