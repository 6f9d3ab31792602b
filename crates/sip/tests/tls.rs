//! Lines over TLS: whose certificate is taken, and what is said of the others.

mod common;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use common::{PATIENCE, account, contact, line};
use model::pbx::{CertificateFlaw, Connection, Fault, Fingerprint, Transport, Trust};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, PublicKeyData as _,
    SanType,
};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sip::{Endpoint, EndpointConfig};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

fn sha256(bytes: &[u8]) -> Fingerprint {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
    Fingerprint(digest.as_ref().try_into().expect("32 bytes"))
}

/// An authority of the tests' own.
fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    CertifiedIssuer::self_signed(params, key).expect("an authority")
}

/// What stands in a PBX's certificate.
struct Paper {
    certificate: CertificateDer<'static>,
    key: KeyPair,
}

fn paper(by: &CertifiedIssuer<'static, KeyPair>, change: impl Fn(&mut CertificateParams)) -> Paper {
    let mut params = CertificateParams::default();
    params.subject_alt_names = vec![SanType::IpAddress(HERE)];
    change(&mut params);
    let key = KeyPair::generate().expect("a key");
    let certificate = params.signed_by(&key, by).expect("a certificate");
    Paper {
        certificate: certificate.der().clone(),
        key,
    }
}

/// A registrar that takes everybody over TLS.
async fn registrar(paper: Paper) -> SocketAddr {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let key = PrivateKeyDer::try_from(paper.key.serialize_der()).expect("a key");
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![paper.certificate], key)
        .expect("a configuration");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind((HERE, 0)).await.expect("a port");
    let at = listener.local_addr().expect("its address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                // One that does not trust us goes away.
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    return;
                };
                let mut came = String::new();
                let mut bytes = [0; 4096];
                while let Ok(length @ 1..) = stream.read(&mut bytes).await {
                    came.push_str(&String::from_utf8_lossy(&bytes[..length]));
                    while let Some((request, rest)) = came.split_once("\r\n\r\n") {
                        let mut answer = "SIP/2.0 200 OK\r\n".to_owned();
                        for name in ["Via", "From", "To", "Call-ID", "CSeq", "Contact"] {
                            let value = request
                                .lines()
                                .find_map(|line| line.strip_prefix(&format!("{name}: ")));
                            let tag = if name == "To" { ";tag=pbx" } else { "" };
                            if let Some(value) = value {
                                answer += &format!("{name}: {value}{tag}\r\n");
                            }
                        }
                        answer += "Expires: 120\r\nContent-Length: 0\r\n\r\n";
                        came = rest.to_owned();
                        if stream.write_all(answer.as_bytes()).await.is_err() {
                            return;
                        }
                    }
                }
            });
        }
    });
    at
}

/// What a line with this trust comes to at the registrar.
async fn outcome(at: SocketAddr, trust: Trust) -> Connection {
    let (tell, _events) = mpsc::channel(100);
    let config = EndpointConfig {
        allowed: vec!["127.0.0.0/8".parse().expect("a network")],
        ..EndpointConfig::at((HERE, 0).into())
    };
    let endpoint = Endpoint::start(config, tell).await.expect("an endpoint");
    let line = line();
    let account = model::pbx::PbxAccount {
        trust,
        ..account("200", at, Transport::Tls)
    };
    endpoint.connect(line, contact(), account);
    let outcome = endpoint.await_outcome(line, PATIENCE).await;
    endpoint.shutdown().await;
    outcome
}

fn flaw(flaw: CertificateFlaw, seen: Option<Fingerprint>) -> Connection {
    Connection::Failed {
        fault: Fault::Certificate { flaw, seen },
    }
}

const REGISTERED: Connection = Connection::Registered { granted_s: 120 };

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_of_the_lines_own_authority_is_taken() {
    let own = authority();
    let trust = Trust::Authority {
        certificate: own.pem(),
    };
    let paper = paper(&own, |_| {});
    let seen = Some(sha256(&paper.certificate));
    let at = registrar(paper).await;
    assert_eq!(outcome(at, trust.clone()).await, REGISTERED);
    // Nobody else vouches for it.
    assert_eq!(
        outcome(at, Trust::Public).await,
        flaw(CertificateFlaw::Issuer, seen)
    );
    // One of the same name that was made anew, as PBXs do when they are set up again.
    let other = Trust::Authority {
        certificate: authority().pem(),
    };
    assert_eq!(
        outcome(at, other).await,
        flaw(CertificateFlaw::Issuer, seen)
    );
    let nonsense = Trust::Authority {
        certificate: "-----BEGIN".into(),
    };
    assert_eq!(
        outcome(at, nonsense).await,
        flaw(CertificateFlaw::Authority, None)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_flaw_of_a_certificate_is_told() {
    let own = authority();
    let trust = || Trust::Authority {
        certificate: own.pem(),
    };
    type Change = fn(&mut CertificateParams);
    let flawed: [(Change, CertificateFlaw); 3] = [
        (
            |params| params.not_after = rcgen::date_time_ymd(2020, 1, 1),
            CertificateFlaw::Expired,
        ),
        (
            |params| params.not_before = rcgen::date_time_ymd(2090, 1, 1),
            CertificateFlaw::NotYetValid,
        ),
        (
            |params| {
                let other = Ipv4Addr::new(203, 0, 113, 7).into();
                params.subject_alt_names = vec![SanType::IpAddress(other)];
            },
            CertificateFlaw::Name,
        ),
    ];
    for (change, expected) in flawed {
        let paper = paper(&own, change);
        let seen = Some(sha256(&paper.certificate));
        let at = registrar(paper).await;
        assert_eq!(outcome(at, trust()).await, flaw(expected, seen));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pinned_certificate_is_taken_whatever_its_name_and_dates_are_and_no_other() {
    let own = authority();
    let odd = paper(&own, |params| {
        params.not_after = rcgen::date_time_ymd(2020, 1, 1);
        params.subject_alt_names = Vec::new();
    });
    let certificate = sha256(&odd.certificate);
    let key = sha256(&odd.key.subject_public_key_info());
    let at = registrar(odd).await;
    for sha256 in [certificate, key] {
        assert_eq!(outcome(at, Trust::Pinned { sha256 }).await, REGISTERED);
    }
    let wrong = Trust::Pinned {
        sha256: Fingerprint([7; 32]),
    };
    // What was seen is what would have to be pinned.
    assert_eq!(
        outcome(at, wrong).await,
        flaw(CertificateFlaw::Pin, Some(certificate))
    );
}

/// As `openssl req -x509` makes it: it is an authority and nobody's, and its name is any.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_that_signed_itself_is_taken_where_it_is_given_or_pinned() {
    let made = || {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let made = params.self_signed(&key).expect("a certificate");
        let certificate = made.der().clone();
        (made.pem(), Paper { certificate, key })
    };
    let ((pem, paper), (other, _)) = (made(), made());
    let sha256 = sha256(&paper.certificate);
    let at = registrar(paper).await;
    let given = |certificate| Trust::Authority { certificate };
    assert_eq!(outcome(at, given(pem)).await, REGISTERED);
    assert_eq!(outcome(at, Trust::Pinned { sha256 }).await, REGISTERED);
    for trust in [given(other), Trust::Public] {
        let refused = outcome(at, trust).await;
        assert!(matches!(refused, Connection::Failed { .. }), "{refused:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lines_at_one_server_do_not_share_what_another_one_trusts() {
    let own = authority();
    let paper = paper(&own, |_| {});
    let seen = Some(sha256(&paper.certificate));
    let at = registrar(paper).await;
    let (tell, _events) = mpsc::channel(100);
    let config = EndpointConfig {
        allowed: vec!["127.0.0.0/8".parse().expect("a network")],
        ..EndpointConfig::at((HERE, 0).into())
    };
    let endpoint = Endpoint::start(config, tell).await.expect("an endpoint");
    let trusts = [
        Trust::Authority {
            certificate: own.pem(),
        },
        Trust::Public,
    ];
    let mut outcomes = Vec::new();
    for trust in trusts {
        let line = line();
        let account = model::pbx::PbxAccount {
            trust,
            ..account("200", at, Transport::Tls)
        };
        endpoint.connect(line, contact(), account);
        outcomes.push(endpoint.await_outcome(line, PATIENCE).await);
    }
    assert_eq!(outcomes, [REGISTERED, flaw(CertificateFlaw::Issuer, seen)]);
    let stopped = tokio::time::timeout(Duration::from_secs(10), endpoint.shutdown());
    stopped.await.expect("in time");
}
