//! Descriptions of sound (RFC 8866, RFC 3264), as far as telephones go.

use std::net::{IpAddr, SocketAddr};

use model::audio::{Codec, Direction, Format, Law};

/// Payload type of telephone events, where the PBX chooses it.
const EVENTS: u8 = 101;

/// The other side's sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remote {
    /// Where it takes RTP.
    pub address: SocketAddr,
    /// The codec that both sides can, its first choice.
    pub format: Format,
    /// Payload type of telephone events.
    pub dtmf: Option<u8>,
    /// Who may send, seen from the other side.
    pub direction: Direction,
}

/// How a description is written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Writing {
    /// Only the preferred law is offered.
    pub one_law: bool,
    /// Only this codec is offered and taken.
    pub only: Option<Codec>,
    /// Telephone events are not offered.
    pub no_events: bool,
    /// More is offered than a telephone needs.
    pub chatty: bool,
    /// Opus is offered first, with telephone events of its own clock.
    pub opus: bool,
}

/// Opus and its events, as Asterisk writes them.
const OPUS: &str = "a=rtpmap:107 opus/48000/2\r\na=fmtp:107 useinbandfec=1\r\n\
    a=rtpmap:102 telephone-event/48000\r\na=fmtp:102 0-16\r\n";

/// What a telephone does not need: other codecs of the sound, and other streams.
const CODECS: &str = "a=rtpmap:9 G722/8000\r\na=rtpmap:96 opus/48000/2\r\n\
    a=fmtp:96 useinbandfec=1\r\na=rtpmap:97 speex/16000\r\na=rtpmap:18 G729/8000\r\n\
    a=fmtp:18 annexb=no\r\na=rtpmap:3 GSM/8000\r\na=rtpmap:13 CN/8000\r\n\
    a=candidate:1 1 UDP 2130706431 192.0.2.1 9 typ host\r\na=ice-ufrag:abcd\r\n\
    a=ice-pwd:abcdefghijklmnopqrstuv\r\na=rtcp-mux\r\na=rtcp:9\r\na=ssrc:1 cname:x\r\n\
    a=maxptime:140\r\n";
const STREAMS: &str = "m=video 5006 RTP/AVP 98 99\r\na=rtpmap:98 H264/90000\r\n\
    a=rtpmap:99 VP8/90000\r\na=sendrecv\r\nm=text 5008 RTP/AVP 100\r\na=rtpmap:100 t140/1000\r\n";

/// Describes the caller's sound. The other side's description, where there is
/// one, is answered: its law, its payload type of events, its wish to hold.
pub fn describe(
    local: SocketAddr,
    preferred: Law,
    answering: Option<&Remote>,
    writing: Writing,
) -> Vec<u8> {
    let formats: Vec<Format> = match (answering, preferred) {
        (Some(remote), _) => vec![remote.format],
        (None, _) if let Some(codec) = writing.only => vec![codec.into()],
        (None, law) if writing.one_law => vec![law.into()],
        (None, Law::A) => vec![Law::A.into(), Law::Mu.into()],
        (None, Law::Mu) => vec![Law::Mu.into(), Law::A.into()],
    };
    let offered = (!writing.no_events).then_some(EVENTS);
    let events = answering.map_or(offered, |remote| remote.dtmf);
    let chatty = writing.chatty && answering.is_none();
    let direction = match answering.map_or(Direction::SendRecv, |remote| remote.direction) {
        Direction::SendRecv => "sendrecv",
        Direction::SendOnly => "recvonly",
        Direction::RecvOnly => "sendonly",
        Direction::Inactive => "inactive",
    };
    let family = if local.is_ipv4() { "IP4" } else { "IP6" };
    let (ip, port) = (local.ip(), local.port());
    let opus = writing.opus && answering.is_none();
    let types: String = (opus.then_some(107).into_iter())
        .chain(formats.iter().map(|format| format.payload_type))
        .chain(events)
        .chain(opus.then_some(102))
        .chain(
            chatty
                .then_some([9, 96, 97, 18, 3, 13])
                .into_iter()
                .flatten(),
        )
        .map(|payload_type| format!(" {payload_type}"))
        .collect();
    let mut text = format!(
        "v=0\r\no=- {port} 1 IN {family} {ip}\r\ns=-\r\nc=IN {family} {ip}\r\nt=0 0\r\n\
         m=audio {port} RTP/AVP{types}\r\n"
    );
    let clock = formats
        .first()
        .map_or(8000, |format| format.codec.clock_hz());
    for Format {
        codec,
        payload_type,
    } in formats
    {
        let channels = if codec == Codec::Opus { "/2" } else { "" };
        let (name, clock) = (codec.name(), codec.clock_hz());
        text += &format!("a=rtpmap:{payload_type} {name}/{clock}{channels}\r\n");
    }
    if let Some(events) = events {
        text += &format!("a=rtpmap:{events} telephone-event/{clock}\r\na=fmtp:{events} 0-16\r\n");
    }
    if opus {
        text += OPUS;
    }
    if chatty {
        text += CODECS;
    }
    text += &format!("a=ptime:20\r\na={direction}\r\n");
    if chatty {
        text += STREAMS;
    }
    text.into_bytes()
}

/// Reads a description. None where it has no sound that a telephone can take.
pub fn read(body: &[u8]) -> Option<Remote> {
    let text = std::str::from_utf8(body).ok()?;
    let (mut ip, mut port, mut format, mut dtmf) = (None, None, None, None);
    let mut offered = Vec::new();
    let mut direction = Direction::SendRecv;
    let mut media = 0;
    for line in text.lines() {
        let (kind, value) = line.split_once('=')?;
        // Only the first stream counts; there is one sound in a call.
        if kind == "m" {
            media += 1;
        }
        if media > 1 {
            continue;
        }
        match kind {
            "c" => ip = value.split(' ').nth(2)?.parse::<IpAddr>().ok(),
            "m" => {
                let mut words = value.split(' ');
                if words.next() != Some("audio") {
                    return None;
                }
                port = words.next()?.parse::<u16>().ok();
                offered = words
                    .skip(1)
                    .filter_map(|word| word.parse::<u8>().ok())
                    .collect();
                // The static ones need no mapping.
                let fixed = [Codec::Pcma, Codec::Pcmu, Codec::G722].map(Format::from);
                let fixed = |number: &u8| fixed.into_iter().find(|f| f.payload_type == *number);
                format = offered.iter().find_map(fixed);
            }
            "a" => match value {
                "sendrecv" => direction = Direction::SendRecv,
                "sendonly" => direction = Direction::SendOnly,
                "recvonly" => direction = Direction::RecvOnly,
                "inactive" => direction = Direction::Inactive,
                _ => {
                    if let Some((payload_type, name)) =
                        (value.strip_prefix("rtpmap:")).and_then(|map| map.split_once(' '))
                        && let Ok(payload_type) = payload_type.parse()
                    {
                        let name = name.to_ascii_lowercase();
                        if name.starts_with("telephone-event/") {
                            dtmf = dtmf.or(Some(payload_type));
                        } else if name == "opus/48000/2" && offered.contains(&payload_type) {
                            let codec = Codec::Opus;
                            format = format.or(Some(Format {
                                codec,
                                payload_type,
                            }));
                        }
                    }
                }
            },
            _ => {}
        }
    }
    Some(Remote {
        address: SocketAddr::new(ip?, port.filter(|port| *port != 0)?),
        format: format?,
        dtmf,
        direction,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_is_read_as_written() {
        let local: SocketAddr = "127.0.0.1:4000".parse().expect("an address");
        let remote = read(&describe(local, Law::Mu, None, Writing::default())).expect("read");
        let expected = Remote {
            address: local,
            format: Law::Mu.into(),
            dtmf: Some(EVENTS),
            direction: Direction::SendRecv,
        };
        assert_eq!(remote, expected);
        let held = Remote {
            format: Law::A.into(),
            dtmf: Some(96),
            direction: Direction::SendOnly,
            ..remote
        };
        let answer =
            read(&describe(local, Law::Mu, Some(&held), Writing::default())).expect("read");
        assert_eq!((answer.format, answer.dtmf), (Law::A.into(), Some(96)));
        assert_eq!(answer.direction, Direction::RecvOnly);
    }

    #[test]
    fn what_a_telephone_can_not_take_is_none() {
        let base = "v=0\r\nc=IN IP4 127.0.0.1\r\n";
        for rest in [
            "",
            "m=audio 0 RTP/AVP 8\r\n",
            "m=audio 4000 RTP/AVP 111\r\n",
            "m=video 4000 RTP/AVP 8\r\n",
            "m=audio x RTP/AVP 8\r\n",
            "nonsense\r\n",
        ] {
            assert_eq!(read(format!("{base}{rest}").as_bytes()), None, "{rest}");
        }
        assert_eq!(read(b"\xFF\xFE"), None);
    }
}
