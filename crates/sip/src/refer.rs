//! Asking the PBX to connect the other end of a call with somebody else
//! (RFC 3515; RFC 3891 where it is another call of ours), and what it tells of that.

use model::id::LegId;
use model::pbx::Fault;
use rsipstack::sip::headers::untyped;
use rsipstack::sip::{Header, Method, Request, Response};
use tokio::sync::mpsc;

use crate::conversation::Conversation;
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
}

/// What came of a REFER, before any NOTIFY.
pub(crate) type Outcome = Result<Response, Fault>;

impl Conversation {
    /// Asks the PBX; what it tells of it follows as [`Event::Referred`].
    pub(crate) async fn refer(
        &mut self,
        target: Target,
        outcomes: &mpsc::UnboundedSender<Outcome>,
    ) {
        self.referring = Some(Referring { target, tried: 0 });
        self.send_refer(outcomes).await;
    }

    async fn send_refer(&mut self, outcomes: &mpsc::UnboundedSender<Outcome>) {
        let Some(request) = self.refer_request() else {
            return self.referral_over(Referral::Failed).await;
        };
        let (way, peer) = (self.line.way.clone(), self.dialog.peer.clone());
        let outcomes = outcomes.clone();
        tokio::spawn(async move {
            let _ = outcomes.send(wire::exchange(&way, request, &peer).await);
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
    /// will come; so does a 200, of PBXs that don't know better.
    pub(crate) async fn refer_answered(
        &mut self,
        outcome: Outcome,
        outcomes: &mpsc::UnboundedSender<Outcome>,
    ) {
        let Some(referring) = &mut self.referring else {
            return;
        };
        let Ok(response) = outcome else {
            return self.referral_over(Referral::Failed).await;
        };
        match response.status_code.code() {
            200..300 => {}
            401 | 407 if referring.tried < LOGINS_MAX => {
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

    /// Takes a NOTIFY, where it is about a REFER of ours (RFC 3515, section 2.4.4).
    pub(crate) async fn notified(&mut self, notify: &Request) {
        if self.referring.is_none() {
            return;
        }
        match told(notify) {
            Some(Told::Going) => {
                let (leg, referral) = (self.leg, Referral::Going);
                self.core.tell(Event::Referred { leg, referral }).await;
            }
            Some(Told::Connected) => self.referral_over(Referral::Connected).await,
            Some(Told::NotConnected(code)) => {
                self.referral_over(Referral::NotConnected { code }).await;
            }
            None => {}
        }
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

/// The status line that it carries (RFC 3420). One that ends the subscription
/// while the other end still rings tells nothing more: it counts as failed.
fn told(notify: &Request) -> Option<Told> {
    let value = |name| wire::values(&notify.headers, name).next();
    let event = value("event")?;
    if !event
        .split(';')
        .next()?
        .trim()
        .eq_ignore_ascii_case("refer")
    {
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
        told(&Request::try_from(text.as_str()).expect("a request"))
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
    fn a_dialogs_name_survives_in_an_address() {
        assert_eq!(
            escaped("a@b;to-tag=1;from-tag=2"),
            "a%40b%3Bto-tag%3D1%3Bfrom-tag%3D2"
        );
    }
}
