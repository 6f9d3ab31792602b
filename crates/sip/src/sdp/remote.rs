//! A description that came.

use std::net::{IpAddr, SocketAddr};

use model::audio::{AudioStream, Codec, Direction};

use super::{PLAIN, SECURE, SdpError, formats};
use crate::sdes::{Crypto, KEYS_MAX};

/// Longest description that is read.
const BYTES_MAX: usize = 16 * 1024;
/// Most lines that are read.
const LINES_MAX: usize = 512;
/// Most streams that are read.
const STREAMS_MAX: usize = 16;
/// Most formats of a stream that are read: there are 128 payload types
/// (RFC 3550, section 5.1).
const FORMATS_MAX: usize = 128;

/// One `m=` line, as much as an answer has to echo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Media {
    pub(super) kind: String,
    port: u16,
    pub(super) protocol: String,
    pub(super) formats: String,
}

/// A description that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Remote {
    pub(super) media: Vec<Media>,
    pub(super) chosen: usize,
    /// The stream that is talked by; its keys are agreed on first.
    pub(super) audio: AudioStream,
    /// Its payload types of telephone events, with their clocks in Hz.
    events: Vec<(u8, u32)>,
    /// The key that it is sent with, where it is encrypted.
    pub(super) crypto: Option<Crypto>,
}

#[derive(Default)]
struct Section {
    address: Option<IpAddr>,
    direction: Option<Direction>,
    /// `a=rtpmap`: payload type and `encoding/rate`, in lower case.
    maps: Vec<(u8, String)>,
    /// `a=crypto`.
    keys: Vec<Crypto>,
}

impl Remote {
    /// Reads a description and chooses its first usable audio stream.
    pub(crate) fn parse(body: &[u8]) -> Result<Self, SdpError> {
        if body.len() > BYTES_MAX {
            return Err(SdpError::Malformed);
        }
        let text = String::from_utf8_lossy(body);
        let mut session = Section::default();
        let mut streams: Vec<(Media, Section)> = Vec::new();
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        if lines.next() != Some("v=0") {
            return Err(SdpError::Malformed);
        }
        for line in lines.take(LINES_MAX) {
            let Some((name, value)) = line.split_once('=') else {
                continue;
            };
            if name == "m" {
                if streams.len() == STREAMS_MAX {
                    return Err(SdpError::Malformed);
                }
                streams.push((Media::parse(value)?, Section::default()));
            } else {
                let section = streams
                    .last_mut()
                    .map_or(&mut session, |(_, section)| section);
                section.line(name, value);
            }
        }
        let (chosen, audio) = streams
            .iter()
            .enumerate()
            .find_map(|(at, (media, section))| Some((at, media.audio(section, &session)?)))
            .ok_or(SdpError::NothingInCommon)?;
        // A stream without the profile for it may be encrypted all the same:
        // so do PBXs that leave it to the other side.
        let crypto = Crypto::best(&streams[chosen].1.keys);
        let events = streams[chosen].0.events(&streams[chosen].1);
        let media = streams.into_iter().map(|(media, _)| media).collect();
        Ok(Self {
            media,
            chosen,
            audio,
            events,
            crypto,
        })
    }

    /// The description without the codecs that are not wanted, the wanted ones in that order.
    pub(super) fn narrowed(mut self, wanted: &[Codec]) -> Result<Self, SdpError> {
        formats::narrow(&mut self.audio.formats, wanted);
        self.audio.dtmf = formats::events_of(&self.audio.formats, &self.events);
        match self.audio.formats.is_empty() {
            true => Err(SdpError::NothingInCommon),
            false => Ok(self),
        }
    }

    /// What both sides can: the other side's stream without the codecs that
    /// `local` does not take.
    pub(super) fn agreed(&self, local: &AudioStream) -> Result<AudioStream, SdpError> {
        let mut audio = self.audio.clone();
        let ours = |codec| local.formats.iter().any(|format| format.codec == codec);
        audio.formats.retain(|format| ours(format.codec));
        let events = formats::events_of(&audio.formats, &self.events);
        audio.dtmf = local.dtmf.and(events);
        if audio.formats.is_empty() {
            return Err(SdpError::NothingInCommon);
        }
        Ok(audio)
    }
}

impl Section {
    fn line(&mut self, name: &str, value: &str) {
        match name {
            "c" => {
                let mut words = value.split_whitespace();
                if let (Some("IN"), Some("IP4" | "IP6"), Some(address)) =
                    (words.next(), words.next(), words.next())
                {
                    let address = address.split('/').next().unwrap_or(address);
                    // An IPv4 address written as IPv6 (RFC 5118, section 4.9).
                    let address = address.parse().ok();
                    self.address = address.map(|address: IpAddr| address.to_canonical());
                }
            }
            "a" => match value.split_once(':') {
                Some(("rtpmap", map)) => {
                    if let Some((payload, encoding)) = map.trim().split_once(' ')
                        && let Ok(payload) = payload.parse()
                        && self.maps.len() < FORMATS_MAX
                    {
                        self.maps
                            .push((payload, encoding.trim().to_ascii_lowercase()));
                    }
                }
                Some(("crypto", value)) if self.keys.len() < KEYS_MAX => {
                    self.keys.extend(Crypto::read(value));
                }
                Some(_) => {}
                None => {
                    self.direction = match value {
                        "sendrecv" => Some(Direction::SendRecv),
                        "sendonly" => Some(Direction::SendOnly),
                        "recvonly" => Some(Direction::RecvOnly),
                        "inactive" => Some(Direction::Inactive),
                        _ => return,
                    };
                }
            },
            _ => {}
        }
    }

    fn map(&self, payload: u8) -> Option<&str> {
        self.maps
            .iter()
            .find(|(p, _)| *p == payload)
            .map(|(_, encoding)| encoding.as_str())
    }
}

impl Media {
    fn parse(value: &str) -> Result<Self, SdpError> {
        let mut words = value.split_whitespace();
        let mut word = || words.next().ok_or(SdpError::Malformed);
        let kind = word()?.to_owned();
        let port = word()?;
        let port = port.split('/').next().unwrap_or(port);
        let port = port.parse().map_err(|_| SdpError::Malformed)?;
        let protocol = word()?.to_owned();
        let formats = words.collect::<Vec<_>>().join(" ");
        Ok(Self {
            kind,
            port,
            protocol,
            formats,
        })
    }

    /// Its payload types, in their order.
    fn payload_types(&self) -> impl Iterator<Item = u8> {
        let numbers = self
            .formats
            .split(' ')
            .filter_map(|format| format.parse().ok());
        numbers.take(FORMATS_MAX)
    }

    /// Its payload types of telephone events, with their clocks in Hz.
    fn events(&self, section: &Section) -> Vec<(u8, u32)> {
        let clock = |payload| formats::events_clock(section.map(payload)?);
        self.payload_types()
            .filter_map(|payload| Some((payload, clock(payload)?)))
            .collect()
    }

    /// The stream, where it is one that can be talked by.
    fn audio(&self, section: &Section, session: &Section) -> Option<AudioStream> {
        let served = match self.protocol.as_str() {
            PLAIN => true,
            SECURE => !section.keys.is_empty(),
            _ => false,
        };
        if self.kind != "audio" || self.port == 0 || !served {
            return None;
        }
        let formats = formats::of(self.payload_types(), |payload| section.map(payload));
        let events = self.events(section);
        let address = section.address.or(session.address)?;
        let direction = section.direction.or(session.direction).unwrap_or_default();
        (!formats.is_empty()).then(|| AudioStream {
            address: SocketAddr::new(address, self.port),
            dtmf: formats::events_of(&formats, &events),
            formats,
            // Hold as it was before there were directions (RFC 3264, section 8.4).
            direction: match address.is_unspecified() {
                true => deaf(direction),
                false => direction,
            },
            keys: None,
        })
    }
}

/// The direction of one who takes nothing.
fn deaf(direction: Direction) -> Direction {
    match direction {
        Direction::SendRecv | Direction::SendOnly => Direction::SendOnly,
        Direction::RecvOnly | Direction::Inactive => Direction::Inactive,
    }
}
