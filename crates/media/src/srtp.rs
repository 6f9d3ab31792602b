//! Encrypted RTP (RFC 3711) with AES in counter mode and HMAC-SHA1. It stands
//! here because the crates that there are give each packet a new buffer, which
//! the media threads must not, or are no part of their crate's interface; the
//! ciphers are aws-lc-rs's, and the RFC's test vectors stand below.

use aws_lc_rs::cipher::{AES_128, EncryptingKey, EncryptionContext, UnboundCipherKey};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hmac;
use aws_lc_rs::iv::FixedLength;
use model::cipher::{KEY_BYTES, MasterKey, SALT_BYTES, Suite};

use crate::rtp::HEADER;

/// Longest tag of a packet.
pub(crate) const TAG_MAX: usize = 10;

/// Bytes of the key that packets are signed with.
const SIGN_BYTES: usize = 20;

/// Packets before the newest that are told from repeats (RFC 3711, section
/// 3.3.2, wants 64 at least).
const WINDOW: u64 = 64;

/// Streams of one peer that are kept apart: one ends where another begins.
const STREAMS: usize = 4;

/// Labels of the keys that a master key gives (RFC 3711, section 4.3.1).
const LABEL_CIPHER: u8 = 0;
const LABEL_SIGN: u8 = 1;
const LABEL_SALT: u8 = 2;

/// The keys of a session, made of a master key.
struct Session {
    cipher: EncryptingKey,
    salt: [u8; SALT_BYTES],
    sign: hmac::Key,
    tag: usize,
}

impl Session {
    fn new(suite: Suite, master: &MasterKey) -> Result<Self, Unspecified> {
        let (key, salt) = master.reveal().split_at(KEY_BYTES);
        let master = EncryptingKey::ctr(UnboundCipherKey::new(&AES_128, key)?)?;
        let derive = |label: u8, out: &mut [u8]| {
            let mut iv = [0; 16];
            iv[..SALT_BYTES].copy_from_slice(salt);
            // The key derivation rate is 0: the index stays out of it.
            iv[7] ^= label;
            apply(&master, iv, out)
        };
        let (mut cipher, mut sign, mut own_salt) =
            ([0; KEY_BYTES], [0; SIGN_BYTES], [0; SALT_BYTES]);
        derive(LABEL_CIPHER, &mut cipher)?;
        derive(LABEL_SIGN, &mut sign)?;
        derive(LABEL_SALT, &mut own_salt)?;
        Ok(Self {
            cipher: EncryptingKey::ctr(UnboundCipherKey::new(&AES_128, &cipher)?)?,
            salt: own_salt,
            sign: hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &sign),
            tag: suite.tag(),
        })
    }

    /// Encrypts or decrypts a payload in its place (RFC 3711, section 4.1.1).
    fn turn(&self, ssrc: u32, index: u64, payload: &mut [u8]) -> Result<(), Unspecified> {
        let mut iv = [0; 16];
        iv[..SALT_BYTES].copy_from_slice(&self.salt);
        for (at, byte) in ssrc.to_be_bytes().into_iter().enumerate() {
            iv[4 + at] ^= byte;
        }
        for (at, byte) in index.to_be_bytes()[2..].iter().enumerate() {
            iv[8 + at] ^= byte;
        }
        apply(&self.cipher, iv, payload)
    }

    /// The tag of a packet, of which the first bytes are sent (RFC 3711, section 4.2).
    fn sign(&self, packet: &[u8], index: u64) -> hmac::Tag {
        let rollovers = (index >> 16) as u32;
        let mut context = hmac::Context::with_key(&self.sign);
        context.update(packet);
        context.update(&rollovers.to_be_bytes());
        context.sign()
    }
}

fn apply(key: &EncryptingKey, iv: [u8; 16], data: &mut [u8]) -> Result<(), Unspecified> {
    let context = EncryptionContext::Iv128(FixedLength::from(iv));
    key.less_safe_encrypt(data, context).map(|_| ())
}

/// Where a packet's payload begins; none where it is no RTP.
fn payload_at(packet: &[u8]) -> Option<usize> {
    let first = *packet.first()?;
    if packet.len() < HEADER || first >> 6 != 2 {
        return None;
    }
    let mut at = HEADER + 4 * usize::from(first & 0x0f);
    if first & 0x10 != 0 {
        let words = packet.get(at + 2..at + 4)?;
        at += 4 + 4 * usize::from(u16::from_be_bytes([words[0], words[1]]));
    }
    (at <= packet.len()).then_some(at)
}

fn sequence(packet: &[u8]) -> u16 {
    u16::from_be_bytes([packet[2], packet[3]])
}

fn ssrc(packet: &[u8]) -> u32 {
    u32::from_be_bytes([packet[8], packet[9], packet[10], packet[11]])
}

/// The index of a packet, by the newest one so far (RFC 3711, section 3.3.1).
fn index(newest: Option<u64>, sequence: u16) -> u64 {
    let Some(newest) = newest else {
        return u64::from(sequence);
    };
    let (rollovers, last) = (newest >> 16, (newest & 0xffff) as u16);
    let ahead = sequence.wrapping_sub(last) as i16;
    let rollovers = match ahead >= 0 {
        true => rollovers + u64::from(sequence < last),
        false => rollovers.saturating_sub(u64::from(sequence > last)),
    };
    rollovers << 16 | u64::from(sequence)
}

/// Encrypts what is sent.
pub struct Sealer {
    session: Session,
    newest: Option<u64>,
}

impl Sealer {
    /// With the key that this side sends with.
    pub fn new(suite: Suite, master: &MasterKey) -> Result<Self, Unspecified> {
        Ok(Self {
            session: Session::new(suite, master)?,
            newest: None,
        })
    }

    /// Encrypts the packet of `length` bytes in its place and signs it behind
    /// its end; its length now. None where the room is too small.
    pub fn seal(&mut self, packet: &mut [u8], length: usize) -> Option<usize> {
        let tag = self.session.tag;
        let at = payload_at(packet.get(..length)?)?;
        if packet.len() < length + tag {
            return None;
        }
        let index = index(self.newest, sequence(packet));
        self.newest = self.newest.max(Some(index));
        let source = ssrc(packet);
        (self.session.turn(source, index, &mut packet[at..length])).ok()?;
        let signed = self.session.sign(&packet[..length], index);
        packet[length..length + tag].copy_from_slice(&signed.as_ref()[..tag]);
        Some(length + tag)
    }
}

/// What came of one source so far.
#[derive(Clone, Copy, Debug)]
struct Stream {
    ssrc: u32,
    newest: u64,
    /// Bit n: the packet n before the newest has come.
    seen: u64,
}

impl Stream {
    fn is_new(&self, index: u64) -> bool {
        match self.newest.checked_sub(index) {
            None => true,
            Some(ago) => ago < WINDOW && self.seen >> ago & 1 == 0,
        }
    }

    fn note(&mut self, index: u64) {
        match index.checked_sub(self.newest) {
            Some(ahead) if ahead > 0 => {
                self.seen = self.seen.checked_shl(ahead as u32).unwrap_or(0) | 1;
                self.newest = index;
            }
            _ => self.seen |= 1 << (self.newest - index),
        }
    }
}

/// Decrypts what comes.
pub(crate) struct Opener {
    session: Session,
    streams: [Option<Stream>; STREAMS],
    /// The place that the next stream gets.
    next: usize,
}

impl Opener {
    pub(crate) fn new(suite: Suite, master: &MasterKey) -> Result<Self, Unspecified> {
        Ok(Self {
            session: Session::new(suite, master)?,
            streams: [None; STREAMS],
            next: 0,
        })
    }

    /// Proves the packet and decrypts it in its place; its length without the
    /// tag. None where the peer did not send it, or not now.
    pub(crate) fn open(&mut self, packet: &mut [u8]) -> Option<usize> {
        let length = packet.len().checked_sub(self.session.tag)?;
        let at = payload_at(&packet[..length])?;
        let source = ssrc(packet);
        let known = (self.streams.iter()).position(|s| s.is_some_and(|s| s.ssrc == source));
        let stream = known.and_then(|place| self.streams[place]);
        let index = index(stream.map(|s| s.newest), sequence(packet));
        if stream.is_some_and(|stream| !stream.is_new(index)) {
            return None;
        }
        let signed = self.session.sign(&packet[..length], index);
        let tag = &signed.as_ref()[..self.session.tag];
        verify_slices_are_equal(tag, &packet[length..]).ok()?;
        (self.session.turn(source, index, &mut packet[at..length])).ok()?;
        match known {
            Some(place) => {
                if let Some(stream) = &mut self.streams[place] {
                    stream.note(index);
                }
            }
            None => {
                self.streams[self.next] = Some(Stream {
                    ssrc: source,
                    newest: index,
                    seen: 1,
                });
                self.next = (self.next + 1) % STREAMS;
            }
        }
        Some(length)
    }
}

#[cfg(test)]
#[path = "srtp_tests.rs"]
mod tests;
