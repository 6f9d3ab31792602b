//! `Range` of a request for a recording (RFC 9110, section 14).

use std::ops::Range;

/// What part of a file is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// All of it: no range, or one that is not understood and so is ignored.
    Whole,
    /// These bytes.
    Part(Range<u64>),
    /// Bytes that do not exist.
    Impossible,
}

/// Reads the header for a file of the size. Several ranges at once are
/// answered with the whole, as the RFC allows.
pub fn wanted(header: Option<&str>, size: u64) -> Wanted {
    let Some(spec) = header.and_then(|h| h.trim().strip_prefix("bytes=")) else {
        return Wanted::Whole;
    };
    let Some((first, last)) = spec.split_once('-') else {
        return Wanted::Whole;
    };
    let (first, last) = (first.trim(), last.trim());
    if last.contains(',') {
        return Wanted::Whole;
    }
    let range = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => first..last.saturating_add(1).min(size),
        (Ok(first), Err(_)) if last.is_empty() => first..size,
        (Err(_), Ok(0)) if first.is_empty() => return Wanted::Impossible,
        (Err(_), Ok(tail)) if first.is_empty() => size.saturating_sub(tail)..size,
        _ => return Wanted::Whole,
    };
    if range.start >= size {
        Wanted::Impossible
    } else {
        Wanted::Part(range)
    }
}

#[cfg(test)]
mod tests {
    use super::{Wanted, wanted};

    #[test]
    fn ranges_are_read() {
        let part = |range| Wanted::Part(range);
        for (header, expected) in [
            ("bytes=0-99", part(0..100)),
            ("bytes=100-", part(100..1000)),
            ("bytes=-1", part(999..1000)),
            ("bytes=-5000", part(0..1000)),
            ("bytes=990-5000", part(990..1000)),
            ("bytes=0-18446744073709551615", part(0..1000)),
            ("bytes=1000-", Wanted::Impossible),
            ("bytes=-0", Wanted::Impossible),
            ("bytes=5-2", Wanted::Whole),
            ("bytes=0-1,5-6", Wanted::Whole),
            ("bytes=x-y", Wanted::Whole),
            ("bytes=-", Wanted::Whole),
            ("lines=0-1", Wanted::Whole),
        ] {
            assert_eq!(wanted(Some(header), 1000), expected, "{header}");
        }
        assert_eq!(wanted(None, 1000), Wanted::Whole);
        assert_eq!(wanted(Some("bytes=0-"), 0), Wanted::Impossible);
    }
}
