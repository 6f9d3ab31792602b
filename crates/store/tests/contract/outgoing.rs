//! Calls that operators place, and lost callers whom they call back.

use model::call::{Call, CallResult, Ending, Happening, TimelineEntry};
use model::id::CallId;
use model::message::Message;
use store::{CallFilter, Change, ChangeKind, Figures, LostCaller, PageRequest, Store, StoreError};

use crate::world::{World, at, operator};

stories! {
    a_call_is_told_from_its_placing_to_its_end
    whether_somebody_answered_is_the_result
    a_stopped_server_leaves_no_placed_call_running
    whom_an_operator_reaches_is_owed_nothing
    what_is_counted_are_calls_that_came_in
    programs_are_told_of_calls_that_came_in
    calls_are_listed_by_their_direction
    earlier_calls_tell_their_direction
    lost_callers_are_listed_once_the_newest_first
    who_talks_or_is_called_is_marked
    desks_hear_of_what_is_owed
}

async fn placed(world: &World, number: &str, seconds: i64) -> CallId {
    let call = world.placing(number, seconds);
    world.store.calls().insert(&call).await.expect("stored");
    call.id
}

async fn end(world: &World, call: CallId, ending: Ending, seconds: i64) {
    let calls = world.store.calls();
    let ended = calls.finish(world.company, call, ending, at(seconds));
    ended.await.expect("ended");
}

async fn answer(world: &World, call: CallId, seconds: i64) {
    let calls = world.store.calls();
    let answered = calls.set_answered(world.company, call, world.operator, at(seconds));
    answered.await.expect("answered");
}

async fn stored(world: &World, call: CallId) -> Call {
    world.store.calls().by_id(call).await.expect("a call")
}

async fn owed(store: &Store, seconds: i64) -> Vec<LostCaller> {
    let calls = store.calls();
    calls.lost_to_call_back(at(seconds)).await.expect("callers")
}

async fn numbers(store: &Store, seconds: i64) -> Vec<(String, u32)> {
    let callers = owed(store, seconds).await.into_iter();
    callers
        .map(|caller| (caller.number, caller.times))
        .collect()
}

async fn a_call_is_told_from_its_placing_to_its_end(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let (calls, company, operator) = (store.calls(), world.company, world.operator);
    let call = world.placing("8 (926) 123-45-67", 0);
    for _ in 0..2 {
        calls.insert(&call).await.expect("stored");
    }
    let running = calls.get_for_operator(operator, call.id).await;
    let running = running.expect("theirs from the beginning");
    assert!(running.outgoing && running.answered_at.is_none());
    assert_eq!(running.caller.number.as_deref(), Some("+79261234567"));
    let entry = |seconds, happening| TimelineEntry {
        at: at(seconds),
        happening,
    };
    let rings = entry(2, Happening::CalleeRinging);
    let answered = entry(7, Happening::Answered { operator });
    for entry in [&rings, &answered] {
        let appended = calls.append_timeline(company, call.id, entry);
        appended.await.expect("appended");
    }
    answer(&world, call.id, 7).await;
    end(&world, call.id, Ending::CallerHungUp, 60).await;
    let told = calls.get(company, call.id).await.expect("a call");
    let timeline = told.timeline.iter().map(|item| item.entry.clone());
    let ending = Ending::CallerHungUp;
    assert_eq!(
        timeline.collect::<Vec<_>>(),
        [
            entry(0, Happening::Placed { operator }),
            rings,
            answered,
            entry(60, Happening::Ended { ending })
        ]
    );
    assert_eq!(told.timeline[0].operator_name.as_deref(), Some("Ольга"));
    assert_eq!(told.row.operator_name.as_deref(), Some("Ольга"));
    assert_eq!(told.row.call.result, Some(CallResult::Reached));
    let today = calls.list_for_operator(operator, at(0), at(100)).await;
    assert_eq!(today.expect("calls").len(), 1);
}

async fn whether_somebody_answered_is_the_result(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    for (ending, answered, result) in [
        (Ending::CalleeBusy, false, CallResult::NotReached),
        (Ending::CalleeNoAnswer, false, CallResult::NotReached),
        (Ending::CalleeRefused, false, CallResult::NotReached),
        (Ending::OperatorGaveUp, false, CallResult::NotReached),
        (Ending::PbxFailed, false, CallResult::NotReached),
        (Ending::CallerHungUp, true, CallResult::Reached),
        (Ending::OperatorHungUp, true, CallResult::Reached),
        (Ending::SoundLost, true, CallResult::Reached),
        (Ending::Transferred, true, CallResult::Transferred),
    ] {
        let call = placed(&world, "+79261234567", 0).await;
        if answered {
            answer(&world, call, 5).await;
        }
        end(&world, call, ending, 9).await;
        let stored = stored(&world, call).await;
        assert_eq!(stored.result, Some(result), "{ending:?}");
    }
    let taken = placed(&world, "+79261234567", 0).await;
    answer(&world, taken, 5).await;
    let message = world.message(taken, 6);
    world.store_message(&message).await;
    end(&world, taken, Ending::OperatorHungUp, 9).await;
    let result = stored(&world, taken).await.result;
    assert_eq!(result, Some(CallResult::MessageTaken));
    let wrong = placed(&world, "+79261234567", 0).await;
    let calls = store.calls();
    let chosen = calls.set_result(world.company, wrong, CallResult::WrongNumber);
    chosen.await.expect("chosen");
    end(&world, wrong, Ending::OperatorHungUp, 9).await;
    let result = stored(&world, wrong).await.result;
    assert_eq!(result, Some(CallResult::WrongNumber));
}

async fn a_stopped_server_leaves_no_placed_call_running(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let rings = placed(&world, "+79261234567", 0).await;
    let talks = placed(&world, "+79260000000", 1).await;
    answer(&world, talks, 5).await;
    let closed = store.calls().close_unfinished(at(60)).await;
    let closed = closed.expect("closed");
    let told: Vec<_> = closed.iter().map(|call| (call.id, call.result)).collect();
    assert_eq!(
        told,
        [
            (rings, Some(CallResult::NotReached)),
            (talks, Some(CallResult::Reached))
        ]
    );
    assert!(owed(&store, 60).await.is_empty());
}

async fn whom_an_operator_reaches_is_owed_nothing(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let other = World::new(&store, "Астра").await;
    let first = world.lost("+79261234567", 0).await;
    let second = world.lost("+79261234567", 10).await;
    other.lost("+79261234567", 20).await;
    let vain = placed(&world, "+79261234567", 60).await;
    end(&world, vain, Ending::CalleeNoAnswer, 90).await;
    assert_eq!(owed(&store, 100).await.len(), 2, "nobody answered");
    let call = placed(&world, "+79261234567", 120).await;
    answer(&world, call, 130).await;
    for lost in [first, second] {
        let row = store.calls().get(world.company, lost).await;
        let row = row.expect("a call").row;
        assert_eq!(row.called_back_at, Some(at(130)));
        assert_eq!(row.called_back_by.as_deref(), Some("Ольга"));
    }
    let [left] = &owed(&store, 140).await[..] else {
        panic!("the other company's")
    };
    assert_eq!(left.company, other.company);
}

async fn what_is_counted_are_calls_that_came_in(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let calls = store.calls();
    let taken = placed(&world, "+79261234567", 10).await;
    answer(&world, taken, 15).await;
    world.store_message(&world.message(taken, 20)).await;
    end(&world, taken, Ending::OperatorHungUp, 30).await;
    placed(&world, "+79261234567", 40).await;
    let figures = async || {
        let figures = calls.figures(world.company, at(0), at(100)).await;
        figures.expect("figures")
    };
    let hourly = async || {
        let hourly = calls.count_by_line_and_hour(world.company, at(0), at(100));
        hourly.await.expect("counts")
    };
    let overview = async || {
        let companies = store.companies();
        let page = companies.overview(None, at(0), PageRequest::default());
        page.await.expect("companies").items[0].calls
    };
    let heard = async || {
        let heard = calls.any_with_result(world.company, &[CallResult::MessageTaken]);
        heard.await.expect("asked")
    };
    assert_eq!(figures().await, Figures::default());
    assert!(hourly().await.is_empty());
    assert_eq!((overview().await, heard().await), (0, false));
    let boards = store.boards();
    let board = boards.figures(at(0), at(100)).await.expect("figures");
    assert!(board.is_empty());
    let summary = store.summaries();
    let summary = summary.figures(world.company, at(0), at(100)).await;
    let summary = summary.expect("figures");
    assert_eq!(
        (summary.calls, summary.answered, summary.messages),
        (0, 0, 1)
    );
    assert!(summary.lines.is_empty());

    let call = world.call("+79261234567", 50).await;
    answer(&world, call, 55).await;
    world.store_message(&world.message(call, 60)).await;
    end(&world, call, Ending::CallerHungUp, 70).await;
    assert_eq!((figures().await.calls, figures().await.answered), (1, 1));
    assert_eq!(hourly().await, [(world.line, [(0, 1)].into())].into());
    assert_eq!((overview().await, heard().await), (1, true));
}

async fn programs_are_told_of_calls_that_came_in(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let calls = store.calls();
    let outgoing = placed(&world, "+79261234567", 0).await;
    let vain = placed(&world, "+79260000000", 1).await;
    answer(&world, outgoing, 5).await;
    let message: Message = world.message(outgoing, 6);
    world.store_message(&message).await;
    end(&world, outgoing, Ending::OperatorHungUp, 9).await;
    end(&world, vain, Ending::CalleeBusy, 9).await;
    let events = store.events().after(world.company, 0, 10).await;
    let events = events.expect("events").into_iter();
    let kinds: Vec<_> = events.map(|event| event.kind).collect();
    assert_eq!(kinds, [model::event::EventKind::MessageCreated]);

    let told = calls.told(world.company, at(-60), None, 10).await;
    assert_eq!(told.expect("calls"), []);
    let of = |call: CallId| {
        let id = call.0.as_u128();
        let millisecond = u64::try_from(id >> 80).expect("48 bits");
        let lowest = u32::try_from(id & 0xff_ffff).expect("24 bits");
        calls.by_moment(world.company, millisecond, lowest, 0xff_ffff)
    };
    assert_fails!(of(outgoing).await, StoreError::NotFound);
    let lost = world.lost("+79261234567", 20).await;
    assert_eq!(of(lost).await.expect("found"), lost);
    let told = calls.told(world.company, at(-60), None, 10).await;
    let told = told.expect("calls").into_iter().map(|call| call.id);
    assert_eq!(told.collect::<Vec<_>>(), [lost]);
}

async fn calls_are_listed_by_their_direction(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let other = World::new(&store, "Астра").await;
    let lost = world.lost("+79261234567", 0).await;
    let vain = placed(&world, "+79261234567", 10).await;
    end(&world, vain, Ending::CalleeBusy, 20).await;
    let rings = placed(&world, "+79260000000", 30).await;
    placed(&other, "+79261234567", 40).await;
    let listed = async |filter: CallFilter| {
        let page = PageRequest::default();
        let page = store.calls().list(world.company, &filter, page).await;
        let items = page.expect("a page").items.into_iter();
        items.map(|row| row.call.id).collect::<Vec<_>>()
    };
    let all = CallFilter::default;
    let with = |outgoing| CallFilter {
        outgoing: Some(outgoing),
        ..all()
    };
    assert_eq!(listed(all()).await, [rings, vain, lost]);
    assert_eq!(listed(with(true)).await, [rings, vain]);
    assert_eq!(listed(with(false)).await, [lost]);
    let search = Some("926 123".into());
    for (outgoing, found) in [(true, vain), (false, lost)] {
        let result = Some(match outgoing {
            true => CallResult::NotReached,
            false => CallResult::Lost,
        });
        for filter in [
            CallFilter {
                result,
                ..with(outgoing)
            },
            CallFilter {
                line: Some(world.line),
                search: search.clone(),
                ..with(outgoing)
            },
            CallFilter {
                from: Some(at(0)),
                to: Some(at(30)),
                ..with(outgoing)
            },
        ] {
            assert_eq!(listed(filter.clone()).await, [found], "{filter:?}");
        }
        let owed = CallFilter {
            not_called_back: true,
            ..with(outgoing)
        };
        assert_eq!(listed(owed).await.is_empty(), outgoing);
    }
}

async fn earlier_calls_tell_their_direction(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let lost = world.lost("+79261234567", 0).await;
    let back = placed(&world, "+79261234567", 10).await;
    let earlier = store
        .calls()
        .earlier(world.company, "+79261234567", at(20), 5)
        .await;
    let earlier = earlier.expect("calls").into_iter();
    let told: Vec<_> = earlier.map(|call| (call.call, call.outgoing)).collect();
    assert_eq!(told, [(back, true), (lost, false)]);
}

async fn lost_callers_are_listed_once_the_newest_first(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let other = World::new(&store, "Астра").await;
    const DAY: i64 = 86_400;
    world.lost("+79269999999", -8 * DAY).await;
    world.lost("+79261234567", 0).await;
    world.lost("+79260000000", 10).await;
    let hidden = {
        let mut call = world.arriving("", 15);
        call.caller.number = None;
        call
    };
    store.calls().insert(&hidden).await.expect("stored");
    end(&world, hidden.id, Ending::CallerGaveUpQueued, 16).await;
    other.lost("+79261234567", 20).await;
    let newest = world.lost("89261234567", 30).await;
    let heard = world.call("+79265555555", 40).await;
    answer(&world, heard, 41).await;
    end(&world, heard, Ending::CallerHungUp, 50).await;

    let [first, second, third] = &owed(&store, 60).await[..] else {
        panic!("{:?}", owed(&store, 60).await)
    };
    let expected = LostCaller {
        call: newest,
        company: world.company,
        company_name: "Ромашка".into(),
        line_name: "Основная".into(),
        number: "+79261234567".into(),
        name: Some("Иван Петров".into()),
        at: at(30),
        times: 2,
        being_called: false,
    };
    assert_eq!(*first, expected);
    assert_eq!((second.company, second.times), (other.company, 1));
    assert_eq!((third.number.as_str(), third.times), ("+79260000000", 1));
    let calls = store.calls();
    let noted = calls.set_called_back(world.company, newest, true, world.operator, at(70));
    noted.await.expect("noted");
    assert_eq!(
        numbers(&store, 80).await,
        [
            ("+79261234567".into(), 1),
            ("+79260000000".into(), 1),
            ("+79261234567".into(), 1),
        ]
    );
    assert!(numbers(&store, 8 * DAY).await.is_empty(), "too long ago");
}

async fn who_talks_or_is_called_is_marked(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let other = World::new(&store, "Астра").await;
    world.lost("+79261234567", 0).await;
    let called = async || {
        let callers = owed(&store, 90).await;
        callers.first().map(|caller| caller.being_called)
    };
    other.call("+79261234567", 10).await;
    world.call("+79260000000", 10).await;
    assert_eq!(called().await, Some(false), "others, and elsewhere");
    let back = placed(&world, "+79261234567", 20).await;
    assert_eq!(called().await, Some(true));
    end(&world, back, Ending::CalleeBusy, 30).await;
    assert_eq!(called().await, Some(false));
    let again = world.call("+79261234567", 40).await;
    assert_eq!(called().await, Some(true), "the caller rings again");
    answer(&world, again, 50).await;
    assert_eq!(called().await, None);
}

async fn desks_hear_of_what_is_owed(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let calls = store.calls();
    let mut feed = store.changes();
    let mut told = || {
        let mut told = false;
        while let Ok(Change { kind, .. }) = feed.try_recv() {
            told |= kind == ChangeKind::Tasks;
        }
        told
    };
    let lost = world.lost("+79261234567", 0).await;
    assert!(told(), "a caller was lost");
    let back = placed(&world, "+79261234567", 20).await;
    assert!(told(), "somebody calls back");
    end(&world, back, Ending::CalleeBusy, 30).await;
    assert!(told(), "in vain");
    let again = world.call("+79261234567", 40).await;
    assert!(!told(), "a caller is not lost yet");
    answer(&world, again, 50).await;
    assert!(told(), "answered");
    end(&world, again, Ending::SoundLost, 60).await;
    assert!(told(), "and lost again");
    world.store_message(&world.message(again, 70)).await;
    assert!(told(), "but the message was taken");
    let chosen = calls.set_result(world.company, again, CallResult::Spam);
    chosen.await.expect("chosen");
    assert!(!told(), "nothing was owed any more");
    let somebody = operator(&store, "Пётр").await;
    let noted = calls.set_called_back(world.company, lost, false, somebody, at(80));
    noted.await.expect("noted");
    assert!(told(), "it was not done");
    let chosen = calls.set_result(world.company, lost, CallResult::WrongNumber);
    chosen.await.expect("chosen");
    assert!(told(), "nobody is to be called back");
}
