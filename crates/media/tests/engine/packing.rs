//! From the raw recording to Ogg/Opus and peaks, and back.

use std::f64::consts::TAU;
use std::path::{Path, PathBuf};

use media::pack::{PackError, pack, wav};
use tempfile::TempDir;

use crate::sound::{begins_ms, level_db};

struct Files {
    _folder: TempDir,
    raw: PathBuf,
    ogg: PathBuf,
    peaks: PathBuf,
}

fn files(raw: &[u8]) -> Files {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let files = Files {
        raw: at("a.wav"),
        ogg: at("a.ogg"),
        peaks: at("a.peaks"),
        _folder: folder,
    };
    std::fs::write(&files.raw, raw).expect("written");
    files
}

fn packed(files: &Files) -> Result<u64, PackError> {
    pack(&files.raw, &files.ogg, &files.peaks).map(|packed| packed.ms)
}

/// A raw recording of two sounds.
fn raw(moments: usize, left: impl Fn(f64) -> f64, right: impl Fn(f64) -> f64) -> Vec<u8> {
    let mut bytes = Vec::new();
    let spec = hound::WavSpec {
        channels: 2,
        sample_rate: 8000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer =
        hound::WavWriter::new(std::io::Cursor::new(&mut bytes), spec).expect("a writer");
    for n in 0..moments {
        let t = n as f64 / 8000.0;
        for sound in [left(t), right(t)] {
            writer
                .write_sample((sound * 32767.0) as i16)
                .expect("written");
        }
    }
    writer.finalize().expect("written");
    bytes
}

fn sine(hz: f64, from: f64, until: f64) -> impl Fn(f64) -> f64 {
    move |t| {
        if (from..until).contains(&t) {
            0.5 * (TAU * hz * t).sin()
        } else {
            0.0
        }
    }
}

fn unpacked(ogg: &Path) -> (Vec<i16>, Vec<i16>) {
    let wav = wav(&std::fs::read(ogg).expect("packed")).expect("unpacked");
    let mut reader = hound::WavReader::new(&wav[..]).expect("a WAV");
    assert_eq!(
        (reader.spec().channels, reader.spec().sample_rate),
        (2, 8000)
    );
    let samples: Vec<i16> = reader.samples().map(|s| s.expect("a sample")).collect();
    (
        samples.iter().step_by(2).copied().collect(),
        samples.iter().skip(1).step_by(2).copied().collect(),
    )
}

/// The sound of an MP3 as players that know the LAME tag hear it: what the
/// encoder put before and behind it is left out.
fn heard(mp3: &[u8], moments: usize) -> (Vec<i16>, Vec<i16>) {
    let mut decoder = rusty_mp3::Mp3Decoder::new();
    decoder.push(mp3);
    decoder.flush();
    let mut samples = Vec::new();
    while let Ok(frame) = decoder.next_frame() {
        assert_eq!((frame.channels, frame.sample_rate), (2, 8000));
        samples.extend(frame.samples.iter().map(|s| (s * 32767.0) as i16));
    }
    // Decoders lag by 529 moments, this encoder by what its tag says; the frame
    // with the tag is silence to a decoder that does not know it.
    let delay = TAG_FRAME
        + 529
        + usize::from(u16::from_be_bytes([mp3[LAME_DELAY], mp3[LAME_DELAY + 1]]) >> 4);
    let sound = &samples[2 * delay..2 * (delay + moments)];
    (
        sound.iter().step_by(2).copied().collect(),
        sound.iter().skip(1).step_by(2).copied().collect(),
    )
}

/// Moments of a frame.
const TAG_FRAME: usize = 576;

/// Where the delay stands in the first frame: header, side information, «Info» with its table, LAME's fields.
const LAME_DELAY: usize = 4 + 17 + 120 + 21;

/// How alike two sounds are, 1 being the same, and how much louder the second one is.
fn alike(a: &[i16], b: &[i16]) -> (f64, f64) {
    let sum = |of: &dyn Fn(f64, f64) -> f64| -> f64 {
        let pairs = a.iter().zip(b);
        pairs.map(|(a, b)| of((*a).into(), (*b).into())).sum()
    };
    let (aa, bb) = (sum(&|a, _| a * a), sum(&|_, b| b * b));
    (sum(&|a, b| a * b) / (aa * bb).sqrt(), (bb / aa).sqrt())
}

#[test]
fn an_mp3_is_the_same_sound_of_the_same_length() {
    let left = |t: f64| sine(500.0, 0.5, 2.0)(t) + sine(800.0, 3.5, 5.0)(t);
    let right = |t: f64| sine(1700.0, 2.0, 4.5)(t);
    let files = files(&raw(40_000, left, right));
    packed(&files).expect("packed");
    let ogg = std::fs::read(&files.ogg).expect("packed");
    let mp3 = media::mp3(&ogg).expect("an MP3");
    let bytes = 48_000 / 8 * 5;
    assert!((bytes..bytes + 2000).contains(&mp3.len()), "{}", mp3.len());
    let (left, right) = unpacked(&files.ogg);
    let (left_heard, right_heard) = heard(&mp3, 40_000);
    for (side, kept, heard) in [
        ("left", &left, &left_heard),
        ("right", &right, &right_heard),
    ] {
        let (alike, louder) = alike(kept, heard);
        println!("{side}: {alike:.4} alike, {louder:.3} times as loud");
        assert!(alike > 0.995, "{side}: {alike}");
        assert!((0.95..1.05).contains(&louder), "{side}: {louder}");
    }
    let crosstalk = level_db(&right_heard[5000..15_000], 500.0) + 6.0;
    assert!(crosstalk < -40.0, "{crosstalk} dB");
    assert!(media::mp3(b"OggS").is_err());
}

#[test]
fn the_sides_stay_apart_and_at_their_moments() {
    // One speaks, then the other, then both.
    let left = |t: f64| sine(500.0, 0.5, 2.0)(t) + sine(500.0, 3.5, 5.0)(t);
    let right = |t: f64| sine(1700.0, 2.0, 5.0)(t);
    let files = files(&raw(40_000, left, right));
    assert_eq!(packed(&files).expect("packed"), 5000);
    let (left, right) = unpacked(&files.ogg);
    assert_eq!(
        (left.len(), right.len()),
        (40_000, 40_000),
        "not a moment more or less"
    );
    let starts = (begins_ms(&left, 500.0), begins_ms(&right, 1700.0));
    assert!(
        starts.0.is_some_and(|ms| ms.abs_diff(500) <= 20),
        "{starts:?}"
    );
    assert!(
        starts.1.is_some_and(|ms| ms.abs_diff(2000) <= 20),
        "{starts:?}"
    );
    let mut worst = f64::MIN;
    for (from, until) in [(5000, 15_000), (17_000, 27_000), (29_000, 39_000)] {
        worst = worst.max(level_db(&right[from..until], 500.0) + 6.0);
        worst = worst.max(level_db(&left[from..until], 1700.0) + 6.0);
    }
    println!("crosstalk {worst:.1} dB");
    assert!(worst < -30.0, "crosstalk of {worst} dB");
    let size = std::fs::metadata(&files.ogg).expect("packed").len();
    assert!(size < 5 * 32_000 / 8 * 3 / 2, "{size} bytes for 5 s");
}

#[test]
fn peaks_draw_both_sides() {
    let files = files(&raw(16_000, sine(500.0, 0.0, 1.0), sine(500.0, 1.0, 2.0)));
    packed(&files).expect("packed");
    let peaks: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&files.peaks).expect("peaks")).expect("JSON");
    assert_eq!(peaks["per_second"], 20);
    let side = |name: &str| -> Vec<u64> {
        let side = peaks[name].as_array().expect("a list");
        side.iter().filter_map(serde_json::Value::as_u64).collect()
    };
    let (left, right) = (side("left"), side("right"));
    assert_eq!((left.len(), right.len()), (40, 40));
    assert!(
        left[..20].iter().all(|p| (125..=128).contains(p)),
        "{left:?}"
    );
    assert!(left[20..].iter().all(|p| *p == 0) && right[..20].iter().all(|p| *p == 0));
}

#[test]
fn a_file_that_was_cut_off_is_packed_as_far_as_it_goes() {
    let mut bytes = raw(16_000, sine(500.0, 0.0, 2.0), sine(900.0, 0.0, 2.0));
    // The header of a moment before the end, and half a sample at it.
    bytes[4..8].fill(0);
    bytes[40..44].fill(0);
    bytes.truncate(44 + 4 * 12_345 + 3);
    let files = files(&bytes);
    assert_eq!(packed(&files).expect("packed"), 1543);
    assert_eq!(unpacked(&files.ogg).0.len(), 12_345);
}

#[test]
fn lengths_of_every_remainder_come_back_exactly() {
    for moments in [0, 1, 51, 52, 53, 107, 108, 159, 160, 161, 4000, 8001] {
        let files = files(&raw(moments, sine(500.0, 0.0, 9.0), |_| 0.0));
        assert_eq!(packed(&files).expect("packed"), moments as u64 / 8);
        assert_eq!(unpacked(&files.ogg).0.len(), moments);
    }
}

#[test]
fn garbage_is_refused_and_leaves_nothing() {
    let good = raw(160, |_| 0.0, |_| 0.0);
    for bytes in [&b""[..], &good[..43], &[7; 100], b"RIFF"] {
        let files = files(bytes);
        assert!(matches!(packed(&files), Err(PackError::NotARecording)));
        assert!(!files.ogg.exists() && !files.peaks.exists());
    }
    let files = files(&good);
    std::fs::remove_file(&files.raw).expect("removed");
    assert!(matches!(packed(&files), Err(PackError::Io(_))));
}

#[test]
fn what_is_not_packed_here_is_not_unpacked() {
    let files = files(&raw(8000, sine(500.0, 0.0, 1.0), |_| 0.0));
    packed(&files).expect("packed");
    let good = std::fs::read(&files.ogg).expect("packed");
    for bytes in [&b""[..], b"OggS", &[0; 1000], &good[..30]] {
        assert!(wav(bytes).is_err());
    }
    for length in (0..good.len()).step_by(13) {
        // Cut anywhere: what is there, or an error, but never a panic.
        let _ = wav(&good[..length]);
    }
    let mut seed = 1_u32;
    for _ in 0..300 {
        let mut bad = good.clone();
        for _ in 0..5 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let at = (seed >> 8) as usize % bad.len();
            bad[at] = seed as u8;
        }
        let _ = wav(&bad);
    }
}
