//! Stories with a real Kamailio in front, and rtpengine in the way of the sound.

mod common;

use std::net::SocketAddr;

use model::audio::{AudioStream, Law};
use model::id::{LegId, LineId};
use model::pbx::{Connection, Fault, PbxAccount, Transport};
use model::secret::Secret;
use sip::{Event, LegEnd, Refusal};
use tokio::net::UdpSocket;

use common::proxy::Proxy;
use common::{PATIENCE, Service, account, contact, line, stream};

/// Somebody with a line at the proxy, and a socket for sound.
struct Party {
    service: Service,
    line: LineId,
    socket: UdpSocket,
}

impl Party {
    async fn at(proxy: &Proxy, user: &str, transport: Transport) -> Self {
        Self::with(account(user, proxy.address, transport)).await
    }

    async fn with(account: PbxAccount) -> Self {
        let (service, line) = (Service::start().await, line());
        service.endpoint.connect(line, contact(), account);
        let outcome = service.endpoint.await_outcome(line, PATIENCE).await;
        assert!(
            matches!(outcome, Connection::Registered { .. }),
            "{outcome:?}"
        );
        let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a socket");
        Self {
            service,
            line,
            socket,
        }
    }

    fn stream(&self) -> AudioStream {
        AudioStream {
            address: self.socket.local_addr().expect("an address"),
            ..stream()
        }
    }

    fn calls(&self, user: &str) -> LegId {
        self.service.endpoint.place(self.line, user, self.stream())
    }

    async fn called(&mut self) -> LegId {
        match self.service.call_event().await {
            Event::Incoming { leg, caller, .. } => {
                assert_eq!(caller.number.as_deref(), Some("101"));
                leg
            }
            other => panic!("no call but {other:?}"),
        }
    }

    /// Where the other side's sound is taken, once the call is answered.
    async fn answered(&mut self) -> SocketAddr {
        loop {
            match self.service.call_event().await {
                Event::Ringing { .. } => {}
                Event::Answered { audio, .. } => {
                    assert_eq!(audio.formats.first(), Some(&Law::A.into()));
                    return audio.address;
                }
                other => panic!("no answer but {other:?}"),
            }
        }
    }

    /// Waits for sound that consists of this byte, speaking meanwhile.
    async fn hears(&self, byte: u8, own: u8, relay: SocketAddr) {
        let mut ticks = tokio::time::interval(std::time::Duration::from_millis(20));
        let mut sequence = 0_u16;
        let heard = async {
            loop {
                let mut packet = [0; 2048];
                tokio::select! {
                    _ = ticks.tick() => {
                        let sent = self.socket.send_to(&sound(own, sequence), relay).await;
                        sent.expect("sent");
                        sequence += 1;
                    }
                    received = self.socket.recv_from(&mut packet) => {
                        let (length, from) = received.expect("received");
                        assert_eq!(from, relay, "sound comes from where it was described");
                        assert_eq!(length, 172);
                        assert!(packet[12..length].iter().all(|heard| *heard == byte));
                        return;
                    }
                }
            }
        };
        tokio::time::timeout(PATIENCE, heard)
            .await
            .expect("sound in time");
    }

    async fn ended(&mut self) -> LegEnd {
        loop {
            match self.service.call_event().await {
                Event::Ended { cause, .. } => return cause,
                Event::Ringing { .. } | Event::Changed { .. } => {}
                other => panic!("no end but {other:?}"),
            }
        }
    }
}

/// A packet with 20 ms of A-law.
fn sound(byte: u8, sequence: u16) -> Vec<u8> {
    let mut packet = vec![0x80, 8];
    packet.extend_from_slice(&sequence.to_be_bytes());
    packet.extend_from_slice(&(u32::from(sequence) * 160).to_be_bytes());
    packet.extend_from_slice(&u32::from(byte).to_be_bytes());
    packet.extend_from_slice(&[byte; 160]);
    packet
}

async fn a_call(transport: Transport, hung_up_by_caller: bool) {
    let proxy = Proxy::start();
    let mut caller = Party::at(&proxy, "101", Transport::Udp).await;
    let mut line = Party::at(&proxy, "200", transport).await;
    let placed = caller.calls("200");
    let leg = line.called().await;
    line.service.endpoint.ring(leg);
    line.service.endpoint.answer(leg, line.stream());
    let (at_line, at_caller) = (line.answered().await, caller.answered().await);
    // The relay stands between them.
    assert_ne!(at_line, caller.stream().address);
    assert_ne!(at_caller, line.stream().address);
    tokio::join!(
        line.hears(0xC1, 0xA2, at_line),
        caller.hears(0xA2, 0xC1, at_caller)
    );
    let (first, last) = match hung_up_by_caller {
        true => {
            caller.service.endpoint.hang_up(placed);
            (caller.ended().await, line.ended().await)
        }
        false => {
            line.service.endpoint.hang_up(leg);
            (line.ended().await, caller.ended().await)
        }
    };
    assert_eq!((first, last), (LegEnd::Released, LegEnd::HungUp));
}

#[tokio::test(flavor = "multi_thread")]
async fn both_sides_hear_each_other_through_the_relay() {
    a_call(Transport::Udp, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_over_tcp_is_called_and_hangs_up() {
    a_call(Transport::Tcp, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_whose_server_has_no_address_registers_through_its_proxy() {
    let proxy = Proxy::start();
    let account = PbxAccount {
        server: "pbx.example".into(),
        port: None,
        proxy: Some(proxy.address.to_string()),
        ..account("200", proxy.address, Transport::Udp)
    };
    let mut line = Party::with(account).await;
    let mut caller = Party::at(&proxy, "101", Transport::Udp).await;
    caller.calls("200");
    let leg = line.called().await;
    line.service.endpoint.refuse(leg, Refusal::Busy);
    assert_eq!(line.ended().await, LegEnd::Released);
    assert_eq!(caller.ended().await, LegEnd::Refused { code: 486 });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_gives_up_while_it_rings() {
    let proxy = Proxy::start();
    let mut caller = Party::at(&proxy, "101", Transport::Udp).await;
    let mut line = Party::at(&proxy, "200", Transport::Udp).await;
    let placed = caller.calls("200");
    let leg = line.called().await;
    line.service.endpoint.ring(leg);
    let event = caller.service.call_event().await;
    assert_eq!(event, Event::Ringing { leg: placed });
    caller.service.endpoint.hang_up(placed);
    assert_eq!(caller.ended().await, LegEnd::Released);
    assert_eq!(line.ended().await, LegEnd::Cancelled);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_named() {
    let proxy = Proxy::start();
    let service = Service::start().await;
    let line = line();
    let wrong = PbxAccount {
        password: Secret::new("guessed"),
        ..account("200", proxy.address, Transport::Udp)
    };
    service.endpoint.connect(line, contact(), wrong);
    let outcome = service.endpoint.await_outcome(line, PATIENCE).await;
    let fault = Fault::WrongPassword;
    assert_eq!(outcome, Connection::Failed { fault });
}
