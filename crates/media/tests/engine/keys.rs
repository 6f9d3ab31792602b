//! Telephone keys, both ways.

use media::Event;
use model::audio::{Digit, Law};

use crate::sound::{level_db, loudness_db};
use crate::telephone::Says;
use crate::world::{World, browser, call};

#[test]
fn a_key_of_the_caller_is_told_once_and_is_no_noise_for_the_operator() {
    let mut world = World::new(1);
    let operator = world.signed_in(browser(1), &[Law::A], 0.0);
    let caller = world.connected(call(1), Law::A, Says::Tone(0.0));
    world.engine.bridge(call(1), browser(1));
    caller.hear(10);
    let mut told = Vec::new();
    for (event, key) in [(5, '5'), (5, '5'), (11, '#')] {
        caller.say(Says::Key(event, 8));
        let digit = world.event(|e| match e {
            Event::Digit { digit, .. } => Some(*digit),
            _ => None,
        });
        told.push((digit.as_char(), key));
        assert!(loudness_db(&operator.hear(15)) < -60.0);
    }
    assert!(told.iter().all(|(told, key)| told == key), "{told:?}");
    let rest = world.shut_down();
    assert!(
        !rest.iter().any(|e| matches!(e, Event::Digit { .. })),
        "told twice: {rest:?}"
    );
}

#[test]
fn keys_for_the_pbx_go_out_as_events() {
    let world = World::new(1);
    let caller = world.connected(call(1), Law::A, Says::Tone(0.0));
    caller.hear(1);
    for key in ['1', '0', '*'] {
        world
            .engine
            .digit(call(1), Digit::from_char(key).expect("a key"));
    }
    let (mut keys, mut ends, mut last) = (Vec::new(), 0, None);
    while ends < 9 {
        let packet = caller.packet();
        let expected = last.map(|last: u16| last.wrapping_add(1));
        assert!(
            expected.is_none_or(|number| number == packet.sequence),
            "a gap in the sequence"
        );
        last = Some(packet.sequence);
        if packet.kind == 101 {
            let end = packet.payload[1] & 0x80 != 0;
            ends += u32::from(end);
            if keys.last() != Some(&packet.payload[0]) {
                keys.push(packet.payload[0]);
            }
        }
    }
    assert_eq!(keys, [1, 0, 10]);
}

#[test]
fn where_the_pbx_takes_no_events_keys_go_out_as_tones() {
    let world = World::new(1);
    let caller = world.connected(call(1), Law::Mu, Says::Tone(0.0));
    let mut described = caller.described();
    described.dtmf = None;
    world.engine.connect(call(1), &described);
    for _ in 0..10 {
        world
            .engine
            .digit(call(1), Digit::from_char('5').expect("a key"));
    }
    // Within one key: from one to the next the tones' phases begin anew.
    caller.hear_until("the tones of a 5", |heard| {
        heard
            .chunks(320)
            .any(|c| level_db(c, 770.0) > -17.0 && level_db(c, 1336.0) > -17.0)
    });
}
