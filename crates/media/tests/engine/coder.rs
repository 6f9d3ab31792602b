//! The codecs as a telephone has them: G.722 at 16 kHz and Opus at 48 kHz, where the engine works at 8 kHz.

use audio_codec::g722::{G722Decoder, G722Encoder};
use audio_codec::{Decoder as _, Encoder as _};
use model::audio::Codec;
use opus::{Application, Channels};

use crate::sound::{expand, samples, tone};

pub struct Coder {
    codec: Codec,
    g722: (G722Encoder, G722Decoder),
    opus: (opus::Encoder, opus::Decoder),
}

impl Coder {
    pub fn new(codec: Codec) -> Self {
        let encoder = opus::Encoder::new(48_000, Channels::Mono, Application::Audio);
        let decoder = opus::Decoder::new(48_000, Channels::Mono);
        Self {
            codec,
            g722: (G722Encoder::new(), G722Decoder::new()),
            opus: (encoder.expect("an encoder"), decoder.expect("a decoder")),
        }
    }

    /// A frame of some tones together, each at half of full scale where there is one.
    pub fn say(&mut self, tones: &[f64], frame: usize) -> Vec<u8> {
        if let ([hz], Some(law)) = (tones, self.codec.law()) {
            return tone(law, *hz, frame);
        }
        let rate = match self.codec {
            Codec::Pcma | Codec::Pcmu => 8000,
            Codec::G722 => 16_000,
            Codec::Opus => 48_000,
        };
        let mut pcm = vec![0; rate as usize / 50];
        for hz in tones {
            for (sum, sample) in pcm.iter_mut().zip(samples(rate, *hz, frame)) {
                *sum += sample / tones.len() as i16;
            }
        }
        let mut bytes = [0; 1000];
        let length = match self.codec {
            Codec::Pcma | Codec::Pcmu => {
                let law = self.codec.law().expect("a law");
                let bytes = pcm
                    .iter()
                    .map(|s| crate::sound::compand(law, f64::from(*s) / 32767.0));
                return bytes.collect();
            }
            Codec::G722 => self.g722.0.encode_into(&pcm, &mut bytes).expect("encoded"),
            Codec::Opus => self.opus.0.encode(&pcm, &mut bytes).expect("encoded"),
        };
        bytes[..length].to_vec()
    }

    /// What is heard of a payload, at 8 kHz.
    pub fn hear(&mut self, payload: &[u8]) -> Vec<i16> {
        let mut pcm = [0; 5760];
        let (length, step) = match self.codec {
            Codec::Pcma | Codec::Pcmu => {
                let law = self.codec.law().expect("a law");
                return payload
                    .iter()
                    .map(|byte| expand(law, *byte) as i16)
                    .collect();
            }
            Codec::G722 => (
                self.g722.1.decode_into(payload, &mut pcm).expect("decoded"),
                2,
            ),
            Codec::Opus => (
                self.opus
                    .1
                    .decode(payload, &mut pcm, false)
                    .expect("decoded"),
                6,
            ),
        };
        // The engine sends nothing that would fold.
        pcm[..length].iter().step_by(step).copied().collect()
    }
}
