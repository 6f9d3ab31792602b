//! One side's description of a call's sound: what the signalling learns from
//! the PBX and the media side needs, and back.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use crate::cipher::Keys;

/// G.711 companding law (ITU-T G.711).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Law {
    /// A-law: PCMA, static payload type 8 (RFC 3551, section 6).
    A,
    /// µ-law: PCMU, static payload type 0.
    Mu,
}

impl Law {
    /// The static RTP payload type (RFC 3551, section 6).
    pub fn payload_type(self) -> u8 {
        match self {
            Self::A => 8,
            Self::Mu => 0,
        }
    }

    /// The encoding's name in capitals: `PCMA` or `PCMU`.
    pub fn name(self) -> &'static str {
        match self {
            Self::A => "PCMA",
            Self::Mu => "PCMU",
        }
    }
}

/// How sound is encoded between a PBX and this side. Towards operators it is always G.711.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Codec {
    /// G.711 A-law.
    Pcma,
    /// G.711 µ-law.
    Pcmu,
    /// G.722 at 64 kbit/s; its RTP clock is 8000 Hz though it samples at 16 kHz (RFC 3551, section 4.5.2).
    G722,
    /// Opus (RFC 7587).
    Opus,
}

impl Codec {
    /// All of them, the cheapest first: G.711 goes through untouched.
    pub const ALL: [Self; 4] = [Self::Pcma, Self::Pcmu, Self::G722, Self::Opus];

    /// The encoding's name in session descriptions.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pcma => "PCMA",
            Self::Pcmu => "PCMU",
            Self::G722 => "G722",
            Self::Opus => "opus",
        }
    }

    /// The payload type that it has by RFC 3551, or that our own offers give it.
    pub fn payload_type(self) -> u8 {
        match self {
            Self::Pcma => 8,
            Self::Pcmu => 0,
            Self::G722 => 9,
            Self::Opus => 111,
        }
    }

    /// Rate of its RTP timestamps, in Hz.
    pub fn clock_hz(self) -> u32 {
        match self {
            Self::Pcma | Self::Pcmu | Self::G722 => 8000,
            Self::Opus => 48_000,
        }
    }

    /// The law, where it is G.711.
    pub fn law(self) -> Option<Law> {
        match self {
            Self::Pcma => Some(Law::A),
            Self::Pcmu => Some(Law::Mu),
            Self::G722 | Self::Opus => None,
        }
    }
}

impl From<Law> for Codec {
    fn from(law: Law) -> Self {
        match law {
            Law::A => Self::Pcma,
            Law::Mu => Self::Pcmu,
        }
    }
}

/// A codec under the payload type that one side has given it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// The codec.
    pub codec: Codec,
    /// Its RTP payload type.
    pub payload_type: u8,
}

impl From<Codec> for Format {
    fn from(codec: Codec) -> Self {
        Self {
            codec,
            payload_type: codec.payload_type(),
        }
    }
}

impl From<Law> for Format {
    fn from(law: Law) -> Self {
        Codec::from(law).into()
    }
}

/// Who may send sound (RFC 3264, section 5.1), seen from the describing side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// Both send.
    #[default]
    SendRecv,
    /// Only the describing side sends: it has put the other on hold.
    SendOnly,
    /// The describing side only listens.
    RecvOnly,
    /// Nobody sends.
    Inactive,
}

/// An audio stream as one side describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AudioStream {
    /// Where that side takes RTP. An unspecified address (0.0.0.0) means hold (RFC 3264, section 8.4).
    pub address: SocketAddr,
    /// Codecs that the side can take, the preferred one first; never empty.
    pub formats: Vec<Format>,
    /// Payload type of telephone events (RFC 4733) at the first codec's clock, where offered.
    pub dtmf: Option<u8>,
    /// Who may send.
    pub direction: Direction,
    /// The keys, where the stream is encrypted; in a description of one's own they stand for nothing.
    pub keys: Option<Keys>,
}

/// A telephone key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Digit(u8);

impl Digit {
    /// The key of a character: 0 to 9, *, #, A to D.
    pub fn from_char(c: char) -> Option<Self> {
        let event = match c.to_ascii_uppercase() {
            c @ '0'..='9' => c as u8 - b'0',
            '*' => 10,
            '#' => 11,
            c @ 'A'..='D' => c as u8 - b'A' + 12,
            _ => return None,
        };
        Some(Self(event))
    }

    /// The key of a telephone event code (RFC 4733, section 3.2), 0 to 15.
    pub fn from_event(event: u8) -> Option<Self> {
        (event < 16).then_some(Self(event))
    }

    /// The telephone event code.
    pub fn event(self) -> u8 {
        self.0
    }

    /// The character on the key.
    pub fn as_char(self) -> char {
        char::from(b"0123456789*#ABCD"[usize::from(self.0)])
    }
}

#[cfg(test)]
mod tests {
    use super::Digit;

    #[test]
    fn every_key_has_its_event_and_back() {
        for c in "0123456789*#ABCD".chars() {
            let digit = Digit::from_char(c).expect("a key");
            assert_eq!(digit.as_char(), c);
            assert_eq!(Digit::from_event(digit.event()), Some(digit));
        }
        assert_eq!(Digit::from_char('x'), None);
        assert_eq!(Digit::from_event(16), None);
    }
}
