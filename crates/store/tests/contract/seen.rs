//! What an employee may see of the company's calls and messages.

use model::company::Notify;
use model::id::{CallId, MessageId};
use model::line::Recipient;
use store::{
    CallFilter, DepartmentDraft, MessageFilter, Own, PageRequest, Seen, Store, StoreError,
};

use crate::world::{World, department, employee};

stories! {
    an_employee_sees_what_is_addressed_to_them
    a_call_with_two_messages_shows_each_their_own
    who_is_no_employee_sees_nothing
}

async fn seen(world: &World, email: &str) -> Seen {
    let employees = world.store.employees();
    employees.seen_by(world.company, email).await.expect("told")
}

async fn calls(world: &World, seen: &Seen) -> Vec<CallId> {
    let filter = CallFilter {
        seen: seen.clone(),
        ..CallFilter::default()
    };
    let page = PageRequest::default();
    let calls = world.store.calls();
    let list = calls.list(world.company, &filter, page).await;
    let rows = list.expect("a list").items;
    rows.into_iter().map(|row| row.call.id).collect()
}

async fn messages(world: &World, seen: &Seen) -> Vec<MessageId> {
    let filter = MessageFilter {
        seen: seen.clone(),
        ..MessageFilter::default()
    };
    let page = PageRequest::default();
    let messages = world.store.messages();
    let list = messages.list(world.company, &filter, page).await;
    let rows = list.expect("a list").items;
    rows.into_iter().map(|row| row.message.id).collect()
}

/// A call with a message to somebody.
async fn told(world: &World, seconds: i64, recipient: Recipient) -> (CallId, MessageId) {
    let call = world.call("101", seconds).await;
    let mut message = world.message(call, seconds);
    message.recipient = recipient;
    let stored = world.store.messages().create(&message, false).await;
    stored.expect("stored");
    (call, message.id)
}

async fn an_employee_sees_what_is_addressed_to_them(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let departments = store.departments();
    let rows = [
        DepartmentDraft {
            id: Some(world.department),
            ..department("Продажи")
        },
        DepartmentDraft {
            notify: Notify::Employee {
                employee: world.boris,
            },
            ..department("Склад")
        },
        department("Бухгалтерия"),
    ];
    let saved = departments.replace_all(world.company, &rows, 2).await;
    let saved = saved.expect("saved").value;
    let to = |row: usize| Recipient::Department {
        department: saved[row].id,
    };
    world.call("101", 0).await;
    let to_anna = Recipient::Employee {
        employee: world.anna,
    };
    let anna = told(&world, 1, to_anna).await;
    let sales = told(&world, 2, to(0)).await;
    let stock = told(&world, 3, to(1)).await;
    let books = told(&world, 4, to(2)).await;

    let of_anna = seen(&world, "anna@romashka.example").await;
    assert_eq!(calls(&world, &of_anna).await, [sales.0, anna.0]);
    assert_eq!(messages(&world, &of_anna).await, [sales.1, anna.1]);
    // Boris is of the same department, and is the one whom another notifies.
    let of_boris = seen(&world, "boris@romashka.example").await;
    assert_eq!(calls(&world, &of_boris).await, [stock.0, sales.0]);
    assert_eq!(messages(&world, &of_boris).await, [stock.1, sales.1]);
    assert_eq!(calls(&world, &Seen::Everything).await.len(), 5);

    let (company, reads) = (world.company, store.calls());
    for (seen, call, right) in [
        (&of_anna, anna.0, true),
        (&of_anna, books.0, false),
        (&of_boris, anna.0, false),
        (&of_boris, stock.0, true),
    ] {
        let told = reads.is_seen(company, call, seen).await.expect("told");
        assert_eq!(told, right);
        if right {
            reads.get_seen(company, call, seen).await.expect("seen");
        } else {
            assert_fails!(
                reads.get_seen(company, call, seen).await,
                StoreError::NotFound
            );
        }
    }
    let other = World::new(&store, "Астра").await;
    let strange = reads.is_seen(other.company, anna.0, &of_anna).await;
    assert!(!strange.expect("told"));
}

async fn a_call_with_two_messages_shows_each_their_own(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let to_anna = Recipient::Employee {
        employee: world.anna,
    };
    let (call, first) = told(&world, 1, to_anna).await;
    let mut second = world.message(call, 2);
    second.recipient = Recipient::Employee {
        employee: world.boris,
    };
    let stored = store.messages().create(&second, false).await;
    stored.expect("stored");

    let anna = seen(&world, "anna@romashka.example").await;
    let told = store.calls().get_seen(world.company, call, &anna).await;
    let told = told.expect("seen");
    let ids: Vec<MessageId> = told.messages.iter().map(|m| m.message.id).collect();
    assert_eq!(ids, [first]);
    assert_eq!(told.row.message.map(|brief| brief.id), Some(first));
    let get = async |id| store.messages().get(world.company, &anna, id).await;
    assert_eq!(get(first).await.expect("seen").message.id, first);
    assert_fails!(get(second.id).await, StoreError::NotFound);
}

async fn who_is_no_employee_sees_nothing(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let other = World::new(&store, "Астра").await;
    let people = [employee("vera@astra.example", "Вера", None)];
    let saved = store.employees();
    let saved = saved.replace_all(other.company, &people, 2).await;
    saved.expect("saved");
    let to_anna = Recipient::Employee {
        employee: world.anna,
    };
    told(&world, 1, to_anna).await;
    for email in ["nobody@romashka.example", "vera@astra.example"] {
        let nobody = seen(&world, email).await;
        assert_eq!(nobody, Seen::Of(Own::default()));
        assert!(calls(&world, &nobody).await.is_empty());
        assert!(messages(&world, &nobody).await.is_empty());
    }
}
