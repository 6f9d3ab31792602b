//! Seeded random walks: messages that nobody takes on for a while, in
//! companies of every shape, through simulated time. Their people read, go
//! away, want quiet, are deleted, give messages back; letters and calls fail.
//! What has to hold stands in `ledger.rs`.
//!
//! `WALK_SEED=n cargo test -p model --test walks` repeats one walk.

#![allow(missing_docs, reason = "tests speak for themselves")]

mod company;
mod ledger;
mod world;

use ledger::Ledger;
use world::World;

/// Walks in a test run, each of a message.
const WALKS: u64 = 4_000;

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
fn somebody_is_responsible_until_a_message_is_accepted() {
    let chosen = std::env::var("WALK_SEED").ok();
    let seeds = match chosen.as_deref().map(str::parse) {
        Some(Ok(seed)) => seed..seed + 1,
        Some(Err(error)) => panic!("WALK_SEED is a number: {error}"),
        None => 1..WALKS + 1,
    };
    let mut sum = Ledger::default();
    for seed in seeds {
        let walking = Walking(seed);
        sum.add(World::new(seed).run());
        drop(walking);
    }
    println!("{sum:?}");
    if chosen.is_none() {
        sum.went_everywhere();
    }
}
