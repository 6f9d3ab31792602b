//! This side's half of a session.

use std::fmt::Write as _;
use std::net::SocketAddr;

use model::audio::{AudioStream, Codec, Direction, Format};
use model::cipher::{Keys, MasterKey, Suite};
use model::pbx::Transport;
use model::secret::Secret;

use super::remote::{Media, Remote};
use super::{PLAIN, SECURE, SdpError, formats};
use crate::line::Line;
use crate::sdes::Crypto;

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
    /// The codecs that the line may use, the preferred one first.
    codecs: Vec<Codec>,
    /// Its offers list Opus too, whatever it costs.
    wide: bool,
    /// The numbers that the other side gave: in a session they keep their meaning (RFC 3264, section 8.3.2).
    numbers: (Vec<Format>, Option<u8>),
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
            codecs: Codec::ALL.to_vec(),
            wide: false,
            numbers: (Vec::new(), None),
            last: Secret::new(""),
        }
    }

    /// For a call of this line.
    pub(crate) fn of(line: &Line) -> Self {
        let secure = line.account.transport == Transport::Tls;
        let mut local = Self::new(rand::random::<u32>().into(), rand::random(), secure);
        local.allow(&line.account.codecs);
        local
    }

    /// Uses these codecs alone, the first one rather than the others.
    pub(crate) fn allow(&mut self, codecs: &[Codec]) {
        self.codecs = codecs.to_vec();
    }

    /// Reads a description of the other side, as far as the line may use it.
    pub(crate) fn read(&self, body: &[u8]) -> Result<Remote, SdpError> {
        Remote::parse(body)?.narrowed(&self.codecs)
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

    /// Offers the stream, as far as the line may use it.
    pub(crate) fn offer(&mut self, stream: &AudioStream) -> String {
        let (_, events) = &self.numbers;
        let dtmf = stream.dtmf.map(|ours| events.unwrap_or(ours));
        let mut formats = self.offered(&stream.formats);
        formats.retain(|format| Some(format.payload_type) != dtmf);
        self.describe(&AudioStream {
            formats,
            dtmf,
            ..stream.clone()
        })
    }

    /// Offers Opus as well from now on, where it is left out and the line may
    /// use it; whether that makes another offer.
    pub(crate) fn widen(&mut self, stream: &AudioStream) -> bool {
        let before = self.offered(&stream.formats);
        self.wide = true;
        self.offered(&stream.formats) != before
    }

    /// What an offer lists, under the numbers that the other side knows. First
    /// comes what is talked by (RFC 6337, section 5.2.5), or is wished for.
    fn offered(&self, ours: &[Format]) -> Vec<Format> {
        let (known, _) = &self.numbers;
        let used = known.first().map(|format| format.codec);
        let first = used.or_else(|| formats::wished(ours));
        let mut formats = ours.to_vec();
        formats::narrow(&mut formats, &self.codecs);
        formats.sort_by_key(|format| Some(format.codec) != first);
        // Opus costs ten times what the others do: it is offered where it is wished for, or nothing else is taken.
        let dear = formats.first().is_some_and(|f| f.codec != Codec::Opus);
        if dear && !self.wide {
            formats.retain(|format| format.codec != Codec::Opus);
        }
        for format in &mut formats {
            let same = known.iter().find(|known| known.codec == format.codec);
            *format = same.copied().unwrap_or(*format);
        }
        formats
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
        self.numbers = (agreed.formats.clone(), agreed.dtmf);
        self.cipher = match &offer.crypto {
            Some(crypto) => Cipher::Agreed(crypto.tag, crypto.suite),
            None => Cipher::None,
        };
        Ok(self.describe(&AudioStream {
            address: local.address,
            formats: agreed.formats,
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
    for format in &stream.formats {
        let _ = write!(text, " {}", format.payload_type);
    }
    if let Some(dtmf) = stream.dtmf {
        let _ = write!(text, " {dtmf}");
    }
    text.push_str("\r\n");
    for format in &stream.formats {
        text.push_str(&formats::attributes(*format));
    }
    if let Some(dtmf) = stream.dtmf {
        let clock = formats::clock_of(&stream.formats);
        let _ = write!(
            text,
            "a=rtpmap:{dtmf} telephone-event/{clock}\r\na=fmtp:{dtmf} 0-15\r\n"
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
