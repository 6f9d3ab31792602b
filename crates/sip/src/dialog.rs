//! A dialog (RFC 3261, section 12): what requests within it need to carry.

use std::time::Duration;

use model::pbx::Fault;
use rsipstack::sip::{Header, Headers, Method, Request, Response, Uri};
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
            // Some leave it out; then they take requests where they took this one.
            target: value("contact")
                .and_then(wire::parse_uri)
                .unwrap_or_else(|| invite.uri.clone()),
            routes,
            seq: wire::number(&invite.headers, "cseq")?,
            remote_seq: None,
            via,
            peer,
            contact,
        })
    }

    /// Whether a request comes from the other side of this dialog: the tag of
    /// its From says so (RFC 3261, section 12.2.2).
    pub(crate) fn is_theirs(&self, request: &Request) -> bool {
        let from = wire::values(&request.headers, "from").next();
        from.and_then(wire::tag) == wire::tag(&self.remote)
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

    /// The peer named another address for itself, in a request or a 2xx that
    /// refreshes the target (RFC 3261, section 12.2).
    pub(crate) fn retarget(&mut self, headers: &Headers) {
        if let Some(target) = wire::values(headers, "contact")
            .next()
            .and_then(wire::parse_uri)
        {
            self.target = target;
        }
    }

    /// Whether the other side is the line's own server, which alone gets a
    /// login: whoever knows the contact may call.
    pub(crate) fn is_with_server(&self, line: &Line) -> bool {
        let peer = self.peer.get_socketaddr();
        let server = line.server().map(|server| server.ip());
        peer.is_ok_and(|peer| Some(peer.ip()) == server)
    }

    /// Ends the dialog; a PBX that wants a login for that gets it.
    pub(crate) async fn bye(&mut self, stack: &EndpointInnerRef, line: &Line) {
        let mut logins = Vec::new();
        for _ in 0..TRIES {
            let Some(mut bye) = self.request(stack, Method::Bye) else {
                return;
            };
            wire::log_in(&mut bye, &line.account, &logins);
            let exchange = wire::exchange(&line.way, bye, &self.peer);
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
                Some(challenge)
                    if matches!(response.status_code.code(), 401 | 407)
                        && self.is_with_server(line) =>
                {
                    logins.retain(|(old, _): &(Challenge, u32)| old.proxy != challenge.proxy);
                    logins.push((challenge, 1));
                }
                _ => return,
            }
        }
    }

    /// A new request of ours, still without a body.
    pub(crate) fn request(&mut self, stack: &EndpointInnerRef, method: Method) -> Option<Request> {
        self.seq += 1;
        self.numbered(stack, method, self.seq)
    }

    /// The ACK of a 2xx to an invitation of ours, with the invitation's
    /// number and credentials (RFC 3261, section 13.2.2.4).
    pub(crate) fn ack(&self, stack: &EndpointInnerRef, invite: &Request) -> Option<Request> {
        let seq = wire::number(&invite.headers, "cseq")?;
        let mut ack = self.numbered(stack, Method::Ack, seq)?;
        let credentials = invite.headers.iter().filter(|header| {
            matches!(
                header,
                Header::Authorization(_) | Header::ProxyAuthorization(_)
            )
        });
        ack.headers.extend(credentials.cloned().collect());
        ack.headers.push(Header::ContentLength(0.into()));
        Some(ack)
    }

    fn numbered(&self, stack: &EndpointInnerRef, method: Method, seq: u32) -> Option<Request> {
        let (uri, routes) = self.way();
        Head {
            method,
            uri,
            via: self.via.clone(),
            from: &self.local,
            to: &self.remote,
            call_id: &self.call_id,
            seq,
            routes: &routes,
        }
        .request(stack)
    }

    /// The request URI and the Route headers (RFC 3261, section 12.2.1.1): a
    /// first router without `lr` is a strict one, which wants to find itself
    /// in the request URI and the target at the end.
    fn way(&self) -> (Uri, Vec<String>) {
        let strict = match self.routes.split_first() {
            Some((first, rest)) if !is_loose(first) => {
                wire::parse_uri(first).map(|uri| (uri, rest))
            }
            _ => None,
        };
        match strict {
            Some((uri, rest)) => {
                let mut routes = rest.to_vec();
                routes.push(format!("<{}>", self.target));
                (uri, routes)
            }
            None => (self.target.clone(), self.routes.clone()),
        }
    }
}

/// Whether the router of a Route has the parameter `lr`, which some write with a value.
fn is_loose(route: &str) -> bool {
    let uri = route.split('<').nth(1).unwrap_or(route);
    let uri = uri.split('>').next().unwrap_or(uri);
    uri.split(';').skip(1).any(|parameter| {
        let name = parameter.split(['=', '?']).next().unwrap_or(parameter);
        name.trim().eq_ignore_ascii_case("lr")
    })
}

fn record_routes(headers: &rsipstack::sip::Headers) -> Vec<String> {
    wire::values(headers, "record-route")
        .flat_map(split_outside_quotes)
        .map(|route| route.trim().to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use rsipstack::sip::{Request, Response, Transport};

    use super::{Dialog, is_loose};
    use crate::wire;

    fn invite(routes: &str) -> Request {
        let text = format!(
            "INVITE sip:line@10.0.0.5 SIP/2.0\r\nVia: SIP/2.0/UDP p1;branch=z9hG4bK1\r\n{routes}\
             From: <sip:a@pbx>;tag=theirs\r\nTo: <sip:line@10.0.0.5>\r\nCall-ID: c\r\nCSeq: 7 INVITE\r\n\
             Contact: <sip:a@192.168.0.9:5080;ob>\r\nContent-Length: 0\r\n\r\n"
        );
        Request::try_from(text.as_str()).expect("a request")
    }

    fn of(request: &Request) -> Dialog {
        let at = |text: &str| wire::address(Transport::Udp, text.parse().expect("an address"));
        let contact = wire::parse_uri("sip:line@10.0.0.5").expect("a contact");
        Dialog::of_invitation(
            request,
            "<sip:line@10.0.0.5>;tag=ours".into(),
            at("203.0.113.1:5060"),
            at("10.0.0.5:5060"),
            contact,
        )
        .expect("a dialog")
    }

    #[test]
    fn loose_routers_stand_in_route_and_the_target_in_the_request_uri() {
        let dialog = of(&invite(
            "Record-Route: <sip:p1;lr>, <sip:p2:5070;transport=tcp;lr=on>\r\nRecord-Route: <sip:p3;lr>\r\n",
        ));
        let (uri, routes) = dialog.way();
        assert_eq!(uri.to_string(), "sip:a@192.168.0.9:5080;ob");
        assert_eq!(
            routes,
            [
                "<sip:p1;lr>",
                "<sip:p2:5070;transport=tcp;lr=on>",
                "<sip:p3;lr>"
            ]
        );
    }

    #[test]
    fn a_strict_router_stands_in_the_request_uri_and_the_target_last() {
        let dialog = of(&invite("Record-Route: <sip:p1:5070>, <sip:p2;lr>\r\n"));
        let (uri, routes) = dialog.way();
        assert_eq!(uri.to_string(), "sip:p1:5070");
        assert_eq!(routes, ["<sip:p2;lr>", "<sip:a@192.168.0.9:5080;ob>"]);
    }

    #[test]
    fn without_routers_requests_go_to_the_contact_and_follow_it() {
        let mut dialog = of(&invite(""));
        assert_eq!(dialog.way().1, Vec::<String>::new());
        let moved = invite("").headers;
        dialog.retarget(&moved);
        assert_eq!(dialog.way().0.to_string(), "sip:a@192.168.0.9:5080;ob");
        let text = "SIP/2.0 200 OK\r\nContact: <sip:b@pbx>\r\n\r\n";
        dialog.retarget(&Response::try_from(text).expect("a response").headers);
        assert_eq!(dialog.way().0.to_string(), "sip:b@pbx");
    }

    #[test]
    fn the_answer_to_an_invitation_of_ours_lists_its_routers_backwards() {
        let text = "SIP/2.0 200 OK\r\nRecord-Route: <sip:p2;lr>, <sip:p1;lr>\r\n\
            To: <sip:9@pbx>;tag=theirs\r\nCall-ID: c\r\nCSeq: 7 INVITE\r\n\r\n";
        let answer = Response::try_from(text).expect("a response");
        let sent = invite("");
        let known = of(&sent);
        let dialog = Dialog::of_answer(
            &sent,
            &answer,
            known.peer.clone(),
            known.via.clone(),
            known.contact.clone(),
        )
        .expect("a dialog");
        let (uri, routes) = dialog.way();
        assert_eq!(routes, ["<sip:p1;lr>", "<sip:p2;lr>"]);
        // It named no contact.
        assert_eq!(uri.to_string(), sent.uri.to_string());
        assert_eq!(dialog.seq, 7);
    }

    #[test]
    fn requests_belong_to_the_dialog_by_tag_and_in_their_order() {
        let mut dialog = of(&invite(""));
        assert!(dialog.is_theirs(&invite("")));
        assert!(!dialog.in_order(&invite("")));
        dialog.remote = "<sip:a@pbx>;tag=other".into();
        assert!(!dialog.is_theirs(&invite("")));
    }

    #[test]
    fn lr_is_found_in_the_uri_only() {
        assert!(is_loose("<sip:p;LR>"));
        assert!(is_loose("\"P\" <sip:p;transport=udp;lr=true>;x=y"));
        assert!(is_loose("<sip:p;lr?x=y>"));
        assert!(!is_loose("<sip:p;lrx>;lr"));
        assert!(!is_loose("<sip:lr@p>"));
    }
}
