//! Messages changed at random, from a fixed seed: what fails comes again.

use std::path::Path;

use rand::rngs::SmallRng;
use rand::{Rng as _, SeedableRng as _};

/// What a datagram can hold, with room to spare.
const SIZE_MAX: usize = 8192;

/// Most changes of one message.
const CHANGES_MAX: u32 = 8;

/// Bytes at which parsers turn.
const MARKS: &[u8] = b"\r\n \t\"\\<>;,:=@?%[]/&*.-0159\0\x7f\x80\xff\xd0\xf0";

/// Words at which they turn.
const WORDS: [&[u8]; 18] = [
    b"\r\n\r\n",
    b"\r\n ",
    b"SIP/2.0",
    b"sip:",
    b"tel:",
    b";tag=",
    b"%00",
    b"%",
    b"\"",
    b"Content-Length: ",
    b"99999999999999999999",
    b"-1",
    b"m=audio 1 RTP/AVP 0\r\n",
    b"a=rtpmap:",
    b"Digest ",
    "\u{10ffff}\u{301}".as_bytes(),
    b"\xff\xff",
    b"\0\0\0\0",
];

/// Makes new messages of some that there are.
#[derive(Debug)]
pub struct Mutator {
    random: SmallRng,
    seeds: Vec<Vec<u8>>,
}

impl Mutator {
    /// Begins with all files in these folders.
    ///
    /// # Errors
    /// Where a folder or a file can't be read.
    pub fn of_folders(folders: &[&Path]) -> std::io::Result<Self> {
        let mut paths = Vec::new();
        for folder in folders {
            for entry in std::fs::read_dir(folder)? {
                paths.push(entry?.path());
            }
        }
        // The same order everywhere, so that the same seed makes the same messages.
        paths.sort();
        let seeds: std::io::Result<_> = paths.iter().map(std::fs::read).collect();
        Ok(Self {
            random: SmallRng::seed_from_u64(2026),
            seeds: seeds?,
        })
    }

    /// What it begins with.
    pub fn seeds(&self) -> &[Vec<u8>] {
        &self.seeds
    }

    /// Another message.
    pub fn message(&mut self) -> Vec<u8> {
        let Self { random, seeds } = self;
        let Some(mut text) = pick(random, seeds).cloned() else {
            return Vec::new();
        };
        for _ in 0..random.random_range(1..=CHANGES_MAX) {
            let at = random.random_range(0..=text.len());
            let end = (at + random.random_range(0..=64)).min(text.len());
            match random.random_range(0..9) {
                0 => text.truncate(at),
                1 => drop(text.drain(at..end)),
                2 => text.insert(at, *pick(random, MARKS).unwrap_or(&0)),
                3 => text.insert(at, random.random()),
                4 if at < text.len() => text[at] = *pick(random, MARKS).unwrap_or(&0),
                5 if at < text.len() => text[at] ^= 1 << random.random_range(0..8),
                6 => {
                    let word = pick(random, &WORDS).copied().unwrap_or_default();
                    text.splice(at..at, word.iter().copied());
                }
                7 => {
                    // The same again and again: what is quadratic shows.
                    let piece = text[at..end].to_vec();
                    let times = random.random_range(1..=400);
                    text.splice(at..at, piece.repeat(times));
                }
                _ => {
                    let other = pick(random, seeds).cloned().unwrap_or_default();
                    let from = random.random_range(0..=other.len());
                    text.truncate(at);
                    text.extend_from_slice(&other[from..]);
                }
            }
        }
        text.truncate(SIZE_MAX);
        text
    }
}

fn pick<'a, T>(random: &mut SmallRng, all: &'a [T]) -> Option<&'a T> {
    let last = all.len().checked_sub(1)?;
    all.get(random.random_range(0..=last))
}
