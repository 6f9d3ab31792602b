//! Whatever reads what comes from outside, one function a kind, for fuzzing
//! alone: `fuzz/` at length, `crates/sim/tests/fuzz.rs` for some seconds.
//! What they assert holds for any input.

use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use model::audio::{AudioStream, Codec, Direction};
use model::id::LineId;
use rsipstack::sip::{Headers, SipMessage};

use crate::border::{Border, Verdict};
use crate::digest::{Challenge, Guarded, Login};
use crate::known::Known;
use crate::sdp::{Local, Remote};
use crate::socket::lock;
use crate::{identity, wire};

/// Most challenges of one answer that are looked at.
const CHALLENGES_MAX: usize = 16;

/// The border of an endpoint that knows a PBX, from which everything comes, and some lines.
pub struct Gate {
    border: Border,
    now: Instant,
}

impl Default for Gate {
    fn default() -> Self {
        let known = Known::default();
        known.peers.add(IpAddr::from([192, 0, 2, 2]));
        // Whom the seeds call, so that they get beyond the border.
        for contact in ["user", "line", "a"] {
            let line = LineId(uuid::Uuid::nil());
            lock(&known.contacts).insert(contact.to_owned(), line);
        }
        Self {
            border: Border::new(known),
            now: Instant::now(),
        }
    }
}

impl Gate {
    /// A datagram; whether it passes the border.
    pub fn datagram(&mut self, datagram: &[u8]) -> bool {
        // Slow enough for the border never to say that it is too many.
        self.now += Duration::from_millis(1);
        let source = SocketAddr::from(([192, 0, 2, 2], 5060));
        let Verdict::Pass(passed) = self.border.judge(self.now, source, datagram) else {
            return false;
        };
        let Ok(message) = SipMessage::try_from(passed.as_ref()) else {
            return true;
        };
        match &message {
            SipMessage::Request(request) => identify(&request.headers),
            SipMessage::Response(response) => {
                let _ = wire::seen_as(response, source);
                for challenge in wire::challenges(response) {
                    answered(challenge);
                }
                identify(&response.headers);
            }
        }
        true
    }
}

/// A session description: what is answered to it can be read again.
pub fn description(body: &[u8]) {
    let local = AudioStream {
        address: SocketAddr::from(([127, 0, 0, 1], 4000)),
        formats: Codec::ALL.map(Into::into).to_vec(),
        dtmf: Some(101),
        direction: Direction::SendRecv,
        keys: None,
    };
    if let Ok(remote) = Remote::parse(body)
        && let Ok(answer) = Local::new(1, [0; 30], false).answer(&remote, &local)
    {
        assert!(Remote::parse(answer.as_bytes()).is_ok(), "{answer}");
    }
}

/// The value of a header that challenges, or that says who somebody is.
pub fn value(value: &[u8]) {
    let value = String::from_utf8_lossy(value);
    let challenges = Challenge::parse(&value, false);
    assert!(challenges.len() <= CHALLENGES_MAX);
    if let Some(challenge) = Challenge::strongest(challenges) {
        answered(challenge);
    }
    let names = [
        "From",
        "P-Asserted-Identity",
        "Remote-Party-ID",
        "Diversion",
    ];
    let headers = names
        .map(|name| rsipstack::sip::headers::make_header(name, value.clone().into_owned()))
        .to_vec();
    identify(&Headers::from(headers));
}

fn answered(challenge: Challenge) {
    let login = Login {
        user: "200",
        password: "secret",
    };
    let request = Guarded {
        method: "REGISTER",
        uri: "sip:h",
        body: b"",
        cnonce: "c",
        count: 1,
    };
    // A server may call itself so; ours is in the digest alone.
    let said = format!("{challenge:?}").contains("secret");
    assert!(said || !challenge.answer(&login, &request).contains("secret"));
}

fn identify(headers: &Headers) {
    let caller = identity::caller(headers);
    let dialled = identity::dialled(headers);
    for text in [caller.number, caller.name, dialled].into_iter().flatten() {
        assert!(text.chars().count() <= 128 && !text.contains(char::is_control));
    }
    for header in headers.iter() {
        let _ = wire::parse_uri(header.value());
        let _ = wire::tag(header.value());
    }
}
