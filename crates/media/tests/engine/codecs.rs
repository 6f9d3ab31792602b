//! Every codec, both ways: what is heard, how loud and how clean, on which side and when.

use model::audio::{Codec, Digit, Law};

use crate::sound::{above_noise_db, begins_ms, level_db, loudness_db};
use crate::telephone::Says;
use crate::world::{World, browser, call, sides};

const CALLER: f64 = 600.0;
const OPERATOR: f64 = 1100.0;

/// The tone at half of full scale, alone, and so far above the noise.
fn clean(hz: f64, other: f64, noise_db: f64) -> impl Fn(&[i16]) -> bool {
    move |heard| {
        (level_db(heard, hz) + 6.0).abs() < 1.5
            && level_db(heard, other) < -35.0
            && above_noise_db(heard, hz) > noise_db
    }
}

fn both_ways(codec: Codec, noise_db: f64) {
    let mut world = World::new(1);
    let operator = world.signed_in(browser(1), &[Law::A, Law::Mu], OPERATOR);
    let caller = world.connected(call(1), codec, Says::Tone(CALLER));
    caller.hear_until("silence before the operator", |heard| {
        loudness_db(heard) < -60.0
    });
    world.engine.bridge(call(1), browser(1));
    caller.hear_until("the operator", clean(OPERATOR, CALLER, noise_db));
    operator.hear_until("the caller", clean(CALLER, OPERATOR, noise_db));
    let stats = world.stats(call(1)).expect("a call");
    assert_eq!((stats.codec, stats.lost, stats.late), (Some(codec), 0, 0));
    caller.say(Says::Tone(0.0));
    operator.hear_until("a silent caller", |heard| loudness_db(heard) < -60.0);
    operator.hear(25);
    let (left, right) = sides(&world.close(call(1)).raw);
    assert_eq!(
        begins_ms(&left, OPERATOR),
        None,
        "the operator on the caller's side"
    );
    assert_eq!(
        begins_ms(&right, CALLER),
        None,
        "the caller on the operator's side"
    );
    let began = begins_ms(&left, CALLER).expect("the caller");
    assert!(began <= 100, "the caller from {began} ms on");
    // The operator came half a second later, at least, and stays to the end.
    let began = begins_ms(&right, OPERATOR).expect("the operator");
    assert!(began >= 400, "the operator from {began} ms on");
    let (left, right) = (&left[left.len() - 3200..], &right[right.len() - 3200..]);
    assert!(level_db(left, CALLER) < -50.0, "the caller has ended");
    assert!(
        clean(OPERATOR, CALLER, noise_db)(right),
        "the operator has not"
    );
}

#[test]
fn a_law() {
    both_ways(Codec::Pcma, 35.0);
}

#[test]
fn mu_law() {
    both_ways(Codec::Pcmu, 35.0);
}

#[test]
fn g722() {
    both_ways(Codec::G722, 30.0);
}

#[test]
fn opus() {
    both_ways(Codec::Opus, 15.0);
}

#[test]
fn keys_of_opus_are_counted_by_its_clock() {
    let world = World::new(1);
    let caller = world.connected(call(1), Codec::Opus, Says::Tone(0.0));
    caller.hear(1);
    let mut last_sound = caller.packet().timestamp;
    let five = Digit::from_char('5').expect("a key");
    world.engine.digit(call(1), five);
    let mut stamps = Vec::new();
    let mut durations = Vec::new();
    while durations.len() < 7 {
        let packet = caller.packet();
        if packet.kind == 101 {
            let [_, _, high, low] = packet.payload[..] else {
                panic!("no event: {:?}", packet.payload);
            };
            durations.push(u16::from_be_bytes([high, low]));
            stamps.push(packet.timestamp);
        } else {
            last_sound = packet.timestamp;
        }
    }
    assert_eq!(durations, [960, 1920, 2880, 3840, 4800, 4800, 4800]);
    let due = last_sound.wrapping_add(960);
    assert!(
        stamps.iter().all(|stamp| *stamp == due),
        "{stamps:?}, not {due}"
    );
    let next = std::iter::repeat_with(|| caller.packet()).find(|packet| packet.kind != 101);
    let after = next.expect("sound").timestamp.wrapping_sub(last_sound);
    assert_eq!(after, 6 * 960);
}

#[test]
fn a_pbx_that_changes_to_another_codec_is_followed() {
    let mut world = World::new(1);
    let operator = world.signed_in(browser(1), &[Law::A], OPERATOR);
    let address = world.engine.open(call(1), None).expect("a socket");
    world.engine.bridge(call(1), browser(1));
    for (codec, hz) in [
        (Codec::Pcmu, 500.0),
        (Codec::Opus, 700.0),
        (Codec::G722, 900.0),
        (Codec::Pcma, 1500.0),
    ] {
        let caller = crate::telephone::Telephone::start(address, codec, Says::Tone(hz));
        world.engine.connect(call(1), &caller.described());
        let name = codec.name();
        operator.hear_until(name, clean(hz, OPERATOR, 10.0));
        caller.hear_until(name, clean(OPERATOR, hz, 10.0));
    }
}
