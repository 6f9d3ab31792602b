//! A telephone's codecs: frames of 8 kHz on this side, packets on the other.

use audio_codec::g722::{G722Decoder, G722Encoder};
use audio_codec::{Decoder as _, Encoder as _};
use model::audio::{Codec, Law};
use opus::{Application, Channels};

use crate::g711;

/// Rate that G.722 samples at and Opus is run at, in Hz.
const WIDE: u32 = 16_000;

/// Samples of the longest packet that is decoded.
const DECODED_MAX: usize = 4096;

/// Both directions of one codec.
pub enum Coder {
    /// G.711.
    G711(Law),
    /// G.722.
    G722(Box<(G722Encoder, G722Decoder)>),
    /// Opus.
    Opus(opus::Encoder, opus::Decoder),
}

impl Coder {
    /// None where libopus has no memory for it.
    pub fn new(codec: Codec) -> Option<Self> {
        Some(match codec {
            Codec::Pcma => Self::G711(Law::A),
            Codec::Pcmu => Self::G711(Law::Mu),
            Codec::G722 => Self::G722(Box::new((G722Encoder::new(), G722Decoder::new()))),
            Codec::Opus => Self::Opus(
                opus::Encoder::new(WIDE, Channels::Mono, Application::Voip).ok()?,
                opus::Decoder::new(WIDE, Channels::Mono).ok()?,
            ),
        })
    }

    /// Appends a frame's payload; nothing where it can't be encoded.
    pub fn encode(&mut self, frame: &[i16], packet: &mut Vec<u8>) {
        let mut bytes = [0; 1024];
        let length = match self {
            Self::G711(law) => {
                packet.extend(frame.iter().map(|sample| g711::encode(*law, *sample)));
                return;
            }
            Self::G722(coder) => coder.0.encode_into(&wide(frame), &mut bytes).ok(),
            Self::Opus(encoder, _) => encoder.encode(&wide(frame), &mut bytes).ok(),
        };
        packet.extend_from_slice(&bytes[..length.unwrap_or(0)]);
    }

    /// What a payload sounds like; nothing where it can't be decoded.
    pub fn decode(&mut self, payload: &[u8]) -> Vec<i16> {
        let mut pcm = [0; DECODED_MAX];
        let length = match self {
            Self::G711(law) => return payload.iter().map(|b| g711::decode(*law, *b)).collect(),
            Self::G722(coder) => coder.1.decode_into(payload, &mut pcm).ok(),
            Self::Opus(_, decoder) => decoder.decode(payload, &mut pcm, false).ok(),
        };
        let two = |pair: &[i16]| i16::midpoint(pair[0], pair[1]);
        pcm[..length.unwrap_or(0)]
            .chunks_exact(2)
            .map(two)
            .collect()
    }
}

/// Twice as many samples, each new one between its neighbours.
fn wide(frame: &[i16]) -> Vec<i16> {
    let next = |n: usize| frame.get(n + 1).unwrap_or(&frame[n]);
    let both = |n: usize| [frame[n], i16::midpoint(frame[n], *next(n))];
    (0..frame.len()).flat_map(both).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_comes_through() {
        let tone = |n: usize| (f64::from(n as u32) * 0.4).sin() * 12_000.0;
        let sound: Vec<i16> = (0..8000).map(|n| tone(n) as i16).collect();
        for codec in Codec::ALL {
            let mut coder = Coder::new(codec).expect("a coder");
            let mut heard = Vec::new();
            for frame in sound.chunks(160) {
                let mut packet = Vec::new();
                coder.encode(frame, &mut packet);
                heard.extend(coder.decode(&packet));
            }
            let power = |sound: &[i16]| -> f64 {
                let squares = sound.iter().map(|s| f64::from(*s).powi(2));
                squares.sum::<f64>() / sound.len() as f64
            };
            let loss = power(&heard[4000..]) / power(&sound[4000..]);
            assert!((0.7..1.2).contains(&loss), "{codec:?}: {loss}");
        }
    }
}
