use model::company::Notify;
use model::id::{CallId, EmployeeId, QuestionId};
use model::line::Recipient;
use model::message::{Channel, Delivery, DeliveryState, Message};
use model::question::{Answer, ValueKind};
use store::{Conflict, DepartmentDraft, MessageFilter, PageRequest, Seen, Store, StoreError};
use uuid::Uuid;

use crate::world::{World, at, department};

stories! {
    a_message_has_its_deliveries_at_once
    sending_twice_stores_once
    a_department_notifies_everyone_or_the_chosen_one
    names_outlive_people
    messages_are_listed_and_searched
    a_message_for_nobody_is_not_stored
    both_of_two_at_once_get_the_same
    answers_are_a_part_of_what_was_said
}

async fn answers_are_a_part_of_what_was_said(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let call = world.call("101", 0).await;
    let mut message = world.message(call, 10);
    message.answers = vec![Answer {
        question: QuestionId(Uuid::from_u128(1)),
        label: "Договор".into(),
        kind: ValueKind::Text,
        value: "А-17/Север".into(),
    }];
    let messages = store.messages();
    let created = messages.create(&message, false).await.expect("created");
    assert_eq!(created.stored.message.answers, message.answers);
    let found = MessageFilter {
        search: Some("север".into()),
        ..MessageFilter::default()
    };
    let page = PageRequest {
        limit: 10,
        ..PageRequest::default()
    };
    let listed = messages.list(world.company, &found, page).await;
    assert_eq!(listed.expect("a list").items.len(), 1);

    let again = messages.create(&message, false).await.expect("the same");
    assert!(!again.fresh);
    message.answers[0].value = "А-18".into();
    let differs = messages.create(&message, false).await;
    assert!(matches!(
        differs,
        Err(StoreError::Conflict {
            what: Conflict::MessageDiffers,
            ..
        })
    ));
}

async fn a_message_has_its_deliveries_at_once(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let call = world.call("101", 0).await;
    let message = world.message(call, 10);
    let created = store
        .messages()
        .create(&message, true)
        .await
        .expect("created");
    assert!(created.fresh);
    let stored = created.stored;
    assert_eq!(stored.message.caller_phone, "+79261234567");
    assert_eq!(stored.author_name.as_deref(), Some("Ольга"));
    assert_eq!(stored.recipient_name, "Анна");
    let [cabinet, email] = &stored.deliveries[..] else {
        panic!("{:?}", stored.deliveries);
    };
    assert_eq!(
        (cabinet.delivery.channel, cabinet.delivery.state),
        (Channel::Cabinet, DeliveryState::Delivered)
    );
    let expected = Delivery {
        id: email.delivery.id,
        message: message.id,
        employee: Some(world.anna),
        channel: Channel::Email,
        address: "anna@romashka.example".into(),
        state: DeliveryState::Queued,
        attempts: 0,
        next_at: Some(at(10)),
        held_until: None,
        error: None,
        changed_at: at(10),
    };
    assert_eq!(email.delivery, expected);
    assert_eq!(email.employee_name.as_deref(), Some("Анна"));
    assert_eq!(
        store
            .messages()
            .get(world.company, &Seen::Everything, message.id)
            .await
            .expect("read"),
        stored
    );

    // Without mail nothing pretends to be on its way.
    let without = store
        .messages()
        .create(&world.message(call, 11), false)
        .await
        .expect("created");
    assert_eq!(without.stored.deliveries.len(), 1);
}

async fn sending_twice_stores_once(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let call = world.call("101", 0).await;
    let message = world.message(call, 10);
    let first = store
        .messages()
        .create(&message, true)
        .await
        .expect("created");
    let later = Message {
        created_at: at(20),
        ..message.clone()
    };
    let again = store
        .messages()
        .create(&later, true)
        .await
        .expect("repeated");
    assert!(!again.fresh);
    assert_eq!(again.stored, first.stored);

    let other_text = Message {
        text: "Другое".into(),
        ..message.clone()
    };
    let other_call = Message {
        call: world.call("102", 1).await,
        ..message.clone()
    };
    let to_other = Message {
        recipient: Recipient::Employee {
            employee: world.boris,
        },
        ..message
    };
    for different in [other_text, other_call, to_other] {
        assert_fails!(
            store.messages().create(&different, true).await,
            StoreError::Conflict {
                what: Conflict::MessageDiffers
            }
        );
    }
}

async fn a_department_notifies_everyone_or_the_chosen_one(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let call = world.call("101", 0).await;
    let to_department = Recipient::Department {
        department: world.department,
    };
    let addressees = async |second| {
        let message = Message {
            recipient: to_department,
            ..world.message(call, second)
        };
        let stored = store
            .messages()
            .create(&message, true)
            .await
            .expect("created")
            .stored;
        assert_eq!(stored.recipient_name, "Продажи");
        stored
            .deliveries
            .iter()
            .filter_map(|d| d.delivery.employee)
            .collect::<Vec<EmployeeId>>()
    };
    assert_eq!(addressees(1).await, [world.anna, world.boris]);
    let chosen = DepartmentDraft {
        id: Some(world.department),
        notify: Notify::Employee {
            employee: world.boris,
        },
        ..department("Продажи")
    };
    store
        .departments()
        .replace_all(world.company, &[chosen], 2)
        .await
        .expect("saved");
    assert_eq!(addressees(2).await, [world.boris]);
}

async fn names_outlive_people(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let call = world.call("101", 0).await;
    let message = world.message(call, 10);
    store
        .messages()
        .create(&message, true)
        .await
        .expect("created");
    store
        .employees()
        .replace_all(world.company, &[], 2)
        .await
        .expect("deleted");
    let read = store
        .messages()
        .get(world.company, &Seen::Everything, message.id)
        .await
        .expect("read");
    assert_eq!(read.recipient_name, "Анна");
    assert_eq!(read.deliveries[1].employee_name.as_deref(), Some("Анна"));
    let again = store
        .messages()
        .create(&message, true)
        .await
        .expect("a repeat needs nobody");
    assert!(!again.fresh);
}

async fn messages_are_listed_and_searched(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let call = world.call("101", 0).await;
    let mut ids = Vec::new();
    for second in 0..5 {
        let message = world.message(call, second);
        store
            .messages()
            .create(&message, true)
            .await
            .expect("created");
        ids.push(message.id);
    }
    ids.reverse();
    let mut request = PageRequest {
        after: None,
        limit: 2,
    };
    let mut read = Vec::new();
    loop {
        let page = store
            .messages()
            .list(world.company, &MessageFilter::default(), request)
            .await
            .expect("page");
        assert!(
            page.items
                .iter()
                .all(|message| message.deliveries.len() == 2)
        );
        read.extend(page.items.iter().map(|message| message.message.id));
        request.after = page.next;
        if page.next.is_none() {
            break;
        }
    }
    assert_eq!(read, ids);
    let request = PageRequest::default();
    for (search, count) in [("БУКЕТЕ", 5), ("8 926 123", 5), ("петров", 5), ("пионы", 0)]
    {
        let filter = MessageFilter {
            search: Some(search.into()),
            ..MessageFilter::default()
        };
        let page = store
            .messages()
            .list(world.company, &filter, request)
            .await
            .expect("page");
        assert_eq!(page.items.len(), count, "{search}");
    }
}

async fn a_message_for_nobody_is_not_stored(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let other = World::new(&store, "Астра").await;
    let call = world.call("101", 0).await;
    let astray = Message {
        recipient: Recipient::Employee {
            employee: other.anna,
        },
        ..world.message(call, 1)
    };
    assert_fails!(
        store.messages().create(&astray, true).await,
        StoreError::Conflict {
            what: Conflict::UnknownRecipient
        }
    );
    let homeless = world.message(CallId(Uuid::now_v7()), 1);
    assert_fails!(
        store.messages().create(&homeless, true).await,
        StoreError::NotFound
    );
    let told = store.calls().get(world.company, call).await.expect("call");
    assert!(told.messages.is_empty());
    assert_eq!(
        store
            .deliveries()
            .next_due_after(jiff::Timestamp::UNIX_EPOCH)
            .await
            .expect("asked"),
        None
    );
}

async fn both_of_two_at_once_get_the_same(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let call = world.call("101", 0).await;
    let message = world.message(call, 1);
    let (one, two) = tokio::join!(
        {
            let (store, message) = (store.clone(), message.clone());
            tokio::spawn(async move { store.messages().create(&message, true).await })
        },
        {
            let (store, message) = (store.clone(), message.clone());
            tokio::spawn(async move { store.messages().create(&message, true).await })
        },
    );
    let one = one.expect("joined").expect("created");
    let two = two.expect("joined").expect("created");
    assert_eq!(one.stored, two.stored);
    assert!(one.fresh != two.fresh);
}
