//! Streams: what comes in by them passes the border too, and a stranger holds
//! a few of them at most.

use std::borrow::Cow;
use std::collections::HashMap;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rsipstack::sip::{SipMessage, Transport};
use rsipstack::transaction::endpoint::{EndpointInnerRef, TransportEventInspector};
use rsipstack::transport::tcp::TcpConnection;
use rsipstack::transport::{SipAddr, SipConnection, TransportEvent};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::border::{Border, Verdict, count};
use crate::connections::Connections;
use crate::known::Peers;
use crate::socket::lock;
use crate::trace::Traces;

/// Most connections at a time; a PBX needs one.
const CONNECTIONS_MAX: usize = 10_000;
/// Most of them that one address has where no line is registered.
const STRANGERS_MAX: usize = 8;

/// Connections that others opened, by their address.
#[derive(Default)]
pub(crate) struct Visitors(Mutex<HashMap<SocketAddr, CancellationToken>>);

impl Visitors {
    fn enter(&self, from: SocketAddr, known: bool, end: CancellationToken) -> bool {
        let mut visitors = lock(&self.0);
        // Those that ended without the stack's telling leave here.
        visitors.retain(|_, end| !end.is_cancelled());
        let of = |ip: IpAddr| visitors.keys().filter(|v| v.ip() == ip).count();
        let admitted = visitors.len() < CONNECTIONS_MAX && (known || of(from.ip()) < STRANGERS_MAX);
        if admitted {
            visitors.insert(from, end);
        }
        admitted
    }

    fn leave(&self, from: SocketAddr) {
        lock(&self.0).remove(&from);
    }
}

/// Sees what the stack's streams bring before the stack does.
pub(crate) struct Gate {
    pub(crate) border: Arc<Border>,
    pub(crate) visitors: Arc<Visitors>,
    pub(crate) traces: Traces,
    /// Those that lines opened hear when one closed.
    pub(crate) connections: Arc<Connections>,
}

impl Gate {
    async fn pass(&self, event: TransportEvent) -> Option<TransportEvent> {
        match event {
            TransportEvent::Closed(connection) => {
                if let Some(peer) = connection.get_remote_addr()
                    && let Ok(from) = peer.get_socketaddr()
                {
                    self.visitors.leave(from);
                }
                self.connections.closed(&connection);
                Some(TransportEvent::Closed(connection))
            }
            // Datagrams passed the border before they were read.
            TransportEvent::Incoming(message, connection, from) if connection.is_reliable() => {
                let source = from.get_socketaddr().ok()?;
                let bytes = message.to_bytes();
                let message = match self.border.judge(Instant::now(), source, &bytes) {
                    Verdict::Pass(Cow::Borrowed(_)) => message,
                    Verdict::Pass(Cow::Owned(mended)) => SipMessage::try_from(mended).ok()?,
                    Verdict::Answer(answer) => {
                        self.traces.take_refused(source.ip(), &bytes, &answer);
                        if let Ok(answer) = SipMessage::try_from(answer) {
                            // Whoever reads nothing must not hold up the others.
                            tokio::spawn(async move { connection.send(answer, None).await });
                        }
                        return None;
                    }
                    Verdict::Drop(_) => return None,
                };
                Some(TransportEvent::Incoming(message, connection, from))
            }
            other => Some(other),
        }
    }
}

impl TransportEventInspector for Gate {
    // The trait is written with `async_trait`; this is what that makes of it.
    fn handle<'s, 'f>(
        &'s self,
        event: TransportEvent,
    ) -> Pin<Box<dyn Future<Output = Option<TransportEvent>> + Send + 'f>>
    where
        's: 'f,
        Self: 'f,
    {
        Box::pin(self.pass(event))
    }
}

/// Hands connections that arrive to the stack, until cancelled.
pub(crate) async fn accept(
    listener: TcpListener,
    stack: EndpointInnerRef,
    peers: Arc<Peers>,
    visitors: Arc<Visitors>,
    end: CancellationToken,
) {
    let Ok(local) = listener.local_addr() else {
        return;
    };
    let address = SipAddr {
        r#type: Some(Transport::Tcp),
        addr: local.into(),
    };
    loop {
        let accepted = tokio::select! {
            () = end.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, from)) = accepted else {
            // Out of descriptors: room appears when a connection ends.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let ends = end.child_token();
        if !visitors.enter(from, peers.contains(from.ip()), ends.clone()) {
            count("too_many");
            continue;
        }
        match TcpConnection::from_stream(stream, address.clone(), Some(ends)) {
            Ok(connection) => stack
                .transport_layer
                .add_connection(SipConnection::Tcp(connection)),
            Err(_) => visitors.leave(from),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use tokio_util::sync::CancellationToken;

    use super::{STRANGERS_MAX, Visitors};

    #[test]
    fn a_stranger_holds_few_connections_and_a_pbx_as_many_as_it_likes() {
        let visitors = Visitors::default();
        let from = |host: u8, port: u16| SocketAddr::from(([192, 0, 2, host], port));
        let enter =
            |host, port, known| visitors.enter(from(host, port), known, CancellationToken::new());
        let entered = (1..=100).filter(|port| enter(1, *port, false)).count();
        assert_eq!(entered, STRANGERS_MAX);
        assert!(enter(2, 1, false));
        assert_eq!((1..=100).filter(|port| enter(3, *port, true)).count(), 100);
        visitors.leave(from(1, 1));
        assert!(enter(1, 200, false));
        assert!(!enter(1, 201, false));
    }

    #[test]
    fn a_connection_that_was_ended_makes_room() {
        let visitors = Visitors::default();
        let end = CancellationToken::new();
        for port in 1..=8 {
            let from = SocketAddr::from(([192, 0, 2, 1], port));
            assert!(visitors.enter(from, false, end.clone()));
        }
        end.cancel();
        let from = SocketAddr::from(([192, 0, 2, 1], 9));
        assert!(visitors.enter(from, false, CancellationToken::new()));
    }
}
