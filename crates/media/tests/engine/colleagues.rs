//! A colleague beside caller and operator: who of the three hears whom, and what is recorded.

use media::{Item, Peer, Program};
use model::audio::Law;

use crate::sound::{level_db, loudness_db};
use crate::telephone::{Says, Telephone};
use crate::webrtc::Browser;
use crate::world::{World, browser, call, sides};

const CALLER: f64 = 600.0;
const OPERATOR: f64 = 1100.0;
const COLLEAGUE: f64 = 1700.0;
const ALL: [f64; 3] = [CALLER, OPERATOR, COLLEAGUE];

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

fn silent(heard: &[i16]) -> bool {
    loudness_db(heard) < -60.0
}

fn music(heard: &[i16]) -> bool {
    loudness_db(heard) > -40.0 && ALL.iter().all(|hz| level_db(heard, *hz) < -25.0)
}

/// Caller and operator talk; the colleague's telephone is still to be called.
fn talking(threads: usize, law: Law) -> (World, Telephone, Browser) {
    let mut world = World::new(threads);
    let operator = world.signed_in(browser(1), &[Law::A, Law::Mu], OPERATOR);
    let caller = world.connected(call(1), law, Says::Tone(CALLER));
    world.engine.bridge(call(1), browser(1));
    caller.hear_until("the operator", exactly(&[OPERATOR]));
    (world, caller, operator)
}

fn colleague(world: &World, law: Law) -> Telephone {
    let address = world
        .engine
        .open_colleague(call(1), Peer::default())
        .expect("a port");
    Telephone::start(address, law, Says::Tone(COLLEAGUE))
}

fn a_whole_transfer(threads: usize, law: Law, colleague_law: Law) {
    let (mut world, caller, operator) = talking(threads, law);
    world.engine.unbridge(call(1));
    world.engine.hear(call(1), 1, Program(vec![Item::Music]));
    let colleague = colleague(&world, colleague_law);
    world.engine.consult(call(1), browser(1));
    operator.hear_until("ringing", |heard| level_db(heard, 425.0) > -22.0);
    operator.hear_until("the pause after a ring", silent);
    caller.hear_until("music", music);

    world
        .engine
        .connect_colleague(call(1), &colleague.described());
    operator.hear_until("the colleague", exactly(&[COLLEAGUE]));
    colleague.hear_until("the operator", exactly(&[OPERATOR]));
    caller.hear_until("music still", music);
    world.engine.mute(call(1), true);
    colleague.hear_until("nothing of a muted operator", silent);
    world.engine.mute(call(1), false);

    world.engine.unbridge(call(1));
    world.engine.gather(call(1), browser(1));
    caller.hear_until("both", exactly(&[OPERATOR, COLLEAGUE]));
    operator.hear_until("both", exactly(&[CALLER, COLLEAGUE]));
    colleague.hear_until("both", exactly(&[CALLER, OPERATOR]));

    world.engine.unbridge(call(1));
    world.engine.couple(call(1));
    caller.hear_until("the colleague alone", exactly(&[COLLEAGUE]));
    colleague.hear_until("the caller alone", exactly(&[CALLER]));
    operator.hear_until("nobody", silent);

    world.engine.close_colleague(call(1));
    caller.hear_until("nobody", silent);
    assert!(!world.close(call(1)).cut_off);
}

#[test]
fn a_colleague_whom_the_operator_can_not_be_heard_by_hears_music_until_somebody_can() {
    let (world, caller, _operator) = talking(2, Law::A);
    world.engine.unbridge(call(1));
    world.engine.hear(call(1), 1, Program(vec![Item::Music]));
    let colleague = colleague(&world, Law::A);
    world
        .engine
        .connect_colleague(call(1), &colleague.described());
    world.engine.consult(call(1), browser(1));
    colleague.hear_until("the operator", exactly(&[OPERATOR]));

    world.engine.soothe_colleague(call(1), true);
    colleague.hear_until("music", music);
    caller.hear_until("music, all the time", music);
    world.engine.soothe_colleague(call(1), false);
    colleague.hear_until("the operator again", exactly(&[OPERATOR]));

    world.engine.soothe_colleague(call(1), true);
    colleague.hear_until("music", music);
    world.engine.unbridge(call(1));
    world.engine.gather(call(1), browser(1));
    colleague.hear_until("both", exactly(&[CALLER, OPERATOR]));

    world.engine.soothe_colleague(call(1), true);
    colleague.hear_until("music", music);
    world.engine.unbridge(call(1));
    world.engine.couple(call(1));
    colleague.hear_until("the caller", exactly(&[CALLER]));
}

#[test]
fn an_operator_who_calls_somebody_hears_ringing_until_the_answer() {
    let mut world = World::new(2);
    let operator = world.signed_in(browser(1), &[Law::A, Law::Mu], OPERATOR);
    let raw = world.raw(call(1));
    let address = world.engine.open(call(1), Some(raw)).expect("a socket");
    operator.hear_until("nothing before it rings", silent);
    world.engine.bridge(call(1), browser(1));
    operator.hear_until("ringing", |heard| level_db(heard, 425.0) > -22.0);
    operator.hear_until("the pause after a ring", silent);
    let callee = Telephone::start(address, Law::A, Says::Tone(CALLER));
    world.engine.connect(call(1), &callee.described());
    operator.hear_until("who answered", exactly(&[CALLER]));
    callee.hear_until("the operator", exactly(&[OPERATOR]));
    assert!(!world.close(call(1)).cut_off);
}

fn ringing(heard: &[i16]) -> bool {
    level_db(heard, 425.0) > -22.0
}

#[test]
fn before_the_answer_the_networks_sound_takes_the_place_of_ringing_and_is_not_recorded() {
    let mut world = World::new(2);
    let operator = world.signed_in(browser(1), &[Law::A, Law::Mu], OPERATOR);
    let raw = world.raw(call(1));
    let address = world.engine.open(call(1), Some(raw)).expect("a socket");
    world.engine.bridge(call(1), browser(1));
    let announcement = Telephone::start(address, Law::A, Says::Tone(0.0));
    let described = announcement.described();
    world.engine.connect_early(call(1), &described);
    announcement.hear(5);
    operator.hear_until("ringing while nothing comes but silence", ringing);
    announcement.say(Says::Tone(COLLEAGUE));
    operator.hear_until("the announcement", exactly(&[COLLEAGUE]));
    // Between two words there is no ringing.
    announcement.say(Says::Tone(0.0));
    operator.hear_until("a pause", silent);
    assert!(!ringing(&operator.hear(260)));
    announcement.say(Says::Tone(COLLEAGUE));
    operator.hear_until("the announcement", exactly(&[COLLEAGUE]));
    // Somebody else answers.
    let callee = Telephone::start(address, Law::A, Says::Tone(CALLER));
    world.engine.connect(call(1), &callee.described());
    operator.hear_until("who answered", exactly(&[CALLER]));
    callee.hear_until("the operator", exactly(&[OPERATOR]));
    callee.hear(50);
    let recording = world.close(call(1));
    assert!(!recording.cut_off);
    let (left, _) = sides(&recording.raw);
    let early = left
        .chunks_exact(800)
        .filter(|part| level_db(part, COLLEAGUE) > -20.0)
        .count();
    assert_eq!(early, 0, "the announcement is no part of the call");
    assert!(left.len() >= 8000, "{}", left.len());
}

#[test]
fn a_call_that_is_announced_and_never_answered_leaves_no_recording_behind() {
    let mut world = World::new(1);
    let operator = world.signed_in(browser(1), &[Law::A, Law::Mu], OPERATOR);
    let raw = world.raw(call(1));
    let address = world.engine.open(call(1), Some(raw)).expect("a socket");
    world.engine.bridge(call(1), browser(1));
    let announcement = Telephone::start(address, Law::A, Says::Tone(CALLER));
    let described = announcement.described();
    world.engine.connect_early(call(1), &described);
    operator.hear_until("the announcement", exactly(&[CALLER]));
    assert_eq!(world.close(call(1)).ms, 0);
}

#[test]
fn what_announces_a_colleague_is_heard_by_the_operator_alone() {
    let (mut world, caller, operator) = talking(2, Law::A);
    world.engine.unbridge(call(1));
    world.engine.hear(call(1), 1, Program(vec![Item::Music]));
    let colleague = colleague(&world, Law::A);
    world.engine.consult(call(1), browser(1));
    let described = colleague.described();
    world.engine.connect_colleague_early(call(1), &described);
    operator.hear_until("the announcement", exactly(&[COLLEAGUE]));
    caller.hear_until("music", music);
    assert!(!ringing(&operator.hear(260)));
    let recording = world.close(call(1));
    let (_, right) = sides(&recording.raw);
    let early = right
        .chunks_exact(800)
        .filter(|part| level_db(part, COLLEAGUE) > -20.0)
        .count();
    assert_eq!(early, 0, "nobody has said it");
}

#[test]
fn three_parties_hear_each_other_as_they_are_told_on_one_thread() {
    a_whole_transfer(1, Law::A, Law::A);
}

#[test]
fn three_parties_of_different_laws_hear_each_other_wherever_their_threads_are() {
    a_whole_transfer(3, Law::Mu, Law::A);
}

#[test]
fn the_recording_goes_on_and_holds_all_three() {
    let (mut world, caller, operator) = talking(2, Law::A);
    world.engine.unbridge(call(1));
    world.engine.hear(call(1), 1, Program(vec![Item::Music]));
    let colleague = colleague(&world, Law::A);
    world
        .engine
        .connect_colleague(call(1), &colleague.described());
    world.engine.consult(call(1), browser(1));
    operator.hear_until("the colleague", exactly(&[COLLEAGUE]));
    let consulted = caller.hear(50).len();
    world.engine.unbridge(call(1));
    world.engine.couple(call(1));
    caller.hear_until("the colleague", exactly(&[COLLEAGUE]));
    caller.hear(50);
    let recording = world.close(call(1));
    assert!(!recording.cut_off);
    let (left, right) = sides(&recording.raw);
    let half_seconds = |side: &[i16], is: &dyn Fn(&[i16]) -> bool| {
        side.chunks_exact(4000).filter(|part| is(part)).count()
    };
    assert!(consulted >= 8000);
    let on_right = |tones| half_seconds(&right, &exactly(tones));
    assert!(on_right(&[OPERATOR]) >= 1, "the conversation");
    assert!(
        on_right(&[OPERATOR, COLLEAGUE]) >= 1,
        "the consultation, no music over it"
    );
    assert!(on_right(&[COLLEAGUE]) >= 1, "after the transfer");
    let callers = half_seconds(&left, &exactly(&[CALLER]));
    assert!(
        callers + 2 >= left.len() / 4000,
        "the caller all the time: {callers}"
    );
}

#[test]
fn a_colleagues_leg_ends_with_its_call_and_gives_its_port_back() {
    let mut world = World::new(1);
    // Fifty ports: each call takes two.
    for number in 0..60 {
        let _telephone = world.connected(call(number), Law::A, Says::Tone(CALLER));
        world
            .engine
            .open_colleague(call(number), Peer::default())
            .expect("a port");
        world.close(call(number));
    }
}
