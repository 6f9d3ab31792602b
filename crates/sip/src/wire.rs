//! Requests of ours on their way: writing them in the stack's terms, sending
//! them, and reading what comes back.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use model::pbx::{Fault, PbxAccount, Transport};
use rsipstack::sip::headers::untyped;
use rsipstack::sip::prelude::HeadersExt as _;
use rsipstack::sip::{
    Auth, Header, Headers, HostWithPort, Method, Param, Request, Response, Scheme, SipMessage, Uri,
    Version,
};
use rsipstack::transaction::endpoint::EndpointInnerRef;
use rsipstack::transaction::key::{TransactionKey, TransactionRole};
use rsipstack::transaction::{Transaction, make_via_branch};
use rsipstack::transport::{SipAddr, SipConnection};

use crate::connections::{Connections, Shown};
use crate::digest::{Challenge, Guarded, Login};
use crate::identity::percent_decode;
use crate::lookup::Server;
use crate::mark;
use crate::trace::Traces;

/// Methods that are served; the Allow header.
pub(crate) const ALLOW: &str = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, NOTIFY, PRACK";

/// How long a connection may take to open.
const CONNECT_WITHIN: Duration = Duration::from_secs(4);

/// How long one may take that a large request could do without: a call waits for it.
const CONNECT_LARGE_WITHIN: Duration = Duration::from_secs(1);

/// Longest request that travels by UDP where there is a choice, in bytes: the
/// way's largest packet is not known (RFC 3261, section 18.1.1).
const DATAGRAM_MAX: usize = 1300;

/// The stack's word for a transport.
pub(crate) fn transport(transport: Transport) -> rsipstack::sip::Transport {
    match transport {
        Transport::Udp => rsipstack::sip::Transport::Udp,
        Transport::Tcp => rsipstack::sip::Transport::Tcp,
        Transport::Tls => rsipstack::sip::Transport::Tls,
    }
}

/// An address of the stack.
pub(crate) fn address(kind: rsipstack::sip::Transport, address: SocketAddr) -> SipAddr {
    SipAddr {
        r#type: Some(kind),
        addr: address.into(),
    }
}

/// A URI of a user at a host.
pub(crate) fn uri(user: Option<&str>, host: impl Into<HostWithPort>) -> Uri {
    Uri {
        scheme: Some(Scheme::Sip),
        auth: user.map(|user| Auth {
            user: user.to_owned(),
            password: None,
        }),
        host_with_port: host.into(),
        ..Uri::default()
    }
}

/// The contact under which PBXs reach a line.
pub(crate) fn contact(token: &str, at: SocketAddr, over: rsipstack::sip::Transport) -> Uri {
    let mut uri = uri(Some(token), at);
    if over != rsipstack::sip::Transport::Udp {
        uri.params.push(Param::Transport(over));
    }
    uri
}

/// A URI out of a header's value. The stack writes escapes of the user part
/// itself, so they are undone here.
pub(crate) fn parse_uri(text: &str) -> Option<Uri> {
    let text = match (text.find('<'), text.rfind('>')) {
        (Some(start), Some(end)) if start < end => &text[start + 1..end],
        _ => text.split(';').next().unwrap_or(text),
    };
    let mut uri = rsipstack::sip::parse_uri(text).ok()?;
    if let Some(auth) = &mut uri.auth {
        auth.user = percent_decode(&auth.user);
    }
    Some(uri)
}

/// A host as it stands in a URI.
pub(crate) fn host(server: &Server, with_port: bool) -> Option<HostWithPort> {
    let mut host = HostWithPort::try_from(match server.host.contains(':') {
        true => format!("[{}]", server.host),
        false => server.host.clone(),
    })
    .ok()?;
    host.port = server.port.filter(|_| with_port).map(Into::into);
    Some(host)
}

/// What every request begins with.
pub(crate) struct Head<'a> {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    /// Where the response is to come.
    pub(crate) via: SipAddr,
    pub(crate) from: &'a str,
    pub(crate) to: &'a str,
    pub(crate) call_id: &'a str,
    pub(crate) seq: u32,
    pub(crate) routes: &'a [String],
}

impl Head<'_> {
    /// The request, still without a body.
    pub(crate) fn request(self, stack: &EndpointInnerRef) -> Option<Request> {
        let via = stack
            .get_via(Some(self.via), Some(make_via_branch()))
            .ok()?;
        let mut headers = Headers::default();
        headers.push(Header::Via(via.into()));
        for route in self.routes {
            headers.push(Header::Route(untyped::Route::new(route)));
        }
        headers.push(Header::MaxForwards(70.into()));
        headers.push(Header::From(untyped::From::new(self.from)));
        headers.push(Header::To(untyped::To::new(self.to)));
        headers.push(Header::CallId(untyped::CallId::new(self.call_id)));
        headers.push(Header::CSeq(untyped::CSeq::new(format!(
            "{} {}",
            self.seq, self.method
        ))));
        headers.push(Header::UserAgent(untyped::UserAgent::new(
            stack.user_agent.clone(),
        )));
        Some(Request {
            method: self.method,
            uri: self.uri,
            version: Version::V2,
            headers,
            body: Vec::new(),
        })
    }
}

/// The Route header for an account's proxy.
pub(crate) fn proxy_route(account: &PbxAccount) -> Vec<String> {
    let Some(proxy) = &account.proxy else {
        return Vec::new();
    };
    let Some(host) = host(&Server::parse(proxy, None), true) else {
        return Vec::new();
    };
    let mut proxy = uri(None, host);
    if account.transport != Transport::Udp {
        proxy
            .params
            .push(Param::Transport(transport(account.transport)));
    }
    proxy.params.push(Param::Lr);
    vec![format!("<{proxy}>")]
}

/// Puts the answers to challenges into a request.
pub(crate) fn log_in(request: &mut Request, account: &PbxAccount, logins: &[(Challenge, u32)]) {
    for (challenge, count) in logins {
        let login = Login {
            user: account.auth_name.as_deref().unwrap_or(&account.user),
            password: account.password.reveal(),
        };
        let cnonce = uuid::Uuid::new_v4().simple().to_string();
        let value = challenge.answer(
            &login,
            &Guarded {
                method: &request.method.to_string(),
                uri: &request.uri.to_string(),
                body: &request.body,
                cnonce: &cnonce,
                count: *count,
            },
        );
        request.headers.push(if challenge.proxy {
            Header::ProxyAuthorization(untyped::ProxyAuthorization::new(value))
        } else {
            Header::Authorization(untyped::Authorization::new(value))
        });
    }
}

/// The challenges of a response that can be answered.
pub(crate) fn challenges(response: &Response) -> Vec<Challenge> {
    response
        .headers
        .iter()
        .flat_map(|header| match header {
            Header::WwwAuthenticate(value) => Challenge::parse(value.value(), false),
            Header::ProxyAuthenticate(value) => Challenge::parse(value.value(), true),
            _ => Vec::new(),
        })
        .collect()
}

/// Values of a header, by its long name; the stack has read the short ones.
pub(crate) fn values<'a>(headers: &'a Headers, name: &'a str) -> impl Iterator<Item = &'a str> {
    headers
        .iter()
        .filter(move |header| header.name().eq_ignore_ascii_case(name))
        .map(|header| header.value())
}

/// The number at the beginning of a header.
pub(crate) fn number(headers: &Headers, name: &str) -> Option<u32> {
    let value = values(headers, name).next()?;
    let digits = value.trim().split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

/// The tag parameter of a From or To header.
pub(crate) fn tag(value: &str) -> Option<&str> {
    let parameters = &value[value.rfind('>').map_or(0, |at| at + 1)..];
    parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("tag")
            .then(|| value.trim())
    })
}

/// The address that a request was seen to come from, by its response's Via.
pub(crate) fn seen_as(response: &Response, sent_as: SocketAddr) -> Option<SocketAddr> {
    let via = response.via_header().ok()?.value();
    let via = via.split(',').next()?;
    let parameter = |name: &str| {
        via.split(';').find_map(|p| {
            let (n, value) = p.split_once('=')?;
            n.trim().eq_ignore_ascii_case(name).then(|| value.trim())
        })
    };
    let ip = parameter("received")
        .and_then(|ip| ip.trim_matches(['[', ']']).parse().ok())
        .unwrap_or(sent_as.ip());
    let port = parameter("rport")
        .and_then(|port| port.parse().ok())
        .unwrap_or(sent_as.port());
    Some(SocketAddr::new(ip, port)).filter(|seen| *seen != sent_as)
}

/// How requests of a line travel.
#[derive(Clone)]
pub(crate) struct Way {
    pub(crate) stack: EndpointInnerRef,
    /// Sees what goes by the stack's inspector.
    pub(crate) traces: Traces,
    /// The streams that lines share.
    pub(crate) connections: Arc<Connections>,
    /// Whom the connections of a line over TLS have to show themselves as.
    pub(crate) shown: Shown,
}

/// Prepares a request's transaction on a connection to `peer`; it is not sent yet.
pub(crate) async fn open(
    way: &Way,
    mut request: Request,
    peer: &SipAddr,
) -> Result<Transaction, Fault> {
    let peer = &way.carrier(&mut request, peer).await;
    let connection = way.connect(peer).await?;
    let stack = &way.stack;
    if let Ok(address) = peer.get_socketaddr() {
        mark::put(&mut request, address.ip());
    }
    let key = TransactionKey::from_request(&request, TransactionRole::Client)
        .map_err(|_| Fault::NoAnswer)?;
    let mut transaction = Transaction::new_client(key, request, stack.clone(), Some(connection));
    transaction.destination = Some(peer.clone());
    Ok(transaction)
}

impl Way {
    /// The connection to the peer; a new one where there is none.
    pub(crate) async fn connect(&self, peer: &SipAddr) -> Result<SipConnection, Fault> {
        let layer = &self.stack.transport_layer;
        let connect = async {
            if let Some((server, shown)) = self.stream(peer)? {
                return self.connections.connect(layer, server, shown).await;
            }
            let lookup = layer.lookup(peer, None).await;
            lookup
                .map(|(connection, _)| connection)
                .map_err(|_| Fault::ConnectionRefused)
        };
        let connected = tokio::time::timeout(CONNECT_WITHIN, connect).await;
        connected.unwrap_or(Err(Fault::NoAnswer))
    }

    /// Leaves the stream to a peer that does not answer by it.
    pub(crate) async fn abandon(&self, peer: &SipAddr) {
        if let Ok(Some((server, shown))) = self.stream(peer) {
            let layer = &self.stack.transport_layer;
            self.connections.abandon(layer, server, shown).await;
        }
    }

    /// How a request travels to the peer: one that is too large for a datagram
    /// by TCP where that is taken (RFC 3261, section 18.1.1), so that no router
    /// loses a part of it.
    pub(crate) async fn carrier(&self, request: &mut Request, peer: &SipAddr) -> SipAddr {
        let udp = peer.r#type == Some(rsipstack::sip::Transport::Udp);
        if !udp || request.to_string().len() + mark::LENGTH <= DATAGRAM_MAX {
            return peer.clone();
        }
        let Ok(server) = peer.get_socketaddr() else {
            return peer.clone();
        };
        if self.connections.refuses_tcp(server, Instant::now()) {
            return peer.clone();
        }
        let layer = &self.stack.transport_layer;
        let connect = self.connections.connect(layer, server, None);
        let connected = tokio::time::timeout(CONNECT_LARGE_WITHIN, connect).await;
        if !matches!(connected, Ok(Ok(_))) {
            self.connections.refused_tcp(server, Instant::now());
            return peer.clone();
        }
        for header in request.headers.iter_mut() {
            if let Header::Via(via) = header {
                let over_tcp = via.value().replacen("SIP/2.0/UDP", "SIP/2.0/TCP", 1);
                via.replace(over_tcp);
                break;
            }
        }
        address(rsipstack::sip::Transport::Tcp, server)
    }

    /// The server to reach by a stream, and what it has to show; none over UDP.
    fn stream(&self, peer: &SipAddr) -> Result<Option<(SocketAddr, Shown)>, Fault> {
        let shown = match peer.r#type {
            Some(rsipstack::sip::Transport::Tcp) => None,
            // Nobody but the line's own server is trusted without a word about whom.
            Some(rsipstack::sip::Transport::Tls) if self.shown.is_some() => self.shown.clone(),
            Some(rsipstack::sip::Transport::Tls) => return Err(Fault::ConnectionRefused),
            _ => return Ok(None),
        };
        let server = peer.get_socketaddr();
        let server = server.map_err(|_| Fault::ConnectionRefused)?;
        Ok(Some((server, shown)))
    }
}

/// A request that went by TCP because it is large, while nothing has come
/// back: dropped so, it leaves its server to be asked by UDP.
struct Unanswered<'a> {
    connections: &'a Connections,
    /// None once something came.
    server: Option<SocketAddr>,
}

impl Drop for Unanswered<'_> {
    fn drop(&mut self) {
        if let Some(server) = self.server {
            self.connections.refused_tcp(server, Instant::now());
        }
    }
}

/// Sends a request and waits for its final response.
pub(crate) async fn exchange(
    way: &Way,
    request: Request,
    peer: &SipAddr,
) -> Result<Response, Fault> {
    let mut transaction = open(way, request, peer).await?;
    let by = transaction.destination.as_ref();
    let changed = by.filter(|by| by.r#type != peer.r#type);
    let mut unanswered = Unanswered {
        connections: &way.connections,
        server: changed.and_then(|by| by.get_socketaddr().ok()),
    };
    transaction
        .send()
        .await
        .map_err(|_| Fault::ConnectionRefused)?;
    while let Some(message) = transaction.receive().await {
        let SipMessage::Response(response) = message else {
            continue;
        };
        unanswered.server = None;
        if response.status_code.code() >= 200 {
            return Ok(response);
        }
    }
    Err(Fault::NoAnswer)
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use rsipstack::sip::Response;

    use super::{parse_uri, seen_as, tag};

    #[test]
    fn an_escaped_user_is_not_escaped_twice() {
        let uri = parse_uri("\"x\" <sip:alice%40corp@10.0.0.1:5070;transport=tcp>;expires=5");
        assert_eq!(
            uri.map(|uri| uri.to_string()).as_deref(),
            Some("sip:alice%40corp@10.0.0.1:5070;transport=TCP")
        );
    }

    #[test]
    fn a_tag_is_found_behind_the_address_only() {
        assert_eq!(tag("\"a;tag=b\" <sip:x;tag=c@h>;x=y;Tag=d"), Some("d"));
        assert_eq!(tag("sip:x@h;tag=e"), Some("e"));
        assert_eq!(tag("<sip:x@h>"), None);
    }

    #[test]
    fn the_address_that_the_pbx_saw_is_read_from_via() {
        let sent: SocketAddr = "10.0.0.5:5060".parse().expect("address");
        let seen = |parameters: &str| {
            let text = format!(
                "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 10.0.0.5:5060;branch=z9hG4bK1{parameters}\r\n\r\n"
            );
            let response = Response::try_from(text.as_str()).expect("a response");
            seen_as(&response, sent)
        };
        assert_eq!(seen(""), None);
        assert_eq!(seen(";rport=5060;received=10.0.0.5"), None);
        assert_eq!(
            seen(";rport=62000;received=203.0.113.5"),
            "203.0.113.5:62000".parse().ok()
        );
    }
}
