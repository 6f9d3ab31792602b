//! The WAV that recordings are written as: stereo, 8 kHz, 16 bit.

/// Length of the header before the samples.
pub(crate) const HEADER: usize = 44;

/// Bytes of one moment: two samples of 16 bits.
pub(crate) const MOMENT: usize = 4;

/// Moments a second.
pub(crate) const RATE: u32 = 8000;

/// The header of a file with so many bytes of samples.
pub(crate) fn header(data: u64) -> [u8; HEADER] {
    let data = u32::try_from(data).unwrap_or(u32::MAX - HEADER as u32);
    let mut header = [0; HEADER];
    let mut at = 0;
    let mut put = |bytes: &[u8]| {
        header[at..at + bytes.len()].copy_from_slice(bytes);
        at += bytes.len();
    };
    put(b"RIFF");
    put(&(data + HEADER as u32 - 8).to_le_bytes());
    put(b"WAVEfmt ");
    put(&16_u32.to_le_bytes());
    put(&1_u16.to_le_bytes());
    put(&2_u16.to_le_bytes());
    put(&RATE.to_le_bytes());
    put(&(RATE * MOMENT as u32).to_le_bytes());
    put(&(MOMENT as u16).to_le_bytes());
    put(&16_u16.to_le_bytes());
    put(b"data");
    put(&data.to_le_bytes());
    header
}

/// Whether this is the header of a recording of ours, whatever its sizes say:
/// after a crash the file's own length counts.
pub(crate) fn is_ours(bytes: &[u8; HEADER]) -> bool {
    let model = header(0);
    [0..4, 8..40]
        .into_iter()
        .all(|range| bytes[range.clone()] == model[range])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_read_the_header() {
        let mut file = header(8).to_vec();
        file.extend_from_slice(&[1, 0, 2, 0, 3, 0, 4, 0]);
        let mut reader = hound::WavReader::new(&file[..]).expect("a WAV");
        let spec = reader.spec();
        assert_eq!(
            (spec.channels, spec.sample_rate, spec.bits_per_sample),
            (2, 8000, 16)
        );
        let samples: Vec<i16> = reader.samples().map(|s| s.expect("a sample")).collect();
        assert_eq!(samples, [1, 2, 3, 4]);
        assert!(is_ours(&header(77)));
        assert!(!is_ours(&[0; HEADER]));
    }
}
