//! The raw recording: both sides, at their moments, whatever happens.

use std::time::{Duration, Instant};

use media::{Event, Item, Program};
use model::audio::Law;

use crate::sound::{begins_ms, level_db, loudness_db};
use crate::telephone::Says;
use crate::world::{World, browser, call, sides};

#[test]
fn left_is_the_caller_and_right_what_the_caller_heard() {
    let mut world = World::new(1);
    let operator = world.signed_in(browser(1), &[Law::A], 1100.0);
    let caller = world.connected(call(1), Law::A, Says::Tone(600.0));
    world.engine.bridge(call(1), browser(1));
    caller.hear_until("the operator", |heard| level_db(heard, 1100.0) > -8.0);
    operator.hear(50);
    let recording = world.close(call(1));
    assert!(!recording.cut_off);
    assert_eq!(recording.voice_ms, None);
    let (left, right) = sides(&recording.raw);
    assert_eq!(left.len() as u64, recording.ms * 8);
    let tail = left.len() - 6000..left.len() - 1000;
    let (left, right) = (&left[tail.clone()], &right[tail]);
    assert!((level_db(left, 600.0) + 6.0).abs() < 1.0 && level_db(left, 1100.0) < -40.0);
    assert!((level_db(right, 1100.0) + 6.0).abs() < 1.0 && level_db(right, 600.0) < -40.0);
}

/// A telephone that echoes at once: both sides of the beep must stand at the same moment.
#[test]
fn the_sides_are_aligned_in_time() {
    let mut world = World::new(1);
    let caller = world.connected(call(1), Law::A, Says::Echo);
    caller.hear(25);
    world.play(call(1), 1, Program(vec![Item::Beep]));
    caller.hear(25);
    let (left, right) = sides(&world.close(call(1)).raw);
    let (left, right) = (begins_ms(&left, 1000.0), begins_ms(&right, 1000.0));
    let (left, right) = (left.expect("the echo"), right.expect("the beep"));
    println!("beep at {right} ms, its echo at {left} ms");
    assert!(
        left.abs_diff(right) <= 40,
        "beep at {right} ms, its echo at {left} ms"
    );
}

#[test]
fn the_length_is_that_of_the_connection() {
    let mut world = World::new(1);
    let caller = world.connected(call(1), Law::A, Says::Tone(500.0));
    let start = Instant::now();
    caller.hear(150);
    let ms = start.elapsed().as_millis() as i64;
    let recording = world.close(call(1));
    let off = recording.ms as i64 - ms;
    assert!(
        (-40..=200).contains(&off),
        "{} ms recorded of {ms}",
        recording.ms
    );
    let (left, _) = sides(&recording.raw);
    let begin = begins_ms(&left, 500.0).expect("the caller");
    assert!(begin <= 100, "the caller is first heard at {begin} ms");
}

/// What `kill -9` would leave is what the file is at any moment.
#[test]
fn a_file_that_nobody_closes_is_playable_to_the_last_moments() {
    let mut world = World::new(1);
    let caller = world.connected(call(1), Law::A, Says::Tone(500.0));
    caller.hear(1);
    let start = Instant::now();
    caller.hear(100);
    let copy = world.folder.path().join("copy.wav");
    let running = start.elapsed();
    std::fs::copy(world.raw(call(1)), &copy).expect("a copy");
    let (left, right) = sides(&copy);
    let recorded = Duration::from_millis(left.len() as u64 / 8);
    assert!(
        recorded + Duration::from_millis(200) >= running,
        "{recorded:?} of {running:?}"
    );
    assert!(level_db(&left[4000..], 500.0) > -8.0);
    assert!(loudness_db(&right) < -60.0);
    let ogg = world.folder.path().join("copy.ogg");
    let packed = media::pack::pack(&copy, &ogg, &ogg.with_extension("peaks")).expect("packed");
    assert_eq!(u128::from(packed.ms), recorded.as_millis());
    world.close(call(1));
}

#[test]
fn every_recorded_call_is_told_exactly_once() {
    let mut world = World::new(2);
    world
        .engine
        .open(call(1), Some(world.raw(call(1))))
        .expect("open");
    world.engine.close(call(1));
    world.engine.close(call(1));
    world.engine.open(call(2), None).expect("open");
    world.engine.close(call(2));
    let never_connected = world.recorded(call(1));
    assert_eq!((never_connected.ms, never_connected.cut_off), (0, false));
    let caller = world.connected(call(3), Law::A, Says::Tone(0.0));
    caller.hear(10);
    let rest = world.shut_down();
    let recorded: Vec<_> = rest
        .iter()
        .filter_map(|e| match e {
            Event::Recorded { call, recording } => Some((*call, recording.ms > 100)),
            _ => None,
        })
        .collect();
    assert_eq!(
        recorded,
        [(call(3), true)],
        "the running call is recorded by the shutdown"
    );
}
