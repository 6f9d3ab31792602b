//! Keys as INFO: those that come, in either of the two usual forms, and those
//! that a PBX without telephone events is sent.

use std::collections::VecDeque;

use model::audio::Digit;
use model::pbx::Fault;
use rsipstack::sip::headers::untyped;
use rsipstack::sip::{Header, Headers, Method, Request, Response};
use tokio::sync::mpsc;

use crate::conversation::Conversation;
use crate::digest::Challenge;
use crate::event::Event;
use crate::headers;
use crate::wire;

/// How long a key of ours counts as held down, in milliseconds.
const HELD_MS: u32 = 160;

/// Logins answered for one key: the second one only because PBXs change the
/// nonce without saying that the old one is stale.
const LOGINS_MAX: u32 = 2;

/// Keys of ours on their way to the PBX.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    /// The PBX takes INFO.
    taken: bool,
    /// The first one is under way.
    waiting: VecDeque<Digit>,
    /// Challenges in a row that it has met.
    tried: u32,
}

impl Keys {
    /// For a PBX that says in these headers what it takes.
    pub(crate) fn of(headers: &Headers) -> Self {
        Self {
            taken: headers::lists(headers, "allow", "INFO"),
            ..Self::default()
        }
    }
}

/// What came of an INFO.
pub(crate) type Outcome = Result<Response, Fault>;

impl Conversation {
    /// Tells the PBX of a key, after those before it: it would be free to take
    /// two that are under way in any order.
    pub(crate) async fn press(&mut self, digit: Digit, outcomes: &mpsc::UnboundedSender<Outcome>) {
        self.keys.waiting.push_back(digit);
        if self.keys.waiting.len() == 1 {
            self.inform(outcomes).await;
        }
    }

    /// Sends the first key that waits. Where the PBX takes none, all are given back.
    async fn inform(&mut self, outcomes: &mpsc::UnboundedSender<Outcome>) {
        while let Some(digit) = self.keys.waiting.front().copied() {
            if let Some(request) = self.information(digit) {
                let (way, peer) = (self.line.way.clone(), self.dialog.peer.clone());
                let outcomes = outcomes.clone();
                tokio::spawn(async move {
                    let _ = outcomes.send(wire::exchange(&way, request, &peer).await);
                });
                return;
            }
            self.keys.waiting.pop_front();
            let leg = self.leg;
            self.core.tell(Event::NotPressed { leg, digit }).await;
        }
    }

    fn information(&mut self, digit: Digit) -> Option<Request> {
        if !self.keys.taken {
            return None;
        }
        let mut info = self.dialog.request(&self.core.stack, Method::Info)?;
        let kind = untyped::ContentType::new("application/dtmf-relay");
        info.headers.push(Header::ContentType(kind));
        let key = digit.as_char();
        info.body = format!("Signal={key}\r\nDuration={HELD_MS}\r\n").into_bytes();
        for (_, count) in &mut self.logins {
            *count += 1;
        }
        wire::log_in(&mut info, &self.line.account, &self.logins);
        Some(info)
    }

    /// Takes what came of a key, and goes on to the next one.
    pub(crate) async fn informed(
        &mut self,
        outcome: Outcome,
        outcomes: &mpsc::UnboundedSender<Outcome>,
    ) {
        let challenge = match &outcome {
            Ok(response) if matches!(response.status_code.code(), 401 | 407) => {
                Challenge::strongest(wire::challenges(response))
            }
            _ => None,
        };
        let taken = outcome.is_ok_and(|response| response.status_code.code() < 300);
        match challenge.filter(|_| self.keys.tried < LOGINS_MAX) {
            Some(challenge) => {
                self.keys.tried += 1;
                self.logins.retain(|(old, _)| old.proxy != challenge.proxy);
                self.logins.push((challenge, 0));
            }
            None if taken => {
                self.keys.tried = 0;
                self.keys.waiting.pop_front();
            }
            None => self.keys.taken = false,
        }
        self.inform(outcomes).await;
    }
}

/// The key that an INFO tells: `application/dtmf-relay` or `application/dtmf`.
pub(crate) fn digit(request: &Request) -> Option<Digit> {
    let kind = wire::values(&request.headers, "content-type")
        .next()?
        .to_ascii_lowercase();
    let body = std::str::from_utf8(&request.body).ok()?;
    let key = if kind.starts_with("application/dtmf-relay") {
        body.lines().find_map(|line| {
            let (name, value) = line.split_once('=')?;
            name.trim()
                .eq_ignore_ascii_case("signal")
                .then(|| value.trim())
        })?
    } else if kind.starts_with("application/dtmf") {
        body.trim()
    } else {
        return None;
    };
    match key {
        // Some write the event's number.
        "10" => Digit::from_event(10),
        "11" => Digit::from_event(11),
        key => {
            let mut chars = key.chars();
            let digit = chars.next().and_then(Digit::from_char);
            digit.filter(|_| chars.next().is_none())
        }
    }
}

#[cfg(test)]
mod tests {
    use model::audio::Digit;
    use rsipstack::sip::Request;

    use super::digit;

    fn request(headers: &str, body: &str) -> Request {
        let text = format!(
            "INFO sip:x@h SIP/2.0\r\n{headers}Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        Request::try_from(text.as_str()).expect("a request")
    }

    #[test]
    fn a_key_is_read_in_both_forms() {
        let relay = |body| digit(&request("Content-Type: application/dtmf-relay\r\n", body));
        assert_eq!(relay("Signal=5\r\nDuration=160\r\n"), Digit::from_char('5'));
        assert_eq!(relay("Signal= #\r\n"), Digit::from_char('#'));
        assert_eq!(relay("Signal=11\r\n"), Digit::from_char('#'));
        assert_eq!(relay("Signal=55\r\n"), None);
        assert_eq!(
            digit(&request("Content-Type: application/dtmf\r\n", "*")),
            Digit::from_char('*')
        );
        assert_eq!(digit(&request("Content-Type: text/plain\r\n", "5")), None);
        assert_eq!(digit(&request("", "5")), None);
    }
}
