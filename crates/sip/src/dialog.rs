//! A dialog (RFC 3261, section 12): what requests within it need to carry.

use std::time::Duration;

use model::pbx::Fault;
use rsipstack::sip::{Method, Request, Response, Uri};
use rsipstack::transaction::endpoint::EndpointInnerRef;
use rsipstack::transport::SipAddr;

use crate::digest::{Challenge, split_outside_quotes};
use crate::line::Line;
use crate::wire::{self, Head};

/// How long our BYE is worth waiting for.
const BYE_WITHIN: Duration = Duration::from_secs(10);

/// Our BYE, once more on another way, once more with a login.
const TRIES: u32 = 3;

/// One side's view of a dialog.
#[derive(Clone, Debug)]
pub(crate) struct Dialog {
    pub(crate) call_id: String,
    /// Our From or To with its tag.
    pub(crate) local: String,
    /// Theirs.
    pub(crate) remote: String,
    pub(crate) target: Uri,
    pub(crate) routes: Vec<String>,
    pub(crate) seq: u32,
    /// Their last request's number, once there was one.
    pub(crate) remote_seq: Option<u32>,
    /// Where responses are to come.
    pub(crate) via: SipAddr,
    /// Where requests go: the address that the first one came from or went
    /// to. A Contact behind a NAT can't be reached, and one that lies must
    /// not send us elsewhere.
    pub(crate) peer: SipAddr,
    /// Our Contact.
    pub(crate) contact: Uri,
}

impl Dialog {
    /// The dialog that an invitation of theirs opens; `local` is its To with our tag.
    pub(crate) fn of_invitation(
        request: &Request,
        local: String,
        peer: SipAddr,
        via: SipAddr,
        contact: Uri,
    ) -> Option<Self> {
        let headers = &request.headers;
        let value = |name| wire::values(headers, name).next();
        Some(Self {
            call_id: value("call-id")?.to_owned(),
            local,
            remote: value("from")?.to_owned(),
            target: wire::parse_uri(value("contact")?)?,
            routes: record_routes(headers),
            seq: 0,
            remote_seq: Some(wire::number(headers, "cseq")?),
            via,
            peer,
            contact,
        })
    }

    /// The dialog that an invitation of ours opened, by its 2xx.
    pub(crate) fn of_answer(
        invite: &Request,
        answer: &Response,
        peer: SipAddr,
        via: SipAddr,
        contact: Uri,
    ) -> Option<Self> {
        let value = |name| wire::values(&answer.headers, name).next();
        let mut routes = record_routes(&answer.headers);
        routes.reverse();
        Some(Self {
            call_id: value("call-id")?.to_owned(),
            local: wire::values(&invite.headers, "from").next()?.to_owned(),
            remote: value("to")?.to_owned(),
            target: wire::parse_uri(value("contact")?)?,
            routes,
            seq: wire::number(&invite.headers, "cseq")?,
            remote_seq: None,
            via,
            peer,
            contact,
        })
    }

    /// Whether a request of theirs is newer than all before it.
    pub(crate) fn in_order(&mut self, request: &Request) -> bool {
        match wire::number(&request.headers, "cseq") {
            Some(seq) if self.remote_seq.is_none_or(|last| seq > last) => {
                self.remote_seq = Some(seq);
                true
            }
            _ => false,
        }
    }

    /// The peer named another address for itself (RFC 3261, section 12.2.2).
    pub(crate) fn retarget(&mut self, request: &Request) {
        if let Some(target) = wire::values(&request.headers, "contact")
            .next()
            .and_then(wire::parse_uri)
        {
            self.target = target;
        }
    }

    /// Ends the dialog; a PBX that wants a login for that gets it.
    pub(crate) async fn bye(&mut self, stack: &EndpointInnerRef, line: &Line) {
        let mut logins = Vec::new();
        for _ in 0..TRIES {
            let Some(mut bye) = self.request(stack, Method::Bye) else {
                return;
            };
            wire::log_in(&mut bye, &line.account, &logins);
            let exchange = wire::exchange(stack, bye, &self.peer);
            let response = match tokio::time::timeout(BYE_WITHIN, exchange).await {
                Ok(Ok(response)) => response,
                // The stream of the invitation is gone: the line's own server then.
                Ok(Err(Fault::ConnectionRefused)) => match line.peer() {
                    Some(peer) if peer != self.peer => {
                        self.peer = peer;
                        continue;
                    }
                    _ => return,
                },
                Ok(Err(_)) | Err(_) => return,
            };
            match Challenge::strongest(wire::challenges(&response)) {
                Some(challenge) if matches!(response.status_code.code(), 401 | 407) => {
                    logins.push((challenge, 1));
                }
                _ => return,
            }
        }
    }

    fn request(&mut self, stack: &EndpointInnerRef, method: Method) -> Option<Request> {
        self.seq += 1;
        Head {
            method,
            uri: self.target.clone(),
            via: self.via.clone(),
            from: &self.local,
            to: &self.remote,
            call_id: &self.call_id,
            seq: self.seq,
            routes: &self.routes,
        }
        .request(stack)
    }
}

fn record_routes(headers: &rsipstack::sip::Headers) -> Vec<String> {
    wire::values(headers, "record-route")
        .flat_map(split_outside_quotes)
        .map(|route| route.trim().to_owned())
        .collect()
}
