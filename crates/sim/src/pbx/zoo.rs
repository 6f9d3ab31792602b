//! The zoo: PBXs as they are met, each with a name.

use std::net::SocketAddr;
use std::time::Duration;

use model::audio::{Codec, Law};

use super::config::{Challenge, Extension, PbxConfig};
use super::quirks::{Change, Identity, Style};

/// A PBX of the zoo.
#[derive(Clone, Copy)]
pub struct Animal {
    /// What it is called.
    pub name: &'static str,
    /// What it does, in a sentence.
    pub about: &'static str,
    make: fn(&mut PbxConfig),
}

impl std::fmt::Debug for Animal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl Animal {
    /// The animal of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        ZOO.iter().find(|animal| animal.name == name)
    }

    /// Its settings.
    pub fn config(&self, listen: SocketAddr, extensions: Vec<Extension>) -> PbxConfig {
        let mut config = PbxConfig::new(listen, extensions);
        (self.make)(&mut config);
        config
    }
}

const fn animal(name: &'static str, about: &'static str, make: fn(&mut PbxConfig)) -> Animal {
    Animal { name, about, make }
}

/// All of them; the first is as most are.
pub const ZOO: &[Animal] = &[
    animal("plain", "As most are.", |_| {}),
    animal(
        "other-login",
        "Logs in by another name than the extension, as 3CX does.",
        |pbx| pbx.quirks.auth_name = Some("Xk3pW9"),
    ),
    animal("sha-256", "Challenges with SHA-256.", |pbx| {
        pbx.challenge = Challenge::Sha256;
    }),
    animal(
        "nonce-once",
        "Takes each nonce once, and never says that it is stale.",
        |pbx| pbx.quirks.nonces_once = true,
    ),
    animal(
        "short-leash",
        "Grants half a minute, whatever is asked for.",
        |pbx| pbx.expires_max_s = 30,
    ),
    animal(
        "long-leash",
        "Refuses registrations of less than two hours (423).",
        |pbx| (pbx.expires_min_s, pbx.expires_max_s) = (7200, 7200),
    ),
    animal(
        "busy-first",
        "Answers the first REGISTERs with 503 and Retry-After.",
        |pbx| pbx.quirks.busy_at_first = 2,
    ),
    animal(
        "tells-nothing",
        "Takes no REGISTER without a contact, and answers no OPTIONS.",
        |pbx| (pbx.quirks.lists_nothing, pbx.quirks.deaf_to_options) = (true, true),
    ),
    animal("tcp-only", "Speaks TCP alone.", |pbx| {
        (pbx.tcp, pbx.udp) = (true, false);
    }),
    animal("mu-law", "Speaks PCMU alone.", |pbx| {
        (pbx.law, pbx.quirks.one_law) = (Law::Mu, true);
    }),
    animal(
        "asserted",
        "The caller stands in P-Asserted-Identity alone.",
        |pbx| {
            pbx.quirks.identity = Identity::AssertedOnly;
        },
    ),
    animal(
        "remote-party",
        "The caller stands in Remote-Party-ID.",
        |pbx| {
            pbx.quirks.identity = Identity::RemoteParty;
        },
    ),
    animal(
        "from-only",
        "The caller stands in From, and nobody tells who was dialled.",
        |pbx| (pbx.quirks.identity, pbx.quirks.no_diversion) = (Identity::From, true),
    ),
    animal(
        "historian",
        "Tells by History-Info who was dialled.",
        |pbx| {
            (pbx.quirks.no_diversion, pbx.quirks.history) = (true, true);
        },
    ),
    animal(
        "angular",
        "Writes `<` and a comma into callers' names.",
        |pbx| pbx.quirks.display = Some("{} <office>, main"),
    ),
    animal("cyrillic", "Writes names in Windows-1251.", |pbx| {
        pbx.quirks.style = vec![Style::Cyrillic];
    }),
    animal("compact", "Writes headers by their short names.", |pbx| {
        pbx.quirks.style = vec![Style::Compact];
    }),
    animal(
        "lower-case",
        "Writes header names in lower case, and blanks before colons.",
        |pbx| {
            pbx.quirks.style = vec![Style::Lower];
        },
    ),
    animal("folder", "Breaks headers into several lines.", |pbx| {
        pbx.quirks.style = vec![Style::Folded];
    }),
    animal("no-length", "Leaves Content-Length out.", |pbx| {
        pbx.quirks.style = vec![Style::NoLength];
    }),
    animal("stutterer", "Sends every datagram twice.", |pbx| {
        pbx.quirks.style = vec![Style::Twice];
    }),
    animal("lost-ack", "Loses the first ACK of each call.", |pbx| {
        pbx.quirks.style = vec![Style::LostAck];
    }),
    animal("no-events", "Offers no telephone events.", |pbx| {
        pbx.quirks.no_events = true;
    }),
    animal(
        "chatty",
        "Offers video, text, ICE and a dozen codecs.",
        |pbx| {
            pbx.quirks.chatty = true;
        },
    ),
    animal(
        "behind-nat",
        "Sends sound from another port than the one it describes.",
        |pbx| pbx.quirks.sound_from_elsewhere = true,
    ),
    animal(
        "renews",
        "Sends a re-INVITE that changes nothing after the answer.",
        |pbx| pbx.quirks.change = Some(Change::Same),
    ),
    animal("holder", "Puts the line on hold for a moment.", |pbx| {
        pbx.quirks.change = Some(Change::Hold(MOMENT));
    }),
    animal(
        "old-holder",
        "Puts the line on hold by the address 0.0.0.0.",
        |pbx| pbx.quirks.change = Some(Change::OldHold(MOMENT)),
    ),
    animal(
        "clockwork",
        "Wants the session refreshed every 90 seconds.",
        |pbx| pbx.quirks.session_s = Some(90),
    ),
    animal("g722-only", "Speaks G.722 alone.", |pbx| {
        pbx.quirks.only = Some(Codec::G722);
    }),
    animal(
        "opus-only",
        "Speaks Opus alone, with events at its clock.",
        |pbx| {
            pbx.quirks.only = Some(Codec::Opus);
        },
    ),
];

/// How long a hold lasts.
const MOMENT: Duration = Duration::from_millis(500);
