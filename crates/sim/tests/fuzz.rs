//! Whatever comes from outside, changed at random: nothing panics, nothing
//! takes long, whatever its size. `make fuzz` does the same at length, guided by
//! what is reached.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sim::mutation::Mutator;

/// Optimized, they take some seconds.
const INPUTS: u64 = if cfg!(debug_assertions) {
    5_000
} else {
    20_000
};

/// What no input may cost, in time of the processor.
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
        let begun = spent();
        let went = catch_unwind(AssertUnwindSafe(|| target(&input)));
        let took = spent() - begun;
        assert!(went.is_ok(), "input {number}: {}", input.escape_ascii());
        assert!(
            took <= AT_MOST,
            "input {number} takes {took:?}: {}",
            input.escape_ascii()
        );
    }
}

/// The time that this thread has had the processor (proc(5)): what others do
/// meanwhile on a busy machine does not count.
fn spent() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").expect("a Linux");
    let nanoseconds = told.split(' ').next().and_then(|told| told.parse().ok());
    Duration::from_nanos(nanoseconds.expect("a number"))
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

#[test]
fn no_message_of_any_size_takes_long() {
    let mut gate = sip::fuzz::Gate::default();
    let head = "INVITE sip:a@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n";
    for piece in [
        "\"",
        "\\",
        "<",
        ">",
        ";",
        ",",
        "%",
        "%4",
        "@",
        ":",
        "[",
        "=",
        "\r\n ",
        " ",
        "a,b;",
        "\"\\\"",
        "X: y\r\n",
        "From: \"<\r\n",
        "\u{301}",
    ] {
        for start in [
            "From: ",
            "Via: SIP/2.0/UDP h;",
            "Contact: ",
            "To: \"",
            "CSeq: 1",
            "X",
        ] {
            let many = piece.repeat(60_000 / piece.len());
            for text in [
                format!("{head}{start}{many}\r\n\r\n"),
                format!("v=0\r\nm=audio 1 RTP/AVP {many}"),
                format!("Digest {start}{many}"),
            ] {
                let begun = spent();
                gate.datagram(text.as_bytes());
                sip::fuzz::description(text.as_bytes());
                sip::fuzz::value(text.as_bytes());
                let took = spent() - begun;
                assert!(took <= AT_MOST, "{start} {piece:?} takes {took:?}");
            }
        }
    }
}
