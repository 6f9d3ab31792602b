//! The PBX's registrar, against clients of another make.

use std::time::Duration;

use model::secret::Secret;
use rsipstack::sip::StatusCode;
use rsipstack::sip::prelude::HeadersExt;
use sha2::{Digest, Sha256};
use sim::pbx::{Challenge, Extension, Pbx, PbxConfig, PbxError};
use tokio::net::UdpSocket;
use tokio::time::timeout;

#[allow(dead_code)]
mod support;

use support::{CONTACT, Line, SOON};

fn config() -> PbxConfig {
    let extension = Extension {
        user: "200".into(),
        password: Secret::new("secret"),
    };
    let any = "127.0.0.1:0".parse().expect("an address");
    PbxConfig::new(any, vec![extension])
}

#[tokio::test]
async fn an_extension_registers_and_leaves() {
    let pbx = Pbx::start(config()).await.expect("started");
    let line = Line::start().await;
    let server = format!("sip:{}", pbx.address());
    assert!(!pbx.registered("200"));
    assert!(matches!(
        pbx.await_registered("200", Duration::ZERO).await,
        Err(PbxError::NotRegistered)
    ));
    let answer = line.register(&server, "200", "secret", 60).await;
    assert_eq!(answer.status_code, StatusCode::OK);
    let contacts = answer.typed_contact_headers().expect("contacts");
    assert_eq!(contacts[0].expires(), Some(60));
    pbx.await_registered("200", SOON).await.expect("registered");
    assert!(pbx.contact("200").expect("a contact").contains(CONTACT));
    let answer = line.register(&server, "200", "secret", 0).await;
    assert_eq!(answer.status_code, StatusCode::OK);
    assert!(pbx.await_unregistered("200", SOON).await);
    assert!(!pbx.registered("200"));
}

#[tokio::test]
async fn an_extension_registers_over_tcp() {
    let tcp = PbxConfig {
        tcp: true,
        ..config()
    };
    let pbx = Pbx::start(tcp).await.expect("started");
    let line = Line::start().await;
    let server = format!("sip:{};transport=tcp", pbx.address());
    let answer = line.register(&server, "200", "secret", 60).await;
    assert_eq!(answer.status_code, StatusCode::OK);
    assert!(pbx.registered("200"));
}

#[tokio::test]
async fn what_is_wrong_is_refused_with_its_code() {
    let strict = PbxConfig {
        expires_min_s: 120,
        expires_max_s: 300,
        ..config()
    };
    let pbx = Pbx::start(strict).await.expect("started");
    let line = Line::start().await;
    let server = format!("sip:{}", pbx.address());
    let refused = line.register(&server, "200", "wrong", 200).await;
    assert_eq!(refused.status_code, StatusCode::Unauthorized);
    let refused = line.register(&server, "999", "secret", 200).await;
    assert_eq!(refused.status_code, StatusCode::NotFound);
    let refused = line.register(&server, "200", "secret", 60).await;
    assert_eq!(refused.status_code, StatusCode::IntervalTooBrief);
    let least = refused.min_expires_header().expect("a header");
    assert_eq!(least.value(), "120");
    assert!(!pbx.registered("200"));
    let answer = line.register(&server, "200", "secret", 3600).await;
    let contacts = answer.typed_contact_headers().expect("contacts");
    assert_eq!(contacts[0].expires(), Some(300));
}

#[tokio::test]
async fn what_is_not_renewed_is_forgotten() {
    let pbx = Pbx::start(config()).await.expect("started");
    let line = Line::start().await;
    let server = format!("sip:{}", pbx.address());
    line.register(&server, "200", "secret", 1).await;
    assert!(pbx.registered("200"));
    assert!(pbx.await_unregistered("200", SOON).await);
}

#[tokio::test]
async fn a_pbx_comes_back_at_its_address_and_knows_nobody() {
    let pbx = Pbx::start(config()).await.expect("started");
    let line = Line::start().await;
    let address = pbx.address();
    let server = format!("sip:{address}");
    line.register(&server, "200", "secret", 60).await;
    pbx.stop().await;
    let again = PbxConfig {
        listen: address,
        ..config()
    };
    let pbx = Pbx::start(again).await.expect("started again");
    assert!(!pbx.registered("200"));
    let answer = line.register(&server, "200", "secret", 60).await;
    assert_eq!(answer.status_code, StatusCode::OK);
}

#[tokio::test]
async fn sha_256_is_asked_for_and_taken() {
    let strong = PbxConfig {
        challenge: Challenge::Sha256,
        ..config()
    };
    let pbx = Pbx::start(strong).await.expect("started");
    let socket = UdpSocket::bind("127.0.0.1:0").await.expect("bound");
    let local = socket.local_addr().expect("an address");
    let uri = format!("sip:{}", pbx.address());
    let ask = async |sequence: u32, more: &str| {
        let request = format!(
            "REGISTER {uri} SIP/2.0\r\nVia: SIP/2.0/UDP {local};branch=z9hG4bK{sequence}\r\n\
             From: <sip:200@romashka>;tag=1\r\nTo: <sip:200@romashka>\r\nCall-ID: 1\r\n\
             CSeq: {sequence} REGISTER\r\nContact: <sip:x@{local}>;expires=60\r\n{more}\
             Content-Length: 0\r\n\r\n"
        );
        (socket.send_to(request.as_bytes(), pbx.address()).await).expect("sent");
        let mut answer = vec![0; 2000];
        let came = timeout(SOON, socket.recv(&mut answer)).await;
        answer.truncate(came.expect("in time").expect("an answer"));
        String::from_utf8(answer).expect("text")
    };
    let challenge = ask(1, "").await;
    assert!(challenge.starts_with("SIP/2.0 401"), "{challenge}");
    assert!(challenge.contains("algorithm=SHA-256"), "{challenge}");
    let between = |before: &str| {
        let (_, rest) = challenge.split_once(before).expect(before);
        rest.split_once('"').expect("an end").0
    };
    let (realm, nonce) = (between("realm=\""), between("nonce=\""));
    let hash = |text: String| -> String {
        let hex = |byte: &u8| format!("{byte:02x}");
        Sha256::digest(text).iter().map(hex).collect()
    };
    let secret = hash(format!("200:{realm}:secret"));
    let request = hash(format!("REGISTER:{uri}"));
    let response = hash(format!("{secret}:{nonce}:00000001:abc:auth:{request}"));
    let answer = ask(
        2,
        &format!(
            "Authorization: Digest username=\"200\", realm=\"{realm}\", nonce=\"{nonce}\", \
             uri=\"{uri}\", algorithm=SHA-256, qop=auth, nc=00000001, cnonce=\"abc\", \
             response=\"{response}\"\r\n"
        ),
    )
    .await;
    assert!(answer.starts_with("SIP/2.0 200"), "{answer}");
    assert!(pbx.registered("200"));
}
