//! Seeded random walks: many calls and one queue, driven through simulated
//! time by a PBX, callers, sound and browsers that answer, fail, or come late
//! in any order. What has to hold stands in `ledger.rs`.
//!
//! `WALK_SEED=n cargo test -p call --test walks` repeats one walk.

mod colleagues;
mod delays;
mod desks;
mod ledger;
mod stimuli;
mod world;

use std::collections::BTreeMap;

use model::call::Ending;
use world::World;

/// Walks in a test run.
const WALKS: u64 = 150;
/// Steps of each before it is let run out.
const STEPS: u64 = 8_000;

/// Names the walk that failed.
struct Walking(u64);

impl Drop for Walking {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("repeat with WALK_SEED={}", self.0);
        }
    }
}

#[test]
fn walks_of_a_million_steps_keep_every_promise() {
    let chosen = std::env::var("WALK_SEED").ok();
    let seeds = match chosen.as_deref().map(str::parse) {
        Some(Ok(seed)) => seed..seed + 1,
        Some(Err(error)) => panic!("WALK_SEED is a number: {error}"),
        None => 1..WALKS + 1,
    };
    let mut endings: BTreeMap<String, u64> = BTreeMap::new();
    let (mut steps, mut calls) = (0, 0);
    for seed in seeds {
        let walking = Walking(seed);
        let mut world = World::new(seed);
        while world.steps < STEPS {
            world.step();
        }
        world.run_out();
        steps += world.steps;
        for ending in world.endings() {
            calls += 1;
            *endings.entry(format!("{ending:?}")).or_default() += 1;
        }
        drop(walking);
    }
    println!("{steps} steps, {calls} calls, {endings:?}");
    if chosen.is_none() {
        assert!(steps >= 1_000_000, "{steps} steps");
        for ending in ALL {
            let name = format!("{ending:?}");
            assert!(endings.contains_key(&name), "no walk came to {name}");
        }
    }
}

/// Every ending has to be reached, or the walks don't go everywhere.
const ALL: [Ending; 21] = [
    Ending::CallerHungUp,
    Ending::OperatorHungUp,
    Ending::CalleeBusy,
    Ending::CalleeNoAnswer,
    Ending::CalleeRefused,
    Ending::OperatorGaveUp,
    Ending::Transferred,
    Ending::CallerGaveUpRinging,
    Ending::CallerGaveUpQueued,
    Ending::CallerGaveUpDropped,
    Ending::VoiceMessageLeft,
    Ending::VoiceMessageEmpty,
    Ending::OutsideHours,
    Ending::Blocked,
    Ending::LineCheckDone,
    Ending::LineCheckLeft,
    Ending::PbxFailed,
    Ending::SoundLost,
    Ending::ServerFailed,
    Ending::ServerStopped,
    Ending::TooLong,
];
