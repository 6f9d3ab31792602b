//! What operators did in their shifts, and what supervisors set for their boards.

use model::id::{CallId, UserId};
use model::operator::OperatorState::{self, Break, Offered, Offline, OnCall, Ready, WrapUp};
use model::shift::{OfferOutcome, Thresholds};
use store::{Shift, Store};
use uuid::Uuid;

use crate::world::{World, at};

stories! {
    a_shift_is_the_sum_of_its_states_and_offers
    what_a_server_that_dies_loses_of_a_shift_is_what_came_after_it_was_last_noted
    boards_alarm_as_a_supervisor_has_set
}

async fn is(store: &Store, operator: UserId, state: OperatorState, seconds: i64) {
    let id = Uuid::now_v7();
    for _ in 0..2 {
        // An uncertain write is repeated.
        let begun = store.shifts().begin(id, operator, state, at(seconds)).await;
        begun.expect("begun");
    }
}

async fn between(store: &Store, from: i64, to: i64, now: i64) -> Vec<Shift> {
    let shifts = store.shifts();
    let found = shifts.between(at(from), at(to), at(now)).await;
    found.expect("shifts")
}

async fn a_shift_is_the_sum_of_its_states_and_offers(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let maria = world.operator;
    for (state, seconds) in [
        (Ready, 0),
        (Offered, 100),
        (OnCall, 110),
        (WrapUp, 170),
        (Ready, 200),
        (Break, 300),
        (Offline, 400),
    ] {
        is(&store, maria, state, seconds).await;
    }
    let outcomes = [
        OfferOutcome::Answered,
        OfferOutcome::Missed,
        OfferOutcome::CallerLeft,
        OfferOutcome::Declined,
    ];
    for (seconds, outcome) in (150..).zip(outcomes) {
        let (id, call) = (Uuid::now_v7(), CallId(Uuid::now_v7()));
        for _ in 0..2 {
            let shifts = store.shifts();
            let told = shifts.offered(id, maria, call, outcome, at(seconds)).await;
            told.expect("told");
        }
    }
    let [shift] = between(&store, -3600, 3600, 3600)
        .await
        .try_into()
        .expect("one");
    let told = Shift {
        name: shift.name.clone(),
        from: at(0),
        to: at(400),
        ready_ms: 210_000,
        on_call_ms: 60_000,
        wrap_up_ms: 30_000,
        break_ms: 100_000,
        lunch_ms: 0,
        offered: 4,
        answered: 1,
        missed: 1,
        declined: 1,
    };
    assert_eq!(shift, told);
    assert!(!shift.name.is_empty());
    assert_eq!(shift.signed_in_ms(), 400_000);
    assert_eq!(shift.talk_ms_average(), Some(60_000));

    // A day cuts what goes beyond it.
    let [part] = between(&store, 150, 250, 3600)
        .await
        .try_into()
        .expect("one");
    assert_eq!((part.from, part.to), (at(150), at(250)));
    assert_eq!(
        (part.on_call_ms, part.wrap_up_ms, part.ready_ms),
        (20_000, 30_000, 50_000)
    );
    assert_eq!(between(&store, 401, 3600, 3600).await, []);
}

async fn what_a_server_that_dies_loses_of_a_shift_is_what_came_after_it_was_last_noted(
    store: Store,
) {
    let world = World::new(&store, "Ромашка").await;
    is(&store, world.operator, Ready, 0).await;
    let [shift] = between(&store, 0, 3600, 90).await.try_into().expect("one");
    assert_eq!(shift.ready_ms, 90_000, "it lasts");
    store.shifts().last(at(60)).await.expect("noted");
    // Hours later a server starts.
    store.shifts().close_unfinished().await.expect("closed");
    let [shift] = between(&store, 0, 9000, 8000)
        .await
        .try_into()
        .expect("one");
    assert_eq!((shift.ready_ms, shift.to), (60_000, at(60)));
    is(&store, world.operator, Ready, 8000).await;
    let [shift] = between(&store, 0, 9000, 8010)
        .await
        .try_into()
        .expect("one");
    assert_eq!(shift.ready_ms, 70_000);
}

async fn boards_alarm_as_a_supervisor_has_set(store: Store) {
    let boards = store.boards();
    assert_eq!(
        boards.thresholds().await.expect("set"),
        Thresholds::default()
    );
    for waiting in [None, Some(7)] {
        let new = Thresholds {
            waiting,
            nobody_ready: false,
            ..Thresholds::default()
        };
        boards.set_thresholds(&new).await.expect("set");
        assert_eq!(boards.thresholds().await.expect("set"), new);
    }
    let first = World::new(&store, "Ромашка").await;
    World::new(&store, "Астра").await;
    let call = first.call("+79261234567", 0).await;
    store
        .calls()
        .set_answered(first.company, call, first.operator, at(10))
        .await
        .expect("answered");
    let figures = boards.figures(at(-60), at(60)).await.expect("figures");
    let [row] = figures.as_slice() else {
        panic!("{figures:?}")
    };
    assert_eq!((row.company, row.name.as_str()), (first.company, "Ромашка"));
    assert_eq!((row.figures.calls, row.figures.in_good_time), (1, 1));
}
