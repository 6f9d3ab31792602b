//! Codecs other than G.711, between the PBX's packets and frames of 8 kHz:
//! that is what the rest of the engine works with, as operators are sent G.711.
//!
//! Opus samples at whatever rate is asked for; G.722 is brought to its 16 kHz
//! and back. Coders are made when a call is described, and a packet allocates
//! nothing.

use audio_codec::g722::{G722Decoder, G722Encoder};
use audio_codec::{Decoder as _, Encoder as _};
use model::audio::{Codec, Format, Law};
use opus::{Application, Bitrate, Channels};

use crate::command::DATAGRAM;
use crate::g711::{FRAME, Pcm, encode};
use crate::playout::{Playout, Taken};
use crate::resample::{Doubler, Halver};
use crate::rtp::Packet;

/// Longest payload that a frame is encoded into.
pub(crate) const PAYLOAD_MAX: usize = FRAME;

/// Samples of the longest packet that is decoded: Opus goes to 120 ms, and
/// G.722 has one for each byte of a datagram.
const DECODED_MAX: usize = DATAGRAM;

/// Sampling rate that everything is brought to, in Hz.
const RATE_HZ: u32 = 8000;

/// Opus at 8 kHz sounds no better with more.
const OPUS_BITS_S: i32 = 24_000;

/// The middle: half the time of the highest, and nobody hears it at this rate.
const OPUS_COMPLEXITY: i32 = 5;

/// Losses that forward error correction is written for, in percent.
const OPUS_LOSS: i32 = 5;

/// Turns frames into what a PBX is sent.
pub(crate) enum Encoder {
    G722(Box<(Doubler, G722Encoder)>),
    Opus(opus::Encoder),
}

impl Encoder {
    /// None where none is needed (G.711), or libopus has no memory for one.
    pub(crate) fn new(codec: Codec) -> Option<Self> {
        match codec {
            Codec::Pcma | Codec::Pcmu => None,
            Codec::G722 => Some(Self::G722(Box::new((Doubler::new(), G722Encoder::new())))),
            Codec::Opus => opus_encoder()
                .inspect_err(|error| tracing::error!(%error, "no Opus encoder"))
                .map(Self::Opus)
                .ok(),
        }
    }

    /// Encodes a frame; the payload's length, none where it is to be left out.
    pub(crate) fn encode(&mut self, frame: &Pcm, payload: &mut [u8; PAYLOAD_MAX]) -> Option<usize> {
        match self {
            Self::G722(coder) => {
                let (doubler, encoder) = &mut **coder;
                let mut wide = [0; 2 * FRAME];
                doubler.take(frame, &mut wide);
                encoder.encode_into(&wide, payload).ok()
            }
            Self::Opus(encoder) => encoder.encode(frame, payload).ok(),
        }
    }
}

fn opus_encoder() -> Result<opus::Encoder, opus::Error> {
    let mut encoder = opus::Encoder::new(RATE_HZ, Channels::Mono, Application::Voip)?;
    encoder.set_bitrate(Bitrate::Bits(OPUS_BITS_S))?;
    encoder.set_complexity(OPUS_COMPLEXITY)?;
    encoder.set_inband_fec(true)?;
    encoder.set_packet_loss_perc(OPUS_LOSS)?;
    Ok(encoder)
}

/// Turns what a PBX sends into sound.
pub(crate) enum Decoder {
    G722(Box<(G722Decoder, Halver)>),
    Opus(Box<OpusStream>),
}

impl Decoder {
    /// As [`Encoder::new`].
    pub(crate) fn new(codec: Codec) -> Option<Self> {
        match codec {
            Codec::Pcma | Codec::Pcmu => None,
            Codec::G722 => Some(Self::G722(Box::new((G722Decoder::new(), Halver::new())))),
            Codec::Opus => opus::Decoder::new(RATE_HZ, Channels::Mono)
                .inspect_err(|error| tracing::error!(%error, "no Opus decoder"))
                .map(|decoder| Self::Opus(Box::new(OpusStream::new(decoder))))
                .ok(),
        }
    }

    fn is_for(&self, codec: Codec) -> bool {
        match self {
            Self::G722(_) => codec == Codec::G722,
            Self::Opus(_) => codec == Codec::Opus,
        }
    }

    fn take(&mut self, packet: &Packet<'_>, playout: &mut Playout) -> Taken {
        match self {
            Self::G722(coder) => {
                let (decoder, halver) = &mut **coder;
                let (mut wide, mut pcm) = ([0; 2 * DECODED_MAX], [0; DECODED_MAX]);
                let Ok(samples) = decoder.decode_into(packet.payload, &mut wide) else {
                    return Taken::Unreadable;
                };
                let pcm = &mut pcm[..samples / 2];
                halver.take(&wide[..samples], pcm);
                put(playout, packet.ssrc, packet.timestamp, pcm)
            }
            Self::Opus(stream) => stream.take(packet, playout),
        }
    }
}

/// The decoders of a call: one for each codec that it may come in.
#[derive(Default)]
pub(crate) struct Decoders(Vec<Decoder>);

impl Decoders {
    /// Those for these formats; one that is there goes on.
    pub(crate) fn prepare(&mut self, formats: &[Format]) {
        let wanted = |codec| formats.iter().any(|format| format.codec == codec);
        for codec in Codec::ALL.into_iter().filter(|codec| wanted(*codec)) {
            if !self.0.iter().any(|decoder| decoder.is_for(codec)) {
                self.0.extend(Decoder::new(codec));
            }
        }
    }

    /// Brings a packet's sound to its place.
    pub(crate) fn take(
        &mut self,
        codec: Codec,
        packet: &Packet<'_>,
        playout: &mut Playout,
    ) -> Taken {
        if let Some(law) = codec.law() {
            return playout.put(packet.ssrc, packet.timestamp, law, packet.payload);
        }
        let decoder = self.0.iter_mut().find(|decoder| decoder.is_for(codec));
        decoder.map_or(Taken::Unreadable, |decoder| decoder.take(packet, playout))
    }
}

/// Opus: what has come of its stream, whose clock is six times ours.
pub(crate) struct OpusStream {
    decoder: opus::Decoder,
    ssrc: Option<u32>,
    /// The latest timestamp, and how far the stream has come at it: our own
    /// timestamps would jump where the six times faster ones count around.
    latest: u32,
    extended: u64,
    /// Samples of the latest packet.
    length: usize,
}

/// Ticks of Opus's clock in a sample.
const OPUS_TICKS: i64 = 6;

impl OpusStream {
    fn new(decoder: opus::Decoder) -> Self {
        Self {
            decoder,
            ssrc: None,
            latest: 0,
            extended: 0,
            length: 0,
        }
    }

    fn take(&mut self, packet: &Packet<'_>, playout: &mut Playout) -> Taken {
        if self.ssrc != Some(packet.ssrc) {
            self.ssrc = Some(packet.ssrc);
            // Far from the beginning: packets may come that are older than the first.
            (self.latest, self.extended, self.length) = (packet.timestamp, 1 << 40, 0);
        }
        let step = i64::from(packet.timestamp.wrapping_sub(self.latest) as i32);
        // A decoder goes forward only; what it has gone past was concealed.
        if step < 0 && self.length > 0 && step > -i64::from(RATE_HZ) * OPUS_TICKS {
            return Taken::Late;
        }
        let at = self.extended.saturating_add_signed(step);
        let mut pcm = [0; DECODED_MAX];
        let length = self.decoder.get_nb_samples(packet.payload);
        let missing = step / OPUS_TICKS - self.length as i64;
        // Just one packet is missing: this one holds it once more, in less detail.
        if let Ok(length) = length
            && self.length == length
            && missing == length as i64
            && (self
                .decoder
                .decode(packet.payload, &mut pcm[..length], true))
            .is_ok()
        {
            let before = at - length as u64 * OPUS_TICKS as u64;
            put(playout, packet.ssrc, stamp(before), &pcm[..length]);
        }
        let Ok(samples) = self.decoder.decode(packet.payload, &mut pcm, false) else {
            return Taken::Unreadable;
        };
        (self.latest, self.extended, self.length) = (packet.timestamp, at, samples);
        put(playout, packet.ssrc, stamp(at), &pcm[..samples])
    }
}

/// The timestamp at our clock.
fn stamp(extended: u64) -> u32 {
    (extended / OPUS_TICKS as u64) as u32
}

/// The playout buffer holds G.711, as the operator will be sent it.
fn put(playout: &mut Playout, ssrc: u32, timestamp: u32, pcm: &[i16]) -> Taken {
    let mut bytes = [0; DECODED_MAX];
    let bytes = &mut bytes[..pcm.len()];
    encode(Law::A, pcm, bytes);
    playout.put(ssrc, timestamp, Law::A, bytes)
}

#[cfg(test)]
#[path = "codec_tests.rs"]
mod tests;
