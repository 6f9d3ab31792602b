//! The product's own lines at the PBX: found again where it had forgotten
//! them, and over IPv6.

use std::net::SocketAddr;
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

/// How soon a PBX that returns has its line again: it takes 5 s (which simulated
/// time shows), and as long as a busy machine holds it up. By itself the line
/// would come after an hour.
const AGAIN: Duration = Duration::from_secs(40);

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

/// An address that nobody else is given while the PBX is away: of this
/// process alone, with a port lower than those that the system gives by itself.
fn own(port: u16) -> SocketAddr {
    let [_, high, middle, low] = std::process::id().to_be_bytes();
    SocketAddr::from(([127, 100 + high % 100, middle, low.max(1)], port))
}

/// What comes, and has to before anybody's patience ends.
async fn soon<T>(what: &str, comes: impl Future<Output = T>) -> T {
    tokio::time::timeout(SOON, comes).await.expect(what)
}

/// An endpoint there with one line at the PBX.
async fn registered(
    listen: &str,
    pbx: &Pbx,
    transport: Transport,
) -> (sip::Endpoint, mpsc::Receiver<sip::Event>) {
    let (tell, mut events) = mpsc::channel(100);
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
    let granted_s = 3600;
    // A busy machine may take more than one attempt.
    loop {
        if let Some(sip::Event::Line { connection, .. }) = soon("an event", events.recv()).await
            && connection == (Connection::Registered { granted_s })
        {
            return (endpoint, events);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_is_found_again_within_5_s_by_a_pbx_that_forgot_it() {
    for (transport, port) in [(Transport::Udp, 25_060), (Transport::Tcp, 25_061)] {
        let config = |listen| PbxConfig {
            tcp: true,
            ..PbxConfig::new(listen, extensions(1))
        };
        let pbx = Pbx::start(config(own(port))).await.expect("started");
        let address = pbx.address();
        let (endpoint, _events) = registered("127.0.0.1:0", &pbx, transport).await;
        // Away for a moment only: nothing that was sent went unanswered.
        soon("the PBX has stopped", pbx.stop()).await;
        let pbx = Pbx::start(config(address)).await.expect("started again");
        let since = Instant::now();
        pbx.await_registered("200", SOON).await.expect("registered");
        let took = since.elapsed();
        assert!(took <= AGAIN, "{transport:?}: {took:?}");
        soon("the end", endpoint.shutdown()).await;
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
            match soon("an event", events.recv())
                .await
                .expect("the endpoint runs")
            {
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
        let ended = tokio::time::timeout(SOON, call.ended()).await;
        let by = ended.map(|end| end.by).ok();
        let seen = call.events();
        assert_eq!(
            by,
            Some(EndedBy::Line),
            "{listen} {at} {transport:?}: {seen:?}"
        );
        soon("the end", endpoint.shutdown()).await;
        assert!(!pbx.registered("200"));
    }
}
