//! Single questions to a PBX, beside the line's standing registration: the
//! same contact, so that a call which comes meanwhile comes here, under a
//! Call-ID of their own.

use std::net::SocketAddr;
use std::time::Duration;

use model::pbx::{Fault, Transport};
use rsipstack::sip::headers::untyped;
use rsipstack::sip::{Header, Method};
use tokio::net::{TcpStream, UdpSocket};

use super::words::{Knock, Registered};
use crate::core::Core;
use crate::digest::Challenge;
use crate::line::{Line, answer};
use crate::lookup::Server;
use crate::wire::{self, Head};

/// How long an answer to a knock is worth waiting for.
const KNOCK_WITHIN: Duration = Duration::from_secs(2);

/// What the doctor's own REGISTERs have in common.
#[derive(Clone, Debug)]
pub(super) struct Series {
    call_id: String,
    tag: String,
    seq: u32,
}

impl Series {
    pub(super) fn new() -> Self {
        let word = || uuid::Uuid::new_v4().simple().to_string();
        Self {
            call_id: word(),
            tag: word(),
            seq: 0,
        }
    }

    pub(super) fn next(&mut self) -> Self {
        self.seq += 1;
        self.clone()
    }
}

/// A REGISTER to send.
pub(super) struct Registering {
    pub(super) server: SocketAddr,
    pub(super) interval_s: u32,
    pub(super) logins: Vec<(Challenge, u32)>,
    pub(super) contact: bool,
}

pub(super) async fn register(
    core: &Core,
    line: &Line,
    series: Series,
    ask: Registering,
) -> Result<Registered, Fault> {
    let account = &line.account;
    let over = wire::transport(account.transport);
    let peer = wire::address(over, ask.server);
    let own = match account.transport {
        Transport::Tls => {
            let connection = line.way.connect(&peer).await?;
            let own = connection.get_addr().get_socketaddr();
            own.map_err(|_| Fault::ConnectionRefused)?
        }
        Transport::Udp | Transport::Tcp => core.advertised(ask.server.ip()),
    };
    let record = line.record().ok_or(Fault::NameNotResolved)?;
    let server = Server::parse(&account.server, account.port);
    let mut request = Head {
        method: Method::Register,
        uri: wire::uri(
            None,
            wire::host(&server, true).ok_or(Fault::NameNotResolved)?,
        ),
        via: wire::address(over, own),
        from: &format!("<{record}>;tag={}", series.tag),
        to: &format!("<{record}>"),
        call_id: &series.call_id,
        seq: series.seq,
        routes: &wire::proxy_route(account),
    }
    .request(&core.stack)
    .ok_or(Fault::NameNotResolved)?;
    if ask.contact {
        // Where the standing registration is seen behind a NAT, this one is too.
        let standing = line.contact_uri();
        let contact = standing.unwrap_or_else(|| wire::contact(&line.contact, own, over));
        let contact = untyped::Contact::new(format!("<{contact}>"));
        request.headers.push(Header::Contact(contact));
        request.headers.push(Header::Expires(ask.interval_s.into()));
    }
    wire::log_in(&mut request, account, &ask.logins);
    let response = wire::exchange(&line.way, request, &peer).await?;
    Ok(Registered {
        lists: wire::values(&response.headers, "contact").next().is_some(),
        answer: answer::read(&response, &line.contact),
    })
}

/// What is at the port. Over UDP the host itself says that nobody listens,
/// but only to a socket that is connected.
pub(super) async fn knock(server: SocketAddr, transport: Transport) -> Knock {
    let knocked = async {
        if transport != Transport::Udp {
            return TcpStream::connect(server).await.map(|_| ());
        }
        let any: SocketAddr = match server {
            SocketAddr::V4(_) => ([0, 0, 0, 0], 0).into(),
            SocketAddr::V6(_) => ([0; 16], 0).into(),
        };
        let socket = UdpSocket::bind(any).await?;
        socket.connect(server).await?;
        // A keep-alive (RFC 5626, section 4.4.1): nobody has to answer it.
        socket.send(b"\r\n\r\n").await?;
        socket.recv(&mut [0; 64]).await.map(|_| ())
    };
    match tokio::time::timeout(KNOCK_WITHIN, knocked).await {
        Ok(Ok(())) => Knock::Open,
        Ok(Err(error)) if error.kind() == std::io::ErrorKind::ConnectionRefused => Knock::Closed,
        Ok(Err(_)) | Err(_) => Knock::Silent,
    }
}
