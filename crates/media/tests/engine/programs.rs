//! What callers are given to hear when there is no operator.

use std::time::Duration;

use media::{Item, Program, Prompt};
use model::audio::Law;
use model::language::Language;

use crate::sound::{level_db, loudness_db};
use crate::telephone::Says;
use crate::world::{World, call, sides};

#[test]
fn the_items_of_a_program_are_heard_in_their_order() {
    let mut world = World::new(1);
    let caller = world.connected(call(1), Law::A, Says::Tone(0.0));
    let (ru, goodbye) = (Language::Ru, Prompt::Goodbye);
    let program = vec![
        Item::Beep,
        Item::Silence(Duration::from_millis(400)),
        Item::Prompt(ru, goodbye),
        Item::Beep,
    ];
    caller.hear(1);
    assert_eq!(world.play(call(1), 7, Program(program)), None);
    let recording = world.close(call(1));
    let (_, right) = sides(&recording.raw);
    let start = right
        .chunks(80)
        .position(|c| level_db(c, 1000.0) > -20.0)
        .expect("a beep")
        * 80;
    let at = |from_ms: usize, ms: usize| &right[start + 8 * from_ms..start + 8 * (from_ms + ms)];
    assert!(level_db(at(50, 200), 1000.0) > -14.0, "the first beep");
    assert!(loudness_db(at(320, 340)) < -60.0, "the silence");
    let ms = world.prompts.ms(ru, goodbye) as usize;
    assert!(loudness_db(at(720, ms)) > -40.0, "the prompt");
    assert!(
        level_db(at(720 + ms + 80, 200), 1000.0) > -14.0,
        "the second beep"
    );
}

#[test]
fn what_the_caller_says_is_kept_and_played_back() {
    let mut world = World::new(1);
    let caller = world.connected(call(1), Law::A, Says::Tone(700.0));
    let listen = Item::Listen {
        max: Duration::from_secs(2),
        begin_within: Duration::from_secs(2),
        silence_ends_after: Duration::from_secs(1),
    };
    world
        .engine
        .hear(call(1), 1, Program(vec![listen, Item::PlayBack]));
    caller.hear_until("the own voice", |heard| level_db(heard, 700.0) > -8.0);
    let voice = world.heard(call(1), 1).expect("a Listen");
    assert!((1900..=2000).contains(&voice), "{voice} ms");
}

#[test]
fn a_caller_who_says_nothing_is_not_waited_for_without_end() {
    let mut world = World::new(1);
    world.connected(call(1), Law::A, Says::Tone(0.0)).hear(1);
    let listen = Item::Listen {
        max: Duration::from_secs(60),
        begin_within: Duration::from_secs(1),
        silence_ends_after: Duration::from_millis(500),
    };
    assert_eq!(world.play(call(1), 1, Program(vec![listen])), Some(0));
    assert_eq!(world.close(call(1)).voice_ms, Some(0));
}

#[test]
fn who_hangs_up_while_speaking_is_judged_by_the_recording() {
    let mut world = World::new(1);
    let caller = world.connected(call(1), Law::A, Says::Tone(700.0));
    let listen = Item::Listen {
        max: Duration::from_secs(60),
        begin_within: Duration::from_secs(6),
        silence_ends_after: Duration::from_secs(3),
    };
    world.engine.hear(call(1), 1, Program(vec![listen]));
    caller.hear(75);
    let voice = world.close(call(1)).voice_ms.expect("a Listen");
    assert!((1000..3000).contains(&voice), "{voice} ms");
}

#[test]
fn a_program_before_the_connection_waits_for_it() {
    let mut world = World::new(1);
    let address = world.engine.open(call(1), None).expect("a socket");
    world.engine.hear(call(1), 3, Program(vec![Item::Beep]));
    let caller = crate::telephone::Telephone::start(address, Law::Mu, Says::Tone(0.0));
    world.engine.connect(call(1), &caller.described());
    caller.hear(20);
    assert_eq!(world.heard(call(1), 3), None);
}
