//! Browsers that take notifications, and secrets of the server's own.

use model::id::UserId;
use model::message::Channel;
use store::{NewPushSubscription, Store};

use crate::world::{World, at};

stories! {
    a_message_is_pushed_to_employees_with_a_browser
    a_browser_has_one_user_and_a_user_ten_browsers
    a_secret_is_kept_as_it_was_first
}

fn browser(number: u32) -> NewPushSubscription {
    NewPushSubscription {
        endpoint: format!("https://push.example/{number}"),
        point: vec![4; 65],
        auth: vec![7; 16],
        agent: "Firefox".into(),
    }
}

async fn user_of(store: &Store, login: &str) -> UserId {
    store.users().by_login(login).await.expect("a user").id
}

async fn a_message_is_pushed_to_employees_with_a_browser(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let anna = user_of(&store, "anna@romashka.example").await;
    let subscriptions = store.push_subscriptions();
    let added = subscriptions.add(anna, &browser(1), at(0)).await;
    added.expect("added");
    let call = world.call("+79261234567", 0).await;
    let created = store.messages().create(&world.message(call, 1), true).await;
    let deliveries = created.expect("created").stored.deliveries;
    let ways: Vec<Channel> = deliveries.iter().map(|d| d.delivery.channel).collect();
    assert_eq!(ways, [Channel::Cabinet, Channel::Email, Channel::Push]);
    let of = subscriptions.of_employee(world.company, world.anna).await;
    assert_eq!(of.expect("browsers").len(), 1);
    let none = subscriptions.of_employee(world.company, world.boris).await;
    assert!(none.expect("browsers").is_empty());
    let other = World::new(&store, "Астра").await;
    let strange = subscriptions.of_employee(other.company, world.anna).await;
    assert!(strange.expect("browsers").is_empty());
}

async fn a_browser_has_one_user_and_a_user_ten_browsers(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let anna = user_of(&store, "anna@romashka.example").await;
    let boris = user_of(&store, "boris@romashka.example").await;
    let subscriptions = store.push_subscriptions();
    for number in 0..12 {
        let added = subscriptions
            .add(anna, &browser(number), at(i64::from(number)))
            .await;
        added.expect("added");
    }
    let of_anna = subscriptions.of_employee(world.company, world.anna).await;
    let of_anna = of_anna.expect("browsers");
    assert_eq!(of_anna.len(), 10);
    assert_eq!(
        of_anna[0].endpoint, "https://push.example/2",
        "the oldest went"
    );
    let moved = subscriptions.add(boris, &browser(5), at(20)).await;
    moved.expect("added");
    // Boris's browser is not Anna's to remove.
    let removed = subscriptions.remove(anna, "https://push.example/5").await;
    removed.expect("removed");
    let of_boris = subscriptions.of_employee(world.company, world.boris).await;
    let of_boris = of_boris.expect("browsers");
    assert_eq!(of_boris.len(), 1);
    subscriptions.forget(of_boris[0].id).await.expect("gone");
    let of_anna = subscriptions.of_employee(world.company, world.anna).await;
    assert_eq!(of_anna.expect("browsers").len(), 9);
}

async fn a_secret_is_kept_as_it_was_first(store: Store) {
    let secrets = store.secrets();
    let first = secrets.keep("vapid", "тайна").await.expect("kept");
    let second = secrets.keep("vapid", "другая").await.expect("kept");
    assert_eq!((first.as_str(), second.as_str()), ("тайна", "тайна"));
    assert_eq!(secrets.keep("other", "x").await.expect("kept"), "x");
}
