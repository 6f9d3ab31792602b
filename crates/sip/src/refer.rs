//! Asking the PBX to connect the other end of a call with somebody else
//! (RFC 3515; RFC 3891 where it is another call of ours), and what it tells of that.

use std::time::Duration;

use model::id::LegId;
use model::pbx::Fault;
use rsipstack::sip::headers::untyped;
use rsipstack::sip::{Header, Method, Request, Response, StatusCode};
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::conversation::{Conversation, in_dialog};
use crate::dialog::Dialog;
use crate::digest::Challenge;
use crate::event::{Event, Referral};
use crate::headers;
use crate::leg::Command;
use crate::lookup::Server;
use crate::wire;

/// Logins answered for one REFER: the second one only because PBXs change the
/// nonce without saying that the old one is stale.
const LOGINS_MAX: u32 = 2;

/// How long a PBX that has hung up may still say that it has connected the two.
const LAST_WORD_WITHIN: Duration = Duration::from_secs(2);

/// Whom the PBX is asked to connect with.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    /// A number, as the PBX dials it.
    Number(String),
    /// Another call of ours: the whole value of Refer-To, which names its dialog.
    Call(String),
}

/// A REFER that is under way.
#[derive(Debug)]
pub(crate) struct Referring {
    target: Target,
    tried: u32,
    /// The request's number, by which a PBX names it.
    seq: u32,
    /// The PBX has taken it on and will say no more of it (RFC 4488).
    untold: bool,
}

/// What came of the REFER of this number, before any NOTIFY.
pub(crate) type Outcome = (u32, Result<Response, Fault>);

impl Conversation {
    /// Asks the PBX; what it tells of it follows as [`Event::Referred`].
    pub(crate) async fn refer(
        &mut self,
        target: Target,
        outcomes: &mpsc::UnboundedSender<Outcome>,
    ) {
        self.referring = Some(Referring {
            target,
            tried: 0,
            seq: 0,
            untold: false,
        });
        self.send_refer(outcomes).await;
    }

    async fn send_refer(&mut self, outcomes: &mpsc::UnboundedSender<Outcome>) {
        let Some(request) = self.refer_request() else {
            return self.referral_over(Referral::Failed).await;
        };
        let (way, peer) = (self.line.way.clone(), self.dialog.peer.clone());
        let (outcomes, seq) = (outcomes.clone(), self.dialog.seq);
        if let Some(referring) = &mut self.referring {
            referring.seq = seq;
        }
        tokio::spawn(async move {
            let _ = outcomes.send((seq, wire::exchange(&way, request, &peer).await));
        });
    }

    fn refer_request(&mut self) -> Option<Request> {
        let to = match &self.referring.as_ref()?.target {
            Target::Number(number) => {
                let account = &self.line.account;
                let server = Server::parse(&account.server, account.port);
                let uri = wire::uri(Some(number), wire::host(&server, true)?);
                format!("<{uri}>")
            }
            Target::Call(value) => value.clone(),
        };
        let by = format!("<{}>", self.line.record()?);
        let mut request = self.dialog.request(&self.core.stack, Method::Refer)?;
        request.headers.push(headers::contact(&self.dialog));
        request
            .headers
            .push(Header::ReferTo(untyped::ReferTo::new(to)));
        request
            .headers
            .push(Header::ReferredBy(untyped::ReferredBy::new(by)));
        request.headers.push(headers::supported());
        for (_, count) in &mut self.logins {
            *count += 1;
        }
        wire::log_in(&mut request, &self.line.account, &self.logins);
        Some(request)
    }

    /// Takes the response to a REFER. A 202 says nothing but that a NOTIFY
    /// will come; so does a 200, of PBXs that don't know better. One that says
    /// that none will come leaves the end of the call to tell.
    pub(crate) async fn refer_answered(
        &mut self,
        (seq, outcome): Outcome,
        outcomes: &mpsc::UnboundedSender<Outcome>,
    ) {
        let own = self.dialog.is_with_server(&self.line);
        let Some(referring) = self.referring.as_mut().filter(|it| it.seq == seq) else {
            return;
        };
        let Ok(response) = outcome else {
            return self.referral_over(Referral::Failed).await;
        };
        match response.status_code.code() {
            200..300 if is_untold(&response) => {
                referring.untold = true;
                self.referral_goes_on().await;
            }
            200..300 => {}
            401 | 407 if referring.tried < LOGINS_MAX && own => {
                referring.tried += 1;
                match Challenge::strongest(wire::challenges(&response)) {
                    Some(challenge) => {
                        self.logins.retain(|(old, _)| old.proxy != challenge.proxy);
                        self.logins.push((challenge, 0));
                        self.send_refer(outcomes).await;
                    }
                    None => self.referral_over(Referral::Refused { code: 401 }).await,
                }
            }
            code => self.referral_over(Referral::Refused { code }).await,
        }
    }

    /// Takes a NOTIFY, where it is about the REFER that is under way (RFC 3515, section 2.4.4).
    pub(crate) async fn notified(&mut self, notify: &Request) {
        match self.told_by(notify) {
            Some(Told::Going) => self.referral_goes_on().await,
            Some(Told::Connected) => self.referral_over(Referral::Connected).await,
            Some(Told::NotConnected(code)) => {
                self.referral_over(Referral::NotConnected { code }).await;
            }
            None => {}
        }
    }

    fn told_by(&self, notify: &Request) -> Option<Told> {
        let seq = self.referring.as_ref()?.seq;
        told(notify, seq)
    }

    /// The PBX has hung up in the midst of a REFER. Some do that as soon as the
    /// two are connected, and say so a moment later; whatever else they say of
    /// it by then, the caller has left.
    pub(crate) async fn hear_out(&mut self, outcomes: &mut mpsc::UnboundedReceiver<Outcome>) {
        let until = Instant::now() + LAST_WORD_WITHIN;
        while let Some(referring) = &self.referring {
            if referring.untold {
                return self.referral_over(Referral::Connected).await;
            }
            let seq = referring.seq;
            tokio::select! {
                Some(request) = self.seat.requests.recv() => {
                    let Some(mut request) = in_dialog(&mut self.dialog, request).await else {
                        continue;
                    };
                    let (code, told) = match request.original.method {
                        Method::Notify => (StatusCode::OK, told(&request.original, seq)),
                        Method::Bye => (StatusCode::OK, None),
                        _ => (StatusCode::CallTransactionDoesNotExist, None),
                    };
                    let _ = request.reply(code).await;
                    match told {
                        Some(Told::Connected) => {
                            return self.referral_over(Referral::Connected).await;
                        }
                        Some(Told::NotConnected(_)) => return,
                        Some(Told::Going) | None => {}
                    }
                }
                Some((of, outcome)) = outcomes.recv() => match outcome {
                    _ if of != seq => {}
                    Ok(response) if is_untold(&response) => {
                        return self.referral_over(Referral::Connected).await;
                    }
                    Ok(response) if is_taken_on(&response) => {}
                    _ => return,
                },
                Some(command) = self.seat.commands.recv() => {
                    if matches!(command, Command::HangUp) {
                        return;
                    }
                }
                () = tokio::time::sleep_until(until) => return,
                () = self.core.end.cancelled() => return,
            }
        }
    }

    async fn referral_goes_on(&self) {
        let (leg, referral) = (self.leg, Referral::Going);
        self.core.tell(Event::Referred { leg, referral }).await;
    }

    async fn referral_over(&mut self, referral: Referral) {
        self.referring = None;
        let leg = self.leg;
        self.core.tell(Event::Referred { leg, referral }).await;
    }

    /// Has another leg's PBX side connected with this one's.
    pub(crate) fn lend(&self, to: LegId) {
        let target = match replacing(&self.dialog) {
            Some(value) => Command::Refer(Target::Call(value)),
            None => return,
        };
        self.core.command(to, target);
    }
}

/// Refer-To of a call that is to take the place of this dialog (RFC 3891): the
/// tags are named as the PBX sees them.
fn replacing(dialog: &Dialog) -> Option<String> {
    let (ours, theirs) = (wire::tag(&dialog.local)?, wire::tag(&dialog.remote)?);
    let replaces = format!("{};to-tag={theirs};from-tag={ours}", dialog.call_id);
    let mut target = dialog.target.clone();
    target.headers.clear();
    Some(format!("<{target}?Replaces={}>", escaped(&replaces)))
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                escaped.push(byte.into());
            }
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

/// What a NOTIFY tells.
#[derive(Debug, PartialEq, Eq)]
enum Told {
    Going,
    Connected,
    NotConnected(u16),
}

fn is_taken_on(response: &Response) -> bool {
    matches!(response.status_code.code(), 200..300)
}

/// Whether a response to a REFER takes it on and says that no NOTIFY will follow.
fn is_untold(response: &Response) -> bool {
    is_taken_on(response)
        && wire::values(&response.headers, "refer-sub")
            .next()
            .and_then(|value| value.split(';').next())
            .is_some_and(|value| value.trim().eq_ignore_ascii_case("false"))
}

/// The status line that it carries (RFC 3420), where it is about the REFER of
/// this number, or names none. One that ends the subscription while the other
/// end still rings tells nothing more: it counts as failed.
fn told(notify: &Request, seq: u32) -> Option<Told> {
    let value = |name| wire::values(&notify.headers, name).next();
    let mut event = value("event")?.split(';').map(str::trim);
    if !event.next()?.eq_ignore_ascii_case("refer") {
        return None;
    }
    let id = event
        .filter_map(|parameter| parameter.split_once('='))
        .find_map(|(name, id)| name.trim().eq_ignore_ascii_case("id").then_some(id.trim()));
    if id.is_some_and(|id| id.parse() != Ok(seq)) {
        return None;
    }
    let over = value("subscription-state")
        .is_some_and(|state| state.trim().to_ascii_lowercase().starts_with("terminated"));
    let body = std::str::from_utf8(&notify.body).unwrap_or_default();
    let code = body.trim_start().strip_prefix("SIP/2.0").and_then(|rest| {
        let code = rest.split_whitespace().next()?;
        code.parse::<u16>().ok()
    });
    match code {
        Some(200..300) => Some(Told::Connected),
        Some(code @ 300..700) => Some(Told::NotConnected(code)),
        Some(100..200) | None if !over => Some(Told::Going),
        _ => Some(Told::NotConnected(480)),
    }
}

#[cfg(test)]
mod tests {
    use rsipstack::sip::Request;

    use super::{Told, escaped, told};

    fn notify(headers: &str, body: &str) -> Option<Told> {
        let text = format!(
            "NOTIFY sip:x@h SIP/2.0\r\n{headers}Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        told(&Request::try_from(text.as_str()).expect("a request"), 2)
    }

    #[test]
    fn a_notify_tells_how_far_it_is() {
        let active = "Event: refer;id=2\r\nSubscription-State: active;expires=60\r\n";
        let over = "Event: Refer\r\nSubscription-State: terminated;reason=noresource\r\n";
        assert_eq!(notify(active, "SIP/2.0 100 Trying\r\n"), Some(Told::Going));
        assert_eq!(notify(active, "SIP/2.0 180 Ringing"), Some(Told::Going));
        assert_eq!(notify(over, "SIP/2.0 200 OK\r\n"), Some(Told::Connected));
        let busy = notify(over, "SIP/2.0 486 Busy Here\r\n");
        assert_eq!(busy, Some(Told::NotConnected(486)));
    }

    #[test]
    fn a_subscription_that_ends_without_an_answer_is_no_success() {
        let over = "Event: refer\r\nSubscription-State: terminated;reason=timeout\r\n";
        let failed = Some(Told::NotConnected(480));
        assert_eq!(notify(over, "SIP/2.0 100 Trying\r\n"), failed);
        assert_eq!(notify(over, ""), failed);
        assert_eq!(notify(over, "SIP/2.0 abc"), failed);
        assert_eq!(notify("Event: message-summary\r\n", "SIP/2.0 200 OK"), None);
        assert_eq!(notify("", "SIP/2.0 200 OK"), None);
    }

    #[test]
    fn a_notify_of_another_refer_tells_nothing() {
        let of = |event: &str| {
            let headers = format!("Event: {event}\r\nSubscription-State: active\r\n");
            notify(&headers, "SIP/2.0 200 OK")
        };
        for ours in ["refer", "refer;id=2", "refer ; ID = 2", "refer;x;id=2"] {
            assert_eq!(of(ours), Some(Told::Connected), "{ours}");
        }
        for other in ["refer;id=1", "refer;id=22", "refer;id=x", "refer;id="] {
            assert_eq!(of(other), None, "{other}");
        }
    }

    #[test]
    fn a_dialogs_name_survives_in_an_address() {
        assert_eq!(
            escaped("a@b;to-tag=1;from-tag=2"),
            "a%40b%3Bto-tag%3D1%3Bfrom-tag%3D2"
        );
    }
}
