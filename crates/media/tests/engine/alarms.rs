//! A full disk: the call goes on.

use std::path::PathBuf;

use model::audio::Law;

use crate::telephone::{Says, Telephone};
use crate::world::{World, call};

#[test]
fn a_full_disk_cuts_the_recording_and_not_the_call() {
    let mut world = World::new(1);
    let full = PathBuf::from("/dev/full");
    let address = world.engine.open(call(1), Some(full)).expect("a socket");
    let caller = Telephone::start(address, Law::A, Says::Tone(600.0));
    world.engine.connect(call(1), &caller.described());
    caller.hear(25);
    assert!(world.engine.recording_alarm());
    assert!(world.close(call(1)).cut_off);
    let other = world.connected(call(2), Law::A, Says::Tone(600.0));
    other.hear(25);
    assert!(
        !world.engine.recording_alarm(),
        "the alarm ends when writing works again"
    );
    assert!(!world.close(call(2)).cut_off);
}
