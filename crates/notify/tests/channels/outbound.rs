//! Where requests go, and where they do not.

use std::io;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use model::event::{EventKind, HookAttempt};
use notify::{Outbound, OutboundSettings, Resolve};
use sim::web::Manner;
use sim::web::receiver::Receiver;
use store::WebhookDraft;

use crate::world::{PATIENCE, World};

fn loopback() -> OutboundSettings {
    OutboundSettings {
        allowed: vec!["127.0.0.0/8".parse().expect("a network")],
        ..OutboundSettings::default()
    }
}

/// Sends a test to the address, and gives how it went.
async fn tested(outbound: Outbound, url: &str, receiver: Option<&Receiver>) -> HookAttempt {
    let world = World::with(outbound).await;
    let firm = world.firm("Ромашка").await;
    let draft = WebhookDraft {
        url: url.into(),
        kinds: vec![EventKind::CallEnded],
        enabled: true,
    };
    let webhooks = world.store.webhooks();
    let made = webhooks
        .create(firm.company, &draft, Timestamp::now())
        .await;
    let (webhook, secret) = made.expect("a webhook");
    if let Some(receiver) = receiver {
        receiver.trust(secret.reveal());
    }
    let sent = world.hand().test(firm.company, webhook.id).await;
    sent.expect("an attempt")
}

#[tokio::test]
async fn a_certificate_has_to_be_trusted_and_of_the_host() {
    let receiver = Receiver::start_protected().await.expect("a receiver");
    let stranger = Outbound::new(loopback()).expect("settings");
    let refused = tested(stranger, &receiver.url(), Some(&receiver)).await;
    let error = refused.error.expect("no trust");
    assert!(error.starts_with("no protected connection"), "{error}");
    let trusting = || {
        let settings = OutboundSettings {
            trusted: receiver.certificate().into_iter().collect(),
            ..loopback()
        };
        Outbound::new(settings).expect("settings")
    };
    let taken = tested(trusting(), &receiver.url(), Some(&receiver)).await;
    assert_eq!((taken.error, taken.status), (None, Some(204)));
    assert_eq!(receiver.took()[0].kind, "webhook.test");
    // By its address it is the same server, but the certificate is of a name.
    let by_address = receiver.url().replace("localhost", "127.0.0.1");
    let refused = tested(trusting(), &by_address, Some(&receiver)).await;
    assert!(refused.error.is_some());
    assert_eq!(receiver.asked(), 1);
}

#[tokio::test]
async fn this_machine_and_its_network_are_not_reached() {
    let receiver = Receiver::start().await.expect("a receiver");
    let port = receiver.url().rsplit(':').next().map(str::to_owned);
    let port = port.and_then(|rest| rest.split('/').next().map(str::to_owned));
    let port = port.expect("a port");
    for host in [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "2130706433",
        "127.1",
        "0.0.0.0",
        "169.254.169.254",
        "10.0.0.1",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
    ] {
        let outbound = Outbound::new(OutboundSettings::default()).expect("settings");
        let url = format!("https://{host}:{port}/events");
        let error = tested(outbound, &url, None).await.error.expect(host);
        assert!(error.contains("must not be reached"), "{host}: {error}");
    }
    let outbound = Outbound::new(OutboundSettings::default()).expect("settings");
    let plain = tested(outbound, "http://1.1.1.1/", None).await.error;
    assert_eq!(plain.as_deref(), Some("only https:// is allowed here"));
    assert_eq!(receiver.asked(), 0);
}

/// Public the first time, this machine ever after.
struct Turncoat(AtomicUsize);

#[async_trait]
impl Resolve for Turncoat {
    async fn resolve(&self, _: &str) -> io::Result<Vec<IpAddr>> {
        let asked = self.0.fetch_add(1, Ordering::Relaxed);
        // TEST-NET is not public either: what is dialled is what was looked at.
        let ip = if asked == 0 { "192.0.2.1" } else { "127.0.0.1" };
        Ok(vec![ip.parse().expect("an address")])
    }
}

#[tokio::test]
async fn a_name_is_resolved_once_a_request() {
    let receiver = Receiver::start().await.expect("a receiver");
    let url = receiver.url().replace("127.0.0.1", "turncoat.example");
    let resolver = Box::new(Turncoat(AtomicUsize::new(0)));
    let outbound = Outbound::with(OutboundSettings::default(), resolver, PATIENCE);
    let outbound = outbound.expect("settings");
    let error = tested(outbound, &url, None).await.error.expect("refused");
    assert!(error.contains("must not be reached"), "{error}");
    assert_eq!(receiver.asked(), 0);
}

#[tokio::test]
async fn each_bad_answer_is_told_in_its_own_words() {
    for (manner, words) in [
        (Manner::Redirect, "redirections are not followed"),
        (Manner::Refuse(500), "the receiver answered 500"),
        (Manner::Babble, "it is not HTTP"),
        (Manner::CutShort, "no proper answer"),
        (Manner::Close, "no proper answer"),
        (Manner::Hang, "no answer within"),
    ] {
        let receiver = Receiver::start().await.expect("a receiver");
        receiver.behave(move |_| manner);
        let quick = Duration::from_millis(700);
        let resolver = Box::new(notify::SystemResolver);
        let outbound = Outbound::with(loopback(), resolver, quick).expect("settings");
        let attempt = tested(outbound, &receiver.url(), Some(&receiver)).await;
        let error = attempt.error.expect("an error");
        assert!(error.contains(words), "{manner:?}: {error}");
        assert!(receiver.took().is_empty());
    }
    let receiver = Receiver::start().await.expect("a receiver");
    receiver.behave(|_| Manner::TakeWithGarbage);
    let outbound = Outbound::new(loopback()).expect("settings");
    let attempt = tested(outbound, &receiver.url(), Some(&receiver)).await;
    assert_eq!(
        attempt.error, None,
        "what the body says is the receiver's own affair"
    );
}

#[tokio::test]
async fn nobody_at_home_is_told_as_such() {
    let outbound = Outbound::new(loopback()).expect("settings");
    let attempt = tested(outbound, "http://127.0.0.1:1/", None).await;
    let error = attempt.error.expect("an error");
    assert!(error.starts_with("no connection"), "{error}");
    let outbound = Outbound::new(loopback()).expect("settings");
    let attempt = tested(outbound, "https://nobody.invalid/", None).await;
    assert_eq!(
        attempt.error.as_deref(),
        Some("the name of the host is not known")
    );
}
