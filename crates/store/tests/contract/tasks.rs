//! Calls that operators owe.

use model::id::{MessageId, TaskId};
use model::message::MessageState;
use model::notice::{Event, Quiet, Reach, Target, TaskOutcome, TaskState};
use store::{Actor, CallTask, Conflict, Store, StoreError};
use uuid::Uuid;

use crate::world::{World, at, operator};

stories! {
    an_operator_reads_a_message_to_somebody
    who_accepts_on_the_telephone_has_accepted
    a_call_that_nobody_answers_is_made_again
    one_operator_is_at_a_task
    who_has_taken_a_task_may_call
    nobody_is_called_in_quiet_hours
}

const MINUTE: i64 = 60;

/// A message for Anna, about which operators are to call her; and her task.
async fn asked(world: &World) -> (MessageId, CallTask) {
    world.policy(&[(10, Target::OperatorCall)]).await;
    let id = world.told(0).await;
    assert_eq!(world.steps(10 * MINUTE).await, 1);
    let tasks = world.store.notice().tasks(at(10 * MINUTE)).await;
    let [task] = &tasks.expect("listed")[..] else {
        panic!("one task");
    };
    (id, task.clone())
}

fn olga(world: &World) -> Actor {
    Actor {
        user: world.operator,
        name: "Ольга".into(),
        employee: None,
    }
}

async fn an_operator_reads_a_message_to_somebody(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let (id, task) = asked(&world).await;
    assert_eq!((task.message.id, task.state), (id, TaskState::Open));
    assert_eq!(task.company_name, "Ромашка");
    assert_eq!(
        task.employee.as_ref().map(|it| it.mobile.as_str()),
        Some("89261112233")
    );
    let called = Event::CallAsked {
        to: vec!["Анна".into()],
    };
    assert!(world.events(id).await.contains(&called));
    let notice = store.notice();
    let outcome = TaskOutcome::Reached;
    let done = notice
        .finish_task(task.id, &olga(&world), outcome, at(15 * MINUTE))
        .await;
    assert_eq!(done.expect("done").state, TaskState::Reached);
    assert!(
        notice
            .tasks(at(15 * MINUTE))
            .await
            .expect("listed")
            .is_empty()
    );
    let last = world.details(id).await.timeline.pop().expect("told");
    let called = Event::Called {
        to: "Анна".into(),
        reached: true,
    };
    assert_eq!((last.by.as_deref(), last.event), (Some("Ольга"), called));
    // She knows of it: the next step waits anew.
    let next = notice.next_step_at().await.expect("asked");
    assert_eq!(next, Some(at(30 * MINUTE)));
    // Then she is called again.
    assert_eq!(world.steps(30 * MINUTE).await, 1);
    assert_eq!(
        notice.tasks(at(30 * MINUTE)).await.expect("listed").len(),
        1
    );
}

async fn who_accepts_on_the_telephone_has_accepted(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let (id, task) = asked(&world).await;
    let notice = store.notice();
    let outcome = TaskOutcome::Accepted;
    let done = notice
        .finish_task(task.id, &olga(&world), outcome, at(11 * MINUTE))
        .await;
    done.expect("done");
    let stored = world.details(id).await.stored;
    assert_eq!(
        (stored.state, stored.next_step_at),
        (MessageState::Accepted, None)
    );
    let anna = world.actor(world.anna).await;
    let mark = stored.accepted.expect("told");
    assert_eq!((mark.by, mark.name), (Some(anna.user), "Анна".into()));
}

async fn a_call_that_nobody_answers_is_made_again(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let (id, task) = asked(&world).await;
    let (notice, olga) = (store.notice(), olga(&world));
    let mut minute = 10;
    for attempt in 1..=3 {
        let now = at(minute * MINUTE);
        let due = notice.tasks(now).await.expect("listed");
        assert_eq!(due.len(), 1, "{attempt}");
        let outcome = TaskOutcome::NoAnswer;
        let done = notice.finish_task(task.id, &olga, outcome, now).await;
        let done = done.expect("done");
        assert_eq!(done.attempts, attempt);
        assert!(notice.tasks(now).await.expect("listed").is_empty());
        minute += 5;
    }
    let outcome = TaskOutcome::NoAnswer;
    assert_fails!(
        notice.finish_task(task.id, &olga, outcome, at(9000)).await,
        StoreError::Conflict {
            what: Conflict::TaskTaken
        }
    );
    let missed = Event::Called {
        to: "Анна".into(),
        reached: false,
    };
    let events = world.events(id).await;
    assert_eq!(events.iter().filter(|it| **it == missed).count(), 3);
}

async fn one_operator_is_at_a_task(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let (_, task) = asked(&world).await;
    let other = operator(&store, "Пётр").await;
    let notice = store.notice();
    let taken = notice.take_task(task.id, world.operator, at(0)).await;
    assert_eq!(taken.expect("taken").taken_by, Some(world.operator));
    notice
        .take_task(task.id, world.operator, at(1))
        .await
        .expect("again");
    let refused = notice.take_task(task.id, other, at(2)).await;
    assert_fails!(
        refused,
        StoreError::Conflict {
            what: Conflict::TaskTaken
        }
    );
    // Who forgot it keeps nobody off it.
    notice
        .take_task(task.id, other, at(11 * MINUTE))
        .await
        .expect("taken");
    let nowhere = TaskId(Uuid::now_v7());
    assert_fails!(
        notice.take_task(nowhere, other, at(0)).await,
        StoreError::NotFound
    );
}

async fn who_has_taken_a_task_may_call(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let (_, task) = asked(&world).await;
    let (olga, other) = (olga(&world), operator(&store, "Пётр").await);
    let notice = store.notice();
    let may = async |operator, seconds| notice.taken_task(task.id, operator, at(seconds)).await;
    let refused = |outcome| {
        assert_fails!(
            outcome,
            StoreError::Conflict {
                what: Conflict::TaskTaken
            }
        );
    };
    refused(may(world.operator, 0).await);
    let taken = notice.take_task(task.id, world.operator, at(0)).await;
    let taken = taken.expect("taken");
    assert_eq!(may(world.operator, 1).await.expect("taken"), taken);
    refused(may(other, 1).await);
    // Ten minutes later it is still theirs, as long as nobody else takes it.
    may(world.operator, 11 * MINUTE).await.expect("taken");
    let taken = notice.take_task(task.id, other, at(11 * MINUTE)).await;
    taken.expect("taken");
    refused(may(world.operator, 12 * MINUTE).await);
    may(other, 12 * MINUTE).await.expect("taken");
    let actor = Actor {
        user: other,
        ..olga
    };
    let outcome = TaskOutcome::Reached;
    let done = notice.finish_task(task.id, &actor, outcome, at(13 * MINUTE));
    done.await.expect("done");
    refused(may(other, 14 * MINUTE).await);
    let nowhere = TaskId(Uuid::now_v7());
    assert_fails!(
        notice.taken_task(nowhere, other, at(0)).await,
        StoreError::NotFound
    );
}

async fn nobody_is_called_in_quiet_hours(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    // Three in the afternoon in Moscow.
    let quiet = Reach {
        quiet: vec![Quiet {
            days: vec![1],
            from: "14:00".parse().expect("time"),
            to: "17:00".parse().expect("time"),
        }],
        ..Reach::default()
    };
    world.reach(world.anna, &quiet).await;
    world.policy(&[(10, Target::OperatorCall)]).await;
    world.told(0).await;
    let notice = store.notice();
    assert!(notice.tasks(at(7199)).await.expect("listed").is_empty());
    assert_eq!(notice.tasks(at(7200)).await.expect("listed").len(), 1);
}
