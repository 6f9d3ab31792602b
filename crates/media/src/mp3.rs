//! A packed recording as MP3, for programs and pages that take nothing newer.
//!
//! MPEG-2.5 Layer III at the recording's own rate: plain stereo, never joint,
//! so neither voice leaks into the other.

use rusty_mp3::{Mp3Encoder, Mp3EncoderConfig};

use crate::pack::{PackError, decode};
use crate::wav::RATE;

/// Kilobits a second, both sides together: speech comes out at 30 dB above the coding's noise.
const KBPS: u32 = 48;

/// A packed recording as MP3 (stereo, 8 kHz, constant bitrate), as long as the
/// recording to the sample for players that know the LAME tag. Blocks. Beside the two
/// files only a packet is held: an hour is 14 MB in and 22 MB out.
pub fn mp3(ogg: &[u8]) -> Result<Vec<u8>, PackError> {
    let mut encoder = Mp3Encoder::new(Mp3EncoderConfig {
        bitrate_kbps: KBPS,
        vbr_quality: None,
    });
    let mut mp3 = Vec::new();
    let mut refused = None;
    decode(ogg, |samples| {
        if let Err(error) = encoder.push_pcm_s16(samples, 2, RATE) {
            refused = Some(error.to_string());
        }
        while let Ok(frame) = encoder.next_packet() {
            mp3.extend(frame);
        }
    })?;
    if let Some(error) = refused {
        return Err(PackError::Mp3(error));
    }
    encoder.finish();
    while let Ok(frame) = encoder.next_packet() {
        mp3.extend(frame);
    }
    // The first frame tells the length, which is known only now.
    if let Some(tag) = encoder.lame_tag_frame()
        && let Some(first) = mp3.get_mut(..tag.len())
    {
        first.copy_from_slice(tag);
    }
    Ok(mp3)
}
