//! A small fixed playout buffer: packets go in as the network brings them,
//! frames of 20 ms come out by the engine's clock.
//!
//! Samples stand at their timestamps, whatever the sender's packet length is;
//! where none came there is silence. Two clocks never agree, so the distance
//! between what came and what is played is watched, and set right by a frame
//! when it has drifted.

use model::audio::Law;

use crate::g711::{Bytes, FRAME, convert, silence};

/// Samples of the ring: about 1 s, and so the most that is ever ahead.
const RING: usize = 8192;

/// Delay between a packet's arrival and its sound: 60 ms of jitter are borne.
pub(crate) const DELAY: u32 = 480;

/// Frames of that delay.
pub(crate) const DELAY_FRAMES: usize = DELAY as usize / FRAME;

/// Never less ahead than this for a whole window: the delay has grown (or the sender's clock is fast) and is cut back.
const TOO_FAR: i32 = DELAY as i32 + 4 * FRAME as i32;

/// As near as this once in a window: the next packet would come too late, so a frame of silence makes room.
const TOO_NEAR: i32 = 2 * FRAME as i32;

/// Pops of a window over which the drift is judged: about 1 s.
const WINDOW: u32 = 50;

/// So many late packets in a row mean that the sender's timestamps went back.
const LATE_IN_ROW: u32 = 5;

/// What became of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It will be heard.
    InTime,
    /// Its time had passed.
    Late,
    /// It is not what its payload type says.
    Unreadable,
}

/// The buffer of one stream.
#[derive(Debug)]
pub(crate) struct Playout {
    law: Law,
    ring: Box<[u8; RING]>,
    source: Option<u32>,
    /// Timestamp that is played next.
    at: u32,
    /// Timestamp after the newest sample.
    head: u32,
    late_in_row: u32,
    least_ahead: i32,
    pops: u32,
    packets: u32,
}

impl Playout {
    pub(crate) fn new(law: Law) -> Self {
        Self {
            law,
            ring: Box::new([silence(law); RING]),
            source: None,
            at: 0,
            head: 0,
            late_in_row: 0,
            least_ahead: i32::MAX,
            pops: 0,
            packets: 0,
        }
    }

    /// Changes the law that frames come out in.
    pub(crate) fn set_law(&mut self, law: Law) {
        if law != self.law {
            let mut byte = [0];
            for slot in self.ring.iter_mut() {
                convert(self.law, law, &[*slot], &mut byte);
                *slot = byte[0];
            }
            self.law = law;
        }
    }

    /// Takes a packet's sound.
    pub(crate) fn put(&mut self, ssrc: u32, timestamp: u32, law: Law, payload: &[u8]) -> Taken {
        let payload = &payload[..payload.len().min(RING / 2)];
        if self.source != Some(ssrc) {
            self.source = Some(ssrc);
            self.restart(timestamp);
        }
        let mut ahead = timestamp.wrapping_sub(self.at) as i32;
        if ahead + (payload.len() as i32) <= 0 {
            self.late_in_row += 1;
            if self.late_in_row < LATE_IN_ROW {
                return Taken::Late;
            }
            self.restart(timestamp);
            ahead = DELAY as i32;
        } else if ahead + payload.len() as i32 > RING as i32 {
            self.restart(timestamp);
            ahead = DELAY as i32;
        }
        self.late_in_row = 0;
        self.packets += 1;
        let skip = usize::try_from(-ahead).unwrap_or(0);
        let (mut from, mut to) = (&payload[skip..], timestamp.wrapping_add(skip as u32));
        self.head = latest(self.head, to.wrapping_add(from.len() as u32));
        while !from.is_empty() {
            let slot = to as usize % RING;
            let length = from.len().min(RING - slot);
            convert(
                law,
                self.law,
                &from[..length],
                &mut self.ring[slot..slot + length],
            );
            from = &from[length..];
            to = to.wrapping_add(length as u32);
        }
        Taken::InTime
    }

    /// Gives the next frame, in the law that was set; silence where nothing came.
    pub(crate) fn pop(&mut self, frame: &mut Bytes) {
        if self.source.is_none() {
            frame.fill(silence(self.law));
            return;
        }
        self.watch_drift();
        let quiet = silence(self.law);
        let mut done = 0;
        while done < FRAME {
            let slot = self.at as usize % RING;
            let length = (FRAME - done).min(RING - slot);
            let ring = &mut self.ring[slot..slot + length];
            frame[done..done + length].copy_from_slice(ring);
            ring.fill(quiet);
            done += length;
            self.at = self.at.wrapping_add(length as u32);
        }
    }

    fn ahead(&self) -> i32 {
        self.head.wrapping_sub(self.at) as i32
    }

    fn watch_drift(&mut self) {
        self.least_ahead = self.least_ahead.min(self.ahead());
        self.pops += 1;
        if self.pops < WINDOW {
            return;
        }
        // A sender that pauses says nothing about its clock.
        if self.packets >= WINDOW / 4 {
            if self.least_ahead > TOO_FAR {
                self.skip((self.least_ahead - DELAY as i32) as u32);
            } else if (0..TOO_NEAR).contains(&self.least_ahead) {
                self.at = self.at.wrapping_sub(FRAME as u32);
            }
        }
        self.pops = 0;
        self.packets = 0;
        self.least_ahead = i32::MAX;
    }

    fn skip(&mut self, samples: u32) {
        let quiet = silence(self.law);
        for _ in 0..samples.min(RING as u32) {
            self.ring[self.at as usize % RING] = quiet;
            self.at = self.at.wrapping_add(1);
        }
    }

    fn restart(&mut self, timestamp: u32) {
        self.ring.fill(silence(self.law));
        self.at = timestamp.wrapping_sub(DELAY);
        self.head = timestamp;
        self.late_in_row = 0;
        self.pops = 0;
        self.packets = 0;
        self.least_ahead = i32::MAX;
    }
}

fn latest(one: u32, other: u32) -> u32 {
    if other.wrapping_sub(one) as i32 > 0 {
        other
    } else {
        one
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUIET: u8 = 0xd5;

    fn pop(playout: &mut Playout) -> Bytes {
        let mut frame = [0; FRAME];
        playout.pop(&mut frame);
        frame
    }

    fn first_bytes(playout: &mut Playout, frames: usize) -> Vec<u8> {
        (0..frames).map(|_| pop(playout)[0]).collect()
    }

    #[test]
    fn frames_come_out_in_order_after_the_delay() {
        let mut playout = Playout::new(Law::A);
        let start = u32::MAX - 200;
        for n in [0_u32, 2, 1, 3] {
            let ts = start.wrapping_add(n * 160);
            assert_eq!(
                playout.put(1, ts, Law::A, &[n as u8 + 1; 160]),
                Taken::InTime
            );
        }
        let expected = [QUIET, QUIET, QUIET, 1, 2, 3, 4, QUIET];
        assert_eq!(first_bytes(&mut playout, 8), expected);
        assert_eq!(playout.put(1, start, Law::A, &[9; 160]), Taken::Late);
    }

    #[test]
    fn any_packet_length_and_either_law_goes_in() {
        let mut playout = Playout::new(Law::A);
        for n in 0..8_u32 {
            playout.put(1, n * 80, Law::A, &[n as u8 + 1; 80]);
        }
        playout.put(1, 640, Law::Mu, &[0xff; 480]);
        for _ in 0..DELAY_FRAMES {
            pop(&mut playout);
        }
        let frame = pop(&mut playout);
        assert_eq!((frame[0], frame[79], frame[80], frame[159]), (1, 1, 2, 2));
        for _ in 0..3 {
            pop(&mut playout);
        }
        assert_eq!(pop(&mut playout), [QUIET; FRAME]);
    }

    #[test]
    fn a_sender_whose_time_jumps_is_followed() {
        let mut playout = Playout::new(Law::A);
        playout.put(1, 1_000_000, Law::A, &[1; 160]);
        playout.put(1, 90_000_000, Law::A, &[2; 160]);
        assert_eq!(first_bytes(&mut playout, 4), [QUIET, QUIET, QUIET, 2]);
        let taken: Vec<_> = (0..5)
            .map(|n| playout.put(1, 500 + n * 160, Law::A, &[3; 160]))
            .collect();
        assert_eq!(taken[3..], [Taken::Late, Taken::InTime]);
        assert_eq!(first_bytes(&mut playout, 4), [QUIET, QUIET, QUIET, 3]);
        playout.put(2, 7, Law::A, &[4; 160]);
        assert_eq!(
            first_bytes(&mut playout, 4)[3],
            4,
            "another source starts anew"
        );
    }

    #[test]
    fn clocks_that_drift_either_way_lose_no_packet() {
        // 20 ms frames against a sender that is 0.2 % fast, or slow: 10 minutes of each.
        for per_frame in [19_960_u64, 20_040] {
            let mut playout = Playout::new(Law::A);
            let (mut late, mut sent) = (0, 0_u64);
            for tick in 0..30_000_u64 {
                while sent * per_frame <= tick * 20_000 {
                    let taken = playout.put(1, (sent * 160) as u32, Law::A, &[1; 160]);
                    late += u32::from(taken == Taken::Late);
                    sent += 1;
                }
                pop(&mut playout);
                assert!(playout.ahead() < TOO_FAR + 4 * FRAME as i32);
            }
            assert_eq!(late, 0, "{per_frame} µs a frame");
        }
    }

    #[test]
    fn a_pause_of_the_sender_changes_nothing() {
        let mut playout = Playout::new(Law::A);
        playout.put(1, 0, Law::A, &[1; 160]);
        for _ in 0..500 {
            pop(&mut playout);
        }
        // 500 frames later by both clocks.
        assert_eq!(playout.put(1, 500 * 160, Law::A, &[2; 160]), Taken::InTime);
        assert_eq!(first_bytes(&mut playout, 4), [QUIET, QUIET, QUIET, 2]);
    }
}
