//! The zoo: PBXs as they are met, each with a name.

use std::net::SocketAddr;
use std::time::Duration;

use model::audio::{Codec, Law};

use super::config::{Challenge, Extension, PbxConfig};
use super::quirks::{Change, Dialling, Elsewhere, Identity, Keys, Quality, Referrals, Style};

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
    animal("sha-512-256", "Challenges with SHA-512-256.", |pbx| {
        pbx.challenge = Challenge::Sha512_256
    }),
    animal(
        "old-digest",
        "Challenges without qop, as before RFC 2617.",
        |pbx| pbx.quirks.quality = Quality::Absent,
    ),
    animal("auth-int", "Wants the body in the digest.", |pbx| {
        pbx.quirks.quality = Quality::AuthInt
    }),
    animal(
        "many-challenges",
        "Challenges with Basic, MD5 and SHA-256, and takes SHA-256 alone.",
        |pbx| (pbx.challenge, pbx.quirks.weaker_too) = (Challenge::Sha256, true),
    ),
    animal("proxy-login", "Challenges as a proxy (407).", |pbx| {
        pbx.quirks.as_proxy = true
    }),
    animal(
        "nonce-once",
        "Takes each nonce once, never says that it is stale, and asks again soon.",
        |pbx| (pbx.quirks.nonces_once, pbx.expires_max_s) = (true, SOON_S),
    ),
    animal(
        "short-leash",
        "Grants a few seconds, whatever is asked for.",
        |pbx| pbx.expires_max_s = SOON_S,
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
    animal(
        "hides-contacts",
        "Grants by Expires, and lists no contact.",
        |pbx| pbx.quirks.hides_contacts = true,
    ),
    animal(
        "decorator",
        "Lists contacts with parameters of its own, after another telephone's.",
        |pbx| pbx.quirks.decorates = true,
    ),
    animal(
        "answers-aside",
        "Answers from another port than the one that was asked.",
        |pbx| pbx.quirks.elsewhere = Some(Elsewhere::Responses),
    ),
    animal(
        "two-servers",
        "Sends calls from another address than the one that lines register at.",
        |pbx| pbx.quirks.elsewhere = Some(Elsewhere::Calls),
    ),
    animal(
        "qualifier",
        "Asks by OPTIONS before each call whether the line is there.",
        |pbx| pbx.quirks.qualifies = true,
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
        "disputed",
        "Names three callers; the one in P-Asserted-Identity is right.",
        |pbx| pbx.quirks.identity = Identity::Disputed,
    ),
    animal(
        "telephone-uri",
        "The caller stands in a second P-Asserted-Identity, as tel:.",
        |pbx| pbx.quirks.identity = Identity::Telephone,
    ),
    animal(
        "private",
        "Names callers who asked not to be shown (Privacy: id).",
        |pbx| pbx.quirks.private = true,
    ),
    animal(
        "eight",
        "Writes callers' numbers with a leading 8.",
        |pbx| pbx.quirks.dialling = Dialling::Eight,
    ),
    animal(
        "seven",
        "Writes callers' numbers with a leading 7.",
        |pbx| pbx.quirks.dialling = Dialling::Seven,
    ),
    animal(
        "names-itself",
        "Shows the employee who was dialled as the caller.",
        |pbx| pbx.quirks.shows_dialled = true,
    ),
    animal(
        "ten-digits",
        "Writes callers' numbers without a prefix.",
        |pbx| pbx.quirks.dialling = Dialling::Bare,
    ),
    animal(
        "historian",
        "Tells by History-Info who was dialled.",
        |pbx| {
            (pbx.quirks.no_diversion, pbx.quirks.history) = (true, true);
        },
    ),
    animal(
        "thorough",
        "Tells by Diversion and by History-Info who was dialled.",
        |pbx| pbx.quirks.history = true,
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
    animal("backwards", "Writes Via last.", |pbx| {
        pbx.quirks.style = vec![Style::Backwards]
    }),
    animal(
        "ornate",
        "Calls contacts with parameters that they never had, and has some itself.",
        |pbx| pbx.quirks.style = vec![Style::Ornate],
    ),
    animal(
        "keeps-alive",
        "Sends empty lines before each message.",
        |pbx| pbx.quirks.style = vec![Style::KeptAlive],
    ),
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
        "info-relay",
        "Tells keys by INFO, as application/dtmf-relay.",
        |pbx| (pbx.quirks.no_events, pbx.quirks.keys) = (true, Keys::Relay),
    ),
    animal("info", "Tells keys by INFO, as application/dtmf.", |pbx| {
        (pbx.quirks.no_events, pbx.quirks.keys) = (true, Keys::Info)
    }),
    animal("tones", "Tells keys by their tones alone.", |pbx| {
        (pbx.quirks.no_events, pbx.quirks.keys) = (true, Keys::Tones)
    }),
    animal(
        "chatty",
        "Offers video, text, ICE and a dozen codecs.",
        |pbx| {
            pbx.quirks.chatty = true;
        },
    ),
    animal(
        "opus-first",
        "Offers Opus first, and telephone events of two clocks.",
        |pbx| pbx.quirks.opus = true,
    ),
    animal(
        "long-packets",
        "Puts 40 ms of sound in each packet.",
        |pbx| pbx.quirks.long_packets = true,
    ),
    animal(
        "behind-nat",
        "Sends sound from another port than the one it describes.",
        |pbx| pbx.quirks.sound_from_elsewhere = true,
    ),
    animal(
        "moves",
        "Moves its sound to another port after the answer.",
        |pbx| pbx.quirks.change = Some(Change::Moves),
    ),
    animal(
        "renews",
        "Sends a re-INVITE that changes nothing after the answer.",
        |pbx| pbx.quirks.change = Some(Change::Same),
    ),
    animal(
        "updates",
        "Sends an UPDATE that changes nothing after the answer.",
        |pbx| pbx.quirks.change = Some(Change::Updated),
    ),
    animal(
        "nudges",
        "Sends an UPDATE without a description after the answer.",
        |pbx| pbx.quirks.change = Some(Change::Nothing),
    ),
    animal(
        "asks",
        "Asks by OPTIONS within the call whether it still stands.",
        |pbx| pbx.quirks.change = Some(Change::Asked),
    ),
    animal(
        "notifies",
        "Sends a NOTIFY within the call that nobody subscribed to.",
        |pbx| pbx.quirks.change = Some(Change::Notified),
    ),
    animal("holder", "Puts the line on hold for a moment.", |pbx| {
        pbx.quirks.change = Some(Change::Hold(MOMENT));
    }),
    animal(
        "silent-holder",
        "Puts the line on hold without sound either way.",
        |pbx| pbx.quirks.change = Some(Change::Silence(MOMENT)),
    ),
    animal(
        "updating-holder",
        "Puts the line on hold by UPDATE.",
        |pbx| pbx.quirks.change = Some(Change::UpdatedHold(MOMENT)),
    ),
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
    animal(
        "winds-by-update",
        "Refreshes the session itself, by UPDATE.",
        |pbx| pbx.quirks.change = Some(Change::RefreshedByUpdate),
    ),
    animal(
        "winds-by-invite",
        "Refreshes the session itself, by re-INVITE.",
        |pbx| pbx.quirks.change = Some(Change::RefreshedByInvite),
    ),
    animal("insists", "Wants its ringing confirmed (100rel).", |pbx| {
        pbx.quirks.reliable = true
    }),
    animal(
        "asterisk-like",
        "As Asterisk: P-Asserted-Identity, Opus first, a re-INVITE for the connected party.",
        |pbx| {
            (pbx.quirks.opus, pbx.quirks.change) = (true, Some(Change::Same));
            pbx.quirks.qualifies = true;
        },
    ),
    animal(
        "freeswitch-like",
        "As FreeSWITCH: Remote-Party-ID, session timers, an UPDATE for the connected party.",
        |pbx| {
            pbx.quirks.identity = Identity::RemoteParty;
            pbx.quirks.no_diversion = true;
            (pbx.quirks.session_s, pbx.quirks.change) = (Some(1800), Some(Change::Updated));
        },
    ),
    animal(
        "3cx-like",
        "As 3CX: logs in by another name, and grants two minutes.",
        |pbx| {
            pbx.quirks.auth_name = Some("Xk3pW9");
            pbx.expires_max_s = 120;
        },
    ),
    animal(
        "mango-like",
        "As cloud PBXs may: numbers with a leading 8 in From, nobody tells who was dialled.",
        |pbx| {
            (pbx.quirks.identity, pbx.quirks.dialling) = (Identity::From, Dialling::Eight);
            (pbx.quirks.no_diversion, pbx.quirks.nonces_once) = (true, true);
        },
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
    animal(
        "connects",
        "Connects the caller with whom it is asked to (REFER).",
        |pbx| pbx.quirks.referrals = Referrals::Connecting,
    ),
    animal(
        "returns",
        "Connects the caller with whom it is asked to, and calls the line again where nobody is there.",
        |pbx| pbx.quirks.referrals = Referrals::Returning,
    ),
    animal(
        "refuses-refer",
        "Refuses to connect anybody (403).",
        |pbx| {
            pbx.quirks.referrals = Referrals::Refused;
        },
    ),
    animal(
        "refer-202-then-silence",
        "Accepts a REFER and never tells what came of it.",
        |pbx| pbx.quirks.referrals = Referrals::Silent,
    ),
    animal(
        "refer-notify-503",
        "Accepts a REFER and tells that the number was not to be had.",
        |pbx| pbx.quirks.referrals = Referrals::Failing,
    ),
    animal(
        "never-itself",
        "Does not let an extension call itself.",
        |pbx| pbx.quirks.refuses_itself = true,
    ),
    animal(
        "codes-only",
        "Transfers by the keys ## and a number alone.",
        |pbx| pbx.quirks.transfer_code = Some("##"),
    ),
    animal(
        "announces",
        "Lets an announcement be heard before those whom the line calls answer (183).",
        |pbx| pbx.quirks.announces = true,
    ),
];

/// For how many seconds a registration is granted that is to be renewed soon.
const SOON_S: u32 = 4;

/// How long a hold lasts.
const MOMENT: Duration = Duration::from_millis(500);
