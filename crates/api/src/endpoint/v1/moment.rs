//! The old API's times: UTC, always with a fraction; read in the usual spellings.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Longest spelling that is looked at.
const SPELLING_MAX: usize = 40;

/// Numbers from here on are milliseconds: as seconds they would be of the year 5138.
const MILLIS_FROM: i64 = 100_000_000_000;

/// 2026-11-26T10:20:30.123000Z. Scripts cut it off at the dot.
pub fn told(at: Timestamp) -> String {
    let at = at.to_zoned_datetime(TimeZone::UTC);
    at.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string()
}

/// Reads a time: with or without fraction, zone or time of day, with a space
/// in place of the T, or as seconds since 1970. Without a zone it is UTC.
pub fn read(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.len() > SPELLING_MAX || !text.is_ascii() {
        return None;
    }
    if text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.')
    {
        return since_1970(text);
    }
    let (date, rest) = text.split_at_checked(10)?;
    let rest = rest.strip_prefix(['T', 't', ' ', '_']).unwrap_or(rest);
    if rest.is_empty() {
        return local(date, "00:00");
    }
    let (clock, ahead) = zone(rest)?;
    local(date, clock)?.checked_sub(ahead).ok()
}

fn since_1970(text: &str) -> Option<Timestamp> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let whole: i64 = whole.parse().ok()?;
    if whole >= MILLIS_FROM {
        return Timestamp::from_millisecond(whole).ok();
    }
    let nanos = format!("{part:0<9}");
    let nanos: i32 = nanos.get(..9)?.parse().ok()?;
    Timestamp::new(whole, nanos).ok()
}

fn local(date: &str, clock: &str) -> Option<Timestamp> {
    let civil: DateTime = format!("{date}T{clock}").parse().ok()?;
    let zoned = civil.to_zoned_datetime(TimeZone::UTC).ok()?;
    Some(zoned.timestamp())
}

/// The time of day, and how far its zone is ahead of UTC.
fn zone(rest: &str) -> Option<(&str, SignedDuration)> {
    if let Some(clock) = rest.strip_suffix(['Z', 'z']) {
        return Some((clock.trim_end(), SignedDuration::ZERO));
    }
    // A plus that was not escaped arrives as a space.
    let Some(at) = rest.find(['+', '-', ' ']) else {
        return Some((rest, SignedDuration::ZERO));
    };
    let (clock, told) = rest.split_at(at);
    let digits = told.trim_start_matches(['+', '-', ' ']).replace(':', "");
    let number = |range: std::ops::Range<usize>| digits.get(range)?.parse::<i64>().ok();
    let minutes = match digits.len() {
        2 => 60 * number(0..2)?,
        4 => 60 * number(0..2)? + number(2..4)?,
        _ => return None,
    };
    let sign = if told.contains('-') { -1 } else { 1 };
    Some((clock, SignedDuration::from_mins(sign * minutes)))
}

#[cfg(test)]
mod tests {
    use super::{read, told};

    #[test]
    fn the_usual_spellings_are_read() {
        for (text, time) in [
            ("2026-11-26T10:20:30.123456Z", "2026-11-26T10:20:30.123456Z"),
            ("2026-11-26T10:20:30.123456", "2026-11-26T10:20:30.123456Z"),
            ("2018-09-22T09:01:28.568068", "2018-09-22T09:01:28.568068Z"),
            ("2026-11-26T10:20:30", "2026-11-26T10:20:30Z"),
            ("2026-11-26 10:20:30", "2026-11-26T10:20:30Z"),
            ("2026-11-26 10:20", "2026-11-26T10:20:00Z"),
            ("2026-11-26", "2026-11-26T00:00:00Z"),
            ("2026-11-26T10:20:30z", "2026-11-26T10:20:30Z"),
            ("2026-11-26T13:20:30+03:00", "2026-11-26T10:20:30Z"),
            ("2026-11-26T13:20:30 03:00", "2026-11-26T10:20:30Z"),
            ("2026-11-26 13:20:30.5+0300", "2026-11-26T10:20:30.5Z"),
            ("2026-11-26T13:20:30+03", "2026-11-26T10:20:30Z"),
            ("2026-11-26T07:50:30-02:30", "2026-11-26T10:20:30Z"),
            (" 1795688430 ", "2026-11-26T10:20:30Z"),
            ("1795688430.25", "2026-11-26T10:20:30.25Z"),
            ("1795688430250", "2026-11-26T10:20:30.25Z"),
            ("0", "1970-01-01T00:00:00Z"),
        ] {
            assert_eq!(read(text), Some(time.parse().expect(time)), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_time_is_not_read() {
        for text in [
            "",
            "yesterday",
            "26.11.2026",
            "2026-13-01",
            "2026-11-26T25:00",
            "2026-11-26T10:20:30+3",
            "2026-11-26T10:20:30+ab:cd",
            "..",
            "99999999999999999999",
            "2026-11-26T10:20:30 вчера",
            &"1".repeat(1000),
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_time_always_has_its_dot() {
        for (time, text) in [
            ("2026-11-26T10:20:30Z", "2026-11-26T10:20:30.000000Z"),
            ("2026-11-26T10:20:30.123Z", "2026-11-26T10:20:30.123000Z"),
        ] {
            let time = time.parse().expect(time);
            assert_eq!(told(time), text);
            assert_eq!(read(text), Some(time));
        }
    }
}
