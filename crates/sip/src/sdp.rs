//! Session descriptions (RFC 8866) and their offers and answers (RFC 3264),
//! as far as one G.711 audio stream needs them.

use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};

use model::audio::{AudioStream, Direction, Law};
use model::cipher::{Keys, MasterKey, Suite};
use model::pbx::Transport;
use model::secret::Secret;

use crate::line::Line;
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

/// The profile of sound as it is (RFC 3551), and of encrypted sound (RFC 3711).
const PLAIN: &str = "RTP/AVP";
const SECURE: &str = "RTP/SAVP";

/// Why a description can't be talked by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SdpError {
    #[error("not a session description")]
    Malformed,
    #[error("no audio stream in common")]
    NothingInCommon,
}

/// One `m=` line, as much as an answer has to echo.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Media {
    kind: String,
    port: u16,
    protocol: String,
    formats: String,
}

/// A description that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Remote {
    media: Vec<Media>,
    chosen: usize,
    /// The stream that is talked by; its keys are agreed on first.
    audio: AudioStream,
    /// The key that it is sent with, where it is encrypted.
    crypto: Option<Crypto>,
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
        let media = streams.into_iter().map(|(media, _)| media).collect();
        Ok(Self {
            media,
            chosen,
            audio,
            crypto,
        })
    }

    /// What both sides can: the other side's stream without the laws that
    /// `local` does not take.
    fn agreed(&self, local: &AudioStream) -> Result<AudioStream, SdpError> {
        let mut audio = self.audio.clone();
        audio.laws.retain(|law| local.laws.contains(law));
        if local.dtmf.is_none() {
            audio.dtmf = None;
        }
        if audio.laws.is_empty() {
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
        let mut laws = Vec::new();
        let mut dtmf = None;
        let payloads = self.formats.split(' ').filter_map(|f| f.parse::<u8>().ok());
        for payload in payloads.take(FORMATS_MAX) {
            // The media side sends the static types, so a law counts only under its own.
            let law = match (payload, section.map(payload)) {
                (8, None) => Some(Law::A),
                (0, None) => Some(Law::Mu),
                (8, Some(map)) if is_encoding(map, "pcma/8000") => Some(Law::A),
                (0, Some(map)) if is_encoding(map, "pcmu/8000") => Some(Law::Mu),
                (_, Some(map)) if is_encoding(map, "telephone-event/8000") => {
                    dtmf = dtmf.or(Some(payload));
                    None
                }
                _ => None,
            };
            laws.extend(law.filter(|law| !laws.contains(law)));
        }
        let address = section.address.or(session.address)?;
        let direction = section.direction.or(session.direction).unwrap_or_default();
        (!laws.is_empty()).then(|| AudioStream {
            address: SocketAddr::new(address, self.port),
            laws,
            dtmf,
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

/// `PCMA/8000` and `PCMA/8000/1` are the same.
fn is_encoding(map: &str, wanted: &str) -> bool {
    map.strip_prefix(wanted)
        .is_some_and(|rest| rest.is_empty() || rest == "/1")
}

/// This side's half of a session: it numbers its descriptions.
#[derive(Clone, Debug)]
pub(crate) struct Local {
    id: u64,
    version: u64,
    /// The streams of the other side's last offer and which one is talked by:
    /// later descriptions keep their places (RFC 3264, section 8).
    places: Option<(Vec<Media>, usize)>,
    /// What this side sends with, where the stream is encrypted.
    key: MasterKey,
    /// What its own offers do about that.
    cipher: Cipher,
    /// It holds the key.
    last: Secret,
}

/// Whether what this side describes is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cipher {
    None,
    /// Offered in both suites, as the signalling is encrypted as well.
    Offered,
    /// Agreed on under this number.
    Agreed(u32, Suite),
}

impl Local {
    /// `id` names the session; any number that this side does not use twice.
    /// `key` is random; `secure` where an offer of this side is encrypted.
    pub(crate) fn new(id: u64, key: [u8; 30], secure: bool) -> Self {
        Self {
            id,
            version: 0,
            places: None,
            key: MasterKey::new(key),
            cipher: match secure {
                true => Cipher::Offered,
                false => Cipher::None,
            },
            last: Secret::new(""),
        }
    }

    /// For a call of this line.
    pub(crate) fn of(line: &Line) -> Self {
        let secure = line.account.transport == Transport::Tls;
        Self::new(rand::random::<u32>().into(), rand::random(), secure)
    }

    /// Offers no encryption any more, where it did.
    pub(crate) fn lay_open(&mut self) -> bool {
        std::mem::replace(&mut self.cipher, Cipher::None) != Cipher::None
    }

    /// The other side's stream as it came, with the keys of both sides.
    pub(crate) fn heard(&self, remote: &Remote) -> AudioStream {
        AudioStream {
            keys: self.keys(remote),
            ..remote.audio.clone()
        }
    }

    /// What both sides can, with the keys of both.
    pub(crate) fn agreed(
        &self,
        remote: &Remote,
        local: &AudioStream,
    ) -> Result<AudioStream, SdpError> {
        Ok(AudioStream {
            keys: self.keys(remote),
            ..remote.agreed(local)?
        })
    }

    fn keys(&self, remote: &Remote) -> Option<Keys> {
        remote.crypto.map(|theirs| Keys {
            suite: theirs.suite,
            ours: self.key,
            theirs: theirs.key,
        })
    }

    /// Offers the stream.
    pub(crate) fn offer(&mut self, stream: &AudioStream) -> String {
        self.describe(stream)
    }

    /// Answers an offer: the chosen stream with what both sides can, every
    /// other one refused in its place.
    pub(crate) fn answer(
        &mut self,
        offer: &Remote,
        local: &AudioStream,
    ) -> Result<String, SdpError> {
        let agreed = offer.agreed(local)?;
        self.places = Some((offer.media.clone(), offer.chosen));
        self.cipher = match &offer.crypto {
            Some(crypto) => Cipher::Agreed(crypto.tag, crypto.suite),
            None => Cipher::None,
        };
        Ok(self.describe(&AudioStream {
            address: local.address,
            laws: agreed.laws,
            dtmf: agreed.dtmf,
            direction: answered(agreed.direction, local.direction),
            keys: None,
        }))
    }

    /// The last description once more, word for word: nothing changes by it
    /// (RFC 4028, section 7.4).
    pub(crate) fn again(&self) -> &str {
        self.last.reveal()
    }

    fn describe(&mut self, stream: &AudioStream) -> String {
        let mut text = self.head(stream.address);
        match &self.places {
            None => {
                let protocol = match self.cipher {
                    Cipher::None => PLAIN,
                    Cipher::Offered | Cipher::Agreed(..) => SECURE,
                };
                self.audio(&mut text, protocol, stream);
            }
            Some((streams, chosen)) => {
                for (at, media) in streams.iter().enumerate() {
                    if at == *chosen {
                        self.audio(&mut text, &media.protocol, stream);
                    } else {
                        let _ = write!(
                            text,
                            "m={} 0 {} {}\r\n",
                            media.kind, media.protocol, media.formats
                        );
                    }
                }
            }
        }
        self.last = Secret::new(text.clone());
        text
    }

    fn audio(&self, text: &mut String, protocol: &str, stream: &AudioStream) {
        audio(text, protocol, stream);
        let mut key = |tag, suite| {
            let key = self.key;
            text.push_str(&Crypto { tag, suite, key }.line());
        };
        match self.cipher {
            Cipher::None => {}
            Cipher::Offered => {
                key(1, Suite::Tag80);
                key(2, Suite::Tag32);
            }
            Cipher::Agreed(tag, suite) => key(tag, suite),
        }
    }

    fn head(&mut self, address: SocketAddr) -> String {
        self.version += 1;
        let (id, version, ip) = (self.id, self.version, address.ip());
        let kind = if ip.is_ipv4() { "IP4" } else { "IP6" };
        format!("v=0\r\no=- {id} {version} IN {kind} {ip}\r\ns=-\r\nc=IN {kind} {ip}\r\nt=0 0\r\n")
    }
}

/// The answer's direction (RFC 3264, section 6.1): what the offer leaves, and
/// this side wants.
fn answered(offered: Direction, wanted: Direction) -> Direction {
    let sends = |d| matches!(d, Direction::SendRecv | Direction::SendOnly);
    let takes = |d| matches!(d, Direction::SendRecv | Direction::RecvOnly);
    match (
        takes(offered) && sends(wanted),
        sends(offered) && takes(wanted),
    ) {
        (true, true) => Direction::SendRecv,
        (true, false) => Direction::SendOnly,
        (false, true) => Direction::RecvOnly,
        (false, false) => Direction::Inactive,
    }
}

fn audio(text: &mut String, protocol: &str, stream: &AudioStream) {
    let _ = write!(text, "m=audio {} {protocol}", stream.address.port());
    for law in &stream.laws {
        let _ = write!(text, " {}", law.payload_type());
    }
    if let Some(dtmf) = stream.dtmf {
        let _ = write!(text, " {dtmf}");
    }
    text.push_str("\r\n");
    for law in &stream.laws {
        let _ = write!(
            text,
            "a=rtpmap:{} {}/8000\r\n",
            law.payload_type(),
            law.name()
        );
    }
    if let Some(dtmf) = stream.dtmf {
        let _ = write!(
            text,
            "a=rtpmap:{dtmf} telephone-event/8000\r\na=fmtp:{dtmf} 0-15\r\n"
        );
    }
    let direction = match stream.direction {
        Direction::SendRecv => "sendrecv",
        Direction::SendOnly => "sendonly",
        Direction::RecvOnly => "recvonly",
        Direction::Inactive => "inactive",
    };
    let _ = write!(text, "a=ptime:20\r\na={direction}\r\n");
}

#[cfg(test)]
#[path = "sdp_tests.rs"]
mod tests;
