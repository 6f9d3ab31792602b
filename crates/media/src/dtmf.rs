//! Telephone keys as events (RFC 4733), both ways; as tones where the other side takes no events.

use std::collections::VecDeque;
use std::f32::consts::TAU;
use std::time::Duration;

use model::audio::Digit;

use crate::g711::{FRAME, Pcm};

/// Frames that a key sounds: 100 ms.
const PRESSED: u16 = 5;

/// Frames between two keys: 60 ms.
const RELEASED: u16 = 3;

/// From one key to the next, of several that are pressed one after the other.
pub const KEY_EVERY: Duration = Duration::from_millis(20 * (PRESSED + RELEASED) as u64);

/// Copies of the last packet (RFC 4733, section 2.5.1.4).
const ENDS: u8 = 3;

/// Keys that wait to be sent; what is beyond is dropped.
const QUEUE: usize = 64;

/// Volume of an event: -10 dBm0.
const VOLUME: u8 = 10;

/// Reads the keys of one stream.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    last: Option<Press>,
}

#[derive(Debug)]
struct Press {
    ssrc: u32,
    timestamp: u32,
    event: u8,
    duration: u16,
    ended: bool,
}

impl Reader {
    /// Takes an event's packet; gives its key when it is the first of it.
    pub(crate) fn take(&mut self, ssrc: u32, timestamp: u32, payload: &[u8]) -> Option<Digit> {
        let [event, flags, high, low, ..] = *payload else {
            return None;
        };
        let digit = Digit::from_event(event)?;
        let press = Press {
            ssrc,
            timestamp,
            event,
            duration: u16::from_be_bytes([high, low]),
            ended: flags & 0x80 != 0,
        };
        let Some(last) = &mut self.last else {
            self.last = Some(press);
            return Some(digit);
        };
        if last.ssrc == ssrc {
            if last.timestamp == timestamp {
                last.duration = last.duration.max(press.duration);
                last.ended |= press.ended;
                return None;
            }
            let later = timestamp.wrapping_sub(last.timestamp);
            // A packet of an older key, overtaken by those of the newer one.
            if later as i32 <= 0 {
                return None;
            }
            // A key held so long that its duration overflows goes on in a new segment (section 2.5.1.3).
            if !last.ended && last.event == event && later == u32::from(last.duration) {
                *last = press;
                return None;
            }
        }
        self.last = Some(press);
        Some(digit)
    }
}

/// What stands in the sound's place in a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// An event's packet, `copies` times. Its timestamp is that of the key's first frame.
    Event {
        payload: [u8; 4],
        frames_ago: u16,
        first: bool,
        copies: u8,
    },
    /// A key's tones, from this frame of it on.
    Tone { digit: Digit, frame: u16 },
}

/// Sends keys, one after the other.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    waiting: VecDeque<Digit>,
    pressed: Option<(Digit, u16)>,
    pause: u16,
}

impl Writer {
    pub(crate) fn push(&mut self, digit: Digit) {
        if self.waiting.len() < QUEUE {
            self.waiting.push_back(digit);
        }
    }

    /// What this frame sends instead of sound; none where sound goes on.
    /// `as_event` is a frame's length by the stream's clock, where the other
    /// side takes events.
    pub(crate) fn next(&mut self, as_event: Option<u16>) -> Option<Key> {
        if self.pressed.is_none() {
            if self.pause > 0 {
                self.pause -= 1;
                return None;
            }
            self.pressed = self.waiting.pop_front().map(|digit| (digit, 0));
        }
        let (digit, frame) = self.pressed?;
        let last = frame + 1 == PRESSED;
        self.pressed = (!last).then_some((digit, frame + 1));
        if last {
            self.pause = RELEASED;
        }
        let Some(length) = as_event else {
            return Some(Key::Tone { digit, frame });
        };
        let [high, low] = ((frame + 1) * length).to_be_bytes();
        let end = if last { 0x80 } else { 0 };
        Some(Key::Event {
            payload: [digit.event(), end | VOLUME, high, low],
            frames_ago: frame,
            first: frame == 0,
            copies: if last { ENDS } else { 1 },
        })
    }
}

/// A frame of a key's two tones (ITU-T Q.23).
pub(crate) fn tones(digit: Digit, frame: u16, to: &mut Pcm) {
    let (row, column) = match digit.as_char() {
        c @ '1'..='9' => (
            (c as usize - '1' as usize) / 3,
            (c as usize - '1' as usize) % 3,
        ),
        '*' => (3, 0),
        '0' => (3, 1),
        '#' => (3, 2),
        c => (c as usize - 'A' as usize, 3),
    };
    let low = [697.0, 770.0, 852.0, 941.0][row.min(3)];
    let high = [1209.0, 1336.0, 1477.0, 1633.0][column];
    for (n, sample) in to.iter_mut().enumerate() {
        let t = (usize::from(frame) * FRAME + n) as f32 / 8000.0;
        let wave = 0.2 * (TAU * low * t).sin() + 0.25 * (TAU * high * t).sin();
        *sample = (wave * f32::from(i16::MAX)) as i16;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tone::level_db;

    fn digit(c: char) -> Digit {
        Digit::from_char(c).expect("a key")
    }

    #[test]
    fn a_key_is_told_once_however_it_is_repeated_lost_or_reordered() {
        let mut reader = Reader::default();
        let mut told = Vec::new();
        let mut take = |ts, payload: [u8; 4]| told.extend(reader.take(1, ts, &payload));
        for duration in 1..4 {
            take(1000, [5, 10, 0, duration]);
        }
        for _ in 0..3 {
            take(1000, [5, 0x8a, 0, 4]);
        }
        take(3000, [5, 0x8a, 0, 4]); // The same key again, of which only an end came.
        take(1000, [5, 0x8a, 0, 4]); // A straggler of the first.
        take(5000, [11, 10, 0, 1]);
        assert_eq!(told, [digit('5'), digit('5'), digit('#')]);
        assert_eq!(reader.take(1, 9000, &[5, 10, 0]), None, "cut off");
        assert_eq!(
            reader.take(1, 9000, &[16, 10, 0, 0]),
            None,
            "a flash is no key"
        );
    }

    #[test]
    fn a_key_held_for_long_is_one_key() {
        let mut reader = Reader::default();
        assert_eq!(reader.take(1, 0, &[1, 10, 0xff, 0xff]), Some(digit('1')));
        assert_eq!(reader.take(1, 0xffff, &[1, 10, 0, 160]), None);
        assert_eq!(reader.take(1, 0xffff, &[1, 0x8a, 1, 64]), None);
    }

    #[test]
    fn keys_are_sent_one_after_the_other_with_three_ends_and_a_pause() {
        let mut writer = Writer::default();
        writer.push(digit('7'));
        writer.push(digit('*'));
        let mut reader = Reader::default();
        let (mut told, mut packets, mut ends, mut gaps) = (Vec::new(), 0, 0, 0);
        for frame in 0_u16..20 {
            match writer.next(Some(160)) {
                Some(Key::Event {
                    payload,
                    frames_ago,
                    first,
                    copies,
                }) => {
                    assert_eq!(first, frames_ago == 0);
                    packets += u32::from(copies);
                    ends += if payload[1] & 0x80 != 0 {
                        u32::from(copies)
                    } else {
                        0
                    };
                    let ts = u32::from(frame - frames_ago) * 160;
                    for _ in 0..copies {
                        told.extend(reader.take(9, ts, &payload));
                    }
                }
                Some(Key::Tone { .. }) => unreachable!("events were asked for"),
                None => gaps += 1,
            }
        }
        assert_eq!(told, [digit('7'), digit('*')]);
        assert_eq!((packets, ends, gaps), (14, 6, 10));
    }

    #[test]
    fn tones_are_those_of_the_keypad() {
        for (key, low, high) in [
            ('1', 697.0, 1209.0),
            ('8', 852.0, 1336.0),
            ('0', 941.0, 1336.0),
            ('D', 941.0, 1633.0),
        ] {
            let mut sound = Vec::new();
            for frame in 0..PRESSED {
                let mut pcm = [0; FRAME];
                tones(digit(key), frame, &mut pcm);
                sound.extend_from_slice(&pcm);
            }
            assert!(level_db(&sound, 8000.0, low) > -15.0, "{key}");
            assert!(level_db(&sound, 8000.0, high) > -15.0, "{key}");
            assert!(level_db(&sound, 8000.0, 1050.0) < -25.0, "{key}");
        }
    }
}
