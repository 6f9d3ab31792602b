//! Calls from their arrival to their end.

use model::call::{CallResult, Ending, Happening, RecordingState, TimelineEntry};
use model::company::Notify;
use model::id::CallId;
use model::line::Recipient;
use model::message::{Channel, DeliveryState, Message};
use store::{Conflict, DepartmentDraft, Store, StoreError};
use uuid::Uuid;

use crate::world::{World, at, department, operator};

stories! {
    a_call_is_told_from_arrival_to_end
    writes_can_be_repeated
    a_call_has_one_ending
    the_operators_choice_stays
    a_message_makes_the_result
    a_sound_check_is_a_test_call
    another_operator_takes_over
    a_voice_message_ends_the_call
    a_stopped_server_leaves_no_call_running
    a_lost_caller_was_called_back
    a_lost_caller_who_is_answered_later_is_owed_nothing
}

fn entry(seconds: i64, happening: Happening) -> TimelineEntry {
    TimelineEntry {
        at: at(seconds),
        happening,
    }
}

async fn a_call_is_told_from_arrival_to_end(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let calls = store.calls();
    let call = world.call("8 (926) 123-45-67", 0).await;
    let (company, operator) = (world.company, world.operator);
    let running = calls.get(company, call).await.expect("call").row;
    assert_eq!(running.call.caller.number.as_deref(), Some("+79261234567"));
    assert_eq!((running.call.ending, running.call.result), (None, None));
    let unscoped = calls.by_id(call).await.expect("call");
    assert_eq!(unscoped, running.call);

    let offered = entry(1, Happening::Offered { operator });
    let answered = entry(5, Happening::Answered { operator });
    calls
        .append_timeline(company, call, &offered)
        .await
        .expect("appended");
    calls
        .append_timeline(company, call, &answered)
        .await
        .expect("appended");
    calls
        .set_answered(company, call, operator, at(5))
        .await
        .expect("answered");
    calls
        .set_recording(company, call, RecordingState::InProgress, 0)
        .await
        .expect("recording");
    calls
        .finish(company, call, Ending::CallerHungUp, at(65))
        .await
        .expect("finished");
    calls
        .set_recording(company, call, RecordingState::Ready, 60_000)
        .await
        .expect("recording");

    let told = calls.get(company, call).await.expect("call");
    let row = &told.row;
    assert_eq!(
        (row.company_name.as_str(), row.line_name.as_str()),
        ("Ромашка", "Основная")
    );
    assert_eq!(row.operator_name.as_deref(), Some("Ольга"));
    assert_eq!(row.call.answered_at, Some(at(5)));
    assert_eq!(row.call.ended_at, Some(at(65)));
    assert_eq!(row.call.ending, Some(Ending::CallerHungUp));
    assert_eq!(row.call.result, Some(CallResult::Dropped));
    assert_eq!(
        (row.call.recording, row.call.recording_ms),
        (RecordingState::Ready, 60_000)
    );
    let timeline: Vec<TimelineEntry> = told
        .timeline
        .iter()
        .map(|item| item.entry.clone())
        .collect();
    let ended = entry(
        65,
        Happening::Ended {
            ending: Ending::CallerHungUp,
        },
    );
    assert_eq!(
        timeline,
        [entry(0, Happening::Arrived), offered, answered, ended]
    );
    assert_eq!(told.timeline[1].operator_name.as_deref(), Some("Ольга"));
    assert_eq!(told.timeline[3].operator_name, None);
}

async fn writes_can_be_repeated(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let call = world.arriving("+79261234567", 0);
    let calls = store.calls();
    for _ in 0..2 {
        calls.insert(&call).await.expect("inserted");
        calls
            .append_timeline(world.company, call.id, &entry(1, Happening::QueueAnswered))
            .await
            .expect("appended");
        calls
            .finish(world.company, call.id, Ending::CallerGaveUpQueued, at(9))
            .await
            .expect("finished");
    }
    let told = calls.get(world.company, call.id).await.expect("call");
    assert_eq!(told.timeline.len(), 3);
    assert_eq!(told.row.call.result, Some(CallResult::Lost));
}

async fn a_call_has_one_ending(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let call = world.call("101", 0).await;
    store
        .calls()
        .finish(world.company, call, Ending::SoundLost, at(9))
        .await
        .expect("finished");
    assert_fails!(
        store
            .calls()
            .finish(world.company, call, Ending::CallerHungUp, at(9))
            .await,
        StoreError::Conflict {
            what: Conflict::CallEnded
        }
    );
    assert_fails!(
        store
            .calls()
            .finish_with_voice_message(&world.message(call, 9), at(9), true)
            .await,
        StoreError::Conflict {
            what: Conflict::CallEnded
        }
    );
    let told = store.calls().get(world.company, call).await.expect("call");
    assert_eq!(told.row.call.ending, Some(Ending::SoundLost));
    assert!(told.messages.is_empty());
}

async fn the_operators_choice_stays(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let calls = store.calls();
    let result = async |call| {
        calls
            .get(world.company, call)
            .await
            .expect("call")
            .row
            .call
            .result
    };

    let before = world.call("101", 0).await;
    calls
        .set_result(world.company, before, CallResult::WrongNumber)
        .await
        .expect("set");
    assert_eq!(result(before).await, None, "none while it runs");
    store
        .messages()
        .create(&world.message(before, 1), false)
        .await
        .expect("message");
    calls
        .finish(world.company, before, Ending::OperatorHungUp, at(2))
        .await
        .expect("finished");
    assert_eq!(result(before).await, Some(CallResult::WrongNumber));

    let after = world.call("101", 0).await;
    calls
        .finish(world.company, after, Ending::OperatorHungUp, at(2))
        .await
        .expect("finished");
    calls
        .set_result(world.company, after, CallResult::Spam)
        .await
        .expect("set");
    assert_eq!(result(after).await, Some(CallResult::Spam));
}

async fn a_message_makes_the_result(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let calls = store.calls();
    let before = world.call("101", 0).await;
    store
        .messages()
        .create(&world.message(before, 1), false)
        .await
        .expect("message");
    calls
        .finish(world.company, before, Ending::CallerHungUp, at(2))
        .await
        .expect("finished");
    let after = world.call("101", 0).await;
    calls
        .finish(world.company, after, Ending::CallerHungUp, at(2))
        .await
        .expect("finished");
    store
        .messages()
        .create(&world.message(after, 3), false)
        .await
        .expect("message");
    for call in [before, after] {
        let row = calls.get(world.company, call).await.expect("call").row;
        assert_eq!(row.call.result, Some(CallResult::MessageTaken));
        let brief = row.message.expect("message");
        assert_eq!(
            (brief.text.as_str(), brief.recipient_name.as_str()),
            ("Просит перезвонить о букете", "Анна")
        );
    }
}

async fn a_sound_check_is_a_test_call(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let call = world.call("101", 0).await;
    let started = entry(0, Happening::LineCheckStarted);
    store
        .calls()
        .append_timeline(world.company, call, &started)
        .await
        .expect("appended");
    let figures = store
        .calls()
        .figures(world.company, at(-1), at(60))
        .await
        .expect("figures");
    assert_eq!(figures.calls, 0, "not counted even while it runs");
    store
        .calls()
        .finish(world.company, call, Ending::ServerStopped, at(5))
        .await
        .expect("finished");
    let told = store.calls().get(world.company, call).await.expect("call");
    assert_eq!(told.row.call.result, Some(CallResult::TestCall));
}

async fn another_operator_takes_over(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let call = world.call("101", 0).await;
    let second = operator(&store, "Пётр").await;
    store
        .calls()
        .set_answered(world.company, call, world.operator, at(3))
        .await
        .expect("answered");
    store
        .calls()
        .set_answered(world.company, call, second, at(30))
        .await
        .expect("answered");
    let row = store
        .calls()
        .get(world.company, call)
        .await
        .expect("call")
        .row;
    assert_eq!(
        (row.call.answered_at, row.call.operator),
        (Some(at(3)), Some(second))
    );
    store
        .calls()
        .get_for_operator(second, call)
        .await
        .expect("theirs now");
    assert_fails!(
        store.calls().get_for_operator(world.operator, call).await,
        StoreError::NotFound
    );
}

async fn a_voice_message_ends_the_call(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let call = world.call("+79261234567", 0).await;
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
    let message = Message {
        recipient: Recipient::Department {
            department: world.department,
        },
        text: "Голосовое сообщение, 0:23".into(),
        author: None,
        ..world.message(call, 40)
    };
    let first = store
        .calls()
        .finish_with_voice_message(&message, at(40), true)
        .await
        .expect("stored");
    let again = store
        .calls()
        .finish_with_voice_message(&message, at(40), true)
        .await
        .expect("stored");
    assert_eq!(first, again);
    let told = store.calls().get(world.company, call).await.expect("call");
    assert_eq!(told.row.call.ending, Some(Ending::VoiceMessageLeft));
    assert_eq!(told.row.call.result, Some(CallResult::VoiceMessage));
    assert_eq!(told.messages, std::slice::from_ref(&first));
    assert_eq!(
        (first.recipient_name.as_str(), first.author_name),
        ("Продажи", None)
    );
    let ways: Vec<_> = first
        .deliveries
        .iter()
        .map(|d| (d.delivery.channel, d.delivery.state, d.delivery.employee))
        .collect();
    assert_eq!(
        ways,
        [
            (Channel::Cabinet, DeliveryState::Delivered, None),
            (Channel::Email, DeliveryState::Queued, Some(world.boris)),
        ]
    );
}

async fn a_stopped_server_leaves_no_call_running(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let other = World::new(&store, "Астра").await;
    let ended = world.call("101", 0).await;
    store
        .calls()
        .finish(world.company, ended, Ending::CallerHungUp, at(5))
        .await
        .expect("finished");
    let running = world.call("102", 1).await;
    store
        .calls()
        .set_answered(world.company, running, world.operator, at(2))
        .await
        .expect("answered");
    store
        .calls()
        .set_recording(world.company, running, RecordingState::InProgress, 0)
        .await
        .expect("recording");
    let taken = other.call("103", 2).await;
    store
        .messages()
        .create(&other.message(taken, 3), false)
        .await
        .expect("message");

    let closed = store
        .calls()
        .close_unfinished(at(100))
        .await
        .expect("closed");
    let ids: Vec<CallId> = closed.iter().map(|call| call.id).collect();
    assert_eq!(ids, [running, taken]);
    assert!(
        closed
            .iter()
            .all(|call| call.ending == Some(Ending::ServerStopped))
    );
    assert_eq!(closed[0].recording, RecordingState::InProgress);
    assert_eq!(closed[0].result, Some(CallResult::Lost));
    assert_eq!(closed[1].result, Some(CallResult::MessageTaken));
    let told = store
        .calls()
        .get(world.company, running)
        .await
        .expect("call");
    let last = entry(
        100,
        Happening::Ended {
            ending: Ending::ServerStopped,
        },
    );
    assert_eq!(told.timeline.last().map(|item| &item.entry), Some(&last));
    assert!(
        store
            .calls()
            .close_unfinished(at(200))
            .await
            .expect("closed")
            .is_empty()
    );
}

async fn a_lost_caller_was_called_back(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let call = world.call("101", 0).await;
    for called_back in [true, false] {
        store
            .calls()
            .set_called_back(world.company, call, called_back, world.operator, at(60))
            .await
            .expect("set");
        let row = store
            .calls()
            .get(world.company, call)
            .await
            .expect("call")
            .row;
        assert_eq!(row.call.called_back, called_back);
        assert_eq!(row.called_back_at, called_back.then(|| at(60)));
        assert_eq!(
            row.called_back_by.as_deref(),
            called_back.then_some("Ольга")
        );
    }
    let nowhere = CallId(Uuid::now_v7());
    assert_fails!(store.calls().by_id(nowhere).await, StoreError::NotFound);
    assert_fails!(
        store
            .calls()
            .set_called_back(world.company, nowhere, true, world.operator, at(60))
            .await,
        StoreError::NotFound
    );
}

async fn a_lost_caller_who_is_answered_later_is_owed_nothing(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let other = World::new(&store, "Лютик").await;
    let first = world.lost("+79261234567", 0).await;
    let second = world.lost("+79261234567", 20).await;
    let somebody = world.lost("+79260000000", 40).await;
    let elsewhere = other.lost("+79261234567", 60).await;
    let again = world.call("+79261234567", 80).await;
    let calls = store.calls();
    let answered = calls.set_answered(world.company, again, world.operator, at(90));
    answered.await.expect("answered");
    for (company, call, settled) in [
        (world.company, first, true),
        (world.company, second, true),
        (world.company, somebody, false),
        (other.company, elsewhere, false),
    ] {
        let row = calls.get(company, call).await.expect("a call").row;
        assert_eq!(row.call.called_back, settled);
        assert_eq!(row.called_back_at, settled.then(|| at(90)));
        assert_eq!(row.called_back_by.as_deref(), settled.then_some("Ольга"));
    }
}
