//! A call whose answer is confirmed, whichever side placed it: the PBX may
//! change it, either side may end it.

use std::sync::Arc;
use std::time::Duration;

use model::audio::{AudioStream, Digit};
use model::id::LegId;
use rsipstack::sip::headers::untyped;
use rsipstack::sip::{Header, Method, Request, SipMessage, StatusCode};
use rsipstack::transaction::Transaction;
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::core::{Core, Seat};
use crate::dialog::Dialog;
use crate::event::{Event, LegEnd};
use crate::leg::Command;
use crate::line::Line;
use crate::sdp::{Local, Remote, SdpError};
use crate::wire;

/// Shortest session interval (RFC 4028, section 4).
const SESSION_MIN_S: u32 = 90;

/// A confirmed call.
pub(crate) struct Conversation {
    pub(crate) core: Arc<Core>,
    pub(crate) line: Arc<Line>,
    pub(crate) leg: LegId,
    pub(crate) seat: Seat,
    pub(crate) dialog: Dialog,
    pub(crate) sdp: Local,
    /// Our stream as last described.
    pub(crate) ours: AudioStream,
    /// When the session runs out unless the PBX refreshes it.
    pub(crate) timer: Option<Instant>,
}

/// What became of a change whose answer awaited its ACK.
enum Acknowledged {
    /// With this body.
    Yes(Vec<u8>),
    Never,
}

impl Conversation {
    /// Tells that the call is answered, with what both sides agreed, and
    /// serves it to its end.
    pub(crate) async fn begin(mut self, theirs: Result<AudioStream, SdpError>) {
        let leg = self.leg;
        match theirs {
            Ok(audio) => {
                tracing::info!(%leg, "call answered");
                self.core.tell(Event::Answered { leg, audio }).await;
                if let Some(end) = self.talk().await {
                    self.end(end).await;
                    if end != LegEnd::HungUp {
                        self.leave().await;
                    }
                }
            }
            Err(_) => {
                self.end(LegEnd::Failed).await;
                self.leave().await;
            }
        }
    }

    async fn end(&self, cause: LegEnd) {
        tracing::info!(leg = %self.leg, ?cause, "call ended");
        self.core
            .tell(Event::Ended {
                leg: self.leg,
                cause,
            })
            .await;
    }

    /// Hangs up; the peer may be doing the same.
    pub(crate) async fn leave(mut self) {
        let bye = self.dialog.bye(&self.core.stack, &self.line);
        tokio::pin!(bye);
        loop {
            tokio::select! {
                () = &mut bye => return,
                Some(mut request) = self.seat.requests.recv() => {
                    let code = match request.original.method {
                        Method::Bye => StatusCode::OK,
                        _ => StatusCode::CallTransactionDoesNotExist,
                    };
                    let _ = request.reply(code).await;
                }
            }
        }
    }

    /// None where the whole endpoint ends.
    async fn talk(&mut self) -> Option<LegEnd> {
        let (acknowledge, mut acknowledged) = mpsc::unbounded_channel();
        loop {
            tokio::select! {
                Some(command) = self.seat.commands.recv() => match command {
                    Command::HangUp | Command::Refuse(_) => return Some(LegEnd::Released),
                    Command::Ring | Command::Answer(_) => {}
                },
                Some(mut request) = self.seat.requests.recv() => {
                    if !self.dialog.in_order(&request.original) {
                        let _ = request.reply(StatusCode::ServerInternalError).await;
                        continue;
                    }
                    match request.original.method {
                        Method::Bye => {
                            let _ = request.reply(StatusCode::OK).await;
                            return Some(LegEnd::HungUp);
                        }
                        Method::Invite | Method::Update => {
                            self.change(request, acknowledge.clone()).await;
                        }
                        _ => self.aside(request).await,
                    }
                }
                Some(ack) = acknowledged.recv() => match ack {
                    Acknowledged::Yes(body) => {
                        // The answer to an offer of ours; other ACKs say nothing.
                        if let Ok(audio) = Remote::parse(&body).and_then(|a| a.agreed(&self.ours)) {
                            self.core.tell(Event::Changed { leg: self.leg, audio }).await;
                        }
                    }
                    Acknowledged::Never => return Some(LegEnd::Failed),
                },
                () = until(self.timer) => return Some(LegEnd::Failed),
                () = self.core.end.cancelled() => return None,
            }
        }
    }

    /// A re-INVITE or UPDATE.
    async fn change(
        &mut self,
        mut request: Transaction,
        acknowledge: mpsc::UnboundedSender<Acknowledged>,
    ) {
        let invite = request.original.method == Method::Invite;
        let mut changed = None;
        let description = match request.original.body.as_slice() {
            [] => Ok(invite.then(|| self.sdp.offer(&self.ours))),
            body => Remote::parse(body).and_then(|offer| {
                let answer = self.sdp.answer(&offer, &self.ours)?;
                changed = Some(offer.agreed(&self.ours)?);
                Ok(Some(answer))
            }),
        };
        let description = match description {
            Ok(description) => description,
            Err(error) => {
                // The session goes on as it was (RFC 3261, section 14.2).
                let code = match error {
                    SdpError::Malformed => StatusCode::BadRequest,
                    SdpError::NothingInCommon => StatusCode::NotAcceptableHere,
                };
                let _ = request.reply(code).await;
                return;
            }
        };
        self.dialog.retarget(&request.original);
        let mut headers = vec![contact(&self.dialog), allow()];
        headers.extend(description.as_ref().map(|_| description_type()));
        if let Some(timer) = session_timer(&request.original) {
            self.timer = Some(timer.deadline());
            headers.extend(timer.headers);
        } else if wire::values(&request.original.headers, "session-expires")
            .next()
            .is_none()
        {
            self.timer = None;
        }
        let body = description.map(String::into_bytes);
        let sent = request.reply_with(StatusCode::OK, headers, body).await;
        if let Some(audio) = changed {
            self.core
                .tell(Event::Changed {
                    leg: self.leg,
                    audio,
                })
                .await;
        }
        if invite && sent.is_ok() {
            tokio::spawn(wait_for_ack(request, acknowledge));
        }
    }

    /// Whatever else a PBX says within a call.
    async fn aside(&mut self, mut request: Transaction) {
        let code = match request.original.method {
            Method::Info => {
                if let Some(digit) = digit(&request.original) {
                    self.core
                        .tell(Event::Digit {
                            leg: self.leg,
                            digit,
                        })
                        .await;
                }
                StatusCode::OK
            }
            Method::Options | Method::Notify => StatusCode::OK,
            _ => StatusCode::MethodNotAllowed,
        };
        let _ = request.reply_with(code, vec![allow()], None).await;
    }
}

async fn wait_for_ack(mut request: Transaction, acknowledge: mpsc::UnboundedSender<Acknowledged>) {
    while let Some(message) = request.receive().await {
        if let SipMessage::Request(ack) = message
            && ack.method == Method::Ack
        {
            let _ = acknowledge.send(Acknowledged::Yes(ack.body));
            return;
        }
    }
    let _ = acknowledge.send(Acknowledged::Never);
}

/// The key that an INFO tells, in either of its two usual forms.
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

/// A session timer that the PBX keeps (RFC 4028).
pub(crate) struct SessionTimer {
    pub(crate) headers: Vec<Header>,
    seconds: u32,
}

impl SessionTimer {
    /// When the session runs out.
    pub(crate) fn deadline(&self) -> Instant {
        Instant::now() + Duration::from_secs(self.seconds.into())
    }
}

/// The session timer that a request asks for, where the PBX itself keeps it.
pub(crate) fn session_timer(request: &Request) -> Option<SessionTimer> {
    let headers = &request.headers;
    let words =
        |name| wire::values(headers, name).flat_map(|value| value.split(',').map(str::trim));
    let understood = words("supported")
        .chain(words("require"))
        .any(|word| word == "timer");
    let value = wire::values(headers, "session-expires").next()?;
    let ours = value
        .split(';')
        .any(|parameter| parameter.trim() == "refresher=uas");
    let seconds = wire::number(headers, "session-expires")?.max(SESSION_MIN_S);
    (understood && !ours).then(|| SessionTimer {
        headers: vec![
            Header::SessionExpires(untyped::SessionExpires::new(format!(
                "{seconds};refresher=uac"
            ))),
            Header::Require(untyped::Require::new("timer")),
        ],
        seconds,
    })
}

/// The Contact header of a dialog.
pub(crate) fn contact(dialog: &Dialog) -> Header {
    Header::Contact(untyped::Contact::new(format!("<{}>", dialog.contact)))
}

/// The Allow header.
pub(crate) fn allow() -> Header {
    Header::Allow(untyped::Allow::new(wire::ALLOW))
}

/// The Content-Type header of a session description.
pub(crate) fn description_type() -> Header {
    Header::ContentType(untyped::ContentType::new("application/sdp"))
}

/// Sleeps until the moment, for ever where there is none.
pub(crate) async fn until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use model::audio::Digit;
    use rsipstack::sip::Request;

    use super::{digit, session_timer};

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

    #[test]
    fn a_session_timer_is_accepted_where_the_pbx_keeps_it() {
        let seconds = |headers| session_timer(&request(headers, "")).map(|timer| timer.seconds);
        assert_eq!(
            seconds("Supported: replaces, timer\r\nSession-Expires: 1800\r\n"),
            Some(1800)
        );
        assert_eq!(seconds("k: timer\r\nx: 1800;refresher=uac\r\n"), Some(1800));
        assert_eq!(
            seconds("Supported: timer\r\nSession-Expires: 5\r\n"),
            Some(90)
        );
        assert_eq!(
            seconds("Supported: timer\r\nSession-Expires: 1800;refresher=uas\r\n"),
            None
        );
        assert_eq!(seconds("Session-Expires: 1800\r\n"), None);
        assert_eq!(seconds("Supported: timer\r\n"), None);
    }
}
