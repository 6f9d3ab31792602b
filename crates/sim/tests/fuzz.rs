//! Whatever comes from outside, changed at random: nothing panics, nothing
//! takes long. `make fuzz` does the same at length, guided by what is reached.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sim::mutation::Mutator;

/// Optimized, they take some seconds.
const INPUTS: u64 = if cfg!(debug_assertions) {
    5_000
} else {
    20_000
};

/// What no input may cost: a hundred times what the most costly one takes where
/// nothing else runs, so that a busy machine fails nobody.
const AT_MOST: Duration = Duration::from_millis(100);

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn mutator(folders: &[&str]) -> Mutator {
    let folders: Vec<_> = folders.iter().map(|folder| root().join(folder)).collect();
    let folders: Vec<_> = folders.iter().map(PathBuf::as_path).collect();
    Mutator::of_folders(&folders).expect("seeds")
}

/// Feeds the seeds, then changed ones.
fn feed(mut mutator: Mutator, mut target: impl FnMut(&[u8])) {
    let seeds = mutator.seeds().to_vec();
    assert!(!seeds.is_empty());
    for number in 0..INPUTS {
        let input = match usize::try_from(number).ok().and_then(|n| seeds.get(n)) {
            Some(seed) => seed.clone(),
            None => mutator.message(),
        };
        let mut took = Duration::MAX;
        // Where another program had the processor, it was not the input.
        for _ in 0..3 {
            let begun = Instant::now();
            let went = catch_unwind(AssertUnwindSafe(|| target(&input)));
            took = took.min(begun.elapsed());
            assert!(went.is_ok(), "input {number}: {}", input.escape_ascii());
            if took <= AT_MOST {
                break;
            }
        }
        assert!(
            took <= AT_MOST,
            "input {number} takes {took:?}: {}",
            input.escape_ascii()
        );
    }
}

#[test]
fn datagrams_harm_nothing() {
    let mutator = mutator(&[
        "fuzz/seeds/datagram",
        "crates/sip/tests/torture/rfc4475",
        "crates/sip/tests/torture/rfc5118",
    ]);
    assert_eq!(
        mutator.seeds().len(),
        2 + 49 + 12,
        "no message is forgotten"
    );
    let mut gate = sip::fuzz::Gate::default();
    let mut passed = 0;
    feed(mutator, |input| passed += u64::from(gate.datagram(input)));
    // Changes that left nothing to read would prove nothing.
    assert!(passed > INPUTS / 20, "{passed}");
}

#[test]
fn descriptions_harm_nothing() {
    feed(mutator(&["fuzz/seeds/description"]), sip::fuzz::description);
}

#[test]
fn header_values_harm_nothing() {
    feed(mutator(&["fuzz/seeds/value"]), sip::fuzz::value);
}

#[test]
fn packets_of_sound_harm_nothing() {
    let mut ear = media::fuzz::Ear::new().expect("an ear");
    feed(mutator(&["fuzz/seeds/rtp"]), |input| {
        ear.packets(input).expect("a call");
        media::fuzz::sealed(input);
    });
}

#[test]
fn reports_of_sound_harm_nothing() {
    let mut ear = media::fuzz::Ear::new().expect("an ear");
    feed(mutator(&["fuzz/seeds/rtcp"]), |input| {
        ear.packets(input).expect("a call");
        media::fuzz::sealed(input);
    });
}

#[test]
fn what_comes_to_the_browsers_port_harms_nothing() {
    feed(mutator(&["fuzz/seeds/stun"]), media::fuzz::browser);
}
