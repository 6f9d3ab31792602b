//! A supervisor beside caller, operator and colleague: who hears the supervisor, and what is recorded.

use media::{Item, Peer, Program};
use model::audio::Law;
use model::supervision::Supervision::{Barge, Listen, Whisper};

use crate::sound::{level_db, loudness_db};
use crate::telephone::{Says, Telephone};
use crate::webrtc::Browser;
use crate::world::{World, browser, call, sides};

const CALLER: f64 = 600.0;
const OPERATOR: f64 = 1100.0;
const COLLEAGUE: f64 = 1700.0;
const SUPERVISOR: f64 = 2300.0;
const ALL: [f64; 4] = [CALLER, OPERATOR, COLLEAGUE, SUPERVISOR];

/// These tones are heard, each as loud as it was said, and none of the others.
fn exactly(tones: &'static [f64]) -> impl Fn(&[i16]) -> bool {
    move |heard| {
        ALL.iter().all(|hz| {
            let level = level_db(heard, *hz);
            if tones.contains(hz) {
                (level + 6.0).abs() < 1.5
            } else {
                level < -35.0
            }
        })
    }
}

/// These are heard, beside others: three and more at half of full scale are clipped.
fn among(tones: &'static [f64]) -> impl Fn(&[i16]) -> bool {
    move |heard| tones.iter().all(|hz| level_db(heard, *hz) > -12.0)
}

fn silent(heard: &[i16]) -> bool {
    loudness_db(heard) < -60.0
}

/// Caller and operator talk, and the supervisor's browser is there.
fn talking(threads: usize, law: Law) -> (World, Telephone, Browser, Browser) {
    let mut world = World::new(threads);
    let operator = world.signed_in(browser(1), &[Law::A, Law::Mu], OPERATOR);
    let supervisor = world.signed_in(browser(2), &[Law::A, Law::Mu], SUPERVISOR);
    let caller = world.connected(call(1), law, Says::Tone(CALLER));
    world.engine.bridge(call(1), browser(1));
    caller.hear_until("the operator", exactly(&[OPERATOR]));
    (world, caller, operator, supervisor)
}

fn listens_whispers_and_barges_in(threads: usize, law: Law) {
    let (mut world, caller, operator, supervisor) = talking(threads, law);
    world.engine.supervise(call(1), browser(2), Listen);
    supervisor.hear_until("both", exactly(&[CALLER, OPERATOR]));
    caller.hear_until("the operator alone", exactly(&[OPERATOR]));
    operator.hear_until("the caller alone", exactly(&[CALLER]));

    world.engine.supervise(call(1), browser(2), Whisper);
    operator.hear_until("the whisper too", exactly(&[CALLER, SUPERVISOR]));
    caller.hear_until("no whisper", exactly(&[OPERATOR]));
    supervisor.hear_until("both, not oneself", exactly(&[CALLER, OPERATOR]));

    world.engine.supervise(call(1), browser(2), Barge);
    caller.hear_until("both", exactly(&[OPERATOR, SUPERVISOR]));
    operator.hear_until("both", exactly(&[CALLER, SUPERVISOR]));
    supervisor.hear_until("both", exactly(&[CALLER, OPERATOR]));
    world.engine.mute(call(1), true);
    caller.hear_until(
        "the supervisor beside a muted operator",
        exactly(&[SUPERVISOR]),
    );
    world.engine.mute(call(1), false);

    world.engine.release_supervisor(call(1));
    supervisor.hear_until("nobody", silent);
    caller.hear_until("the operator alone", exactly(&[OPERATOR]));
    operator.hear_until("the caller alone", exactly(&[CALLER]));
    assert!(!world.close(call(1)).cut_off);
}

#[test]
fn a_supervisor_is_heard_by_whom_it_was_said_on_one_thread() {
    listens_whispers_and_barges_in(1, Law::A);
}

#[test]
fn a_supervisor_is_heard_by_whom_it_was_said_wherever_the_threads_are() {
    listens_whispers_and_barges_in(3, Law::Mu);
}

#[test]
fn a_supervisor_takes_part_in_what_the_operator_does_with_a_colleague() {
    let (world, caller, operator, supervisor) = talking(2, Law::A);
    world.engine.supervise(call(1), browser(2), Barge);
    world.engine.unbridge(call(1));
    world.engine.hear(call(1), 1, Program(vec![Item::Music]));
    let address = world
        .engine
        .open_colleague(call(1), Peer::default())
        .expect("a port");
    let colleague = Telephone::start(address, Law::A, Says::Tone(COLLEAGUE));
    world
        .engine
        .connect_colleague(call(1), &colleague.described());
    world.engine.consult(call(1), browser(1));
    colleague.hear_until("both", exactly(&[OPERATOR, SUPERVISOR]));
    operator.hear_until("both", exactly(&[COLLEAGUE, SUPERVISOR]));
    supervisor.hear_until("both", exactly(&[OPERATOR, COLLEAGUE]));
    world.engine.unbridge(call(1));
    world.engine.gather(call(1), browser(1));
    caller.hear_until("all", among(&[OPERATOR, COLLEAGUE, SUPERVISOR]));
    supervisor.hear_until("all", among(&[CALLER, OPERATOR, COLLEAGUE]));
}

#[test]
fn on_hold_supervisor_and_operator_hear_each_other_and_the_caller_music() {
    let (mut world, caller, operator, supervisor) = talking(2, Law::A);
    world.engine.unbridge(call(1));
    world.engine.hear(call(1), 1, Program(vec![Item::Music]));
    world.engine.attend(call(1), browser(1));
    operator.hear_until("nobody", silent);
    let music = |heard: &[i16]| exactly(&[])(heard) && !silent(heard);
    for how in [Whisper, Barge] {
        world.engine.supervise(call(1), browser(2), how);
        operator.hear_until("the supervisor", exactly(&[SUPERVISOR]));
        supervisor.hear_until("the operator", exactly(&[OPERATOR]));
        caller.hear_until("music", music);
    }
    world.engine.supervise(call(1), browser(2), Listen);
    operator.hear_until("nobody", silent);
    supervisor.hear_until("the operator", exactly(&[OPERATOR]));
    world.engine.unbridge(call(1));
    world.engine.bridge(call(1), browser(1));
    supervisor.hear_until("both", exactly(&[CALLER, OPERATOR]));
    let (_, right) = sides(&world.close(call(1)).raw);
    let aside = right
        .chunks_exact(4000)
        .filter(|part| level_db(part, SUPERVISOR) > -35.0);
    assert_eq!(aside.count(), 0, "what is said on hold is not recorded");
}

#[test]
fn the_recording_has_who_barges_in_on_the_right_and_no_whisper() {
    let (mut world, caller, operator, _supervisor) = talking(2, Law::A);
    world.engine.supervise(call(1), browser(2), Whisper);
    operator.hear_until("the whisper", exactly(&[CALLER, SUPERVISOR]));
    caller.hear(75);
    world.engine.supervise(call(1), browser(2), Barge);
    caller.hear_until("the supervisor", exactly(&[OPERATOR, SUPERVISOR]));
    caller.hear(75);
    let recording = world.close(call(1));
    let (left, right) = sides(&recording.raw);
    let half_seconds = |side: &[i16], tones| {
        let parts = side.chunks_exact(4000);
        parts.filter(|part| exactly(tones)(part)).count()
    };
    assert!(half_seconds(&right, &[OPERATOR]) >= 2, "the whispered part");
    assert!(half_seconds(&right, &[OPERATOR, SUPERVISOR]) >= 2, "barged");
    assert_eq!(half_seconds(&left, &[CALLER, SUPERVISOR]), 0);
    assert!(half_seconds(&left, &[CALLER]) + 2 >= left.len() / 4000);
}

#[test]
fn whoever_ends_leaves_the_others_as_they_were() {
    let (mut world, caller, operator, supervisor) = talking(2, Law::A);
    world.engine.supervise(call(1), browser(2), Barge);
    caller.hear_until("both", exactly(&[OPERATOR, SUPERVISOR]));
    world.engine.close_browser(browser(2));
    caller.hear_until("the operator alone", exactly(&[OPERATOR]));
    operator.hear_until("the caller alone", exactly(&[CALLER]));
    drop(supervisor);

    let supervisor = world.signed_in(browser(3), &[Law::A], SUPERVISOR);
    world.engine.supervise(call(1), browser(3), Listen);
    supervisor.hear_until("both", exactly(&[CALLER, OPERATOR]));
    world.close(call(1));
    supervisor.hear_until("nobody", silent);
    // The leg is free for another call.
    let second = world.connected(call(2), Law::A, Says::Tone(COLLEAGUE));
    world.engine.bridge(call(2), browser(1));
    world.engine.supervise(call(2), browser(3), Whisper);
    supervisor.hear_until("the next call", exactly(&[COLLEAGUE, OPERATOR]));
    second.hear_until("no whisper", exactly(&[OPERATOR]));
}
