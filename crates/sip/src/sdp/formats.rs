//! Codecs and telephone events as session descriptions write them: payload
//! types, `a=rtpmap` and `a=fmtp` (RFC 8866, section 6.6; RFC 3551, section 6).

use model::audio::{Codec, Format};

/// Payload types below it have one meaning each, or none (RFC 3551, table 4).
const FIRST_FREE: u8 = 35;

/// The codec of a payload type, by its mapping where there is one.
fn codec(payload_type: u8, map: Option<&str>) -> Option<Codec> {
    let fixed = Codec::ALL
        .into_iter()
        .find(|codec| codec.payload_type() == payload_type);
    let fixed = fixed.filter(|_| payload_type < FIRST_FREE);
    let mapped = match map {
        None => return fixed,
        Some(map) if is_encoding(map, "pcma/8000") => Codec::Pcma,
        Some(map) if is_encoding(map, "pcmu/8000") => Codec::Pcmu,
        // The second is wrong and meant so (RFC 3551, section 4.5.2).
        Some(map) if is_encoding(map, "g722/8000") || is_encoding(map, "g722/16000") => Codec::G722,
        Some("opus/48000/2") => Codec::Opus,
        Some(_) => return None,
    };
    (payload_type >= FIRST_FREE || fixed == Some(mapped)).then_some(mapped)
}

/// `PCMA/8000` and `PCMA/8000/1` are the same.
fn is_encoding(map: &str, wanted: &str) -> bool {
    map.strip_prefix(wanted)
        .is_some_and(|rest| rest.is_empty() || rest == "/1")
}

/// The codecs among payload types, each once.
pub(super) fn of<'a>(
    payload_types: impl Iterator<Item = u8>,
    map: impl Fn(u8) -> Option<&'a str>,
) -> Vec<Format> {
    let mut formats: Vec<Format> = Vec::new();
    for payload_type in payload_types {
        if let Some(codec) = codec(payload_type, map(payload_type))
            && formats.iter().all(|format| format.codec != codec)
        {
            formats.push(Format {
                codec,
                payload_type,
            });
        }
    }
    formats
}

/// Drops what is not wanted and brings the rest into the wanted order. Where
/// nothing special is wanted, the order of the two laws is left to the PBX:
/// either goes through untouched.
pub(super) fn narrow(formats: &mut Vec<Format>, wanted: &[Codec]) {
    let usual = wanted == Codec::ALL;
    let rank = |format: &Format| match format.codec.law() {
        Some(_) if usual => Some(0),
        _ => wanted.iter().position(|codec| *codec == format.codec),
    };
    formats.retain(|format| rank(format).is_some());
    formats.sort_by_key(rank);
}

/// The codec that a stream of ours is wished to have: its first, where its
/// codecs don't stand in the usual order.
pub(super) fn wished(formats: &[Format]) -> Option<Codec> {
    let place = |format: &Format| Codec::ALL.iter().position(|codec| *codec == format.codec);
    let first = formats.first()?;
    (!formats.is_sorted_by_key(place)).then_some(first.codec)
}

/// The clock of telephone events, in Hz, where a mapping is one.
pub(super) fn events_clock(map: &str) -> Option<u32> {
    map.strip_prefix("telephone-event/")?.parse().ok()
}

/// The telephone events that go with the first codec: those of its clock
/// (RFC 4733, section 2.1), or the usual ones where there are none.
pub(super) fn events_of(formats: &[Format], events: &[(u8, u32)]) -> Option<u8> {
    let with = |wanted| events.iter().find(|(_, clock)| *clock == wanted);
    with(clock_of(formats))
        .or_else(|| with(8000))
        .map(|(payload_type, _)| *payload_type)
}

/// The clock of the first codec.
pub(super) fn clock_of(formats: &[Format]) -> u32 {
    formats
        .first()
        .map_or(8000, |format| format.codec.clock_hz())
}

/// The attributes of a codec.
pub(super) fn attributes(format: Format) -> String {
    let Format {
        codec,
        payload_type,
    } = format;
    match codec {
        Codec::Pcma | Codec::Pcmu | Codec::G722 => {
            format!("a=rtpmap:{payload_type} {}/8000\r\n", codec.name())
        }
        // Operators are sent G.711: more than its band would be wasted (RFC 7587, section 6.1).
        Codec::Opus => format!(
            "a=rtpmap:{payload_type} opus/48000/2\r\n\
             a=fmtp:{payload_type} maxplaybackrate=8000;sprop-maxcapturerate=8000;stereo=0;useinbandfec=1\r\n"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codecs_are_read_by_number_and_by_name() {
        for (payload_type, map, expected) in [
            (8, None, Some(Codec::Pcma)),
            (0, Some("pcmu/8000/1"), Some(Codec::Pcmu)),
            (9, None, Some(Codec::G722)),
            (9, Some("g722/16000"), Some(Codec::G722)),
            (107, Some("opus/48000/2"), Some(Codec::Opus)),
            (98, Some("pcma/8000"), Some(Codec::Pcma)),
            (111, None, None),
            (0, Some("pcma/8000"), None),
            (0, Some("opus/48000/2"), None),
            (98, Some("opus/48000"), None),
            (97, Some("pcma/16000"), None),
            (18, None, None),
        ] {
            assert_eq!(codec(payload_type, map), expected, "{payload_type} {map:?}");
        }
    }

    #[test]
    fn the_order_is_the_pbxs_between_the_laws_and_else_the_lines() {
        let offered = |codecs: &[Codec]| codecs.iter().copied().map(Format::from).collect();
        let narrowed = |codecs: &[Codec], wanted: &[Codec]| {
            let mut formats: Vec<Format> = offered(codecs);
            narrow(&mut formats, wanted);
            formats
                .iter()
                .map(|format| format.codec)
                .collect::<Vec<_>>()
        };
        use Codec::{G722, Opus, Pcma, Pcmu};
        let all = [Opus, G722, Pcmu, Pcma];
        assert_eq!(narrowed(&all, &Codec::ALL), [Pcmu, Pcma, G722, Opus]);
        assert_eq!(narrowed(&all, &[G722, Pcma]), [G722, Pcma]);
        assert_eq!(narrowed(&[Pcmu, Pcma], &[Pcma, Pcmu]), [Pcma, Pcmu]);
        assert_eq!(narrowed(&[G722], &[Pcma]), []);
    }

    #[test]
    fn events_go_with_the_codecs_clock() {
        let (opus, g722) = (Format::from(Codec::Opus), Format::from(Codec::G722));
        let both = [(101, 8000), (102, 48_000)];
        assert_eq!(events_of(&[opus], &both), Some(102));
        assert_eq!(events_of(&[g722, opus], &both), Some(101));
        assert_eq!(events_of(&[opus], &both[..1]), Some(101));
        assert_eq!(events_of(&[g722], &both[1..]), None);
    }
}
