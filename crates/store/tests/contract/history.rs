//! Lists of calls, searches, figures.

use model::call::{CallResult, Ending, Happening, TimelineEntry};
use model::id::CallId;
use model::line::Scenario;
use store::{CallFilter, Figures, MessageFilter, PageRequest, Store};

use crate::world::{World, at};

stories! {
    pages_hold_every_call_once
    calls_are_filtered
    a_number_is_found_in_every_spelling
    words_are_found_whatever_their_case
    signs_are_no_patterns
    a_long_history_is_searched_to_its_end
    lost_calls_wait_to_be_called_back
    a_period_ends_before_its_end
    messages_are_searched
    figures_leave_test_calls_out
    an_operator_sees_the_own_calls_of_today
    earlier_calls_of_a_number
}

async fn found(world: &World, filter: CallFilter) -> Vec<CallId> {
    let page = world
        .store
        .calls()
        .list(world.company, &filter, PageRequest::default())
        .await
        .expect("list");
    page.items.iter().map(|row| row.call.id).collect()
}

async fn searched(world: &World, text: &str) -> Vec<CallId> {
    let filter = CallFilter {
        search: Some(text.into()),
        ..CallFilter::default()
    };
    found(world, filter).await
}

async fn pages_hold_every_call_once(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let mut stored = Vec::new();
    for n in 0..25 {
        // Several arrive in the same moment: the id decides between them.
        stored.push(world.call("101", n / 4).await);
    }
    let mut request = PageRequest {
        after: None,
        limit: 7,
    };
    let mut read = Vec::new();
    let mut pages = 0;
    loop {
        let page = store
            .calls()
            .list(world.company, &CallFilter::default(), request)
            .await
            .expect("page");
        read.extend(page.items.iter().map(|row| row.call.id));
        pages += 1;
        // A call that arrives meanwhile belongs before the first page.
        world.call("101", 100 + pages).await;
        request.after = page.next;
        if page.next.is_none() {
            break;
        }
    }
    stored.reverse();
    assert_eq!(read, stored);
    assert_eq!(pages, 4);
}

async fn calls_are_filtered(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let second = store
        .lines()
        .create(world.company, "Вторая", Scenario::Secretary)
        .await
        .expect("line");
    let lost = world.call("101", 0).await;
    store
        .calls()
        .finish(world.company, lost, Ending::CallerGaveUpRinging, at(5))
        .await
        .expect("finished");
    let mut other = world.arriving("102", 1);
    other.line = second.id;
    store.calls().insert(&other).await.expect("call");
    store
        .calls()
        .set_result(world.company, other.id, CallResult::Lost)
        .await
        .expect("set");

    assert_eq!(found(&world, CallFilter::default()).await, [other.id, lost]);
    let on_line = CallFilter {
        line: Some(second.id),
        ..CallFilter::default()
    };
    assert_eq!(found(&world, on_line).await, [other.id]);
    let by_result = |result| CallFilter {
        result: Some(result),
        ..CallFilter::default()
    };
    assert_eq!(
        found(&world, by_result(CallResult::Lost)).await,
        [lost],
        "the other one still runs"
    );
    assert!(found(&world, by_result(CallResult::Spam)).await.is_empty());
}

async fn a_number_is_found_in_every_spelling(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let call = world.call("89261234567", 0).await;
    world.call("+74957654321", 1).await;
    for spelling in [
        "+7 (926) 123-45-67",
        "89261234567",
        "8 926 123",
        "9261234567",
        "123-45-67",
        "45 67",
        "7926",
    ] {
        assert_eq!(searched(&world, spelling).await, [call], "{spelling}");
    }
    assert!(searched(&world, "926 765").await.is_empty());
    // A number that stands in a message only.
    let other = world.call("101", 2).await;
    let mut message = world.message(other, 3);
    message.caller_phone = "8 (812) 555-00-11".into();
    store
        .messages()
        .create(&message, false)
        .await
        .expect("message");
    assert_eq!(searched(&world, "8125550011").await, [other]);
    assert_eq!(searched(&world, "8 812 555").await, [other]);
}

async fn words_are_found_whatever_their_case(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let mut call = world.arriving("+79261234567", 0);
    call.caller.name = Some("Артём Королёв".into());
    store.calls().insert(&call).await.expect("call");
    let mut message = world.message(call.id, 1);
    message.caller_name = "Мария".into();
    message.text = "Ждёт счёт на 12 роз".into();
    store
        .messages()
        .create(&message, false)
        .await
        .expect("message");
    world.call("102", 2).await;
    for words in ["королев", "АРТЁМ", "мария", "роз счет на", "РОЗ", "12 роз"]
    {
        assert_eq!(searched(&world, words).await, [call.id], "{words}");
    }
    assert!(searched(&world, "пионы").await.is_empty());
    assert_eq!(searched(&world, "  ").await.len(), 2);
}

async fn signs_are_no_patterns(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let call = world.call("101", 0).await;
    let mut message = world.message(call, 1);
    message.text = r"Скидка 50%, код A_B\C, 'кавычки'".into();
    store
        .messages()
        .create(&message, false)
        .await
        .expect("message");
    for words in ["50%", "a_b", r"b\c", "'кавычки'", "\"код\" | (a*)"] {
        assert_eq!(searched(&world, words).await, [call], "{words}");
    }
    for words in ["код%цвет", "a%d", "_", "*", "' OR 1"] {
        assert!(searched(&world, words).await.is_empty(), "{words}");
    }
}

async fn figures_leave_test_calls_out(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let calls = store.calls();
    let none = calls
        .figures(world.company, at(0), at(1000))
        .await
        .expect("figures");
    assert_eq!(none, Figures::default());

    for (arrived, waited) in [(10, 4), (20, 25)] {
        let call = world.call("101", arrived).await;
        calls
            .set_answered(world.company, call, world.operator, at(arrived + waited))
            .await
            .expect("answered");
        calls
            .finish(world.company, call, Ending::CallerHungUp, at(100))
            .await
            .expect("finished");
    }
    let lost = world.call("102", 30).await;
    calls
        .finish(world.company, lost, Ending::CallerGaveUpQueued, at(40))
        .await
        .expect("finished");
    let test = world.call("103", 40).await;
    let started = TimelineEntry {
        at: at(40),
        happening: Happening::LineCheckStarted,
    };
    calls
        .append_timeline(world.company, test, &started)
        .await
        .expect("appended");
    calls
        .finish(world.company, test, Ending::LineCheckDone, at(50))
        .await
        .expect("finished");
    world.call("104", 50).await; // rings still
    world.call("105", 1000).await; // tomorrow
    World::new(&store, "Астра").await.call("106", 20).await;

    let figures = calls
        .figures(world.company, at(0), at(1000))
        .await
        .expect("figures");
    let expected = Figures {
        calls: 4,
        answered: 2,
        lost: 1,
        in_good_time: 1,
        answer_ms: 29_000,
    };
    assert_eq!(figures, expected);
    assert_eq!(figures.answer_ms_average(), Some(14_500));
    assert_eq!(figures.service_level(), Some(1.0 / 3.0));
    let quarters = calls
        .figures_by_quarter_hour(world.company, at(0), at(1001))
        .await
        .expect("figures");
    let told: Vec<_> = quarters.iter().map(|q| (q.at, q.figures.calls)).collect();
    assert_eq!(told, [(at(0), 4), (at(900), 1)]);
    let by_line = calls
        .count_by_line_and_hour(world.company, at(0), at(1000))
        .await
        .expect("counts");
    assert_eq!(by_line, [(world.line, [(0, 5)].into())].into());
    world.call("107", 7200).await; // in the third hour
    let by_line = calls
        .count_by_line_and_hour(world.company, at(0), at(7201))
        .await
        .expect("counts");
    assert_eq!(by_line, [(world.line, [(0, 6), (2, 1)].into())].into());
}

async fn an_operator_sees_the_own_calls_of_today(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let other = World::new(&store, "Астра").await;
    let mine = world.call("101", 10).await;
    let theirs = other.call("102", 20).await;
    for (place, call, who) in [
        (&world, mine, world.operator),
        (&other, theirs, world.operator),
    ] {
        store
            .calls()
            .set_answered(place.company, call, who, at(30))
            .await
            .expect("answered");
    }
    let colleagues = world.call("103", 30).await;
    store
        .calls()
        .set_answered(world.company, colleagues, other.operator, at(31))
        .await
        .expect("answered");
    let rows = store
        .calls()
        .list_for_operator(world.operator, at(0), at(100))
        .await
        .expect("list");
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.call.id, row.company_name.as_str()))
        .collect();
    assert_eq!(told, [(theirs, "Астра"), (mine, "Ромашка")]);
    let later = store
        .calls()
        .list_for_operator(world.operator, at(15), at(20))
        .await
        .expect("list");
    assert!(later.is_empty());
}

async fn earlier_calls_of_a_number(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let first = world.call("89261234567", 0).await;
    store
        .messages()
        .create(&world.message(first, 1), false)
        .await
        .expect("message");
    store
        .calls()
        .finish(world.company, first, Ending::CallerHungUp, at(5))
        .await
        .expect("finished");
    let second = world.call("+79261234567", 10).await;
    world.call("+79260000000", 11).await;
    World::new(&store, "Астра")
        .await
        .call("+79261234567", 12)
        .await;

    let earlier = store
        .calls()
        .earlier(world.company, "8 926 123-45-67", at(20), 10)
        .await
        .expect("earlier");
    let told: Vec<_> = earlier
        .iter()
        .map(|e| (e.call, e.at, e.result, e.text.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            (second, at(10), None, None),
            (
                first,
                at(0),
                Some(CallResult::MessageTaken),
                Some("Просит перезвонить о букете")
            ),
        ]
    );
    let limited = store
        .calls()
        .earlier(world.company, "+79261234567", at(10), 10)
        .await
        .expect("earlier");
    assert_eq!(limited.len(), 1);
    assert!(
        store
            .calls()
            .earlier(world.company, "", at(20), 10)
            .await
            .expect("earlier")
            .is_empty()
    );
}

/// Pages, until there is no next one.
async fn all_found(world: &World, filter: &CallFilter) -> Vec<CallId> {
    let mut request = PageRequest {
        after: None,
        limit: 2,
    };
    let mut read = Vec::new();
    loop {
        let page = world
            .store
            .calls()
            .list(world.company, filter, request)
            .await
            .expect("page");
        read.extend(page.items.iter().map(|row| row.call.id));
        request.after = page.next;
        if page.next.is_none() {
            return read;
        }
    }
}

/// More calls than are looked through one by one, and some years of them.
async fn a_long_history_is_searched_to_its_end(store: Store) {
    const DAY: i64 = 86_400;
    let world = World::new(&store, "Ромашка").await;
    let other = World::new(&store, "Астра").await;
    let mut rare = Vec::new();
    for month in (0..30).rev() {
        let arrived = -month * 30 * DAY;
        if month % 7 == 6 {
            let call = world.call("+74951112233", arrived).await;
            let mut message = world.message(call, arrived + 60);
            message.text = "Спрашивает про орхидею".into();
            store
                .messages()
                .create(&message, false)
                .await
                .expect("message");
            rare.push(call);
        }
        other.call("+74951112233", arrived).await;
    }
    for n in 0..1100 {
        world.call("+79261234567", n).await;
    }
    rare.reverse();
    let by = |search: &str| CallFilter {
        search: Some(search.into()),
        ..CallFilter::default()
    };
    for search in ["орхид", "8495 111", "11-22", "Иван орхидею", "петров орх"]
    {
        assert_eq!(all_found(&world, &by(search)).await, rare, "{search}");
    }
    assert!(all_found(&world, &by("кактус")).await.is_empty());
    assert!(all_found(&world, &by("орхидею кактус")).await.is_empty());
    assert_eq!(all_found(&world, &by("926123")).await.len(), 1104);
    let lately = CallFilter {
        from: Some(at(-400 * DAY)),
        to: Some(at(-200 * DAY)),
        ..by("орхид")
    };
    assert_eq!(all_found(&world, &lately).await, rare[1..2]);
    let lost = CallFilter {
        result: Some(CallResult::Lost),
        ..by("орхид")
    };
    assert!(all_found(&world, &lost).await.is_empty());
}

async fn lost_calls_wait_to_be_called_back(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let calls = store.calls();
    let second = store
        .lines()
        .create(world.company, "Вторая", Scenario::Secretary)
        .await
        .expect("line");
    let mut lost = Vec::new();
    for n in 0..3 {
        let mut call = world.arriving("101", n);
        if n == 2 {
            call.line = second.id;
        }
        calls.insert(&call).await.expect("call");
        calls
            .finish(world.company, call.id, Ending::CallerGaveUpRinging, at(9))
            .await
            .expect("finished");
        lost.push(call.id);
    }
    world.call("102", 5).await;
    let waiting = CallFilter {
        not_called_back: true,
        ..CallFilter::default()
    };
    assert_eq!(
        found(&world, waiting.clone()).await,
        [lost[2], lost[1], lost[0]]
    );
    let count = || async {
        calls
            .count_to_call_back(world.company)
            .await
            .expect("count")
    };
    assert_eq!(count().await, 3);
    calls
        .set_called_back(world.company, lost[1], true, world.operator, at(20))
        .await
        .expect("noted");
    assert_eq!(found(&world, waiting.clone()).await, [lost[2], lost[0]]);
    assert_eq!(count().await, 2);
    let on_line = CallFilter {
        line: Some(second.id),
        ..waiting.clone()
    };
    assert_eq!(found(&world, on_line).await, [lost[2]]);
    let otherwise = CallFilter {
        result: Some(CallResult::Spam),
        ..waiting
    };
    assert!(found(&world, otherwise).await.is_empty());
}

async fn a_period_ends_before_its_end(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let mut stored = Vec::new();
    for n in 0..4 {
        stored.push(world.call("101", n).await);
    }
    let period = CallFilter {
        from: Some(at(1)),
        to: Some(at(3)),
        ..CallFilter::default()
    };
    assert_eq!(found(&world, period).await, [stored[2], stored[1]]);
}

async fn messages_are_searched(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let call = world.call("101", 0).await;
    let message = world.message(call, 10);
    store
        .messages()
        .create(&message, false)
        .await
        .expect("message");
    let found = |filter: MessageFilter| {
        let messages = store.messages();
        async move {
            let page = messages
                .list(world.company, &filter, PageRequest::default())
                .await
                .expect("list");
            page.items.len()
        }
    };
    for (search, count) in [
        ("букет", 1),
        ("перезвонить ив", 1),
        ("926 123", 1),
        ("укет", 0),
        ("101", 0),
    ] {
        let filter = MessageFilter {
            search: Some(search.into()),
            ..MessageFilter::default()
        };
        assert_eq!(found(filter).await, count, "{search}");
    }
    for (from, to, count) in [(10, 11, 1), (11, 20, 0), (0, 10, 0)] {
        let filter = MessageFilter {
            from: Some(at(from)),
            to: Some(at(to)),
            ..MessageFilter::default()
        };
        assert_eq!(found(filter).await, count);
    }
}
