//! From the raw recording to what is kept: Ogg/Opus and the waveform's peaks; and back to WAV on request.
//!
//! The two sides are two mono streams in one Ogg stream (RFC 7845, channel
//! mapping family 1 with no coupled pair): a player sees plain stereo, and
//! neither voice can leak into the other.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Cursor, Read};
use std::path::Path;

use ogg::{PacketReader, PacketWriteEndInfo, PacketWriter};
use opus::{Application, Bitrate, MSDecoder, MSEncoder, Signal};
use serde::Serialize;

use crate::g711::FRAME;
use crate::wav::{HEADER, MOMENT, RATE, header, is_ours};

/// Bits a second, both sides together: each is narrowband speech.
const BITRATE: i32 = 32_000;

/// Granule positions count at 48 kHz whatever the input was (RFC 7845, section 4).
const GRANULES: u64 = 48_000 / RATE as u64;

/// Packets on a page of the Ogg stream: half a second.
const PAGE_PACKETS: u64 = 25;

/// Longest packet that the encoder may make.
const PACKET_MAX: usize = 2 * 1276;

/// Peaks a second.
const PEAKS: u32 = 20;

/// Moments that a peak stands for.
const PEAK_MOMENTS: u32 = RATE / PEAKS;

/// Longest packet there is (120 ms), in moments.
const LONGEST: usize = RATE as usize * 120 / 1000;

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
    /// The MP3 encoder refused.
    #[error("MP3: {0}")]
    Mp3(String),
}

impl From<ogg::OggReadError> for PackError {
    fn from(error: ogg::OggReadError) -> Self {
        match error {
            ogg::OggReadError::ReadError(error) => Self::Io(error),
            _ => Self::NotPacked,
        }
    }
}

/// The waveform as a player draws it: the largest sample of each stretch, 0 to 255.
#[derive(Debug, Serialize)]
struct Peaks {
    per_second: u32,
    left: Vec<u8>,
    right: Vec<u8>,
}

/// Packs a raw recording: stereo Ogg/Opus and the peaks beside it, each
/// written whole or not at all. A file cut off by a crash is packed as far as
/// it goes, whatever its header says. Blocks; the raw file stays.
pub fn pack(raw: &Path, ogg: &Path, peaks: &Path) -> Result<Packed, PackError> {
    let mut raw = BufReader::new(File::open(raw)?);
    let mut head = [0; HEADER];
    match raw.read_exact(&mut head) {
        Ok(()) if is_ours(&head) => {}
        Ok(()) => return Err(PackError::NotARecording),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            return Err(PackError::NotARecording);
        }
        Err(error) => return Err(error.into()),
    }
    let mut drawn = Peaks {
        per_second: PEAKS,
        left: Vec::new(),
        right: Vec::new(),
    };
    let moments = replace(ogg, |file| encode(&mut raw, file, &mut drawn))?;
    replace(peaks, |file| {
        Ok(serde_json::to_writer(file, &drawn).map_err(io::Error::from)?)
    })?;
    Ok(Packed {
        ms: moments * 1000 / u64::from(RATE),
    })
}

/// Writes a file beside, and puts it in place once it is safe on the disk.
fn replace<T>(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> Result<T, PackError>,
) -> Result<T, PackError> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    let written = (|| {
        let mut file = BufWriter::new(File::create(&part)?);
        let result = write(&mut file)?;
        file.into_inner()
            .map_err(io::IntoInnerError::into_error)?
            .sync_all()?;
        std::fs::rename(&part, path)?;
        Ok(result)
    })();
    if written.is_err() {
        // What is left of it would only take room; the error that matters is the one before.
        let _ = std::fs::remove_file(&part);
    }
    written
}

fn encode(
    raw: &mut impl Read,
    file: &mut BufWriter<File>,
    peaks: &mut Peaks,
) -> Result<u64, PackError> {
    let mut encoder = MSEncoder::new(RATE, 2, 0, &[0, 1], Application::Voip)?;
    encoder.set_bitrate(Bitrate::Bits(BITRATE))?;
    encoder.set_signal(Signal::Voice)?;
    let skip = u64::try_from(encoder.get_lookahead()?).unwrap_or(0) * GRANULES;
    let serial = rand::random();
    let mut writer = PacketWriter::new(file);
    writer.write_packet(opus_head(skip), serial, PacketWriteEndInfo::EndPage, 0)?;
    writer.write_packet(opus_tags(), serial, PacketWriteEndInfo::EndPage, 0)?;

    let (mut moments, mut packets) = (0_u64, 0_u64);
    let mut bytes = [0; FRAME * MOMENT];
    let mut packet = [0; PACKET_MAX];
    loop {
        let length = read_full(raw, &mut bytes)? / MOMENT;
        bytes[length * MOMENT..].fill(0);
        let mut frame = [0; 2 * FRAME];
        for (sample, bytes) in frame.iter_mut().zip(bytes.chunks_exact(2)) {
            *sample = i16::from_le_bytes([bytes[0], bytes[1]]);
        }
        peaks.take(&frame[..2 * length], moments);
        moments += length as u64;
        packets += 1;
        // The encoder lags behind by its look-ahead: silence drives the last of the sound out of it.
        let end = skip + moments * GRANULES;
        let done = packets * FRAME as u64 * GRANULES;
        let over = length < FRAME && done >= end;
        let (info, granule) = match over {
            true => (PacketWriteEndInfo::EndStream, end),
            false if packets.is_multiple_of(PAGE_PACKETS) => (PacketWriteEndInfo::EndPage, done),
            false => (PacketWriteEndInfo::NormalPacket, done),
        };
        let size = encoder.encode(&frame, &mut packet)?;
        writer.write_packet(packet[..size].to_vec(), serial, info, granule)?;
        if over {
            return Ok(moments);
        }
    }
}

/// Reads until the buffer is full or the file ends.
fn read_full(from: &mut impl Read, to: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < to.len() {
        match from.read(&mut to[length..]) {
            Ok(0) => break,
            Ok(n) => length += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

impl Peaks {
    fn take(&mut self, samples: &[i16], before: u64) {
        for (n, moment) in samples.chunks_exact(2).enumerate() {
            let at = ((before + n as u64) / u64::from(PEAK_MOMENTS)) as usize;
            for (peaks, sample) in [&mut self.left, &mut self.right].into_iter().zip(moment) {
                if peaks.len() <= at {
                    peaks.resize(at + 1, 0);
                }
                peaks[at] = peaks[at].max((sample.unsigned_abs() >> 7).min(255) as u8);
            }
        }
    }
}

/// The identification header (RFC 7845, section 5.1).
fn opus_head(skip: u64) -> Vec<u8> {
    let mut head = b"OpusHead".to_vec();
    head.extend([1, 2]);
    head.extend(u16::try_from(skip).unwrap_or(u16::MAX).to_le_bytes());
    head.extend(RATE.to_le_bytes());
    head.extend(0_u16.to_le_bytes());
    // Family 1: two streams, none coupled, left from the first, right from the second.
    head.extend([1, 2, 0, 0, 1]);
    head
}

/// The comment header (section 5.2).
fn opus_tags() -> Vec<u8> {
    let vendor = b"telefonistka";
    let mut tags = b"OpusTags".to_vec();
    tags.extend((vendor.len() as u32).to_le_bytes());
    tags.extend(vendor);
    tags.extend(0_u32.to_le_bytes());
    tags
}

/// A packed recording as WAV (stereo, 8 kHz, 16 bit). Blocks.
pub fn wav(ogg: &[u8]) -> Result<Vec<u8>, PackError> {
    let mut sound = Vec::new();
    decode(ogg, |samples| {
        sound.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    })?;
    let mut wav = header(sound.len() as u64).to_vec();
    wav.append(&mut sound);
    Ok(wav)
}

/// Hands the sound of a packed recording over, a packet at a time, without the
/// silence that packing put before and behind it.
pub(crate) fn decode(ogg: &[u8], mut take: impl FnMut(&[i16])) -> Result<(), PackError> {
    let mut reader = PacketReader::new(Cursor::new(ogg));
    let head = reader.read_packet()?.ok_or(PackError::NotPacked)?.data;
    let ours = opus_head(0);
    if head.len() != ours.len() || head[..10] != ours[..10] || head[18..] != ours[18..] {
        return Err(PackError::NotPacked);
    }
    let skip = u64::from(u16::from_le_bytes([head[10], head[11]])) / GRANULES;
    reader
        .read_packet()?
        .filter(|tags| tags.data.starts_with(b"OpusTags"))
        .ok_or(PackError::NotPacked)?;

    let mut decoder = MSDecoder::new(RATE, 2, 0, &[0, 1])?;
    let mut frame = [0; 2 * LONGEST];
    // Moments that were decoded, those to be left out among them.
    let mut moments = 0;
    while let Some(packet) = reader.read_packet()? {
        let length = decoder.decode(&packet.data, &mut frame, false)? as u64;
        let end = match packet.last_in_stream() {
            // The last packet is the one that the sound ends in (`encode`).
            true => packet.absgp_page() / GRANULES,
            false => u64::MAX,
        };
        let from = skip.saturating_sub(moments).min(length);
        let until = end.saturating_sub(moments).clamp(from, length);
        take(&frame[2 * from as usize..2 * until as usize]);
        moments += length;
    }
    Ok(())
}
