//! Keys in the sound itself, where the PBX sends no events.

use media::Event;
use model::audio::{Codec, Law};

use crate::telephone::{Says, Telephone};
use crate::world::{World, browser, call};

/// A call whose PBX offers no events.
fn without_events(world: &World, codec: Codec) -> Telephone {
    let to = world.engine.open(call(1), None).expect("a socket");
    let caller = Telephone::start(to, codec, Says::Tone(0.0));
    let mut described = caller.described();
    described.dtmf = None;
    world.engine.connect(call(1), &described);
    caller.hear(10);
    caller
}

#[test]
fn a_key_is_heard_once_in_every_codec() {
    for codec in Codec::ALL {
        let mut world = World::new(1);
        let caller = without_events(&world, codec);
        let mut told = String::new();
        for (low, high) in [
            (770.0, 1336.0),
            (770.0, 1336.0),
            (941.0, 1477.0),
            (697.0, 1209.0),
        ] {
            caller.say(Says::Tones(low, high));
            told.push(world.event(|event| match event {
                Event::Digit { digit, .. } => Some(digit.as_char()),
                _ => None,
            }));
            caller.hear(5);
            caller.say(Says::Tone(0.0));
            caller.hear(10);
        }
        assert_eq!(told, "55#1", "{codec:?}");
        let rest = world.shut_down();
        let again = rest
            .iter()
            .any(|event| matches!(event, Event::Digit { .. }));
        assert!(!again, "{codec:?}: told twice");
    }
}

#[test]
fn where_the_pbx_sends_events_sound_is_no_key() {
    let mut world = World::new(1);
    let operator = world.signed_in(browser(1), &[Law::A], 0.0);
    let caller = world.connected(call(1), Law::A, Says::Tones(770.0, 1336.0));
    world.engine.bridge(call(1), browser(1));
    caller.hear(50);
    operator.hear(1);
    let told = world.shut_down();
    assert!(
        !told
            .iter()
            .any(|event| matches!(event, Event::Digit { .. }))
    );
}
