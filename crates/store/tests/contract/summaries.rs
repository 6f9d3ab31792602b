//! Summaries: who wants one, the queue, and the figures.

use model::call::{CallResult, Ending};
use model::id::UserId;
use model::language::Language;
use model::secret::Secret;
use model::user::{Role, Summary};
use store::{LineFigures, NewUser, Store};
use uuid::Uuid;

use crate::world::{World, at};

stories! {
    administrators_get_the_weeks_until_they_choose
    a_period_is_queued_once
    a_summary_waits_for_the_mail_server
    figures_tell_calls_and_messages_of_the_time
    figures_of_nothing_are_empty
}

async fn administrator(world: &World, name: &str) -> UserId {
    let user = NewUser {
        company: Some(world.company),
        login: format!("{}@romashka.example", Uuid::now_v7().simple()),
        name: name.into(),
        roles: vec![Role::CompanyAdmin],
        password: Secret::new("long enough a password"),
        must_change_password: false,
        language: Language::Ru,
    };
    world.store.users().create(&user).await.expect("user").id
}

async fn wanting(store: &Store) -> Vec<(UserId, Summary)> {
    let subscribers = store.summaries().subscribers().await.expect("read");
    subscribers
        .iter()
        .map(|one| (one.user, one.summary))
        .collect()
}

async fn administrators_get_the_weeks_until_they_choose(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    assert_eq!(
        wanting(&store).await,
        [],
        "employees and operators get none"
    );
    let director = administrator(&world, "Директор").await;
    assert_eq!(wanting(&store).await, [(director, Summary::Week)]);
    store
        .users()
        .set_summary(director, Summary::Day)
        .await
        .expect("set");
    assert_eq!(wanting(&store).await, [(director, Summary::Day)]);
    store
        .users()
        .set_summary(director, Summary::None)
        .await
        .expect("set");
    assert_eq!(wanting(&store).await, []);
}

async fn a_period_is_queued_once(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let director = administrator(&world, "Директор").await;
    let summaries = store.summaries();
    let mut fresh = Vec::new();
    for period in ["day 2026-11-22", "day 2026-11-22", "day 2026-11-23"] {
        fresh.push(summaries.add(director, period, at(0)).await.expect("added"));
    }
    assert_eq!(fresh, [true, false, true]);
    let subscribers = summaries.subscribers().await.expect("read");
    assert_eq!(subscribers[0].sent_for.as_deref(), Some("day 2026-11-23"));
    assert_eq!(subscribers[0].zone, "Europe/Moscow");
}

async fn a_summary_waits_for_the_mail_server(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let director = administrator(&world, "Директор").await;
    let summaries = store.summaries();
    summaries
        .add(director, "day 2026-11-22", at(0))
        .await
        .expect("added");
    let take = async |now, until| summaries.take_due(at(now), at(until)).await.expect("taken");
    let first = take(1, 60).await.expect("due");
    assert_eq!((first.user.id, first.attempts), (director, 1));
    assert_eq!(
        (first.company_name.as_str(), first.period.as_str()),
        ("Ромашка", "day 2026-11-22")
    );
    assert_eq!(take(2, 60).await, None, "leased");
    summaries.again(first.id, at(30)).await.expect("put off");
    assert_eq!(summaries.next_due_at().await.expect("read"), Some(at(30)));
    let second = take(30, 90).await.expect("due again");
    assert_eq!((second.id, second.attempts), (first.id, 2));
    summaries.remove(first.id).await.expect("removed");
    assert_eq!(summaries.next_due_at().await.expect("read"), None);
}

async fn figures_tell_calls_and_messages_of_the_time(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    for (second, result, answered) in [
        (0, CallResult::MessageTaken, Some(5)),
        (60, CallResult::Lost, None),
        (120, CallResult::Lost, None),
        (180, CallResult::TestCall, Some(181)),
        (3600, CallResult::Lost, None),
    ] {
        let mut call = world.arriving("+79261234567", second);
        call.answered_at = answered.map(at);
        call.ended_at = Some(at(second + 30));
        call.ending = Some(Ending::CallerHungUp);
        call.result = Some(result);
        store.calls().insert(&call).await.expect("call");
        if second == 0 {
            let message = world.message(call.id, second);
            store
                .messages()
                .create(&message, false)
                .await
                .expect("message");
        }
    }
    let summaries = store.summaries();
    let figures = summaries
        .figures(world.company, at(0), at(3600))
        .await
        .expect("figures");
    assert_eq!((figures.calls, figures.answered, figures.lost), (3, 1, 2));
    assert_eq!((figures.messages, figures.open), (1, 1));
    assert_eq!(figures.not_called_back, 2);
    let newest: Vec<_> = figures.newest.iter().map(|lost| lost.at).collect();
    assert_eq!(newest, [at(120), at(60)]);
    assert_eq!(figures.newest[0].number.as_deref(), Some("+79261234567"));
    let line = LineFigures {
        name: "Основная".into(),
        calls: 3,
        answered: 1,
        lost: 2,
    };
    assert_eq!(figures.lines, [line]);
    let other = World::new(&store, "Астра").await;
    let theirs = summaries
        .figures(other.company, at(0), at(3600))
        .await
        .expect("figures");
    assert!(theirs.is_empty());
}

async fn figures_of_nothing_are_empty(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let summaries = store.summaries();
    let figures = summaries.figures(world.company, at(0), at(3600));
    assert!(figures.await.expect("figures").is_empty());
}
