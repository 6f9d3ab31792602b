//! The product's own lines at the PBX: found again where it had forgotten
//! them, and over IPv6.

use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::time::{Duration, Instant};

use model::audio::{AudioStream, Direction, Law};
use model::id::LineId;
use model::pbx::{Connection, PbxAccount, Transport};
use model::secret::Secret;
use sim::audio::Sound;
use sim::pbx::{CallSpec, EndedBy, Extension, HangUp, Pbx, PbxConfig};
use tokio::sync::mpsc;
use uuid::Uuid;

/// Longer than anything awaited takes, even on a busy machine.
const SOON: Duration = Duration::from_secs(60);

/// How soon a PBX that returns has its line again.
const AGAIN: Duration = Duration::from_secs(5);

fn extensions(count: usize) -> Vec<Extension> {
    let extension = |n| Extension {
        user: format!("{}", 200 + n),
        password: Secret::new("secret"),
    };
    (0..count).map(extension).collect()
}

fn account(user: &str, server: SocketAddr, transport: Transport) -> PbxAccount {
    PbxAccount {
        user: user.into(),
        password: Secret::new("secret"),
        server: server.to_string(),
        proxy: None,
        auth_name: None,
        port: None,
        transport,
        interval_s: 3600,
        trust: model::pbx::Trust::default(),
        codecs: model::audio::Codec::ALL.to_vec(),
    }
}

/// A port that nobody else is given while the PBX is away: those that the
/// system gives by itself are higher.
fn free() -> SocketAddr {
    (21_000..30_000)
        .map(|n| SocketAddr::from(([127, 0, 0, 1], n)))
        .skip(usize::try_from(std::process::id() % 4000).expect("a number"))
        .find(|at| UdpSocket::bind(at).is_ok() && TcpListener::bind(at).is_ok())
        .expect("a free port")
}

/// An endpoint there with one line at the PBX.
async fn registered(
    listen: &str,
    pbx: &Pbx,
    transport: Transport,
) -> (sip::Endpoint, mpsc::Receiver<sip::Event>) {
    let (tell, events) = mpsc::channel(100);
    let config = sip::EndpointConfig {
        allowed: vec![
            "127.0.0.0/8".parse().expect("a network"),
            "::1".parse().expect("a network"),
        ],
        ..sip::EndpointConfig::at(listen.parse().expect("an address"))
    };
    let endpoint = sip::Endpoint::start(config, tell).await.expect("started");
    let line = LineId(Uuid::now_v7());
    let account = account("200", pbx.address(), transport);
    endpoint.connect(line, "0123456789abcdef".into(), account);
    let outcome = endpoint.await_outcome(line, SOON).await;
    assert_eq!(outcome, Connection::Registered { granted_s: 3600 });
    (endpoint, events)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_is_found_again_within_5_s_by_a_pbx_that_forgot_it() {
    for transport in [Transport::Udp, Transport::Tcp] {
        let config = |listen| PbxConfig {
            tcp: true,
            ..PbxConfig::new(listen, extensions(1))
        };
        let pbx = Pbx::start(config(free())).await.expect("started");
        let address = pbx.address();
        let (endpoint, _events) = registered("127.0.0.1:0", &pbx, transport).await;
        // Away for a moment only: nothing that was sent went unanswered.
        pbx.stop().await;
        let pbx = Pbx::start(config(address)).await.expect("started again");
        let since = Instant::now();
        pbx.await_registered("200", SOON).await.expect("registered");
        let took = since.elapsed();
        assert!(took <= AGAIN, "{transport:?}: {took:?}");
        endpoint.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_registers_and_is_called_over_ipv6_and_ipv4_alike() {
    for (listen, at, transport) in [
        ("[::1]:0", "[::1]:0", Transport::Udp),
        ("[::1]:0", "[::1]:0", Transport::Tcp),
        ("[::]:0", "[::1]:0", Transport::Udp),
        ("[::]:0", "127.0.0.1:0", Transport::Udp),
        ("[::]:0", "127.0.0.1:0", Transport::Tcp),
    ] {
        let pbx = Pbx::start(PbxConfig {
            tcp: true,
            forward_after: Duration::ZERO,
            ..PbxConfig::new(at.parse().expect("an address"), extensions(1))
        });
        let pbx = pbx.await.expect("started");
        let (endpoint, mut events) = registered(listen, &pbx, transport).await;
        let contact = pbx.contact("200").expect("a contact");
        let host = match pbx.address() {
            SocketAddr::V4(_) => "@127.0.0.1:",
            SocketAddr::V6(_) => "@[::1]:",
        };
        assert!(contact.contains(host), "{contact}");
        let call = pbx.call(CallSpec {
            caller_number: Some("+79261234567".into()),
            caller_name: None,
            dialled: "101".into(),
            to_extension: "200".into(),
            voice: Sound::new(&[]),
            speak_after: Duration::ZERO,
            hang_up: HangUp::Never,
            patience: SOON,
        });
        loop {
            let event = tokio::time::timeout(SOON, events.recv()).await;
            match event.expect("in time").expect("the endpoint runs") {
                sip::Event::Incoming { leg, audio, .. } => {
                    let audio = audio.expect("an offer");
                    assert_eq!(audio.address.ip(), pbx.address().ip());
                    endpoint.ring(leg);
                    let local = AudioStream {
                        address: (pbx.address().ip(), 49_170).into(),
                        formats: vec![Law::A.into()],
                        dtmf: None,
                        direction: Direction::SendRecv,
                        keys: None,
                    };
                    endpoint.answer(leg, local);
                }
                sip::Event::Answered { leg, .. } => {
                    endpoint.hang_up(leg);
                    break;
                }
                _ => {}
            }
        }
        assert_eq!(call.ended().await.by, EndedBy::Line, "{listen} {at}");
        endpoint.shutdown().await;
        assert!(!pbx.registered("200"));
    }
}
