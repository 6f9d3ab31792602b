//! From the raw recording to what is kept: Ogg/Opus and the waveform's peaks; and back to WAV on request.

use std::io;
use std::path::Path;

/// What became of a raw recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packed {
    /// Length in milliseconds.
    pub ms: u64,
}

/// A recording could not be packed or unpacked.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// Reading or writing failed.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// The raw file is no recording of ours.
    #[error("not a raw recording")]
    NotARecording,
    /// The packed file is no Ogg/Opus of ours.
    #[error("not a packed recording")]
    NotPacked,
    /// Opus refused.
    #[error("Opus: {0}")]
    Opus(#[from] opus::Error),
}

/// Packs a raw recording: stereo Ogg/Opus and the peaks beside it, each
/// written whole or not at all. A file cut off by a crash is packed as far as
/// it goes. Blocks; the raw file stays.
pub fn pack(_raw: &Path, _ogg: &Path, _peaks: &Path) -> Result<Packed, PackError> {
    Err(PackError::NotARecording)
}

/// The recording as WAV (stereo, 8 kHz, 16 bit). Blocks.
pub fn wav(_ogg: &[u8]) -> Result<Vec<u8>, PackError> {
    Err(PackError::NotPacked)
}
