//! Caller and operator hear each other, and nobody else.

use media::{Item, Program};
use model::audio::Law;

use crate::sound::{level_db, loudness_db};
use crate::telephone::Says;
use crate::world::{World, browser, call};

const CALLER: f64 = 600.0;
const OPERATOR: f64 = 1100.0;

fn only(hz: f64) -> impl Fn(&[i16]) -> bool {
    let other = if hz == CALLER { OPERATOR } else { CALLER };
    // Half of full scale is -6 dB; what leaks would stand at the other's frequency.
    move |heard| (level_db(heard, hz) + 6.0).abs() < 1.0 && level_db(heard, other) < -40.0
}

fn silent(heard: &[i16]) -> bool {
    loudness_db(heard) < -60.0
}

fn a_whole_conversation(threads: usize, law: Law, operator_laws: &[Law]) {
    let mut world = World::new(threads);
    let operator = world.signed_in(browser(1), operator_laws, OPERATOR);
    let caller = world.connected(call(1), law, Says::Tone(CALLER));
    operator.hear_until("silence before the call", silent);

    world.engine.bridge(call(1), browser(1));
    caller.hear_until("the operator", only(OPERATOR));
    operator.hear_until("the caller", only(CALLER));

    world.engine.mute(call(1), true);
    caller.hear_until("nothing of a muted operator", silent);
    assert!(
        only(CALLER)(&operator.hear(25)),
        "a muted operator hears the caller"
    );
    world.engine.mute(call(1), false);
    caller.hear_until("the operator again", only(OPERATOR));

    world.engine.unbridge(call(1));
    world.engine.hear(call(1), 1, Program(vec![Item::Music]));
    operator.hear_until("silence during hold", silent);
    caller.hear_until("music", |heard| {
        loudness_db(heard) > -40.0 && level_db(heard, OPERATOR) < -30.0
    });

    world.engine.bridge(call(1), browser(1));
    caller.hear_until("the operator after hold", only(OPERATOR));
    operator.hear_until("the caller after hold", only(CALLER));
    if operator_laws.contains(&law) {
        assert_eq!(
            operator.frame().law,
            law,
            "no transcoding where the laws can be equal"
        );
    }

    world.engine.close(call(1));
    operator.hear_until("silence after the call", silent);
}

#[test]
fn both_hear_each_other_on_one_thread() {
    a_whole_conversation(1, Law::A, &[Law::A, Law::Mu]);
}

#[test]
fn both_hear_each_other_wherever_their_threads_are() {
    a_whole_conversation(3, Law::Mu, &[Law::Mu, Law::A]);
}

#[test]
fn a_browser_of_the_other_law_is_translated_for() {
    a_whole_conversation(1, Law::A, &[Law::Mu]);
}

#[test]
fn the_next_call_of_an_operator_parts_the_one_before() {
    let mut world = World::new(2);
    let operator = world.signed_in(browser(1), &[Law::A], OPERATOR);
    let first = world.connected(call(1), Law::A, Says::Tone(CALLER));
    let second = world.connected(call(2), Law::A, Says::Tone(CALLER + 200.0));
    world.engine.bridge(call(1), browser(1));
    first.hear_until("the operator", only(OPERATOR));
    world.engine.bridge(call(2), browser(1));
    second.hear_until("the operator", only(OPERATOR));
    first.hear_until("silence", silent);
    operator.hear_until("the second caller", |heard| {
        level_db(heard, CALLER + 200.0) > -7.0 && level_db(heard, CALLER) < -40.0
    });
}

#[test]
fn a_call_that_is_handed_round_ends_where_it_was_handed_last() {
    let mut world = World::new(3);
    let operators: Vec<_> = (0..3_u8)
        .map(|n| world.signed_in(browser(n.into()), &[Law::A], 1100.0 + 300.0 * f64::from(n)))
        .collect();
    let caller = world.connected(call(1), Law::A, Says::Tone(CALLER));
    for n in 0..100 {
        world.engine.bridge(call(1), browser(n * 7 % 3));
        world.engine.mute(call(1), n % 2 == 0);
    }
    world.engine.mute(call(1), false);
    world.engine.bridge(call(1), browser(2));
    operators[2].hear_until("the caller", |heard| level_db(heard, CALLER) > -7.0);
    caller.hear_until("the last operator", |heard| level_db(heard, 1700.0) > -7.0);
    operators[0].hear_until("silence", silent);
    operators[1].hear_until("silence", silent);
    assert!(!world.close(call(1)).cut_off);
}
